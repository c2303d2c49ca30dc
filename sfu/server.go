package sfu

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/samkonsult/samkonsult/sfu/batch"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

// pulseEvery is how often what is due by time is looked after: reports, requests for lost packets, layers.
const pulseEvery = 20 * time.Millisecond

// Config of a Server. The zero value listens on a free loopback port.
type Config struct {
	UDP       netip.AddrPort // media port; zero means 127.0.0.1:0
	PublicIPs []netip.Addr   // written into answers instead of the addresses of the interfaces; empty: those
	// TCPPort is the port on which ServeTCP's connections arrive, written into
	// answers as ICE-TCP candidates (RFC 6544); 0 means none.
	TCPPort uint16
	Readers int      // sockets on the one port, each with its own goroutine; 0 means GOMAXPROCS
	Codecs  []string // video codecs, the preferred ones first; the others follow as VP8, H264, VP9, AV1
	Log     *slog.Logger
}

// Server owns the sockets and the rooms.
type Server struct {
	log         *slog.Logger
	cert        tls.Certificate
	fingerprint string
	sockets     []*batch.Socket // one port, one socket per reader
	addrs       []netip.Addr    // written into answers
	tcpPort     uint16
	prefer      []forward.Codec
	start       time.Time
	counters    counters

	// remotes is replaced whole on each change, so that a packet costs no lock: changes are joins, packets are not.
	remotes   atomic.Pointer[map[netip.AddrPort]*transport]
	remotesMu sync.Mutex // held by who replaces it; guards each transport's addrs, gone and wandered

	outboxes sync.Pool // of *outbox

	mu     sync.RWMutex
	ufrags map[string]*transport
	rooms  map[*Room]struct{}
	tcps   map[*tcpConn]struct{}
	closed bool
}

// outbox collects what one batch of incoming packets gives rise to, for one goroutine.
type outbox struct {
	w     *batch.Writer
	now   int64  // server's clock when the batch was read
	plain []byte // scratch that a packet is decrypted into
	pkt   forward.Packet
}

func (o *outbox) next() []byte { return o.w.Next() }

