// Package client is a participant of a samkonsult call without a browser: it takes a seat
// with a ticket, sends and receives sound and pictures, and reads and writes the messages
// of signaling/protocol. Load tests, monitoring, bridges and tests of one's own can drive a
// service with it.
//
//	c, err := client.Dial(ctx, client.Config{
//		URL:    "https://video.example.org",
//		Ticket: ticket, // POST /api/v1/tickets gives one to who is signed in
//		OnRTP:  func(r *client.Received) { … },
//	})
//	if err != nil { … }
//	defer c.Close()
//	mic := c.Microphone()
//	for frame := range frames { // one goroutine sends
//		n := copy(mic.Next(), frame.Opus)
//		mic.Queue(n, frame.Ticks, false, frame.Level)
//		c.Flush()
//	}
//
// It behaves like a page where that matters to the service: one offer with every line of the
// call, pion's ICE with its checks and consent, DTLS, MID and RID in the first packets,
// transport-wide numbers, sender and receiver reports with a bandwidth estimate, keyframe
// requests, wishes for the pictures, pings, resume. Media does not pass through pion: packets
// are sealed and opened by srtp.Context in the goroutine that writes or reads the socket,
// in batches, and nothing is allocated per packet, so that one core can be hundreds of
// participants. It speaks Opus and VP8, over UDP; encoding and decoding is the caller's.
package client

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/samkonsult/samkonsult/sfu/forward"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Client is one participant.
type Client struct {
	cfg       Config
	endpoint  string
	transport *transport
	wire      *Wire

	microphone *Stream
	camera     []*Stream
	second     *Stream
	videoMIDs  []string

	wg sync.WaitGroup // the wire's reader and what reads DTLS

	mu      sync.Mutex
	session *session
	welcome protocol.Welcome
	lines   []protocol.Line
	closed  bool

	times       Timings // but for those that follow
	firstPacket atomic.Int64
	firstFrame  atomic.Int64
	lastFrame   atomic.Int64
	keyframes   atomic.Int64       // lines that have had one
	playing     chan struct{}      // closed with the first keyframe
	pictures    map[*Line]*picture // the wire's Run's
}

// Timings say how long joining took, each from the opened websocket. 0: not yet.
type Timings struct {
	Opened      forward.Time  // the websocket was open, on Config.Now's clock
	Welcomed    time.Duration // the service's first answer was there
	Paired      time.Duration // ICE had found a path
	Connected   time.Duration // DTLS was done
	FirstPacket time.Duration // the first media packet was there
	FirstFrame  time.Duration // the first packet of the first keyframe was there
	LastFrame   time.Duration // that of the latest line to get its first keyframe
	Pictures    int           // lines that have had a keyframe
}

// picture is what is known of a video line's decodability.
type picture struct {
	keyframe bool
	asked    forward.Time
}

// keyframeWait is how long a picture may lack a keyframe before it is asked for.
const keyframeWait = forward.Time(500 * time.Millisecond)

// Dial takes a seat and returns when media can flow: in the waiting room too the transport
// is connected first. A refusal by the service is a protocol.Error, wrapped. ctx bounds
// the dialling only.
func Dial(ctx context.Context, cfg Config) (*Client, error) {
	c := &Client{cfg: cfg, pictures: map[*Line]*picture{}, playing: make(chan struct{})}
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	if err := c.dial(ctx); err != nil {
		c.Close()
		return nil, fmt.Errorf("client: %w", err)
	}
	return c, nil
}

