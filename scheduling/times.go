package scheduling

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Search asks for common free times.
type Search struct {
	Parties     []Party
	Equipment   []EquipmentID
	Length      time.Duration
	From, Until time.Time     // zero: from now on; eight weeks after
	Deadline    string        // the day by which it should be; empty: none
	Earliest    int           // minute of the day before which the patient does not want it
	Latest      int           // by which it is to be over; 0: any
	Limit       int           // 0: 20
	Not         AppointmentID // is to be moved, and in nobody's way
}

// Common is what a search finds.
type Common struct {
	Times  []CommonTime // the best first
	Nearly []Near       // what would do with a change
	Free   int          // how many starts are free for all who are required
	Faults []Fault      // who is never free
}

// CommonTime is a time at which all who are required can.
type CommonTime struct {
	Span
	Parties []PartyTime // as asked
	Reasons []TimeReason
}

// PartyTime is one party at a common time.
type PartyTime struct {
	Person        access.PersonID // who was found
	Role          access.Role
	Free          bool
	Before, After time.Duration
	Day           []BusySpan // that day
}

// BusySpan is a piece of somebody's day.
type BusySpan struct {
	Span
	Kind        SpanKind
	Appointment AppointmentID // empty: none, or not to be seen
}

// SpanKind is what somebody does in it.
type SpanKind string

// The kinds.
const (
	SpanCall      SpanKind = "call"
	SpanTravel    SpanKind = "travel"
	SpanHeld      SpanKind = "held" // promised to what is not booked yet
	SpanAway      SpanKind = "away"
	SpanElsewhere SpanKind = "elsewhere"
	SpanClosed    SpanKind = "closed" // not working
)

// Near is a time that would do if something were changed.
type Near struct {
	Starts  time.Time
	Length  time.Duration
	Without int // the one required party who can't; -1: all can, for a shorter time
}

// Fault says why a party is never free.
type Fault struct {
	Party int
	Rule  FaultRule
}

const (
	usualSearch = 8 * 7 * 24 * time.Hour
	maxSearch   = 366 * 24 * time.Hour
	usualLimit  = 20
	maxAnyOf    = 30
)

func (q Search) checked(now time.Time) (Search, error) {
	if q.From.Before(now) {
		q.From = now
	}
	if q.Until.IsZero() {
		q.Until = q.From.Add(usualSearch)
	}
	if q.Limit == 0 {
		q.Limit = usualLimit
	}
	switch {
	case q.Length < minLength || q.Length > maxBooked || q.Length%time.Minute != 0:
		return q, &Invalid{"minutes", "must be 5–480"}
	case !q.Until.After(q.From):
		return q, &Invalid{"until", "must be after from, and not past"}
	case q.Until.Sub(q.From) > maxSearch:
		return q, &Invalid{"until", "must be within a year of from"}
	case q.Deadline != "" && !isDay(q.Deadline):
		return q, &Invalid{"deadline", ruleDay}
	case q.Earliest < 0 || q.Earliest > dayMinutes || q.Latest < 0 || q.Latest > dayMinutes || q.Latest != 0 && q.Latest <= q.Earliest:
		return q, &Invalid{"latest", "must be after earliest, and both within the day"}
	case len(q.Parties) == 0 || len(q.Parties) > maxParticipants:
		return q, &Invalid{"parties", fmt.Sprintf("must be 1–%d", maxParticipants)}
	case len(q.Equipment) > maxEquipment:
		return q, &Invalid{"equipment", fmt.Sprintf("must be at most %d", maxEquipment)}
	}
	for i, p := range q.Parties {
		place := fmt.Sprintf("parties[%d].", i)
		switch {
		case (p.Person == "") == (len(p.AnyOf) == 0) || p.Role == access.Patient && p.Person == "":
			return q, &Invalid{place + "person", "must be given, or of others than the patient anyOf must, and not both"}
		case len(p.AnyOf) > maxAnyOf:
			return q, &Invalid{place + "anyOf", fmt.Sprintf("must be at most %d", maxAnyOf)}
		case p.Before < 0 || p.Before > maxTravel || p.Before%time.Minute != 0:
			return q, &Invalid{place + "before", ruleTravel}
		case p.After < 0 || p.After > maxTravel || p.After%time.Minute != 0:
			return q, &Invalid{place + "after", ruleTravel}
		}
	}
	return q, nil
}

