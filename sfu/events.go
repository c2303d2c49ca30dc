package sfu

import "sync"

// events hands a participant's events to its owner one at a time and in order. post only
// queues, so it can be called under any lock; drain calls out and needs none held.
type events struct {
	deliver func(Event)

	mu      sync.Mutex
	waiting []Event
	busy    bool // someone delivers
}

func (e *events) post(ev Event) {
	e.mu.Lock()
	e.waiting = append(e.waiting, ev)
	e.mu.Unlock()
}

func (e *events) drain() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.busy {
		return // who delivers now takes ours along
	}
	e.busy = true
	for len(e.waiting) > 0 {
		ev := e.waiting[0]
		e.waiting = e.waiting[1:]
		e.mu.Unlock()
		if e.deliver != nil {
			e.deliver(ev)
		}
		e.mu.Lock()
	}
	e.waiting, e.busy = nil, false
}
