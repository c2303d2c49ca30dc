package store

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

// measuring is the real service over the store, for Olav's people.
func measuring(t *testing.T, p place, db *DB) *clinical.Service {
	t.Helper()
	s, err := clinical.NewService(clinical.Config{
		Store: db.Clinical(), Asked: db.Clinical(), Relations: olavsPeople{}, Names: olavsPeople{}, Now: p.clock.Now,
		About: func(_ context.Context, c string) (access.PersonID, error) {
			return map[string]access.PersonID{"c1": "olav", "c2": "kari"}[c], nil
		},
	})
	must(t, err)
	return s
}

// statusOf is how each thing asked for stands, by kind.
func statusOf(t *testing.T, s *clinical.Service, by access.Actor) map[clinical.KindID]string {
	t.Helper()
	all, err := s.AskedOf(t.Context(), by, "olav")
	must(t, err)
	out := map[clinical.KindID]string{}
	for _, a := range all {
		switch {
		case a.Withdrawn != nil:
			out[a.Kind] = "withdrawn by " + string(a.Withdrawn.By.Person)
		case !a.Answered.IsZero():
			out[a.Kind] = "answered"
		default:
			out[a.Kind] = "open"
		}
	}
	return out
}

func weighs(at time.Time, key string) []clinical.New {
	return []clinical.New{{Key: key, Kind: clinical.Weight, Values: []float64{74.2}, Measured: at, Method: clinical.ByHand}}
}

func TestAValueThatIsAskedForIsAnsweredByWhatIsMeasuredSince(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		s := measuring(t, p, db)
		_, err := s.Add(t.Context(), olavAnswers, "olav", "", weighs(p.clock.Now(), "before"))
		must(t, err)
		p.clock.pass(time.Hour)
		asked, err := s.AskValues(t.Context(), mariAsks, "olav", clinical.NewAsked{
			Kinds: []clinical.KindID{clinical.Weight, clinical.BloodPressure}, Consultation: "c1", Due: p.clock.Now().Add(48 * time.Hour),
		})
		if err != nil || len(asked) != 2 || asked[0].Kind != clinical.Weight || asked[0].Ask.By.Name != "name of mari" {
			t.Fatalf("%+v, %v", asked, err)
		}
		twice, err := s.AskValues(t.Context(), veraAsks, "olav", clinical.NewAsked{Kinds: []clinical.KindID{clinical.BloodPressure}, Consultation: "c1"})
		if err != nil || len(twice) != 1 || twice[0].ID != asked[1].ID {
			t.Errorf("asked for twice: %+v, %v", twice, err)
		}
		if got := statusOf(t, s, olavAnswers); got[clinical.Weight] != "open" || got[clinical.BloodPressure] != "open" {
			t.Errorf("what was measured before has answered it: %v", got)
		}
		closed(t, db)
		db = p.open(t)
		s = measuring(t, p, db)
		p.clock.pass(time.Hour)
		kept, err := s.Add(t.Context(), olavAnswers, "olav", "", weighs(p.clock.Now(), "after"))
		must(t, err)
		for _, by := range []access.Actor{olavAnswers, mariAsks} {
			if got := statusOf(t, s, by); got[clinical.Weight] != "answered" || got[clinical.BloodPressure] != "open" {
				t.Errorf("%s sees %v", by.Person, got)
			}
		}
		if got := statusOf(t, s, ragnaAnswers); len(got) != 1 || got[clinical.BloodPressure] != "open" {
			t.Errorf("his daughter, who helps and does not read, sees %v", got)
		}
		if _, err := s.WithdrawValue(t.Context(), mariAsks, "olav", asked[0].ID); !isInvalid(err, "asked") {
			t.Errorf("what is measured is withdrawn: %v", err)
		}
		_, err = s.Correct(t.Context(), mariAsks, "olav", kept[0].ID, 1, clinical.Edit{Wrong: true})
		must(t, err)
		if got := statusOf(t, s, olavAnswers); got[clinical.Weight] != "open" {
			t.Errorf("a value that is wrong has answered it: %v", got)
		}
		gone, err := s.WithdrawValue(t.Context(), veraAsks, "olav", asked[1].ID)
		if err != nil || gone.Version != 2 || gone.Withdrawn.By.Person != "vera" {
			t.Errorf("%+v, %v", gone, err)
		}
		if again, err := s.WithdrawValue(t.Context(), mariAsks, "olav", asked[1].ID); err != nil || again.Withdrawn.By.Person != "vera" {
			t.Errorf("withdrawn twice: %+v, %v", again, err)
		}
		if got := statusOf(t, s, olavAnswers); got[clinical.BloodPressure] != "withdrawn by vera" {
			t.Errorf("%v", got)
		}
		must(t, db.read(t.Context(), func(x *tx) error {
			rows, err := all(x, oneColumn[[]byte], "SELECT details FROM asked_values")
			if len(rows) != 2 {
				t.Errorf("%d rows", len(rows))
			}
			for _, sealed := range rows {
				if bytes.Contains(sealed, []byte("weight")) || bytes.Contains(sealed, []byte("pressure")) {
					t.Error("what is asked for is readable in the database")
				}
			}
			return err
		}))
		must(t, db.Erase(t.Context(), "olav", nil))
		if left, err := db.Clinical().Asked(t.Context(), "olav"); err != nil || len(left) != 0 {
			t.Errorf("after he is erased: %+v, %v", left, err)
		}
	})
}

func isInvalid(err error, field string) bool {
	i, ok := errors.AsType[*clinical.Invalid](err)
	return ok && i.Field == field
}

func TestWhatCannotBeAskedForIsNamedAndWhoMayNotAskIsRefused(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		s := measuring(t, p, db)
		weight := []clinical.KindID{clinical.Weight}
		for field, n := range map[string]clinical.NewAsked{
			"kinds":        {},
			"kinds[0]":     {Kinds: []clinical.KindID{"phq-9"}},
			"kinds[1]":     {Kinds: []clinical.KindID{clinical.Weight, clinical.Weight}},
			"due":          {Kinds: weight, Due: p.clock.Now().Add(-time.Minute)},
			"consultation": {Kinds: weight, Consultation: "c2"},
		} {
			if _, err := s.AskValues(t.Context(), mariAsks, "olav", n); !isInvalid(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		for _, by := range []access.Actor{olavAnswers, ragnaAnswers, farNurse} {
			if _, err := s.AskValues(t.Context(), by, "olav", clinical.NewAsked{Kinds: weight}); !isRefused(err) {
				t.Errorf("%s asks: %v", by.Person, err)
			}
			if _, err := s.WithdrawValue(t.Context(), by, "olav", "nothing"); !isRefused(err) {
				t.Errorf("%s withdraws: %v", by.Person, err)
			}
		}
		if _, err := s.AskedOf(t.Context(), farNurse, "olav"); !isRefused(err) {
			t.Errorf("a nurse elsewhere reads: %v", err)
		}
		if _, err := s.WithdrawValue(t.Context(), mariAsks, "olav", "nothing"); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("withdraws nothing: %v", err)
		}
		if got := statusOf(t, s, mariAsks); len(got) != 0 {
			t.Errorf("kept: %v", got)
		}
	})
}
