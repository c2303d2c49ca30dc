package sfu

import (
	"net"
	"net/netip"
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
	tr.nominate(w.addr(), nil, srv.now())
	srv.remember(w.addr(), tr, srv.now())
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
	var out [][]byte
	for i := range n {
		out = append(out, w.seal(t, w.picture(t, i, 1000)))
	}
	return out
}

// picture is the i-th packet of that camera, with so many bytes of payload behind its headers.
func (w *wired) picture(t testing.TB, i, size int) *rtp.Packet {
	t.Helper()
	pub := w.p.pubs[Camera]
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
			Version: 2, PayloadType: pub.line.codec(forward.VP8).pt, SequenceNumber: uint16(i), Timestamp: uint32(frame) * 3000,
			SSRC: 4711, Marker: i%3 == 2,
		},
		Payload: append(b, make([]byte, size)...),
	}
	pkt.SetExtension(pub.line.ext(extMID), []byte(pub.line.mid))
	pkt.SetExtension(pub.line.ext(extRID), []byte(pub.layers[0].rid))
	pkt.SetExtension(pub.line.ext(extTransport), []byte{byte(i >> 8), byte(i)})
	return pkt
}

func (w *wired) seal(t testing.TB, pkt *rtp.Packet) []byte {
	t.Helper()
	raw, err := pkt.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := w.ctx.EncryptRTP(nil, raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// addr is where the page is.
func (w *wired) addr() netip.AddrPort { return w.conn.LocalAddr().(*net.UDPAddr).AddrPort() }

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
