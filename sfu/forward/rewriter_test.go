package forward

import (
	"bytes"
	"testing"
)

func camera(key Key) *source {
	return &source{key: key, codec: VP8, ssrc: uint32(key), seq: 65000 + uint16(key)*7919, ts: uint32(key) * 0x7fffffff, pid: 0x7ff0 + uint16(key), tl0: 250, keyIdx: 30, layered: true}
}

func microphone(key Key) *source {
	return &source{key: key, codec: Opus, ssrc: uint32(key), seq: uint16(key) * 40503, ts: uint32(key) * 0x9e3779b9}
}

func TestALineShowsNothingBeforeAKeyframe(t *testing.T) {
	l, cam := newLine(t), camera(1)
	if l.rw.Waiting() || l.rw.Target() != 0 {
		t.Error("a line without a target waits")
	}
	l.all(cam.frame(2, true), 1, 0) // nobody switched to it
	l.rw.SwitchTo(cam.feed())
	if !l.rw.Waiting() || l.rw.Current() != 0 || l.rw.Target() != 1 {
		t.Errorf("waiting %v, current %d, target %d", l.rw.Waiting(), l.rw.Current(), l.rw.Target())
	}
	if out := l.all(cam.frame(3, false), 1, 33*ms); len(out) != 0 {
		t.Errorf("%d packets of a picture that can't be decoded", len(out))
	}
	out := l.all(cam.frame(3, true), 1, 66*ms)
	if len(out) != 3 || l.rw.Waiting() || l.rw.Current() != 1 {
		t.Fatalf("%d packets of the keyframe, waiting %v", len(out), l.rw.Waiting())
	}
	if out[0].Sequence != lineConfig.Sequence || out[0].Timestamp != lineConfig.Timestamp || out[0].vp8.PictureID != lineConfig.PictureID {
		t.Errorf("the stream begins with %d, %d, %d", out[0].Sequence, out[0].Timestamp, out[0].vp8.PictureID)
	}
	if packets, octets := l.rw.Sent(); packets != 3 || octets != uint32(3*len(out[0].Payload)) {
		t.Errorf("counted %d packets, %d bytes", packets, octets)
	}
}

func TestAllNumbersGoOnOverASwitchOfLayers(t *testing.T) {
	l, small, large := newLine(t), camera(1), camera(2)
	l.rw.SwitchTo(small.feed())
	l.all(small.frame(2, true), 1, 0)
	last := l.all(small.frame(2, false), 1, 33*ms)[1]

	l.rw.SwitchTo(large.feed())
	// Until the larger layer's keyframe, the smaller goes on.
	if out := l.all(large.frame(2, false), 2, 34*ms); len(out) != 0 || !l.rw.Waiting() {
		t.Fatal("switched without a keyframe")
	}
	if out := l.all(small.frame(1, false), 1, 66*ms); len(out) != 1 || out[0].Sequence != last.Sequence+1 {
		t.Fatal("the smaller layer stopped too early")
	} else {
		last = out[0]
	}
	out := l.all(large.frame(2, true), 2, 100*ms)
	if len(out) != 2 {
		t.Fatalf("%d packets of the keyframe", len(out))
	}
	first := out[0]
	if first.Sequence != last.Sequence+1 {
		t.Errorf("sequence %d after %d", first.Sequence, last.Sequence)
	}
	if d := first.Timestamp - last.Timestamp; d != 34*90 {
		t.Errorf("timestamp %d ticks on after 34 ms", d)
	}
	if first.vp8.PictureID != (last.vp8.PictureID+1)&0x7fff || first.vp8.TL0PicIdx != last.vp8.TL0PicIdx+1 || first.vp8.KeyIdx != (last.vp8.KeyIdx+1)&0x1f {
		t.Errorf("ids %+v after %+v", first.vp8, last.vp8)
	}
	if out[1].vp8.PictureID != first.vp8.PictureID || out[1].Timestamp != first.Timestamp {
		t.Error("the keyframe fell apart")
	}
	if s := l.send(small.frame(1, false)[0], 1, 101*ms); s != nil {
		t.Error("the smaller layer is still forwarded")
	}
}

