package loadtest

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/loadtest/client"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

func TestQuantilesAreWithinThreePercent(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	var h, early histogram
	var all []time.Duration
	for i := range 20000 {
		d := time.Duration(rnd.ExpFloat64() * float64(time.Millisecond))
		if i < 5000 {
			early.add(d)
		} else {
			all = append(all, d)
		}
		h.add(d)
	}
	highest := h.max
	h.sub(&early)
	slices.Sort(all)
	for _, q := range []float64{0.01, 0.5, 0.95, 0.99, 0.999} {
		want := all[int(q*float64(len(all)))]
		if got := h.quantile(q); float64(got) < 0.97*float64(want) || float64(got) > 1.04*float64(want) {
			t.Errorf("quantile %v: %s, want %s", q, got, want)
		}
	}
	if got := h.quantile(1); got > highest || h.max != highest {
		t.Errorf("highest %s, want %s", got, highest)
	}
	var sum histogram
	sum.merge(&h)
	sum.merge(&early)
	if sum.n != 20000 || sum.max != highest {
		t.Errorf("merged %d, max %s", sum.n, sum.max)
	}
	if got := new(histogram).quantile(0.5); got != 0 {
		t.Errorf("of nothing: %s", got)
	}
	var odd histogram
	odd.add(-time.Second)
	odd.add(time.Hour)
	if odd.n != 2 || odd.quantile(0.1) != 0 || odd.max != time.Hour {
		t.Errorf("beyond the range: %d, %s", odd.n, odd.quantile(0.1))
	}
}

func TestCountersAreNewOnce(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	var c counterSet
	seen := map[uint32]bool{}
	highest := uint32(0)
	for range 50000 {
		n := highest + 1 + rnd.Uint32N(3)
		if rnd.IntN(4) == 0 && highest > 500 {
			n = highest - rnd.Uint32N(400)
		}
		if rnd.IntN(1000) == 0 {
			n = highest + 5000 // everything before is forgotten, and not asked for again below
			highest = n + 500
			for k := n; k <= highest; k++ {
				seen[k] = true
				if !c.add(k) {
					t.Fatalf("%d was not new after a leap", k)
				}
			}
			continue
		}
		if got := c.add(n); got == seen[n] {
			t.Fatalf("%d: new %v, seen before %v", n, got, seen[n])
		}
		seen[n] = true
		highest = max(highest, n)
	}
}

// arrives gives the tally a packet.
func arrives(t *tally, line *client.Line, s stamp, after time.Duration) {
	payload := make([]byte, 100)
	s.put(payload)
	t.add(&client.Received{Line: line, Packet: forward.Packet{Payload: payload}, At: s.sent.Add(after)})
}

func TestATallyCountsWhatWasSentInItsWindow(t *testing.T) {
	var w window
	ta := newTally(&w)
	line := &client.Line{}
	at := func(counter uint32, sent int) stamp {
		return stamp{member: 1, track: 1, counter: counter, sent: forward.Time(sent)}
	}
	arrives(ta, line, at(1, 10), 1) // before there is a window
	w.open(100)
	arrives(ta, line, at(2, 99), 1)
	arrives(ta, line, at(3, 100), 5)
	arrives(ta, line, at(3, 100), 9) // twice
	arrives(ta, line, at(6, 110), 5) // 4 and 5 are missing
	arrives(ta, line, at(5, 109), 8) // late, not lost
	w.shut(120)
	arrives(ta, line, at(7, 119), 900) // sent in time
	arrives(ta, line, at(8, 120), 1)
	ta.add(&client.Received{Line: line, Packet: forward.Packet{Payload: []byte("someone else's")}, At: 115})
	ta.add(&client.Received{Line: line, At: 115}) // padding

	var s sums
	ta.into(&s)
	if s.packets != 5 || s.unique != 4 || s.duplicates != 1 || s.gaps != 1 || s.strangers != 1 {
		t.Errorf("%d packets, %d unique, %d twice, %d missing, %d strangers", s.packets, s.unique, s.duplicates, s.gaps, s.strangers)
	}
	if s.delay.n != 4 || s.delay.max != 900 {
		t.Errorf("%d delays, longest %d", s.delay.n, s.delay.max)
	}
}

