package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// woundKind is what a row of wound_records is about.
type woundKind string

const (
	woundRecord      woundKind = "wound"
	assessmentRecord woundKind = "assessment"
	photoRecord      woundKind = "photo"
)

// woundRow is a row of wound_records, its details still sealed.
type woundRow struct {
	id      string
	kind    woundKind
	version int64
	status  string
	made    time.Time
	details []byte
}

const woundColumns = "id, kind, version, status, made_at, details"

func scanWound(row scanner) (r woundRow, err error) {
	var made int64
	err = row.Scan(&r.id, &r.kind, &r.version, &r.status, &made, &r.details)
	r.made = momentOf(made)
	return r, err
}

// woundCell binds details to the version that they are of: an earlier one must not open as the latest.
func woundCell(id string, version int64) string {
	return cell("wound_records", "details", id+"/"+strconv.FormatInt(version, 10))
}

func drawingCell(id clinical.DrawingID) string { return cell("photo_drawings", "details", string(id)) }

// woundSource stands for a key that its sender has given to something of a kind.
func woundSource(key subjectKey, kind woundKind, by access.PersonID, name string) []byte {
	return key.tag("wound_records.source", string(kind), string(by), name)
}

// openWound opens a row into the wound, assessment or photo that it is.
func (t *tx) openWound(patient access.PersonID, r woundRow, into any) error {
	return t.openJSON(string(patient), woundCell(r.id, r.version), r.details, into)
}

func (t *tx) wound(patient access.PersonID, r woundRow) (clinical.Wound, error) {
	w := clinical.Wound{ID: clinical.WoundID(r.id), Version: r.version, Patient: patient, Status: clinical.WoundStatus(r.status), Made: r.made}
	return w, t.openWound(patient, r, &w)
}

func (t *tx) assessment(patient access.PersonID, r woundRow) (clinical.Assessment, error) {
	a := clinical.Assessment{ID: clinical.AssessmentID(r.id), Version: r.version, Patient: patient, Status: clinical.Status(r.status), Received: r.made}
	return a, t.openWound(patient, r, &a)
}

// photo opens a row, without what is drawn on it.
func (t *tx) photo(patient access.PersonID, r woundRow) (clinical.Photo, error) {
	p := clinical.Photo{ID: clinical.PhotoID(r.id), Version: r.version, Patient: patient, Status: clinical.Status(r.status), Received: r.made}
	return p, t.openWound(patient, r, &p)
}

// WoundBook implements clinical.WoundStore.
func (s *Clinical) WoundBook(ctx context.Context, patient access.PersonID) (out clinical.WoundBook, err error) {
	err = s.reading(ctx, patient, func(t *tx, _ subjectKey) error {
		rows, err := all(t, scanWound, "SELECT "+woundColumns+" FROM wound_records WHERE patient = $1 ORDER BY made_at, id", string(patient))
		if err != nil {
			return err
		}
		drawings, err := t.drawings(patient, "patient = $1", string(patient))
		if err != nil {
			return err
		}
		var book clinical.WoundBook
		for _, r := range rows {
			switch r.kind {
			case woundRecord:
				w, err := t.wound(patient, r)
				if err != nil {
					return err
				}
				book.Wounds = append(book.Wounds, w)
			case assessmentRecord:
				a, err := t.assessment(patient, r)
				if err != nil {
					return err
				}
				book.Assessments = append(book.Assessments, a)
			case photoRecord:
				p, err := t.photo(patient, r)
				if err != nil {
					return err
				}
				p.Drawings = drawings[p.ID]
				book.Photos = append(book.Photos, p)
			}
		}
		out = book
		return nil
	})
	if err != nil {
		return clinical.WoundBook{}, fmt.Errorf("wounds: %w", err)
	}
	return out, nil
}

