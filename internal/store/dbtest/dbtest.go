// Package dbtest gives tests empty databases: an SQLite file and a database of a PostgreSQL
// that it starts from the system's binaries. It is apart from storetest because the store's
// own tests, inside its package, cannot import what imports the store.
package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // to create and drop databases
)

// Each runs a test on a database of each kind, given by its URL: a file that is not there
// yet, and a copy of what prepare has made (see PostgresLike). A missing PostgreSQL is a
// failure.
func Each(t *testing.T, prepare func(url string) error, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, PostgresLike(t, "prepared", prepare)) })
}

// SQLite returns the URL of a file that is not there yet.
func SQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "main.db") }

// Postgres returns the URL of a new, empty database.
func Postgres(t testing.TB) string {
	t.Helper()
	return running(t).database(t, "template0")
}

// PostgresLike returns the URL of a new database that is a copy of what prepare has made of
// an empty one, once in this process for each name: migrating each test's own would take
// most of the tests' time. prepare closes what it opens.
func PostgresLike(t testing.TB, name string, prepare func(url string) error) string {
	t.Helper()
	c := running(t)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.prepared[name] {
		if err := c.exec("CREATE DATABASE " + name); err != nil {
			t.Fatal(err)
		}
		if err := prepare(c.url(name)); err != nil {
			t.Fatal(err)
		}
		c.prepared[name] = true
	}
	return c.database(t, name)
}

func running(t testing.TB) *cluster {
	t.Helper()
	c, err := theCluster()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// database makes a copy of another, which is dropped when the test ends.
func (c *cluster) database(t testing.TB, like string) string {
	t.Helper()
	name := "t_" + strings.ToLower(rand.Text())
	if err := c.exec("CREATE DATABASE " + name + " TEMPLATE " + like); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return c.url(name)
}

// exec runs a statement on the cluster. Its context is no test's: it also cleans up after them.
func (c *cluster) exec(statement string) (err error) {
	admin, err := sql.Open("pgx", c.url("postgres"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, admin.Close()) }()
	_, err = admin.ExecContext(context.Background(), statement)
	return err
}
