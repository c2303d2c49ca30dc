package signaling_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// page is a browser's end of one websocket.
type page struct {
	s       *stage
	name    string
	ws      *websocket.Conn
	welcome protocol.Welcome

	mu     sync.Mutex
	inbox  []protocol.ServerMessage
	closed chan struct{} // when nothing more will come
	code   int           // of the close frame; 0: none came
	paused chan struct{} // not nil: the page reads nothing until it is closed
	deaf   bool          // answers no pings
}

// dial opens a websocket and says nothing.
func (s *stage) dial(name string) *page {
	s.t.Helper()
	d := websocket.Dialer{NetDialContext: s.listener.dial}
	ws, res, err := d.Dial(s.url, nil)
	if err != nil {
		s.t.Fatalf("%s: dial: %v (%v)", name, err, res)
	}
	p := &page{s: s, name: name, ws: ws, closed: make(chan struct{})}
	ws.SetPingHandler(func(data string) error {
		p.mu.Lock()
		deaf := p.deaf
		p.mu.Unlock()
		if deaf {
			return nil
		}
		return ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
	})
	go p.read() // ends when the connection does
	return p
}

func (p *page) read() {
	defer close(p.closed)
	defer p.ws.Close()
	for {
		p.mu.Lock()
		paused := p.paused
		p.mu.Unlock()
		if paused != nil {
			<-paused
		}
		_, data, err := p.ws.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			p.mu.Lock()
			p.code = closed.Code
			p.mu.Unlock()
		}
		if err != nil {
			return
		}
		msg, err := protocol.DecodeServer(data)
		if err != nil {
			p.s.t.Errorf("%s got %s: %v", p.name, data, err)
			return
		}
		p.mu.Lock()
		p.inbox = append(p.inbox, msg)
		p.mu.Unlock()
	}
}

// join is a page's whole way to a welcome, with a fresh ticket for the seat.
func (s *stage) join(seat seat) *page {
	s.t.Helper()
	p := s.dial(seat.Participant)
	p.hello(protocol.Hello{Ticket: s.ticket(seat), Offer: "offer of " + seat.Participant, Media: on})
	return p
}

// hello says hello and expects to be welcome.
func (p *page) hello(h protocol.Hello) {
	p.s.t.Helper()
	p.sayHello(h)
	p.welcome = hears[protocol.Welcome](p)
}

// sayHello says hello, whatever the answer.
func (p *page) sayHello(h protocol.Hello) {
	p.s.t.Helper()
	h.Version = protocol.Version
	p.say(h)
}

// say sends a message and waits until it has had all its effects.
func (p *page) say(m protocol.ClientMessage) {
	p.s.t.Helper()
	data, err := protocol.Encode(m)
	if err != nil {
		p.s.t.Fatal(err)
	}
	p.sayText(string(data))
}

func (p *page) sayText(text string) {
	p.s.t.Helper()
	if err := p.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		p.s.t.Fatalf("%s: write: %v", p.name, err)
	}
	synctest.Wait()
}

// resume is the hello that takes the page's seat up again.
func (p *page) resume() protocol.Hello {
	return protocol.Hello{Resume: &protocol.Resume{Token: p.welcome.ResumeToken, Epoch: p.welcome.Epoch}, Media: on}
}

// unnoticed is how long nobody is told of a lost connection whose media goes on.
const unnoticed = 3 * time.Second

// lose cuts the page's connection without a word.
func (p *page) lose() {
	p.ws.NetConn().Close()
	<-p.closed
	synctest.Wait()
}

// pauses lets the page read nothing after the next message, until it goes on.
func (p *page) pauses() (goOn func()) {
	ch := make(chan struct{})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paused = ch
	return func() { close(ch) }
}

// hears waits until everything has settled, and takes the first message of its type out
// of what the page has got.
func hears[M protocol.ServerMessage](p *page) M {
	p.s.t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, m := range p.inbox {
		if m, ok := m.(M); ok {
			p.inbox = append(p.inbox[:i:i], p.inbox[i+1:]...)
			return m
		}
	}
	var want M
	p.s.t.Fatalf("%s hears no %s, only %s", p.name, want.Type(), saying(p.inbox))
	return want
}

// hearsNothing fails if anything is left that the page was told.
func (p *page) hearsNothing() {
	p.s.t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.inbox) > 0 {
		p.s.t.Errorf("%s hears %s", p.name, saying(p.inbox))
	}
}

// forgets drops what the page was told so far.
func (p *page) forgets() {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inbox = nil
}

// refused expects an Error and nothing else of note.
func (p *page) refused(code protocol.Code, field string) protocol.Error {
	p.s.t.Helper()
	e := hears[protocol.Error](p)
	if e.Code != code || e.Field != field {
		p.s.t.Errorf("%s is refused by %q on %q (%s), want %q on %q", p.name, e.Code, e.Field, e.Rule, code, field)
	}
	return e
}

// closedWith waits until the connection is over, and compares the close code.
func (p *page) closedWith(code int) {
	p.s.t.Helper()
	<-p.closed
	if p.code != code {
		p.s.t.Errorf("%s: closed with %d, want %d", p.name, p.code, code)
	}
}

// isOpen fails if the connection is over.
func (p *page) isOpen() {
	p.s.t.Helper()
	synctest.Wait()
	select {
	case <-p.closed:
		p.s.t.Errorf("%s: the connection was closed with %d", p.name, p.code)
	default:
	}
}

func saying(msgs []protocol.ServerMessage) string {
	var b strings.Builder
	for _, m := range msgs {
		data, _ := protocol.Encode(m)
		fmt.Fprintf(&b, "\n\t%s", data)
	}
	if b.Len() == 0 {
		return "nothing"
	}
	return b.String()
}

// hearsAll expects so many messages, whatever they are.
func (p *page) hearsAll(n int) {
	p.s.t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.inbox) != n {
		p.s.t.Errorf("%s hears %d messages, want %d", p.name, len(p.inbox), n)
	}
	p.inbox = nil
}

// pipes is a listener whose connections are pipes: nothing is buffered between the ends.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (l *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// isOver says whether the connection is known to be over.
func (p *page) isOver() bool {
	select {
	case <-p.closed:
		return true
	default:
		return false
	}
}

// trySay sends a message without waiting for its effects, and lets be what is over.
func (p *page) trySay(m protocol.ClientMessage) {
	p.s.t.Helper()
	data, err := protocol.Encode(m)
	if err != nil {
		p.s.t.Fatal(err)
	}
	_ = p.ws.SetWriteDeadline(time.Now().Add(time.Second))
	_ = p.ws.WriteMessage(websocket.TextMessage, data)
}
