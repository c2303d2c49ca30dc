package sfu

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
	"github.com/pion/transport/v4/packetio"
)

const (
	handshakeTimeout = 20 * time.Second // from Join to a finished DTLS handshake
	silenceLimit     = int64(3 * time.Second)
	deadLimit        = int64(30 * time.Second) // RFC 7675 §5.1: consent expires after 30 s
)

// sink takes what arrives on a transport. Its calls come from the goroutine that read the packet.
type sink interface {
	// rtp gets a decrypted RTP packet, valid during the call.
	rtp(pkt []byte, o *outbox)
	// rtcp gets a decrypted compound RTCP packet, valid during the call.
	rtcp(pkt []byte, o *outbox)
	// transportState tells of connected, disconnected and failed, one at a time and in order.
	transportState(transportState)
	// settle follows transportState, when another may be told again.
	settle()
}

type transportState uint8

const (
	transportNew transportState = iota
	transportConnected
	transportDisconnected
	transportFailed
)

// transport is one page's connection: ICE-lite, DTLS (server) and SRTP on the server's
// one UDP port, or over TCP. The three are put together from pion's parts and not by its
// PeerConnection, because between that one's socket and its SRTP stream lie four
// goroutines: here the goroutine that reads a datagram also decrypts and forwards it.
type transport struct {
	srv         *Server
	sink        sink
	ice         credentials
	fingerprint []byte
	path        atomic.Pointer[path]
	heard       atomic.Int64 // when the last authentic packet came; server's clock
	sent        atomic.Int64 // when the last packet went out
	dtlsIn      *packetio.Buffer

	// Guarded by srv.remotesMu.
	addrs    []netip.AddrPort // known to be this page's, oldest first; the server's table points here
	wandered int64            // when the last address was added that pushed one out
	gone     bool             // forgotten: no address is remembered any more

	tcps atomic.Int32 // connections that are this page's

	inMu      sync.Mutex
	in        *srtp.Context       // nil before the handshake
	ssrcs     map[uint32]struct{} // that in keeps a state of
	inHdr     rtp.Header
	inRTCPHdr rtcp.Header

	outMu      sync.Mutex
	out        *srtp.Context // nil before the handshake
	outHdr     rtp.Header
	outRTCPHdr rtcp.Header

	telling sync.Mutex // held while the sink is told of a state; taken before all of the sink's
	stateMu sync.Mutex
	state   transportState

	ctx    context.Context // ends when the transport is to end
	cancel context.CancelFunc
	done   chan struct{} // closed when nothing runs any more
}

func newTransport(srv *Server, fingerprint []byte, s sink) *transport {
	t := &transport{
		srv: srv, sink: s, ice: newCredentials(), fingerprint: fingerprint,
		dtlsIn: packetio.NewBuffer(), done: make(chan struct{}), ssrcs: map[uint32]struct{}{},
	}
	// Here and not in start: who is replaced at once by a newer page is closed before it has started.
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.heard.Store(srv.now())
	t.dtlsIn.SetLimitSize(64 << 10)
	return t
}

// start runs the handshake and then waits for the page's end of it; close ends it.
func (t *transport) start() {
	go func() { // ends when the page closes DTLS, the handshake fails, or close is called
		defer close(t.done)
		if err := t.run(t.ctx); err != nil && t.ctx.Err() == nil {
			t.srv.log.Debug("transport ended", "err", err)
		}
		t.cancel()
		t.srv.forget(t)
		t.leavePath()
		t.setState(transportFailed)
	}()
}

func (t *transport) run(ctx context.Context) error {
	hctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	conn, err := dtls.ServerWithOptions((*dtlsConn)(t), &net.UDPAddr{},
		dtls.WithCertificates(t.srv.cert),
		// RFC 8827 §6.5, RFC 7714: GCM-128 first, it is enough and cheapest.
		dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80),
		dtls.WithExtendedMasterSecret(dtls.RequireExtendedMasterSecret),
		dtls.WithClientAuth(dtls.RequireAnyClientCert),
		// ICE has proved the address before, so the cookie round trip is saved (RFC 6347 §4.2.1).
		dtls.WithInsecureSkipVerifyHello(true),
		dtls.WithInsecureSkipVerify(true), // WebRTC trusts the fingerprint in the offer instead of a chain
		dtls.WithVerifyPeerCertificate(t.verify),
		dtls.WithMTU(1200),
		dtls.WithFlightInterval(200*time.Millisecond),
	)
	if err != nil {
		return fmt.Errorf("dtls: %w", err)
	}
	defer conn.Close()
	// Closing what DTLS reads from is not enough: a Read that waits for the page's farewell stays.
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := conn.HandshakeContext(hctx); err != nil {
		return fmt.Errorf("dtls handshake: %w", err)
	}
	if err := t.installKeys(conn); err != nil {
		return err
	}
	t.setState(transportConnected)
	var scratch [256]byte
	for { // nothing but the page's farewell comes here: we offer no data channel
		if _, err := conn.Read(scratch[:]); err != nil {
			return nil
		}
	}
}

