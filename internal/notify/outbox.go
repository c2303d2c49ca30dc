package notify

import (
	"context"
	"errors"
	"time"
)

// Waiting is a message that a notifier has claimed.
type Waiting struct {
	Message
	Tries int // that have failed so far
	// Begun is the way by which a notifier, that has not been heard of since, began to send
	// it; empty: none did.
	Begun Channel
	// Lease is until when it is the caller's alone, and names the claim: a notifier whose
	// lease another has taken over changes nothing any more.
	Lease time.Time
}

// Outbox is where messages wait, written with the change that they tell of. A message goes
//
//	waiting → sending → gone
//	   ↑  ↖______/   ↘
//	   └──(by a person)── dead
//
// and what is committed before a request leaves says so: after a crash, a message that is
// still "sending" may have been sent, and one that is "waiting" has not.
type Outbox interface {
	// Claim returns up to n messages that are due. They are the caller's until Lease, and
	// others' after it: a notifier that dies loses none.
	Claim(ctx context.Context, n int) ([]Waiting, error)
	// Begin commits that a message is about to leave, and returns it with a new Lease.
	// Errors: ErrLost.
	Begin(ctx context.Context, w Waiting, by Channel) (Waiting, error)
	// Done throws a message away: it has been sent, or is moot.
	Done(ctx context.Context, id string) error
	// Again puts a message that has not left back until at, with its Tries. Errors: ErrLost.
	Again(ctx context.Context, w Waiting, at time.Time) error
	// Dead keeps a message for people to see. Errors: ErrLost.
	Dead(ctx context.Context, w Waiting, why Reason) error
}

// ErrLost says that a message is not the caller's any more: it was withdrawn, or another
// notifier has taken it over.
var ErrLost = errors.New("the message is not this notifier's any more")
