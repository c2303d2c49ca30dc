package scheduling

import (
	"context"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Says is what somebody says of how ready they are.
type Says struct {
	State ReadyState
	Late  time.Duration // by how much; 0: not late after all
	Test  string        // what the device check found
}

// Ready takes what somebody says. Who is late is told to all the others, at once.
// Errors: *access.Refused, *Invalid, *ClosedError.
func (s *Service) Ready(ctx context.Context, by access.Actor, id AppointmentID, says Says) error {
	a, has, err := s.find(ctx, by, id)
	if err != nil {
		return err
	}
	me, seated := a.seatOf(by)
	if !seated {
		has &^= access.SameOrganisation // nobody says so for others
	}
	if _, err := s.allow(ctx, by, access.ConsultationAnswer, has, a, object(id)); err != nil {
		return err
	}
	if !seated {
		return ErrNoSeat
	}
	switch {
	case says.State != SaidTested && says.State != SaidOnWay && says.State != SaidLate && says.State != SaidReady:
		return &Invalid{"state", "must be tested, on-the-way, late or ready"}
	case says.Late < 0 || says.Late > maxTravel || says.Late%time.Minute != 0 || says.Late != 0 && says.State != SaidLate:
		return &Invalid{"minutes", "must be 0–240, of who is late"}
	case says.Test != "" && says.Test != "good" && says.Test != "poor" && says.Test != "failed":
		return &Invalid{"test", "must be good, poor or failed"}
	}
	if err := s.unfinished(ctx, a); err != nil {
		return err
	}
	all, err := s.cfg.Store.Readiness(ctx, []AppointmentID{id})
	if err != nil {
		return err
	}
	was := all[id][me.ID]
	// What is kept of a lateness that was taken back in the same minute counts, too.
	justLate := (was.State == SaidLate || was.Late != 0) && s.cfg.Now().Before(was.At.Add(lateAgain))
	// That one comes in time after all is told at once: the others would wait for nobody.
	if justLate && says.State == SaidLate && says.Late != 0 && (was.State != SaidLate || says.Late != was.Late) {
		return &Invalid{"minutes", "must be changed at most once a minute, for everybody is told"}
	}
	now := Readiness{State: says.State, At: s.cfg.Now(), Late: says.Late, Test: was.Test, Opened: was.Opened}
	if says.Test != "" {
		now.Test = says.Test
	}
	if says.State == SaidTested && was.State != "" && was.State != SaidTested {
		now.State, now.Late, now.At = was.State, was.Late, was.At // a test takes back nothing that was said
	} else if justLate && says.State != SaidLate {
		now.Late, now.At = was.Late, was.At
	}
	e := audit.New(s.cfg.Now(), by, access.ConsultationAnswer.String(), audit.Done)
	e.By, e.Patient, e.Object = access.Participant, a.Patient(), a.object()
	var out []notify.Message
	told := time.Duration(0)
	if was.State == SaidLate {
		told = was.Late
	}
	if says.State == SaidLate && a.State.Stands() && says.Late != told {
		for _, p := range a.Participants {
			if p.ID != me.ID {
				m := message(a, p, notify.KindLate, notify.KindLate)
				m.Until = a.Ends
				out = append(out, m)
			}
		}
	}
	if err := s.cfg.Store.SaveReadiness(ctx, id, me.ID, now, []audit.Entry{e}, out); err != nil {
		return err
	}
	s.cfg.Changed(id)
	return nil
}

// lateAgain is after how long somebody may say anew how late they are.
const lateAgain = time.Minute

// Opened notes that somebody's link has been opened, the first time.
func (s *Service) Opened(ctx context.Context, by access.Actor) error {
	if !byLink(by) {
		return nil
	}
	id := AppointmentID(by.Consultation)
	a, _, err := s.find(ctx, by, id)
	if err != nil {
		return err
	}
	me, seated := a.seatOf(by)
	if !seated {
		return nil
	}
	all, err := s.cfg.Store.Readiness(ctx, []AppointmentID{id})
	if err != nil {
		return err
	}
	if !all[id][me.ID].Opened.IsZero() {
		return nil
	}
	return s.cfg.Store.SaveOpened(ctx, id, me.ID, s.cfg.Now())
}

// Invites is an invitation with who invites to the person's other consultations.
type Invites struct {
	Detail
	Hosts map[access.OrganisationID]Organisation
}

// Invites is what the reader's link invites to, as something to answer, with when their other
// consultations are. Errors: *access.Refused, ErrNoSeat for who has come by no link.
func (s *Service) Invites(ctx context.Context, by access.Actor) (Invites, []Appointment, error) {
	if !byLink(by) {
		return Invites{}, nil, ErrNoSeat
	}
	d, err := s.Read(ctx, by, AppointmentID(by.Consultation))
	if err != nil {
		return Invites{}, nil, err
	}
	now := s.cfg.Now()
	list, err := s.cfg.Store.List(ctx, Query{Person: by.Person, From: now.Add(-maxBooked), States: []State{Proposed, Pending, Booked, Arrived}})
	if err != nil {
		return Invites{}, nil, err
	}
	var others []Appointment
	var organisations []access.OrganisationID
	for _, a := range list {
		if _, mine := a.seatOf(by); mine && a.ID != d.ID && a.Ends.After(now) {
			others = append(others, a)
			organisations = append(organisations, a.Organisation)
		}
	}
	hosts, err := s.cfg.People.Organisations(ctx, organisations)
	if err != nil {
		return Invites{}, nil, fmt.Errorf("organisations: %w", err)
	}
	return Invites{d, hosts}, others, nil
}
