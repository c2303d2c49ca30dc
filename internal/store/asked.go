package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

var _ clinical.AskedStore = (*Clinical)(nil)

// askedDetails is what asked_values.details holds. Fields are kept for good.
type askedDetails struct {
	Kind         clinical.KindID    `json:"kind"`
	Consultation string             `json:"consultation,omitempty"`
	Ask          clinical.Ask       `json:"ask"`
	Withdrawn    *clinical.Decision `json:"withdrawn,omitempty"`
}

const askedColumns = "id, patient, version, made_at, details"

type askedRow struct {
	clinical.AskedValue
	details []byte
}

func scanAsked(row scanner) (r askedRow, err error) {
	var made int64 // stands in details, too: here to order by
	return r, row.Scan(&r.ID, &r.Patient, &r.Version, &made, &r.details)
}

func askedCell(id clinical.AskedID, version int64) string {
	return cell("asked_values", "details", string(id)+"/"+strconv.FormatInt(version, 10))
}

func (t *tx) sealAsked(a clinical.AskedValue) ([]byte, error) {
	return t.sealJSON(string(a.Patient), askedCell(a.ID, a.Version), askedDetails{a.Kind, a.Consultation, a.Ask, a.Withdrawn})
}

// AddAsked implements clinical.AskedStore.
func (s *Clinical) AddAsked(ctx context.Context, patient access.PersonID, all []clinical.AskedValue, entries []audit.Entry) error {
	err := s.writing(ctx, patient, entries, func(t *tx, _ subjectKey) (bool, error) {
		for _, a := range all {
			if a.Patient != patient {
				return false, fmt.Errorf("%s is asked of another patient", a.ID)
			}
			details, err := t.sealAsked(a)
			if err != nil {
				return false, err
			}
			if _, err := t.exec("INSERT INTO asked_values ("+askedColumns+") VALUES ($1, $2, $3, $4, $5)",
				string(a.ID), string(a.Patient), a.Version, a.Ask.At.UnixMilli(), details); err != nil {
				return false, err
			}
		}
		return len(all) > 0, nil
	})
	if err != nil {
		return fmt.Errorf("ask for values: %w", err)
	}
	return nil
}

// WithdrawAsked implements clinical.AskedStore.
func (s *Clinical) WithdrawAsked(ctx context.Context, a clinical.AskedValue, entries []audit.Entry) (clinical.AskedValue, error) {
	rests := a.Version
	a.Version++
	err := s.writing(ctx, a.Patient, entries, func(t *tx, _ subjectKey) (bool, error) {
		r, err := one(t, clinical.ErrNotFound, scanAsked, "SELECT "+askedColumns+" FROM asked_values WHERE id = $1 AND patient = $2", string(a.ID), string(a.Patient))
		if err != nil {
			return false, err
		}
		if r.Version != rests {
			return false, clinical.ErrVersion
		}
		details, err := t.sealAsked(a)
		if err != nil {
			return false, err
		}
		n, err := t.exec("UPDATE asked_values SET version = $3, details = $4 WHERE id = $1 AND version = $2", string(a.ID), rests, a.Version, details)
		return true, changed(n, err, clinical.ErrVersion)
	})
	if err != nil {
		return clinical.AskedValue{}, fmt.Errorf("withdraw what is asked for: %w", err)
	}
	return a, nil
}

// Asked implements clinical.AskedStore.
func (s *Clinical) Asked(ctx context.Context, patient access.PersonID) (out []clinical.AskedValue, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		out = nil
		rows, err := all(t, scanAsked, "SELECT "+askedColumns+" FROM asked_values WHERE patient = $1 ORDER BY made_at DESC, id DESC", string(patient))
		if err != nil {
			return err
		}
		for _, r := range rows {
			var d askedDetails
			err := t.openJSON(string(patient), askedCell(r.ID, r.Version), r.details, &d)
			if errors.Is(err, ErrErased) {
				return nil
			}
			if err != nil {
				return err
			}
			r.Kind, r.Consultation, r.Ask, r.Withdrawn = d.Kind, d.Consultation, d.Ask, d.Withdrawn
			out = append(out, r.AskedValue)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("what is asked for: %w", err)
	}
	return out, nil
}