func (c *Client) dial(ctx context.Context) error {
	t, err := newTransport(c.cfg.Local, c.cfg.Certificate)
	if err != nil {
		return err
	}
	c.transport = t
	if c.wire, err = NewWire(WireConfig{
		Socket: t.sock, OnRTP: c.onRTP, OnOther: t.other, NACK: c.cfg.NACK, Bandwidth: c.cfg.Bandwidth, Now: c.cfg.Now,
	}); err != nil {
		return err
	}
	t.wire = c.wire
	c.wg.Go(func() { _ = c.wire.Run() }) // ends when Close closes the socket

	o := offer{
		ufrag: t.ufrag, pwd: t.pwd, fingerprint: t.fingerprint, others: c.cfg.Others, simulcast: c.cfg.Simulcast,
		ssrcs: map[protocol.Source]uint32{
			protocol.Microphone: newSSRC(), protocol.Camera: newSSRC(), protocol.Second: newSSRC(),
		},
	}
	if !c.cfg.NoRetransmit {
		o.repairs = map[protocol.Source]uint32{protocol.Camera: newSSRC(), protocol.Second: newSSRC()}
	}
	for i := range o.videoLines() {
		c.videoMIDs = append(c.videoMIDs, fmt.Sprint(midReceive+o.others+i))
	}
	var a *answer
	hello := protocol.Hello{
		Version: protocol.Version, Ticket: c.cfg.Ticket, Resume: c.cfg.Resume, Offer: o.sdp(), Media: c.cfg.Media,
	}
	if err := c.open(ctx, hello, func(w protocol.Welcome) (err error) {
		c.times.Welcomed = c.sinceOpened()
		if a, err = parseAnswer(w.Answer); err != nil {
			return err
		}
		return c.addStreams(&o, a)
	}); err != nil {
		return err
	}
	if err := t.connect(ctx, a, func() { c.times.Paired = c.sinceOpened() }); err != nil {
		return err
	}
	c.times.Connected = c.sinceOpened()
	c.wg.Go(func() { // ends when either side closes DTLS
		var scratch [64]byte
		for {
			if _, err := t.conn.Read(scratch[:]); err != nil {
				return
			}
		}
	})
	return nil
}

func (c *Client) sinceOpened() time.Duration { return time.Duration(c.cfg.Now() - c.times.Opened) }

func newSSRC() uint32 { return 1 + rand.Uint32N(1<<32-2) }

// addStreams makes the streams that the answer takes.
func (c *Client) addStreams(o *offer, a *answer) error {
	add := func(mid, rid string, ssrc, repair, rate uint32) (*Stream, error) {
		l := a.line(mid)
		if l == nil || l.pt == 0 {
			return nil, nil // a refused line is no error: the stream is not there
		}
		return c.wire.AddStream(StreamConfig{
			SSRC: ssrc, PayloadType: l.pt, ClockRate: rate, MID: mid, RID: rid,
			Extensions: Extensions{
				MID: l.exts[uriMID], RID: l.exts[uriRID], Repaired: l.exts[uriRepaired],
				AudioLevel: l.exts[uriLevel], Transport: l.exts[uriTransport],
			},
			RepairSSRC: repair, RepairPayloadType: l.rtx,
		})
	}
	var err error
	if c.microphone, err = add(midMicrophone, "", o.ssrcs[protocol.Microphone], 0, 48000); err != nil {
		return err
	}
	layers := []string{""}
	if c.cfg.Simulcast {
		layers = rids
	}
	for _, rid := range layers {
		ssrc, repair := o.ssrcs[protocol.Camera], o.repairs[protocol.Camera]
		if rid != "" { // named by their RIDs, not in the offer
			ssrc = newSSRC()
			if repair != 0 {
				repair = newSSRC()
			}
		}
		s, err := add(midCamera, rid, ssrc, repair, 90000)
		if err != nil {
			return err
		}
		if s != nil {
			c.camera = append(c.camera, s)
		}
	}
	c.second, err = add(midSecond, "", o.ssrcs[protocol.Second], o.repairs[protocol.Second], 90000)
	return err
}

// onRTP is in the wire's Run.
func (c *Client) onRTP(r *Received) {
	if c.firstPacket.Load() == 0 {
		c.firstPacket.Store(int64(r.At - c.times.Opened))
	}
	if r.Line.Video {
		p := c.pictures[r.Line]
		if p == nil {
			p = &picture{asked: r.At}
			c.pictures[r.Line] = p
		}
		switch {
		case p.keyframe:
		case forward.Keyframe(forward.VP8, r.Packet.Payload):
			p.keyframe = true
			c.lastFrame.Store(int64(r.At - c.times.Opened))
			c.keyframes.Add(1)
			if c.firstFrame.CompareAndSwap(0, int64(r.At-c.times.Opened)) {
				close(c.playing)
			}
		case r.At-p.asked > keyframeWait:
			p.asked = r.At
			c.wire.RequestKeyframe(r.Line)
		}
	}
	c.cfg.OnRTP(r)
}

