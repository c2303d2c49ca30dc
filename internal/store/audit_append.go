package store

import "github.com/samkonsult/samkonsult/internal/audit"

// appendAudit adds entries to the audit record, in the transaction of what they tell of.
func (t *tx) appendAudit(entries []audit.Entry) error {
	for _, e := range entries {
		reason, err := t.seal(string(e.Patient), cell("audit_entries", "reason", e.ID), orNull(e.Reason))
		if err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO audit_entries (id, at, person, role, organisation, session, action, outcome, relations, patient, object, reason)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			e.ID, e.At.UnixMilli(), string(e.Actor.Person), e.Actor.Role.String(), string(e.Actor.Organisation), e.Actor.Session,
			e.Action, string(e.Outcome), e.By.String(), string(e.Patient), e.Object, reason); err != nil {
			return err
		}
	}
	return nil
}
