package identity

import (
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Current is who a session, or a machine's token, speaks for.
type Current struct {
	Actor  access.Actor
	Stage  Stage
	Method string // how they showed who they are: "password+totp", "link", "link+code", "key", "demo"
	// Handle is the session's public name in its browser; empty for an account's.
	Handle    string
	Scopes    []access.Action // a machine's: it does nothing else
	ExpiresAt time.Time       // when it ends if nothing is done meanwhile
	// Renewed is a new value for the session's cookie, to be set with the answer; empty: keep the old one.
	Renewed string
}

// Stage says how far signing in has come.
type Stage string

// The stages, in order.
const (
	StageCode Stage = "code" // the password was right, the second factor is asked for
	StageRole Stage = "role" // organisation and role are to be chosen
	StageFull Stage = "full"
)
