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
	case q.From.After(now.Add(maxAhead)):
		return q, &Invalid{"from", "must be within two years"}
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
