package notify

import (
	"context"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Tray keeps messages instead of sending them: a demo has nobody to send to, and shows them.
type Tray struct {
	now func() time.Time

	mu   sync.Mutex // guards kept
	kept []Sent
}

// Sent is a message as its recipient would have read it.
type Sent struct {
	Message SentMessage `json:"message"`
	Text    Text        `json:"text"`
	// Calendar is the file of the appointment in it; empty: none.
	Calendar string    `json:"calendar,omitempty"`
	At       time.Time `json:"at"`
}

// SentMessage is to whom and how it was sent, and what one would pick out of the text.
type SentMessage struct {
	ID       string          `json:"id"`
	To       access.PersonID `json:"to"`
	Kind     Kind            `json:"kind"`
	Channel  Channel         `json:"channel"`
	Address  string          `json:"address"`
	Language string          `json:"language"`
	Link     string          `json:"link,omitempty"`
	Code     string          `json:"code,omitempty"`
	From     string          `json:"from,omitempty"`
}

const trayHolds = 200

// NewTray makes an empty tray; a nil clock means time.Now.
func NewTray(now func() time.Time) *Tray {
	if now == nil {
		now = time.Now
	}
	return &Tray{now: now}
}

// Send implements Sender. A message that comes again is kept once.
func (t *Tray) Send(_ context.Context, o Outgoing) error {
	s := Sent{Text: o.Text, At: t.now(), Message: SentMessage{
		ID: o.ID, To: o.To, Kind: o.Kind, Channel: o.Channel, Address: o.Address, Language: o.Language,
		Link: o.Link, Code: o.Code, From: o.From,
	}}
	if o.Calendar != nil && o.Channel == Email {
		s.Calendar = string(o.Calendar.Body)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range t.kept {
		if k.Message.ID == o.ID {
			return nil
		}
	}
	t.kept = append(t.kept, s)
	if len(t.kept) > trayHolds {
		t.kept = t.kept[1:]
	}
	return nil
}

// Repeatable implements Sender.
func (t *Tray) Repeatable() bool { return true }

// All returns what has been sent, the oldest first; the last 200.
func (t *Tray) All() []Sent {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Sent{}, t.kept...)
}
