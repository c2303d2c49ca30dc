package scheduling

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// Skipped is a time of a series that was left out.
type Skipped struct {
	Starts time.Time
	Taken  Taken
}

// Book proposes times to all parties, or books one at once, or a series. Who books and is a
// party has accepted. Errors: *access.Refused, *Invalid, *TakenError.
func (s *Service) Book(ctx context.Context, by access.Actor, r Request) ([]Appointment, []Skipped, error) {
	now := s.cfg.Now()
	if r.Organisation == "" {
		r.Organisation = by.Organisation
	}
	patient := r.patient()
	has, reach, err := s.mayBookFor(ctx, by, r.Organisation)
	if err != nil {
		return nil, nil, err
	}
	about := Appointment{Participants: []Participant{{Person: patient, Role: access.Patient}}}
	opened, err := s.allow(ctx, by, access.ConsultationBook, has, about, "consultation")
	if err != nil {
		return nil, nil, err
	}
	if err := s.knows(ctx, by, patient); err != nil {
		return nil, nil, err
	}
	if err := r.check(now); err != nil {
		return nil, nil, err
	}
	first := slices.MinFunc(r.Starts, time.Time.Compare)
	participants, identification, err := s.invited(ctx, r.Parties, reach, first.In(s.cfg.Zone).Format(time.DateOnly))
	if err != nil {
		return nil, nil, err
	}
	if err := s.lends(ctx, reach, r.Equipment); err != nil {
		return nil, nil, err
	}
	a := Appointment{
		Organisation: r.Organisation, Identification: identification, Participants: participants, Equipment: r.Equipment,
		Made: now, MadeBy: by.Person, Plan: r.Plan,
	}
	a.Reason, a.Words, a.Was = "", "", time.Time{}
	all, skipped, err := s.drafts(ctx, by, r, a)
	if err != nil {
		return nil, nil, err
	}
	var change Change
	for _, a := range all {
		if err := a.Check(); err != nil {
			return nil, nil, err
		}
		e := audit.New(now, by, access.ConsultationBook.String(), audit.Done)
		e.By, e.Patient, e.Object = opened, patient, a.object()
		change.Entries = append(change.Entries, e)
		out := s.announce(by, a)
		for i := range out {
			out[i].First = out[i].Due.IsZero() // no reminder
		}
		change.Out = append(change.Out, out...)
	}
	change.Appointments = all
	saved, err := s.cfg.Store.Save(ctx, change)
	return saved, skipped, err
}

// patient is whom the booking is about; empty: nobody.
func (r Request) patient() access.PersonID {
	for _, p := range r.Parties {
		if p.Role == access.Patient {
			return p.Person
		}
	}
	return ""
}

// mayBookFor is how somebody stands to bookings of an organisation, and how far theirs reach.
func (s *Service) mayBookFor(ctx context.Context, by access.Actor, of access.OrganisationID) (access.Relations, Reach, error) {
	if by.Organisation == "" || byLink(by) {
		return 0, Reach{}, nil
	}
	reach, err := s.cfg.Register.Reach(ctx, by)
	if err != nil {
		return 0, reach, fmt.Errorf("whom one may book: %w", err)
	}
	switch {
	case of == by.Organisation:
		return access.SameOrganisation, reach, nil
	case slices.Contains(reach.For, of):
		return access.Agreement, reach, nil
	}
	return 0, reach, nil
}

// knows asks whether somebody may know of a patient. Whom they may not know of is refused
// like one who is not there.
func (s *Service) knows(ctx context.Context, by access.Actor, patient access.PersonID) error {
	if patient == "" {
		return nil
	}
	has, err := s.cfg.Register.Relations(ctx, by, patient)
	if err != nil {
		return fmt.Errorf("relations: %w", err)
	}
	_, err = s.allow(ctx, by, access.PatientRead, has, Appointment{Participants: []Participant{{Person: patient, Role: access.Patient}}}, "patient/"+string(patient))
	return err
}

// lends finds out that equipment may be had: it is of an organisation whose people may be
// booked, and in use. Anything else by that name, such as a person, could be kept busy by it.
func (s *Service) lends(ctx context.Context, reach Reach, ids []EquipmentID) error {
	if len(ids) == 0 {
		return nil
	}
	there, err := s.cfg.Store.Equipment(ctx, reach.With)
	if err != nil {
		return fmt.Errorf("equipment: %w", err)
	}
	for i, id := range ids {
		if !slices.ContainsFunc(there, func(e Equipment) bool { return e.ID == id && e.Active }) {
			return &Invalid{fmt.Sprintf("equipment[%d]", i), "must be equipment of those whose people may be booked, and in use"}
		}
	}
	return nil
}

