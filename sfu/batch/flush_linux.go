package batch

import (
	"net"
	"net/netip"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// maxSegments and maxMessage bound one message with UDP_SEGMENT: the kernel takes 64
	// segments and an IP datagram's 65,535 bytes, headers included.
	maxSegments = 64
	maxMessage  = 65000

	// flushWait is how long a Flush waits for room in the kernel's buffer, in ms.
	flushWait = 2
)

// flusher turns a Writer's queue into messages. All of it is made once.
type flusher struct {
	s       *Socket
	heads   [queueLen]group
	groups  int
	iov     [queueLen]unix.Iovec
	names   [queueLen]unix.RawSockaddrInet6
	msgs    [queueLen]mmsghdr
	plain   [maxSegments]mmsghdr // a refused message, one datagram at a time
	control []byte               // controlLen per message

	// Arguments and results of the system call, which runs inside RawConn.Control.
	call  func(fd uintptr)
	wait  func(fd uintptr)
	vec   []mmsghdr
	n     int
	errno unix.Errno
}

// group is the datagrams of one receiver, chained in their order.
type group struct {
	to          netip.AddrPort
	first, last int32
}

func (f *flusher) init(w *Writer) {
	f.s = w.s
	f.control = make([]byte, queueLen*controlLen)
	for i := range f.msgs {
		f.msgs[i].hdr.Name = (*byte)(unsafe.Pointer(&f.names[i]))
		c := (*unix.Cmsghdr)(unsafe.Pointer(&f.control[i*controlLen]))
		c.Level, c.Type = unix.IPPROTO_UDP, unix.UDP_SEGMENT
		c.SetLen(unix.CmsgLen(2))
	}
	f.call, f.wait = f.sendmmsg, f.poll
}

// send groups, coalesces and sends the queue. It returns how many datagrams the kernel took.
func (f *flusher) send(w *Writer) (sent int, err error) {
	f.group(w)
	n, err := f.build(w)
	msgs := f.msgs[:n]
	waited, retried := false, false
	for len(msgs) > 0 {
		f.vec = msgs
		if cerr := f.s.raw.Control(f.call); cerr != nil {
			return sent, cerr
		}
		for i := range f.n {
			sent += int(msgs[i].hdr.Iovlen)
		}
		if msgs = msgs[f.n:]; f.errno == 0 {
			retried = false
			continue
		}
		// The error is that of the first message that was not sent.
		drop := false
		switch f.errno {
		case unix.EINTR:
		case unix.EAGAIN:
			if waited {
				return sent, first(err, os.NewSyscallError("sendmmsg", f.errno))
			}
			waited = true
			if cerr := f.s.raw.Control(f.wait); cerr != nil {
				return sent, cerr
			}
		case unix.EBADF, unix.ENOTSOCK:
			return sent, net.ErrClosed
		case unix.EIO, unix.EINVAL, unix.EMSGSIZE:
			if msgs[0].hdr.Iovlen == 1 {
				drop = true
				break
			}
			// EIO: the way to this receiver can't segment (no checksum offload, IPsec).
			// The others: a datagram is longer than the way's MTU, which without
			// segmentation is cut into fragments.
			if f.errno == unix.EIO {
				f.s.unsegmented.Store(true)
			}
			f.s.refused.Add(1)
			k, serr := f.sendPlain(&msgs[0])
			sent, err, msgs = sent+k, first(err, serr), msgs[1:]
		case unix.ECONNREFUSED:
			// ip(7): may be the pending error of an earlier datagram, and is cleared by being told.
			drop, retried = retried, true
		default:
			drop = true // ENOBUFS, unreachable, forbidden: this receiver's own trouble
		}
		if drop {
			err = first(err, os.NewSyscallError("sendmmsg", f.errno))
			msgs = msgs[1:]
		}
	}
	return sent, err
}