func TestWhatIsLostStaysAHoleAndComesLate(t *testing.T) {
	l, cam := newLine(t), camera(1)
	l.rw.SwitchTo(cam.feed())
	l.all(cam.frame(1, true), 1, 0)
	one, two := cam.frame(3, false), cam.frame(1, false)
	a := l.send(one[0], 1, 33*ms)
	c := l.send(one[2], 1, 33*ms)
	d := l.send(two[0], 1, 66*ms)
	if c.Sequence != a.Sequence+2 || d.Sequence != a.Sequence+3 {
		t.Fatalf("the hole closed: %d, %d, %d", a.Sequence, c.Sequence, d.Sequence)
	}
	b := l.send(one[1], 1, 90*ms)
	if b == nil || b.Sequence != a.Sequence+1 || b.Timestamp != a.Timestamp || b.vp8.PictureID != a.vp8.PictureID {
		t.Fatalf("the late packet went out as %+v", b)
	}
	if l.send(one[1], 1, 91*ms) != nil || l.send(two[0], 1, 91*ms) != nil {
		t.Error("a packet went out twice under one number")
	}
}

func TestAPacketFromBeforeTheSwitchIsDropped(t *testing.T) {
	l, a, b := newLine(t), camera(1), camera(2)
	l.rw.SwitchTo(a.feed())
	l.all(a.frame(2, true), 1, 0)
	lost := a.frame(1, false)[0]
	l.all(a.frame(1, false), 1, 40*ms)
	early := b.frame(2, false)
	l.rw.SwitchTo(b.feed())
	l.all(b.frame(1, true), 2, 60*ms)
	if l.send(lost, 1, 61*ms) != nil {
		t.Error("a late packet of the stream before went out")
	}
	if l.send(early[1], 2, 61*ms) != nil {
		t.Error("a packet from before the keyframe went out")
	}
}

func TestAStreamThatWasRunningForLongKnowsWhereItBegan(t *testing.T) {
	l, mic := newLine(t), microphone(1)
	l.rw.SwitchTo(mic.feed())
	before := mic.sound(1)
	at := Time(0)
	n := 0
	for range 40000 { // more than half the sequence numbers: the first is not "newer" again
		if l.send(mic.sound(1), 1, at) != nil {
			n++
		}
		at += 20 * ms
	}
	if n != 40000 {
		t.Errorf("%d of 40000 went out", n)
	}
	late := mic.sound(1)
	l.send(mic.sound(1), 1, at)
	if l.send(late, 1, at) == nil {
		t.Error("a late packet was taken for one from before the beginning")
	}
	if l.send(before, 1, at) != nil {
		t.Error("a packet of 13 minutes ago went out")
	}
}

func TestLeavingOutTemporalLayersLeavesNoHoles(t *testing.T) {
	l, cam := newLine(t), camera(1)
	l.rw.SwitchTo(cam.feed())
	at := Time(0)
	var last *sent
	step := func(keyframe bool) (out []*sent) {
		out = l.all(cam.frame(2, keyframe), 1, at)
		at += 33 * ms
		for _, s := range out {
			if last != nil && s.Sequence != last.Sequence+1 {
				t.Fatalf("sequence %d after %d", s.Sequence, last.Sequence)
			}
			if last != nil && s.vp8.Start && s.vp8.PictureID != (last.vp8.PictureID+1)&0x7fff {
				t.Fatalf("picture %d after %d", s.vp8.PictureID, last.vp8.PictureID)
			}
			last = s
		}
		return out
	}
	count := func(frames int) (n [3]int) {
		for range frames {
			if out := step(false); len(out) > 0 {
				n[out[0].vp8.TID]++
			}
		}
		return n
	}
	step(true)
	if n := count(8); n != [3]int{2, 2, 4} {
		t.Errorf("all layers: %v pictures", n)
	}
	l.rw.SetTemporal(0)
	if n := count(8); n != [3]int{2, 0, 0} {
		t.Errorf("base layer: %v pictures", n)
	}
	l.rw.SetTemporal(2)
	if n := count(4); n[1] != 1 {
		t.Errorf("back to all, first round: %v pictures", n)
	}
	if n := count(8); n != [3]int{2, 2, 4} {
		t.Errorf("back to all: %v pictures", n)
	}
	l.rw.SetTemporal(1)
	count(3)
	l.rw.SetTemporal(2)
	step(true) // a keyframe opens all layers at once
	if n := count(4); n != [3]int{1, 1, 2} {
		t.Errorf("after a keyframe: %v pictures", n)
	}
}

