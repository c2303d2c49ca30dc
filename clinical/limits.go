package clinical

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Colour of a zone.
type Colour string

// The colours. A kind for which the patient has no limits has no colour: no zone is shown
// without the patient's own limit.
const (
	NoColour Colour = ""
	Green    Colour = "green"
	Yellow   Colour = "yellow"
	Red      Colour = "red"
)

// Range is from Low to High, both included; nil is open.
type Range struct {
	Low  *float64 `json:"low,omitempty"`
	High *float64 `json:"high,omitempty"`
}

// Limit is what is usual for one patient in one component of a kind: Green is as usual, Yellow
// holds what is to be followed, and beyond it is red. Where Yellow is open, nothing is red.
type Limit struct {
	Green  Range `json:"green"`
	Yellow Range `json:"yellow"`
}

// Change is how much a value may move within some days before it is yellow, and red; 0: never.
type Change struct {
	Days   int     `json:"days"`
	Yellow float64 `json:"yellow,omitempty"`
	Red    float64 `json:"red,omitempty"`
}

// KindLimits are a patient's for one kind.
type KindLimits struct {
	Kind   KindID  `json:"kind"`
	Limits []Limit `json:"limits"` // one for each component
	Rise   Change  `json:"rise"`   // of the first component
	Fall   Change  `json:"fall"`
}

// Limits are all of a patient's, in one version. Version 0 has none.
type Limits struct {
	Version int64
	Kinds   []KindLimits
	// PlanVersion is the approved version of the own plan that they follow; 0: they were set by themselves.
	PlanVersion int64
	// ScaleTwo is the decision of a clinician that NEWS2 counts oxygen by its second scale; nil: it has
	// not been made. NEWS2, RCP 2017: for confirmed hypercapnic respiratory failure only.
	ScaleTwo *Decision
	Set      time.Time
	By       Performer
}

// Decision is by whom and when something was decided.
type Decision struct {
	By Performer `json:"by"`
	At time.Time `json:"at"`
}

// Of finds a kind's limits.
func (l Limits) Of(kind KindID) (KindLimits, bool) {
	i := slices.IndexFunc(l.Kinds, func(k KindLimits) bool { return k.Kind == kind })
	if i < 0 {
		return KindLimits{}, false
	}
	return l.Kinds[i], true
}

// check names the first limit that can't be.
func (l Limits) check(kinds Kinds) error {
	seen := map[KindID]bool{}
	for i, of := range l.Kinds {
		field := func(rest string) string { return fmt.Sprintf("kinds[%d].%s", i, rest) }
		kind, ok := kinds.Kind(of.Kind)
		switch {
		case !ok:
			return &Invalid{field("kind"), "must be one that can be measured here"}
		case seen[of.Kind]:
			return &Invalid{field("kind"), "must stand there once"}
		case len(of.Limits) != len(kind.Components):
			return &Invalid{field("limits"), fmt.Sprintf("must be %d", len(kind.Components))}
		}
		seen[of.Kind] = true
		for j, limit := range of.Limits {
			if rule := limit.rule(kind.Components[j]); rule != "" {
				return &Invalid{field(fmt.Sprintf("limits[%d]", j)), rule}
			}
		}
		for _, side := range []Side{Rise, Fall} {
			if rule := of.change(side).rule(); rule != "" {
				return &Invalid{field(string(side)), rule}
			}
		}
	}
	return nil
}

func (l Limit) rule(c Component) string {
	within := func(v *float64) bool { return v == nil || *v >= c.Least && *v <= c.Most && decimals(*v) <= c.Decimals }
	for _, v := range []*float64{l.Green.Low, l.Green.High, l.Yellow.Low, l.Yellow.High} {
		if !within(v) {
			return fmt.Sprintf("must be %s–%s %s with at most %d decimals", Text(c.Least), Text(c.Most), c.Unit, c.Decimals)
		}
	}
	rising := math.Inf(-1)
	for _, v := range []*float64{l.Yellow.Low, l.Green.Low, l.Green.High, l.Yellow.High} {
		if v == nil {
			continue
		}
		if *v < rising {
			return "must rise from red, by yellow, to green, and on to red"
		}
		rising = *v
	}
	if l.Green == (Range{}) && l.Yellow != (Range{}) {
		return "must say what is green, where it says what is yellow"
	}
	return ""
}

func (c Change) rule() string {
	switch {
	case c == Change{}:
		return ""
	case c.Days < 1 || c.Days > 365:
		return "must be within 1–365 days"
	case !(c.Yellow >= 0) || !(c.Red >= 0) || c.Yellow == 0 && c.Red == 0:
		return "must say by how much it is yellow, or red"
	case c.Yellow > 0 && c.Red > 0 && c.Red < c.Yellow:
		return "must be red for no less than for yellow"
	}
	return ""
}

