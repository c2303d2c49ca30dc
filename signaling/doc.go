// Package signaling holds the live state of every call: who waits, who is in, what each
// sends and shows, the lock and the chat. Pages reach it over one websocket each; the
// messages and their manual are in package protocol, the media in package sfu.
//
// # What it knows
//
// Four interfaces, each given in Config. Admission turns a ticket into a Seat: a person,
// their place in a consultation and what they may do there. Journal keeps what must
// outlive the call's process: admissions, who was recognised, lock, chat, the end; none is
// acknowledged to a page before the journal has it. Directory tells other nodes, and
// whoever asks, which consultation lives here and who is in it; it never holds content.
// Media is package sfu behind an interface, so that the rules here can be tested without it.
// Live is what is measured of the patient: Happened brings ids, and Live is asked for each
// seat what it may be told of them. Pointing, curves of devices and what is asked for pass
// from page to page and are kept nowhere.
//
// # Who runs what
//
// Server.Run owns everything and ends when all of it has ended.
//
//   - One loop per consultation owns all its state (consultation.go and what is beside
//     it). It never waits: not for a page, the journal, the directory or the media.
//   - Each connection has a reader, which is the request's own goroutine, and a writer.
//     The reader decodes, limits the rate, hands one message at a time to the loop and
//     waits until it is done with; what takes time for one page (redeeming its ticket,
//     answering its offer) runs in that page's reader.
//   - The writer empties a bounded outbox. A page that does not read fills it, and its
//     connection is closed as a slow consumer; nothing is left out in silence. It can
//     resume, and a resumed page is told everything anew.
//   - Three workers per consultation write to the journal and to the directory, and ask Live,
//     each in order.
//
// A consultation that has been empty for the resume window is put away; the journal
// brings it back as it was.
package signaling
