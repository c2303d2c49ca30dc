package signaling

import (
	"time"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// write is a change that is made when the journal has it, and not otherwise.
type write struct {
	entry Entry
	// then runs on the loop. Time has passed: it looks anew at what it changes.
	then func()
	// undo runs on the loop when the journal did not take the entry; nil: there is nothing to undo.
	undo func()
}

// carryOut does what a member's message asks, or says what is to be written first. The
// member has the right to it. An error changes nothing.
func (c *consultation) carryOut(m *member, msg protocol.ClientMessage) (*write, error) {
	switch msg := msg.(type) {
	case protocol.Ping:
		c.log.Debug("ping", "participant", m.id, "received", msg.Received)
		m.tell(protocol.Pong{N: msg.N})
	case protocol.Leave:
		m.part(protocol.Ended{Reason: protocol.EndedLeft})
		c.dismiss(m, protocol.LeftByThemselves)
	case protocol.Media:
		c.setMedia(m, msg.Media)
		c.publish(m)
	case protocol.Hand:
		m.hand = msg.Raised
		c.publish(m)
	case protocol.Beside:
		m.beside = msg.People
		c.publish(m)
	case protocol.Watch:
		return nil, c.watch(m, msg)
	case protocol.Want:
		return nil, c.want(m, msg)
	case protocol.Point:
		c.point(m, msg.Target)
	case protocol.Sample:
		c.tellWho(protocol.MaySee, m, protocol.Sampled{Participant: m.id, Kind: msg.Kind, Values: msg.Values, At: msg.At})
	case protocol.Ask:
		return nil, c.ask(m, msg)
	case protocol.Hold:
		return nil, c.hold(m, msg)
	case protocol.Draw:
		return nil, c.draw(m, msg)
	case protocol.Freeze:
		return nil, c.freeze(m, msg)
	case protocol.Show:
		c.present(m, msg.Photo)
	case protocol.Chat:
		return c.write(m, msg), nil
	case protocol.Admit:
		return c.admit(m, msg)
	case protocol.Refuse:
		return nil, c.turnAway(m, msg)
	case protocol.Confirm:
		return c.recognise(m, msg)
	case protocol.Mute:
		return nil, c.mute(m, msg)
	case protocol.Remove:
		return c.remove(m, msg)
	case protocol.Lock:
		return c.lock(m, msg), nil
	case protocol.End:
		return c.end(m), nil
	default: // a message with a right and without a meaning: a mistake of ours
		return nil, internal(msg.Type())
	}
	return nil, nil
}

// setMedia notes what a member sends and lets exactly that through.
func (c *consultation) setMedia(m *member, media protocol.MediaState) {
	m.media = media
	m.link.p.Publish(sfu.Microphone, media.Microphone)
	m.link.p.Publish(sfu.Camera, media.Camera)
	m.link.p.Publish(sfu.Second, media.Second != protocol.SecondNone)
	if media.Second == protocol.SecondNone {
		c.unwatch(protocol.Picture{Participant: m.id, Source: protocol.Second})
	}
}

// unwatch takes a picture that is gone from those who had it as the large one.
func (c *consultation) unwatch(gone protocol.Picture) {
	for _, viewer := range c.members {
		if viewer.watching != nil && *viewer.watching == gone {
			viewer.watching = nil
			c.publish(viewer)
		}
	}
}

func (c *consultation) watch(m *member, msg protocol.Watch) error {
	if msg.Picture != nil {
		of := c.members[msg.Picture.Participant]
		if of == nil || !of.inCall {
			return notFound(msg.Type(), "picture.participant", "must be in the call")
		}
		if msg.Picture.Source == protocol.Second && of.media.Second == protocol.SecondNone {
			return notFound(msg.Type(), "picture.source", "must be sent by the participant")
		}
	}
	m.watching = msg.Picture
	c.publish(m)
	return nil
}

func (c *consultation) want(m *member, msg protocol.Want) error {
	wishes := make([]sfu.Wish, len(msg.Lines))
	for i, w := range msg.Lines {
		wishes[i] = sfu.Wish{MID: w.MID, Visible: w.Visible, Width: w.Width, Height: w.Height, Chosen: w.Chosen}
	}
	if err := m.link.p.Want(wishes); err != nil {
		return wantRefused(err)
	}
	return nil
}

// write keeps a chat message and tells it to all in the call, the writer included. One
// that came before is only told to the writer again: it asks because it had no answer.
func (c *consultation) write(m *member, msg protocol.Chat) *write {
	id := chatID{m.id, msg.ID}
	message := protocol.ChatMessage{ID: msg.ID, From: m.id, Name: m.seat.Name, Text: msg.Text, At: now()}
	if at, known := c.chatIDs[id]; known {
		if at != onItsWay {
			message.At = at
			m.tell(protocol.Chatted{Message: message})
		}
		return nil
	}
	c.chatIDs[id] = onItsWay
	return &write{
		entry: ChatWritten{message},
		then: func() {
			c.chatIDs[id] = message.At
			c.chat = latest(append(c.chat, message))
			for _, viewer := range c.members {
				if viewer.inCall {
					viewer.tell(protocol.Chatted{Message: message})
				}
			}
		},
		undo: func() { delete(c.chatIDs, id) },
	}
}

func (c *consultation) admit(m *member, msg protocol.Admit) (*write, error) {
	who := c.members[msg.Participant]
	if who == nil {
		return nil, notFound(msg.Type(), "participant", "must be in the waiting room")
	}
	if who.inCall {
		return nil, nil // someone else was quicker
	}
	if c.count(true) >= sfu.MaxParticipants {
		return nil, noRoomFor(msg)
	}
	by, id := m.seat.Name, m.id
	return &write{entry: SeatAdmitted{Participant: who.id, By: id, At: time.Now()}, then: func() {
		c.state.Admitted[msg.Participant] = true
		// It may have left, or left and come again: whoever waits with that seat now is let in.
		who := c.members[msg.Participant]
		if who == nil || who.inCall || c.count(true) >= sfu.MaxParticipants {
			return
		}
		if err := who.link.p.Admit(); err != nil { // someone's media is just about to end
			c.log.Warn("not admitted yet", "participant", who.id, "error", err)
			m.tell(*noRoomFor(msg))
			return
		}
		who.inCall, who.since = true, now()
		who.tell(protocol.Admitted{By: by, Room: c.roomFor(who)})
		c.showPointing(who)
		c.showHolding(who)
		c.showPhoto(who)
		c.publish(who)
		c.tell(who.id, who.presence())
		c.log.Info("admitted", "participant", who.id, "by", id)
	}}, nil
}

// noRoomFor refuses to let someone in. The writer is well in, and stays.
func noRoomFor(msg protocol.Admit) *protocol.Error {
	refusal := full(msg.Type())
	refusal.Fatal = false
	return refusal
}

func (c *consultation) turnAway(m *member, msg protocol.Refuse) error {
	who := c.members[msg.Participant]
	if who == nil || who.inCall {
		return notFound(msg.Type(), "participant", "must be in the waiting room")
	}
	who.part(protocol.Ended{Reason: protocol.EndedRefused, By: m.seat.Name})
	c.dismiss(who, protocol.LeftRefused)
	return nil
}

// other is another participant in the call whom a message names.
func (c *consultation) other(m *member, re, participant string) (*member, error) {
	who := c.members[participant]
	switch {
	case who == nil || !who.inCall:
		return nil, notFound(re, "participant", "must be in the call")
	case who == m:
		return nil, protocol.NewError(protocol.CodeInvalid, re, "participant", "must be someone else")
	}
	return who, nil
}

func (c *consultation) mute(m *member, msg protocol.Mute) error {
	who, err := c.other(m, msg.Type(), msg.Participant)
	if err != nil {
		return err
	}
	if !who.media.Microphone {
		return nil
	}
	media := who.media
	media.Microphone = false
	c.setMedia(who, media)
	who.tell(protocol.Muted{By: m.seat.Name})
	c.publish(who)
	c.log.Info("muted", "participant", who.id, "by", m.id)
	return nil
}

func (c *consultation) remove(m *member, msg protocol.Remove) (*write, error) {
	who, err := c.other(m, msg.Type(), msg.Participant)
	if err != nil {
		return nil, err
	}
	by, id := m.seat.Name, m.id
	// From now on they have no say: two who remove each other would leave nobody who may
	// let them in again.
	who.going = true
	return &write{
		entry: SeatRemoved{Participant: who.id, By: id, At: time.Now()},
		then: func() {
			c.state.Admitted[msg.Participant] = false
			who := c.members[msg.Participant]
			if who == nil {
				return
			}
			who.part(protocol.Ended{Reason: protocol.EndedRemoved, By: by})
			c.dismiss(who, protocol.LeftRemoved)
			c.log.Info("removed", "participant", who.id, "by", id)
		},
		undo: func() { who.going = false },
	}, nil
}

func (c *consultation) lock(m *member, msg protocol.Lock) *write {
	by, id := m.seat.Name, m.id
	return &write{entry: LockSet{Locked: msg.Locked, By: id, At: time.Now()}, then: func() {
		c.state.Locked = msg.Locked
		for _, viewer := range c.members {
			if viewer.inCall {
				viewer.tell(protocol.Locked{Locked: msg.Locked, By: by})
			}
		}
		c.log.Info("lock", "locked", msg.Locked, "by", id)
	}}
}

func (c *consultation) end(m *member) *write {
	by, id := m.seat.Name, m.id
	return &write{entry: CallEnded{By: id, At: time.Now()}, then: func() {
		c.state.Ended = true
		for _, who := range c.members {
			who.part(protocol.Ended{Reason: protocol.EndedForAll, By: by})
		}
		for _, who := range c.members {
			c.dismiss(who, protocol.LeftByThemselves)
		}
		c.log.Info("ended for all", "by", id)
	}}
}
