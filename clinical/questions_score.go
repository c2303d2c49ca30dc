package clinical

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// scoreOf is what the name of a score begins with; the rest is its form's.
const scoreOf = "score-"

// Form is the form that a score was added up of here; false: the value is none.
func (o Observation) Form() (FormID, bool) {
	id, ok := strings.CutPrefix(string(o.ID), scoreOf)
	return FormID(id), ok && o.Method == Calculated
}

// carry makes the score among what is measured what the form says. It may be done again, and by
// two at once: the observation's name and key are the form's.
func (s *Questions) carry(ctx context.Context, f Form) error {
	if s.cfg.Scores == nil {
		return nil
	}
	if f.Score != nil && f.Author != nil {
		if err := s.observe(ctx, f); err != nil {
			return fmt.Errorf("score of form %s: %w", f.ID, err)
		}
	}
	if err := s.cfg.Store.Scored(ctx, f.ID, f.Version); err != nil {
		return fmt.Errorf("score of form %s: %w", f.ID, err)
	}
	return nil
}

func (s *Questions) observe(ctx context.Context, f Form) error {
	id := ObservationID(scoreOf + f.ID)
	found, err := s.cfg.Scores.Observations(ctx, f.Patient, Query{IDs: []ObservationID{id}})
	if err != nil {
		return err
	}
	counts := f.Status != FormWrong && len(f.Score.Missing) == 0
	now := s.cfg.Now().Truncate(time.Millisecond)
	by := f.Author.Performer
	e := audit.New(now, access.Actor{Person: by.Person, Role: by.Role, Organisation: by.Organisation}, access.ObservationWrite.String(), audit.Done)
	e.Patient, e.Object = f.Patient, "observation/"+string(id)
	switch {
	case len(found) == 0 && !counts, len(found) > 0 && found[0].Status == Wrong:
		return nil
	case len(found) == 0:
		o := Observation{
			ID: id, Version: 1, Patient: f.Patient, Kind: f.Score.Kind, Values: []float64{f.Score.Value}, Status: Final,
			Measured: f.Completed, Received: now, Method: Calculated, Performer: by, Consultation: f.Consultation,
			DerivedFrom: []string{string(f.ID)}, Key: string(id),
		}
		_, err = s.cfg.Scores.Add(ctx, []Observation{o}, []audit.Entry{e})
	case counts && slices.Equal(found[0].Values, []float64{f.Score.Value}):
		return nil
	default:
		o := found[0]
		o.Correction = &Correction{By: by, At: now, Reason: f.Reason}
		o.Status = Wrong
		if counts {
			o.Status, o.Values = Amended, []float64{f.Score.Value}
		}
		_, err = s.cfg.Scores.Correct(ctx, o, []audit.Entry{e})
	}
	if err != nil {
		return err
	}
	s.cfg.Changed(f.Patient, Event{Observations: []ObservationID{id}})
	return nil
}

// ScoreAll carries scores on that a crash, or a database that was away, has kept back.
func (s *Questions) ScoreAll(ctx context.Context) (int, error) {
	if s.cfg.Scores == nil {
		return 0, nil
	}
	waiting, err := s.cfg.Store.Unscored(ctx, 100)
	if err != nil {
		return 0, fmt.Errorf("forms without their score: %w", err)
	}
	for i, f := range waiting {
		if err := s.carry(ctx, f); err != nil {
			return i, err
		}
	}
	return len(waiting), nil
}
