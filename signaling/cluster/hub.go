package cluster

import (
	"context"
	"sync"
)

// backlog is how many events wait for a subscriber before they are replaced by a Resync.
const backlog = 64

// hub hands events to the subscribers on this node.
type hub struct {
	mu          sync.Mutex
	subscribers map[chan Event]struct{}
}

// Subscribe implements Events.
func (h *hub) Subscribe(ctx context.Context) <-chan Event {
	events := make(chan Event, backlog)
	h.mu.Lock()
	if h.subscribers == nil {
		h.subscribers = make(map[chan Event]struct{})
	}
	h.subscribers[events] = struct{}{}
	h.mu.Unlock()
	context.AfterFunc(ctx, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.subscribers, events)
		close(events)
	})
	return events
}

// deliver never waits, so it may hold the mutex while it sends: nobody else sends, and each
// channel is made to have room.
func (h *hub) deliver(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for events := range h.subscribers {
		if e.Kind != Resync && len(events) < cap(events) {
			events <- e
			continue
		}
		empty(events) // to read everything anew covers what waits
		events <- Event{Kind: Resync}
	}
}

func empty(events chan Event) {
	for {
		select {
		case <-events:
		default:
			return
		}
	}
}
