package notify

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Letter is what a message says, to whom and by which way, at the moment of sending.
type Letter struct {
	Channel  Channel
	Address  string // telephone number (E.164) or e-mail address
	Language string // BCP 47; one that we have no words in is read as nn

	From    string // the organisation's name
	Phone   string // whom to ring; may be empty
	Link    string // a personal link, or where staff sign in
	Code    string
	Starts  time.Time
	Was     time.Time // when it was to start, of what was moved
	Times   int       // how many are proposed; below 2 it is the one that Starts says
	Minutes int       // of lateness; 0: not known
	By      string    // the organisation that has answered; empty: the patient's side
	With    string    // who else takes part, in the person's language, never a patient's name; in e-mail only

	// Calendar is sent along by e-mail; nil: none.
	Calendar *Calendar
}

// LogValue keeps a letter out of logs.
func (Letter) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Calendar is an iTIP message (RFC 5546).
type Calendar struct {
	Method string // that Body says: REQUEST or CANCEL
	Body   []byte // an iCalendar object, in lines that end in CRLF
}

// Composer makes the letters of messages that are composed when they are sent. It may be
// asked for the same message again, after a failure; only the last letter has left then.
// Errors: ErrMoot; ErrNoAddress; any other is tried again later, unless it wraps ErrNever.
type Composer interface {
	Compose(ctx context.Context, m Message) (Letter, error)
}

var (
	// ErrMoot says that what a message tells of has been overtaken: moved again, cancelled,
	// or its recipient is out of it. The message is dropped.
	ErrMoot = errors.New("has been overtaken")
	// ErrNoAddress says that there is no way to reach a person.
	ErrNoAddress = errors.New("no address to send to")
)
