package clinical

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// What a Store answers with.
var (
	ErrNotFound = errors.New("no such thing of this patient's")
	ErrVersion  = errors.New("was changed by another meanwhile")
	// ErrKeyTaken is for a key that its sender has used for another content.
	ErrKeyTaken = &Invalid{"key", "has been used for another value: a key names one"}
)

// Store keeps observations and limits. A changing method commits the change and its audit
// entries as one.
type Store interface {
	ObservationStore
	LimitStore
	SharingStore
	// Record commits entries that stand alone: reads and refusals.
	Record(ctx context.Context, entries []audit.Entry) error
}

// ObservationStore keeps observations; wrong ones too, which are in no series.
type ObservationStore interface {
	// Add keeps observations of one patient, whole or not at all. One whose Key its performer has
	// used before is not kept again: it is answered as it is now, corrected or not, and the entries are
	// written only if something is new. Another content under the same key is ErrKeyTaken, as an
	// *ItemError; then nothing is kept.
	Add(ctx context.Context, all []Observation, entries []audit.Entry) ([]Added, error)
	// Correct replaces the latest version, which stays as an earlier one. o.Version is the one that the
	// change rests on. Errors: ErrNotFound, ErrVersion.
	Correct(ctx context.Context, o Observation, entries []audit.Entry) (Observation, error)
	// Observations returns those of a patient that q asks for.
	Observations(ctx context.Context, patient access.PersonID, q Query) ([]Observation, error)
	// Latest returns for each kind the latest so many values that are not wrong, the newest first.
	Latest(ctx context.Context, patient access.PersonID, kinds []KindID, each int) (map[KindID][]Observation, error)
	// Series returns the points of a kind within [from, until), in order of time, without wrong ones,
	// and when the first of all was measured.
	Series(ctx context.Context, patient access.PersonID, kind KindID, from, until time.Time) (points []Point, first time.Time, err error)
}

// LimitStore keeps limits.
type LimitStore interface {
	// Limits returns the latest version, or version 0.
	Limits(ctx context.Context, patient access.PersonID) (Limits, error)
	// SaveLimits keeps a version after l.Version. Errors: ErrVersion.
	SaveLimits(ctx context.Context, patient access.PersonID, l Limits, entries []audit.Entry) (Limits, error)
}

// Query asks for observations. With IDs it is those, in any order; else a kind's, or with no kind
// all, measured before Before (zero: until now), the newest first, at most Most.
type Query struct {
	IDs    []ObservationID
	Kind   KindID
	Since  time.Time // measured at or after; zero: from the first
	Before time.Time
	// BeforeID goes on within those of one moment: what was measured at Before and has a lower id is asked for too.
	BeforeID ObservationID
	Most     int // 0: all, with IDs; else it must be given
}

// Added is what became of an observation.
type Added struct {
	Observation
	Known bool // it had been kept before
}

// ItemError says which of several was refused.
type ItemError struct {
	Index int
	Err   error
}

func (e *ItemError) Error() string { return fmt.Sprintf("items[%d]: %s", e.Index, e.Err) }
func (e *ItemError) Unwrap() error { return e.Err }

// Relations finds how someone stands to a patient; identity's Directory does.
type Relations interface {
	Relations(ctx context.Context, by access.Actor, patient access.PersonID) (access.Relations, error)
}

// Names knows what people are called.
type Names interface {
	Names(ctx context.Context, ids []access.PersonID) (map[access.PersonID]string, error)
}

// Config of a Service. Store, Relations and Names are required.
type Config struct {
	Store     Store
	Relations Relations
	Names     Names
	Plans     PlanStore  // nil: nobody has a plan
	Asked     AskedStore // nil: nobody is asked to measure
	Wounds    WoundKeep  // nil: nobody has a wound
	// Seated is who has a seat in a consultation; empty: nobody has that one. nil: nobody has any.
	Seated func(ctx context.Context, consultation, participant string) (access.PersonID, error)
	// About is whom a consultation is about; empty: nobody, or there is none. nil: no consultation
	// is known, and nobody comes by a link.
	About func(ctx context.Context, consultation string) (access.PersonID, error)
	// Born is the day on which a patient was born; the zero time: it is not known. nil: nobody's is.
	Born func(context.Context, access.PersonID) (time.Time, error)
	// Shares is what an organisation that does not care for the patient itself sees beyond the call, by what
	// has been agreed; nil: all.
	Shares func(context.Context, access.OrganisationID, access.PersonID) (Shares, error)
	// Changed is told that something of a patient's is new or corrected, when it is kept; nil: nobody is.
	Changed func(access.PersonID, Event)
	// Zone is whose days are told apart; nil: UTC.
	Zone *time.Location
	// NEWS2Together is within which time its seven are to be measured; 0 means 60 min.
	NEWS2Together time.Duration
	Now           func() time.Time
}

// Service answers who asks about what is measured. It is safe for concurrent use.
type Service struct {
	cfg   Config
	kinds Kinds
	looks audit.Looks
	// developing has a place for the one picture that is made small at a time.
	developing chan struct{}
}

// NewService checks cfg.
func NewService(cfg Config) (*Service, error) {
	if cfg.Store == nil || cfg.Relations == nil || cfg.Names == nil {
		return nil, errors.New("clinical: Store, Relations and Names are required")
	}
	if cfg.NEWS2Together < 0 {
		return nil, fmt.Errorf("clinical: NEWS2Together is %s and must not be negative", cfg.NEWS2Together)
	}
	if cfg.Changed == nil {
		cfg.Changed = func(access.PersonID, Event) {}
	}
	if cfg.About == nil {
		cfg.About = func(context.Context, string) (access.PersonID, error) { return "", nil }
	}
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Seated == nil {
		cfg.Seated = func(context.Context, string, string) (access.PersonID, error) { return "", nil }
	}
	if cfg.Born == nil {
		cfg.Born = func(context.Context, access.PersonID) (time.Time, error) { return time.Time{}, nil }
	}
	if cfg.Shares == nil {
		cfg.Shares = func(context.Context, access.OrganisationID, access.PersonID) (Shares, error) { return allShares(), nil }
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	kinds, err := ReadKinds()
	if err != nil {
		return nil, err
	}
	return &Service{cfg: cfg, kinds: kinds, developing: make(chan struct{}, 1)}, nil
}

// Kinds is what can be measured.
func (s *Service) Kinds() Kinds { return s.kinds }

func newID() string { return rand.Text() }
