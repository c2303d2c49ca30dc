package notify

import (
	"context"
	"time"
)

// lanes bound how many messages are on their way by each channel at once, so that a gateway
// that hangs has only so many of our hands.
type lanes map[Channel]chan struct{}

const (
	laneWidth = 8
	hands     = 3 * laneWidth // messages in work at once; no channel can have all
	// lanePatience is how long a message waits for its lane before it is put back, so that
	// those of other channels come to their turn.
	lanePatience = 2 * time.Second
)

func newLanes(senders map[Channel]Sender) lanes {
	l := lanes{}
	for channel := range senders {
		l[channel] = make(chan struct{}, laneWidth)
	}
	return l
}

// enter waits for room; the caller leaves afterwards. false: there was none for a while.
func (l lanes) enter(ctx context.Context, by Channel) bool {
	select {
	case l[by] <- struct{}{}:
		return true
	default:
	}
	patience := time.NewTimer(lanePatience)
	defer patience.Stop()
	select {
	case l[by] <- struct{}{}:
		return true
	case <-patience.C:
		return false
	case <-ctx.Done():
		return false
	}
}

func (l lanes) leave(by Channel) { <-l[by] }
