package clinical

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Ids of what is kept of wounds.
type (
	WoundID      string
	AssessmentID string
	PhotoID      string
	DrawingID    string
)

// WoundStatus says whether a wound is followed.
type WoundStatus string

// The statuses.
const (
	WoundOpen   WoundStatus = "open"
	WoundClosed WoundStatus = "closed"
	WoundWrong  WoundStatus = WoundStatus(Wrong) // there is no such wound: it was entered by mistake
)

// BodySide is a side of the body.
type BodySide string

// The sides.
const (
	SideLeft  BodySide = "left"
	SideRight BodySide = "right"
	SideBoth  BodySide = "both" // or across the middle
	SideNone  BodySide = "none" // where it says nothing
)

// Wound is one wound that is followed over time. The names in its JSON are those that it is kept by; what
// has none is kept beside.
type Wound struct {
	ID      WoundID         `json:"-"`
	Version int64           `json:"-"` // 1 at first
	Patient access.PersonID `json:"-"`
	Status  WoundStatus     `json:"-"`
	Made    time.Time       `json:"-"`
	Site    string          `json:"site"` // where it is, in plain words: "utsida av venstre legg"
	Side    BodySide        `json:"side"`
	Since   time.Time       `json:"since,omitzero"`  // zero: not known
	Closed  time.Time       `json:"closed,omitzero"` // zero: it is not
	By      Performer       `json:"by"`
	Sent    Sent            `json:"sent"`
	// Correction tells of the latest change; nil for what nobody has changed.
	Correction *Correction `json:"correction,omitempty"`
}

// Sent is how something came: by the sender's own name for it, and what was said then. The same key from
// the same sender again is the same thing, kept once; with another content it is refused.
type Sent struct {
	Key    string `json:"key"`
	Digest string `json:"digest"` // of the content
}

// Assessment is what was found at a wound at one time.
type Assessment struct {
	ID           AssessmentID    `json:"-"`
	Version      int64           `json:"-"`
	Patient      access.PersonID `json:"-"`
	Status       Status          `json:"-"`
	Received     time.Time       `json:"-"`
	Wound        WoundID         `json:"wound"`
	Consultation string          `json:"consultation,omitempty"` // the call in which it was made; empty for none
	By           Performer       `json:"by"`
	Found        Found           `json:"found"`
	// Measured are the observations that its numbers have become, by kind.
	Measured   map[KindID]ObservationID `json:"measured,omitempty"`
	Sent       Sent                     `json:"sent"`
	Correction *Correction              `json:"correction,omitempty"`
}

// Found is what whoever assesses says of a wound. What is nil or empty is not told.
type Found struct {
	At        time.Time       `json:"at"`
	Photo     PhotoID         `json:"photo,omitempty"`  // that it rests on
	Length    *float64        `json:"length,omitempty"` // cm
	Width     *float64        `json:"width,omitempty"`  // cm
	Depth     *float64        `json:"depth,omitempty"`  // cm
	Area      *float64        `json:"area,omitempty"`   // cm²
	Method    AreaMethod      `json:"method,omitempty"` // of Area
	Tissue    *Tissue         `json:"tissue,omitempty"`
	Infection []InfectionSign `json:"infection,omitempty"`
	Moisture  string          `json:"moisture,omitempty"`
	Edge      string          `json:"edge,omitempty"`
	Skin      string          `json:"skin,omitempty"` // round the wound
	Pain      *int            `json:"pain,omitempty"` // 0–10, as the patient says
	Dressing  string          `json:"dressing,omitempty"`
	Note      string          `json:"note,omitempty"`
}

// Tissue is what a wound's bed is made of, in per cent; the four make 100.
type Tissue struct {
	Granulation int `json:"granulation"`
	Epithelium  int `json:"epithelium"`
	Fibrin      int `json:"fibrin"`
	Necrosis    int `json:"necrosis"`
}

// InfectionSign is a sign that a wound may be infected.
type InfectionSign string

// signs are those that there are, and the words that a wound's moisture, edge and the skin round it may have.
var (
	signs     = []InfectionSign{"redness", "warmth", "swelling", "pain", "odour", "pus", "fever"}
	moistures = []string{"", "none", "little", "moderate", "much"}
	edges     = []string{"", "attached", "undermined", "rolled", "macerated"}
	skins     = []string{"", "healthy", "dry", "macerated", "red", "eczema"}
)

// Kinds of what is measured at a wound.
const (
	WoundLength KindID = "wound-length"
	WoundWidth  KindID = "wound-width"
	WoundDepth  KindID = "wound-depth"
	WoundArea   KindID = "wound-area"
	Pain        KindID = "pain"
)

// LogValue keeps what is known of a wound out of every log.
func (Wound) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// LogValue keeps what was found at a wound out of every log.
func (Assessment) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// How long a wound's texts may be, in characters.
const (
	maxDressing  = 200
	maxWoundNote = 1000
)

func (w Wound) check(now time.Time) error {
	if rule := lineRule(w.Site, maxWord); rule != "" {
		return &Invalid{"site", rule}
	}
	switch {
	case strings.TrimSpace(w.Site) == "":
		return &Invalid{"site", "is required"}
	case !slices.Contains([]BodySide{SideLeft, SideRight, SideBoth, SideNone}, w.Side):
		return &Invalid{"side", "must be left, right, both or none"}
	case w.Since.After(now.Add(ahead)):
		return &Invalid{"since", "must not be in the future"}
	case !w.Since.IsZero() && w.Since.Year() < 1900:
		return &Invalid{"since", "must be a time at which someone now living had a wound"}
	}
	return keyFault(w.Sent.Key)
}

