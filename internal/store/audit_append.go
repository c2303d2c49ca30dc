package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/samkonsult/samkonsult/internal/audit"
)

// appendAudit adds entries to the audit record, in the transaction of what they tell of. A
// list of 1,000 patients is 1,000 entries, so that each database gets them in the way that
// it takes fastest.
func (t *tx) appendAudit(entries []audit.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	rows := make([]audit.Stored, len(entries))
	for i, e := range entries {
		reason, err := t.seal(string(e.Patient), reasonOf(e.ID), orNull(e.Reason))
		if err != nil {
			return err
		}
		if rows[i], err = e.Store(reason); err != nil {
			return err
		}
	}
	if _, lite := t.db.main.dialect.(sqliteDialect); lite {
		return t.appendRows(rows)
	}
	return t.appendArrays(rows)
}

// reasonOf is where an entry's reason is sealed.
func reasonOf(entry string) string { return cell("audit_entries", "reason", entry) }

// storedNames are the columns of audit_entries in storedValues' order.
const (
	storedNames = "id, at, person, role, organisation, session, consultation, action, outcome, relations, patient, object, reason"
	storedCount = 13
)

func storedValues(r audit.Stored) [storedCount]any {
	return [...]any{
		r.ID, r.At, r.Person, r.Role, r.Organisation, r.Session, r.Consultation, r.Action, r.Outcome, r.By, r.Patient, r.Object, r.Reason,
	}
}

// rowsAtOnce is how many rows go into SQLite in one statement; more gain nothing.
const rowsAtOnce = 50

// appendRows writes rows as VALUES. SQLite is in this process: what costs is each statement,
// and a watch over its context, which the transaction keeps already.
func (t *tx) appendRows(rows []audit.Stored) error {
	ctx := context.WithoutCancel(t.ctx)
	for part := range slices.Chunk(rows, rowsAtOnce) {
		args, ids := make([]any, 0, len(part)*storedCount), make([]any, len(part))
		for i, r := range part {
			values := storedValues(r)
			args, ids[i] = append(args, values[:]...), r.ID
		}
		if _, err := t.run(ctx, "INSERT INTO audit_entries ("+storedNames+") VALUES "+tuples(len(part), storedCount), args...); err != nil {
			return fmt.Errorf("entries: %w", err)
		}
		if _, err := t.run(ctx, "INSERT INTO audit_unsealed (entry) VALUES "+tuples(len(part), 1), ids...); err != nil {
			return fmt.Errorf("entries that wait: %w", err)
		}
	}
	return nil
}

// tuples are placeholders for rows of so many values.
func tuples(rows, values int) string {
	one := "(" + strings.Repeat("?,", values-1) + "?)"
	return strings.Repeat(one+",", rows-1) + one
}

// appendArrays sends all rows in one statement, an array for each column: PostgreSQL is a
// network away.
func (t *tx) appendArrays(rows []audit.Stored) error {
	at, reasons := make([]int64, len(rows)), make([][]byte, len(rows))
	var texts [11][]string
	for i := range texts {
		texts[i] = make([]string, len(rows))
	}
	for i, r := range rows {
		at[i], reasons[i] = r.At, r.Reason
		for j, text := range [...]string{
			r.ID, r.Person, r.Role, r.Organisation, r.Session, r.Consultation, r.Action, r.Outcome, r.By, r.Patient, r.Object,
		} {
			texts[j][i] = text
		}
	}
	_, err := t.exec(`WITH added AS (
			INSERT INTO audit_entries (`+storedNames+`)
			SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
				$8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bytea[])
			RETURNING id)
		INSERT INTO audit_unsealed (entry) SELECT id FROM added`,
		texts[0], at, texts[1], texts[2], texts[3], texts[4], texts[5], texts[6], texts[7], texts[8], texts[9], texts[10], reasons)
	return err
}
