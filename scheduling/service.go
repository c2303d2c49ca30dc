package scheduling

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// opensEarly is how long before its time a consultation's waiting room takes people in
// (EXPERIENCE.md: join from 15 minutes before).
const opensEarly = 15 * time.Minute

// People knows who people and organisations are. What has been erased is left out.
type People interface {
	Names(ctx context.Context, ids []access.PersonID) (map[access.PersonID]string, error)
	Organisations(ctx context.Context, ids []access.OrganisationID) (map[access.OrganisationID]Organisation, error)
}

// Organisation is as those who are invited read it.
type Organisation struct {
	Name  string
	Phone string // whom to ring; may be empty
	Kind  string // hospital, municipality or gp
}

// Messages knows what people were to be told and have not been: notify's outbox.
type Messages interface {
	Undelivered(ctx context.Context, about ...string) ([]notify.Undelivered, error)
	// SendAgain has one sent that was given up, and returns its new id. notify.ErrNotAgain.
	SendAgain(ctx context.Context, id string, entries []audit.Entry) (string, error)
}

// Config of a Service. Store and People are required, and Register where people book.
type Config struct {
	Store    Store
	People   People
	Register Register
	// Here says how many are in a call or its waiting room now; nil: nobody is in any. That
	// a call was ended for all is the appointment's own state.
	Here func(AppointmentID) int
	// Present says where people are in calls, by participant; nil: nobody is in any.
	Present  func(context.Context, []AppointmentID) (map[AppointmentID]map[ParticipantID]Presence, error)
	Messages Messages // nil: what has not come through is not known
	// Calendars reads calendars elsewhere; nil: none can be added.
	Calendars Calendars
	// FeedPatience is how long adding a calendar waits for its first reading; 0 means 8 s.
	FeedPatience time.Duration
	// Changed is told that what people say of an appointment has changed; nil: nobody is.
	Changed func(AppointmentID)
	// Afterwards is how long a consultation counts after its end: calls run late, and who
	// was in it writes their note and sees to what was agreed within the same shift. 0
	// means 12 h.
	Afterwards time.Duration
	Zone       *time.Location // whose days and hours they are; nil means UTC
	// Reminders are how long before its time people are reminded, the longest first; nil means
	// 24 h and 1 h.
	Reminders []time.Duration
	Now       func() time.Time
}

// Service answers who asks about consultations. It is safe for concurrent use.
type Service struct {
	cfg       Config
	templates []Template
	looks     audit.Looks
}

// NewService checks cfg.
func NewService(cfg Config) (*Service, error) {
	if cfg.Store == nil || cfg.People == nil {
		return nil, errors.New("scheduling: Store and People are required")
	}
	if cfg.Afterwards < 0 {
		return nil, fmt.Errorf("scheduling: Afterwards is %s and must not be negative", cfg.Afterwards)
	}
	if cfg.Afterwards == 0 {
		cfg.Afterwards = 12 * time.Hour
	}
	if cfg.Here == nil {
		cfg.Here = func(AppointmentID) int { return 0 }
	}
	if cfg.Present == nil {
		cfg.Present = func(context.Context, []AppointmentID) (map[AppointmentID]map[ParticipantID]Presence, error) {
			return nil, nil
		}
	}
	if cfg.Changed == nil {
		cfg.Changed = func(AppointmentID) {}
	}
	if cfg.FeedPatience < 0 {
		return nil, fmt.Errorf("scheduling: FeedPatience is %s and must not be negative", cfg.FeedPatience)
	}
	if cfg.FeedPatience == 0 {
		cfg.FeedPatience = 8 * time.Second
	}
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Reminders == nil {
		cfg.Reminders = []time.Duration{24 * time.Hour, time.Hour}
	}
	if !slices.IsSortedFunc(cfg.Reminders, func(a, b time.Duration) int { return int(b - a) }) || slices.ContainsFunc(cfg.Reminders, func(d time.Duration) bool { return d <= 0 }) {
		return nil, errors.New("scheduling: Reminders must be positive, the longest first")
	}
	templates, err := readTemplates(templateFiles)
	if err != nil {
		return nil, err
	}
	return &Service{cfg: cfg, templates: templates}, nil
}

