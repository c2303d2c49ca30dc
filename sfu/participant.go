package sfu

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

// Participant is one connected page.
type Participant struct {
	room     *Room
	id       ParticipantID
	t        *transport
	offer    *offer
	events   events
	ssrc     uint32 // of our RTCP
	admitted atomic.Bool
	dirty    atomic.Bool // layers must be chosen at the next pulse

	pubs   [3]*publication // by Source; nil where the offer has no such line
	tracks []*downTrack    // receiving lines, in the offer's order
	sounds []*downTrack    // of tracks: sound, by place
	views  []*downTrack    // of tracks: cameras, by place
	extras []*downTrack    // of tracks: second pictures

	// places says who is on the lines of each place: sounds[i] and views[i]. Guarded by room.mu.
	places []ParticipantID

	inMu    sync.Mutex
	streams map[uint32]*stream // by SSRC; one of each layer, and one that repairs it
	twcc    *twcc.Recorder
	arrived bool   // something was recorded since the last feedback
	twccSeq uint16 // newest that was recorded, at twccAt; 0: none was
	twccAt  int64

	// ctlMu guards what reports and the pulse know of this page's network.
	ctlMu    sync.Mutex
	estimate *forward.Estimate
	rtt      time.Duration // smoothed; 0: not known yet
	loss     lossMeter
	delay    delayMeter
	clock    senderClock
	sent     byteMeter
	prober   prober
	resends  allowance
	quality  qualityMeter

	// The pulse's own.
	beat     uint64          // counts its pulses, from a place of its own
	spoke    []ParticipantID // who speaks, as last told here
	measured forward.Time    // when measure was last called; 0: never

	closeOnce sync.Once
}

// stream is an incoming SSRC: a layer, or the layer's retransmissions.
type stream struct {
	layer  *layer
	repair bool
}

func newParticipant(r *Room, cfg JoinConfig, o *offer) *Participant {
	p := &Participant{
		room: r, id: cfg.ID, offer: o, events: events{deliver: cfg.Events}, ssrc: randomSSRC(),
		streams:  map[uint32]*stream{},
		estimate: forward.NewEstimate(forward.EstimateConfig{Start: 3_000_000}),
	}
	p.twcc = twcc.NewRecorder(p.ssrc)
	p.admitted.Store(cfg.Admitted)
	p.t = newTransport(r.srv, o.fingerprint, p)
	for i := range o.lines {
		l := &o.lines[i]
		switch {
		case !l.used:
		case l.sends:
			p.pubs[l.source] = newPublication(p, l)
		default:
			dt := newDownTrack(p, l)
			p.tracks = append(p.tracks, dt)
			if l.kind == "audio" {
				p.sounds = append(p.sounds, dt)
			}
		}
	}
	// As many cameras as there are sounds; what is left carries second pictures.
	for _, dt := range p.tracks {
		switch {
		case dt.line.kind == "audio":
		case len(p.views) < len(p.sounds):
			p.views = append(p.views, dt)
		default:
			p.extras = append(p.extras, dt)
		}
	}
	p.places = make([]ParticipantID, len(p.sounds))
	return p
}

func randomSSRC() uint32 {
	var b [4]byte
	rand.Read(b[:])                          // never fails (crypto/rand)
	return binary.BigEndian.Uint32(b[:]) | 1 // never 0
}

func (p *Participant) makeAnswer() string {
	out := map[string]outgoing{}
	name := func(prefix string, tracks []*downTrack) {
		for i, dt := range tracks {
			out[dt.line.mid] = outgoing{ssrc: dt.ssrc, repair: dt.repair, stream: fmt.Sprintf("%s%d", prefix, i)}
		}
	}
	name("p", p.sounds)
	name("p", p.views)
	name("s", p.extras)
	s := p.room.srv
	return p.offer.answer(answerConfig{
		ufrag: p.t.ice.ufrag, pwd: p.t.ice.pwd, fingerprint: s.fingerprint,
		addrs: s.addrs, udp: s.UDPAddr().Port(), tcp: s.tcpPort, out: out,
	})
}

// takeOver keeps what the participant's old page had: its place with the others is kept
// by its id, and here whom it saw where, and what was on. It needs room.mu.
func (p *Participant) takeOver(old *Participant) {
	copy(p.places, old.places)
	for src, pub := range p.pubs {
		if was := old.pubs[src]; pub != nil && was != nil {
			pub.on.Store(was.on.Load())
		}
	}
	old.unsubscribeAll()
}

// Admit lets media flow both ways: the newcomer sees the others from their cached pictures
// on. The newcomer's own pictures of the waiting room, where nobody was to see them, are dropped.
// Its error wraps ErrRoomFull: then the newcomer still waits.
func (p *Participant) Admit() error {
	if p.admitted.Load() {
		return nil
	}
	for _, pub := range p.pubs {
		if pub != nil {
			for _, l := range pub.layers {
				l.forget()
			}
		}
	}
	r := p.room
	r.mu.Lock()
	if p.admitted.Load() { // by another, a moment ago
		r.mu.Unlock()
		return nil
	}
	if here, _ := r.count(p); here >= MaxParticipants {
		r.mu.Unlock()
		return fmt.Errorf("admit %s to room %s: %w", p.id, r.id, ErrRoomFull)
	}
	p.admitted.Store(true)
	o := r.srv.outbox()
	touched := r.assign(o)
	r.mu.Unlock()
	for _, pub := range p.pubs {
		if pub != nil {
			pub.wantKeyframes(o)
		}
	}
	r.srv.flush(o)
	p.dirty.Store(true)
	drain(touched)
	return nil
}

