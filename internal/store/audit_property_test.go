package store

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid" // random tamperings, and the smallest that fails

	"github.com/samkonsult/samkonsult/internal/audit"
)

// auditTables are all that a check of the record reads.
var auditTables = []string{"audit_entries", "audit_unsealed", "audit_seals", "audit_heads"}

// keep and putBack let many tamperings begin from one record.
func (r *record) keep() {
	for _, table := range auditTables {
		r.tamper("CREATE TABLE kept_" + table + " AS SELECT * FROM " + table)
	}
}

func (r *record) putBack() {
	for _, table := range auditTables {
		r.tamper("DELETE FROM "+table, "INSERT INTO "+table+" SELECT * FROM kept_"+table)
	}
}

// tampering is one thing that somebody does to the database by hand, and the places among
// which it must be found; none: it concerns no place.
type tampering struct {
	what        string
	statements  []string
	from, until int64
}

// size of the record that is tampered with: sealed three at a time, and a few that wait.
const sealedSize, waitingSize = 30, 4

func drawTampering(t *rapid.T, sealed, waiting []string) tampering {
	place := rapid.Int64Range(1, sealedSize).Draw(t, "place")
	other := rapid.Int64Range(1, sealedSize).Filter(func(n int64) bool { return n != place }).Draw(t, "other")
	id := func(n int64) string { return "'" + sealed[n-1] + "'" }
	head := (place + 2) / 3 // which covers the place
	waits := rapid.SampledFrom(waiting).Draw(t, "waiting")
	at := func(what string, statements ...string) tampering {
		return tampering{what, statements, place, place}
	}
	swap := func(table, key, column, a, b string) []string {
		return []string{
			fmt.Sprintf("UPDATE %s SET %s = (SELECT max(%s) FROM %s) || 'x' WHERE %s = %s", table, column, column, table, key, a),
			fmt.Sprintf("UPDATE %s SET %s = (SELECT k.%s FROM kept_%s k WHERE k.%s = %s) WHERE %s = %s", table, column, column, table, key, a, key, b),
			fmt.Sprintf("UPDATE %s SET %s = (SELECT k.%s FROM kept_%s k WHERE k.%s = %s) WHERE %s = %s", table, column, column, table, key, b, key, a),
		}
	}
	n, m := fmt.Sprint(place), fmt.Sprint(other)
	column := rapid.SampledFrom([]string{
		"person", "role", "organisation", "session", "consultation", "action", "outcome", "relations", "patient", "object",
	}).Draw(t, "column")
	hashColumn := rapid.SampledFrom([]string{"hash", "chain"}).Draw(t, "hash column")
	return rapid.SampledFrom([]tampering{
		at("a field is changed", "UPDATE audit_entries SET "+column+" = "+column+" || 'x' WHERE id = "+id(place)),
		at("a time is changed", "UPDATE audit_entries SET at = at - 1 WHERE id = "+id(place)),
		at("an entry gets another id", "UPDATE audit_entries SET id = 'x' WHERE id = "+id(place)),
		at("an entry is deleted", "DELETE FROM audit_entries WHERE id = "+id(place)),
		at("two places' entries are swapped", swap("audit_seals", "seq", "entry", n, m)...),
		at("two seals are swapped", "UPDATE audit_seals SET seq = 1000 WHERE seq = "+n, "UPDATE audit_seals SET seq = "+n+" WHERE seq = "+m, "UPDATE audit_seals SET seq = "+m+" WHERE seq = 1000"),
		at("a seal is deleted", "DELETE FROM audit_seals WHERE seq = "+n),
		at("a seal's hash is another's", "UPDATE audit_seals SET "+hashColumn+" = (SELECT k."+hashColumn+" FROM kept_audit_seals k WHERE k.seq = "+m+") WHERE seq = "+n),
		{"the tail is cut", []string{"DELETE FROM audit_seals WHERE seq >= " + n}, place, sealedSize},
		{"the tail is cut with its heads and entries", []string{
			"DELETE FROM audit_seals WHERE seq >= " + n, "DELETE FROM audit_heads WHERE seq >= " + n, "DELETE FROM audit_entries WHERE id >= " + id(place)}, place, sealedSize},
		{"a head is deleted", []string{fmt.Sprintf("DELETE FROM audit_heads WHERE number = %d", head)}, 0, 0},
		{"a head says another place", []string{fmt.Sprintf("UPDATE audit_heads SET seq = seq + 1 WHERE number = %d", head)}, 0, 0},
		{"a head announces a key", []string{fmt.Sprintf("UPDATE audit_heads SET next = chain WHERE number = %d", head)}, 0, 0},
		{"an entry is put in", []string{"INSERT INTO audit_entries SELECT 'x', at, person, role, organisation, session, consultation, action, outcome, relations, patient, object, reason FROM kept_audit_entries WHERE id = " + id(place)}, 0, 0},
		{"an entry that waits is deleted", []string{"DELETE FROM audit_entries WHERE id = '" + waits + "'"}, 0, 0},
		{"an entry that waits is kept from its seal", []string{"DELETE FROM audit_unsealed WHERE entry = '" + waits + "'"}, 0, 0},
	}).Draw(t, "tampering")
}

func TestWhateverIsDoneToTheRecordIsFound(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		sealed, waiting := r.sealedLooks(sealedSize), r.looks(waitingSize)
		r.keep()
		rapid.Check(t, func(rt *rapid.T) {
			r.putBack()
			if got := r.verify(); got.Found != 0 {
				rt.Fatalf("a false alarm: %v", got.Findings)
			}
			done := drawTampering(rt, sealed, waiting)
			r.tamper(done.statements...)
			got := r.verify()
			if got.Found == 0 {
				rt.Fatalf("%s (%s) and nothing is found", done.what, strings.Join(done.statements, "; "))
			}
			if done.from != 0 && !located(got.Findings, done.from, done.until) {
				rt.Fatalf("%s at %d to %d, and found is %v", done.what, done.from, done.until, got.Findings)
			}
		})
	})
}

// located says whether a finding names the first place of a tampering, and not much more
// than it: at most the three of one round of the sealer around it.
func located(found []audit.Finding, from, until int64) bool {
	for _, f := range found {
		if f.Seq <= from && from <= max(f.Until, f.Seq) && max(f.Until, f.Seq) <= until+3 && f.Seq >= from-3 {
			return true
		}
	}
	return false
}
