package identity

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// pollEvery is how often another node's revocations are looked for: they hold within 1 s.
	pollEvery = 500 * time.Millisecond
	// staleAfter is how old what we know of revocations may be. After that nobody is let in
	// by a cookie alone, for a revoked one might be among them.
	staleAfter = time.Minute
)

// revocations remembers what ended before its time. Every node has all of them.
type revocations struct {
	store SessionStore
	now   func() time.Time

	reading sync.Mutex // one reads at a time

	mu    sync.RWMutex
	turn  int64 // the last that was read
	asOf  time.Time
	ended map[string]Revocation
}

func newRevocations(store SessionStore, now func() time.Time) *revocations {
	return &revocations{store: store, now: now, ended: map[string]Revocation{}}
}

// read reads what is new. After one's own change it is called before the change is
// answered; the poll does it for the other nodes'.
func (r *revocations) read(ctx context.Context) error {
	r.reading.Lock()
	defer r.reading.Unlock()
	now := r.now() // before reading: later it would be younger than what it knows
	r.mu.RLock()
	after := r.turn
	r.mu.RUnlock()
	ended, turn, err := r.store.Revocations(ctx, after, now)
	if err != nil {
		return fmt.Errorf("read revocations: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range ended {
		r.ended[e.Subject] = e
	}
	r.turn, r.asOf = max(turn, after), now
	return nil
}

// forget drops what has ended by its own times.
func (r *revocations) forget() {
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for subject, e := range r.ended {
		if now.After(e.Until.Add(clockSkew)) {
			delete(r.ended, subject)
		}
	}
}

// fresh says whether all is known up to a moment ago.
func (r *revocations) fresh(now time.Time) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return !r.asOf.IsZero() && now.Sub(r.asOf) < staleAfter
}

// has says whether what was issued to a subject is revoked. It is ErrNotReady when that is not known.
func (r *revocations) has(subject string, issued, now time.Time) (bool, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.asOf.IsZero() || now.Sub(r.asOf) >= staleAfter {
		return false, ErrNotReady
	}
	e, ok := r.ended[subject]
	return ok && !issued.After(e.At), nil
}
