package forward

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/pion/rtp"
)

// wire builds RTP packets byte by byte, so that the tests don't trust the code they test.
type wire struct {
	seq     uint16
	ts      uint32
	ssrc    uint32
	pt      uint8
	marker  bool
	csrc    int
	profile uint16
	ext     []byte // whole extension block, a multiple of four bytes
	payload []byte
	padding int
}

func (w wire) bytes() []byte {
	b := []byte{0x80 | byte(w.csrc), w.pt}
	if w.profile != 0 {
		b[0] |= 0x10
	}
	if w.padding > 0 {
		b[0] |= 0x20
	}
	if w.marker {
		b[1] |= 0x80
	}
	b = binary.BigEndian.AppendUint16(b, w.seq)
	b = binary.BigEndian.AppendUint32(b, w.ts)
	b = binary.BigEndian.AppendUint32(b, w.ssrc)
	for i := range w.csrc {
		b = binary.BigEndian.AppendUint32(b, uint32(i))
	}
	if w.profile != 0 {
		b = binary.BigEndian.AppendUint16(b, w.profile)
		b = binary.BigEndian.AppendUint16(b, uint16(len(w.ext)/4))
		b = append(b, w.ext...)
	}
	b = append(b, w.payload...)
	if w.padding > 0 {
		b = append(b, make([]byte, w.padding-1)...)
		b = append(b, byte(w.padding))
	}
	return b
}

func (w wire) parse(t testing.TB) *Packet {
	t.Helper()
	var p Packet
	if err := Parse(w.bytes(), &p); err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return &p
}

func TestParseReadsEveryPartOfAPacket(t *testing.T) {
	w := wire{
		seq: 0xfffe, ts: 0x80000001, ssrc: 0xdeadbeef, pt: 111, marker: true, csrc: 3,
		profile: oneByteProfile, ext: []byte{0x10, 0x85, 0, 0, 0x32, 1, 2, 3},
		payload: []byte("sound"), padding: 7,
	}
	p := w.parse(t)
	if p.Sequence != 0xfffe || p.Timestamp != 0x80000001 || p.SSRC != 0xdeadbeef || p.PayloadType != 111 || !p.Marker {
		t.Errorf("fixed header read as %+v", p)
	}
	if string(p.Payload) != "sound" {
		t.Errorf("payload %q", p.Payload)
	}
	if want := 12 + 3*4 + 4 + 8; p.HeaderLen != want {
		t.Errorf("HeaderLen %d, want %d", p.HeaderLen, want)
	}
	if got := p.Extension(3); !bytes.Equal(got, []byte{1, 2, 3}) {
		t.Errorf("extension 3 is %v", got)
	}
	if got := p.Extension(2); got != nil {
		t.Errorf("extension 2, which isn't there, is %v", got)
	}
	if level, voice, ok := p.AudioLevel(1); level != 5 || !voice || !ok {
		t.Errorf("audio level %d, voice %v, %v", level, voice, ok)
	}
	if _, _, ok := p.AudioLevel(4); ok {
		t.Error("an audio level without its extension")
	}
}

func TestExtensionReadsTwoByteHeaders(t *testing.T) {
	p := wire{profile: 0x1003, ext: []byte{0, 200, 3, 1, 2, 3, 15, 0, 16, 1, 9, 0}}.parse(t)
	if got := p.Extension(200); !bytes.Equal(got, []byte{1, 2, 3}) {
		t.Errorf("extension 200 is %v", got)
	}
	if got := p.Extension(15); got == nil || len(got) != 0 {
		t.Errorf("the empty extension 15 is %v", got)
	}
	if got := p.Extension(16); !bytes.Equal(got, []byte{9}) {
		t.Errorf("extension 16 is %v", got)
	}
	if got := p.Extension(0); got != nil {
		t.Errorf("padding was read as extension 0: %v", got)
	}
}

