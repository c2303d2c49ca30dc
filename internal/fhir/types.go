package fhir

import (
	"regexp"
	"time"
)

// The data types of R4 that the resources below are made of, each with the elements that are
// kept here and no others. They are our own, and not generated ones with every element: those
// write null for an empty list, which is not FHIR, and read what nobody keeps.

// Header is what every resource begins with.
type Header struct {
	ResourceType string     `json:"resourceType"`
	ID           ID         `json:"id,omitempty"`
	Meta         *Meta      `json:"meta,omitempty"` // read and not looked at: versions come as If-Match
	Text         *Narrative `json:"text,omitempty"` // the same: it tells nothing that the elements do not
}

func (h *Header) head() *Header { return h }

// resource is any of them.
type resource interface{ head() *Header }

// Meta says which version it is, and by which profile.
type Meta struct {
	VersionID   ID       `json:"versionId,omitempty"`
	LastUpdated Instant  `json:"lastUpdated,omitempty"`
	Source      string   `json:"source,omitempty"`
	Profile     []string `json:"profile,omitempty"`
	Security    []Coding `json:"security,omitempty"`
	Tag         []Coding `json:"tag,omitempty"`
}

// Narrative is a resource for people to read.
type Narrative struct {
	Status Code   `json:"status,omitempty"`
	Div    string `json:"div,omitempty"`
}

// Extension is an element of a profile's own.
type Extension struct {
	URL                  string           `json:"url"`
	ValueURL             string           `json:"valueUrl,omitempty"`
	ValueCoding          *Coding          `json:"valueCoding,omitempty"`
	ValueCodeableConcept *CodeableConcept `json:"valueCodeableConcept,omitempty"`
	Extension            []Extension      `json:"extension,omitempty"`
}

// Identifier is somebody's number in a register.
type Identifier struct {
	Use    Code   `json:"use,omitempty"`
	System string `json:"system,omitempty"`
	Value  string `json:"value,omitempty"`
}

// HumanName is a person's name. One is kept, as it is written: Text.
type HumanName struct {
	Use    Code     `json:"use,omitempty"`
	Text   string   `json:"text,omitempty"`
	Family string   `json:"family,omitempty"`
	Given  []string `json:"given,omitempty"`
}

// ContactPoint is a telephone number or an e-mail address.
type ContactPoint struct {
	System Code   `json:"system,omitempty"`
	Value  string `json:"value,omitempty"`
	Use    Code   `json:"use,omitempty"`
}

// Coding is a code of a system.
type Coding struct {
	System  string `json:"system,omitempty"`
	Code    Code   `json:"code,omitempty"`
	Display string `json:"display,omitempty"`
}

// CodeableConcept is something that has codes, or words only.
type CodeableConcept struct {
	Coding []Coding `json:"coding,omitempty"`
	Text   string   `json:"text,omitempty"`
}

// code is the concept's code in a system; empty where it has none.
func (c *CodeableConcept) code(system string) string {
	if c != nil {
		for _, k := range c.Coding {
			if k.System == system {
				return string(k.Code)
			}
		}
	}
	return ""
}

// Reference leads to another resource.
type Reference struct {
	Reference  string      `json:"reference,omitempty"` // "Patient/…"
	Type       string      `json:"type,omitempty"`
	Identifier *Identifier `json:"identifier,omitempty"` // of what is no resource here
	Display    string      `json:"display,omitempty"`
}

// Period is from a moment or day until another, both included.
type Period struct {
	Start DateTime `json:"start,omitempty"`
	End   DateTime `json:"end,omitempty"`
}

// Decimal is a number with a point (R4 §2.24.0.1).
type Decimal float64

// Texts with rules of their own (R4 §2.24.0.1).
type (
	ID       string // of a resource
	Code     string
	Instant  string // with seconds and a zone
	DateTime string // a year, month or day, or a moment with seconds and a zone
)

var (
	idForm       = regexp.MustCompile(`^[A-Za-z0-9\-.]{1,64}$`)
	codeForm     = regexp.MustCompile(`^[^\s]+(\s[^\s]+)*$`)
	dateTimeForm = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d)?)?$`)
	// Go's parser is more lenient about fractions than R4.
	instantForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$`)
)

const ruleInstant = "must be a moment as in 2026-11-23T09:00:00Z"

// rule says what a text breaks; empty: nothing.
func (i ID) rule() string {
	if !idForm.MatchString(string(i)) {
		return "must be 1–64 characters of [A-Za-z0-9-.]"
	}
	return ""
}

func (c Code) rule() string {
	if !codeForm.MatchString(string(c)) {
		return "must be a code, without spaces around it"
	}
	return ""
}

func (i Instant) rule() string {
	if _, err := time.Parse(time.RFC3339, string(i)); err != nil || !instantForm.MatchString(string(i)) {
		return ruleInstant
	}
	return ""
}

func (d DateTime) rule() string {
	if Instant(d).rule() == "" {
		return ""
	}
	if layout := time.DateOnly; dateTimeForm.MatchString(string(d)) {
		if _, err := time.Parse(layout[:len(d)], string(d)); err == nil {
			return ""
		}
	}
	return "must be a day as 2026-11-23, or a moment as 2026-11-23T09:00:00Z"
}

// time is the moment, which rule has checked; zero where there is none.
func (i Instant) time() time.Time {
	t, _ := time.Parse(time.RFC3339, string(i))
	return t.UTC()
}

// instantOf is a moment in UTC, as all of ours are; empty for none.
func instantOf(t time.Time) Instant {
	if t.IsZero() {
		return ""
	}
	return Instant(t.UTC().Format(time.RFC3339))
}

// spell names the resources of a type in addresses and references.
func spell[S ~string](kind string, id S) string { return kind + "/" + string(id) }
