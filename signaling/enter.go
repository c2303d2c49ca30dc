package signaling

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// entry is one hello on its way to a welcome.
type entry struct {
	conn        *conn
	hello       protocol.Hello
	seat        Seat // of the ticket; on resume the member's is taken
	participant string
	secret      string // of the resume token
	latest      bool   // the resume token is of the latest welcome

	epoch    int64
	link     *link // nil: the member's own goes on
	answer   string
	admitted bool // what Media was told
}

// enter takes an entry to its welcome. It runs in the page's reader, which waits for the
// media to answer; the loop decides before and after, since much can happen between.
func (c *consultation) enter(ctx context.Context, e *entry) error {
	var err error
	c.do(func(done func()) {
		c.takeTurn(e.participant, func() {
			if err = c.begin(e); err != nil {
				c.endTurn(e.participant)
			}
			done()
		})
	})
	if err != nil {
		return err
	}
	err = c.prepare(ctx, e)
	c.do(func(done func()) {
		if err == nil {
			err = c.finish(e)
		}
		if err != nil && e.link != nil {
			c.closeMedia(e.link.p, func() { c.endTurn(e.participant) })
		} else {
			c.endTurn(e.participant)
		}
		done()
	})
	return err
}

// begin decides whether the page may come in, and whether its media does so at once.
func (c *consultation) begin(e *entry) error {
	m, err := c.admissible(e)
	if err != nil {
		return err
	}
	if m != nil {
		e.admitted = m.inCall
	}
	if e.hello.Resume == nil {
		e.admitted = e.admitted || c.goesIn(e.seat)
	}
	return nil
}

// admissible says whether an entry may go on, and whose place it takes up; nil: a new one.
func (c *consultation) admissible(e *entry) (*member, error) {
	if c.state.Ended {
		return nil, ended()
	}
	m := c.members[e.participant]
	if r := e.hello.Resume; r != nil {
		if m == nil {
			return nil, noResume()
		}
		ok, latest := m.passOf(r.Epoch, e.secret)
		if !ok {
			return nil, noResume()
		}
		e.latest = latest
		if e.hello.Offer == "" && !m.link.p.Alive() {
			return nil, offerRequired("hello")
		}
		e.seat = m.seat
	}
	if refusal := secondForbidden(e.seat, "hello", e.hello.Media); refusal != nil {
		return nil, refusal
	}
	if m == nil {
		if c.state.Locked && !c.goesIn(e.seat) {
			return nil, locked()
		}
		if c.count(c.goesIn(e.seat)) >= sfu.MaxParticipants {
			return nil, full("hello")
		}
	}
	return m, nil
}

// goesIn says whether a seat needs nobody to let it in. One that was removed does,
// whatever it was before.
func (c *consultation) goesIn(s Seat) bool {
	in, known := c.state.Admitted[s.Participant]
	if known {
		return in
	}
	return s.AdmitsItself || s.Admitted
}

// count counts those in the call, or those in the waiting room, which holds as many.
func (c *consultation) count(inCall bool) int {
	n := 0
	for _, m := range c.members {
		if m.inCall == inCall {
			n++
		}
	}
	return n
}

// prepare gets what takes time: an epoch, and the answer to the offer.
func (c *consultation) prepare(ctx context.Context, e *entry) error {
	err := c.outside(ctx, "epoch", func(ctx context.Context) (err error) {
		e.epoch, err = c.cfg.Journal.Epoch(ctx, c.id)
		return err
	})
	if err != nil {
		return fmt.Errorf("epoch: %w", err)
	}
	if e.hello.Offer == "" {
		return nil
	}
	l := &link{}
	ctx, cancel := context.WithTimeout(ctx, joinTimeout)
	defer cancel()
	p, answer, err := c.room.Join(ctx, sfu.JoinConfig{
		ID: sfu.ParticipantID(e.participant), Offer: e.hello.Offer, Admitted: e.admitted,
		Events: func(ev sfu.Event) {
			if l.put(ev) {
				c.loop.post(func() { c.hear(e.participant, l) })
			}
		},
	})
	if err != nil {
		return fmt.Errorf("join: %w", err)
	}
	l.p = p
	e.link, e.answer = l, answer
	return nil
}

