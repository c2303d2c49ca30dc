package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// clinicalLock is held by whoever changes what is measured of a patient, or erases it.
func clinicalLock(patient string) []string { return []string{"clinical/" + patient} }

// writing runs fn in a change of what is measured of a patient, one at a time, with the patient's
// key. fn says whether anything has changed: whether the entries are to be written.
func (s *Clinical) writing(ctx context.Context, patient access.PersonID, entries []audit.Entry, fn func(*tx, subjectKey) (changed bool, err error)) error {
	err := s.db.changeLocked(ctx, clinicalLock(string(patient)), nil, nil, func(t *tx) error {
		// For a while a node may have the key of a patient whom another has erased. What it kept
		// with that would be acknowledged, and nobody's to read.
		erased, err := one(t, nil, oneColumn[bool], "SELECT EXISTS (SELECT 1 FROM erasures WHERE subject = $1)", string(patient))
		if err != nil {
			return err
		}
		if erased {
			return ErrErased
		}
		key, err := s.db.keys.needKey(ctx, string(patient))
		if err != nil {
			return err
		}
		changed, err := fn(t, key)
		if err != nil || !changed {
			return err
		}
		return errors.Join(t.appendAudit(entries), t.carriedOut(entries))
	})
	if errors.Is(err, ErrErased) {
		return clinical.ErrNotFound
	}
	return err
}

// Add implements clinical.ObservationStore. What had been kept before is answered as it is now: a
// value that has been corrected meanwhile is not shown again as it was.
func (s *Clinical) Add(ctx context.Context, all []clinical.Observation, entries []audit.Entry) (out []clinical.Added, err error) {
	if len(all) == 0 {
		return nil, nil
	}
	patient := all[0].Patient
	for i, o := range all {
		if o.Patient != patient || o.Version != 1 {
			return nil, fmt.Errorf("add observations: items[%d] must be of the same patient, and a first version", i)
		}
	}
	err = s.writing(ctx, patient, entries, func(t *tx, key subjectKey) (bool, error) {
		fresh, err := t.insertObservations(key, all)
		if err != nil {
			return false, err
		}
		added := make([]clinical.Added, len(all))
		var points pointChanges
		for i, o := range all {
			added[i].Observation = o
			if fresh[o.ID] {
				points.add(kindTag(key, o.Kind), o)
			}
		}
		if len(fresh) < len(all) {
			if err := t.findKnown(key, added, fresh); err != nil {
				return false, err
			}
		}
		if err := t.changePoints(patient, points); err != nil {
			return false, err
		}
		out = added
		return len(fresh) > 0, nil
	})
	if err != nil {
		return nil, fmt.Errorf("add observations: %w", err)
	}
	return out, nil
}

// observationNames are the columns that an observation is added with.
const (
	observationNames = "id, patient, kind, version, status, measured_at, received_at, performer, source, details"
	observationCount = 10
	// onceBySource leaves out what a source has sent before; the ids of the others are answered.
	onceBySource = " ON CONFLICT (patient, source) WHERE source IS NOT NULL DO NOTHING RETURNING id"
)

// observationsAtOnce is how many rows go into SQLite in one statement, which looks each placeholder
// up among those before it.
const observationsAtOnce = 20

// insertObservations adds those whose source has not sent them before, and returns which.
func (t *tx) insertObservations(key subjectKey, list []clinical.Observation) (map[clinical.ObservationID]bool, error) {
	sealed := make([][]byte, len(list))
	for i, o := range list {
		var err error
		if sealed[i], err = t.sealObservation(o); err != nil {
			return nil, err
		}
	}
	fresh := make(map[clinical.ObservationID]bool, len(list))
	insert := func(query string, args []any) error {
		ids, err := all(t, oneColumn[clinical.ObservationID], query, args...)
		for _, id := range ids {
			fresh[id] = true
		}
		return err
	}
	if _, lite := t.db.main.dialect.(sqliteDialect); !lite {
		return fresh, insert(observationArrays(key, list, sealed))
	}
	for i := 0; i < len(list); i += observationsAtOnce {
		part := list[i:min(i+observationsAtOnce, len(list))]
		args := make([]any, 0, len(part)*observationCount)
		for j, o := range part {
			args = append(args, string(o.ID), string(o.Patient), kindTag(key, o.Kind), o.Version, string(o.Status), o.Measured.UnixMilli(), o.Received.UnixMilli(),
				string(o.Performer.Person), sourceTag(key, o), sealed[i+j])
		}
		if err := insert("INSERT INTO observations ("+observationNames+") VALUES "+tuples(len(part), observationCount)+onceBySource, args); err != nil {
			return nil, err
		}
	}
	return fresh, nil
}

