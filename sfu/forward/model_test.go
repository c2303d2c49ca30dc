package forward

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// model is one line fed by several publishers over bad networks, as the room would do it, and what went out.
type model struct {
	t       *rapid.T
	line    *line
	history *History
	now     Time
	sources []*modelSource
	out     []modelSent
	turn    int // counts switches, pauses and catch-ups
	group   Group
}

type modelSource struct {
	source
	cache    *Cache
	receiver *Receiver
	held     [][]byte // packets under way that later ones overtake
}

type modelSent struct {
	sent
	run  int // the rewriter's stay on one source
	late bool
	at   Time // arrival of the incoming packet

	warrant Time // until when time may have gone on: at, or the end of the group it was cached in
}

func (m *model) source() *modelSource {
	return m.sources[rapid.IntRange(0, len(m.sources)-1).Draw(m.t, "source")]
}

// deliver is what the room does with a packet that arrived.
func (m *model) deliver(s *modelSource, raw []byte) {
	var p Packet
	if err := Parse(raw, &p); err != nil {
		m.t.Fatal(err)
	}
	a := s.receiver.Receive(&p, m.now)
	if a == Duplicate || a == Stale {
		return
	}
	s.cache.Put(&p, Keyframe(s.codec, p.Payload), m.now)
	turn := m.turn
	m.forward(s, raw, m.now)
	if a == Late && m.turn != turn {
		s.cache.Since(p.Sequence, func(raw []byte, arrival Time) bool {
			m.forward(s, raw, arrival)
			return true
		})
	}
}

func (m *model) forward(s *modelSource, raw []byte, at Time) {
	before := m.line.rw.Current()
	got := m.line.send(raw, s.key, at)
	if m.line.rw.Current() != before {
		m.turn++
	}
	if got == nil {
		return
	}
	if got.h.Key != s.key {
		m.t.Fatalf("a packet of stream %d went out as one of %d", s.key, got.h.Key)
	}
	m.history.Add(&got.h, m.now)
	m.out = append(m.out, modelSent{sent: *got, run: m.turn, at: at, warrant: max(at, m.group.LastArrival)})
}

// picture sends one picture over the source's network.
func (m *model) picture(t *rapid.T) {
	s := m.source()
	keyframe := rapid.IntRange(0, 9).Draw(t, "keyframe") == 0
	packets := rapid.IntRange(1, 4).Draw(t, "packets")
	m.now += Time(rapid.IntRange(1, 60).Draw(t, "milliseconds")) * ms
	for _, raw := range s.frame(packets, keyframe) {
		switch rapid.IntRange(0, 11).Draw(t, "network") {
		case 0: // lost
		case 1, 2: // overtaken
			s.held = append(s.held, raw)
		case 3: // twice
			m.deliver(s, raw)
			m.deliver(s, raw)
		default:
			m.deliver(s, raw)
		}
	}
	if len(s.held) > 0 && rapid.Bool().Draw(t, "arrives") {
		m.deliver(s, s.held[0])
		s.held = s.held[1:]
	}
}

func (m *model) padding(t *rapid.T) {
	s := m.source()
	raw := wire{seq: s.seq, ts: s.ts - 3000, ssrc: s.ssrc, padding: 50}.bytes()
	s.seq++
	m.deliver(s, raw)
}

func (m *model) switchTo(*rapid.T) { m.line.rw.SwitchTo(m.source().feed()) }

func (m *model) stop(*rapid.T) {
	m.line.rw.Stop()
	m.turn++
}

func (m *model) temporal(t *rapid.T) {
	m.line.rw.SetTemporal(uint8(rapid.IntRange(0, 2).Draw(t, "layer")))
}

func (m *model) catchUp(t *rapid.T) {
	s := m.source()
	g, ok := s.cache.Last()
	if !ok {
		return
	}
	m.turn++
	m.line.rw.CatchUp(s.feed(), g)
	m.group = g
	s.cache.Yield(g, func(raw []byte, arrival Time) bool {
		m.forward(s, raw, arrival)
		return true
	})
	m.group = Group{}
}

