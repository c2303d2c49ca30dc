package forward

// catchUp is the timestamps of cached pictures on their way to a newcomer. They are sent
// within a few milliseconds; with their natural timestamps the receiver would take the
// live ones for early by the age of the group and hold them back as long.
type catchUp struct {
	on    bool
	still bool
	last  uint32 // incoming timestamp of the last cached picture
	end   uint32 // the outgoing one that belongs to it
	at    uint32 // outgoing, of the next cached picture
	step  uint32 // ticks between them
}

// CatchUp makes f the current stream at once, to be fed next with what Cache.Yield
// yields, from its first packet to its last, and then with live packets.
// The pictures described by g get timestamps close together that end with the last one's
// natural place, so that the receiver shows the newest at once and the live ones on time.
//
// If g is Still (a keyframe without those that followed), only that picture is forwarded and
// the rewriter is Waiting: live packets are left out until the next keyframe, since they
// can't be decoded.
func (r *Rewriter) CatchUp(f Feed, g Group) {
	r.Stop()
	r.feed = f
	frames := uint32(max(1, g.Frames))
	millisecond := max(1, r.rate()/1000)

	// The last cached picture's place: as long after what the line showed before as it came later.
	room := frames * millisecond
	if r.started {
		room = uint32(min(max(int64(frames), ticks(g.LastArrival.Sub(r.tsArrival), r.rate())), 1<<30))
	}
	step := min(millisecond, room/frames)
	r.catch = catchUp{
		on: true, still: g.Still, last: g.LastTimestamp,
		end: r.ts + room, step: step, at: r.ts + room - (frames-1)*step,
	}
}

// next is the outgoing timestamp for a picture with incoming timestamp ts.
func (c *catchUp) next(ts uint32) uint32 {
	if !newer(c.last, ts) { // the last, or a live one already
		c.on = false
		return c.end + (ts - c.last)
	}
	at := c.at
	if newer(c.end, at+c.step) {
		c.at += c.step
	}
	return at
}
