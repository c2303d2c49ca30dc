package identity

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// LinkKind is what a personal link opens.
type LinkKind string

// The kinds.
const (
	SeatLink  LinkKind = "seat"  // one's place in a consultation
	EnrolLink LinkKind = "enrol" // a new password and second factor, once
	DemoLink  LinkKind = "demo"  // an account without a password, in a demo only
)

// enrolLife is how long a link to enrol may be used.
const enrolLife = 24 * time.Hour

// Link is a personal link: a token of 128 bits that stands in an address's fragment, where no
// log and no referrer sees it. Of that only a hash is kept. It opens as often as one likes
// until it expires, is revoked or replaced; one to enrol opens until it has been used.
//
// A seat's token is derived from a key and the link's id, so that a reminder can carry the
// link that was sent before; the keys are not where the ids are. Others are random.
type Link struct {
	ID           string
	Kind         LinkKind
	Person       access.PersonID
	Role         access.Role           // acted as; of seats
	Organisation access.OrganisationID // acted for; of seats; empty for patients and others
	Assignment   string                // acted by; of a demo
	Consultation string                // of seats
	Participant  string                // of seats
	Code         bool                  // a one-time code is asked for as well
	Owner        access.OrganisationID // who has sent it: whom to ring about it
	Made         time.Time
	Expires      time.Time
	Revoked      time.Time // zero: not; else also used up or replaced
	// Generation is that of the key which the token is derived from; 0: it was random, and
	// can't be sent again.
	Generation uint32
}

// ErrRevoked says that somebody has revoked the link to a seat, and has not replaced it.
var ErrRevoked = errors.New("the link to the seat was revoked")

// LogValue shows no more than the id.
func (l Link) LogValue() slog.Value { return slog.StringValue(l.ID) }

// Object is the link in the audit record.
func (l Link) object() string { return "link/" + l.ID }

// actor is who opens it, before there is a session.
func (l Link) actor() access.Actor {
	return access.Actor{Person: l.Person, Role: l.Role, Organisation: l.Organisation, Consultation: l.Consultation}
}

// onlyInDemo says whether it opens without the two factors that staff sign in with. A store
// that a demo has used may hold such links.
func (l Link) onlyInDemo() bool { return l.Kind == DemoLink || l.Kind == SeatLink && l.Role.Staff() }

// closed says why a link opens nothing; empty: it does.
func (l Link) closed(now time.Time) ClosedReason {
	switch {
	case !l.Revoked.IsZero():
		return LinkRevoked
	case !now.Before(l.Expires):
		return LinkExpired
	}
	return ""
}

// ClosedReason is why a link opens nothing.
type ClosedReason string

// The reasons.
const (
	LinkExpired ClosedReason = "expired"
	LinkRevoked ClosedReason = "revoked" // or replaced by a newer one, or used
)

// ClosedError is for a link that was a good one. Whoever has it may know whom to ring.
type ClosedError struct {
	Reason       ClosedReason
	Organisation string
	Phone        string
}

func (e *ClosedError) Error() string { return fmt.Sprintf("the link is %s", e.Reason) }

// Seat is a person's place in a consultation, as a personal link leads there.
type Seat struct {
	Consultation string
	Participant  string
	Person       access.PersonID
	Role         access.Role
	Organisation access.OrganisationID // acted for; empty for patients and others
	Owner        access.OrganisationID // who invites
	Patient      access.PersonID       // whom the consultation is about, who reads of what becomes of the link
	// Identification is the policy's: whether a one-time code is asked for as well.
	Identification Identification
	Starts         time.Time // the consultation
	Expires        time.Time // the link
}

// Sent says how something was sent, without telling the address.
type Sent struct {
	Channel notify.Channel
	Hint    string // the address's end
}

// reach finds the best way to a person: a telephone is at hand more often than a mailbox.
func reach(p Person) (notify.Channel, string, error) {
	switch {
	case p.Phone != "":
		return notify.SMS, p.Phone, nil
	case p.Email != "":
		return notify.Email, p.Email, nil
	}
	return "", "", &Invalid{Field: "phone", Rule: "the person has neither telephone nor e-mail to send to"}
}

// hint is the end of an address: enough to know one's own, too little to learn another's.
func hint(channel notify.Channel, address string) string {
	if channel == notify.Email {
		_, domain, _ := strings.Cut(address, "@")
		return "•••@" + domain
	}
	return "••• •• " + address[max(len(address)-3, 0):]
}

// LinkStore keeps links.
type LinkStore interface {
	// LinkByHash finds the link by any of its token's hashes. ErrNotFound.
	LinkByHash(ctx context.Context, hashes []Hash) (Link, error)
	// AddLink keeps a new link, and revokes the earlier ones of the same kind for the same
	// person and seat, with their sessions.
	AddLink(ctx context.Context, l Link, hash Hash, entries []audit.Entry, out []notify.Message) error
	// KeepLink returns the link to l's seat for l's person that stands and is of one of the
	// generations, with l's Code and no earlier end than l's; or keeps l where there is none.
	// ErrRevoked: one was revoked, and none has taken its place.
	KeepLink(ctx context.Context, l Link, hash Hash, generations []uint32) (Link, error)
	// RevokeLinks revokes the links to a seat, with their sessions. ErrNotFound where there was none.
	RevokeLinks(ctx context.Context, consultation, participant string, at time.Time, entries []audit.Entry, out []notify.Message) error
}
