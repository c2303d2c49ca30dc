package clinical

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// Rights are what someone may do with what is known of a patient here.
type Rights struct {
	See, Measure, SetLimits          bool
	ReadPlan, WritePlan, ApprovePlan bool
	// Photos may be sent by who may write nothing else: a patient.
	SeeWounds, WriteWounds, SendPhotos bool
}

// May says what someone may do. Nothing is read of the patient, and so nothing is on record.
func (s *Service) May(ctx context.Context, by access.Actor, patient access.PersonID) (Rights, error) {
	has, err := s.relations(ctx, by, patient)
	if err != nil {
		return Rights{}, err
	}
	return rights(by, has), nil
}

func rights(by access.Actor, has access.Relations) Rights {
	may := func(action access.Action) bool { _, err := access.Can(by, action, has); return err == nil }
	return Rights{
		See: may(access.ObservationRead), Measure: may(access.ObservationWrite), SetLimits: may(access.LimitWrite),
		ReadPlan: may(access.PlanRead), WritePlan: may(access.PlanWrite), ApprovePlan: may(access.PlanApprove),
		SeeWounds: may(access.WoundRead), WriteWounds: may(access.WoundWrite), SendPhotos: may(access.PhotoSend),
	}
}

// Event is what has changed of a patient's: ids only, so that it may pass between nodes. Who may
// read reads the content by See.
type Event struct {
	Observations []ObservationID
	Limits       bool  // there is a new version
	Plan         int64 // version of the own plan that has changed; 0: none has
	Wounds       bool  // wounds or their assessments are others
	Photos       []PhotoID
}

// New is a value on its way in.
type New struct {
	Key string // may be empty: then a value that is sent twice is kept twice
	// ID is what a new value will be called, where others of the same call are derived from it; empty: any
	// name. One that is known by its Key keeps the name that it has.
	ID       ObservationID
	Kind     KindID
	Values   []float64
	Units    []string // UCUM, of each value; nil: the kind's own
	Measured time.Time
	Method   Method
	Device   Device
	Site     string
	Position string
	Note     string
	// DerivedFrom are ids of what it was calculated from.
	DerivedFrom []string
}

// Result is what became of one value of several: kept, or why not.
type Result struct {
	Key   string   // as it came
	Seen           // as it is kept
	Known bool     // it had been kept before
	Fault *Invalid // nil: it is kept
}

// Seen is an observation as a reader is shown it.
type Seen struct {
	Observation
	Zone Zone
}

// Add keeps values of a patient, each for itself: one that is refused keeps no other back. in is
// the call in which they came; empty for none. Errors: *access.Refused; *Invalid where there are
// none, or too many.
func (s *Service) Add(ctx context.Context, by access.Actor, patient access.PersonID, in string, values []New) ([]Result, error) {
	return s.add(ctx, by, patient, in, values, false)
}

// AddAll is Add, whole or not at all: an *ItemError tells which one was refused.
func (s *Service) AddAll(ctx context.Context, by access.Actor, patient access.PersonID, in string, values []New) ([]Result, error) {
	return s.add(ctx, by, patient, in, values, true)
}

// MaxAtOnce is how many values may come at once.
const MaxAtOnce = 500

