package sfu

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

const (
	keyframeGap   = int64(500 * time.Millisecond) // least time between requests for one layer
	keyframeRetry = int64(1 * time.Second)        // a request that nothing came of is repeated after
	layerIdle     = int64(1 * time.Second)        // a layer that sends nothing for so long is not there
	waitingGOP    = int64(4 * time.Second)        // age of pictures kept for someone in the waiting room
	stillMaxAge   = int64(30 * time.Second)       // a lone keyframe older than this is no first picture
	beginGap      = int64(250 * time.Millisecond) // least time between changes of a layer's SSRC or codec
)

// publication is one source of one page: one layer, or several of a picture (simulcast).
type publication struct {
	owner        *Participant
	line         *line
	video        bool
	on           atomic.Bool // the page's own wish
	layers       []*layer    // smallest first
	transportExt uint8
	levelExt     uint8

	// subs is replaced whole, under room.mu, and read per packet.
	subs atomic.Pointer[[]*downTrack]

	useful usefulness // the pulse's own
}

func newPublication(p *Participant, l *line) *publication {
	pub := &publication{
		owner: p, line: l, video: l.kind == "video",
		transportExt: l.ext(extTransport), levelExt: l.ext(extLevel),
	}
	pub.on.Store(l.source != Second)
	pub.subs.Store(&[]*downTrack{})
	rids := l.rids
	if len(rids) == 0 {
		rids = []string{""}
	}
	for i, rid := range rids {
		pub.layers = append(pub.layers, &layer{pub: pub, rid: rid, index: i})
	}
	return pub
}

func (pub *publication) simulcast() bool { return len(pub.layers) > 1 }

// identify says which stream of this publication a packet with a new SSRC begins, and in which
// codec; nil: none.
func (pub *publication) identify(pkt *forward.Packet) (*stream, *codec) {
	l := pub.line
	c, repair := l.codecOf(pkt.PayloadType)
	if c == nil {
		return nil, nil
	}
	if mid := pkt.Extension(l.ext(extMID)); mid != nil {
		if string(mid) != l.mid {
			return nil, nil
		}
	} else if !slices.Contains(l.ssrcs, pkt.SSRC) {
		return nil, nil
	}
	if !pub.simulcast() {
		return &stream{layer: pub.layers[0], repair: repair}, c
	}
	rid := pkt.Extension(l.ext(extRID))
	if repair {
		rid = pkt.Extension(l.ext(extRepaired))
	}
	for _, la := range pub.layers {
		if rid != nil && la.rid == string(rid) {
			return &stream{layer: la, repair: repair}, c
		}
	}
	return nil, nil
}

func (pub *publication) subscribe(dt *downTrack) {
	subs := append(slices.Clone(*pub.subs.Load()), dt)
	pub.subs.Store(&subs)
}

func (pub *publication) unsubscribe(dt *downTrack) {
	subs := slices.DeleteFunc(slices.Clone(*pub.subs.Load()), func(d *downTrack) bool { return d == dt })
	pub.subs.Store(&subs)
}

func (pub *publication) wantKeyframes(o *outbox) {
	if pub.video {
		for _, l := range pub.layers {
			l.wantKeyframe(o)
		}
	}
}

// layer is one incoming RTP stream of a publication.
type layer struct {
	pub   *publication
	rid   string
	index int

	mu        sync.Mutex
	key       forward.Key // 0: nothing has come yet
	begunAt   int64       // when key was given
	ssrc      uint32
	codec     *codec
	recv      *forward.Receiver
	cache     *forward.Cache
	width     int
	height    int
	bytes     int // since the last measure
	bitrate   forward.Bitrate
	lastAt    int64 // last packet
	lastKeyAt int64 // last keyframe's first packet
	askedAt   int64 // last keyframe request; 0: never
	wanted    bool  // a keyframe is wanted and has not come
	givenUp   uint64
	missing   []uint16 // scratch
}

// bind makes the layer that of a new SSRC: to those who are fed, another stream. It says false
// for a page that changes its mind more often than any browser has cause to.
func (l *layer) bind(ssrc uint32, c *codec, now int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.begin(c, now) {
		return false
	}
	l.ssrc, l.givenUp = ssrc, 0
	l.recv = forward.NewReceiver(c.clock)
	return true
}

// begin makes the layer another stream, of which nothing is known yet. It needs mu.
func (l *layer) begin(c *codec, now int64) bool {
	if l.key != 0 && now-l.begunAt < beginGap {
		return false
	}
	l.begunAt = now
	l.codec, l.cache, l.key = c, l.newCache(), l.pub.owner.room.nextKey()
	return true
}

func (l *layer) newCache() *forward.Cache {
	if l.pub.video {
		return forward.NewCache(forward.CacheConfig{})
	}
	return forward.NewCache(forward.CacheConfig{MaxPackets: 64})
}

// forget drops the cached pictures. It needs no lock held.
func (l *layer) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cache != nil {
		l.cache = l.newCache()
	}
}

// announce points those at a stream that has just begun who have nothing better, in time
// for its first packet, which is a keyframe's; the pulse chooses anew.
func (l *layer) announce(o *outbox) {
	for _, dt := range *l.pub.subs.Load() {
		dt.adopt(l, o)
		dt.p.dirty.Store(true)
	}
}

