package clinical

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// QuestionStore keeps forms and the work that comes of them.
type QuestionStore interface {
	FormStore
	WorkStore
	// Record commits entries that stand alone: reads and refusals.
	Record(ctx context.Context, entries []audit.Entry) error
}

// FormStore keeps forms, sealed with the patient's key.
type FormStore interface {
	// AddForm commits a form with the work and the messages that come of it as one. Errors:
	// ErrNotFound (there is no such patient), ErrKeyTaken (its id is another's already).
	AddForm(ctx context.Context, f Form, work []Work, entries []audit.Entry, out []notify.Message) error
	// SaveForm replaces the latest version, and commits the work and the messages that come of it as
	// one with it. f.Version is the one that the change rests on; what was completed stays as an
	// earlier version. Errors: ErrNotFound, ErrVersion.
	SaveForm(ctx context.Context, f Form, work []Work, entries []audit.Entry, out []notify.Message) (Form, error)
	// Forms are a patient's, the newest first; with ids those of them that are there.
	Forms(ctx context.Context, patient access.PersonID, ids ...FormID) ([]Form, error)
	// FormVersions are what a form was before, from when it was completed, the oldest first.
	FormVersions(ctx context.Context, patient access.PersonID, id FormID) ([]Form, error)
	ScoreQueue
}

// ScoreQueue is of forms whose score has not been carried to what is measured.
type ScoreQueue interface {
	Unscored(ctx context.Context, most int) ([]Form, error)
	// Scored says that the score of this version is there.
	Scored(ctx context.Context, id FormID, version int64) error
}

// WorkStore keeps the work list.
type WorkStore interface {
	// Work lists an organisation's: what is open, the oldest first, or what was acknowledged since a
	// time, the latest first.
	Work(ctx context.Context, of access.OrganisationID, acknowledgedSince time.Time, most int) ([]Work, error)
	// AcknowledgeWork is done once: whoever comes later gets it as the first has left it. It is
	// ErrNotFound where it is not the organisation's. entries are for whoever is first.
	AcknowledgeWork(ctx context.Context, id WorkID, of access.OrganisationID, a Acknowledged, entries []audit.Entry) (w Work, first bool, err error)
	// Overdue is open work whose time to be acknowledged is over, and whom nobody else has been told of.
	Overdue(ctx context.Context, now time.Time, most int) ([]Overdue, error)
	// EscalateWork tells others, unless another node has, or somebody has acknowledged it: told is false.
	EscalateWork(ctx context.Context, id WorkID, at time.Time, out []notify.Message) (told bool, err error)
}

// Scores is where scores are kept among what is measured: an ObservationStore has it.
type Scores interface {
	Add(ctx context.Context, all []Observation, entries []audit.Entry) ([]Added, error)
	Correct(ctx context.Context, o Observation, entries []audit.Entry) (Observation, error)
	Observations(ctx context.Context, patient access.PersonID, q Query) ([]Observation, error)
}

// Contacts knows who answers for a patient.
type Contacts interface {
	// Responsible is who is to see to something of a patient's in an organisation; empty: in one that
	// cares for the patient. near is somebody whose own unit comes first; empty: nobody's.
	Responsible(ctx context.Context, patient access.PersonID, in access.OrganisationID, near access.PersonID) (Responsible, error)
}

// Responsible is who answers for a patient.
type Responsible struct {
	Organisation access.OrganisationID
	Name         string          // of the unit, or of the organisation: whom the patient rings
	Phone        string          // E.164 or a short number; may be empty
	Contact      access.PersonID // empty: nobody is named
	Deputy       access.PersonID // the same
}

// QuestionsConfig is that of Questions. Store, Relations, Names, Contacts and About are required.
type QuestionsConfig struct {
	Store          QuestionStore
	Scores         Scores // nil: scores stand with their forms alone, and wait to be carried on
	Relations      Relations
	Names          Names
	Contacts       Contacts
	Questionnaires Questionnaires // that can be asked; none: nothing can
	// About is whom a consultation is about. ErrNotFound: there is none.
	About func(ctx context.Context, consultation string) (access.PersonID, error)
	// Shown says whether the patient shows a reader what they have answered, beyond what the access
	// table says; Service.ShowsAnswers does. nil: yes.
	Shown func(ctx context.Context, by access.Actor, has access.Relations, patient access.PersonID) (bool, error)
	// Changed is told that a score is new or corrected, when it is kept; nil: nobody is.
	Changed func(access.PersonID, Event)
	// AtWork says whether it is working hours; nil: always.
	AtWork func(time.Time) bool
	// Within is how long the named contact has to acknowledge in working hours; 0 means 30 min.
	// Outside of them the deputy is told at once.
	Within time.Duration
	Now    func() time.Time
	Log    *slog.Logger
}

