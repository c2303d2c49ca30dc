package sfu

import (
	"time"

	"github.com/samkonsult/samkonsult/sfu/forward"
)

// lossMeter smooths the loss in both directions; 0 to 1.
type lossMeter struct {
	downEwma, upEwma float64
}

func (m *lossMeter) down(fraction uint8) { m.downEwma += (float64(fraction)/256 - m.downEwma) / 4 }
func (m *lossMeter) up(fraction uint8)   { m.upEwma += (float64(fraction)/256 - m.upEwma) / 4 }

const (
	poorLoss     = 0.05
	betterAfter  = forward.Time(3 * time.Second) // good again only after so long
	worseAfter   = forward.Time(1 * time.Second)
	qualityStart = forward.Time(2 * time.Second) // what is said of the first seconds is about the start, not the network
)

// qualityMeter says how well a page's connection carries, without flapping.
type qualityMeter struct {
	told    Quality
	pending Quality
	since   forward.Time // of pending
	born    forward.Time
	lost    bool
}

func (m *qualityMeter) judge(q Quality, now forward.Time) (Quality, bool) {
	if m.born == 0 {
		m.born = now
	}
	if m.lost || now-m.born < qualityStart || q == m.told {
		m.pending = m.told
		return 0, false
	}
	if q != m.pending {
		m.pending, m.since = q, now
	}
	wait := worseAfter
	if q < m.told {
		wait = betterAfter
	}
	if m.told != QualityUnknown && now-m.since < wait {
		return 0, false
	}
	m.told = q
	return q, true
}

// judge is told by the allocator whether the way to the page is too narrow for the pictures
// it wishes, and whether it is so for all of them.
func (p *Participant) judge(short, blind bool, now forward.Time) {
	if p.t.currentState() != transportConnected {
		return
	}
	p.ctlMu.Lock()
	q := QualityGood
	switch {
	case blind:
		q = QualityAudioOnly
	case p.loss.downEwma > poorLoss || p.loss.upEwma > poorLoss || p.delay.grown() || short:
		q = QualityPoor
	}
	q, changed := p.quality.judge(q, now)
	p.ctlMu.Unlock()
	if changed {
		p.events.post(QualityChanged{Quality: q})
	}
}

// setQuality takes note of a transport that carries nothing any more, or again.
func (p *Participant) setQuality(carries bool) {
	p.ctlMu.Lock()
	was := p.quality.lost
	p.quality.lost = !carries
	if !carries {
		p.quality.told = QualityLost
	} else if was {
		p.quality.told, p.quality.born = QualityUnknown, 0
	}
	p.ctlMu.Unlock()
	if !carries && !was {
		p.events.post(QualityChanged{Quality: QualityLost})
	} else if carries && was {
		p.events.post(QualityChanged{Quality: QualityGood})
	}
}
