package store

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/keyring"
)

var mariBjork = clinical.Performer{Person: "mari", Name: "Mari Bjørk", Role: access.Nurse, Organisation: "fjordvik"}

// ward is a store in which olav is measured.
type ward struct {
	*Clinical
	t   testing.TB
	now time.Time
}

func eachWard(t *testing.T, test func(t *testing.T, w ward)) {
	t.Helper()
	each(t, func(t *testing.T, p place) { test(t, ward{p.open(t).Clinical(), t, p.clock.Now()}) })
}

// measured is a value of olav's, so many minutes ago.
func (w ward) measured(id string, kind clinical.KindID, ago int, values ...float64) clinical.Observation {
	return clinical.Observation{
		ID: clinical.ObservationID(id), Version: 1, Patient: "olav", Kind: kind, Values: values, Status: clinical.Final,
		Measured: w.now.Add(-time.Duration(ago) * time.Minute), Received: w.now, Method: clinical.ByHand, Performer: mariBjork, Key: "key-" + id,
	}
}

func (w ward) add(all ...clinical.Observation) {
	w.t.Helper()
	added, err := w.Add(w.t.Context(), all, nil)
	must(w.t, err)
	for i, a := range added {
		if a.Known || a.ID != all[i].ID {
			w.t.Errorf("%s was kept as %s, known: %t", all[i].ID, a.ID, a.Known)
		}
	}
}

// correct makes o the next version.
func (w ward) correct(o clinical.Observation) clinical.Observation {
	w.t.Helper()
	o.Correction = &clinical.Correction{By: mariBjork, At: w.now, Reason: "las feil"}
	out, err := w.Correct(w.t.Context(), o, nil)
	must(w.t, err)
	return out
}

func (w ward) observations(q clinical.Query) []clinical.Observation {
	w.t.Helper()
	out, err := w.Observations(w.t.Context(), "olav", q)
	must(w.t, err)
	return out
}

func (w ward) one(id clinical.ObservationID) clinical.Observation {
	w.t.Helper()
	found := w.observations(clinical.Query{IDs: []clinical.ObservationID{id}})
	if len(found) != 1 {
		w.t.Fatalf("%d observations are called %s", len(found), id)
	}
	return found[0]
}

func (w ward) latest(each int, kinds ...clinical.KindID) map[clinical.KindID][]clinical.Observation {
	w.t.Helper()
	out, err := w.Latest(w.t.Context(), "olav", kinds, each)
	must(w.t, err)
	return out
}

func (w ward) series(kind clinical.KindID) []clinical.Point {
	w.t.Helper()
	points, _, err := w.Series(w.t.Context(), "olav", kind, time.Time{}, w.now.AddDate(1, 0, 0))
	must(w.t, err)
	return points
}

func wantEqual(t testing.TB, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func wantIDs(t testing.TB, what string, got []clinical.Observation, want ...clinical.ObservationID) {
	t.Helper()
	var ids []clinical.ObservationID
	for _, o := range got {
		ids = append(ids, o.ID)
	}
	if !slices.Equal(ids, want) {
		t.Errorf("%s: %v, want %v", what, ids, want)
	}
}

func TestAValueComesBackWithAllThatIsKnownOfIt(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		o := w.measured("o1", clinical.BloodPressure, 3, 141, 0.1+0.2)
		o.Method, o.Device = clinical.ByDevice, clinical.Device{Name: "Blodtrykksmålar", Model: "AND UA-651", ID: "5131"}
		o.Site, o.Position, o.Note, o.Consultation, o.DerivedFrom = "venstre arm", "sitjande", "roleg", "c1", []string{"photo-1"}
		least := w.measured("o2", clinical.Weight, 3, math.SmallestNonzeroFloat64)
		most := w.measured("o3", clinical.Weight, 2, -math.MaxFloat64)
		w.add(o, least, most)
		wantEqual(t, "read by its id", w.one("o1"), o)
		wantEqual(t, "the latest", w.latest(1, clinical.BloodPressure)[clinical.BloodPressure], []clinical.Observation{o})
		wantEqual(t, "the list", w.observations(clinical.Query{Kind: clinical.BloodPressure, Most: 10}), []clinical.Observation{o})
		wantEqual(t, "the series", w.series(clinical.BloodPressure), []clinical.Point{{At: o.Measured, Values: o.Values}})
		wantEqual(t, "the least and the greatest number", w.series(clinical.Weight),
			[]clinical.Point{{At: least.Measured, Values: least.Values}, {At: most.Measured, Values: most.Values}})
		if other, err := w.Observations(t.Context(), "kari", clinical.Query{IDs: []clinical.ObservationID{"o1"}}); err != nil || len(other) != 0 {
			t.Errorf("asked for as another's: %v, %v", other, err)
		}
	})
}

