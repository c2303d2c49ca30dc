package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/store/dbtest"
)

func TestWhatCannotBeOpenedSaysWhy(t *testing.T) {
	dir := t.TempDir()
	open := filepath.Join(dir, "open.db")
	must(t, os.WriteFile(open, nil, 0o644))
	for name, c := range map[string]struct {
		change func(*Config)
		want   string
	}{
		"no keyring":             {func(c *Config) { c.Keyring = nil }, "Keyring is missing"},
		"no URL":                 {func(c *Config) { c.URL = "" }, "must be sqlite:PATH or postgres://"},
		"another database":       {func(c *Config) { c.URL = "mysql://u:hunter2@h/d" }, `begins with "mysql"`},
		"no path":                {func(c *Config) { c.URL = "sqlite:" }, "path of a file is missing"},
		"in memory":              {func(c *Config) { c.URL = "sqlite::memory:" }, "path of a file is missing"},
		"a folder not there":     {func(c *Config) { c.URL = "sqlite:" + filepath.Join(dir, "none", "x.db") }, "no such file or directory"},
		"a file others may read": {func(c *Config) { c.URL = "sqlite:" + open }, "chmod 600"},
		"keys in the same file":  {func(c *Config) { c.KeysURL = c.URL }, "must be apart"},
		"connections":            {func(c *Config) { c.Connections = -1 }, "Connections is -1"},
		"nobody listens":         {func(c *Config) { c.URL = "postgres://u:hunter2@127.0.0.1:1/d" }, "connect"},
		"no PostgreSQL URL":      {func(c *Config) { c.URL = "postgres://u:hunter2@h:port/d" }, "postgres"},
		"nothing to read":        {func(c *Config) { c.ReadOnly = true }, "no such file or directory"},
	} {
		cfg := newPlace(t, "sqlite:"+filepath.Join(t.TempDir(), "main.db")).Config
		c.change(&cfg)
		db, err := Open(t.Context(), cfg)
		if err == nil {
			closed(t, db)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestASecondProcessDoesNotOpenTheSameFile(t *testing.T) {
	p := newPlace(t, dbtest.SQLite(t))
	db := p.open(t)
	if _, err := Open(t.Context(), p.Config); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("opened twice: %v", err)
	}
	closed(t, db)
	p.open(t)
}

func TestTheFilesAreTheirOwnersAlone(t *testing.T) {
	p := newPlace(t, dbtest.SQLite(t))
	known(t, p.open(t))
	files, err := filepath.Glob(filepath.Join(filepath.Dir(strings.TrimPrefix(p.URL, sqliteScheme)), "*"))
	must(t, err)
	if len(files) < 6 { // two databases, each with WAL, its index and a lock
		t.Errorf("files: %v", files)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		must(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %04o", filepath.Base(f), info.Mode().Perm())
		}
	}
}

// A server that does not sync would lose what we acknowledge: we don't start on it. The
// settings that a role or database can have are tried for real; fsync and full_page_writes
// are the whole server's, which other tests share.
func TestAServerThatDoesNotSyncIsRefused(t *testing.T) {
	p := newPlace(t, dbtest.Postgres(t))
	cfg, err := p.checked()
	must(t, err)
	d, err := connect(t.Context(), p.URL, mainDatabase, cfg)
	must(t, err)
	defer d.close()
	must(t, assertPostgres(t.Context(), d.writer))

	// The role's own setting doesn't weigh more than ours.
	conn, err := d.writer.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	var name string
	must(t, conn.QueryRowContext(t.Context(), "SELECT current_database()").Scan(&name))
	_, err = conn.ExecContext(t.Context(), "ALTER DATABASE "+name+" SET synchronous_commit = off")
	must(t, err)
	again, err := connect(t.Context(), p.URL, mainDatabase, cfg)
	if err != nil {
		t.Fatalf("with our own setting on each connection: %v", err)
	}
	must(t, again.close())

	d.writer.SetMaxOpenConns(2)
	_, err = conn.ExecContext(t.Context(), "SET synchronous_commit = off")
	must(t, err)
	must(t, conn.Close()) // back into the pool, and first out of it
	if err := assertPostgres(context.Background(), d.writer); err == nil || !strings.Contains(err.Error(), `synchronous_commit is "off" and must be on`) {
		t.Errorf("a connection that does not sync: %v", err)
	}
}

func TestAnSQLiteThatDoesNotSyncIsRefused(t *testing.T) {
	for pragma, want := range map[string]string{
		"synchronous = NORMAL": "synchronous is \"1\" and must be FULL",
		"secure_delete = 0":    "secure_delete is \"0\" and must be on",
		"foreign_keys = 0":     "foreign_keys is \"0\" and must be on",
	} {
		db := newPlace(t, dbtest.SQLite(t)).open(t)
		must(t, assertSQLite(t.Context(), db.main.writer))
		_, err := db.main.writer.ExecContext(t.Context(), "PRAGMA "+pragma)
		must(t, err)
		if err := assertSQLite(t.Context(), db.main.writer); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", pragma, err)
		}
	}
}

func TestAClosedDatabaseAnswersNoMore(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		must(t, db.Ping(t.Context()))
		closed(t, db)
		closed(t, db)
		if err := db.Ping(t.Context()); err == nil {
			t.Error("a closed database answers")
		}
		if _, err := db.Journal().Open(t.Context(), "c1"); errors.Is(err, nil) {
			t.Error("a closed database is read")
		}
	})
}
