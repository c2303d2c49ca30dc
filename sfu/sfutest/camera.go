package sfutest

import (
	"encoding/binary"

	"github.com/pion/rtp"
)

// Camera makes the packets of a synthetic VP8 picture: real payload descriptors (RFC 7741
// §4.2) and frame headers (RFC 6386 §9.1), and in each payload who made it and which frame it is.
type Camera struct {
	Mark          uint32 // says whose picture it is
	Width, Height int
	PerFrame      int // packets of a frame; 0 means 3

	frame   uint32
	seq     uint16
	ts      uint32
	picture uint16
	tl0     uint8
}

// descriptorLen is the length of the payload descriptor in front of each packet's part of the frame.
const descriptorLen = 5

// Frame is the next picture, 1/30 s after the last, as RTP packets without SSRC and payload type.
func (c *Camera) Frame(keyframe bool) []*rtp.Packet {
	n := c.PerFrame
	if n == 0 {
		n = 3
	}
	c.frame++
	c.ts += 3000
	c.picture = (c.picture + 1) & 0x7fff
	c.tl0++
	var out []*rtp.Packet
	for i := range n {
		// X | S (first packet); I | L; 15-bit picture id; TL0PICIDX.
		first := byte(0x80)
		if i == 0 {
			first |= 0x10
		}
		b := []byte{first, 0xc0, 0x80 | byte(c.picture>>8), byte(c.picture), c.tl0}
		if i == 0 {
			if keyframe {
				b = append(b, 0x10, 0, 0, 0x9d, 0x01, 0x2a)
				b = binary.LittleEndian.AppendUint16(b, uint16(c.Width))
				b = binary.LittleEndian.AppendUint16(b, uint16(c.Height))
			} else {
				b = append(b, 0x11, 0, 0)
			}
		}
		b = binary.BigEndian.AppendUint32(b, 0xfeedbeef)
		b = binary.BigEndian.AppendUint32(b, c.Mark)
		b = binary.BigEndian.AppendUint32(b, c.frame)
		b = append(b, byte(i))
		b = append(b, make([]byte, 100)...)
		c.seq++
		out = append(out, &rtp.Packet{
			Header:  rtp.Header{Version: 2, SequenceNumber: c.seq, Timestamp: c.ts, Marker: i == n-1},
			Payload: b,
		})
	}
	return out
}

// Seen is a packet of a Camera as it arrived.
type Seen struct {
	Mark, Frame  uint32
	Part         int
	Keyframe     bool
	Start, End   bool
	Sequence     uint16
	Timestamp    uint32
	PictureID    uint16
	TL0          uint8
	RawPayload   []byte
	PayloadType  uint8
	Synchronised bool // it is a whole packet of a Camera
}

// Look reads a received packet; Synchronised is false for what no Camera made.
func Look(p *rtp.Packet) Seen {
	s := Seen{Sequence: p.SequenceNumber, Timestamp: p.Timestamp, End: p.Marker, PayloadType: p.PayloadType, RawPayload: p.Payload}
	b := p.Payload
	if len(b) < descriptorLen+20 || b[0]&0x80 == 0 || b[1]&0xc0 != 0xc0 || b[2]&0x80 == 0 {
		return s
	}
	s.Start = b[0]&0x10 != 0
	s.PictureID = binary.BigEndian.Uint16(b[2:]) & 0x7fff
	s.TL0 = b[4]
	b = b[descriptorLen:]
	if s.Start {
		s.Keyframe = b[0]&1 == 0
		if s.Keyframe {
			b = b[10:]
		} else {
			b = b[3:]
		}
	}
	if len(b) < 13 || binary.BigEndian.Uint32(b) != 0xfeedbeef {
		return s
	}
	s.Mark, s.Frame, s.Part = binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:]), int(b[12])
	s.Synchronised = true
	return s
}
