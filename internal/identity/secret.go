package identity

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
)

// Key is one generation of a secret. Lists of them have the newest first: it makes what is
// new, and the others only read what they have made.
type Key struct {
	Generation uint32
	Secret     []byte // 32 random bytes
}

// Hash is what is kept of a token: HMAC-SHA256 (RFC 2104). Being keyed, it can neither be
// turned back nor put into the database by one who has the database alone.
type Hash []byte

// tokenSize is the random bytes of a token: 128 bits, which nobody guesses.
const tokenSize = 16

// newToken makes a token that stands in a link or opens a call: 22 characters of base64url.
func newToken() string {
	var b [tokenSize]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// derivedToken is a seat's token: the first 128 bits of HMAC-SHA-256 over its link's id. What
// is kept of tokens is keyed by the same secret, over texts that begin differently.
func derivedToken(k Key, link string) string {
	mac := hmac.New(sha256.New, k.Secret)
	mac.Write([]byte("seat link\x00" + link))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:tokenSize])
}

// newSecretID is an id of 80 random bits, in lower case: for sessions, links and tickets,
// whose ids stand in the audit record and open nothing.
func newSecretID() string { return strings.ToLower(rand.Text()[:16]) }

// validToken says whether text has a token's form, in the one spelling that it has.
func validToken(text string) bool {
	if len(text) != base64.RawURLEncoding.EncodedLen(tokenSize) {
		return false
	}
	b, err := decodeSecret(text)
	return err == nil && len(b) == tokenSize
}

var errSpelling = errors.New("not base64url, or not as we spell it")

// decodeSecret reads base64url in its one spelling: Go's decoder passes over line breaks,
// and unless it is strict over the last character's spare bits.
func decodeSecret(text string) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, errSpelling
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, errSpelling // without the text: it is a secret, or nearly
	}
	return b, nil
}

// tokenKind keeps a token of one sort from being taken for another.
type tokenKind string

const (
	linkToken   tokenKind = "link"
	ticketToken tokenKind = "ticket"
	oneTimeCode tokenKind = "code"
	assertionID tokenKind = "jti"
	triedEmail  tokenKind = "email"
)

// hashes are a text's hashes by every key, the newest first.
func hashes(keys []Key, kind tokenKind, text string) []Hash {
	out := make([]Hash, len(keys))
	for i, k := range keys {
		mac := hmac.New(sha256.New, k.Secret)
		mac.Write([]byte(string(kind) + "\x00" + text))
		out[i] = mac.Sum(nil)
	}
	return out
}

// oneOf says whether the hash is one of others, in a time that tells nothing of either.
func (h Hash) oneOf(others []Hash) bool {
	found := false
	for _, o := range others {
		found = hmac.Equal(h, o) || found
	}
	return found && len(h) > 0
}
