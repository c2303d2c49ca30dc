package forward

import (
	"testing"
	"time"
)

// path is what happens to one packet between socket and socket.
type path struct {
	cam      *source
	raw      [][]byte // pictures of large packets, over all sequence numbers of a second
	in       Packet
	h        Header
	cache    *Cache
	receiver *Receiver
	rw       *Rewriter
	history  *History
	dst      []byte
	nacks    []uint16
	now      Time
	i        int
}

func newPath() *path {
	p := &path{
		cam: camera(1), cache: NewCache(CacheConfig{}), receiver: NewReceiver(0), rw: NewRewriter(lineConfig),
		history: NewHistory(0), dst: make([]byte, 0, 1500+MaxOverhead),
	}
	p.rw.SwitchTo(p.cam.feed())
	for i := range 1000 {
		for _, b := range p.cam.frame(4, i == 0) {
			p.raw = append(p.raw, append(b, make([]byte, 1100)...))
		}
	}
	return p
}

// renumber makes packet i of all time out of the ready-made ones.
func (p *path) renumber() []byte {
	b := p.raw[p.i%len(p.raw)]
	seq := uint16(p.i)
	b[2], b[3] = byte(seq>>8), byte(seq)
	ts := uint32(p.i/4) * 3000
	b[4], b[5], b[6], b[7] = byte(ts>>24), byte(ts>>16), byte(ts>>8), byte(ts)
	p.i++
	p.now += 8 * ms
	return b
}

func (p *path) step() {
	if Parse(p.renumber(), &p.in) != nil {
		panic("not a packet")
	}
	if a := p.receiver.Receive(&p.in, p.now); a != Fresh {
		panic("not fresh")
	}
	p.cache.Put(&p.in, Keyframe(VP8, p.in.Payload), p.now)
	if !p.rw.Rewrite(&p.in, 1, p.now, &p.h) {
		panic("left out")
	}
	p.dst = p.rw.Append(p.dst[:0], &p.h, &p.in, p.now)
	p.history.Add(&p.h, p.now)
}

// nack asks for a packet of 100 ago.
func (p *path) nack() {
	if !p.history.Resend(p.h.Sequence-100, p.now, time.Millisecond, &p.h) {
		panic("forgotten")
	}
	if Parse(p.cache.Get(p.h.InSequence), &p.in) != nil {
		panic("not in the cache")
	}
	p.dst = p.rw.AppendRTX(p.dst[:0], &p.h, &p.in, p.now)
}

func TestForwardingAPacketAllocatesNothing(t *testing.T) {
	if underRace {
		t.Skip("the race detector allocates")
	}
	p := newPath()
	for range 4000 {
		p.step()
	}
	if n := testing.AllocsPerRun(1000, p.step); n != 0 {
		t.Errorf("%v allocations to forward a packet", n)
	}
	last := p.h
	if n := testing.AllocsPerRun(1000, func() {
		p.h = last
		p.now += 2 * ms
		p.nack()
	}); n != 0 {
		t.Errorf("%v allocations to answer a NACK", n)
	}
	p.receiver.missing.add(p.receiver.newest, p.now)
	p.nacks = make([]uint16, 0, maxMissing)
	lines := []Demand{chosen(1280, 720), seen(640, 360)}
	yield := func([]byte, Time) bool { return true }
	if n := testing.AllocsPerRun(1000, func() {
		p.nacks = p.receiver.Missing(p.now, 0, p.nacks[:0])
		p.rw.AppendPadding(p.dst[:0], 200, p.now)
		Choose(lines, 2_000_000, p.now, ChooseConfig{})
		if g, ok := p.cache.Last(); ok {
			p.cache.Yield(g, yield)
		}
	}); n != 0 {
		t.Errorf("%v allocations beside the packets", n)
	}

	// Left out, late, and cut short, too.
	cam := camera(2)
	p.rw.Stop()
	p.rw.SwitchTo(cam.feed())
	p.rw.SetTemporal(0)
	if Parse(cam.frame(1, true)[0], &p.in) != nil || !p.rw.Rewrite(&p.in, 2, p.now, &p.h) {
		t.Fatal("no keyframe")
	}
	odd := [][]byte{
		cam.frame(1, false)[0],
		wire{seq: cam.seq + 5, payload: []byte{0x90}}.bytes(),
		wire{seq: cam.seq + 2, payload: []byte{0x90}}.bytes(),
	}
	if n := testing.AllocsPerRun(1000, func() {
		for _, b := range odd {
			if Parse(b, &p.in) == nil && p.rw.Rewrite(&p.in, 2, p.now, &p.h) {
				p.dst = p.rw.Append(p.dst[:0], &p.h, &p.in, p.now)
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations for odd packets", n)
	}
}

func BenchmarkParse(b *testing.B) {
	p := newPath()
	for b.Loop() {
		if Parse(p.raw[0], &p.in) != nil {
			b.Fatal("not a packet")
		}
	}
}

func BenchmarkRewriteAndAppend(b *testing.B) {
	p := newPath()
	for b.Loop() {
		if Parse(p.renumber(), &p.in) != nil || !p.rw.Rewrite(&p.in, 1, p.now, &p.h) {
			b.Fatal("left out")
		}
		p.dst = p.rw.Append(p.dst[:0], &p.h, &p.in, p.now)
	}
}

func BenchmarkCachePut(b *testing.B) {
	p := newPath()
	for b.Loop() {
		if Parse(p.renumber(), &p.in) != nil {
			b.Fatal("not a packet")
		}
		p.cache.Put(&p.in, false, p.now)
	}
}

func BenchmarkCacheGet(b *testing.B) {
	p := newPath()
	for range 100 {
		p.step()
	}
	for b.Loop() {
		if p.cache.Get(50) == nil {
			b.Fatal("not in the cache")
		}
	}
}

// BenchmarkWholePath is all of this package that one packet to one subscriber meets.
func BenchmarkWholePath(b *testing.B) {
	p := newPath()
	for b.Loop() {
		p.step()
	}
}
