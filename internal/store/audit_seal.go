package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/audit"
)

// Waiting says whether there are committed entries without a seal.
func (a *Audit) Waiting(ctx context.Context) (waiting bool, err error) {
	err = a.db.read(ctx, func(t *tx) error {
		waiting, err = one(t, sql.ErrNoRows, oneColumn[bool], "SELECT EXISTS (SELECT 1 FROM audit_unsealed)")
		return err
	})
	return waiting, err
}

// sealerLock is another number than migrationsLock.
const sealerLock = 0x7365616c // "seal"

// Seal implements audit.SealStore.
func (a *Audit) Seal(ctx context.Context, limit int, fn func(audit.End, []audit.Stored) ([]audit.Seal, []audit.Head, error)) error {
	// Read committed: what it reads never changes and only it adds to the chain, and a
	// serializable transaction that reads what all others add could make those start anew.
	opts := &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	return a.db.main.inTx(ctx, a.db.main.writer, opts, func(sqlTx *sql.Tx) error {
		t := &tx{ctx, a.db, sqlTx, a.db.main.written}
		if ours, err := t.lockSealer(); err != nil || !ours {
			return err
		}
		end, err := t.auditEnd()
		if err != nil {
			return fmt.Errorf("read the record's end: %w", err)
		}
		entries, err := all(t, scanStored, "SELECT "+storedColumns+` FROM audit_unsealed w JOIN audit_entries e ON e.id = w.entry
			ORDER BY w.entry LIMIT $1`, limit)
		if err != nil {
			return fmt.Errorf("read entries: %w", err)
		}
		seals, heads, err := fn(end, entries)
		if err != nil {
			return err
		}
		if err := t.addSeals(seals); err != nil {
			return fmt.Errorf("write seals: %w", err)
		}
		for _, h := range heads {
			var next []byte
			if len(h.Next) > 0 {
				next = h.Next
			}
			if _, err := t.exec("INSERT INTO audit_heads (number, seq, chain, at, key, next, signature) VALUES ($1, $2, $3, $4, $5, $6, $7)",
				h.Number, h.Seq, h.Chain[:], h.At, string(h.Key), next, h.Signature); err != nil {
				return fmt.Errorf("write head %d: %w", h.Number, err)
			}
		}
		return nil
	})
}

// lockSealer takes the sealers' lock until the transaction ends, unless another has it.
func (t *tx) lockSealer() (ours bool, err error) {
	if _, lite := t.db.main.dialect.(sqliteDialect); lite {
		return true, nil // the one process has the one writer
	}
	return one(t, sql.ErrNoRows, oneColumn[bool], "SELECT pg_try_advisory_xact_lock($1)", sealerLock)
}

// addSeals writes seals, whose entries wait no longer.
func (t *tx) addSeals(seals []audit.Seal) error {
	if len(seals) == 0 {
		return nil
	}
	ids := make([]string, len(seals))
	for i, s := range seals {
		ids[i] = s.Entry
	}
	condition, argument := t.oneOf("entry", "$1", ids)
	if _, err := t.exec("DELETE FROM audit_unsealed WHERE "+condition, argument); err != nil {
		return err
	}
	if _, lite := t.db.main.dialect.(sqliteDialect); !lite {
		seqs, hashes, chains := make([]int64, len(seals)), make([][]byte, len(seals)), make([][]byte, len(seals))
		for i, s := range seals {
			seqs[i], hashes[i], chains[i] = s.Seq, s.Hash[:], s.Chain[:]
		}
		_, err := t.exec(`INSERT INTO audit_seals (seq, entry, hash, chain)
			SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bytea[])`, seqs, ids, hashes, chains)
		return err
	}
	insert, err := t.sql.PrepareContext(t.ctx, "INSERT INTO audit_seals (seq, entry, hash, chain) VALUES ($1, $2, $3, $4)")
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, s := range seals {
		if _, err := insert.ExecContext(t.ctx, s.Seq, s.Entry, s.Hash[:], s.Chain[:]); err != nil {
			return fmt.Errorf("seal %d: %w", s.Seq, err)
		}
	}
	return nil
}
