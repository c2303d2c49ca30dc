package clinical_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// well are the seven of someone who scores nothing.
func well() map[clinical.KindID]clinical.Observation {
	out := map[clinical.KindID]clinical.Observation{}
	for kind, values := range map[clinical.KindID][]float64{
		clinical.RespiratoryRate: {16}, clinical.OxygenSaturation: {97}, clinical.OxygenGiven: {0}, clinical.BloodPressure: {130, 80},
		clinical.HeartRate: {70}, clinical.Consciousness: {0}, clinical.Temperature: {37},
	} {
		out[kind] = clinical.Observation{Kind: kind, Values: values, Measured: noon, Status: clinical.Final}
	}
	return out
}

func set(of map[clinical.KindID]clinical.Observation, kind clinical.KindID, values ...float64) {
	o := of[kind]
	o.Values = values
	of[kind] = o
}

// TestNEWS2GivesThePointsOfTheChart has both sides of every border of RCP 2017, chart 1, as
// CLINICAL.md has it.
func TestNEWS2GivesThePointsOfTheChart(t *testing.T) {
	const scale1, scale2Air, scale2Oxygen = "scale 1", "scale 2 on air", "scale 2 on oxygen"
	type at struct {
		value  float64
		points int
	}
	for _, row := range []struct {
		kind clinical.KindID
		how  string
		of   []at
	}{
		{clinical.RespiratoryRate, scale1, []at{{1, 3}, {8, 3}, {9, 1}, {11, 1}, {12, 0}, {20, 0}, {21, 2}, {24, 2}, {25, 3}, {60, 3}}},
		{clinical.OxygenSaturation, scale1, []at{{50, 3}, {91, 3}, {92, 2}, {93, 2}, {94, 1}, {95, 1}, {96, 0}, {100, 0}}},
		{clinical.OxygenSaturation, scale2Air, []at{{50, 3}, {83, 3}, {84, 2}, {85, 2}, {86, 1}, {87, 1}, {88, 0}, {92, 0}, {93, 0}, {94, 0}, {95, 0}, {96, 0}, {97, 0}, {100, 0}}},
		{clinical.OxygenSaturation, scale2Oxygen, []at{{50, 3}, {83, 3}, {84, 2}, {85, 2}, {86, 1}, {87, 1}, {88, 0}, {92, 0}, {93, 1}, {94, 1}, {95, 2}, {96, 2}, {97, 3}, {100, 3}}},
		{clinical.OxygenGiven, scale1, []at{{0, 0}, {0.1, 2}, {15, 2}}},
		{clinical.BloodPressure, scale1, []at{{40, 3}, {90, 3}, {91, 2}, {100, 2}, {101, 1}, {110, 1}, {111, 0}, {219, 0}, {220, 3}, {300, 3}}},
		{clinical.HeartRate, scale1, []at{{20, 3}, {40, 3}, {41, 1}, {50, 1}, {51, 0}, {90, 0}, {91, 1}, {110, 1}, {111, 2}, {130, 2}, {131, 3}, {250, 3}}},
		{clinical.Consciousness, scale1, []at{{0, 0}, {1, 3}, {2, 3}, {3, 3}, {4, 3}}},
		{clinical.Temperature, scale1, []at{
			{30, 3}, {35.0, 3}, {35.04, 3}, {35.05, 1}, {35.1, 1}, {36.0, 1}, {36.1, 0}, {38.0, 0}, {38.1, 1}, {39.0, 1}, {39.04, 1}, {39.05, 2}, {39.1, 2}, {42, 2},
		}},
	} {
		for _, a := range row.of {
			t.Run(fmt.Sprintf("%s, %s: %v", row.kind, row.how, a.value), func(t *testing.T) {
				seven := well()
				values := []float64{a.value}
				if row.kind == clinical.BloodPressure {
					values = []float64{a.value, 20} // only the systolic counts
				}
				set(seven, row.kind, values...)
				given := 0 // points of the oxygen itself
				if row.how == scale2Oxygen {
					set(seven, clinical.OxygenGiven, 2)
					given = 2
				}
				// Where the row is not that of oxygen's own, 97 % is nothing on scale 1.
				got := clinical.ScoreNEWS2(seven, row.how != scale1, 0)
				i := slices.IndexFunc(got.Parts, func(p clinical.NEWS2Part) bool { return p.Kind == row.kind })
				if i < 0 || got.Parts[i].Points != a.points || got.Total != a.points+given {
					t.Errorf("%+v, want %d points, %d in all", got, a.points, a.points+given)
				}
				if want := map[bool]int{true: 1, false: 2}[row.how == scale1]; got.Scale != want {
					t.Errorf("scale %d", got.Scale)
				}
			})
		}
	}
}

