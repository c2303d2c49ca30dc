package protocol

// Version of the protocol. A page that says another one in hello is told to reload.
const Version = 1

// Role is what a person is in this consultation. It decides what the page shows
// and which Permissions a seat gets; it never decides a right by itself.
type Role string

// The roles a seat can have.
const (
	RoleSpecialist  Role = "specialist"
	RoleNurse       Role = "nurse"
	RoleGP          Role = "gp"
	RolePatient     Role = "patient"
	RoleRelative    Role = "relative"
	RoleInterpreter Role = "interpreter"
)

// Permission is one thing that a seat may do in the call. What is not listed is refused.
type Permission string

// The permissions.
const (
	MayAdmit  Permission = "admit"  // let someone in from the waiting room, or turn them away
	MayMute   Permission = "mute"   // switch off another's sound; never on
	MayRemove Permission = "remove" // end another's part in the call
	MayLock   Permission = "lock"   // stop newcomers, and open again
	MayEnd    Permission = "end"    // end the call for all
	MaySecond Permission = "second" // send a second picture: wound camera or screen
	MayChat   Permission = "chat"   // write to all in the call
	// MayConfirm: say that one recognises someone on their picture.
	MayConfirm   Permission = "confirm"
	MaySee       Permission = "see"        // be sent what is measured of the patient, and point at it
	MayMeasure   Permission = "measure"    // record values, and send them live from a device
	MayReadPlan  Permission = "read-plan"  // be told of changes of the patient's own plan
	MayWritePlan Permission = "write-plan" // hold a part of it while one writes
	MaySeeWounds Permission = "see-wounds" // be told of wounds and photos, and be shown them
	MayDraw      Permission = "draw"       // draw on pictures for the others, stop them, and show photos
	MayAsk       Permission = "ask"        // ask whoever is with the patient for a value, a picture or light
)

// Source is one of the three things that a participant can send (RFC 7656 §2.1.2).
type Source string

// The sources.
const (
	Microphone Source = "microphone"
	Camera     Source = "camera"
	Second     Source = "second" // wound camera or screen
)

// SecondKind says what a second picture shows.
type SecondKind string

// The kinds of second picture. Empty means that there is none.
const (
	SecondNone   SecondKind = ""
	SecondCamera SecondKind = "camera"
	SecondScreen SecondKind = "screen"
)

// Presence says where a participant is.
type Presence string

// The presences, in the order in which a visit goes.
const (
	Waiting Presence = "waiting" // connected, in the waiting room; only those with MayAdmit see them
	Here    Presence = "here"    // in the call
	Away    Presence = "away"    // connection lost, the place is kept until the resume window has passed
)

// Identified says how a participant has shown who they are.
type Identified string

// The ways. Empty: the page is not told.
const (
	IdentifiedUntold     Identified = ""
	IdentifiedByLink     Identified = "link"          // has the personal link
	IdentifiedByCode     Identified = "link+code"     // and the one-time code that was sent to them
	IdentifiedByPassword Identified = "password+totp" // has an account, with a second factor
	IdentifiedRecognised Identified = "recognised"    // by a clinician, on the picture
	IdentifiedByDemo     Identified = "demo"          // has not: it is a demo
)

// Confirmation tells by whom and when someone was recognised.
type Confirmation struct {
	By string `json:"by"` // name, as it was then
	At int64  `json:"at"` // ms since 1970, UTC
}

// Companion is a person beside a participant, off their own camera.
type Companion struct {
	Name string `json:"name"` // 1–80 characters
	Role string `json:"role"` // in plain words: "kone", "dotter"; 0–80 characters
}

