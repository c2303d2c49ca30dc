package identity

import (
	"context"
	"log/slog"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Account is a member of staff's way in: a password and a second factor.
type Account struct {
	Person   access.PersonID
	Version  int64  // 0: new
	Password string // its hash as a PHC string; empty until the first enrolment is finished
	TOTP     []byte // the second factor's secret (RFC 6238); kept encrypted
	Step     int64  // the last time step whose code was used: none counts twice
	// PendingTOTP is the secret that an open enrolment has shown and that is not yet in use.
	PendingTOTP []byte
	PendingLink string // id of the enrolment's link
	Tries       Tries  // of the second factor, whose version is the account's
	// Credentials counts how often password and second factor were replaced. A session that
	// rests on older ones can't begin.
	Credentials int64
	Enrolled    time.Time // zero: never
	Ended       time.Time // zero: not
}

// LogValue keeps secrets out of logs.
func (a Account) LogValue() slog.Value { return slog.StringValue(string(a.Person)) }

// usable says whether one can sign in by it.
func (a Account) usable() bool { return a.Password != "" && a.Ended.IsZero() }

// AccountState is how far a member of staff's way in has come.
type AccountState string

// The states.
const (
	AccountNone    AccountState = "none"    // no link has been sent
	AccountInvited AccountState = "invited" // a link has been sent and not used
	AccountActive  AccountState = "active"
	AccountLocked  AccountState = "locked" // too many wrong tries; opens by itself after a while
	AccountEnded   AccountState = "ended"
)

// AccountStanding is what the state of a person's way in is worked out from.
type AccountStanding struct {
	Enrolled    bool
	Ended       bool
	Invited     bool      // a link to enrol is open
	LockedUntil time.Time // the later of the password's and the second factor's lock
}

func (s AccountStanding) state(now time.Time) AccountState {
	switch {
	case s.Ended:
		return AccountEnded
	case s.Enrolled && now.Before(s.LockedUntil):
		return AccountLocked
	case s.Enrolled:
		return AccountActive
	case s.Invited:
		return AccountInvited
	}
	return AccountNone
}

// AccountStore keeps accounts.
type AccountStore interface {
	Account(ctx context.Context, person access.PersonID) (Account, error) // ErrNotFound
	SaveAccount(ctx context.Context, a Account, entries []audit.Entry, out []notify.Message) error
	// AccountStandings is how it stands with those who have an account or an invitation.
	AccountStandings(ctx context.Context, people []access.PersonID, now time.Time) (map[access.PersonID]AccountStanding, error)
	// Enrol saves the account, uses up the link (ErrNotFound: it is no longer a good one)
	// and ends all the person's sessions.
	Enrol(ctx context.Context, a Account, link string, at time.Time, entries []audit.Entry, out []notify.Message) error
	// EndAccount saves the account and ends all the person's sessions and links to enrol.
	EndAccount(ctx context.Context, a Account, at time.Time, entries []audit.Entry, out []notify.Message) error
}

// TriesStore counts wrong passwords, by account, or by e-mail address where there is none.
type TriesStore interface {
	Tries(ctx context.Context, key string) (Tries, error) // the zero Tries where none are counted
	SaveTries(ctx context.Context, key string, t Tries, entries []audit.Entry, out []notify.Message) error
}