// drafts are the appointments of a booking, at times at which those who are required can.
func (s *Service) drafts(ctx context.Context, by access.Actor, r Request, a Appointment) (out []Appointment, skipped []Skipped, err error) {
	starts := r.Starts
	if r.Repeat.EveryWeeks > 0 {
		var leapt []time.Time
		starts, leapt = r.Repeat.from(r.Starts[0], s.cfg.Zone)
		if len(leapt) > 0 && !r.Repeat.SkipBusy {
			return nil, nil, &Invalid{"series", "must have no time that the clock is put forward over, as on " + leapt[0].In(s.cfg.Zone).Format(time.DateOnly)}
		}
		for _, t := range leapt {
			skipped = append(skipped, Skipped{t, Taken{Rule: TakenLeapt, Starts: t}})
		}
		a.Series = SeriesID(newID())
	}
	taken, err := s.takenAt(ctx, a, r.Length, starts, r.Anyway)
	if err != nil {
		return nil, nil, err
	}
	left, err := s.notWorking(ctx, a, starts)
	if err != nil {
		return nil, nil, err
	}
	taken = append(left, taken...)
	if r.Repeat.EveryWeeks > 0 && r.Repeat.SkipBusy {
		starts = slices.DeleteFunc(starts, func(t time.Time) bool {
			i := slices.IndexFunc(taken, func(k Taken) bool { return k.Starts.Equal(t) })
			if i >= 0 {
				skipped = append(skipped, Skipped{t, taken[i]})
			}
			return i >= 0
		})
		if len(starts) == 0 {
			return nil, nil, &TakenError{taken}
		}
	} else if len(taken) > 0 {
		return nil, nil, &TakenError{taken}
	}
	now := s.cfg.Now()
	if !r.AtOnce {
		a.ID, a.State, a.AnswerBy = AppointmentID(newID()), Proposed, r.answerBy(now, s.cfg.Zone)
		a.Starts, a.Ends = starts[0], starts[0].Add(r.Length)
		for _, t := range starts {
			a.Options = append(a.Options, Option{ID: OptionID(newID()), Starts: t, Ends: t.Add(r.Length)})
		}
		if me, mine := a.seatOf(by); mine {
			for i := range a.Options {
				a.Options[i].Replies = []OptionReply{{me.ID, Accepted, now, ""}}
			}
			a.settle(now)
		}
		return []Appointment{a}, nil, nil
	}
	for _, t := range starts {
		one := a
		one.ID, one.State, one.Starts, one.Ends = AppointmentID(newID()), Booked, t, t.Add(r.Length)
		one.Participants = slices.Clone(a.Participants)
		for i := range one.Participants {
			one.Participants[i].ID = ParticipantID(newID())
			if p := one.Participants[i]; p.Person == by.Person && p.Role == by.Role {
				one.Participants[i].Reply = Reply{Answer: Accepted, At: now}
			}
		}
		out = append(out, one)
	}
	return out, skipped, nil
}

// from are the times of a series: the same local time every so many weeks. That there is no such
// time on a day, because the clock leaps over it, is told by another on that day.
func (r Repeat) from(first time.Time, zone *time.Location) (out, leapt []time.Time) {
	local := first.In(zone)
	y, m, d := local.Date()
	for i := range r.Count {
		t := time.Date(y, m, d+7*r.EveryWeeks*i, local.Hour(), local.Minute(), 0, 0, zone)
		if t.Hour() != local.Hour() || t.Minute() != local.Minute() {
			leapt = append(leapt, t.UTC())
			continue
		}
		out = append(out, t.UTC())
	}
	return out, leapt
}

// notWorking says who of the staff does not work where they are invited from on the days of the
// times: who may be booked today may have left in half a year.
func (s *Service) notWorking(ctx context.Context, a Appointment, starts []time.Time) (out []Taken, err error) {
	var people []access.PersonID
	for _, p := range a.Participants {
		if p.Role.Staff() {
			people = append(people, p.Person)
		}
	}
	if len(people) == 0 {
		return nil, nil
	}
	days := map[string][]Colleague{}
	for _, t := range starts {
		day := t.In(s.cfg.Zone).Format(time.DateOnly)
		working, asked := days[day]
		if !asked {
			if working, err = s.cfg.Register.Working(ctx, people, day); err != nil {
				return nil, fmt.Errorf("who works: %w", err)
			}
			days[day] = working
		}
		for _, p := range a.Participants {
			there := func(c Colleague) bool {
				return c.Person == p.Person && c.Organisation == p.Organisation && c.Role == p.Role
			}
			if p.Role.Staff() && !slices.ContainsFunc(working, there) {
				out = append(out, Taken{Subject(p.Person), TakenLeft, t})
			}
		}
	}
	return out, nil
}

