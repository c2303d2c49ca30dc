package signaling

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// ErrTicket is returned by Redeem, wrapped or not, for a ticket that is unknown, used
// or expired. The page gets one answer for all three.
var ErrTicket = errors.New("ticket unknown, used or expired")

// Admission says whom a ticket seats where.
type Admission interface {
	// Redeem uses up a ticket. It is called at most once for each hello and from many
	// goroutines at once.
	Redeem(ctx context.Context, ticket string) (Seat, error)
}

// Seat is one person's place in one consultation, as booking and identity know it.
type Seat struct {
	Consultation protocol.Consultation // its ID by the rule of protocol.ValidID
	Participant  string                // stable over all this person's tickets for the consultation; protocol.ValidID
	Name         string
	Role         protocol.Role
	Title        string
	Organisation string              // empty for patients and relatives
	Identified   protocol.Identified // how, when the ticket was made
	// Recognise: a clinician is to recognise this person on the picture.
	Recognise bool
	// Session is the id of the session that the ticket was made in; not its secret. Who was
	// recognised is so in that session alone. May be empty.
	Session      string
	Beside       []protocol.Companion
	AdmitsItself bool // needs nobody to let it in: clinicians. A lock does not stop it
	Admitted     bool // was let in beforehand by someone who may
	May          []protocol.Permission

	// Patient is whom the consultation is about, by the id that Live knows them by; empty: nothing
	// is measured in it. The rest says under whose rights Live is asked. Pages get none of it.
	Patient string
	Person  string
	ActsFor string // id of the organisation; empty for patients and relatives
	ByLink  bool   // has come by a personal link, which is for this consultation alone
}

// may says whether the seat has a permission.
func (s Seat) may(p protocol.Permission) bool { return slices.Contains(s.May, p) }

// mayAny says whether one of the permissions is there.
func (s Seat) mayAny(among ...protocol.Permission) bool { return slices.ContainsFunc(among, s.may) }

// check refuses a seat that would break the protocol's own rules on its way to the pages.
func (s Seat) check() error {
	switch {
	case !protocol.ValidID(s.Consultation.ID):
		return fmt.Errorf("seat: consultation id %q is not an id", s.Consultation.ID)
	case !protocol.ValidID(s.Participant):
		return fmt.Errorf("seat: participant id %q is not an id", s.Participant)
	case s.Name == "":
		return fmt.Errorf("seat %s: no name", s.Participant)
	}
	if path, rule := protocol.CompanionsFault(s.Beside); rule != "" {
		return fmt.Errorf("seat %s: beside%s %s", s.Participant, path, rule)
	}
	return nil
}