func (s *Service) add(ctx context.Context, by access.Actor, patient access.PersonID, in string, values []New, whole bool) ([]Result, error) {
	through, err := s.demand(ctx, by, access.ObservationWrite, patient)
	if err != nil {
		return nil, err
	}
	if len(values) == 0 || len(values) > MaxAtOnce {
		return nil, &Invalid{"items", fmt.Sprintf("must be 1–%d", MaxAtOnce)}
	}
	if err := s.about(ctx, in, patient); err != nil {
		return nil, err
	}
	performer, err := s.performer(ctx, by)
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	out := make([]Result, len(values))
	for i, v := range values {
		out[i].Key = v.Key
	}
	var good []Observation
	var at []int // of good, in values
	for i, v := range values {
		o, err := s.observation(by, patient, in, v, performer, now)
		var fault *Invalid
		switch {
		case err == nil:
			good, at = append(good, o), append(at, i)
		case !errors.As(err, &fault):
			return nil, err
		case whole:
			return nil, &ItemError{i, fault}
		default:
			out[i].Fault = fault
		}
	}
	for len(good) > 0 {
		e := s.entry(by, access.ObservationWrite, audit.Done, through.By, patient, "patient/"+string(patient)+"/observations")
		added, err := s.cfg.Store.Add(ctx, good, []audit.Entry{e})
		if one, refused := errors.AsType[*ItemError](err); refused && !whole {
			var fault *Invalid
			if !errors.As(one.Err, &fault) {
				return nil, err
			}
			out[at[one.Index]].Fault = fault
			good, at = slices.Delete(good, one.Index, one.Index+1), slices.Delete(at, one.Index, one.Index+1)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("add to %s: %w", patient, err)
		}
		var fresh []ObservationID
		kept := make([]Observation, len(added))
		for i, a := range added {
			kept[i], out[at[i]].Known = a.Observation, a.Known
			if !a.Known {
				fresh = append(fresh, a.ID)
			}
		}
		if len(fresh) > 0 {
			s.cfg.Changed(patient, Event{Observations: fresh})
		}
		seen, err := s.seen(ctx, patient, kept)
		if err != nil {
			return nil, err
		}
		for i := range seen {
			out[at[i]].Seen = seen[i]
		}
		break
	}
	return out, nil
}

// observation is a value as it is kept.
func (s *Service) observation(by access.Actor, patient access.PersonID, in string, v New, performer Performer, now time.Time) (Observation, error) {
	o := Observation{
		ID: cmp.Or(v.ID, ObservationID(newID())), Version: 1, Patient: patient, Kind: v.Kind, Values: v.Values, Status: Final,
		Measured: v.Measured.Truncate(time.Millisecond), Received: now.Truncate(time.Millisecond), Method: v.Method, Device: v.Device,
		Site: v.Site, Position: v.Position, Note: v.Note, Performer: performer, Consultation: in, DerivedFrom: v.DerivedFrom, Key: v.Key,
	}
	// What the patient's own side enters is what they say, whoever holds the keys.
	if (by.Role == access.Patient || by.Role == access.Relative) && o.Method == ByHand {
		o.Method = Reported
	}
	kind, known := s.kinds.Kind(v.Kind)
	if known && len(v.Units) > 0 && len(v.Values) == len(kind.Components) { // else check says what is wrong
		if len(v.Units) != len(kind.Components) {
			return o, &Invalid{"units", fmt.Sprintf("must be as many as there are values: %d", len(kind.Components))}
		}
		o.Values = make([]float64, len(v.Values))
		for i, c := range kind.Components {
			in, err := c.Convert(v.Values[i], v.Units[i])
			if err != nil {
				return o, &Invalid{"units", err.Error()}
			}
			o.Values[i] = in
		}
	}
	return o, o.check(s.kinds, now)
}

// about refuses a consultation that is not about the patient.
func (s *Service) about(ctx context.Context, in string, patient access.PersonID) error {
	if in == "" {
		return nil
	}
	whose, err := s.cfg.About(ctx, in)
	if err != nil {
		return fmt.Errorf("whom consultation %s is about: %w", in, err)
	}
	if whose != patient {
		return &Invalid{"consultation", "must be one that is about the patient"}
	}
	return nil
}

// Edit is a change of a value that has been kept.
type Edit struct {
	Wrong  bool      // it counts for nothing any more
	Values []float64 // what it should have been, where it is not Wrong
	Reason string    // may be empty
}

