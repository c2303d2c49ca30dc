package scheduling

import (
	"context"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Seat is one person's place in a consultation, with all that they may see and do there.
type Seat struct {
	Appointment
	Me     Invited
	People []Invited    // everyone who is invited, themselves included
	Host   Organisation // who invites
	Opens  time.Time    // from when the waiting room takes people in
	Closes time.Time    // from when it does not
	// AdmitsItself: those who let others in need nobody to let them in.
	AdmitsItself bool
	May          []access.Action // in the call
}

// MayInCall is what the table lets a role do in a call that it has a seat in.
func MayInCall(role access.Role) []access.Action {
	var may []access.Action
	for _, action := range callActions {
		if access.Decide(role, action, access.Participant).Allowed {
			may = append(may, action)
		}
	}
	return may
}

// callActions are what it rules over there.
var callActions = []access.Action{
	access.CallAdmit, access.CallConfirm, access.CallMute, access.CallRemove, access.CallLock, access.CallEnd,
	access.CallSecond, access.CallChat,
}

// Open is the greeting: what the one who asks is invited to, and what they may do there. It
// may be asked for before the waiting room opens, while times are asked for, and of what was
// cancelled: who has a link to that is to read so. Errors: *access.Refused; ErrNoSeat for one
// who may read of it without being invited; *ClosedError when it is over.
func (s *Service) Open(ctx context.Context, by access.Actor, id AppointmentID) (Seat, error) {
	a, has, err := s.find(ctx, by, id)
	if err != nil {
		return Seat{}, err
	}
	opened, err := s.allow(ctx, by, access.ConsultationRead, has, a, object(id))
	if err != nil {
		return Seat{}, err
	}
	me, seated := a.seatOf(by)
	if !seated {
		return Seat{}, ErrNoSeat
	}
	if a.State != Cancelled && !a.State.Open() {
		if err := s.notOver(ctx, a); err != nil {
			return Seat{}, err
		}
	}
	return s.seat(ctx, by, access.ConsultationRead, opened, a, me)
}

// Join says which seat someone may take now. Errors: as Open's.
func (s *Service) Join(ctx context.Context, by access.Actor, id AppointmentID) (Participant, error) {
	a, has, err := s.find(ctx, by, id)
	if err != nil {
		return Participant{}, err
	}
	me, seated := a.seatOf(by)
	if !seated && access.Decide(by.Role, access.ConsultationRead, has).Allowed {
		return Participant{}, ErrNoSeat // they may know that it is there
	}
	if _, err := s.allow(ctx, by, access.ConsultationJoin, has, a, object(id)); err != nil {
		return Participant{}, err
	}
	if err := s.openNow(ctx, a); err != nil {
		return Participant{}, err
	}
	return me, nil
}

// Seat is the place that a ticket of someone's leads to. It is on record that they have
// come when it returns. Errors: as Open's.
func (s *Service) Seat(ctx context.Context, by access.Actor, id AppointmentID, participant ParticipantID) (Seat, error) {
	a, has, err := s.find(ctx, by, id)
	if err != nil {
		return Seat{}, err
	}
	me, seated := a.seatOf(by)
	if seated && me.ID != participant {
		has &^= access.Participant // the seat was given to another since the ticket was made
	}
	opened, err := s.allow(ctx, by, access.ConsultationJoin, has, a, object(id))
	if err != nil {
		return Seat{}, err
	}
	if err := s.openNow(ctx, a); err != nil {
		return Seat{}, err
	}
	return s.seat(ctx, by, access.ConsultationJoin, opened, a, me)
}

// Invitation is where a participant's personal link leads.
type Invitation struct {
	Appointment
	Participant Participant
	Closes      time.Time        // the link too
	By          access.Relations // how the one who asks stands to it
}

// Invitation finds one for someone who may replace or revoke its link (action). Nobody may
// by a link of their own: a link that is found or lent must not make others.
// Errors: *access.Refused, ErrNotFound, *ClosedError when it is over.
func (s *Service) Invitation(ctx context.Context, by access.Actor, action access.Action, id AppointmentID, participant ParticipantID) (Invitation, error) {
	a, has, err := s.find(ctx, by, id)
	if err != nil {
		return Invitation{}, err
	}
	who, known := a.participant(participant)
	if a.Organisation != by.Organisation && who.Organisation != by.Organisation {
		has &^= access.SameOrganisation // the links of others' people are theirs to see to
	}
	if byLink(by) {
		has = 0
	}
	opened, err := s.allow(ctx, by, action, has, a, object(id))
	if err != nil {
		return Invitation{}, err
	}
	if !known {
		return Invitation{}, ErrNotFound
	}
	if err := s.notOver(ctx, a); err != nil {
		return Invitation{}, err
	}
	return Invitation{Appointment: a, Participant: who, Closes: s.closes(a), By: opened}, nil
}

// seat gathers what a participant sees, when it is on record that they do.
func (s *Service) seat(ctx context.Context, by access.Actor, action access.Action, opened access.Relations, a Appointment, of Participant) (Seat, error) {
	if err := s.tell(ctx, by, action, opened, a); err != nil {
		return Seat{}, err
	}
	names, err := s.named(ctx, a)
	if err != nil {
		return Seat{}, err
	}
	return Seat{
		Appointment: a, Me: names.invited(of), People: names.of(a, true), Host: names.organisations[a.Organisation],
		Opens: a.opens(), Closes: s.closes(a),
		AdmitsItself: access.Decide(of.Role, access.CallAdmit, access.Participant).Allowed,
		May:          MayInCall(of.Role),
	}, nil
}

func (s *Service) openNow(ctx context.Context, a Appointment) error {
	if a.State.Open() {
		return s.closed(ctx, NotYetOpen, a)
	}
	if err := s.notOver(ctx, a); err != nil { // also when it was cancelled before its time
		return err
	}
	if s.cfg.Now().Before(a.opens()) {
		return s.closed(ctx, NotYetOpen, a)
	}
	return nil
}

func (s *Service) notOver(ctx context.Context, a Appointment) error {
	if s.over(a) {
		return s.closed(ctx, Ended, a)
	}
	return nil
}

func (s *Service) closed(ctx context.Context, reason ClosedReason, a Appointment) error {
	hosts, err := s.cfg.People.Organisations(ctx, []access.OrganisationID{a.Organisation})
	if err != nil {
		return err
	}
	return &ClosedError{Reason: reason, Host: hosts[a.Organisation]}
}
