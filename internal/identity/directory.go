package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// DirectoryConfig is what a Directory is made of. Store and Meetings are required.
type DirectoryConfig struct {
	Store    DirectoryStore
	Meetings Meetings
	// EmergencyLasts is how long a patient who has been opened in an emergency stays open; 0 means 4 h.
	EmergencyLasts time.Duration
	Zone           *time.Location // whose days agreements, assignments and consents count by; nil means UTC
	Now            func() time.Time
}

// Meetings knows who meets whom.
type Meetings interface {
	// Meets says whether the one who acts has a seat, as what they act as, in a consultation
	// with the patient that is open now.
	Meets(ctx context.Context, by access.Actor, patient access.PersonID) (bool, error)
}

// Directory holds organisations and what they have agreed, staff and patients. Every method
// asks the table of access first, and answers one who has no right with *access.Refused,
// whether or not what was asked for exists. It is safe for concurrent use.
type Directory struct {
	store     DirectoryStore
	meetings  Meetings
	emergency time.Duration
	zone      *time.Location
	now       func() time.Time
}

// NewDirectory checks cfg.
func NewDirectory(cfg DirectoryConfig) (*Directory, error) {
	if cfg.Store == nil || cfg.Meetings == nil {
		return nil, errors.New("directory: Store and Meetings are required")
	}
	if cfg.EmergencyLasts < 0 {
		return nil, fmt.Errorf("directory: EmergencyLasts is %v and must not be negative", cfg.EmergencyLasts)
	}
	d := &Directory{store: cfg.Store, meetings: cfg.Meetings, emergency: cfg.EmergencyLasts, zone: cfg.Zone, now: cfg.Now}
	if d.emergency == 0 {
		d.emergency = 4 * time.Hour
	}
	if d.zone == nil {
		d.zone = time.UTC
	}
	if d.now == nil {
		d.now = time.Now
	}
	return d, nil
}

func (d *Directory) today() Day { return DayOf(d.now(), d.zone) }

// subject is what an act is about, for the audit record.
type subject struct {
	kind    string // with id: "organisation", "patient"
	id      string // empty for what has no id yet
	patient access.PersonID
}

func aPatient(id access.PersonID) subject {
	return subject{kind: "patient", id: string(id), patient: id}
}

func (s subject) object() string {
	if s.id == "" {
		return s.kind
	}
	return s.kind + "/" + s.id
}

func (d *Directory) entry(by access.Actor, action access.Action, outcome audit.Outcome, through access.Relations, about subject) audit.Entry {
	e := audit.New(d.now(), by, action.String(), outcome)
	e.By, e.Patient, e.Object = through, about.patient, about.object()
	return e
}

// demand asks the table, and returns the entry that is to be committed with what is done. A
// refusal is recorded.
func (d *Directory) demand(ctx context.Context, by access.Actor, action access.Action, has access.Relations, about subject) (audit.Entry, error) {
	through, err := access.Can(by, action, has)
	if err == nil {
		return d.entry(by, action, audit.Done, through, about), nil
	}
	if failed := d.store.Record(ctx, []audit.Entry{d.entry(by, action, audit.Refused, 0, about)}); failed != nil {
		return audit.Entry{}, fmt.Errorf("record a refusal: %w", failed)
	}
	return audit.Entry{}, err
}

// unsaved records that a change was not made because it came too late, met what exists
// already, or was of what is not there, and returns err.
func (d *Directory) unsaved(ctx context.Context, err error, entries ...audit.Entry) error {
	if !errors.Is(err, ErrVersion) && !errors.Is(err, ErrExists) && !errors.Is(err, ErrNotFound) {
		return err
	}
	failures := make([]audit.Entry, len(entries))
	for i, e := range entries {
		e.Outcome, e.Reason = audit.Failed, "" // a reason is kept with a patient's key alone
		failures[i] = e
	}
	if failed := d.store.Record(ctx, failures); failed != nil {
		return errors.Join(err, fmt.Errorf("record: %w", failed))
	}
	return err
}
