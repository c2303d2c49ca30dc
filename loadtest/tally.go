package loadtest

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/samkonsult/samkonsult/loadtest/client"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

// window is the time that is measured: packets sent within it count, whenever they arrive.
type window struct {
	from, to atomic.Int64 // forward.Time; from 0: not yet, to 0: until further notice
}

func (w *window) open(at forward.Time) { w.from.Store(int64(at)) }
func (w *window) shut(at forward.Time) { w.to.Store(int64(at)) }

func (w *window) holds(t forward.Time) bool {
	from, to := w.from.Load(), w.to.Load()
	return from != 0 && int64(t) >= from && (to == 0 || int64(t) < to)
}

// tally is what one participant has received. add is called by its wire, read by others.
type tally struct {
	window *window

	mu sync.Mutex
	sums
	tracks []*track
	last   map[*client.Line]*track // the track that a line carried last
}

// sums are a tally's counts within the window.
type sums struct {
	packets    uint64 // duplicates and retransmissions included
	unique     uint64
	duplicates uint64
	strangers  uint64 // packets without our stamp
	gaps       uint64 // packets missing within unbroken runs of one layer
	delay      histogram
}

// track is one publisher's stream as it arrives here.
type track struct {
	member uint32
	id     uint8
	seen   counterSet
	run    uint32 // highest counter of the unbroken run on its line; 0: no run
}

func newTally(w *window) *tally { return &tally{window: w, last: map[*client.Line]*track{}} }

// add takes note of a packet.
func (t *tally) add(r *client.Received) {
	s, ok := readStamp(r.Packet.Payload)
	inside := ok && t.window.holds(s.sent)
	t.mu.Lock()
	defer t.mu.Unlock()
	if !ok {
		if len(r.Packet.Payload) > 0 { // padding is a probe, and nobody's
			t.strangers++
		}
		return
	}
	tr := t.track(s.member, s.track)
	fresh := tr.seen.add(s.counter)
	if !inside {
		return
	}
	t.packets++
	if !fresh {
		t.duplicates++
		return
	}
	t.unique++
	t.delay.add(time.Duration(r.At - s.sent))
	if t.last[r.Line] != tr {
		t.last[r.Line], tr.run = tr, 0
	}
	switch {
	case tr.run == 0:
		tr.run = s.counter
	case s.counter > tr.run:
		t.gaps += uint64(s.counter - tr.run - 1)
		tr.run = s.counter
	case t.gaps > 0:
		t.gaps-- // it was late, not lost
	}
}

func (t *tally) track(member uint32, id uint8) *track {
	for _, tr := range t.tracks {
		if tr.member == member && tr.id == id {
			return tr
		}
	}
	tr := &track{member: member, id: id}
	t.tracks = append(t.tracks, tr)
	return tr
}

// into adds the counts to sum.
func (t *tally) into(sum *sums) {
	t.mu.Lock()
	defer t.mu.Unlock()
	sum.packets += t.packets
	sum.unique += t.unique
	sum.duplicates += t.duplicates
	sum.strangers += t.strangers
	sum.gaps += t.gaps
	sum.delay.merge(&t.delay)
}

// counterSet knows which of the last 4,096 counters were there.
type counterSet struct {
	highest uint32
	bits    [64]uint64
}

// add says whether the counter is new. What is too old to tell counts as new.
func (c *counterSet) add(n uint32) bool {
	const size = 64 * 64
	if n > c.highest {
		if n-c.highest >= size {
			c.bits = [64]uint64{}
		} else {
			for k := c.highest + 1; k < n; k++ {
				c.bits[k/64%64] &^= 1 << (k % 64)
			}
		}
		c.highest = n
		c.bits[n/64%64] |= 1 << (n % 64)
		return true
	}
	if c.highest-n >= size {
		return true
	}
	word, bit := &c.bits[n/64%64], uint64(1)<<(n%64)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}
