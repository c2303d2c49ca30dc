package clinical

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestAThinnedRowKeepsItsExtremes thins rows of any length, spread evenly or in heaps.
func TestAThinnedRowKeepsItsExtremes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		components := rapid.IntRange(1, 2).Draw(r, "components")
		most := rapid.IntRange(10, 300).Draw(r, "most")
		steps := rapid.SliceOfN(rapid.Int64Range(0, int64(48*time.Hour)), 0, 800).Draw(r, "steps")
		at := time.Date(2025, 11, 23, 12, 0, 0, 0, time.UTC)
		var row []Point
		for range steps {
			row = append(row, Point{Values: rapid.SliceOfN(rapid.Float64Range(-50, 300), components, components).Draw(r, "values")})
		}
		for i, step := range steps {
			at = at.Add(time.Duration(step))
			row[i].At = at
		}
		before := slices.Clone(row)
		got := thin(row, most)
		if len(got) > max(most, 2) {
			r.Fatalf("%d of %d are kept, and at most %d may be", len(got), len(row), most)
		}
		if len(row) <= most && len(got) != len(row) {
			r.Fatalf("%d of %d are kept where all could be", len(got), len(row))
		}
		if len(row) == 0 {
			return
		}
		same := func(a, b Point) bool { return a.At.Equal(b.At) && slices.Equal(a.Values, b.Values) }
		if !same(got[0], row[0]) || !same(got[len(got)-1], row[len(row)-1]) {
			r.Fatal("the first or the last is gone")
		}
		next := 0 // each that is kept is one of the row, in its order
		for _, p := range got {
			i := slices.IndexFunc(row[next:], func(q Point) bool { return same(p, q) })
			if i < 0 {
				r.Fatalf("%v is none of the row, or out of order", p)
			}
			next += i + 1
		}
		for c := range components {
			value := func(a, b Point) int {
				switch {
				case a.Values[c] < b.Values[c]:
					return -1
				case a.Values[c] > b.Values[c]:
					return 1
				}
				return 0
			}
			if slices.MinFunc(got, value).Values[c] != slices.MinFunc(row, value).Values[c] ||
				slices.MaxFunc(got, value).Values[c] != slices.MaxFunc(row, value).Values[c] {
				r.Fatalf("an extreme of component %d is gone", c)
			}
		}
		for i := range row {
			if !same(row[i], before[i]) {
				r.Fatal("the row itself was changed")
			}
		}
	})
}

func TestAnExtremeOfEachStretchIsKept(t *testing.T) {
	var row []Point
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 10_000 {
		row = append(row, Point{At: start.Add(time.Duration(i) * time.Minute), Values: []float64{70}})
	}
	for _, i := range []int{1, 777, 5000, 9998} { // a value for a minute is a line in the picture
		row[i].Values = []float64{120}
	}
	n := 0
	for _, p := range thin(row, 100) {
		if p.Values[0] == 120 {
			n++
		}
	}
	if n != 4 {
		t.Errorf("%d of 4 are kept", n)
	}
}

func TestAMeanIsOfItsTimeAndRoundedAsItsKind(t *testing.T) {
	kinds, err := ReadKinds()
	if err != nil {
		t.Fatal(err)
	}
	kind, _ := kinds.Kind(BloodPressure)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	points := []Point{
		{now.AddDate(0, 0, -8), []float64{200, 100}}, {now.AddDate(0, 0, -7), []float64{120, 80}}, {now, []float64{121, 83}},
	}
	if m := meanOf(kind, points, now.AddDate(0, 0, -7)); m.Count != 2 || !slices.Equal(m.Values, []float64{121, 82}) {
		t.Errorf("of a week: %+v", m) // 120.5 and 81.5, rounded
	}
	if m := meanOf(kind, points, now.AddDate(0, 0, 1)); m.Count != 0 || m.Values != nil {
		t.Errorf("of nothing: %+v", m)
	}
}

func TestWhoIsSixteenTodayIsGrownUp(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for born, want := range map[time.Time]bool{
		{}: true, time.Date(2010, 11, 23, 0, 0, 0, 0, time.UTC): true, time.Date(2010, 11, 24, 0, 0, 0, 0, time.UTC): false,
		time.Date(1940, 1, 1, 0, 0, 0, 0, time.UTC): true,
	} {
		if got := adult(born, now); got != want {
			t.Errorf("born %s: %t", born, got)
		}
	}
}
