package sfu

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/stun/v4"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

// still is a server that nobody runs: the test is its only goroutine.
func still(t *testing.T) (*Server, *Room) {
	t.Helper()
	srv, err := Listen(Config{Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.closeSockets)
	return srv, srv.NewRoom("r")
}

func TestAPageOfTwoThousandSSRCsIsRememberedWithinBounds(t *testing.T) {
	srv, room := still(t)
	page := wire(t, srv, room, "a")
	o := srv.outbox()
	for i := range 2000 {
		pkt := page.picture(t, 0, 100)
		pkt.SSRC = uint32(1000 + i)
		page.p.t.receive(page.seal(t, pkt), page.addr(), nil, o)
	}
	if n := len(page.p.t.ssrcs); n > maxSSRCs {
		t.Errorf("%d replay windows are kept", n)
	}
	if n := len(page.p.streams); n != 1 {
		t.Errorf("%d streams are kept of one layer", n)
	}
	if n := room.keys.Load(); n != 1 {
		t.Errorf("the layer began %d times within a moment, each with a cache of its own", n)
	}
	before := srv.Stats().PacketsIn
	pkt := page.picture(t, 1, 100)
	pkt.SSRC = 1000
	page.p.t.receive(page.seal(t, pkt), page.addr(), nil, o)
	if srv.Stats().PacketsIn != before+1 {
		t.Error("the stream that was there first is not received any more")
	}
	o.now += beginGap // a browser that does change its SSRC
	pkt = page.picture(t, 0, 100)
	pkt.SSRC = 1001
	page.p.t.receive(page.seal(t, pkt), page.addr(), nil, o)
	if page.p.streams[1001] == nil || len(page.p.streams) != 1 {
		t.Errorf("the new SSRC has not taken the old one's place: %v", page.p.streams)
	}
}

func TestAFloodOfNACKsIsAnsweredWithNoMoreThanTheWayCarries(t *testing.T) {
	srv, room := still(t)
	nurse, greedy := wire(t, srv, room, "a"), wire(t, srv, room, "b")
	o := srv.outbox()
	for _, sealed := range nurse.video(t, 250) {
		nurse.p.t.receive(sealed, nurse.addr(), nil, o)
	}
	var line *downTrack
	for _, dt := range greedy.p.tracks {
		if dt.on == nurse.p.pubs[Camera] {
			line = dt
		}
	}
	var all []uint16
	var h forward.Header
	for seq := range 1 << 16 {
		if line.hist.Resend(uint16(seq), forward.Time(o.now), 0, &h) {
			all = append(all, uint16(seq))
		}
	}
	if len(all) != 250 {
		t.Fatalf("%d packets of 250 can be sent again", len(all))
	}
	nack, err := (&rtcp.TransportLayerNack{MediaSSRC: line.ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(all)}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	const asks, every = 100, int64(2 * time.Millisecond)
	for range asks {
		o.now += every
		greedy.p.rtcp(nack, o)
		o.w.Flush()
	}
	// A quarter of a second at once, and what comes free meanwhile.
	carries := int64(greedy.p.estimate.Bitrate(forward.Time(o.now))) / 8
	most := uint64(carries*(asks*every+int64(time.Second/4))/int64(time.Second)/1000 + asks/10)
	if n := srv.Stats().PacketsResent; n == 0 || n > most {
		t.Errorf("%d packets were sent again; %d fit", n, most)
	}
}

func TestAPacketTooLongForAnyPathIsDroppedAlone(t *testing.T) {
	srv, room := still(t)
	page, other := wire(t, srv, room, "a"), wire(t, srv, room, "b")
	o := srv.outbox()
	buf := make([]byte, 2048)
	for i, size := range []int{1000, 1540, 1000} { // over TCP a frame can be that long
		page.p.t.receive(page.seal(t, page.picture(t, i, size)), page.addr(), nil, o)
	}
	o.w.Flush()
	other.media(t, buf, 2)
	if n := srv.Stats().PacketsOut; n != 2 {
		t.Errorf("%d packets went out", n)
	}
}

func TestAPageThatWandersHasFewAddressesAndTakesNobodyElses(t *testing.T) {
	srv, room := still(t)
	page, other := wire(t, srv, room, "a"), wire(t, srv, room, "b")
	now := srv.now()
	at := func(port int) netip.AddrPort {
		return netip.AddrPortFrom(netip.MustParseAddr("192.0.2.1"), uint16(port))
	}
	for port := range 1000 {
		srv.remember(at(port), page.p.t, now)
	}
	if n := len(*srv.remotes.Load()); n != maxAddrs+1 {
		t.Errorf("%d addresses are remembered of two pages", n)
	}
	srv.remember(at(1), other.p.t, now) // a port that was given to another page
	for port := range 100 {
		now += wanderGap
		srv.remember(at(2000+port), page.p.t, now)
	}
	if (*srv.remotes.Load())[at(1)] != other.p.t {
		t.Error("the address of another page was forgotten")
	}
	srv.forget(page.p.t)
	if n := len(*srv.remotes.Load()); n != 2 {
		t.Errorf("%d addresses are left of a page with two", n)
	}
	srv.remember(at(1), page.p.t, now)
	if (*srv.remotes.Load())[at(1)] == page.p.t {
		t.Error("an address is remembered of a page that is gone")
	}
}

// pageTCP is a connection of the page's, after its first check.
func (w *wired) pageTCP(t *testing.T, srv *Server) (*net.TCPConn, error) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := net.Dial("tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	served, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { srv.ServeTCP(served); close(done) }() // ends with conn
	t.Cleanup(func() { conn.Close(); <-done })
	tr := w.p.t
	check, err := stun.Build(stun.TransactionID, stun.BindingRequest, stun.NewUsername(tr.ice.ufrag+":page"), tr.ice.key, stun.Fingerprint)
	if err != nil {
		t.Fatal(err)
	}
	conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(check.Raw))), check.Raw...))
	if readFrame(conn, bufio.NewReader(conn), make([]byte, tcpMaxFrame), 5*time.Second) == nil {
		return nil, errors.New("the check was not answered")
	}
	return conn.(*net.TCPConn), nil
}

