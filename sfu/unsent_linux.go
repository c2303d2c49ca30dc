package sfu

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// maxUnsent is how much the kernel holds of what the network has not taken yet. Without a bound
// it is megabytes, which on a narrow network are seconds, behind our back: there our queue is
// always empty, and no picture is ever old in it.
const maxUnsent = 16 << 10

// limitUnsent bounds it (TCP_NOTSENT_LOWAT, tcp(7)). A connection that does not let itself be
// asked goes without.
func limitUnsent(c net.Conn) {
	if in, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = in.NetConn()
	}
	sc, ok := c.(syscall.Conn)
	if !ok {
		return
	}
	if raw, err := sc.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, maxUnsent)
		})
	}
}
