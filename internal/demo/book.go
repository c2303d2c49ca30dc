package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// book puts the day's consultations into the store and makes the links.
func (s *seeding) book(ctx context.Context) (Day, error) {
	if err := s.clear(ctx); err != nil {
		return Day{}, err
	}
	booked := make([]scheduling.Appointment, len(day))
	for i, v := range day {
		a, err := s.Schedule.Save(ctx, s.appointment(v))
		if err != nil {
			return Day{}, fmt.Errorf("book: %w", err)
		}
		booked[i] = a
	}
	now, withCode, bySight, held, later := booked[0], booked[1], booked[2], booked[3], booked[4]
	d := Day{Consultation: string(now.ID), Until: now.Ends}
	for _, link := range []struct {
		to   *string
		in   scheduling.Appointment
		role access.Role
	}{
		{&d.Specialist, now, access.Specialist}, {&d.Nurse, now, access.Nurse}, {&d.Patient, now, access.Patient},
		{&d.Revoked, now, access.Relative}, {&d.Relative, now, access.Relative}, // a new link replaces the one before
		{&d.GP, now, access.GP}, {&d.Code, withCode, access.Patient}, {&d.Recognised, bySight, access.Patient},
		{&d.Expired, held, access.Patient}, {&d.Early, later, access.Patient},
	} {
		if err := s.invite(ctx, link.to, link.in, link.role); err != nil {
			return Day{}, err
		}
	}
	for to, of := range map[*string]member{&d.Coordinator: siv, &d.Admin: jon, &d.DataProtection: liv} {
		token, err := s.Gate.DemoStaffLink(ctx, s.members[of.name].Assignments[0], s.now.Add(linkLife))
		if err != nil {
			return Day{}, fmt.Errorf("link: %w", err)
		}
		*to = token
	}
	return d, nil
}

// clear takes an earlier start's day out of the list.
func (s *seeding) clear(ctx context.Context) error {
	earlier, err := s.Appointments.List(ctx, scheduling.Query{
		Organisation: s.organisations[hospital.name], From: s.now.Add(-24 * time.Hour), Until: s.now.Add(24 * time.Hour),
	})
	if err != nil {
		return err
	}
	for _, a := range earlier {
		a.State = scheduling.Cancelled
		if _, err := s.Schedule.Save(ctx, a); err != nil {
			return fmt.Errorf("clear: %w", err)
		}
	}
	return nil
}

// appointment is a visit with the people that are in the store.
func (s *seeding) appointment(v visit) scheduling.Appointment {
	a := scheduling.Appointment{
		ID: scheduling.AppointmentID(newID()), Organisation: s.organisations[hospital.name],
		Starts: s.now.Add(v.from), Ends: s.now.Add(v.to), State: scheduling.Booked, Identification: v.identification,
	}
	if v.to < 0 {
		a.State = scheduling.Fulfilled
	}
	for _, m := range v.staff {
		a.Participants = append(a.Participants, scheduling.Participant{
			Person: s.members[m.name].ID, Role: m.role, Organisation: s.organisations[m.in.name], Title: m.title, Required: !v.beside,
		})
	}
	a.Participants = append(a.Participants, scheduling.Participant{
		Person: s.people[v.patient.name], Role: access.Patient, Title: "Pasient", Beside: v.patient.beside, Required: true,
	})
	for _, r := range v.relatives {
		a.Participants = append(a.Participants, scheduling.Participant{Person: s.people[r.name], Role: access.Relative, Title: r.title})
	}
	for i := range a.Participants {
		a.Participants[i].ID = scheduling.ParticipantID(newID())
	}
	return a
}

// invite makes the link of whoever has a role in a consultation.
func (s *seeding) invite(ctx context.Context, token *string, a scheduling.Appointment, role access.Role) (err error) {
	i := slices.IndexFunc(a.Participants, func(p scheduling.Participant) bool { return p.Role == role })
	p := a.Participants[i]
	seat := identity.Seat{
		Consultation: string(a.ID), Participant: string(p.ID), Person: p.Person, Role: p.Role, Organisation: p.Organisation,
		Owner: a.Organisation, Identification: identity.Identification(a.Identification), Starts: a.Starts, Expires: a.Ends.Add(linkLife),
	}
	if a.State == scheduling.Fulfilled {
		seat.Expires = s.now
	}
	if *token, err = s.Gate.DemoSeatLink(ctx, seat); err != nil {
		return fmt.Errorf("link: %w", err)
	}
	return nil
}