// drawings are those that have not been taken off, by photo.
func (t *tx) drawings(patient access.PersonID, where string, args ...any) (map[clinical.PhotoID][]clinical.Drawing, error) {
	type row struct {
		clinical.Drawing
		photo   clinical.PhotoID
		details []byte
	}
	rows, err := all(t, func(from scanner) (r row, err error) {
		var made int64
		err = from.Scan(&r.ID, &r.photo, &made, &r.details)
		r.At = momentOf(made)
		return r, err
	}, "SELECT id, photo, made_at, details FROM photo_drawings WHERE "+where+" AND removed_at = 0 ORDER BY made_at, id", args...)
	if err != nil {
		return nil, err
	}
	out := map[clinical.PhotoID][]clinical.Drawing{}
	for _, r := range rows {
		if err := t.openJSON(string(patient), drawingCell(r.ID), r.details, &r.Drawing); err != nil {
			return nil, err
		}
		out[r.photo] = append(out[r.photo], r.Drawing)
	}
	return out, nil
}

// toKeep is a wound, an assessment or a photo on its way into the store.
type toKeep struct {
	woundRow
	patient access.PersonID
	sent    clinical.Sent
	by      clinical.Performer
	changed *clinical.Correction
	content any // what is sealed
}

// keep adds what has version 0, and else replaces the version that it names. Where a key has been
// used before it returns the row that it was used for, as it is now.
func (t *tx) keep(key subjectKey, k toKeep) (known *woundRow, err error) {
	people := []clinical.Performer{k.by}
	if k.changed != nil {
		people = append(people, k.changed.By)
	}
	if err := readable(people...); err != nil {
		return nil, fmt.Errorf("%s %s: %w", k.kind, k.id, err)
	}
	details, err := t.sealJSON(string(k.patient), woundCell(k.id, k.version+1), k.content)
	if err != nil {
		return nil, err
	}
	if k.version > 0 {
		return nil, t.replaceWound(k, details)
	}
	source := woundSource(key, k.kind, k.by.Person, k.sent.Key)
	ids, err := all(t, oneColumn[string], `INSERT INTO wound_records (id, patient, kind, version, status, made_at, source, details)
		VALUES ($1, $2, $3, 1, $4, $5, $6, $7) ON CONFLICT (patient, source) DO NOTHING RETURNING id`,
		k.id, string(k.patient), string(k.kind), k.status, k.made.UnixMilli(), source, details)
	if err != nil || len(ids) > 0 {
		return nil, err
	}
	r, err := one(t, clinical.ErrNotFound, scanWound, "SELECT "+woundColumns+" FROM wound_records WHERE patient = $1 AND source = $2", string(k.patient), source)
	if err != nil {
		return nil, err
	}
	var before struct {
		Sent clinical.Sent `json:"sent"`
	}
	if err := t.openWound(k.patient, r, &before); err != nil {
		return nil, err
	}
	if before.Sent.Digest != k.sent.Digest {
		return nil, clinical.ErrKeyTaken
	}
	return &r, nil
}

func (t *tx) replaceWound(k toKeep, details []byte) error {
	present, err := one(t, clinical.ErrNotFound, oneColumn[int64],
		"SELECT version FROM wound_records WHERE id = $1 AND patient = $2 AND kind = $3", k.id, string(k.patient), string(k.kind))
	if err != nil {
		return err
	}
	if present != k.version {
		return clinical.ErrVersion
	}
	if _, err := t.exec("INSERT INTO wound_versions (id, version, status, details) SELECT id, version, status, details FROM wound_records WHERE id = $1", k.id); err != nil {
		return err
	}
	n, err := t.exec("UPDATE wound_records SET version = $3, status = $4, details = $5 WHERE id = $1 AND version = $2",
		k.id, k.version, k.version+1, k.status, details)
	return changed(n, err, clinical.ErrVersion)
}

