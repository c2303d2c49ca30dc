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
	urgent  urgency = iota // sound, RTCP, DTLS, ICE: goes first, and waits as long as the queue holds
	picture                // dropped when older than pictureAge
)

const (
	pictureAge   = int64(150 * time.Millisecond)
	tcpQueueLen  = 512 // of each urgency
	tcpBatch     = 16  // frames of one write; what comes after is judged by its age again
	tcpMaxFrame  = 1600
	tcpUnproved  = 10 * time.Second // for the first authentic check to come
	tcpIdle      = 35 * time.Second // consent (RFC 7675) has expired before
	tcpStuck     = 10 * time.Second // a write that takes so long is the connection's last
	maxPageConns = 16               // of one page: it tries each of our addresses from each of its own
)

// tcpConn is one ICE-TCP connection (RFC 6544) with RFC 4571 frames.
type tcpConn struct {
	c    net.Conn
	addr netip.AddrPort

	mu      sync.Mutex
	waiting [2][]tcpFrame // to be written, by urgency, oldest first
	free    [][]byte
	dropped bool // pictures were dropped since the last time takeDropped asked
	closed  bool
	wake    chan struct{}
}

type tcpFrame struct {
	data []byte // with its two bytes of length
	at   int64
}

func newTCPConn(c net.Conn) *tcpConn {
	addr, _ := netip.ParseAddrPort(c.RemoteAddr().String())
	return &tcpConn{c: c, addr: addr, wake: make(chan struct{}, 1)}
}

// ServeTCP takes over a TCP connection whose first bytes are an RFC 4571 frame with a
// STUN message. It blocks until the connection ends.
func (s *Server) ServeTCP(c net.Conn) {
	limitUnsent(c)
	tc := newTCPConn(c)
	if !s.addTCP(tc) {
		c.Close()
		return
	}
	defer s.removeTCP(tc)
	var wg sync.WaitGroup
	wg.Go(func() { tc.write(s) }) // ends when tc is closed
	s.readTCP(tc)
	tc.close()
	wg.Wait()
}

// readTCP reads until the connection, or the transport that it belongs to, ends.
func (s *Server) readTCP(tc *tcpConn) {
	r := bufio.NewReaderSize(tc.c, 16<<10)
	frame := make([]byte, tcpMaxFrame)
	t := s.proveTCP(tc, r, frame)
	if t == nil {
		return
	}
	defer t.tcps.Add(-1)
	for !t.ended() {
		b := readFrame(tc.c, r, frame, tcpIdle)
		if b == nil {
			return
		}
		switch now := s.now(); { // RFC 7983 §7
		case len(b) == 0:
		case b[0] <= 3:
			c := s.answerCheck(b, tc.addr)
			if c == nil || c.t != t {
				return
			}
			tc.answer(c, now)
		case b[0] >= 20 && b[0] <= 63:
			t.handshake(b, tc.addr, tc, now)
		case b[0] >= 128 && b[0] <= 191:
			o := s.outbox()
			t.receive(b, tc.addr, tc, o)
			s.flush(o)
		}
	}
}

// proveTCP finds out whose connection it is by its first frame, an authentic check; nil: nobody's,
// or one more than the page needs. Who gets a transport takes one off its tcps when done.
func (s *Server) proveTCP(tc *tcpConn, r *bufio.Reader, frame []byte) *transport {
	b := readFrame(tc.c, r, frame, tcpUnproved)
	c := s.answerCheck(b, tc.addr)
	if c == nil {
		return nil
	}
	if c.t.tcps.Add(1) > maxPageConns {
		c.t.tcps.Add(-1)
		return nil
	}
	tc.answer(c, s.now())
	return c.t
}

// answer sends the answer to a check and takes its nomination.
func (tc *tcpConn) answer(c *binding, now int64) {
	c.t.heard.Store(now)
	tc.queue(c.response, urgent, now)
	if c.nominated {
		c.t.nominate(tc.addr, tc, now)
	}
}