// Participant is what everyone in the call sees of one of them.
type Participant struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Role         Role   `json:"role"`
	Title        string `json:"title"`        // what stands under the name: "Overlege", "Sjukepleiar", "Dotter"
	Organisation string `json:"organisation"` // empty for patients and relatives
	// Identified, Confirmed and Unconfirmed are told in the call to those who may admit or confirm.
	Identified  Identified    `json:"identified"`
	Confirmed   *Confirmation `json:"confirmed,omitempty"`   // with IdentifiedRecognised
	Unconfirmed bool          `json:"unconfirmed,omitempty"` // someone is to recognise them on the picture, and nobody has
	Beside      []Companion   `json:"beside"`
	Presence    Presence      `json:"presence"`
	Media       MediaState    `json:"media"`
	Hand        bool          `json:"hand"`
	Watching    *Picture      `json:"watching,omitempty"` // the picture this participant has made the large one
	Quality     Quality       `json:"quality"`
	Since       int64         `json:"since"` // joined the waiting room or the call; ms since 1970, UTC
}

// MediaState is what a participant sends, by their own wish. Muted by another shows as Microphone false.
type MediaState struct {
	Microphone bool       `json:"microphone"`
	Camera     bool       `json:"camera"`
	Second     SecondKind `json:"second"`
}

// Picture names one picture in the call.
type Picture struct {
	Participant string `json:"participant"`
	Source      Source `json:"source"` // camera or second
}

// Quality is how well a participant's connection carries, as the server sees it.
type Quality string

// The qualities. Empty means not known yet.
const (
	QualityUnknown   Quality = ""
	QualityGood      Quality = "good"
	QualityPoor      Quality = "poor"       // loss or too little room: pictures are smaller
	QualityAudioOnly Quality = "audio-only" // sound is held, the picture waits
	QualityLost      Quality = "lost"       // nothing has come for 3 s
)

// Line says whose media is on one of the page's receiving lines.
// A line that is not listed carries nothing.
type Line struct {
	MID         string `json:"mid"` // a=mid of the line in the offer (RFC 8843)
	Participant string `json:"participant"`
	Source      Source `json:"source"`
}

// ChatMessage is one written line. It is health data: it stands in no log.
type ChatMessage struct {
	ID   string `json:"id"`   // given by the writer; a repeated one is not shown twice
	From string `json:"from"` // participant id
	Name string `json:"name"` // as it was when written
	Text string `json:"text"` // 1–2,000 characters
	At   int64  `json:"at"`   // ms since 1970, UTC
}

// Person is someone who is expected, whether or not they are here.
type Person struct {
	ID           string `json:"id"` // the participant id they will have
	Name         string `json:"name"`
	Role         Role   `json:"role"`
	Title        string `json:"title"`
	Organisation string `json:"organisation"`
}

// Consultation is what the call is, as everyone in it may see it. It says nothing about health.
type Consultation struct {
	ID           string   `json:"id"`
	Starts       int64    `json:"starts"` // ms since 1970, UTC
	Ends         int64    `json:"ends"`
	Organisation string   `json:"organisation"` // the one who invites
	Phone        string   `json:"phone"`        // whom to ring when something is wrong; empty: none
	Expected     []Person `json:"expected"`
}

// ---------------------------------------------------------------- from the page

// Hello is the first message on every connection: with a ticket, or to resume.
type Hello struct {
	Version int `json:"version"`
	// Ticket is single-use and lives 60 s. Exactly one of Ticket and Resume is given.
	Ticket string  `json:"ticket,omitempty"`
	Resume *Resume `json:"resume,omitempty"`
	// Offer is the SDP of the page's one PeerConnection (RFC 8829). Required with a
	// ticket. On resume it is left out when the old PeerConnection still lives.
	Offer string     `json:"offer,omitempty"`
	Media MediaState `json:"media"`
}

// Resume takes up a seat whose connection was lost, within the resume window of 60 s.
type Resume struct {
	Token string `json:"token"` // from Welcome; replaced at each one
	Epoch int64  `json:"epoch"` // of the Welcome that gave the token
}

