// Package cluster is what the nodes of a service know of one another: which of them holds
// which consultation, who is in it, and that something has changed. Memory is for the one
// node that there is, Redis for several. It is apart from package signaling because the
// shared memory brings a client of its own.
//
// All of it is ids and presences: no name, and nothing that is said or seen in a call. Each
// node owns what it says of its own consultations; what stands in Redis is a copy that is
// written anew when Redis has lost it. So a node goes on without Redis, and only others
// don't hear of it meanwhile.
package cluster

import (
	"context"
	"fmt"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Presences tells of many consultations at once, for a board that shows a day of them.
type Presences interface {
	// PresentIn lists who is where, by consultation and participant id, whichever node holds
	// it, in one round trip. A consultation in which nobody is is left out.
	PresentIn(ctx context.Context, consultations []string) (map[string]map[string]protocol.Presence, error)
}

// Events carries news among all nodes, to whoever shows what has changed.
type Events interface {
	// Publish tells all subscribers on all nodes. News that Redis could not take is not an
	// error: everyone gets a Resync in its place.
	Publish(ctx context.Context, e Event) error
	// Subscribe returns the events of all nodes, this one's included, until ctx ends, which
	// closes the channel. Who is slow to read finds one Resync in place of all the rest.
	Subscribe(ctx context.Context) <-chan Event
}

// Cluster is all of it.
type Cluster interface {
	signaling.Directory
	Presences
	Events
}

var (
	_ Cluster = (*Memory)(nil)
	_ Cluster = (*Redis)(nil)
)

// notHeld is the error of a presence in a consultation that this node hasn't claimed.
func notHeld(consultation string) error {
	return fmt.Errorf("cluster: consultation %s must be claimed before anyone is in it", consultation)
}
