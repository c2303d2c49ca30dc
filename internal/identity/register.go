package identity

import "github.com/samkonsult/samkonsult/internal/access"

// What booking asks of the directory, many times a second: little of each, and nothing that
// would have to be decrypted for nothing.

// Placed is somebody's role in an organisation, with what their unit is called.
type Placed struct {
	Assignment
	UnitName string // empty: they are in none
}

// OrganisationLine is an organisation as those outside of it know it.
type OrganisationLine struct {
	ID    access.OrganisationID
	Kind  OrganisationKind
	Name  string
	Phone string
}

// Surroundings are who may be invited beside staff, by a link.
type Surroundings struct {
	Patient      bool // there is such a patient
	Relatives    []RelativeLine
	Interpreters []access.PersonID // who are invited still
}

// RelativeLine is what a relative is to the patient.
type RelativeLine struct {
	ID    access.PersonID
	Kind  RelationKind
	Title string // as in "dotter"; may be empty
}