// Admit lets someone in from the waiting room. Needs MayAdmit.
type Admit struct {
	Participant string `json:"participant"`
}

// Refuse turns someone in the waiting room away; their page says so and whom to ring. Needs MayAdmit.
type Refuse struct {
	Participant string `json:"participant"`
}

// Confirm tells that the writer recognises someone on their picture. Needs MayConfirm.
type Confirm struct {
	Participant string `json:"participant"`
}

// Remove ends another's part in the call. Needs MayRemove.
type Remove struct {
	Participant string `json:"participant"`
}

// Mute switches off another's microphone. They can switch it on themselves. Needs MayMute.
type Mute struct {
	Participant string `json:"participant"`
}

// Lock stops newcomers from reaching the waiting room, or opens again. Needs MayLock.
type Lock struct {
	Locked bool `json:"locked"`
}

// End ends the call for all. Needs MayEnd.
type End struct{}

// Leave gives up the seat: no resume, the tile goes. The server closes with CloseLeft.
type Leave struct{}

// Media tells what the page sends from now on.
type Media struct {
	Media MediaState `json:"media"`
}

// Hand raises or lowers the writer's hand.
type Hand struct {
	Raised bool `json:"raised"`
}

// Beside tells who is beside the writer, off camera. At most 6.
type Beside struct {
	People []Companion `json:"people"`
}

// Chat writes to all in the call. Needs MayChat.
type Chat struct {
	ID   string `json:"id"`   // 1–64 characters of [A-Za-z0-9_-], the writer's own, for retries
	Text string `json:"text"` // 1–2,000 characters
}

// Watch tells which picture the writer has made the large one; null: none.
type Watch struct {
	Picture *Picture `json:"picture"`
}

// Want says how the page shows its video lines. A line that is not listed keeps its last wish.
type Want struct {
	Lines []LineWish `json:"lines"`
}

// LineWish is the wish for one video line.
type LineWish struct {
	MID     string `json:"mid"`
	Visible bool   `json:"visible"` // false: nothing is sent on it
	Width   int    `json:"width"`   // of the tile, in device pixels
	Height  int    `json:"height"`
	Chosen  bool   `json:"chosen"` // the large picture: it gets its bits first
}

// Point shows the others in the call what the writer means: a kind, one of its values, or a
// place in its curve; null: nothing any more. It is kept nowhere. Needs MaySee.
type Point struct {
	Target *Target `json:"target"`
}

// Target is what someone points at.
type Target struct {
	Kind        string   `json:"kind"`            // "blood-pressure"
	Measurement string   `json:"measurement"`     // id of a value; empty: none
	At          int64    `json:"at"`              // place in the curve, ms since 1970, UTC; 0: none
	Value       *float64 `json:"value,omitempty"` // height in the curve; left out: none
}

// Sample is what a device measures now, for a curve that runs. It is kept nowhere: what is to be
// kept is recorded over the API. At most 4 a second. Needs MayMeasure.
type Sample struct {
	Kind   string    `json:"kind"`
	Values []float64 `json:"values"` // 1–4, in the kind's units
	At     int64     `json:"at"`     // by the page's clock, ms since 1970, UTC
}

// Ask asks whoever is with the patient for something. Needs MayAsk.
type Ask struct {
	What AskFor `json:"what"`
	Kind string `json:"kind"` // what is to be measured; empty for all else
	// Wound is id of the wound that a still or light is asked for; empty, or left out: none.
	Wound string `json:"wound,omitempty"`
}

// AskFor is what can be asked for.
type AskFor string

// What can be asked for.
const (
	AskMeasurement AskFor = "measurement"
	AskStill       AskFor = "still" // a picture at the camera's full resolution
	AskLight       AskFor = "light"
)

// Hold tells that the writer writes in a part of the patient's own plan: the others see it, and
// keep off. It is said again at least each 10 s for as long as they write. Empty: they write no
// more. Text itself goes over the API. Needs MayWritePlan. Another's hold that has been silent for
// HoldSilence is taken over; before that it is refused.
type Hold struct {
	Part string `json:"part"`
}

