package clinical_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
)

func p(v float64) *float64 { return &v }

// limit is green from b to c and yellow from a to d; nil is open.
func limit(a, b, c, d *float64) clinical.Limit {
	return clinical.Limit{Green: clinical.Range{Low: b, High: c}, Yellow: clinical.Range{Low: a, High: d}}
}

func TestAValueLiesInTheZoneOfThePatientsOwnLimits(t *testing.T) {
	whole := limit(p(60), p(65), p(75), p(80))
	for _, tt := range []struct {
		name   string
		of     clinical.Limit
		value  float64
		colour clinical.Colour
		side   clinical.Side
		at     float64
	}{
		{"below the lowest", whole, 59.9, clinical.Red, clinical.Under, 60},
		{"on the lowest", whole, 60, clinical.Yellow, clinical.Under, 65},
		{"below green", whole, 64.9, clinical.Yellow, clinical.Under, 65},
		{"on the lower end of green", whole, 65, clinical.Green, "", 0},
		{"in green", whole, 70, clinical.Green, "", 0},
		{"on the upper end of green", whole, 75, clinical.Green, "", 0},
		{"above green", whole, 75.1, clinical.Yellow, clinical.Over, 75},
		{"on the highest", whole, 80, clinical.Yellow, clinical.Over, 75},
		{"above the highest", whole, 80.1, clinical.Red, clinical.Over, 80},
		{"open upwards", limit(p(60), p(65), nil, nil), 500, clinical.Green, "", 0},
		{"open downwards", limit(nil, nil, p(75), p(80)), 0.3, clinical.Green, "", 0},
		{"without red above", limit(nil, p(65), p(75), nil), 500, clinical.Yellow, clinical.Over, 75},
		{"without red below", limit(nil, p(65), p(75), nil), 0.3, clinical.Yellow, clinical.Under, 65},
		{"without yellow", limit(p(65), p(65), p(75), p(75)), 75.1, clinical.Red, clinical.Over, 75},
		{"no limit", clinical.Limit{}, 70, clinical.NoColour, "", 0},
	} {
		of := clinical.KindLimits{Kind: clinical.Weight, Limits: []clinical.Limit{tt.of}}
		want := clinical.Zone{Colour: tt.colour}
		if tt.side != "" {
			want.Crossed = []clinical.Crossing{{Side: tt.side, Limit: tt.at}}
		}
		if got := of.ZoneOf(kind(t, clinical.Weight), []float64{tt.value}, noon, nil); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", tt.name, got, want)
		}
		if got := of.Colour([]float64{tt.value}); got != tt.colour {
			t.Errorf("%s: its colour is %q", tt.name, got)
		}
	}
}

func TestTheWorstComponentGivesTheZoneAndOnlyThoseThatDoAreNamed(t *testing.T) {
	of := clinical.KindLimits{Kind: clinical.BloodPressure, Limits: []clinical.Limit{
		limit(p(90), p(100), p(145), p(160)), limit(nil, nil, p(90), p(100)),
	}}
	for _, tt := range []struct {
		values  []float64
		colour  clinical.Colour
		crossed []clinical.Crossing
	}{
		{[]float64{130, 80}, clinical.Green, nil},
		{[]float64{150, 80}, clinical.Yellow, []clinical.Crossing{{Component: "systolic", Side: clinical.Over, Limit: 145}}},
		{[]float64{130, 95}, clinical.Yellow, []clinical.Crossing{{Component: "diastolic", Side: clinical.Over, Limit: 90}}},
		{[]float64{150, 95}, clinical.Yellow, []clinical.Crossing{{Component: "systolic", Side: clinical.Over, Limit: 145}, {Component: "diastolic", Side: clinical.Over, Limit: 90}}},
		{[]float64{150, 101}, clinical.Red, []clinical.Crossing{{Component: "diastolic", Side: clinical.Over, Limit: 100}}},
		{[]float64{161, 101}, clinical.Red, []clinical.Crossing{{Component: "systolic", Side: clinical.Over, Limit: 160}, {Component: "diastolic", Side: clinical.Over, Limit: 100}}},
	} {
		got := of.ZoneOf(kind(t, clinical.BloodPressure), tt.values, noon, nil)
		if got.Colour != tt.colour || !reflect.DeepEqual(got.Crossed, tt.crossed) {
			t.Errorf("%v: %+v", tt.values, got)
		}
		if c := of.Colour(tt.values); c != tt.colour {
			t.Errorf("%v: its colour is %q", tt.values, c)
		}
	}
}

