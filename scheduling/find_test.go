package scheduling

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const hour = int64(time.Hour / time.Millisecond)

// hours are stretches in hours since 1970.
func hours(all ...[2]float64) spans {
	var out []stretch
	for _, h := range all {
		out = append(out, stretch{int64(h[0] * float64(hour)), int64(h[1] * float64(hour))})
	}
	return merged(out)
}

func TestSpansAreWhatTheirMomentsAre(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		draw := func(name string) (spans, map[int64]bool) {
			var all []stretch
			in := map[int64]bool{}
			for range rapid.IntRange(0, 6).Draw(r, name) {
				from := rapid.Int64Range(0, 40).Draw(r, "from")
				until := from + rapid.Int64Range(0, 9).Draw(r, "length")
				all = append(all, stretch{from, until})
				for m := from; m < until; m++ {
					in[m] = true
				}
			}
			return merged(all), in
		}
		a, inA := draw("a")
		b, inB := draw("b")
		is := func(what string, got spans, want func(int64) bool) {
			for i := 1; i < len(got); i++ {
				if got[i-1].until >= got[i].from {
					r.Errorf("%s: %v is not sorted and apart", what, got)
				}
			}
			for m := int64(0); m < 60; m++ {
				if _, in := got.at(m); in != want(m) {
					r.Errorf("%s: %d is in %v: %t", what, m, got, in)
				}
			}
		}
		is("minus", a.minus(b), func(m int64) bool { return inA[m] && !inB[m] })
		is("and", a.and(b), func(m int64) bool { return inA[m] && inB[m] })
		is("merged", merged(slices.Concat(a, b)), func(m int64) bool { return inA[m] || inB[m] })
		length := rapid.Int64Range(1, 5).Draw(r, "length")
		is("starts", a.starts(length), func(m int64) bool {
			for k := m; k < m+length; k++ {
				if !inA[k] {
					return false
				}
			}
			return true
		})
		s := stretch{rapid.Int64Range(0, 40).Draw(r, "s"), 0}
		s.until = s.from + rapid.Int64Range(1, 9).Draw(r, "of")
		touches, holds := false, true
		for m := s.from; m < s.until; m++ {
			touches, holds = touches || inA[m], holds && inA[m]
		}
		if a.touches(s) != touches || a.holds(s) != holds {
			r.Errorf("%v in %v: touches %t, holds %t", s, a, a.touches(s), a.holds(s))
		}
	})
}

// week is a search from Monday at eight for half an hour.
func week(sides ...side) ask {
	return ask{sides: sides, parties: len(sides), length: hour / 2, now: -24 * hour, window: stretch{0, 5 * 24 * hour}, limit: 20, zone: time.UTC}
}

func one(required bool, l lane) side { return side{required: required, lanes: []lane{l}} }

func firstOf(t *testing.T, q ask) hit {
	t.Helper()
	best, _ := q.find()
	if len(best) == 0 {
		t.Fatal("no time is found")
	}
	return best[0]
}

func kinds(h hit) (out []string) {
	for _, r := range h.reasons {
		out = append(out, fmt.Sprint(r.Kind, r.Party))
	}
	return out
}

func TestWhoTravelsLeavesWithinTheHoursAndIsBackNotLongAfter(t *testing.T) {
	nurse := lane{open: hours([2]float64{8, 12}), before: hour / 2, after: hour / 2}
	got := nurse.starts(hour / 2)
	// From half past eight, so that she leaves at eight; until a quarter past eleven, so that
	// she is back a quarter past twelve.
	if want := (spans{{int64(8.5 * float64(hour)), int64(11.25*float64(hour)) + 1}}); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	h := firstOf(t, func() ask {
		q := week(one(true, nurse))
		q.window = stretch{int64(11.25 * float64(hour)), int64(11.25*float64(hour)) + 1}
		return q
	}())
	if k := kinds(h); !slices.Contains(k, "before-after-hours0") || !slices.Contains(k, "travel0") {
		t.Errorf("reasons: %v", k)
	}
}

func TestAPlaceWhereOnlyAFewMinutesFitIsFound(t *testing.T) {
	doctor := lane{open: hours([2]float64{8, 16}), firm: hours([2]float64{8, 10 + 20.0/60}, [2]float64{10 + 50.0/60, 16})}
	q := week(one(true, doctor))
	q.window = stretch{0, 24 * hour}
	if h := firstOf(t, q); h.starts != int64((10+20.0/60)*float64(hour)) {
		t.Errorf("at %s", time.UnixMilli(h.starts).UTC())
	}
}

