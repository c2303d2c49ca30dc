package signaling

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
)

// A resume token is consultation.participant.secret: the ids find the seat, on whatever
// node it lives, and the secret alone proves it. Only the secret's hash is kept.

// newToken makes a token and the hash of its secret, which has 256 random bits.
func newToken(consultation, participant string) (token string, hash [sha256.Size]byte) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	secret := base64.RawURLEncoding.EncodeToString(b[:])
	return consultation + "." + participant + "." + secret, sha256.Sum256([]byte(secret))
}

// parseToken takes a token apart; it proves nothing. Ids hold no dots (protocol.ValidID).
func parseToken(token string) (consultation, participant, secret string, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", "", "", false
	}
	return parts[0], parts[1], parts[2], true
}

// pass is what lets a page take its seat up again. Each welcome gives a new one. Those
// before it stay good until the page has said something after the welcome: it may have
// been lost on the way, and the page would stand there with the one before.
type pass struct {
	epoch int64
	hash  [sha256.Size]byte
}

// passesKept bounds how many welcomes in a row may be lost.
const passesKept = 4

// admits compares in constant time.
func (p pass) admits(epoch int64, secret string) bool {
	hash := sha256.Sum256([]byte(secret))
	same := subtle.ConstantTimeCompare(hash[:], p.hash[:]) == 1
	return p.epoch == epoch && same
}
