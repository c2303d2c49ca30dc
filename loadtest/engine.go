package loadtest

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"time"

	"github.com/samkonsult/samkonsult/loadtest/client"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

const (
	seats         = 3 // of a room
	forwarderCore = 0
	generatorCore = 1
	drain         = time.Second // from the window's end until what was sent in it has come or is lost
)

// engine drives members and takes their figures, whatever forwards their packets.
type engine struct {
	start    time.Time
	window   window
	pacer    *pacer
	paced    chan error // of the pacer's goroutine
	progress io.Writer
	members  []*driven
	nextID   uint32
}

// driven is one participant.
type driven struct {
	*member
	tally *tally
	stats func() client.Stats
	addrs func() (local, remote netip.AddrPort)
	close func()
	lost  func() error // why it is no longer connected; nil: it is
}

func newEngine(progress io.Writer) *engine {
	e := &engine{start: time.Now(), progress: progress, paced: make(chan error, 1)}
	e.pacer = newPacer(e.now, &e.window)
	go func() { e.paced <- e.pacer.run() }() // ends by stop, which waits for it
	return e
}

func (e *engine) now() forward.Time { return forward.Time(time.Since(e.start)) }

// add lets a participant send.
func (e *engine) add(d *driven) {
	e.members = append(e.members, d)
	e.pacer.add(d.member)
}

// drop ends a participant.
func (e *engine) drop(d *driven) {
	e.pacer.remove(d.member)
	for i, m := range e.members {
		if m == d {
			e.members = append(e.members[:i], e.members[i+1:]...)
			break
		}
	}
	d.close()
}

// stop ends everyone and the pacer.
func (e *engine) stop() error {
	for _, d := range e.members {
		e.pacer.remove(d.member)
	}
	e.pacer.stop()
	err := <-e.paced
	for _, d := range e.members {
		d.close()
	}
	e.members = nil
	return err
}

// sum adds up what everyone has received in the window.
func (e *engine) sum() *sums {
	var s sums
	for _, d := range e.members {
		d.tally.into(&s)
	}
	return &s
}

// forwarder is the process whose cost is measured; pid 0: not known.
type forwarder struct {
	name string
	pid  int
}

// measure watches for the given time and tells what the forwarder made of it. layered says
// that not every packet is meant for everyone.
func (e *engine) measure(ctx context.Context, f forwarder, duration time.Duration, layered bool) (Result, error) {
	var r Result
	cpu := func() time.Duration {
		if f.pid == 0 {
			return 0
		}
		d, _ := processCPU(f.pid) // read before and after; what can't be read is told as not known
		return d
	}
	overflow := e.overflow()
	began, own, theirs, all := time.Now(), ownCPU(), cpu(), machineCPU()
	e.window.open(e.now())
	before := &sums{}
	for left := duration; left > 0; left -= time.Second {
		at, ownAt, theirsAt := time.Now(), ownCPU(), cpu()
		if err := wait(ctx, min(left, time.Second)); err != nil {
			return r, err
		}
		select {
		case err := <-e.paced:
			e.paced <- err
			return r, fmt.Errorf("the pacer ended: %w", err)
		default:
		}
		now := e.sum()
		second := *now
		second.delay.sub(&before.delay)
		wall := time.Since(at)
		fmt.Fprintf(e.progress, "%s %3.0f s  out %7.0f/s  gaps %d  p50 %s  p99 %s  busy: %s %s, generator %s\n",
			f.name, time.Since(began).Seconds(), float64(now.packets-before.packets)/wall.Seconds(), now.gaps-before.gaps,
			millis(second.delay.quantile(0.5)), millis(second.delay.quantile(0.99)),
			f.name, percent(float64(cpu()-theirsAt)/float64(wall)), percent(float64(ownCPU()-ownAt)/float64(wall)))
		before = now
	}
	e.window.shut(e.now())
	wall := time.Since(began)
	r.Generator = float64(ownCPU()-own) / float64(wall)
	spent := cpu() - theirs
	r.Busy = float64(spent) / float64(wall)
	if f.pid != 0 {
		r.Others = max(float64(machineCPU()-all)/float64(wall)-r.Busy-r.Generator, 0)
	}
	if err := wait(ctx, drain); err != nil {
		return r, err
	}
	total := e.sum()
	r.Received, r.Duplicates = total.packets, total.duplicates
	r.DelayP50, r.DelayP99, r.DelayMax = total.delay.quantile(0.5), total.delay.quantile(0.99), total.delay.max
	r.Sent, r.Expected = e.sent()
	if layered {
		r.Expected = total.unique + total.gaps
	}
	r.Lost = r.Expected - min(total.unique, r.Expected)
	r.HeldBack = r.Lost - min(total.gaps, r.Lost)
	if total.packets > 0 {
		r.CPUPerPacket = spent / time.Duration(total.packets)
	}
	end := e.overflow()
	r.OverflowForwarder, r.OverflowGenerator = end.forwarder-overflow.forwarder, end.generator-overflow.generator
	e.pacer.do(func() { r.PacerLag = e.pacer.lag.quantile(0.99) })
	return r, nil
}

// overflow is what the kernel has thrown away at either end.
type overflow struct{ forwarder, generator uint64 }

// overflow counts what full socket buffers have cost. A forwarder on another machine keeps
// its own count to itself.
func (e *engine) overflow() (o overflow) {
	drops := udpDrops()
	ports := map[uint16]bool{}
	for _, d := range e.members {
		local, remote := d.addrs()
		o.generator += drops[local.Port()]
		if remote.Addr() == local.Addr() {
			ports[remote.Port()] = true
		}
	}
	for port := range ports {
		o.forwarder += drops[port]
	}
	return o
}

// sent is how many packets went in within the window, and how many should come out if
// everyone gets all of the others'.
func (e *engine) sent() (in, expected uint64) {
	inRoom := map[int]int{}
	for _, d := range e.members {
		inRoom[d.room]++
	}
	e.pacer.do(func() {
		for _, d := range e.members {
			in += d.inWindow
			expected += d.inWindow * uint64(inRoom[d.room]-1)
		}
	})
	return in, expected
}

// troubles are the participants that are no longer connected or could not send.
func (e *engine) troubles() []string {
	var found []string
	for _, d := range e.members {
		if err := d.lost(); err != nil {
			found = append(found, fmt.Sprintf("room %d, seat %d lost its connection: %v", d.room, d.seat, err))
		}
		if s := d.stats(); s.Unsent > 0 {
			found = append(found, fmt.Sprintf("room %d, seat %d: %d packets could not be sent", d.room, d.seat, s.Unsent))
		}
	}
	if len(found) > 5 {
		found = append(found[:5], fmt.Sprintf("and %d more", len(found)-5))
	}
	return found
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
