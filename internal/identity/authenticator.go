package identity

import (
	"context"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Level is how sure it is who someone is (eIDAS, Regulation (EU) 910/2014 Article 8).
type Level uint8

// The levels.
const (
	LevelLow         Level = iota + 1 // one factor: a second one is asked for
	LevelSubstantial                  // two factors
	LevelHigh                         // an identity document behind them, as ID-porten and HelseID have it
)

// Identified is who someone has turned out to be: what every way of signing in ends with.
type Identified struct {
	Person access.PersonID
	Method Method
	Level  Level
	// Credentials is which of the account's it rests on: if they are replaced before the
	// session has begun, it doesn't.
	Credentials int64
}

// Authenticator is a way of signing in: it finds out who someone is from what they bring,
// and records how that went. Passwords and second factors are two; the employer's sign-in
// (OpenID Connect) is another, whose proof is the answer that the browser brings back. What
// it finds goes to Gate.Begin.
type Authenticator[Proof any] interface {
	// Authenticate errors: ErrSignInWrong, *LockedError, ErrBusy.
	Authenticate(ctx context.Context, proof Proof) (Identified, error)
}
