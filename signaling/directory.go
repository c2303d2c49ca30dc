package signaling

import (
	"context"
	"errors"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// ErrElsewhere is returned by Claim, wrapped, for a consultation that another node holds.
var ErrElsewhere = errors.New("consultation lives on another node")

// Directory says which node holds which consultation, and who is in it. It holds ids
// and presences, no content. All methods may be called from many goroutines at once.
type Directory interface {
	// Claim makes this node the holder. Claiming what one already holds changes nothing. Where
	// it can't be known whether another node holds it, it succeeds: a call is not to fail for that.
	Claim(ctx context.Context, consultation string) error
	// Release gives it up, with everyone's presence. It is nothing to release what one does not hold.
	Release(ctx context.Context, consultation string) error
	// SetPresence tells where a participant of a consultation that this node holds is now; an
	// empty presence takes them out.
	SetPresence(ctx context.Context, consultation, participant string, p protocol.Presence) error
	// Present lists everyone who is somewhere in the consultation, by participant id.
	Present(ctx context.Context, consultation string) (map[string]protocol.Presence, error)
}
