package batch

import (
	"net"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// maxCoalesced is the longest that several datagrams in one can be (UDP_GRO).
const maxCoalesced = 65535

// Reader reads batches of datagrams. It belongs to one goroutine. Readers of the same
// Socket take turns; for real parallelism open several sockets with ReusePort.
type Reader struct {
	s         *Socket
	msgs      []mmsghdr
	iov       []unix.Iovec
	names     []unix.RawSockaddrInet6
	control   []byte // controlLen per message; only with GRO
	slot      int
	buf       []byte
	used      int // messages that the last call filled
	datagrams []Datagram

	recv  func(fd uintptr) bool // made once, so that no call allocates a closure
	errno unix.Errno
}

// NewReader makes a Reader, with its buffers for Config.Batch datagrams.
func (s *Socket) NewReader() *Reader {
	n := s.cfg.Batch
	r := &Reader{
		s:         s,
		msgs:      make([]mmsghdr, n),
		iov:       make([]unix.Iovec, n),
		names:     make([]unix.RawSockaddrInet6, n),
		slot:      s.cfg.MTU,
		used:      n,
		datagrams: make([]Datagram, 0, n),
	}
	if s.cfg.GRO {
		r.slot = maxCoalesced
		r.control = make([]byte, n*controlLen)
	}
	r.buf = make([]byte, n*r.slot)
	for i := range r.msgs {
		r.iov[i].Base = &r.buf[i*r.slot]
		r.iov[i].SetLen(r.slot)
		h := &r.msgs[i].hdr
		h.Iov = &r.iov[i]
		h.SetIovlen(1)
		h.Name = (*byte)(unsafe.Pointer(&r.names[i]))
		if r.control != nil {
			h.Control = &r.control[i*controlLen]
		}
	}
	r.recv = r.recvmmsg
	return r
}

// Read waits for at least one datagram and returns those that are there, valid until the
// next Read. It returns net.ErrClosed, wrapped, after Close. Errors that tell of an earlier
// datagram's fate (ICMP) don't end it.
func (r *Reader) Read() ([]Datagram, error) {
	for {
		for i := range r.used { // what the kernel changed in them
			h := &r.msgs[i].hdr
			h.Namelen = unix.SizeofSockaddrInet6
			if r.control != nil {
				h.SetControllen(controlLen)
			}
		}
		r.used = 0
		if err := r.s.raw.Read(r.recv); err != nil {
			return nil, err
		}
		switch r.errno {
		case 0:
		case unix.EBADF, unix.ENOTSOCK:
			return nil, net.ErrClosed
		case unix.EINTR, unix.ECONNREFUSED, unix.EHOSTUNREACH, unix.ENETUNREACH, unix.EHOSTDOWN,
			unix.ENETDOWN, unix.ECONNRESET, unix.EMSGSIZE, unix.EPROTO, unix.ENOPROTOOPT, unix.ENOMEM, unix.ENOBUFS:
			continue // ip(7): a pending error of the socket, not of this call
		default:
			return nil, os.NewSyscallError("recvmmsg", r.errno)
		}
		if r.collect(); len(r.datagrams) > 0 {
			return r.datagrams, nil
		}
	}
}

// recvmmsg is called by the runtime whenever the socket is readable; false means wait.
func (r *Reader) recvmmsg(fd uintptr) bool {
	n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&r.msgs[0])), uintptr(len(r.msgs)),
		unix.MSG_DONTWAIT, 0, 0)
	if errno == unix.EAGAIN {
		return false
	}
	r.errno, r.used = errno, 0
	if errno == 0 {
		r.used = int(n)
	}
	return true
}

// collect makes Datagrams of the messages of the last call.
func (r *Reader) collect() {
	r.datagrams = r.datagrams[:0]
	for i := range r.used {
		h := &r.msgs[i].hdr
		if h.Flags&unix.MSG_TRUNC != 0 {
			r.s.truncated.Add(1)
			continue
		}
		from := decode(&r.names[i])
		b := r.buf[i*r.slot : i*r.slot+int(r.msgs[i].n)]
		size := len(b)
		if r.control != nil {
			if seg := segmentSize(r.control[i*controlLen:], int(h.Controllen)); seg > 0 {
				size = seg
			}
		}
		if size > r.s.cfg.MTU {
			r.s.truncated.Add(1)
			continue
		}
		for len(b) > size {
			r.datagrams = append(r.datagrams, Datagram{From: from, Data: b[:size:size]})
			b = b[size:]
		}
		r.datagrams = append(r.datagrams, Datagram{From: from, Data: b[:len(b):len(b)]})
	}
}

// segmentSize reads the control message that tells how long each of several datagrams in
// one is; the last may be shorter. 0 means that there is only one.
func segmentSize(control []byte, n int) int {
	if n < unix.CmsgLen(4) {
		return 0
	}
	c := (*unix.Cmsghdr)(unsafe.Pointer(&control[0]))
	if c.Level != unix.IPPROTO_UDP || c.Type != unix.UDP_GRO {
		return 0
	}
	return int(*(*int32)(unsafe.Pointer(&control[unix.CmsgLen(0)])))
}
