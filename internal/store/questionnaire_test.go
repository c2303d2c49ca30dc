package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// olavsPeople is how people stand to Olav, what they are called and who answers for him: Fjordvik's
// Mari, and Vera in her place.
type olavsPeople struct{}

func (olavsPeople) Relations(_ context.Context, by access.Actor, patient access.PersonID) (access.Relations, error) {
	switch {
	case patient != "olav":
		return 0, nil
	case by.Person == "olav":
		return access.Self, nil
	case by.Person == "ragna":
		return access.RelativeOf | access.Consent, nil
	case by.Organisation == "fjordvik":
		return access.SameOrganisation, nil
	}
	return 0, nil
}

func (olavsPeople) Names(_ context.Context, ids []access.PersonID) (map[access.PersonID]string, error) {
	out := map[access.PersonID]string{}
	for _, id := range ids {
		out[id] = "name of " + string(id)
	}
	return out, nil
}

func (olavsPeople) Responsible(context.Context, access.PersonID, access.OrganisationID, access.PersonID) (clinical.Responsible, error) {
	return clinical.Responsible{Organisation: "fjordvik", Name: "Heimesjukepleia nord", Phone: "+4757000000", Contact: "mari", Deputy: "vera"}, nil
}

var (
	olavAnswers  = access.Actor{Person: "olav", Role: access.Patient}
	ragnaAnswers = access.Actor{Person: "ragna", Role: access.Relative}
	mariAsks     = access.Actor{Person: "mari", Role: access.Nurse, Organisation: "fjordvik"}
	veraAsks     = access.Actor{Person: "vera", Role: access.Nurse, Organisation: "fjordvik"}
	farNurse     = access.Actor{Person: "lars", Role: access.Nurse, Organisation: "langvik"}
)

// asking is the real service over the store. atWork is whether it is working hours.
func asking(t *testing.T, p place, db *DB, atWork bool) *clinical.Questions {
	t.Helper()
	all, err := clinical.ReadQuestionnaires(nil)
	must(t, err)
	s, err := clinical.NewQuestions(clinical.QuestionsConfig{
		Store: db.Questions(), Relations: olavsPeople{}, Names: olavsPeople{}, Contacts: olavsPeople{}, Questionnaires: all, Now: p.clock.Now,
		AtWork: func(time.Time) bool { return atWork },
		About: func(_ context.Context, c string) (access.PersonID, error) {
			if c != "c1" {
				return "", clinical.ErrNotFound
			}
			return "olav", nil
		},
	})
	must(t, err)
	return s
}

// nine are answers to all of PHQ-9 that count, of nothing but the last.
func nine(last string) (out []clinical.FormAnswer) {
	for i := 1; i < 9; i++ {
		out = append(out, clinical.FormAnswer{Item: fmt.Sprint(i), Code: "LA6568-5"})
	}
	return append(out, clinical.FormAnswer{Item: "9", Code: last})
}

const (
	notAtAll    = "LA6568-5"
	severalDays = "LA6569-3"
)

// toldOfWork are whom the outbox's messages of work go to.
func toldOfWork(t *testing.T, db *DB) (out []access.PersonID) {
	t.Helper()
	must(t, db.read(t.Context(), func(x *tx) (err error) {
		out, err = all(x, oneColumn[access.PersonID], "SELECT recipient FROM outbox WHERE kind = $1 ORDER BY recipient", string(notify.KindWork))
		return err
	}))
	return out
}