// takenAt says who of those who are required, and what of the equipment, can't at each of the
// times: never one who is in another appointment; and without anyway, neither one who does
// not work then, is away, or is busy elsewhere.
func (s *Service) takenAt(ctx context.Context, a Appointment, length time.Duration, starts []time.Time, anyway bool) ([]Taken, error) {
	q := Search{Length: length, Equipment: a.Equipment, Not: a.ID}
	for _, p := range a.Participants {
		if p.Required {
			q.Parties = append(q.Parties, Party{
				Person: p.Person, Role: p.Role, Organisation: p.Organisation, Required: true, Before: p.Before, After: p.After,
			})
		}
	}
	q.From = slices.MinFunc(starts, time.Time.Compare)
	q.Until = slices.MaxFunc(starts, time.Time.Compare).Add(length)
	w, err := s.lanes(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []Taken
	for _, t := range starts {
		for _, one := range w.sides {
			if rule := one.lanes[0].taken(t.UnixMilli(), w.length, anyway); rule != "" {
				out = append(out, Taken{one.lanes[0].subject, rule, t})
			}
		}
	}
	return out, nil
}

// taken says why a call can't be at a time; empty: it can.
func (l lane) taken(t, length int64, anyway bool) TakenRule {
	call, trip := stretch{t, t + length}, stretch{t - l.before, t + length + l.after}
	switch {
	case l.firm.touches(trip):
		return TakenBusy
	case anyway:
		return ""
	case l.away.touches(trip):
		return TakenAway
	case l.elsewhere.touches(trip):
		return TakenElsewhere
	case !l.open.holds(call):
		return TakenClosed
	}
	return ""
}

// changing is something that changes one appointment, with who asks and what they ask of access,
// and tells of it. do gets it as it is and changes it; it is called again when another has changed
// it meanwhile, unless the version is said, and so keeps nothing of its own from one time to the next.
type changing struct {
	by      access.Actor
	id      AppointmentID
	version int64 // 0: whichever it has
	action  access.Action
	stands  func(Appointment) (access.Relations, error) // to it
	do      func(*Appointment) error
	tell    func(before, after Appointment) Change
}

// tries is how often a change is made anew that met another's.
const tries = 6

// change carries it out. Errors: *access.Refused; ErrVersion; do's and the store's.
func (s *Service) change(ctx context.Context, c changing) (Appointment, error) {
	for try := 1; ; try++ {
		before, has, err := s.find(ctx, c.by, c.id)
		if err != nil {
			return Appointment{}, err
		}
		if before.ID != "" {
			if has, err = c.stands(before); err != nil {
				return Appointment{}, err
			}
		}
		opened, err := s.allow(ctx, c.by, c.action, has, before, object(c.id))
		if err != nil {
			return Appointment{}, err
		}
		if c.version != 0 && before.Version != c.version {
			return Appointment{}, ErrVersion
		}
		after := before.clone()
		if err := c.do(&after); err != nil {
			return Appointment{}, err
		}
		if err := after.Check(); err != nil {
			return Appointment{}, err
		}
		change := c.tell(before, after)
		before.heard(c.by, change.Out)
		after.heard(c.by, change.Out) // by what it is that is told
		e := audit.New(s.cfg.Now(), c.by, c.action.String(), audit.Done)
		e.By, e.Patient, e.Object = opened, before.Patient(), before.object()
		change.Entries = append(change.Entries, e)
		change.Appointments = []Appointment{after}
		saved, err := s.cfg.Store.Save(ctx, change)
		if errors.Is(err, ErrVersion) && c.version == 0 && try < tries {
			continue
		}
		if err != nil {
			return Appointment{}, err
		}
		return saved[0], nil
	}
}

// clone shares nothing that a change changes.
func (a Appointment) clone() Appointment {
	a.Participants = slices.Clone(a.Participants)
	a.Options = slices.Clone(a.Options)
	for i := range a.Options {
		a.Options[i].Replies = slices.Clone(a.Options[i].Replies)
	}
	return a
}
