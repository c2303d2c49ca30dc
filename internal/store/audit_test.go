package store

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// record is a database with a sealer, whose rounds the test calls, and someone with direct
// access to the database.
type record struct {
	t     testing.TB
	db    *DB
	place place
	key   ed25519.PrivateKey
	path  string // of the file of heads
	file  *audit.HeadsFile
	*audit.Sealer
}

func newRecord(t testing.TB, p place) *record {
	t.Helper()
	r := &record{t: t, place: p, db: p.open(t), key: newKey(t), path: filepath.Join(t.TempDir(), "heads")}
	r.startSealer(r.key)
	t.Cleanup(func() { must(t, r.file.Close()) })
	return r
}

func newKey(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	return key
}

// startSealer starts a new sealer, as after a restart.
func (r *record) startSealer(keys ...ed25519.PrivateKey) {
	r.t.Helper()
	if r.file != nil {
		must(r.t, r.file.Close())
	}
	var err error
	r.file, err = audit.OpenHeads(r.path)
	must(r.t, err)
	r.Sealer, err = audit.NewSealer(audit.SealerConfig{Store: r.db.Audit(), Keys: keys, Heads: r.file, Batch: 7, Now: r.place.clock.Now})
	must(r.t, err)
}

// looks commits n entries, each a nurse's look at a patient, a second apart.
func (r *record) looks(n int) []string {
	r.t.Helper()
	ids := make([]string, n)
	for i := range ids {
		r.place.clock.pass(time.Second)
		e := look(r.place.clock.Now(), i)
		ids[i] = e.ID
		must(r.t, r.db.Audit().Append(r.t.Context(), e))
	}
	return ids
}

func look(at time.Time, i int) audit.Entry {
	by := access.Actor{Person: "nurse", Role: access.Nurse, Organisation: "kommune", Session: "s1"}
	e := audit.New(at, by, access.PatientRead.String(), audit.Done)
	e.By, e.Patient, e.Object = access.SameOrganisation, access.PersonID(fmt.Sprintf("patient-%d", i%3)), "patient/p"
	return e
}

func (r *record) seal() {
	r.t.Helper()
	must(r.t, r.Seal(r.t.Context()))
}

// sealedLooks commits n entries and seals them, in rounds of three.
func (r *record) sealedLooks(n int) []string {
	r.t.Helper()
	var ids []string
	for len(ids) < n {
		ids = append(ids, r.looks(min(3, n-len(ids)))...)
		r.seal()
	}
	return ids
}

// tamper executes statements as someone who owns the database.
func (r *record) tamper(statements ...string) {
	r.t.Helper()
	ctx := context.Background()
	for _, table := range []string{"entries", "seals", "heads"} {
		if strings.HasPrefix(r.place.URL, sqliteScheme) {
			statements = append([]string{"DROP TRIGGER IF EXISTS audit_" + table + "_update", "DROP TRIGGER IF EXISTS audit_" + table + "_delete"}, statements...)
		} else {
			statements = append([]string{"ALTER TABLE audit_" + table + " DISABLE TRIGGER ALL"}, statements...)
		}
	}
	for _, s := range statements {
		if _, err := r.db.main.writer.ExecContext(ctx, s); err != nil {
			r.t.Fatalf("%s: %v", s, err)
		}
	}
}

// verify checks the record with the file of heads.
func (r *record) verify() audit.Report {
	r.t.Helper()
	heads, err := audit.FileHeads(r.path)
	must(r.t, err)
	return r.verifyWith(heads)
}

func (r *record) verifyWith(heads audit.Heads) audit.Report {
	r.t.Helper()
	report, err := audit.Verify(r.t.Context(), audit.Check{
		Store: r.db.Audit(), Keys: []ed25519.PublicKey{r.key.Public().(ed25519.PublicKey)}, Heads: heads, Now: r.place.clock.Now(),
	})
	must(r.t, err)
	return report
}

// wantFound demands exactly these findings, each as kind, first and last place and entry.
func wantFound(t testing.TB, r audit.Report, want ...audit.Finding) {
	t.Helper()
	bad := len(r.Findings) != len(want)
	for i := range min(len(want), len(r.Findings)) {
		got := r.Findings[i]
		bad = bad || got.Kind != want[i].Kind || got.Seq != want[i].Seq || got.Until != want[i].Until || got.Entry != want[i].Entry
	}
	if bad {
		t.Errorf("found %d, want %d:", len(r.Findings), len(want))
		for _, f := range r.Findings {
			t.Errorf("  got  %v", f)
		}
		for _, f := range want {
			t.Errorf("  want %v", f)
		}
	}
}

