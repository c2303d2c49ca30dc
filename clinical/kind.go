package clinical

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// KindID names what can be measured, as kinds.json has it: "blood-pressure". Names are stable:
// stores and pages hold them.
type KindID string

// Kind is something that can be measured.
type Kind struct {
	ID         KindID            `json:"id"`
	LOINC      []string          `json:"loinc"`    // codes that a value is written with, the first as the main one; none: it has none
	Category   string            `json:"category"` // of HL7's observation-category: vital-signs, laboratory, survey or exam
	Words      map[string]string `json:"words"`    // its name by language: nn, nb, en
	Components []Component       `json:"components"`
	// From is what a value comes of where nobody enters it by itself: a questionnaire, or "wound".
	From string `json:"from"`
	Note string `json:"note"` // for whoever reads the file
}

// Component is one number of a kind; most kinds have one, whose id is empty.
type Component struct {
	ID       string              `json:"id"`
	LOINC    []string            `json:"loinc"`
	Unit     string              `json:"unit"`     // UCUM
	Least    float64             `json:"least"`    // of what is physically possible
	Most     float64             `json:"most"`     // the same
	Decimals int                 `json:"decimals"` // at most
	Words    map[string]string   `json:"words"`
	Options  []map[string]string `json:"options"` // words by language, where the number is one of a list
}

//go:embed kinds.json
var kindsFile []byte

// Kinds is what can be measured, in the order in which it is shown.
type Kinds struct {
	list []Kind
	byID map[KindID]int
}

// ReadKinds reads the program's own kinds.
func ReadKinds() (Kinds, error) { return readKinds(kindsFile) }

func readKinds(data []byte) (Kinds, error) {
	k := Kinds{byID: map[KindID]int{}}
	if err := json.Unmarshal(data, &k.list); err != nil {
		return k, fmt.Errorf("kinds: %w", err)
	}
	for i, kind := range k.list {
		if _, twice := k.byID[kind.ID]; twice || kind.ID == "" || len(kind.Components) == 0 {
			return k, fmt.Errorf("kind %q: must have an id of its own, and components", kind.ID)
		}
		for _, language := range []string{"nn", "nb", "en"} {
			if kind.Words[language] == "" {
				return k, fmt.Errorf("kind %s has no name in %s", kind.ID, language)
			}
		}
		for _, c := range kind.Components {
			if !(c.Least < c.Most) || c.Unit == "" || c.Decimals < 0 {
				return k, fmt.Errorf("kind %s, component %q: must have a unit and a range", kind.ID, c.ID)
			}
		}
		k.byID[kind.ID] = i
	}
	return k, nil
}

// All are the kinds in order. The list is not to be changed.
func (k Kinds) All() []Kind { return k.list }

// Kind finds one.
func (k Kinds) Kind(id KindID) (Kind, bool) {
	i, ok := k.byID[id]
	if !ok {
		return Kind{}, false
	}
	return k.list[i], true
}

// ByLOINC finds the kind that a code is one of.
func (k Kinds) ByLOINC(code string) (Kind, bool) {
	for _, kind := range k.list {
		if slices.Contains(kind.LOINC, code) {
			return kind, true
		}
	}
	return Kind{}, false
}

// Place is where a kind stands in the order; unknown ones are last.
func (k Kinds) Place(id KindID) int {
	if i, ok := k.byID[id]; ok {
		return i
	}
	return len(k.list)
}

// Fault names the component, and the rule that values of this kind break; an empty rule: none.
// The rule holds the range, so that whoever typed sees what was meant.
func (k Kind) Fault(values []float64) (component, rule string) {
	if len(values) != len(k.Components) {
		return "", fmt.Sprintf("must be %d numbers", len(k.Components))
	}
	for i, c := range k.Components {
		if rule := c.fault(values[i]); rule != "" {
			return c.ID, rule
		}
	}
	// A diastolic above the systolic is two numbers in the wrong order.
	if k.ID == BloodPressure && values[1] >= values[0] {
		return "diastolic", "must be below the systolic"
	}
	return "", ""
}

func (c Component) fault(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "must be a number"
	case v < c.Least || v > c.Most:
		return fmt.Sprintf("must be %s–%s %s", Text(c.Least), Text(c.Most), c.Unit)
	case decimals(v) > c.Decimals:
		return fmt.Sprintf("must have at most %d decimals", c.Decimals)
	}
	return ""
}

// Text writes a number as it was given: without an exponent, and with no more decimals than it has.
func Text(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// decimals counts those that a number is written with.
func decimals(v float64) int {
	text := Text(v)
	for i := range len(text) {
		if text[i] == '.' {
			return len(text) - i - 1
		}
	}
	return 0
}

// Rounded rounds to the component's decimals, for what is converted from another unit.
func (c Component) Rounded(v float64) float64 {
	scale := math.Pow10(c.Decimals)
	return math.Round(v*scale) / scale
}

// The kinds that rules here are about.
const (
	BloodPressure    KindID = "blood-pressure"
	HeartRate        KindID = "heart-rate"
	RespiratoryRate  KindID = "respiratory-rate"
	OxygenSaturation KindID = "oxygen-saturation"
	OxygenGiven      KindID = "oxygen-given"
	Temperature      KindID = "temperature"
	Consciousness    KindID = "consciousness"
	Weight           KindID = "weight"
	Glucose          KindID = "glucose"
	PHQ9             KindID = "phq-9"
	GAD7             KindID = "gad-7"
	WHO5             KindID = "who-5"
)
