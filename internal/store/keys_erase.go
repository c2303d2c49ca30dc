package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/access"
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
	err := db.change(ctx, entries, nil, func(t *tx) error { return t.erasePerson(access.PersonID(subject), db.now()) })
	if err != nil {
		return fmt.Errorf("erase %s: %w", subject, err)
	}
	return db.finishAsked(ctx)
}

// askErasure writes down that a subject is to be erased, which finishAsked then does.
func (t *tx) askErasure(subject string) error {
	_, err := t.exec("INSERT INTO erasures (subject, asked_at) VALUES ($1, $2) ON CONFLICT (subject) DO NOTHING",
		subject, t.db.now().UnixMilli())
	return err
}

// finishErasures makes both databases agree that who is erased in one is erased: a crash may
// have come in between, or either of them been restored from an older backup.
func (db *DB) finishErasures(ctx context.Context) error {
	erased, err := db.keys.erased(ctx)
	if err != nil {
		return err
	}
	var asked []string
	err = db.read(ctx, func(t *tx) (err error) {
		asked, err = all(t, oneColumn[string], "SELECT subject FROM erasures")
		return err
	})
	if err != nil {
		return err
	}
	for _, subject := range asked {
		if !erased[subject] {
			if err := db.finishErasure(ctx, subject); err != nil {
				return err
			}
		}
		delete(erased, subject)
	}
	for subject := range erased {
		if err := db.Erase(ctx, subject, nil); err != nil {
			return err
		}
	}
	return db.finishAsked(ctx)
}

// finishAsked carries out the erasures that have been asked for and are not done.
func (db *DB) finishAsked(ctx context.Context) error {
	var asked []string
	err := db.read(ctx, func(t *tx) (err error) {
		asked, err = all(t, oneColumn[string], "SELECT subject FROM erasures WHERE done_at IS NULL")
		return err
	})
	if err != nil {
		return err
	}
	for _, subject := range asked {
		if err := db.finishErasure(ctx, subject); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) finishErasure(ctx context.Context, subject string) error {
	if err := db.keys.erase(ctx, subject); err != nil {
		return fmt.Errorf("erase the key of %s: %w", subject, err)
	}
	// Hashes of numbers, messages that wait, files and what was measured say nothing without
	// the key, or little; they go nonetheless.
	err := db.changeLocked(ctx, clinicalLock(subject), nil, nil, func(t *tx) error {
		for _, statement := range []string{
			"DELETE FROM lookups WHERE owner = $1",
			"DELETE FROM outbox WHERE recipient = $1",
			"DELETE FROM blobs WHERE subject = $1",
			"DELETE FROM observations WHERE patient = $1", // and their earlier versions with them
			"DELETE FROM observation_leaves WHERE patient = $1",
			"DELETE FROM patient_sharing WHERE patient = $1",
			"DELETE FROM patient_limits WHERE patient = $1",
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

// erased returns the subjects whose keys have been erased.
func (k *keyStore) erased(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	err := k.database.read(ctx, func(t *sql.Tx) error {
		clear(out)
		rows, err := t.QueryContext(ctx, "SELECT subject FROM subject_keys WHERE wrapped IS NULL")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			out[s] = true
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
