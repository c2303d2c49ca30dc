package forward

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func packet(seq uint16, ts uint32) *Packet {
	return &Packet{Sequence: seq, Timestamp: ts, Payload: make([]byte, 100)}
}

func TestPacketsAreToldApart(t *testing.T) {
	r := NewReceiver(0)
	if r.Recovered(packet(9, 0), 0) != Stale {
		t.Error("a retransmission began the stream")
	}
	for i, c := range []struct {
		seq  uint16
		want Arrival
	}{
		{65534, Fresh}, {65535, Fresh}, {65535, Duplicate}, {2, Fresh}, {0, Late}, {0, Duplicate}, {65533, Late},
		{20000, Stale}, {3, Fresh}, {30000, Stale}, {30001, Fresh}, {30000, Late}, {3, Stale},
	} {
		if got := r.Receive(packet(c.seq, 0), 0); got != c.want {
			t.Errorf("%d: packet %d is %d, want %d", i, c.seq, got, c.want)
		}
	}
	if packets, octets := r.Received(); packets != 8 || octets != 800 {
		t.Errorf("received %d packets, %d bytes", packets, octets)
	}
}

func TestTheReportTellsWhatTheNetworkLost(t *testing.T) {
	r := NewReceiver(90000)
	if _, ok := r.Report(0); ok {
		t.Error("a report on nothing")
	}
	for seq := range uint16(100) {
		if seq%4 != 3 {
			r.Receive(packet(65500+seq, 0), 0)
		}
	}
	// 65503 comes back by retransmission, 65507 late by itself, 65508 twice.
	r.Recovered(packet(65503, 0), 0)
	r.Receive(packet(65507, 0), 0)
	r.Receive(packet(65508, 0), 0)
	rr, ok := r.Report(second)
	// 99 expected (the last, 63, is not yet missed); 75 and the late and the double one counted.
	if !ok || rr.TotalLost != 99-77 || rr.FractionLost != 22*256/99 || rr.HighestSequence != 1<<16|62 {
		t.Errorf("%+v", rr)
	}
	if rr.LastSR != 0 || rr.DelaySinceSR != 0 {
		t.Errorf("answers a sender report that never came: %+v", rr)
	}
	sent := ToNTP(1_700_000_000_123_456_789)
	r.SenderReport(sent, 5000, second)
	for seq := range uint16(10) {
		r.Receive(packet(63+seq, 0), 0)
	}
	rr, _ = r.Report(second + 500*ms)
	if rr.FractionLost != 0 || rr.TotalLost != 22 || rr.LastSR != sent.Middle() || rr.DelaySinceSR != 1<<15 {
		t.Errorf("%+v", rr)
	}
	// More than expected, by repetition: RFC 3550 has a negative total and no fraction.
	for range 30 {
		r.Receive(packet(72, 0), 0)
	}
	rr, _ = r.Report(2 * second)
	if rr.FractionLost != 0 || int32(rr.TotalLost<<8)>>8 != 22-30 {
		t.Errorf("%+v", rr)
	}
	if ts, ok := r.TimestampAt(sent + 1<<31); !ok || ts != 5000+45000 {
		t.Errorf("half a second later the timestamp is %d, %v", ts, ok)
	}
	if _, ok := NewReceiver(1).TimestampAt(sent); ok {
		t.Error("a timestamp without a sender report")
	}
}

func TestJitterIsHowUnevenlyPicturesCome(t *testing.T) {
	steady, uneven := NewReceiver(90000), NewReceiver(90000)
	for i := range 500 {
		at := Time(i) * 20 * ms
		off := Time(i%2) * 8 * ms
		for p := range uint16(3) { // one picture's packets come one after the other
			seq := uint16(3*i) + p
			steady.Receive(packet(seq, uint32(i)*1800), at+Time(p)*ms)
			uneven.Receive(packet(seq, uint32(i)*1800), at+off)
		}
	}
	if rr, _ := steady.Report(0); rr.Jitter != 0 {
		t.Errorf("steady: %d ticks", rr.Jitter)
	}
	if rr, _ := uneven.Report(0); rr.Jitter < 700 || rr.Jitter > 720 { // 8 ms are 720 ticks
		t.Errorf("8 ms to and fro: %d ticks", rr.Jitter)
	}
	uneven.Receive(packet(1500, 1<<31), 10*second)
	if rr, _ := uneven.Report(0); rr.Jitter > 720 {
		t.Errorf("a new clock is taken for jitter: %d ticks", rr.Jitter)
	}
}