// receive counts a packet, caches it, and sends it on to those who want it.
func (l *layer) receive(pkt *forward.Packet, repair bool, o *outbox) {
	now := forward.Time(o.now)
	if !repair && l.recode(pkt.PayloadType, o.now) {
		l.announce(o)
	}
	l.mu.Lock()
	if l.key == 0 || !l.codec.carries(pkt.PayloadType, repair) {
		l.mu.Unlock()
		return
	}
	if repair {
		raw, err := forward.UnwrapRTX(pkt, l.ssrc, l.codec.pt)
		if err != nil || forward.Parse(raw, pkt) != nil {
			l.mu.Unlock()
			return
		}
	}
	var arrival forward.Arrival
	if repair {
		arrival = l.recv.Recovered(pkt, now)
	} else {
		arrival = l.recv.Receive(pkt, now)
	}
	if arrival == forward.Duplicate || arrival == forward.Stale {
		l.mu.Unlock()
		return
	}
	l.lastAt = o.now
	l.bytes += len(pkt.Raw)
	keyframe := l.pub.video && forward.Keyframe(l.codec.kind, pkt.Payload)
	if keyframe {
		l.wanted, l.lastKeyAt = false, o.now
		if w, h, ok := forward.FrameSize(l.codec.kind, pkt.Payload); ok {
			l.width, l.height = w, h
		}
	}
	l.cache.Put(pkt, keyframe, now)
	key := l.key
	// Loaded under mu: who is caught up from the cache gets each packet once, from there or from here.
	subs := *l.pub.subs.Load()
	l.mu.Unlock()

	p := l.pub.owner
	if !p.admitted.Load() || !l.pub.on.Load() {
		return
	}
	if id := l.pub.levelExt; id != 0 {
		if level, voice, ok := pkt.AudioLevel(id); ok {
			p.room.levels.Lock()
			p.room.speakers.Level(p.id, level, voice, now)
			p.room.levels.Unlock()
		}
	}
	for _, dt := range subs {
		if dt.forward(key, pkt, o) && arrival == forward.Late {
			dt.followUp(l, key, pkt.Sequence, o)
		}
	}
}

// recode takes note of a page that has changed codec on the same SSRC, and says whether it has.
func (l *layer) recode(pt uint8, now int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.key == 0 || l.codec.pt == pt {
		return false
	}
	c, repair := l.pub.line.codecOf(pt)
	if c == nil || repair {
		return false
	}
	was := l.codec.clock
	if !l.begin(c, now) {
		return false
	}
	if c.clock != was {
		l.recv = forward.NewReceiver(c.clock)
	}
	return true
}

// live says whether packets come. It needs mu.
func (l *layer) live(now int64) bool { return l.key != 0 && now-l.lastAt < layerIdle }

// state is what a subscriber must know to be fed from this layer.
func (l *layer) state(now int64) (key forward.Key, c *codec, m forward.Layer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m = forward.Layer{Width: l.width, Height: l.height}
	if l.live(now) {
		if m.Bitrate = l.bitrate; m.Bitrate == 0 {
			// Not measured yet: what our pages send on a layer of this place.
			m.Bitrate = forward.Bitrate(150_000) << (2 * min(l.index, 2))
		}
	}
	return l.key, l.codec, m
}

// measure needs the time since it was last called.
func (l *layer) measure(now int64, since time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	rate := forward.Bitrate(float64(l.bytes*8) / since.Seconds())
	l.bytes = 0
	if !l.live(now) {
		l.bitrate = 0
	} else if l.bitrate == 0 {
		l.bitrate = rate
	} else {
		l.bitrate = (3*l.bitrate + rate) / 4
	}
}

// wantKeyframe asks the page for a keyframe now, or as soon as the gap allows.
func (l *layer) wantKeyframe(o *outbox) {
	l.mu.Lock()
	l.wanted = true
	ssrc, due := l.keyframeDue(o.now)
	l.mu.Unlock()
	if due {
		l.askKeyframe(ssrc, o)
	}
}

// keyframeDue needs mu.
func (l *layer) keyframeDue(now int64) (ssrc uint32, due bool) {
	gap := keyframeGap
	if l.askedAt > l.lastKeyAt {
		gap = keyframeRetry // the last request is still open
	}
	if !l.wanted || !l.live(now) || l.askedAt != 0 && now-l.askedAt < gap {
		return 0, false
	}
	l.askedAt = now
	return l.ssrc, true
}

func (l *layer) askKeyframe(ssrc uint32, o *outbox) {
	p := l.pub.owner
	p.room.srv.counters.plis.Add(1)
	// RFC 4585 §6.3.1: a PLI names the media source only.
	p.t.sendRTCP(o, []rtcp.Packet{&rtcp.PictureLossIndication{SenderSSRC: p.ssrc, MediaSSRC: ssrc}})
}

// refresh asks for the keyframes that are due, and keeps a fresh small picture for those who
// wait outside so that their first one is there when they are let in.
func (l *layer) refresh(o *outbox, someoneWaits bool) {
	l.mu.Lock()
	if someoneWaits && l.index == 0 && l.lastKeyAt != 0 && o.now-l.lastKeyAt > waitingGOP {
		l.wanted = true
	}
	ssrc, due := l.keyframeDue(o.now)
	l.mu.Unlock()
	if due {
		l.askKeyframe(ssrc, o)
	}
}

// lost lists what to ask the page for again, and wants a keyframe where it is too late for that.
func (l *layer) lost(now int64, rtt time.Duration) (ssrc uint32, missing []uint16) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.key == 0 || l.codec.rtx == 0 {
		return 0, nil
	}
	l.missing = l.recv.Missing(forward.Time(now), rtt, l.missing[:0])
	if g := l.recv.GivenUp(); g > l.givenUp {
		l.givenUp, l.wanted = g, true
	}
	return l.ssrc, l.missing
}
