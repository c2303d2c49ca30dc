package sfu

import (
	"context"
	"encoding/binary"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

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
