package audit

import (
	"slices"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// A page that is open asks for its list again every half minute. That is one look, and for so
// long one entry in the record: entries by the thousand would hide from a patient who has
// really looked.
const oneLook = time.Hour

// Looks remembers who has just been told of what in a list or panel that stays open. Its zero
// value is empty. It is safe for concurrent use.
type Looks struct {
	mu   sync.Mutex
	last map[look]time.Time
}

// look is one reader of one thing.
type look struct {
	by     access.Actor
	action string
	of     string // the object in the record
}

// most of them are kept: a few thousand readers' days.
const mostLooks = 100_000

// Fresh are the entries that are not part of a look that goes on.
func (l *Looks) Fresh(entries []Entry, now time.Time) []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool {
		last, known := l.last[lookOf(e)]
		return known && now.Sub(last) < oneLook && !now.Before(last)
	})
}

// Recorded notes that entries stand in the record.
func (l *Looks) Recorded(entries []Entry, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.last)+len(entries) > mostLooks {
		l.last = nil // each is told once more than it needs
	}
	if l.last == nil {
		l.last = map[look]time.Time{}
	}
	for _, e := range entries {
		l.last[lookOf(e)] = now
	}
}

func lookOf(e Entry) look {
	by := e.Actor
	by.Request = ""
	return look{by, e.Action, e.Object}
}