// Correct changes a value, or marks it as wrong; what it was before stays beside. version is the
// one that the change rests on. A clinician corrects what anybody has entered; a patient's own
// side, and another system, only what is theirs.
// Errors: *access.Refused, *Invalid, ErrNotFound, ErrVersion.
func (s *Service) Correct(ctx context.Context, by access.Actor, patient access.PersonID, id ObservationID, version int64, c Edit) (Seen, error) {
	through, err := s.demand(ctx, by, access.ObservationWrite, patient)
	if err != nil {
		return Seen{}, err
	}
	found, err := s.cfg.Store.Observations(ctx, patient, Query{IDs: []ObservationID{id}})
	if err != nil {
		return Seen{}, fmt.Errorf("observation %s: %w", id, err)
	}
	if len(found) == 0 || !s.shows(by, found[0].Kind) || !by.Role.Clinician() && found[0].Performer.Person != by.Person {
		return Seen{}, ErrNotFound
	}
	o := found[0]
	if rule := lineRule(c.Reason, maxNote); rule != "" {
		return Seen{}, &Invalid{"reason", rule}
	}
	if o.Status == Wrong {
		return Seen{}, &Invalid{"status", "is wrong already: enter a new value instead"}
	}
	performer, err := s.performer(ctx, by)
	if err != nil {
		return Seen{}, err
	}
	now := s.cfg.Now()
	o.Version, o.Status, o.Correction = version, Amended, &Correction{By: performer, At: now.Truncate(time.Millisecond), Reason: c.Reason}
	if c.Wrong {
		o.Status = Wrong
	} else {
		o.Values = c.Values
		if err := o.check(s.kinds, now); err != nil {
			return Seen{}, err
		}
	}
	e := s.entry(by, access.ObservationWrite, audit.Done, through.By, patient, "observation/"+string(id))
	kept, err := s.cfg.Store.Correct(ctx, o, []audit.Entry{e})
	if err != nil {
		return Seen{}, fmt.Errorf("observation %s: %w", id, err)
	}
	s.cfg.Changed(patient, Event{Observations: []ObservationID{id}})
	seen, err := s.seen(ctx, patient, []Observation{kept})
	if err != nil {
		return Seen{}, err
	}
	return seen[0], nil
}

// Panel is what stands next to the video.
type Panel struct {
	Rows   []Row
	NEWS2  *NEWS2 // nil: it is not for this patient, or not for the reader
	Limits Limits
	// May is what the reader may do.
	MayWrite, MaySetLimits bool
}

// Row is one kind's latest.
type Row struct {
	Kind   KindID
	Latest *Seen   // nil: never measured
	Before *Point  // the value before it; nil: there is none
	Recent []Point // the latest, in order of time, for a small picture
}

// recently is how many values a small picture has, and matters for how long a kind stands in the
// panel without anybody having asked for it.
const (
	recently = 12
	matters  = 120 * 24 * time.Hour
)

// Panel is what matters for a patient: kinds that they have limits for, that are asked for, or that
// have been measured in the last four months, in the fixed order of kinds. It is on record as
// one look for as long as it stays open.
func (s *Service) Panel(ctx context.Context, by access.Actor, patient access.PersonID, asked []KindID) (Panel, error) {
	has, err := s.look(ctx, by, patient)
	if err != nil {
		return Panel{}, err
	}
	may := rights(by, has)
	limits, err := s.cfg.Store.Limits(ctx, patient)
	if err != nil {
		return Panel{}, fmt.Errorf("limits of %s: %w", patient, err)
	}
	var kinds []KindID
	for _, k := range s.kinds.All() {
		if s.shows(by, k.ID) {
			kinds = append(kinds, k.ID)
		}
	}
	latest, err := s.cfg.Store.Latest(ctx, patient, kinds, recently)
	if err != nil {
		return Panel{}, fmt.Errorf("latest of %s: %w", patient, err)
	}
	now := s.cfg.Now()
	out := Panel{
		Limits:       limits,
		MayWrite:     may.Measure,
		MaySetLimits: may.SetLimits,
	}
	newest := map[KindID]Observation{}
	for _, id := range kinds {
		values := latest[id]
		_, limited := limits.Of(id)
		if !limited && !slices.Contains(asked, id) && (len(values) == 0 || now.Sub(values[0].Measured) > matters) {
			continue
		}
		row := Row{Kind: id}
		for i, o := range values {
			row.Recent = append(row.Recent, Point{o.Measured, o.Values})
			if i == 1 {
				row.Before = &Point{o.Measured, o.Values}
			}
		}
		slices.Reverse(row.Recent)
		if len(values) > 0 {
			newest[id] = values[0]
			seen, err := s.zoned(ctx, patient, limits, values[:1])
			if err != nil {
				return Panel{}, err
			}
			row.Latest = &seen[0]
		}
		out.Rows = append(out.Rows, row)
	}
	if by.Role.Clinician() && len(newest) > 0 {
		born, err := s.cfg.Born(ctx, patient)
		if err != nil {
			return Panel{}, fmt.Errorf("when %s was born: %w", patient, err)
		}
		if !adult(born, now) {
			return out, nil
		}
		n := ScoreNEWS2(newest, limits.ScaleTwo != nil, s.cfg.NEWS2Together)
		if len(n.Parts) > 0 {
			out.NEWS2 = &n
		}
	}
	return out, nil
}