func TestAValueThatIsSentAgainIsKeptOnce(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		ctx := t.Context()
		first := w.measured("o1", clinical.HeartRate, 5, 88)
		added, err := w.Add(ctx, []clinical.Observation{first}, []audit.Entry{entry("a1")})
		must(t, err)
		wantEqual(t, "the first time", added, []clinical.Added{{Observation: first}})

		again := w.measured("o2", clinical.HeartRate, 5, 88)
		again.Key, again.Received = first.Key, w.now.Add(time.Hour)
		added, err = w.Add(ctx, []clinical.Observation{again}, []audit.Entry{entry("a2")})
		must(t, err)
		wantEqual(t, "sent again", added, []clinical.Added{{Observation: first, Known: true}})
		if n := rows(t, w.db, "audit_entries"); n != 1 {
			t.Errorf("%d entries for one change", n)
		}

		// With something new beside it, and itself twice in one bundle.
		fresh, twice := w.measured("o3", clinical.HeartRate, 4, 90), w.measured("o4", clinical.HeartRate, 4, 90)
		twice.Key = fresh.Key
		added, err = w.Add(ctx, []clinical.Observation{again, fresh, twice}, []audit.Entry{entry("a3")})
		must(t, err)
		wantEqual(t, "one new of three", added, []clinical.Added{{Observation: first, Known: true}, {Observation: fresh}, {Observation: fresh, Known: true}})
		if n := rows(t, w.db, "audit_entries"); n != 2 {
			t.Errorf("%d entries for two changes", n)
		}

		// Corrected since: what is sent again is what was sent, and is answered as it is now.
		wrong := first
		wrong.Status = clinical.Wrong
		wrong = w.correct(wrong)
		added, err = w.Add(ctx, []clinical.Observation{again}, nil)
		must(t, err)
		wantEqual(t, "sent again after a correction", added, []clinical.Added{{Observation: wrong, Known: true}})

		// Another's key is another, and who gives none is not asked.
		per := w.measured("o5", clinical.HeartRate, 5, 70)
		per.Key, per.Performer = first.Key, clinical.Performer{Person: "per", Role: access.GP}
		a, b := w.measured("o6", clinical.HeartRate, 5, 71), w.measured("o7", clinical.HeartRate, 5, 71)
		a.Key, b.Key = "", ""
		w.add(per, a, b)
	})
}

func TestAKeyIsRefusedForAnotherValueAndNothingIsKept(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		first := w.measured("o1", clinical.HeartRate, 5, 88)
		w.add(first)
		for what, change := range map[string]func(*clinical.Observation){
			"value":  func(o *clinical.Observation) { o.Values = []float64{89} },
			"kind":   func(o *clinical.Observation) { o.Kind = clinical.RespiratoryRate },
			"time":   func(o *clinical.Observation) { o.Measured = o.Measured.Add(time.Millisecond) },
			"method": func(o *clinical.Observation) { o.Method = clinical.Reported },
			"device": func(o *clinical.Observation) { o.Device.ID = "5131" },
		} {
			other := first
			other.ID = "o2"
			change(&other)
			fresh := w.measured("o3", clinical.HeartRate, 4, 90)
			_, err := w.Add(t.Context(), []clinical.Observation{fresh, other}, []audit.Entry{entry("a1")})
			item, ok := errors.AsType[*clinical.ItemError](err)
			if !ok || item.Index != 1 || !errors.Is(err, clinical.ErrKeyTaken) {
				t.Errorf("another %s: %v, want that items[1] is refused", what, err)
			}
		}
		wantIDs(t, "kept", w.observations(clinical.Query{Most: 10}), "o1")
		wantEqual(t, "the series", len(w.series(clinical.HeartRate)), 1)
		if n := rows(t, w.db, "audit_entries"); n != 0 {
			t.Errorf("%d entries of what was refused", n)
		}
	})
}