// Publish tells whether a source is on. A second picture gets a line at the others only
// while it is on; a microphone or camera that is off keeps its line and forwards nothing.
func (p *Participant) Publish(src Source, on bool) {
	if int(src) >= len(p.pubs) || p.pubs[src] == nil || p.pubs[src].on.Swap(on) == on {
		return
	}
	r := p.room
	r.mu.Lock()
	o := r.srv.outbox()
	touched := r.assign(o)
	for _, dt := range *p.pubs[src].subs.Load() {
		dt.p.dirty.Store(true)
	}
	r.mu.Unlock()
	if src == Microphone && !on {
		r.levels.Lock()
		r.speakers.Remove(p.id)
		r.levels.Unlock()
	}
	if on {
		p.pubs[src].wantKeyframes(o)
	}
	r.srv.flush(o)
	drain(touched)
}

// Want replaces the wishes for the video lines it names.
// It returns ErrNoLine, wrapped, for a line that is not a receiving video line, and changes nothing then.
func (p *Participant) Want(wishes []Wish) error {
	found := make([]*downTrack, len(wishes))
	for i, w := range wishes {
		n := slices.IndexFunc(p.tracks, func(dt *downTrack) bool { return dt.line.mid == w.MID && dt.line.kind == "video" })
		if n < 0 {
			return fmt.Errorf("mid %q: %w", w.MID, ErrNoLine)
		}
		found[i] = p.tracks[n]
	}
	for i, w := range wishes {
		found[i].setWish(forward.Wish{Visible: w.Visible, Chosen: w.Chosen, Width: w.Width, Height: w.Height})
	}
	p.dirty.Store(true)
	return nil
}

// Alive says whether the transport is connected, or still connecting.
func (p *Participant) Alive() bool { return p.t.currentState() != transportFailed }

// Close ends the participant and waits until all it started is gone.
func (p *Participant) Close() {
	p.room.leave(p)
	p.end()
}

func (p *Participant) end() { p.closeOnce.Do(p.t.close) }

// transportState is called by the transport.
func (p *Participant) transportState(s transportState) {
	switch s {
	case transportConnected:
		p.room.mu.Lock()
		o := p.room.srv.outbox()
		if p.room.members[p.id] == p && p.admitted.Load() {
			for _, dt := range p.tracks {
				dt.start(o)
			}
		}
		p.room.mu.Unlock()
		p.room.srv.flush(o)
		p.dirty.Store(true)
		p.events.post(Connected{})
	case transportDisconnected:
		p.events.post(Disconnected{})
	case transportFailed:
		p.room.mu.Lock()
		for _, dt := range p.tracks {
			dt.halt()
		}
		p.room.mu.Unlock()
		p.events.post(Failed{})
	}
	p.setQuality(s == transportConnected)
}

// settle is called by the transport.
func (p *Participant) settle() { p.events.drain() }

// rtp takes a decrypted packet from the transport.
func (p *Participant) rtp(raw []byte, o *outbox) {
	pkt := &o.pkt
	if forward.Parse(raw, pkt) != nil {
		return
	}
	p.inMu.Lock()
	s := p.streams[pkt.SSRC]
	fresh := s == nil
	if fresh {
		s = p.bind(pkt, o.now)
	}
	if s == nil {
		p.inMu.Unlock()
		return
	}
	if id := s.layer.pub.transportExt; id != 0 {
		if e := pkt.Extension(id); len(e) == 2 {
			p.arrive(pkt.SSRC, binary.BigEndian.Uint16(e), o.now)
		}
	}
	p.inMu.Unlock()
	p.room.srv.counters.in.Add(1)
	if fresh && !s.repair {
		s.layer.announce(o)
	}
	s.layer.receive(pkt, s.repair, o)
}

const (
	// twccJump is how far transport-wide numbers may jump at once. The recorder walks over all
	// that lies between.
	twccJump = 2048
	twccGap  = int64(500 * time.Millisecond) // after a silence of that long they may be anywhere
)

// arrive records when a packet came, by its transport-wide number. It needs inMu.
func (p *Participant) arrive(ssrc uint32, seq uint16, now int64) {
	d := int16(seq - p.twccSeq)
	switch far := d > twccJump || d < -twccJump; {
	case far && p.twccAt != 0 && now-p.twccAt < twccGap:
		return
	case far || d > 0 || p.twccAt == 0:
		p.twccSeq, p.twccAt = seq, now
	}
	p.twcc.Record(ssrc, seq, now/1000)
	p.arrived = true
}

// bind finds out what a new SSRC is, by the names in its header extensions (RFC 9143
// §9.2, RFC 8852) or as the offer declared it. It needs inMu.
func (p *Participant) bind(pkt *forward.Packet, now int64) *stream {
	for _, pub := range p.pubs {
		if pub == nil {
			continue
		}
		s, c := pub.identify(pkt)
		if s == nil {
			continue
		}
		if !s.repair && !s.layer.bind(pkt.SSRC, c, now) {
			return nil
		}
		for ssrc, was := range p.streams { // the stream's SSRC has changed
			if *was == *s {
				delete(p.streams, ssrc)
			}
		}
		p.streams[pkt.SSRC] = s
		return s
	}
	return nil
}