// Questions answers who asks about questionnaires and about the work that comes of them. It is
// safe for concurrent use.
type Questions struct {
	cfg   QuestionsConfig
	looks audit.Looks
}

// NewQuestions checks cfg.
func NewQuestions(cfg QuestionsConfig) (*Questions, error) {
	if cfg.Store == nil || cfg.Relations == nil || cfg.Names == nil || cfg.Contacts == nil || cfg.About == nil {
		return nil, errors.New("clinical: Store, Relations, Names, Contacts and About are required")
	}
	if cfg.Within < 0 {
		return nil, fmt.Errorf("clinical: Within is %s and must not be negative", cfg.Within)
	}
	if cfg.Within == 0 {
		cfg.Within = 30 * time.Minute
	}
	if cfg.Changed == nil {
		cfg.Changed = func(access.PersonID, Event) {}
	}
	if cfg.Shown == nil {
		cfg.Shown = func(context.Context, access.Actor, access.Relations, access.PersonID) (bool, error) { return true, nil }
	}
	if cfg.AtWork == nil {
		cfg.AtWork = func(time.Time) bool { return true }
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Questions{cfg: cfg}, nil
}

// Questionnaires are those that can be asked.
func (s *Questions) Questionnaires() []Questionnaire { return s.cfg.Questionnaires.All() }

// relations are someone's to a patient. Staff who have come by a link have only what the call
// gives them.
func (s *Questions) relations(ctx context.Context, by access.Actor, patient access.PersonID) (access.Relations, error) {
	has, err := s.cfg.Relations.Relations(ctx, by, patient)
	if err != nil {
		return 0, err
	}
	if by.Consultation != "" && by.Role.Staff() {
		has &= access.Participant
	}
	return has, nil
}

// demand asks access; a refusal is on record when it returns.
func (s *Questions) demand(ctx context.Context, by access.Actor, action access.Action, patient access.PersonID) (access.Relations, error) {
	has, err := s.relations(ctx, by, patient)
	if err != nil {
		return 0, err
	}
	through, refused := access.Can(by, action, has)
	if refused != nil {
		return 0, s.refuse(ctx, by, action, patient, "patient/"+string(patient)+"/forms", refused)
	}
	return through, nil
}

// refuse puts a refusal on record.
func (s *Questions) refuse(ctx context.Context, by access.Actor, action access.Action, patient access.PersonID, object string, refused error) error {
	if err := s.cfg.Store.Record(ctx, []audit.Entry{s.entry(by, action, audit.Refused, 0, patient, object)}); err != nil {
		return fmt.Errorf("record a refusal: %w", err)
	}
	return refused
}

// record has looks on record, once for as long as they go on; a patient's at what is their own
// are nobody's matter.
func (s *Questions) record(ctx context.Context, by access.Actor, looks []audit.Entry) error {
	now := s.cfg.Now()
	fresh := s.looks.Fresh(looks, now)
	if len(fresh) == 0 {
		return nil
	}
	if err := s.cfg.Store.Record(ctx, fresh); err != nil {
		return fmt.Errorf("record a read: %w", err)
	}
	s.looks.Recorded(fresh, now)
	return nil
}

func (s *Questions) entry(by access.Actor, action access.Action, outcome audit.Outcome, through access.Relations, patient access.PersonID, object string) audit.Entry {
	e := audit.New(s.cfg.Now(), by, action.String(), outcome)
	e.By, e.Patient, e.Object = through, patient, object
	return e
}

// performer is the one who acts, as they are called now.
func (s *Questions) performer(ctx context.Context, by access.Actor) (Performer, error) {
	names, err := s.cfg.Names.Names(ctx, []access.PersonID{by.Person})
	if err != nil {
		return Performer{}, fmt.Errorf("name of %s: %w", by.Person, err)
	}
	return Performer{Person: by.Person, Name: names[by.Person], Role: by.Role, Organisation: by.Organisation}, nil
}
