package batch

import (
	"fmt"
	"net/netip"
)

// Writer queues datagrams and sends them together. It belongs to one goroutine; a Socket
// can have many. It starts nothing and needs no closing.
//
//	b := w.Next()
//	n := seal(b)
//	w.Queue(n, to)
//	…
//	w.Flush()
type Writer struct {
	s     *Socket
	slot  int    // bytes per datagram in buf
	buf   []byte // queueLen slots
	queue []queued
	// sent and err are what flushes that Queue did by itself have come to.
	sent int
	err  error
	out  flusher
}

// queued is one datagram of the queue; its bytes are those of the slot with the same index.
type queued struct {
	to   netip.AddrPort
	n    int32
	next int32 // the next datagram to the same receiver; -1: none
}

// NewWriter makes a Writer, with its scratch of 128 datagrams.
func (s *Socket) NewWriter() *Writer {
	w := &Writer{s: s, slot: s.cfg.MTU + headroom, queue: make([]queued, 0, queueLen)}
	w.buf = make([]byte, queueLen*w.slot)
	w.out.init(w)
	return w
}

// Next is the scratch for the next datagram, Config.MTU+64 bytes long. It stays valid and
// must not be changed after Queue until Flush. Without a Queue in between, Next gives the
// same bytes again.
func (w *Writer) Next() []byte {
	at := len(w.queue) * w.slot
	return w.buf[at : at+w.slot : at+w.slot]
}

// Queue queues the first n bytes of the last Next for a receiver. The 128th is flushed at
// once with all others; what came of that is told by the next Flush.
func (w *Writer) Queue(n int, to netip.AddrPort) {
	if n < 0 || n > w.slot {
		panic(fmt.Sprintf("batch: %d bytes queued of a scratch of %d", n, w.slot))
	}
	w.queue = append(w.queue, queued{to: to, n: int32(n), next: -1})
	if len(w.queue) == queueLen {
		w.flush()
	}
}

// Pending is how many datagrams are queued.
func (w *Writer) Pending() int { return len(w.queue) }

// Flush sends what is queued. Each receiver gets its datagrams in the order in which they
// were queued; between receivers there is no order. It returns how many were handed to the
// kernel since the last Flush, and the first error. An error of one receiver does not keep
// the others from theirs. When the kernel's buffer is full, Flush waits for 2 ms at most,
// and drops and counts what does not fit then: media that is late is worth nothing.
func (w *Writer) Flush() (sent int, err error) {
	w.flush()
	sent, err = w.sent, w.err
	w.sent, w.err = 0, nil
	return sent, err
}

func (w *Writer) flush() {
	if len(w.queue) == 0 {
		return
	}
	sent, err := w.out.send(w)
	if missing := len(w.queue) - sent; missing > 0 {
		w.s.dropped.Add(uint64(missing))
	}
	w.queue = w.queue[:0]
	w.sent += sent
	if w.err == nil {
		w.err = err
	}
}
