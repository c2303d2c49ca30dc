package client_test

import (
	"bytes"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/srtp/v3"

	"github.com/samkonsult/samkonsult/loadtest/client"
	"github.com/samkonsult/samkonsult/sfu/batch"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

const (
	soundSSRC, pictureSSRC, repairSSRC = 11, 22, 33
	soundPT, picturePT, repairPT       = 111, 96, 97
)

// clock is time that only moves when it is told to.
type clock struct{ t atomic.Int64 }

func (c *clock) now() forward.Time       { return forward.Time(c.t.Load()) }
func (c *clock) advance(d time.Duration) { c.t.Add(int64(d)) }

// got is a copy of a received packet.
type got struct {
	line     *client.Line
	packet   forward.Packet
	repaired bool
	arrival  forward.Arrival
}

// pair is a wire that sends to one that receives, with a peer's view in between.
type pair struct {
	clock          *clock
	near, far      *client.Wire
	sound, picture *client.Stream
	nearSock       *batch.Socket
	farSock        *batch.Socket
	nearKeys       client.Keys
	farKeys        client.Keys
	lines          []*client.Line
	arrived        chan got
	controls       uint32
	run            func() // of the far wire, which otherwise runs from the start
}

func newKeys() (near, far client.Keys) {
	key := func(b byte, n int) []byte { return bytes.Repeat([]byte{b}, n) }
	near = client.Keys{
		Profile: srtp.ProtectionProfileAeadAes128Gcm,
		SendKey: key(1, 16), SendSalt: key(2, 12), ReceiveKey: key(3, 16), RecSalt: key(4, 12),
	}
	far = client.Keys{
		Profile: near.Profile,
		SendKey: near.ReceiveKey, SendSalt: near.RecSalt, ReceiveKey: near.SendKey, RecSalt: near.SendSalt,
	}
	return near, far
}

func listen(t testing.TB) *batch.Socket {
	t.Helper()
	s, err := batch.Listen(netip.MustParseAddrPort("127.0.0.1:0"), batch.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func newPair(t testing.TB, cfg client.WireConfig) *pair {
	t.Helper()
	p := &pair{clock: &clock{}, nearSock: listen(t), farSock: listen(t), arrived: make(chan got, 1000)}
	p.clock.advance(time.Hour)
	p.nearKeys, p.farKeys = newKeys()
	var err error
	if p.near, err = client.NewWire(client.WireConfig{Socket: p.nearSock, Now: p.clock.now}); err != nil {
		t.Fatal(err)
	}
	cfg.Socket, cfg.Now = p.farSock, p.clock.now
	if cfg.OnRTP == nil {
		cfg.OnRTP = func(r *client.Received) {
			c := got{line: r.Line, repaired: r.Repaired, arrival: r.Arrival}
			if err := forward.Parse(bytes.Clone(r.Packet.Raw), &c.packet); err != nil {
				t.Error(err)
			}
			p.arrived <- c
		}
	}
	if p.far, err = client.NewWire(cfg); err != nil {
		t.Fatal(err)
	}
	exts := client.Extensions{MID: 4, RID: 10, AudioLevel: 1, Transport: 3}
	if p.sound, err = p.near.AddStream(client.StreamConfig{
		SSRC: soundSSRC, PayloadType: soundPT, ClockRate: 48000, MID: "0", Extensions: exts,
	}); err != nil {
		t.Fatal(err)
	}
	if p.picture, err = p.near.AddStream(client.StreamConfig{
		SSRC: pictureSSRC, PayloadType: picturePT, ClockRate: 90000, MID: "1", RID: "h", Extensions: exts,
		RepairSSRC: repairSSRC, RepairPayloadType: repairPT,
	}); err != nil {
		t.Fatal(err)
	}
	// The far end sends too, if only to have an SSRC for its reports.
	if _, err = p.far.AddStream(client.StreamConfig{SSRC: 99, PayloadType: soundPT, ClockRate: 48000}); err != nil {
		t.Fatal(err)
	}
	p.near.SetRemote(p.farSock.LocalAddr())
	p.far.SetRemote(p.nearSock.LocalAddr())
	sound, picture := client.NewLine("0", false, soundSSRC, 0, 48000), client.NewLine("1", true, pictureSSRC, repairSSRC, 90000)
	picture.Repairs[repairPT] = picturePT
	p.lines = []*client.Line{sound, picture}
	if err := p.near.Connect(p.nearKeys, nil); err != nil {
		t.Fatal(err)
	}
	ran := make(chan error, 2)
	go func() { ran <- p.near.Run() }() // ends when its socket is closed
	p.run = func() { go func() { ran <- p.far.Run() }() }
	t.Cleanup(func() {
		_ = p.nearSock.Close()
		_ = p.farSock.Close()
		for range 2 {
			if err := <-ran; err != nil {
				t.Error(err)
			}
		}
	})
	return p
}

func connected(t testing.TB, cfg client.WireConfig) *pair {
	t.Helper()
	p := newPair(t, cfg)
	if err := p.far.Connect(p.farKeys, p.lines); err != nil {
		t.Fatal(err)
	}
	p.run()
	return p
}

func (p *pair) send(t testing.TB, s *client.Stream, payload string, ticks uint32, marker bool, level uint8) {
	t.Helper()
	if err := s.Queue(copy(s.Next(), payload), ticks, marker, level); err != nil {
		t.Fatal(err)
	}
	if err := p.near.Flush(); err != nil {
		t.Fatal(err)
	}
}

// until asks again and again while others work; the test's own deadline ends it.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("never: %s", what)
		}
	}
}

