package store

import (
	"context"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// lastKept is when something was last kept of the patient in $1; 0: nothing is.
const lastKept = `SELECT MAX(at) FROM (
	SELECT COALESCE(MAX(received_at), 0) AS at FROM observations WHERE patient = $1
	UNION ALL SELECT COALESCE(MAX(changed_at), 0) FROM forms WHERE patient = $1
	UNION ALL SELECT COALESCE(MAX(made_at), 0) FROM wound_records WHERE patient = $1) AS kept`

// idlePatients are those for whom something is kept, with whom the last consultation ended before $1, and
// after whom nothing has come since; $2 is whom the list goes on after, $3 how long it is.
const idlePatients = `SELECT k.patient, MAX(a.ends)
FROM (SELECT patient FROM observations UNION SELECT patient FROM forms UNION SELECT patient FROM patient_plans UNION SELECT patient FROM wound_records) AS k
JOIN appointment_participants p ON p.person = k.patient AND p.role = 'patient'
JOIN appointments a ON a.id = p.appointment AND a.state <> 'cancelled'
WHERE k.patient > $2
GROUP BY k.patient HAVING MAX(a.ends) < $1
ORDER BY k.patient LIMIT $3`

// Idle implements clinical.RetentionStore. When a plan was written is not looked at: who writes in it
// does so in a consultation, or on the way to one.
func (s *Clinical) Idle(ctx context.Context, since time.Time, after access.PersonID, most int) (out []clinical.Idle, err error) {
	type row struct {
		patient string
		ended   int64
	}
	err = s.db.read(ctx, func(t *tx) error {
		out = nil
		rows, err := all(t, func(s scanner) (r row, err error) { return r, s.Scan(&r.patient, &r.ended) }, idlePatients, since.UnixMilli(), string(after), most)
		if err != nil {
			return err
		}
		for _, r := range rows {
			last, err := one(t, nil, oneColumn[int64], lastKept, r.patient)
			if err != nil {
				return err
			}
			idle := clinical.Idle{Patient: access.PersonID(r.patient), Last: time.UnixMilli(max(r.ended, last)).UTC()}
			if idle.Consultation, err = one(t, nil, oneColumn[string], `SELECT a.id FROM appointments a JOIN appointment_participants p ON p.appointment = a.id
				WHERE p.person = $1 AND p.role = 'patient' AND a.state <> 'cancelled' ORDER BY a.ends DESC, a.id LIMIT 1`, r.patient); err != nil {
				return err
			}
			organisations, err := all(t, oneColumn[string], "SELECT DISTINCT organisation FROM appointment_participants WHERE appointment = $1 AND organisation <> '' ORDER BY organisation", idle.Consultation)
			if err != nil {
				return err
			}
			for _, o := range organisations {
				idle.Organisations = append(idle.Organisations, access.OrganisationID(o))
			}
			out = append(out, idle)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("idle patients: %w", err)
	}
	return out, nil
}

// Forget implements clinical.RetentionStore.
func (s *Clinical) Forget(ctx context.Context, patient access.PersonID, since time.Time, entries []audit.Entry) (done bool, err error) {
	err = s.writing(ctx, patient, entries, func(t *tx, _ subjectKey) (bool, error) {
		done = false
		last, err := one(t, nil, oneColumn[int64], lastKept, string(patient))
		if err != nil {
			return false, err
		}
		met, err := one(t, nil, oneColumn[int64], `SELECT COALESCE(MAX(a.ends), 0) FROM appointments a JOIN appointment_participants p ON p.appointment = a.id
			WHERE p.person = $1 AND p.role = 'patient' AND a.state <> 'cancelled'`, string(patient))
		if err != nil || max(last, met) > since.UnixMilli() {
			return false, err
		}
		if err := t.forgetClinical(string(patient)); err != nil {
			return false, err
		}
		done = true
		return true, nil
	})
	if err != nil {
		return false, fmt.Errorf("forget %s: %w", patient, err)
	}
	return done, nil
}

// forgetClinical deletes all that was measured, answered and planned of a patient; what the patient has
// decided about it stays.
func (t *tx) forgetClinical(patient string) error {
	for _, statement := range []string{
		"DELETE FROM observations WHERE patient = $1", // and their earlier versions with them
		"DELETE FROM observation_leaves WHERE patient = $1",
		"DELETE FROM patient_limits WHERE patient = $1",
		"DELETE FROM patient_plans WHERE patient = $1",
		"DELETE FROM asked_values WHERE patient = $1",
		"DELETE FROM forms WHERE patient = $1",         // the same
		"DELETE FROM wound_records WHERE patient = $1", // and their versions and drawings with them
		"DELETE FROM blobs WHERE subject = $1",         // the photos
		"DELETE FROM work WHERE patient = $1 AND acknowledged_at > 0",
	} {
		if _, err := t.exec(statement, patient); err != nil {
			return err
		}
	}
	return nil
}
