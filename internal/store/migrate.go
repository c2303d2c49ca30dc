package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Migrations are our own few lines and no library, because a migration's checksum must
// commit with what it checks, and because one text serves both databases.
//
//go:embed migrations
var migrationFiles embed.FS

// migrationName is NUMBER_words.sql for both databases, or NUMBER_words.DIALECT.sql for what
// only one of them needs beside it.
var migrationName = regexp.MustCompile(`^(\d{4})_([a-z_]+)(?:\.(sqlite|postgres))?\.sql$`)

// newest is a version after all that there will be.
const newest = math.MaxInt32

// migration is one step of the schema.
type migration struct {
	version  int
	name     string
	texts    map[string]string // by dialect; "" for both
	checksum string            // SHA-256 of all texts, so that it is the same in both databases
}

// migrations reads a folder's steps in order.
func migrations(folder string) ([]migration, error) {
	files, err := fs.ReadDir(migrationFiles, folder) // sorted by name
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	var all []migration
	for _, file := range files {
		if file.IsDir() {
			continue
		}
		parts := migrationName.FindStringSubmatch(file.Name())
		if parts == nil {
			return nil, fmt.Errorf("migrations: %s: want NUMBER_words.sql", file.Name())
		}
		version, err := strconv.Atoi(parts[1])
		if err != nil {
			return nil, fmt.Errorf("migrations: %s: %w", file.Name(), err)
		}
		text, err := fs.ReadFile(migrationFiles, path.Join(folder, file.Name()))
		if err != nil {
			return nil, fmt.Errorf("migrations: %w", err)
		}
		i := slices.IndexFunc(all, func(m migration) bool { return m.version == version })
		if i < 0 {
			i = len(all)
			all = append(all, migration{version: version, name: parts[2], texts: map[string]string{}})
		}
		if all[i].name != parts[2] {
			return nil, fmt.Errorf("migrations: %d is both %s and %s", version, all[i].name, parts[2])
		}
		all[i].texts[parts[3]] = string(text)
	}
	for i, m := range all {
		sum := sha256.New()
		for _, dialect := range []string{"", "postgres", "sqlite"} {
			fmt.Fprintf(sum, "%s\x00%s\x00", dialect, m.texts[dialect])
		}
		all[i].checksum = hex.EncodeToString(sum.Sum(nil))
	}
	slices.SortFunc(all, func(a, b migration) int { return cmp.Compare(a.version, b.version) })
	return all, nil
}

// AppliedMigration is a migration that a database has had.
type AppliedMigration struct {
	Version  int    `json:"version"`
	Name     string `json:"name"`
	Checksum string `json:"checksum"`
}

// migrate brings the schema to a version, in one transaction: all steps or none.
func (d *database) migrate(ctx context.Context, to int, now time.Time) error {
	// Not serializable: of two nodes that start at once, the second must see, after
	// waiting for the lock, what the first has done.
	return once(ctx, d.writer, nil, func(t *sql.Tx) error { return d.migrateIn(ctx, t, to, now) })
}

func (d *database) migrateIn(ctx context.Context, t *sql.Tx, to int, now time.Time) error {
	known, err := migrations(d.kind.migrations)
	if err != nil {
		return err
	}
	if err := d.lockMigrations(ctx, t); err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, d.dialect.ddl(map[string]string{"": migrationsTable})); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	had, err := appliedMigrations(ctx, t)
	if err != nil {
		return err
	}
	if err := checkApplied(had, known); err != nil {
		return fmt.Errorf("the database: %w", err)
	}
	for _, m := range known[len(had):] {
		if m.version > to {
			break
		}
		if err := d.apply(ctx, t, m, now); err != nil {
			return fmt.Errorf("migration %d (%s): %w", m.version, m.name, err)
		}
	}
	return nil
}

const migrationsTable = `CREATE TABLE IF NOT EXISTS schema_migrations (
	version BIGINT PRIMARY KEY,
	name TEXT NOT NULL,
	checksum TEXT NOT NULL,
	applied_at BIGINT NOT NULL
);`

// migrationsLock is any number that nothing else in the database locks.
const migrationsLock = 0x73616d6b // "samk"

// lockMigrations keeps other nodes from migrating at the same time, and makes the schema
// that is migrated.
func (d *database) lockMigrations(ctx context.Context, t *sql.Tx) error {
	if d.lock != nil {
		return nil // SQLite: no other process, and no schemas
	}
	if _, err := t.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", migrationsLock); err != nil {
		return fmt.Errorf("lock migrations: %w", err)
	}
	if d.kind.schema == "" {
		return nil
	}
	if _, err := t.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+quoted([]string{d.kind.schema})); err != nil {
		return fmt.Errorf("create schema %s: %w", d.kind.schema, err)
	}
	return nil
}

func (d *database) apply(ctx context.Context, t *sql.Tx, m migration, now time.Time) error {
	if _, err := t.ExecContext(ctx, d.dialect.ddl(m.texts)); err != nil {
		return err
	}
	_, err := t.ExecContext(ctx, "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
		m.version, m.name, m.checksum, now.UnixMilli())
	return err
}

// checkMigrated demands the newest schema and changes nothing.
func (d *database) checkMigrated(ctx context.Context) error {
	known, err := migrations(d.kind.migrations)
	if err != nil {
		return err
	}
	return d.read(ctx, func(t *sql.Tx) error {
		had, err := appliedMigrations(ctx, t)
		if err != nil {
			return err
		}
		if err := checkApplied(had, known); err != nil {
			return fmt.Errorf("the database: %w", err)
		}
		if len(had) < len(known) {
			return fmt.Errorf("the database has not been migrated to version %d: start the service once", known[len(known)-1].version)
		}
		return nil
	})
}

func appliedMigrations(ctx context.Context, t *sql.Tx) ([]AppliedMigration, error) {
	rows, err := t.QueryContext(ctx, "SELECT version, name, checksum FROM schema_migrations ORDER BY version")
	if err != nil {
		return nil, fmt.Errorf("applied migrations: %w", err)
	}
	defer rows.Close()
	var had []AppliedMigration
	for rows.Next() {
		var a AppliedMigration
		if err := rows.Scan(&a.Version, &a.Name, &a.Checksum); err != nil {
			return nil, fmt.Errorf("applied migrations: %w", err)
		}
		had = append(had, a)
	}
	return had, rows.Err()
}

// checkApplied demands that what a database, or a backup, has had is the beginning of what
// is known.
func checkApplied(had []AppliedMigration, known []migration) error {
	for i, a := range had {
		if i >= len(known) || a.Version > known[len(known)-1].version {
			return fmt.Errorf("has had migration %d (%s), which this program does not know: use a newer one", a.Version, a.Name)
		}
		if a.Version != known[i].version {
			return fmt.Errorf("has had migration %d (%s) but not %d (%s), which comes before it", a.Version, a.Name, known[i].version, known[i].name)
		}
		if a.Checksum != known[i].checksum {
			return fmt.Errorf("has had another migration %d (%s) than this program's: its text has been changed since", a.Version, a.Name)
		}
	}
	return nil
}
