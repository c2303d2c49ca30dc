package redistest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Line is a way to a server that can be cut: to one node behind it the server is away, and
// to the server the node is dead.
type Line struct {
	server   string
	listener net.Listener
	copies   sync.WaitGroup

	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]struct{}
}

// Line opens a new way to the server. It ends with the test.
func (s *Server) Line(t testing.TB) *Line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &Line{server: s.addr(), listener: listener, conns: make(map[net.Conn]struct{})}
	l.copies.Go(l.accept) // ends with the listener
	t.Cleanup(func() {
		_ = listener.Close()
		l.Cut()
		l.copies.Wait()
	})
	return l
}

// URL is the server's address by this way.
func (l *Line) URL() string { return "redis://" + l.listener.Addr().String() }

// Cut ends all connections, and every one that is begun before Mend.
func (l *Line) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = true
	for c := range l.conns {
		_ = c.Close()
	}
}

// Mend lets connections through again.
func (l *Line) Mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = false
}

func (l *Line) accept() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", l.server)
		if err != nil {
			_ = near.Close()
			continue
		}
		l.mu.Lock()
		l.conns[near], l.conns[far] = struct{}{}, struct{}{}
		if l.cut {
			_, _ = near.Close(), far.Close()
		}
		l.mu.Unlock()
		// Both end when either side closes, or the line is cut.
		l.copies.Go(func() { l.carry(near, far) })
		l.copies.Go(func() { l.carry(far, near) })
	}
}

func (l *Line) carry(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range []net.Conn{to, from} {
		_ = c.Close()
		delete(l.conns, c)
	}
}
