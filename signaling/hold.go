package signaling

import (
	"time"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// hold notes in which part of the patient's plan a member writes, and tells the others, each time: so they know how long nothing has been heard. Two never
// write in one: who comes later waits until the other has been silent for HoldSilence, and then
// takes it over.
func (c *consultation) hold(m *member, msg protocol.Hold) error {
	if msg.Part == "" {
		c.free(m)
		return nil
	}
	for _, of := range c.members {
		if of == m || of.holding != msg.Part {
			continue
		}
		if time.Since(of.heldAt) < protocol.HoldSilence {
			return protocol.NewError(protocol.CodeInvalid, msg.Type(), "part", "is held by another, who has written there a moment ago")
		}
		c.free(of)
	}
	m.holding, m.heldAt = msg.Part, time.Now()
	c.tellWho(protocol.MayReadPlan, m, protocol.Held{Participant: m.id, Part: m.holding})
	return nil
}

// free ends a member's hold. Their own page is told too, where another has taken it over.
func (c *consultation) free(m *member) {
	if m.holding == "" {
		return
	}
	m.holding = ""
	c.tellWho(protocol.MayReadPlan, nil, protocol.Held{Participant: m.id})
}

// showHolding tells a page that comes in where the others write.
func (c *consultation) showHolding(m *member) {
	if !m.inCall || !m.seat.may(protocol.MayReadPlan) {
		return
	}
	for _, of := range c.members {
		if of != m && of.holding != "" {
			m.tell(protocol.Held{Participant: of.id, Part: of.holding})
		}
	}
}