// Surface is what is drawn on: a photo, or else the picture that a participant sends, live or frozen.
type Surface struct {
	Photo       string `json:"photo"`       // id of a photo; empty: the picture of a participant
	Participant string `json:"participant"` // empty with a photo
	Source      string `json:"source"`      // Camera or Second; empty with a photo, which no Source is
}

// Draw brings a piece of a stroke while it is drawn: the points that are new since the last one. It is
// kept nowhere: what is to be kept of a photo is saved over the API. At most 20 a second, apart from
// all else. Needs MayDraw, and MaySeeWounds for a photo.
type Draw struct {
	Surface Surface   `json:"surface"`
	Stroke  string    `json:"stroke"` // the writer's own id of it; empty with Gone: all of theirs on that surface
	Shape   string    `json:"shape"`  // as in Drawing
	Colour  string    `json:"colour"` // as in Drawing
	Points  []float64 `json:"points"` // x and y by turns, from 0 to 1 of the picture itself, at most 200 numbers
	Done    bool      `json:"done"`   // no points come any more
	Gone    bool      `json:"gone"`   // the writer has taken it away
}

// Freeze stops the picture of a participant on all pages, each where it is, or lets it go on. It is kept
// nowhere: who comes in sees it live. Needs MayDraw; whose picture it is may let it go on too.
type Freeze struct {
	Participant string `json:"participant"`
	Source      Source `json:"source"` // Camera or Second
	Frozen      bool   `json:"frozen"`
}

// Show puts a photo large before all who may see wounds, until another is shown or none; empty: none any
// more. Who comes in is told of the latest. Needs MayDraw, and MaySeeWounds for a photo.
type Show struct {
	Photo string `json:"photo"`
}

// Ping asks for a Pong. A connection that says nothing for 15 s is taken as lost.
type Ping struct {
	N int64 `json:"n"` // returned as it is
	// Received is how many packets the page has received on its transport, so that
	// the server learns of a dead media path while the websocket lives.
	Received int64 `json:"received,omitempty"`
}

// ---------------------------------------------------------------- from the server

// Welcome answers Hello. Present is Here when the seat admits itself or was admitted before.
type Welcome struct {
	Version      int          `json:"version"`
	Self         string       `json:"self"` // participant id
	Epoch        int64        `json:"epoch"`
	ResumeToken  string       `json:"resumeToken"`
	ResumeWindow int64        `json:"resumeWindow"` // ms
	Presence     Presence     `json:"presence"`
	May          []Permission `json:"may"`
	// Answer is the SDP answer to the offer in Hello; empty when none was given.
	Answer       string       `json:"answer,omitempty"`
	Consultation Consultation `json:"consultation"`
	Now          int64        `json:"now"` // the server's clock, ms since 1970, UTC
	Room         Room         `json:"room"`
}

// Room is all that the page may see of the call right now. In the waiting room
// Participants holds only the page's own person and those already in the call (who they
// are, not what they send); Chat and Lines are empty.
type Room struct {
	Participants []Participant `json:"participants"`
	Lines        []Line        `json:"lines"`
	Chat         []ChatMessage `json:"chat"`
	Speaking     []string      `json:"speaking"`
	Locked       bool          `json:"locked"`
}

// Admitted tells a waiting page that it is in: media flows from here.
type Admitted struct {
	By   string `json:"by"` // name of who let them in
	Room Room   `json:"room"`
}

// Joined tells of a participant that was not in the list before: in the call, or,
// to those with MayAdmit, in the waiting room.
type Joined struct {
	Participant Participant `json:"participant"`
}

// Updated replaces what is known of a participant.
type Updated struct {
	Participant Participant `json:"participant"`
}

