package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

const (
	pingEvery    = 5 * time.Second
	readTimeout  = 15 * time.Second // three pings without an answer
	writeTimeout = 5 * time.Second
	queueLength  = 64 // messages of ours that wait to be written
	maxMessage   = 1 << 20
)

// ErrClosed is returned for a client whose websocket is gone. Resume opens another.
var ErrClosed = errors.New("closed")

// session is one websocket. Its reader and its writer end when either fails or close is called.
type session struct {
	conn *websocket.Conn
	out  chan []byte
	done chan struct{} // closed by the reader, when err is set
	err  error
	quit chan struct{}
	once sync.Once
	wg   sync.WaitGroup
}

// open opens a websocket, says hello, waits for the welcome and prepares for what follows it.
func (c *Client) open(ctx context.Context, hello protocol.Hello, prepare func(protocol.Welcome) error) error {
	raw, err := protocol.Encode(hello)
	if err != nil {
		return err
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, TLSClientConfig: c.cfg.TLS, HandshakeTimeout: readTimeout}
	conn, resp, err := dialer.DialContext(ctx, c.endpoint, nil)
	if err != nil {
		if resp != nil {
			return fmt.Errorf("websocket: %w (%s)", err, resp.Status)
		}
		return fmt.Errorf("websocket: %w", err)
	}
	if c.times.Opened == 0 {
		c.times.Opened = c.cfg.Now()
	}
	s := &session{
		conn: conn, out: make(chan []byte, queueLength), done: make(chan struct{}), quit: make(chan struct{}),
	}
	conn.SetReadLimit(maxMessage)
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	welcome, err := s.greet(c, raw)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = prepare(welcome)
	}
	if err != nil {
		_ = conn.Close()
		return err
	}
	c.mu.Lock()
	closed := c.closed
	if !closed {
		c.session = s
	}
	c.mu.Unlock()
	if closed {
		_ = conn.Close()
		return ErrClosed
	}
	s.handle(c, welcome)
	s.wg.Go(func() { s.read(c) }) // ends when the connection does
	s.wg.Go(s.write)              // ends on quit, or when the connection does
	return nil
}

// greet writes hello and reads up to the welcome.
func (s *session) greet(c *Client, hello []byte) (protocol.Welcome, error) {
	_ = s.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	if err := s.conn.WriteMessage(websocket.TextMessage, hello); err != nil {
		return protocol.Welcome{}, fmt.Errorf("hello: %w", err)
	}
	for {
		m, err := s.next()
		if err != nil {
			return protocol.Welcome{}, fmt.Errorf("hello: %w", err)
		}
		switch m := m.(type) {
		case protocol.Welcome:
			return m, nil
		case protocol.Error:
			return protocol.Welcome{}, fmt.Errorf("refused: %w", m)
		case protocol.Ended:
			return protocol.Welcome{}, fmt.Errorf("refused: the seat has ended: %s", m.Reason)
		default:
			c.cfg.OnMessage(m)
		}
	}
}

// next reads one message that this version knows.
func (s *session) next() (protocol.ServerMessage, error) {
	for {
		_ = s.conn.SetReadDeadline(time.Now().Add(readTimeout))
		_, raw, err := s.conn.ReadMessage()
		if err != nil {
			return nil, err
		}
		m, err := protocol.DecodeServer(raw)
		if errors.Is(err, protocol.ErrUnknownType) {
			continue // a newer service says more
		}
		return m, err
	}
}

func (s *session) read(c *Client) {
	defer close(s.done)
	for {
		m, err := s.next()
		if err != nil {
			s.err = err
			return
		}
		s.handle(c, m)
	}
}

func (s *session) handle(c *Client, m protocol.ServerMessage) {
	if reply := c.took(m); reply != nil {
		if raw, err := protocol.Encode(reply); err == nil {
			select {
			case s.out <- raw:
			case <-s.quit:
			default: // nobody reads what we write: the pings will tell
			}
		}
	}
	c.cfg.OnMessage(m)
}

func (s *session) write() {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for n := int64(1); ; {
		var raw []byte
		select {
		case raw = <-s.out:
		case <-ping.C:
			raw, _ = protocol.Encode(protocol.Ping{N: n}) // two numbers are always JSON
			n++
		case <-s.done:
			return
		case <-s.quit:
			return
		}
		_ = s.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
		if err := s.conn.WriteMessage(websocket.TextMessage, raw); err != nil {
			_ = s.conn.Close() // wakes the reader, which tells
			return
		}
	}
}

// close ends the session and waits for its goroutines.
func (s *session) close() {
	s.once.Do(func() { close(s.quit) })
	_ = s.conn.Close()
	s.wg.Wait()
}

func (c *Client) current() *session {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session
}

// Send queues a message for the service. The service's answer, if any, comes to OnMessage.
func (c *Client) Send(ctx context.Context, m protocol.ClientMessage) error {
	raw, err := protocol.Encode(m)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	s := c.current()
	if s == nil {
		return fmt.Errorf("client: %w", ErrClosed)
	}
	select {
	case s.out <- raw:
		return nil
	case <-s.done:
		return fmt.Errorf("client: %w", ErrClosed)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Done is closed when the websocket of this moment has ended; media may still flow.
func (c *Client) Done() <-chan struct{} { return c.current().done }

// Err says why the websocket ended, nil while it has not. A *websocket.CloseError has the
// service's close code.
func (c *Client) Err() error {
	s := c.current()
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// Disconnect drops the websocket as a network does, without a word. Media goes on.
func (c *Client) Disconnect() {
	if s := c.current(); s != nil {
		s.close()
	}
}

// Resume opens another websocket for the same seat and keeps the transport. An error with
// code protocol.CodeOfferRequired tells that the transport is gone on the service's side:
// Close, and Dial with Config.Resume.
func (c *Client) Resume(ctx context.Context) error {
	c.Disconnect()
	w := c.Welcome()
	err := c.open(ctx, protocol.Hello{
		Version: protocol.Version,
		Resume:  &protocol.Resume{Token: w.ResumeToken, Epoch: w.Epoch},
		Media:   c.cfg.Media,
	}, func(protocol.Welcome) error { return nil })
	if err != nil {
		return fmt.Errorf("client: resume: %w", err)
	}
	return nil
}
