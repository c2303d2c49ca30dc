// Package keyring holds the secrets that the database must not hold: whoever has the
// database and its backups, and not this, has nothing that can be read. It is a package of
// its own because the store, sessions, links and the audit record all draw keys from it, and
// none of them may see another's.
//
// A Keyring is one root secret of 32 random bytes per generation. Keys for use are derived
// from a root by HKDF-SHA256 (RFC 5869), one for each purpose, so that one purpose's key says
// nothing about another's. The highest generation is the current one: it makes what is new.
// Older ones only read what they made, until that is made anew (see store.Rotate).
//
// The roots come from a file that only its owner may read, from an environment variable, or
// from either of them encrypted by a key management service that unwraps them once, at start.
package keyring

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"maps"
	"slices"
)

// Size is the length in bytes of a root secret and of every key derived from it.
const Size = 32

// Generation numbers root secrets from 1 on; the highest is the current one.
type Generation uint32

// Purpose is what a derived key is for. Its text is part of the derivation: a changed text
// is another key.
type Purpose string

// The purposes.
const (
	Wrap    Purpose = "wrap"    // encrypts the keys of persons, in the store
	Lookup  Purpose = "lookup"  // keyed hashes that find someone by e-mail, telephone or identity number
	Backup  Purpose = "backup"  // authenticates backups
	Session Purpose = "session" // authenticates sessions and machines' access tokens
	Link    Purpose = "link"    // keyed hashes of personal links and one-time codes
	Audit   Purpose = "audit"   // signs the head of the audit record
)

// Keyring derives keys from its root secrets. It does not change and may be used by many
// goroutines at once. It never shows a secret: not in logs, not by fmt.
type Keyring struct {
	roots   map[Generation][]byte
	current Generation
}

// New makes a keyring of root secrets by generation. Each must be of Size random bytes.
func New(roots map[Generation][]byte) (*Keyring, error) {
	if len(roots) == 0 {
		return nil, fmt.Errorf("keyring: no root secret")
	}
	k := &Keyring{roots: make(map[Generation][]byte, len(roots))}
	for _, g := range slices.Sorted(maps.Keys(roots)) {
		if g < 1 {
			return nil, fmt.Errorf("keyring: generation %d: generations count from 1", g)
		}
		if err := checkRandom(roots[g]); err != nil {
			return nil, fmt.Errorf("keyring: generation %d: %w", g, err)
		}
		for other, root := range k.roots {
			if bytes.Equal(root, roots[g]) {
				return nil, fmt.Errorf("keyring: generations %d and %d have the same secret", other, g)
			}
		}
		k.roots[g] = bytes.Clone(roots[g])
		k.current = g
	}
	return k, nil
}

// Current returns the generation that makes what is new.
func (k *Keyring) Current() Generation { return k.current }

// Generations returns all generations, the current one first.
func (k *Keyring) Generations() []Generation {
	all := slices.Sorted(maps.Keys(k.roots))
	slices.Reverse(all)
	return all
}

// Key derives the key of Size bytes for a purpose. The only error is a generation that the
// keyring does not have.
func (k *Keyring) Key(purpose Purpose, g Generation) ([]byte, error) {
	root, ok := k.roots[g]
	if !ok {
		return nil, fmt.Errorf("keyring: generation %d is not here (there are %v)", g, k.Generations())
	}
	key, err := hkdf.Key(sha256.New, root, nil, "samkonsult/v1/"+string(purpose), Size)
	if err != nil {
		return nil, fmt.Errorf("keyring: derive %s: %w", purpose, err)
	}
	return key, nil
}

// String tells how many generations there are and nothing else.
func (k *Keyring) String() string {
	return fmt.Sprintf("keyring of %d, current %d", len(k.roots), k.current)
}

// GoString keeps %#v from showing secrets.
func (k *Keyring) GoString() string { return k.String() }

// LogValue keeps secrets out of logs.
func (k *Keyring) LogValue() slog.Value { return slog.StringValue(k.String()) }
