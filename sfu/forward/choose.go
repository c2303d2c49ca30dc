package forward

import "time"

// Layer is one simulcast layer of a publication as measured now.
type Layer struct {
	Bitrate       Bitrate // 0: nothing comes
	Width, Height int     // 0: not known yet
}

// Wish is how a subscriber's page shows a publication.
type Wish struct {
	Visible       bool
	Chosen        bool // the picture the subscriber looks at: gets bits first
	Width, Height int  // device pixels; 0 means as large as there is
}

// Paused is the layer index of a line that gets nothing.
const Paused = -1

// Demand is one video line of one subscriber. The caller keeps it from one Choose to the next.
type Demand struct {
	Layers []Layer // smallest first; shared among subscribers, not written
	Wish   Wish
	Layer  int // index into Layers, or Paused: what is sent now; Choose replaces it

	shortAt Time // when bits last were too few for a larger layer
	short   bool // shortAt is set
}

// ChooseConfig damps the choice. The zero value is useful.
type ChooseConfig struct {
	Margin float64       // how much more than its bitrate must be free for a larger layer; 0 means 0.15
	Hold   time.Duration // how long bits must have been enough before a line goes up again; 0 means 3 s
}

// Choose sets Layer of every line of one subscriber so that together they fit in budget, which
// is for pictures alone: the caller has subtracted sound. Bits go in clinical order: the
// chosen pictures first, up to the smallest layer that covers their size; then the rest, all
// raised in step. Going down is at once, going up needs a margin and, after bits were too
// few, time. A line that nobody sees or that nothing fits is Paused.
func Choose(lines []Demand, budget Bitrate, now Time, cfg ChooseConfig) {
	if cfg.Margin == 0 {
		cfg.Margin = 0.15
	}
	if cfg.Hold == 0 {
		cfg.Hold = 3 * time.Second
	}
	c := chooser{now: now, cfg: cfg, left: budget}
	for i := range lines {
		if d := &lines[i]; d.Wish.Visible && d.Wish.Chosen {
			next := Paused
			for c.raise(d, &next) {
			}
			d.Layer = next
		}
	}

	// Rounds: everyone gets the lowest layer before anyone gets the next.
	var few [16]int
	next := few[:0]
	for range lines {
		next = append(next, Paused)
	}
	for raised := true; raised; {
		raised = false
		for i := range lines {
			if d := &lines[i]; d.Wish.Visible && !d.Wish.Chosen {
				raised = c.raise(d, &next[i]) || raised
			}
		}
	}
	for i := range lines {
		switch d := &lines[i]; {
		case !d.Wish.Visible:
			d.Layer, d.short = Paused, false
		case !d.Wish.Chosen:
			d.Layer = next[i]
		}
	}
}

type chooser struct {
	now  Time
	cfg  ChooseConfig
	left Bitrate
}

// raise takes a line from layer *at to the next one up that is of use, if its bits are left.
func (c *chooser) raise(d *Demand, at *int) bool {
	to := above(d, *at)
	if to == Paused {
		return false
	}
	var has Bitrate
	if *at != Paused {
		has = d.Layers[*at].Bitrate
	}
	need := d.Layers[to].Bitrate
	// A layer that costs less than the one below it is better for nothing.
	extra := need - min(need, has)
	up := to > d.Layer
	switch {
	case extra > c.left:
		d.short, d.shortAt = true, c.now
		return false
	case up && d.short && c.now.Sub(d.shortAt) < c.cfg.Hold:
		return false
	case up && float64(need)*c.cfg.Margin+float64(extra) > float64(c.left):
		return false
	}
	c.left -= extra
	if has > need {
		c.left += has - need
	}
	*at = to
	return true
}

// above is the lowest layer higher than at that comes in now, up to the wanted one; or, when
// none up to that comes in, the lowest that does; else Paused.
func above(d *Demand, at int) int {
	want := Wanted(d)
	for i := at + 1; i < len(d.Layers); i++ {
		if d.Layers[i].Bitrate > 0 && (i <= want || at == Paused) {
			return i
		}
	}
	return Paused
}

// Wanted is the layer that d's wish calls for if bits were free, sent by the publisher now
// or not; Paused if it isn't visible or there are none.
func Wanted(d *Demand) int {
	if !d.Wish.Visible {
		return Paused
	}
	for i := range d.Layers {
		if covers(&d.Layers[i], &d.Wish) {
			return i
		}
	}
	return len(d.Layers) - 1
}

// covers says whether the layer has a pixel for each that is shown. The whole picture is fitted into
// the wished box, so one side of the two decides. A small picture may lack a tenth: nobody
// sees it, and the next layer costs four times the bits; a chosen one is shown as it is.
func covers(l *Layer, w *Wish) bool {
	if w.Width <= 0 || w.Height <= 0 {
		return false
	}
	width, height := 10*l.Width, 10*l.Height
	if !w.Chosen {
		width, height = 11*l.Width, 11*l.Height
	}
	return width >= 10*w.Width || height >= 10*w.Height
}

// Useful says which of a publication's layers are of use to anyone, given the demands of all its
// subscribers: out[i] belongs to layer i, out's length says how many. A publisher can switch the
// others off.
//
// Of use are what is wanted and what is sent; the smallest, if anyone sees the publication, for
// whoever comes next and for the day bits get few; and, to one who gets less than is wanted, every step between.
func Useful(demands []Demand, out []bool) {
	clear(out)
	for i := range demands {
		d := &demands[i]
		want := Wanted(d)
		if want == Paused {
			continue
		}
		from := want
		if d.Layer < want {
			from = max(d.Layer, 0)
		}
		for l := from; l <= want && l < len(out); l++ {
			out[l] = true
		}
		if len(out) > 0 {
			out[0] = true
		}
		if d.Layer > want && d.Layer < len(out) && d.Layers[want].Bitrate == 0 {
			out[d.Layer] = true // until the wanted one comes
		}
	}
}
