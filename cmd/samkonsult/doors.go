package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// admission seats those whom the gate has given tickets, as scheduling knows their seats. It
// is signaling's Admission.
type admission struct {
	tickets interface {
		Redeem(ctx context.Context, ticket string) (identity.Ticket, error)
	}
	seats interface {
		Seat(ctx context.Context, by access.Actor, in scheduling.AppointmentID, participant scheduling.ParticipantID) (scheduling.Seat, error)
	}
	rights interface {
		May(ctx context.Context, by access.Actor, patient access.PersonID) (clinical.Rights, error)
	}
}

// Redeem uses a ticket up. One whose seat is gone or closed meanwhile opens nothing: the
// page asks for another, and is told why there is none.
func (a admission) Redeem(ctx context.Context, ticket string) (signaling.Seat, error) {
	t, err := a.tickets.Redeem(ctx, ticket)
	if errors.Is(err, identity.ErrTicket) {
		return signaling.Seat{}, signaling.ErrTicket
	}
	if err != nil {
		return signaling.Seat{}, err
	}
	by := access.Actor{Person: t.Person, Role: t.Role, Organisation: t.Organisation, Session: t.Session, Consultation: t.Consultation}
	s, err := a.seats.Seat(ctx, by, scheduling.AppointmentID(t.Consultation), scheduling.ParticipantID(t.Participant))
	if isRefusal(err) {
		return signaling.Seat{}, fmt.Errorf("%w: %w", signaling.ErrTicket, err)
	}
	if err != nil {
		return signaling.Seat{}, err
	}
	identified, known := identifiedBy[t.Method]
	if !known {
		return signaling.Seat{}, fmt.Errorf("nobody comes into a call by %q", t.Method)
	}
	seat := signaling.Seat{
		Consultation: httpapi.Consultation(s),
		Participant:  string(s.Me.ID),
		Name:         s.Me.Name,
		Role:         protocol.Role(s.Me.Role.String()),
		Title:        s.Me.Title,
		Organisation: s.Me.OrganisationName,
		Identified:   identified,
		// Who has signed in with a second factor needs nobody to know them by sight.
		Recognise:    s.Identification == scheduling.Recognised && identified != protocol.IdentifiedByPassword,
		Session:      t.Session,
		Beside:       companions(s.Me.Beside),
		AdmitsItself: s.AdmitsItself,
		May:          httpapi.Permissions(s.May),
		Patient:      string(s.Patient()),
		Person:       string(t.Person),
		ActsFor:      string(t.Organisation),
		// A second factor is an account's. All others have come by a link; in a demo, accounts too.
		ByLink: t.Method != identity.ByPasswordTOTP,
	}
	if seat.Patient == "" {
		return seat, nil
	}
	may, err := a.rights.May(ctx, reader(seat, t.Role), s.Patient())
	if err != nil {
		return signaling.Seat{}, err
	}
	seat.May = append(seat.May, httpapi.MeasuringPermissions(t.Role, may)...)
	return seat, nil
}

// reader is who reads, in the call, what is measured of its patient: the same as on their page, so
// that it is one look in the record.
func reader(s signaling.Seat, role access.Role) access.Actor {
	by := access.Actor{Person: access.PersonID(s.Person), Role: role, Organisation: access.OrganisationID(s.ActsFor), Session: s.Session}
	if s.ByLink {
		by.Consultation = s.Consultation.ID
	}
	return by
}

func isRefusal(err error) bool {
	if _, refused := errors.AsType[*access.Refused](err); refused {
		return true
	}
	_, closed := errors.AsType[*scheduling.ClosedError](err)
	return closed
}

// identifiedBy is how someone has shown who they are, in the call's words.
var identifiedBy = map[identity.Method]protocol.Identified{
	identity.ByLink:         protocol.IdentifiedByLink,
	identity.ByLinkCode:     protocol.IdentifiedByCode,
	identity.ByPasswordTOTP: protocol.IdentifiedByPassword,
	identity.ByDemo:         protocol.IdentifiedByDemo,
}

// permissions are what each role may do in a call.
func permissions(role access.Role) []protocol.Permission {
	return httpapi.Permissions(scheduling.MayInCall(role))
}

func companions(beside []scheduling.Companion) []protocol.Companion {
	out := make([]protocol.Companion, len(beside))
	for i, c := range beside {
		out[i] = protocol.Companion(c)
	}
	return out
}
