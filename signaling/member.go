package signaling

import (
	"cmp"
	"reflect"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// qualityGap is the least time between two tidings of one participant's quality.
const qualityGap = time.Second

// member is a participant who is in the waiting room or in the call, also while their
// connection is lost. It belongs to the consultation's loop.
type member struct {
	id     string
	seat   Seat
	inCall bool  // false: in the waiting room
	going  bool  // is being removed: the journal is about to have it
	since  int64 // ms since 1970, UTC

	conn   *conn     // nil while it is lost
	lostAt time.Time // when it was
	away   bool      // and others are told so
	epoch  int64     // of the latest welcome
	passes []pass    // the latest welcome's last; those before it only until the page has shown that it got it
	// seen is what the page has been told of each participant, itself included.
	seen map[string]protocol.Participant

	link  *link // its media
	lines []protocol.Line
	send  [3]*protocol.Send // the latest of each source

	media    protocol.MediaState
	beside   []protocol.Companion
	hand     bool
	watching *protocol.Picture
	pointing *protocol.Target // what they show the others of what is measured

	holding string    // the part of the patient's plan that they write in; empty: none
	heldAt  time.Time // when they said so last

	quality   protocol.Quality
	qualityAt time.Time // when it was last told
	heldBack  bool      // a newer one is not told yet
	shown     protocol.Quality
}

func (m *member) presence() protocol.Presence {
	switch {
	case !m.inCall:
		return protocol.Waiting
	case m.away:
		return protocol.Away
	default:
		return protocol.Here
	}
}

// passOf finds what an epoch and a secret open; latest says whether the newest welcome gave it.
func (m *member) passOf(epoch int64, secret string) (ok, latest bool) {
	for i, p := range m.passes {
		if p.admits(epoch, secret) {
			return true, i == len(m.passes)-1
		}
	}
	return false, false
}

// confirm voids older passes: a message came over the connection of the latest welcome.
func (m *member) confirm() { m.passes = m.passes[len(m.passes)-1:] }

// tell sends to the member's page, if there is one.
func (m *member) tell(msg protocol.ServerMessage) {
	if m.conn != nil {
		m.conn.send(msg)
	}
}

// whole is all there is to see of a member.
func (c *consultation) whole(m *member) protocol.Participant {
	p := protocol.Participant{
		ID: m.id, Name: m.seat.Name, Role: m.seat.Role, Title: m.seat.Title,
		Organisation: m.seat.Organisation, Identified: m.seat.Identified,
		Beside: m.beside, Presence: m.presence(), Media: m.media, Hand: m.hand,
		Watching: m.watching, Quality: m.shown, Since: m.since,
	}
	if p.Confirmed = c.confirmed(m); p.Confirmed != nil {
		p.Identified = protocol.IdentifiedRecognised
	} else {
		p.Unconfirmed = m.seat.Recognise
	}
	return p
}

// view is what a viewer may see of a member; false: nothing, not even that they are there.
func (c *consultation) view(viewer, of *member) (protocol.Participant, bool) {
	p := c.whole(of)
	admits := viewer.inCall && viewer.seat.may(protocol.MayAdmit)
	confirms := viewer.inCall && viewer.seat.may(protocol.MayConfirm)
	switch {
	case viewer == of:
		return p, true
	case !of.inCall && !admits:
		return protocol.Participant{}, false
	case !viewer.inCall: // who is here, and nothing of what they do
		return protocol.Participant{
			ID: p.ID, Name: p.Name, Role: p.Role, Title: p.Title, Organisation: p.Organisation,
			Presence: p.Presence, Since: p.Since,
		}, true
	case !admits && !confirms:
		p.Identified, p.Confirmed, p.Unconfirmed = protocol.IdentifiedUntold, nil, false
	}
	return p, true
}

// publish tells every page that may see a member that there is one, or what they are like
// now. Nobody who is seen becomes unseen but by dismiss.
func (c *consultation) publish(of *member) {
	for _, viewer := range c.members {
		if viewer.conn != nil { // else told everything when it resumes
			c.show(viewer, of)
		}
	}
}

func (c *consultation) show(viewer, of *member) {
	p, visible := c.view(viewer, of)
	if !visible {
		return
	}
	was, known := viewer.seen[of.id]
	switch {
	case !known:
		viewer.tell(protocol.Joined{Participant: p})
	case !reflect.DeepEqual(p, was):
		viewer.tell(protocol.Updated{Participant: p})
	}
	viewer.seen[of.id] = p
}

// roomFor is the whole call as a member's page may see it, and notes that it has seen it.
func (c *consultation) roomFor(viewer *member) protocol.Room {
	room := protocol.Room{}
	viewer.seen = make(map[string]protocol.Participant, len(c.members))
	for _, of := range c.members {
		if p, visible := c.view(viewer, of); visible {
			room.Participants = append(room.Participants, p)
			viewer.seen[of.id] = p
		}
	}
	slices.SortFunc(room.Participants, func(a, b protocol.Participant) int {
		return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.ID, b.ID))
	})
	if viewer.inCall {
		viewer.lines = linesOf(viewer.link.p.Lines())
		room.Lines = viewer.lines
		room.Chat = c.chat
		room.Speaking = c.speaking
		room.Locked = c.state.Locked
	}
	return room
}

