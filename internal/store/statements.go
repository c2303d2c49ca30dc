package store

import (
	"context"
	"database/sql"
	"sync"
)

// statements keeps queries prepared from one transaction to the next, for SQLite, whose driver
// parses a query each time that it is given as text: most of them take longer to parse than to
// answer. A query that is met for the first time runs as text, and is prepared when its
// transaction is over, because preparing needs a connection of its own. A nil *statements keeps
// nothing: PostgreSQL's driver does the same by itself.
type statements struct {
	pool *sql.DB

	mu      sync.Mutex
	known   map[string]*sql.Stmt
	missing map[string]bool // met, and not prepared yet
}

// Of what is kept: queries are written in the program, so that there are not many; those with a
// placeholder for each of many rows are not worth it.
const (
	mostStatements   = 1_000
	longestStatement = 4 << 10 // bytes
)

func newStatements(pool *sql.DB) *statements {
	return &statements{pool: pool, known: map[string]*sql.Stmt{}, missing: map[string]bool{}}
}

// of returns a query's statement for a transaction of the pool, or the pool itself; nil: it is to be run as text.
func (s *statements) of(ctx context.Context, in querier, query string) *sql.Stmt {
	if s == nil || len(query) > longestStatement {
		return nil
	}
	s.mu.Lock()
	stmt := s.known[query]
	if stmt == nil && len(s.known)+len(s.missing) < mostStatements {
		s.missing[query] = true
	}
	s.mu.Unlock()
	if t, within := in.(*sql.Tx); within && stmt != nil {
		return t.StmtContext(ctx, stmt)
	}
	return stmt
}

// prepare prepares what was missing. It is called where no connection is held. What can't be
// prepared, as when ctx has ended, is tried anew when it is met again.
func (s *statements) prepare(ctx context.Context) {
	if s == nil {
		return
	}
	s.mu.Lock()
	if len(s.missing) == 0 {
		s.mu.Unlock()
		return
	}
	missing := s.missing
	s.missing = map[string]bool{}
	s.mu.Unlock()
	for query := range missing {
		stmt, err := s.pool.PrepareContext(ctx, query)
		if err != nil {
			continue
		}
		s.mu.Lock()
		if s.known[query] == nil {
			s.known[query], stmt = stmt, nil
		}
		s.mu.Unlock()
		if stmt != nil { // another has been faster
			_ = stmt.Close()
		}
	}
}
