package loadtest

import (
	"container/heap"
	"math/rand/v2"
	"time"

	"github.com/samkonsult/samkonsult/loadtest/client"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

// quantum is the shortest sleep: what falls due within it is sent together.
const quantum = 200 * time.Microsecond

// talkTime is how long one participant of a room speaks before the next does.
const talkTime = 3 * time.Second

// flusher is a client.Client or client.Wire.
type flusher interface{ Flush() error }

// member is one participant as a sender. All of it is the pacer's once it was added.
type member struct {
	id         uint32
	room, seat int
	to         flusher
	sound      *client.Stream
	camera     []*client.Stream
	encoders   []*encoder

	counters [1 + 3]uint32 // by track
	inWindow uint64        // packets sent within the window
	unsent   uint64        // packets that could not be queued or sent
}

// newMember makes a member; its pictures are drawn by its id, so that runs are alike.
func newMember(id uint32, room, seat int, to flusher, sound *client.Stream, camera []*client.Stream) *member {
	m := &member{id: id, room: room, seat: seat, to: to, sound: sound, camera: camera}
	rnd := rand.New(rand.NewPCG(uint64(id), 1))
	for i := range camera {
		shape := single
		if len(camera) == len(layers) {
			shape = layers[i]
		}
		m.encoders = append(m.encoders, &encoder{shape: shape, rnd: rnd, pictureID: uint16(rnd.Uint32())})
	}
	return m
}

// beat is what a member does at even intervals: a packet of sound, or a picture.
type beat struct {
	m     *member
	video bool
	due   forward.Time
	n     uint32 // so many before
}

// pacer sends for all members from one goroutine. Their beats are spread evenly over the
// interval, as those of people who know nothing of each other are on the average.
type pacer struct {
	now      func() forward.Time
	window   *window
	beats    beatHeap
	commands chan func()
	added    uint32
	done     chan struct{}

	lag histogram // how late beats were sent; read after stop
}

func newPacer(now func() forward.Time, w *window) *pacer {
	return &pacer{now: now, window: w, commands: make(chan func(), 16), done: make(chan struct{})}
}

// run sends until stop.
func (p *pacer) run() error {
	sleep, err := newSleeper()
	if err != nil {
		return err
	}
	defer sleep.close()
	for {
		for more := true; more; {
			select {
			case f := <-p.commands:
				f()
			case <-p.done:
				return nil
			default:
				more = false
			}
		}
		now := p.now()
		for len(p.beats) > 0 && p.beats[0].due <= now {
			b := p.beats[0]
			p.lag.add(time.Duration(now - b.due))
			b.send(p)
			heap.Fix(&p.beats, 0)
			now = p.now()
		}
		wait := 5 * time.Millisecond
		if len(p.beats) > 0 {
			wait = max(quantum, min(wait, time.Duration(p.beats[0].due-now)))
		}
		if err := sleep.sleep(wait); err != nil {
			return err
		}
	}
}

func (p *pacer) stop() { close(p.done) }

// do runs f in the pacer's goroutine and waits for it.
func (p *pacer) do(f func()) {
	ran := make(chan struct{})
	select {
	case p.commands <- func() { f(); close(ran) }:
	case <-p.done:
		return
	}
	select {
	case <-ran:
	case <-p.done:
	}
}

// add lets a member send from now on.
func (p *pacer) add(m *member) {
	p.do(func() {
		now := p.now()
		// The golden ratio's multiples lie evenly however many there are.
		spread := func(interval int64) forward.Time {
			p.added++
			return now + forward.Time(float64(interval)*frac(float64(p.added)*0.6180339887498949))
		}
		if m.sound != nil {
			heap.Push(&p.beats, &beat{m: m, due: spread(audioInterval)})
		}
		if len(m.camera) > 0 {
			heap.Push(&p.beats, &beat{m: m, video: true, due: spread(videoInterval)})
		}
	})
}

// remove ends a member's sending; when it returns, nothing uses their streams.
func (p *pacer) remove(m *member) {
	p.do(func() {
		for i := len(p.beats) - 1; i >= 0; i-- {
			if p.beats[i].m == m {
				heap.Remove(&p.beats, i)
				i = len(p.beats) // the heap has moved
			}
		}
	})
}

func frac(x float64) float64 { return x - float64(int64(x)) }

// send sends a beat and sets the next.
func (b *beat) send(p *pacer) {
	if b.video {
		b.m.picture(p, b.n)
		b.due += videoInterval
	} else {
		b.m.speak(p, b.n)
		b.due += audioInterval
	}
	b.n++
	if err := b.m.to.Flush(); err != nil {
		b.m.unsent++
	}
}

// speak sends 20 ms of sound. The three of a room speak in turn.
func (m *member) speak(p *pacer, n uint32) {
	level := uint8(127)
	now := p.now()
	if int(time.Duration(now)/talkTime)%3 == m.seat {
		level = 25
	}
	b := m.sound.Next()[:opusBytes]
	putOpus(b)
	m.seal(p, m.sound, 0, b, n*audioTicks, true, level, now)
}

// picture sends one picture in every layer that has a use.
func (m *member) picture(p *pacer, n uint32) {
	ticks := uint32(uint64(n) * videoInterval * videoClock / 1e9)
	for i, s := range m.camera {
		if !s.Wanted() {
			m.encoders[i].started = false // a layer that is switched on again begins with a keyframe
			continue
		}
		f := m.encoders[i].next(s.TakeKeyframeRequest())
		now := p.now()
		for k := range f.packets {
			b := s.Next()[:f.size]
			f.put(b, k)
			m.seal(p, s, uint8(1+i), b, ticks, k == f.packets-1, 0, now)
		}
	}
}

func (m *member) seal(p *pacer, s *client.Stream, track uint8, b []byte, ticks uint32, marker bool, level uint8, now forward.Time) {
	m.counters[track]++
	stamp{member: m.id, track: track, counter: m.counters[track], sent: now}.put(b)
	if err := s.Queue(len(b), ticks, marker, level); err != nil {
		m.unsent++
		return
	}
	if p.window.holds(now) {
		m.inWindow++
	}
}

// beatHeap orders beats by when they are due (container/heap).
type beatHeap []*beat

func (h beatHeap) Len() int           { return len(h) }
func (h beatHeap) Less(i, j int) bool { return h[i].due < h[j].due }
func (h beatHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *beatHeap) Push(x any)        { *h = append(*h, x.(*beat)) }
func (h *beatHeap) Pop() any {
	old := *h
	b := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return b
}
