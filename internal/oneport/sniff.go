package oneport

import "encoding/binary"

// Kind is what a connection's first bytes say that it carries.
type Kind uint8

// The kinds.
const (
	Undecided Kind = iota // more bytes are needed
	TLS
	HTTP
	ICE  // STUN in a frame of its own: ICE over TCP
	TURN // STUN as it is: a TURN client
	Foreign
)

// sniffLength is how many bytes always decide.
const sniffLength = 10

// magicCookie is in every STUN header (RFC 8489 §5).
const magicCookie = 0x2112A442

// Sniff tells a connection's kind by its first bytes. Once decided, more bytes don't change it.
func Sniff(b []byte) Kind {
	if len(b) == 0 {
		return Undecided
	}
	switch first := b[0]; {
	case first == 0x16: // RFC 8446 §5.1: a handshake record
		return TLS
	case 'A' <= first && first <= 'Z': // RFC 9110 §9.1: every registered method is in capitals
		// An RFC 4571 frame that begins so would be over 16 kB: no STUN message is.
		return HTTP
	case first > 0x05:
		// STUN begins with two zero bits and its method (RFC 8489 §5), at most 0x01 for what
		// a client sends first; an RFC 4571 length of at most 1535 begins with 0 to 5.
		return Foreign
	}
	if len(b) < sniffLength {
		return Undecided
	}
	switch {
	case binary.BigEndian.Uint32(b[6:]) == magicCookie &&
		binary.BigEndian.Uint16(b) >= 20 && b[2]&0xC0 == 0: // RFC 4571 §2, RFC 6544 §3
		return ICE
	case binary.BigEndian.Uint32(b[4:]) == magicCookie: // RFC 8656 §3.1
		return TURN
	}
	return Foreign
}
