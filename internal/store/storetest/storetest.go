// Package storetest runs tests over both of the store's databases, from any package.
package storetest

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/keyring"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
)

// Each runs a test over SQLite and over PostgreSQL. open opens the test's own database,
// which is empty at first; opening it again is a restart (Close the one before). It is
// closed at the latest when the test ends.
func Each(t *testing.T, test func(t *testing.T, open func() *store.DB)) {
	t.Helper()
	EachAt(t, time.Now, test)
}

// EachAt is Each with a clock.
func EachAt(t *testing.T, now func() time.Time, test func(t *testing.T, open func() *store.DB)) {
	t.Helper()
	config := func(url string) store.Config { return store.Config{URL: url, Keyring: Keyring(t), Now: now} }
	migrated := func(url string) error { return store.Migrate(t.Context(), config(url)) }
	dbtest.Each(t, migrated, func(t *testing.T, url string) { test(t, Opener(t, config(url))) })
}

// SQLite opens an empty database in a file: for tests of what stands above the store, which
// is the same over both.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return Opener(t, store.Config{URL: dbtest.SQLite(t), Keyring: Keyring(t)})()
}

// Opener returns a function that opens a database, again and again.
func Opener(t testing.TB, cfg store.Config) func() *store.DB {
	return func() *store.DB {
		t.Helper()
		db, err := store.Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
		return db
	}
}

// Keyring makes a keyring of one random generation.
func Keyring(t testing.TB) *keyring.Keyring {
	t.Helper()
	root := make([]byte, keyring.Size)
	rand.Read(root)
	k, err := keyring.New(map[keyring.Generation][]byte{1: root})
	if err != nil {
		t.Fatal(err)
	}
	return k
}
