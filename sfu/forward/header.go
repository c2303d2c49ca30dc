package forward

import "encoding/binary"

// Header is all that differs between a packet as it came in and as it goes out on a line.
// With it and the packet from the cache, Append makes the same packet again.
type Header struct {
	Key        Key    // the stream the packet came on
	Offset     uint32 // outgoing timestamp minus incoming, modulo 2³²
	InSequence uint16 // its sequence number there
	Sequence   uint16 // on the line
	PictureID  uint16 // 15 bits; this and the next two as the codec has them
	TL0PicIdx  uint8
	KeyIdx     uint8

	PayloadType    uint8
	RTXPayloadType uint8
	AudioLevelIn   uint8

	flags uint8
}

const (
	flagVP8   = 1 << iota // rewrite the payload descriptor, VP8's
	flagVP9               // or VP9's
	flagEmpty             // no payload: only fills the hole that its number would leave
)

// MaxOverhead is how many bytes longer an outgoing packet can be than the incoming one
// was, retransmitted or not. A scratch buffer of 1500 + MaxOverhead bytes always does.
const MaxOverhead = 32

// Append appends to dst the packet that in becomes under h, sent at now: header,
// extensions, descriptor, payload, copied once. dst and in must not overlap.
func (r *Rewriter) Append(dst []byte, h *Header, in *Packet, now Time) []byte {
	dst = r.appendHeader(dst, h, in, now, h.PayloadType, h.Sequence, r.cfg.SSRC)
	return appendPayload(dst, h, in)
}

// AppendRTX is Append for a retransmission (RFC 4588): with the line's RTX SSRC, the next
// RTX sequence number and the original sequence number in front of the payload. Without an
// RTX stream (no SSRC or no payload type) it returns dst as it is: the line's own sequence
// numbers can't be sent again, since SRTP must not seal two packets under one index.
func (r *Rewriter) AppendRTX(dst []byte, h *Header, in *Packet, now Time) []byte {
	if r.cfg.RTXSSRC == 0 || h.RTXPayloadType == 0 {
		return dst
	}
	dst = r.appendHeader(dst, h, in, now, h.RTXPayloadType, r.rtxSeq, r.cfg.RTXSSRC)
	r.rtxSeq++
	dst = binary.BigEndian.AppendUint16(dst, h.Sequence) // RFC 4588 §4: OSN
	return appendPayload(dst, h, in)
}

// AppendPadding appends a packet of n bytes of padding (1 to 255) on the RTX stream, as
// a probe. Without an RTX stream, or before anything was sent, it returns dst as it is.
func (r *Rewriter) AppendPadding(dst []byte, n int, now Time) []byte {
	if r.cfg.RTXSSRC == 0 || r.feed.RTXPayloadType == 0 || !r.started || n < 1 || n > 255 {
		return dst
	}
	start := len(dst)
	none := Packet{Timestamp: r.ts}
	dst = r.appendHeader(dst, &Header{}, &none, now, r.feed.RTXPayloadType, r.rtxSeq, r.cfg.RTXSSRC)
	r.rtxSeq++
	dst[start] |= 0x20
	for range n - 1 {
		dst = append(dst, 0)
	}
	return append(dst, byte(n)) // RFC 3550 §5.1: the last byte counts itself
}

// appendHeader writes the fixed header and the extensions. Contributing sources are left
// out: they are streams the receiver doesn't know.
func (r *Rewriter) appendHeader(dst []byte, h *Header, in *Packet, now Time, pt uint8, seq uint16, ssrc uint32) []byte {
	b := byte(pt & 0x7f)
	if in.Marker {
		b |= 0x80
	}
	start := len(dst)
	dst = append(dst, 0x80, b, byte(seq>>8), byte(seq))
	dst = binary.BigEndian.AppendUint32(dst, in.Timestamp+h.Offset)
	dst = binary.BigEndian.AppendUint32(dst, ssrc)

	var level []byte
	if r.cfg.AudioLevel != 0 && h.AudioLevelIn != 0 {
		if level = in.Extension(h.AudioLevelIn); len(level) > 1 {
			level = level[:1] // RFC 6464 §3: in the two-byte form the rest is padding
		}
	}
	if r.cfg.AbsSendTime == 0 && len(level) == 0 {
		return dst
	}
	dst[start] |= 0x10
	// Ids above 14 don't fit the one-byte form (RFC 8285 §4.2).
	two := r.cfg.AbsSendTime > 14 || r.cfg.AudioLevel > 14
	if two {
		dst = binary.BigEndian.AppendUint16(dst, twoByteProfile)
	} else {
		dst = binary.BigEndian.AppendUint16(dst, oneByteProfile)
	}
	dst = append(dst, 0, 0) // length, below
	body := len(dst)
	if r.cfg.AbsSendTime != 0 {
		t := absSendTime(now)
		dst = appendExtensionHeader(dst, two, r.cfg.AbsSendTime, 3)
		dst = append(dst, byte(t>>16), byte(t>>8), byte(t))
	}
	if len(level) == 1 {
		dst = appendExtensionHeader(dst, two, r.cfg.AudioLevel, 1)
		dst = append(dst, level[0])
	}
	for (len(dst)-body)%4 != 0 {
		dst = append(dst, 0)
	}
	binary.BigEndian.PutUint16(dst[body-2:], uint16((len(dst)-body)/4))
	return dst
}

func appendExtensionHeader(dst []byte, two bool, id uint8, n int) []byte {
	if two {
		return append(dst, id, byte(n))
	}
	return append(dst, id<<4|byte(n-1))
}

// absSendTime is seconds as 6.18 fixed point. Receivers only compare them with each other, so
// any clock does.
func absSendTime(now Time) uint32 {
	return uint32(uint64(now)/1e9<<18+uint64(now)%1e9<<18/1e9) & 0xffffff
}

func appendPayload(dst []byte, h *Header, in *Packet) []byte {
	if h.flags&flagEmpty != 0 {
		return dst
	}
	switch {
	case h.flags&flagVP8 != 0:
		var d VP8Descriptor
		if ParseVP8(in.Payload, &d) == nil {
			d.PictureID, d.TL0PicIdx, d.KeyIdx = h.PictureID, h.TL0PicIdx, h.KeyIdx
			dst = d.append(dst)
			return append(dst, in.Payload[d.Size:]...)
		}
	case h.flags&flagVP9 != 0:
		var d vp9Descriptor
		if parseVP9(in.Payload, &d) {
			return appendVP9(dst, in.Payload, &d, h.PictureID, h.TL0PicIdx)
		}
	}
	return append(dst, in.Payload...)
}