func TestMissingPacketsAreAskedForAgainAndThenGivenUp(t *testing.T) {
	const rtt = 50 * time.Millisecond
	r := NewReceiver(0)
	r.Receive(packet(10, 0), 0)
	r.Receive(packet(12, 0), 0)
	if got := r.Missing(0, rtt, nil); len(got) != 0 {
		t.Errorf("asked for %v, which may just be late", got)
	}
	var asked []Time
	for at := ms; at < 2*second; at += ms {
		if got := r.Missing(at, rtt, nil); len(got) > 0 {
			if !slices.Equal(got, []uint16{11}) {
				t.Fatalf("asked for %v", got)
			}
			asked = append(asked, at)
		}
	}
	if len(asked) != maxTries || asked[0] != Time(reorderTime) {
		t.Errorf("asked at %v", asked)
	}
	for i := 1; i < len(asked); i++ {
		if d := asked[i].Sub(asked[i-1]); d < rtt || d > rtt+10*time.Millisecond {
			t.Errorf("asked again after %v", d)
		}
	}
	if r.GivenUp() != 1 || r.Incomplete() {
		t.Errorf("given up %d", r.GivenUp())
	}

	// With others behind it, it is asked for at once; and not when it came.
	r.Receive(packet(15, 0), 3*second)
	r.Receive(packet(14, 0), 3*second)
	if got := r.Missing(3*second, rtt, nil); !slices.Equal(got, []uint16{13}) {
		t.Errorf("asked for %v", got)
	}
	if r.Recovered(packet(13, 0), 3*second+ms) != Late || r.Incomplete() {
		t.Error("still missing")
	}
	if got := r.Missing(4*second, rtt, nil); len(got) != 0 || r.GivenUp() != 1 {
		t.Errorf("asked for %v", got)
	}

	// Too old is given up however seldom one asks; more than fits pushes out the oldest.
	r.Receive(packet(17, 0), 5*second)
	r.Missing(6*second, rtt, nil)
	if r.GivenUp() != 2 {
		t.Errorf("given up %d", r.GivenUp())
	}
	r.Receive(packet(18+maxMissing+10, 0), 7*second)
	if got := r.Missing(7*second, rtt, nil); len(got) != maxMissing-1 || got[0] != 28 || r.GivenUp() != 12 {
		t.Errorf("asked for %d from %d, given up %d", len(got), got[0], r.GivenUp())
	}
}

// Whatever the network does, a packet is let through once, and what is missing is what did not come.
func TestTheReceiverKnowsWhatCame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := NewReceiver(0)
		seq := rapid.Uint16().Draw(t, "sequence")
		r.Receive(packet(seq, 0), 0)
		came := map[uint16]bool{seq: true}
		first, newest := seq, seq
		for range rapid.IntRange(1, 300).Draw(t, "n") {
			this := newest + uint16(rapid.SampledFrom([]int{1, 1, 1, 2, 3, 0, -1, -2, -5, -20}).Draw(t, "step"))
			if int16(this-first) < 0 {
				continue
			}
			var got Arrival
			if rapid.Bool().Draw(t, "retransmission") {
				got = r.Recovered(packet(this, 0), 0)
			} else {
				got = r.Receive(packet(this, 0), 0)
			}
			want := Late
			switch {
			case came[this]:
				want = Duplicate
			case int16(this-newest) > 0:
				want = Fresh
				newest = this
			}
			came[this] = true
			if got != want {
				t.Fatalf("packet %d is %d, want %d", this, got, want)
			}
		}
		var want []uint16
		for s := first; s != newest; s++ {
			if !came[s] {
				want = append(want, s)
			}
		}
		if len(want) > maxMissing {
			return
		}
		if got := r.Missing(Time(reorderTime), 0, nil); !slices.Equal(got, want) {
			t.Fatalf("missing %v, want %v", got, want)
		}
	})
}

func TestALongGapIsGivenUpButForItsEnd(t *testing.T) {
	for _, gap := range []int{maxMissing - 1, maxMissing, maxMissing + 1, window - 1} {
		r := NewReceiver(0)
		r.Receive(packet(0, 0), 0)
		r.Receive(packet(4, 0), 0) // three missing
		r.Receive(packet(uint16(4+gap+1), 0), 0)
		want := min(3+gap, maxMissing)
		missing := r.Missing(Time(reorderTime), time.Second, nil)
		if len(missing) != want || missing[len(missing)-1] != uint16(4+gap) || int(r.GivenUp()) != 3+gap-want {
			t.Errorf("gap of %d: %d missing and %d given up", gap, len(missing), r.GivenUp())
		}
	}
}

func BenchmarkJumpingNumbers(b *testing.B) {
	r := NewReceiver(0)
	for i := range b.N {
		r.Receive(packet(uint16(i*window), 0), Time(i))
	}
}