func TestPacketsArriveAsTheyWereQueued(t *testing.T) {
	p := connected(t, client.WireConfig{})
	p.send(t, p.sound, "sound", 960, true, 20)
	p.send(t, p.picture, "picture one", 3000, false, 0)
	p.send(t, p.picture, "picture two", 6000, true, 0)
	a, b, c := <-p.arrived, <-p.arrived, <-p.arrived

	if a.line != p.lines[0] || string(a.packet.Payload) != "sound" || a.packet.PayloadType != soundPT || !a.packet.Marker {
		t.Errorf("sound: %+v", a.packet)
	}
	if level, voice, ok := a.packet.AudioLevel(1); level != 20 || !voice || !ok {
		t.Errorf("level %d, voice %v, %v", level, voice, ok)
	}
	if b.line != p.lines[1] || string(b.packet.Payload) != "picture one" || b.packet.Marker || !c.packet.Marker {
		t.Errorf("picture: %+v, %+v", b.packet, c.packet)
	}
	if c.packet.Sequence != b.packet.Sequence+1 || c.packet.Timestamp != b.packet.Timestamp+3000 {
		t.Errorf("numbers %d, %d, timestamps %d, %d", b.packet.Sequence, c.packet.Sequence, b.packet.Timestamp, c.packet.Timestamp)
	}
	if string(a.packet.Extension(4)) != "0" || string(b.packet.Extension(4)) != "1" || string(b.packet.Extension(10)) != "h" {
		t.Error("MID and RID are not in the first packets")
	}
	for i, g := range []got{a, b, c} { // counted over the whole transport
		if ext := g.packet.Extension(3); len(ext) != 2 || int(ext[0])<<8|int(ext[1]) != i {
			t.Errorf("packet %d: transport-wide number %v", i, ext)
		}
	}
	if s := p.near.Stats(); s.Sent != 3 || s.Unsent != 0 {
		t.Errorf("sender: %+v", s)
	}
	if s := p.far.Stats(); s.Received != 3 || s.Undecryptable+s.Unknown+s.Dropped != 0 {
		t.Errorf("receiver: %+v", s)
	}
}

func TestNamesAreLeftOutOnceTheFarEndReportsOnTheStream(t *testing.T) {
	p := connected(t, client.WireConfig{})
	// The far end reports with the first batch that comes; a reported-on stream is known by its SSRC.
	until(t, "a packet without its MID", func() bool {
		p.send(t, p.picture, "x", 0, true, 0)
		g := <-p.arrived
		p.clock.advance(1100 * time.Millisecond)
		return g.packet.Extension(4) == nil && g.packet.Extension(10) == nil && g.packet.Extension(3) != nil
	})
	p.send(t, p.sound, "x", 0, true, 0)
	if g := <-p.arrived; g.packet.Extension(4) == nil {
		t.Error("a stream that nobody has reported on lost its MID")
	}
}