// dismiss takes a member out: their tile goes, their pass is void, their media ends.
func (c *consultation) dismiss(m *member, reason protocol.LeftReason) {
	delete(c.members, m.id)
	for _, viewer := range c.members {
		if _, known := viewer.seen[m.id]; known {
			delete(viewer.seen, m.id)
			why := reason
			if !viewer.inCall {
				why = protocol.LeftByThemselves // why someone is gone is the call's own matter
			}
			viewer.tell(protocol.Left{Participant: m.id, Reason: why})
		}
		if viewer.watching != nil && viewer.watching.Participant == m.id {
			viewer.watching = nil
			c.publish(viewer)
		}
	}
	c.speaking = slices.DeleteFunc(slices.Clone(c.speaking), func(id string) bool { return id == m.id })
	c.takeTurn(m.id, func() { c.closeMedia(m.link.p, func() { c.endTurn(m.id) }) })
	c.tell(m.id, "")
	c.log.Info("left", "participant", m.id, "reason", reason, "epoch", m.epoch)
	if len(c.members) == 0 {
		c.emptySince = time.Now()
	}
}

// awayGrace is how long nobody is told that a member's connection is gone whose media goes
// on: a page that reconnects at once, or is reloaded, has not been away to anybody. It is as
// long as nothing has to come before the media says that it is lost.
const awayGrace = 3 * time.Second

// lose notes that a member's connection is gone; the place is kept for the resume window.
func (c *consultation) lose(m *member) {
	m.conn, m.lostAt, m.seen = nil, time.Now(), nil
	c.log.Info("connection lost", "participant", m.id, "epoch", m.epoch)
	if !m.link.p.Alive() || m.quality == protocol.QualityLost {
		c.sayAway(m)
	} // else expire does, or setQuality
}

// sayAway tells that a member who has lost the connection is away.
func (c *consultation) sayAway(m *member) {
	m.away = true
	c.tell(m.id, m.presence())
	c.publish(m)
}

// part ends a member's connection with a last message. Nothing more is sent to it.
func (m *member) part(last protocol.Ended) {
	if m.conn != nil {
		m.conn.part(last, last.Reason.CloseCode())
		m.conn = nil
	}
}

func linesOf(lines []sfu.Line) []protocol.Line {
	out := make([]protocol.Line, len(lines))
	for i, l := range lines {
		out[i] = protocol.Line{MID: l.MID, Participant: string(l.Participant), Source: sources[l.Source]}
	}
	return out
}

// sources by sfu.Source.
var sources = [...]protocol.Source{
	sfu.Microphone: protocol.Microphone,
	sfu.Camera:     protocol.Camera,
	sfu.Second:     protocol.Second,
}