// SaveWound implements clinical.WoundStore.
func (s *Clinical) SaveWound(ctx context.Context, w clinical.Wound, entries []audit.Entry) (out clinical.Wound, known bool, err error) {
	err = s.writing(ctx, w.Patient, entries, func(t *tx, key subjectKey) (bool, error) {
		r := woundRow{id: string(w.ID), kind: woundRecord, version: w.Version, status: string(w.Status), made: w.Made}
		before, err := t.keep(key, toKeep{r, w.Patient, w.Sent, w.By, w.Correction, w})
		if err != nil {
			return false, err
		}
		if known = before != nil; known {
			out, err = t.wound(w.Patient, *before)
			return false, err
		}
		out = w
		out.Version++
		return true, nil
	})
	if err != nil {
		return clinical.Wound{}, false, fmt.Errorf("save wound %s: %w", w.ID, err)
	}
	return out, known, nil
}

// SaveAssessment implements clinical.WoundStore.
func (s *Clinical) SaveAssessment(ctx context.Context, a clinical.Assessment, numbers []clinical.Observation, entries []audit.Entry) (out clinical.Assessment, known bool, err error) {
	err = s.writing(ctx, a.Patient, entries, func(t *tx, key subjectKey) (bool, error) {
		r := woundRow{id: string(a.ID), kind: assessmentRecord, version: a.Version, status: string(a.Status), made: a.Received}
		before, err := t.keep(key, toKeep{r, a.Patient, a.Sent, a.By, a.Correction, a})
		if err != nil {
			return false, err
		}
		if known = before != nil; known {
			out, err = t.assessment(a.Patient, *before)
			return false, err
		}
		out = a
		out.Version++
		return true, t.keepNumbers(key, a.Patient, numbers)
	})
	if err != nil {
		return clinical.Assessment{}, false, fmt.Errorf("save assessment %s: %w", a.ID, err)
	}
	return out, known, nil
}

// keepNumbers keeps observations that come of an assessment: new ones, and other versions of those that
// are there. One that is the same as it was stays as it is.
func (t *tx) keepNumbers(key subjectKey, patient access.PersonID, numbers []clinical.Observation) error {
	var fresh []clinical.Observation
	var points pointChanges
	for _, o := range numbers {
		row, err := one(t, clinical.ErrNotFound, scanObservation,
			"SELECT "+observationColumns+" FROM observations o WHERE o.id = $1 AND o.patient = $2", string(o.ID), string(patient))
		if errors.Is(err, clinical.ErrNotFound) {
			o.Version, o.Status = 1, clinical.Final
			fresh = append(fresh, o)
			points.add(kindTag(key, o.Kind), o)
			continue
		}
		if err != nil {
			return err
		}
		before, err := t.observation(row)
		if err != nil {
			return err
		}
		now := before
		now.Version++
		now.Status, now.Measured, now.DerivedFrom, now.Method, now.Correction = o.Status, o.Measured, o.DerivedFrom, o.Method, o.Correction
		if o.Status != clinical.Wrong {
			now.Values = o.Values
		}
		same := slices.Equal(now.Values, before.Values) && now.Measured.Equal(before.Measured)
		if (before.Status == clinical.Wrong) == (now.Status == clinical.Wrong) && same {
			continue
		}
		if err := t.replaceObservation(key, now); err != nil {
			return err
		}
		if before.Status != clinical.Wrong {
			points.remove(row.kind, before)
		}
		if now.Status != clinical.Wrong {
			points.add(kindTag(key, now.Kind), now)
		}
	}
	if len(fresh) > 0 {
		if _, err := t.insertObservations(key, fresh); err != nil {
			return err
		}
	}
	return t.changePoints(patient, points)
}

// eraseWounds takes away what is kept of a patient's wounds; pictures go with the patient's key.
func (t *tx) eraseWounds(patient access.PersonID) error {
	_, err := t.exec("DELETE FROM wound_records WHERE patient = $1", string(patient)) // and its versions and drawings
	return err
}
