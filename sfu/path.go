package sfu

import (
	"net/netip"
	"sync/atomic"
	"time"
)

// pathQuiet is how long nothing has come on a path when media from elsewhere moves it.
// More than packets overtake one another by, less than anyone calls a cut.
const pathQuiet = int64(200 * time.Millisecond)

// path is where a page's packets come from and ours go to.
type path struct {
	addr  netip.AddrPort
	tcp   *tcpConn     // nil: UDP
	heard atomic.Int64 // when the last authentic packet came on it
}

func (p *path) is(addr netip.AddrPort, tcp *tcpConn) bool {
	return p != nil && p.addr == addr && p.tcp == tcp
}

// nominate takes a path that the page has chosen by a check (RFC 8445 §7.3.1.5).
func (t *transport) nominate(addr netip.AddrPort, tcp *tcpConn, now int64) {
	if p := t.path.Load(); p.is(addr, tcp) {
		p.heard.Store(now)
		return
	}
	t.take(t.path.Load(), addr, tcp, now)
}

// follow takes note of an authentic packet, and of a page whose address has changed under
// it, as when a router forgets: its checks from there name the old choice no more (RFC 8445
// §8.1.1 nominates once), but media comes only from where it has chosen (§12.1), and its
// check has proved the address before.
func (t *transport) follow(addr netip.AddrPort, tcp *tcpConn, now int64) {
	p := t.path.Load()
	switch {
	case p.is(addr, tcp):
		p.heard.Store(now)
	case p != nil && now-p.heard.Load() > pathQuiet:
		t.take(p, addr, tcp, now)
	}
}

// take replaces the path, unless another goroutine was first or the transport has ended.
func (t *transport) take(was *path, addr netip.AddrPort, tcp *tcpConn, now int64) {
	p := &path{addr: addr, tcp: tcp}
	p.heard.Store(now)
	if t.path.CompareAndSwap(was, p) && t.ctx.Err() != nil {
		t.leavePath()
	}
}

// leavePath lets nothing be sent any more.
func (t *transport) leavePath() {
	if p := t.path.Swap(nil); p != nil && p.tcp != nil {
		p.tcp.close()
	}
}