// Save keeps an appointment that the house itself has made, as a demo does. It asks nobody's
// right and tells nobody: people Book.
func (s *Service) Save(ctx context.Context, a Appointment) (Appointment, error) {
	if err := a.Check(); err != nil {
		return Appointment{}, err
	}
	saved, err := s.cfg.Store.Save(ctx, Change{Appointments: []Appointment{a}})
	if err != nil {
		return Appointment{}, err
	}
	return saved[0], nil
}

// Meets says whether someone has a consultation with a patient that counts now: from the
// opening of its waiting room until Afterwards after its end. It is the relation Participant
// to a patient: of a seat as of a place in the call, which is nobody's in another role.
func (s *Service) Meets(ctx context.Context, by access.Actor, patient access.PersonID) (bool, error) {
	now := s.cfg.Now()
	openBefore := now.Add(opensEarly + time.Millisecond) // at the opening itself too: stores count in ms
	meets, err := s.cfg.Store.Meeting(ctx, by, patient, openBefore, now.Add(-s.cfg.Afterwards))
	if err != nil {
		return false, fmt.Errorf("meeting: %w", err)
	}
	return meets, nil
}

// find returns an appointment and how someone stands to it. One that is not there has no
// relations, and so nobody is told whether it is.
func (s *Service) find(ctx context.Context, by access.Actor, id AppointmentID) (Appointment, access.Relations, error) {
	if byLink(by) && by.Consultation != string(id) {
		return Appointment{}, 0, nil
	}
	a, err := s.cfg.Store.Appointment(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return Appointment{}, 0, nil
	}
	if err != nil {
		return Appointment{}, 0, fmt.Errorf("appointment %s: %w", id, err)
	}
	reach, err := s.actsFor(ctx, by)
	if err != nil {
		return Appointment{}, 0, err
	}
	return a, a.relations(by, reach), nil
}

// actsFor is the reach of those who may read of consultations that others invite to because they
// act for them; nobody else's is looked for.
func (s *Service) actsFor(ctx context.Context, by access.Actor) (Reach, error) {
	if by.Organisation == "" || byLink(by) || s.cfg.Register == nil || !access.Decide(by.Role, access.ConsultationRead, access.Agreement).Allowed {
		return Reach{}, nil
	}
	reach, err := s.cfg.Register.Reach(ctx, by)
	if err != nil {
		return Reach{}, fmt.Errorf("for whom one acts: %w", err)
	}
	return reach, nil
}

// byLink says whether someone has come by a personal link. That is for the seat in its own
// consultation and nothing else, whoever else its person may be.
func byLink(by access.Actor) bool { return by.Consultation != "" }

// allow asks access; a refusal is on record when it returns, and its patient, if there is
// one, is told of it.
func (s *Service) allow(ctx context.Context, by access.Actor, action access.Action, has access.Relations, a Appointment, object string) (access.Relations, error) {
	opened, err := access.Can(by, action, has)
	if err == nil {
		return opened, nil
	}
	e := audit.New(s.cfg.Now(), by, action.String(), audit.Refused)
	e.Patient, e.Object = a.Patient(), object
	if failed := s.cfg.Store.Record(ctx, []audit.Entry{e}); failed != nil {
		return 0, fmt.Errorf("record a refusal: %w", failed)
	}
	return 0, err
}

// tell commits that someone is about to read of consultations: an entry for each patient's,
// who is told of it, except by the patient in person. Who reads the same list again and again
// is told of once.
func (s *Service) tell(ctx context.Context, by access.Actor, action access.Action, has access.Relations, of ...Appointment) error {
	var entries []audit.Entry
	for _, a := range of {
		patient := a.Patient()
		if patient == "" || patient == by.Person {
			continue
		}
		e := audit.New(s.cfg.Now(), by, action.String(), audit.Done)
		e.By, e.Patient, e.Object = has, patient, a.object()
		entries = append(entries, e)
	}
	if action == access.ConsultationList {
		entries = s.looks.Fresh(entries, s.cfg.Now())
	}
	if len(entries) == 0 {
		return nil
	}
	if err := s.cfg.Store.Record(ctx, entries); err != nil {
		return fmt.Errorf("record a read: %w", err)
	}
	if action == access.ConsultationList {
		s.looks.Recorded(entries, s.cfg.Now())
	}
	return nil
}

// object is the consultation in the audit record.
func (a Appointment) object() string { return object(a.ID) }

func object(id AppointmentID) string { return "consultation/" + string(id) }
