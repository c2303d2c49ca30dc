package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// tx is a transaction under way. It carries the context that it was begun with, because it
// lives no longer than the call that began it; fn must not keep it.
type tx struct {
	ctx      context.Context
	db       *DB
	sql      querier
	prepared *statements // of its pool
}

// querier is a transaction, *sql.Tx, or for a single query the pool itself, *sql.DB.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// change commits fn's change, its audit entries and its messages as one, or nothing of them.
// On PostgreSQL it is serializable: what fn has read is still true when it commits, so that
// a check before a write is one. fn may run several times, and keeps its results for itself
// until change has returned nil.
func (db *DB) change(ctx context.Context, entries []audit.Entry, out []notify.Message, fn func(*tx) error) error {
	defer db.main.written.prepare(ctx)
	return db.main.change(ctx, func(t *sql.Tx) error {
		return (&tx{ctx, db, t, db.main.written}).changing(entries, out, fn)
	})
}

// changeLocked is change for what others do to the same things all the time: it holds the
// locks of these names from its beginning to its commit. On PostgreSQL each statement then
// sees what is committed when it begins (READ COMMITTED), so that fn must read only what the
// locks, or the version of a row that it updates, keep still; many serializable transactions
// over one index page would be run anew for nothing. Names are sorted, so that two never wait
// for each other. SQLite has one writer, whose turn is lock enough.
func (db *DB) changeLocked(ctx context.Context, names []string, entries []audit.Entry, out []notify.Message, fn func(*tx) error) error {
	lock := db.main.dialect.lock()
	if lock == "" {
		return db.change(ctx, entries, out, fn)
	}
	opts := &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	return db.main.inTx(ctx, db.main.writer, opts, func(t *sql.Tx) error {
		x := &tx{ctx, db, t, db.main.written}
		if len(names) > 0 {
			if _, err := x.exec(lock, names); err != nil {
				return fmt.Errorf("lock: %w", err)
			}
		}
		return x.changing(entries, out, fn)
	})
}

// changing is what a change does in its transaction.
func (t *tx) changing(entries []audit.Entry, out []notify.Message, fn func(*tx) error) error {
	if err := fn(t); err != nil {
		return err
	}
	if err := t.appendAudit(entries); err != nil {
		return fmt.Errorf("append to the audit record: %w", err)
	}
	if err := t.enqueue(out); err != nil {
		return fmt.Errorf("enqueue messages: %w", err)
	}
	if err := t.carriedOut(entries); err != nil {
		return fmt.Errorf("note the request: %w", err)
	}
	return nil
}

// read runs fn on one state of the database. fn writes nothing.
func (db *DB) read(ctx context.Context, fn func(*tx) error) error {
	defer db.main.asked.prepare(ctx)
	return db.main.read(ctx, func(t *sql.Tx) error { return fn(&tx{ctx, db, t, db.main.asked}) })
}

// ask is read for one query, which sees one state by itself: without a transaction around it
// there is one way to the database and back where there would be three. fn may be told of more
// than one state where it asks twice.
func (db *DB) ask(ctx context.Context, fn func(*tx) error) error {
	defer db.main.asked.prepare(ctx)
	return fn(&tx{ctx, db, db.main.reader, db.main.asked})
}

// auditedRead is read for what must be accounted for: fn returns the entries that tell what
// it has read, and auditedRead returns nil when they are committed. What fn has read must
// leave only then.
func (db *DB) auditedRead(ctx context.Context, fn func(*tx) ([]audit.Entry, error)) error {
	var entries []audit.Entry
	if db.main.reader != db.main.writer {
		// SQLite has one writer: what is read and decrypted doesn't hold it.
		err := db.read(ctx, func(t *tx) (err error) {
			entries, err = fn(t)
			return err
		})
		if err != nil {
			return err
		}
		return db.main.change(ctx, func(t *sql.Tx) error {
			if err := (&tx{ctx, db, t, db.main.written}).appendAudit(entries); err != nil {
				return fmt.Errorf("append to the audit record: %w", err)
			}
			return nil
		})
	}
	// One snapshot is enough: entries are only added, so that nothing can be lost to
	// another transaction, and none is run anew.
	opts := &sql.TxOptions{Isolation: sql.LevelRepeatableRead}
	return db.main.inTx(ctx, db.main.writer, opts, func(t *sql.Tx) error {
		x := &tx{ctx, db, t, db.main.written}
		entries, err := fn(x)
		if err != nil {
			return err
		}
		if err := x.appendAudit(entries); err != nil {
			return fmt.Errorf("append to the audit record: %w", err)
		}
		return nil
	})
}

// exec runs a statement and returns how many rows it has changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	result, err := t.run(t.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// run runs a statement with a context that may be another than the transaction's.
func (t *tx) run(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if stmt := t.prepared.of(ctx, t.sql, query); stmt != nil {
		return stmt.ExecContext(ctx, args...)
	}
	return t.sql.ExecContext(ctx, query, args...)
}

// query runs a query. Its rows are closed before the same query is run again.
func (t *tx) query(query string, args ...any) (*sql.Rows, error) {
	if stmt := t.prepared.of(t.ctx, t.sql, query); stmt != nil {
		return stmt.QueryContext(t.ctx, args...)
	}
	return t.sql.QueryContext(t.ctx, query, args...)
}

// scanner is a row: *sql.Row or *sql.Rows.
type scanner interface{ Scan(into ...any) error }

// one returns the only row of a query, or none when there is no row.
func one[T any](t *tx, none error, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	var row *sql.Row
	if stmt := t.prepared.of(t.ctx, t.sql, query); stmt != nil {
		row = stmt.QueryRowContext(t.ctx, args...)
	} else {
		row = t.sql.QueryRowContext(t.ctx, query, args...)
	}
	v, err := scan(row)
	if errors.Is(err, sql.ErrNoRows) {
		var zero T
		return zero, none
	}
	return v, err
}

// all returns the rows of a query.
func all[T any](t *tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// oneColumn scans a row of one column.
func oneColumn[T any](row scanner) (v T, err error) {
	err = row.Scan(&v)
	return v, err
}

// oneOf is a condition, column in values, and the argument for its placeholder.
func (t *tx) oneOf(column, placeholder string, values []string) (condition string, argument any) {
	return t.db.main.dialect.oneOf(column, placeholder, values)
}

// exists answers a broken unique constraint of the table with the domain's own error, and
// returns every other error as it is.
func (t *tx) exists(err error, table string, domain error) error {
	if f := t.db.main.dialect.fault(err); f.kind == uniqueBroken && f.table == table {
		return fmt.Errorf("%s: %w", table, domain)
	}
	return err
}

// changed answers an update that has found no row with the domain's own error. Most often
// that is "was changed by another meanwhile", after UPDATE … WHERE id = $1 AND version = $2.
func changed(rows int64, err error, domain error) error {
	if err == nil && rows == 0 {
		return domain
	}
	return err
}

// revision is how often what a name stands for has been changed.
func (t *tx) revision(name string) (int64, error) {
	n, err := all(t, oneColumn[int64], "SELECT revision FROM revisions WHERE name = $1", name)
	if err != nil || len(n) == 0 {
		return 0, err
	}
	return n[0], nil
}

// revise counts a change, which commits with it.
func (t *tx) revise(name string) error {
	_, err := t.exec("INSERT INTO revisions (name, revision) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET revision = revisions.revision + 1", name)
	return err
}