func TestAFormIsAskedForSavedAsItGoesCompletedAndAmended(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		s := asking(t, p, db, true)
		f, err := s.Ask(t.Context(), mariAsks, "olav", clinical.NewForm{Questionnaire: "phq-9", Consultation: "c1", Due: p.clock.Now().Add(time.Hour)})
		must(t, err)
		again, err := s.Ask(t.Context(), veraAsks, "olav", clinical.NewForm{Questionnaire: "phq-9", Consultation: "c1"})
		if err != nil || again.ID != f.ID {
			t.Errorf("asked for twice: %v, %v", again.ID, err)
		}
		half, err := s.Save(t.Context(), olavAnswers, "olav", f.ID, 1, clinical.Answers{Answers: nine(notAtAll)[:4]})
		if err != nil || half.Status != clinical.FormInProgress || half.Score != nil || half.Help != nil {
			t.Fatalf("half of it: %+v, %v", half, err)
		}
		closed(t, db)
		db = p.open(t) // and it is there after a restart
		s = asking(t, p, db, true)
		seen, err := s.Forms(t.Context(), olavAnswers, "olav")
		if err != nil || len(seen) != 1 || !reflect.DeepEqual(seen[0], half.Form) {
			t.Errorf("got  %+v, %v\nwant %+v", seen, err, half.Form)
		}
		whole := clinical.Answers{Answers: nine(notAtAll), Complete: true}
		done, err := s.Save(t.Context(), olavAnswers, "olav", f.ID, 2, whole)
		if err != nil || done.Score == nil || done.Score.Value != 0 || done.Score.Band != clinical.Minimal || done.Author.As != clinical.ForOneself {
			t.Fatalf("completed: %+v, %v", done, err)
		}
		if twice, err := s.Save(t.Context(), olavAnswers, "olav", f.ID, 2, whole); err != nil || twice.Version != done.Version {
			t.Errorf("sent again: %+v, %v", twice, err)
		}
		if _, err := s.Save(t.Context(), olavAnswers, "olav", f.ID, 2, clinical.Answers{Answers: nine(severalDays), Complete: true}); !errors.Is(err, clinical.ErrVersion) {
			t.Errorf("another content for the old version: %v", err)
		}
		if got := toldOfWork(t, db); got != nil {
			t.Errorf("told of nothing: %v", got)
		}
		more := append(nine(notAtAll)[:7:7], clinical.FormAnswer{Item: "8", Code: severalDays}, nine(notAtAll)[8])
		amended, err := s.Save(t.Context(), mariAsks, "olav", f.ID, 3, clinical.Answers{Answers: more, Complete: true, Reason: "feil linje"})
		if err != nil || amended.Status != clinical.FormAmended || amended.Score.Value != 1 || !amended.Completed.Equal(done.Completed) || amended.Author.As != clinical.Interview {
			t.Errorf("amended: %+v, %v", amended, err)
		}
		history, err := s.History(t.Context(), mariAsks, "olav", f.ID)
		if err != nil || len(history) != 2 || !reflect.DeepEqual(history[0], done.Form) || !reflect.DeepEqual(history[1], amended.Form) {
			t.Errorf("history: %+v, %v", history, err)
		}
		if _, err := s.Save(t.Context(), mariAsks, "olav", f.ID, 4, clinical.Answers{Answers: nine(notAtAll)[1:], Complete: true}); err == nil {
			t.Error("an amendment has lost its score")
		}
		wrong, err := s.Save(t.Context(), mariAsks, "olav", f.ID, 4, clinical.Answers{Wrong: true, Reason: "ein annan pasient"})
		if err != nil || wrong.Status != clinical.FormWrong || wrong.Author.Person != "mari" {
			t.Errorf("wrong: %+v, %v", wrong, err)
		}
		must(t, db.read(t.Context(), func(x *tx) error {
			for _, query := range []string{"SELECT details FROM forms", "SELECT details FROM form_versions"} {
				rows, err := all(x, oneColumn[[]byte], query)
				if err != nil || len(rows) == 0 {
					t.Errorf("%s: %v", query, err)
				}
				for _, sealed := range rows {
					if bytes.Contains(sealed, []byte("phq")) || bytes.Contains(sealed, []byte("LA65")) {
						t.Error("answers are readable in the database")
					}
				}
			}
			return nil
		}))
	})
}

