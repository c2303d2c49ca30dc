package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5" // PostgreSQL's protocol, with its types and error codes
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

func openPostgres(ctx context.Context, rawURL string, kind databaseKind, cfg Config) (*database, error) {
	config, err := pgx.ParseConfig(rawURL)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err) // pgx leaves the password out
	}
	// Parameters of each connection weigh more than the role's and the database's.
	config.RuntimeParams["synchronous_commit"] = "on"
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["application_name"] = "samkonsult"
	if cfg.ReadOnly {
		config.RuntimeParams["default_transaction_read_only"] = "on"
	} else {
		// A node that hangs in a transaction must not hold the others for good. A backup may
		// wait for its tape, and holds nobody.
		config.RuntimeParams["idle_in_transaction_session_timeout"] = "60s"
	}
	if kind.schema != "" {
		config.RuntimeParams["search_path"] = kind.schema
	}
	pool := stdlib.OpenDB(*config)
	connections := kind.pool(cfg.Connections)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	d := &database{kind: kind, dialect: postgresDialect{}, writer: pool, reader: pool}
	if err := assertPostgres(ctx, pool); err != nil {
		return nil, errors.Join(fmt.Errorf("postgres: %w", err), d.close())
	}
	return d, nil
}

// assertPostgres reads back what an acknowledgement promises.
func assertPostgres(ctx context.Context, pool *sql.DB) error {
	for _, setting := range []string{"synchronous_commit", "fsync", "full_page_writes"} {
		var got string
		if err := pool.QueryRowContext(ctx, "SELECT current_setting($1)", setting).Scan(&got); err != nil {
			return fmt.Errorf("read %s: %w", setting, err)
		}
		if got != "on" {
			return fmt.Errorf("%s is %q and must be on: what is acknowledged might be lost", setting, got)
		}
	}
	var encoding string
	if err := pool.QueryRowContext(ctx, "SELECT current_setting('server_encoding')").Scan(&encoding); err != nil {
		return fmt.Errorf("read server_encoding: %w", err)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database's encoding is %s and must be UTF8", encoding)
	}
	return nil
}

type postgresDialect struct{}

func (postgresDialect) ddl(texts map[string]string) string { return texts[""] + texts["postgres"] }

// Codes: PostgreSQL's manual, appendix A.
func (postgresDialect) fault(err error) fault {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return fault{}
	}
	switch e.Code {
	case "40001", "40P01": // serialization_failure, deadlock_detected
		return fault{kind: lostRace}
	case "23505":
		return fault{kind: uniqueBroken, table: e.TableName}
	case "23503":
		return fault{kind: referenceBroken, table: e.TableName}
	case "23514", "23P01", "23502", "P0001": // check, exclusion, not null, raised by a trigger
		return fault{kind: ruleBroken, table: e.TableName}
	}
	return fault{}
}

func (postgresDialect) oneOf(column, placeholder string, values []string) (string, any) {
	return column + " = ANY(" + placeholder + "::text[])", values
}

func (postgresDialect) latest(kinds [][]byte) (string, any) {
	return "SELECT " + observationColumns + ` FROM unnest($2::bytea[]) WITH ORDINALITY AS wanted (kind, place) CROSS JOIN LATERAL (
		SELECT * FROM observations WHERE patient = $1 AND kind = wanted.kind AND status <> $4 ORDER BY measured_at DESC, id DESC LIMIT $3) o
		ORDER BY wanted.place, o.measured_at DESC, o.id DESC`, kinds
}

func (postgresDialect) lock() string {
	return "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest($1::text[]) name"
}

// An update leaves the old row behind until it is vacuumed. What a server archives of its
// WAL is a backup of keys, and must be as short-lived as those.
func (postgresDialect) scrubs() []string { return []string{"VACUUM subject_keys"} }

func (postgresDialect) catalog() (columns, references string) {
	return `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull
			FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
			WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname, a.attnum`,
		`SELECT c.conrelid::regclass::text, c.confrelid::regclass::text FROM pg_constraint c
			WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace`
}
