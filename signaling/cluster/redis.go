package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// RedisConfig says where Redis is. URL must be given.
type RedisConfig struct {
	// URL is redis://user:password@host:6379/0, or rediss:// for TLS. With another server of it
	// as ?addr=host:6379, as often as there are more, it is a Redis Cluster.
	URL string
	// Node is this node's id, by the rule of protocol.ValidID. Empty means a new one: a node
	// that starts again is another, and what it held before is free when the lease ends.
	Node string
	// Prefix begins every key and channel, so that several services can share a Redis; empty
	// means "samkonsult:".
	Prefix string
	// Lease is how long a claim outlives the node that made it; 0 means 15 s. It is renewed
	// every third of it.
	Lease time.Duration
	// Timeout is how long Redis may take for one round trip; 0 means 1 s. A Redis that takes
	// longer is away, and nothing waits for it until it is back. At most a third of Lease.
	Timeout time.Duration
	// Retry is the time between attempts to reach a Redis that is away; 0 means 1 s.
	Retry time.Duration
	Log   *slog.Logger // gets ids only; nil means none
}

func (c RedisConfig) complete() (RedisConfig, error) {
	if err := CheckURL(c.URL); err != nil {
		return c, err
	}
	if c.Node == "" {
		c.Node = rand.Text()
	}
	if !protocol.ValidID(c.Node) {
		return c, fmt.Errorf("cluster: Node %q must be 1–64 characters of [A-Za-z0-9_-]", c.Node)
	}
	if c.Prefix == "" {
		c.Prefix = "samkonsult:"
	}
	if strings.ContainsAny(c.Prefix, "{}") { // they would say which part of a key a Redis Cluster is to hash
		return c, fmt.Errorf("cluster: Prefix %q must have no braces", c.Prefix)
	}
	for _, d := range []struct {
		field string
		value *time.Duration
		usual time.Duration
	}{{"Lease", &c.Lease, 15 * time.Second}, {"Timeout", &c.Timeout, time.Second}, {"Retry", &c.Retry, time.Second}} {
		if *d.value < 0 {
			return c, fmt.Errorf("cluster: %s must not be negative", d.field)
		}
		if *d.value == 0 {
			*d.value = d.usual
		}
	}
	if c.Timeout > c.Lease/3 {
		return c, fmt.Errorf("cluster: Timeout is %v and must be at most a third of Lease, %v", c.Timeout, c.Lease)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

// ErrAway is returned, wrapped, with what this node knows itself: Redis can't be asked about
// the others. That it is away is logged once, so whoever gets this need not log it.
var ErrAway = errors.New("cluster: Redis is away")

// Redis is the cluster of several nodes. Each consultation is one hash under a key of its
// own: which node holds it, and where its people are. The key lives as long as the lease.
//
// What this node holds is kept here, and Run, one goroutine, writes it there: always a
// consultation as a whole, so that what was lost, or came late, is put right by the next
// time. Claim, Release, SetPresence and Publish wait until theirs is written, or until it is
// known that Redis is away.
//
// While Redis is away, Claim can't know better than to succeed. If another node has the
// same consultation when Redis is back, both go on with what they have, the first to write
// is the one in Redis, and the other's log says so: an epoch, which the database gives, and
// not Redis, tells which of two is the later.
type Redis struct {
	hub
	cfg    RedisConfig
	client redis.UniversalClient
	wake   chan struct{} // holds one token when there is something to write
	over   chan struct{} // closed when Run has ended: nobody waits for Redis any more

	mu    sync.Mutex
	calls map[string]*call    // by consultation
	left  map[string]struct{} // consultations given up that may still stand in Redis as ours
	next  *batch              // what is written next
	all   bool                // and with it everything else
	lost  bool                // others have missed events of ours, and are to be told
	state
}

// call is a consultation that this node holds.
type call struct {
	people map[string]protocol.Presence
	held   bool   // Claim has said so; else it still asks
	rival  string // the node that Redis has for it instead; empty: ours
}

// batch is what is written in one round trip, and who waits for it.
type batch struct {
	done   chan struct{}     // closed when it is written, or Redis is away
	dirty  map[string]bool   // consultations to write; true: and others are to be told
	events []Event           // of Publish
	rivals map[string]string // what came of it: consultations that other nodes hold. Nobody writes to it after done
}

func newBatch() *batch {
	return &batch{done: make(chan struct{}), dirty: make(map[string]bool), rivals: make(map[string]string)}
}

// add has a consultation written; news says whether others are to be told.
func (b *batch) add(consultation string, news bool) {
	b.dirty[consultation] = b.dirty[consultation] || news
}

// rival is the node that holds a consultation instead; of nil, which was not written, nobody knows.
func (b *batch) rival(consultation string) string {
	if b == nil {
		return ""
	}
	return b.rivals[consultation]
}

// NewRedis checks the config. Redis need not be there. One that isn't run is to be closed.
func NewRedis(cfg RedisConfig) (*Redis, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	client, err := connect(cfg)
	if err != nil {
		return nil, err
	}
	return &Redis{
		cfg: cfg, client: client,
		wake: make(chan struct{}, 1), over: make(chan struct{}),
		calls: make(map[string]*call), left: make(map[string]struct{}), next: newBatch(),
	}, nil
}

// Close is for a Redis that was not run.
func (r *Redis) Close() error {
	if err := r.client.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
		return err
	}
	return nil
}

// Node is this node's id.
func (r *Redis) Node() string { return r.cfg.Node }

func (r *Redis) key(consultation string) string {
	return r.cfg.Prefix + "call:{" + consultation + "}" // the braces spread consultations over a Redis Cluster
}

func (r *Redis) channel() string { return r.cfg.Prefix + "events" }

// Claim implements signaling.Directory. A consultation that another living node holds is
// refused with signaling.ErrElsewhere, wrapped in an error that names the node.
func (r *Redis) Claim(ctx context.Context, consultation string) error {
	if !protocol.ValidID(consultation) { // it becomes part of a key
		return fmt.Errorf("cluster: consultation %q must be 1–64 characters of [A-Za-z0-9_-]", consultation)
	}
	r.mu.Lock()
	c := r.calls[consultation]
	if c == nil {
		c = &call{people: make(map[string]protocol.Presence)}
		r.calls[consultation] = c
	}
	if c.held {
		r.mu.Unlock()
		return nil
	}
	written := r.change(consultation, false)
	r.mu.Unlock()

	if err := r.wait(ctx, written); err != nil {
		r.giveUp(consultation) // whoever asked has gone, and Redis may have it by now
		r.nudge()
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if rival := written.rival(consultation); rival != "" && !c.held {
		delete(r.calls, consultation)
		return fmt.Errorf("node %s: %w", rival, signaling.ErrElsewhere)
	}
	c.held = true
	return nil
}

// Release implements signaling.Directory.
func (r *Redis) Release(ctx context.Context, consultation string) error {
	written := r.giveUp(consultation)
	if written == nil {
		return nil
	}
	return r.wait(ctx, written)
}

// giveUp returns nil where there is nothing to give up.
func (r *Redis) giveUp(consultation string) *batch {
	r.mu.Lock()
	c := r.calls[consultation]
	if c == nil {
		r.mu.Unlock()
		return nil
	}
	news := len(c.people) > 0
	delete(r.calls, consultation)
	r.left[consultation] = struct{}{}
	written := r.change(consultation, news)
	r.mu.Unlock()
	if news {
		r.deliver(Event{Kind: PresenceChanged, Consultation: consultation})
	}
	return written
}

// SetPresence implements signaling.Directory.
func (r *Redis) SetPresence(ctx context.Context, consultation, participant string, p protocol.Presence) error {
	if !protocol.ValidID(participant) {
		return fmt.Errorf("cluster: participant %q must be 1–64 characters of [A-Za-z0-9_-]", participant)
	}
	r.mu.Lock()
	c := r.calls[consultation]
	if c == nil || !c.held {
		r.mu.Unlock()
		return notHeld(consultation)
	}
	if !set(c.people, participant, p) {
		r.mu.Unlock()
		return nil
	}
	written := r.change(consultation, true)
	r.mu.Unlock()
	r.deliver(Event{Kind: PresenceChanged, Consultation: consultation})
	return r.wait(ctx, written)
}

// Present implements signaling.Directory. Of its own consultations a node knows best, also
// while Redis is away; of others it then returns ErrAway.
func (r *Redis) Present(ctx context.Context, consultation string) (map[string]protocol.Presence, error) {
	in, err := r.PresentIn(ctx, []string{consultation})
	people := in[consultation]
	if people == nil {
		people = map[string]protocol.Presence{}
	}
	return people, err
}

// PresentIn implements Presences. While Redis is away it returns those that this node
// holds, and ErrAway if there are others.
func (r *Redis) PresentIn(ctx context.Context, consultations []string) (map[string]map[string]protocol.Presence, error) {
	out := make(map[string]map[string]protocol.Presence)
	var others []string
	r.mu.Lock()
	away := r.away
	for _, id := range consultations {
		switch c := r.calls[id]; {
		case c == nil || !c.held:
			others = append(others, id)
		case len(c.people) > 0:
			out[id] = maps.Clone(c.people)
		}
	}
	r.mu.Unlock()
	if len(others) == 0 {
		return out, nil
	}
	if away {
		return out, ErrAway
	}
	bounded, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	asked := make([]*redis.MapStringStringCmd, len(others))
	_, err := r.client.Pipelined(bounded, func(p redis.Pipeliner) error {
		for i, id := range others {
			asked[i] = p.HGetAll(bounded, r.key(id))
		}
		return nil
	})
	switch {
	case ctx.Err() != nil:
		return out, ctx.Err()
	case err != nil:
		r.nudge() // Run finds out whether it is away
		return out, fmt.Errorf("%w: %w", ErrAway, err)
	}
	for i, id := range others {
		people := make(map[string]protocol.Presence)
		for field, p := range asked[i].Val() {
			if field != holder {
				people[field] = protocol.Presence(p)
			}
		}
		if len(people) > 0 {
			out[id] = people
		}
	}
	return out, nil
}

// Publish implements Events.
func (r *Redis) Publish(ctx context.Context, e Event) error {
	if err := e.check(); err != nil {
		return err
	}
	r.mu.Lock()
	written := r.note(true, func(b *batch) { b.events = append(b.events, e) })
	if !r.running {
		written = nil // it is written when Run begins: a service that builds itself does not wait for that
	}
	r.mu.Unlock()
	r.deliver(e)
	return r.wait(ctx, written)
}