// Trend is a kind's values from a time until another, thinned to at most so many points.
// Errors: *access.Refused, *Invalid.
func (s *Service) Trend(ctx context.Context, by access.Actor, patient access.PersonID, kind KindID, from, until time.Time, most int) (Trend, error) {
	if _, err := s.look(ctx, by, patient); err != nil {
		return Trend{}, err
	}
	k, ok := s.kinds.Kind(kind)
	switch {
	case !ok || !s.shows(by, kind):
		return Trend{}, &Invalid{"kind", "must be one that can be measured here, and is for the reader to see"}
	case !from.Before(until):
		return Trend{}, &Invalid{"from", "must be before until"}
	case most < 10 || most > 5000:
		return Trend{}, &Invalid{"points", "must be 10–5000"}
	}
	points, first, err := s.cfg.Store.Series(ctx, patient, kind, from, until)
	if err != nil {
		return Trend{}, fmt.Errorf("series of %s: %w", patient, err)
	}
	limits, err := s.cfg.Store.Limits(ctx, patient)
	if err != nil {
		return Trend{}, fmt.Errorf("limits of %s: %w", patient, err)
	}
	of, _ := limits.Of(kind)
	now := s.cfg.Now()
	out := Trend{Kind: kind, From: from, Until: until, Total: len(points), Limits: of, Set: limits, First: first, Out: of.outside(points)}
	out.Week, out.Mean = meanOf(k, points, now.AddDate(0, 0, -7)), meanOf(k, points, from)
	out.Points = thin(points, most)
	return out, nil
}

// Values lists a kind's values with all that is known of them, the newest first, wrong ones too; of
// every kind that the reader sees where kind is empty. before and beforeID go on after the last of a page.
func (s *Service) Values(ctx context.Context, by access.Actor, patient access.PersonID, q Query) ([]Seen, error) {
	if _, err := s.look(ctx, by, patient); err != nil {
		return nil, err
	}
	if q.Kind != "" && !s.shows(by, q.Kind) {
		return nil, &Invalid{"kind", "must be one that can be measured here, and is for the reader to see"}
	}
	if len(q.IDs) == 0 && (q.Most < 1 || q.Most > 1000) {
		return nil, &Invalid{"count", "must be 1–1000"}
	}
	found, err := s.cfg.Store.Observations(ctx, patient, q)
	if err != nil {
		return nil, fmt.Errorf("observations of %s: %w", patient, err)
	}
	found = slices.DeleteFunc(found, func(o Observation) bool { return !s.shows(by, o.Kind) })
	return s.seen(ctx, patient, found)
}

// Sight is what a reader may see of an event.
type Sight struct {
	Values []Seen // in the order of the event's ids
	// Limits is the version of the patient's limits, where the event says that they are others;
	// else 0, which is also that of limits that were never set.
	Limits int64
}

// See is what a reader may see of an event. A reader without the right sees nothing, and is not
// refused (ok is false): nothing was asked.
func (s *Service) See(ctx context.Context, by access.Actor, patient access.PersonID, e Event) (sight Sight, ok bool, err error) {
	has, err := s.relations(ctx, by, patient)
	if err != nil {
		return Sight{}, false, err
	}
	through, refused := access.Can(by, access.ObservationRead, has)
	if refused != nil {
		return Sight{}, false, nil
	}
	if e.Limits {
		l, err := s.cfg.Store.Limits(ctx, patient)
		if err != nil {
			return Sight{}, false, fmt.Errorf("limits of %s: %w", patient, err)
		}
		sight.Limits = l.Version
	}
	if len(e.Observations) == 0 {
		return sight, true, nil
	}
	if err := s.recordLook(ctx, by, through, patient); err != nil {
		return Sight{}, false, err
	}
	found, err := s.cfg.Store.Observations(ctx, patient, Query{IDs: e.Observations})
	if err != nil {
		return Sight{}, false, fmt.Errorf("observations of %s: %w", patient, err)
	}
	found = slices.DeleteFunc(found, func(o Observation) bool { return !s.shows(by, o.Kind) })
	place := map[ObservationID]int{}
	for i, id := range e.Observations {
		place[id] = i
	}
	slices.SortFunc(found, func(a, b Observation) int { return place[a.ID] - place[b.ID] })
	sight.Values, err = s.seen(ctx, patient, found)
	return sight, err == nil, err
}

