package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"strings"
	"time"
)

// database is one SQL database: the main one, or the one of keys.
type database struct {
	kind    databaseKind
	dialect dialect
	writer  *sql.DB  // SQLite: one connection, which begins by locking
	reader  *sql.DB  // PostgreSQL: the same as writer
	lock    *os.File // SQLite: keeps other processes out; nil where none is held

	written, asked *statements // of the writer and the reader
}

// databaseKind tells the two databases apart.
type databaseKind struct {
	name       string // in the headers of backups
	migrations string // folder
	schema     string // in PostgreSQL; empty: the one that the URL or the role gives
	// pool is how many connections a database of this kind gets, of those configured.
	pool func(configured int) int
}

var (
	mainDatabase = databaseKind{name: "main", migrations: "migrations", pool: func(n int) int { return n }}
	keysDatabase = databaseKind{name: "keys", migrations: "migrations/keys", schema: "samkonsult_keys", pool: func(n int) int { return max(2, n/4) }}
)

// openDatabase opens, checks and migrates a database by its URL.
func openDatabase(ctx context.Context, rawURL string, kind databaseKind, cfg Config) (*database, error) {
	d, err := connect(ctx, rawURL, kind, cfg)
	if err != nil {
		return nil, err
	}
	if cfg.ReadOnly {
		err = d.checkMigrated(ctx)
	} else {
		err = d.migrate(ctx, newest, cfg.Now())
	}
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// connect opens and checks a database, and leaves its schema alone.
func connect(ctx context.Context, rawURL string, kind databaseKind, cfg Config) (d *database, err error) {
	path, lite := strings.CutPrefix(rawURL, sqliteScheme)
	switch {
	case lite:
		d, err = openSQLite(ctx, path, kind, cfg)
	case strings.HasPrefix(rawURL, "postgres://"), strings.HasPrefix(rawURL, "postgresql://"):
		d, err = openPostgres(ctx, rawURL, kind, cfg)
	default:
		// Without the URL itself: it may carry a password.
		scheme, _, _ := strings.Cut(rawURL, ":")
		return nil, fmt.Errorf("the URL must be sqlite:PATH or postgres://…, and begins with %q", scheme)
	}
	if err != nil {
		return nil, withoutURL(err)
	}
	return d, nil
}

// close closes what has been opened; once more does nothing.
func (d *database) close() error {
	var errs []error
	for _, pool := range []*sql.DB{d.reader, d.writer} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	if d.lock != nil {
		if err := d.lock.Close(); !errors.Is(err, os.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// maxTries bounds how often a transaction is run anew that lost against another.
const maxTries = 12

// inTx runs fn in a transaction of the given pool. Where the database says that it lost
// against another one (PostgreSQL: serialization failure or deadlock), fn runs anew in a
// new one: it must do nothing that a rollback does not undo.
func (d *database) inTx(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, fn func(*sql.Tx) error) error {
	for try := 1; ; try++ {
		err := once(ctx, pool, opts, fn)
		if err == nil {
			return nil
		}
		if d.dialect.fault(err).kind != lostRace || try == maxTries {
			return err
		}
		// Up to 1, 2, 4 … 128 ms, at random so that the same two don't meet again.
		pause := time.NewTimer(time.Duration(rand.Int64N(int64(time.Millisecond) << min(try-1, 7))))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return errors.Join(ctx.Err(), err)
		}
	}
}

func once(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, fn func(*sql.Tx) error) error {
	t, err := pool.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer t.Rollback() // does nothing after Commit
	if err := fn(t); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		// database/sql rolls back when ctx ends, and says of that only that it is done: whoever has
		// ended it must know it as that, and not as a fault.
		if errors.Is(err, sql.ErrTxDone) {
			err = errors.Join(ctx.Err(), err)
		}
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// change runs fn in a transaction that may write.
func (d *database) change(ctx context.Context, fn func(*sql.Tx) error) error {
	return d.inTx(ctx, d.writer, &sql.TxOptions{Isolation: sql.LevelSerializable}, fn)
}

// read runs fn in a transaction that sees one state of the database throughout.
func (d *database) read(ctx context.Context, fn func(*sql.Tx) error) error {
	return d.inTx(ctx, d.reader, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, fn)
}

// withoutURL drops the URL, and with it a password, from an error of its parser.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("the URL: %w", u.Err)
	}
	return err
}
