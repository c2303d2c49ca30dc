package identity

import (
	"context"
	"log/slog"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Method is how someone was identified.
type Method string

// The methods.
const (
	ByPassword     Method = "password" // and the second factor is still asked for
	ByPasswordTOTP Method = "password+totp"
	ByLink         Method = "link"
	ByLinkCode     Method = "link+code"
	ByDemo         Method = "demo"
	ByKey          Method = "key" // a machine
)

// How long sessions live (OWASP Session Management Cheat Sheet: 15 to 30 minutes idle, a
// working day in all). A patient's lives as long as the link that it comes from.
const (
	codeLife  = 5 * time.Minute // from the password to the second factor
	staffIdle = 30 * time.Minute
	staffLife = 12 * time.Hour
	linkIdle  = 12 * time.Hour
	// clockSkew is how far apart the clocks of two nodes may be.
	clockSkew = time.Minute
)

// Session is where someone is signed in. What it allows is written once, when it is made:
// more or other rights are another session, and the end of this one.
type Session struct {
	ID           string
	Person       access.PersonID
	Role         access.Role
	Organisation access.OrganisationID
	Assignment   string
	Link         string // id of the link that made it; empty for an account's
	Consultation string // the only one that it is for; empty for an account's
	Participant  string // the seat there
	Stage        Stage
	Method       Method
	Handle       string // tells apart the sessions that links make in one browser; empty for an account's
	SignedIn     time.Time
	Seen         time.Time // now and then
	Ends         time.Time // at the latest

	// Only the database has these.
	Device      string // browser and system, as "firefox/windows"; kept encrypted
	Credentials int64  // of the account that it rests on
	ActsUntil   Day    // the assignment's last day, as it was when the session began
}

// LogValue shows no more than the id.
func (s Session) LogValue() slog.Value { return slog.StringValue(s.ID) }

// Actor is who acts in the session. Before a role is chosen that is nobody in particular.
func (s Session) Actor() access.Actor {
	return access.Actor{
		Person: s.Person, Role: s.Role, Organisation: s.Organisation, Session: s.ID, Consultation: s.Consultation,
	}
}

// onlyInDemo says whether it rests on a link that opens in a demo only.
func (s Session) onlyInDemo() bool { return s.Method == ByDemo || s.Handle != "" && s.Role.Staff() }

// idle is how long the session lives without being used.
func (s Session) idle() time.Duration {
	if s.Handle != "" {
		return linkIdle
	}
	return staffIdle
}

// ends is when the session ends if nothing is done meanwhile.
func (s Session) ends() time.Time {
	if idle := s.Seen.Add(s.idle()); idle.Before(s.Ends) {
		return idle
	}
	return s.Ends
}

// live says whether the session's times allow it.
func (s Session) live(now time.Time) bool {
	return now.Before(s.ends()) && s.Seen.Before(now.Add(clockSkew))
}

func (s Session) current() Current {
	return Current{
		Actor: s.Actor(), Stage: s.Stage, Method: s.Method, Handle: s.Handle, Link: s.Link, Participant: s.Participant,
		Assignment: s.Assignment, SignedIn: s.SignedIn, ExpiresAt: s.ends(),
	}
}

// Ending says which sessions are to end: those that all its set fields fit.
type Ending struct {
	Person access.PersonID
	ID     string
	Except string // an id
}

// Revocation is a session, or a machine's tokens, that ended before their time.
type Revocation struct {
	Subject string    // a session's id, or a machine's by machineSubject
	At      time.Time // tokens of a machine that were issued later are good
	Until   time.Time // from then on the thing's own times end it
}

// SessionStore keeps sessions.
type SessionStore interface {
	// StartSession keeps a new session in place of another, unless replaces is empty. It is
	// ErrNotFound where that one has ended, the link it comes from is closed, or the
	// account's credentials are others by now: whoever came first has ended it.
	StartSession(ctx context.Context, s Session, replaces string, entries []audit.Entry, out []notify.Message) error
	// Sessions are a person's that have not ended, the newest first.
	Sessions(ctx context.Context, person access.PersonID, now time.Time) ([]Session, error)
	EndSessions(ctx context.Context, which Ending, at time.Time, entries []audit.Entry, out []notify.Message) error
	// Revocations are those that still matter and were committed after a turn, and the last turn of them.
	Revocations(ctx context.Context, after int64, now time.Time) ([]Revocation, int64, error)
	// SeenSessions keeps when sessions were last used.
	SeenSessions(ctx context.Context, seen map[string]time.Time) error
}
