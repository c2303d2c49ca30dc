// Package audit is the record of who read, wrote and was refused what. Entries commit with
// the change that they tell of, unchained; a sealer chains what is committed and signs the
// head with a key that the database does not hold.
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
	Action  string           // an access.Action's name, or one of this package's
	Outcome Outcome          //
	By      access.Relations // by which relations it was allowed
	Patient access.PersonID  // whom it is about; empty where it is about no patient
	Object  string           // "kind/id" of what was read or changed, as in "consultation/4kq…"; no names
	// Reason is what the actor wrote, in an emergency. It is kept encrypted with the patient's key.
	Reason string
}

// Actions that are not in access's table: they come before or beside a right.
const (
	ActionSignIn      = "sign-in"
	ActionSignOut     = "sign-out"
	ActionChooseRole  = "choose-role"
	ActionLinkOpen    = "link.open"
	ActionCode        = "code"
	ActionTicket      = "ticket"
	ActionEnrol       = "enrol"
	ActionIdentified  = "identified" // a clinician has recognised someone
	ActionAdmitted    = "admitted"
	ActionRemoved     = "removed"
	ActionTokenIssued = "token" // to a machine
	ActionRestore     = "restore"
	ActionKeysRotated = "keys.rotate"
)

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
