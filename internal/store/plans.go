package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// planContent is what patient_plans.content holds, sealed with the patient's key.
type planContent struct {
	Fields  map[clinical.PlanField]clinical.PlanText `json:"fields"`
	Limits  []clinical.KindLimits                    `json:"limits,omitempty"`
	Parties []clinical.PlanParty                     `json:"parties"`
	Made    time.Time                                `json:"made"`
	MadeBy  clinical.Performer                       `json:"madeBy"`
}

func plansCell(patient access.PersonID, version int64) string {
	return cell("patient_plans", "content", string(patient)+"/"+strconv.FormatInt(version, 10))
}

// Plans implements clinical.PlanStore.
func (s *Clinical) Plans(ctx context.Context, patient access.PersonID) (out []clinical.Plan, err error) {
	type row struct {
		clinical.Plan
		content []byte
	}
	err = s.db.ask(ctx, func(t *tx) error {
		rows, err := all(t, func(from scanner) (r row, err error) {
			return r, from.Scan(&r.Version, &r.State, &r.Revision, &r.content)
		}, "SELECT version, state, revision, content FROM patient_plans WHERE patient = $1 ORDER BY version DESC", string(patient))
		if err != nil {
			return err
		}
		for _, r := range rows {
			var c planContent
			err := t.openJSON(string(patient), plansCell(patient, r.Version), r.content, &c)
			if errors.Is(err, ErrErased) {
				return nil
			}
			if err != nil {
				return err
			}
			r.Patient, r.Fields, r.Limits, r.Parties, r.Made, r.MadeBy = patient, c.Fields, c.Limits, c.Parties, c.Made, c.MadeBy
			out = append(out, r.Plan)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("plans: %w", err)
	}
	return out, nil
}

// SavePlan implements clinical.PlanStore.
func (s *Clinical) SavePlan(ctx context.Context, p clinical.Plan, limits *clinical.Limits, entries []audit.Entry) (clinical.Plan, error) {
	err := s.writing(ctx, p.Patient, entries, func(t *tx, _ subjectKey) (bool, error) {
		if err := t.savePlan(p); err != nil {
			return false, err
		}
		if limits == nil {
			return true, nil
		}
		return true, t.saveLimits(p.Patient, *limits)
	})
	if err != nil {
		return p, fmt.Errorf("save a plan: %w", err)
	}
	p.Revision++
	return p, nil
}

// savePlan keeps a new version, or what a draft has become. The patient's clinical lock is held.
func (t *tx) savePlan(p clinical.Plan) error {
	patient := string(p.Patient)
	content, err := t.sealJSON(patient, plansCell(p.Patient, p.Version), planContent{p.Fields, p.Limits, p.Parties, p.Made, p.MadeBy})
	if err != nil {
		return err
	}
	if p.Revision == 0 {
		_, err := t.exec("INSERT INTO patient_plans (patient, version, state, revision, content) VALUES ($1, $2, $3, 1, $4)",
			patient, p.Version, string(p.State), content)
		err = t.exists(err, "patient_plans", clinical.ErrVersion)
		if err != nil {
			return err
		}
	} else {
		n, err := t.exec("UPDATE patient_plans SET state = $4, revision = revision + 1, content = $5 WHERE patient = $1 AND version = $2 AND revision = $3 AND state = 'draft'",
			patient, p.Version, p.Revision, string(p.State), content)
		if err := changed(n, err, clinical.ErrVersion); err != nil {
			return err
		}
	}
	if p.State != clinical.PlanActive {
		return nil
	}
	_, err = t.exec("UPDATE patient_plans SET state = 'revoked' WHERE patient = $1 AND version < $2 AND state = 'active'", patient, p.Version)
	return err
}
