package forward

// NAL unit types (RFC 6184 §5.2, H.264 table 7-1).
const (
	nalIDR   = 5
	nalSPS   = 7
	nalSTAPA = 24
	nalFUA   = 28
)

// h264Keyframe: an instantaneous decoder refresh, or the parameters that are sent in front
// of one.
func h264Keyframe(payload []byte) bool {
	if len(payload) == 0 {
		return false
	}
	switch t := payload[0] & 0x1f; t {
	case nalIDR, nalSPS:
		return len(payload) > 1
	case nalSTAPA: // RFC 6184 §5.7.1: units with their lengths in front
		for rest := payload[1:]; len(rest) > 2; {
			n := int(rest[0])<<8 | int(rest[1])
			rest = rest[2:]
			if n == 0 || n > len(rest) {
				return false
			}
			if t := rest[0] & 0x1f; t == nalIDR || t == nalSPS {
				return true
			}
			rest = rest[n:]
		}
	case nalFUA: // RFC 6184 §5.8: |S|E|R| type |
		return len(payload) > 2 && payload[1]&0x80 != 0 && payload[1]&0x1f == nalIDR
	}
	return false
}

// h264Start: anything but the middle or end of a fragmented unit.
func h264Start(payload []byte) bool {
	if len(payload) < 2 {
		return false
	}
	return payload[0]&0x1f != nalFUA || payload[1]&0x80 != 0
}

// av1Keyframe: N in the aggregation header says that the packet is the first of a coded
// video sequence, which begins with a keyframe (AV1 RTP payload §4.4).
func av1Keyframe(payload []byte) bool {
	return len(payload) > 1 && payload[0]&0x88 == 0x08
}
