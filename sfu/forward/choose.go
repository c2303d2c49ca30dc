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

	shortAt Time // when bits last were too few for what is wished
	short   bool
}

// ChooseConfig damps the choice. The zero value is useful.
type ChooseConfig struct {
	Margin float64       // how much more than its bitrate must be free for a larger layer; 0 means 0.15
	Hold   time.Duration // how long after bits were too few a line stays down; 0 means 3 s
}

// Choose sets Layer of every line of one subscriber so that together they fit in budget, which
// is for pictures alone: the caller has subtracted sound. Bits go in clinical order: the
// chosen picture first, up to the smallest layer that covers its size; then the rest, all
// raised in step. Going down is at once, going up needs a margin and, after bits were too
// few, time. A line that nobody sees or that nothing fits is Paused.
func Choose(lines []Demand, budget Bitrate, now Time, cfg ChooseConfig) { panic("todo") }

// Wanted is the layer that d's wish calls for if bits were free, sent by the publisher now
// or not; Paused if it isn't visible or there are none.
func Wanted(d *Demand) int { panic("todo") }

// Useful says which of a publication's layers are of use to anyone, given the demands of all its
// subscribers: out[i] belongs to layer i, out's length says how many. A publisher can switch the
// others off.
func Useful(demands []Demand, out []bool) { panic("todo") }