// readFrame reads one frame (RFC 4571 §2) into scratch; nil: the connection is over, silent for
// too long, or its frame is longer than any packet of ours.
func readFrame(c net.Conn, r *bufio.Reader, scratch []byte, patience time.Duration) []byte {
	if c.SetReadDeadline(time.Now().Add(patience)) != nil {
		return nil
	}
	if _, err := io.ReadFull(r, scratch[:2]); err != nil {
		return nil
	}
	n := int(binary.BigEndian.Uint16(scratch))
	if n > len(scratch) {
		return nil
	}
	if _, err := io.ReadFull(r, scratch[:n]); err != nil {
		return nil
	}
	return scratch[:n]
}

// queue copies a packet behind those of its urgency. It never blocks: when the queue is full
// the oldest goes, as it would on any network.
func (tc *tcpConn) queue(b []byte, kind urgency, now int64) {
	tc.mu.Lock()
	if tc.closed {
		tc.mu.Unlock()
		return
	}
	if len(tc.waiting[kind]) >= tcpQueueLen {
		tc.drop(kind, 1)
	}
	var buf []byte
	if n := len(tc.free); n > 0 {
		buf, tc.free = tc.free[n-1], tc.free[:n-1]
	} else {
		buf = make([]byte, 0, tcpMaxFrame+2)
	}
	buf = binary.BigEndian.AppendUint16(buf[:0], uint16(len(b))) // a packet is below 64 KiB
	tc.waiting[kind] = append(tc.waiting[kind], tcpFrame{data: append(buf, b...), at: now})
	tc.mu.Unlock()
	tc.rouse()
}

func (tc *tcpConn) rouse() {
	select {
	case tc.wake <- struct{}{}:
	default:
	}
}

// drop needs mu. It lets go of the n oldest of a queue.
func (tc *tcpConn) drop(kind urgency, n int) {
	w := tc.waiting[kind]
	for _, f := range w[:n] {
		tc.free = append(tc.free, f.data)
	}
	tc.waiting[kind] = append(w[:0], w[n:]...)
	tc.dropped = tc.dropped || kind == picture && n > 0
}

// take moves what is to be written next to out: what is urgent first, then pictures that are
// not too old. more says that something is left.
func (tc *tcpConn) take(out [][]byte, now int64) (_ [][]byte, more bool) {
	tc.mu.Lock()
	defer tc.mu.Unlock()
	old := 0
	for old < len(tc.waiting[picture]) && now-tc.waiting[picture][old].at > pictureAge {
		old++
	}
	tc.drop(picture, old)
	for kind, w := range tc.waiting {
		n := min(len(w), tcpBatch-len(out))
		for _, f := range w[:n] {
			out = append(out, f.data)
		}
		tc.waiting[kind] = append(w[:0], w[n:]...)
		more = more || n < len(w)
	}
	return out, more
}

// write sends what waits until the connection is closed.
func (tc *tcpConn) write(s *Server) {
	defer tc.close()
	var bufs net.Buffers
	var sent [][]byte
	for range tc.wake {
		if tc.isClosed() {
			return
		}
		var more bool
		if sent, more = tc.take(sent[:0], s.now()); len(sent) > 0 {
			bufs = append(bufs[:0], sent...)
			out := bufs // WriteTo consumes its receiver
			if tc.c.SetWriteDeadline(time.Now().Add(tcpStuck)) != nil {
				return
			}
			if _, err := out.WriteTo(tc.c); err != nil {
				return
			}
			tc.giveBack(sent)
		}
		if more {
			tc.rouse()
		}
	}
}

// giveBack keeps a few buffers for what is queued next.
func (tc *tcpConn) giveBack(sent [][]byte) {
	tc.mu.Lock()
	defer tc.mu.Unlock()
	tc.free = append(tc.free, sent...)
	if len(tc.free) > 64 {
		clear(tc.free[64:])
		tc.free = tc.free[:64]
	}
}

func (tc *tcpConn) isClosed() bool {
	tc.mu.Lock()
	defer tc.mu.Unlock()
	return tc.closed
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
	tc.rouse()
}
