package batch

import (
	"encoding/binary"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// mmsghdr is struct mmsghdr of recvmmsg(2).
type mmsghdr struct {
	hdr unix.Msghdr
	n   uint32
}

// controlLen holds one control message with a uint16 (UDP_SEGMENT) or an int (UDP_GRO).
var controlLen = unix.CmsgSpace(4)

// prepare sets what must be set before the socket is bound.
func prepare(raw syscall.RawConn, cfg Config) error {
	var err error
	cerr := raw.Control(func(fd uintptr) {
		if cfg.ReusePort {
			if err = os.NewSyscallError("SO_REUSEPORT", unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)); err != nil {
				return
			}
		}
		setBuffer(int(fd), cfg.ReadBuffer, unix.SO_RCVBUFFORCE, unix.SO_RCVBUF)
		setBuffer(int(fd), cfg.WriteBuffer, unix.SO_SNDBUFFORCE, unix.SO_SNDBUF)
		if cfg.GRO {
			// Not there before Linux 5.0: datagrams then come one by one, as without it.
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_UDP, unix.UDP_GRO, 1)
		}
	})
	if cerr != nil {
		return cerr
	}
	return err
}

// setBuffer tries to go beyond the system's limit, which takes CAP_NET_ADMIN, and else
// takes what the kernel gives. A small buffer is no reason not to start.
func setBuffer(fd, size, force, plain int) {
	if size == 0 {
		size = defaultBuffer
	}
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, force, size) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, plain, size)
	}
}

// inspect learns what the bound socket is and can do.
func (s *Socket) inspect() error {
	var err error
	cerr := s.raw.Control(func(fd uintptr) {
		var domain int
		if domain, err = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_DOMAIN); err != nil {
			err = os.NewSyscallError("SO_DOMAIN", err)
			return
		}
		s.inet6 = domain == unix.AF_INET6
		// Not there before Linux 4.18.
		if _, gerr := unix.GetsockoptInt(int(fd), unix.IPPROTO_UDP, unix.UDP_SEGMENT); gerr != nil {
			s.unsegmented.Store(true)
		}
	})
	if cerr != nil {
		return cerr
	}
	return err
}

// encode writes an address as the socket's family wants it and returns its length.
// It reports false for an address that this socket can't reach.
func encode(to netip.AddrPort, inet6 bool, sa *unix.RawSockaddrInet6) (uint32, bool) {
	addr := to.Addr()
	if !addr.IsValid() {
		return 0, false
	}
	if !inet6 {
		if addr = addr.Unmap(); !addr.Is4() {
			return 0, false
		}
		sa4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(sa))
		*sa4 = unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: addr.As4()}
		putPort(&sa4.Port, to.Port())
		return unix.SizeofSockaddrInet4, true
	}
	// As16 maps IPv4 (RFC 4291 §2.5.5.2).
	*sa = unix.RawSockaddrInet6{Family: unix.AF_INET6, Addr: addr.As16()}
	putPort(&sa.Port, to.Port())
	if zone := addr.Zone(); zone != "" {
		id, err := strconv.ParseUint(zone, 10, 32)
		if err != nil {
			ifc, ierr := net.InterfaceByName(zone)
			if ierr != nil {
				return 0, false
			}
			id = uint64(ifc.Index)
		}
		sa.Scope_id = uint32(id)
	}
	return unix.SizeofSockaddrInet6, true
}

// decode reads an address that the kernel wrote. Only a link-local sender costs an allocation.
func decode(sa *unix.RawSockaddrInet6) netip.AddrPort {
	switch sa.Family {
	case unix.AF_INET:
		sa4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(sa))
		return netip.AddrPortFrom(netip.AddrFrom4(sa4.Addr), port(&sa4.Port))
	case unix.AF_INET6:
		addr := netip.AddrFrom16(sa.Addr).Unmap()
		if sa.Scope_id != 0 && addr.Is6() {
			addr = addr.WithZone(strconv.FormatUint(uint64(sa.Scope_id), 10))
		}
		return netip.AddrPortFrom(addr, port(&sa.Port))
	}
	return netip.AddrPort{}
}

// A port stands in network byte order.
func port(p *uint16) uint16 { return binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(p))[:]) }
func putPort(p *uint16, v uint16) {
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(p))[:], v)
}
