package forward

// vp9Descriptor is the part of VP9's payload descriptor that is of use here (RFC 9628 §4.2).
type vp9Descriptor struct {
	size    int   // bytes of the descriptor
	inter   bool  // P: needs other pictures
	start   bool  // B: begins a frame
	upper   bool  // D: needs the lower spatial layer of its picture
	spatial uint8 // SID, if it is there
	hasID   bool
	long    bool   // M: 15 bits
	id      uint16 // picture id, if hasID
	tl0     uint8  // TL0PICIDX, if tl0At
	tl0At   int    // where it stands; 0: nowhere
}

// maxVP9Refs is how many P_DIFF there can be.
const maxVP9Refs = 3

// parseVP9 says false for a descriptor that is cut short or has nothing behind it.
func parseVP9(payload []byte, d *vp9Descriptor) bool {
	*d = vp9Descriptor{}
	b := reader{payload}
	first := b.next() // |I|P|L|F|B|E|V|Z|
	d.inter = first&0x40 != 0
	flexible := first&0x10 != 0
	d.start = first&0x08 != 0
	if first&0x80 != 0 {
		d.hasID = true
		id := b.next()
		d.id = uint16(id & 0x7f)
		if d.long = id&0x80 != 0; d.long {
			d.id = d.id<<8 | uint16(b.next())
		}
	}
	if first&0x20 != 0 { // L: |TID|U|SID|D|
		layers := b.next()
		d.spatial = layers >> 1 & 0x07
		d.upper = layers&0x01 != 0
		if !flexible {
			d.tl0At = len(payload) - len(b.rest)
			d.tl0 = b.next()
		}
	}
	if d.inter && flexible {
		for range maxVP9Refs { // |P_DIFF|N|
			if b.next()&0x01 == 0 {
				break
			}
		}
	}
	if first&0x02 != 0 { // V: |N_S|Y|G|-|
		structure := b.next()
		if structure&0x10 != 0 { // a width and height for each spatial layer
			b.skip(4 * (int(structure>>5) + 1))
		}
		if structure&0x08 != 0 {
			for range b.next() { // |TID|U|R|-|, then R P_DIFF
				b.skip(int(b.next() >> 2 & 0x03))
			}
		}
	}
	d.size = len(payload) - len(b.rest)
	return len(b.rest) > 0 // what is cut short has no rest
}

// numbers is what VP9 has of the numbers that VP8 has.
func (d *vp9Descriptor) numbers() VP8Descriptor {
	return VP8Descriptor{
		PictureID: d.id, HasPictureID: d.hasID, LongPictureID: d.long,
		TL0PicIdx: d.tl0, HasTL0PicIdx: d.tl0At > 0,
	}
}

// appendVP9 copies a payload with other numbers. The picture id is written long.
func appendVP9(dst []byte, payload []byte, d *vp9Descriptor, id uint16, tl0 uint8) []byte {
	rest := payload[1:]
	dst = append(dst, payload[0])
	if d.hasID {
		dst = append(dst, 0x80|byte(id>>8), byte(id))
		if rest = rest[1:]; d.long {
			rest = rest[1:]
		}
	}
	if d.tl0At > 0 {
		n := d.tl0At - (len(payload) - len(rest))
		dst = append(dst, rest[:n]...)
		dst = append(dst, tl0)
		rest = rest[n+1:]
	}
	return append(dst, rest...)
}

// vp9Keyframe: neither predicted from other pictures nor from a lower spatial layer, and
// its beginning.
func vp9Keyframe(payload []byte) bool {
	var d vp9Descriptor
	return parseVP9(payload, &d) && !d.inter && d.start && d.spatial == 0 && !d.upper
}

// reader takes bytes off a payload. Past the end it gives zeros.
type reader struct{ rest []byte }

func (r *reader) next() byte {
	if len(r.rest) == 0 {
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *reader) skip(n int) { r.rest = r.rest[min(n, len(r.rest)):] }
