package forward

import (
	"bytes"
	"testing"

	"github.com/pion/rtp/codecs"
)

func TestParseCodecKnowsMediaTypes(t *testing.T) {
	for mime, want := range map[string]Codec{
		"audio/opus": Opus, "audio/PCMU": PCMU, "PCMA": PCMA, "audio/red": RED, "video/vp8": VP8,
		"video/VP9": VP9, "video/H264": H264, "video/AV1": AV1,
		"video/rtx": CodecUnknown, "": CodecUnknown, "unknown": CodecUnknown, "opus/": CodecUnknown,
	} {
		if got := ParseCodec(mime); got != want {
			t.Errorf("%q is %v, want %v", mime, got, want)
		}
	}
	for c := Opus; c <= AV1; c++ {
		if ParseCodec(c.String()) != c {
			t.Errorf("%v doesn't read its own name", c)
		}
		if video := c >= VP8; c.Video() != video {
			t.Errorf("%v: Video is %v", c, c.Video())
		}
	}
	if Codec(99).String() != "unknown" || Codec(99).Video() {
		t.Error("a codec that there isn't")
	}
	if Opus.ClockRate() != 48000 || PCMA.ClockRate() != 8000 || VP8.ClockRate() != 90000 || CodecUnknown.ClockRate() != 90000 {
		t.Error("clock rates")
	}
}

func TestKeyframeFindsTheBeginningOfAPictureThatNeedsNoOther(t *testing.T) {
	for _, c := range []struct {
		name       string
		codec      Codec
		payload    []byte
		key, start bool
	}{
		{"VP8 key", VP8, []byte{0x10, 0x50, 0x9d}, true, true},
		{"VP8 delta", VP8, []byte{0x10, 0x51}, false, true},
		{"VP8 key, second packet", VP8, []byte{0x00, 0x50}, false, false},
		{"VP8 key, second partition", VP8, []byte{0x11, 0x50}, false, false},
		{"VP8 key, whole descriptor", VP8, []byte{0x90, 0xf0, 0x81, 2, 3, 0x25, 0x50}, true, true},
		{"VP8 descriptor alone", VP8, []byte{0x10}, false, true},
		{"VP8 descriptor cut", VP8, []byte{0x90, 0x80, 0x81}, false, false},
		{"VP8 nothing", VP8, nil, false, false},

		{"VP9 key", VP9, []byte{0x08, 1}, true, true},
		{"VP9 key with long picture id and layers", VP9, []byte{0xa8, 0x81, 2, 0x00, 0, 1}, true, true},
		{"VP9 delta", VP9, []byte{0x48, 1}, false, true},
		{"VP9 key, second packet", VP9, []byte{0x00, 1}, false, false},
		{"VP9 key, upper spatial layer", VP9, []byte{0x28, 0x03, 1}, false, false},
		{"VP9 descriptor alone", VP9, []byte{0x08}, false, false},
		{"VP9 cut", VP9, []byte{0xa8, 0x81, 2}, false, false},

		{"H264 nothing", H264, nil, false, false},
		{"H264 unit header alone", H264, []byte{0x61}, false, false},
		{"H264 IDR", H264, []byte{0x65, 1}, true, true},
		{"H264 SPS", H264, []byte{0x67, 1}, true, true},
		{"H264 PPS", H264, []byte{0x68, 1}, false, true},
		{"H264 slice", H264, []byte{0x61, 1}, false, true},
		{"H264 STAP-A of SPS and PPS", H264, []byte{0x78, 0, 2, 0x67, 1, 0, 1, 0x68}, true, true},
		{"H264 STAP-A of delimiter and IDR", H264, []byte{0x78, 0, 1, 0x09, 0, 1, 0x65}, true, true},
		{"H264 STAP-A of slices", H264, []byte{0x78, 0, 1, 0x61, 0, 1, 0x61}, false, true},
		{"H264 STAP-A cut", H264, []byte{0x78, 0, 9, 0x67}, false, true},
		{"H264 STAP-A of an empty unit", H264, []byte{0x78, 0, 0, 0x67, 0}, false, true},
		{"H264 FU-A, IDR begins", H264, []byte{0x7c, 0x85, 1}, true, true},
		{"H264 FU-A, IDR goes on", H264, []byte{0x7c, 0x05, 1}, false, false},
		{"H264 FU-A, slice begins", H264, []byte{0x7c, 0x81, 1}, false, true},

		{"AV1 new sequence", AV1, []byte{0x18, 0x0a}, true, true},
		{"AV1 delta", AV1, []byte{0x10, 0x32}, false, true},
		{"AV1 goes on", AV1, []byte{0x90, 0x32}, false, false},
		{"AV1 header alone", AV1, []byte{0x18}, false, false},

		{"sound", Opus, []byte{0x10, 0x50}, false, false},
	} {
		if got := Keyframe(c.codec, c.payload); got != c.key {
			t.Errorf("%s: Keyframe %v", c.name, got)
		}
		if got := FrameStart(c.codec, c.payload); got != c.start {
			t.Errorf("%s: FrameStart %v", c.name, got)
		}
	}
}

