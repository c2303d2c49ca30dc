package cluster

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// message is an event on its way, with the node that says it.
func (r *Redis) message(e Event) string { return r.cfg.Node + " " + e.text() }

// heard delivers what another node has published; one's own was delivered at once.
func (r *Redis) heard(message string) {
	node, text, _ := strings.Cut(message, " ")
	if node == r.cfg.Node {
		return
	}
	e, err := eventOf(text)
	if err != nil {
		r.cfg.Log.Warn("an event that is none", "node", node)
		return
	}
	r.deliver(e)
}

// hear delivers the other nodes' events until ctx ends.
func (r *Redis) hear(ctx context.Context) {
	for {
		err := r.listen(ctx)
		if ctx.Err() != nil {
			return
		}
		r.cfg.Log.Debug("other nodes are not heard", "error", err)
		r.report(&r.hears, err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(r.cfg.Retry):
		}
	}
}

var errSilent = errors.New("no answer from Redis")

// listen delivers events from one connection, until that fails or ctx ends.
func (r *Redis) listen(ctx context.Context) error {
	s := r.client.Subscribe(ctx, r.channel())
	defer s.Close()
	defer context.AfterFunc(ctx, func() { _ = s.Close() })() // a read is not ended by ctx itself
	for asked := false; ; {
		m, err := s.ReceiveTimeout(ctx, r.cfg.Lease/3)
		if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
			if asked {
				return errSilent
			}
			asked = true
			if err := s.Ping(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		asked = false
		switch m := m.(type) {
		case *redis.Subscription:
			r.deliver(Event{Kind: Resync}) // who knows what was said before
			r.writeAll()
			r.report(&r.hears, nil) // last: where it is up, nothing of the past comes any more
		case *redis.Message:
			r.heard(m.Payload)
		}
	}
}

// writeAll has everything written soon: a Redis that has let go of a connection may have
// started again, and be empty.
func (r *Redis) writeAll() {
	r.mu.Lock()
	r.all = true
	r.mu.Unlock()
	r.nudge()
}

// state is how this node stands with Redis. It is guarded by Redis.mu.
type state struct {
	away          bool // the last write has failed: nobody waits for the next
	running       bool // Run has begun
	writes, hears bool // the last write was taken; and others' events come
	told          string
}

// What the log was told last.
const (
	toldUp   = "up"
	toldAway = "away"
)

// Up says whether Redis takes what this node writes and brings what others say.
func (r *Redis) Up() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.writes && r.hears
}

// report notes how one of the two went, and tells the log when that changes the whole.
func (r *Redis) report(which *bool, err error) {
	r.mu.Lock()
	*which = err == nil
	tell := ""
	switch up := r.writes && r.hears; {
	case up && r.told != toldUp:
		tell = toldUp
	case err != nil && r.told != toldAway:
		tell = toldAway
	}
	if tell != "" {
		r.told = tell
	}
	r.mu.Unlock()
	switch tell {
	case toldUp:
		r.cfg.Log.Info("Redis is there", "node", r.cfg.Node)
	case toldAway:
		r.cfg.Log.Error("Redis is away: calls go on, and other nodes do not hear of them", "node", r.cfg.Node, "error", err)
	}
}
