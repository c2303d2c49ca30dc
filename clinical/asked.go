package clinical

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// AskedID names a value that is asked for.
type AskedID string

// AskedValue is one kind that a patient is asked to measure: a FHIR R4 ServiceRequest, small.
type AskedValue struct {
	ID           AskedID
	Version      int64 // 1 at first
	Patient      access.PersonID
	Kind         KindID
	Consultation string // that it is for; empty: none
	Ask          Ask
	Withdrawn    *Decision // nil: it holds
	// Answered is when it was measured, the latest time since it was asked for; zero: not yet. It is not
	// kept but seen anew at each reading: a value that turns out to be wrong answers nothing.
	Answered time.Time
}

// LogValue keeps what is asked for out of every log.
func (AskedValue) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Open says whether it waits for a value.
func (a AskedValue) Open() bool { return a.Withdrawn == nil && a.Answered.IsZero() }

// AskedStore keeps what patients are asked to measure, sealed with the patient's key.
type AskedStore interface {
	AddAsked(ctx context.Context, patient access.PersonID, all []AskedValue, entries []audit.Entry) error
	// WithdrawAsked keeps a.Withdrawn. a.Version is the one that it rests on. Errors: ErrNotFound, ErrVersion.
	WithdrawAsked(ctx context.Context, a AskedValue, entries []audit.Entry) (AskedValue, error)
	// Asked are a patient's, the newest first.
	Asked(ctx context.Context, patient access.PersonID) ([]AskedValue, error)
}

// NewAsked asks for values.
type NewAsked struct {
	Kinds        []KindID
	Consultation string    // that they are for; empty: none
	Due          time.Time // until when; zero: no time
}

// maxAsked is how many kinds are asked for at once: nobody at home measures more before a visit.
const maxAsked = 12

// AskValues asks a patient to measure. What is asked for already, for the same consultation, and
// not measured yet is not asked for twice. It answers with all that was asked, in the order of n.Kinds.
// Errors: *access.Refused, *Invalid.
func (s *Service) AskValues(ctx context.Context, by access.Actor, patient access.PersonID, n NewAsked) ([]AskedValue, error) {
	through, err := s.demand(ctx, by, access.QuestionnaireAsk, patient)
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now().Truncate(time.Millisecond)
	if err := s.askable(n, now); err != nil {
		return nil, err
	}
	if err := s.about(ctx, n.Consultation, patient); err != nil {
		return nil, err
	}
	known, err := s.asked(ctx, patient)
	if err != nil {
		return nil, err
	}
	asker, err := s.performer(ctx, by)
	if err != nil {
		return nil, err
	}
	var out, fresh []AskedValue
	for _, kind := range n.Kinds {
		if i := slices.IndexFunc(known, func(k AskedValue) bool { return k.Open() && k.Kind == kind && k.Consultation == n.Consultation }); i >= 0 {
			out = append(out, known[i])
			continue
		}
		a := AskedValue{
			ID: AskedID(newID()), Version: 1, Patient: patient, Kind: kind, Consultation: n.Consultation,
			Ask: Ask{By: asker, At: now, Due: n.Due.Truncate(time.Millisecond)},
		}
		out, fresh = append(out, a), append(fresh, a)
	}
	if len(fresh) == 0 {
		return out, nil
	}
	e := s.entry(by, access.QuestionnaireAsk, audit.Done, through.By, patient, "patient/"+string(patient)+"/asked")
	if err := s.cfg.Asked.AddAsked(ctx, patient, fresh, []audit.Entry{e}); err != nil {
		return nil, fmt.Errorf("ask %s for values: %w", patient, err)
	}
	return out, nil
}

// askable is *Invalid where something can't be asked for.
func (s *Service) askable(n NewAsked, now time.Time) error {
	if s.cfg.Asked == nil || len(n.Kinds) == 0 || len(n.Kinds) > maxAsked {
		return &Invalid{"kinds", fmt.Sprintf("must be 1–%d", maxAsked)}
	}
	for i, id := range n.Kinds {
		// A score comes of its questionnaire, which is asked for by itself.
		if kind, ok := s.kinds.Kind(id); !ok || kind.From != "" {
			return &Invalid{fmt.Sprintf("kinds[%d]", i), "must be one that a person can measure and enter"}
		}
		if slices.Contains(n.Kinds[:i], id) {
			return &Invalid{fmt.Sprintf("kinds[%d]", i), "must be asked for once"}
		}
	}
	if !n.Due.IsZero() && (n.Due.Before(now) || n.Due.After(now.Add(farDue))) {
		return &Invalid{"due", "must be within a year from now"}
	}
	return nil
}

