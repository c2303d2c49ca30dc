package identity

import "time"

// triesPerLock is how many wrong answers lock.
const triesPerLock = 5

// locks are how long, each time longer. No lock is for ever: then anybody could lock
// anybody out for good.
var locks = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// quietTime without a wrong answer starts the locks over.
const quietTime = 24 * time.Hour

// Tries counts the wrong answers to one question. The count is saved before an answer is
// told, and with the version that it was read by: of many answers at once no more are told
// than are counted.
type Tries struct {
	Version     int64 // 0: new
	Wrong       int   // since the last right answer or lock
	Locks       int
	Last        time.Time // the last wrong answer
	LockedUntil time.Time
}

// Wait is how long no answer is taken; 0: one is.
func (t Tries) Wait(now time.Time) time.Duration { return max(t.LockedUntil.Sub(now), 0) }

// Left is how many wrong answers there may be before the next lock.
func (t Tries) Left() int { return triesPerLock - t.Wrong }

// fail counts a wrong answer and says whether it has locked.
func (t *Tries) fail(now time.Time) (locked bool) {
	if now.Sub(t.Last) > quietTime {
		t.Wrong, t.Locks = 0, 0
	}
	t.Last = now
	if t.Wrong++; t.Wrong < triesPerLock {
		return false
	}
	t.LockedUntil = now.Add(locks[min(t.Locks, len(locks)-1)])
	t.Wrong, t.Locks = 0, t.Locks+1
	return true
}

// clear forgets the wrong answers after a right one.
func (t *Tries) clear() { t.Wrong, t.Locks, t.LockedUntil = 0, 0, time.Time{} }
