package forward

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNTPTimesConvertThereAndBack(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		want NTP
	}{
		{time.Unix(0, 0), 2208988800 << 32},
		{time.Date(2036, 2, 7, 6, 28, 16, 0, time.UTC), 0}, // the era's end
		{time.Date(2026, 1, 1, 0, 0, 0, 5e8, time.UTC), 3976214400<<32 | 1<<31},
	} {
		if got := ToNTP(c.at.UnixNano()); got != c.want {
			t.Errorf("%v is %x, want %x", c.at, uint64(got), uint64(c.want))
		}
	}
	first, last := time.Date(1968, 2, 1, 0, 0, 0, 0, time.UTC).UnixNano(), time.Date(2104, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Int64Range(first, last).Draw(t, "at")
		if got := ToNTP(at).UnixNano(); got != at {
			t.Fatalf("%d came back as %d", at, got)
		}
		d := rapid.Int64Range(-1e15, 1e15).Draw(t, "later")
		if got := int64(ToNTP(at + d).Sub(ToNTP(at))); got < d-2 || got > d+2 {
			t.Fatalf("%d later came out as %d", d, got)
		}
	})
}

func TestRoundTripIsWhatTheReportTells(t *testing.T) {
	sent := ToNTP(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC).UnixNano())
	at := func(d time.Duration) NTP { return ToNTP(sent.UnixNano() + int64(d)) }
	held := toMiddle(250 * time.Millisecond)
	for _, c := range []struct {
		name string
		now  NTP
		lsr  uint32
		want time.Duration
		ok   bool
	}{
		{"50 ms", at(300 * time.Millisecond), sent.Middle(), 50 * time.Millisecond, true},
		{"a tick less than nothing", at(250*time.Millisecond - 15*time.Microsecond), sent.Middle(), 0, true},
		{"no report answered", at(time.Second), 0, 0, false},
		{"held longer than it took", at(100 * time.Millisecond), sent.Middle(), 0, false},
		{"over a minute", at(2 * time.Minute), sent.Middle(), 0, false},
	} {
		got, ok := RoundTrip(c.now, c.lsr, held)
		if ok != c.ok || (got-c.want).Abs() > 50*time.Microsecond {
			t.Errorf("%s: %v, %v", c.name, got, ok)
		}
	}
}

func TestTicksDoNotOverflow(t *testing.T) {
	if got := ticks(1000*time.Hour+time.Second/2, 90000); got != 1000*3600*90000+45000 {
		t.Errorf("1000 hours are %d ticks", got)
	}
	if got := ticks(-time.Second/2, 48000); got != -24000 {
		t.Errorf("minus half a second is %d ticks", got)
	}
	if toMiddle(-1) != 0 || toMiddle(time.Second) != 1<<16 || middleDuration(3<<16) != 3*time.Second {
		t.Error("1/65536 s")
	}
}
