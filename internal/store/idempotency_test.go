package store

import (
	"bytes"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/idempotency"
)

const (
	requestKey = "5c1f3c9e-2f4a-4a8b-9d53-0c8e6a5f7b21"
	nurseMari  = access.PersonID("p-mari")
)

var newPatient = []byte(`POST /patients {"name":"Olav Eik"}`)

// begin claims the request, or fails the test.
func begin(t *testing.T, r *Requests) idempotency.Claim {
	t.Helper()
	c, err := r.Begin(t.Context(), nurseMari, requestKey, newPatient)
	must(t, err)
	return c
}

// begins says how the request is met when it is sent again.
func begins(t *testing.T, r *Requests, want error) {
	t.Helper()
	if c, err := r.Begin(t.Context(), nurseMari, requestKey, newPatient); !errors.Is(err, want) || c.ID != "" {
		t.Errorf("sent again: %v, %v; want %v", c, err, want)
	}
}

// carryOut commits a change for the claim.
func carryOut(t *testing.T, db *DB, claim string, outcome audit.Outcome) error {
	t.Helper()
	e := audit.New(db.now(), access.Actor{Person: nurseMari, Role: access.Nurse, Request: claim}, "patient.write", outcome)
	return db.change(t.Context(), []audit.Entry{e}, nil, func(*tx) error { return nil })
}

func TestARequestIsAnsweredAsTheFirstTime(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		r := db.Requests()
		c := begin(t, r)
		begins(t, r, idempotency.ErrUnderWay)
		must(t, carryOut(t, db, c.ID, audit.Done))
		must(t, r.Finish(t.Context(), nurseMari, requestKey, c.ID, []byte(`{"id":"p-olav"}`)))
		if again := begin(t, r); string(again.Answer) != `{"id":"p-olav"}` || again.ID != "" {
			t.Errorf("sent again: %+v", again)
		}
		if _, err := r.Begin(t.Context(), nurseMari, requestKey, []byte("POST /patients {}")); !errors.Is(err, idempotency.ErrOther) {
			t.Errorf("the same key for another request: %v", err)
		}
		if other, err := r.Begin(t.Context(), "p-tuva", requestKey, newPatient); err != nil || other.ID == "" {
			t.Errorf("the same key of another person: %+v, %v", other, err)
		}
		p.clock.pass(idempotency.Kept)
		if next := begin(t, r); next.ID == "" || next.ID == c.ID {
			t.Errorf("a day later: %+v", next)
		}
	})
}

func TestWhatWasCarriedOutIsNotCarriedOutAgainThoughItsAnswerIsLost(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		r := db.Requests()
		c := begin(t, r)
		must(t, carryOut(t, db, c.ID, audit.Done))
		begins(t, r, idempotency.ErrAnswerLost)
		must(t, r.Drop(t.Context(), c.ID))
		begins(t, r, idempotency.ErrAnswerLost)
		p.clock.pass(idempotency.Lease)
		begins(t, r, idempotency.ErrAnswerLost)
	})
}

func TestWhatOnlyReadOrFailedCarriesNothingOut(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		r := db.Requests()
		c := begin(t, r)
		must(t, db.auditedRead(t.Context(), func(*tx) ([]audit.Entry, error) {
			return []audit.Entry{audit.New(db.now(), access.Actor{Person: nurseMari, Request: c.ID}, "patient.read", audit.Done)}, nil
		}))
		must(t, carryOut(t, db, c.ID, audit.Refused))
		must(t, carryOut(t, db, c.ID, audit.Failed))
		must(t, r.Drop(t.Context(), c.ID))
		if again := begin(t, r); again.ID == "" {
			t.Errorf("after a failure: %+v", again)
		}
	})
}

func TestARequestWhoseProcessIsGoneIsTakenOverAndCantCommitLate(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		r := db.Requests()
		gone := begin(t, r)
		p.clock.pass(idempotency.Lease - time.Millisecond)
		begins(t, r, idempotency.ErrUnderWay)
		p.clock.pass(time.Millisecond)
		next := begin(t, r)
		if next.ID == "" || next.ID == gone.ID {
			t.Fatalf("taken over: %+v", next)
		}
		if err := carryOut(t, db, gone.ID, audit.Done); !errors.Is(err, idempotency.ErrSuperseded) {
			t.Errorf("the first one commits late: %v", err)
		}
		if err := r.Finish(t.Context(), nurseMari, requestKey, gone.ID, []byte("late")); !errors.Is(err, idempotency.ErrSuperseded) {
			t.Errorf("the first one answers late: %v", err)
		}
		must(t, carryOut(t, db, next.ID, audit.Done))
	})
}

func TestOfManyAtOnceOneIsCarriedOut(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := p.open(t).Requests()
		var (
			mu     sync.Mutex
			claims int
			all    sync.WaitGroup
		)
		for range 20 {
			all.Go(func() {
				c, err := r.Begin(t.Context(), nurseMari, requestKey, newPatient)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil && c.ID != "":
					claims++
				case !errors.Is(err, idempotency.ErrUnderWay):
					t.Errorf("%+v, %v", c, err)
				}
			})
		}
		all.Wait()
		if claims != 1 {
			t.Errorf("%d of 20 were carried out", claims)
		}
	})
}

func TestAnAnswerIsReadByWhoAskedAndAfterADayByNobody(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		r := db.Requests()
		c := begin(t, r)
		must(t, r.Finish(t.Context(), nurseMari, requestKey, c.ID, []byte("Olav Eik")))
		must(t, db.change(t.Context(), nil, nil, func(x *tx) error {
			row, err := x.request(nurseMari, requestKey)
			if err != nil {
				return err
			}
			once, err := x.open(string(nurseMari), answerCell(c.ID), row.answer)
			if err != nil || bytes.Contains(once, []byte("Olav")) {
				t.Errorf("the server's keys alone read %q, %v", once, err)
			}
			if _, err := x.openAnswer(nurseMari, "another key", row); err == nil {
				t.Error("another key reads the answer")
			}
			return nil
		}))
		p.clock.pass(idempotency.Kept + time.Millisecond)
		must(t, db.Tidy(t.Context()))
		must(t, db.change(t.Context(), nil, nil, func(x *tx) error {
			if _, err := x.request(nurseMari, requestKey); !errors.Is(err, errNoRequest) {
				t.Errorf("after a day: %v", err)
			}
			return nil
		}))
	})
}