func TestALatePacketThatWouldHaveBeenLeftOutFillsItsHole(t *testing.T) {
	l, cam := newLine(t), camera(1)
	cam.seq = lineConfig.Sequence + 20 // near enough that a number taken over as it is would look like one of the line's
	l.rw.SwitchTo(cam.feed())
	l.rw.SetTemporal(0)
	l.all(cam.frame(1, true), 1, 0)
	upper := cam.frame(3, false) // layer 2, left out
	l.send(upper[0], 1, 33*ms)
	after := l.send(cam.frame(1, false)[0], 1, 66*ms) // layer 1, left out
	if after != nil {
		t.Fatal("layer 1 went out")
	}
	s := l.send(upper[1], 1, 70*ms)
	if s == nil || len(s.Payload) != 0 {
		t.Fatalf("the hole was not filled with nothing: %+v", s)
	}
	if l.send(upper[0], 1, 71*ms) != nil {
		t.Error("a packet that was left out took another's number")
	}
	s2 := l.send(upper[2], 1, 72*ms)
	base := l.all(cam.frame(1, false), 1, 99*ms)
	for len(base) == 0 {
		base = l.all(cam.frame(1, false), 1, 99*ms)
	}
	if s2.Sequence != s.Sequence+1 || base[0].Sequence != s2.Sequence+1 {
		t.Errorf("numbers %d, %d, %d", s.Sequence, s2.Sequence, base[0].Sequence)
	}
}

func TestAPacketTooLateToKnowItsNumberIsDropped(t *testing.T) {
	for held, want := range map[int]bool{20: true, 40: false} { // runs of pictures left out meanwhile
		l, cam := newLine(t), camera(1)
		cam.seq = lineConfig.Sequence - 500 // no number of the line's, and near
		l.rw.SwitchTo(cam.feed())
		l.rw.SetTemporal(0)
		l.all(cam.frame(1, true), 1, 0)
		for range 3 {
			l.all(cam.frame(1, false), 1, 33*ms)
		}
		base := cam.frame(2, false)
		l.send(base[0], 1, 66*ms)
		for range held * 4 {
			l.all(cam.frame(1, false), 1, 99*ms)
		}
		if got := l.send(base[1], 1, 132*ms); got != nil != want {
			t.Errorf("after %d runs: %+v", held, got)
		}
	}
}

func TestPaddingAndGarbageLeaveNoHoles(t *testing.T) {
	l, cam := newLine(t), camera(1)
	l.rw.SwitchTo(cam.feed())
	a := l.all(cam.frame(1, true), 1, 0)[0]
	if l.send(wire{seq: cam.seq, ts: cam.ts, padding: 100}.bytes(), 1, 10*ms) != nil {
		t.Error("padding went out")
	}
	cam.seq++
	if l.send(wire{seq: cam.seq, ts: cam.ts, payload: []byte{0x90}}.bytes(), 1, 10*ms) != nil {
		t.Error("a descriptor cut short went out")
	}
	cam.seq++
	if b := l.all(cam.frame(1, false), 1, 33*ms)[0]; b.Sequence != a.Sequence+1 || b.vp8.PictureID != (a.vp8.PictureID+1)&0x7fff {
		t.Errorf("%d, picture %d after %d, picture %d", b.Sequence, b.vp8.PictureID, a.Sequence, a.vp8.PictureID)
	}
}

func TestShortPictureIDsBecomeLongOnes(t *testing.T) {
	l, cam := newLine(t), camera(1)
	cam.short = true
	l.rw.SwitchTo(cam.feed())
	last := l.all(cam.frame(1, true), 1, 0)[0]
	for i := range 300 { // more than twice around 7 bits
		s := l.all(cam.frame(1, false), 1, Time(i+1)*33*ms)[0]
		if !s.vp8.LongPictureID || s.vp8.PictureID != (last.vp8.PictureID+1)&0x7fff {
			t.Fatalf("picture %d after %d, long %v", s.vp8.PictureID, last.vp8.PictureID, s.vp8.LongPictureID)
		}
		last = s
	}
}

