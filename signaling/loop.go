package signaling

import "sync"

// loop runs functions one after another in the one goroutine that calls take, in the
// order in which they were posted. Posting never waits, so that media events may post.
// What it holds is bounded by who posts: a reader waits for its one message to be done
// with, a media link posts once until it is read, timers and workers answer what was asked,
// and what happens to a patient is put together as soon as it is read.
type loop struct {
	wake chan struct{} // holds one token when there is something to take

	mu     sync.Mutex
	queue  []func()
	closed bool
}

func newLoop() *loop { return &loop{wake: make(chan struct{}, 1)} }

// post hands f to the loop; false means that the loop has ended and f will not run.
func (l *loop) post(f func()) bool {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return false
	}
	l.queue = append(l.queue, f)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
	return true
}

// take returns what was posted since the last take.
func (l *loop) take() []func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	q := l.queue
	l.queue = nil
	return q
}

// closeIfIdle ends the loop if nothing is posted.
func (l *loop) closeIfIdle() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		l.closed = true
	}
	return l.closed
}

// work runs what is posted until stop is closed and everything posted before has run.
func (l *loop) work(stop <-chan struct{}) {
	for {
		for _, f := range l.take() {
			f()
		}
		select {
		case <-l.wake:
		case <-stop:
			if l.closeIfIdle() {
				return
			}
		}
	}
}
