package scheduling

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// FeedQueue is where feeds wait to be read. Several readers, of several nodes, take from it.
type FeedQueue interface {
	// ClaimFeed returns the feed that has been due longest, and keeps it from others until a
	// moment, which is its Due then. ErrNotFound: none is due.
	ClaimFeed(ctx context.Context, now, until time.Time) (Feed, error)
	// SaveReading keeps what has come of a reading: the feed as it is now, and in place of its
	// busy times those that were read, unless the reading is Unchanged. ErrNotFound when it was
	// removed meanwhile, or claimed by another: then nothing is kept.
	SaveReading(ctx context.Context, claimed time.Time, f Feed, r Reading) error
}

// FeedReaderConfig is what a FeedReader is made of. Queue and Calendars are required.
type FeedReaderConfig struct {
	Queue     FeedQueue
	Calendars Calendars
	// Works says whether somebody works anywhere today. Of one who does not nothing is read, and
	// what was read is forgotten; nil: everybody does.
	Works   func(context.Context, access.PersonID) (bool, error)
	Every   time.Duration // between readings of a calendar; 0 means 15 min
	Look    time.Duration // between looks for one that is due; 0 means 5 s
	Readers int           // how many are read at the same time; 0 means 4
	Now     func() time.Time
	Log     *slog.Logger // nil means none
}

// FeedReader reads calendars elsewhere, again and again.
type FeedReader struct{ cfg FeedReaderConfig }

const (
	feedTimeout = 45 * time.Second // of one reading
	feedLease   = 2 * time.Minute  // longer than a reading, and keeping it, takes
)

// NewFeedReader checks cfg.
func NewFeedReader(cfg FeedReaderConfig) (*FeedReader, error) {
	switch {
	case cfg.Queue == nil || cfg.Calendars == nil:
		return nil, errors.New("scheduling: a FeedReader needs Queue and Calendars")
	case cfg.Every < 0 || cfg.Look < 0 || cfg.Readers < 0:
		return nil, errors.New("scheduling: Every, Look and Readers must not be negative")
	}
	if cfg.Works == nil {
		cfg.Works = func(context.Context, access.PersonID) (bool, error) { return true, nil }
	}
	if cfg.Every == 0 {
		cfg.Every = feedEvery
	}
	if cfg.Look == 0 {
		cfg.Look = 5 * time.Second
	}
	if cfg.Readers == 0 {
		cfg.Readers = 4
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &FeedReader{cfg}, nil
}

// Run reads until ctx ends. A queue that does not answer is asked again.
func (r *FeedReader) Run(ctx context.Context) error {
	var readers sync.WaitGroup
	for range r.cfg.Readers {
		readers.Go(func() { r.loop(ctx) }) // ends with ctx; waited for below
	}
	readers.Wait()
	return nil
}

func (r *FeedReader) loop(ctx context.Context) {
	tick := time.NewTicker(r.cfg.Look)
	defer tick.Stop()
	for {
		read, err := r.Next(ctx)
		if err != nil && ctx.Err() == nil {
			r.cfg.Log.Error("a calendar elsewhere was not read", "error", err)
		}
		if read && err == nil && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Next reads the calendar that has been due longest, and says whether there was one. That a
// calendar can't be read is no error: its owner is told.
func (r *FeedReader) Next(ctx context.Context) (bool, error) {
	claimed := r.cfg.Now().Add(feedLease).Truncate(time.Millisecond) // as stores keep it
	f, err := r.cfg.Queue.ClaimFeed(ctx, r.cfg.Now(), claimed)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("claim: %w", err)
	}
	was := f.Fault
	f, got, err := r.read(ctx, f)
	if err != nil {
		return true, fmt.Errorf("feed %s: %w", f.ID, err) // due again when the claim ends
	}
	if err := r.cfg.Queue.SaveReading(ctx, claimed, f, got); err != nil && !errors.Is(err, ErrNotFound) {
		return true, fmt.Errorf("feed %s: %w", f.ID, err)
	}
	if f.Fault != was {
		r.cfg.Log.Info("a calendar elsewhere", "feed", f, "fault", string(f.Fault))
	}
	return true, nil
}

// read reads a feed that was claimed, and says when to do so next.
func (r *FeedReader) read(ctx context.Context, f Feed) (Feed, Reading, error) {
	within, cancel := context.WithTimeout(ctx, feedTimeout)
	defer cancel()
	now := r.cfg.Now()
	works, err := r.cfg.Works(within, f.Person)
	if err != nil {
		return f, Reading{}, err
	}
	if !works { // or no more: a private life that is nobody's business here
		f.Mark, f.Known, f.Due = "", time.Time{}, now.Add(feedAgain)
		return f, Reading{}, nil
	}
	f, got, err := f.read(within, r.cfg.Calendars, now)
	f.Due = now.Add(f.wait(r.cfg.Every))
	return f, got, err
}