func TestASwitchOfLayersIsNoLoss(t *testing.T) {
	var w window
	w.open(1)
	ta := newTally(&w)
	line, other := &client.Line{}, &client.Line{}
	at := func(track uint8, counter uint32) stamp {
		return stamp{member: 1, track: track, counter: counter, sent: 50}
	}
	for _, s := range []stamp{at(1, 1), at(1, 2), at(3, 40), at(3, 41), at(1, 30), at(1, 31), at(1, 33)} {
		arrives(ta, line, s, 1)
	}
	arrives(ta, other, stamp{member: 2, track: 1, counter: 7, sent: 50}, 1)
	var s sums
	ta.into(&s)
	if s.gaps != 1 || s.unique != 8 {
		t.Errorf("%d missing of %d, want 1 of 8: only the 32nd of layer 1", s.gaps, s.unique)
	}
}

func TestARunThatItsGeneratorHasSpoiltIsVoid(t *testing.T) {
	good := Result{Received: 1, Expected: 10000, OverflowGenerator: 1, Generator: 0.85}
	if v := good.void("service"); len(v) != 0 {
		t.Errorf("85 %% is allowed: %v", v)
	}
	for _, bad := range []Result{{Received: 1, Generator: 0.86}, {Received: 0}, {Received: 1, Expected: 10000, OverflowGenerator: 2}} {
		if v := bad.void("service"); len(v) != 1 {
			t.Errorf("%+v: %v", bad, v)
		}
	}
}

func TestOtherWorkOnTheMachineIsTold(t *testing.T) {
	if n := (Result{Others: 0.1}).notes("service"); len(n) != 0 {
		t.Errorf("a tenth of a core is allowed: %v", n)
	}
	if n := (Result{Others: 0.2}).notes("service"); len(n) != 1 {
		t.Errorf("a fifth of a core: %v", n)
	}
}

func TestANumberOfRoomsIsHeldWithinDelayAndLoss(t *testing.T) {
	held := Result{Expected: 10000, Received: 9991, Lost: 9, DelayP99: 49 * time.Millisecond}
	if !held.held() {
		t.Error("within both limits")
	}
	late, lossy := held, held
	late.DelayP99 = 50 * time.Millisecond
	lossy.Lost = 10
	if late.held() || lossy.held() || (Result{}).held() {
		t.Error("beyond a limit, or nothing at all")
	}
}

func TestJoinsAreSummedUpByQuantiles(t *testing.T) {
	var all []client.Timings
	for i := 20; i > 0; i-- {
		ms := time.Duration(i) * time.Millisecond
		all = append(all, client.Timings{FirstPacket: ms, FirstFrame: 2 * ms, LastFrame: 3 * ms, Pictures: 2})
	}
	all[0].Pictures = 1 // the slowest
	j := summary(all, 2)
	want := Joins{
		Count: 20, Failed: 2, Partial: 1,
		FirstPacketP50: 11e6, FirstPacketP95: 20e6, FirstKeyframeP50: 22e6, FirstKeyframeP95: 40e6,
		AllPicturesP50: 30e6, AllPicturesP95: 57e6,
	}
	if j != want {
		t.Errorf("got  %+v\nwant %+v", j, want)
	}
	if j := summary(nil, 1); j != (Joins{Failed: 1}) {
		t.Errorf("of nothing: %+v", j)
	}
}

func TestASearchFindsWhatOneCoreHoldsWithinATenth(t *testing.T) {
	for _, tc := range []struct{ from, holds, drives int }{
		{20, 73, 1000}, {20, 7, 1000}, {1, 1, 1000}, {20, 20, 1000}, {10, 500, 90}, {20, 0, 1000},
	} {
		var tried []int
		r, err := findMost(tc.from, func(rooms int) (Report, error) {
			tried = append(tried, rooms)
			p := Report{Rooms: rooms, Service: Result{Received: 1, Expected: 1, DelayP99: time.Millisecond}}
			if rooms > tc.holds {
				p.Service.DelayP99 = time.Second
			}
			if rooms > tc.drives {
				p.Void = []string{"the generator is too busy"}
			}
			return p, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		limit := min(tc.holds, tc.drives)
		if r.Most > limit || r.Most < limit-max(limit/10, 1) {
			t.Errorf("%+v: found %d, tried %v", tc, r.Most, tried)
		}
		if r.Most != r.Rooms || len(r.Search) != len(tried) {
			t.Errorf("%+v: the report is that of %d rooms with %d of %d steps", tc, r.Rooms, len(r.Search), len(tried))
		}
		if void := len(r.Void) > 0; void != (r.Most == 0) {
			t.Errorf("%+v: void %v", tc, r.Void)
		}
	}
}