// sendPlain sends a message's datagrams unsegmented.
func (f *flusher) sendPlain(m *mmsghdr) (sent int, err error) {
	iov := unsafe.Slice(m.hdr.Iov, int(m.hdr.Iovlen))
	for i := range iov {
		f.plain[i].hdr = m.hdr
		f.plain[i].hdr.Iov = &iov[i]
		f.plain[i].hdr.SetIovlen(1)
		f.plain[i].hdr.Control = nil
		f.plain[i].hdr.SetControllen(0)
	}
	for vec := f.plain[:len(iov)]; len(vec) > 0; {
		f.vec = vec
		if cerr := f.s.raw.Control(f.call); cerr != nil {
			return sent, cerr
		}
		sent += f.n
		vec = vec[f.n:]
		if f.errno != 0 && f.errno != unix.EINTR {
			err = first(err, os.NewSyscallError("sendmmsg", f.errno))
			vec = vec[1:]
		}
	}
	return sent, err
}

// group chains the queue by receiver. A batch has few receivers, so that a search from the
// last one found beats a map.
func (f *flusher) group(w *Writer) {
	f.groups = 0
	at := 0
	for i := range w.queue {
		to := w.queue[i].to
		if f.groups == 0 || f.heads[at].to != to {
			for at = 0; at < f.groups && f.heads[at].to != to; at++ {
			}
		}
		if at == f.groups {
			f.heads[at] = group{to: to, first: int32(i), last: int32(i)}
			f.groups++
			continue
		}
		w.queue[f.heads[at].last].next = int32(i)
		f.heads[at].last = int32(i)
	}
}

// build makes messages: one for each run of datagrams to one receiver that are equally
// long, where the last of a run may be shorter (udp(7)).
func (f *flusher) build(w *Writer) (msgs int, err error) {
	limit := maxSegments
	if f.s.unsegmented.Load() {
		limit = 1
	}
	iovs := 0
	for g := range f.groups {
		var name unix.RawSockaddrInet6
		namelen, ok := encode(f.heads[g].to, f.s.inet6, &name)
		if !ok {
			err = first(err, &net.AddrError{Err: "not an address of this socket's family", Addr: f.heads[g].to.String()})
			continue
		}
		for i := f.heads[g].first; i >= 0; {
			h := &f.msgs[msgs].hdr
			f.names[msgs] = name
			h.Namelen = namelen
			h.Iov = &f.iov[iovs]
			size, total, segments := int(w.queue[i].n), 0, 0
			for i >= 0 && segments < limit {
				n := int(w.queue[i].n)
				if segments > 0 && (n > size || n == 0 || total+n > maxMessage) {
					break
				}
				b := w.buf[int(i)*w.slot:]
				f.iov[iovs].Base = &b[0]
				f.iov[iovs].SetLen(n)
				iovs++
				segments++
				total += n
				i = w.queue[i].next
				if n < size || n == 0 {
					break // a shorter one ends its run
				}
			}
			h.SetIovlen(segments)
			h.Control = nil
			h.SetControllen(0)
			if segments > 1 {
				c := f.control[msgs*controlLen:]
				*(*uint16)(unsafe.Pointer(&c[unix.CmsgLen(0)])) = uint16(size)
				h.Control = &c[0]
				h.SetControllen(unix.CmsgSpace(2))
			}
			msgs++
		}
	}
	return msgs, err
}

// sendmmsg sends f.vec and sets f.n and f.errno. It never waits.
func (f *flusher) sendmmsg(fd uintptr) {
	n, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, fd, uintptr(unsafe.Pointer(&f.vec[0])), uintptr(len(f.vec)),
		unix.MSG_DONTWAIT, 0, 0)
	f.n, f.errno = int(n), errno
	if errno != 0 {
		f.n = 0
	}
}

// poll waits until the socket can be written to, at most flushWait. Not by the runtime's
// poller: its deadline would be shared with every other writer of the socket.
func (f *flusher) poll(fd uintptr) {
	fds := [1]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	_, _ = unix.Poll(fds[:], flushWait)
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
