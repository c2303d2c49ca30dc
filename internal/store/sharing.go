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

// sharingDetails is what patient_sharing.details holds, sealed with the patient's key.
type sharingDetails struct {
	Rules []shareRule        `json:"rules"`
	Set   time.Time          `json:"set"`
	By    clinical.Performer `json:"by"`
}

type shareRule struct {
	Item  clinical.ShareItem  `json:"item"`
	Party clinical.ShareParty `json:"party"`
	Shown bool                `json:"shown,omitempty"`
}

func sharingCell(patient access.PersonID, version int64) string {
	return cell("patient_sharing", "details", string(patient)+"/"+strconv.FormatInt(version, 10))
}

// Sharing implements clinical.SharingStore.
func (s *Clinical) Sharing(ctx context.Context, patient access.PersonID) (out clinical.Sharing, err error) {
	type row struct {
		version int64
		details []byte
	}
	err = s.reading(ctx, patient, func(t *tx, _ subjectKey) error {
		rows, err := all(t, func(s scanner) (r row, err error) { return r, s.Scan(&r.version, &r.details) },
			"SELECT version, details FROM patient_sharing WHERE patient = $1 ORDER BY version DESC LIMIT 1", string(patient))
		if err != nil || len(rows) == 0 {
			return err
		}
		var d sharingDetails
		if err := t.openJSON(string(patient), sharingCell(patient, rows[0].version), rows[0].details, &d); err != nil {
			return err
		}
		out = clinical.Sharing{Version: rows[0].version, Set: d.Set.UTC(), By: d.By}
		for _, r := range d.Rules {
			out.Rules = append(out.Rules, clinical.ShareRule(r))
		}
		return nil
	})
	if err != nil {
		return clinical.Sharing{}, fmt.Errorf("sharing: %w", err)
	}
	return out, nil
}

// SaveSharing implements clinical.SharingStore. Earlier versions stay.
func (s *Clinical) SaveSharing(ctx context.Context, patient access.PersonID, next clinical.Sharing, entries []audit.Entry) (clinical.Sharing, error) {
	if err := readable(next.By); err != nil {
		return clinical.Sharing{}, fmt.Errorf("save sharing of %s: %w", patient, err)
	}
	err := s.writing(ctx, patient, entries, func(t *tx, _ subjectKey) (bool, error) { return true, t.saveSharing(patient, next) })
	if err != nil {
		return clinical.Sharing{}, fmt.Errorf("save sharing of %s: %w", patient, err)
	}
	next.Version++
	return next, nil
}

// saveSharing keeps a version after next.Version. The patient's clinical lock is held.
func (t *tx) saveSharing(patient access.PersonID, next clinical.Sharing) error {
	latest, err := one(t, nil, oneColumn[int64], "SELECT COALESCE(MAX(version), 0) FROM patient_sharing WHERE patient = $1", string(patient))
	if err != nil {
		return err
	}
	if latest != next.Version {
		return clinical.ErrVersion
	}
	d := sharingDetails{Set: next.Set, By: next.By}
	for _, r := range next.Rules {
		d.Rules = append(d.Rules, shareRule(r))
	}
	details, err := t.sealJSON(string(patient), sharingCell(patient, next.Version+1), d)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO patient_sharing (patient, version, details) VALUES ($1, $2, $3)", string(patient), next.Version+1, details)
	return t.exists(err, "patient_sharing", clinical.ErrVersion) // for what forgets the lock
}
