package store

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

// followedUp is a store in which a region's patients have been measured at home for years: made by
// a seed, so that two runs measure the same.
type followedUp struct {
	patients []access.PersonID
	values   int
	long     access.PersonID // who has 100,000 values of one kind, beside the others
}

// The shape of it: each patient has 1,000 values of eight kinds, measured by turns, so that a
// patient's rows lie all over the table, as they do where all are measured each day.
const (
	seedValues = 1_000
	seedLong   = 100_000
)

var seedKinds = []clinical.KindID{
	clinical.BloodPressure, clinical.HeartRate, clinical.OxygenSaturation, clinical.RespiratoryRate,
	clinical.Temperature, clinical.Weight, clinical.Glucose, clinical.OxygenGiven,
}

// observationsAsked is how many values the benchmark's data set has: 50,000, or what OBSERVATIONS says.
func observationsAsked(tb testing.TB) int {
	text := os.Getenv("OBSERVATIONS")
	if text == "" {
		return 50_000
	}
	n, err := strconv.Atoi(text)
	must(tb, err)
	return n
}

// seedObservation is a patient's value of a number.
func seedObservation(patient access.PersonID, kind clinical.KindID, n int, at time.Time) clinical.Observation {
	seed := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d", patient, kind, n))
	values := []float64{40 + float64(binary.BigEndian.Uint16(seed[:])%900)/10}
	if kind == clinical.BloodPressure {
		values = append(values, 40+float64(seed[2]%60))
	}
	// As random as real ids are: 130 bits in base 32.
	id := base32.StdEncoding.EncodeToString(seed[:])[:26]
	return clinical.Observation{
		ID: clinical.ObservationID(id), Version: 1, Patient: patient, Kind: kind, Values: values, Status: clinical.Final,
		Measured: at, Received: at, Method: clinical.ByDevice, Device: clinical.Device{Name: "Blodtrykksmålar", Model: "AND UA-651BLE", ID: "5131-" + id[:8]},
		Performer: clinical.Performer{Person: "mari", Name: "Mari Bjørk", Role: access.Nurse, Organisation: "fjordvik"}, Key: id,
	}
}

// seedObservations fills a store. Rows are written as Add writes them, many at once, and leaves
// when all of a patient's are known.
func seedObservations(tb testing.TB, db *DB, values int, now time.Time) followedUp {
	tb.Helper()
	f := followedUp{values: values, long: "long"}
	for i := range max(1, values/seedValues) {
		f.patients = append(f.patients, access.PersonID(fmt.Sprintf("patient%06d", i)))
	}
	at := func(n int) time.Time {
		return now.Add(-time.Duration(seedValues-n) * 6 * time.Hour).Truncate(time.Minute)
	}
	kind := func(n int) clinical.KindID { return seedKinds[n%len(seedKinds)] }

	// An index that is made at the end is made in a tenth of the time.
	indices := f.dropIndices(tb, db)
	var batch []clinical.Observation
	write := func(least int) {
		if len(batch) < least {
			return
		}
		must(tb, db.changeLocked(tb.Context(), nil, nil, nil, func(t *tx) error { return t.insertSeed(batch) }))
		batch = batch[:0]
	}
	for n := range seedValues {
		for _, p := range f.patients {
			batch = append(batch, seedObservation(p, kind(n), n, at(n)))
			write(5_000)
		}
	}
	long := make([]clinical.Observation, seedLong)
	for n := range long {
		long[n] = seedObservation(f.long, clinical.OxygenSaturation, n, now.Add(-time.Duration(seedLong-n)*10*time.Minute))
		batch = append(batch, long[n])
		write(5_000)
	}
	write(1)

	leaves := func(patients []access.PersonID, values func(access.PersonID) []clinical.Observation) {
		for part := range slices.Chunk(patients, 100) {
			must(tb, db.changeLocked(tb.Context(), nil, nil, nil, func(t *tx) error {
				for _, p := range part {
					key, err := db.keys.needKey(t.ctx, string(p))
					if err != nil {
						return err
					}
					var points pointChanges
					for _, o := range values(p) {
						points.add(kindTag(key, o.Kind), o)
					}
					if err := t.changePoints(p, points); err != nil {
						return err
					}
				}
				return nil
			}))
		}
	}
	leaves(f.patients, func(p access.PersonID) []clinical.Observation {
		out := make([]clinical.Observation, seedValues)
		for n := range out {
			out[n] = seedObservation(p, kind(n), n, at(n))
		}
		return out
	})
	leaves([]access.PersonID{f.long}, func(access.PersonID) []clinical.Observation { return long })

	for _, statement := range append(indices, "ANALYZE") {
		_, err := db.main.writer.ExecContext(tb.Context(), statement)
		must(tb, err)
	}
	return f
}

// insertSeed is insertObservations of many patients' without what they have sent before.
func (t *tx) insertSeed(list []clinical.Observation) error {
	var subjects []string
	for _, o := range list {
		subjects = append(subjects, string(o.Patient))
	}
	if err := t.warm(subjects); err != nil {
		return err
	}
	rows := make([][]any, len(list))
	for i, o := range list {
		key, err := t.db.keys.needKey(t.ctx, string(o.Patient))
		if err != nil {
			return err
		}
		sealed, err := t.sealObservation(o)
		if err != nil {
			return err
		}
		rows[i] = []any{
			string(o.ID), string(o.Patient), kindTag(key, o.Kind), o.Version, string(o.Status), o.Measured.UnixMilli(), o.Received.UnixMilli(),
			string(o.Performer.Person), sourceTag(key, o), sealed,
		}
	}
	atOnce := 1_000
	if _, lite := t.db.main.dialect.(sqliteDialect); lite {
		atOnce = observationsAtOnce
	}
	for part := range slices.Chunk(rows, atOnce) {
		if err := t.insert("observations", observationNames, part); err != nil {
			return err
		}
	}
	return nil
}

// dropIndices drops those of observations that are no key, and returns how to make them again.
func (followedUp) dropIndices(tb testing.TB, db *DB) (again []string) {
	tb.Helper()
	query := "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'observations' AND sql IS NOT NULL"
	if _, lite := db.main.dialect.(sqliteDialect); !lite {
		query = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'observations' AND indexname <> 'observations_pkey'"
	}
	rows, err := db.main.writer.QueryContext(tb.Context(), query)
	must(tb, err)
	var names []string
	for rows.Next() {
		var name, statement string
		must(tb, rows.Scan(&name, &statement))
		names, again = append(names, name), append(again, statement)
	}
	must(tb, rows.Err())
	must(tb, rows.Close())
	if len(names) != 3 {
		tb.Fatalf("indices of observations are %v", names)
	}
	for _, name := range names {
		_, err := db.main.writer.ExecContext(tb.Context(), "DROP INDEX "+name)
		must(tb, err)
	}
	return again
}
