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
	first, last     int64 // positions, inclusive
	before          shift // of what came before
	pictures        bool  // whole pictures were left out, with the timestamps
	firstTS, lastTS uint32
}

func (h *holes) clear() { h.n = 0 }

// add leaves out the packet at pos, in rising order; picture: with all of its picture.
func (h *holes) add(pos int64, before shift, ts uint32, picture bool) {
	if h.n == 0 || h.runs[(h.n-1)%len(h.runs)].last+1 != pos {
		h.runs[h.n%len(h.runs)] = hole{first: pos, before: before}
		h.n++
	}
	run := &h.runs[(h.n-1)%len(h.runs)]
	run.last = pos
	if picture {
		if !run.pictures {
			run.pictures, run.firstTS = true, ts
		}
		run.lastTS = ts
	}
}

// before is the shift for a late packet at pos, given the newest; partial: the rest of its picture
// was left out. It says false if the packet itself was left out or is too long ago.
func (h *holes) before(pos int64, ts uint32, off shift) (s shift, partial, ok bool) {
	for i := h.n - 1; i >= 0; i-- {
		if i < h.n-len(h.runs) {
			return shift{}, false, false
		}
		run := &h.runs[i%len(h.runs)]
		if run.pictures && !newer(run.firstTS, ts) && !newer(ts, run.lastTS) {
			partial = true
		}
		if pos > run.last {
			break
		}
		if pos >= run.first {
			return shift{}, false, false
		}
		off = run.before
	}
	return off, partial, true
}
