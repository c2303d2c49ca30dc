package identity

import (
	"context"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// DirectoryStore is all that the Directory needs of a store: one type implements it.
// Whatever is asked for by its id is ErrNotFound where it is unknown. A save of version 0 is
// of something new; of another version than what is stored it is ErrVersion, and nothing
// has changed. Entries commit with the change, or before what was read is returned.
type DirectoryStore interface {
	OrganisationStore
	CommunityStore
	AgreementStore
	StaffStore
	InterpreterStore
	PatientStore
	RelationStore
}

// OrganisationStore keeps organisations with their units.
type OrganisationStore interface {
	Organisation(ctx context.Context, id access.OrganisationID) (Organisation, error)
	// Organisations are those of ids, or all where ids is nil; in no order.
	Organisations(ctx context.Context, ids []access.OrganisationID) ([]Organisation, error)
	Host(ctx context.Context) (access.OrganisationID, error)
	// SaveOrganisation leaves the units as they are. ErrExists: its number is another's, or there is a host already.
	SaveOrganisation(ctx context.Context, o Organisation, entries []audit.Entry, out []notify.Message) error
	SaveUnit(ctx context.Context, u Unit, entries []audit.Entry, out []notify.Message) error
}

// CommunityStore keeps health communities. Members must be organisations that exist.
type CommunityStore interface {
	Community(ctx context.Context, id string) (Community, error)
	Communities(ctx context.Context) ([]Community, error) // in no order
	SaveCommunity(ctx context.Context, c Community, entries []audit.Entry, out []notify.Message) error
}

// AgreementStore keeps agreements.
type AgreementStore interface {
	Agreement(ctx context.Context, id string) (Agreement, error)
	// Agreements are those that any of the organisations is a party of, or all where of is
	// nil; the oldest first.
	Agreements(ctx context.Context, of []access.OrganisationID) ([]Agreement, error)
	// InForce are those of them that are in force on a day, between organisations that are active.
	InForce(ctx context.Context, of []access.OrganisationID, on Day) ([]Agreement, error)
	// SaveAgreement is ErrExists where the two have another agreement for some of the days.
	SaveAgreement(ctx context.Context, a Agreement, entries []audit.Entry, out []notify.Message) error
}

// StaffStore keeps people who work in organisations.
type StaffStore interface {
	Staff(ctx context.Context, id access.PersonID) (Staff, error)
	StaffByEmail(ctx context.Context, email string) (Person, error)
	// StaffOf are all who have, had or will have an assignment there, in no order.
	StaffOf(ctx context.Context, of access.OrganisationID) ([]Staff, error)
	// RolesIn are the roles that people have in an organisation on a day, each once.
	RolesIn(ctx context.Context, of access.OrganisationID, on Day) ([]access.Role, error)
	// SaveStaff makes the assignments these and no others. ErrExists: another has the e-mail address.
	SaveStaff(ctx context.Context, s Staff, entries []audit.Entry, out []notify.Message) error
}

// InterpreterStore keeps who interprets, by the organisation that invites them.
type InterpreterStore interface {
	Interpreter(ctx context.Context, id access.PersonID) (Interpreter, error)
	InterpretersOf(ctx context.Context, of access.OrganisationID) ([]Interpreter, error) // in no order
	// SaveInterpreter leaves the organisation of one who is there as it is.
	SaveInterpreter(ctx context.Context, i Interpreter, entries []audit.Entry, out []notify.Message) error
}

// PatientStore keeps patients with their relatives and consents.
type PatientStore interface {
	// Patient commits the entries before it returns; without entries the caller lets nothing of it out.
	Patient(ctx context.Context, id access.PersonID, entries []audit.Entry) (Patient, error)
	// Patients gives choose all whom the organisation cares for, in no order, and commits
	// the entries that choose returns before it returns itself. choose may be called again.
	Patients(ctx context.Context, of access.OrganisationID, choose func([]PatientLine) ([]audit.Entry, error)) error
	PatientsByNationalID(ctx context.Context, number string) ([]access.PersonID, error) // in no order
	// SavePatient is ErrExists where the organisation among those that care for the patient
	// cares for another with the same identity number.
	SavePatient(ctx context.Context, p Patient, by access.OrganisationID, entries []audit.Entry, out []notify.Message) error
	// ErasePatient makes everything of the patient and the relatives unreadable, for good.
	ErasePatient(ctx context.Context, id access.PersonID, version int64, at time.Time, entries []audit.Entry, out []notify.Message) error
}

// RelationStore knows how people stand to a patient.
type RelationStore interface {
	// Ties are how somebody stands to a patient; none where there is no such patient.
	Ties(ctx context.Context, of access.PersonID, patient access.PersonID, on Day, at time.Time) (Ties, error)
	OpenEmergency(ctx context.Context, e Emergency, entries []audit.Entry, out []notify.Message) error
	Record(ctx context.Context, entries []audit.Entry) error
}

// Ties are what is known of a patient that makes a relation to somebody.
type Ties struct {
	CaredForBy  []access.OrganisationID
	Consented   []access.OrganisationID // whom the patient has agreed may see, on that day
	Relative    bool                    // they are registered as a relative or guardian
	Trusted     bool                    // and the patient has agreed that they may see
	Emergencies []access.OrganisationID // in which they have opened the patient, and it is not over
}