func TestVP8DescriptorIsReadAndWritten(t *testing.T) {
	full := []byte{0x80 | 0x20 | 0x10 | 3, 0xf0, 0x80 | 0x12, 0x34, 0x56, 2<<6 | 0x20 | 17}
	var d VP8Descriptor
	if err := ParseVP8(full, &d); err != nil {
		t.Fatal(err)
	}
	want := VP8Descriptor{
		Size: 6, PictureID: 0x1234, Partition: 3, TL0PicIdx: 0x56, TID: 2, KeyIdx: 17, Start: true, NonReference: true,
		LayerSync: true, HasPictureID: true, LongPictureID: true, HasTL0PicIdx: true, HasTID: true, HasKeyIdx: true,
	}
	if d != want {
		t.Errorf("read %+v", d)
	}
	if got := d.append(nil); !bytes.Equal(got, full) {
		t.Errorf("written %x, read %x", got, full)
	}
	for n := range full {
		if ParseVP8(full[:n], &d) != ErrDescriptor {
			t.Errorf("%d bytes were a whole descriptor", n)
		}
	}

	// A picture id of 7 bits leaves as one of 15.
	if err := ParseVP8([]byte{0x90, 0x80, 0x7f, 0}, &d); err != nil || d.PictureID != 127 || d.LongPictureID || d.Size != 3 {
		t.Fatalf("short picture id: %+v, %v", d, err)
	}
	if got := d.append(nil); !bytes.Equal(got, []byte{0x90, 0x80, 0x80, 0x7f}) {
		t.Errorf("short picture id written %x", got)
	}
}

// FuzzVP8: we read what pion reads, and what we write we read again.
func FuzzVP8(f *testing.F) {
	f.Add([]byte{0x10, 0})
	f.Add([]byte{0x90, 0xf0, 0x81, 2, 3, 0xe5, 0x50})
	f.Add([]byte{0x90, 0x90, 0x01, 0x1f, 0})
	f.Add([]byte{0x90, 0x00, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		var d VP8Descriptor
		if ParseVP8(b, &d) != nil {
			return
		}
		if d.Size > len(b) || d.Size > maxVP8Descriptor {
			t.Fatalf("descriptor of %d bytes in %d", d.Size, len(b))
		}
		if d.Size == len(b) {
			return // pion wants a payload behind it
		}
		var p codecs.VP8Packet
		if _, err := p.Unmarshal(b); err != nil {
			t.Fatalf("pion can't read it: %v", err)
		}
		if p.PictureID != d.PictureID || p.TL0PICIDX != d.TL0PicIdx || p.TID != d.TID || p.KEYIDX != d.KeyIdx ||
			p.Y == 1 != d.LayerSync || p.S == 1 != d.Start || p.PID != d.Partition || len(p.Payload) != len(b)-d.Size {
			t.Fatalf("read %+v, pion %+v", d, p)
		}
		var again VP8Descriptor
		out := d.append(nil)
		if err := ParseVP8(out, &again); err != nil || again.Size != len(out) {
			t.Fatalf("written descriptor: %+v, %v", again, err)
		}
		again.Size, again.LongPictureID = d.Size, d.LongPictureID
		if again != d {
			t.Fatalf("written %+v, read again %+v", d, again)
		}
	})
}

// FuzzKeyframe: nothing a participant sends makes the readers of payloads run over the end, and
// they agree with pion on VP9.
func FuzzKeyframe(f *testing.F) {
	for c := VP8; c <= AV1; c++ {
		for _, b := range [][]byte{{0x08, 1}, {0xa8, 0x81, 2, 0, 0, 1}, {0x78, 0, 2, 0x67, 1, 0, 1, 0x68}, {0x7c, 0x85, 1}, {0x18, 0x0a}} {
			f.Add(byte(c), b)
		}
	}
	f.Fuzz(func(t *testing.T, c byte, b []byte) {
		key, start := Keyframe(Codec(c), b), FrameStart(Codec(c), b)
		if key && !start {
			t.Fatalf("%v %x: a keyframe that doesn't begin", Codec(c), b)
		}
		var p codecs.VP9Packet
		if Codec(c) == VP9 && key {
			if _, err := p.Unmarshal(b); err == nil && (p.P || !p.B || p.SID != 0) {
				t.Fatalf("%x: keyframe, pion %+v", b, p)
			}
		}
	})
}