func TestNEWS2SaysWhatAScoreMeans(t *testing.T) {
	for _, tt := range []struct {
		of    map[clinical.KindID]float64
		total int
		risk  clinical.Risk
	}{
		{nil, 0, clinical.RiskLow},
		{map[clinical.KindID]float64{clinical.HeartRate: 95, clinical.Temperature: 38.5, clinical.RespiratoryRate: 22}, 4, clinical.RiskLow},
		{map[clinical.KindID]float64{clinical.Consciousness: 1}, 3, clinical.RiskLowMedium},
		{map[clinical.KindID]float64{clinical.Consciousness: 1, clinical.HeartRate: 95}, 4, clinical.RiskLowMedium},
		{map[clinical.KindID]float64{clinical.HeartRate: 115, clinical.Temperature: 38.5, clinical.RespiratoryRate: 22}, 5, clinical.RiskMedium},
		{map[clinical.KindID]float64{clinical.Consciousness: 1, clinical.RespiratoryRate: 25}, 6, clinical.RiskMedium},
		{map[clinical.KindID]float64{clinical.Consciousness: 1, clinical.RespiratoryRate: 25, clinical.HeartRate: 95}, 7, clinical.RiskHigh},
	} {
		seven := well()
		for kind, v := range tt.of {
			set(seven, kind, v)
		}
		if got := clinical.ScoreNEWS2(seven, false, 0); got.Total != tt.total || got.Risk != tt.risk || len(got.Missing) != 0 {
			t.Errorf("%v: %d, %s, %v; want %d, %s", tt.of, got.Total, got.Risk, got.Missing, tt.total, tt.risk)
		}
	}
	// The most that there is.
	worst := well()
	for kind, v := range map[clinical.KindID]float64{
		clinical.RespiratoryRate: 30, clinical.OxygenSaturation: 80, clinical.OxygenGiven: 4, clinical.HeartRate: 140, clinical.Consciousness: 4, clinical.Temperature: 34,
	} {
		set(worst, kind, v)
	}
	set(worst, clinical.BloodPressure, 80, 40)
	if got := clinical.ScoreNEWS2(worst, false, 0); got.Total != 20 || got.Risk != clinical.RiskHigh {
		t.Errorf("the worst: %+v", got)
	}
}

func TestNEWS2NeedsAllSevenWithinTheHourAndSaysWhichAreMissing(t *testing.T) {
	for _, kind := range clinical.NEWS2Kinds() {
		seven := well()
		delete(seven, kind)
		if got := clinical.ScoreNEWS2(seven, false, 0); !reflect.DeepEqual(got.Missing, []clinical.KindID{kind}) || got.Total != 0 || got.Risk != "" || len(got.Parts) != 6 {
			t.Errorf("without %s: %+v", kind, got)
		}
		wrong := well()
		o := wrong[kind]
		o.Status = clinical.Wrong
		wrong[kind] = o
		if got := clinical.ScoreNEWS2(wrong, false, 0); !reflect.DeepEqual(got.Missing, []clinical.KindID{kind}) {
			t.Errorf("%s was wrong: %+v", kind, got)
		}
	}
	for _, tt := range []struct {
		before   time.Duration
		together time.Duration
		missing  bool
	}{
		{60 * time.Minute, 0, false}, {60*time.Minute + time.Millisecond, 0, true},
		{10 * time.Minute, 10 * time.Minute, false}, {11 * time.Minute, 10 * time.Minute, true}, {3 * time.Hour, 4 * time.Hour, false},
	} {
		seven := well()
		o := seven[clinical.Temperature]
		o.Measured = noon.Add(-tt.before)
		seven[clinical.Temperature] = o
		got := clinical.ScoreNEWS2(seven, false, tt.together)
		if (len(got.Missing) == 1) != tt.missing || !got.Until.Equal(noon) {
			t.Errorf("%s before, within %s: %+v", tt.before, tt.together, got)
		}
		if !tt.missing && !got.From.Equal(noon.Add(-tt.before)) {
			t.Errorf("from %s", got.From)
		}
	}
	if got := clinical.ScoreNEWS2(nil, false, 0); len(got.Missing) != 7 || len(got.Parts) != 0 {
		t.Errorf("of nothing: %+v", got)
	}
}