func TestAGraveAnswerIsWorkAndAMessageOnce(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		s := asking(t, p, db, true)
		f, err := s.Begin(t.Context(), olavAnswers, "olav", clinical.NewForm{Questionnaire: "phq-9"})
		must(t, err)
		// Whom to ring is said as soon as the answer is there; work comes when it is completed.
		half, err := s.Save(t.Context(), olavAnswers, "olav", f.ID, 1, clinical.Answers{Answers: nine(severalDays)[8:]})
		if err != nil || half.Help == nil || half.Help.Phone != "+4757000000" || toldOfWork(t, db) != nil {
			t.Fatalf("saved: %+v, %v, told %v", half, err, toldOfWork(t, db))
		}
		done, err := s.Save(t.Context(), olavAnswers, "olav", f.ID, 2, clinical.Answers{Answers: nine(severalDays), Complete: true})
		if err != nil || done.Help == nil || !reflect.DeepEqual(toldOfWork(t, db), []access.PersonID{"mari"}) {
			t.Fatalf("completed: %+v, %v, told %v", done, err, toldOfWork(t, db))
		}
		_, err = s.Save(t.Context(), olavAnswers, "olav", f.ID, 2, clinical.Answers{Answers: nine(severalDays), Complete: true}) // again
		must(t, err)
		list, err := s.WorkList(t.Context(), veraAsks)
		if err != nil || len(list) != 1 || list[0].PatientName != "name of olav" || list[0].Why != (clinical.Why{Questionnaire: "phq-9", Form: f.ID, Item: "9", Points: 1}) {
			t.Fatalf("work: %+v, %v", list, err)
		}
		if others, err := s.WorkList(t.Context(), farNurse); err != nil || len(others) != 0 {
			t.Errorf("another organisation's: %+v, %v", others, err)
		}
		// Nobody acknowledges: several nodes look, and one of them tells the deputy, once.
		if n, err := s.Escalate(t.Context()); err != nil || n != 0 {
			t.Errorf("too early: %d, %v", n, err)
		}
		p.clock.pass(30 * time.Minute)
		var wait sync.WaitGroup
		counts := make([]int, 4)
		for i := range counts {
			wait.Go(func() {
				var err error
				if counts[i], err = s.Escalate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if counts[0]+counts[1]+counts[2]+counts[3] != 1 || !reflect.DeepEqual(toldOfWork(t, db), []access.PersonID{"mari", "vera"}) {
			t.Errorf("escalated %v, told %v", counts, toldOfWork(t, db))
		}
		id := list[0].ID
		if _, _, err := s.Acknowledge(t.Context(), farNurse, id, ""); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("another organisation acknowledges: %v", err)
		}
		if of, open, err := db.Questions().WorkState(t.Context(), string(id)); err != nil || !open || of != "fjordvik" {
			t.Errorf("%s, %t, %v", of, open, err)
		}
		w, first, err := s.Acknowledge(t.Context(), veraAsks, id, "ringjer no")
		if err != nil || !first || w.Acknowledged.By.Name != "name of vera" {
			t.Errorf("%+v, %t, %v", w, first, err)
		}
		w, first, err = s.Acknowledge(t.Context(), mariAsks, id, "eg óg")
		if err != nil || first || w.Acknowledged.By.Person != "vera" || w.Acknowledged.Words != "ringjer no" {
			t.Errorf("second: %+v, %t, %v", w, first, err)
		}
		if _, open, err := db.Questions().WorkState(t.Context(), string(id)); err != nil || open {
			t.Errorf("still open: %v", err)
		}
		acknowledged := 0
		for _, e := range audited(t, db) {
			if e.action == "work.acknowledge" {
				acknowledged++
				if e.patient != "olav" || e.person != "vera" {
					t.Errorf("on record: %+v", e)
				}
			}
		}
		if acknowledged != 1 {
			t.Errorf("%d acknowledgements are on record", acknowledged)
		}
	})
}

func TestOutsideOfWorkingHoursBothAreToldAtOnce(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		s := asking(t, p, db, false)
		f, err := s.Begin(t.Context(), mariAsks, "olav", clinical.NewForm{Questionnaire: "phq-9"})
		must(t, err)
		_, err = s.Save(t.Context(), mariAsks, "olav", f.ID, 1, clinical.Answers{Answers: nine(severalDays)[8:], Complete: true})
		must(t, err)
		if got := toldOfWork(t, db); !reflect.DeepEqual(got, []access.PersonID{"mari", "vera"}) {
			t.Errorf("told %v", got)
		}
		p.clock.pass(time.Hour)
		if n, err := s.Escalate(t.Context()); err != nil || n != 0 {
			t.Errorf("told again: %d, %v", n, err)
		}
	})
}

func TestWhoAnswersInThePatientsPlaceSeesTheirOwnAndWhatWaits(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		s := asking(t, p, db, true)
		his, err := s.Begin(t.Context(), olavAnswers, "olav", clinical.NewForm{Questionnaire: "gad-7"})
		must(t, err)
		waits, err := s.Ask(t.Context(), mariAsks, "olav", clinical.NewForm{Questionnaire: "who-5"})
		must(t, err)
		seen, err := s.Forms(t.Context(), ragnaAnswers, "olav")
		if err != nil || len(seen) != 1 || seen[0].ID != waits.ID {
			t.Errorf("she sees %+v, %v", seen, err)
		}
		if _, err := s.Save(t.Context(), ragnaAnswers, "olav", his.ID, 1, clinical.Answers{}); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("his own: %v", err)
		}
		hers, err := s.Save(t.Context(), ragnaAnswers, "olav", waits.ID, 1, clinical.Answers{Answers: []clinical.FormAnswer{{Item: "1", Code: "5"}}, Complete: true})
		if err != nil || hers.Author.As != clinical.OnBehalf || len(hers.Score.Missing) != 4 || hers.Score.Band != "" {
			t.Errorf("%+v, %v", hers, err)
		}
		if _, err := s.Ask(t.Context(), ragnaAnswers, "olav", clinical.NewForm{Questionnaire: "who-5"}); !isRefused(err) {
			t.Errorf("she asks: %v", err)
		}
		if _, err := s.Forms(t.Context(), farNurse, "olav"); !isRefused(err) {
			t.Errorf("a nurse elsewhere: %v", err)
		}
		must(t, db.read(t.Context(), func(x *tx) error {
			n, err := one(x, nil, oneColumn[int], "SELECT COUNT(*) FROM audit_entries WHERE outcome = $1 AND patient = $2", string(audit.Refused), "olav")
			if n != 2 {
				t.Errorf("%d refusals are on record", n)
			}
			return err
		}))
		must(t, db.Erase(t.Context(), "olav", nil))
		if left, err := db.Questions().Forms(t.Context(), "olav"); err != nil || len(left) != 0 {
			t.Errorf("after he is erased: %+v, %v", left, err)
		}
	})
}

