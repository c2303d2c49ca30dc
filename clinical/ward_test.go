package clinical_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/clinical/clinicaltest"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// ward is a service over a store in memory, and those who stand around Olav, whom the
// municipality of Fjordvik cares for and consultation c1 is about.
type ward struct {
	*clinical.Service
	t      *testing.T
	store  *clinicaltest.Memory
	now    time.Time
	born   time.Time
	told   []clinical.Event
	stands map[access.PersonID]access.Relations // to Olav
	shares clinical.Shares                      // what is agreed with who does not care for Olav
}

var (
	tuva  = access.Actor{Person: "tuva", Role: access.Specialist, Organisation: "hospital", Session: "s1", Consultation: "c1"} // by a demo's link
	mari  = access.Actor{Person: "mari", Role: access.Nurse, Organisation: "fjordvik", Session: "s2"}
	olav  = access.Actor{Person: "olav", Role: access.Patient, Session: "s3", Consultation: "c1"}
	ragna = access.Actor{Person: "ragna", Role: access.Relative, Session: "s4", Consultation: "c1"}
	knut  = access.Actor{Person: "knut", Role: access.Relative, Session: "s5", Consultation: "c1"} // without consent
	tor   = access.Actor{Person: "tor", Role: access.Interpreter, Session: "s6", Consultation: "c1"}
	lars  = access.Actor{Person: "lars", Role: access.Nurse, Organisation: "langvik", Session: "s7"}
	siv   = access.Actor{Person: "siv", Role: access.Coordinator, Organisation: "fjordvik", Session: "s8"}
	home  = access.Actor{Person: "homecare", Role: access.Machine, Organisation: "fjordvik"}
)

func newWard(t *testing.T) *ward {
	t.Helper()
	all := clinical.Shares{Measurements: true, Questionnaires: true, Plan: true, Wounds: true}
	w := &ward{t: t, store: clinicaltest.NewMemory(), now: noon, shares: all, stands: map[access.PersonID]access.Relations{
		"tuva": access.Participant | access.SameOrganisation, "mari": access.SameOrganisation | access.Participant, "olav": access.Self | access.Participant,
		"ragna": access.RelativeOf | access.Consent | access.Participant, "knut": access.RelativeOf | access.Participant,
		"tor": access.Participant, "siv": access.SameOrganisation, "homecare": access.SameOrganisation,
	}}
	var err error
	w.Service, err = clinical.NewService(clinical.Config{
		Store: w.store, Relations: w, Names: w, Now: func() time.Time { return w.now },
		About: func(_ context.Context, consultation string) (access.PersonID, error) {
			return map[string]access.PersonID{"c1": "olav", "c2": "kari"}[consultation], nil
		},
		Born:    func(context.Context, access.PersonID) (time.Time, error) { return w.born, nil },
		Changed: func(_ access.PersonID, e clinical.Event) { w.told = append(w.told, e) },
		Shares: func(context.Context, access.OrganisationID, access.PersonID) (clinical.Shares, error) {
			return w.shares, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Relations are the ward's own; everybody whom Kari meets stands to her as to Olav.
func (w *ward) Relations(_ context.Context, by access.Actor, patient access.PersonID) (access.Relations, error) {
	if patient != "olav" && patient != "kari" {
		return 0, nil
	}
	return w.stands[by.Person], nil
}

func (*ward) Names(context.Context, []access.PersonID) (map[access.PersonID]string, error) {
	return map[access.PersonID]string{"tuva": "Tuva Ask", "mari": "Mari Bjørk", "olav": "Olav Eik", "ragna": "Ragna Eik"}, nil
}

// weight is a value of so many days ago.
func weight(key string, days int, v float64) clinical.New {
	return clinical.New{Key: key, Kind: clinical.Weight, Values: []float64{v}, Measured: noon.AddDate(0, 0, -days), Method: clinical.ByHand}
}

// keeps adds values, all of which must be kept.
func (w *ward) keeps(by access.Actor, values ...clinical.New) []clinical.Result {
	w.t.Helper()
	kept, err := w.Add(w.t.Context(), by, "olav", "", values)
	if err != nil {
		w.t.Fatal(err)
	}
	for i, r := range kept {
		if r.Fault != nil {
			w.t.Fatalf("items[%d]: %v", i, r.Fault)
		}
	}
	return kept
}

func (w *ward) limits(by access.Actor, l clinical.Limits) clinical.Limits {
	w.t.Helper()
	l, err := w.SetLimits(w.t.Context(), by, "olav", l)
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// recorded are the actions in the audit record, of one person.
func (w *ward) recorded(by access.PersonID) (out []string) {
	for _, e := range w.store.Entries() {
		if e.Actor.Person == by {
			what := e.Action
			if e.Outcome != audit.Done {
				what += " " + string(e.Outcome)
			}
			out = append(out, what)
		}
	}
	return out
}

func isInvalid(err error) bool {
	_, ok := errors.AsType[*clinical.Invalid](err)
	return ok
}

func isRefused(err error) bool {
	_, ok := errors.AsType[*access.Refused](err)
	return ok
}

func values(points []clinical.Point) (out []float64) {
	for _, p := range points {
		out = append(out, p.Values[0])
	}
	return out
}

func ids(all []clinical.Seen) (out []clinical.ObservationID) {
	for _, s := range all {
		out = append(out, s.ID)
	}
	return out
}

func kindsOf(rows []clinical.Row) (out []clinical.KindID) {
	for _, r := range rows {
		out = append(out, r.Kind)
	}
	return slices.Clip(out)
}
