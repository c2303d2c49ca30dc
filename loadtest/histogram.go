package loadtest

import (
	"math/bits"
	"time"
)

// histogram counts durations in buckets of 1/32 of their power of two: 3 % of error from a
// nanosecond to a minute, without allocation. The zero value is empty.
type histogram struct {
	buckets [buckets]uint64
	n       uint64
	max     time.Duration
}

const (
	subBits = 5
	buckets = (36 - subBits + 1) << subBits // up to 2³⁶ ns, 69 s
)

func (h *histogram) add(d time.Duration) {
	h.buckets[bucketOf(d)]++
	h.n++
	h.max = max(h.max, d)
}

func (h *histogram) merge(o *histogram) {
	for i, n := range o.buckets {
		h.buckets[i] += n
	}
	h.n += o.n
	h.max = max(h.max, o.max)
}

// sub takes away what was there at an earlier time; max is kept.
func (h *histogram) sub(o *histogram) {
	for i, n := range o.buckets {
		h.buckets[i] -= n
	}
	h.n -= o.n
}

// quantile is the least duration that a fraction q of all stays within; 0 when empty.
func (h *histogram) quantile(q float64) time.Duration {
	if h.n == 0 {
		return 0
	}
	rank := max(uint64(q*float64(h.n)+0.5), 1)
	var seen uint64
	for i, n := range h.buckets {
		if seen += n; seen >= rank {
			return min(upper(i), h.max)
		}
	}
	return h.max
}

// bucketOf finds the bucket of d: below 32 ns one each, above by the five bits behind the leading one.
func bucketOf(d time.Duration) int {
	if d < 0 {
		d = 0
	}
	v := uint64(d)
	if v < 1<<subBits {
		return int(v)
	}
	shift := bits.Len64(v) - 1 - subBits
	return min((shift+1)<<subBits+int(v>>shift)&(1<<subBits-1), buckets-1)
}

// upper is the longest duration in bucket i.
func upper(i int) time.Duration {
	if i < 1<<subBits {
		return time.Duration(i)
	}
	shift := i>>subBits - 1
	return time.Duration((uint64(1<<subBits|i&(1<<subBits-1))+1)<<shift - 1)
}
