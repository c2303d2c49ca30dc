// Package idempotency lets a request be sent again without being carried out again: whoever
// did not get the answer asks once more, by the same key, and gets the answer of the first
// time (draft-ietf-httpapi-idempotency-key-header). It is a package of its own because the
// HTTP API asks for it and the store keeps it, and neither may import the other's.
//
// That a request has been carried out is written in the transaction of its change: the
// actor of the change's audit entries names the request (access.Actor.Request). A crash
// before that commit leaves nothing, and the request can be sent again when its Lease is
// over. A crash after it, and before the answer is kept, loses the answer alone: sending the
// request again is answered by ErrAnswerLost, and never creates a second thing.
package idempotency

import (
	"context"
	"errors"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

const (
	// Kept is how long a key stands for its request.
	Kept = 24 * time.Hour
	// Lease is how long a request may be under way before its process counts as gone. It is
	// longer than any operation is let run.
	Lease = 2 * time.Minute
)

// What Begin refuses with.
var (
	ErrOther      = errors.New("the key stands for another request")
	ErrUnderWay   = errors.New("the request is under way")
	ErrAnswerLost = errors.New("the request was carried out and its answer is lost")
)

// ErrSuperseded ends a transaction whose request has been taken over by a later try.
var ErrSuperseded = errors.New("another try of the request has taken over")

// Claim is the right to carry out a request, or its answer.
type Claim struct {
	ID     string // for access.Actor.Request; empty where there is an answer
	Answer []byte // of the first time; nil: carry it out
}

// Store keeps requests for a while.
type Store interface {
	// Begin claims the request that a person calls by a key. content is all that was asked;
	// only a keyed hash of it is kept. Errors: ErrOther, ErrUnderWay, ErrAnswerLost.
	Begin(ctx context.Context, person access.PersonID, key string, content []byte) (Claim, error)
	// Finish keeps the answer, sealed with the person's key and with the request's own, which
	// the store does not keep: what the answer says of others can be read by the one who asked.
	Finish(ctx context.Context, person access.PersonID, key, claim string, answer []byte) error
	// Drop forgets a request that failed, unless it has been carried out.
	Drop(ctx context.Context, claim string) error
}
