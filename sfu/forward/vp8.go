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

// ParseVP8 reads the descriptor at the front of payload into d.
func ParseVP8(payload []byte, d *VP8Descriptor) error { panic("todo") }
