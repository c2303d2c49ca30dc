package sfu

import (
	"time"

	"github.com/samkonsult/samkonsult/sfu/forward"
)

const (
	measureEvery = 25 * pulseEvery
	soundBitrate = forward.Bitrate(48_000) // set aside for each sound that is on a line

	// narrow is a way on which a call of three is visibly worse than it could be. Above it,
	// pictures that are smaller than wished are our caution more often than the network's fault.
	narrow = forward.Bitrate(1_000_000)

	offAfter = forward.Time(4 * time.Second) // a layer that nobody wants is switched off after

	probeFor   = forward.Time(measureEvery)    // so that a probe is measured whole
	probeFirst = forward.Time(2 * time.Second) // between probes at first,
	probeLast  = forward.Time(8 * time.Second) // and in the end, when none has helped
)

// allocate chooses each video line's layer so that all fit into what the page can receive.
func (p *Participant) allocate(o *outbox, now forward.Time) {
	p.ctlMu.Lock()
	budget := p.estimate.Bitrate(now)
	p.ctlMu.Unlock()
	var demands []forward.Demand
	var of []*downTrack
	for _, dt := range p.tracks {
		dt.mu.Lock()
		pub, wish, memo := dt.on, dt.wish, dt.memo
		dt.mu.Unlock()
		if pub == nil {
			continue
		}
		if !pub.video {
			budget -= min(soundBitrate, budget)
			dt.retarget(o)
			continue
		}
		memo.Wish, memo.Layers = wish, nil
		if pub.on.Load() {
			for _, l := range pub.layers {
				_, _, m := l.state(o.now)
				memo.Layers = append(memo.Layers, m)
			}
		}
		demands, of = append(demands, memo), append(of, dt)
	}
	forward.Choose(demands, budget, now, forward.ChooseConfig{})
	short, silent := false, len(demands) > 0
	for i, dt := range of {
		d := demands[i]
		wanted := forward.Wanted(&d)
		if wanted > d.Layer && d.Layers[wanted].Bitrate > 0 {
			short = true
		}
		if wanted == forward.Paused || d.Layer != forward.Paused {
			silent = false
		}
		dt.mu.Lock()
		dt.layer, dt.want, dt.memo = d.Layer, wanted, d
		dt.mu.Unlock()
		dt.retarget(o)
	}
	p.ctlMu.Lock()
	p.prober.short = short
	p.ctlMu.Unlock()
	p.judge(short && budget < narrow, silent && short, now)
}

// byteMeter keeps the bitrate that was sent to a page.
type byteMeter struct{ rate forward.Bitrate }

// measure is called about once every measureEvery; a machine that is busy is late.
func (p *Participant) measure(now forward.Time) {
	since := measureEvery
	if p.measured != 0 {
		since = max(now.Sub(p.measured), pulseEvery)
	}
	p.measured = now
	for _, pub := range p.pubs {
		if pub != nil {
			for _, l := range pub.layers {
				l.measure(int64(now), since)
			}
		}
	}
	var sum forward.Bitrate
	for _, dt := range p.tracks {
		sum += dt.measure(since)
	}
	p.ctlMu.Lock()
	p.sent.rate = sum
	p.estimate.Sent(sum, now)
	p.ctlMu.Unlock()
}

// prober finds out whether more would fit, by padding on the repair stream: a receiver that
// is sent little can't know that it could take much.
type prober struct {
	short bool // a picture is smaller than wished, for want of bits
	until forward.Time
	next  forward.Time
	gap   forward.Time
	base  forward.Bitrate // sent when the probe began
	owed  float64         // bytes of padding due
	was   forward.Bitrate
}

// due says how many bytes of padding to send in this pulse. measured: it is the first one
// after a measure, when a probe may begin.
func (b *prober) due(estimate, sent forward.Bitrate, lossy, measured bool, now forward.Time) int {
	if b.gap == 0 {
		b.gap = probeFirst
	}
	switch {
	case !b.short || lossy:
		b.until, b.owed = 0, 0
		return 0
	case now < b.until:
		// Together with the media twice what is believed: what is lost by it is half a second.
		target := 2 * estimate
		b.owed += (float64(target) - float64(min(b.base, target))) / 8 * pulseEvery.Seconds()
		n := int(b.owed)
		b.owed -= float64(n)
		return n
	case now < b.next || !measured:
		return 0
	}
	if b.was != 0 && estimate <= b.was+b.was/20 {
		b.gap = min(b.gap*2, probeLast) // the last one did not help
	} else {
		b.gap = probeFirst
	}
	b.was, b.base, b.until, b.next = estimate, sent, now+probeFor, now+probeFor+b.gap
	return 0
}

