package store

import (
	"crypto/rand"
	mathrand "math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
)

// BenchmarkClinical measures what the panel beside the picture, a home's box of devices and a trend
// wait for, each over one seeded store of each database. issue 5, at 10,000,000 values: the latest
// of a patient within 5 ms, a bundle of 100 within 100 ms.
func BenchmarkClinical(b *testing.B) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			now := time.Date(2026, 11, 30, 6, 0, 0, 0, time.UTC)
			db, err := Open(b.Context(), Config{URL: url(b), Keyring: ringOf(b, 1), Now: time.Now})
			must(b, err)
			b.Cleanup(func() { closed(b, db) })
			began := time.Now()
			f := seedObservations(b, db, observationsAsked(b), now)
			b.Logf("%d values, and %d of one, in %.0f s", f.values, seedLong, time.Since(began).Seconds())
			b.Run("latest", func(b *testing.B) { f.benchLatest(b, db) })
			b.Run("bundle", func(b *testing.B) { f.benchBundle(b, db, now) })
			b.Run("series", func(b *testing.B) { f.benchSeries(b, db, now) })
		})
	}
}

// report reports when half of them, and nearly all, were done.
func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	at := func(p float64) float64 { return float64(took[int(p*float64(len(took)-1))].Microseconds()) / 1000 }
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

// The twelve latest of every kind there is, of any patient: a panel.
func (f followedUp) benchLatest(b *testing.B, db *DB) {
	kinds, err := clinical.ReadKinds()
	must(b, err)
	var all []clinical.KindID
	for _, k := range kinds.All() {
		all = append(all, k.ID)
	}
	chance := mathrand.New(mathrand.NewPCG(5, 6))
	var took []time.Duration
	found := 0
	for b.Loop() {
		patient := f.patients[chance.IntN(len(f.patients))]
		began := time.Now()
		latest, err := db.Clinical().Latest(b.Context(), patient, all, 12)
		took = append(took, time.Since(began))
		must(b, err)
		found = 0
		for _, values := range latest {
			found += len(values)
		}
	}
	report(b, took)
	b.ReportMetric(float64(found), "values")
}

// A hundred values of eight kinds of any patient, with the entry that tells of them.
func (f followedUp) benchBundle(b *testing.B, db *DB, now time.Time) {
	chance := mathrand.New(mathrand.NewPCG(7, 8))
	var took []time.Duration
	for b.Loop() {
		patient := f.patients[chance.IntN(len(f.patients))]
		bundle := make([]clinical.Observation, 100)
		for i := range bundle {
			at := now.Add(time.Duration(chance.IntN(24*3600)) * time.Second)
			bundle[i] = seedObservation(patient, seedKinds[i%len(seedKinds)], i, at)
			bundle[i].ID = clinical.ObservationID(rand.Text())
			bundle[i].Key = string(bundle[i].ID)
		}
		e := audit.New(now, access.Actor{Person: "mari", Role: access.Nurse, Organisation: "fjordvik"}, access.ObservationWrite.String(), audit.Done)
		e.Patient, e.Object = patient, "patient/"+string(patient)+"/observations"
		began := time.Now()
		added, err := db.Clinical().Add(b.Context(), bundle, []audit.Entry{e})
		took = append(took, time.Since(began))
		must(b, err)
		if slices.ContainsFunc(added, func(a clinical.Added) bool { return a.Known }) {
			b.Fatal("what is new was known")
		}
	}
	report(b, took)
}

// All of a row of 100,000.
func (f followedUp) benchSeries(b *testing.B, db *DB, now time.Time) {
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		points, _, err := db.Clinical().Series(b.Context(), f.long, clinical.OxygenSaturation, time.Time{}, now)
		took = append(took, time.Since(began))
		must(b, err)
		if len(points) != seedLong {
			b.Fatalf("%d points", len(points))
		}
	}
	report(b, took)
}