func keyFault(key string) error {
	if rule := lineRule(key, maxKey); rule != "" || key == "" {
		return &Invalid{"key", fmt.Sprintf("must be 1–%d characters on one line", maxKey)}
	}
	return nil
}

// settle works out what is worked out, and refuses what can't be kept. now is the service's clock.
func (f *Found) settle(kinds Kinds, now time.Time) error {
	switch {
	case f.At.IsZero() || f.At.Year() < 1900:
		return &Invalid{"at", "must be a time at which someone now living was looked at"}
	case f.At.After(now.Add(ahead)):
		return &Invalid{"at", "must not be in the future"}
	}
	for _, n := range []struct {
		field string
		kind  KindID
		value *float64
	}{{"length", WoundLength, f.Length}, {"width", WoundWidth, f.Width}, {"depth", WoundDepth, f.Depth}} {
		if err := numberFault(kinds, n.kind, n.field, n.value); err != nil {
			return err
		}
	}
	switch f.Method {
	case "":
		if f.Area != nil {
			return &Invalid{"areaMethod", "is required where there is an area"}
		}
	case AreaTraced:
		if f.Area == nil {
			return &Invalid{"area", "is required where it was traced"}
		}
	case AreaByRectangle, AreaByEllipse:
		if f.Length == nil || f.Width == nil {
			return &Invalid{"areaMethod", "needs a length and a width"}
		}
		area := areaOf(f.Method, *f.Length, *f.Width)
		if f.Area != nil && *f.Area != area {
			return &Invalid{"area", "is worked out of length and width by this method, and must be left out"}
		}
		f.Area = &area
	default:
		return &Invalid{"areaMethod", "must be length-width, ellipse or traced"}
	}
	if err := numberFault(kinds, WoundArea, "area", f.Area); err != nil {
		return err
	}
	if f.Pain != nil && (*f.Pain < 0 || *f.Pain > 10) {
		return &Invalid{"pain", "must be 0–10"}
	}
	if t := f.Tissue; t != nil {
		for _, part := range []int{t.Granulation, t.Epithelium, t.Fibrin, t.Necrosis} {
			if part < 0 || part > 100 {
				return &Invalid{"tissue", "must be 0–100 per cent each"}
			}
		}
		if t.Granulation+t.Epithelium+t.Fibrin+t.Necrosis != 100 {
			return &Invalid{"tissue", "must make 100 per cent"}
		}
	}
	for i, s := range f.Infection {
		if !slices.Contains(signs, s) || slices.Contains(f.Infection[:i], s) {
			return &Invalid{fmt.Sprintf("infection[%d]", i), "must be a sign of infection, and stand there once"}
		}
	}
	for _, word := range []struct {
		field, value string
		among        []string
	}{{"moisture", f.Moisture, moistures}, {"edge", f.Edge, edges}, {"skin", f.Skin, skins}} {
		if !slices.Contains(word.among, word.value) {
			return &Invalid{word.field, "must be one of " + strings.Join(word.among[1:], ", ")}
		}
	}
	if rule := lineRule(f.Dressing, maxDressing); rule != "" {
		return &Invalid{"dressing", rule}
	}
	if rule := textRule(f.Note, maxWoundNote); rule != "" {
		return &Invalid{"note", rule}
	}
	if f.nothing() {
		return &Invalid{"length", "or something else must be told: an assessment can't be empty"}
	}
	return nil
}

// nothing says that nothing was found.
func (f *Found) nothing() bool {
	return f.Photo == "" && f.Length == nil && f.Width == nil && f.Depth == nil && f.Area == nil && f.Tissue == nil && len(f.Infection) == 0 &&
		f.Moisture == "" && f.Edge == "" && f.Skin == "" && f.Pain == nil && f.Dressing == "" && f.Note == ""
}

func numberFault(kinds Kinds, of KindID, field string, value *float64) error {
	kind, known := kinds.Kind(of)
	if value == nil || !known {
		return nil
	}
	if _, rule := kind.Fault([]float64{*value}); rule != "" {
		return &Invalid{field, rule}
	}
	return nil
}

// textRule is what a text of several lines breaks; empty: nothing.
func textRule(text string, most int) string {
	bad := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > most || strings.ContainsFunc(text, bad) {
		return fmt.Sprintf("must be at most %d characters, without control characters but line ends and tabs", most)
	}
	return ""
}

// numbers are what of it is measured, by kind, in the order of kinds.
func (f *Found) numbers() (kinds []KindID, values []float64) {
	add := func(kind KindID, value *float64) {
		if value != nil {
			kinds, values = append(kinds, kind), append(values, *value)
		}
	}
	add(WoundLength, f.Length)
	add(WoundWidth, f.Width)
	add(WoundDepth, f.Depth)
	add(WoundArea, f.Area)
	if f.Pain != nil {
		pain := float64(*f.Pain)
		add(Pain, &pain)
	}
	return kinds, values
}
