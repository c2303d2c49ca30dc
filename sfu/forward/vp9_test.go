package forward

import (
	"bytes"
	"testing"

	"github.com/pion/rtp/codecs"
)

func TestAVP9LineGoesOnOverASwitch(t *testing.T) {
	l, a, b := newLine(t), camera(1), camera(2)
	a.codec, b.codec = VP9, VP9
	l.rw.SwitchTo(a.feed())
	l.rw.SetTemporal(0) // VP8's alone
	last := l.all(a.frame(2, true), 1, 0)[1]
	for i := range 300 {
		a.short = i%2 == 0
		out := l.all(a.frame(1, false), 1, Time(i+1)*33*ms)
		if len(out) != 1 || out[0].vp8.PictureID != (last.vp8.PictureID+1)&0x7fff || !out[0].vp8.LongPictureID {
			t.Fatalf("after %+v came %+v", last.vp8, out)
		}
		last = out[0]
	}
	l.rw.SwitchTo(b.feed())
	out := l.all(b.frame(2, true), 2, 10*second)
	if len(out) != 2 || out[0].Sequence != last.Sequence+1 || out[0].vp8.PictureID != (last.vp8.PictureID+1)&0x7fff || out[0].vp8.TL0PicIdx != last.vp8.TL0PicIdx+1 {
		t.Fatalf("after %+v came %+v", last.vp8, out[0].vp8)
	}
	if out[1].vp8.PictureID != out[0].vp8.PictureID || out[1].vp8.TL0PicIdx != out[0].vp8.TL0PicIdx {
		t.Error("the keyframe fell apart")
	}
}

// FuzzVP9: we read what pion reads, and write the same payload with other numbers.
func FuzzVP9(f *testing.F) {
	f.Add([]byte{0x08, 1})
	f.Add([]byte{0xaa, 0x81, 2, 0x10, 9, 0x38, 1, 2, 3, 4, 5, 6, 7, 8, 2, 0x04, 1, 0x08, 1, 2, 7})
	f.Add([]byte{0xf8, 0x7f, 0x33, 3, 5, 2, 1})
	f.Add([]byte{0x02, 0x08, 1, 0x0c, 1, 2, 3, 9})
	f.Fuzz(func(t *testing.T, b []byte) {
		var d vp9Descriptor
		var p codecs.VP9Packet
		if !parseVP9(b, &d) {
			return
		}
		if _, err := p.Unmarshal(b); err != nil {
			return // more references than there may be: pion refuses, we have read enough
		}
		if p.PictureID != d.id || p.I != d.hasID || p.P != d.inter || p.B != d.start || p.TL0PICIDX != d.tl0 || p.SID != d.spatial || p.D != d.upper {
			t.Fatalf("%x: read %+v, pion %+v", b, d, p)
		}
		if !bytes.Equal(p.Payload, b[d.size:]) {
			t.Fatalf("%x: descriptor of %d bytes, pion %d", b, d.size, len(b)-len(p.Payload))
		}
		var q codecs.VP9Packet
		out := appendVP9(nil, b, &d, 0x1234, 99)
		if _, err := q.Unmarshal(out); err != nil {
			t.Fatalf("%x became %x: %v", b, out, err)
		}
		if p.I {
			p.PictureID = 0x1234
		}
		if d.tl0At > 0 {
			p.TL0PICIDX = 99
		}
		if p.PictureID != q.PictureID || p.TL0PICIDX != q.TL0PICIDX || p.TID != q.TID || p.U != q.U || p.NS != q.NS || !bytes.Equal(p.Payload, q.Payload) || !bytes.Equal(p.PDiff, q.PDiff) {
			t.Fatalf("%+v became %+v", p, q)
		}
	})
}
