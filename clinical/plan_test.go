package clinical_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// table is a plan on a table: who sits around it writes in it.
type table struct {
	*clinical.Service
	t     *testing.T
	plans *planShelf
	told  []clinical.Event
	now   time.Time
}

// planShelf keeps plans as the store does: a draft's row is replaced only by who has read it.
type planShelf struct {
	clinical.Store // for limits and the record
	mu             sync.Mutex
	plans          []clinical.Plan // the latest first
	limits         clinical.Limits
	sharing        clinical.Sharing
	entries        []audit.Entry
	meanwhile      func() // another who comes first, once
}

func (s *planShelf) Plans(context.Context, access.PersonID) ([]clinical.Plan, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.plans)
	for i := range out {
		out[i].Fields = maps.Clone(out[i].Fields)
		out[i].Parties = slices.Clone(out[i].Parties)
	}
	return out, nil
}

func (s *planShelf) Sharing(context.Context, access.PersonID) (clinical.Sharing, error) {
	return s.sharing, nil
}

func (s *planShelf) SavePlan(_ context.Context, p clinical.Plan, limits *clinical.Limits, entries []audit.Entry) (clinical.Plan, error) {
	if first := s.meanwhile; first != nil {
		s.meanwhile = nil
		first()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.plans, func(q clinical.Plan) bool { return q.Version == p.Version })
	switch {
	case p.Revision == 0 && i >= 0, p.Revision > 0 && (i < 0 || s.plans[i].Revision != p.Revision || s.plans[i].State != clinical.PlanDraft):
		return p, clinical.ErrVersion
	}
	p.Revision++
	if i < 0 {
		s.plans = slices.Insert(s.plans, 0, p)
	} else {
		s.plans[i] = p
	}
	if limits != nil {
		s.limits = *limits
		s.limits.Version++
	}
	s.entries = append(s.entries, entries...)
	return p, nil
}

func (s *planShelf) Limits(context.Context, access.PersonID) (clinical.Limits, error) {
	return s.limits, nil
}
func (s *planShelf) Record(_ context.Context, e []audit.Entry) error {
	s.entries = append(s.entries, e...)
	return nil
}

// ties are how those around the table stand to Olav.
type ties map[access.PersonID]access.Relations

func (r ties) Relations(_ context.Context, by access.Actor, _ access.PersonID) (access.Relations, error) {
	return r[by.Person], nil
}

type called struct{}

func (called) Names(_ context.Context, ids []access.PersonID) (map[access.PersonID]string, error) {
	out := map[access.PersonID]string{}
	for _, id := range ids {
		out[id] = strings.ToUpper(string(id[:1])) + string(id[1:])
	}
	return out, nil
}

