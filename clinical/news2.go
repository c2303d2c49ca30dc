package clinical

import (
	"math"
	"slices"
	"time"
)

// NEWS2 is the National Early Warning Score 2 (Royal College of Physicians, 2017): it supports a
// clinician, and alarms nobody by itself.
type NEWS2 struct {
	// Total is 0–20, and only there when nothing is Missing.
	Total   int
	Risk    Risk
	Scale   int         // 1, or 2 after a clinician's decision
	Parts   []NEWS2Part // those that there are, in the score's order
	Missing []KindID    // those that are not there, or too old beside the others
	From    time.Time   // the first of the seven was measured then
	Until   time.Time   // and the last
}

// NEWS2Part is what one of the seven gives.
type NEWS2Part struct {
	Kind     KindID
	Points   int
	Values   []float64
	Measured time.Time
}

// Risk is what a score says.
type Risk string

// The risks.
const (
	RiskLow       Risk = "low"        // 0–4
	RiskLowMedium Risk = "low-medium" // a single 3 among 0–4
	RiskMedium    Risk = "medium"     // 5–6
	RiskHigh      Risk = "high"       // 7 and more
)

// news2Kinds are the seven, in the score's order.
var news2Kinds = []KindID{RespiratoryRate, OxygenSaturation, OxygenGiven, BloodPressure, HeartRate, Consciousness, Temperature}

// NEWS2Kinds are the seven that it is made of.
func NEWS2Kinds() []KindID { return slices.Clone(news2Kinds) }

// news2Together is within which time the seven are to be measured, where nothing else is said.
const news2Together = 60 * time.Minute

// adult says whether NEWS2 is for someone born on a day: not under 16 years. Who was born on a
// day that is not known is taken for one: the score shows what it was made of. Nobody's pregnancy
// is known here, for which it is not made either.
func adult(born, now time.Time) bool {
	return born.IsZero() || !born.AddDate(16, 0, 0).After(now)
}

// ScoreNEWS2 scores the latest values of the seven. Those measured earlier than together before
// the latest of them are missing; 0 means 60 min. scaleTwo is a clinician's decision.
func ScoreNEWS2(latest map[KindID]Observation, scaleTwo bool, together time.Duration) NEWS2 {
	if together <= 0 {
		together = news2Together
	}
	out := NEWS2{Scale: 1}
	if scaleTwo {
		out.Scale = 2
	}
	for _, kind := range news2Kinds {
		if o, ok := latest[kind]; ok && o.Status != Wrong && o.Measured.After(out.Until) {
			out.Until = o.Measured
		}
	}
	oxygen := false
	single := false
	for _, kind := range news2Kinds {
		o, ok := latest[kind]
		if !ok || o.Status == Wrong || len(o.Values) == 0 || o.Measured.Before(out.Until.Add(-together)) {
			out.Missing = append(out.Missing, kind)
			continue
		}
		if kind == OxygenGiven {
			oxygen = o.Values[0] > 0
		}
		if out.From.IsZero() || o.Measured.Before(out.From) {
			out.From = o.Measured
		}
		out.Parts = append(out.Parts, NEWS2Part{Kind: kind, Values: o.Values, Measured: o.Measured})
	}
	for i := range out.Parts {
		p := &out.Parts[i]
		p.Points = news2Points(p.Kind, p.Values, scaleTwo, oxygen)
		out.Total += p.Points
		single = single || p.Points == 3
	}
	if len(out.Missing) > 0 {
		out.Total = 0
		return out
	}
	switch {
	case out.Total >= 7:
		out.Risk = RiskHigh
	case out.Total >= 5:
		out.Risk = RiskMedium
	case single:
		out.Risk = RiskLowMedium
	default:
		out.Risk = RiskLow
	}
	return out
}

// band gives points to a value up to and with most.
type band struct {
	most   float64
	points int
}

var above = math.Inf(1)

// The chart, a row each (RCP 2017, chart 1).
var (
	news2Respiration = []band{{8, 3}, {11, 1}, {20, 0}, {24, 2}, {above, 3}}
	news2Scale1      = []band{{91, 3}, {93, 2}, {95, 1}, {above, 0}}
	news2Scale2Air   = []band{{83, 3}, {85, 2}, {87, 1}, {above, 0}}
	news2Scale2O2    = []band{{83, 3}, {85, 2}, {87, 1}, {92, 0}, {94, 1}, {96, 2}, {above, 3}}
	news2Systolic    = []band{{90, 3}, {100, 2}, {110, 1}, {219, 0}, {above, 3}}
	news2Pulse       = []band{{40, 3}, {50, 1}, {90, 0}, {110, 1}, {130, 2}, {above, 3}}
	news2Temperature = []band{{35.0, 3}, {36.0, 1}, {38.0, 0}, {39.0, 1}, {above, 2}}
)

func news2Points(kind KindID, values []float64, scaleTwo, oxygen bool) int {
	v := values[0]
	switch kind {
	case RespiratoryRate:
		return pointsOf(news2Respiration, v)
	case OxygenSaturation:
		switch {
		case !scaleTwo:
			return pointsOf(news2Scale1, v)
		case oxygen:
			return pointsOf(news2Scale2O2, v)
		}
		return pointsOf(news2Scale2Air, v)
	case OxygenGiven:
		if v > 0 {
			return 2
		}
	case BloodPressure:
		return pointsOf(news2Systolic, v)
	case HeartRate:
		return pointsOf(news2Pulse, v)
	case Consciousness:
		if v > 0 { // new confusion, voice, pain or unresponsive
			return 3
		}
	case Temperature:
		return pointsOf(news2Temperature, math.Round(v*10)/10)
	}
	return 0
}

func pointsOf(row []band, v float64) int {
	for _, b := range row {
		if v <= b.most {
			return b.points
		}
	}
	return 0
}
