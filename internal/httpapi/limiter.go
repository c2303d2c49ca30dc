package httpapi

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate" // the usual token bucket, with the clock as an argument
)

// maxAddresses is how many addresses a limiter remembers; what is over shares one bucket,
// so that a flood from many addresses can't eat the memory.
const maxAddresses = 50_000

// limiter holds a token bucket per address.
type limiter struct {
	perSecond rate.Limit
	burst     int

	mu      sync.Mutex
	buckets map[netip.Prefix]*rate.Limiter
	others  *rate.Limiter
}

func newLimiter(perSecond, burst int) *limiter {
	return &limiter{
		perSecond: rate.Limit(perSecond), burst: burst,
		buckets: map[netip.Prefix]*rate.Limiter{},
		others:  rate.NewLimiter(rate.Limit(perSecond), burst),
	}
}

// take takes n tokens, or says how long to wait for them.
func (l *limiter) take(remote string, now time.Time, n int) (wait time.Duration, ok bool) {
	r := l.bucket(remote, now).ReserveN(now, n)
	if !r.OK() { // n is over the burst
		return 0, false
	}
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait, false
	}
	return 0, true
}

func (l *limiter) bucket(remote string, now time.Time) *rate.Limiter {
	key := prefix(remote)
	l.mu.Lock()
	defer l.mu.Unlock()
	if b := l.buckets[key]; b != nil {
		return b
	}
	if len(l.buckets) >= maxAddresses {
		for k, b := range l.buckets { // a full bucket is as good as a new one
			if b.TokensAt(now) >= float64(l.burst) {
				delete(l.buckets, k)
			}
		}
	}
	if len(l.buckets) >= maxAddresses {
		return l.others
	}
	b := rate.NewLimiter(l.perSecond, l.burst)
	l.buckets[key] = b
	return b
}

// prefix is whom an address counts as: itself, or in IPv6 its /64, of which one home has all.
func prefix(remote string) netip.Prefix {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Prefix{}
	}
	addr, bits := ap.Addr().Unmap().WithZone(""), 32
	if addr.Is6() {
		bits = 64
	}
	p, _ := addr.Prefix(bits)
	return p
}
