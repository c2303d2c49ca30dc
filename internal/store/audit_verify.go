package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/audit"
)

// Sealed returns at most limit seals with places after one, in order, with their entries.
func (a *Audit) Sealed(ctx context.Context, after int64, limit int) (out []audit.Sealed, err error) {
	err = a.db.read(ctx, func(t *tx) error {
		out, err = all(t, scanSealed, "SELECT s.seq, s.entry, s.hash, s.chain, "+storedColumns+`
			FROM audit_seals s LEFT JOIN audit_entries e ON e.id = s.entry WHERE s.seq > $1 ORDER BY s.seq LIMIT $2`, after, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read seals: %w", err)
	}
	return out, nil
}

// scanSealed reads a seal, and its entry where that is there.
func scanSealed(row scanner) (s audit.Sealed, err error) {
	var hash, chain []byte
	var at sql.NullInt64
	var texts [11]sql.NullString
	into := []any{&s.Seq, &s.Entry, &hash, &chain, &texts[0], &at}
	for i := range texts[1:] {
		into = append(into, &texts[1+i])
	}
	into = append(into, &s.Stored.Reason)
	if err := row.Scan(into...); err != nil {
		return s, err
	}
	s.Hash, s.Chain = hashOf(hash), hashOf(chain)
	s.Found = texts[0].Valid
	s.Stored.At = at.Int64
	for i, field := range []*string{
		&s.Stored.ID, &s.Stored.Person, &s.Stored.Role, &s.Stored.Organisation, &s.Stored.Session, &s.Stored.Consultation,
		&s.Stored.Action, &s.Stored.Outcome, &s.Stored.By, &s.Stored.Patient, &s.Stored.Object,
	} {
		*field = texts[i].String
	}
	return s, nil
}

// Unsealed returns at most limit entries without a seal, and entries that should wait for
// one and are gone, with ids after one, in order.
func (a *Audit) Unsealed(ctx context.Context, after string, limit int) (out []audit.Unsealed, err error) {
	err = a.db.read(ctx, func(t *tx) error {
		out, err = all(t, func(row scanner) (u audit.Unsealed, err error) {
			err = row.Scan(&u.ID, &u.At, &u.Waiting, &u.Gone)
			return u, err
		}, `SELECT e.id, e.at, w.entry IS NOT NULL, FALSE FROM audit_entries e
				LEFT JOIN audit_seals s ON s.entry = e.id LEFT JOIN audit_unsealed w ON w.entry = e.id
				WHERE s.entry IS NULL AND e.id > $1
			UNION ALL
			SELECT w.entry, 0, TRUE, TRUE FROM audit_unsealed w LEFT JOIN audit_entries e ON e.id = w.entry
				WHERE e.id IS NULL AND w.entry > $1
			ORDER BY 1 LIMIT $2`, after, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read entries without a seal: %w", err)
	}
	return out, nil
}
