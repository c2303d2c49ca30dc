package identity

import (
	"errors"
	"fmt"
	"time"
)

// What the gate answers with, beside *Invalid, *access.Refused, *ClosedError and *CodeError.
var (
	// ErrNoSession is the one answer to every session, token and assertion that is not good.
	ErrNoSession = errors.New("nobody is signed in")
	// ErrSignInWrong is the one answer to a wrong e-mail address, password or second factor.
	ErrSignInWrong = errors.New("e-mail address, password or code is wrong")
	ErrLinkUnknown = errors.New("no such link")
	ErrCodeExpired = errors.New("the code's time is over")
	ErrTicket      = errors.New("no such ticket") // or used, or late, or of a session that has ended
	ErrBusy        = errors.New("too busy now")
	ErrNotReady    = errors.New("what has been revoked is not known yet")
)

// LockedError is for one who has answered wrongly too often, or asks too soon. It says the
// same of accounts that don't exist.
type LockedError struct {
	Wait time.Duration // until the next answer is taken
	// Sending: what has to wait is not an answer but the sending of a new code.
	Sending bool
}

func (e *LockedError) Error() string { return fmt.Sprintf("locked for %v", e.Wait) }
