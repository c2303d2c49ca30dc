package loadtest

import (
	"encoding/binary"
	"math/rand/v2"
)

// What a browser sends, so far as a forwarder can see it.
const (
	audioInterval = 20_000_000 // ns: Opus, 50 packets a second
	audioTicks    = 960        // of 48 kHz
	opusBytes     = 90         // some 36 kbit/s
	opusTOC       = 0x78       // RFC 6716 §3.1: 20 ms of full-band sound, mono, one frame

	videoInterval   = 33_333_333 // ns: 30 pictures a second
	videoClock      = 90_000
	keyframePackets = 16 // some 18 kB: a keyframe of 640×360

	maxVideoPayload = 1200
)

// layerShape is how large the packets and pictures of one encoding are.
type layerShape struct {
	width, height     uint16
	packets           []int // packets of a picture, drawn from these
	shortest, longest int   // bytes of their payload, descriptor included
	keyframe          int   // packets of a keyframe
}

// single is a camera of 640×360 in one layer: 3–5 packets a picture, 4⅓ of 1,150 bytes on
// the average, which is 1.2 Mbit/s and 130 packets a second.
var single = layerShape{width: 640, height: 360, packets: []int{3, 4, 4, 5, 5, 5}, shortest: 1100, longest: 1200, keyframe: keyframePackets}

// layers are simulcast's three at 1280×720, smallest first: 0.15, 0.5 and 1.5 Mbit/s.
var layers = []layerShape{
	{width: 320, height: 180, packets: []int{1}, shortest: 500, longest: 750, keyframe: 4},
	{width: 640, height: 360, packets: []int{1, 2, 2, 3}, shortest: 950, longest: 1150, keyframe: 10},
	{width: 1280, height: 720, packets: []int{4, 5, 5, 6, 6, 6}, shortest: 1100, longest: 1200, keyframe: 32},
}

// encoder makes VP8 pictures that hold no picture.
type encoder struct {
	shape     layerShape
	rnd       *rand.Rand
	pictureID uint16
	started   bool
}

// frame is one picture, cut into packets of one length, as libwebrtc cuts them.
type frame struct {
	keyframe  bool
	packets   int
	size      int // bytes of each payload
	pictureID uint16
	shape     *layerShape
}

// next makes the next picture; the first is always a keyframe.
func (e *encoder) next(keyframe bool) frame {
	f := frame{keyframe: keyframe || !e.started, shape: &e.shape, pictureID: e.pictureID & 0x7fff}
	e.started = true
	e.pictureID++
	f.packets = e.shape.packets[e.rnd.IntN(len(e.shape.packets))]
	if f.keyframe {
		f.packets = e.shape.keyframe
	}
	f.size = e.shape.shortest + e.rnd.IntN(e.shape.longest-e.shape.shortest+1)
	return f
}

// put writes the payload of the i-th packet to b, which has f.size bytes: descriptor, in the
// first packet the frame's header, and then whatever stood in b. An encoder's bits look the
// same to a forwarder: random.
func (f *frame) put(b []byte, i int) {
	// RFC 7741 §4.2: X, with S and partition 0 at the start; I with a 15-bit picture id.
	b[0] = 0x80
	if i == 0 {
		b[0] |= 0x10
	}
	b[1] = 0x80
	binary.BigEndian.PutUint16(b[2:], 0x8000|f.pictureID)
	if i > 0 {
		b[4] |= 0x01 // so that no chance byte looks like a keyframe to those who forget S
		return
	}
	// RFC 6386 §9.1: frame tag of 3 bytes: keyframe (0), version 0, shown, size of the first partition.
	first := uint32(f.size * f.packets / 3)
	tag := first<<5 | 1<<4
	if !f.keyframe {
		tag |= 1
	}
	b[4], b[5], b[6] = byte(tag), byte(tag>>8), byte(tag>>16)
	if f.keyframe {
		b[7], b[8], b[9] = 0x9d, 0x01, 0x2a
		binary.LittleEndian.PutUint16(b[10:], f.shape.width)
		binary.LittleEndian.PutUint16(b[12:], f.shape.height)
	}
}

// putOpus writes a packet of sound to b.
func putOpus(b []byte) { b[0] = opusTOC }
