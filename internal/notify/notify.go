// Package notify is what people are told outside of the service: messages by SMS and
// e-mail. A message is written into the outbox with the change that it tells of, in one
// transaction, and sent afterwards. It says who, when and a link, and nothing of health.
//
// Some messages are composed at once, for they hold a secret that somebody waits for. All
// others say only what they are about, and a Composer makes a Letter of them at the moment
// of sending: what stands there is true then, and no door-opening link waits in a row.
//
// A message is sent at least once by e-mail, where a repetition has the same Message-ID, and
// at most once by SMS: that it is about to leave is committed before it does, and one of
// which nobody knows whether it has left is shown to people, not sent again. See Outbox.
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

// Kind is what a message is for; text.go has its words in each language.
type Kind string

// Kinds that are composed at once.
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
	KindAgreed      Kind = "agreed"      // everyone has, and it is booked
	KindUndelivered Kind = "undelivered" // a message did not arrive
)

// KindWork is for who answers for a unit: something waits in the work list, and is urgent. About is
// the work, and no consultation; what it is and whose is not said.
const KindWork Kind = "work"

// AtOnce says whether messages of a kind are composed when they are written. They hold what
// opens doors; all others hold nothing that an address book and a calendar would not tell.
func (k Kind) AtOnce() bool { return k == KindLink || k == KindCode || k == KindEnrol }

// Ends says whether a message tells that something is not to be.
func (k Kind) Ends() bool { return k == KindCancelled || k == KindStaffCancelled }

// AfterUnread is what a message becomes to one who has heard nothing of what it follows, for what
// told of it is taken back unsent. Of an end they hear nothing (ok is false), and of a move that it
// is booked, as the first that they hear.
func (m Message) AfterUnread() (_ Message, ok bool) {
	switch m.Kind {
	case KindCancelled, KindStaffCancelled:
		return m, false
	case KindMoved:
		m.Kind = KindBooked
	case KindStaffMoved:
		m.Kind = KindStaffBooked
	}
	switch m.Kind {
	case KindProposal, KindBooked, KindStaffProposal, KindStaffBooked, KindDeputyAsked, KindDeputyIn:
		m.First = true
	}
	return m, true
}

// calm says whether messages of a kind can wait for the morning. A code or a link has been
// asked for right now, late is worthless later, and staff read their messages at work.
func (k Kind) calm() bool {
	switch k {
	case KindProposal, KindBooked, KindMoved, KindCancelled, KindReminderDay, KindReminderHour:
		return true
	default:
		return false
	}
}

// Message waits in the outbox until it is sent. Composed when it is sent, it needs ID, To,
// Kind, and what it is about. It is kept encrypted, for links and codes open doors, and
// thrown away when it has been sent.
type Message struct {
	ID   string          `json:"id"` // also the idempotency key towards gateways
	To   access.PersonID `json:"to"`
	Kind Kind            `json:"kind"`
	// Channel, where it is not composed at once, is a wish: empty lets the Composer choose.
	Channel Channel `json:"channel"`

	About  string    `json:"-"`                // the consultation's id
	Seat   string    `json:"-"`                // the participant's id in it
	Due    time.Time `json:"-"`                // not before; zero: now
	Until  time.Time `json:"-"`                // worthless from then on, as a reminder is when it starts; zero: never
	Change int       `json:"change,omitempty"` // the appointment's iCalendar SEQUENCE that it tells of
	When   int64     `json:"when,omitempty"`   // and its time; ms since 1970, UTC; 0: not said
	// First is of the first that somebody hears of what it is about: while it waits they know nothing
	// of it. Known is of who has answered, or done it themselves, and so knows whatever waits.
	First bool `json:"first,omitempty"`
	Known bool `json:"-"`

	// What a message that is composed at once says.
	Address  string `json:"address,omitempty"`  // telephone number (E.164) or e-mail address
	Language string `json:"language,omitempty"` // BCP 47
	Link     string `json:"link,omitempty"`
	Code     string `json:"code,omitempty"`
	From     string `json:"from,omitempty"`   // the organisation's name
	Phone    string `json:"phone,omitempty"`  // whom to ring
	Starts   int64  `json:"starts,omitempty"` // the consultation's time; ms since 1970, UTC
}

// LogValue keeps addresses, links and codes out of logs.
func (m Message) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("id", m.ID), slog.String("kind", string(m.Kind))}
	if m.Channel != "" {
		attrs = append(attrs, slog.String("channel", string(m.Channel)))
	}
	if m.About != "" {
		attrs = append(attrs, slog.String("about", m.About))
	}
	return slog.GroupValue(attrs...)
}
