package store

import (
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/keyring"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
)

// place is where one test's database is. Opening it again is a restart.
type place struct {
	Config
	clock *clock
}

// each runs a test over both databases. Tests of what is exported use storetest.
func each(t *testing.T, test func(t *testing.T, p place)) {
	t.Helper()
	migrated := func(url string) error { return Migrate(t.Context(), newPlace(t, url).Config) }
	dbtest.Each(t, migrated, func(t *testing.T, url string) { test(t, newPlace(t, url)) })
}

// eachEmpty is each over databases that have never been migrated.
func eachEmpty(t *testing.T, test func(t *testing.T, p place)) {
	t.Helper()
	for name, empty := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) { test(t, newPlace(t, empty(t))) })
	}
}

func newPlace(t testing.TB, url string) place {
	c := &clock{now: time.UnixMilli(1_795_343_400_000).UTC()}
	return place{Config: Config{URL: url, Keyring: ringOf(t, 1), Now: c.Now}, clock: c}
}

func (p place) open(t testing.TB) *DB {
	t.Helper()
	db, err := Open(t.Context(), p.Config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, db) })
	return db
}

// keysURL is where the keys are.
func (p place) keysURL() string {
	if p.KeysURL != "" {
		return p.KeysURL
	}
	return defaultKeysURL(p.URL)
}

func closed(t testing.TB, db *DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// clock is a time that a test sets.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// ringOf makes a keyring of random generations.
func ringOf(t testing.TB, generations ...keyring.Generation) *keyring.Keyring {
	t.Helper()
	roots := map[keyring.Generation][]byte{}
	for _, g := range generations {
		roots[g] = make([]byte, keyring.Size)
		rand.Read(roots[g])
	}
	k, err := keyring.New(roots)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
