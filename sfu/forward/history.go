package forward

import "time"

// History remembers how the last packets of a line were made, so that a NACK can be answered
// from the publication's cache. 24 bytes a packet.
type History struct {
	ring []sentPacket // by Sequence; its length is a power of two
	max  int
}

type sentPacket struct {
	Header
	sent uint32 // milliseconds, modulo 2³²
}

const (
	flagKept = 1 << 7 // the ring's place is taken

	historyMin = 64
	historyMax = 1024
	// historyAge: the ring grows while what it would forget is younger. A receiver that has not
	// asked by then has given up.
	historyAge = 2 * time.Second
)

// NewHistory remembers at most size packets (rounded up to a power of two from 64 to 32768; 0 means
// 1024). It takes memory as the line needs it.
func NewHistory(size int) *History {
	if size <= 0 {
		size = historyMax
	}
	s := &History{max: historyMin}
	for s.max < size && s.max < 1<<15 {
		s.max *= 2
	}
	return s
}

// Add remembers the packet made under h, sent at now.
func (s *History) Add(h *Header, now Time) {
	ms := uint32(now / 1e6)
	if len(s.ring) == 0 {
		s.ring = make([]sentPacket, historyMin)
	}
	e := s.at(h.Sequence)
	if e.flags&flagKept != 0 && e.Sequence != h.Sequence {
		d := int(int16(e.Sequence - h.Sequence))
		if d > 0 && d <= len(s.ring) {
			return // a late packet must not push out a newer one
		}
		if len(s.ring) < s.max && time.Duration(ms-e.sent)*time.Millisecond < historyAge {
			s.grow()
			e = s.at(h.Sequence)
		}
	}
	e.Header, e.sent = *h, ms
	e.flags |= flagKept
}

func (s *History) at(seq uint16) *sentPacket { return &s.ring[int(seq)&(len(s.ring)-1)] }

func (s *History) grow() {
	old := s.ring
	s.ring = make([]sentPacket, 2*len(old))
	for i := range old {
		if old[i].flags&flagKept != 0 {
			*s.at(old[i].Sequence) = old[i]
		}
	}
}

// Resend finds how the packet with the line's sequence number seq was made. It says false
// if that is forgotten, or if the packet was sent less than gap ago (a round trip:
// the first answer may still be under way), and counts the packet as sent now otherwise.
func (s *History) Resend(seq uint16, now Time, gap time.Duration, h *Header) bool {
	if len(s.ring) == 0 {
		return false
	}
	e := s.at(seq)
	if e.flags&flagKept == 0 || e.Sequence != seq {
		return false
	}
	ms := uint32(now / 1e6)
	if time.Duration(ms-e.sent)*time.Millisecond < gap {
		return false
	}
	e.sent = ms
	*h = e.Header
	h.flags &^= flagKept
	return true
}
