package store

import (
	"crypto/aes"
	"crypto/cipher"
	"database/sql"
	"errors"
	"fmt"
)

// errUnreadable says that ciphertext was changed, moved to another place, or sealed by
// another key.
var errUnreadable = errors.New("cannot be decrypted: it was changed, or belongs elsewhere")

// sealedV1 is the first byte of what is sealed: AES-256-GCM (NIST SP 800-38D), then a random
// nonce of 12 bytes, ciphertext and tag. One key seals far less than 2^32 times.
const sealedV1 = 1

// seal encrypts with the key of a subject, and makes the key where it is the subject's first.
// what tells the one place it is for, as "table.column/row": it opens nowhere else.
// A nil plaintext, for NULL, stays nil.
func (t *tx) seal(subject, what string, plaintext []byte) ([]byte, error) {
	if plaintext == nil {
		return nil, nil
	}
	if subject == "" {
		return nil, fmt.Errorf("seal %s: the subject is missing", what)
	}
	key, err := t.db.keys.needKey(t.ctx, subject)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", what, err)
	}
	sealed, err := sealWith(key, additional(subject, what), plaintext)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", what, err)
	}
	return sealed, nil
}

// open decrypts what seal has made for the same subject and place. It is ErrErased when the
// subject has been erased. NULL stays nil. Before opening what belongs to many subjects,
// warm their keys.
func (t *tx) open(subject, what string, sealed []byte) ([]byte, error) {
	if sealed == nil {
		return nil, nil
	}
	key, err := t.db.keys.subjectKey(t.ctx, subject)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("open %s: %s has no key: is this the database of keys that belongs here?", what, subject)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", what, err)
	}
	plaintext, err := openWith(key, additional(subject, what), sealed)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", what, err)
	}
	return plaintext, nil
}

// warm fetches the keys of many subjects at once.
func (t *tx) warm(subjects []string) error { return t.db.keys.warm(t.ctx, subjects) }

// cell is where something sealed stands.
func cell(table, column, row string) string { return table + "." + column + "/" + row }

// additional binds ciphertext to its subject and place. Ids have no zero bytes.
func additional(subject, what string) []byte { return []byte(subject + "\x00" + what) }

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("AES: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("GCM: %w", err)
	}
	return aead, nil
}

func sealWith(key cipher.AEAD, additional, plaintext []byte) ([]byte, error) {
	out := make([]byte, 1, 1+len(plaintext)+key.Overhead())
	out[0] = sealedV1
	return key.Seal(out, nil, plaintext, additional), nil
}

func openWith(key cipher.AEAD, additional, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != sealedV1 {
		return nil, errUnreadable
	}
	// Not nil for an empty text: that would be NULL.
	plaintext, err := key.Open(make([]byte, 0, len(sealed)), nil, sealed[1:], additional)
	if err != nil {
		return nil, errUnreadable
	}
	return plaintext, nil
}

// orNull is a text as plaintext, and nil, for NULL, where it is empty.
func orNull(text string) []byte {
	if text == "" {
		return nil
	}
	return []byte(text)
}