// Two devices of one nurse, on two nodes, send the same queue at the same moment, and others theirs.
func TestOfManyWhoSendAtOnceNothingIsLostOrKeptTwice(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		const senders, values = 8, 20
		var fresh atomic.Int64
		var all sync.WaitGroup
		for n := range senders {
			all.Go(func() {
				for v := range values {
					o := w.measured(fmt.Sprintf("o%d-%d", n, v), clinical.OxygenSaturation, v, 97)
					o.Key = fmt.Sprintf("key-%d-%d", n/2, v) // two and two send the same
					added, err := w.Add(t.Context(), []clinical.Observation{o}, nil)
					if err != nil {
						t.Error(err)
						return
					}
					if !added[0].Known {
						fresh.Add(1)
					}
				}
			})
		}
		all.Wait()
		if n := fresh.Load(); n != senders/2*values {
			t.Errorf("%d were told that theirs is new, of %d", n, senders/2*values)
		}
		if n := rows(t, w.db, "observations"); n != senders/2*values {
			t.Errorf("%d are kept, of %d", n, senders/2*values)
		}
		w.wantLeavesAsRows("after all")
	})
}

func TestACorrectedValueStaysBesideWhatItWas(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		ctx := t.Context()
		first := w.measured("o1", clinical.Weight, 60, 82.4)
		w.add(first, w.measured("o2", clinical.Weight, 90, 82.1))
		amended := first
		amended.Status, amended.Values = clinical.Amended, []float64{84.2}
		amended = w.correct(amended)
		if amended.Version != 2 {
			t.Errorf("version %d", amended.Version)
		}
		wantEqual(t, "corrected", w.one("o1"), amended)
		wantEqual(t, "in the series", w.series(clinical.Weight)[1], clinical.Point{At: first.Measured, Values: []float64{84.2}})

		late := amended
		late.Version = 1
		if _, err := w.Correct(ctx, late, nil); !errors.Is(err, clinical.ErrVersion) {
			t.Errorf("by an earlier version: %v", err)
		}
		other := amended
		other.Patient = "kari"
		if _, err := w.Correct(ctx, other, nil); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("as another patient's: %v", err)
		}

		wrong := amended
		wrong.Status = clinical.Wrong
		wrong = w.correct(wrong)
		wantIDs(t, "the latest", w.latest(5, clinical.Weight)[clinical.Weight], "o2")
		wantEqual(t, "values in the series", len(w.series(clinical.Weight)), 1)
		wantEqual(t, "the list, with wrong ones", w.observations(clinical.Query{Kind: clinical.Weight, Most: 1}), []clinical.Observation{wrong})
		versions, err := w.Versions(ctx, "olav", "o1")
		must(t, err)
		wantEqual(t, "all that it has been", versions, []clinical.Observation{first, amended, wrong})

		// Measured at another time after all.
		moved := w.one("o2")
		moved.Status, moved.Measured = clinical.Amended, w.now.Add(-30*24*time.Hour)
		moved = w.correct(moved)
		wantEqual(t, "moved", w.series(clinical.Weight), []clinical.Point{{At: moved.Measured, Values: moved.Values}})
		w.wantLeavesAsRows("after corrections")
		moved.Status = clinical.Wrong
		w.correct(moved)
		if n := rows(t, w.db, "observation_leaves"); n != 0 {
			t.Errorf("%d leaves of nothing", n)
		}
	})
}

func TestTwoWhoCorrectAtOnceAreOne(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		first := w.measured("o1", clinical.Weight, 60, 82.4)
		w.add(first)
		var done, late atomic.Int64
		var all sync.WaitGroup
		for n := range 6 {
			all.Go(func() {
				o := first
				o.Status, o.Values = clinical.Amended, []float64{80 + float64(n)}
				switch _, err := w.Correct(t.Context(), o, nil); {
				case err == nil:
					done.Add(1)
				case errors.Is(err, clinical.ErrVersion):
					late.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if done.Load() != 1 || late.Load() != 5 {
			t.Errorf("%d corrected it, %d were late", done.Load(), late.Load())
		}
		w.wantLeavesAsRows("after all")
	})
}

func TestTheLatestOfEachKindAreTheNewestFirst(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		for i := range 5 {
			w.add(w.measured(fmt.Sprintf("p%d", i), clinical.HeartRate, 10*i, 80), w.measured(fmt.Sprintf("t%d", i), clinical.Temperature, 10*i+5, 37))
		}
		kari := w.measured("kari", clinical.HeartRate, 0, 60)
		kari.Patient = "kari"
		w.add(kari)
		got := w.latest(3, clinical.Temperature, clinical.HeartRate, clinical.Glucose)
		wantIDs(t, "pulse", got[clinical.HeartRate], "p0", "p1", "p2")
		wantIDs(t, "temperature", got[clinical.Temperature], "t0", "t1", "t2")
		if len(got) != 2 {
			t.Errorf("%d kinds", len(got))
		}
		if none := w.latest(3); len(none) != 0 {
			t.Errorf("of no kind: %v", none)
		}
	})
}