func (t *transport) verify(certs [][]byte, _ [][]*x509.Certificate) error {
	if len(certs) == 0 {
		return errors.New("page sent no certificate")
	}
	if sum := sha256.Sum256(certs[0]); !bytes.Equal(sum[:], t.fingerprint) {
		return errors.New("certificate is not the one of the offer") // RFC 8122 §5
	}
	return nil
}

// installKeys takes SRTP's keys out of the handshake (RFC 5764 §4.2).
func (t *transport) installKeys(conn *dtls.Conn) error {
	chosen, ok := conn.SelectedSRTPProtectionProfile()
	if !ok {
		return errors.New("dtls: no SRTP profile in common")
	}
	profile := srtp.ProtectionProfile(chosen) // both are the IANA numbers
	state, ok := conn.ConnectionState()
	if !ok {
		return errors.New("dtls: no state after the handshake")
	}
	cfg := &srtp.Config{Profile: profile}
	if err := cfg.ExtractSessionKeysFromDTLS(&state, false); err != nil {
		return fmt.Errorf("srtp keys: %w", err)
	}
	in, err := srtp.CreateContext(cfg.Keys.RemoteMasterKey, cfg.Keys.RemoteMasterSalt, profile,
		srtp.SRTPReplayProtection(512), srtp.SRTCPReplayProtection(64))
	if err != nil {
		return fmt.Errorf("srtp in: %w", err)
	}
	out, err := srtp.CreateContext(cfg.Keys.LocalMasterKey, cfg.Keys.LocalMasterSalt, profile)
	if err != nil {
		return fmt.Errorf("srtp out: %w", err)
	}
	t.inMu.Lock()
	t.in = in
	t.inMu.Unlock()
	t.outMu.Lock()
	t.out = out
	t.outMu.Unlock()
	return nil
}

func (t *transport) setState(s transportState) {
	t.telling.Lock()
	t.stateMu.Lock()
	changed := t.state != s && t.state != transportFailed
	if changed {
		t.state = s
	}
	t.stateMu.Unlock()
	if changed {
		t.sink.transportState(s)
	}
	t.telling.Unlock()
	if changed {
		t.sink.settle()
	}
}

func (t *transport) currentState() transportState {
	t.stateMu.Lock()
	defer t.stateMu.Unlock()
	return t.state
}

// watch is called by the server's pulse: silence is told after 3 s, and ends the transport after 30.
func (t *transport) watch(now int64) {
	quiet := now - t.heard.Load()
	switch t.currentState() {
	case transportConnected:
		if quiet > silenceLimit {
			t.setState(transportDisconnected)
		}
	case transportDisconnected:
		if quiet < silenceLimit {
			t.setState(transportConnected)
		} else if quiet > deadLimit {
			t.cancel()
		}
	}
}

// close ends the transport and waits until nothing of it runs any more.
func (t *transport) close() {
	t.cancel()
	<-t.done
}

// ended says whether the transport is gone; what still comes for it is no concern of anyone's.
func (t *transport) ended() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// receive handles an SRTP or SRTCP packet; RFC 5761 §4 tells them apart. What is forged,
// repeated or broken is dropped without a word. tcp is nil for a datagram.
func (t *transport) receive(pkt []byte, from netip.AddrPort, tcp *tcpConn, o *outbox) {
	if len(pkt) < 12 {
		return
	}
	control := pkt[1] >= 192 && pkt[1] <= 223
	plain := t.open(pkt, control, o)
	if plain == nil {
		return
	}
	t.heard.Store(o.now)
	t.follow(from, tcp, o.now)
	if control {
		t.sink.rtcp(plain, o)
	} else {
		t.sink.rtp(plain, o)
	}
}

// handshake takes a DTLS record. Before a nomination it also shows where to answer.
func (t *transport) handshake(record []byte, from netip.AddrPort, tcp *tcpConn, now int64) {
	if t.path.Load() == nil {
		t.take(nil, from, tcp, now)
	}
	t.heard.Store(now)
	t.dtlsIn.Write(record) // full or closed: as if lost
}

// maxSSRCs bounds what a page can make SRTP remember: a replay window for each SSRC, for good.
const maxSSRCs = 256

