package httpapi

import (
	"context"
	"errors"
	"fmt"
)

// Doors is who knows people, links and tickets.
type Doors interface {
	// Open says what a link's token opens. It opens as often as its scope lasts.
	// Errors: ErrLinkUnknown, *ClosedError.
	Open(ctx context.Context, token string) (Opened, error)
	// Ticket makes a ticket for the seat behind the token: single-use, 60 s.
	// Errors: ErrLinkUnknown, ErrNoSeat, *ClosedError.
	Ticket(ctx context.Context, token string) (Ticket, error)
}

// ErrLinkUnknown is the one answer for every token that no link has or had.
var ErrLinkUnknown = errors.New("no such link")

// ErrNoSeat is for a link that signs in somebody who has no seat in a call.
var ErrNoSeat = errors.New("the link has no seat in a call")

// ClosedError is for a link that is or was a good one and opens nothing now.
type ClosedError struct {
	Code         ProblemCode // ProblemLinkExpired, ProblemLinkRevoked, ProblemConsultationEnded or ProblemNotYetOpen
	Organisation string      // whom to ring
	Phone        string
}

func (e *ClosedError) Error() string { return fmt.Sprintf("link is closed: %s", e.Code) }
