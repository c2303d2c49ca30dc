package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/audit"
)

// Audit is the record that change and auditedRead append to, for those who seal, check and
// read it.
type Audit struct{ db *DB }

// Audit returns the audit record.
func (db *DB) Audit() *Audit { return &Audit{db} }

// Append commits entries that tell of no change and of nothing that was read: refusals, failures.
func (a *Audit) Append(ctx context.Context, entries ...audit.Entry) error {
	// Nothing is read first, so that nothing needs to be serializable.
	opts := &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	defer a.db.main.written.prepare(ctx)
	return a.db.main.inTx(ctx, a.db.main.writer, opts, func(t *sql.Tx) error {
		return (&tx{ctx, a.db, t, a.db.main.written}).appendAudit(entries)
	})
}

// storedColumns are what scanStored reads, of audit_entries as e.
const storedColumns = `e.id, e.at, e.person, e.role, e.organisation, e.session, e.consultation,
	e.action, e.outcome, e.relations, e.patient, e.object, e.reason`

// storedInto is where scanning storedColumns writes.
func storedInto(s *audit.Stored) []any {
	return []any{
		&s.ID, &s.At, &s.Person, &s.Role, &s.Organisation, &s.Session, &s.Consultation,
		&s.Action, &s.Outcome, &s.By, &s.Patient, &s.Object, &s.Reason,
	}
}

func scanStored(row scanner) (s audit.Stored, err error) {
	err = row.Scan(storedInto(&s)...)
	return s, err
}

func scanHead(row scanner) (h audit.Head, err error) {
	var chain, next []byte
	if err := row.Scan(&h.Number, &h.Seq, &chain, &h.At, &h.Key, &next, &h.Signature); err != nil {
		return h, err
	}
	h.Next = next
	h.Chain = hashOf(chain)
	return h, nil
}

// hashOf is a hash as it was read. One of another length has been tampered with: it becomes
// zeros, which is no entry's and no chain's.
func hashOf(b []byte) (h audit.Hash) {
	if len(b) == len(h) {
		copy(h[:], b)
	}
	return h
}

// Heads returns at most limit heads with numbers above after, in order.
func (a *Audit) Heads(ctx context.Context, after int64, limit int) (heads []audit.Head, err error) {
	err = a.db.read(ctx, func(t *tx) error {
		heads, err = all(t, scanHead, `SELECT number, seq, chain, at, key, next, signature FROM audit_heads
			WHERE number > $1 ORDER BY number LIMIT $2`, after, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read audit heads: %w", err)
	}
	return heads, nil
}

// End returns the record's last seal and last head.
func (a *Audit) End(ctx context.Context) (end audit.End, err error) {
	err = a.db.read(ctx, func(t *tx) error {
		end, err = t.auditEnd()
		return err
	})
	if err != nil {
		return audit.End{}, fmt.Errorf("read the audit record's end: %w", err)
	}
	return end, nil
}

func (t *tx) auditEnd() (end audit.End, err error) {
	seals, err := all(t, scanSeal, "SELECT seq, entry, hash, chain FROM audit_seals ORDER BY seq DESC LIMIT 1")
	if err != nil {
		return end, err
	}
	heads, err := all(t, scanHead, "SELECT number, seq, chain, at, key, next, signature FROM audit_heads ORDER BY number DESC LIMIT 1")
	if err != nil {
		return end, err
	}
	for _, s := range seals {
		end.Seal = s
	}
	for _, h := range heads {
		end.Head = h
	}
	return end, nil
}

func scanSeal(row scanner) (s audit.Seal, err error) {
	var hash, chain []byte
	err = row.Scan(&s.Seq, &s.Entry, &hash, &chain)
	s.Hash, s.Chain = hashOf(hash), hashOf(chain)
	return s, err
}
