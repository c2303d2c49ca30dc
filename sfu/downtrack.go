package sfu

import (
	"crypto/rand"
	"encoding/binary"
	"sync"
	"time"

	"github.com/samkonsult/samkonsult/sfu/forward"
)

// downTrack is one receiving line of a page: one continuous RTP stream, whoever is on it.
type downTrack struct {
	p            *Participant // whose page
	line         *line
	ssrc, repair uint32
	urgency      urgency

	pub     *publication // who is on it; nil: nobody. Guarded by room.mu.
	started bool         // subscribed to pub: the page is connected. Guarded by room.mu.

	mu    sync.Mutex
	rw    *forward.Rewriter
	hist  *forward.History
	hdr   forward.Header // scratch
	wish  forward.Wish
	layer int             // what the allocator chose; forward.Paused: nothing
	want  int             // what it would choose if bits were free
	on    *publication    // as pub, for those who don't hold room.mu
	memo  forward.Demand  // kept for the allocator between its choices
	bytes int             // sent since the last measure
	rate  forward.Bitrate // measured
}

func newDownTrack(p *Participant, l *line) *downTrack {
	dt := &downTrack{p: p, line: l, ssrc: randomSSRC(), layer: forward.Paused}
	dt.wish = forward.Wish{Visible: true}
	history := 64
	if l.kind == "video" {
		dt.urgency, history = picture, 1024
		for _, c := range l.codecs {
			if c.rtx != 0 {
				dt.repair = randomSSRC()
			}
		}
	}
	var b [12]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	dt.rw = forward.NewRewriter(forward.LineConfig{
		SSRC: dt.ssrc, RTXSSRC: dt.repair, AbsSendTime: l.ext(extSendTime), AudioLevel: l.ext(extLevel),
		Sequence: binary.BigEndian.Uint16(b[0:]) >> 1, RTXSequence: binary.BigEndian.Uint16(b[2:]) >> 1,
		Timestamp: binary.BigEndian.Uint32(b[4:]), PictureID: binary.BigEndian.Uint16(b[8:]) >> 1,
	})
	dt.hist = forward.NewHistory(history)
	return dt
}

// attach puts a publication on the line, or nobody. It needs room.mu.
func (dt *downTrack) attach(pub *publication) {
	if dt.pub == pub {
		return
	}
	dt.halt()
	dt.pub = pub
	dt.mu.Lock()
	dt.rw.Stop()
	dt.on, dt.layer, dt.memo = pub, forward.Paused, forward.Demand{Layer: forward.Paused}
	dt.mu.Unlock()
}

// halt unsubscribes the line from what stays on it. It needs room.mu.
func (dt *downTrack) halt() {
	if dt.started {
		dt.pub.unsubscribe(dt)
	}
	dt.started = false
}

// start subscribes the line to what is on it, from the cached pictures on. It needs room.mu.
func (dt *downTrack) start(o *outbox) {
	if dt.pub == nil || dt.started {
		return
	}
	dt.started = true
	dt.p.dirty.Store(true)
	if !dt.pub.video || !dt.pub.on.Load() || !dt.catchUp(o) {
		dt.pub.subscribe(dt)
		dt.retarget(o)
	}
}

// catchUp feeds the line the newest whole group of pictures there is, or else the newest
// single one, of the largest layer that has it, and subscribes it from there on.
func (dt *downTrack) catchUp(o *outbox) bool {
	for _, still := range []bool{false, true} {
		for i := len(dt.pub.layers) - 1; i >= 0; i-- {
			if l := dt.pub.layers[i]; dt.catchUpFrom(l, still, o) {
				if still {
					l.wantKeyframe(o)
				}
				return true
			}
		}
	}
	return false
}

func (dt *downTrack) catchUpFrom(l *layer, still bool, o *outbox) bool {
	// Held until the line is subscribed, so that no packet is fed twice or not at all.
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.live(o.now) {
		return false
	}
	g, ok := l.cache.Last()
	if !ok || g.Still != still || o.now-int64(g.LastArrival) > stillMaxAge {
		return false
	}
	f, ok := dt.feed(l.key, l.codec)
	if !ok {
		return false
	}
	dt.mu.Lock()
	dt.layer = l.index
	dt.rw.CatchUp(f, g)
	dt.mu.Unlock()
	var pkt forward.Packet
	l.cache.Yield(g, func(raw []byte, arrival forward.Time) bool {
		if forward.Parse(raw, &pkt) == nil {
			dt.forwardAt(l.key, &pkt, arrival, o)
		}
		return true
	})
	dt.pub.subscribe(dt)
	return true
}

// adopt points the line at a layer that has just begun, if it shows that one or nothing yet.
func (dt *downTrack) adopt(l *layer, o *outbox) {
	dt.mu.Lock()
	mine := dt.on == l.pub && (dt.layer == l.index || dt.layer == forward.Paused && dt.wish.Visible)
	if mine {
		dt.layer = l.index
	}
	dt.mu.Unlock()
	if mine {
		dt.retarget(o)
	}
}

