// Package notify is what people are told outside of the service: messages by SMS and
// e-mail. A message is written with the change that it tells of and sent afterwards. It
// says who, when and a link, and nothing of health.
package notify

import (
	"log/slog"
	"time"

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

// Kinds for patients, relatives and interpreters, whose link is their personal one.
const (
	KindProposal     Kind = "proposal"      // invited to answer whether one of Times times suits
	KindBooked       Kind = "booked"        // it is agreed
	KindMoved        Kind = "moved"         // from Was to Starts
	KindCancelled    Kind = "cancelled"     // no link
	KindReminderDay  Kind = "reminder-day"  // long before: the day is named
	KindReminderHour Kind = "reminder-hour" // soon: the hour alone
	KindLate         Kind = "late"          // the others are late by Minutes, now
)

// Kinds for staff, whose link is where they sign in.
const (
	KindStaffProposal  Kind = "staff-proposal" // somebody proposes times, and waits for an answer
	KindStaffBooked    Kind = "staff-booked"
	KindStaffMoved     Kind = "staff-moved"
	KindStaffCancelled Kind = "staff-cancelled"
	KindStaffReminder  Kind = "staff-reminder"
	KindDeputyAsked    Kind = "deputy-asked" // asked to step in for someone
	KindDeputyIn       Kind = "deputy-in"    // is in for someone
)

// Kinds for coordinators: something waits for them. By is who has answered.
const (
	KindSuggested   Kind = "suggested"   // another time
	KindDeclined    Kind = "declined"    // none of the times suits
	KindLapsed      Kind = "lapsed"      // not everyone has answered in time
	KindUndelivered Kind = "undelivered" // a message did not arrive
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

	About  string    `json:"-"`
	Seat   string    `json:"-"`
	Due    time.Time `json:"-"`
	Until  time.Time `json:"-"`
	Change int       `json:"change,omitempty"`
}

// LogValue keeps addresses, links and codes out of logs.
func (m Message) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", m.ID), slog.String("kind", string(m.Kind)), slog.String("channel", string(m.Channel)))
}
