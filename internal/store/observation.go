package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// Clinical keeps what is measured, and limits, as a clinical.Store.
//
// Of a patient who is erased it knows nothing, like of one who has never been measured.
type Clinical struct{ db *DB }

// Clinical returns what is measured.
func (db *DB) Clinical() *Clinical { return &Clinical{db} }

// observationRow is a row of observations, most of it still sealed.
type observationRow struct {
	clinical.Observation
	kind    []byte // tag
	details []byte
}

const observationColumns = "o.id, o.patient, o.kind, o.version, o.status, o.measured_at, o.received_at, o.details"

func scanObservation(row scanner) (r observationRow, err error) {
	var measured, received int64
	err = row.Scan(&r.ID, &r.Patient, &r.kind, &r.Version, &r.Status, &measured, &received, &r.details)
	r.Measured, r.Received = momentOf(measured), momentOf(received)
	return r, err
}

// observationDetails is what details holds of an observation, sealed with the patient's key.
// Numbers come back exactly: encoding/json writes the shortest text that reads as the same.
type observationDetails struct {
	Kind         clinical.KindID      `json:"kind"`
	Values       []float64            `json:"values"`
	Method       clinical.Method      `json:"method"`
	Device       clinical.Device      `json:"device,omitzero"`
	Site         string               `json:"site,omitempty"`
	Position     string               `json:"position,omitempty"`
	Note         string               `json:"note,omitempty"`
	Performer    clinical.Performer   `json:"performer"`
	Consultation string               `json:"consultation,omitempty"`
	DerivedFrom  []string             `json:"derivedFrom,omitempty"`
	Key          string               `json:"key,omitempty"`
	Correction   *clinical.Correction `json:"correction,omitempty"`
}

// In this version of an observation, wherever it stands: what is sealed opens for it alone.
func observationCell(id clinical.ObservationID, version int64) string {
	return cell("observations", "details", fmt.Sprintf("%s/%d", id, version))
}

func (t *tx) sealObservation(o clinical.Observation) ([]byte, error) {
	people := []clinical.Performer{o.Performer}
	if o.Correction != nil {
		people = append(people, o.Correction.By)
	}
	if err := readable(people...); err != nil {
		return nil, fmt.Errorf("observation %s: %w", o.ID, err)
	}
	return t.sealJSON(string(o.Patient), observationCell(o.ID, o.Version), observationDetails{
		o.Kind, o.Values, o.Method, o.Device, o.Site, o.Position, o.Note, o.Performer, o.Consultation, o.DerivedFrom, o.Key, o.Correction,
	})
}

// readable refuses performers without a role: what has no name is not read again.
func readable(people ...clinical.Performer) error {
	for _, p := range people {
		if _, err := access.ParseRole(p.Role.String()); err != nil {
			return fmt.Errorf("performer %s: %w", p.Person, err)
		}
	}
	return nil
}

// observation opens a row.
func (t *tx) observation(r observationRow) (clinical.Observation, error) {
	o := r.Observation
	var d observationDetails
	if err := t.openJSON(string(o.Patient), observationCell(o.ID, o.Version), r.details, &d); err != nil {
		return o, err
	}
	o.Kind, o.Values, o.Method, o.Device, o.Site, o.Position, o.Note = d.Kind, d.Values, d.Method, d.Device, d.Site, d.Position, d.Note
	o.Performer, o.Consultation, o.DerivedFrom, o.Key, o.Correction = d.Performer, d.Consultation, d.DerivedFrom, d.Key, d.Correction
	if o.Correction != nil {
		o.Correction.At = o.Correction.At.UTC()
	}
	return o, nil
}

