package store

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid" // random rows of values, and the shortest that goes wrong

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
)

func TestPackedPointsAreUnpackedAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) point {
			return point{rapid.Int64().Draw(t, "at"), rapid.Int64().Draw(t, "name"), rapid.SliceOfN(rapid.Float64(), 0, 3).Draw(t, "values")}
		}), 0, 40).Draw(t, "points")
		packed := packPoints(points)
		got, err := unpackPoints(nil, packed)
		if err != nil || !slices.EqualFunc(got, points, equalPoints) {
			t.Fatalf("%v, %v", got, err)
		}
		if _, err := unpackPoints(nil, nil); err == nil {
			t.Fatal("nothing at all was unpacked")
		}
	})
}

func equalPoints(a, b point) bool {
	return a.compare(b) == 0 && slices.EqualFunc(a.values, b.values, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

func FuzzUnpackPoints(f *testing.F) {
	f.Add(packPoints([]point{{1_795_343_400_000, 7, []float64{141, 85}}, {1_795_343_460_000, -9, []float64{139, 84}}}))
	f.Add([]byte{packedV1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, packed []byte) {
		points, err := unpackPoints(nil, packed)
		if err != nil {
			return
		}
		again, err := unpackPoints(nil, packPoints(points))
		if err != nil || !slices.EqualFunc(again, points, equalPoints) {
			t.Errorf("%v, and again %v, %v", points, again, err)
		}
	})
}

// shelf is leaves as a database has them.
type shelf map[[2]int64]leaf

func (s shelf) sorted() []leaf {
	return slices.SortedFunc(maps.Values(s), func(a, b leaf) int { return a.first.compare(b.first) })
}

func (s shelf) apply(c leafChange) {
	for _, first := range c.gone {
		delete(s, [2]int64{first.at, first.name})
	}
	for _, l := range c.written {
		s[[2]int64{l.first.at, l.first.name}] = l
	}
}

// Whatever comes, late or in time, at one moment or over a year: leaves hold all of it in order,
// none is too large or empty, each is called by its first, and what comes in time fills them.
func TestLeavesHoldAllPointsInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		s, must := shelf{}, []point{}
		spread := rapid.SampledFrom([]int64{1, 40, 1_000_000}).Draw(t, "spread") // ms: 1 is all at one moment
		steps := rapid.IntRange(1, 12).Draw(t, "steps")
		for range steps {
			var added, gone []point
			for range rapid.IntRange(0, 700).Draw(t, "added") {
				p := point{chance.Int64N(spread), chance.Int64(), []float64{chance.Float64()}}
				added, must = append(added, p), append(must, p)
			}
			chance.Shuffle(len(must), func(i, j int) { must[i], must[j] = must[j], must[i] })
			old := must[:0:0]
			for _, p := range must {
				if !slices.ContainsFunc(added, func(q point) bool { return p.compare(q) == 0 }) {
					old = append(old, p)
				}
			}
			gone = old[:min(len(old), rapid.IntRange(0, 400).Draw(t, "gone"))]
			must = slices.DeleteFunc(must, func(p point) bool {
				return slices.ContainsFunc(gone, func(q point) bool { return p.compare(q) == 0 })
			})
			c, err := changeLeaves(s.sorted(), added, gone)
			if err != nil {
				t.Fatal(err)
			}
			s.apply(c)
			slices.SortFunc(must, point.compare)
			var got []point
			for _, l := range s.sorted() {
				if len(l.points) == 0 || len(l.points) > leafMost || l.points[0].compare(l.first) != 0 {
					t.Fatalf("a leaf of %d points, called %v", len(l.points), l.first)
				}
				got = append(got, l.points...)
			}
			if !slices.EqualFunc(got, must, equalPoints) {
				t.Fatalf("%d points, and there must be %d", len(got), len(must))
			}
		}
	})
}

