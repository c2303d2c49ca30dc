//go:build !linux

package sfu

import "net"

// limitUnsent bounds what the kernel holds, as well as can be said portably.
func limitUnsent(c net.Conn) {
	if in, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = in.NetConn()
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(32 << 10)
	}
}
