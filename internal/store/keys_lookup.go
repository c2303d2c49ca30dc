package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/samkonsult/samkonsult/internal/keyring"
)

// setLookup lets an owner be found by a value of a kind: an e-mail address, a telephone or
// identity number, in the one form that the domain gives it. Only a keyed hash is compared;
// the value itself is kept sealed beside, for the next generation's hash. An empty value is
// found no more. Values may be shared: where one must be one's own, findLookup first, in the
// same change.
func (t *tx) setLookup(kind, owner, value string) error {
	if value == "" {
		_, err := t.exec("DELETE FROM lookups WHERE kind = $1 AND owner = $2", kind, owner)
		return err
	}
	sealed, err := t.seal(owner, lookupCell(kind, owner), []byte(value))
	if err != nil {
		return err
	}
	g := t.db.keys.keyring.Current()
	_, err = t.exec(`INSERT INTO lookups (kind, owner, hash, generation, value) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (kind, owner) DO UPDATE SET hash = excluded.hash, generation = excluded.generation, value = excluded.value`,
		kind, owner, t.db.keys.lookupHash(g, kind, value), g, sealed)
	return err
}

// findLookup returns the owners of a value of a kind, in no order.
func (t *tx) findLookup(kind, value string) ([]string, error) {
	var places []string
	args := []any{kind}
	for _, g := range t.db.keys.keyring.Generations() { // while keys rotate there are hashes of two
		args = append(args, t.db.keys.lookupHash(g, kind, value))
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	query := "SELECT owner FROM lookups WHERE kind = $1 AND hash IN (" + strings.Join(places, ", ") + ")"
	return all(t, oneColumn[string], query, args...)
}

func lookupCell(kind, owner string) string { return cell("lookups", "value", kind+"/"+owner) }

func (k *keyStore) lookupHash(g keyring.Generation, kind, value string) []byte {
	mac := hmac.New(sha256.New, k.lookup[g])
	mac.Write([]byte(kind + "\x00" + value))
	return mac.Sum(nil)
}
