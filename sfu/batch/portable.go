//go:build !linux

package batch

import (
	"errors"
	"net"
	"syscall"
)

// prepare sets what must be set before the socket is bound: nothing here. ReusePort is
// refused, because without the kernel's balancing the second socket would get nothing.
func prepare(_ syscall.RawConn, cfg Config) error {
	if cfg.ReusePort {
		return errors.New("several sockets on one port: only on Linux")
	}
	return nil
}

func (s *Socket) inspect() error {
	read, write := s.cfg.ReadBuffer, s.cfg.WriteBuffer
	if read == 0 {
		read = defaultBuffer
	}
	if write == 0 {
		write = defaultBuffer
	}
	// A small buffer is no reason not to start.
	_ = s.conn.SetReadBuffer(read)
	_ = s.conn.SetWriteBuffer(write)
	return nil
}

// maxFailures in a row are no longer the fate of earlier datagrams.
const maxFailures = 1000

// Reader reads datagrams. It belongs to one goroutine.
type Reader struct {
	s         *Socket
	buf       []byte
	datagrams [1]Datagram
}

// NewReader makes a Reader.
func (s *Socket) NewReader() *Reader {
	// One byte more than the MTU, to see what is too long.
	return &Reader{s: s, buf: make([]byte, s.cfg.MTU+1)}
}

// Read waits for a datagram, valid until the next Read. It returns net.ErrClosed, wrapped,
// after Close. Errors that tell of an earlier datagram's fate (ICMP) don't end it.
func (r *Reader) Read() ([]Datagram, error) {
	for failed := 0; ; {
		n, from, err := r.s.conn.ReadFromUDPAddrPort(r.buf)
		if errors.Is(err, net.ErrClosed) {
			return nil, err
		}
		if err != nil {
			if failed++; failed == maxFailures {
				return nil, err
			}
			continue
		}
		if n > r.s.cfg.MTU {
			r.s.truncated.Add(1)
			continue
		}
		r.datagrams[0] = Datagram{From: unmap(from), Data: r.buf[:n:n]}
		return r.datagrams[:], nil
	}
}

// flusher writes a Writer's queue one datagram at a time.
type flusher struct{ s *Socket }

func (f *flusher) init(w *Writer) { f.s = w.s }

func (f *flusher) send(w *Writer) (sent int, err error) {
	for i := range w.queue {
		if werr := f.s.WriteTo(w.buf[i*w.slot:i*w.slot+int(w.queue[i].n)], w.queue[i].to); werr != nil {
			if errors.Is(werr, net.ErrClosed) {
				return sent, werr
			}
			if err == nil {
				err = werr
			}
			continue
		}
		sent++
	}
	return sent, err
}
