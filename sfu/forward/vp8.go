package forward

import "errors"

// ErrDescriptor is returned, bare, for a payload whose payload descriptor is cut short.
var ErrDescriptor = errors.New("forward: payload descriptor cut short")

// VP8Descriptor is the payload descriptor in front of VP8 data (RFC 7741 §4.2).
type VP8Descriptor struct {
	Size          int    // bytes of the descriptor
	PictureID     uint16 // 7 or 15 bits, if HasPictureID
	Partition     uint8  // PID: 0 is the first
	TL0PicIdx     uint8  // counts base layer pictures, if HasTL0PicIdx
	TID           uint8  // temporal layer 0 to 3, if HasTID
	KeyIdx        uint8  // 5 bits, if HasKeyIdx
	Start         bool   // S: begins a partition
	NonReference  bool   // N: no other picture needs it
	LayerSync     bool   // Y: needs only base layer pictures, if HasTID
	HasPictureID  bool
	LongPictureID bool // M: 15 bits
	HasTL0PicIdx  bool
	HasTID        bool
	HasKeyIdx     bool
}

// maxVP8Descriptor is the longest descriptor there is.
const maxVP8Descriptor = 6

// ParseVP8 reads the descriptor at the front of payload into d. A payload that ends with
// its descriptor is not an error.
func ParseVP8(payload []byte, d *VP8Descriptor) error {
	*d = VP8Descriptor{}
	if len(payload) == 0 {
		return ErrDescriptor
	}
	b := payload[0] // |X|R|N|S|R| PID |
	d.NonReference = b&0x20 != 0
	d.Start = b&0x10 != 0
	d.Partition = b & 0x07
	d.Size = 1
	if b&0x80 == 0 {
		return nil
	}
	if len(payload) < 2 {
		return ErrDescriptor
	}
	x := payload[1] // |I|L|T|K|RSV|
	d.HasPictureID = x&0x80 != 0
	d.HasTL0PicIdx = x&0x40 != 0
	d.HasTID = x&0x20 != 0
	d.HasKeyIdx = x&0x10 != 0
	n := 2
	if d.HasPictureID {
		if len(payload) <= n {
			return ErrDescriptor
		}
		d.PictureID = uint16(payload[n] & 0x7f)
		if payload[n]&0x80 != 0 {
			if len(payload) <= n+1 {
				return ErrDescriptor
			}
			d.LongPictureID = true
			d.PictureID = d.PictureID<<8 | uint16(payload[n+1])
			n++
		}
		n++
	}
	if d.HasTL0PicIdx {
		if len(payload) <= n {
			return ErrDescriptor
		}
		d.TL0PicIdx = payload[n]
		n++
	}
	if d.HasTID || d.HasKeyIdx {
		if len(payload) <= n {
			return ErrDescriptor
		}
		b := payload[n] // |TID|Y| KEYIDX |
		if d.HasTID {
			d.TID = b >> 6
			d.LayerSync = b&0x20 != 0
		}
		if d.HasKeyIdx {
			d.KeyIdx = b & 0x1f
		}
		n++
	}
	d.Size = n
	return nil
}

// append writes d with a long picture id: the line's numbers don't fall back to 7 bits
// because one sender counts so.
func (d *VP8Descriptor) append(dst []byte) []byte {
	b := d.Partition
	if d.NonReference {
		b |= 0x20
	}
	if d.Start {
		b |= 0x10
	}
	if !d.HasPictureID && !d.HasTL0PicIdx && !d.HasTID && !d.HasKeyIdx {
		return append(dst, b)
	}
	var x, t byte
	if d.HasPictureID {
		x |= 0x80
	}
	if d.HasTL0PicIdx {
		x |= 0x40
	}
	if d.HasTID {
		x |= 0x20
		t |= d.TID << 6
		if d.LayerSync {
			t |= 0x20
		}
	}
	if d.HasKeyIdx {
		x |= 0x10
		t |= d.KeyIdx
	}
	dst = append(dst, b|0x80, x)
	if d.HasPictureID {
		dst = append(dst, 0x80|byte(d.PictureID>>8), byte(d.PictureID))
	}
	if d.HasTL0PicIdx {
		dst = append(dst, d.TL0PicIdx)
	}
	if d.HasTID || d.HasKeyIdx {
		dst = append(dst, t)
	}
	return dst
}

// vp8Keyframe: the first partition's first byte has an inverse key frame flag in its
// lowest bit (RFC 7741 §4.3, P).
func vp8Keyframe(payload []byte) bool {
	var d VP8Descriptor
	if ParseVP8(payload, &d) != nil || !d.Start || d.Partition != 0 || len(payload) <= d.Size {
		return false
	}
	return payload[d.Size]&0x01 == 0
}
