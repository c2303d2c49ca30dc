package signaling

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	mrand "math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Server carries the websockets of one node. It is an http.Handler.
type Server struct {
	cfg      Config
	public   *url.URL
	log      *slog.Logger
	upgrader websocket.Upgrader

	conns  sync.WaitGroup // requests that are being served
	actors sync.WaitGroup // consultations that run
	stop   chan struct{}  // closed when every connection has ended: consultations may end too

	mu            sync.Mutex
	running       context.Context // nil before Run and after its end
	open          map[*conn]struct{}
	consultations map[string]*consultation
}

// New checks the config. Nothing is served before Run.
func New(cfg Config) (*Server, error) {
	cfg, public, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg: cfg, public: public, log: cfg.Log,
		stop:          make(chan struct{}),
		open:          make(map[*conn]struct{}),
		consultations: make(map[string]*consultation),
	}
	s.upgrader = websocket.Upgrader{
		HandshakeTimeout: cfg.HelloTimeout,
		ReadBufferSize:   4 << 10,
		WriteBufferSize:  4 << 10,
		WriteBufferPool:  new(sync.Pool),
		CheckOrigin:      s.sameOrigin,
		// No compression: messages are small, and secrets beside chosen text would leak
		// through their compressed length.
	}
	return s, nil
}

// Run serves until ctx ends, then tells every page when to come back, closes all
// connections and returns when nothing is left of them. It runs once.
func (s *Server) Run(ctx context.Context) error {
	s.mu.Lock()
	s.running = ctx
	s.mu.Unlock()

	<-ctx.Done()

	s.mu.Lock()
	s.running = nil // new requests are refused from here on
	open := make([]*conn, 0, len(s.open))
	for cn := range s.open {
		open = append(open, cn)
	}
	s.mu.Unlock()
	s.log.Info("closing", "connections", len(open))
	for _, cn := range open {
		s.sendAway(cn)
	}
	s.conns.Wait()
	close(s.stop)
	s.actors.Wait()
	return nil
}

// sendAway tells a page to come back later, not all at once.
func (s *Server) sendAway(cn *conn) {
	wait := s.cfg.RetryAfter + mrand.N(s.cfg.RetryAfter)
	cn.part(protocol.Closing{RetryAfter: wait.Milliseconds()}, protocol.CloseGoing)
}

// Counts is how much lives on this node right now.
type Counts struct {
	Connections   int // websockets, in every stage
	Consultations int // in memory, also those that have just become empty
}

// Counts counts, for metrics.
func (s *Server) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Counts{Connections: len(s.open), Consultations: len(s.consultations)}
}

// ServeHTTP carries one page's websocket until it ends.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	ctx := s.running
	if ctx != nil {
		s.conns.Add(1) // under mu, so that Run does not miss it
	}
	s.mu.Unlock()
	if ctx == nil {
		http.Error(w, "the service is starting or closing; try again shortly", http.StatusServiceUnavailable)
		return
	}
	defer s.conns.Done()
	ws, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		s.log.Info("no websocket", "error", err) // Upgrade has answered
		return
	}
	cn := newConn(ws, rand.Text()[:8], s.cfg.Silence, s.log)
	s.mu.Lock()
	s.open[cn] = struct{}{}
	closing := s.running == nil
	s.mu.Unlock()
	if closing { // between the two locks: Run has not seen it
		s.sendAway(cn)
	}

	readerGone := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() { cn.write(readerGone) }) // ends when the outbox does, or the page is gone
	s.serve(ctx, cn)
	close(readerGone)
	writer.Wait()

	s.mu.Lock()
	delete(s.open, cn)
	s.mu.Unlock()
}

// serve is the reader: a hello, then messages until the connection is over.
func (s *Server) serve(ctx context.Context, cn *conn) {
	hello, err := cn.hello(s.cfg.HelloTimeout)
	if err == nil {
		var c *consultation
		if c, err = s.seat(ctx, cn, hello); err == nil {
			err = s.listen(cn, c)
			c.detach(cn)
			s.release(c)
		}
	}
	if refusal := s.outside(cn, err); refusal != nil {
		cn.refuse(refusal)
		cn.drain()
	}
}

// listen hands messages to the consultation, each when the one before is done with. It
// returns what ends the connection: a fatal *protocol.Error, or errEnded.
func (s *Server) listen(cn *conn, c *consultation) error {
	for {
		msg, err := cn.next()
		if err == nil {
			c.receive(cn, msg)
			continue
		}
		var refusal *protocol.Error
		if !errors.As(err, &refusal) || refusal.Fatal {
			return err
		}
		cn.refuse(refusal)
	}
}

