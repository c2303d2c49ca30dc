package scheduling

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// searching is a search with all that is known of the parties' time.
type searching struct {
	ask
	time Time
}

// lanes reads the parties' time and makes a search of it.
func (s *Service) lanes(ctx context.Context, q Search) (*searching, error) {
	units, err := s.unitsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	subjects := make([]Subject, 0, 16)
	add := func(all ...Subject) {
		for _, one := range all {
			if one != "" && !slices.Contains(subjects, one) {
				subjects = append(subjects, one)
			}
		}
	}
	for _, p := range q.Parties {
		for _, person := range p.anyone() {
			add(Subject(person), Subject(units[person]), Subject(p.Organisation))
		}
	}
	for _, e := range q.Equipment {
		add(Subject(e))
	}
	const margin = maxTravel + maxBuffer
	from, until := q.From.Add(-margin), q.Until.Add(margin)
	known, err := s.cfg.Store.Time(ctx, subjects, from, until)
	if err != nil {
		return nil, err
	}
	days := newAlmanac()
	w := &searching{time: known, ask: ask{
		now: s.cfg.Now().UnixMilli(), parties: len(q.Parties), length: q.Length.Milliseconds(), limit: q.Limit, zone: s.cfg.Zone,
		window: stretchOf(q.From, q.Until.Add(-q.Length+time.Millisecond)),
	}}
	before, after := time.Duration(0), time.Duration(0)
	for _, p := range q.Parties {
		one := side{required: p.Required}
		for _, person := range p.anyone() {
			l := lane{subject: Subject(person), before: p.Before.Milliseconds(), after: p.After.Milliseconds()}
			if p.Role.Staff() {
				h := known.hoursOf(l.subject, p.Organisation, units[person])
				l.open, l.buffer = h.open(from, until, s.cfg.Zone, days), h.Buffer.Milliseconds()
			} else {
				l.open = always(from, until) // nobody keeps hours for patients
			}
			one.lanes = append(one.lanes, known.fill(l, q.Not))
		}
		before, after = max(before, p.Before), max(after, p.After)
		w.sides = append(w.sides, one)
	}
	for _, e := range q.Equipment {
		l := lane{subject: Subject(e), before: before.Milliseconds(), after: after.Milliseconds(), open: always(from, until)}
		if h, own := known.own(l.subject); own {
			l.open, l.buffer = h.open(from, until, s.cfg.Zone, days), h.Buffer.Milliseconds()
		}
		w.sides = append(w.sides, side{required: true, lanes: []lane{known.fill(l, q.Not)}})
	}
	if q.Earliest != 0 || q.Latest != 0 {
		latest := q.Latest
		if latest == 0 {
			latest = dayMinutes
		}
		var wanted Hours
		wanted.Holidays = true
		for day := time.Sunday; day <= time.Saturday; day++ {
			wanted.Weekly = append(wanted.Weekly, Weekly{Weekday: day, From: q.Earliest, Until: latest})
		}
		w.hours = wanted.open(from, until, s.cfg.Zone, days)
	}
	if q.Deadline != "" {
		day, _ := time.ParseInLocation(time.DateOnly, q.Deadline, s.cfg.Zone) // checked
		w.deadline = day.AddDate(0, 0, 1).UnixMilli()
	}
	return w, nil
}

func (p Party) anyone() []access.PersonID {
	if p.Person != "" {
		return []access.PersonID{p.Person}
	}
	return p.AnyOf
}

// unitsOf are the units in which the searched staff work, for the hours of those.
func (s *Service) unitsOf(ctx context.Context, q Search) (map[access.PersonID]string, error) {
	var staff []access.PersonID
	for _, p := range q.Parties {
		if p.Role.Staff() {
			staff = append(staff, p.anyone()...)
		}
	}
	if len(staff) == 0 {
		return nil, nil
	}
	working, err := s.cfg.Register.Working(ctx, staff, q.From.In(s.cfg.Zone).Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("who works: %w", err)
	}
	units := map[access.PersonID]string{}
	for _, c := range working {
		for _, p := range q.Parties {
			if p.Organisation == c.Organisation && slices.Contains(p.anyone(), c.Person) {
				units[c.Person] = c.Unit
			}
		}
	}
	return units, nil
}

func always(from, until time.Time) spans { return spans{stretchOf(from, until)} }

// own are the hours that a subject has set, in any organisation.
func (k Time) own(of Subject) (Hours, bool) {
	for _, h := range k.Hours {
		if h.Subject == of {
			return h, true
		}
	}
	return Hours{}, false
}