// Find looks for common free times. Who may see the calendars of an organisation may search
// in them; the answer tells when people are free and nothing of what else they do.
func (s *Service) Find(ctx context.Context, by access.Actor, q Search) (Common, error) {
	q, err := q.checked(s.cfg.Now())
	if err != nil {
		return Common{}, err
	}
	reach, err := s.calendars(ctx, by, "times")
	if err != nil {
		return Common{}, err
	}
	for i, p := range q.Parties {
		if p.Role.Staff() && !slices.Contains(reach.With, p.Organisation) {
			return Common{}, &Invalid{fmt.Sprintf("parties[%d].organisation", i), "has no agreement by which its people may be booked"}
		}
	}
	if err := s.lends(ctx, reach, q.Equipment); err != nil {
		return Common{}, err
	}
	if err := s.searchable(ctx, by, q); err != nil {
		return Common{}, err
	}
	lanes, err := s.lanes(ctx, q)
	if err != nil {
		return Common{}, err
	}
	return lanes.answer(q), nil
}

// FindNamed is Find with the names of the staff who were found; a patient's is known to who asks.
func (s *Service) FindNamed(ctx context.Context, by access.Actor, q Search) (Common, map[access.PersonID]string, error) {
	common, err := s.Find(ctx, by, q)
	if err != nil {
		return Common{}, nil, err
	}
	seen := map[access.PersonID]bool{}
	for _, t := range common.Times {
		for _, p := range t.Parties {
			if p.Role.Staff() {
				seen[p.Person] = true
			}
		}
	}
	names, err := s.cfg.People.Names(ctx, slices.Collect(maps.Keys(seen)))
	if err != nil {
		return Common{}, nil, fmt.Errorf("names: %w", err)
	}
	return common, names, nil
}

// searchable finds out that those whose time is looked for are who they are said to be: staff
// who work in that role where it is said, on the first day or the last, and a patient whom one
// may know of with those around them. Of others a search would tell when they are free.
func (s *Service) searchable(ctx context.Context, by access.Actor, q Search) error {
	var staff []access.PersonID
	var organisations []access.OrganisationID
	for _, p := range q.Parties {
		if p.Role.Staff() {
			staff = append(staff, p.anyone()...)
			organisations = append(organisations, p.Organisation)
		}
	}
	slices.Sort(organisations)
	var working []Colleague
	for _, moment := range []time.Time{q.From, q.Until} {
		more, err := s.cfg.Register.Working(ctx, staff, moment.In(s.cfg.Zone).Format(time.DateOnly))
		if err != nil {
			return fmt.Errorf("who works: %w", err)
		}
		working = append(working, more...)
	}
	patient := Request{Parties: q.Parties}.patient()
	if err := s.knows(ctx, by, patient); err != nil {
		return err
	}
	around, err := s.cfg.Register.Around(ctx, patient, slices.Compact(organisations))
	if err != nil {
		return fmt.Errorf("around the patient: %w", err)
	}
	for i, p := range q.Parties {
		for _, person := range p.anyone() {
			guest, known := around.Guests[person]
			if p.Role.Staff() {
				known = slices.ContainsFunc(working, func(c Colleague) bool {
					return c.Person == person && c.Organisation == p.Organisation && c.Role == p.Role
				})
			} else {
				known = known && guest.Role == p.Role
			}
			if !known {
				return &Invalid{fmt.Sprintf("parties[%d].person", i), "must work there in that role, or be the patient, a relative or an interpreter"}
			}
		}
	}
	return nil
}

// calendars asks whether somebody may see calendars, and whose.
func (s *Service) calendars(ctx context.Context, by access.Actor, object string) (Reach, error) {
	var has access.Relations
	if by.Organisation != "" && !byLink(by) {
		has = access.SameOrganisation
	}
	if _, err := s.allow(ctx, by, access.CalendarRead, has, Appointment{}, object); err != nil {
		return Reach{}, err
	}
	reach, err := s.cfg.Register.Reach(ctx, by)
	if err != nil {
		return Reach{}, fmt.Errorf("whom one may book: %w", err)
	}
	return reach, nil
}

// searching is a search with all that is known of the parties' time.
type searching struct {
	ask
	time   Time
	places []place // of each lane's subject, party by party
}

// place is where somebody's hours come from.
type place struct {
	subject      Subject
	organisation access.OrganisationID
	unit         string
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
