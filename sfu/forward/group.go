package forward

// Group describes the pictures that Cache.Yield would yield.
type Group struct {
	Packets       int
	Frames        int    // pictures, the last perhaps still coming in
	First         uint16 // sequence numbers
	Last          uint16
	LastTimestamp uint32 // of the last picture
	LastArrival   Time   // of that picture's first packet
	Still         bool   // a keyframe whose successors are missing or too many
}

// Last describes what a newcomer should be fed: the whole last group of pictures if
// it is complete and short enough, else the last keyframe alone (Still) if that is
// complete, else nothing.
func (c *Cache) Last() (Group, bool) {
	if !c.keyed {
		return Group{}, false
	}
	if int(c.newest-c.key) < c.cfg.GOPPackets {
		if g, ok := c.group(c.newest, false); ok {
			return g, true
		}
	}
	return c.group(c.newest, true)
}

// group walks from the keyframe to the packet last, or to the keyframe's own end.
func (c *Cache) group(last uint16, still bool) (Group, bool) {
	g := Group{First: c.key, Still: still}
	for seq := c.key; ; seq++ {
		e := c.find(seq)
		if e == nil || still && e.ts != c.keyTS {
			return Group{}, false
		}
		if g.Packets == 0 || e.ts != g.LastTimestamp {
			g.Frames++
			g.LastTimestamp, g.LastArrival = e.ts, e.arrival
		}
		g.Packets++
		g.Last = seq
		if seq == last || still && e.marker {
			return g, !still || e.marker
		}
	}
}

// Yield calls f for the packets of the group in order until f says false. The
// packets point into the cache: no Put meanwhile.
func (c *Cache) Yield(g Group, f func(pkt []byte, arrival Time) bool) {
	for i := range g.Packets {
		e := c.find(g.First + uint16(i))
		if e == nil || !f(c.packet(e), e.arrival) {
			return
		}
	}
}
