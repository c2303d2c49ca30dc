package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/samkonsult/samkonsult/internal/keyring"
)

// KeysBackupLifetime is how long a backup of keys can be restored. An erased person's key is
// in backups made before: the erasure is complete when the last of them has expired.
const KeysBackupLifetime = 30 * 24 * time.Hour

// Backup writes the main database as it is at one moment, while the service goes on. Persons'
// data is in it as it is stored, sealed; their keys are not.
func (db *DB) Backup(ctx context.Context, w io.Writer) error {
	return db.main.backup(ctx, w, db.keys.keyring, BackupHeader{Of: mainDatabase.name, Created: db.now().UnixMilli()})
}

// BackupKeys writes persons' keys, as wrapped by the keyring. Keep it apart from other
// backups, and delete it when it has expired.
func (db *DB) BackupKeys(ctx context.Context, w io.Writer) error {
	now := db.now()
	return db.keys.database.backup(ctx, w, db.keys.keyring,
		BackupHeader{Of: keysDatabase.name, Created: now.UnixMilli(), Expires: now.Add(KeysBackupLifetime).UnixMilli()})
}

func (d *database) backup(ctx context.Context, w io.Writer, ring *keyring.Keyring, h BackupHeader) error {
	h.Generation = ring.Current()
	// Once, and not anew after a fault: what has been written cannot be taken back.
	err := once(ctx, d.reader, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, func(t *sql.Tx) (err error) {
		if h.Migrations, err = appliedMigrations(ctx, t); err != nil {
			return err
		}
		out, err := newBackupWriter(w, ring, h)
		if err != nil {
			return err
		}
		tables, err := d.tables(ctx, t)
		if err != nil {
			return err
		}
		for _, table := range tables {
			if table.name == "schema_migrations" { // in the header
				continue
			}
			if err := backupTableRows(ctx, t, table, out); err != nil {
				return fmt.Errorf("table %s: %w", table.name, err)
			}
		}
		return out.end()
	})
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

func backupTableRows(ctx context.Context, t *sql.Tx, table tableSchema, out *backupWriter) error {
	columns := table.columnNames()
	if err := out.text('t', backupTable{table.name, columns}); err != nil {
		return err
	}
	rows, err := t.QueryContext(ctx, "SELECT "+quoted(columns)+" FROM "+quoted([]string{table.name}))
	if err != nil {
		return err
	}
	defer rows.Close()
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := out.row(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// quoted lists names as both databases quote them.
func quoted(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = pgx.Identifier{n}.Sanitize()
	}
	return strings.Join(out, ", ")
}
