package notify

import (
	"context"
	"sync"
)

// Tray keeps messages instead of sending them: a demo has nobody to send to, and shows them.
type Tray struct {
	mu   sync.Mutex
	kept []Sent
}

// Sent is a message as it would have been read.
type Sent struct {
	Message Message `json:"message"`
	Text    Text    `json:"text"`
}

const trayHolds = 200

// Send implements Sender. A message that comes again is kept once.
func (t *Tray) Send(_ context.Context, m Message, text Text) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.kept {
		if s.Message.ID == m.ID {
			return nil
		}
	}
	t.kept = append(t.kept, Sent{m, text})
	if len(t.kept) > trayHolds {
		t.kept = t.kept[1:]
	}
	return nil
}

// All returns what has been sent, the oldest first; the last 200.
func (t *Tray) All() []Sent {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Sent{}, t.kept...)
}