// Left tells that a participant is gone and their tile goes.
type Left struct {
	Participant string     `json:"participant"`
	Reason      LeftReason `json:"reason"`
}

// LeftReason says why someone is gone.
type LeftReason string

// The reasons.
const (
	LeftByThemselves LeftReason = "left"
	LeftRemoved      LeftReason = "removed"
	LeftRefused      LeftReason = "refused"
	LeftLost         LeftReason = "lost" // the resume window passed
)

// Lines replaces the whole line assignment of this page.
type Lines struct {
	Lines []Line `json:"lines"`
}

// Speaking lists who speaks now, loudest first (RFC 6464 levels).
type Speaking struct {
	Participants []string `json:"participants"`
}

// Chatted is a chat message that is in the journal. The writer gets it too: that is the acknowledgement.
type Chatted struct {
	Message ChatMessage `json:"message"`
}

// Muted tells a page that its microphone was switched off by someone else.
type Muted struct {
	By string `json:"by"` // name
}

// Locked tells that the call was locked or opened.
type Locked struct {
	Locked bool   `json:"locked"`
	By     string `json:"by"` // name
}

// Send tells the publisher which simulcast layers and which codec are of use right now.
// Layers that are not listed need not be encoded.
type Send struct {
	Source Source   `json:"source"`
	RIDs   []string `json:"rids"`  // of q, h, f (RFC 8851)
	Codec  string   `json:"codec"` // "VP8", "H264", "VP9", "AV1": what everyone present decodes
}

// Measured brings values that are new or were corrected, in the order in which they were kept,
// to those who may see them. What came before the page was in the call it reads over the API.
type Measured struct {
	Measurements []Measurement `json:"measurements"`
}

// Limited tells those who see what is measured that the patient's limits are others now, or
// that values may have been missed: all of it is read anew over the API. Version 0 is not known.
type Limited struct {
	Version int64 `json:"version"`
}

// Pointed tells what a participant points at; null: nothing any more.
type Pointed struct {
	Participant string  `json:"participant"`
	Target      *Target `json:"target"`
}

// Sampled is a Sample of a participant's.
type Sampled struct {
	Participant string    `json:"participant"`
	Kind        string    `json:"kind"`
	Values      []float64 `json:"values"`
	At          int64     `json:"at"`
}

// Planned tells those who may read the plan that it has another text, limits or approvals now: it
// is read anew over the API.
type Planned struct {
	Version int64 `json:"version"`
}

// Held tells the same in which part of the plan a participant writes; empty: in none any more.
type Held struct {
	Participant string `json:"participant"`
	Part        string `json:"part"`
}

// Photographed brings photos that are new or were changed, each as it is now, to those who may see
// wounds. What came before the page was in the call it reads over the API. Needs MaySeeWounds.
type Photographed struct {
	Photos []Photo `json:"photos"`
}

// Wounded tells the same that wounds or their assessments are others now, or that photos may have been
// missed: all of it is read anew over the API.
type Wounded struct{}

// Asked tells those who may measure what a participant asks for.
type Asked struct {
	Participant string `json:"participant"`
	Name        string `json:"name"`
	What        AskFor `json:"what"`
	Kind        string `json:"kind"`
	// Wound is left out where none was named, and for who may not see wounds.
	Wound string `json:"wound,omitempty"`
}

// Drawn is a Draw of a participant's: to all others in the call, and of a photo to those who may see wounds.
type Drawn struct {
	Participant string    `json:"participant"`
	Surface     Surface   `json:"surface"`
	Stroke      string    `json:"stroke"`
	Shape       string    `json:"shape"`
	Colour      string    `json:"colour"`
	Points      []float64 `json:"points"`
	Done        bool      `json:"done"`
	Gone        bool      `json:"gone"`
}

// Frozen tells all in the call, the writer too, that a picture was stopped or goes on.
type Frozen struct {
	By          string `json:"by"` // participant id of who did it
	Participant string `json:"participant"`
	Source      Source `json:"source"`
	Frozen      bool   `json:"frozen"`
}