func TestAListGoesOnWhereItsPageEnded(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		var bundle []clinical.Observation
		for i := range 9 { // three at each moment
			bundle = append(bundle, w.measured(fmt.Sprintf("o%d", i), clinical.HeartRate, i/3*10, 80))
		}
		w.add(bundle...)
		w.add(w.measured("t1", clinical.Temperature, 5, 37))
		q := clinical.Query{Kind: clinical.HeartRate, Most: 4}
		page := w.observations(q)
		wantIDs(t, "the first page", page, "o2", "o1", "o0", "o5")
		q.Before, q.BeforeID = page[3].Measured, page[3].ID
		wantIDs(t, "the second", w.observations(q), "o4", "o3", "o8", "o7")
		q.BeforeID = ""
		wantIDs(t, "before a moment", w.observations(q), "o8", "o7", "o6")
		q.Since, q.Before = w.now.Add(-10*time.Minute), time.Time{}
		q.Most = 100
		wantIDs(t, "since a moment", w.observations(q), "o2", "o1", "o0", "o5", "o4", "o3")
		wantIDs(t, "of every kind", w.observations(clinical.Query{Most: 4}), "o2", "o1", "o0", "t1")
	})
}

func TestASeriesIsOfItsTime(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		for _, ago := range []int{30, 20, 10, 0} {
			w.add(w.measured(fmt.Sprint("o", ago), clinical.HeartRate, ago, float64(ago)))
		}
		at := func(ago int) time.Time { return w.now.Add(-time.Duration(ago) * time.Minute) }
		points, first, err := w.Series(t.Context(), "olav", clinical.HeartRate, at(20), at(0))
		must(t, err)
		wantEqual(t, "from 20 minutes ago until now", points, []clinical.Point{{At: at(20), Values: []float64{20}}, {At: at(10), Values: []float64{10}}})
		wantEqual(t, "the first of all", first, at(30))
		points, first, err = w.Series(t.Context(), "olav", clinical.Weight, at(20), at(0))
		if err != nil || len(points) != 0 || !first.IsZero() {
			t.Errorf("never measured: %v, %v, %v", points, first, err)
		}
	})
}