// Crossing is which limit a value has crossed.
type Crossing struct {
	Component string  `json:"component"` // of the kind's; empty for a kind with one
	Side      Side    `json:"side"`
	Limit     float64 `json:"limit"`          // the limit; of a change, by how much it may change
	By        float64 `json:"by,omitempty"`   // of a change: how much it has
	Days      int     `json:"days,omitempty"` // of a change: within so many
}

// Side is how a limit was crossed.
type Side string

// The sides.
const (
	Over  Side = "over"
	Under Side = "under"
	Rise  Side = "rise"
	Fall  Side = "fall"
)

// Zone is where a value lies for this patient. Crossed is empty where it is green; all of it has the zone's colour.
type Zone struct {
	Colour  Colour     `json:"colour"`
	Crossed []Crossing `json:"crossed"`
}

func (k KindLimits) change(side Side) Change {
	if side == Fall {
		return k.Fall
	}
	return k.Rise
}

// ZoneOf says where values lie. before are values of the same kind with their times, in any
// order, for what changes: those measured earlier count. measured is when.
func (k KindLimits) ZoneOf(kind Kind, values []float64, measured time.Time, before []Point) Zone {
	found := map[Colour][]Crossing{}
	limited := false
	for i, limit := range k.Limits {
		if i >= len(values) || limit == (Limit{}) {
			continue
		}
		limited = true
		colour, side, at := limit.colour(values[i])
		if colour != Green {
			found[colour] = append(found[colour], Crossing{Component: kind.Components[i].ID, Side: side, Limit: at})
		}
	}
	for _, side := range []Side{Rise, Fall} {
		change := k.change(side)
		if change == (Change{}) || len(values) == 0 {
			continue
		}
		limited = true
		if colour, crossing := change.colour(side, kind.Components[0], values[0], measured, before); colour != Green {
			found[colour] = append(found[colour], crossing)
		}
	}
	switch {
	case len(found[Red]) > 0:
		return Zone{Red, found[Red]}
	case len(found[Yellow]) > 0:
		return Zone{Yellow, found[Yellow]}
	case limited:
		return Zone{Colour: Green}
	}
	return Zone{}
}

// colour is a value's, and which limit it has crossed. On a limit is within it.
func (l Limit) colour(v float64) (colour Colour, side Side, limit float64) {
	switch {
	case l.Yellow.High != nil && v > *l.Yellow.High:
		return Red, Over, *l.Yellow.High
	case l.Yellow.Low != nil && v < *l.Yellow.Low:
		return Red, Under, *l.Yellow.Low
	case l.Green.High != nil && v > *l.Green.High:
		return Yellow, Over, *l.Green.High
	case l.Green.Low != nil && v < *l.Green.Low:
		return Yellow, Under, *l.Green.Low
	}
	return Green, "", 0
}

// colour is that of a value after what it has risen from, or fallen from, within the days.
func (c Change) colour(side Side, of Component, v float64, measured time.Time, before []Point) (Colour, Crossing) {
	from := measured.AddDate(0, 0, -c.Days)
	most := 0.0
	for _, p := range before {
		if p.At.Before(from) || !p.At.Before(measured) || len(p.Values) == 0 {
			continue
		}
		moved := v - p.Values[0]
		if side == Fall {
			moved = -moved
		}
		most = max(most, of.Rounded(moved)) // 72.1-71.9 is 0.2, and not 0.1999…
	}
	crossing := Crossing{Component: of.ID, Side: side, By: most, Days: c.Days}
	switch {
	case c.Red > 0 && most >= c.Red:
		crossing.Limit = c.Red
		return Red, crossing
	case c.Yellow > 0 && most >= c.Yellow:
		crossing.Limit = c.Yellow
		return Yellow, crossing
	}
	return Green, crossing
}

// Colour is that of values by the limits of the components alone, without changes over days; none
// where there are no limits.
func (k KindLimits) Colour(values []float64) Colour {
	limited := false
	worst := Green
	for i, l := range k.Limits {
		if i >= len(values) || l == (Limit{}) {
			continue
		}
		limited = true
		switch c, _, _ := l.colour(values[i]); c {
		case Red:
			return Red
		case Yellow:
			worst = Yellow
		}
	}
	if !limited {
		return NoColour
	}
	return worst
}

// Point is a value in a row of them.
type Point struct {
	At     time.Time
	Values []float64
}
