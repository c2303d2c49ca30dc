package client

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"github.com/samkonsult/samkonsult/sfu/batch"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

const (
	// maxPayload is the longest payload that a Stream takes: libwebrtc's packets are as long.
	maxPayload = 1200
	// maxHeld is how many media datagrams are kept for the keys, which may come a moment after them.
	maxHeld = 256
)

// Keys are SRTP's keys for both directions (RFC 3711).
type Keys struct {
	Profile             srtp.ProtectionProfile
	SendKey, SendSalt   []byte
	ReceiveKey, RecSalt []byte
}

// WireConfig says what a Wire carries. Its functions are called from the goroutine in Run,
// one at a time; they must not block.
type WireConfig struct {
	Socket    *batch.Socket
	OnRTP     func(*Received)                        // each RTP packet that was decrypted; nil: none
	OnOther   func(data []byte, from netip.AddrPort) // STUN and DTLS; data is valid during the call; nil: dropped
	NACK      bool                                   // ask for lost packets again, as a page does
	Bandwidth uint64                                 // told to the far end as our own estimate (REMB), bits per second; 0: never
	Now       func() forward.Time                    // one clock for all that is compared
}

// Wire is a media path without a call: SRTP over a batched UDP socket. Client puts ICE, DTLS
// and the service's messages around it; a test that hands out the keys itself can do without.
//
// One goroutine calls Run. Streams, and Flush, belong to one other.
type Wire struct {
	cfg     WireConfig
	remote  atomic.Pointer[netip.AddrPort]
	keyed   atomic.Pointer[keyed]
	streams []*Stream // written before Connect

	// The sending goroutine's.
	writer    *batch.Writer
	out       *srtp.Context
	outHeader rtp.Header
	transport uint16 // transport-wide sequence number
	reported  forward.Time

	// Run's goroutine's.
	held     []heldDatagram
	received Received
	inHeader rtp.Header
	next     forward.Time // when reports are due
	missing  []uint16

	rtcpMu  sync.Mutex
	rtcpOut *srtp.Context // of its own, so that a packet needs no lock; nil before Connect

	counts counters
}

// keyed is what Run needs from Connect.
type keyed struct {
	in     *srtp.Context
	repair *srtp.Context    // for what is sent again: of its own, so that sending needs no lock
	lines  map[uint32]*Line // by SSRC, that of the repair included
}

type heldDatagram struct {
	at   forward.Time
	data []byte
}

// Received is one RTP packet. It is valid during the call that hands it over.
type Received struct {
	Line     *Line
	Packet   forward.Packet
	Arrival  forward.Arrival
	Repaired bool         // came as a retransmission
	At       forward.Time // when its batch was read
}

// NewWire makes a Wire.
func NewWire(cfg WireConfig) (*Wire, error) {
	if cfg.Socket == nil || cfg.Now == nil {
		return nil, errors.New("client: a wire needs a socket and a clock")
	}
	if cfg.OnRTP == nil {
		cfg.OnRTP = func(*Received) {}
	}
	if cfg.OnOther == nil {
		cfg.OnOther = func([]byte, netip.AddrPort) {}
	}
	return &Wire{cfg: cfg, writer: cfg.Socket.NewWriter()}, nil
}

// SetRemote says where packets go from now on.
func (w *Wire) SetRemote(to netip.AddrPort) { w.remote.Store(&to) }

// Remote is where packets go; the zero value before SetRemote.
func (w *Wire) Remote() netip.AddrPort {
	if to := w.remote.Load(); to != nil {
		return *to
	}
	return netip.AddrPort{}
}

// Connect gives the wire its keys and the lines that it receives. Once, before the first
// Stream is used. Media that came before is delivered now.
func (w *Wire) Connect(k Keys, lines []*Line) error {
	in, err := srtp.CreateContext(k.ReceiveKey, k.RecSalt, k.Profile) // no replay protection: duplicates are to be seen
	if err != nil {
		return fmt.Errorf("srtp in: %w", err)
	}
	out, err := srtp.CreateContext(k.SendKey, k.SendSalt, k.Profile)
	if err != nil {
		return fmt.Errorf("srtp out: %w", err)
	}
	control, err := srtp.CreateContext(k.SendKey, k.SendSalt, k.Profile)
	if err != nil {
		return fmt.Errorf("srtcp out: %w", err)
	}
	repair, err := srtp.CreateContext(k.SendKey, k.SendSalt, k.Profile)
	if err != nil {
		return fmt.Errorf("srtp repair: %w", err)
	}
	w.out = out
	w.rtcpMu.Lock()
	w.rtcpOut = control
	w.rtcpMu.Unlock()
	bySSRC := make(map[uint32]*Line, 2*len(lines))
	for _, l := range lines {
		bySSRC[l.SSRC] = l
		if l.RepairSSRC != 0 {
			bySSRC[l.RepairSSRC] = l
		}
	}
	w.keyed.Store(&keyed{in: in, repair: repair, lines: bySSRC})
	return nil
}