func TestASenderThatCountsItsPicturesAnewIsFollowed(t *testing.T) {
	l, cam := newLine(t), camera(1)
	l.rw.SwitchTo(cam.feed())
	last := l.all(cam.frame(1, true), 1, 0)[0]
	cam.pid -= 1000
	for i := range Time(3) {
		for _, s := range l.all(cam.frame(2, i == 0), 1, i*33*ms) {
			want := last.vp8.PictureID
			if s.vp8.Start {
				want = (want + 1) & 0x7fff
			}
			if s.vp8.PictureID != want {
				t.Errorf("picture %d after %d", s.vp8.PictureID, last.vp8.PictureID)
			}
			last = s
		}
	}
}

func TestASenderWithoutPictureIDsIsLeftAsItIs(t *testing.T) {
	l, cam := newLine(t), camera(1)
	cam.noPID, cam.layered = true, false
	l.rw.SwitchTo(cam.feed())
	raw := cam.frame(2, true)
	for i, s := range l.all(raw, 1, 0) {
		if !bytes.Equal(s.Payload, raw[i][12:]) {
			t.Errorf("payload %x became %x", raw[i][12:], s.Payload)
		}
	}
}

func TestTimeGoesOnOverAPauseAndAcrossClockRates(t *testing.T) {
	l := newLine(t)
	opus, phone := microphone(1), microphone(2)
	phone.codec = PCMA
	l.rw.SwitchTo(opus.feed())
	a := l.send(opus.sound(1), 1, 0)
	l.rw.Stop()
	if l.send(opus.sound(1), 1, 20*ms) != nil {
		t.Fatal("a stopped line sends")
	}
	l.rw.SwitchTo(opus.feed())
	b := l.send(opus.sound(1), 1, 5*second)
	if d := b.Timestamp - a.Timestamp; d != 5*48000 {
		t.Errorf("%d ticks over a pause of 5 s", d)
	}
	l.rw.SwitchTo(phone.feed())
	c := l.send(phone.sound(1), 2, 5*second+20*ms)
	if d := c.Timestamp - b.Timestamp; d != 160 || c.PayloadType != 100+uint8(PCMA) || c.Sequence != b.Sequence+1 {
		t.Errorf("%d ticks of 8 kHz over 20 ms, payload type %d", d, c.PayloadType)
	}
	// A stream that came before what was sent last still goes forward.
	l.rw.SwitchTo(opus.feed())
	if d := l.send(opus.sound(1), 1, 4*second); d.Timestamp != c.Timestamp+1 {
		t.Errorf("timestamp %d after %d", d.Timestamp, c.Timestamp)
	}
}

func TestAJumpOfTheSendersClockIsSmoothed(t *testing.T) {
	for name, jump := range map[string]uint32{"ahead": 48000 * 3600, "back": ^uint32(48000 * 3600)} {
		l, mic := newLine(t), microphone(1)
		l.rw.SwitchTo(mic.feed())
		a := l.send(mic.sound(1), 1, 0)
		late := mic.sound(1)
		mic.ts += jump - 960
		b := l.send(mic.sound(1), 1, 20*ms)
		if l.send(late, 1, 21*ms) != nil {
			t.Errorf("%s: a packet by the old clock went out by the new", name)
		}
		c := l.send(mic.sound(1), 1, 40*ms)
		if b.Timestamp-a.Timestamp != 960 || c.Timestamp-b.Timestamp != 960 {
			t.Errorf("%s: %d, %d ticks", name, b.Timestamp-a.Timestamp, c.Timestamp-b.Timestamp)
		}
	}
	// What merely waited in the network keeps its own distances.
	l, mic := newLine(t), microphone(1)
	l.rw.SwitchTo(mic.feed())
	a := l.send(mic.sound(1), 1, 5*second)
	mic.ts += 48000 * 4
	if b := l.send(mic.sound(1), 1, 5*second+ms); b.Timestamp-a.Timestamp != 48000*4+960 {
		t.Errorf("packets that came together are %d ticks apart", b.Timestamp-a.Timestamp)
	}
}