// finish seats the page: from here on it is the one that holds the participant's place.
func (c *consultation) finish(e *entry) error {
	m, err := c.admissible(e)
	if err != nil {
		return err
	}
	if m == nil && e.link == nil {
		return noResume()
	}
	resumed := e.hello.Resume != nil
	inCall := m != nil && m.inCall || !resumed && c.goesIn(e.seat)
	if e.admitted && !inCall { // removed meanwhile, and its media must not flow
		return protocol.NewError(protocol.CodeForbidden, "hello", "", "was removed while coming in")
	}
	if e.link != nil && inCall && !e.admitted { // let in while the offer was answered
		if err := e.link.p.Admit(); err != nil {
			return fmt.Errorf("admit: %w", err)
		}
	}
	if m == nil {
		m = &member{id: e.participant, beside: e.seat.Beside}
		c.members[m.id] = m
		c.emptySince = time.Time{}
	}
	if m.since == 0 || m.inCall != inCall {
		m.inCall, m.since = inCall, now()
	}
	if m.conn != nil { // the newer connection wins
		c.replace(m, e)
	}
	if !resumed {
		c.details = e.seat.Consultation
		m.passes = nil
	}
	token, hash := newToken(c.id, m.id)
	if len(m.passes) == passesKept {
		m.passes = m.passes[1:]
	}
	m.passes = append(m.passes, pass{epoch: e.epoch, hash: hash})
	m.seat, m.epoch = e.seat, e.epoch

	// While there is no connection: nothing may come before the welcome.
	if e.link != nil {
		m.link, m.send = e.link, [3]*protocol.Send{}
	}
	c.setMedia(m, e.hello.Media)

	m.conn, m.away = e.conn, false
	m.conn.send(protocol.Welcome{
		Version: protocol.Version, Self: m.id, Epoch: e.epoch, ResumeToken: token,
		ResumeWindow: c.cfg.ResumeWindow.Milliseconds(), Presence: m.presence(), May: m.seat.May,
		Answer: e.answer, Consultation: c.details, Now: now(), Room: c.roomFor(m),
	})
	if e.link != nil {
		c.point(m, nil) // a page that is new points at nothing
		c.free(m)       // and writes nowhere
	}
	c.showPointing(m)
	c.showHolding(m)
	c.showPhoto(m)
	for _, s := range m.send { // what was told while the connection was lost
		if s != nil {
			m.tell(*s)
		}
	}
	c.publish(m)
	c.tell(m.id, m.presence())
	c.listen(m)
	c.log.Info("welcome", "participant", m.id, "epoch", e.epoch, "presence", m.presence(),
		"resumed", resumed, "offer", e.link != nil, "connection", e.conn.id)
	return nil
}

// replace ends the connection that a member has for the sake of a newer one. One that
// came with an older pass may be a hello that was long on its way, from a page that has
// come back since: that page is not told that it was replaced, but to resume.
func (c *consultation) replace(m *member, e *entry) {
	c.log.Info("replaced", "participant", m.id, "epoch", m.epoch, "by", e.epoch)
	if e.hello.Resume != nil && !e.latest {
		m.conn.out.end(nil, protocol.CloseSlow)
		m.conn = nil
		return
	}
	m.part(protocol.Ended{Reason: protocol.EndedReplaced})
}

// detach tells that a connection is over. One that was replaced, or whose seat has
// ended, holds nothing any more.
func (c *consultation) detach(cn *conn) {
	c.do(func(done func()) {
		if m := c.holder(cn); m != nil {
			c.lose(m)
		}
		done()
	})
}

// holder is the member whose place a connection holds.
func (c *consultation) holder(cn *conn) *member {
	for _, m := range c.members {
		if m.conn == cn {
			return m
		}
	}
	return nil
}

// receive carries out one message and returns when it is done with: answered, refused,
// or kept by the journal and told to all.
func (c *consultation) receive(cn *conn, msg protocol.ClientMessage) {
	c.do(func(done func()) {
		m := c.holder(cn)
		if m == nil { // replaced or ended a moment ago
			done()
			return
		}
		m.confirm()
		if refusal := forbidden(m, msg); refusal != nil {
			c.refuse(m, refusal)
			done()
			return
		}
		w, err := c.carryOut(m, msg)
		if err != nil {
			c.refuse(m, c.asRefusal(msg.Type(), err))
		}
		if err != nil || w == nil {
			done()
			return
		}
		c.record(w.entry, func(err error) {
			if err == nil {
				w.then()
			} else {
				if w.undo != nil {
					w.undo()
				}
				if m.conn == cn {
					c.refuse(m, internal(msg.Type()))
				}
			}
			done()
		})
	})
}

func (c *consultation) asRefusal(re string, err error) *protocol.Error {
	var refusal *protocol.Error
	if errors.As(err, &refusal) {
		return refusal
	}
	c.log.Error("internal", "re", re, "error", err)
	return internal(re)
}

// refuse answers a member's message, and lets go of the connection where that is fatal.
func (c *consultation) refuse(m *member, e *protocol.Error) {
	m.conn.refuse(e)
	if e.Fatal {
		c.lose(m)
	}
}