// Run reads until the socket is closed.
func (w *Wire) Run() error {
	r := w.cfg.Socket.NewReader()
	for {
		batched, err := r.Read()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read media: %w", err)
		}
		now := w.cfg.Now()
		k := w.keyed.Load()
		if k != nil && w.held != nil {
			for _, h := range w.held {
				w.media(k, h.data, h.at)
			}
			w.held = nil
		}
		for i := range batched {
			switch d := &batched[i]; {
			case len(d.Data) == 0:
			case d.Data[0] < 128 || d.Data[0] > 191: // RFC 7983 §7: not RTP or RTCP
				w.cfg.OnOther(d.Data, d.From)
			case k != nil:
				w.media(k, d.Data, now)
			case len(w.held) < maxHeld:
				// DTLS's last flight and the first media are on their way at once.
				w.held = append(w.held, heldDatagram{at: now, data: append([]byte(nil), d.Data...)})
			default:
				w.counts.dropped.Add(1)
			}
		}
		if k != nil {
			w.afterBatch(k, now)
		}
	}
}

// media decrypts one datagram where it stands and hands it on.
func (w *Wire) media(k *keyed, data []byte, at forward.Time) {
	if len(data) < 12 {
		w.counts.dropped.Add(1)
		return
	}
	if data[1] >= 192 && data[1] <= 223 { // RFC 5761 §4
		plain, err := k.in.DecryptRTCP(nil, data, nil)
		if err != nil {
			w.counts.undecryptable.Add(1)
			return
		}
		w.control(k, plain, at)
		return
	}
	plain, err := k.in.DecryptRTP(data[:0], data, &w.inHeader)
	if err != nil {
		w.counts.undecryptable.Add(1)
		return
	}
	r := &w.received
	if forward.Parse(plain, &r.Packet) != nil {
		w.counts.dropped.Add(1)
		return
	}
	l := k.lines[r.Packet.SSRC]
	if l == nil {
		w.counts.unknown.Add(1)
		return
	}
	r.Line, r.At, r.Repaired = l, at, false
	if r.Packet.SSRC == l.RepairSSRC {
		// RFC 4588 §4. A probe has no original in it.
		original, err := forward.UnwrapRTX(&r.Packet, l.SSRC, l.originalOf(r.Packet.PayloadType))
		if err != nil || forward.Parse(original, &r.Packet) != nil {
			return
		}
		r.Repaired = true
		r.Arrival = l.receiver.Recovered(&r.Packet, at)
		w.counts.repaired.Add(1)
	} else {
		r.Arrival = l.receiver.Receive(&r.Packet, at)
	}
	w.counts.received.Add(1)
	w.cfg.OnRTP(r)
}

// sendRTCP sends one compound packet at once. Safe from any goroutine.
func (w *Wire) sendRTCP(pkts []rtcp.Packet) {
	to := w.remote.Load()
	if to == nil || len(pkts) == 0 {
		return
	}
	raw, err := rtcp.Marshal(pkts)
	if err != nil {
		return
	}
	w.rtcpMu.Lock()
	if w.rtcpOut == nil {
		w.rtcpMu.Unlock()
		return
	}
	sealed, err := w.rtcpOut.EncryptRTCP(nil, raw, nil)
	w.rtcpMu.Unlock()
	if err == nil {
		_ = w.cfg.Socket.WriteTo(sealed, *to) // lost is lost: reports are repeated
	}
}

// counters are what Stats reads.
type counters struct {
	received, repaired, undecryptable, unknown, dropped, sent, unsent, nacked, resent, keyframes atomic.Uint64
}

// Stats counts packets since the wire was made.
type Stats struct {
	Sent             uint64 // RTP, handed to the kernel
	Unsent           uint64 // RTP, refused by the kernel
	Received         uint64 // RTP, retransmissions included
	Repaired         uint64 // of those, retransmissions
	Undecryptable    uint64 // with a wrong tag, or cut short
	Unknown          uint64 // on an SSRC of no line
	Dropped          uint64 // broken, or too many before the keys
	NACKed           uint64 // packets of ours that were asked for again
	Resent           uint64 // of those, sent again
	KeyframeRequests uint64 // PLI and FIR that came
}

// Stats counts packets since the wire was made. Safe from any goroutine.
func (w *Wire) Stats() Stats {
	c := &w.counts
	return Stats{
		Sent: c.sent.Load(), Unsent: c.unsent.Load(), Received: c.received.Load(), Repaired: c.repaired.Load(),
		Undecryptable: c.undecryptable.Load(), Unknown: c.unknown.Load(), Dropped: c.dropped.Load(),
		NACKed: c.nacked.Load(), Resent: c.resent.Load(), KeyframeRequests: c.keyframes.Load(),
	}
}
