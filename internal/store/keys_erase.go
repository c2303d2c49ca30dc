package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/audit"
)

// Erase makes everything of a subject unreadable for good, here and in every backup of the
// main database: it erases the subject's key. What is countable of the rows stays: random
// ids and times. The subject cannot come back: nothing is ever sealed for it again.
//
// The intent is committed with its audit entries before the key goes; once it is, the
// erasure happens, if need be at the next start. It can be asked for again.
func (db *DB) Erase(ctx context.Context, subject string, entries []audit.Entry) error {
	if subject == "" {
		return fmt.Errorf("erase: the subject is missing")
	}
	err := db.change(ctx, entries, nil, func(t *tx) error {
		_, err := t.exec("INSERT INTO erasures (subject, asked_at) VALUES ($1, $2) ON CONFLICT (subject) DO NOTHING",
			subject, db.now().UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("erase %s: %w", subject, err)
	}
	return db.finishErasure(ctx, subject)
}

// finishErasures carries out what has been asked for: what a crash has interrupted, and
// also what is done, for the keys may have come back from a backup of theirs.
func (db *DB) finishErasures(ctx context.Context) error {
	var subjects []string
	err := db.read(ctx, func(t *tx) (err error) {
		subjects, err = all(t, oneColumn[string], "SELECT subject FROM erasures WHERE done_at IS NULL")
		return err
	})
	if err != nil {
		return err
	}
	back, err := db.erasedKeysThatAreBack(ctx)
	if err != nil {
		return err
	}
	for _, subject := range append(subjects, back...) {
		if err := db.finishErasure(ctx, subject); err != nil {
			return err
		}
	}
	return nil
}

// erasedKeysThatAreBack compares what has been erased with the keys that there are.
func (db *DB) erasedKeysThatAreBack(ctx context.Context) ([]string, error) {
	var erased []string
	err := db.read(ctx, func(t *tx) (err error) {
		erased, err = all(t, oneColumn[string], "SELECT subject FROM erasures WHERE done_at IS NOT NULL")
		return err
	})
	if err != nil || len(erased) == 0 {
		return nil, err
	}
	return db.keys.present(ctx, erased)
}

func (db *DB) finishErasure(ctx context.Context, subject string) error {
	if err := db.keys.erase(ctx, subject); err != nil {
		return fmt.Errorf("erase the key of %s: %w", subject, err)
	}
	// Hashes of names and numbers, messages that wait and files say nothing without the
	// key, or little; they go nonetheless.
	err := db.change(ctx, nil, nil, func(t *tx) error {
		for _, statement := range []string{
			"DELETE FROM lookups WHERE owner = $1",
			"DELETE FROM outbox WHERE recipient = $1",
			"DELETE FROM blobs WHERE subject = $1",
		} {
			if _, err := t.exec(statement, subject); err != nil {
				return err
			}
		}
		_, err := t.exec("UPDATE erasures SET done_at = $2 WHERE subject = $1 AND done_at IS NULL", subject, db.now().UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("mark the erasure of %s: %w", subject, err)
	}
	db.log.InfoContext(ctx, "erased", "subject", subject)
	return nil
}

// present returns those of the subjects that have a key.
func (k *keyStore) present(ctx context.Context, subjects []string) ([]string, error) {
	condition, argument := k.database.dialect.oneOf("subject", "$1", subjects)
	var out []string
	err := k.database.read(ctx, func(t *sql.Tx) error {
		out = nil
		rows, err := t.QueryContext(ctx, "SELECT subject FROM subject_keys WHERE wrapped IS NOT NULL AND "+condition, argument)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			out = append(out, s)
		}
		return rows.Err()
	})
	return out, err
}

// erase removes a subject's key and keeps its row, so that no other is made.
func (k *keyStore) erase(ctx context.Context, subject string) error {
	now := k.now().UnixMilli()
	err := k.database.change(ctx, func(t *sql.Tx) error {
		_, err := t.ExecContext(ctx, `INSERT INTO subject_keys (subject, wrapped, generation, created_at, erased_at) VALUES ($1, NULL, $2, $3, $3)
			ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, erased_at = COALESCE(subject_keys.erased_at, excluded.erased_at)`,
			subject, k.keyring.Current(), now)
		return err
	})
	k.cache.drop(subject)
	if err != nil {
		return err
	}
	return k.database.scrub(ctx)
}