func TestAPageHasAFewTCPConnectionsAndNotMore(t *testing.T) {
	srv, room := still(t)
	page := wire(t, srv, room, "a")
	page.p.t.done = make(chan struct{}) // runs, as far as connections know
	if err := srv.register(page.p.t); err != nil {
		t.Fatal(err)
	}
	var last *net.TCPConn
	for i := range maxPageConns {
		conn, err := page.pageTCP(t, srv)
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		last = conn
	}
	if _, err := page.pageTCP(t, srv); err == nil {
		t.Error("one connection too many was answered")
	}
	// Longer than any packet of ours: not RFC 4571.
	last.Write([]byte{0xff, 0xff, 0x80, 0x60})
	last.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := last.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the connection of a frame that is too long: %v", err)
	}
}

func TestTransportWideNumbersThatJumpAreNotFollowedEachTime(t *testing.T) {
	srv, room := still(t)
	page := wire(t, srv, room, "a")
	o := srv.outbox()
	send := func(i, number int) {
		pkt := page.picture(t, i, 100)
		pkt.SetExtension(page.p.pubs[Camera].transportExt, []byte{byte(number >> 8), byte(number)})
		page.p.t.receive(page.seal(t, pkt), page.addr(), nil, o)
	}
	for i := range 100 {
		send(i, i%2*30000)
	}
	if n := page.p.twcc.PacketsHeld(); n != 1 {
		t.Errorf("%d jumps were followed within a moment", n-1)
	}
	o.now += twccGap // a page that was cut off
	send(100, 30000)
	send(101, 30002)
	send(102, 30001) // overtaken
	if n := page.p.twcc.PacketsHeld(); n != 4 {
		t.Errorf("%d packets of 4 are recorded", n)
	}
}
