package forward

import "errors"

// Packet is one parsed RTP packet. It points into the buffer it was parsed from and
// is good for as long as that is.
type Packet struct {
	Raw         []byte // whole packet, header and padding included
	Payload     []byte // without padding; empty for a packet of padding only
	HeaderLen   int    // bytes in front of Payload, extensions included
	SSRC        uint32
	Timestamp   uint32
	Sequence    uint16
	PayloadType uint8
	Marker      bool

	profile uint16 // of the extension block (RFC 8285): 0xBEDE or 0x100x; 0 without one
	ext     []byte // the extension block behind its four header bytes
}

// ErrPacket is returned, bare, for bytes that are not a whole RTP packet.
var ErrPacket = errors.New("forward: not an RTP packet")

// Parse reads the RTP packet in buf (RFC 3550 §5.1), decrypted, into p. It keeps buf
// and changes nothing in it. On error p is worthless.
func Parse(buf []byte, p *Packet) error { panic("todo") }

// Extension is the value of the header extension with the given id (RFC 8285, one-byte
// and two-byte headers), nil if the packet has none. It points into the packet.
func (p *Packet) Extension(id uint8) []byte { panic("todo") }

// AudioLevel reads the audio level extension of the given id (RFC 6464): level is
// 0 (loudest) to 127 (silence) in -dBov, voice the sender's own opinion on speech.
func (p *Packet) AudioLevel(id uint8) (level uint8, voice, ok bool) { panic("todo") }