// Listen opens the UDP port. Nothing is read before Run.
func Listen(cfg Config) (*Server, error) {
	if !cfg.UDP.IsValid() {
		cfg.UDP = netip.MustParseAddrPort("127.0.0.1:0")
	}
	if cfg.Readers == 0 {
		cfg.Readers = runtime.GOMAXPROCS(0)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	prefer, err := codecs(cfg.Codecs)
	if err != nil {
		return nil, err
	}
	cert, fingerprint, err := newCertificate(time.Now())
	if err != nil {
		return nil, fmt.Errorf("dtls certificate: %w", err)
	}
	s := &Server{
		log: cfg.Log, cert: cert, fingerprint: fingerprint, tcpPort: cfg.TCPPort, prefer: prefer, start: time.Now(),
		ufrags: map[string]*transport{}, rooms: map[*Room]struct{}{}, tcps: map[*tcpConn]struct{}{},
	}
	s.remotes.Store(&map[netip.AddrPort]*transport{})
	for range cfg.Readers {
		sock, err := batch.Listen(cfg.UDP, batch.Config{ReusePort: cfg.Readers > 1})
		if err != nil {
			s.closeSockets()
			return nil, fmt.Errorf("media port: %w", err)
		}
		cfg.UDP = sock.LocalAddr() // the next ones on the port that the first one got
		s.sockets = append(s.sockets, sock)
	}
	if s.addrs, err = candidateAddrs(cfg.UDP.Addr(), cfg.PublicIPs); err != nil {
		s.closeSockets()
		return nil, err
	}
	s.outboxes.New = func() any { return s.newOutbox(s.sockets[0]) }
	return s, nil
}

func codecs(names []string) ([]forward.Codec, error) {
	video := map[string]forward.Codec{"VP8": forward.VP8, "H264": forward.H264, "VP9": forward.VP9, "AV1": forward.AV1}
	// Those that are not named come behind those that are, so that every page finds one.
	names = append(slices.Clone(names), "VP8", "H264", "VP9", "AV1")
	out := []forward.Codec{forward.Opus, forward.PCMU, forward.PCMA}
	for _, n := range names {
		c, ok := video[strings.ToUpper(n)]
		if !ok {
			return nil, fmt.Errorf("codec %q: it is one of VP8, H264, VP9, AV1", n)
		}
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out, nil
}

// candidateAddrs lists the addresses that pages are told to try.
func candidateAddrs(bound netip.Addr, public []netip.Addr) ([]netip.Addr, error) {
	if len(public) > 0 {
		return public, nil
	}
	if !bound.IsUnspecified() {
		return []netip.Addr{bound}, nil
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("addresses of this machine: %w", err)
	}
	var out, loopback []netip.Addr
	for _, a := range all {
		p, err := netip.ParsePrefix(a.String())
		if err != nil || p.Addr().IsLinkLocalUnicast() || p.Addr().IsMulticast() || bound.Is4() && !p.Addr().Is4() {
			continue
		}
		if p.Addr().IsLoopback() {
			loopback = append(loopback, p.Addr())
		} else {
			out = append(out, p.Addr())
		}
	}
	return append(out, loopback...), nil
}

// UDPAddr is the media port.
func (s *Server) UDPAddr() netip.AddrPort { return s.sockets[0].LocalAddr() }

// now is the server's clock: monotonic nanoseconds, never 0.
func (s *Server) now() int64 { return int64(time.Since(s.start)) + 1 }

func (s *Server) newOutbox(sock *batch.Socket) *outbox {
	return &outbox{w: sock.NewWriter(), plain: make([]byte, 0, 2048)}
}

// outbox lends one to a goroutine that has none of its own; flush gives it back.
func (s *Server) outbox() *outbox {
	o := s.outboxes.Get().(*outbox)
	o.now = s.now()
	return o
}

func (s *Server) flush(o *outbox) {
	o.w.Flush()
	s.outboxes.Put(o)
}

// Run reads and forwards until ctx ends, then closes every room. It ends before that, with the
// cause, when the media port can't be read any more.
func (s *Server) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	deaf := make(chan error, len(s.sockets))
	for _, sock := range s.sockets {
		wg.Go(func() { // ends when the socket is closed
			if err := s.read(sock); err != nil {
				deaf <- fmt.Errorf("media port: %w", err)
			}
		})
	}
	wg.Go(func() { s.pulse(ctx) }) // ends with ctx
	var err error
	select {
	case <-ctx.Done():
	case err = <-deaf:
		cancel()
	}
	s.mu.Lock()
	s.closed = true
	rooms := slices.Collect(maps.Keys(s.rooms))
	tcps := slices.Collect(maps.Keys(s.tcps))
	s.mu.Unlock()
	for _, r := range rooms {
		r.Close()
	}
	for _, tc := range tcps {
		tc.close()
	}
	s.closeSockets()
	wg.Wait()
	return err
}

func (s *Server) closeSockets() {
	for _, sock := range s.sockets {
		sock.Close()
	}
}

// read is the one goroutine of a socket: what it reads it decrypts, forwards, encrypts and writes.
// It returns nil when the socket is closed.
func (s *Server) read(sock *batch.Socket) error {
	r := sock.NewReader()
	o := s.newOutbox(sock)
	for {
		datagrams, err := r.Read()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		o.now = s.now()
		remotes := *s.remotes.Load()
		for i := range datagrams {
			d := &datagrams[i]
			if len(d.Data) == 0 {
				continue
			}
			switch b := d.Data[0]; { // RFC 7983 §7
			case b >= 128 && b <= 191:
				if t := remotes[d.From]; t != nil {
					t.receive(d.Data, d.From, nil, o)
				}
			case b >= 20 && b <= 63:
				if t := remotes[d.From]; t != nil {
					t.handshake(d.Data, d.From, nil, o.now)
				}
			case b <= 3:
				s.check(d.Data, d.From, o)
				remotes = *s.remotes.Load()
			}
		}
		o.w.Flush()
	}
}

// check answers a connectivity check that came by UDP.
func (s *Server) check(raw []byte, from netip.AddrPort, o *outbox) {
	c := s.answerCheck(raw, from)
	if c == nil {
		return
	}
	c.t.heard.Store(o.now)
	s.remember(from, c.t, o.now)
	if c.nominated {
		c.t.nominate(from, nil, o.now)
	}
	o.w.Queue(copy(o.next(), c.response), from)
}

func (s *Server) addTCP(tc *tcpConn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.tcps[tc] = struct{}{}
	}
	return !s.closed
}

func (s *Server) removeTCP(tc *tcpConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tcps, tc)
}

// pulse looks after what is due by time, for all rooms in one goroutine.
func (s *Server) pulse(ctx context.Context) {
	tick := time.NewTicker(pulseEvery)
	defer tick.Stop()
	o := s.newOutbox(s.sockets[0])
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		s.mu.RLock()
		rooms := slices.Collect(maps.Keys(s.rooms))
		s.mu.RUnlock()
		for _, r := range rooms {
			o.now = s.now()
			r.pulse(o)
			o.w.Flush()
		}
	}
}