func TestARestartedSenderIsFollowed(t *testing.T) {
	l, mic := newLine(t), microphone(1)
	l.rw.SwitchTo(mic.feed())
	a := l.send(mic.sound(1), 1, 0)
	mic.seq += 5000
	if l.send(mic.sound(1), 1, 10*ms) != nil {
		t.Error("one packet from far ahead was taken for a restart")
	}
	if b := l.send(mic.sound(1), 1, 20*ms); b == nil || b.Sequence != a.Sequence+1 {
		t.Errorf("ahead: %+v", b)
	}
	mic.seq -= 9000
	if l.send(mic.sound(1), 1, 40*ms) != nil {
		t.Error("one old packet was taken for a restart")
	}
	if b := l.send(mic.sound(1), 1, 60*ms); b == nil || b.Sequence != a.Sequence+2 {
		t.Errorf("back: %+v", b)
	}

	l, cam := newLine(t), camera(1)
	l.rw.SwitchTo(cam.feed())
	l.all(cam.frame(1, true), 1, 0)
	cam.seq += 5000
	if out := l.all(cam.frame(2, false), 1, 33*ms); len(out) != 0 || !l.rw.Waiting() {
		t.Errorf("%d packets that refer to lost pictures; waiting %v", len(out), l.rw.Waiting())
	}
	if out := l.all(cam.frame(2, true), 1, 66*ms); len(out) != 2 || l.rw.Waiting() {
		t.Errorf("%d packets of the keyframe; waiting %v", len(out), l.rw.Waiting())
	}
}

func TestASwitchCanBeCalledOffAndReplaced(t *testing.T) {
	l, a, b, c := newLine(t), camera(1), camera(2), camera(3)
	l.rw.SwitchTo(a.feed())
	l.all(a.frame(1, true), 1, 0)
	l.rw.SwitchTo(b.feed())
	l.rw.SwitchTo(a.feed())
	if l.rw.Waiting() || l.rw.Target() != 1 {
		t.Error("the switch is still pending")
	}
	if l.all(b.frame(1, true), 2, ms) != nil {
		t.Error("it happened all the same")
	}
	l.rw.SwitchTo(b.feed())
	l.rw.SwitchTo(c.feed())
	if l.all(b.frame(1, true), 2, ms) != nil || l.all(c.frame(1, true), 3, 2*ms) == nil || l.rw.Current() != 3 {
		t.Error("the later target was not taken")
	}
	l.rw.Stop()
	l.rw.SwitchTo(a.feed())
	l.rw.SwitchTo(b.feed())
	if l.all(a.frame(1, true), 1, 3*ms) != nil || l.all(b.frame(1, true), 2, 3*ms) == nil {
		t.Error("a line that stood still kept its old target")
	}
}

func TestASenderReportIsTranslated(t *testing.T) {
	l, cam := newLine(t), camera(1)
	l.rw.SwitchTo(cam.feed())
	if _, ok := l.rw.Timestamp(5); ok {
		t.Error("a line that shows nothing has a clock")
	}
	ts := cam.ts
	s := l.all(cam.frame(1, true), 1, 0)[0]
	if got, ok := l.rw.Timestamp(ts + 77); !ok || got != s.Timestamp+77 {
		t.Errorf("%d, %v; want %d", got, ok, s.Timestamp+77)
	}
}