// hoursOf are somebody's: their own in the organisation, else the unit's, the organisation's,
// or the usual ones.
func (k Time) hoursOf(of Subject, in access.OrganisationID, unit string) Hours {
	for _, subject := range []Subject{of, Subject(unit), Subject(in)} {
		for _, h := range k.Hours {
			if subject != "" && h.Subject == subject && h.Organisation == in {
				return h
			}
		}
	}
	return UsualHours()
}

// fill puts what is known of a subject's time into its lane; not is in nobody's way.
func (k Time) fill(l lane, not AppointmentID) lane {
	var firm, asked, away, elsewhere []stretch
	for _, c := range k.Claims {
		switch {
		case c.Subject != l.subject || not != "" && c.Appointment == not:
		case c.Firm():
			firm = append(firm, stretchOf(c.Starts, c.Ends))
		default:
			asked = append(asked, stretchOf(c.Starts, c.Ends))
		}
	}
	for _, a := range k.Absences {
		if a.Subject == l.subject {
			away = append(away, stretchOf(a.Starts, a.Ends))
		}
	}
	for _, e := range k.Elsewhere {
		if e.Subject == l.subject {
			elsewhere = append(elsewhere, stretchOf(e.Starts, e.Ends))
		}
	}
	l.firm, l.asked, l.away, l.elsewhere = merged(firm), merged(asked), merged(away), merged(elsewhere)
	return l
}

// answer carries the search out.
func (w *searching) answer(q Search) Common {
	best, free := w.find()
	out := Common{Free: free}
	for _, h := range best {
		out.Times = append(out.Times, w.common(q, h))
	}
	first := w.window.until
	if len(best) > 0 {
		first = slices.MinFunc(best, func(a, b hit) int { return int(a.starts - b.starts) }).starts
	}
	for _, n := range w.nearly(first) {
		if n.without < w.parties {
			out.Nearly = append(out.Nearly, Near{time.UnixMilli(n.starts).UTC(), time.Duration(n.length) * time.Millisecond, n.without})
		}
	}
	if free == 0 {
		for i, s := range w.sides[:w.parties] {
			if rule := s.fault(w.length); s.required && rule != "" {
				out.Faults = append(out.Faults, Fault{i, rule})
			}
		}
	}
	return out
}

// common is a hit with everybody's day around it.
func (w *searching) common(q Search, h hit) CommonTime {
	starts := time.UnixMilli(h.starts).UTC()
	out := CommonTime{Span: Span{starts, starts.Add(q.Length)}, Reasons: h.reasons}
	y, m, d := starts.In(w.zone).Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, w.zone)
	day := Span{midnight, time.Date(y, m, d+1, 0, 0, 0, 0, w.zone)}
	for i, p := range q.Parties {
		l, can := w.sides[i].at(h.starts, w.length)
		if !can {
			l = &w.sides[i].lanes[0]
		}
		out.Parties = append(out.Parties, PartyTime{
			Person: access.PersonID(l.subject), Role: p.Role, Free: can, Before: p.Before, After: p.After,
			Day: w.time.day(l.subject, l.open, day, q.Not, nil),
		})
	}
	return out
}

// day is what is known of a subject's day: of appointments that sees does not name, only that
// there are some. What is not working is told where there are hours.
func (k Time) day(of Subject, open spans, day Span, not AppointmentID, sees func(AppointmentID) bool) []BusySpan {
	var out []BusySpan
	within := func(s Span) (Span, bool) {
		if !s.overlaps(day) {
			return s, false
		}
		if s.Starts.Before(day.Starts) {
			s.Starts = day.Starts
		}
		if s.Ends.After(day.Ends) {
			s.Ends = day.Ends
		}
		return s, true
	}
	add := func(s Span, kind SpanKind, id AppointmentID) {
		if s, in := within(s); in {
			out = append(out, BusySpan{s, kind, id})
		}
	}
	for _, s := range (spans{stretchOf(day.Starts, day.Ends)}).minus(open) {
		add(Span{time.UnixMilli(s.from).UTC(), time.UnixMilli(s.until).UTC()}, SpanClosed, "")
	}
	for _, a := range k.Absences {
		if a.Subject == of {
			add(a.Span, SpanAway, "")
		}
	}
	for _, e := range k.Elsewhere {
		if e.Subject == of {
			add(e.Span, SpanElsewhere, "")
		}
	}
	for _, c := range k.Claims {
		if c.Subject != of || not != "" && c.Appointment == not || !c.Firm() {
			continue
		}
		kind := SpanCall
		switch {
		case c.Kind == Travelling:
			kind = SpanTravel
		case c.Held():
			kind = SpanHeld
		}
		id := AppointmentID("")
		if sees != nil && sees(c.Appointment) {
			id = c.Appointment
		}
		add(Span{c.Starts, c.Ends}, kind, id)
	}
	slices.SortStableFunc(out, func(a, b BusySpan) int { return a.Starts.Compare(b.Starts) })
	return out
}
