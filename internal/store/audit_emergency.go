package store

import (
	"context"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// openedEmergencies are all that have opened a patient. The index audit_entries_of_emergency
// has the same words.
const openedEmergencies = "e.action = 'emergency.open' AND e.outcome = 'done'"

// Emergencies implements audit.ReaderStore. Nobody cares for the erased: their entries are
// as others' patients'.
func (a *Audit) Emergencies(ctx context.Context, of access.OrganisationID, since time.Time, after string, limit int, account func([]audit.Entry) []audit.Entry) (entries []audit.Entry, err error) {
	err = a.db.auditedRead(ctx, func(t *tx) ([]audit.Entry, error) {
		const cares = "EXISTS (SELECT 1 FROM care WHERE care.patient = e.patient AND care.organisation = $1)"
		query, args := "SELECT "+cares+", "+storedColumns+" FROM audit_entries e WHERE "+openedEmergencies+
			" AND e.at >= $2 AND (e.organisation = $1 OR "+cares+")", []any{string(of), since.UnixMilli(), limit}
		if after != "" {
			query, args = query+" AND e.id < $4", append(args, after)
		}
		rows, err := all(t, func(row scanner) (s audit.Stored, err error) {
			var cared bool
			if err := row.Scan(append([]any{&cared}, storedInto(&s)...)...); err != nil {
				return s, err
			}
			if !cared {
				s.Patient, s.Object, s.Reason = "", "", nil
			}
			return s, nil
		}, query+" ORDER BY e.id DESC LIMIT $3", args...)
		if err != nil {
			return nil, err
		}
		var patients []string
		for _, row := range rows {
			if row.Reason != nil {
				patients = append(patients, row.Patient)
			}
		}
		if err := t.warm(patients); err != nil {
			return nil, err
		}
		if entries, err = t.withReasons(rows); err != nil {
			return nil, err
		}
		return account(entries), nil
	})
	return entries, err
}
