package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/keyring"
)

// Config is what a DB is opened with.
type Config struct {
	// URL is sqlite:PATH, a file that is made where it is missing, or postgres://… as libpq
	// reads it.
	URL string
	// KeysURL is where persons' keys are, in the same form. Empty means keys.db in SQLite's
	// folder, or the schema samkonsult_keys of the same PostgreSQL database. Either way they
	// are no part of Backup.
	KeysURL string
	Keyring *keyring.Keyring
	// ReadOnly opens a database beside a running service, for a backup or a check of the
	// audit record: nothing is migrated, finished or changed.
	ReadOnly    bool
	Connections int              // at most so many to PostgreSQL, or that read SQLite; 0 means 16
	Now         func() time.Time // nil means time.Now
	Log         *slog.Logger     // nil means none
}

// DB is an open database. Its exported methods give the Stores of the domain's packages.
type DB struct {
	main *database
	keys *keyStore
	log  *slog.Logger
	now  func() time.Time

	inForce inForce // agreements
}

// Open opens and migrates a database and what holds its keys, makes sure that what is
// acknowledged will be on disk, and finishes erasures that a crash has interrupted. Close it
// after use.
func Open(ctx context.Context, cfg Config) (_ *DB, err error) {
	cfg, err = cfg.checked()
	if err != nil {
		return nil, err
	}
	db := &DB{log: cfg.Log, now: cfg.Now}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	if db.main, err = openDatabase(ctx, cfg.URL, mainDatabase, cfg); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	keys, err := openDatabase(ctx, cfg.KeysURL, keysDatabase, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the database of keys: %w", err)
	}
	if db.keys, err = newKeyStore(keys, cfg.Keyring, cfg.Now); err != nil {
		return nil, errors.Join(err, keys.close())
	}
	if err := db.keys.checkKeyring(ctx, cfg.ReadOnly); err != nil {
		return nil, fmt.Errorf("open the database of keys: %w", err)
	}
	if cfg.ReadOnly {
		return db, nil
	}
	if err := db.finishErasures(ctx); err != nil {
		return nil, fmt.Errorf("finish erasures: %w", err)
	}
	return db, nil
}

// Migrate brings both databases to the newest schema and opens nothing. Open does so, too;
// this is for an upgrade that is to be over before the nodes start.
func Migrate(ctx context.Context, cfg Config) error {
	cfg, err := cfg.checked()
	if err != nil {
		return err
	}
	for _, one := range []struct {
		url  string
		kind databaseKind
	}{{cfg.URL, mainDatabase}, {cfg.KeysURL, keysDatabase}} {
		d, err := openDatabase(ctx, one.url, one.kind, cfg)
		if err == nil {
			err = d.close()
		}
		if err != nil {
			return fmt.Errorf("migrate the database (%s): %w", one.kind.name, err)
		}
	}
	return nil
}

// Close waits for transactions that are under way.
func (db *DB) Close() error {
	var errs []error
	if db.keys != nil {
		errs = append(errs, db.keys.database.close())
	}
	if db.main != nil {
		errs = append(errs, db.main.close())
	}
	return errors.Join(errs...)
}

// Ping asks both databases whether they answer.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.main.reader.PingContext(ctx); err != nil {
		return fmt.Errorf("the database: %w", err)
	}
	if err := db.keys.database.reader.PingContext(ctx); err != nil {
		return fmt.Errorf("the database of keys: %w", err)
	}
	return nil
}

func (c Config) checked() (Config, error) {
	if c.Keyring == nil {
		return c, errors.New("store: Keyring is missing")
	}
	if c.Connections < 0 {
		return c, fmt.Errorf("store: Connections is %d and must not be negative", c.Connections)
	}
	if c.Connections == 0 {
		c.Connections = 16
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.KeysURL == "" {
		c.KeysURL = defaultKeysURL(c.URL)
	}
	if c.KeysURL == c.URL && strings.HasPrefix(c.URL, sqliteScheme) {
		return c, errors.New("store: KeysURL is the database itself: keys must be apart from what they encrypt")
	}
	return c, nil
}

func defaultKeysURL(url string) string {
	if path, ok := strings.CutPrefix(url, sqliteScheme); ok {
		return sqliteScheme + filepath.Join(filepath.Dir(path), "keys.db")
	}
	return url
}
