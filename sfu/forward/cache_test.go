package forward

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTheCacheGivesBackWhatItWasGiven(t *testing.T) {
	c, cam := NewCache(CacheConfig{}), camera(1)
	if c.Get(0) != nil || c.Bytes() != 0 {
		t.Error("an empty cache holds something")
	}
	if _, ok := c.Last(); ok {
		t.Error("an empty cache has a group of pictures")
	}
	var all [][]byte
	first := cam.seq
	for i := range 20 {
		for _, raw := range cam.frame(3, i == 0) {
			all = append(all, raw)
			put(t, c, raw, true, Time(i)*33*ms)
		}
	}
	for i, raw := range all {
		if got := c.Get(first + uint16(i)); !bytes.Equal(got, raw) {
			t.Fatalf("packet %d: %x, was %x", i, got, raw)
		}
	}
	if c.Get(first-1) != nil || c.Get(first+60) != nil {
		t.Error("packets that never came are there")
	}
	n := 0
	c.Since(first+49, func(raw []byte, at Time) bool {
		if !bytes.Equal(raw, all[50+n]) || at != Time((50+n)/3)*33*ms {
			t.Errorf("since 49: packet %d at %d", 50+n, at)
		}
		n++
		return n < 8
	})
	if n != 8 {
		t.Errorf("%d packets since 49", n)
	}
}

func TestTheLastGroupOfPicturesIsGivenWhole(t *testing.T) {
	c, cam := NewCache(CacheConfig{GOPPackets: 20}), camera(1)
	feed := func(packets int, keyframe bool, lose ...int) {
		for i, raw := range cam.frame(packets, keyframe) {
			if len(lose) > 0 && lose[0] == i {
				continue
			}
			put(t, c, raw, keyframe, Time(cam.ts))
		}
	}
	want := func(name string, packets, frames int, still, ok bool) {
		t.Helper()
		g, got := c.Last()
		if got != ok || ok && (g.Packets != packets || g.Frames != frames || g.Still != still) {
			t.Errorf("%s: %+v, %v", name, g, got)
			return
		}
		n := 0
		c.Yield(g, func(raw []byte, _ Time) bool {
			if seq := binary.BigEndian.Uint16(raw[2:]); seq != g.First+uint16(n) {
				t.Errorf("%s: packet %d is %d", name, n, seq)
			}
			n++
			return true
		})
		if n != g.Packets || ok && g.Last != g.First+uint16(n)-1 {
			t.Errorf("%s: %d packets of %+v", name, n, g)
		}
	}
	feed(2, false)
	want("no keyframe yet", 0, 0, false, false)
	feed(3, true)
	want("keyframe", 3, 1, false, true)
	feed(2, false)
	feed(2, false)
	want("two more pictures", 7, 3, false, true)
	feed(2, false, 0)
	want("a hole", 3, 1, true, true)
	feed(4, true)
	want("another keyframe", 4, 1, false, true)
	for range 8 {
		feed(2, false)
	}
	want("just short enough", 20, 9, false, true)
	feed(1, false)
	want("too long", 4, 1, true, true)
	feed(4, true, 2)
	want("a keyframe with a hole", 0, 0, false, false)
	feed(3, true, 2)
	want("a keyframe still coming in", 2, 1, false, true)
	feed(1, false)
	want("its end is missing", 0, 0, false, false)
}

func TestTheGroupBeginsWithTheFirstPacketOfItsKeyframe(t *testing.T) {
	c := NewCache(CacheConfig{})
	h264 := func(seq uint16, ts uint32, nal byte, marker bool) *Packet {
		return wire{seq: seq, ts: ts, marker: marker, payload: []byte{nal, 1}}.parse(t)
	}
	// Parameters, an IDR in two slices, the first packets swapped; then a late packet of an older keyframe.
	c.Put(h264(11, 100, 0x65, false), true, 0)
	c.Put(h264(10, 100, 0x67, false), true, 0)
	c.Put(h264(12, 100, 0x65, true), true, 0)
	c.Put(h264(5, 50, 0x67, false), true, 0)
	if g, ok := c.Last(); !ok || g.First != 10 || g.Packets != 3 || g.Frames != 1 || g.LastTimestamp != 100 {
		t.Errorf("%+v, %v", g, ok)
	}
}

