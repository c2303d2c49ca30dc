package identity

import (
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Agreement is a cooperation agreement between two organisations. It decides what the
// relation access.Agreement gives, on the days when it is in force.
type Agreement struct {
	ID      string
	Version int64 // 0: new
	A, B    access.OrganisationID
	From    Day
	Until   Day // last day in force; empty: until it is ended
	Grants  []Grant
	Policy  Policy
	Papers  []Paper
}

// Grant lets the people of one party do something in or for the other.
type Grant struct {
	To     access.OrganisationID `json:"to"` // who is let
	May    []GrantKind           `json:"may"`
	ActFor bool                  `json:"actFor"` // also on behalf of the other (interkommunal teneste)
}

// GrantKind is what an agreement may give.
type GrantKind string

// The kinds.
const (
	GrantBook     GrantKind = "book"     // times with the other's people
	GrantSee      GrantKind = "see"      // patients who have agreed to it
	GrantDocument GrantKind = "document" // write values, notes and summaries about them
)

var grantKinds = []GrantKind{GrantBook, GrantSee, GrantDocument}

// Paper is a document or decision that an agreement rests on. The document itself is kept elsewhere.
type Paper struct {
	Kind      PaperKind `json:"kind"`
	Reference string    `json:"reference"` // where it is filed
	Date      Day       `json:"date"`
}

// PaperKind says what a paper is.
type PaperKind string

// The kinds.
const (
	PaperAgreement  PaperKind = "agreement"
	PaperAssessment PaperKind = "data-protection-assessment"
)

// On says whether the agreement is in force on a day.
func (a Agreement) On(d Day) bool { return a.From <= d && (a.Until == "" || d <= a.Until) }

// Between says whether it is an agreement between these two.
func (a Agreement) Between(x, y access.OrganisationID) bool {
	return a.A == x && a.B == y || a.A == y && a.B == x
}

// Other is the other party of one; empty where one is none.
func (a Agreement) Other(one access.OrganisationID) access.OrganisationID {
	switch one {
	case a.A:
		return a.B
	case a.B:
		return a.A
	}
	return ""
}

// Gives says whether the agreement lets a party do something.
func (a Agreement) Gives(to access.OrganisationID, kind GrantKind) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.To == to && slices.Contains(g.May, kind) })
}

// Lets says whether the agreement lets a party do anything.
func (a Agreement) Lets(to access.OrganisationID) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.To == to })
}

// ActsFor says whether a party may act on behalf of the other.
func (a Agreement) ActsFor(party access.OrganisationID) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.To == party && g.ActFor })
}

func (a Agreement) checked() (Agreement, error) {
	var c checker
	c.id("a", string(a.A))
	c.id("b", string(a.B))
	c.require(a.A != a.B, "b", "must be another organisation than a")
	c.days("", a.From, a.Until)
	for i, g := range a.Grants {
		place := element("grants", i)
		c.require(a.Other(g.To) != "", place+"to", "must be a or b")
		c.require(!slices.ContainsFunc(a.Grants[:i], func(o Grant) bool { return o.To == g.To }), place+"to", "must not be there twice")
		c.require(len(g.May) > 0, place+"may", "must not be empty")
		for _, k := range g.May {
			c.require(slices.Contains(grantKinds, k), place+"may", "must be of book, see and document")
		}
	}
	a.Policy.check(&c)
	a.Papers = slices.Clone(a.Papers)
	for i := range a.Papers {
		p, place := &a.Papers[i], element("papers", i)
		c.require(p.Kind == PaperAgreement || p.Kind == PaperAssessment, place+"kind", "must be agreement or data-protection-assessment")
		p.Reference = c.text(place+"reference", p.Reference, 1, 200)
		c.require(p.Date.exists(), place+"date", "must be a date: 2026-11-23")
	}
	return a, c.fault()
}

// widened names the first field by which the agreement gives a party more than before, or
// loosens what protects both: what that party cannot decide alone. It is empty for none.
// The zero Agreement is before a new one.
func (a Agreement) widened(before Agreement, party access.OrganisationID) (field string) {
	receives := false
	for i, g := range a.Grants {
		if g.To != party {
			continue
		}
		receives = true
		for _, k := range g.May {
			if !before.Gives(party, k) {
				return element("grants", i) + "may"
			}
		}
		if g.ActFor && !before.ActsFor(party) {
			return element("grants", i) + "actFor"
		}
	}
	if receives && a.From < before.From {
		return "from"
	}
	if receives && before.Until != "" && (a.Until == "" || a.Until > before.Until) {
		return "until"
	}
	return a.Policy.loosened(before.Policy)
}
