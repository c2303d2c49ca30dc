package store

import (
	"crypto/ed25519"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
)

// eachBench runs a benchmark over both databases, with the real clock.
func eachBench(b *testing.B, bench func(b *testing.B, db *DB)) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			db, err := Open(b.Context(), Config{URL: url(b), Keyring: ringOf(b, 1), Now: time.Now})
			must(b, err)
			b.Cleanup(func() { closed(b, db) })
			bench(b, db)
		})
	}
}

// Reading one of 100 patients, by 16 at once: find the row, decrypt it, commit the entry.
// issue 3: 2,000 a second on PostgreSQL, 500 on SQLite.
func BenchmarkAuditedRead(b *testing.B) {
	eachBench(b, func(b *testing.B, db *DB) {
		must(b, db.change(b.Context(), nil, nil, func(x *tx) error {
			for i := range 100 {
				if err := x.savePerson(identity.Person{ID: patientOf(i), Name: "Olav Nes"}, patientPerson); err != nil {
					return err
				}
			}
			return nil
		}))
		var n atomic.Int64
		b.SetParallelism(8) // on two cores: 16
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				i := int(n.Add(1))
				err := db.auditedRead(b.Context(), func(t *tx) ([]audit.Entry, error) {
					p, err := t.person(patientOf(i % 100))
					e := look(time.Now(), i)
					e.Patient = p.ID
					return []audit.Entry{e}, err
				})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reads/s")
	})
}

// A patient list's entries, in one transaction.
func BenchmarkAppend1000(b *testing.B) {
	eachBench(b, func(b *testing.B, db *DB) {
		for b.Loop() {
			entries := make([]audit.Entry, 1000)
			for i := range entries {
				entries[i] = look(time.Now(), i)
			}
			must(b, db.Audit().Append(b.Context(), entries...))
		}
	})
}

// Sealing, and then checking, what 20 long lists have left.
func BenchmarkSealAndVerify(b *testing.B) {
	eachBench(b, func(b *testing.B, db *DB) {
		key, path := newKey(b), filepath.Join(b.TempDir(), "heads")
		file, err := audit.OpenHeads(path)
		must(b, err)
		b.Cleanup(func() { must(b, file.Close()) })
		sealer, err := audit.NewSealer(audit.SealerConfig{Store: db.Audit(), Keys: []ed25519.PrivateKey{key}, Heads: file})
		must(b, err)
		var sealing, checking time.Duration
		var sealed int64
		for b.Loop() {
			b.StopTimer()
			for range 20 {
				entries := make([]audit.Entry, 1000)
				for i := range entries {
					entries[i] = look(time.Now(), i)
				}
				must(b, db.Audit().Append(b.Context(), entries...))
			}
			b.StartTimer()
			start := time.Now()
			must(b, sealer.Seal(b.Context()))
			sealing += time.Since(start)
			start = time.Now()
			heads, err := audit.FileHeads(path)
			must(b, err)
			report, err := audit.Verify(b.Context(), audit.Check{Store: db.Audit(), Keys: []ed25519.PublicKey{key.Public().(ed25519.PublicKey)}, Heads: heads, Now: time.Now()})
			must(b, err)
			checking += time.Since(start)
			if report.Found != 0 {
				b.Fatal(report)
			}
			sealed += report.Sealed
		}
		b.ReportMetric(float64(20_000*b.N)/sealing.Seconds(), "sealed/s")
		b.ReportMetric(float64(sealed)/checking.Seconds(), "checked/s")
	})
}

func patientOf(i int) access.PersonID { return access.PersonID(fmt.Sprintf("patient-%d", i)) }
