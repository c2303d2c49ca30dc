package signaling

import "github.com/samkonsult/samkonsult/signaling/protocol"

// draw tells the others a piece of a stroke. It is kept nowhere: who comes in sees what is drawn from
// then on.
func (c *consultation) draw(m *member, msg protocol.Draw) error {
	drawn := protocol.Drawn{
		Participant: m.id, Surface: msg.Surface, Stroke: msg.Stroke, Shape: msg.Shape, Colour: msg.Colour,
		Points: msg.Points, Done: msg.Done, Gone: msg.Gone,
	}
	if msg.Surface.Photo != "" {
		c.tellWho(protocol.MaySeeWounds, m, drawn)
		return nil
	}
	// What is drawn on a picture that has just gone may still be taken away: pages forget it by themselves.
	if !msg.Gone {
		if err := c.pictureOf(msg.Type(), "surface.", msg.Surface.Participant, protocol.Source(msg.Surface.Source)); err != nil {
			return err
		}
	}
	c.tellCall(m, drawn)
	return nil
}

// freeze tells all pages to stop a picture where it is, or to let it go on.
func (c *consultation) freeze(m *member, msg protocol.Freeze) error {
	if err := c.pictureOf(msg.Type(), "", msg.Participant, msg.Source); msg.Frozen && err != nil {
		return err
	}
	c.tellCall(nil, protocol.Frozen{By: m.id, Participant: msg.Participant, Source: msg.Source, Frozen: msg.Frozen})
	return nil
}

// pictureOf refuses a picture that nobody in the call sends.
func (c *consultation) pictureOf(re, path, participant string, source protocol.Source) error {
	of := c.members[participant]
	switch {
	case of == nil || !of.inCall:
		return notFound(re, path+"participant", "must be in the call")
	case source == protocol.Second && of.media.Second == protocol.SecondNone, source == protocol.Camera && !of.media.Camera:
		return notFound(re, path+"source", "must be sent by the participant")
	}
	return nil
}

// present notes which photo stands large, and tells those who may see it. Whether it is the patient's, and
// still to be seen, the API says to each page that reads it.
func (c *consultation) present(m *member, photo string) {
	if photo == "" && c.showing.Photo == "" {
		return
	}
	c.showing = protocol.Shown{Participant: m.id, Photo: photo}
	c.tellWho(protocol.MaySeeWounds, nil, c.showing)
}

// showPhoto tells a page that comes in which photo stands large.
func (c *consultation) showPhoto(m *member) {
	if m.inCall && c.showing.Photo != "" && m.seat.may(protocol.MaySeeWounds) {
		m.tell(c.showing)
	}
}

// tellCall tells all in the call, but not the one who says it.
func (c *consultation) tellCall(from *member, msg protocol.ServerMessage) {
	for _, m := range c.members {
		if m != from && m.inCall {
			m.tell(msg)
		}
	}
}