// Limits are a patient's.
func (s *Service) Limits(ctx context.Context, by access.Actor, patient access.PersonID) (Limits, error) {
	if _, err := s.look(ctx, by, patient); err != nil {
		return Limits{}, err
	}
	l, err := s.cfg.Store.Limits(ctx, patient)
	if err != nil {
		return Limits{}, fmt.Errorf("limits of %s: %w", patient, err)
	}
	return l, nil
}

// SetLimits gives a patient other limits; l.Version is the one that they rest on. Errors:
// *access.Refused, *Invalid, ErrVersion.
func (s *Service) SetLimits(ctx context.Context, by access.Actor, patient access.PersonID, l Limits) (Limits, error) {
	through, err := s.demand(ctx, by, access.LimitWrite, patient)
	if err != nil {
		return Limits{}, err
	}
	if err := l.check(s.kinds); err != nil {
		return Limits{}, err
	}
	if l.By, err = s.performer(ctx, by); err != nil {
		return Limits{}, err
	}
	l.Set = s.cfg.Now().Truncate(time.Millisecond)
	if l.ScaleTwo != nil { // a decision is its maker's own, and is made once
		before, err := s.cfg.Store.Limits(ctx, patient)
		if err != nil {
			return Limits{}, fmt.Errorf("limits of %s: %w", patient, err)
		}
		l.ScaleTwo = before.ScaleTwo
		if l.ScaleTwo == nil {
			l.ScaleTwo = &Decision{By: l.By, At: l.Set}
		}
	}
	e := s.entry(by, access.LimitWrite, audit.Done, through.By, patient, "patient/"+string(patient)+"/limits")
	kept, err := s.cfg.Store.SaveLimits(ctx, patient, l, []audit.Entry{e})
	if err != nil {
		return Limits{}, fmt.Errorf("limits of %s: %w", patient, err)
	}
	s.cfg.Changed(patient, Event{Limits: true})
	return kept, nil
}

// seen gives observations their zones.
func (s *Service) seen(ctx context.Context, patient access.PersonID, all []Observation) ([]Seen, error) {
	if len(all) == 0 {
		return nil, nil
	}
	limits, err := s.cfg.Store.Limits(ctx, patient)
	if err != nil {
		return nil, fmt.Errorf("limits of %s: %w", patient, err)
	}
	return s.zoned(ctx, patient, limits, all)
}

// zoned gives observations their zones. The values that a limit on changes reaches back for are
// read once for each kind.
func (s *Service) zoned(ctx context.Context, patient access.PersonID, limits Limits, all []Observation) ([]Seen, error) {
	before, err := s.before(ctx, patient, limits, all)
	if err != nil {
		return nil, err
	}
	out := make([]Seen, len(all))
	for i, o := range all {
		out[i] = Seen{Observation: o}
		if of, limited := limits.Of(o.Kind); limited && o.Status != Wrong {
			kind, _ := s.kinds.Kind(o.Kind)
			out[i].Zone = of.ZoneOf(kind, o.Values, o.Measured, before[o.Kind])
		}
	}
	return out, nil
}

// before are the values that observations of the kinds with a limit on changes are held against.
func (s *Service) before(ctx context.Context, patient access.PersonID, limits Limits, all []Observation) (map[KindID][]Point, error) {
	type span struct{ from, until time.Time }
	spans := map[KindID]span{}
	for _, o := range all {
		of, _ := limits.Of(o.Kind)
		days := max(of.Rise.Days, of.Fall.Days)
		if days == 0 || o.Status == Wrong {
			continue
		}
		from := o.Measured.AddDate(0, 0, -days)
		reach, known := spans[o.Kind]
		if !known || from.Before(reach.from) {
			reach.from = from
		}
		if o.Measured.After(reach.until) {
			reach.until = o.Measured
		}
		spans[o.Kind] = reach
	}
	out := map[KindID][]Point{}
	for kind, reach := range spans {
		points, _, err := s.cfg.Store.Series(ctx, patient, kind, reach.from, reach.until)
		if err != nil {
			return nil, fmt.Errorf("series of %s: %w", patient, err)
		}
		out[kind] = points
	}
	return out, nil
}

