package identity

import (
	"log/slog"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Current is who a session, or a machine's token, speaks for.
type Current struct {
	Actor  access.Actor
	Stage  Stage
	Method Method // how they showed who they are
	// Handle is the session's public name in its browser; empty for an account's.
	Handle      string
	Link        string          // id of the link that the session comes from; empty for an account's
	Participant string          // the link's seat in Actor.Consultation
	Assignment  string          // id of what an account's person acts by; empty before it is chosen
	Scopes      []access.Action // a machine's: it does nothing else; nil for people
	SignedIn    time.Time
	ExpiresAt   time.Time // when it ends if nothing is done meanwhile
	// Renewed is a new value for the session's cookie, to be set with the answer; empty: keep the old one.
	Renewed string
}

// LogValue keeps the cookie out of logs.
func (c Current) LogValue() slog.Value { return slog.StringValue(c.Actor.Session) }

// Stage says how far signing in has come.
type Stage string

// The stages, in order.
const (
	StageCode Stage = "code" // the password was right, the second factor is asked for
	StageRole Stage = "role" // organisation and role are to be chosen
	StageFull Stage = "full"
)