func newTable(t *testing.T) *table {
	t.Helper()
	a := &table{t: t, plans: &planShelf{}, now: time.Date(2026, 11, 23, 9, 10, 0, 0, time.UTC)}
	var err error
	a.Service, err = clinical.NewService(clinical.Config{
		Store: a.plans, Plans: a.plans, Names: called{}, Now: func() time.Time { return a.now },
		Relations: ties{
			"olav": access.Self, "mari": access.SameOrganisation, "tuva": access.Participant,
			"ragna": access.RelativeOf | access.Consent, "siv": access.SameOrganisation,
		},
		About:   func(context.Context, string) (access.PersonID, error) { return "olav", nil },
		Changed: func(_ access.PersonID, e clinical.Event) { a.told = append(a.told, e) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *table) write(by access.Actor, field clinical.PlanField, base int64, text string) clinical.Plan {
	a.t.Helper()
	p, err := a.EditPlan(a.t.Context(), by, "olav", clinical.PlanEdit{Field: field, Base: base, Text: text})
	if err != nil {
		a.t.Fatalf("%s writes in %s: %v", by.Person, field, err)
	}
	return p
}

func (a *table) approve(by access.Actor, p clinical.Plan) clinical.Plan {
	a.t.Helper()
	p, err := a.ApprovePlan(a.t.Context(), by, "olav", p.Version, p.Revision)
	if err != nil {
		a.t.Fatalf("%s approves: %v", by.Person, err)
	}
	return p
}

func TestAPlanIsWhatAllPartiesHaveApprovedAndItsLimitsArePatients(t *testing.T) {
	a := newTable(t)
	a.write(mari, clinical.PlanMatters, 0, "Å gå til postkassa sjølv.")
	p := a.write(tuva, clinical.PlanRed, 0, "Feber over 38,5: ring 116 117.")
	high := 145.0
	kinds := []clinical.KindLimits{{Kind: clinical.HeartRate, Limits: []clinical.Limit{{Green: clinical.Range{High: &high}}}}}
	p, err := a.SetPlanLimits(t.Context(), tuva, "olav", p.Revision, kinds)
	if err != nil {
		t.Fatal(err)
	}
	p = a.approve(tuva, p)
	a.now = a.now.Add(time.Minute)
	p = a.approve(olav, p)
	if p.State != clinical.PlanDraft || len(a.plans.limits.Kinds) != 0 {
		t.Errorf("it is %s, with limits %v, before the nurse has approved", p.State, a.plans.limits.Kinds)
	}
	p = a.approve(mari, p)
	if p.State != clinical.PlanActive || a.plans.limits.PlanVersion != 1 || len(a.plans.limits.Kinds) != 1 {
		t.Errorf("it is %s, and the patient's limits are %+v", p.State, a.plans.limits)
	}
	if last := a.told[len(a.told)-1]; !last.Limits || last.Plan != 1 {
		t.Errorf("told was %+v", last)
	}
	if a.plans.limits.By.Name != "Mari" {
		t.Errorf("the limits were set by %s", a.plans.limits.By.Name)
	}
	// Who goes on writing begins the next version with what stands there, and nobody has approved it.
	next := a.write(olav, clinical.PlanMatters, p.Fields[clinical.PlanMatters].Revision, "Å kome meg på sjøen.")
	if next.Version != 2 || next.Fields[clinical.PlanRed].Text != "Feber over 38,5: ring 116 117." || len(next.Limits) != 1 {
		t.Errorf("the next version is %+v", next)
	}
	for _, q := range next.Parties {
		if q.Approved != nil {
			t.Errorf("%s has approved what is only being written", q.Role)
		}
	}
	all, err := a.Plans(t.Context(), tuva, "olav")
	if err != nil || len(all) != 2 || all[1].State != clinical.PlanActive || all[1].Fields[clinical.PlanMatters].Text != "Å gå til postkassa sjølv." {
		t.Errorf("%v, %v", all, err)
	}
}

func TestTwoWhoWriteAtOnceLoseNoText(t *testing.T) {
	a := newTable(t)
	a.write(mari, clinical.PlanGreen, 0, "Bandasje kvar tredje dag.")
	// In different fields both stand there, also when the one is saved while the other is on its way.
	a.plans.meanwhile = func() { a.write(tuva, clinical.PlanYellow, 0, "Meir væske: ring heimetenesta.") }
	p := a.write(mari, clinical.PlanRed, 0, "Feber: ring 116 117.")
	if p.Fields[clinical.PlanYellow].Text == "" || p.Fields[clinical.PlanRed].Text == "" {
		t.Errorf("of two fields there are %+v", p.Fields)
	}
	// In one field the later text waits beside.
	a.write(mari, clinical.PlanGreen, 1, "Bandasje kvar tredje dag. Ein tur ut.")
	p = a.write(tuva, clinical.PlanGreen, 1, "Bandasje kvar andre dag.")
	green := p.Fields[clinical.PlanGreen]
	if green.Text != "Bandasje kvar tredje dag. Ein tur ut." || len(green.Beside) != 1 || green.Beside[0].Text != "Bandasje kvar andre dag." || green.Beside[0].By.Name != "Tuva" {
		t.Errorf("the field is %+v", green)
	}
	// One's own text that is a moment older is only late.
	p = a.write(mari, clinical.PlanGreen, 1, "Bandasje kvar tredje dag. Ein tur ut kvar dag.")
	if got := p.Fields[clinical.PlanGreen]; got.Text != "Bandasje kvar tredje dag. Ein tur ut kvar dag." || len(got.Beside) != 1 {
		t.Errorf("one's own later text made it %+v", got)
	}
	p, err := a.SettleBeside(t.Context(), mari, "olav", clinical.PlanGreen, green.Beside[0].ID)
	if err != nil || len(p.Fields[clinical.PlanGreen].Beside) != 0 {
		t.Errorf("put away: %+v, %v", p.Fields[clinical.PlanGreen], err)
	}
	if _, err := a.SettleBeside(t.Context(), mari, "olav", clinical.PlanGreen, green.Beside[0].ID); !errors.Is(err, clinical.ErrNotFound) {
		t.Errorf("put away twice: %v", err)
	}
}

func TestAnotherTextIsApprovedAnew(t *testing.T) {
	a := newTable(t)
	p := a.approve(mari, a.write(mari, clinical.PlanGreen, 0, "Som vanleg."))
	later := a.write(olav, clinical.PlanMatters, 0, "Å gå tur.")
	if slices.ContainsFunc(later.Parties, func(q clinical.PlanParty) bool { return q.Approved != nil }) {
		t.Error("the nurse has approved a text that she has not read")
	}
	if _, err := a.ApprovePlan(t.Context(), olav, "olav", p.Version, p.Revision); !errors.Is(err, clinical.ErrVersion) {
		t.Errorf("who approves what stood there before: %v", err)
	}
}

func TestWhoMayWriteAndApproveAPlan(t *testing.T) {
	a := newTable(t)
	p := a.write(ragna, clinical.PlanMatters, 0, "Far vil ut på sjøen.") // helps, and is no party
	if _, err := a.ApprovePlan(t.Context(), ragna, "olav", p.Version, p.Revision); !isRefused(err) {
		t.Errorf("a relative approves: %v", err)
	}
	for _, do := range []func() error{
		func() error { _, err := a.Plans(t.Context(), siv, "olav"); return err },
		func() error {
			_, err := a.EditPlan(t.Context(), siv, "olav", clinical.PlanEdit{Field: clinical.PlanRed, Text: "x"})
			return err
		},
	} {
		before := len(a.plans.entries)
		if err := do(); !isRefused(err) {
			t.Errorf("a coordinator: %v", err)
		}
		if e := a.plans.entries; len(e) != before+1 || e[before].Outcome != audit.Refused {
			t.Error("the refusal is not on record")
		}
	}
}

func TestWhatAPlanDoesNotTakeIsNamed(t *testing.T) {
	a := newTable(t)
	a.write(mari, clinical.PlanGreen, 0, "Som vanleg.")
	for name, tt := range map[string]struct {
		edit  clinical.PlanEdit
		field string
	}{
		"another field":        {clinical.PlanEdit{Field: "blue", Text: "x"}, "field"},
		"too long":             {clinical.PlanEdit{Field: clinical.PlanRed, Text: strings.Repeat("å", 2001)}, "text"},
		"a control character":  {clinical.PlanEdit{Field: clinical.PlanRed, Text: "a\x07"}, "text"},
		"a revision to come":   {clinical.PlanEdit{Field: clinical.PlanGreen, Base: 9, Text: "x"}, "base"},
		"a revision before it": {clinical.PlanEdit{Field: clinical.PlanGreen, Base: -1, Text: "x"}, "base"},
	} {
		_, err := a.EditPlan(t.Context(), mari, "olav", tt.edit)
		broken, ok := errors.AsType[*clinical.Invalid](err)
		if !ok || broken.Field != tt.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, _ := a.Plans(t.Context(), mari, "olav"); all[0].Revision != 1 {
		t.Errorf("what was refused has made it revision %d", all[0].Revision)
	}
	empty := newTable(t)
	p, err := empty.SetPlanLimits(t.Context(), tuva, "olav", 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := empty.ApprovePlan(t.Context(), tuva, "olav", p.Version, p.Revision); err == nil {
		t.Error("a plan without a word was approved")
	}
}

// Who writes for a while is on record once, as who reads for a while is.
func TestAnHourOfWritingIsOneEntry(t *testing.T) {
	a := newTable(t)
	for i, text := range []string{"B", "Ba", "Ban", "Band"} {
		a.write(mari, clinical.PlanGreen, int64(i), text)
		a.now = a.now.Add(time.Second)
	}
	if n := len(a.plans.entries); n != 1 {
		t.Errorf("%d entries", n)
	}
	a.now = a.now.Add(2 * time.Hour)
	a.write(mari, clinical.PlanGreen, 4, "Bandasje")
	if n := len(a.plans.entries); n != 2 {
		t.Errorf("%d entries after two hours", n)
	}
}

func TestThePlanIsKeptFromWhomThePatientSays(t *testing.T) {
	a := newTable(t)
	p := a.write(olav, clinical.PlanMatters, 0, "Å gå til postkassa sjølv.")
	a.plans.sharing.Rules = []clinical.ShareRule{{Item: clinical.SharePlan, Party: clinical.ShareRelatives}}
	before := len(a.plans.entries)
	if _, err := a.Plans(t.Context(), ragna, "olav"); !isRefused(err) {
		t.Errorf("a relative reads: %v", err)
	}
	if _, err := a.EditPlan(t.Context(), ragna, "olav", clinical.PlanEdit{Field: clinical.PlanMatters, Base: p.Revision, Text: "x"}); !isRefused(err) {
		t.Errorf("a relative writes: %v", err)
	}
	if n := len(a.plans.entries) - before; n != 2 {
		t.Errorf("%d refusals on record", n)
	}
	if may, err := a.May(t.Context(), ragna, "olav"); err != nil || may.ReadPlan || may.WritePlan || !may.See {
		t.Errorf("may %+v, %v", may, err)
	}
	for _, by := range []access.Actor{mari, olav} {
		if all, err := a.Plans(t.Context(), by, "olav"); err != nil || len(all) != 1 {
			t.Errorf("%s: %v, %v", by.Person, all, err)
		}
	}
}
