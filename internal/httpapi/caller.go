package httpapi

import (
	"context"

	"github.com/samkonsult/samkonsult/internal/identity"
)

// caller is who asks. The frame has found it out before an operation is carried out.
type caller struct {
	identity.Current        // the zero value: nobody is signed in, which only open operations meet
	Secret           string // the session's secret as it came; empty for machines
	Address          string // host:port of the connection
	Agent            string // what the browser says it is
	IfMatch          int64  // the version that the change rests on, where the operation asks for it
	ifNoneMatch      string // what the caller has already
}

// signedIn says whether it is anybody.
func (c caller) signedIn() bool { return c.Actor.Person != "" }

// callerKey carries the caller from the checks to the operation, past huma, which knows
// only contexts. Nothing but the two functions below uses it.
type callerKey struct{}

func withCaller(ctx context.Context, c caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}