// open decrypts a packet into the outbox's scratch; nil if it is not a good one.
func (t *transport) open(pkt []byte, control bool, o *outbox) []byte {
	at := 8 // RFC 3550 §5.1
	if control {
		at = 4 // RFC 3550 §6.4
	}
	ssrc := binary.BigEndian.Uint32(pkt[at:])
	t.inMu.Lock()
	defer t.inMu.Unlock()
	_, known := t.ssrcs[ssrc]
	if t.in == nil || !known && len(t.ssrcs) >= maxSSRCs {
		return nil
	}
	var plain []byte
	var err error
	if control {
		plain, err = t.in.DecryptRTCP(o.plain[:0], pkt, &t.inRTCPHdr)
	} else {
		plain, err = t.in.DecryptRTP(o.plain[:0], pkt, &t.inHdr)
	}
	if err != nil {
		return nil
	}
	if !known {
		t.ssrcs[ssrc] = struct{}{}
	}
	return plain
}

// sendRTP encrypts buf[:n] where it stands and queues it. buf is from o.next.
// kind says how long it may wait where the path is TCP.
func (t *transport) sendRTP(o *outbox, buf []byte, n int, kind urgency) bool {
	p := t.path.Load()
	if p == nil || n+srtpOverhead > len(buf) {
		return false // a page that sends packets longer than any path carries
	}
	t.outMu.Lock()
	if t.out == nil {
		t.outMu.Unlock()
		return false
	}
	sealed, err := t.out.EncryptRTP(buf, buf[:n], &t.outHdr)
	t.outMu.Unlock()
	if err != nil {
		return false
	}
	t.ship(o, p, sealed, kind)
	return true
}

// srtpOverhead is the longest tag that SRTP puts behind a packet (RFC 7714 §14.2: 16 bytes).
const srtpOverhead = 16

// maxRTCP is the longest compound packet that is sent, to stay within one datagram on any path.
const maxRTCP = 1200

// sendRTCP encrypts RTCP packets and queues them, as many in one compound packet as fit.
func (t *transport) sendRTCP(o *outbox, pkts []rtcp.Packet) bool {
	for len(pkts) > 0 {
		n, size := 0, 0
		for n < len(pkts) && (n == 0 || size+pkts[n].MarshalSize() <= maxRTCP) {
			size += pkts[n].MarshalSize()
			n++
		}
		// One that is too long by itself is left out: feedback on a flood, which is no loss.
		if size <= maxRTCP && !t.sendCompound(o, pkts[:n]) {
			return false
		}
		pkts = pkts[n:]
	}
	return true
}

func (t *transport) sendCompound(o *outbox, pkts []rtcp.Packet) bool {
	p := t.path.Load()
	if p == nil {
		return false
	}
	raw, err := rtcp.Marshal(pkts)
	if err != nil {
		return false
	}
	t.outMu.Lock()
	if t.out == nil {
		t.outMu.Unlock()
		return false
	}
	sealed, err := t.out.EncryptRTCP(o.next()[:0], raw, &t.outRTCPHdr)
	t.outMu.Unlock()
	if err != nil {
		return false
	}
	t.ship(o, p, sealed, urgent)
	return true
}

func (t *transport) ship(o *outbox, p *path, sealed []byte, kind urgency) {
	t.sent.Store(o.now)
	if p.tcp != nil {
		p.tcp.queue(sealed, kind, o.now)
		return
	}
	o.w.Queue(len(sealed), p.addr)
}

// dtlsConn is the transport as the packet connection that DTLS reads from and writes to.
type dtlsConn transport

func (c *dtlsConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := c.dtlsIn.Read(b)
	return n, &net.UDPAddr{}, err
}

func (c *dtlsConn) WriteTo(b []byte, _ net.Addr) (int, error) {
	t := (*transport)(c)
	p := t.path.Load()
	if p == nil {
		return len(b), nil // as if lost: DTLS sends it again (RFC 6347 §4.2.4)
	}
	if p.tcp != nil {
		p.tcp.queue(b, urgent, t.srv.now())
		return len(b), nil
	}
	if err := t.srv.sockets[0].WriteTo(b, p.addr); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (c *dtlsConn) Close() error                      { return c.dtlsIn.Close() }
func (c *dtlsConn) LocalAddr() net.Addr               { return &net.UDPAddr{} }
func (c *dtlsConn) SetDeadline(d time.Time) error     { return c.dtlsIn.SetReadDeadline(d) }
func (c *dtlsConn) SetReadDeadline(d time.Time) error { return c.dtlsIn.SetReadDeadline(d) }
func (c *dtlsConn) SetWriteDeadline(time.Time) error  { return nil }
