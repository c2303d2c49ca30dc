package store

import (
	"context"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// tie is a row of the query for Ties.
type tie struct{ kind, organisation string }

// Ties are all found in one query: a decision waits for them.
func (s *Directory) Ties(ctx context.Context, of, patient access.PersonID, on identity.Day, at time.Time) (identity.Ties, error) {
	var rows []tie
	err := s.db.ask(ctx, func(t *tx) (err error) {
		rows, err = all(t, func(row scanner) (r tie, err error) {
			err = row.Scan(&r.kind, &r.organisation)
			return r, err
		}, `SELECT 'care', organisation FROM care WHERE patient = $1
			UNION ALL SELECT 'relative', '' FROM relatives WHERE patient = $1 AND person = $2 AND NOT former
			UNION ALL SELECT CASE WHEN relative IS NULL THEN 'consent' ELSE 'trusted' END, COALESCE(organisation, '') FROM consents
				WHERE patient = $1 AND (relative IS NULL OR relative = $2) AND from_day <= $3 AND (until_day = '' OR until_day >= $3)
			UNION ALL SELECT 'emergency', organisation FROM emergencies WHERE patient = $1 AND person = $2 AND until_at > $4`,
			string(patient), string(of), string(on), at.UnixMilli())
		return err
	})
	var ties identity.Ties
	for _, r := range rows {
		organisation := access.OrganisationID(r.organisation)
		switch r.kind {
		case "care":
			ties.CaredForBy = append(ties.CaredForBy, organisation)
		case "relative":
			ties.Relative = true
		case "consent":
			ties.Consented = append(ties.Consented, organisation)
		case "trusted":
			ties.Trusted = true
		case "emergency":
			ties.Emergencies = append(ties.Emergencies, organisation)
		}
	}
	return ties, err
}

// Person returns anyone who is not erased; identity.GatePeople asks for it.
func (s *Directory) Person(ctx context.Context, id access.PersonID) (p identity.Person, err error) {
	err = s.db.read(ctx, func(t *tx) (err error) {
		p, err = t.person(id)
		return err
	})
	return p, err
}

// OpenEmergency opens a patient who exists.
func (s *Directory) OpenEmergency(ctx context.Context, e identity.Emergency, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		n, err := t.exec(`INSERT INTO emergencies (id, patient, person, organisation, opened_at, until_at)
			SELECT $1, id, $3, $4, $5, $6 FROM people WHERE id = $2 AND kind = $7 AND erased_at IS NULL`,
			e.ID, string(e.Patient), string(e.Person), string(e.Organisation), e.Opened.UnixMilli(), e.Until.UnixMilli(), string(patientPerson))
		return changed(n, err, identity.ErrNotFound)
	})
}
