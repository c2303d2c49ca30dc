package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// OfPatient implements audit.ReaderStore. The reasons of a patient whose key has been erased
// are empty.
func (a *Audit) OfPatient(ctx context.Context, patient access.PersonID, after string, limit int, look audit.Entry) (entries []audit.Entry, err error) {
	err = a.db.auditedRead(ctx, func(t *tx) ([]audit.Entry, error) {
		query, args := "SELECT "+storedColumns+" FROM audit_entries e WHERE e.patient = $1 AND e.patient <> ''", []any{string(patient), limit}
		if after != "" {
			query, args = query+" AND e.id < $3", append(args, after)
		}
		rows, err := all(t, scanStored, query+" ORDER BY e.id DESC LIMIT $2", args...)
		if err != nil {
			return nil, err
		}
		if entries, err = t.withReasons(rows); err != nil {
			return nil, err
		}
		return []audit.Entry{look}, nil
	})
	return entries, err
}

// withReasons turns what is stored back. The reasons of the erased are empty.
func (t *tx) withReasons(rows []audit.Stored) ([]audit.Entry, error) {
	entries := make([]audit.Entry, len(rows))
	for i, row := range rows {
		entries[i] = row.Entry()
		reason, err := t.open(row.Patient, reasonOf(row.ID), row.Reason)
		if err != nil && !errors.Is(err, ErrErased) {
			return nil, err
		}
		entries[i].Reason = string(reason)
	}
	return entries, nil
}

// OfOrganisation implements audit.ReaderStore.
func (a *Audit) OfOrganisation(ctx context.Context, of access.OrganisationID, from, until time.Time, after audit.Place, limit int) (entries []audit.Sealed, err error) {
	if after.ID == "" {
		after.At = from.UnixMilli() // each id is above the empty one
	}
	err = a.db.read(ctx, func(t *tx) error {
		entries, err = all(t, scanExported, "SELECT s.seq, s.chain, "+storedColumns+` FROM audit_entries e LEFT JOIN audit_seals s ON s.entry = e.id
			WHERE e.organisation = $1 AND e.organisation <> '' AND (e.at, e.id) > ($2, $3) AND e.at < $4
			ORDER BY e.at, e.id LIMIT $5`, string(of), after.At, after.ID, until.UnixMilli(), limit)
		return err
	})
	return entries, err
}

func scanExported(row scanner) (s audit.Sealed, err error) {
	var seq sql.NullInt64
	var chain []byte
	err = row.Scan(append([]any{&seq, &chain}, storedInto(&s.Stored)...)...)
	s.Seq, s.Chain, s.Found = seq.Int64, hashOf(chain), true
	return s, err
}

// Names implements audit.Names.
func (a *Audit) Names(ctx context.Context, people []access.PersonID, organisations []access.OrganisationID) (map[access.PersonID]string, map[access.OrganisationID]string, error) {
	named, called := map[access.PersonID]string{}, map[access.OrganisationID]string{}
	err := a.db.read(ctx, func(t *tx) error {
		found, err := t.people(people)
		if err != nil {
			return err
		}
		for _, p := range found {
			named[p.ID] = p.Name
		}
		condition, argument := t.oneOf("id", "$1", texts(organisations))
		_, err = all(t, func(row scanner) (struct{}, error) {
			var id access.OrganisationID
			var name string
			err := row.Scan(&id, &name)
			called[id] = name
			return struct{}{}, err
		}, "SELECT id, name FROM organisations WHERE "+condition, argument)
		return err
	})
	return named, called, err
}
