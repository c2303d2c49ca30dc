package store

import (
	"context"
	"fmt"
)

// dialect is where the databases differ. All other SQL is shared: both take $1 for a
// placeholder, INSERT … ON CONFLICT, RETURNING, partial indexes and TRUE.
type dialect interface {
	// ddl turns a migration, written in PostgreSQL's types, into this database's words. Its
	// texts are by database, "" for both.
	ddl(texts map[string]string) string
	// fault classifies an error of the driver.
	fault(err error) fault
	// oneOf is a condition, column is one of the values, and the argument for its placeholder.
	oneOf(column, placeholder string, values []string) (condition string, argument any)
	// latest is a query, and the argument for its $2, for the newest observations of each of these
	// kinds: of a patient $1, $3 of each, and none whose status is $4.
	latest(kinds [][]byte) (query string, argument any)
	// lock is a statement that holds the locks of names, an array of text in a fixed order, until
	// the transaction ends; empty where there is one writer.
	lock() string
	// scrubs are statements after which an erased key is not in the database's files any more.
	scrubs() []string
	// catalog gives two queries: table, column, type and whether it may be
	// NULL, in the order of the table's definition; and table, table that it refers to.
	catalog() (columns, references string)
}

// fault is what a database's error means.
type fault struct {
	kind  faultKind
	table string // that a constraint belongs to, where it is told
}

type faultKind int

const (
	otherFault faultKind = iota
	lostRace             // against another transaction: run it anew
	uniqueBroken
	referenceBroken // a foreign key
	ruleBroken      // a check, an exclusion, a trigger's refusal
)

// scrub removes what the database still holds of deleted content, as far as it can.
func (d *database) scrub(ctx context.Context) error {
	for _, statement := range d.dialect.scrubs() {
		if _, err := d.writer.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("scrub: %w", err)
		}
	}
	return nil
}
