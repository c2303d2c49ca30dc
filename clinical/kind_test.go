package clinical_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/clinical"
)

func kinds(t *testing.T) clinical.Kinds {
	t.Helper()
	k, err := clinical.ReadKinds()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func kind(t *testing.T, id clinical.KindID) clinical.Kind {
	t.Helper()
	k, ok := kinds(t).Kind(id)
	if !ok {
		t.Fatalf("%s is no kind", id)
	}
	return k
}

// TestKindsHaveTheCodesAndUnitsOfTheField is CLINICAL.md's table, written a second time.
func TestKindsHaveTheCodesAndUnitsOfTheField(t *testing.T) {
	for _, want := range []struct {
		id       clinical.KindID
		loinc    string
		category string
		units    string
	}{
		{clinical.BloodPressure, "85354-9", "vital-signs", "mm[Hg] mm[Hg]"},
		{clinical.HeartRate, "8867-4", "vital-signs", "/min"},
		{clinical.RespiratoryRate, "9279-1", "vital-signs", "/min"},
		{clinical.OxygenSaturation, "2708-6 59408-5", "vital-signs", "%"},
		{clinical.Temperature, "8310-5", "vital-signs", "Cel"},
		{clinical.Weight, "29463-7", "vital-signs", "kg"},
		{clinical.Glucose, "14743-9", "laboratory", "mmol/L"},
		{"glucose-blood", "15074-8", "laboratory", "mmol/L"},
		{"fev1", "20150-9", "exam", "L"},
		{"peak-flow", "33452-4", "exam", "L/min"},
		{clinical.PHQ9, "44261-6", "survey", "{score}"},
		{clinical.GAD7, "70274-6", "survey", "{score}"},
		{"wound-length", "39126-8", "exam", "cm"},
		{"wound-width", "39125-0", "exam", "cm"},
		{"wound-depth", "39127-6", "exam", "cm"},
		{"wound-area", "89260-4", "exam", "cm2"},
	} {
		k := kind(t, want.id)
		var units []string
		for _, c := range k.Components {
			units = append(units, c.Unit)
		}
		if got := strings.Join(k.LOINC, " "); got != want.loinc || k.Category != want.category || strings.Join(units, " ") != want.units {
			t.Errorf("%s: %s, %s, %v", want.id, got, k.Category, units)
		}
		for code := range strings.FieldsSeq(want.loinc) {
			if by, ok := kinds(t).ByLOINC(code); !ok || by.ID != want.id {
				t.Errorf("%s is %s", code, by.ID)
			}
		}
	}
	bp := kind(t, clinical.BloodPressure)
	if !slices.Equal(bp.Components[0].LOINC, []string{"8480-6"}) || !slices.Equal(bp.Components[1].LOINC, []string{"8462-4"}) {
		t.Errorf("the components of blood pressure: %+v", bp.Components)
	}
	if _, ok := kinds(t).ByLOINC("1234-5"); ok {
		t.Error("an unknown code is a kind")
	}
}

func TestEachKindStandsInItsPlace(t *testing.T) {
	k := kinds(t)
	for i, one := range k.All() {
		if k.Place(one.ID) != i {
			t.Errorf("%s stands at %d, not %d", one.ID, k.Place(one.ID), i)
		}
	}
	if got := k.Place("nothing"); got != len(k.All()) {
		t.Errorf("what is none stands at %d", got)
	}
}

// TestWhatIsNotPossibleIsRefusedWithTheRange tries both sides of both ends of every component.
func TestWhatIsNotPossibleIsRefusedWithTheRange(t *testing.T) {
	for _, k := range kinds(t).All() {
		for i, c := range k.Components {
			step := math.Pow10(-c.Decimals)
			for _, tt := range []struct {
				value float64
				good  bool
			}{
				{c.Least, true}, {c.Rounded(c.Least - step), false}, {c.Most, true}, {c.Rounded(c.Most + step), false},
				{c.Rounded(c.Least+step) + step/10, false}, // a decimal more than it has
				{math.NaN(), false}, {math.Inf(1), false}, {math.Inf(-1), false},
			} {
				values := make([]float64, len(k.Components))
				for j, other := range k.Components {
					values[j] = other.Least
				}
				if k.ID == clinical.BloodPressure { // so that the other is the lower, or the higher
					values = [][]float64{{0, c.Least}, {300, 0}}[i]
					if i == 0 {
						values[1] = 10
					}
				}
				values[i] = tt.value
				component, rule := k.Fault(values)
				if (rule == "") != tt.good || rule != "" && component != c.ID {
					t.Errorf("%s %s %v: %q %q", k.ID, c.ID, tt.value, component, rule)
				}
				if tt.value > c.Most && !math.IsInf(tt.value, 1) && !strings.Contains(rule, clinical.Text(c.Least)+"–"+clinical.Text(c.Most)+" "+c.Unit) {
					t.Errorf("%s %s: the rule %q does not say the range", k.ID, c.ID, rule)
				}
			}
		}
		if _, rule := k.Fault(nil); rule == "" {
			t.Errorf("%s without a value", k.ID)
		}
		if _, rule := k.Fault(make([]float64, len(k.Components)+1)); rule == "" {
			t.Errorf("%s with one too many", k.ID)
		}
	}
	for _, values := range [][]float64{{80, 120}, {100, 100}} {
		if component, rule := kind(t, clinical.BloodPressure).Fault(values); component != "diastolic" || rule != "must be below the systolic" {
			t.Errorf("%v: %q %q", values, component, rule)
		}
	}
}

func TestUnitsAreConverted(t *testing.T) {
	for _, tt := range []struct {
		kind     clinical.KindID
		value    float64
		unit     string
		want     float64
		refusals bool
	}{
		{clinical.BloodPressure, 16, "kPa", 120, false},
		{clinical.BloodPressure, 13.3, "kPa", 100, false},
		{clinical.BloodPressure, 120, "mm[Hg]", 120, false},
		{clinical.BloodPressure, 120, "", 120, false},
		{clinical.BloodPressure, 120, "mmHg", 0, true}, // what is printed, and no UCUM
		{clinical.Temperature, 98.6, "[degF]", 37, false},
		{clinical.Temperature, 32, "[degF]", 0, false},
		{clinical.Temperature, 104, "[degF]", 40, false},
		{clinical.Temperature, 310.15, "K", 37, false},
		{clinical.Temperature, 37, "cel", 0, true},
		{clinical.Weight, 81400, "g", 81.4, false},
		{clinical.Weight, 180, "[lb_av]", 81.6, false},
		{clinical.Glucose, 90, "mg/dL", 5, false},
		{clinical.Glucose, 126, "mg/dL", 7, false},
		{clinical.Glucose, 200, "mg/dL", 11.1, false},
		{clinical.Glucose, 0.0055, "mol/L", 5.5, false},
		{clinical.Glucose, 0.0009, "kg/L", 5, false},
		{clinical.Glucose, 5.5, "mmol", 0, true},
		{clinical.HeartRate, 72, "{beats}/min", 72, false},
		{clinical.HeartRate, 1.2, "Hz", 72, false},
		{clinical.RespiratoryRate, 16, "{breaths}/min", 16, false},
		{clinical.RespiratoryRate, 16, "{Breaths}/min", 16, false},
		{clinical.OxygenSaturation, 0.97, "1", 97, false},
		{clinical.OxygenSaturation, 0.97, "{fraction}", 97, false},
		{"fev1", 2410, "mL", 2.41, false},
		{"peak-flow", 6.5, "L/s", 390, false},
		{"peak-flow", 390000, "mL/min", 390, false},
		{"wound-length", 34, "mm", 3.4, false},
		{"wound-length", 0.034, "m", 3.4, false},
		{"wound-length", 2, "[in_i]", 5.1, false},
		{"wound-area", 680, "mm2", 6.8, false},
		{"wound-area", 6.8, "cm^2", 6.8, false},
		{clinical.PHQ9, 12, "1", 0, true},
		{clinical.Weight, 81, "cm", 0, true},
	} {
		got, err := kind(t, tt.kind).Components[0].Convert(tt.value, tt.unit)
		if got != tt.want || (err != nil) != tt.refusals {
			t.Errorf("%s: %v %s is %v, %v; want %v", tt.kind, tt.value, tt.unit, got, err, tt.want)
		}
		if err != nil && !strings.Contains(err.Error(), tt.unit) {
			t.Errorf("%v does not name %s", err, tt.unit)
		}
	}
}
