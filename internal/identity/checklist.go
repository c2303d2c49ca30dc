package identity

import (
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Check is one line of an agreement's checklist.
type Check struct {
	Code CheckCode
	Done bool
}

// CheckCode names what a line asks for.
type CheckCode string

// The lines, in the order in which a pair of organisations is set up.
const (
	CheckAgreement  CheckCode = "agreement"                  // the paper
	CheckAssessment CheckCode = "data-protection-assessment" // the paper
	CheckContactsA  CheckCode = "contacts-a"                 // somebody for each matter
	CheckContactsB  CheckCode = "contacts-b"
	CheckPeopleA    CheckCode = "people-a" // a clinician and a coordinator
	CheckPeopleB    CheckCode = "people-b"
	CheckGrants     CheckCode = "grants"   // one may do something
	CheckInForce    CheckCode = "in-force" // today
)

// party is a side of an agreement, as its checklist sees it.
type party struct {
	organisation Organisation
	roles        []access.Role // that people have there today
}

func (p party) hasPeople() bool {
	return slices.ContainsFunc(p.roles, access.Role.Clinician) && slices.Contains(p.roles, access.Coordinator)
}

// checklist works out what is done and what is missing.
func (a Agreement) checklist(sideA, sideB party, today Day) []Check {
	has := func(k PaperKind) bool {
		return slices.ContainsFunc(a.Papers, func(p Paper) bool { return p.Kind == k })
	}
	return []Check{
		{CheckAgreement, has(PaperAgreement)},
		{CheckAssessment, has(PaperAssessment)},
		{CheckContactsA, sideA.organisation.hasContacts()},
		{CheckContactsB, sideB.organisation.hasContacts()},
		{CheckPeopleA, sideA.hasPeople()},
		{CheckPeopleB, sideB.hasPeople()},
		{CheckGrants, len(a.Grants) > 0},
		{CheckInForce, a.On(today) && sideA.organisation.Active && sideB.organisation.Active},
	}
}