// Shown tells those who may see wounds, the writer too, which photo stands large; empty: none any more.
type Shown struct {
	Participant string `json:"participant"` // who shows it
	Photo       string `json:"photo"`
}

// Pong answers Ping.
type Pong struct {
	N int64 `json:"n"`
}

// Ended is the last message of a seat: why the connection is about to be closed.
type Ended struct {
	Reason EndReason `json:"reason"`
	By     string    `json:"by,omitempty"` // name, where a person did it
}

// EndReason says why a seat has ended.
type EndReason string

// The reasons.
const (
	EndedForAll   EndReason = "ended"    // someone with MayEnd ended the call
	EndedRemoved  EndReason = "removed"  // this page was removed
	EndedRefused  EndReason = "refused"  // turned away in the waiting room
	EndedReplaced EndReason = "replaced" // the same seat was opened elsewhere
	EndedLeft     EndReason = "left"     // this page said leave
)

// Closing tells that the server goes down: reconnect after RetryAfter with the resume token.
type Closing struct {
	RetryAfter int64 `json:"retryAfter"` // ms; add up to as much again by chance
}

// Error tells that a message was refused; nothing was changed.
type Error struct {
	Code  Code   `json:"code"`
	Field string `json:"field,omitempty"` // which field of the message
	Rule  string `json:"rule"`            // in English, for developers; the page has its own words by code
	Re    string `json:"re,omitempty"`    // type of the message that was refused
	Fatal bool   `json:"fatal"`           // the connection is closed after this
}

// Code is a stable name of what was wrong.
type Code string

// The codes. Those marked fatal close the connection.
const (
	CodeMalformed     Code = "malformed"      // fatal: not JSON, or not an object with a type
	CodeUnknownType   Code = "unknown-type"   // fatal
	CodeTooLarge      Code = "too-large"      // fatal: over the size limit
	CodeInvalid       Code = "invalid"        // a field breaks its rule
	CodeOutOfOrder    Code = "out-of-order"   // fatal: something before hello, or hello twice
	CodeVersion       Code = "version"        // fatal: reload the page
	CodeTicket        Code = "ticket"         // fatal: unknown, used or expired; one answer for all three
	CodeResume        Code = "resume"         // fatal: token or epoch not known (any more): open the link again
	CodeOfferRequired Code = "offer-required" // fatal: the media transport is gone: resume again with an offer
	CodeOffer         Code = "offer"          // fatal: the SDP can't be used; Rule says why
	CodeForbidden     Code = "forbidden"      // the seat lacks the permission, or the writer still waits
	CodeNotFound      Code = "not-found"      // no such participant or line
	CodeLocked        Code = "locked"         // fatal: the call is locked
	CodeEnded         Code = "ended"          // fatal: the call was ended for all
	CodeFull          Code = "full"           // 8 are in the call, or 8 in the waiting room; fatal in answer to hello
	CodeRate          Code = "rate"           // too many messages; fatal when it goes on
	CodeSlow          Code = "slow"           // fatal: the page does not read what it is sent
	CodeInternal      Code = "internal"       // fatal: ours; the log has more
)

// Websocket close codes (RFC 6455 §7.4.2: 4000–4999 are for the application).
const (
	CloseProtocol = 4400 // after a fatal Error that is the page's fault
	CloseDenied   = 4403 // ticket, resume, locked, full, removed, refused: don't reconnect by yourself
	CloseReplaced = 4409 // the seat was taken by a newer connection: don't reconnect
	CloseLeft     = 4410 // left, or ended for all: don't reconnect
	CloseSlow     = 4429 // slow consumer or too many messages: resume after a while
	CloseInternal = 4500 // after the Error internal: resume after a while
	CloseGoing    = 4503 // the server goes down: resume after Closing.RetryAfter
)
