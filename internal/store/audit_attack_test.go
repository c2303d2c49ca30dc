package store

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"github.com/samkonsult/samkonsult/internal/audit"
)

// digest is the record's encoding, written a second time from its description: whoever has
// the database can compute it, and it must never change.
func digest(purpose string, parts ...any) []byte {
	sum := sha256.New()
	number := func(n int64) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(n))
		sum.Write(b[:])
	}
	text := func(s string) { number(int64(len(s))); sum.Write([]byte(s)) }
	text(purpose)
	for _, part := range parts {
		switch v := part.(type) {
		case int64:
			number(v)
		case string:
			text(v)
		case []byte: // of a fixed length
			sum.Write(v)
		}
	}
	return sum.Sum(nil)
}

func entryDigest(e audit.Stored) []byte {
	return digest("samkonsult audit entry v1", e.ID, e.At, e.Person, e.Role, e.Organisation, e.Session, e.Consultation,
		e.Action, e.Outcome, e.By, e.Patient, e.Object, string(e.Reason))
}

// rewrite makes the chain from a place on anew, so that it fits the entries as they are now,
// and with a key also the heads over it.
func (r *record) rewrite(from int64, key ed25519.PrivateKey) {
	r.t.Helper()
	ctx := context.Background()
	seals, err := r.db.Audit().Sealed(ctx, 0, 1000)
	must(r.t, err)
	chains := map[int64][]byte{0: make([]byte, sha256.Size)}
	for _, s := range seals {
		chains[s.Seq] = s.Chain[:]
		if s.Seq < from {
			continue
		}
		hash := entryDigest(s.Stored)
		chains[s.Seq] = digest("samkonsult audit chain v1", chains[s.Seq-1], hash)
		_, err := r.db.main.writer.ExecContext(ctx, "UPDATE audit_seals SET hash = $1, chain = $2 WHERE seq = $3", hash, chains[s.Seq], s.Seq)
		must(r.t, err)
	}
	if key == nil {
		return
	}
	heads, err := r.db.Audit().Heads(ctx, 0, 1000)
	must(r.t, err)
	id := sha256.Sum256(key.Public().(ed25519.PublicKey))
	name := hex.EncodeToString(id[:8])
	for _, h := range heads {
		if h.Seq < from {
			continue
		}
		message := digest("samkonsult audit head v1", h.Number, h.Seq, chains[h.Seq], h.At, name, "")
		_, err := r.db.main.writer.ExecContext(ctx, "UPDATE audit_heads SET chain = $1, key = $2, signature = $3 WHERE number = $4",
			chains[h.Seq], name, ed25519.Sign(key, message), h.Number)
		must(r.t, err)
	}
}
