// Package notify is what people are told outside of the service: messages by SMS and
// e-mail. A message is written with the change that it tells of and sent afterwards. It
// says who, when and a link, and nothing of health.
package notify

import (
	"log/slog"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Channel is a way to reach someone.
type Channel string

// The channels.
const (
	SMS   Channel = "sms"
	Email Channel = "email"
)

// Kind is what a message is for; the sender has its text in each language.
type Kind string

// The kinds.
const (
	KindLink  Kind = "link"  // a personal link: Link
	KindCode  Kind = "code"  // a one-time code: Code
	KindEnrol Kind = "enrol" // a link to make an account's password and second factor: Link
)

// Message waits in the outbox until it is sent. It is kept encrypted, for its links and
// codes open doors, and thrown away when it has been sent.
type Message struct {
	ID       string          `json:"id"` // also the idempotency key towards gateways
	To       access.PersonID `json:"to"`
	Channel  Channel         `json:"channel"`
	Address  string          `json:"address"`  // telephone number (E.164) or e-mail address
	Language string          `json:"language"` // BCP 47
	Kind     Kind            `json:"kind"`
	Link     string          `json:"link,omitempty"`
	Code     string          `json:"code,omitempty"`
	From     string          `json:"from,omitempty"`   // the organisation's name
	Phone    string          `json:"phone,omitempty"`  // whom to ring
	Starts   int64           `json:"starts,omitempty"` // the consultation's time; ms since 1970, UTC
}

// LogValue keeps addresses, links and codes out of logs.
func (m Message) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", m.ID), slog.String("kind", string(m.Kind)), slog.String("channel", string(m.Channel)))
}