func TestAKeyframeRequestReachesTheStreamItNames(t *testing.T) {
	p := connected(t, client.WireConfig{})
	p.far.RequestKeyframe(p.lines[1])
	until(t, "a keyframe request", p.picture.TakeKeyframeRequest)
	if p.picture.TakeKeyframeRequest() || p.sound.TakeKeyframeRequest() {
		t.Error("the request is there twice, or at another stream")
	}
	p.control(t, &rtcp.FullIntraRequest{SenderSSRC: 99, MediaSSRC: 0, FIR: []rtcp.FIREntry{{SSRC: pictureSSRC, SequenceNumber: 1}}})
	until(t, "a keyframe request by FIR", p.picture.TakeKeyframeRequest)
}

// control sends RTCP from the far end's address.
func (p *pair) control(t testing.TB, pkts ...rtcp.Packet) {
	t.Helper()
	raw, err := rtcp.Marshal(pkts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := srtp.CreateContext(p.farKeys.SendKey, p.farKeys.SendSalt, p.farKeys.Profile)
	if err != nil {
		t.Fatal(err)
	}
	p.controls += 10 // SRTCP's index may not repeat
	ctx.SetIndex(99, p.controls)
	sealed, err := ctx.EncryptRTCP(nil, raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.farSock.WriteTo(sealed, p.nearSock.LocalAddr()); err != nil {
		t.Fatal(err)
	}
}

func TestLostPacketsAreAskedForAgainAndCountAsRepaired(t *testing.T) {
	p := connected(t, client.WireConfig{NACK: true})
	p.send(t, p.picture, "one", 0, true, 0)
	one := <-p.arrived
	lost := one.packet.Sequence + 1
	skip(t, p)
	p.send(t, p.picture, "three", 6000, true, 0)
	three := <-p.arrived
	if three.packet.Sequence != lost+1 {
		t.Fatalf("sequence %d after %d", three.packet.Sequence, one.packet.Sequence)
	}
	var g got
	until(t, "the repair", func() bool {
		p.clock.advance(50 * time.Millisecond)
		p.send(t, p.sound, "x", 0, true, 127) // a batch to be woken by
		g = <-p.arrived
		return g.repaired
	})
	if g.line != p.lines[1] || g.packet.Sequence != lost || string(g.packet.Payload) != "lost" || !g.packet.Marker ||
		g.packet.SSRC != pictureSSRC || g.packet.PayloadType != picturePT || g.arrival != forward.Late ||
		g.packet.Timestamp != one.packet.Timestamp+3000 {
		t.Errorf("repaired: %+v %+v", g, g.packet)
	}
	if s := p.far.Stats(); s.Repaired != 1 {
		t.Errorf("receiver %+v", s)
	}
	if s := p.near.Stats(); s.NACKed == 0 || s.Resent != 1 {
		t.Errorf("sender %+v", s)
	}
}

func TestARepairIsNotRepeatedAtOnceNorMadeOfWhatIsForgotten(t *testing.T) {
	p := connected(t, client.WireConfig{})
	p.send(t, p.picture, "one", 0, true, 0)
	first := (<-p.arrived).packet.Sequence
	ask := func(seqs ...uint16) {
		p.control(t, &rtcp.TransportLayerNack{SenderSSRC: 99, MediaSSRC: pictureSSRC, Nacks: rtcp.NackPairsFromSequenceNumbers(seqs)})
	}
	ask(first, first+500)
	ask(first) // before the first answer can have come
	until(t, "three requests", func() bool { return p.near.Stats().NACKed == 3 })
	if n := p.near.Stats().Resent; n != 1 {
		t.Errorf("%d sent again, want 1", n)
	}
	p.clock.advance(50 * time.Millisecond)
	ask(first)
	until(t, "a second repair", func() bool { return p.near.Stats().Resent == 2 })
	for range 128 { // as many as are remembered
		p.send(t, p.picture, "more", 0, true, 0)
	}
	p.clock.advance(50 * time.Millisecond)
	ask(first)
	until(t, "five requests", func() bool { return p.near.Stats().NACKed == 5 })
	if n := p.near.Stats().Resent; n != 2 {
		t.Errorf("%d sent again, want 2: the packet is forgotten", n)
	}
}

// skip queues a packet of the picture towards nowhere.
func skip(t testing.TB, p *pair) {
	t.Helper()
	nowhere := listen(t)
	p.near.SetRemote(nowhere.LocalAddr())
	p.send(t, p.picture, "lost", 3000, true, 0)
	p.near.SetRemote(p.farSock.LocalAddr())
}

func sealer(t testing.TB, k client.Keys) func([]byte) []byte {
	t.Helper()
	ctx, err := srtp.CreateContext(k.SendKey, k.SendSalt, k.Profile)
	if err != nil {
		t.Fatal(err)
	}
	return func(plain []byte) []byte {
		sealed, err := ctx.EncryptRTP(nil, plain, nil)
		if err != nil {
			t.Fatal(err)
		}
		return sealed
	}
}

func TestMediaThatComesBeforeTheKeysIsNotLost(t *testing.T) {
	other := make(chan byte, 1)
	p := newPair(t, client.WireConfig{OnOther: func(data []byte, _ netip.AddrPort) { other <- data[0] }})
	p.run()
	for range 3 {
		p.send(t, p.sound, "early", 0, true, 127)
	}
	// DTLS behind them: when it is handed over, the three have been read.
	if err := p.nearSock.WriteTo([]byte{22, 1, 2, 3}, p.farSock.LocalAddr()); err != nil {
		t.Fatal(err)
	}
	if b := <-other; b != 22 {
		t.Errorf("first byte %d", b)
	}
	if err := p.far.Connect(p.farKeys, p.lines); err != nil {
		t.Fatal(err)
	}
	p.send(t, p.sound, "late", 0, true, 127)
	for _, want := range []string{"early", "early", "early", "late"} {
		if g := <-p.arrived; string(g.packet.Payload) != want {
			t.Errorf("got %q, want %q", g.packet.Payload, want)
		}
	}
}

func TestGarbageIsCountedAndDisturbsNothing(t *testing.T) {
	p := connected(t, client.WireConfig{})
	seal := sealer(t, p.nearKeys)
	p.send(t, p.sound, "before", 0, true, 127)
	<-p.arrived
	for _, raw := range [][]byte{
		{0x80},
		bytes.Repeat([]byte{0x80}, 40),
		append([]byte{0x80, 200}, bytes.Repeat([]byte{1}, 40)...), // RTCP that can't be opened
		seal([]byte{0x80, soundPT, 0, 1, 0, 0, 0, 1, 0, 0, 0, 77, 'x'}),
		{}, {1}, {255},
	} {
		if err := p.nearSock.WriteTo(raw, p.farSock.LocalAddr()); err != nil {
			t.Fatal(err)
		}
	}
	p.send(t, p.sound, "after", 0, true, 127)
	if g := <-p.arrived; string(g.packet.Payload) != "after" {
		t.Errorf("got %q", g.packet.Payload)
	}
	if s := p.far.Stats(); s.Dropped != 1 || s.Undecryptable != 2 || s.Unknown != 1 || s.Received != 2 {
		t.Errorf("%+v", s)
	}
}

func TestAWireRefusesWhatItCanNotUse(t *testing.T) {
	if _, err := client.NewWire(client.WireConfig{}); err == nil {
		t.Error("a wire without a socket")
	}
	w, err := client.NewWire(client.WireConfig{Socket: listen(t), Now: (&clock{}).now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddStream(client.StreamConfig{SSRC: 1, PayloadType: 200, ClockRate: 1}); err == nil {
		t.Error("a payload type of 200")
	}
	s, err := w.AddStream(client.StreamConfig{SSRC: 1, ClockRate: 1})
	if err != nil {
		t.Fatal(err)
	}
	s.Next()
	if err := s.Queue(1, 0, false, 0); err == nil {
		t.Error("a packet before there are keys")
	}
	if err := w.Connect(client.Keys{Profile: srtp.ProtectionProfileAeadAes128Gcm}, nil); err == nil {
		t.Error("keys of no length")
	}
}