func TestLimitsHaveVersions(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		ctx := t.Context()
		none, err := w.Limits(ctx, "olav")
		must(t, err)
		wantEqual(t, "before any", none, clinical.Limits{})
		low, high := 36.1, 38.0
		l := clinical.Limits{
			Kinds: []clinical.KindLimits{{
				Kind: clinical.Temperature, Limits: []clinical.Limit{{Green: clinical.Range{Low: &low, High: &high}}}, Rise: clinical.Change{Days: 3, Yellow: 1.5},
			}},
			PlanVersion: 4, ScaleTwo: &clinical.Decision{By: mariBjork, At: w.now}, Set: w.now, By: mariBjork,
		}
		kept, err := w.SaveLimits(ctx, "olav", l, []audit.Entry{entry("a1")})
		must(t, err)
		l.Version = 1
		wantEqual(t, "as answered", kept, l)
		got, err := w.Limits(ctx, "olav")
		must(t, err)
		wantEqual(t, "as read", got, l)

		for what, version := range map[string]int64{"the one before": 0, "one to come": 2} {
			l.Version = version
			if _, err := w.SaveLimits(ctx, "olav", l, []audit.Entry{entry("a2")}); !errors.Is(err, clinical.ErrVersion) {
				t.Errorf("resting on %s: %v", what, err)
			}
		}
		var done atomic.Int64
		var all sync.WaitGroup
		l.Version = 1
		for range 6 {
			all.Go(func() {
				switch _, err := w.SaveLimits(ctx, "olav", l, nil); {
				case err == nil:
					done.Add(1)
				case !errors.Is(err, clinical.ErrVersion):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if done.Load() != 1 {
			t.Errorf("%d set the second version", done.Load())
		}
		if n := rows(t, w.db, "patient_limits"); n != 2 {
			t.Errorf("%d versions are kept", n)
		}
		if n := rows(t, w.db, "audit_entries"); n != 1 {
			t.Errorf("%d entries", n)
		}
	})
}

func TestWhatAPatientDecidesIsKeptInVersionsAndSealed(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		ctx := t.Context()
		rules := []clinical.ShareRule{{Item: "survey", Party: "fjordvik"}, {Item: clinical.SharePlan, Party: clinical.ShareRelatives, Shown: true}}
		if s, err := w.Sharing(ctx, "olav"); err != nil || s.Version != 0 || s.Rules != nil {
			t.Errorf("before anything: %+v, %v", s, err)
		}
		kept, err := w.SaveSharing(ctx, "olav", clinical.Sharing{Rules: rules, Set: w.now, By: mariBjork}, []audit.Entry{entry("a1")})
		must(t, err)
		found, err := w.Sharing(ctx, "olav")
		if err != nil || kept.Version != 1 || found.Version != 1 || !slices.Equal(found.Rules, rules) || found.By != mariBjork || !found.Set.Equal(w.now) {
			t.Errorf("kept %+v, found %+v, %v", kept, found, err)
		}
		if _, err := w.SaveSharing(ctx, "olav", clinical.Sharing{By: mariBjork}, nil); !errors.Is(err, clinical.ErrVersion) {
			t.Errorf("of the version before: %v", err)
		}
		_, err = w.SaveSharing(ctx, "olav", clinical.Sharing{Version: 1, By: mariBjork}, nil)
		must(t, err)
		if n := rows(t, w.db, "patient_sharing"); n != 2 {
			t.Errorf("%d versions", n)
		}
		if found, err := w.Sharing(ctx, "kari"); err != nil || found.Version != 0 {
			t.Errorf("another's: %+v, %v", found, err)
		}
		must(t, w.db.Erase(ctx, "olav", nil))
		if n := rows(t, w.db, "patient_sharing"); n != 0 {
			t.Errorf("%d versions of an erased patient", n)
		}
	})
}

func TestNothingWithoutARoleIsKeptForItWouldNotBeReadAgain(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		o := w.measured("o1", clinical.HeartRate, 0, 80)
		o.Performer.Role = 0
		if _, err := w.Add(t.Context(), []clinical.Observation{o}, nil); err == nil {
			t.Error("a value without its performer's role is kept")
		}
		if _, err := w.SaveLimits(t.Context(), "olav", clinical.Limits{}, nil); err == nil {
			t.Error("limits of nobody are kept")
		}
	})
}

func TestOfAnErasedPatientNothingMeasuredIsLeft(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		ctx := t.Context()
		o := w.measured("o1", clinical.HeartRate, 0, 80)
		w.add(o)
		o.Status = clinical.Wrong
		w.correct(o)
		w.add(w.measured("o2", clinical.HeartRate, 0, 80))
		_, err := w.SaveLimits(ctx, "olav", clinical.Limits{By: mariBjork}, nil)
		must(t, err)
		kari := w.measured("kari", clinical.HeartRate, 0, 80)
		kari.Patient = "kari"
		w.add(kari)

		must(t, w.db.Erase(ctx, "olav", nil))
		for table, want := range map[string]int{"observations": 1, "observation_versions": 0, "observation_leaves": 1, "patient_limits": 0} {
			if n := rows(t, w.db, table); n != want {
				t.Errorf("%s has %d rows, and %d of others", table, n, want)
			}
		}
		if found := w.observations(clinical.Query{Most: 10}); len(found) != 0 {
			t.Errorf("the list: %v", found)
		}
		if found := w.latest(1, clinical.HeartRate); len(found) != 0 {
			t.Errorf("the latest: %v", found)
		}
		if points := w.series(clinical.HeartRate); len(points) != 0 {
			t.Errorf("the series: %v", points)
		}
		if l, err := w.Limits(ctx, "olav"); err != nil || l.Version != 0 {
			t.Errorf("limits: %v, %v", l, err)
		}
		if _, err := w.Add(ctx, []clinical.Observation{w.measured("o3", clinical.HeartRate, 0, 80)}, nil); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("measured again: %v", err)
		}
		if _, err := w.Correct(ctx, o, nil); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("corrected: %v", err)
		}
		if _, err := w.SaveLimits(ctx, "olav", clinical.Limits{By: mariBjork}, nil); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("limits set: %v", err)
		}
	})
}

