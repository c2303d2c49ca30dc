package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// ErrNotEmpty says that a backup was to be restored into a database that is in use.
var ErrNotEmpty = errors.New("the database is not empty: a backup is restored into a new one")

// Restore writes a backup into the empty database of cfg.URL, of either kind, all of it or
// nothing. A file that is cut, changed or foreign is refused before anything is written.
// Keys stay as they are: with those of now, who has been erased since stays erased.
func Restore(ctx context.Context, cfg Config, from io.Reader) (BackupHeader, error) {
	return restore(ctx, cfg, cfg.URL, mainDatabase, from)
}

// RestoreKeys writes a backup of keys into the empty database of cfg.KeysURL, unless it has
// expired. Who has been erased since it was made is erased again when the database is opened.
func RestoreKeys(ctx context.Context, cfg Config, from io.Reader) (BackupHeader, error) {
	cfg, err := cfg.checked()
	if err != nil {
		return BackupHeader{}, err
	}
	return restore(ctx, cfg, cfg.KeysURL, keysDatabase, from)
}

func restore(ctx context.Context, cfg Config, url string, kind databaseKind, from io.Reader) (h BackupHeader, err error) {
	if cfg, err = cfg.checked(); err != nil {
		return h, err
	}
	file, done, err := seekable(from)
	if err != nil {
		return h, fmt.Errorf("restore: %w", err)
	}
	defer done()
	if h, err = cfg.verifyBackup(file, kind); err != nil {
		return h, fmt.Errorf("restore: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return h, fmt.Errorf("restore: %w", err)
	}
	d, err := connect(ctx, url, kind, cfg)
	if err != nil {
		return h, fmt.Errorf("restore: %w", err)
	}
	err = once(ctx, d.writer, nil, func(t *sql.Tx) error { return d.load(ctx, t, cfg, file) })
	if err = errors.Join(err, d.close()); err != nil {
		return h, fmt.Errorf("restore: %w", err)
	}
	return h, nil
}

// seekable returns what can be read twice: the reader itself, or a copy in a file without a
// name.
func seekable(from io.Reader) (_ io.ReadSeeker, done func(), err error) {
	if file, ok := from.(io.ReadSeeker); ok {
		if _, err := file.Seek(0, io.SeekCurrent); err == nil { // a pipe has Seek, too
			return file, func() {}, nil
		}
	}
	file, err := os.CreateTemp("", "samkonsult-restore-")
	if err != nil {
		return nil, nil, err
	}
	_, err = io.Copy(file, from)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err = errors.Join(err, os.Remove(file.Name())); err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, func() { file.Close() }, nil
}

// verifyBackup reads a backup from end to end.
func (c Config) verifyBackup(file io.Reader, kind databaseKind) (BackupHeader, error) {
	in, err := newBackupReader(file, c.Keyring)
	if err != nil {
		return BackupHeader{}, err
	}
	for err == nil {
		_, err = in.next()
	}
	if !errors.Is(err, io.EOF) {
		return BackupHeader{}, err
	}
	h := in.header
	if h.Of != kind.name {
		return h, fmt.Errorf("%w: it is of %s and not of %s", ErrBackup, h.Of, kind.name)
	}
	if expires := time.UnixMilli(h.Expires); h.Expires != 0 && !c.Now().Before(expires) {
		return h, fmt.Errorf("%w: it has expired at %s, so that those erased since stay erased", ErrBackup, expires.UTC().Format(time.RFC3339))
	}
	known, err := migrations(kind.migrations)
	if err != nil {
		return h, err
	}
	if err := checkApplied(h.Migrations, known); err != nil {
		return h, fmt.Errorf("%w: it %w", ErrBackup, err)
	}
	return h, nil
}

// load brings an empty database to the backup's schema, fills it, and migrates it on.
func (d *database) load(ctx context.Context, t *sql.Tx, cfg Config, file io.Reader) error {
	if tables, err := d.tables(ctx, t); err != nil {
		return err
	} else if len(tables) > 0 {
		return ErrNotEmpty
	}
	in, err := newBackupReader(file, cfg.Keyring)
	if err != nil {
		return err
	}
	version := 0
	if n := len(in.header.Migrations); n > 0 {
		version = in.header.Migrations[n-1].Version
	}
	if err := d.migrateIn(ctx, t, version, cfg.Now()); err != nil {
		return err
	}
	tables, err := d.tables(ctx, t)
	if err != nil {
		return err
	}
	rows := loader{ctx: ctx, tx: t, tables: tables}
	for {
		values, err := in.next()
		if errors.Is(err, io.EOF) { // authenticated once more: the file may have changed since
			break
		}
		if err == nil {
			err = rows.insert(in.table, values)
		}
		if err != nil {
			return errors.Join(err, rows.close())
		}
	}
	if err := rows.close(); err != nil {
		return err
	}
	return d.migrateIn(ctx, t, newest, cfg.Now())
}

// loader inserts rows, with a prepared statement for the table that it is in.
type loader struct {
	ctx    context.Context
	tx     *sql.Tx
	tables []tableSchema

	table  string
	truths []bool // which columns are BOOLEAN
	into   *sql.Stmt
}

func (l *loader) insert(table backupTable, values []any) error {
	if table.Name != l.table {
		if err := l.prepare(table); err != nil {
			return fmt.Errorf("table %s: %w", table.Name, err)
		}
	}
	for i, truth := range l.truths {
		if n, ok := values[i].(int64); ok && truth {
			values[i] = n != 0
		}
	}
	if _, err := l.into.ExecContext(l.ctx, values...); err != nil {
		return fmt.Errorf("table %s: %w", table.Name, err)
	}
	return nil
}

func (l *loader) prepare(table backupTable) (err error) {
	if err := l.close(); err != nil {
		return err
	}
	i := slices.IndexFunc(l.tables, func(t tableSchema) bool { return t.name == table.Name })
	if i < 0 {
		return fmt.Errorf("%w: the schema has no such table", ErrBackup)
	}
	var places []string
	l.truths = nil
	for n, name := range table.Columns {
		c, ok := l.tables[i].column(name)
		if !ok {
			return fmt.Errorf("%w: the schema has no column %s", ErrBackup, name)
		}
		l.truths = append(l.truths, c.kind == "boolean")
		places = append(places, fmt.Sprintf("$%d", n+1))
	}
	l.table = table.Name
	l.into, err = l.tx.PrepareContext(l.ctx, "INSERT INTO "+quoted([]string{table.Name})+" ("+quoted(table.Columns)+") VALUES ("+strings.Join(places, ", ")+")")
	return err
}

func (l *loader) close() error {
	if l.into == nil {
		return nil
	}
	err := l.into.Close()
	l.into = nil
	return err
}