func TestAValueThatHasMovedTooFarWithinTheDaysIsMarked(t *testing.T) {
	// Two kilos up in three days is yellow, three red; two down in a week is yellow.
	of := clinical.KindLimits{
		Kind: clinical.Weight, Limits: []clinical.Limit{{}},
		Rise: clinical.Change{Days: 3, Yellow: 2, Red: 3}, Fall: clinical.Change{Days: 7, Yellow: 2},
	}
	ago := func(days float64, v float64) clinical.Point {
		return clinical.Point{At: noon.Add(-time.Duration(days * 24 * float64(time.Hour))), Values: []float64{v}}
	}
	for _, tt := range []struct {
		name   string
		value  float64
		before []clinical.Point
		colour clinical.Colour
		side   clinical.Side
		by     float64
	}{
		{"the first value", 72, nil, clinical.Green, "", 0},
		{"just under two", 71.9, []clinical.Point{ago(1, 70)}, clinical.Green, "", 0},
		{"two", 72, []clinical.Point{ago(1, 70)}, clinical.Yellow, clinical.Rise, 2},
		{"a difference that binary can't hold", 72.1, []clinical.Point{ago(1, 70.1)}, clinical.Yellow, clinical.Rise, 2},
		{"just under three", 72.9, []clinical.Point{ago(1, 70)}, clinical.Yellow, clinical.Rise, 2.9},
		{"three", 73, []clinical.Point{ago(1, 70)}, clinical.Red, clinical.Rise, 3},
		{"three days ago counts", 72, []clinical.Point{ago(3, 70)}, clinical.Yellow, clinical.Rise, 2},
		{"longer ago does not", 72, []clinical.Point{ago(3.001, 70)}, clinical.Green, "", 0},
		{"the lowest of them counts", 72, []clinical.Point{ago(2, 71), ago(1, 69.5), ago(0.5, 72)}, clinical.Yellow, clinical.Rise, 2.5},
		{"later ones do not", 72, []clinical.Point{ago(-1, 69)}, clinical.Green, "", 0},
		{"nor do those of the same moment", 72, []clinical.Point{ago(0, 69)}, clinical.Green, "", 0},
		{"a fall within its own days", 70, []clinical.Point{ago(6, 72)}, clinical.Yellow, clinical.Fall, 2},
		{"a fall is never red here", 60, []clinical.Point{ago(6, 72)}, clinical.Yellow, clinical.Fall, 12},
	} {
		got := of.ZoneOf(kind(t, clinical.Weight), []float64{tt.value}, noon, tt.before)
		if got.Colour != tt.colour {
			t.Errorf("%s: %+v, want %s", tt.name, got, tt.colour)
			continue
		}
		if tt.side == "" {
			if len(got.Crossed) != 0 {
				t.Errorf("%s: %+v", tt.name, got)
			}
			continue
		}
		if c := got.Crossed; len(c) != 1 || c[0].Side != tt.side || c[0].By != tt.by || c[0].Days != of.Rise.Days && c[0].Days != of.Fall.Days {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

func TestLimitsThatCantBeAreRefusedByFieldAndRule(t *testing.T) {
	w := newWard(t)
	weight := func(change func(*clinical.KindLimits)) []clinical.KindLimits {
		k := clinical.KindLimits{Kind: clinical.Weight, Limits: []clinical.Limit{limit(p(60), p(65), p(75), p(80))}}
		change(&k)
		return []clinical.KindLimits{k}
	}
	for field, all := range map[string][]clinical.KindLimits{
		"kinds[0].kind":   {{Kind: "shoe-size", Limits: []clinical.Limit{{}}}},
		"kinds[1].kind":   append(weight(func(*clinical.KindLimits) {}), weight(func(*clinical.KindLimits) {})...),
		"kinds[0].limits": {{Kind: clinical.BloodPressure, Limits: []clinical.Limit{{}}}},
		"kinds[0].limits[0] must rise": weight(func(k *clinical.KindLimits) {
			k.Limits[0] = limit(p(66), p(65), p(75), p(80))
		}),
		"kinds[0].limits[0] must rise ": weight(func(k *clinical.KindLimits) {
			k.Limits[0] = limit(nil, p(76), p(75), nil)
		}),
		"kinds[0].limits[0] must rise  ": weight(func(k *clinical.KindLimits) {
			k.Limits[0] = limit(nil, nil, p(75), p(74))
		}),
		"kinds[0].limits[0] must be 0.3–500 kg": weight(func(k *clinical.KindLimits) {
			k.Limits[0] = limit(nil, nil, p(501), nil)
		}),
		"kinds[0].limits[0] must be 0.3–500 kg with at most 1 decimals": weight(func(k *clinical.KindLimits) {
			k.Limits[0] = limit(nil, nil, p(75.25), nil)
		}),
		"kinds[0].limits[0] must say what is green": weight(func(k *clinical.KindLimits) {
			k.Limits[0] = limit(p(60), nil, nil, p(80))
		}),
		"kinds[0].rise must be within 1–365 days":  weight(func(k *clinical.KindLimits) { k.Rise = clinical.Change{Yellow: 2} }),
		"kinds[0].rise must be within 1–365 days ": weight(func(k *clinical.KindLimits) { k.Rise = clinical.Change{Days: 366, Yellow: 2} }),
		"kinds[0].rise must say by how much":       weight(func(k *clinical.KindLimits) { k.Rise = clinical.Change{Days: 3} }),
		"kinds[0].fall must say by how much":       weight(func(k *clinical.KindLimits) { k.Fall = clinical.Change{Days: 3, Yellow: -1} }),
		"kinds[0].fall must be red for no less":    weight(func(k *clinical.KindLimits) { k.Fall = clinical.Change{Days: 3, Yellow: 3, Red: 2} }),
	} {
		_, err := w.SetLimits(t.Context(), tuva, "olav", clinical.Limits{Kinds: all})
		if !isInvalid(err) || !strings.Contains(err.Error(), strings.TrimRight(field, " ")) {
			t.Errorf("%q: %v", field, err)
		}
	}
	if l, err := w.Limits(t.Context(), tuva, "olav"); err != nil || l.Version != 0 {
		t.Errorf("something was kept: %+v, %v", l, err)
	}
}
