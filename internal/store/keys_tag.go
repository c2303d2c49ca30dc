package store

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/samkonsult/samkonsult/internal/keyring"
)

// subjectKey is a subject's key, unwrapped: what seals, and what makes tags.
type subjectKey struct {
	cipher.AEAD
	tags []byte
}

func newSubjectKey(key []byte) (subjectKey, error) {
	tags, err := hkdf.Key(sha256.New, key, nil, "samkonsult subject tags", keyring.Size) // RFC 5869
	if err != nil {
		return subjectKey{}, fmt.Errorf("tags: %w", err)
	}
	aead, err := newAEAD(key)
	return subjectKey{aead, tags}, err
}

// tagSize is how long a tag is, in bytes: so long that no two of a subject's are ever the same
// by chance.
const tagSize = 16

// tag stands in a column for something of the subject's that is sealed elsewhere in the row, so
// that rows are found by it: equal for equal content, and different for each subject, so that
// nobody sees who have the same. It is a part of HMAC-SHA-256 (RFC 2104) over what it is for and
// the content, by a key that comes of the subject's own: Rotate leaves it as it is, and it means
// nothing any more when the subject is erased. No part but the last has zero bytes.
func (k subjectKey) tag(what string, content ...string) []byte {
	mac := hmac.New(sha256.New, k.tags)
	mac.Write([]byte(what + "\x00" + strings.Join(content, "\x00")))
	return mac.Sum(nil)[:tagSize]
}
