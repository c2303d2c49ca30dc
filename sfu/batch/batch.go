// Package batch is a UDP socket that reads and writes datagrams many at a time.
//
// A forwarding unit spends most of its time in the kernel's send path, so the fewer calls
// the better: on Linux datagrams are read by recvmmsg(2) and written by sendmmsg(2), and a
// run of equally long datagrams to one receiver, such as the packets of a video frame, is
// handed over as one message that the kernel, or the network card, cuts up (udp(7),
// UDP_SEGMENT). Nothing is allocated per call. Elsewhere the same interface reads and writes
// one datagram at a time.
//
// It is a package of its own, below sfu, because the load test drives its clients with it too.
//
// Addresses of IPv4 peers are always plain IPv4, also on a socket that serves both families.
package batch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"
)

const (
	defaultBatch  = 64
	defaultMTU    = 1500
	defaultBuffer = 4 << 20

	// queueLen is how many datagrams a Writer holds before it flushes by itself.
	queueLen = 128
	// headroom is what Next gives beyond the MTU: room for an SRTP tag and a header
	// extension while the datagram is put together.
	headroom = 64
)

// Config of a Socket. The zero value suits media over Ethernet.
type Config struct {
	Batch       int  // datagrams per read call; 0 means 64
	MTU         int  // longest datagram that is read or queued, in bytes; 0 means 1500
	ReadBuffer  int  // kernel buffer, bytes; 0 means 4 MiB, or as much of it as the system allows
	WriteBuffer int  // kernel buffer, bytes; 0 means 4 MiB, or as much of it as the system allows
	ReusePort   bool // several sockets on one port; the kernel keeps each sender on one of them (Linux)
	GRO         bool // let the kernel hand over several datagrams of one sender as one (Linux; UDP_GRO); costs 64 KiB per Batch
	Unsegmented bool // never use UDP_SEGMENT
}

// Stats counts what went wrong since Listen.
type Stats struct {
	Dropped   uint64 // datagrams that were queued and could not be sent
	Truncated uint64 // datagrams that were longer than the MTU and were thrown away on reading
	Refused   uint64 // messages that the kernel would not segment and that went out one datagram at a time
}

// Socket is an unconnected UDP socket. Its methods can be called from any goroutine.
type Socket struct {
	conn  *net.UDPConn
	raw   syscall.RawConn
	local netip.AddrPort
	cfg   Config
	inet6 bool // the socket's own addresses are IPv6, so that IPv4 peers are written v4-mapped

	unsegmented atomic.Bool // the kernel refused segmentation for good
	dropped     atomic.Uint64
	truncated   atomic.Uint64
	refused     atomic.Uint64
}

// Datagram is one received datagram.
type Datagram struct {
	From netip.AddrPort
	Data []byte // at most Config.MTU bytes
}

// Listen opens a UDP socket. An unspecified IPv6 address ([::]) serves IPv4 as well.
func Listen(addr netip.AddrPort, cfg Config) (*Socket, error) {
	if cfg.Batch < 0 || cfg.MTU < 0 || cfg.MTU > 65535 || cfg.ReadBuffer < 0 || cfg.WriteBuffer < 0 {
		return nil, fmt.Errorf("batch: batch %d, MTU %d, buffers %d and %d: must be 0 or more, the MTU at most 65535",
			cfg.Batch, cfg.MTU, cfg.ReadBuffer, cfg.WriteBuffer)
	}
	if cfg.Batch == 0 {
		cfg.Batch = defaultBatch
	}
	if cfg.MTU == 0 {
		cfg.MTU = defaultMTU
	}
	network := "udp6"
	switch {
	case addr.Addr().Is4():
		network = "udp4"
	case addr.Addr() == netip.IPv6Unspecified():
		network = "udp" // both families
	}
	lc := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		return prepare(raw, cfg)
	}}
	pc, err := lc.ListenPacket(context.Background(), network, addr.String())
	if err != nil {
		return nil, fmt.Errorf("batch: %w", err)
	}
	s := &Socket{conn: pc.(*net.UDPConn), cfg: cfg}
	s.local = unmap(s.conn.LocalAddr().(*net.UDPAddr).AddrPort())
	s.unsegmented.Store(cfg.Unsegmented)
	if s.raw, err = s.conn.SyscallConn(); err == nil {
		err = s.inspect()
	}
	if err != nil {
		_ = s.conn.Close()
		return nil, fmt.Errorf("batch: %w", err)
	}
	return s, nil
}

// LocalAddr is the address the socket is bound to.
func (s *Socket) LocalAddr() netip.AddrPort { return s.local }

// Close closes the socket. Readers that wait return net.ErrClosed.
func (s *Socket) Close() error { return s.conn.Close() }

// WriteTo sends one datagram at once, past every Writer's queue. It is for what is rare
// (STUN, DTLS), and waits while the kernel's buffer is full.
func (s *Socket) WriteTo(b []byte, to netip.AddrPort) error {
	_, err := s.conn.WriteToUDPAddrPort(b, unmap(to))
	return err
}

// Stats counts what went wrong since Listen.
func (s *Socket) Stats() Stats {
	return Stats{Dropped: s.dropped.Load(), Truncated: s.truncated.Load(), Refused: s.refused.Load()}
}

func unmap(a netip.AddrPort) netip.AddrPort {
	if a.Addr().Is4In6() {
		return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
	}
	return a
}