func TestPacketsGetTheLinesOwnExtensions(t *testing.T) {
	mic := microphone(1)
	raw := mic.sound(0x80 | 33)
	now := 70*second + 500*ms
	for name, c := range map[string]LineConfig{
		"one-byte": {AbsSendTime: 3, AudioLevel: 5},
		"two-byte": {AbsSendTime: 3, AudioLevel: 20},
		"level":    {AudioLevel: 5},
		"time":     {AbsSendTime: 14},
		"none":     {},
	} {
		l := &line{t, NewRewriter(c)}
		l.rw.SwitchTo(mic.feed())
		in, out := Packet{}, Packet{}
		var h Header
		if err := Parse(raw, &in); err != nil || !l.rw.Rewrite(&in, 1, now, &h) {
			t.Fatal(name, err)
		}
		b := l.rw.Append([]byte("before"), &h, &in, now)
		if err := Parse(b[6:], &out); err != nil || !bytes.Equal(out.Payload, in.Payload) || len(b)-6 > len(raw)+MaxOverhead {
			t.Fatalf("%s: %x, %v", name, b, err)
		}
		if got := out.Extension(c.AbsSendTime); c.AbsSendTime != 0 && !bytes.Equal(got, []byte{6<<2 | 2, 0, 0}) {
			t.Errorf("%s: 6.5 s (70.5 modulo 64) as %x", name, got)
		}
		if level, voice, ok := out.AudioLevel(c.AudioLevel); ok != (c.AudioLevel != 0) || ok && (level != 33 || !voice) {
			t.Errorf("%s: level %d, %v, %v", name, level, voice, ok)
		}
		if want := c.AbsSendTime != 0 || c.AudioLevel != 0; out.Raw[0]&0x10 != 0 != want {
			t.Errorf("%s: extension bit", name)
		}
	}
}

func TestProbesArePaddingOnTheRetransmissionStream(t *testing.T) {
	l, cam := newLine(t), camera(1)
	l.rw.SwitchTo(cam.feed())
	if got := l.rw.AppendPadding(nil, 100, 0); got != nil {
		t.Error("a probe before any picture")
	}
	a := l.all(cam.frame(1, true), 1, 0)[0]
	for i := range 3 {
		var p Packet
		b := l.rw.AppendPadding(nil, 255, ms)
		if err := Parse(b, &p); err != nil {
			t.Fatal(err)
		}
		if p.SSRC != lineConfig.RTXSSRC || p.PayloadType != 120 || len(p.Payload) != 0 || p.Timestamp != a.Timestamp || p.Sequence != lineConfig.RTXSequence+uint16(i) || len(p.Extension(3)) != 3 {
			t.Errorf("probe %+v", p)
		}
	}
	if l.rw.AppendPadding(nil, 0, 0) != nil || l.rw.AppendPadding(nil, 256, 0) != nil {
		t.Error("padding of impossible length")
	}
}

func TestCatchingUpEndsAtTheLivePicture(t *testing.T) {
	for _, running := range []bool{false, true} {
		l, cam, other := newLine(t), camera(1), camera(2)
		var shown *sent
		if running {
			l.rw.SwitchTo(other.feed())
			shown = l.all(other.frame(1, true), 2, 2*second)[0]
		}
		// Ten pictures have come, at their own pace, and the last is still coming in.
		cache := NewCache(CacheConfig{})
		const frames = 10
		for i := range frames {
			for _, raw := range cam.frame(2, i == 0) {
				put(t, cache, raw, i == 0, 2*second+Time(i)*33*ms)
			}
		}
		rest := cam.frame(2, false)
		put(t, cache, rest[0], false, 2*second+frames*33*ms)

		g, ok := cache.Last()
		if !ok || g.Frames != frames+1 || g.Still {
			t.Fatalf("group %+v, %v", g, ok)
		}
		l.rw.CatchUp(cam.feed(), g)
		var out []*sent
		cache.Yield(g, func(raw []byte, arrival Time) bool {
			out = append(out, l.all([][]byte{raw}, 1, arrival)...)
			return true
		})
		if len(out) != 2*frames+1 {
			t.Fatalf("%d cached packets went out", len(out))
		}
		live := append(l.all(rest[1:], 1, g.LastArrival+ms), l.all(cam.frame(1, false), 1, g.LastArrival+33*ms)...)
		out = append(out, live...)
		for i, s := range out {
			if i == 0 {
				if shown != nil && (s.Sequence != shown.Sequence+1 || !newer(s.Timestamp, shown.Timestamp) || s.vp8.PictureID != (shown.vp8.PictureID+1)&0x7fff) {
					t.Errorf("after %+v comes %+v", shown.Packet, s.Packet)
				}
				continue
			}
			before := out[i-1]
			if s.Sequence != before.Sequence+1 {
				t.Errorf("sequence %d after %d", s.Sequence, before.Sequence)
			}
			want := uint32(0)
			switch {
			case i == len(out)-1:
				want = 3000 // live: its own pace
			case s.vp8.Start:
				want = 90 // cached: 1 ms
			}
			if d := s.Timestamp - before.Timestamp; d != want {
				t.Errorf("packet %d: %d ticks on, want %d", i, d, want)
			}
		}
		if shown != nil {
			if d := live[0].Timestamp - shown.Timestamp; d != frames*33*90 {
				t.Errorf("the live picture is %d ticks on after %d ms", d, frames*33)
			}
		}
	}
}

