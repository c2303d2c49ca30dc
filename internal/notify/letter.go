package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
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
	InTime  bool      // not late after all
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

// letter is what a message that is composed at once says.
func (m Message) letter() Letter {
	l := Letter{
		Channel: m.Channel, Address: m.Address, Language: m.Language,
		From: m.From, Phone: m.Phone, Link: m.Link, Code: m.Code,
	}
	if m.Starts != 0 {
		l.Starts = time.UnixMilli(m.Starts)
	}
	return l
}

// Outgoing is a message as it leaves the house.
type Outgoing struct {
	ID   string // the same each time that it is sent
	To   access.PersonID
	Kind Kind
	Letter
	Text Text
}

// Sender takes a message out of the house.
type Sender interface {
	// Send may be given the same message twice, after a crash or ErrUncertain, if it is
	// Repeatable. Errors: ErrNever, ErrUncertain; any other says that nothing has left.
	Send(ctx context.Context, o Outgoing) error
	// Repeatable says whether a message that may have left can be sent again, because who
	// takes it knows it again by its ID.
	Repeatable() bool
}

var (
	// ErrNever is wrapped by an error that another try will not mend: an address that
	// cannot be one, a refusal for good.
	ErrNever = errors.New("will never be sent")
	// ErrUncertain is wrapped by an error after which a message may have left, or not.
	ErrUncertain = errors.New("unknown whether it was sent")
)

// Reason is why a message is not sent any more.
type Reason string

// The reasons.
const (
	NoAddress Reason = "no-address" // the person can't be reached by SMS or e-mail
	Refused   Reason = "refused"    // by the gateway or the mail server, for good
	GaveUp    Reason = "gave-up"    // after many tries
	Uncertain Reason = "uncertain"  // it may have arrived; sending it again might tell it twice
	TooLate   Reason = "too-late"   // it could not be sent while it was worth something
)

// Undelivered is a message that has not arrived, for people to see.
type Undelivered struct {
	ID      string
	To      access.PersonID
	Kind    Kind
	About   string  // the consultation's id
	Seat    string  // the participant's id in it
	Channel Channel // empty: it never came so far
	Reason  Reason
	At      time.Time // when it was given up
	Again   bool      // whether it can be sent again
}

// ErrNotAgain says that a message can't be sent again: it is not there any more, has not
// been given up, is worthless by now, or was thrown away because it opened doors.
var ErrNotAgain = errors.New("the message can't be sent again")

// unsayable is the error of a letter that has no words.
func unsayable(k Kind, what string) error {
	return fmt.Errorf("a message of kind %q %s: %w", k, what, ErrNever)
}
