package scheduling

import (
	"context"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Register knows who works where and what organisations have agreed.
type Register interface {
	// Colleagues are the staff who treat, in organisations on a day as 2026-11-23; in no order.
	Colleagues(ctx context.Context, in []access.OrganisationID, day string) ([]Colleague, error)
	// Working are those of some people: each once for each organisation and role.
	Working(ctx context.Context, people []access.PersonID, day string) ([]Colleague, error)
	// Reach says with whose people somebody may book, and for whom.
	Reach(ctx context.Context, by access.Actor) (Reach, error)
	// Relations are how somebody stands to a patient.
	Relations(ctx context.Context, by access.Actor, patient access.PersonID) (access.Relations, error)
	// Around are those who may be invited beside a patient and staff: relatives, and
	// interpreters, with their titles; and what the parties' agreements say of how those who come
	// by a link show who they are.
	Around(ctx context.Context, patient access.PersonID, organisations []access.OrganisationID) (Around, error)
}

// Colleague is somebody who works in an organisation, in a role that takes part in calls.
type Colleague struct {
	Person       access.PersonID
	Organisation access.OrganisationID
	Role         access.Role
	Unit         string // id; may be empty
	UnitName     string
	Title        string
	Competence   string
}

// Reach is how far somebody's booking goes.
type Reach struct {
	With []access.OrganisationID // whose people they may book: their own first
	For  []access.OrganisationID // on whose behalf: their own first
}

// Around is who and what is around a patient.
type Around struct {
	Guests         map[access.PersonID]Guest
	Identification Identification
}

// Guest is somebody who is invited by a link.
type Guest struct {
	Role  access.Role // Patient, Relative or Interpreter
	Title string      // "Dotter"; may be empty
}