func (p *Participant) probe(o *outbox, measured bool, now forward.Time) {
	p.ctlMu.Lock()
	n := p.prober.due(p.estimate.Bitrate(now), p.sent.rate, p.loss.downEwma > 0.03, measured, now)
	p.ctlMu.Unlock()
	if n == 0 {
		return
	}
	for _, dt := range p.tracks {
		if dt.repair != 0 && dt.pad(n, o) {
			return
		}
	}
}

// pad sends n bytes of padding on the line's repair stream; false if the line has none yet.
func (dt *downTrack) pad(n int, o *outbox) bool {
	for ; n > 0; n -= 255 {
		buf := o.next()
		dt.mu.Lock()
		out := dt.rw.AppendPadding(buf[:0], min(n, 255), forward.Time(o.now))
		dt.bytes += len(out)
		dt.mu.Unlock()
		if len(out) == 0 {
			return false
		}
		dt.p.t.sendRTP(o, buf, len(out), picture)
	}
	return true
}

// usefulness is what the page was last told about a publication's layers.
type usefulness struct {
	told   bool
	on     [3]bool
	idleAt [3]forward.Time // since when nobody has wanted it; 0: someone does
	codec  forward.Codec
}

// tellUseful switches layers off that nobody looks at, and on again at once when someone does.
func (p *Participant) tellUseful(members []*Participant, now forward.Time) {
	for _, pub := range p.pubs {
		if pub == nil || !pub.video {
			continue
		}
		useful := make([]bool, len(pub.layers))
		if p.admitted.Load() {
			forward.Useful(pub.demands(int64(now)), useful)
			pub.stepsDown(useful)
		}
		if pub.simulcast() {
			useful[0] = true // kept on, so that there is always a picture to begin with
		}
		c := p.commonCodec(pub, members)
		u := &pub.useful
		changed := !u.told || u.codec != c
		for i, is := range useful {
			switch {
			case is && !u.on[i]:
				u.on[i], u.idleAt[i], changed = true, 0, true
			case is:
				u.idleAt[i] = 0
			case u.on[i] && u.idleAt[i] == 0:
				u.idleAt[i] = now
			case u.on[i] && now-u.idleAt[i] > offAfter:
				u.on[i], changed = false, true
			}
		}
		if !changed {
			continue
		}
		u.told, u.codec = true, c
		ev := SendChanged{Source: pub.line.source, Codec: c.String()}
		if pub.simulcast() {
			for i, l := range pub.layers {
				if u.on[i] {
					ev.RIDs = append(ev.RIDs, l.rid)
				}
			}
		}
		p.events.post(ev)
	}
}

// demands are what all who see the publication wish of it.
func (pub *publication) demands(now int64) []forward.Demand {
	layers := make([]forward.Layer, len(pub.layers))
	for i, l := range pub.layers {
		_, _, layers[i] = l.state(now)
	}
	var out []forward.Demand
	for _, dt := range *pub.subs.Load() {
		dt.mu.Lock()
		out = append(out, forward.Demand{Layers: layers, Wish: dt.wish, Layer: dt.layer})
		dt.mu.Unlock()
	}
	return out
}

// stepsDown keeps the layers in between for those who can't be sent the one that they wish.
func (pub *publication) stepsDown(useful []bool) {
	for _, dt := range *pub.subs.Load() {
		dt.mu.Lock()
		layer, want := dt.layer, dt.want
		dt.mu.Unlock()
		for i := max(layer, 0); layer < want && i < want && i < len(useful); i++ {
			useful[i] = true
		}
	}
}

// commonCodec is the most preferred one that the page sends on the line and that all the others decode.
func (p *Participant) commonCodec(pub *publication, members []*Participant) forward.Codec {
	for _, c := range pub.line.codecs {
		all := true
		for _, m := range members {
			if m != p && m.admitted.Load() && !m.decodes(c.kind) {
				all = false
			}
		}
		if all {
			return c.kind
		}
	}
	return pub.line.codecs[0].kind
}

func (p *Participant) decodes(c forward.Codec) bool {
	for _, dt := range p.tracks {
		if dt.line.kind == "video" && dt.line.codec(c) == nil {
			return false
		}
	}
	return true
}