func TestExtensionStopsAtWhatItCannotRead(t *testing.T) {
	for name, w := range map[string]wire{
		"value longer than the block":          {profile: oneByteProfile, ext: []byte{0x1f, 1, 2, 3}},
		"behind id 15":                         {profile: oneByteProfile, ext: []byte{0xf0, 1, 0x10, 7}},
		"two-byte value longer than the block": {profile: twoByteProfile, ext: []byte{1, 4, 1, 2}},
		"two-byte header cut":                  {profile: twoByteProfile, ext: []byte{0, 0, 0, 1}},
		"another profile":                      {profile: 0x2000, ext: []byte{0x10, 7, 0x10, 7}},
	} {
		if got := w.parse(t).Extension(1); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestParseRefusesWhatIsNotAWholePacket(t *testing.T) {
	whole := wire{csrc: 1, profile: oneByteProfile, ext: make([]byte, 4)}.bytes()
	for n := range whole {
		if Parse(whole[:n], new(Packet)) == nil {
			t.Errorf("%d of %d bytes were a packet", n, len(whole))
		}
	}
	for name, b := range map[string][]byte{
		"version 1":                append([]byte{0x40}, whole[1:]...),
		"padding of nothing":       {0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		"padding into the header":  {0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2},
		"padding without any byte": {0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
	} {
		if err := Parse(b, new(Packet)); err != ErrPacket {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseKeepsNothingOfThePacketBefore(t *testing.T) {
	p := wire{profile: oneByteProfile, ext: []byte{0x10, 7, 0, 0}}.parse(t)
	if err := Parse(wire{}.bytes(), p); err != nil {
		t.Fatal(err)
	}
	if p.Extension(1) != nil {
		t.Error("the extension of the packet before is still there")
	}
}

// FuzzParse: what both we and pion/rtp read, we read alike, and never beyond the buffer.
func FuzzParse(f *testing.F) {
	f.Add(wire{payload: []byte("x")}.bytes())
	f.Add(wire{csrc: 2, profile: oneByteProfile, ext: []byte{0x10, 0x85, 0, 0, 0x32, 1, 2, 3}, payload: []byte("x"), padding: 3}.bytes())
	f.Add(wire{profile: twoByteProfile, ext: []byte{1, 0, 2, 1, 7, 0, 0, 0}, padding: 255}.bytes())
	f.Add(wire{profile: oneByteProfile, ext: []byte{0xf0, 0, 0, 0}}.bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		var p Packet
		err := Parse(b, &p)
		if !bytes.Equal(before, b) {
			t.Fatal("Parse wrote into the packet")
		}
		if err != nil {
			return
		}
		if len(p.Payload)+p.HeaderLen > len(b) {
			t.Fatal("payload reaches beyond the packet")
		}
		for id := range 256 {
			p.Extension(uint8(id))
		}
		p.AudioLevel(1)
		for c := CodecUnknown; c <= AV1+1; c++ {
			Keyframe(c, p.Payload)
			FrameStart(c, p.Payload)
		}
		var q rtp.Packet
		if q.Unmarshal(b) != nil {
			return // stricter on extensions than we need to be
		}
		if p.Marker != q.Marker || p.PayloadType != q.PayloadType || p.Sequence != q.SequenceNumber ||
			p.Timestamp != q.Timestamp || p.SSRC != q.SSRC || !bytes.Equal(p.Payload, q.Payload) {
			t.Fatalf("read %+v, pion %+v", p, q)
		}
		// The reserved id 15 ends a list for us, as the RFC says; pion may read on.
		if q.Extension && (q.ExtensionProfile == oneByteProfile || q.ExtensionProfile == twoByteProfile) {
			for _, id := range q.GetExtensionIDs() {
				if id == 0 || id >= 15 && q.ExtensionProfile == oneByteProfile {
					return
				}
			}
			for _, id := range q.GetExtensionIDs() {
				if got, want := p.Extension(id), q.GetExtension(id); !bytes.Equal(got, want) {
					t.Fatalf("extension %d: %v, pion %v", id, got, want)
				}
			}
		}
	})
}
