package forward

import (
	"encoding/binary"
	"errors"
)

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

// The fixed header (RFC 3550 §5.1) and the extension profiles (RFC 8285 §4.2, §4.3).
const (
	fixedHeader    = 12
	oneByteProfile = 0xBEDE
	twoByteProfile = 0x1000 // its low four bits are the application's
)

// Parse reads the RTP packet in buf (RFC 3550 §5.1), decrypted, into p. It keeps buf
// and changes nothing in it. On error p is worthless.
func Parse(buf []byte, p *Packet) error {
	if len(buf) < fixedHeader || buf[0]>>6 != 2 {
		return ErrPacket
	}
	p.Raw = buf
	p.Marker = buf[1]&0x80 != 0
	p.PayloadType = buf[1] & 0x7f
	p.Sequence = binary.BigEndian.Uint16(buf[2:])
	p.Timestamp = binary.BigEndian.Uint32(buf[4:])
	p.SSRC = binary.BigEndian.Uint32(buf[8:])
	p.profile, p.ext = 0, nil

	n := fixedHeader + 4*int(buf[0]&0x0f) // contributing sources
	if buf[0]&0x10 != 0 {
		if len(buf) < n+4 {
			return ErrPacket
		}
		size := 4 * int(binary.BigEndian.Uint16(buf[n+2:]))
		if len(buf) < n+4+size {
			return ErrPacket
		}
		p.profile = binary.BigEndian.Uint16(buf[n:])
		p.ext = buf[n+4 : n+4+size]
		n += 4 + size
	}
	if len(buf) < n {
		return ErrPacket
	}
	end := len(buf)
	if buf[0]&0x20 != 0 {
		// RFC 3550 §5.1: the last byte counts the padding, itself included.
		if end == n || buf[end-1] == 0 || int(buf[end-1]) > end-n {
			return ErrPacket
		}
		end -= int(buf[end-1])
	}
	p.HeaderLen = n
	p.Payload = buf[n:end]
	return nil
}

// Extension is the value of the header extension with the given id (RFC 8285, one-byte
// and two-byte headers), nil if the packet has none. It points into the packet. A two-byte
// extension may be there and empty: not nil, of length 0.
func (p *Packet) Extension(id uint8) []byte {
	if id == 0 {
		return nil
	}
	ext := p.ext
	switch {
	case p.profile == oneByteProfile:
		for len(ext) > 0 {
			if ext[0] == 0 { // a byte of padding
				ext = ext[1:]
				continue
			}
			// RFC 8285 §4.2: the length field is one less; id 15 ends the list.
			this, n := ext[0]>>4, int(ext[0]&0x0f)+1
			if this == 15 || len(ext) < 1+n {
				return nil
			}
			if this == id {
				return ext[1 : 1+n]
			}
			ext = ext[1+n:]
		}
	case p.profile&0xfff0 == twoByteProfile:
		for len(ext) > 0 {
			if ext[0] == 0 {
				ext = ext[1:]
				continue
			}
			if len(ext) < 2 || len(ext) < 2+int(ext[1]) {
				return nil
			}
			n := int(ext[1])
			if ext[0] == id {
				return ext[2 : 2+n]
			}
			ext = ext[2+n:]
		}
	}
	return nil
}

// AudioLevel reads the audio level extension of the given id (RFC 6464): level is
// 0 (loudest) to 127 (silence) in -dBov, voice the sender's own opinion on speech.
func (p *Packet) AudioLevel(id uint8) (level uint8, voice, ok bool) {
	e := p.Extension(id)
	if len(e) == 0 {
		return 0, false, false
	}
	return e[0] & 0x7f, e[0]&0x80 != 0, true
}
