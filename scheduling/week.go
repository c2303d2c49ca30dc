package scheduling

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Week is some days of a calendar.
type Week struct {
	From     time.Time // midnight
	Days     int
	Rows     []Row
	More     int // people who are not shown, for they would be too many
	Bookings []Detail
	Holidays map[string]Holiday // by day
}

// Row is one person's days.
type Row struct {
	Colleague
	Name         string
	Organisation Organisation
	Busy         []BusySpan
	Away         []Absence
}

const (
	maxCalendarDays = 42
	maxCalendarRows = 150
)

// Calendar is the days of all whom somebody may book, their own organisation first: when they
// can be booked, when they are busy, and what their own organisation has to do with. date is
// as 2026-11-23, and empty means today. Of whom there are too many, those are shown who have
// something in the days.
func (s *Service) Calendar(ctx context.Context, by access.Actor, date string, days int) (Week, error) {
	if days == 0 {
		days = 7
	}
	if days < 1 || days > maxCalendarDays {
		return Week{}, &Invalid{"days", fmt.Sprintf("must be 1–%d", maxCalendarDays)}
	}
	from, err := s.midnight(date)
	if err != nil {
		return Week{}, err
	}
	reach, err := s.calendars(ctx, by, "calendar")
	if err != nil {
		return Week{}, err
	}
	until := from.AddDate(0, 0, days)
	w := Week{From: from, Days: days, Holidays: map[string]Holiday{}}
	for day := from; day.Before(until); day = day.AddDate(0, 0, 1) {
		if h, there := Holidays(day.Year())[day.Format(time.DateOnly)]; there {
			w.Holidays[day.Format(time.DateOnly)] = h
		}
	}
	if w.Bookings, err = s.Bookings(ctx, by, from, until); err != nil {
		return Week{}, err
	}
	w.Bookings = slices.DeleteFunc(w.Bookings, func(d Detail) bool { return d.State == Cancelled })
	if w.Rows, w.More, err = s.rows(ctx, by, reach, w.Bookings, from, until); err != nil {
		return Week{}, err
	}
	return w, nil
}

// rows are the people of a calendar.
func (s *Service) rows(ctx context.Context, by access.Actor, reach Reach, bookings []Detail, from, until time.Time) ([]Row, int, error) {
	colleagues, err := s.cfg.Register.Colleagues(ctx, reach.With, from.Format(time.DateOnly))
	if err != nil {
		return nil, 0, fmt.Errorf("colleagues: %w", err)
	}
	colleagues, more := shown(colleagues, by, bookings)
	subjects := make([]Subject, 0, len(colleagues)+len(reach.With))
	people := make([]access.PersonID, len(colleagues))
	seen := map[Subject]bool{"": true}
	add := func(one Subject) {
		if !seen[one] {
			seen[one] = true
			subjects = append(subjects, one)
		}
	}
	for i, c := range colleagues {
		people[i] = c.Person
		add(Subject(c.Person))
		add(Subject(c.Unit))
		add(Subject(c.Organisation))
	}
	known, err := s.cfg.Store.Time(ctx, subjects, from, until)
	if err != nil {
		return nil, 0, err
	}
	names, err := s.cfg.People.Names(ctx, people)
	if err != nil {
		return nil, 0, fmt.Errorf("names: %w", err)
	}
	organisations, err := s.cfg.People.Organisations(ctx, reach.With)
	if err != nil {
		return nil, 0, fmt.Errorf("organisations: %w", err)
	}
	visible := make(map[AppointmentID]bool, len(bookings))
	for _, d := range bookings {
		visible[d.ID] = true
	}
	theirs := known.bySubject()
	almanac := newAlmanac()
	out := make([]Row, len(colleagues))
	for i, c := range colleagues {
		subject := Subject(c.Person)
		open := known.hoursOf(subject, c.Organisation, c.Unit).open(from, until, s.cfg.Zone, almanac)
		row := Row{Colleague: c, Name: names[c.Person], Organisation: organisations[c.Organisation]}
		row.Busy = theirs[subject].day(subject, open, Span{from, until}, "", func(id AppointmentID) bool { return visible[id] })
		row.Away = theirs[subject].Absences
		out[i] = row
	}
	slices.SortStableFunc(out, func(a, b Row) int {
		own := func(r Row) int {
			if r.Colleague.Organisation == by.Organisation {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(own(a), own(b)), cmp.Compare(a.Organisation.Name, b.Organisation.Name), cmp.Compare(a.UnitName, b.UnitName), cmp.Compare(a.Name, b.Name))
	})
	return out, more, nil
}

// shown cuts people down to as many as a calendar has room for: first oneself, then who is in
// one of the bookings, then the others as they come.
func shown(all []Colleague, by access.Actor, bookings []Detail) (out []Colleague, more int) {
	if len(all) <= maxCalendarRows {
		return all, 0
	}
	in := map[access.PersonID]bool{by.Person: true}
	for _, d := range bookings {
		for _, p := range d.Participants {
			in[p.Person] = true
		}
	}
	slices.SortStableFunc(all, func(a, b Colleague) int {
		rank := func(c Colleague) int {
			switch {
			case in[c.Person]:
				return 0
			case c.Organisation == by.Organisation:
				return 1
			}
			return 2
		}
		return cmp.Compare(rank(a), rank(b))
	})
	return all[:maxCalendarRows], len(all) - maxCalendarRows
}

// bySubject parts what is known by whose time it is.
func (k Time) bySubject() map[Subject]Time {
	out := map[Subject]Time{}
	for _, c := range k.Claims {
		t := out[c.Subject]
		t.Claims = append(t.Claims, c)
		out[c.Subject] = t
	}
	for _, a := range k.Absences {
		t := out[a.Subject]
		t.Absences = append(t.Absences, a)
		out[a.Subject] = t
	}
	for _, e := range k.Elsewhere {
		t := out[e.Subject]
		t.Elsewhere = append(t.Elsewhere, e)
		out[e.Subject] = t
	}
	return out
}

// Colleagues are the staff whom somebody may book, with their names.
func (s *Service) Colleagues(ctx context.Context, by access.Actor) (all []Row, reach Reach, err error) {
	if reach, err = s.calendars(ctx, by, "colleagues"); err != nil {
		return nil, reach, err
	}
	colleagues, err := s.cfg.Register.Colleagues(ctx, reach.With, s.cfg.Now().In(s.cfg.Zone).Format(time.DateOnly))
	if err != nil {
		return nil, reach, fmt.Errorf("colleagues: %w", err)
	}
	people := make([]access.PersonID, len(colleagues))
	for i, c := range colleagues {
		people[i] = c.Person
	}
	names, err := s.cfg.People.Names(ctx, people)
	if err != nil {
		return nil, reach, fmt.Errorf("names: %w", err)
	}
	organisations, err := s.cfg.People.Organisations(ctx, reach.With)
	if err != nil {
		return nil, reach, fmt.Errorf("organisations: %w", err)
	}
	for _, c := range colleagues {
		all = append(all, Row{Colleague: c, Name: names[c.Person], Organisation: organisations[c.Organisation]})
	}
	slices.SortStableFunc(all, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Organisation.Name, b.Organisation.Name), cmp.Compare(a.Name, b.Name))
	})
	return all, reach, nil
}
