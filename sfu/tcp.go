package sfu

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"
)

// urgency says how long a packet may wait behind others on a TCP connection, which unlike
// UDP lets nothing be lost and so grows seconds of delay when the network is narrow.
type urgency uint8

const (
	urgent  urgency = iota // sound, RTCP, DTLS, ICE: waits as long as the queue holds
	picture                // dropped when older than pictureAge
)

const (
	pictureAge  = int64(150 * time.Millisecond)
	tcpQueueLen = 512
	tcpMaxFrame = 1600
	tcpIdle     = 35 * time.Second // consent (RFC 7675) has expired before
)

// tcpConn is one ICE-TCP connection (RFC 6544) with RFC 4571 frames.
type tcpConn struct {
	c    net.Conn
	addr netip.AddrPort

	mu      sync.Mutex
	waiting []tcpFrame // to be written, oldest first
	free    [][]byte
	dropped bool // pictures were dropped since the last time takeDropped asked
	closed  bool
	wake    chan struct{}
}

type tcpFrame struct {
	data []byte // with its two bytes of length
	kind urgency
	at   int64
}

func newTCPConn(c net.Conn) *tcpConn {
	addr, _ := netip.ParseAddrPort(c.RemoteAddr().String())
	return &tcpConn{c: c, addr: addr, wake: make(chan struct{}, 1)}
}

// ServeTCP takes over a TCP connection whose first bytes are an RFC 4571 frame with a
// STUN message. It blocks until the connection ends.
func (s *Server) ServeTCP(c net.Conn) {
	tc := newTCPConn(c)
	if !s.addTCP(tc) {
		c.Close()
		return
	}
	defer s.removeTCP(tc)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { // ends when tc is closed
		defer wg.Done()
		tc.write(s)
	}()
	s.readTCP(tc)
	tc.close()
	wg.Wait()
}

func (s *Server) readTCP(tc *tcpConn) {
	r := bufio.NewReaderSize(tc.c, 16<<10)
	frame := make([]byte, tcpMaxFrame)
	var t *transport // whose connection it is; nil before the first authentic check
	for {
		if err := tc.c.SetReadDeadline(time.Now().Add(tcpIdle)); err != nil {
			return
		}
		var head [2]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return
		}
		n := int(binary.BigEndian.Uint16(head[:]))
		if n > len(frame) {
			return // longer than any packet of ours: not RFC 4571
		}
		if _, err := io.ReadFull(r, frame[:n]); err != nil {
			return
		}
		if n == 0 {
			continue
		}
		now := s.now()
		switch b := frame[0]; {
		case b <= 3: // STUN (RFC 7983 §7)
			c := s.answerCheck(frame[:n], tc.addr)
			if c == nil || t != nil && c.t != t {
				return
			}
			t = c.t
			t.heard.Store(now)
			tc.queue(c.response, urgent, now)
			if c.nominated {
				t.path.Store(&path{addr: tc.addr, tcp: tc})
			}
		case t == nil:
			return
		case b >= 20 && b <= 63:
			s.dtlsIn(t, frame[:n], &path{addr: tc.addr, tcp: tc}, now)
		case b >= 128 && b <= 191:
			o := s.outbox()
			t.receive(frame[:n], o)
			s.flush(o)
		}
	}
}

// queue copies a packet behind those that wait. It never blocks: when the queue is full
// the oldest picture goes, and if there is none the connection is closed as too slow.
func (tc *tcpConn) queue(b []byte, kind urgency, now int64) {
	tc.mu.Lock()
	if tc.closed {
		tc.mu.Unlock()
		return
	}
	if len(tc.waiting) >= tcpQueueLen && !tc.dropOldestPicture() {
		tc.mu.Unlock()
		tc.close()
		return
	}
	var buf []byte
	if n := len(tc.free); n > 0 {
		buf, tc.free = tc.free[n-1], tc.free[:n-1]
	} else {
		buf = make([]byte, 0, tcpMaxFrame+2)
	}
	buf = binary.BigEndian.AppendUint16(buf[:0], uint16(len(b))) //nolint:gosec // a packet is below 64 KiB
	tc.waiting = append(tc.waiting, tcpFrame{data: append(buf, b...), kind: kind, at: now})
	tc.mu.Unlock()
	select {
	case tc.wake <- struct{}{}:
	default:
	}
}

// dropOldestPicture needs mu.
func (tc *tcpConn) dropOldestPicture() bool {
	for i, f := range tc.waiting {
		if f.kind == picture {
			tc.free = append(tc.free, f.data)
			tc.waiting = append(tc.waiting[:i], tc.waiting[i+1:]...)
			tc.dropped = true
			return true
		}
	}
	return false
}

// write sends what waits until the connection is closed.
func (tc *tcpConn) write(s *Server) {
	var bufs net.Buffers
	var sent [][]byte
	for range tc.wake {
		tc.mu.Lock()
		if tc.closed {
			tc.mu.Unlock()
			return
		}
		now := s.now()
		bufs, sent = bufs[:0], sent[:0]
		// A batch is bounded so that what comes after it is judged by its age again.
		n := min(len(tc.waiting), 32)
		for _, f := range tc.waiting[:n] {
			if f.kind == picture && now-f.at > pictureAge {
				tc.free = append(tc.free, f.data)
				tc.dropped = true
				continue
			}
			bufs = append(bufs, f.data)
			sent = append(sent, f.data)
		}
		tc.waiting = append(tc.waiting[:0], tc.waiting[n:]...)
		more := len(tc.waiting) > 0
		tc.mu.Unlock()
		if len(bufs) > 0 {
			out := bufs // WriteTo consumes its receiver
			if err := tc.c.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
				tc.close()
				return
			}
			if _, err := out.WriteTo(tc.c); err != nil {
				tc.close()
				return
			}
		}
		tc.mu.Lock()
		tc.free = append(tc.free, sent...)
		if len(tc.free) > 64 {
			tc.free = tc.free[:64]
		}
		tc.mu.Unlock()
		if more {
			select {
			case tc.wake <- struct{}{}:
			default:
			}
		}
	}
}

// takeDropped says whether pictures were dropped since it was last asked: a keyframe is due.
func (tc *tcpConn) takeDropped() bool {
	tc.mu.Lock()
	defer tc.mu.Unlock()
	d := tc.dropped
	tc.dropped = false
	return d
}

func (tc *tcpConn) close() {
	tc.mu.Lock()
	already := tc.closed
	tc.closed = true
	tc.mu.Unlock()
	if already {
		return
	}
	tc.c.Close()
	select {
	case tc.wake <- struct{}{}:
	default:
	}
}
