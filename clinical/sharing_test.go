package clinical_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

// sees is which of a weight, a glucose and a PHQ-9 somebody is shown, in each way to ask for them.
func (w *ward) sees(by access.Actor, ids []clinical.ObservationID) string {
	w.t.Helper()
	ctx := w.t.Context()
	var ways []string
	add := func(kinds []clinical.KindID) {
		text := ""
		for _, k := range []clinical.KindID{clinical.Weight, clinical.Glucose, clinical.PHQ9} {
			for _, of := range kinds {
				if of == k {
					text += string(k) + " "
				}
			}
		}
		ways = append(ways, text)
	}
	panel, err := w.Panel(ctx, by, "olav", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	add(kindsOf(panel.Rows))
	of := func(all []clinical.Seen) (kinds []clinical.KindID) {
		for _, o := range all {
			kinds = append(kinds, o.Kind)
		}
		return kinds
	}
	sight, _, err := w.See(ctx, by, "olav", clinical.Event{Observations: ids})
	if err != nil {
		w.t.Fatal(err)
	}
	add(of(sight.Values))
	all, err := w.Values(ctx, by, "olav", clinical.Query{Most: 10})
	if err != nil {
		w.t.Fatal(err)
	}
	add(of(all))
	found, _, err := w.Search(ctx, by, "olav", nil, clinical.Query{Most: 10})
	if err != nil {
		w.t.Fatal(err)
	}
	var searched []clinical.KindID
	for _, o := range found {
		searched = append(searched, o.Kind)
	}
	add(searched)
	var trends []clinical.KindID
	for _, k := range []clinical.KindID{clinical.Weight, clinical.Glucose, clinical.PHQ9} {
		if _, err := w.Trend(ctx, by, "olav", k, noon.AddDate(0, 0, -1), noon.AddDate(0, 0, 1), 100); err == nil {
			trends = append(trends, k)
		}
	}
	add(trends)
	for _, way := range ways {
		if way != ways[0] {
			w.t.Errorf("%s sees %q", by.Person, ways)
		}
	}
	return strings.TrimSpace(ways[0])
}

func TestThePatientDecidesByItemAndPartyWhoSeesWhat(t *testing.T) {
	const all, some = "weight glucose phq-9", "weight glucose"
	for _, tt := range []struct {
		rules        []clinical.ShareRule
		nurse, ragna string
	}{
		{nil, all, some},
		{[]clinical.ShareRule{{Item: "survey", Party: clinical.ShareRelatives, Shown: true}}, all, all},
		{[]clinical.ShareRule{{Item: "laboratory", Party: clinical.ShareRelatives}}, all, "weight"},
		{[]clinical.ShareRule{{Item: "survey", Party: "fjordvik"}}, some, some},
		{[]clinical.ShareRule{{Item: "survey", Party: "elsewhere"}}, all, some},
		{[]clinical.ShareRule{{Item: "glucose", Party: "fjordvik"}}, "weight phq-9", some},
		// A kind goes before its category.
		{[]clinical.ShareRule{{Item: "survey", Party: "fjordvik"}, {Item: "phq-9", Party: "fjordvik", Shown: true}}, all, some},
		{[]clinical.ShareRule{{Item: "vital-signs", Party: "fjordvik"}, {Item: "laboratory", Party: "fjordvik"}, {Item: "survey", Party: "fjordvik"}}, "", some},
	} {
		t.Run(fmt.Sprint(tt.rules), func(t *testing.T) {
			w := newWard(t)
			kept := w.keeps(olav, weight("k1", 0, 81),
				clinical.New{Key: "g", Kind: clinical.Glucose, Values: []float64{6.1}, Measured: noon, Method: clinical.ByHand},
				clinical.New{Key: "p", Kind: clinical.PHQ9, Values: []float64{14}, Measured: noon, Method: clinical.ByHand})
			ids := []clinical.ObservationID{kept[0].ID, kept[1].ID, kept[2].ID}
			if _, err := w.SetSharing(t.Context(), olav, "olav", 0, tt.rules); err != nil {
				t.Fatal(err)
			}
			for by, want := range map[access.Actor]string{olav: all, mari: tt.nurse, ragna: tt.ragna} {
				if got := w.sees(by, ids); got != want {
					t.Errorf("%s sees %q, want %q", by.Person, got, want)
				}
			}
			// In an emergency the record is open, and that is on record.
			w.stands["mari"] = access.SameOrganisation | access.Emergency
			if got := w.sees(mari, ids); got != all {
				t.Errorf("in an emergency: %q", got)
			}
		})
	}
}

func TestWhoSomethingIsKeptFromIsToldSoAndCantCorrectIt(t *testing.T) {
	w := newWard(t)
	kept := w.keeps(mari, clinical.New{Key: "g", Kind: clinical.Glucose, Values: []float64{6.1}, Measured: noon, Method: clinical.ByHand})
	if _, err := w.SetSharing(t.Context(), olav, "olav", 0, []clinical.ShareRule{{Item: "glucose", Party: "fjordvik"}}); err != nil {
		t.Fatal(err)
	}
	for by, want := range map[access.Actor]bool{mari: true, olav: false, ragna: false} {
		panel, err := w.Panel(t.Context(), by, "olav", nil)
		if err != nil || panel.Hidden != want {
			t.Errorf("%s: hidden %v, %v", by.Person, panel.Hidden, err)
		}
	}
	if _, err := w.Correct(t.Context(), mari, "olav", kept[0].ID, 1, clinical.Edit{Wrong: true}); !errors.Is(err, clinical.ErrNotFound) {
		t.Errorf("to correct it: %v", err)
	}
}

func TestWhoMayDecideWhoSeesWhat(t *testing.T) {
	for _, tt := range []struct {
		by  access.Actor
		may bool
	}{{olav, true}, {mari, true}, {tuva, true}, {ragna, false}, {knut, false}, {tor, false}, {lars, false}, {siv, false}, {home, false}} {
		w := newWard(t)
		_, err := w.SetSharing(t.Context(), tt.by, "olav", 0, nil)
		if (err == nil) != tt.may || !tt.may && !isRefused(err) {
			t.Errorf("%s sets: %v", tt.by.Person, err)
		}
		if _, err := w.Sharing(t.Context(), tt.by, "olav"); (err == nil) != tt.may || !tt.may && !isRefused(err) {
			t.Errorf("%s reads: %v", tt.by.Person, err)
		}
		if len(w.recorded(tt.by.Person)) < 2 {
			t.Errorf("%s: on record %v", tt.by.Person, w.recorded(tt.by.Person))
		}
	}
}

func TestRulesThatCantBeAreRefusedByField(t *testing.T) {
	w := newWard(t)
	for field, rules := range map[string][]clinical.ShareRule{
		"rules":           make([]clinical.ShareRule, 101),
		"rules[0].item":   {{Item: "shoe-size", Party: clinical.ShareRelatives}},
		"rules[0].party":  {{Item: "survey"}},
		"rules[1].item":   {{Item: "survey", Party: "fjordvik"}, {Item: "survey", Party: "fjordvik", Shown: true}},
		"rules[0].party ": {{Item: "survey", Party: clinical.ShareParty(strings.Repeat("a", 65))}},
	} {
		var invalid *clinical.Invalid
		if _, err := w.SetSharing(t.Context(), olav, "olav", 0, rules); !errors.As(err, &invalid) || invalid.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if s, err := w.Sharing(t.Context(), olav, "olav"); err != nil || s.Version != 0 {
		t.Errorf("something was kept: %+v, %v", s, err)
	}
	if _, err := w.SetSharing(t.Context(), olav, "olav", 1, nil); !errors.Is(err, clinical.ErrVersion) {
		t.Errorf("of a version that is not there: %v", err)
	}
}

func TestWhoDoesNotCareForThePatientSeesWhatIsAgreed(t *testing.T) {
	const all = "weight glucose phq-9"
	for _, tt := range []struct {
		agreed clinical.Shares
		want   string
		plan   bool
	}{
		{clinical.Shares{}, "", false},
		{clinical.Shares{Measurements: true}, "weight glucose", false},
		{clinical.Shares{Questionnaires: true}, "phq-9", false},
		{clinical.Shares{Measurements: true, Questionnaires: true, Plan: true}, all, true},
	} {
		w := newWard(t)
		w.shares = tt.agreed
		w.stands["tuva"] = access.Participant
		kept := w.keeps(mari, weight("k1", 0, 81),
			clinical.New{Key: "g", Kind: clinical.Glucose, Values: []float64{6.1}, Measured: noon, Method: clinical.ByHand},
			clinical.New{Key: "p", Kind: clinical.PHQ9, Values: []float64{14}, Measured: noon, Method: clinical.ByHand})
		ids := []clinical.ObservationID{kept[0].ID, kept[1].ID, kept[2].ID}
		for by, want := range map[access.Actor]string{tuva: tt.want, mari: all, olav: all} {
			if got := w.sees(by, ids); got != want {
				t.Errorf("%+v: %s sees %q, want %q", tt.agreed, by.Person, got, want)
			}
		}
		if may, err := w.May(t.Context(), tuva, "olav"); err != nil || may.ReadPlan != tt.plan {
			t.Errorf("%+v: may %+v, %v", tt.agreed, may, err)
		}
		shown, err := w.ShowsAnswers(t.Context(), tuva, access.Participant, "olav")
		if err != nil || shown != tt.agreed.Questionnaires {
			t.Errorf("%+v: answers %v, %v", tt.agreed, shown, err)
		}
		// The patient's word narrows what is agreed, and does not widen it.
		if _, err := w.SetSharing(t.Context(), olav, "olav", 0, []clinical.ShareRule{{Item: "survey", Party: "hospital", Shown: true}, {Item: "laboratory", Party: "hospital"}}); err != nil {
			t.Fatal(err)
		}
		if got, want := w.sees(tuva, ids), strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(tt.want, "glucose", ""), "  ", " ")); got != want {
			t.Errorf("%+v, narrowed: %q, want %q", tt.agreed, got, want)
		}
	}
}
