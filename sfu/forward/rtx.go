package forward

// UnwrapRTX turns the retransmission p (RFC 4588 §4) in place into the packet that was
// lost, of the given SSRC and payload type, and returns it for Parse. The bytes of p are
// overwritten. It returns ErrPacket for a probe: padding without an original.
func UnwrapRTX(p *Packet, ssrc uint32, payloadType uint8) ([]byte, error) { panic("todo") }