// feed says how a stream is written on this line; false if the page did not offer its codec.
func (dt *downTrack) feed(key forward.Key, c *codec) (forward.Feed, bool) {
	if key == 0 || c == nil {
		return forward.Feed{}, false
	}
	mine := dt.line.codec(c.kind)
	if mine == nil {
		return forward.Feed{}, false
	}
	f := forward.Feed{Key: key, Codec: c.kind, ClockRate: c.clock, PayloadType: mine.pt, RTXPayloadType: mine.rtx}
	return f, true
}

// retarget points the line at the layer that was chosen for it, or stops it.
func (dt *downTrack) retarget(o *outbox) {
	dt.mu.Lock()
	pub, index := dt.on, dt.layer
	dt.mu.Unlock()
	if pub == nil {
		return
	}
	if !pub.video {
		index = 0
	}
	var l *layer
	var f forward.Feed
	ok := false
	if index >= 0 && index < len(pub.layers) && pub.on.Load() {
		l = pub.layers[index]
		key, c, _ := l.state(o.now)
		f, ok = dt.feed(key, c)
	}
	dt.mu.Lock()
	switch {
	case dt.on != pub: // changed hands meanwhile
	case !ok:
		dt.rw.Stop()
	case dt.rw.Target() != f.Key:
		dt.rw.SwitchTo(f)
	}
	waiting := ok && dt.on == pub && dt.rw.Waiting()
	dt.mu.Unlock()
	if waiting && pub.video {
		l.wantKeyframe(o)
	}
}

// forward sends a live packet of stream key on, if it is what this line shows, and says
// whether the line has switched to that stream with it.
func (dt *downTrack) forward(key forward.Key, pkt *forward.Packet, o *outbox) (switched bool) {
	return dt.forwardAt(key, pkt, forward.Time(o.now), o)
}

func (dt *downTrack) forwardAt(key forward.Key, pkt *forward.Packet, arrival forward.Time, o *outbox) (switched bool) {
	dt.mu.Lock()
	was := dt.rw.Current()
	if key != was && key != dt.rw.Target() || !dt.rw.Rewrite(pkt, key, arrival, &dt.hdr) {
		dt.mu.Unlock()
		return false
	}
	buf := o.next()
	out := dt.rw.Append(buf[:0], &dt.hdr, pkt, forward.Time(o.now))
	dt.hist.Add(&dt.hdr, forward.Time(o.now))
	dt.bytes += len(out)
	dt.mu.Unlock()
	if dt.p.t.sendRTP(o, buf, len(out), dt.urgency) {
		dt.p.room.srv.counters.out.Add(1)
	}
	return key != was
}

// followUp feeds what came behind a keyframe whose first packet was late: the line could
// not switch before it, and nobody would send the rest again.
func (dt *downTrack) followUp(l *layer, key forward.Key, seq uint16, o *outbox) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.key != key {
		return
	}
	var pkt forward.Packet
	l.cache.Since(seq, func(raw []byte, arrival forward.Time) bool {
		if forward.Parse(raw, &pkt) == nil {
			dt.forwardAt(key, &pkt, arrival, o)
		}
		return true
	})
}

// resend answers a NACK out of the publication's cache (RFC 4588), with so many bytes at most,
// and returns with how many.
func (dt *downTrack) resend(seqs []uint16, gap time.Duration, most int, o *outbox) (sent int) {
	dt.mu.Lock()
	pub := dt.on
	dt.mu.Unlock()
	if pub == nil || dt.repair == 0 {
		return 0
	}
	var pkt forward.Packet
	for _, seq := range seqs {
		if sent >= most {
			break
		}
		var h forward.Header
		dt.mu.Lock()
		ok := dt.hist.Resend(seq, forward.Time(o.now), gap, &h)
		dt.mu.Unlock()
		if !ok {
			continue
		}
		if buf, n := dt.rebuild(pub, &h, &pkt, o); n > 0 && dt.p.t.sendRTP(o, buf, n, dt.urgency) {
			dt.p.room.srv.counters.resent.Add(1)
			sent += n
		}
	}
	return sent
}

// rebuild makes a packet again from the cache of the layer it came from.
func (dt *downTrack) rebuild(pub *publication, h *forward.Header, pkt *forward.Packet, o *outbox) ([]byte, int) {
	for _, l := range pub.layers {
		l.mu.Lock()
		if l.key == h.Key {
			defer l.mu.Unlock() // the packet points into the cache
			raw := l.cache.Get(h.InSequence)
			if raw == nil || forward.Parse(raw, pkt) != nil {
				return nil, 0
			}
			buf := o.next()
			dt.mu.Lock()
			out := dt.rw.AppendRTX(buf[:0], h, pkt, forward.Time(o.now))
			dt.bytes += len(out)
			dt.mu.Unlock()
			return buf, len(out)
		}
		l.mu.Unlock()
	}
	return nil, 0
}

func (dt *downTrack) setWish(w forward.Wish) {
	dt.mu.Lock()
	dt.wish = w
	dt.mu.Unlock()
}

func (dt *downTrack) measure(since time.Duration) forward.Bitrate {
	dt.mu.Lock()
	defer dt.mu.Unlock()
	dt.rate = forward.Bitrate(float64(dt.bytes*8) / since.Seconds())
	dt.bytes = 0
	return dt.rate
}
