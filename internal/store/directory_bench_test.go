package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// hospitalOf1000 is a region whose hospital cares for a thousand patients.
func hospitalOf1000(b *testing.B, db *DB) (*region, identity.Patient) {
	b.Helper()
	r := newRegion(b, db, &clock{now: time.UnixMilli(1_795_343_400_000).UTC()})
	must(b, db.change(b.Context(), nil, nil, func(x *tx) error {
		for i := range 999 {
			p := identity.Person{ID: patientOf(i), Name: fmt.Sprintf("Olav Nes %03d", (i*7)%999), NationalID: "17856200051", Language: "nn"}
			if err := x.savePerson(p, patientPerson); err != nil {
				return err
			}
			if _, err := x.exec("INSERT INTO care (patient, organisation, position) VALUES ($1, $2, 0)", string(p.ID), string(r.hospital)); err != nil {
				return err
			}
		}
		return nil
	}))
	return r, r.olav()
}

// A page of 1,000 patients by name, each with its entry in the audit record: to be under 50 ms.
func BenchmarkPatientList1000(b *testing.B) {
	eachBench(b, func(b *testing.B, db *DB) {
		r, _ := hospitalOf1000(b, db)
		for _, keys := range []string{"keys at hand", "keys read anew"} {
			b.Run(keys, func(b *testing.B) {
				least := time.Hour
				for b.Loop() {
					if keys == "keys read anew" {
						db.keys.cache = keyCache{}
					}
					start := time.Now()
					list, _, err := r.Patients(b.Context(), r.tuva(), identity.Page{})
					must(b, err)
					least = min(least, time.Since(start))
					if len(list) != 1000 {
						b.Fatalf("%d patients", len(list))
					}
				}
				// What it costs where nothing else runs.
				b.ReportMetric(float64(least.Microseconds())/1000, "least-ms")
			})
		}
	})
}

func BenchmarkRelations(b *testing.B) {
	eachBench(b, func(b *testing.B, db *DB) {
		r, olav := hospitalOf1000(b, db)
		for who, by := range map[string]access.Actor{"same organisation": r.tuva(), "agreement": r.mari()} {
			b.Run(who, func(b *testing.B) {
				for b.Loop() {
					if has, err := r.Relations(b.Context(), by, olav.ID); err != nil || has == 0 {
						b.Fatal(has, err)
					}
				}
			})
		}
	})
}
