package httpapi

import (
	"errors"
	"net/http"

	"github.com/samkonsult/samkonsult/internal/identity"
)

// signInProblem is what the gate's errors are on the outside; nil for all others.
func signInProblem(err error) *Problem {
	if locked, ok := errors.AsType[*identity.LockedError](err); ok {
		p := &Problem{
			Status: http.StatusTooManyRequests, Code: ProblemLocked, Title: "too many wrong tries",
			RetryAfter: max(locked.Wait.Milliseconds(), 1),
		}
		if locked.Sending {
			p.Code, p.Title = ProblemTooMany, "a code has just been sent"
		}
		return p
	}
	if wrong, ok := errors.AsType[*identity.CodeError](err); ok {
		return &Problem{Status: http.StatusForbidden, Code: ProblemCodeWrong, Title: "the code is wrong", TriesLeft: wrong.TriesLeft}
	}
	if closed, ok := errors.AsType[*identity.ClosedError](err); ok {
		p := &Problem{
			Status: http.StatusGone, Code: ProblemLinkExpired, Title: "this link opens nothing any more",
			Organisation: closed.Organisation, Phone: closed.Phone,
		}
		if closed.Reason == identity.LinkRevoked {
			p.Code = ProblemLinkRevoked
		}
		return p
	}
	switch {
	case errors.Is(err, identity.ErrNoSession):
		return signInFirst()
	case errors.Is(err, identity.ErrSignInWrong):
		return &Problem{Status: http.StatusUnauthorized, Code: ProblemSignInWrong, Title: "e-mail address, password or code is wrong"}
	case errors.Is(err, identity.ErrLinkUnknown):
		return &Problem{Status: http.StatusNotFound, Code: ProblemLinkUnknown, Title: "no such link"}
	case errors.Is(err, identity.ErrCodeExpired):
		return &Problem{Status: http.StatusGone, Code: ProblemCodeExpired, Title: "the code's time is over: ask for a new one"}
	case errors.Is(err, identity.ErrBusy), errors.Is(err, identity.ErrNotReady):
		return &Problem{Status: http.StatusServiceUnavailable, Code: ProblemBusy, Title: "the service is busy", RetryAfter: 2000}
	}
	return nil
}
