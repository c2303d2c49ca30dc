package forward

import "time"

// History remembers how the last packets of a line were made, so that a NACK can be answered
// from the publication's cache. 24 bytes a packet.
type History struct{}

// NewHistory remembers size packets (rounded up to a power of two; 0 means 1024). Memory
// grows with use.
func NewHistory(size int) *History { panic("todo") }

// Add remembers the packet made under h, sent at now.
func (s *History) Add(h *Header, now Time) { panic("todo") }

// Resend finds how the packet with the line's sequence number seq was made. It says false
// if that is forgotten, or if the packet was sent less than gap ago (a round trip:
// the first answer may still be under way), and counts the packet as sent now otherwise.
func (s *History) Resend(seq uint16, now Time, gap time.Duration, h *Header) bool { panic("todo") }
