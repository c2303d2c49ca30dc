package forward

// Codec is what a payload is coded with.
type Codec uint8

// The codecs that a page or a telephone may send.
const (
	CodecUnknown Codec = iota
	Opus
	PCMU
	PCMA
	RED // RFC 2198, around Opus
	VP8
	VP9
	H264
	AV1
)

// ParseCodec reads a media type as in SDP ("video/VP8") or the bare encoding name, in any
// letter case.
func ParseCodec(mime string) Codec { panic("todo") }

// String is the encoding name as registered for RTP, in its usual letter case.
func (c Codec) String() string { panic("todo") }

// Video tells pictures from sound.
func (c Codec) Video() bool { return c >= VP8 }

// ClockRate is the RTP timestamp's ticks per second; 90000 for an unknown codec.
func (c Codec) ClockRate() uint32 { panic("todo") }

// Keyframe says whether payload holds the beginning of a picture that can be decoded
// without any other. It is false for sound.
func Keyframe(c Codec, payload []byte) bool { panic("todo") }

// FrameStart says whether payload begins a picture, as far as the codec tells. Its end is
// the packet with the Marker.
func FrameStart(c Codec, payload []byte) bool { panic("todo") }
