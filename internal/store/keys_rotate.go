package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/keyring"
)

// rotateBatch is how many rows are rewritten in one transaction: others wait no longer than
// that takes.
const rotateBatch = 200

// Rotated is what Rotate has done so far.
type Rotated struct {
	Keys    int // of subjects, wrapped anew
	Lookups int // hashes, computed anew
}

// Rotate wraps every subject's key with the keyring's current generation, and computes every
// lookup anew, while the service goes on. Where it stands is in the rows themselves: after a
// crash it is called again and goes on where it was. When it has returned nil, nothing in the
// store needs an older generation any more, but the requests of the last day, by which they
// are known again, and the addresses of calendars that no program has read since (AddressOf);
// backups made before do, until they have expired.
// progress, which may be nil, hears of each batch. The audit entries are committed first.
//
// With several nodes, give all of them the new generation first: a node without it cannot
// read what another has made with it.
func (db *DB) Rotate(ctx context.Context, entries []audit.Entry, progress func(Rotated)) (Rotated, error) {
	var done Rotated
	if err := db.change(ctx, entries, nil, func(*tx) error { return nil }); err != nil {
		return done, fmt.Errorf("rotate keys: %w", err)
	}
	for _, step := range []struct {
		count *int
		batch func(context.Context) (int, error)
	}{{&done.Keys, db.keys.rewrapBatch}, {&done.Lookups, db.rehashBatch}} {
		for {
			n, err := step.batch(ctx)
			if err != nil {
				return done, fmt.Errorf("rotate keys: %w", err)
			}
			if n == 0 {
				break
			}
			*step.count += n
			if progress != nil {
				progress(done)
			}
		}
	}
	// The old generation may be known to others, which is why there is a new one.
	if err := db.keys.database.scrub(ctx); err != nil {
		return done, fmt.Errorf("rotate keys: %w", err)
	}
	return done, nil
}

// rewrapBatch wraps some keys anew and returns how many; 0: there are none left.
func (k *keyStore) rewrapBatch(ctx context.Context) (n int, err error) {
	to := k.keyring.Current()
	err = k.database.change(ctx, func(t *sql.Tx) error {
		old, err := k.oldKeys(ctx, t, to)
		if err != nil {
			return err
		}
		for _, r := range old {
			key, err := k.unwrapped(r)
			if err != nil {
				return err
			}
			wrapped, err := sealWith(k.wrap[to], additional(r.subject, "subject_keys.wrapped"), key)
			if err != nil {
				return err
			}
			if _, err := t.ExecContext(ctx, "UPDATE subject_keys SET wrapped = $2, generation = $3 WHERE subject = $1 AND wrapped IS NOT NULL",
				r.subject, wrapped, to); err != nil {
				return err
			}
		}
		n = len(old)
		return nil
	})
	return n, err
}

func (k *keyStore) oldKeys(ctx context.Context, t *sql.Tx, to keyring.Generation) ([]keyRow, error) {
	rows, err := t.QueryContext(ctx, `SELECT subject, wrapped, generation FROM subject_keys
		WHERE wrapped IS NOT NULL AND generation <> $1 LIMIT $2`, to, rotateBatch)
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	defer rows.Close()
	var out []keyRow
	for rows.Next() {
		var r keyRow
		if err := rows.Scan(&r.subject, &r.wrapped, &r.generation); err != nil {
			return nil, fmt.Errorf("read keys: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

type lookupRow struct {
	kind, owner string
	value       []byte
}

func scanLookupRow(row scanner) (r lookupRow, err error) {
	err = row.Scan(&r.kind, &r.owner, &r.value)
	return r, err
}

// rehashBatch computes some lookups anew and returns how many; 0: there are none left.
func (db *DB) rehashBatch(ctx context.Context) (n int, err error) {
	to := db.keys.keyring.Current()
	err = db.change(ctx, nil, nil, func(t *tx) error {
		old, err := all(t, scanLookupRow, "SELECT kind, owner, value FROM lookups WHERE generation <> $1 LIMIT $2", to, rotateBatch)
		if err != nil {
			return err
		}
		for _, r := range old {
			value, err := t.open(r.owner, lookupCell(r.kind, r.owner), r.value)
			if errors.Is(err, ErrErased) { // at this very moment
				if err := t.setLookup(r.kind, r.owner, ""); err != nil {
					return err
				}
				continue
			}
			if err != nil {
				return err
			}
			if _, err := t.exec("UPDATE lookups SET hash = $3, generation = $4 WHERE kind = $1 AND owner = $2",
				r.kind, r.owner, db.keys.lookupHash(to, r.kind, string(value)), to); err != nil {
				return err
			}
		}
		n = len(old)
		return nil
	})
	return n, err
}