func TestAnUntouchedRecordHasNothingWrong(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		wantFound(t, r.verify()) // an empty one
		r.sealedLooks(20)
		r.looks(2)
		got := r.verify()
		wantFound(t, got)
		if got.Sealed != 20 || got.Unsealed != 2 || got.Overdue != 0 || got.Heads != 7 || got.FileHeads != 7 {
			t.Errorf("got %+v, want 20 sealed, 2 unsealed, 7 heads", got)
		}
		r.place.clock.pass(time.Hour)
		if got := r.verify(); got.Overdue != 2 || got.Oldest == 0 {
			t.Errorf("after an hour %+v, want 2 overdue", got)
		}
	})
}

func TestEachTamperingIsFoundAndLocated(t *testing.T) {
	cases := map[string]struct {
		// do tampers with a record of 20, sealed three at a time, and says what must be found.
		do func(r *record, ids []string) []audit.Finding
	}{
		"one byte of an entry is changed": {func(r *record, ids []string) []audit.Finding {
			r.tamper("UPDATE audit_entries SET person = 'nursf' WHERE id = '" + ids[9] + "'")
			return []audit.Finding{{Kind: audit.FoundChanged, Seq: 10, Until: 10, Entry: ids[9]}}
		}},
		"an entry gets another time": {func(r *record, ids []string) []audit.Finding {
			r.tamper("UPDATE audit_entries SET at = at + 1 WHERE id = '" + ids[0] + "'")
			return []audit.Finding{{Kind: audit.FoundChanged, Seq: 1, Until: 1, Entry: ids[0]}}
		}},
		"an entry is deleted": {func(r *record, ids []string) []audit.Finding {
			r.tamper("DELETE FROM audit_entries WHERE id = '" + ids[4] + "'")
			return []audit.Finding{{Kind: audit.FoundDeleted, Seq: 5, Until: 5, Entry: ids[4]}}
		}},
		"an entry is deleted with its seal": {func(r *record, ids []string) []audit.Finding {
			r.tamper("DELETE FROM audit_entries WHERE id = '"+ids[4]+"'", "DELETE FROM audit_seals WHERE seq = 5")
			return []audit.Finding{{Kind: audit.FoundGap, Seq: 5, Until: 5}}
		}},
		"an entry is deleted with its seal, and the places are closed up": {func(r *record, ids []string) []audit.Finding {
			statements := []string{"DELETE FROM audit_entries WHERE id = '" + ids[4] + "'", "DELETE FROM audit_seals WHERE seq = 5"}
			for seq := 6; seq <= 20; seq++ {
				statements = append(statements, fmt.Sprintf("UPDATE audit_seals SET seq = %d WHERE seq = %d", seq-1, seq))
			}
			r.tamper(statements...)
			return []audit.Finding{
				{Kind: audit.FoundOrder, Seq: 5, Until: 5, Entry: ids[5]},
				{Kind: audit.FoundRewritten, Seq: 4, Until: 6}, {Kind: audit.FoundRewritten, Seq: 4, Until: 6},
				{Kind: audit.FoundCut, Seq: 20, Until: 20},
			}
		}},
		"two entries change their ids": {func(r *record, ids []string) []audit.Finding {
			r.tamper("UPDATE audit_entries SET id = 'x' WHERE id = '"+ids[2]+"'",
				"UPDATE audit_entries SET id = '"+ids[2]+"' WHERE id = '"+ids[7]+"'",
				"UPDATE audit_entries SET id = '"+ids[7]+"' WHERE id = 'x'")
			return []audit.Finding{{Kind: audit.FoundChanged, Seq: 3, Until: 3, Entry: ids[2]}, {Kind: audit.FoundChanged, Seq: 8, Until: 8, Entry: ids[7]}}
		}},
		"two entries are swapped": {func(r *record, ids []string) []audit.Finding {
			r.tamper("UPDATE audit_seals SET entry = 'x' WHERE seq = 3",
				"UPDATE audit_seals SET entry = '"+ids[2]+"' WHERE seq = 8",
				"UPDATE audit_seals SET entry = '"+ids[7]+"' WHERE seq = 3")
			return []audit.Finding{{Kind: audit.FoundSwapped, Seq: 3, Until: 3, Entry: ids[7]}, {Kind: audit.FoundSwapped, Seq: 8, Until: 8, Entry: ids[2]}}
		}},
		"two seals are swapped": {func(r *record, ids []string) []audit.Finding {
			r.tamper("UPDATE audit_seals SET seq = 100 WHERE seq = 5", "UPDATE audit_seals SET seq = 5 WHERE seq = 14", "UPDATE audit_seals SET seq = 14 WHERE seq = 100")
			return []audit.Finding{
				{Kind: audit.FoundOrder, Seq: 5, Until: 5, Entry: ids[13]}, {Kind: audit.FoundOrder, Seq: 6, Until: 6, Entry: ids[5]},
				{Kind: audit.FoundOrder, Seq: 14, Until: 14, Entry: ids[4]}, {Kind: audit.FoundOrder, Seq: 15, Until: 15, Entry: ids[14]},
			}
		}},
		"an entry is put in by hand": {func(r *record, ids []string) []audit.Finding {
			r.tamper(`INSERT INTO audit_entries (id, at, person, role, organisation, session, consultation, action, outcome, relations, patient, object)
				VALUES ('forged', 1, 'doctor', 'gp', '', '', '', 'patient.read', 'done', '', 'patient-1', '')`)
			return []audit.Finding{{Kind: audit.FoundInserted, Entry: "forged"}}
		}},
		"a seal is taken away at the end": {func(r *record, ids []string) []audit.Finding {
			r.tamper("DELETE FROM audit_seals WHERE seq = 20")
			return []audit.Finding{{Kind: audit.FoundCut, Seq: 20, Until: 20}, {Kind: audit.FoundInserted, Entry: ids[19]}}
		}},
		"the tail is cut": {func(r *record, ids []string) []audit.Finding {
			r.tamper("DELETE FROM audit_seals WHERE seq > 12", "DELETE FROM audit_entries WHERE id > '"+ids[11]+"'")
			return []audit.Finding{{Kind: audit.FoundCut, Seq: 13, Until: 20}}
		}},
		"the tail is cut with its heads": {func(r *record, ids []string) []audit.Finding {
			r.tamper("DELETE FROM audit_seals WHERE seq > 12", "DELETE FROM audit_entries WHERE id > '"+ids[11]+"'", "DELETE FROM audit_heads WHERE seq > 12")
			return []audit.Finding{{Kind: audit.FoundCut, Seq: 13, Until: 20}}
		}},
		"everything is deleted": {func(r *record, ids []string) []audit.Finding {
			r.tamper("DELETE FROM audit_seals", "DELETE FROM audit_entries", "DELETE FROM audit_heads")
			return []audit.Finding{{Kind: audit.FoundCut, Seq: 1, Until: 20}}
		}},
		"a head is deleted": {func(r *record, ids []string) []audit.Finding {
			r.tamper("DELETE FROM audit_heads WHERE number = 3")
			return []audit.Finding{{Kind: audit.FoundHeadMissing}}
		}},
		"the last head is deleted": {func(r *record, ids []string) []audit.Finding {
			r.tamper("DELETE FROM audit_heads WHERE number = 7")
			return []audit.Finding{{Kind: audit.FoundUnsigned, Seq: 19, Until: 20}}
		}},
		"a head is changed": {func(r *record, ids []string) []audit.Finding {
			r.tamper("UPDATE audit_heads SET at = at + 1 WHERE number = 3")
			return []audit.Finding{{Kind: audit.FoundForged, Seq: 9, Until: 0}}
		}},
		"the chain is rewritten from a changed entry on": {func(r *record, ids []string) []audit.Finding {
			r.tamper("UPDATE audit_entries SET person = 'other' WHERE id = '" + ids[10] + "'")
			r.rewrite(11, nil)
			return []audit.Finding{{Kind: audit.FoundRewritten, Seq: 10, Until: 12}, {Kind: audit.FoundRewritten, Seq: 10, Until: 12}}
		}},
		"the chain is rewritten, and signed with a foreign key": {func(r *record, ids []string) []audit.Finding {
			r.tamper("UPDATE audit_entries SET person = 'other' WHERE id = '" + ids[10] + "'")
			r.rewrite(11, newKey(r.t))
			return []audit.Finding{{Kind: audit.FoundForged, Seq: 12}, {Kind: audit.FoundRewritten, Seq: 10, Until: 12}}
		}},
	}
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		ids := r.sealedLooks(20)
		r.keep()
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				r.t = t
				r.putBack()
				want := c.do(r, ids)
				wantFound(t, r.verify(), want...)
			})
		}
	})
}
