// Package oneport lets everything that comes over TCP share one port: page, websocket,
// ICE over TCP and later TURN. A hospital's firewall lets out TCP 443 and often nothing
// else, so connections are told apart by their first bytes.
//
//	0x16                       TLS; what comes out of it is HTTP or TURN
//	a capital letter           HTTP
//	STUN cookie at offset 6    ICE over TCP (RFC 4571 frames, RFC 6544)
//	STUN cookie at offset 4    TURN: closed for now
//	silent for 10 s            closed
//
// It is a package of its own because it knows only bytes: neither pages nor media.
package oneport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"
)

// Config of a Port. Listener and ICE are required.
type Config struct {
	Listener net.Listener
	TLS      *tls.Config    // nil: HTTP is served as it comes; else only what comes out of TLS is
	ICE      func(net.Conn) // takes over a connection of RFC 4571 frames, and returns when it has ended
	Silence  time.Duration  // least time in which a connection must say what it is, TLS handshake included; 0 means 10 s
	Log      *slog.Logger
}

// Port owns the listener.
type Port struct {
	cfg   Config
	http  *handover
	plain *handover

	mu     sync.Mutex
	ended  bool
	held   map[net.Conn]struct{} // connections that are not an http.Server's: closed when Run ends
	active sync.WaitGroup        // one for each in held
}

// New checks cfg.
func New(cfg Config) (*Port, error) {
	if cfg.Listener == nil || cfg.ICE == nil {
		return nil, errors.New("oneport: Listener and ICE are required")
	}
	if cfg.Silence == 0 {
		cfg.Silence = 10 * time.Second
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	addr := cfg.Listener.Addr()
	return &Port{cfg: cfg, http: newHandover(addr), plain: newHandover(addr), held: map[net.Conn]struct{}{}}, nil
}

// HTTP is the listener for the http.Server of pages and API: over TLS where there is TLS.
func (p *Port) HTTP() net.Listener { return p.http }

// PlainHTTP is the listener for HTTP that came without TLS although there is TLS: it can
// only be shown the way. Without TLS nothing arrives on it.
func (p *Port) PlainHTTP() net.Listener { return p.plain }

// Run accepts until ctx ends or the listener fails, then closes all that it has not
// handed to an http.Server and waits for it.
func (p *Port) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = p.cfg.Listener.Close() })
	defer stop()
	err := p.accept(ctx)
	_ = p.cfg.Listener.Close()
	p.http.close()
	p.plain.close()
	p.mu.Lock()
	p.ended = true
	left := make([]net.Conn, 0, len(p.held))
	for c := range p.held {
		left = append(left, c)
	}
	p.mu.Unlock()
	for _, c := range left {
		_ = c.Close()
	}
	p.active.Wait()
	return err
}

func (p *Port) accept(ctx context.Context) error {
	for {
		c, err := p.cfg.Listener.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				_ = c.Close()
			}
			return nil
		case err == nil:
			if p.hold(c) {
				go p.serve(ctx, c) // ends when the connection is handed over or closed; Run waits for it
			}
		case temporary(err):
			// Out of file descriptors: those who are in go on, and newcomers wait a little.
			p.cfg.Log.Warn("accept failed, trying again", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		default:
			return fmt.Errorf("accept: %w", err)
		}
	}
}

// temporary says whether accepting may work again in a moment.
func temporary(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && !errors.Is(err, net.ErrClosed)
}

// serve finds out what a connection is and gives it to whom it is for.
func (p *Port) serve(ctx context.Context, c net.Conn) {
	defer p.active.Done()
	deadline := time.Now().Add(p.cfg.Silence)
	_ = c.SetDeadline(deadline)
	kind, conn := p.sniff(c)
	overTLS := false
	if kind == TLS && p.cfg.TLS != nil {
		secure := tls.Server(conn, p.cfg.TLS)
		if err := secure.HandshakeContext(ctx); err != nil {
			p.cfg.Log.Debug("TLS handshake failed", "error", err)
			p.drop(c)
			return
		}
		overTLS = true
		if secure.ConnectionState().NegotiatedProtocol != "" {
			kind, conn = HTTP, secure // browsers name a protocol (RFC 7301) for pages, and none for TURN
		} else {
			kind, conn = p.sniff(secure)
		}
	}
	switch {
	case kind == HTTP:
		to := p.http
		if p.cfg.TLS != nil && !overTLS {
			to = p.plain
		}
		p.release(c)
		_ = conn.SetDeadline(time.Time{}) // the http.Server has its own
		to.give(conn)
	case kind == ICE && !overTLS:
		_ = conn.SetDeadline(time.Time{})
		p.cfg.ICE(conn)
		p.drop(c)
	default: // silent, foreign, TURN, or something inside TLS that is not HTTP
		p.drop(c)
	}
}

// sniff reads until the kind is clear; the connection it returns gives those bytes again.
func (p *Port) sniff(c net.Conn) (Kind, net.Conn) {
	seen := make([]byte, 0, sniffLength)
	for {
		n, err := c.Read(seen[len(seen):cap(seen)])
		seen = seen[:len(seen)+n]
		if kind := Sniff(seen); kind != Undecided {
			return kind, &peeked{Conn: c, seen: seen}
		}
		if err != nil {
			return Foreign, c
		}
	}
}

// hold takes responsibility for a connection; false when Run has ended.
func (p *Port) hold(c net.Conn) bool {
	p.mu.Lock()
	ended := p.ended
	if !ended {
		p.held[c] = struct{}{}
		p.active.Add(1)
	}
	p.mu.Unlock()
	if ended {
		_ = c.Close()
	}
	return !ended
}

// release gives the responsibility away.
func (p *Port) release(c net.Conn) {
	p.mu.Lock()
	delete(p.held, c)
	p.mu.Unlock()
}

// drop closes a connection that p is responsible for.
func (p *Port) drop(c net.Conn) {
	p.release(c)
	_ = c.Close()
}

// peeked gives the bytes that were read to tell its kind before those that follow. One
// goroutine reads, as on every connection.
type peeked struct {
	net.Conn
	seen []byte
}

func (c *peeked) Read(b []byte) (int, error) {
	if len(c.seen) > 0 {
		n := copy(b, c.seen)
		c.seen = c.seen[n:]
		return n, nil
	}
	return c.Conn.Read(b)
}

// NetConn is the connection below, as tls.Conn calls it.
func (c *peeked) NetConn() net.Conn { return c.Conn }

// handover is a net.Listener that is fed with connections.
type handover struct {
	addr   net.Addr
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newHandover(addr net.Addr) *handover {
	return &handover{addr: addr, conns: make(chan net.Conn), closed: make(chan struct{})}
}

// give passes c to Accept, or closes it when nobody accepts any more.
func (h *handover) give(c net.Conn) {
	select {
	case h.conns <- c:
	case <-h.closed:
		_ = c.Close()
	}
}

func (h *handover) close() { h.once.Do(func() { close(h.closed) }) }

// Accept implements net.Listener.
func (h *handover) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (h *handover) Close() error {
	h.close()
	return nil
}

// Addr implements net.Listener.
func (h *handover) Addr() net.Addr { return h.addr }
