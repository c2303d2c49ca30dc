package scheduling

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Span is a stretch of time, half open: what ends at ten is not in the way of what begins at ten.
type Span struct{ Starts, Ends time.Time }

func (s Span) overlaps(o Span) bool { return s.Starts.Before(o.Ends) && o.Starts.Before(s.Ends) }

// spans are sorted and apart: each ends before the next begins.
type spans []stretch

// stretch is a Span in ms since 1970, UTC: a search looks at many of them.
type stretch struct{ from, until int64 }

func stretchOf(starts, ends time.Time) stretch { return stretch{starts.UnixMilli(), ends.UnixMilli()} }

// merged sorts stretches and joins those that touch or overlap. It may change what it is given.
func merged(all []stretch) spans {
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	out := all[:0]
	for _, s := range all {
		if s.from >= s.until {
			continue
		}
		if n := len(out); n > 0 && s.from <= out[n-1].until {
			out[n-1].until = max(out[n-1].until, s.until)
			continue
		}
		out = append(out, s)
	}
	return out
}

// minus is what of a is not in b.
func (a spans) minus(b spans) spans {
	var out spans
	i := 0
	for _, s := range a {
		for i < len(b) && b[i].until <= s.from {
			i++
		}
		from := s.from
		for j := i; j < len(b) && b[j].from < s.until; j++ {
			if b[j].from > from {
				out = append(out, stretch{from, b[j].from})
			}
			from = max(from, b[j].until)
		}
		if from < s.until {
			out = append(out, stretch{from, s.until})
		}
	}
	return out
}

// and is what is in both.
func (a spans) and(b spans) spans {
	var out spans
	for i, j := 0, 0; i < len(a) && j < len(b); {
		from, until := max(a[i].from, b[j].from), min(a[i].until, b[j].until)
		if from < until {
			out = append(out, stretch{from, until})
		}
		if a[i].until < b[j].until {
			i++
		} else {
			j++
		}
	}
	return out
}

// starts are the moments at which something can begin that takes length, within each stretch:
// from the first to the last of them, both included.
func (a spans) starts(length int64) spans {
	var out spans
	for _, s := range a {
		if s.until-s.from >= length {
			out = append(out, stretch{s.from, s.until - length + 1})
		}
	}
	return out
}

// shifted moves all of it.
func (a spans) shifted(by int64) spans {
	out := make(spans, len(a))
	for i, s := range a {
		out[i] = stretch{s.from + by, s.until + by}
	}
	return out
}

// at is the stretch that a moment is in.
func (a spans) at(moment int64) (stretch, bool) {
	i, _ := slices.BinarySearchFunc(a, moment, func(s stretch, m int64) int {
		if s.until <= m {
			return -1
		}
		return 1
	})
	if i < len(a) && a[i].from <= moment {
		return a[i], true
	}
	return stretch{}, false
}

// holds says whether all of a stretch is in it.
func (a spans) holds(s stretch) bool {
	in, ok := a.at(s.from)
	return ok && s.until <= in.until
}

// touches says whether any of a stretch is in it.
func (a spans) touches(s stretch) bool {
	i, _ := slices.BinarySearchFunc(a, s.from, func(b stretch, m int64) int {
		if b.until <= m {
			return -1
		}
		return 1
	})
	return i < len(a) && a[i].from < s.until
}

// gap is how far a stretch is from the nearest that is in it.
func (a spans) gap(s stretch) int64 {
	least := int64(math.MaxInt64)
	for _, o := range a {
		least = min(least, max(o.from-s.until, s.from-o.until, 0))
	}
	return least
}
