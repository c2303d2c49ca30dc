package sfu_test

import (
	"cmp"
	"context"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/sfu/sfutest"
)

// call is a room on a real server with headless pages in it.
type call struct {
	t     *testing.T
	srv   *sfu.Server
	room  *sfu.Room
	parts map[sfu.ParticipantID]*member
}

type member struct {
	t     *testing.T
	id    sfu.ParticipantID
	mark  uint32
	page  *sfutest.Page
	p     *sfu.Participant
	cam   []*sfutest.Camera
	every int // milliseconds from frame to frame; 0 means 5

	mu     sync.Mutex
	events []sfu.Event
	told   *sync.Cond
}

func startServer(t *testing.T, cfg sfu.Config) *sfu.Server {
	t.Helper()
	srv, err := sfu.Listen(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- srv.Run(ctx) }() // ends with cancel
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return srv
}

func newCall(t *testing.T) *call {
	t.Helper()
	srv := startServer(t, sfu.Config{})
	c := &call{t: t, srv: srv, room: srv.NewRoom("r"), parts: map[sfu.ParticipantID]*member{}}
	return c
}

func (c *call) join(id sfu.ParticipantID, mark uint32, admitted bool, cfg sfutest.PageConfig) *member {
	c.t.Helper()
	m := &member{t: c.t, id: id, mark: mark, page: sfutest.NewPage(c.t, cfg)}
	m.told = sync.NewCond(&m.mu)
	p, answer, err := c.room.Join(c.t.Context(), sfu.JoinConfig{ID: id, Offer: m.page.Offer(), Admitted: admitted, Events: m.event})
	if err != nil {
		c.t.Fatal(err)
	}
	m.p = p
	m.page.Answer(answer)
	ctx, cancel := context.WithTimeout(c.t.Context(), 10*time.Second)
	defer cancel()
	m.page.Connected(ctx)
	m.until("that it is connected", func(ev sfu.Event) bool { _, ok := ev.(sfu.Connected); return ok })
	for i := range m.page.Camera {
		m.cam = append(m.cam, &sfutest.Camera{Mark: mark, Width: 320 << i, Height: 180 << i})
	}
	c.parts[id] = m
	return m
}

func (m *member) event(ev sfu.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.events = append(m.events, ev)
	m.told.Broadcast()
}

// forget lets until look at later events only.
func (m *member) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.events = nil
}

// until waits for an event that ok accepts.
func (m *member) until(what string, ok func(sfu.Event) bool) {
	m.t.Helper()
	late := time.AfterFunc(10*time.Second, func() { m.mu.Lock(); m.told.Broadcast(); m.mu.Unlock() })
	defer late.Stop()
	deadline := time.Now().Add(10 * time.Second)
	m.mu.Lock()
	defer m.mu.Unlock()
	for {
		if slices.ContainsFunc(m.events, ok) {
			return
		}
		if time.Now().After(deadline) {
			m.t.Fatalf("%s was never told: %s (%v)", m.id, what, m.events)
		}
		m.told.Wait()
	}
}

// frame sends one picture on a layer.
func (m *member) frame(layer int, keyframe bool) {
	m.t.Helper()
	for _, pkt := range m.cam[layer].Frame(keyframe) {
		if err := m.page.Film(layer, pkt); err != nil {
			m.t.Fatal(err)
		}
	}
}

// lineOf is the mid on which m sees another's source.
func (m *member) lineOf(other *member, src sfu.Source) string {
	m.t.Helper()
	for _, l := range m.p.Lines() {
		if l.Participant == other.id && l.Source == src {
			return l.MID
		}
	}
	m.t.Fatalf("%s has no line for source %d of %s", m.id, src, other.id)
	return ""
}

// sees waits until a whole keyframe of other has come, and nobody else's picture on that line.
func (m *member) sees(other *member) {
	m.t.Helper()
	mid := m.lineOf(other, sfu.Camera)
	m.page.Until(string(m.id)+" sees "+string(other.id), func(v sfutest.View) bool {
		return slices.ContainsFunc(v.Line(mid).Video, func(s sfutest.Seen) bool { return s.Keyframe && s.Mark == other.mark })
	})
}

// film sends frames until stop is closed: a keyframe at first and whenever asked for.
func (m *member) film(stop <-chan struct{}) {
	tick := time.NewTicker(time.Duration(cmp.Or(m.every, 5)) * time.Millisecond)
	defer tick.Stop()
	answered := make([]int, len(m.cam))
	for n := 0; ; n++ {
		for i := range m.cam {
			asked := 0
			m.page.Look(func(v sfutest.View) { asked = v.KeyframeRequests(m.page.SSRC(1, i)) })
			for _, pkt := range m.cam[i].Frame(n == 0 || asked > answered[i]) {
				if m.page.Film(i, pkt) != nil {
					return
				}
			}
			answered[i] = asked
		}
		sound := &rtp.Packet{
			Header:  rtp.Header{Version: 2, SequenceNumber: uint16(n), Timestamp: uint32(n) * 960},
			Payload: []byte{0xfc, byte(m.mark)},
		}
		sound.SetExtension(m.page.LevelID(), []byte{0x80 | 20}) // RFC 6464: voice, -20 dBov
		m.page.Microphone.WriteRTP(sound)
		select {
		case <-stop:
			return
		case <-tick.C:
		}
	}
}

// filming lets all given members film until the test ends.
func filming(t *testing.T, members ...*member) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for _, m := range members {
		wg.Go(func() { m.film(stop) })
	}
	t.Cleanup(func() { close(stop); wg.Wait() })
}

func TestThreeInACallSeeAndHearEachOther(t *testing.T) {
	c := newCall(t)
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	patient := c.join("patient", 3, true, sfutest.PageConfig{})
	all := []*member{specialist, nurse, patient}
	filming(t, all...)
	for _, m := range all {
		for _, other := range all {
			if m == other {
				continue
			}
			m.sees(other)
			mid := m.lineOf(other, sfu.Microphone)
			m.page.Until("sound", func(v sfutest.View) bool {
				a := v.Line(mid).Audio
				for _, pkt := range a {
					if len(pkt.Payload) != 2 || pkt.Payload[1] != byte(other.mark) {
						t.Fatalf("%s hears %v on the line of %s", m.id, pkt.Payload, other.id)
					}
				}
				return len(a) > 3
			})
		}
	}
}

func TestMediaFlowsOverTCPWhereUDPIsBlocked(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := startServer(t, sfu.Config{TCPPort: uint16(l.Addr().(*net.TCPAddr).Port)})
	var wg sync.WaitGroup
	wg.Go(func() { // ends when l is closed
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { srv.ServeTCP(conn) })
		}
	})
	t.Cleanup(func() { l.Close() })
	c := &call{t: t, srv: srv, room: srv.NewRoom("r"), parts: map[sfu.ParticipantID]*member{}}
	hospital := c.join("specialist", 1, true, sfutest.PageConfig{TCP: true})
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	filming(t, hospital, nurse)
	nurse.sees(hospital)
	hospital.sees(nurse)
}
