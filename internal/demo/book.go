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

// visit is a consultation of the day to call in.
type visit struct {
	from, to       time.Duration // from now
	identification scheduling.Identification
	staff          []member
	drive          int // as planned's
	patient        cared
	relatives      []related
}

// day is the hospital's day: one that starts now, one now whose patient shows a code, one that
// is open whose patient is to be recognised on the picture, one that is over, one that has not
// opened. Nobody is in two of them at a time.
var day = []visit{
	{0, 30 * time.Minute, scheduling.ByLink, []member{tuva, mari, per}, 25, olav, []related{ragna}},
	{0, 15 * time.Minute, scheduling.ByCode, []member{furu, ane}, 0, anna, nil},
	{15 * time.Minute, 45 * time.Minute, scheduling.Recognised, []member{nora, ane}, 0, leiv, nil},
	{-2 * time.Hour, -90 * time.Minute, scheduling.ByLink, []member{tuva, ane}, 0, olav, nil},
	{110 * time.Minute, 140 * time.Minute, scheduling.ByLink, []member{tuva, mari, per}, 25, olav, []related{ragna}},
}

// book puts the day's consultations into the store and makes the links.
func (s *seeding) book(ctx context.Context) (Day, error) {
	if err := s.clear(ctx); err != nil {
		return Day{}, err
	}
	booked := make([]scheduling.Appointment, len(day))
	for i, v := range day {
		a := s.appointment(v)
		if i == len(day)-1 {
			changedOnce(&a)
		}
		if err := s.makeRoom(ctx, a); err != nil {
			return Day{}, err
		}
		if err := s.save(ctx, a); err != nil {
			return Day{}, err
		}
		booked[i] = s.known[a.ID]
	}
	now, withCode, bySight, held, later := booked[0], booked[1], booked[2], booked[3], booked[4]
	if err := s.say(ctx, later); err != nil {
		return Day{}, err
	}
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
	for to, of := range map[*string]member{
		&d.Coordinator: siv, &d.Admin: jon, &d.DataProtection: liv,
		&d.Municipality: kari, &d.SpecialistDay: tuva, &d.NurseDay: mari, &d.GPDay: per,
	} {
		token, err := s.Gate.DemoStaffLink(ctx, s.members[of.name].Assignments[0], s.now.Add(linkLife))
		if err != nil {
			return Day{}, fmt.Errorf("link: %w", err)
		}
		*to = token
	}
	return d, nil
}

// clear takes an earlier start's day out of the list: what nobody has booked.
func (s *seeding) clear(ctx context.Context) error {
	for _, a := range s.known {
		if !a.Made.IsZero() || a.State == scheduling.Cancelled {
			continue
		}
		a.State = scheduling.Cancelled
		if err := s.save(ctx, a); err != nil {
			return fmt.Errorf("clear: %w", err)
		}
	}
	return nil
}

// makeRoom takes off what is in the way of a consultation of the day: its people are wanted
// now, whatever an earlier start, or somebody who has tried the demo, has planned for them.
func (s *seeding) makeRoom(ctx context.Context, a scheduling.Appointment) error {
	claims := a.Claims()
	var subjects []scheduling.Subject
	from, until := a.Starts, a.Ends
	for _, c := range claims {
		subjects = append(subjects, c.Subject)
		if c.Starts.Before(from) {
			from = c.Starts
		}
		if c.Ends.After(until) {
			until = c.Ends
		}
	}
	slices.Sort(subjects)
	there, err := s.Appointments.Time(ctx, slices.Compact(subjects), from, until)
	if err != nil {
		return err
	}
	for _, c := range there.Claims {
		other, known := s.known[c.Appointment]
		inTheWay := c.Firm() && slices.ContainsFunc(claims, func(o scheduling.Claim) bool {
			return o.Subject == c.Subject && o.Starts.Before(c.Ends) && c.Starts.Before(o.Ends)
		})
		if !inTheWay || !known || other.State == scheduling.Cancelled {
			continue
		}
		other.State, other.Reason, other.Words = scheduling.Cancelled, scheduling.OtherReason, "Måtte vike for ein samtale som hasta."
		other.Sequence++
		if err := s.save(ctx, other); err != nil {
			return err
		}
	}
	for _, away := range there.Absences {
		for _, by := range []member{siv, kari} {
			if s.organisations[by.in.name] != away.Organisation {
				continue
			}
			if err := s.Schedule.RemoveAbsence(ctx, s.actor(by), away.ID); err != nil {
				return fmt.Errorf("here after all: %w", err)
			}
		}
	}
	return nil
}

// appointment is a visit with the people that are in the store. Nobody has booked it, and it
// has an id of its own at each start: its links are for that one.
func (s *seeding) appointment(v visit) scheduling.Appointment {
	p := planned{
		id: scheduling.AppointmentID(newID()), starts: s.now.Add(v.from), by: siv, staff: v.staff, drive: v.drive, patient: v.patient, template: wound,
	}
	for _, r := range v.relatives {
		p.guests = append(p.guests, guest{r.name, r.title, access.Relative})
	}
	a := s.booked(p, s.now.AddDate(0, 0, -3))
	a.Ends, a.Identification, a.Made, a.MadeBy = s.now.Add(v.to).UTC(), v.identification, time.Time{}, ""
	if v.to < 0 {
		a.State = scheduling.Fulfilled
	}
	for i := range a.Participants {
		a.Participants[i].Required = a.Participants[i].Role != access.Relative
		if a.Participants[i].Role == access.Patient {
			// They come by a link of their own, also where the nurse is with them.
			a.Participants[i].Attends, a.Participants[i].Beside = scheduling.Online, v.patient.beside
		}
	}
	return a
}

// changedOnce makes it one to which the GP was invited when it was booked already: the others
// have confirmed it. It was not moved, for then its links would first tell of that.
func changedOnce(a *scheduling.Appointment) {
	a.Sequence = 1
	for i := range a.Participants {
		if a.Participants[i].Role == access.GP {
			a.Participants[i].Reply = scheduling.Reply{}
		}
	}
}

// say has those in the next consultation tell how ready they are.
func (s *seeding) say(ctx context.Context, a scheduling.Appointment) error {
	link := func(person string, role access.Role) access.Actor {
		return access.Actor{Person: s.people[person], Role: role, Consultation: string(a.ID)}
	}
	for _, one := range []struct {
		by   access.Actor
		says scheduling.Says
	}{
		{link(olav.name, access.Patient), scheduling.Says{State: scheduling.SaidTested, Test: "good"}},
		{s.actor(mari), scheduling.Says{State: scheduling.SaidOnWay}},
		{link(ragna.name, access.Relative), scheduling.Says{State: scheduling.SaidLate, Late: 10 * time.Minute}},
	} {
		if err := s.Schedule.Ready(ctx, one.by, a.ID, one.says); err != nil {
			return fmt.Errorf("ready: %w", err)
		}
	}
	return nil
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