func TestABufferIsKeptAroundWhatIsBooked(t *testing.T) {
	l := lane{open: hours([2]float64{8, 12}), firm: hours([2]float64{9, 10}), buffer: hour / 4}
	want := spans{{8 * hour, int64(8.25*float64(hour)) + 1}, {int64(10.25 * float64(hour)), int64(11.5*float64(hour)) + 1}}
	if got := l.starts(hour / 2); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestWhoIsNotRequiredStopsNothingAndCounts(t *testing.T) {
	free := lane{open: hours([2]float64{8, 16}, [2]float64{32, 40})}
	late := lane{open: hours([2]float64{14, 16}, [2]float64{32, 40})}
	best, n := week(one(true, free), one(false, late)).find()
	if n != 62 || len(best) != 20 {
		t.Fatalf("%d free, %d told", n, len(best))
	}
	if best[0].starts != 14*hour { // the first at which both can, an hour's wait being worth it
		t.Errorf("first %s, %v", time.UnixMilli(best[0].starts).UTC(), kinds(best[0]))
	}
}

func TestTimesAreSpreadOverTheDays(t *testing.T) {
	l := lane{open: hours([2]float64{8, 16}, [2]float64{32, 40}, [2]float64{56, 64})}
	best, _ := week(one(true, l)).find()
	days := map[int64]bool{}
	for _, h := range best[:3] {
		days[h.starts/(24*hour)] = true
	}
	if len(days) < 2 {
		t.Errorf("the first three are all on %v", days)
	}
}

func TestWhatIsLateForTheDeadlineComesLast(t *testing.T) {
	l := lane{open: hours([2]float64{8, 9}, [2]float64{32, 33}, [2]float64{56, 57})}
	q := week(one(true, l))
	q.deadline = 48 * hour // the end of the second day
	best, _ := q.find()
	last := best[len(best)-1]
	if last.starts < 56*hour || !slices.Contains(kinds(last), "after-deadline-1") || !slices.Contains(kinds(best[0]), "deadline-1") {
		t.Errorf("first %v, last %v", kinds(best[0]), kinds(last))
	}
}

func TestOfSeveralTheOneWithWorkNearbyIsFound(t *testing.T) {
	open := hours([2]float64{8, 16})
	pool := side{required: true, lanes: []lane{
		{subject: "idle", open: open},
		{subject: "near", open: open, firm: hours([2]float64{9, 10})},
	}}
	q := week(pool)
	q.window = stretch{10 * hour, 10*hour + 1}
	q.prepare()
	if l, ok := q.sides[0].at(10*hour, hour/2); !ok || l.subject != "near" {
		t.Errorf("%+v", l)
	}
	q.sides[0].lanes[1].firm = hours([2]float64{10, 11})
	q.prepare()
	if l, ok := q.sides[0].at(10*hour, hour/2); !ok || l.subject != "idle" {
		t.Errorf("%+v", l)
	}
}

func TestWhatWouldNearlyDoIsTold(t *testing.T) {
	doctor := lane{open: hours([2]float64{8, 8 + 20.0/60}, [2]float64{80, 81})}
	nurse := lane{open: hours([2]float64{8, 16}, [2]float64{80, 88})}
	q := week(one(true, doctor), one(true, nurse))
	near := q.nearly(80 * hour)
	if len(near) == 0 || near[0] != (near0(8*hour, hour/3, -1)) {
		t.Fatalf("%+v", near)
	}
	if len(near) < 2 || near[1].without != 0 || near[1].starts != 8*hour {
		t.Errorf("without the doctor: %+v", near)
	}
}

func near0(starts, length int64, without int) near { return near{starts, length, without} }

func TestWhyNobodyCanIsTold(t *testing.T) {
	open := hours([2]float64{8, 16})
	for _, tt := range []struct {
		want FaultRule
		lane lane
	}{
		{"", lane{open: open}},
		{NoHours, lane{}},
		{IsAway, lane{open: open, away: hours([2]float64{0, 24})}},
		{IsBusy, lane{open: open, firm: hours([2]float64{8, 16})}},
	} {
		if got := one(true, tt.lane).fault(hour / 2); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestATimeWithinADayIsLittleNotice(t *testing.T) {
	q := week(one(true, lane{open: hours([2]float64{8, 9}, [2]float64{32, 33})}))
	q.now = 0
	best, _ := q.find()
	if best[0].starts != 32*hour || !slices.Contains(kinds(best[len(best)-1]), "soon-1") {
		t.Errorf("first %v at %s", kinds(best[0]), time.UnixMilli(best[0].starts).UTC())
	}
}

// A search agrees with what anyone would find by trying each moment.
func TestCommonTimesAreThoseThatTryingFinds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		draw := func(name string, most int) spans {
			var all []stretch
			for range rapid.IntRange(0, most).Draw(r, name) {
				from := rapid.Int64Range(0, 60).Draw(r, "from") * fiveMin
				all = append(all, stretch{from, from + rapid.Int64Range(1, 30).Draw(r, "length")*fiveMin})
			}
			return merged(all)
		}
		q := week()
		q.length = rapid.Int64Range(1, 12).Draw(r, "length") * fiveMin
		q.window = stretch{0, 100 * fiveMin}
		for range rapid.IntRange(1, 3).Draw(r, "sides") {
			q.sides = append(q.sides, one(true, lane{
				open: draw("open", 3), firm: draw("firm", 3), away: draw("away", 1), elsewhere: draw("elsewhere", 1),
				before: rapid.Int64Range(0, 3).Draw(r, "before") * fiveMin, after: rapid.Int64Range(0, 3).Draw(r, "after") * fiveMin,
				buffer: rapid.Int64Range(0, 1).Draw(r, "buffer") * fiveMin,
			}))
		}
		can := func(l lane, m int64) bool {
			for k := m - l.before; k < m+q.length+l.after; k += fiveMin {
				step := stretch{k, k + fiveMin}
				if l.away.touches(step) || l.elsewhere.touches(step) || l.firm.touches(stretch{k - l.buffer, k + fiveMin + l.buffer}) {
					return false
				}
				in := l.open.holds(step)
				for late := int64(0); k >= m+q.length && late <= homeLate && !in; late += fiveMin { // on the way home
					in = l.open.holds(stretch{k - late, k - late + fiveMin})
				}
				if !in {
					return false
				}
			}
			return true
		}
		got := q.common(q.length, -1)
		for m := int64(0); m < 100*fiveMin; m += fiveMin {
			want := true
			for _, s := range q.sides {
				want = want && can(s.lanes[0], m)
			}
			if _, in := got.at(m); in != want {
				r.Fatalf("%d: found %t, want %t of %+v", m/fiveMin, in, want, q.sides)
			}
		}
	})
}
