//go:build !race

package sfu

import (
	"context"
	"net"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

// wired is a participant whose handshake is taken as done, and the socket of its page.
type wired struct {
	p    *Participant
	conn *net.UDPConn
	ctx  *srtp.Context // the page's side, sending
}

func wire(t testing.TB, srv *Server, room *Room, id ParticipantID) *wired {
	t.Helper()
	o, err := parseOffer(offers(t)[0], srv.prefer)
	if err != nil {
		t.Fatal(err)
	}
	w := &wired{p: newParticipant(room, JoinConfig{ID: id, Admitted: true}, o)}
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	w.conn = conn
	t.Cleanup(func() { conn.Close() })
	key, salt := make([]byte, 16), make([]byte, 12)
	create := func() *srtp.Context {
		c, err := srtp.CreateContext(key, salt, srtp.ProtectionProfileAeadAes128Gcm)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	tr := w.p.t
	tr.in, tr.out, w.ctx = create(), create(), create()
	tr.state = transportConnected
	close(tr.done)
	addr := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	tr.nominate(addr, nil, srv.now())
	srv.remember(addr, tr, srv.now())
	room.mu.Lock()
	room.members[id] = w.p
	room.order = append(room.order, id)
	out := srv.outbox()
	room.assign(out)
	room.mu.Unlock()
	srv.flush(out)
	return w
}

// video are n sealed packets of the page's camera: three a frame, the first frame a keyframe.
func (w *wired) video(t testing.TB, n int) [][]byte {
	t.Helper()
	pub := w.p.pubs[Camera]
	c := pub.line.codec(forward.VP8)
	var out [][]byte
	for i := range n {
		frame := i / 3
		b := []byte{0x80, 0xc0, 0x80 | byte(frame>>8)&0x7f, byte(frame), byte(frame)}
		if i%3 == 0 {
			b[0] |= 0x10
			if frame == 0 {
				b = append(b, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 1, 0xb4, 0)
			} else {
				b = append(b, 0x11, 0, 0)
			}
		}
		pkt := &rtp.Packet{
			Header: rtp.Header{
				Version: 2, PayloadType: c.pt, SequenceNumber: uint16(i), Timestamp: uint32(frame) * 3000,
				SSRC: 4711, Marker: i%3 == 2,
			},
			Payload: append(b, make([]byte, 1000)...),
		}
		pkt.SetExtension(pub.line.ext(extMID), []byte(pub.line.mid))
		pkt.SetExtension(pub.line.ext(extRID), []byte(pub.layers[0].rid))
		pkt.SetExtension(pub.line.ext(extTransport), []byte{byte(i >> 8), byte(i)})
		raw, err := pkt.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := w.ctx.EncryptRTP(nil, raw, nil)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sealed)
	}
	return out
}

// media reads until n media packets have come.
func (w *wired) media(t testing.TB, buf []byte, n int) {
	for n > 0 {
		w.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		size, _, err := w.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			t.Fatalf("%d packets never came: %v", n, err)
		}
		if size > 12 && buf[0] >= 128 && (buf[1] < 192 || buf[1] > 223) {
			n--
		}
	}
}

// TestForwardingAllocatesNothing counts every allocation in the process while packets go from
// one page's datagram to two others', through the real sockets, SRTP included.
func TestForwardingAllocatesNothing(t *testing.T) {
	srv, err := Listen(Config{Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { srv.Run(ctx); close(done) }() // ends with cancel
	t.Cleanup(func() { cancel(); <-done })
	room := srv.NewRoom("r")
	a, b, c := wire(t, srv, room, "a"), wire(t, srv, room, "b"), wire(t, srv, room, "c")
	const warm, burst, bursts = 600, 12, 400
	packets := a.video(t, warm+burst*bursts)
	to := srv.UDPAddr()
	buf := make([]byte, 2048)
	round := func(pkts [][]byte, from *wired, to netip.AddrPort) {
		for _, pkt := range pkts {
			if _, err := from.conn.WriteToUDPAddrPort(pkt, to); err != nil {
				t.Fatal(err)
			}
		}
		b.media(t, buf, len(pkts))
		c.media(t, buf, len(pkts))
	}
	for i := 0; i < warm; i += burst {
		round(packets[i:i+burst], a, to)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := warm; i < len(packets); i += burst {
		round(packets[i:i+burst], a, to)
	}
	runtime.ReadMemStats(&after)
	forwarded := 2 * burst * bursts
	per := float64(after.Mallocs-before.Mallocs) / float64(forwarded)
	t.Logf("%.4f allocations per forwarded packet, reports and all else in the process included", per)
	// What is left is by time and not by packet: reports, twenty milliseconds' chores. An
	// allocation on the packet's path would show as 0.5 (received) or 1 (sent).
	if per > 0.1 {
		t.Errorf("%.3f allocations per forwarded packet", per)
	}
}
