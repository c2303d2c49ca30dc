package forward

import (
	"encoding/binary"
	"time"
)

const (
	ms     = Time(time.Millisecond)
	second = Time(time.Second)
)

// source is a publisher's stream: it knows its next numbers and makes whole packets.
type source struct {
	key     Key
	codec   Codec
	ssrc    uint32
	seq     uint16
	ts      uint32
	pid     uint16
	tl0     uint8
	keyIdx  uint8
	short   bool // 7-bit picture ids
	noPID   bool
	layered bool // temporal layers
	frames  int
	body    uint32 // counts payloads, so that each is unlike every other
}

func (s *source) feed() Feed {
	return Feed{Key: s.key, Codec: s.codec, PayloadType: 100 + uint8(s.codec), RTXPayloadType: 120, AudioLevelIn: 1}
}

// frame is the packets of the next picture, 1/30 s after the one before.
func (s *source) frame(packets int, keyframe bool) [][]byte {
	tid, sync := uint8(0), false
	if s.layered && !keyframe {
		// The usual pattern of three temporal layers; the first of each layer after a base picture is a sync point.
		tid = [4]uint8{0, 2, 1, 2}[s.frames%4]
		sync = s.frames%4 == 1 || s.frames%4 == 2
	}
	if keyframe {
		s.frames = 0
		s.keyIdx++
	}
	if tid == 0 {
		s.tl0++
	}
	var out [][]byte
	for i := range packets {
		d := VP8Descriptor{
			PictureID: s.pid, HasPictureID: !s.noPID, Start: i == 0,
			TL0PicIdx: s.tl0, HasTL0PicIdx: s.layered, TID: tid, HasTID: s.layered, LayerSync: sync,
			KeyIdx: s.keyIdx & 0x1f, HasKeyIdx: s.layered,
		}
		payload := d.append(nil)
		if s.codec == VP9 {
			payload = s.vp9(i == 0, i == packets-1, keyframe, tid)
		} else if s.short && d.HasPictureID {
			payload = append([]byte{payload[0], payload[1], byte(s.pid & 0x7f)}, payload[4:]...)
		}
		data := byte(1)
		if keyframe && i == 0 {
			data = 0
		}
		s.body++
		payload = append(payload, data)
		payload = binary.BigEndian.AppendUint32(payload, uint32(s.key)<<24|s.body)
		out = append(out, wire{
			seq: s.seq, ts: s.ts, ssrc: s.ssrc, pt: 96, marker: i == packets-1, payload: payload,
		}.bytes())
		s.seq++
	}
	s.ts += 3000
	s.pid = (s.pid + 1) & 0x7fff
	s.frames++
	return out
}

// vp9 is VP9's descriptor with the same numbers.
func (s *source) vp9(start, end, keyframe bool, tid uint8) []byte {
	b := []byte{0}
	flag := func(on bool, bit byte) {
		if on {
			b[0] |= bit
		}
	}
	flag(!s.noPID, 0x80)
	flag(!keyframe, 0x40)
	flag(s.layered, 0x20)
	flag(start, 0x08)
	flag(end, 0x04)
	switch {
	case s.noPID:
	case s.short:
		b = append(b, byte(s.pid&0x7f))
	default:
		b = append(b, 0x80|byte(s.pid>>8), byte(s.pid))
	}
	if s.layered {
		b = append(b, tid<<5, s.tl0)
	}
	return b
}

// sound is the next 20 ms of sound.
func (s *source) sound(level byte) []byte {
	s.body++
	b := wire{
		seq: s.seq, ts: s.ts, ssrc: s.ssrc, pt: 111,
		profile: oneByteProfile, ext: []byte{0x10, level, 0, 0},
		payload: binary.BigEndian.AppendUint32(nil, uint32(s.key)<<24|s.body),
	}.bytes()
	s.seq++
	s.ts += s.codec.ClockRate() / 50
	return b
}

// sent is an outgoing packet read back.
type sent struct {
	Packet
	h    Header
	vp8  VP8Descriptor
	body []byte // behind the descriptor
}

// line drives a Rewriter and reads back what it makes.
type line struct {
	t  failer
	rw *Rewriter
}

// failer is a test, an ordinary one or a rapid one.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

var lineConfig = LineConfig{SSRC: 0x11111111, RTXSSRC: 0x22222222, AbsSendTime: 3, AudioLevel: 5, Sequence: 65530, RTXSequence: 65535, Timestamp: 1<<32 - 1000, PictureID: 0x7ffe}

func newLine(t failer) *line { return &line{t, NewRewriter(lineConfig)} }

// send feeds one packet; nil means it was left out.
func (l *line) send(raw []byte, key Key, at Time) *sent {
	l.t.Helper()
	var in Packet
	if err := Parse(raw, &in); err != nil {
		l.t.Fatalf("source made %x: %v", raw, err)
	}
	var s sent
	if !l.rw.Rewrite(&in, key, at, &s.h) {
		return nil
	}
	l.read(l.rw.Append(nil, &s.h, &in, at), &s)
	if s.SSRC != lineConfig.SSRC || s.Sequence != s.h.Sequence || s.PayloadType != s.h.PayloadType {
		l.t.Fatalf("header %+v became packet %+v", s.h, s.Packet)
	}
	return &s
}

func (l *line) read(raw []byte, s *sent) {
	l.t.Helper()
	if err := Parse(raw, &s.Packet); err != nil {
		l.t.Fatalf("outgoing packet %x: %v", raw, err)
	}
	s.body = s.Payload
	if s.h.flags&flagVP9 != 0 && len(s.Payload) > 0 {
		var d vp9Descriptor
		if !parseVP9(s.Payload, &d) {
			l.t.Fatalf("outgoing descriptor %x", s.Payload)
		}
		s.vp8 = d.numbers()
		s.vp8.Start = d.start
		s.body = s.Payload[d.size:]
	}
	if s.h.flags&flagVP8 != 0 && len(s.Payload) > 0 {
		if err := ParseVP8(s.Payload, &s.vp8); err != nil {
			l.t.Fatalf("outgoing descriptor %x: %v", s.Payload, err)
		}
		s.body = s.Payload[s.vp8.Size:]
	}
}

// all feeds the packets and returns those that went out.
func (l *line) all(raw [][]byte, key Key, at Time) (out []*sent) {
	l.t.Helper()
	for _, b := range raw {
		if s := l.send(b, key, at); s != nil {
			out = append(out, s)
		}
	}
	return out
}