// Microphone is the stream of sound; nil if the service refused it.
func (c *Client) Microphone() *Stream { return c.microphone }

// Camera is the layers of the camera, smallest first: one, or three with Simulcast.
func (c *Client) Camera() []*Stream { return c.camera }

// Second is the stream of the second picture; nil if the service refused it.
func (c *Client) Second() *Stream { return c.second }

// Flush sends what the streams have queued. It belongs to the goroutine that queues.
func (c *Client) Flush() error { return c.wire.Flush() }

// Addrs are the two ends of the media path: ours, and the service's as ICE has found it.
func (c *Client) Addrs() (local, remote netip.AddrPort) {
	return c.transport.sock.LocalAddr(), c.wire.Remote()
}

// Stats counts media packets.
func (c *Client) Stats() Stats { return c.wire.Stats() }

// Timings say how long joining took.
func (c *Client) Timings() Timings {
	t := c.times
	t.FirstPacket = time.Duration(c.firstPacket.Load())
	t.FirstFrame = time.Duration(c.firstFrame.Load())
	t.Pictures = int(c.keyframes.Load())
	t.LastFrame = time.Duration(c.lastFrame.Load())
	return t
}

// Playing is closed when the first keyframe begins to arrive.
func (c *Client) Playing() <-chan struct{} { return c.playing }

// Self is the participant id that the service gave us.
func (c *Client) Self() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.welcome.Self
}

// Welcome is the last welcome, with the token and epoch to resume by.
func (c *Client) Welcome() protocol.Welcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.welcome
}

// Lines says who is on which of the lines that we receive.
func (c *Client) Lines() []protocol.Line {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.lines)
}

// took follows what a message of the service changes here. It answers with a wish for the
// pictures when the lines are new, as a page does.
func (c *Client) took(m protocol.ServerMessage) (reply protocol.ClientMessage) {
	var lines []protocol.Line
	switch m := m.(type) {
	case protocol.Welcome:
		c.mu.Lock()
		c.welcome = m
		c.mu.Unlock()
		lines = m.Room.Lines
	case protocol.Admitted:
		lines = m.Room.Lines
	case protocol.Lines:
		lines = m.Lines
	case protocol.Send:
		c.want(m)
		return nil
	default:
		return nil
	}
	c.mu.Lock()
	c.lines = slices.Clone(lines)
	c.mu.Unlock()
	var want protocol.Want
	for _, l := range lines {
		if l.Source != protocol.Microphone && slices.Contains(c.videoMIDs, l.MID) {
			want.Lines = append(want.Lines, protocol.LineWish{
				MID: l.MID, Visible: true, Width: c.cfg.Width, Height: c.cfg.Height, Chosen: l.Source == protocol.Second,
			})
		}
	}
	if len(want.Lines) == 0 {
		return nil
	}
	return want
}

// want marks the camera's layers that the service has use for. A camera of one layer goes
// on whatever it says, as a page's does.
func (c *Client) want(m protocol.Send) {
	if m.Source != protocol.Camera || len(c.camera) < 2 {
		return
	}
	for _, s := range c.camera {
		s.idle.Store(!slices.Contains(m.RIDs, s.cfg.RID))
	}
}

// Close drops the websocket without a word and ends the transport; the service keeps the
// seat for its resume window. It waits until all that Dial started has ended. Not while
// another goroutine queues or flushes.
func (c *Client) Close() {
	c.mu.Lock()
	c.closed = true
	s := c.session
	c.mu.Unlock()
	if s != nil {
		s.close()
	}
	if c.transport != nil {
		c.transport.close()
	}
	c.wg.Wait()
}

// Leave gives the seat up: the service is told and its answer awaited, then all is closed.
func (c *Client) Leave(ctx context.Context) error {
	err := c.Send(ctx, protocol.Leave{})
	if s := c.current(); err == nil && s != nil {
		select {
		case <-s.done:
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	c.Close()
	return err
}