// WithdrawValue takes back what a patient is asked for. What is taken back already stays as it
// is. Errors: *access.Refused, *Invalid, ErrNotFound, ErrVersion.
func (s *Service) WithdrawValue(ctx context.Context, by access.Actor, patient access.PersonID, id AskedID) (AskedValue, error) {
	through, err := s.demand(ctx, by, access.QuestionnaireAsk, patient)
	if err != nil {
		return AskedValue{}, err
	}
	all, err := s.asked(ctx, patient)
	if err != nil {
		return AskedValue{}, err
	}
	i := slices.IndexFunc(all, func(a AskedValue) bool { return a.ID == id })
	if i < 0 {
		return AskedValue{}, ErrNotFound
	}
	a := all[i]
	if a.Withdrawn != nil {
		return a, nil
	}
	if !a.Answered.IsZero() {
		return AskedValue{}, &Invalid{"asked", "is measured already"}
	}
	performer, err := s.performer(ctx, by)
	if err != nil {
		return AskedValue{}, err
	}
	a.Withdrawn = &Decision{By: performer, At: s.cfg.Now().Truncate(time.Millisecond)}
	e := s.entry(by, access.QuestionnaireAsk, audit.Done, through.By, patient, "asked/"+string(id))
	kept, err := s.cfg.Asked.WithdrawAsked(ctx, a, []audit.Entry{e})
	if err != nil {
		return AskedValue{}, fmt.Errorf("withdraw %s: %w", id, err)
	}
	return kept, nil
}

// AskedOf is what a patient is asked to measure, the newest first. Who answers in the patient's
// place, and may not read, sees what waits. Errors: *access.Refused.
func (s *Service) AskedOf(ctx context.Context, by access.Actor, patient access.PersonID) ([]AskedValue, error) {
	has, err := s.relations(ctx, by, patient)
	if err != nil {
		return nil, err
	}
	object := "patient/" + string(patient) + "/asked"
	through, refused := access.Can(by, access.QuestionnaireRead, has)
	onlyOpen := refused != nil
	if onlyOpen {
		answers, no := access.Can(by, access.QuestionnaireAnswer, has)
		if no != nil {
			if err := s.cfg.Store.Record(ctx, []audit.Entry{s.entry(by, access.QuestionnaireRead, audit.Refused, 0, patient, object)}); err != nil {
				return nil, fmt.Errorf("record a refusal: %w", err)
			}
			return nil, refused
		}
		through = answers
	}
	all, err := s.asked(ctx, patient)
	if err != nil {
		return nil, err
	}
	if onlyOpen {
		all = slices.DeleteFunc(all, func(a AskedValue) bool { return !a.Open() })
	}
	if by.Person == patient {
		return all, nil
	}
	now := s.cfg.Now()
	fresh := s.looks.Fresh([]audit.Entry{s.entry(by, access.QuestionnaireRead, audit.Done, through, patient, object)}, now)
	if len(fresh) > 0 {
		if err := s.cfg.Store.Record(ctx, fresh); err != nil {
			return nil, fmt.Errorf("record a read: %w", err)
		}
		s.looks.Recorded(fresh, now)
	}
	return all, nil
}

// asked reads what a patient is asked for, with what has been measured since.
func (s *Service) asked(ctx context.Context, patient access.PersonID) ([]AskedValue, error) {
	if s.cfg.Asked == nil {
		return nil, nil
	}
	all, err := s.cfg.Asked.Asked(ctx, patient)
	if err != nil {
		return nil, fmt.Errorf("what %s is asked for: %w", patient, err)
	}
	var kinds []KindID
	for _, a := range all {
		if a.Withdrawn == nil && !slices.Contains(kinds, a.Kind) {
			kinds = append(kinds, a.Kind)
		}
	}
	if len(kinds) == 0 {
		return all, nil
	}
	latest, err := s.cfg.Store.Latest(ctx, patient, kinds, 1)
	if err != nil {
		return nil, fmt.Errorf("latest of %s: %w", patient, err)
	}
	for i, a := range all {
		if values := latest[a.Kind]; a.Withdrawn == nil && len(values) > 0 && !values[0].Measured.Before(a.Ask.At) {
			all[i].Answered = values[0].Measured
		}
	}
	return all, nil
}
