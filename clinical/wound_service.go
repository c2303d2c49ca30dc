package clinical

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// WoundView is a wound with what is latest of it.
type WoundView struct {
	Wound
	Latest, Before   *Assessment // of those that count; nil: none
	Photo            *Photo
	PhotoBefore      *Photo // the latest of an earlier day than Photo
	Photos, Assessed int    // how many count
	AllPhotos        []Photo
	AllAssessments   []Assessment // the newest first, wrong ones too, as are all photos
	latestOfAnything time.Time
}

// Wounds are a patient's, and photos that belong to none of them.
type Wounds struct {
	All   []WoundView // open ones first, of those the latest first; wrong ones last
	Loose []Photo     // the newest first
	// May is what the reader may do.
	MayWrite, MaySend bool
}

// Wounds are a patient's wounds as they are now. It is on record as one look for as long as it stays
// open. Errors: *access.Refused.
func (s *Service) Wounds(ctx context.Context, by access.Actor, patient access.PersonID) (Wounds, error) {
	opened, err := s.lookAtWounds(ctx, by, patient)
	if err != nil {
		return Wounds{}, err
	}
	book, err := s.woundBook(ctx, patient)
	if err != nil {
		return Wounds{}, err
	}
	may := rights(by, opened.has)
	out := Wounds{All: s.views(book), MayWrite: may.WriteWounds, MaySend: may.SendPhotos}
	for _, p := range book.Photos {
		if p.Wound == "" {
			out.Loose = append(out.Loose, p)
		}
	}
	slices.SortFunc(out.Loose, newestPhoto)
	return out, nil
}

// WoundSeries is one wound with all that is known of it over time. Errors: *access.Refused, ErrNotFound.
func (s *Service) WoundSeries(ctx context.Context, by access.Actor, patient access.PersonID, id WoundID) (WoundView, error) {
	if _, err := s.lookAtWounds(ctx, by, patient); err != nil {
		return WoundView{}, err
	}
	return s.view(ctx, patient, id)
}

// lookAtWounds demands WoundRead, and puts the look on record.
func (s *Service) lookAtWounds(ctx context.Context, by access.Actor, patient access.PersonID) (opening, error) {
	opened, err := s.demand(ctx, by, access.WoundRead, patient)
	if err != nil {
		return opening{}, err
	}
	return opened, s.recordRead(ctx, by, access.WoundRead, opened.By, patient, woundsObject(patient))
}

func woundsObject(patient access.PersonID) string { return "patient/" + string(patient) + "/wounds" }

// recordRead has it on record that someone reads something, once for as long as they go on; a patient's
// looks at their own are nobody's matter.
func (s *Service) recordRead(ctx context.Context, by access.Actor, action access.Action, opened access.Relations, patient access.PersonID, object string) error {
	if by.Person == patient {
		return nil
	}
	now := s.cfg.Now()
	fresh := s.looks.Fresh([]audit.Entry{s.entry(by, action, audit.Done, opened, patient, object)}, now)
	if len(fresh) == 0 {
		return nil
	}
	if err := s.cfg.Store.Record(ctx, fresh); err != nil {
		return fmt.Errorf("record a read: %w", err)
	}
	s.looks.Recorded(fresh, now)
	return nil
}

func (s *Service) woundBook(ctx context.Context, patient access.PersonID) (WoundBook, error) {
	book, err := s.cfg.Wounds.WoundBook(ctx, patient)
	if err != nil {
		return WoundBook{}, fmt.Errorf("wounds of %s: %w", patient, err)
	}
	return book, nil
}

func (s *Service) view(ctx context.Context, patient access.PersonID, id WoundID) (WoundView, error) {
	book, err := s.woundBook(ctx, patient)
	if err != nil {
		return WoundView{}, err
	}
	for _, v := range s.views(book) {
		if v.ID == id {
			return v, nil
		}
	}
	return WoundView{}, ErrNotFound
}

func newestPhoto(a, b Photo) int {
	return cmp.Or(b.Taken.Compare(a.Taken), b.Received.Compare(a.Received), cmp.Compare(a.ID, b.ID))
}

func newestAssessment(a, b Assessment) int {
	return cmp.Or(b.Found.At.Compare(a.Found.At), b.Received.Compare(a.Received), cmp.Compare(a.ID, b.ID))
}

