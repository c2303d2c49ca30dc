// Package audit is the record of who read, wrote and was refused what.
//
// An entry commits with the change or the read that it tells of, and nothing in that
// transaction depends on any other: a chain made there would let one writer through at a
// time. A Sealer gives committed entries their places instead, chains their hashes (chain.go)
// and signs how far the chain has come (head.go) with a key that the database does not hold.
// Each signed head is also written to a file outside of the database (headsfile.go).
//
// Verify walks the record without holding up anyone. Whoever owns the database, and not the
// key and the file, can't do any of this unnoticed: change, delete, swap, move or put in a
// sealed entry; cut the end off; write the chain anew. Each is found, and located to the
// entry, or for a chain that was written anew to one round of the sealer.
//
// What it doesn't tell: an entry that was changed before it was sealed, which takes up to a
// second, and one that was put in together with its place in the queue, which is sealed like
// any other. Entries that wait too long are counted, for that leaves more time. Without the
// file, an end that was cut off together with its heads isn't noticed.
//
// Hashes are over what is stored. The reason that someone gave in an emergency is stored
// encrypted with the patient's key, so that the record is checked without any patient's key,
// and in the same way after a patient has been erased.
//
// Reader shows the record to patients, to who answers for data protection, and to other
// systems; reading it is an entry, too.
package audit

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Outcome is how it went.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused" // by the table of access
	Failed  Outcome = "failed"  // a wrong password or code, a used ticket, an edit that came late
)

// Entry is one thing that someone did or tried.
type Entry struct {
	ID      string // made by New: the time and 80 random bits, in 26 letters and digits that sort by time
	At      time.Time
	Actor   access.Actor
	Action  string           // one of Actions
	Outcome Outcome          //
	By      access.Relations // by which relations it was allowed
	Patient access.PersonID  // whom it is about; empty where it is about no patient
	Object  string           // "kind/id" of what was read or changed, as in "consultation/4kq…"; no names
	// Reason is what the actor wrote, in an emergency. It is kept encrypted with the patient's key.
	Reason string
}

// New makes an entry with an id of its own. Ids begin with the time, so that a database adds
// entries at the end of its indexes and not all over them.
func New(at time.Time, by access.Actor, action string, outcome Outcome) Entry {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16)
	_, _ = rand.Read(id[6:]) // never fails: it ends the program instead
	return Entry{ID: idText.EncodeToString(id[:]), At: at, Actor: by, Action: action, Outcome: outcome}
}

// idText sorts as the bytes do (RFC 4648 §7).
var idText = base32.HexEncoding.WithPadding(base32.NoPadding)