func TestMemoryGrowsOnlyWithWhatIsOfUse(t *testing.T) {
	// rate is bytes a second; pictures of 30 a second in packets of 1200.
	run := func(c *Cache, rate int) {
		seq, at := uint16(0), Time(0)
		for range 10 * 30 {
			for left := rate / 30; left > 0; left -= 1200 {
				c.Put(wire{seq: seq, ts: uint32(at), payload: make([]byte, min(left, 1200)-12)}.parse(t), false, at)
				seq++
			}
			at += second / 30
		}
		for i := range uint16(20) {
			if c.Get(seq-1-i) == nil {
				t.Errorf("%d bytes a second: packet %d of the end is gone", rate, i)
			}
		}
	}
	for _, c := range []struct{ rate, most int }{
		{100_000 / 8, 48 << 10}, {400_000 / 8, 140 << 10}, {1_200_000 / 8, 272 << 10}, {10_000_000 / 8, 384<<10 + 48<<10},
	} {
		cache := NewCache(CacheConfig{})
		run(cache, c.rate)
		if got := cache.Bytes(); got > c.most {
			t.Errorf("%d bytes a second take %d bytes, want at most %d", c.rate, got, c.most)
		}
	}
	// The window is kept whole where memory allows.
	cache := NewCache(CacheConfig{})
	run(cache, 1_200_000/8)
	n := 0
	for seq := range 1 << 16 {
		if cache.Get(uint16(seq)) != nil {
			n++
		}
	}
	if n < 1_200_000/8/1250*3/2 {
		t.Errorf("%d packets are kept, less than 1.5 s", n)
	}

	sound := NewCache(CacheConfig{MaxPackets: 64})
	mic := microphone(1)
	for i := range 1000 {
		var p Packet
		if err := Parse(mic.sound(1), &p); err != nil {
			t.Fatal(err)
		}
		sound.Put(&p, false, Time(i)*20*ms)
	}
	if got := sound.Bytes(); got > 10<<10 {
		t.Errorf("sound takes %d bytes", got)
	}
	if sound.Get(mic.seq-64) == nil || sound.Get(mic.seq-65) != nil {
		t.Error("sound keeps other than 64 packets")
	}
}

func TestPacketsThatDoNotFitAreNotKept(t *testing.T) {
	c := NewCache(CacheConfig{MaxBytes: 1000})
	c.Put(wire{seq: 1, payload: make([]byte, 100)}.parse(t), false, 0)
	c.Put(wire{seq: 2, payload: make([]byte, 1000)}.parse(t), false, 0)
	if c.Get(1) == nil || c.Get(2) != nil {
		t.Error("kept the wrong one")
	}
	c.Put(wire{seq: 3, payload: make([]byte, 1000-12-recordHeader)}.parse(t), false, 0)
	if c.Get(3) == nil || c.Get(1) != nil {
		t.Error("a packet as large as the cache")
	}
}

func TestARestartedStreamIsCachedAnew(t *testing.T) {
	c, cam := NewCache(CacheConfig{}), camera(1)
	put(t, c, cam.frame(1, true)[0], true, 0)
	cam.seq -= 10000
	put(t, c, cam.frame(1, false)[0], false, 0)
	if _, ok := c.Last(); ok {
		t.Error("the keyframe of before the restart is still the last")
	}
	put(t, c, cam.frame(1, true)[0], true, 0)
	if g, ok := c.Last(); !ok || g.Packets != 1 || g.Last != cam.seq-1 {
		t.Errorf("%+v, %v", g, ok)
	}
}

// Whatever comes in whatever order, the cache holds only true copies, and the newest ones.
func TestTheCacheHoldsOnlyTrueCopies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := NewCache(CacheConfig{
			MaxBytes:   rapid.IntRange(2000, 100_000).Draw(t, "bytes"),
			MaxPackets: 1 << rapid.IntRange(3, 9).Draw(t, "packets"),
			Window:     time.Duration(rapid.IntRange(1, 500).Draw(t, "window")) * time.Millisecond,
		})
		copies := map[uint16][]byte{}
		seq, now := rapid.Uint16().Draw(t, "sequence"), Time(0)
		filler := byte(0)
		for range rapid.IntRange(1, 400).Draw(t, "n") {
			now += Time(rapid.IntRange(0, 30).Draw(t, "milliseconds")) * ms
			this := seq - uint16(rapid.SampledFrom([]int{0, 0, 0, 0, 1, 2, 5, 30}).Draw(t, "late"))
			if this == seq {
				seq += uint16(rapid.SampledFrom([]int{1, 1, 1, 1, 2, 5, 50}).Draw(t, "step"))
			}
			filler++
			w := wire{seq: this, ts: uint32(now), payload: bytes.Repeat([]byte{filler}, rapid.IntRange(0, 1300).Draw(t, "size"))}
			raw := w.bytes()
			var p Packet
			if err := Parse(raw, &p); err != nil {
				t.Fatal(err)
			}
			c.Put(&p, rapid.IntRange(0, 20).Draw(t, "keyframe") == 0, now)
			if c.Get(this) != nil {
				copies[this] = raw
			} else if this == c.newest {
				t.Fatalf("the newest packet, %d, is not kept", this)
			}
			if len(c.arena) > c.cfg.MaxBytes || len(c.index) > c.cfg.MaxPackets {
				t.Fatalf("%d bytes, %d packets", len(c.arena), len(c.index))
			}
			for s, want := range copies {
				if got := c.Get(s); got != nil && !bytes.Equal(got, want) {
					t.Fatalf("packet %d is %x, was %x", s, got, want)
				}
			}
			if g, ok := c.Last(); ok {
				n := 0
				c.Yield(g, func([]byte, Time) bool { n++; return true })
				if n != g.Packets {
					t.Fatalf("%d packets of %+v", n, g)
				}
			}
		}
	})
}
