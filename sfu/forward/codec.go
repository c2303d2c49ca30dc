package forward

import "strings"

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

var codecNames = [...]string{
	CodecUnknown: "unknown", Opus: "opus", PCMU: "PCMU", PCMA: "PCMA", RED: "red",
	VP8: "VP8", VP9: "VP9", H264: "H264", AV1: "AV1",
}

// ParseCodec reads a media type as in SDP ("video/VP8") or the bare encoding name, in any
// letter case.
func ParseCodec(mime string) Codec {
	if i := strings.LastIndexByte(mime, '/'); i >= 0 {
		mime = mime[i+1:]
	}
	for c := Opus; int(c) < len(codecNames); c++ {
		if strings.EqualFold(mime, codecNames[c]) {
			return c
		}
	}
	return CodecUnknown
}

// String is the encoding name as registered for RTP, in its usual letter case.
func (c Codec) String() string {
	if int(c) < len(codecNames) {
		return codecNames[c]
	}
	return codecNames[CodecUnknown]
}

// Video tells pictures from sound.
func (c Codec) Video() bool { return c >= VP8 && c <= AV1 }

// ClockRate is the RTP timestamp's ticks per second; 90000 for an unknown codec.
func (c Codec) ClockRate() uint32 {
	switch c {
	case Opus, RED: // RFC 7587 §4.1: 48 kHz whatever Opus does inside
		return 48000
	case PCMU, PCMA:
		return 8000
	}
	return 90000
}

// Keyframe says whether payload holds the beginning of a picture that can be decoded
// without any other. It is false for sound.
func Keyframe(c Codec, payload []byte) bool {
	switch c {
	case VP8:
		return vp8Keyframe(payload)
	case VP9:
		return vp9Keyframe(payload)
	case H264:
		return h264Keyframe(payload)
	case AV1:
		return av1Keyframe(payload)
	}
	return false
}

// FrameStart says whether payload begins a picture, as far as the codec tells: H264 does
// not for the second and later slices of a picture. A picture's end is the packet with the Marker.
func FrameStart(c Codec, payload []byte) bool {
	switch c {
	case VP8:
		var d VP8Descriptor
		return ParseVP8(payload, &d) == nil && d.Start && d.Partition == 0
	case VP9:
		var d vp9Descriptor
		return parseVP9(payload, &d) && d.start && d.spatial == 0
	case H264:
		return h264Start(payload)
	case AV1:
		// AV1 RTP payload §4.4: Z says that the first OBU goes on from the packet before.
		return len(payload) > 1 && payload[0]&0x80 == 0
	}
	return false
}
