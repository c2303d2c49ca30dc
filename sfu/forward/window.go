package forward

// seqWindow says which of the last sequence numbers, counted back from the newest, were taken.
type seqWindow struct {
	bits   [window / 64]uint64
	newest uint16
	began  bool
}

// take marks seq and says whether it was free. Numbers older than the window are not free.
func (w *seqWindow) take(seq uint16) bool {
	if !w.began {
		w.began, w.newest = true, seq
		w.set(seq)
		return true
	}
	switch d := int(int16(seq - w.newest)); {
	case d >= window:
		clear(w.bits[:])
		w.newest = seq
	case d > 0:
		for s := w.newest + 1; s != seq; s++ {
			w.bits[s%window/64] &^= 1 << (s % 64)
		}
		w.newest = seq
	case d <= -window || w.bits[seq%window/64]&(1<<(seq%64)) != 0:
		return false
	}
	w.set(seq)
	return true
}

func (w *seqWindow) set(seq uint16) { w.bits[seq%window/64] |= 1 << (seq % 64) }

// reset begins anew with the next number.
func (w *seqWindow) reset() { *w = seqWindow{} }

// holes remembers the last runs of packets that were left out on purpose, to give packets
// that come late the numbers they would have had in time.
type holes struct {
	runs [32]hole // a ring
	n    int      // all ever; the newest is runs[(n-1)%len]
}

type hole struct {
	first, last int64 // positions, inclusive
	before      shift // of what came before
}

func (h *holes) clear() { h.n = 0 }

// add leaves out the packet at pos, in rising order.
func (h *holes) add(pos int64, before shift) {
	if h.n > 0 {
		if last := &h.runs[(h.n-1)%len(h.runs)]; last.last+1 == pos {
			last.last = pos
			return
		}
	}
	h.runs[h.n%len(h.runs)] = hole{pos, pos, before}
	h.n++
}

// before is the shift for the packet at pos, given the newest; false if it was left out
// or is too long ago.
func (h *holes) before(pos int64, off shift) (shift, bool) {
	for i := h.n - 1; i >= 0; i-- {
		if i < h.n-len(h.runs) {
			return shift{}, false
		}
		run := &h.runs[i%len(h.runs)]
		if pos > run.last {
			return off, true
		}
		if pos >= run.first {
			return shift{}, false
		}
		off = run.before
	}
	return off, true
}