// resend: an answer to a NACK is the same packet, but for what belongs to the retransmission stream.
func (m *model) resend(t *rapid.T) {
	if len(m.out) == 0 {
		return
	}
	first := m.out[rapid.IntRange(max(0, len(m.out)-50), len(m.out)-1).Draw(t, "asked for")]
	m.now += 200 * ms
	var h Header
	if !m.history.Resend(first.Sequence, m.now, 100*time.Millisecond, &h) {
		if after := m.out[len(m.out)-1].Sequence - first.Sequence; after < historyMin {
			t.Fatalf("packet %d is forgotten after %d", first.Sequence, after)
		}
		return
	}
	raw := m.sources[h.Key-1].cache.Get(h.InSequence)
	if raw == nil {
		return // the cache is bounded, and may have turned to newer packets
	}
	var in, carrier, again Packet
	if err := Parse(raw, &in); err != nil {
		t.Fatal(err)
	}
	if err := Parse(m.line.rw.AppendRTX(nil, &h, &in, m.now), &carrier); err != nil {
		t.Fatal(err)
	}
	if carrier.SSRC != lineConfig.RTXSSRC || carrier.PayloadType != 120 {
		t.Fatalf("retransmission %+v", carrier)
	}
	unwrapped, err := UnwrapRTX(&carrier, lineConfig.SSRC, first.PayloadType)
	if err != nil {
		t.Fatal(err)
	}
	if err := Parse(unwrapped, &again); err != nil {
		t.Fatal(err)
	}
	if again.Sequence != first.Sequence || again.Timestamp != first.Timestamp || again.Marker != first.Marker || !bytes.Equal(again.Payload, first.Payload) {
		t.Fatalf("sent %+v, again %+v", first.Packet, again)
	}
}