// observationArrays is one statement for all rows, an array for each column: PostgreSQL is a
// network away.
func observationArrays(key subjectKey, list []clinical.Observation, sealed [][]byte) (query string, args []any) {
	ids, patients, statuses, performers := make([]string, len(list)), make([]string, len(list)), make([]string, len(list)), make([]string, len(list))
	kinds, sources := make([][]byte, len(list)), make([][]byte, len(list))
	versions, measured, received := make([]int64, len(list)), make([]int64, len(list)), make([]int64, len(list))
	for i, o := range list {
		ids[i], patients[i], statuses[i], performers[i] = string(o.ID), string(o.Patient), string(o.Status), string(o.Performer.Person)
		kinds[i], sources[i] = kindTag(key, o.Kind), sourceTag(key, o)
		versions[i], measured[i], received[i] = o.Version, o.Measured.UnixMilli(), o.Received.UnixMilli()
	}
	return "INSERT INTO observations (" + observationNames + `)
		SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::bytea[], $10::bytea[])` +
		onceBySource, []any{ids, patients, kinds, versions, statuses, measured, received, performers, sources, sealed}
}

// findKnown answers those that are not fresh with what their source has sent before, which must
// be the same.
func (t *tx) findKnown(key subjectKey, added []clinical.Added, fresh map[clinical.ObservationID]bool) error {
	patient := added[0].Patient
	for i, a := range added {
		if fresh[a.ID] {
			continue
		}
		row, err := one(t, clinical.ErrNotFound, scanObservation,
			"SELECT "+observationColumns+" FROM observations o WHERE o.patient = $1 AND o.source = $2", string(patient), sourceTag(key, a.Observation))
		if err != nil {
			return err
		}
		now, err := t.observation(row)
		if err != nil {
			return err
		}
		// What has been corrected since is the same if it was so at first.
		first := now
		if now.Version > 1 {
			if first, err = t.firstVersion(row); err != nil {
				return err
			}
		}
		if !same(first, a.Observation) {
			return &clinical.ItemError{Index: i, Err: clinical.ErrKeyTaken}
		}
		added[i] = clinical.Added{Observation: now, Known: true}
	}
	return nil
}

// same says whether two are one value, sent twice.
func same(a, b clinical.Observation) bool {
	return a.Kind == b.Kind && slices.Equal(a.Values, b.Values) && a.Measured.UnixMilli() == b.Measured.UnixMilli() &&
		a.Method == b.Method && a.Device == b.Device
}

func (t *tx) firstVersion(now observationRow) (clinical.Observation, error) {
	first, err := one(t, clinical.ErrNotFound, func(row scanner) (r observationRow, err error) {
		var measured int64
		r.ID, r.Patient, r.Received, r.Version = now.ID, now.Patient, now.Received, 1
		err = row.Scan(&r.Status, &measured, &r.details)
		r.Measured = momentOf(measured)
		return r, err
	}, "SELECT status, measured_at, details FROM observation_versions WHERE id = $1 AND version = 1", string(now.ID))
	if err != nil {
		return clinical.Observation{}, err
	}
	return t.observation(first)
}

// Correct implements clinical.ObservationStore. Who recorded the value, when it came here and its
// key stay.
func (s *Clinical) Correct(ctx context.Context, o clinical.Observation, entries []audit.Entry) (out clinical.Observation, err error) {
	err = s.writing(ctx, o.Patient, entries, func(t *tx, key subjectKey) (bool, error) {
		row, err := one(t, clinical.ErrNotFound, scanObservation,
			"SELECT "+observationColumns+" FROM observations o WHERE o.id = $1 AND o.patient = $2", string(o.ID), string(o.Patient))
		if err != nil {
			return false, err
		}
		if row.Version != o.Version {
			return false, clinical.ErrVersion
		}
		before, err := t.observation(row)
		if err != nil {
			return false, err
		}
		now := o
		now.Version++
		now.Performer, now.Received, now.Key = before.Performer, before.Received, before.Key
		if err := t.replaceObservation(key, now); err != nil {
			return false, err
		}
		var points pointChanges
		if before.Status != clinical.Wrong {
			points.remove(row.kind, before)
		}
		if now.Status != clinical.Wrong {
			points.add(kindTag(key, now.Kind), now)
		}
		if err := t.changePoints(o.Patient, points); err != nil {
			return false, err
		}
		out = now
		return true, nil
	})
	if err != nil {
		return clinical.Observation{}, fmt.Errorf("correct observation %s: %w", o.ID, err)
	}
	return out, nil
}

// replaceObservation makes a version the present one, and keeps the one before it as it is sealed.
func (t *tx) replaceObservation(key subjectKey, now clinical.Observation) error {
	if _, err := t.exec(`INSERT INTO observation_versions (id, version, status, measured_at, details)
		SELECT id, version, status, measured_at, details FROM observations WHERE id = $1`, string(now.ID)); err != nil {
		return err
	}
	sealed, err := t.sealObservation(now)
	if err != nil {
		return err
	}
	n, err := t.exec("UPDATE observations SET kind = $3, version = $4, status = $5, measured_at = $6, details = $7 WHERE id = $1 AND version = $2",
		string(now.ID), now.Version-1, kindTag(key, now.Kind), now.Version, string(now.Status), now.Measured.UnixMilli(), sealed)
	return changed(n, err, clinical.ErrVersion)
}
