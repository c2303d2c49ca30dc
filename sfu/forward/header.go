package forward

// Header is all that differs between a packet as it came in and as it goes out on a line.
// With it and the packet from the cache, Append makes the same packet again.
type Header struct {
	Key        Key    // the stream the packet came on
	InSequence uint16 // its sequence number there
	Sequence   uint16 // on the line
	Offset     uint32 // outgoing timestamp minus incoming, modulo 2³²
	PictureID  uint16 // 15 bits, if vp8
	TL0PicIdx  uint8
	KeyIdx     uint8

	PayloadType    uint8
	RTXPayloadType uint8
	AudioLevelIn   uint8

	flags uint8
}

// MaxOverhead is how many bytes longer an outgoing packet can be than the incoming one
// was, retransmitted or not. A scratch buffer of 1500 + MaxOverhead bytes always does.
const MaxOverhead = 32

// Append appends to dst the packet that in becomes under h, sent at now: header,
// extensions, descriptor, payload, copied once. dst and in must not overlap.
func (r *Rewriter) Append(dst []byte, h *Header, in *Packet, now Time) []byte { panic("todo") }

// AppendRTX is Append for a retransmission (RFC 4588): with the line's RTX SSRC, the next
// RTX sequence number and the original sequence number in front of the payload. Without an
// RTX stream (no SSRC or no payload type) it returns dst as it is: the line's own sequence
// numbers can't be sent again, since SRTP must not seal two packets under one index.
func (r *Rewriter) AppendRTX(dst []byte, h *Header, in *Packet, now Time) []byte { panic("todo") }

// AppendPadding appends a packet of n bytes of padding (1 to 255) on the RTX stream, as
// a probe. Without an RTX stream, or before anything was sent, it returns dst as it is.
func (r *Rewriter) AppendPadding(dst []byte, n int, now Time) []byte { panic("todo") }
