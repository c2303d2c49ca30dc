package forward

// vp9Descriptor is the part of VP9's payload descriptor that is of use here (RFC 9628 §4.2).
type vp9Descriptor struct {
	inter   bool  // P: needs other pictures
	start   bool  // B: begins a frame
	upper   bool  // D: needs the lower spatial layer of its picture
	spatial uint8 // SID, if it is there
}

// parseVP9 says false for a descriptor that is cut short.
func parseVP9(payload []byte, d *vp9Descriptor) bool {
	*d = vp9Descriptor{}
	if len(payload) == 0 {
		return false
	}
	b := payload[0] // |I|P|L|F|B|E|V|Z|
	d.inter = b&0x40 != 0
	d.start = b&0x08 != 0
	n := 1
	if b&0x80 != 0 { // I: picture id of one or two bytes
		if len(payload) <= n {
			return false
		}
		if payload[n]&0x80 != 0 {
			n++
		}
		n++
	}
	if b&0x20 != 0 { // L: |TID|U|SID|D|
		if len(payload) <= n {
			return false
		}
		d.spatial = payload[n] >> 1 & 0x07
		d.upper = payload[n]&0x01 != 0
		n++
	}
	return len(payload) > n
}

// vp9Keyframe: neither predicted from other pictures nor from a lower spatial layer, and
// its beginning (RFC 9628 §4.2, "P" and "B").
func vp9Keyframe(payload []byte) bool {
	var d vp9Descriptor
	return parseVP9(payload, &d) && !d.inter && d.start && d.spatial == 0 && !d.upper
}

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
