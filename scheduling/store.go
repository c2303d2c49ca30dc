package scheduling

import (
	"context"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Store is all that the service needs of a store: one type implements it. Entries commit with
// the change, or before what was read is returned. Lists are by start.
type Store interface {
	AppointmentStore
	TimeStore
	HoursStore
	ReadinessStore
	FeedStore
	// Record commits entries that tell what is about to be read, or was refused.
	Record(ctx context.Context, entries []audit.Entry) error
}

// AppointmentStore keeps appointments.
type AppointmentStore interface {
	Appointment(ctx context.Context, id AppointmentID) (Appointment, error) // ErrNotFound
	// List are those that are asked for.
	List(ctx context.Context, of Query) ([]Appointment, error)
	// Meeting says whether both are invited to the same appointment, booked and not cancelled,
	// that starts before startsBefore and ends after endsAfter; the one who acts in their role
	// and, as staff, for their organisation.
	Meeting(ctx context.Context, by access.Actor, patient access.PersonID, startsBefore, endsAfter time.Time) (bool, error)
	// Save commits a change whole or not at all, and returns its appointments with their new
	// versions. ErrVersion; *TakenError.
	Save(ctx context.Context, c Change) ([]Appointment, error)
}

// Query is which appointments a list has. What is empty does not narrow it.
type Query struct {
	Organisation access.OrganisationID // invites to it, or takes part in it
	Person       access.PersonID       // is invited
	Series       SeriesID
	From, Until  time.Time // it is booked or asked for at a time that begins within
	States       []State   // empty: all but cancelled
	Lapsed       time.Time // its AnswerBy is before this, and times are still asked for
}

// Change is what commits as one.
type Change struct {
	// Appointments replace those whose versions are the stored ones, or are added where their
	// version is 0, with all that they claim of people's time.
	Appointments []Appointment
	Entries      []audit.Entry
	Out          []notify.Message
	// Withdraw takes back messages that wait about them, for they tell what is not so any more. Who
	// has heard of nothing else by then is told of no end (notify.Message's First and Known).
	Withdraw bool
	// Anew are those of whom nobody knows any more how ready they are: what was said was of another
	// time, or by who had the seat before.
	Anew []ParticipantID
	// Over is when they have come to an end before their time was out: no claim goes on after it.
	// Zero: they have not.
	Over time.Time
}

// TimeStore knows whose time is taken.
type TimeStore interface {
	// Time is what is known of the subjects' time from one moment until another.
	Time(ctx context.Context, subjects []Subject, from, until time.Time) (Time, error)
	SaveAbsence(ctx context.Context, a Absence, entries []audit.Entry) error // adds one
	Absence(ctx context.Context, id string) (Absence, error)                 // ErrNotFound
	// Absences are those of a person, or where that is empty of all who are away from an
	// organisation, that end after a moment.
	Absences(ctx context.Context, of Subject, from access.OrganisationID, endsAfter time.Time) ([]Absence, error)
	RemoveAbsence(ctx context.Context, id string, entries []audit.Entry) error // ErrNotFound
}

// Time is what is known of subjects' time.
type Time struct {
	Hours     []Hours // that are set: also those of units and organisations among the subjects
	Claims    []Claim
	Absences  []Absence
	Elsewhere []Elsewhere
}

// Elsewhere is when a calendar outside says that somebody is busy, and nothing more of it.
type Elsewhere struct {
	Subject Subject
	Span
}

// Absence is when somebody is away. What for is kept with their key.
type Absence struct {
	ID           string
	Subject      Subject
	Organisation access.OrganisationID // from which
	Span
	Cover bool // a deputy is wanted for what is booked then
	Kind  AbsenceKind
}

// AbsenceKind is why somebody is away.
type AbsenceKind string

// The kinds.
const (
	AwayPlain   AbsenceKind = "away"
	AwayCourse  AbsenceKind = "course"
	AwayHoliday AbsenceKind = "holiday"
	AwaySick    AbsenceKind = "sick"
)

// HoursStore keeps when subjects can be booked, and equipment.
type HoursStore interface {
	Hours(ctx context.Context, of Subject, in access.OrganisationID) (Hours, error) // ErrNotFound
	SaveHours(ctx context.Context, h Hours, entries []audit.Entry) (Hours, error)   // ErrVersion
	Equipment(ctx context.Context, of []access.OrganisationID) ([]Equipment, error) // in no order
	SaveEquipment(ctx context.Context, e Equipment, entries []audit.Entry) (Equipment, error)
}

// Equipment is something that is booked like a person.
type Equipment struct {
	ID           EquipmentID
	Version      int64 // 0: new
	Organisation access.OrganisationID
	Unit         string // id; may be empty
	Kind         string // tablet, head-camera or other
	Name         string // 1–80 characters
	Active       bool
}

// ReadinessStore keeps what people have said of how ready they are.
type ReadinessStore interface {
	Readiness(ctx context.Context, of []AppointmentID) (map[AppointmentID]map[ParticipantID]Readiness, error)
	// SaveReadiness keeps what somebody says, in place of what they have said; Opened stays as it is.
	SaveReadiness(ctx context.Context, of AppointmentID, p ParticipantID, r Readiness, entries []audit.Entry, out []notify.Message) error
	// SaveOpened keeps when somebody's link was first opened, and nothing else of them.
	SaveOpened(ctx context.Context, of AppointmentID, p ParticipantID, at time.Time) error
}

// Readiness is how ready someone is, as far as they have said so; zero: they have not.
type Readiness struct {
	State  ReadyState
	At     time.Time
	Late   time.Duration // by how much, whole minutes
	Test   string        // what the device check found: good, poor or failed; empty: none was made
	Opened time.Time     // when their link was first opened; zero: not yet
}

// ReadyState is what someone has said.
type ReadyState string

// The states.
const (
	SaidTested ReadyState = "tested"
	SaidOnWay  ReadyState = "on-the-way"
	SaidLate   ReadyState = "late"
	SaidReady  ReadyState = "ready"
)
