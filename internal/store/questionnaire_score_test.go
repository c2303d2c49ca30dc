package store

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// sheet keeps scores, or is away.
type sheet struct {
	away bool
	all  []clinical.Observation
}

func (s *sheet) Add(_ context.Context, all []clinical.Observation, _ []audit.Entry) ([]clinical.Added, error) {
	if s.away {
		return nil, errors.New("away")
	}
	s.all = append(s.all, all...)
	return nil, nil
}

func (s *sheet) Correct(_ context.Context, o clinical.Observation, _ []audit.Entry) (clinical.Observation, error) {
	i := slices.IndexFunc(s.all, func(k clinical.Observation) bool { return k.ID == o.ID && k.Version == o.Version })
	if i < 0 {
		return o, clinical.ErrVersion
	}
	o.Version++
	s.all[i] = o
	return o, nil
}

func (s *sheet) Observations(_ context.Context, _ access.PersonID, q clinical.Query) (out []clinical.Observation, err error) {
	for _, o := range s.all {
		if slices.Contains(q.IDs, o.ID) {
			out = append(out, o)
		}
	}
	return out, nil
}

func TestAScoreIsCarriedOnceAndLaterWhereItCouldNotBe(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db, scores := p.open(t), &sheet{away: true}
		all, err := clinical.ReadQuestionnaires(nil)
		must(t, err)
		changed := 0
		s, err := clinical.NewQuestions(clinical.QuestionsConfig{
			Store: db.Questions(), Scores: scores, Relations: olavsPeople{}, Names: olavsPeople{}, Contacts: olavsPeople{}, Questionnaires: all, Now: p.clock.Now,
			About:   func(context.Context, string) (access.PersonID, error) { return "olav", nil },
			Changed: func(access.PersonID, clinical.Event) { changed++ },
		})
		must(t, err)
		f, err := s.Begin(t.Context(), mariAsks, "olav", clinical.NewForm{Questionnaire: "phq-9"})
		must(t, err)
		save := func(version int64, a clinical.Answers) {
			t.Helper()
			if _, err := s.Save(t.Context(), mariAsks, "olav", f.ID, version, a); err != nil {
				t.Error(err)
			}
		}
		save(1, clinical.Answers{Answers: nine(severalDays), Complete: true}) // and is kept, whatever becomes of its score
		if _, err := s.ScoreAll(t.Context()); err == nil {
			t.Error("it is carried to what is away")
		}
		scores.away = false
		for _, want := range []int{1, 0} {
			if n, err := s.ScoreAll(t.Context()); err != nil || n != want {
				t.Errorf("%d were carried, %v, want %d", n, err, want)
			}
		}
		o := scores.all[0]
		if len(scores.all) != 1 || o.Kind != clinical.PHQ9 || o.Values[0] != 1 || o.Method != clinical.Calculated || o.DerivedFrom[0] != string(f.ID) || o.Performer.Person != "mari" {
			t.Errorf("%d, %+v", len(scores.all), o.Values)
		}
		save(2, clinical.Answers{Answers: nine(notAtAll), Complete: true})
		if o := scores.all[0]; o.Status != clinical.Amended || o.Values[0] != 0 {
			t.Errorf("amended: %s %v", o.Status, o.Values)
		}
		save(3, clinical.Answers{Wrong: true})
		if o := scores.all[0]; o.Status != clinical.Wrong || changed != 3 {
			t.Errorf("wrong: %s, told %d times", o.Status, changed)
		}
	})
}
