package httpapi

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate" // the usual token bucket, with the clock as an argument
)

// maxBuckets is how many keys a limiter remembers; what is over shares one bucket, so that
// a flood from many addresses can't eat the memory.
const maxBuckets = 50_000

// limiter holds a token bucket for each key: an address, a person.
type limiter[K comparable] struct {
	perSecond rate.Limit
	burst     int

	mu      sync.Mutex
	buckets map[K]*rate.Limiter
	others  *rate.Limiter
}

func newLimiter[K comparable](perSecond float64, burst int) *limiter[K] {
	return &limiter[K]{
		perSecond: rate.Limit(perSecond), burst: burst,
		buckets: map[K]*rate.Limiter{},
		others:  rate.NewLimiter(rate.Limit(perSecond), burst),
	}
}

// take takes n tokens, or says how long to wait for them.
func (l *limiter[K]) take(key K, now time.Time, n int) (wait time.Duration, ok bool) {
	r := l.bucket(key, now).ReserveN(now, n)
	if !r.OK() { // n is over the burst
		return 0, false
	}
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait, false
	}
	return 0, true
}

func (l *limiter[K]) bucket(key K, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b := l.buckets[key]; b != nil {
		return b
	}
	if len(l.buckets) >= maxBuckets {
		for k, b := range l.buckets { // a full bucket is as good as a new one
			if b.TokensAt(now) >= float64(l.burst) {
				delete(l.buckets, k)
			}
		}
	}
	if len(l.buckets) >= maxBuckets {
		return l.others
	}
	b := rate.NewLimiter(l.perSecond, l.burst)
	l.buckets[key] = b
	return b
}

// addressKey is whom an address counts as: itself, or in IPv6 its /64, of which one home has all.
func addressKey(remote string) netip.Prefix {
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