// views are the wounds of a book, in the order in which they are shown.
func (s *Service) views(book WoundBook) []WoundView {
	photos, assessments := map[WoundID][]Photo{}, map[WoundID][]Assessment{}
	for _, p := range book.Photos {
		photos[p.Wound] = append(photos[p.Wound], p)
	}
	for _, a := range book.Assessments {
		assessments[a.Wound] = append(assessments[a.Wound], a)
	}
	out := make([]WoundView, len(book.Wounds))
	for i, w := range book.Wounds {
		out[i] = s.viewOf(w, photos[w.ID], assessments[w.ID])
	}
	rank := map[WoundStatus]int{WoundOpen: 0, WoundClosed: 1, WoundWrong: 2}
	slices.SortFunc(out, func(a, b WoundView) int {
		return cmp.Or(rank[a.Status]-rank[b.Status], b.latestOfAnything.Compare(a.latestOfAnything), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func (s *Service) viewOf(w Wound, photos []Photo, assessments []Assessment) WoundView {
	slices.SortFunc(photos, newestPhoto)
	slices.SortFunc(assessments, newestAssessment)
	v := WoundView{Wound: w, AllPhotos: photos, AllAssessments: assessments, latestOfAnything: w.Made}
	latest := func(t time.Time) {
		if t.After(v.latestOfAnything) {
			v.latestOfAnything = t
		}
	}
	for i, p := range photos {
		if p.Status == Wrong {
			continue
		}
		v.Photos++
		latest(p.Taken)
		switch {
		case v.Photo == nil:
			v.Photo = &photos[i]
		case v.PhotoBefore == nil && s.day(p.Taken) < s.day(v.Photo.Taken):
			v.PhotoBefore = &photos[i]
		}
	}
	for i, a := range assessments {
		if a.Status == Wrong {
			continue
		}
		v.Assessed++
		latest(a.Found.At)
		switch v.Assessed {
		case 1:
			v.Latest = &assessments[i]
		case 2:
			v.Before = &assessments[i]
		}
	}
	return v
}

// day is the one on which something was, where the service is.
func (s *Service) day(t time.Time) string { return t.In(s.cfg.Zone).Format(time.DateOnly) }

// NewWound is a wound on its way in.
type NewWound struct {
	Key   string
	Site  string
	Side  BodySide
	Since time.Time // zero: not known
}

// AddWound begins to follow a wound. Errors: *access.Refused, *Invalid, ErrKeyTaken.
func (s *Service) AddWound(ctx context.Context, by access.Actor, patient access.PersonID, n NewWound) (WoundView, error) {
	through, who, err := s.writesWounds(ctx, by, patient)
	if err != nil {
		return WoundView{}, err
	}
	now := s.cfg.Now()
	w := Wound{
		ID: WoundID(newID()), Patient: patient, Status: WoundOpen, Site: n.Site, Side: n.Side, Since: n.Since.Truncate(time.Millisecond),
		Made: now.Truncate(time.Millisecond), By: who, Sent: Sent{n.Key, digest(n.Site, n.Side, n.Since.UnixMilli())},
	}
	if err := w.check(now); err != nil {
		return WoundView{}, err
	}
	return s.saveWound(ctx, by, through, w)
}

// digest stands for what was sent.
func digest(content ...any) string {
	text, err := json.Marshal(content)
	if err != nil { // what is sent was numbers and texts
		panic(fmt.Sprintf("clinical: digest: %v", err))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// WoundChange is what a wound is said to be from now on.
type WoundChange struct {
	Site   string
	Side   BodySide
	Since  time.Time
	Status WoundStatus
	Reason string // may be empty
}

// ChangeWound says anew what a wound is, closes it, opens it again, or marks it as wrong; what it was
// stays beside. version is the one that the change rests on. Errors: *access.Refused, *Invalid,
// ErrNotFound, ErrVersion.
func (s *Service) ChangeWound(ctx context.Context, by access.Actor, patient access.PersonID, id WoundID, version int64, c WoundChange) (WoundView, error) {
	through, who, err := s.writesWounds(ctx, by, patient)
	if err != nil {
		return WoundView{}, err
	}
	v, err := s.view(ctx, patient, id)
	if err != nil {
		return WoundView{}, err
	}
	w, now := v.Wound, s.cfg.Now()
	at := now.Truncate(time.Millisecond)
	switch {
	case lineRule(c.Reason, maxNote) != "":
		return WoundView{}, &Invalid{"reason", lineRule(c.Reason, maxNote)}
	case w.Status == WoundWrong:
		return WoundView{}, &Invalid{"status", "is wrong already: enter a new wound instead"}
	case c.Status == WoundOpen, c.Status == WoundWrong:
		w.Closed = time.Time{}
	case c.Status == WoundClosed && w.Status != WoundClosed:
		w.Closed = at
	case c.Status != WoundClosed:
		return WoundView{}, &Invalid{"status", "must be open, closed or entered-in-error"}
	}
	w.Version, w.Status, w.Site, w.Side, w.Since = version, c.Status, c.Site, c.Side, c.Since.Truncate(time.Millisecond)
	w.Correction = &Correction{By: who, At: at, Reason: c.Reason}
	if err := w.check(now); err != nil {
		return WoundView{}, err
	}
	return s.saveWound(ctx, by, through, w)
}

func (s *Service) saveWound(ctx context.Context, by access.Actor, through access.Relations, w Wound) (WoundView, error) {
	e := s.entry(by, access.WoundWrite, audit.Done, through, w.Patient, "wound/"+string(w.ID))
	kept, known, err := s.cfg.Wounds.SaveWound(ctx, w, []audit.Entry{e})
	if err != nil {
		return WoundView{}, fmt.Errorf("wound %s: %w", w.ID, err)
	}
	if !known {
		s.cfg.Changed(w.Patient, Event{Wounds: true})
	}
	return s.view(ctx, w.Patient, kept.ID)
}

// writesWounds demands WoundWrite.
func (s *Service) writesWounds(ctx context.Context, by access.Actor, patient access.PersonID) (access.Relations, Performer, error) {
	opened, err := s.demand(ctx, by, access.WoundWrite, patient)
	if err != nil {
		return 0, Performer{}, err
	}
	who, err := s.performer(ctx, by)
	return opened.By, who, err
}

// NewAssessment is an assessment on its way in.
type NewAssessment struct {
	Key          string
	Consultation string // empty: none
	Found
}

// Assess keeps what was found at a wound, and each of its numbers as an observation too.
// Errors: *access.Refused, *Invalid, ErrNotFound, ErrKeyTaken.
func (s *Service) Assess(ctx context.Context, by access.Actor, patient access.PersonID, of WoundID, n NewAssessment) (Assessment, error) {
	through, who, err := s.writesWounds(ctx, by, patient)
	if err != nil {
		return Assessment{}, err
	}
	if err := s.about(ctx, n.Consultation, patient); err != nil {
		return Assessment{}, err
	}
	v, err := s.view(ctx, patient, of)
	if err != nil {
		return Assessment{}, err
	}
	now := s.cfg.Now()
	found := n.Found.copied()
	a := Assessment{
		ID: AssessmentID(newID()), Patient: patient, Wound: of, Status: Final, Consultation: n.Consultation, Received: now.Truncate(time.Millisecond),
		By: who, Sent: Sent{n.Key, digest(of, n.Consultation, found)}, Found: found, Measured: map[KindID]ObservationID{},
	}
	if err := keyFault(n.Key); err != nil {
		return Assessment{}, err
	}
	if err := s.settle(&a, v, now); err != nil {
		return Assessment{}, err
	}
	return s.saveAssessment(ctx, by, through, a, s.measuredBy(&a, v.Wound, who))
}

// settle checks an assessment, and that it can be of its wound.
func (s *Service) settle(a *Assessment, v WoundView, now time.Time) error {
	if v.Status == WoundWrong {
		return &Invalid{"wound", "must not be wrong"}
	}
	if a.Found.Photo != "" && !slices.ContainsFunc(v.AllPhotos, func(p Photo) bool { return p.ID == a.Found.Photo && p.Status != Wrong }) {
		return &Invalid{"photo", "must be one of this wound that is not wrong"}
	}
	return a.Found.settle(s.kinds, now)
}

// copied is what was found in memory of its own, with times as they are kept.
func (f Found) copied() Found {
	f.At = f.At.Truncate(time.Millisecond).UTC()
	f.Infection = slices.Clone(f.Infection)
	if f.Tissue != nil {
		tissue := *f.Tissue
		f.Tissue = &tissue
	}
	return f
}

// measuredBy are an assessment's numbers as observations, and those that it had before and has no more
// as wrong. It notes in the assessment which is which.
func (s *Service) measuredBy(a *Assessment, w Wound, who Performer) []Observation {
	var out []Observation
	kinds, values := a.Found.numbers()
	from := []string{string(a.ID)}
	if a.Found.Photo != "" {
		from = append(from, string(a.Found.Photo))
	}
	before := a.Measured
	a.Measured = maps.Clone(before)
	for _, kind := range s.kinds.All() {
		i := slices.Index(kinds, kind.ID)
		id, known := before[kind.ID]
		if i < 0 && !known {
			continue
		}
		o := Observation{
			ID: id, Version: 1, Patient: a.Patient, Kind: kind.ID, Status: Final, Measured: a.Found.At, Received: a.Received, Method: ByHand,
			Performer: who, Consultation: a.Consultation, DerivedFrom: from, Correction: a.Correction,
		}
		if kind.ID != Pain {
			o.Site = w.Site
		}
		if kind.ID == WoundArea && a.Found.Method != "" {
			o.Method = Calculated // of length and width, or of an outline
		}
		if kind.ID == Pain {
			o.Method = Reported
		}
		if !known {
			o.ID, o.Correction = ObservationID(newID()), nil
			a.Measured[kind.ID] = o.ID
		} else {
			o.Status = Amended
		}
		if i < 0 || a.Status == Wrong {
			o.Status = Wrong // with the values that it had
		} else {
			o.Values = []float64{values[i]}
		}
		out = append(out, o)
	}
	return out
}

// AssessmentEdit is a change of an assessment that has been kept.
type AssessmentEdit struct {
	Wrong  bool   // it counts for nothing any more
	Found  Found  // what it should have been, whole, where it is not Wrong
	Reason string // may be empty
}

// CorrectAssessment changes an assessment, or marks it as wrong, and its observations with it; what it
// was stays beside. version is the one that the change rests on. Errors: *access.Refused, *Invalid,
// ErrNotFound, ErrVersion.
func (s *Service) CorrectAssessment(ctx context.Context, by access.Actor, patient access.PersonID, of WoundID, id AssessmentID, version int64, c AssessmentEdit) (Assessment, error) {
	through, who, err := s.writesWounds(ctx, by, patient)
	if err != nil {
		return Assessment{}, err
	}
	v, err := s.view(ctx, patient, of)
	if err != nil {
		return Assessment{}, err
	}
	i := slices.IndexFunc(v.AllAssessments, func(a Assessment) bool { return a.ID == id })
	if i < 0 {
		return Assessment{}, ErrNotFound
	}
	a, now := v.AllAssessments[i], s.cfg.Now()
	if rule := lineRule(c.Reason, maxNote); rule != "" {
		return Assessment{}, &Invalid{"reason", rule}
	}
	if a.Status == Wrong {
		return Assessment{}, &Invalid{"status", "is wrong already: enter a new assessment instead"}
	}
	a.Version, a.Correction = version, &Correction{By: who, At: now.Truncate(time.Millisecond), Reason: c.Reason}
	if c.Wrong {
		a.Status = Wrong
	} else {
		a.Status, a.Found = Amended, c.Found.copied()
		if err := s.settle(&a, v, now); err != nil {
			return Assessment{}, err
		}
	}
	return s.saveAssessment(ctx, by, through, a, s.measuredBy(&a, v.Wound, a.By))
}

func (s *Service) saveAssessment(ctx context.Context, by access.Actor, through access.Relations, a Assessment, numbers []Observation) (Assessment, error) {
	e := s.entry(by, access.WoundWrite, audit.Done, through, a.Patient, "assessment/"+string(a.ID))
	kept, known, err := s.cfg.Wounds.SaveAssessment(ctx, a, numbers, []audit.Entry{e})
	if err != nil {
		return Assessment{}, fmt.Errorf("assessment %s: %w", a.ID, err)
	}
	if !known {
		changed := Event{Wounds: true}
		for _, o := range numbers {
			changed.Observations = append(changed.Observations, o.ID)
		}
		s.cfg.Changed(a.Patient, changed)
	}
	return kept, nil
}