// seat takes a page from its hello to its welcome. On success the consultation is held
// until release.
func (s *Server) seat(ctx context.Context, cn *conn, hello protocol.Hello) (*consultation, error) {
	e := &entry{conn: cn, hello: hello}
	var c *consultation
	var err error
	if hello.Resume == nil {
		redeem, cancel := context.WithTimeout(ctx, outsideTimeout)
		e.seat, err = s.cfg.Admission.Redeem(redeem, hello.Ticket)
		cancel()
		if err != nil {
			return nil, err
		}
		if err := e.seat.check(); err != nil {
			return nil, err
		}
		e.participant = e.seat.Participant
		c, err = s.hold(ctx, e.seat)
		if err != nil {
			return nil, err
		}
	} else {
		id, participant, secret, ok := parseToken(hello.Resume.Token)
		e.participant, e.secret = participant, secret
		if ok {
			c = s.holdLive(id)
		}
		if c == nil {
			return nil, noResume()
		}
	}
	if err := c.enter(ctx, e); err != nil {
		s.release(c)
		return nil, err
	}
	return c, nil
}

// outside turns what ended a connection into the last thing its page is told; nil means
// that there is nobody to tell. Whatever it is, it is fatal: before the welcome nothing
// can be mended on the same connection. What it does not know is internal to the page
// and whole in the log.
func (s *Server) outside(cn *conn, err error) *protocol.Error {
	const re = "hello"
	var refusal *protocol.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errEnded), errors.Is(err, context.Canceled): // gone, or told Closing
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			cn.log.Debug("closed by the page", "code", closed.Code)
		}
		return nil
	case errors.As(err, &refusal):
	case errors.Is(err, ErrTicket):
		refusal = protocol.NewError(protocol.CodeTicket, re, "ticket", "must be known, unused and not expired")
	case errors.Is(err, sfu.ErrOffer):
		refusal = protocol.NewError(protocol.CodeOffer, re, "offer", err.Error())
	case errors.Is(err, sfu.ErrRoomFull):
		refusal = full("hello")
	default:
		cn.log.Error("internal", "re", re, "error", err)
		refusal = internal(re)
	}
	refusal.Fatal = true
	return refusal
}

// sameOrigin refuses pages of other sites, which could otherwise open a websocket from
// a visitor's browser (RFC 6455 §10.2). Programs that are no browser send no Origin.
func (s *Server) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	if s.public != nil && u.Scheme == s.public.Scheme && strings.EqualFold(u.Host, s.public.Host) {
		return true
	}
	return strings.EqualFold(u.Host, r.Host)
}

// hold returns a seat's running consultation, started if need be, and keeps it from ending
// until release.
func (s *Server) hold(ctx context.Context, seat Seat) (*consultation, error) {
	id := seat.Consultation.ID
	for {
		s.mu.Lock()
		if s.running == nil {
			s.mu.Unlock()
			return nil, context.Canceled
		}
		c, ok := s.consultations[id]
		if !ok {
			c = newConsultation(s, id)
			s.consultations[id] = c
			s.actors.Go(func() { c.run(ctx) }) // ends when it has been empty for the resume window, or at stop
		}
		ending := c.ending
		if !ending {
			c.holders++
			if seat.Patient != "" {
				c.patient = seat.Patient
			}
		}
		s.mu.Unlock()
		if ending { // its room is being closed: the next one starts after that
			<-c.done
			continue
		}
		<-c.opened
		if c.openErr != nil {
			s.release(c)
			return nil, c.openErr
		}
		return c, nil
	}
}

// holdLive is hold for a consultation that is in memory already; nil if it is not.
func (s *Server) holdLive(id string) *consultation {
	s.mu.Lock()
	c := s.consultations[id]
	if c == nil || c.ending {
		s.mu.Unlock()
		return nil
	}
	c.holders++
	s.mu.Unlock()
	<-c.opened
	if c.openErr != nil {
		s.release(c)
		return nil
	}
	return c
}

func (s *Server) release(c *consultation) {
	s.mu.Lock()
	c.holders--
	s.mu.Unlock()
	c.loop.post(func() {}) // it may be the last: let it look whether it can end
}

// fail takes out a consultation that could not be opened; those who wait for it are told.
func (s *Server) fail(c *consultation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.ending = true
	c.loop.closeIfIdle()
}

// retire ends a consultation's loop if nobody holds it and nothing waits in it.
func (s *Server) retire(c *consultation) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.holders == 0 && c.loop.closeIfIdle() {
		c.ending = true
	}
	return c.ending
}

// forget takes out a consultation of which nothing is left.
func (s *Server) forget(c *consultation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.consultations, c.id)
}

// now is the protocol's clock: ms since 1970, UTC.
func now() int64 { return time.Now().UnixMilli() }
