package sfu

import (
	"maps"
	"net/netip"
	"time"
)

func (s *Server) byUfrag(ufrag string) *transport {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.ufrags[ufrag]
}

const (
	maxAddrs  = 16                 // addresses that are remembered of one page, the newest
	wanderGap = int64(time.Second) // least time between new ones of a page that has so many
)

// remember notes that an address is a page's; the check that came from it was authentic.
func (s *Server) remember(a netip.AddrPort, t *transport, now int64) {
	if (*s.remotes.Load())[a] == t {
		return
	}
	s.remotesMu.Lock()
	defer s.remotesMu.Unlock()
	if t.gone {
		return
	}
	m := *s.remotes.Load()
	if len(t.addrs) >= maxAddrs {
		// A browser has a handful. Each new one costs a copy of the table.
		if now-t.wandered < wanderGap {
			return
		}
		t.wandered = now
		m = t.without(m, t.addrs[:1])
		t.addrs = t.addrs[1:]
	} else {
		m = maps.Clone(m)
	}
	t.addrs = append(t.addrs, a)
	m[a] = t
	s.remotes.Store(&m)
}

// without is a copy of the table of addresses less those that are still t's of the given ones.
func (t *transport) without(m map[netip.AddrPort]*transport, addrs []netip.AddrPort) map[netip.AddrPort]*transport {
	m = maps.Clone(m)
	for _, a := range addrs {
		if m[a] == t {
			delete(m, a)
		}
	}
	return m
}

func (s *Server) register(t *transport) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.ufrags[t.ice.ufrag] = t
	return nil
}

// forget lets a transport be found no more.
func (s *Server) forget(t *transport) {
	s.mu.Lock()
	delete(s.ufrags, t.ice.ufrag)
	s.mu.Unlock()
	s.remotesMu.Lock()
	defer s.remotesMu.Unlock()
	m := t.without(*s.remotes.Load(), t.addrs)
	t.addrs, t.gone = nil, true
	s.remotes.Store(&m)
}
