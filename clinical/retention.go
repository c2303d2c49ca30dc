package clinical

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// Idle is a patient with whom there has been a consultation, of whom nothing has come since.
type Idle struct {
	Patient      access.PersonID
	Consultation string    // the last one's id
	Last         time.Time // when the consultation ended, or something came last
	// Organisations took part in the last consultation.
	Organisations []access.OrganisationID
}

// RetentionStore finds what nobody has needed for a while, and deletes it.
type RetentionStore interface {
	// Idle lists patients for whom something is kept and of whom nothing has come since a time, nor is to come: no
	// consultation is booked or proposed. In the order of their ids, after one of them.
	Idle(ctx context.Context, since time.Time, after access.PersonID, most int) ([]Idle, error)
	// Forget deletes what was measured, answered, photographed and planned of a patient, unless something
	// has come meanwhile: done is false then, and nothing is deleted. The patient and their consultations stay.
	Forget(ctx context.Context, patient access.PersonID, since time.Time, entries []audit.Entry) (done bool, err error)
}

// RetentionConfig is that of a Retention. Store and Days are required.
type RetentionConfig struct {
	Store RetentionStore
	// Days is how long organisations have agreed to keep what they share after their last consultation; ok
	// is false where they share nothing, as one alone: then nothing is deleted.
	Days func(context.Context, []access.OrganisationID) (days int, ok bool, err error)
	Now  func() time.Time
	Log  *slog.Logger
}

// Retention deletes by policy. This is a working store: each organisation has its own part in its
// own journal, and what has been shared is not kept for longer than they have agreed.
type Retention struct{ cfg RetentionConfig }

// NewRetention checks cfg.
func NewRetention(cfg RetentionConfig) (*Retention, error) {
	if cfg.Store == nil || cfg.Days == nil {
		return nil, errors.New("clinical: Store and Days are required")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Retention{cfg}, nil
}

// mostIdle is how many are looked at at once.
const mostIdle = 200

// Sweep deletes what is over its time, and returns of how many patients. Several nodes may do so at once.
func (r *Retention) Sweep(ctx context.Context) (int, error) {
	now := r.cfg.Now()
	done := 0
	var after access.PersonID
	for {
		idle, err := r.cfg.Store.Idle(ctx, now.AddDate(0, 0, -1), after, mostIdle) // a day is the shortest that can be agreed
		if err != nil {
			return done, fmt.Errorf("idle patients: %w", err)
		}
		for _, p := range idle {
			after = p.Patient
			forgotten, err := r.forget(ctx, p, now)
			if err != nil {
				return done, fmt.Errorf("forget %s: %w", p.Patient, err)
			}
			if forgotten {
				done++
			}
		}
		if len(idle) < mostIdle {
			return done, nil
		}
	}
}

func (r *Retention) forget(ctx context.Context, p Idle, now time.Time) (bool, error) {
	days, ok, err := r.cfg.Days(ctx, p.Organisations)
	if err != nil || !ok {
		return false, err
	}
	since := now.AddDate(0, 0, -days)
	if p.Last.After(since) {
		return false, nil
	}
	e := audit.New(now, access.Actor{}, audit.ActionForgotten, audit.Done)
	e.Patient, e.Object = p.Patient, "consultation/"+p.Consultation
	done, err := r.cfg.Store.Forget(ctx, p.Patient, since, []audit.Entry{e})
	if done {
		r.cfg.Log.InfoContext(ctx, "deleted by policy", "patient", p.Patient, "days", days)
	}
	return done, err
}