func TestValuesInTheOrderOfTimeFillTheirLeaves(t *testing.T) {
	s := shelf{}
	for i := range int64(4 * leafMost) {
		c, err := changeLeaves(s.sorted(), []point{{at: i}}, nil)
		must(t, err)
		if len(c.written) > 2 {
			t.Fatalf("%d leaves are written for one value", len(c.written))
		}
		s.apply(c)
	}
	if len(s) != 4 {
		t.Errorf("%d leaves", len(s))
	}
}

func TestAPointThatIsNotInItsLeafIsToldAndNotPassedOver(t *testing.T) {
	leaves := []leaf{{first: point{at: 5}, points: []point{{at: 5}}}}
	if _, err := changeLeaves(leaves, nil, []point{{at: 6}}); err == nil {
		t.Error("what was not there was taken out")
	}
	if _, err := changeLeaves(leaves, []point{{at: 5}}, nil); err == nil {
		t.Error("one observation is there twice")
	}
}

// wantLeavesAsRows compares the series of each kind with what the rows say, and the leaves with
// their own rules.
func (w ward) wantLeavesAsRows(when string) {
	w.t.Helper()
	rows := map[clinical.KindID][]clinical.Observation{}
	for _, o := range w.observations(clinical.Query{Most: 1_000_000}) {
		rows[o.Kind] = append(rows[o.Kind], o)
	}
	for kind, all := range rows {
		good := slices.DeleteFunc(all, func(o clinical.Observation) bool { return o.Status == clinical.Wrong })
		slices.SortFunc(good, func(a, b clinical.Observation) int { return pointOf(a).compare(pointOf(b)) })
		points, first, err := w.Series(w.t.Context(), "olav", kind, time.Time{}, w.now.AddDate(1, 0, 0))
		must(w.t, err)
		if len(points) != len(good) {
			w.t.Fatalf("%s, %s: %d points, of %d rows", when, kind, len(points), len(good))
		}
		for i, o := range good {
			if p := points[i]; !p.At.Equal(o.Measured) || !slices.Equal(p.Values, o.Values) {
				w.t.Fatalf("%s, %s: point %d is %v, and its row %s at %v is %v", when, kind, i, p, o.ID, o.Measured, o.Values)
			}
		}
		if len(good) > 0 && !first.Equal(good[0].Measured) {
			w.t.Fatalf("%s, %s: the first is of %v, and its row of %v", when, kind, first, good[0].Measured)
		}
		// A stretch of it, which begins and ends at points or beside them.
		if n := len(good); n > 2 {
			from, until := good[n/3].Measured, good[2*n/3].Measured.Add(time.Millisecond)
			points, _, err := w.Series(w.t.Context(), "olav", kind, from, until)
			must(w.t, err)
			want := 0
			for _, o := range good {
				if !o.Measured.Before(from) && o.Measured.Before(until) {
					want++
				}
			}
			if len(points) != want {
				w.t.Fatalf("%s, %s: %d points within a stretch of %d", when, kind, len(points), want)
			}
		}
	}
	must(w.t, w.db.read(w.t.Context(), func(x *tx) error {
		type row struct{ count, bytes int }
		leaves, err := all(x, func(s scanner) (r row, err error) { return r, s.Scan(&r.count, &r.bytes) }, "SELECT count, LENGTH(points) FROM observation_leaves")
		for _, l := range leaves {
			if l.count < 1 || l.count > leafMost {
				w.t.Errorf("%s: a leaf says that it has %d points, in %d bytes", when, l.count, l.bytes)
			}
		}
		return err
	}))
}

