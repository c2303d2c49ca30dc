package forward

import (
	"encoding/hex"
	"testing"
)

// The beginnings of keyframes that a Chromium 156 encoded, without RTP descriptors.
var encoded = []struct {
	codec         Codec
	name          string
	width, height int
	prefix, frame string // what RTP puts in front, the data
}{
	{VP8, "VP8", 1280, 720, "10", "10ca009d012a0005d0020a8708858588998488"},
	{VP8, "VP8", 322, 182, "90808001", "9011009d012a4201b600020708858588998488"},
	{VP9, "VP9", 1280, 720, "08", "82498342504ff02cf66638241c199218005847"},
	{VP9, "VP9", 322, 182, "8a800118004201b600", "824983425014100b560838241c185c0002a050"},
	{H264, "H264 baseline", 1280, 720, "", "6742c01f8c8d402802dd37010d010784423500"},
	{H264, "H264 baseline, aggregated", 322, 182, "78000209100016", "6742c00d8c8d40a8cb1134dc0434041e1108d4000004" + "68ce3c80"},
	{H264, "H264 high", 1280, 720, "", "67640c1fac191a805005ba6e021a020f08846a"},
	{H264, "H264 high, cropped", 322, 182, "", "67640c0dac191a8151962269b80868083c2211a8"},
	{AV1, "AV1", 1280, 720, "18", "0a0e0000002d4cffb3c01a2021a0308032"},
	{AV1, "AV1, without its own length, and something behind", 322, 182, "280e", "08000000043d06d401a2021a0308" + "32d501104490"},
	{AV1, "AV1, each with its length, something before", 322, 182, "080212000f", "0a0d000000043d06d401a2021a0308" + "0632d501104490"},
}

func TestFrameSizeReadsKeyframesOfABrowser(t *testing.T) {
	for _, c := range encoded {
		payload, err := hex.DecodeString(c.prefix + c.frame)
		if err != nil {
			t.Fatal(c.name, err)
		}
		w, h, ok := FrameSize(c.codec, payload)
		if !ok || w != c.width || h != c.height {
			t.Errorf("%s: %d×%d, %v; want %d×%d", c.name, w, h, ok, c.width, c.height)
		}
		for n := range payload {
			FrameSize(c.codec, payload[:n]) // must not run over the end
		}
	}
}

func TestFrameSizeKnowsWhenItDoesNot(t *testing.T) {
	for name, c := range map[string]struct {
		codec   Codec
		payload string
	}{
		"sound":                   {Opus, "10ca"},
		"VP8 delta":               {VP8, "10310f002811c000186582"},
		"VP8 without start code":  {VP8, "1010ca009d012b0005d002"},
		"VP8 of no size":          {VP8, "1010ca009d012a00000000"},
		"VP9 delta":               {VP9, "48860040921cfc5d01"},
		"VP9 without sync code":   {VP9, "0882498343504ff02cf6"},
		"VP9 shows an old one":    {VP9, "088a498342504ff02cf6"},
		"VP9 without marker":      {VP9, "0802498342504ff02cf6"},
		"H264 IDR":                {H264, "65b80004"},
		"H264 SPS cut":            {H264, "6742c01f8c"},
		"H264 of endless zeros":   {H264, "6742c01f000000000000000000000000"},
		"H264 parameters alone":   {H264, "78000468ce3c80"},
		"H264 broken aggregate":   {H264, "780000"},
		"nothing":                 {H264, ""},
		"AV1 delta":               {AV1, "10320c"},
		"AV1 without a sequence":  {AV1, "1832d501"},
		"AV1 longer than it is":   {AV1, "087f0a"},
		"AV1 length without end":  {AV1, "08ffffffffffffffffffff"},
		"AV1 sequence cut":        {AV1, "180800000004"},
		"AV1 own length cut":      {AV1, "180aff"},
		"AV1 nothing in the unit": {AV1, "2800"},
	} {
		payload, err := hex.DecodeString(c.payload)
		if err != nil {
			t.Fatal(name, err)
		}
		if w, h, ok := FrameSize(c.codec, payload); ok {
			t.Errorf("%s: %d×%d", name, w, h)
		}
	}
}

func FuzzFrameSize(f *testing.F) {
	for _, c := range encoded {
		payload, _ := hex.DecodeString(c.prefix + c.frame)
		f.Add(byte(c.codec), payload)
	}
	f.Fuzz(func(t *testing.T, c byte, b []byte) {
		w, h, ok := FrameSize(Codec(c), b)
		if ok && (w <= 0 || h <= 0 || w > 1<<17 || h > 1<<17) {
			t.Fatalf("%v %x: %d×%d", Codec(c), b, w, h)
		}
	})
}
