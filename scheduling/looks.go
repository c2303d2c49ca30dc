package scheduling

import (
	"slices"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// A page that is open asks for its list again every half minute. That is one look, and for so
// long one entry in the record: entries by the thousand would hide from a patient who has
// really looked.
const oneLook = time.Hour

// looks remembers who has just been told of which list's consultations. Its zero value is empty.
type looks struct {
	mu   sync.Mutex
	last map[look]time.Time
}

// look is one reader of one consultation in a list.
type look struct {
	by access.Actor
	of string // the object in the record
}

// most of them are kept: a few thousand readers' days.
const mostLooks = 100_000

// fresh are the entries that are not part of a look that goes on.
func (l *looks) fresh(entries []audit.Entry, now time.Time) []audit.Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(entries), func(e audit.Entry) bool {
		last, known := l.last[lookOf(e)]
		return known && now.Sub(last) < oneLook && !now.Before(last)
	})
}

// recorded notes that entries stand in the record.
func (l *looks) recorded(entries []audit.Entry, now time.Time) {
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

func lookOf(e audit.Entry) look {
	by := e.Actor
	by.Request = ""
	return look{by, e.Object}
}