// Bundles that come in time or late, at few moments or many, corrections and removals, and a
// rebuild at any time: on both databases leaves say what rows say.
func TestLeavesAlwaysSayWhatRowsSay(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		for seed := range uint64(4) {
			w := ward{db.Clinical(), t, p.clock.Now()}
			must(t, db.change(t.Context(), nil, nil, func(x *tx) error {
				for _, table := range []string{"observations", "observation_leaves"} {
					if _, err := x.exec("DELETE FROM " + table); err != nil {
						return err
					}
				}
				return nil
			}))
			chance := rand.New(rand.NewPCG(seed, 1))
			kinds := []clinical.KindID{clinical.BloodPressure, clinical.HeartRate}
			moments := [...]int{3, 300, 500_000, 20_000}[seed] // minutes
			var kept []clinical.Observation
			for step := range 10 {
				switch n := chance.IntN(10); {
				case n < 6 || len(kept) == 0:
					bundle := make([]clinical.Observation, 1+chance.IntN(700))
					for i := range bundle {
						o := w.measured(fmt.Sprintf("o%d-%d-%d", seed, step, i), kinds[chance.IntN(2)], chance.IntN(moments), float64(chance.IntN(100)))
						if o.Kind == clinical.BloodPressure {
							o.Values = append(o.Values, chance.Float64())
						}
						bundle[i] = o
					}
					if seed == 3 { // each later than all before
						slices.SortFunc(bundle, func(a, b clinical.Observation) int { return a.Measured.Compare(b.Measured) })
						for i := range bundle {
							bundle[i].Measured = w.now.Add(time.Duration(step*1000+i) * time.Minute)
						}
					}
					w.add(bundle...)
					kept = append(kept, bundle...)
				case n < 9:
					for range 12 {
						i := chance.IntN(len(kept))
						o := kept[i]
						if o.Status == clinical.Wrong {
							continue
						}
						o.Status = clinical.Amended
						switch chance.IntN(3) {
						case 0:
							o.Status = clinical.Wrong
						case 1:
							o.Measured = o.Measured.Add(time.Duration(chance.IntN(moments)) * time.Minute)
						default:
							o.Values = slices.Repeat([]float64{chance.Float64()}, len(o.Values))
						}
						kept[i] = w.correct(o)
					}
				default:
					must(t, w.RebuildSeries(t.Context(), "olav"))
				}
				w.wantLeavesAsRows(fmt.Sprintf("seed %d, step %d", seed, step))
			}
		}
	})
}

// SQLite says how it finds: what a page waits for is looked up, and neither searched for nor
// sorted. PostgreSQL chooses by what it has counted; there the benchmark tells.
func TestWhatAPageWaitsForIsFoundByIndices(t *testing.T) {
	db := newPlace(t, dbtest.SQLite(t)).open(t)
	must(t, db.read(t.Context(), func(x *tx) error {
		latest, kinds := db.main.dialect.latest([][]byte{{1}})
		const listed = "SELECT " + observationColumns + " FROM observations o WHERE o.patient = $1 AND o.measured_at >= $2 AND (o.measured_at, o.id) < ($3, $4)"
		const newest = " ORDER BY o.measured_at DESC, o.id DESC LIMIT $5"
		for what, q := range map[string]struct {
			query string
			args  []any
		}{
			"the latest": {latest, []any{"olav", kinds, 1, "x"}},
			"a kind":     {listed + " AND o.kind = $6" + newest, []any{"olav", 1, 2, "", 1, []byte{1}}},
			"all kinds":  {listed + newest, []any{"olav", 1, 2, "", 1}},
			"a trend":    {"SELECT points FROM observation_leaves WHERE " + fromLeaf + " AND starts < $4 ORDER BY starts, first", []any{"olav", []byte{1}, 1, 2}},
		} {
			plan, err := all(x, func(s scanner) (detail string, err error) {
				var id, parent, none int
				err = s.Scan(&id, &parent, &none, &detail)
				return detail, err
			}, "EXPLAIN QUERY PLAN "+q.query, q.args...)
			if err != nil {
				return err
			}
			// The few rows of the latest are put into the order of the kinds that were asked for.
			sorted := what != "the latest" && slices.ContainsFunc(plan, func(step string) bool { return strings.Contains(step, "TEMP B-TREE") })
			scanned := slices.ContainsFunc(plan, func(step string) bool { return strings.HasPrefix(step, "SCAN o") })
			if sorted || scanned || !strings.Contains(strings.Join(plan, " "), "SEARCH o") {
				t.Errorf("%s:\n%s", what, strings.Join(plan, "\n"))
			}
			t.Log(what, plan)
		}
		return nil
	}))
}
