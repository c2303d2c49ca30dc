package audit

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Head says, signed, how far the record goes and what its chain is there. Heads count from 1
// without a gap. They are kept in the database and in a file outside of it.
type Head struct {
	Number int64 `json:"number"`
	Seq    int64 `json:"seq"` // the last place that it covers
	Chain  Hash  `json:"chain"`
	At     int64 `json:"at"` // when it was signed; ms since 1970, UTC
	Key    KeyID `json:"key"`
	// Next, in the last head that a key signs, is the public key of all heads that follow.
	Next      ed25519.PublicKey `json:"next,omitempty"`
	Signature []byte            `json:"signature"` // Ed25519 (RFC 8032)
}

// KeyID tells keys apart: the first 8 bytes of the public key's SHA-256, in hexadecimal.
type KeyID string

// KeyIDOf returns a public key's id.
func KeyIDOf(key ed25519.PublicKey) KeyID {
	sum := sha256.Sum256(key)
	return KeyID(hex.EncodeToString(sum[:8]))
}

// sign signs the head with a key and names the key in it.
func (h Head) sign(key ed25519.PrivateKey) Head {
	h.Key = KeyIDOf(publicOf(key))
	message := h.message()
	h.Signature = ed25519.Sign(key, message[:])
	return h
}

func (h Head) message() Hash {
	e := newEncoder("samkonsult audit head v1")
	e.number(h.Number)
	e.number(h.Seq)
	e.to.Write(h.Chain[:])
	e.number(h.At)
	e.text(string(h.Key))
	e.text(string(h.Next))
	return e.sum()
}

func (h Head) signedBy(key ed25519.PublicKey) bool {
	message := h.message()
	return ed25519.Verify(key, message[:], h.Signature)
}

// same says whether two heads are one.
func (h Head) same(other Head) bool {
	return h.message() == other.message() && bytes.Equal(h.Signature, other.Signature)
}

func publicOf(key ed25519.PrivateKey) ed25519.PublicKey {
	return ed25519.PublicKey(key[ed25519.PrivateKeySize-ed25519.PublicKeySize:]) // the last half, as in RFC 8032 §5.1.5's encoding by Go
}

// trust follows which key may sign: one of those given at first, and after each announcement
// the announced one alone. A key that was replaced, perhaps because it leaked, signs nothing
// any more.
type trust struct {
	keys map[KeyID]ed25519.PublicKey
	next KeyID // who signs now; empty before the first head
}

func newTrust(keys []ed25519.PublicKey) *trust {
	t := &trust{keys: make(map[KeyID]ed25519.PublicKey, len(keys))}
	for _, key := range keys {
		t.keys[KeyIDOf(key)] = key
	}
	return t
}

// elder says whether a head may be by a key that was replaced and then thrown away: it is
// before the first by a key that is known. Its signature can't be checked, and needn't be:
// the first head that can be says what the chain was at all places before, too.
func (t *trust) elder(h Head) bool {
	_, known := t.keys[h.Key]
	return !known && t.next == ""
}

// accept checks the next head, and returns what is wrong with it in words, or nothing.
func (t *trust) accept(h Head) string {
	key, known := t.keys[h.Key]
	switch {
	case !known:
		return fmt.Sprintf("it is signed by key %s, which is neither given nor announced", h.Key)
	case !h.signedBy(key):
		return fmt.Sprintf("its signature is not key %s's", h.Key)
	case t.next != "" && t.next != h.Key:
		return fmt.Sprintf("it is signed by key %s where key %s signs", h.Key, t.next)
	case len(h.Next) != 0 && len(h.Next) != ed25519.PublicKeySize:
		return "the key that it announces is none"
	}
	t.next = h.Key
	if len(h.Next) != 0 {
		t.next = KeyIDOf(h.Next)
		t.keys[t.next] = h.Next
	}
	return ""
}
