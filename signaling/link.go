package signaling

import (
	"slices"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// link is one page's media, from its offer on, and what that has told and the loop has
// not read yet. Every event but the latest of its kind is out of date, so it never grows.
type link struct {
	p Participant // set before the loop sees the link

	mu     sync.Mutex
	posted bool // the loop is about to read
	news   news
}

// news is the latest event of each kind; nil: none.
type news struct {
	transport sfu.Event // Connected, Disconnected or Failed
	lines     *sfu.LinesChanged
	send      [3]*sfu.SendChanged
	speaking  *sfu.Speaking
	quality   *sfu.QualityChanged
}

// put notes an event. It returns true when the loop has to be told to read.
func (l *link) put(e sfu.Event) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e := e.(type) {
	case sfu.Connected, sfu.Disconnected, sfu.Failed:
		l.news.transport = e
	case sfu.LinesChanged:
		l.news.lines = &e
	case sfu.SendChanged:
		if int(e.Source) >= len(l.news.send) {
			return false
		}
		l.news.send[e.Source] = &e
	case sfu.Speaking:
		l.news.speaking = &e
	case sfu.QualityChanged:
		l.news.quality = &e
	default:
		return false
	}
	first := !l.posted
	l.posted = true
	return first
}

func (l *link) take() news {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.news
	l.news, l.posted = news{}, false
	return n
}

// hear reads a link's news. One that is not the member's (yet, or any more) is left alone:
// finish reads it when it becomes theirs. While a page is coming in it is left alone too:
// the media of the page before ends when the newer one's begins, and that page is to be told
// that it was replaced, not that its media failed, or the two would take the place from each
// other for ever. endTurn reads it, whose ever it is then.
func (c *consultation) hear(participant string, l *link) {
	if m := c.members[participant]; m != nil && m.link == l && c.turns[participant] == nil {
		c.listen(m)
	}
}

// listen reads the news of a member's link.
func (c *consultation) listen(m *member) {
	n := m.link.take()
	switch n.transport.(type) {
	case sfu.Failed:
		c.log.Info("media transport failed", "participant", m.id, "epoch", m.epoch)
		c.setQuality(m, protocol.QualityLost)
		if m.conn != nil {
			// The page has to come back with a new offer; its pass stays valid for that.
			m.conn.refuse(offerRequired(""))
			c.lose(m)
		}
	case sfu.Disconnected:
		c.setQuality(m, protocol.QualityLost)
	case sfu.Connected:
		if m.quality == protocol.QualityLost {
			c.setQuality(m, protocol.QualityUnknown)
		}
	}
	if n.quality != nil && int(n.quality.Quality) < len(qualities) {
		c.setQuality(m, qualities[n.quality.Quality])
	}
	if n.lines != nil && m.inCall {
		if lines := linesOf(n.lines.Lines); !slices.Equal(lines, m.lines) {
			m.lines = lines
			m.tell(protocol.Lines{Lines: lines})
		}
	}
	for _, s := range n.send {
		if s != nil {
			m.send[s.Source] = &protocol.Send{Source: sources[s.Source], RIDs: s.RIDs, Codec: s.Codec}
			m.tell(*m.send[s.Source])
		}
	}
	if n.speaking != nil && m.inCall {
		c.setSpeaking(m, n.speaking.Participants)
	}
}

// setSpeaking tells a member's page who speaks, and keeps it for those who come in.
func (c *consultation) setSpeaking(m *member, ids []sfu.ParticipantID) {
	speaking := make([]string, 0, len(ids))
	for _, id := range ids {
		if who := c.members[string(id)]; who != nil && who.inCall {
			speaking = append(speaking, who.id)
		}
	}
	c.speaking = speaking
	m.tell(protocol.Speaking{Participants: speaking})
}

// setQuality tells all of a member's quality, at most once in qualityGap.
func (c *consultation) setQuality(m *member, q protocol.Quality) {
	m.quality = q
	if q == protocol.QualityLost && m.conn == nil && !m.away {
		c.sayAway(m)
	}
	if now := time.Now(); now.Sub(m.qualityAt) >= qualityGap {
		c.publishQuality(m, now)
	} else {
		m.heldBack = true // expire tells it
	}
}

func (c *consultation) publishQuality(m *member, now time.Time) {
	m.heldBack = false
	if m.shown != m.quality {
		m.shown, m.qualityAt = m.quality, now
		c.publish(m)
	}
}

// qualities by sfu.Quality.
var qualities = [...]protocol.Quality{
	sfu.QualityUnknown:   protocol.QualityUnknown,
	sfu.QualityGood:      protocol.QualityGood,
	sfu.QualityPoor:      protocol.QualityPoor,
	sfu.QualityAudioOnly: protocol.QualityAudioOnly,
	sfu.QualityLost:      protocol.QualityLost,
}
