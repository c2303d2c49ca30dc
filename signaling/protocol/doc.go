// Package protocol holds the messages between page and server, as types, and is their manual.
//
// # Connection
//
// A page opens one websocket at /api/v1/call, of the page's own origin. Each message is one
// text message with one JSON object, its name in "type" beside its fields. Names of fields
// are as written here, each stands there once, none is left out unless it says so, and lists
// are never null. The server refuses what it does not know; a page leaves out fields that
// it does not know, and may leave out messages that it does not know.
//
// The media goes beside it, in one PeerConnection for the whole call: one offer, in
// hello, with all lines the call will ever need, and one answer, in welcome. What is on
// which line is told by lines. There is no renegotiation, and no ICE candidate in a message:
// the server's are in its answer, and the page's are learnt from its checks (RFC 8445 §7.3.1.3).
//
// # Order
//
// hello comes first, within 10 s, and once; welcome answers it. Nothing else may be sent
// before welcome. From there on either side sends what it has, in any order. Messages of one
// page are carried out in their order; what they change is told to everyone in one order,
// the same for all. Nothing acknowledges a message but its effect: updated, chatted, locked,
// admitted, left, pong; or error, with the message's type in re.
//
// In the waiting room (welcome says presence "waiting") the transport is connected and
// nothing is forwarded either way. The page sees itself and who is in the call, not what
// they do; it may send ping, media, beside and leave. admitted ends the waiting: it holds
// the whole call, and media flows.
//
// # From the page
//
// hello takes a seat with a ticket, or takes it up again (see Resume). Another version than
// the server's is refused by the code version, whatever else the message holds.
//
//	{"type":"hello","version":1,"ticket":"Zk3vR0q1nqf8","offer":"v=0\r\n…","media":{"microphone":true,"camera":true,"second":""}}
//	{"type":"hello","version":1,"resume":{"token":"c-1.p-olav.mK9x","epoch":7},"media":{"microphone":true,"camera":true,"second":""}}
//
// ping asks for pong; received, which may be left out, is how many packets have come on the
// page's transport.
//
//	{"type":"ping","n":12,"received":48211}
//
// leave gives up the seat. The server answers with ended and closes with 4410.
//
//	{"type":"leave"}
//
// media tells all that the page sends from now on. A second picture needs the permission
// second. A page that was muted unmutes itself with it.
//
//	{"type":"media","media":{"microphone":true,"camera":true,"second":"camera"}}
//
// beside replaces the list of who is beside the writer, off camera: at most 6.
//
//	{"type":"beside","people":[{"name":"Inga Eik","role":"kone"}]}
//
// hand raises or lowers the writer's hand.
//
//	{"type":"hand","raised":true}
//
// chat writes to all in the call; needs the permission chat. The writer's chatted is the
// acknowledgement. A page that has had none sends the same again, with the same id: it is
// not shown twice.
//
//	{"type":"chat","id":"k7Qd2","text":"Eg hentar lampa no."}
//
// watch tells which picture the writer has made the large one; null: none. It is taken
// back by the server when that picture goes.
//
//	{"type":"watch","picture":{"participant":"p-mari","source":"second"}}
//	{"type":"watch","picture":null}
//
// want says how the page shows its video lines, in device pixels. A line that is not
// listed keeps its last wish.
//
//	{"type":"want","lines":[{"mid":"10","visible":true,"width":1280,"height":720,"chosen":true}]}
//
// point shows the others what the writer means: a kind of measurement, one of its values or a
// place in its curve (measurement is empty and at is 0 where there is none, and value may be
// left out); null: nothing any more. It is kept nowhere but for as long as the page is there:
// who comes in is told. A page that is loaded anew points at nothing. Needs the permission see.
//
//	{"type":"point","target":{"kind":"blood-pressure","measurement":"4KQ7","at":0}}
//	{"type":"point","target":{"kind":"weight","measurement":"","at":1795343460000,"value":71.2}}
//	{"type":"point","target":null}
//
// sample is what a device measures now, for a curve that runs: at most 4 a second. It is kept
// nowhere; what is to be kept is recorded over the API. Needs the permission measure.
//
//	{"type":"sample","kind":"oxygen-saturation","values":[95],"at":1795343460000}
//
// ask asks whoever is with the patient for a "measurement" of a kind, a "still" at the camera's
// full resolution, or "light"; wound is the id of the wound that the last two are for, and may be left
// out. Needs the permission ask; not-found where nobody hears it.
//
//	{"type":"ask","what":"measurement","kind":"temperature"}
//	{"type":"ask","what":"still","kind":"","wound":"W3KD"}
//
// hold tells in which part of the patient's own plan the writer writes, and is said again at
// least each 10 s for as long as they do; empty: in none any more. The text itself goes over the
// API, which keeps what comes at the same time. A part that another holds is refused with invalid
// until that one has been silent for 30 s. Needs the permission write-plan.
//
//	{"type":"hold","part":"green"}
//	{"type":"hold","part":""}
//
// draw brings a piece of a stroke while it is drawn: shape "line", "arrow" or "outline", colour "blue",
// "white" or "yellow", and the points that are new since the last piece, x and y by turns from 0 to 1 of
// the picture itself, however it stands on a page. done ends a stroke; gone takes it away, and with an
// empty stroke all of the writer's on that surface. The surface is a photo, or the picture that a
// participant sends. It is kept nowhere: what is to be kept of a photo is saved over the API. Needs the
// permission draw, and see-wounds for a photo.
//
//	{"type":"draw","surface":{"photo":"","participant":"p-mari","source":"second"},"stroke":"s1","shape":"line","colour":"blue",
//	 "points":[0.41,0.52,0.415,0.524],"done":false,"gone":false}
//	{"type":"draw","surface":{"photo":"7RX2","participant":"","source":""},"stroke":"","shape":"line","colour":"blue","points":[],"done":true,"gone":true}
//
// freeze stops a participant's picture on all pages, each where it is, or lets it go on. It is kept
// nowhere: who comes in sees it live. Needs the permission draw, but whose picture it is may always let it
// go on.
//
//	{"type":"freeze","participant":"p-mari","source":"second","frozen":true}
//
// show puts a photo large before all who may see wounds, until another is shown; empty: none any more.
// Needs the permission draw, and see-wounds for a photo.
//
//	{"type":"show","photo":"7RX2"}
//	{"type":"show","photo":""}
//
// admit lets someone in from the waiting room, and refuse turns them away; both need the
// permission admit. Who was admitted comes in without waiting from then on, also by a fresh
// ticket; who was refused may knock again.
//
//	{"type":"admit","participant":"p-olav"}
//	{"type":"refuse","participant":"p-olav"}
//
// confirm says that the writer recognises another who is in the call and shows a picture;
// needs the permission confirm. Those who may admit or confirm are told in updated. It holds
// for the session that the other has come by: who opens the link elsewhere is unknown again.
//
//	{"type":"confirm","participant":"p-olav"}
//
// mute switches off another's microphone, never on; needs the permission mute.
//
//	{"type":"mute","participant":"p-olav"}
//
// remove ends another's part in the call; needs the permission remove. They have to be
// admitted again, whoever they are.
//
//	{"type":"remove","participant":"p-olav"}
//
// lock stops newcomers, or opens again; needs the permission lock. Newcomers are those who
// would have to wait and do not wait yet: who was admitted, and who needs nobody to let
// them in, comes in all the same.
//
//	{"type":"lock","locked":true}
//
// end ends the call for all, for good; needs the permission end.
//
//	{"type":"end"}
//
// # From the server
//
// welcome answers hello: who the page is, what it may, how to resume, the answer to its
// offer (left out when there was none), and the call as far as it may see it. room.chat
// holds the latest 200 messages.
//
//	{"type":"welcome","version":1,"self":"p-olav","epoch":7,"resumeToken":"c-1.p-olav.mK9x","resumeWindow":60000,
//	 "presence":"waiting","may":["chat"],"answer":"v=0\r\n…","now":1795343465000,
//	 "consultation":{"id":"c-1","starts":1795343400000,"ends":1795345200000,"organisation":"Fjord sjukehus","phone":"+47 57 00 00 00","expected":[]},
//	 "room":{"participants":[],"lines":[],"chat":[],"speaking":[],"locked":false}}
//
// admitted tells a waiting page that it is in, and by whose hand.
//
//	{"type":"admitted","by":"Mari Bjørk","room":{"participants":[],"lines":[],"chat":[],"speaking":[],"locked":false}}
//
// joined tells of a participant whom the page did not know of, updated replaces what it
// knows of one (itself included), and left takes one away: "left", "removed", "refused", or
// "lost" when the resume window has passed. watching is left out when there is none.
// identified says how someone has shown who they are: "link", "link+code", "password+totp",
// "recognised" (then confirmed says by whom), or "demo". unconfirmed, which is left out when
// it is false, says that someone is to recognise them on the picture and nobody has yet. In
// the call those who may admit or confirm are told of these, and others nothing.
//
//	{"type":"joined","participant":{"id":"p-ragna","name":"Ragna Eik","role":"relative","title":"Dotter","organisation":"","identified":"",
//	 "beside":[],"presence":"here","media":{"microphone":true,"camera":true,"second":""},"hand":false,"quality":"good","since":1795343400000}}
//	{"type":"updated","participant":{"id":"p-ragna","name":"Ragna Eik","role":"relative","title":"Dotter","organisation":"","identified":"",
//	 "beside":[],"presence":"away","media":{"microphone":true,"camera":true,"second":""},"hand":true,
//	 "watching":{"participant":"p-mari","source":"second"},"quality":"lost","since":1795343400000}}
//	{"type":"updated","participant":{"id":"p-olav","name":"Olav Eik","role":"patient","title":"Pasient","organisation":"","identified":"recognised",
//	 "confirmed":{"by":"Mari Bjørk","at":1795343520000},"beside":[],"presence":"here",
//	 "media":{"microphone":true,"camera":true,"second":""},"hand":false,"quality":"good","since":1795343400000}}
//	{"type":"left","participant":"p-ragna","reason":"lost"}
//
// lines replaces the whole assignment of the page's receiving lines.
//
//	{"type":"lines","lines":[{"mid":"3","participant":"p-mari","source":"microphone"},{"mid":"10","participant":"p-mari","source":"camera"}]}
//
// speaking lists who speaks now, loudest first.
//
//	{"type":"speaking","participants":["p-mari","p-tuva"]}
//
// chatted is a chat message that is kept, to all in the call.
//
//	{"type":"chatted","message":{"id":"k7Qd2","from":"p-mari","name":"Mari Bjørk","text":"Eg hentar lampa no.","at":1795343460000}}
//
// measured brings values that are new or were corrected to those with the permission see, each
// as the API shows it to that reader. What came before it reads over the API.
//
//	{"type":"measured","measurements":[{"id":"4KQ7","version":1,"kind":"blood-pressure","values":[148,86],"status":"final",
//	 "measuredAt":1795343460000,"receivedAt":1795343460120,"method":"manual","device":"","by":"Mari Bjørk","role":"nurse","site":"","position":"","note":"",
//	 "zone":{"colour":"yellow","crossed":[{"component":"systolic","side":"over","limit":145,"by":0,"days":0}]}}]}
//
// limited tells the same that the patient's limits are others now, or that values may have been
// missed: all that is shown of them is to be read anew over the API, as it is after a welcome.
// version is that of the limits now; 0 where it is not known.
//
//	{"type":"limited","version":5}
//
// pointed tells those with the permission see what a participant points at, sampled what a
// device of theirs measures now. After welcome and admitted come the pointed of all who point
// at something; left ends what its participant has pointed at.
//
//	{"type":"pointed","participant":"p-tuva","target":{"kind":"blood-pressure","measurement":"4KQ7","at":0}}
//	{"type":"sampled","participant":"p-mari","kind":"oxygen-saturation","values":[95],"at":1795343460000}
//
// asked tells those with the permission measure what a participant asks for. wound is left out where
// none was named, and for who lacks the permission see-wounds.
//
//	{"type":"asked","participant":"p-tuva","name":"Tuva Ask","what":"measurement","kind":"temperature"}
//	{"type":"asked","participant":"p-tuva","name":"Tuva Ask","what":"still","kind":"","wound":"W3KD"}
//
// drawn is a participant's draw, told to all others in the call; of a photo to those with the permission
// see-wounds alone. left takes away all that its participant has drawn, and so does the next welcome.
//
//	{"type":"drawn","participant":"p-tuva","surface":{"photo":"","participant":"p-mari","source":"second"},"stroke":"s1","shape":"line",
//	 "colour":"blue","points":[0.41,0.52,0.415,0.524],"done":false,"gone":false}
//
// frozen tells all in the call that a picture is to be stopped, or to go on, and by whom.
//
//	{"type":"frozen","by":"p-tuva","participant":"p-mari","source":"second","frozen":true}
//
// shown tells those with the permission see-wounds which photo is to stand large, and who shows it; empty:
// none any more. After welcome and admitted comes the latest, if one is shown.
//
//	{"type":"shown","participant":"p-tuva","photo":"7RX2"}
//
// planned tells those with the permission read-plan that the patient's own plan has changed: it is
// to be read anew. held tells the same in which part of it a participant writes; after welcome
// and admitted come those of all who write, and left ends its participant's.
//
//	{"type":"planned","version":5}
//	{"type":"held","participant":"p-mari","part":"green"}
//
// photographed brings photos of wounds that are new or were changed to those with the permission
// see-wounds, each as it is now; the pictures are read over the API, and so is what came before.
// scale, area, longest and widest are null where they are not known. wounded tells the same that
// wounds or their assessments are others now, or that photos may have been missed: all that is shown
// of them is read anew, as it is after a welcome.
//
//	{"type":"photographed","photos":[{"id":"7RX2","version":1,"wound":"W3KD","status":"final","width":4032,"height":3024,"bytes":3145728,
//	 "takenAt":1795343460000,"receivedAt":1795343460900,"by":"Mari Bjørk","role":"nurse","askedBy":"Tuva Ask","consultation":"c-1",
//	 "pixelsPerCm":212.5,"scale":[0.1,0.9,0.36,0.9,5],"drawings":[{"id":"D1","shape":"arrow","colour":"blue","points":[0.4,0.4,0.5,0.5],
//	 "by":"Tuva Ask","role":"specialist","at":1795343520000,"note":""}],"area":null,"longest":null,"widest":null}]}
//	{"type":"wounded"}
//
// muted tells a page that its microphone was switched off by someone.
//
//	{"type":"muted","by":"Tuva Ask"}
//
// locked tells that the call was locked or opened.
//
//	{"type":"locked","locked":true,"by":"Tuva Ask"}
//
// send tells the page which simulcast layers of a source, in which codec, are of use now.
//
//	{"type":"send","source":"camera","rids":["q","h"],"codec":"VP8"}
//
// pong answers ping with the same number.
//
//	{"type":"pong","n":12}
//
// ended is the last message of a seat: "ended" for all, "removed", "refused", "left", or
// "replaced" when the seat was opened elsewhere. by is left out where nobody did it.
//
//	{"type":"ended","reason":"removed","by":"Tuva Ask"}
//
// closing tells that the server goes down: resume after so many milliseconds and up to as
// much again by chance.
//
//	{"type":"closing","retryAfter":1400}
//
// error tells that a message was refused. It changed nothing.
//
//	{"type":"error","code":"invalid","field":"people[0].name","rule":"must be 1–80 characters on one line","re":"beside","fatal":false}
//
// # Errors
//
// fatal says whether the connection is closed after it; before welcome it always is. code
// is stable, field is the path to what breaks the rule, rule is for developers. These leave
// the connection open:
//
//	invalid        a field breaks its rule
//	forbidden      the seat lacks the permission, or the writer still waits or is being removed
//	not-found      no such participant, picture or line, or nobody who hears an ask
//	rate           too many messages; fatal when it goes on
//	full           in answer to admit: 8 are in the call
//
// These close it:
//
//	malformed      not one JSON object with a type, not UTF-8, or not a text message
//	unknown-type   no message that a page may send
//	too-large      over the size limit
//	out-of-order   something before hello, hello twice, or no hello in 10 s
//	version        reload the page
//	ticket         unknown, used or expired: get a new one by the link
//	resume         token or epoch not known (any more): open the link again
//	offer-required the media transport is gone: resume with an offer
//	offer          the SDP can't be used
//	locked         the call is locked for newcomers
//	ended          the call was ended for all
//	full           in answer to hello: no room in the call, or in the waiting room
//	slow           the page does not read what it is sent
//	internal       ours
//
// # Close codes
//
//	4400  after a fatal error that is the page's fault; after offer-required resume with an offer
//	4403  ticket, resume, locked, full, removed, refused: don't reconnect by yourself
//	4409  the seat was taken by a newer connection: don't reconnect
//	4410  left, or ended for all: don't reconnect
//	4429  slow, or too many messages: resume after a while
//	4500  internal: resume after a while
//	4503  the server goes down: resume after closing.retryAfter
//
// Any other end (1006, a network that is away) is a lost connection: resume. What comes on a
// connection that the page has given up is to be ignored, its close code too.
//
// # Resume
//
// When a connection is lost the seat is kept for welcome.resumeWindow: the tile stays, and
// the media goes on if its transport lives. Others are told of presence "away" after 3 s, or
// when the media is lost too. hello with resume takes the seat up again, without an offer
// when the page's PeerConnection lives, with one when it is new, as after a reload. Resuming
// without an offer is refused with offer-required when the server has lost the transport;
// the token stays good. The same error, unasked, tells a page whose transport has failed.
//
// Every welcome gives a new token and a higher epoch. The one before is good until the page
// has sent anything after the welcome, since that may have been lost on its way; a page does
// well to send ping at once. The newer connection wins, and the older gets ended "replaced".
// After leave, removed, refused and the resume window a token is void.
//
// Everything that a page may have missed is in welcome.room; nothing is sent twice.
//
// # Limits
//
//	hello                      262144 bytes
//	any other message          16384 bytes
//	all but samples and draws  20 a second, 60 at once
//	chat messages              2 a second, 10 at once
//	numbers                    whole, at most 53 bits; values are decimal numbers
//	samples                    4 a second, 20 at once
//	draws                      20 a second, 60 at once
//	points in a draw           200 numbers, from 0 to 1
//	a part of the plan         the same form; held for 30 s after it was said last
//	a kind of measurement      40 small letters, digits and hyphens; 1 to 4 values
//	a character                is a Unicode code point; names and roles hold no control
//	                           characters, chat none but line ends and tabs
//	names, roles               80 characters
//	companions                 6
//	chat text                  2000 characters
//	ids                        64 characters of [A-Za-z0-9_-]
//	tickets, tokens            256 characters of [A-Za-z0-9._~-]
//	lines in want              64, their mid 16 characters
//	a tile's side              16384 device pixels
//	silence                    15 s; a browser's answers to websocket pings count
//	participants               8 in the call, 8 in the waiting room
//	unread messages            256, or 1 MiB
//
// The examples in testdata, good and bad, are read by the tests of both sides.
package protocol
