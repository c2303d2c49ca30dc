package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
	"modernc.org/sqlite" // SQLite without cgo: one static program for every machine
	sqlite3 "modernc.org/sqlite/lib"
)

const sqliteScheme = "sqlite:"

// sqlitePragmas holds for every connection; those that durability and erasure hang on are
// read back by assertSQLite.
var sqlitePragmas = []string{
	"busy_timeout(5000)", // ms; only a backup in another process, or a checkpoint, is waited for
	"journal_mode(WAL)",
	"synchronous(FULL)", // each commit is synced
	"foreign_keys(1)",
	"secure_delete(1)", // what is deleted is overwritten
	"trusted_schema(0)",
	"temp_store(2)",     // sorting leaves no temporary files
	"cache_size(-4096)", // KiB, for each of the connections that read
}

// sqliteWriterPragmas hold for the one connection that writes. The audit record's indexes are
// written all over: their pages are kept at hand, and copied out of the WAL once in a while
// and not after each megabyte.
var sqliteWriterPragmas = []string{
	"cache_size(-32768)",       // KiB
	"wal_autocheckpoint(8192)", // pages of 4 KiB
}

func openSQLite(ctx context.Context, path string, kind databaseKind, cfg Config) (_ *database, err error) {
	if path == "" || strings.HasPrefix(path, ":") {
		return nil, errors.New("sqlite: the path of a file is missing")
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	d := &database{kind: kind, dialect: sqliteDialect{}}
	if cfg.ReadOnly {
		if err := checkPrivate(path); err != nil {
			return nil, fmt.Errorf("sqlite: %w", err)
		}
	} else if d.lock, err = lockFile(path); err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	if d.writer, err = sqlitePool(path, "immediate", cfg.ReadOnly, 1); err == nil {
		d.reader, err = sqlitePool(path, "deferred", true, kind.pool(cfg.Connections))
	}
	if err == nil {
		err = assertSQLite(ctx, d.writer)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sqlite: %w", err), d.close())
	}
	d.written, d.asked = newStatements(d.writer), newStatements(d.reader)
	return d, nil
}

func sqlitePool(path, begin string, readOnly bool, connections int) (*sql.DB, error) {
	pragmas := slices.Concat(sqlitePragmas, sqliteWriterPragmas)
	if readOnly {
		// Not mode=ro, which cannot read a WAL that another process has left.
		pragmas = append([]string{"query_only(1)"}, sqlitePragmas...)
	}
	query := url.Values{"_txlock": {begin}, "_pragma": pragmas}
	pool, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool, nil
}

// assertSQLite reads back what an acknowledgement promises.
func assertSQLite(ctx context.Context, pool *sql.DB) error {
	for _, want := range []struct{ pragma, value, meaning string }{
		{"journal_mode", "wal", "WAL"},
		{"synchronous", "2", "FULL"},
		{"foreign_keys", "1", "on"},
		{"secure_delete", "1", "on"},
	} {
		var got string
		if err := pool.QueryRowContext(ctx, "PRAGMA "+want.pragma).Scan(&got); err != nil {
			return fmt.Errorf("read %s: %w", want.pragma, err)
		}
		if got != want.value {
			return fmt.Errorf("%s is %q and must be %s: what is acknowledged might be lost", want.pragma, got, want.meaning)
		}
	}
	return nil
}

// lockFile makes the database's file where it is missing, and keeps other processes from
// opening it to write: each would believe that it alone erases, seals and migrates.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(f.Close(), checkPrivate(path)); err != nil {
		return nil, err
	}
	// A file of its own: SQLite's locks on the database itself end when any handle of the
	// process on it is closed (fcntl(2)).
	lock, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = fmt.Errorf("%s is in use by another process: stop it first, or use PostgreSQL for several", path)
		}
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

func checkPrivate(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("%s is open to others (mode %04o): chmod 600 %s", path, mode, path)
	}
	return nil
}

type sqliteDialect struct{}

// STRICT tables keep a text out of a number's column, as PostgreSQL does.
func (sqliteDialect) ddl(texts map[string]string) string {
	words := strings.NewReplacer("BIGINT", "INTEGER", "BOOLEAN", "INTEGER", "BYTEA", "BLOB", "\n);", "\n) STRICT;")
	return words.Replace(texts[""]) + texts["sqlite"]
}

func (sqliteDialect) fault(err error) fault {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return fault{}
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		// "constraint failed: UNIQUE constraint failed: people.id (2067)"
		_, columns, _ := strings.Cut(e.Error(), "UNIQUE constraint failed: ")
		table, _, _ := strings.Cut(columns, ".")
		return fault{kind: uniqueBroken, table: table}
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fault{kind: referenceBroken}
	case sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_CONSTRAINT_TRIGGER, sqlite3.SQLITE_CONSTRAINT_NOTNULL:
		return fault{kind: ruleBroken}
	}
	return fault{}
}

func (sqliteDialect) oneOf(column, placeholder string, values []string) (string, any) {
	list, _ := json.Marshal(values) // of strings: cannot fail
	return column + " IN (SELECT value FROM json_each(" + placeholder + "))", string(list)
}

func (sqliteDialect) latest(kinds [][]byte) (string, any) {
	list := make([]string, len(kinds))
	for i, kind := range kinds {
		list[i] = hex.EncodeToString(kind)
	}
	argument, _ := json.Marshal(list) // of strings: cannot fail
	return "SELECT " + observationColumns + ` FROM json_each($2) AS wanted CROSS JOIN observations o ON o.rowid IN (
		SELECT rowid FROM observations WHERE patient = $1 AND kind = unhex(wanted.value) AND status <> $4 ORDER BY measured_at DESC, id DESC LIMIT $3)
		ORDER BY wanted.key, o.measured_at DESC, o.id DESC`, string(argument)
}

func (sqliteDialect) lock() string { return "" }

// The WAL still holds the page as it was; deleted content in the file is overwritten by
// secure_delete.
func (sqliteDialect) scrubs() []string { return []string{"PRAGMA wal_checkpoint(TRUNCATE)"} }

func (sqliteDialect) catalog() (columns, references string) {
	return `SELECT m.name, c.name, c.type, NOT (c."notnull" OR c.pk > 0) FROM sqlite_schema m, pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid`,
		`SELECT m.name, f."table" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`
}
