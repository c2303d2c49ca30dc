package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// limitsDetails is what patient_limits.details holds, sealed with the patient's key.
type limitsDetails struct {
	Kinds       []clinical.KindLimits `json:"kinds"`
	PlanVersion int64                 `json:"planVersion,omitempty"`
	ScaleTwo    *clinical.Decision    `json:"scaleTwo,omitempty"`
	Set         time.Time             `json:"set"`
	By          clinical.Performer    `json:"by"`
}

func limitsCell(patient access.PersonID, version int64) string {
	return cell("patient_limits", "details", string(patient)+"/"+strconv.FormatInt(version, 10))
}

// Limits implements clinical.LimitStore.
func (s *Clinical) Limits(ctx context.Context, patient access.PersonID) (l clinical.Limits, err error) {
	type row struct {
		version int64
		details []byte
	}
	err = s.reading(ctx, patient, func(t *tx, _ subjectKey) error {
		rows, err := all(t, func(s scanner) (r row, err error) { return r, s.Scan(&r.version, &r.details) },
			"SELECT version, details FROM patient_limits WHERE patient = $1 ORDER BY version DESC LIMIT 1", string(patient))
		if err != nil || len(rows) == 0 {
			return err
		}
		var d limitsDetails
		if err := t.openJSON(string(patient), limitsCell(patient, rows[0].version), rows[0].details, &d); err != nil {
			return err
		}
		l = clinical.Limits{Version: rows[0].version, Kinds: d.Kinds, PlanVersion: d.PlanVersion, ScaleTwo: d.ScaleTwo, Set: d.Set.UTC(), By: d.By}
		if l.ScaleTwo != nil {
			l.ScaleTwo.At = l.ScaleTwo.At.UTC()
		}
		return nil
	})
	if err != nil {
		return clinical.Limits{}, fmt.Errorf("limits: %w", err)
	}
	return l, nil
}

// SaveLimits implements clinical.LimitStore. Earlier versions stay.
func (s *Clinical) SaveLimits(ctx context.Context, patient access.PersonID, l clinical.Limits, entries []audit.Entry) (clinical.Limits, error) {
	people := []clinical.Performer{l.By}
	if l.ScaleTwo != nil {
		people = append(people, l.ScaleTwo.By)
	}
	if err := readable(people...); err != nil {
		return clinical.Limits{}, fmt.Errorf("save limits of %s: %w", patient, err)
	}
	err := s.writing(ctx, patient, entries, func(t *tx, _ subjectKey) (bool, error) { return true, t.saveLimits(patient, l) })
	if err != nil {
		return clinical.Limits{}, fmt.Errorf("save limits of %s: %w", patient, err)
	}
	l.Version++
	return l, nil
}

// saveLimits keeps a version after l.Version. The patient's clinical lock is held.
func (t *tx) saveLimits(patient access.PersonID, l clinical.Limits) error {
	latest, err := one(t, nil, oneColumn[int64], "SELECT COALESCE(MAX(version), 0) FROM patient_limits WHERE patient = $1", string(patient))
	if err != nil {
		return err
	}
	if latest != l.Version {
		return clinical.ErrVersion
	}
	details, err := t.sealJSON(string(patient), limitsCell(patient, l.Version+1), limitsDetails{l.Kinds, l.PlanVersion, l.ScaleTwo, l.Set, l.By})
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO patient_limits (patient, version, details) VALUES ($1, $2, $3)", string(patient), l.Version+1, details)
	return t.exists(err, "patient_limits", clinical.ErrVersion) // for what forgets the lock
}
