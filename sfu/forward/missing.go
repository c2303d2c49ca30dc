package forward

import "time"

const (
	maxMissing = 128 // more at once is an outage: a keyframe is cheaper

	// A packet may come late by itself: it is asked for when one or two more came, or a moment passed.
	reorderPackets = 2
	reorderTime    = 10 * time.Millisecond

	maxTries    = 8
	maxAge      = time.Second // older is no use to anyone who watches live
	leastAgain  = 20 * time.Millisecond
	rttTolerant = 5 * time.Millisecond // answers come unevenly
)

// missing is the packets that should have come, oldest first.
type missing struct {
	lost    [maxMissing]lost
	n       int
	givenUp uint64
}

type lost struct {
	seq   uint32 // extended
	tries uint32
	since Time // noticed
	asked Time // last
}

// add notes that seq, newer than all before, is missing.
func (m *missing) add(seq uint32, now Time) {
	if m.n == len(m.lost) {
		copy(m.lost[:], m.lost[1:])
		m.n--
		m.givenUp++
	}
	m.lost[m.n] = lost{seq: seq, since: now}
	m.n++
}

// skip is add for so many that each would push out another, maxMissing more to follow: one by one
// they would cost a sender of jumping numbers nothing, and us a hundred times a packet's way.
func (m *missing) skip(n uint64) {
	m.givenUp += uint64(m.n) + n
	m.n = 0
}

func (m *missing) remove(seq uint32) {
	for i := range m.n {
		if m.lost[i].seq == seq {
			copy(m.lost[i:m.n], m.lost[i+1:m.n])
			m.n--
			return
		}
	}
}

// due appends what to ask for, and lets go of what is hopeless.
func (m *missing) due(newest uint32, now Time, rtt time.Duration, out []uint16) []uint16 {
	again := max(rtt+rttTolerant, leastAgain)
	kept := 0
	for i := range m.n {
		l := m.lost[i]
		ask := false
		switch {
		case now.Sub(l.since) >= maxAge || l.tries >= maxTries && now.Sub(l.asked) >= again:
			m.givenUp++
			continue
		case l.tries == 0:
			ask = newest-l.seq >= reorderPackets || now.Sub(l.since) >= reorderTime
		case l.tries < maxTries:
			ask = now.Sub(l.asked) >= again
		}
		if ask {
			l.tries++
			l.asked = now
			out = append(out, uint16(l.seq))
		}
		m.lost[kept] = l
		kept++
	}
	m.n = kept
	return out
}
