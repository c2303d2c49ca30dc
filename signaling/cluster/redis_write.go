package cluster

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// holder is the field of a consultation's hash that names its node. No participant is called so.
const holder = "@"

// put writes a consultation as its node knows it, unless another node holds it, and returns
// who does. It tells the others in the same step, so that none of them reads what was before.
// KEYS: the consultation. ARGV: node, lease in ms, channel, message or nothing, and then a
// participant and a presence each.
const put = `
local now = redis.call('HGET', KEYS[1], '` + holder + `')
if now and now ~= ARGV[1] then return now end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], '` + holder + `', ARGV[1], unpack(ARGV, 5))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if ARGV[4] ~= '' then redis.call('PUBLISH', ARGV[3], ARGV[4]) end
return ARGV[1]`

// drop takes a consultation out that a node has held. Its arguments are those of put.
const drop = `
if redis.call('HGET', KEYS[1], '` + holder + `') ~= ARGV[1] then return ARGV[1] end
redis.call('DEL', KEYS[1])
if ARGV[4] ~= '' then redis.call('PUBLISH', ARGV[3], ARGV[4]) end
return ARGV[1]`

// order is what one of the scripts is to do.
type order struct {
	consultation string
	script       string
	args         []any
}

// Run keeps Redis up to what this node holds until ctx ends, and then gives all of it up.
// It runs once.
func (r *Redis) Run(ctx context.Context) error {
	r.mu.Lock()
	r.running = true
	r.mu.Unlock()
	hearing := make(chan struct{})
	go func() { defer close(hearing); r.hear(ctx) }() // ends with ctx; waited for below
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-r.wake:
			if r.isAway() {
				continue // all of it is written when Redis is back
			}
			if !r.write(ctx, false) {
				timer.Reset(r.cfg.Retry)
			}
		case <-timer.C:
			if r.write(ctx, true) {
				timer.Reset(r.cfg.Lease / 3)
			} else {
				timer.Reset(r.cfg.Retry)
			}
		}
	}
	<-hearing
	r.mu.Lock()
	for id, c := range r.calls {
		r.next.add(id, len(c.people) > 0)
		delete(r.calls, id)
	}
	r.mu.Unlock()
	if !r.isAway() {
		r.write(ctx, true)
	}
	close(r.over)
	return r.Close()
}

// change is note for a consultation that has changed. r.mu is held.
func (r *Redis) change(consultation string, news bool) *batch {
	return r.note(news, func(b *batch) { b.add(consultation, news) })
}

// note adds to what is written next, and returns what to wait for. Where Redis is away that
// is nothing: everything is written when it is back, and others are told if there was news
// for them. r.mu is held.
func (r *Redis) note(news bool, add func(*batch)) *batch {
	if r.away {
		r.lost = r.lost || news
		return nil
	}
	add(r.next)
	return r.next
}

// wait waits until a batch is done with; nil is.
func (r *Redis) wait(ctx context.Context, b *batch) error {
	if b == nil {
		return nil
	}
	r.nudge()
	select {
	case <-b.done:
		return nil
	case <-r.over:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("cluster: not in Redis yet: %w", ctx.Err())
	}
}

// nudge wakes Run.
func (r *Redis) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// write writes what has changed, or everything, and says whether Redis took it.
func (r *Redis) write(ctx context.Context, all bool) bool {
	b, orders := r.take(all)
	// Not cut short by the end of ctx: what is under way is soon done with.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.cfg.Timeout)
	defer cancel()
	holders := make([]*redis.Cmd, len(orders))
	_, err := r.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, o := range orders {
			// The whole script and not its hash: a Redis that has started again does not know that.
			holders[i] = p.Eval(ctx, o.script, []string{r.key(o.consultation)}, o.args...)
		}
		for _, e := range b.events {
			p.Publish(ctx, r.channel(), r.message(e))
		}
		p.Ping(ctx) // nothing to write is still a question whether Redis is there
		return nil
	})
	r.settle(b, orders, holders, err)
	r.report(&r.writes, err)
	return err == nil
}

// take returns what is to be written now, and begins a new batch.
func (r *Redis) take(all bool) (*batch, []order) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := r.next
	r.next = newBatch()
	if all || r.all {
		r.all = false
		for id := range r.calls {
			b.add(id, false)
		}
		for id := range r.left {
			b.add(id, false)
		}
	}
	if r.lost {
		r.lost = false
		b.events = append(b.events, Event{Kind: Resync})
	}
	orders := make([]order, 0, len(b.dirty))
	for id, news := range b.dirty {
		message := ""
		if news {
			message = r.message(Event{Kind: PresenceChanged, Consultation: id})
		}
		o := order{id, drop, []any{r.cfg.Node, r.cfg.Lease.Milliseconds(), r.channel(), message}}
		if c := r.calls[id]; c != nil {
			o.script = put
			for participant, p := range c.people {
				o.args = append(o.args, participant, string(p))
			}
		}
		delete(r.left, id) // settle puts it back if it was in vain
		orders = append(orders, o)
	}
	return b, orders
}

// settle notes what came of a batch, and lets go of those who wait for it.
func (r *Redis) settle(b *batch, orders []order, holders []*redis.Cmd, err error) {
	var lostTo, regained []order
	r.mu.Lock()
	for i, o := range orders {
		c := r.calls[o.consultation]
		if err != nil {
			r.lost = r.lost || b.dirty[o.consultation]
			if c == nil {
				r.left[o.consultation] = struct{}{}
			}
			continue
		}
		rival, _ := holders[i].Text()
		if rival == r.cfg.Node {
			rival = ""
		} else {
			b.rivals[o.consultation] = rival
		}
		if c != nil && c.held && c.rival != rival {
			if c.rival = rival; rival != "" {
				lostTo = append(lostTo, o)
			} else {
				regained = append(regained, o)
			}
		}
	}
	waiting := []*batch{b}
	back := r.away && err == nil
	r.all = r.all || back // what has changed during this round trip is not in it, and was not noted
	if r.away = err != nil; r.away {
		r.lost = r.lost || len(b.events) > 0 || len(r.next.events) > 0
		for _, news := range r.next.dirty {
			r.lost = r.lost || news
		}
		waiting = append(waiting, r.next)
		r.next = newBatch()
	}
	r.mu.Unlock()
	if back {
		r.nudge()
	}
	for _, b := range waiting {
		close(b.done)
	}
	for _, o := range lostTo {
		r.cfg.Log.Error("a call is on two nodes: both go on", "consultation", o.consultation, "node", b.rivals[o.consultation])
	}
	for _, o := range regained {
		r.cfg.Log.Info("a call is on this node alone again", "consultation", o.consultation)
	}
}

func (r *Redis) isAway() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.away
}