// check looks at all that went out, in the order of its numbers.
func (m *model) check(t *rapid.T) {
	if len(m.out) == 0 {
		return
	}
	// Unwrap the sequence numbers around the first.
	type numbered struct {
		*modelSent
		ext int
	}
	all := make([]numbered, len(m.out))
	newest, ext := m.out[0].Sequence, 0
	for i := range m.out {
		s := &m.out[i]
		d := int(int16(s.Sequence - newest))
		if d > 0 {
			newest, ext = s.Sequence, ext+d
			all[i] = numbered{s, ext}
		} else {
			all[i] = numbered{s, ext + d}
		}
		all[i].late = d < 0
	}
	slices.SortStableFunc(all, func(a, b numbered) int { return a.ext - b.ext })

	first := map[uint32]Time{} // when a picture's first packet came
	for _, s := range all {
		if at, ok := first[s.Timestamp]; !ok || s.at < at {
			first[s.Timestamp] = s.at
		}
	}
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		where := fmt.Sprintf("%d (%d of stream %d) after %d (%d of stream %d)", b.Sequence, b.h.InSequence, b.h.Key, a.Sequence, a.h.InSequence, a.h.Key)
		if a.ext == b.ext {
			t.Fatalf("sequence number %d went out twice", a.Sequence)
		}
		if newer(a.Timestamp, b.Timestamp) {
			t.Fatalf("%s: time went backwards by %d", where, a.Timestamp-b.Timestamp)
		}
		if a.run > b.run {
			t.Fatalf("%s: out of the order of the switches", where)
		}
		if a.run == b.run && a.h.Key == b.h.Key && int16(b.h.InSequence-a.h.InSequence) <= 0 {
			t.Fatalf("%s: out of the sender's order", where)
		}
		if a.run == b.run && b.ext-a.ext > int(b.h.InSequence-a.h.InSequence) {
			t.Fatalf("%s: the hole grew", where)
		}
		if a.run != b.run && b.h.flags&flagEmpty == 0 && !b.vp8.Start {
			t.Fatalf("%s: a switch in the middle of a picture", where)
		}
		if len(a.Payload) == 0 || len(b.Payload) == 0 {
			continue
		}
		step := (b.vp8.PictureID - a.vp8.PictureID) & 0x7fff
		same := a.Timestamp == b.Timestamp
		switch {
		case same && step != 0:
			t.Fatalf("%s: one picture with ids %d and %d", where, a.vp8.PictureID, b.vp8.PictureID)
		case !same && step == 0:
			t.Fatalf("%s: two pictures with id %d", where, a.vp8.PictureID)
		case b.ext == a.ext+1 && !same && step != 1:
			t.Fatalf("%s: picture %d after %d, and nothing is missing", where, b.vp8.PictureID, a.vp8.PictureID)
		case step > 1 && int(step) > b.ext-a.ext:
			t.Fatalf("%s: picture %d after %d for %d missing packets", where, b.vp8.PictureID, a.vp8.PictureID, b.ext-a.ext-1)
		}
		if base := b.vp8.TL0PicIdx - a.vp8.TL0PicIdx; base > uint8(step) {
			t.Fatalf("%s: TL0PICIDX %d after %d over %d pictures", where, b.vp8.TL0PicIdx, a.vp8.TL0PicIdx, step)
		}
		if k := (b.vp8.KeyIdx - a.vp8.KeyIdx) & 0x1f; a.vp8.HasKeyIdx && b.vp8.HasKeyIdx && int(k) > int(step) {
			t.Fatalf("%s: KEYIDX %d after %d over %d pictures", where, b.vp8.KeyIdx, a.vp8.KeyIdx, step)
		}
		if a.run != b.run {
			// Not more than the time that passed, but for a tick for each cached picture that keeps them in order.
			d, most := int64(b.Timestamp-a.Timestamp), max(0, ticks(b.warrant.Sub(first[a.Timestamp]), 90000))
			if d > most+160 {
				t.Fatalf("%s: %d ticks on, time for %d", where, d, most)
			}
		}
	}

	// Every payload is one that its source made, untouched behind the descriptor.
	for _, s := range m.out {
		if len(s.body) == 0 {
			continue
		}
		if len(s.body) != 5 || Key(binary.BigEndian.Uint32(s.body[1:])>>24) != s.h.Key {
			t.Fatalf("payload %x of stream %d", s.body, s.h.Key)
		}
	}
}

// Whatever publishers, networks and page do, the receiver sees one unbroken sender.
func TestALineIsOneStreamWhateverItIsFed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &model{t: t, line: newLine(t), history: NewHistory(0)}
		for key := Key(1); key <= 3; key++ {
			s := &modelSource{source: *camera(key), cache: NewCache(CacheConfig{}), receiver: NewReceiver(90000)}
			s.codec = rapid.SampledFrom([]Codec{VP8, VP8, VP9}).Draw(t, "codec")
			s.short = rapid.IntRange(0, 3).Draw(t, "short ids") == 0
			s.seq = rapid.Uint16().Draw(t, "sequence")
			s.ts = rapid.Uint32().Draw(t, "timestamp")
			s.pid = uint16(rapid.IntRange(0, 0x7fff).Draw(t, "picture"))
			s.tl0 = rapid.Uint8().Draw(t, "tl0")
			m.sources = append(m.sources, s)
		}
		t.Repeat(map[string]func(*rapid.T){
			"picture 1": m.picture, "picture 2": m.picture, "picture 3": m.picture, "picture 4": m.picture,
			"picture 5": m.picture, "picture 6": m.picture, "picture 7": m.picture, "picture 8": m.picture,
			"padding": m.padding, "switch": m.switchTo, "stop": m.stop, "temporal": m.temporal,
			"catch up": m.catchUp, "resend": m.resend,
		})
		m.check(t)
	})
}