// shows says whether a kind is for the reader: what the patient has answered about themselves is
// not for a relative, unless the patient shows it.
func (s *Service) shows(by access.Actor, kind KindID) bool {
	k, ok := s.kinds.Kind(kind)
	return ok && !(by.Role == access.Relative && k.Category == "survey")
}

// relations are someone's to a patient. A link is for the patient of its consultation, whoever
// else its person meets or is related to, and staff who have come by one, as in a demo, have only
// what the call gives them: what else their organisation may takes an account.
func (s *Service) relations(ctx context.Context, by access.Actor, patient access.PersonID) (access.Relations, error) {
	has, err := s.cfg.Relations.Relations(ctx, by, patient)
	if err != nil || by.Consultation == "" || by.Person == patient {
		return has, err
	}
	whose, err := s.cfg.About(ctx, by.Consultation)
	switch {
	case err != nil:
		return 0, fmt.Errorf("whom consultation %s is about: %w", by.Consultation, err)
	case whose != patient:
		return 0, nil
	case by.Role.Staff():
		return has & access.Participant, nil
	}
	return has, nil
}

// opening is what someone has to a patient, and what of it has opened what they ask for.
type opening struct{ By, has access.Relations }

// demand asks access; a refusal is on record when it returns.
func (s *Service) demand(ctx context.Context, by access.Actor, action access.Action, patient access.PersonID) (opening, error) {
	has, err := s.relations(ctx, by, patient)
	if err != nil {
		return opening{}, err
	}
	through, refused := access.Can(by, action, has)
	if refused != nil {
		e := s.entry(by, action, audit.Refused, 0, patient, "patient/"+string(patient))
		if err := s.cfg.Store.Record(ctx, []audit.Entry{e}); err != nil {
			return opening{}, fmt.Errorf("record a refusal: %w", err)
		}
		return opening{}, refused
	}
	return opening{through, has}, nil
}

// look demands ObservationRead, puts the look on record, and returns all relations.
func (s *Service) look(ctx context.Context, by access.Actor, patient access.PersonID) (access.Relations, error) {
	opened, err := s.demand(ctx, by, access.ObservationRead, patient)
	if err != nil {
		return 0, err
	}
	return opened.has, s.recordLook(ctx, by, opened.By, patient)
}

// recordLook has it on record that someone reads, once for as long as they go on; a patient's
// looks at their own are nobody's matter.
func (s *Service) recordLook(ctx context.Context, by access.Actor, opened access.Relations, patient access.PersonID) error {
	if by.Person == patient {
		return nil
	}
	now := s.cfg.Now()
	e := s.entry(by, access.ObservationRead, audit.Done, opened, patient, "patient/"+string(patient)+"/observations")
	fresh := s.looks.Fresh([]audit.Entry{e}, now)
	if len(fresh) == 0 {
		return nil
	}
	if err := s.cfg.Store.Record(ctx, fresh); err != nil {
		return fmt.Errorf("record a read: %w", err)
	}
	s.looks.Recorded(fresh, now)
	return nil
}

func (s *Service) entry(by access.Actor, action access.Action, outcome audit.Outcome, through access.Relations, patient access.PersonID, object string) audit.Entry {
	e := audit.New(s.cfg.Now(), by, action.String(), outcome)
	e.By, e.Patient, e.Object = through, patient, object
	return e
}

// performer is the one who acts, as they are called now.
func (s *Service) performer(ctx context.Context, by access.Actor) (Performer, error) {
	p := Performer{Person: by.Person, Role: by.Role, Organisation: by.Organisation}
	if by.Role == access.Machine {
		return p, nil // another system has no name among people
	}
	names, err := s.cfg.Names.Names(ctx, []access.PersonID{by.Person})
	if err != nil {
		return p, fmt.Errorf("name of %s: %w", by.Person, err)
	}
	p.Name = names[by.Person]
	return p, nil
}
