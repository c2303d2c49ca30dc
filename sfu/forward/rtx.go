package forward

import "encoding/binary"

// UnwrapRTX turns the retransmission p (RFC 4588 §4) in place into the packet that was
// lost, of the given SSRC and payload type, and returns it for Parse. The bytes of p are
// overwritten. It returns ErrPacket for a probe: padding without an original.
func UnwrapRTX(p *Packet, ssrc uint32, payloadType uint8) ([]byte, error) {
	if len(p.Payload) < 2 {
		return nil, ErrPacket
	}
	// The original sequence number stands in front of the payload. The header moves over it,
	// so that the payload, the long part, stays where it is.
	osn := binary.BigEndian.Uint16(p.Payload)
	raw := p.Raw[:p.HeaderLen+len(p.Payload)]
	copy(raw[2:], raw[:p.HeaderLen])
	raw = raw[2:]
	raw[0] &^= 0x20 // padding was cut off
	raw[1] = raw[1]&0x80 | payloadType&0x7f
	binary.BigEndian.PutUint16(raw[2:], osn)
	binary.BigEndian.PutUint32(raw[8:], ssrc)
	return raw, nil
}