// A node that still has the key keeps nothing more for who is being erased by another.
func TestNothingIsAcknowledgedForAPatientWhoseErasureIsAskedFor(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		ctx := t.Context()
		o := w.measured("o1", clinical.HeartRate, 0, 80)
		w.add(o)
		must(t, w.db.change(ctx, nil, nil, func(x *tx) error { return x.askErasure("olav") }))
		if _, err := w.Add(ctx, []clinical.Observation{w.measured("o2", clinical.HeartRate, 0, 80)}, nil); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("measured: %v", err)
		}
		if _, err := w.Correct(ctx, o, nil); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("corrected: %v", err)
		}
		if _, err := w.SaveLimits(ctx, "olav", clinical.Limits{By: mariBjork}, nil); !errors.Is(err, clinical.ErrNotFound) {
			t.Errorf("limits set: %v", err)
		}
	})
}

func TestKindsAreFoundAfterRotationAndAreNobodyElsesToCompare(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		ring := rings(t, []keyring.Generation{1}, []keyring.Generation{1, 2}, []keyring.Generation{2})
		p.Keyring = ring[0]
		db := p.open(t)
		w := ward{db.Clinical(), t, p.clock.Now()}
		first := w.measured("o1", clinical.HeartRate, 0, 80)
		w.add(first)
		kari := w.measured("kari", clinical.HeartRate, 0, 80)
		kari.Patient, kari.Key = "kari", first.Key
		w.add(kari)
		for _, column := range []string{"kind", "source"} {
			must(t, db.read(t.Context(), func(x *tx) error {
				n, err := one(x, nil, oneColumn[int], "SELECT COUNT(DISTINCT "+column+") FROM observations")
				if n != 2 {
					t.Errorf("%s of two patients are %d", column, n)
				}
				return err
			}))
		}
		closed(t, db)
		p.Keyring = ring[1]
		db = p.open(t)
		_, err := db.Rotate(t.Context(), nil, nil)
		must(t, err)
		closed(t, db)
		p.Keyring = ring[2]
		w = ward{p.open(t).Clinical(), t, p.clock.Now()}
		wantIDs(t, "the latest", w.latest(1, clinical.HeartRate)[clinical.HeartRate], "o1")
		wantEqual(t, "the series", len(w.series(clinical.HeartRate)), 1)
		again := first
		again.ID = "o2"
		added, err := w.Add(t.Context(), []clinical.Observation{again}, nil)
		must(t, err)
		wantEqual(t, "sent again", added, []clinical.Added{{Observation: first, Known: true}})
	})
}

func TestWhatIsMeasuredStandsNowhereInTheClear(t *testing.T) {
	eachWard(t, func(t *testing.T, w ward) {
		o := w.measured("o1", clinical.Glucose, 0, 13.7)
		o.Note, o.Site, o.Key = "etter frukost", "fingertupp", "nøkkel-1"
		w.add(o)
		o.Status = clinical.Wrong
		w.correct(o)
		w.add(w.measured("o2", clinical.Glucose, 0, 13.7))
		low := 13.7
		_, err := w.SaveLimits(t.Context(), "olav", clinical.Limits{By: mariBjork, Kinds: []clinical.KindLimits{{Kind: clinical.Glucose, Limits: []clinical.Limit{{Green: clinical.Range{Low: &low}}}}}}, nil)
		must(t, err)
		var backup bytes.Buffer // all tables, as they are
		must(t, w.db.Backup(t.Context(), &backup))
		for _, word := range []string{"glucose", "13.7", "frukost", "fingertupp", "nøkkel", "Mari Bjørk"} {
			if strings.Contains(backup.String(), word) {
				t.Errorf("%q is in the clear", word)
			}
		}
	})
}
