package signaling

import (
	"context"
	"slices"
	"sync"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Live is the clinical side of a call: what is measured of the patient whom it is about.
type Live interface {
	// See returns what a seat may be told of an event, asked anew each time: a right that was
	// taken back in the middle of the call counts at once. Values come in the order of the
	// event's ids. It is called from many goroutines at once, and returns within ctx.
	See(ctx context.Context, seat Seat, e LiveEvent) ([]protocol.ServerMessage, error)
}

// LiveEvent is what has changed of a patient's: ids only. What it is now, See reads.
type LiveEvent struct {
	Measurements []string // ids of what is new or was corrected, in the order in which that was
	// Limits: they are others now, or values may have been missed. Pages read all of it anew.
	Limits bool
	Plan   int64    // version of the patient's own plan that has changed; 0: none has
	Photos []string // ids of photos of wounds that are new or were changed, in the order in which that was
	// Wounds: they or their assessments are others now, or photos may have been missed. Pages read all of it anew.
	Wounds bool
}

// mostSeen is how many values a page is told of one by one. Of more, as when a platform brings
// a month of them, it reads the panel anew instead.
const mostSeen = 100

// and is both events at once, in their order.
func (e LiveEvent) and(more LiveEvent) LiveEvent {
	out := LiveEvent{
		Measurements: union(e.Measurements, more.Measurements), Limits: e.Limits || more.Limits, Plan: max(e.Plan, more.Plan),
		Photos: union(e.Photos, more.Photos), Wounds: e.Wounds || more.Wounds,
	}
	if len(out.Measurements) > mostSeen {
		out.Measurements, out.Limits = nil, true
	}
	if len(out.Photos) > mostSeen {
		out.Photos, out.Wounds = nil, true
	}
	return out
}

// union is ids and more of them: one that was changed since is told once, as it is now.
func union(ids, more []string) []string {
	ids = slices.Clone(ids)
	for _, id := range more {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// measured says that it tells something of what is measured, and woundsToo of wounds.
func (e LiveEvent) measured() bool  { return len(e.Measurements) > 0 || e.Limits }
func (e LiveEvent) woundsToo() bool { return len(e.Photos) > 0 || e.Wounds }

func (e LiveEvent) none() bool { return !e.measured() && !e.woundsToo() && e.Plan == 0 }

// Happened tells the calls about a patient on this node that something of theirs has changed;
// an empty patient is everybody's. It returns at once, and events reach each page in the order
// of the calls of Happened.
func (s *Server) Happened(patient string, e LiveEvent) {
	if s.cfg.Live == nil || e.none() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.consultations {
		if c.patient != "" && (patient == "" || c.patient == patient) {
			c.loop.post(func() { c.happened(e) }) // never waits
		}
	}
}

// happened adds to what those in the call are to be told. While the answers to what was before
// are awaited it is only noted, and asked for with all else that comes meanwhile: a store that
// is slow gets fewer and larger questions, and the pages' order is kept.
func (c *consultation) happened(e LiveEvent) {
	c.unseen = LiveEvent{}.and(c.unseen).and(e)
	c.look()
}

// look asks, for each seat in the call that may see, what is for it.
func (c *consultation) look() {
	if c.looking || c.unseen.none() {
		return
	}
	e := c.unseen
	c.unseen = LiveEvent{}
	var viewers []viewer
	for _, m := range c.members {
		// A page that is away reads anew when it is back.
		if m.inCall && !m.going && m.conn != nil && m.seat.mayAny(protocol.MaySee, protocol.MayReadPlan, protocol.MaySeeWounds) {
			viewers = append(viewers, viewer{m, m.seat})
		}
	}
	if len(viewers) == 0 {
		return
	}
	c.looking = true
	c.live.post(func() {
		told := c.see(viewers, e)
		c.loop.post(func() {
			for i, v := range viewers {
				// It may have left, or been put out, while the answer was on its way.
				if c.members[v.id] != v.member || !v.inCall || v.going {
					continue
				}
				for _, msg := range told[i] {
					v.tell(msg)
				}
			}
			c.looking = false
			c.look()
		})
	})
}

// viewer is a member who is to be told, and their seat when that was found.
type viewer struct {
	*member
	seat Seat
}

// see asks for all viewers at once, in the live worker. Where it can't be known what is new, a
// page is told to read anew: that is asked under the reader's rights too.
func (c *consultation) see(viewers []viewer, e LiveEvent) [][]protocol.ServerMessage {
	told := make([][]protocol.ServerMessage, len(viewers))
	var asking sync.WaitGroup
	for i, v := range viewers {
		asking.Go(func() { // ends with See; waited for below
			err := c.outside(context.Background(), "see", func(ctx context.Context) (err error) {
				told[i], err = c.cfg.Live.See(ctx, v.seat, e)
				return err
			})
			if err == nil {
				return
			}
			told[i] = nil
			if v.seat.may(protocol.MaySee) && e.measured() {
				told[i] = append(told[i], protocol.Limited{})
			}
			if v.seat.may(protocol.MaySeeWounds) && e.woundsToo() {
				told[i] = append(told[i], protocol.Wounded{})
			}
			if v.seat.may(protocol.MayReadPlan) && e.Plan != 0 {
				told[i] = append(told[i], protocol.Planned{Version: e.Plan})
			}
		})
	}
	asking.Wait()
	return told
}

// point notes what a member points at, and shows it to the others who may see.
func (c *consultation) point(m *member, target *protocol.Target) {
	if m.pointing == nil && target == nil {
		return
	}
	m.pointing = target
	c.tellWho(protocol.MaySee, m, protocol.Pointed{Participant: m.id, Target: target})
}

// showPointing tells a page that comes in what the others point at.
func (c *consultation) showPointing(m *member) {
	if !m.inCall || !m.seat.may(protocol.MaySee) {
		return
	}
	for _, of := range c.members {
		if of != m && of.pointing != nil {
			m.tell(protocol.Pointed{Participant: of.id, Target: of.pointing})
		}
	}
}

// ask tells those who may measure what a member asks for.
func (c *consultation) ask(m *member, msg protocol.Ask) error {
	heard := 0
	for _, of := range c.members {
		if of == m || !of.inCall || of.conn == nil || !of.seat.may(protocol.MayMeasure) {
			continue
		}
		asked := protocol.Asked{Participant: m.id, Name: m.seat.Name, What: msg.What, Kind: msg.Kind}
		if of.seat.may(protocol.MaySeeWounds) { // that there is a wound is health data
			asked.Wound = msg.Wound
		}
		of.tell(asked)
		heard++
	}
	if heard == 0 {
		return notFound(msg.Type(), "", "needs someone else in the call who may measure")
	}
	return nil
}

// tellWho tells those in the call with a permission, but not the one who says it, and counts them.
func (c *consultation) tellWho(may protocol.Permission, from *member, msg protocol.ServerMessage) int {
	n := 0
	for _, m := range c.members {
		if m != from && m.inCall && m.conn != nil && m.seat.may(may) {
			m.tell(msg)
			n++
		}
	}
	return n
}