func isRefused(err error) bool {
	_, ok := errors.AsType[*access.Refused](err)
	return ok
}

func TestAnswersThatBreakARuleAreNamedAndChangeNothing(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		s := asking(t, p, db, true)
		f, err := s.Begin(t.Context(), olavAnswers, "olav", clinical.NewForm{Questionnaire: "phq-9"})
		must(t, err)
		one := int64(1)
		for field, a := range map[string]clinical.Answers{
			"answers[0].item":   {Answers: []clinical.FormAnswer{{Item: "lead", Code: notAtAll}}},
			"answers[1].item":   {Answers: []clinical.FormAnswer{{Item: "1", Code: notAtAll}, {Item: "1", Code: notAtAll}}},
			"answers[0].code":   {Answers: []clinical.FormAnswer{{Item: "1", Code: "often"}}},
			"answers[0].number": {Answers: []clinical.FormAnswer{{Item: "1", Code: notAtAll, Number: &one}}},
			"answers[0].text":   {Answers: []clinical.FormAnswer{{Item: "1", Code: notAtAll, Text: "ofte"}}},
			"answers":           {Complete: true},
			"reason":            {Reason: "to\nlinjer"},
			"wrong":             {Wrong: true},
		} {
			_, err := s.Save(t.Context(), olavAnswers, "olav", f.ID, 1, a)
			if fault, ok := errors.AsType[*clinical.Invalid](err); !ok || fault.Field != field {
				t.Errorf("%v, want it to name %s", err, field)
			}
		}
		for field, n := range map[string]clinical.NewForm{
			"questionnaire": {Questionnaire: "eq-5d"}, "consultation": {Questionnaire: "phq-9", Consultation: "c2"},
			"due": {Questionnaire: "phq-9", Due: p.clock.Now().Add(-time.Minute)},
		} {
			_, err := s.Ask(t.Context(), mariAsks, "olav", n)
			if fault, ok := errors.AsType[*clinical.Invalid](err); !ok || fault.Field != field {
				t.Errorf("%v, want it to name %s", err, field)
			}
		}
		left, err := s.Forms(t.Context(), olavAnswers, "olav")
		if err != nil || len(left) != 1 || left[0].Version != 1 {
			t.Errorf("left: %+v, %v", left, err)
		}
	})
}

// A platform that has had no answer sends again, from several of its nodes at once.
func TestAFormThatComesAnsweredIsKeptOnceAndToldOfOnce(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		s := asking(t, p, db, true)
		platform := access.Actor{Person: "platform", Role: access.Machine, Organisation: "fjordvik"}
		sent := clinical.SentForm{Questionnaire: "phq-9", Edition: "1", Key: "k1", Completed: p.clock.Now().Add(-time.Hour), Answers: nine(severalDays)}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if f, _, err := s.Take(t.Context(), platform, "olav", sent); err != nil || f.Score.Value != 1 || f.Author.As != clinical.ForOneself {
					t.Errorf("%+v, %v", f, err)
				}
			})
		}
		all.Wait()
		forms, err := db.Questions().Forms(t.Context(), "olav")
		if err != nil || len(forms) != 1 || forms[0].Key != "k1" || !forms[0].Alarm {
			t.Fatalf("%+v, %v", forms, err)
		}
		if got := toldOfWork(t, db); !reflect.DeepEqual(got, []access.PersonID{"mari"}) {
			t.Errorf("told: %v", got)
		}
		other := sent
		other.Answers = nine(notAtAll)
		if _, _, err := s.Take(t.Context(), platform, "olav", other); !errors.Is(err, clinical.ErrKeyTaken) {
			t.Errorf("others under the same key: %v", err)
		}
		// The same key of another sender names another form.
		journal := access.Actor{Person: "journal", Role: access.Machine, Organisation: "fjordvik"}
		if f, known, err := s.Take(t.Context(), journal, "olav", sent); err != nil || known || f.ID == forms[0].ID {
			t.Errorf("%+v, %t, %v", f, known, err)
		}
	})
}
