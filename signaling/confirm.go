package signaling

import (
	"time"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// recognise keeps that a member recognises another on their picture.
func (c *consultation) recognise(m *member, msg protocol.Confirm) (*write, error) {
	who, err := c.other(m, msg.Type(), msg.Participant)
	if err != nil {
		return nil, err
	}
	if !c.sees(m, who) {
		return nil, notFound(msg.Type(), "participant", "must be seen: their camera is on and its picture comes to the writer")
	}
	if c.confirmed(who) != nil {
		return nil, nil // someone else was quicker
	}
	e := IdentityConfirmed{Participant: who.id, Session: who.seat.Session, By: m.id, Name: m.seat.Name, At: time.Now()}
	return &write{entry: e, then: func() {
		e.Apply(&c.state)
		if who := c.members[e.Participant]; who != nil {
			c.publish(who)
		}
		c.log.Info("recognised", "participant", e.Participant, "by", e.By)
	}}, nil
}

// sees says whether the picture of one member's camera comes to another's page.
func (c *consultation) sees(viewer, of *member) bool {
	if !of.media.Camera || of.quality == protocol.QualityLost || viewer.quality == protocol.QualityLost ||
		viewer.quality == protocol.QualityAudioOnly { // their page gets no pictures now
		return false
	}
	for _, l := range viewer.link.p.Lines() {
		if l.Participant == sfu.ParticipantID(of.id) && l.Source == sfu.Camera {
			return true
		}
	}
	return false
}

// confirmed is who has recognised a member in the session that they have now; nil: nobody.
// A link that is opened in another session may have been opened by someone else.
func (c *consultation) confirmed(m *member) *protocol.Confirmation {
	e, known := c.state.Confirmed[m.id]
	if !known || e.Session != m.seat.Session {
		return nil
	}
	return &protocol.Confirmation{By: e.Name, At: e.At.UnixMilli()}
}