func TestCatchingUpFitsIntoTheTimeThatPassed(t *testing.T) {
	l, cam, other := newLine(t), camera(1), camera(2)
	l.rw.SwitchTo(other.feed())
	cache := NewCache(CacheConfig{})
	for i := range 10 {
		put(t, cache, cam.frame(1, i == 0)[0], i == 0, Time(i)*33*ms)
	}
	g, _ := cache.Last()
	shown := l.all(other.frame(1, true), 2, g.LastArrival-2*ms)[0]
	l.rw.CatchUp(cam.feed(), g)
	last := shown
	cache.Yield(g, func(raw []byte, arrival Time) bool {
		s := l.send(raw, 1, arrival)
		if !newer(s.Timestamp, last.Timestamp) {
			t.Errorf("timestamp %d after %d", s.Timestamp, last.Timestamp)
		}
		last = s
		return true
	})
	if d := last.Timestamp - shown.Timestamp; d != 180 {
		t.Errorf("ten pictures took %d ticks of the 180 there were", d)
	}
}

func TestAfterAStillKeyframeLivePicturesWaitForTheNext(t *testing.T) {
	l, cam := newLine(t), camera(1)
	cache := NewCache(CacheConfig{GOPPackets: 5})
	for i := range 10 {
		for _, raw := range cam.frame(2, i == 0) {
			put(t, cache, raw, i == 0, Time(i)*33*ms)
		}
	}
	g, ok := cache.Last()
	if !ok || !g.Still || g.Packets != 2 {
		t.Fatalf("group %+v, %v", g, ok)
	}
	l.rw.CatchUp(cam.feed(), g)
	n := 0
	var last *sent
	cache.Yield(g, func(raw []byte, arrival Time) bool {
		last = l.send(raw, 1, arrival)
		n++
		return true
	})
	if n != 2 || last == nil || !l.rw.Waiting() || l.rw.Current() != 1 {
		t.Fatalf("%d packets of the still, waiting %v", n, l.rw.Waiting())
	}
	if out := l.all(cam.frame(2, false), 1, second); len(out) != 0 {
		t.Errorf("%d packets that can't be decoded", len(out))
	}
	out := l.all(cam.frame(2, true), 1, second+33*ms)
	if len(out) != 2 || l.rw.Waiting() || out[0].Sequence != last.Sequence+1 || out[0].vp8.PictureID != (last.vp8.PictureID+1)&0x7fff {
		t.Fatalf("the next keyframe: %d packets", len(out))
	}
	if d := out[0].Timestamp - last.Timestamp; d != 1033*90 {
		t.Errorf("%d ticks after 1033 ms", d)
	}
}

func TestALiveKeyframeMakesTheCacheNeedless(t *testing.T) {
	l, cam := newLine(t), camera(1)
	cache := NewCache(CacheConfig{})
	put(t, cache, cam.frame(1, true)[0], true, 0)
	g, _ := cache.Last()
	l.rw.CatchUp(cam.feed(), g)
	out := l.all(cam.frame(2, true), 1, 33*ms)
	if len(out) != 2 || l.rw.Waiting() || len(l.all(cam.frame(1, false), 1, 66*ms)) != 1 {
		t.Error("the live keyframe was not taken")
	}
}

func put(t testing.TB, c *Cache, raw []byte, keyframe bool, at Time) {
	t.Helper()
	var p Packet
	if err := Parse(raw, &p); err != nil {
		t.Fatal(err)
	}
	c.Put(&p, keyframe && Keyframe(VP8, p.Payload), at)
}