// observations opens rows.
func (t *tx) observations(rows []observationRow) ([]clinical.Observation, error) {
	out := make([]clinical.Observation, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = t.observation(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// kindTag stands in the columns kind for a kind of the subject's.
func kindTag(key subjectKey, kind clinical.KindID) []byte {
	return key.tag("observations.kind", string(kind))
}

// sourceTag stands for a key that its performer has given a value; nil: none was given.
func sourceTag(key subjectKey, o clinical.Observation) []byte {
	if o.Key == "" {
		return nil
	}
	return key.tag("observations.source", string(o.Performer.Person), o.Key)
}

// reading runs fn on one state of the database with the patient's key. Where there is none, because
// nothing has been kept or all is erased, there is nothing to read. fn sets its results last.
func (s *Clinical) reading(ctx context.Context, patient access.PersonID, fn func(*tx, subjectKey) error) error {
	key, err := s.db.keys.subjectKey(ctx, string(patient))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		err = s.db.read(ctx, func(t *tx) error { return fn(t, key) })
	}
	if errors.Is(err, ErrErased) { // before, or at this very moment
		return nil
	}
	return err
}

// Observations implements clinical.ObservationStore.
func (s *Clinical) Observations(ctx context.Context, patient access.PersonID, q clinical.Query) (out []clinical.Observation, err error) {
	err = s.reading(ctx, patient, func(t *tx, key subjectKey) error {
		where, args := "o.patient = $1", []any{string(patient)}
		if len(q.IDs) > 0 {
			among, argument := t.oneOf("o.id", "$2", texts(q.IDs))
			where, args = where+" AND "+among, append(args, argument)
		} else {
			before := int64(1<<63 - 1)
			if !q.Before.IsZero() {
				before = q.Before.UnixMilli()
			}
			where += " AND o.measured_at >= $2 AND (o.measured_at, o.id) < ($3, $4)"
			args = append(args, q.Since.UnixMilli(), before, string(q.BeforeID), q.Most) // nothing is older than the zero time
			if q.Kind != "" {
				where, args = where+" AND o.kind = $6", append(args, kindTag(key, q.Kind))
			}
			where += " ORDER BY o.measured_at DESC, o.id DESC LIMIT $5"
		}
		rows, err := all(t, scanObservation, "SELECT "+observationColumns+" FROM observations o WHERE "+where, args...)
		if err != nil {
			return err
		}
		if q.Most > 0 && len(rows) > q.Most { // of ids
			rows = rows[:q.Most]
		}
		out, err = t.observations(rows)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("observations: %w", err)
	}
	return out, nil
}

// Latest implements clinical.ObservationStore.
func (s *Clinical) Latest(ctx context.Context, patient access.PersonID, kinds []clinical.KindID, each int) (out map[clinical.KindID][]clinical.Observation, err error) {
	err = s.reading(ctx, patient, func(t *tx, key subjectKey) error {
		tags := make([][]byte, len(kinds))
		for i, kind := range kinds {
			tags[i] = kindTag(key, kind)
		}
		query, argument := t.db.main.dialect.latest(tags)
		rows, err := all(t, scanObservation, query, string(patient), argument, each, string(clinical.Wrong))
		if err != nil {
			return err
		}
		found, err := t.observations(rows)
		if err != nil {
			return err
		}
		out = make(map[clinical.KindID][]clinical.Observation, len(kinds))
		for _, o := range found {
			out[o.Kind] = append(out[o.Kind], o)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("latest observations: %w", err)
	}
	return out, nil
}

// Versions returns what an observation has been, the first version first and the present one last.
func (s *Clinical) Versions(ctx context.Context, patient access.PersonID, id clinical.ObservationID) (out []clinical.Observation, err error) {
	err = s.reading(ctx, patient, func(t *tx, _ subjectKey) error {
		rows, err := all(t, scanObservation, `SELECT o.id, o.patient, o.kind, v.version, v.status, v.measured_at, o.received_at, v.details
			FROM observations o JOIN (
				SELECT id, version, status, measured_at, details FROM observation_versions WHERE id = $1
				UNION ALL SELECT id, version, status, measured_at, details FROM observations WHERE id = $1) v ON v.id = o.id
			WHERE o.id = $1 AND o.patient = $2 ORDER BY v.version`, string(id), string(patient))
		if err != nil {
			return err
		}
		out, err = t.observations(rows)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("versions of observation %s: %w", id, err)
	}
	return out, nil
}

// Record implements clinical.Store.
func (s *Clinical) Record(ctx context.Context, entries []audit.Entry) error {
	return s.db.change(ctx, entries, nil, func(*tx) error { return nil })
}

var _ clinical.Store = (*Clinical)(nil)
