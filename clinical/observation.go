package clinical

import (
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/samkonsult/samkonsult/internal/access"
)

// ObservationID names an observation.
type ObservationID string

// Status of an observation, as in FHIR R4 ObservationStatus. What has been kept is never
// overwritten: a corrected value is a later version beside the first.
type Status string

// The statuses.
const (
	Final   Status = "final"
	Amended Status = "amended"          // corrected: its earlier values are its earlier versions
	Wrong   Status = "entered-in-error" // counts for nothing, and stays to be seen
)

// Method is how a value came to be.
type Method string

// The methods.
const (
	ByHand     Method = "manual"     // read by someone, and entered
	ByDevice   Method = "device"     // sent by the device itself
	Reported   Method = "reported"   // said or entered by the patient or a relative
	Calculated Method = "calculated" // of other values, or of answers
)

// Observation is a measured value with where it comes from. FHIR R4 Observation.
type Observation struct {
	ID      ObservationID
	Version int64 // 1 at first
	Patient access.PersonID
	Kind    KindID
	Values  []float64 // one for each of the kind's components, in its order and units
	Status  Status

	Measured time.Time // when, to the millisecond
	Received time.Time // when it came here
	Method   Method
	Device   Device
	Site     string // of the body, in plain words: "venstre arm"; may be empty
	Position string // "sitjande"; may be empty
	Note     string // may be empty

	Performer Performer
	// Consultation is the call in which it came; empty for none.
	Consultation string
	DerivedFrom  []string // ids of what it was calculated from: observations, answers, photos
	// Key is the sender's own name for it. The same from the same sender again is the same value,
	// kept once; a key with another content is refused.
	Key string
	// Correction tells of the latest change; nil for what nobody has changed.
	Correction *Correction
}

// Device is what measured.
type Device struct {
	Name  string `json:"name,omitempty"`  // "Blodtrykksmålar"
	Model string `json:"model,omitempty"` // maker and model, as it says itself
	ID    string `json:"id,omitempty"`    // serial number, or the browser's own id of it
}

// Performer is who recorded a value, with their name and role as they were then.
type Performer struct {
	Person       access.PersonID       `json:"person"`
	Name         string                `json:"name"`
	Role         access.Role           `json:"role"`
	Organisation access.OrganisationID `json:"organisation,omitempty"` // empty for patients and relatives
}

// Correction is who changed a value, when and why.
type Correction struct {
	By     Performer `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
}

// LogValue keeps what was measured out of every log.
func (Observation) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// How long texts may be, in characters.
const (
	maxWord = 80
	maxNote = 500
	maxKey  = 128
)

// maxDerived is how many things a value may come of.
const maxDerived = 50

// ahead is how far a device's clock may be before ours.
const ahead = 5 * time.Minute

// Invalid names a field that breaks a rule.
type Invalid struct{ Field, Rule string }

func (e *Invalid) Error() string { return e.Field + " " + e.Rule }

// check refuses what can't be kept. now is the service's clock.
func (o Observation) check(kinds Kinds, now time.Time) error {
	kind, ok := kinds.Kind(o.Kind)
	if !ok {
		return &Invalid{"kind", "must be one that can be measured here"}
	}
	if component, rule := kind.Fault(o.Values); rule != "" {
		if component == "" {
			return &Invalid{"values", rule}
		}
		return &Invalid{"values." + component, rule}
	}
	switch {
	case o.Measured.IsZero():
		return &Invalid{"measuredAt", "is required"}
	case o.Measured.After(now.Add(ahead)):
		return &Invalid{"measuredAt", "must not be in the future"}
	case o.Measured.Year() < 1900:
		return &Invalid{"measuredAt", "must be a time at which someone now living was measured"}
	}
	switch o.Method {
	case ByHand, ByDevice, Reported, Calculated:
	default:
		return &Invalid{"method", "must be manual, device, reported or calculated"}
	}
	for _, text := range []struct {
		field, value string
		most         int
	}{
		{"device.name", o.Device.Name, maxWord}, {"device.model", o.Device.Model, maxWord}, {"device.id", o.Device.ID, maxWord},
		{"site", o.Site, maxWord}, {"position", o.Position, maxWord}, {"note", o.Note, maxNote}, {"key", o.Key, maxKey},
	} {
		if rule := lineRule(text.value, text.most); rule != "" {
			return &Invalid{text.field, rule}
		}
	}
	if len(o.DerivedFrom) > maxDerived {
		return &Invalid{"derivedFrom", fmt.Sprintf("must be at most %d", maxDerived)}
	}
	for i, id := range o.DerivedFrom {
		if rule := lineRule(id, maxKey); rule != "" {
			return &Invalid{fmt.Sprintf("derivedFrom[%d]", i), rule}
		}
	}
	if o.Method == ByDevice && o.Device == (Device{}) {
		return &Invalid{"device", "is required where a device has sent the value"}
	}
	return nil
}

// lineRule is what a short text breaks; empty: nothing.
func lineRule(text string, most int) string {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > most || strings.ContainsFunc(text, unicode.IsControl) {
		return fmt.Sprintf("must be at most %d characters on one line", most)
	}
	return ""
}
