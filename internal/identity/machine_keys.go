package identity

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"

	"github.com/go-jose/go-jose/v4"
)

// strong says whether a public key is one that we take signatures by.
func strong(k jose.JSONWebKey) bool {
	switch key := k.Key.(type) {
	case *ecdsa.PublicKey:
		return key.Curve == elliptic.P256()
	case *rsa.PublicKey:
		return key.N.BitLen() >= 2048 && key.N.BitLen() <= 4096 // above, checking is a way to keep us busy
	case ed25519.PublicKey:
		return true
	}
	return false
}

// fits says whether an algorithm is the one that the key is for (RFC 8725 §3.1).
func fits(k jose.JSONWebKey, algorithm string) bool {
	if k.Algorithm != "" && k.Algorithm != algorithm {
		return false
	}
	switch k.Key.(type) {
	case *ecdsa.PublicKey:
		return algorithm == string(jose.ES256)
	case *rsa.PublicKey:
		return algorithm == string(jose.PS256)
	case ed25519.PublicKey:
		return algorithm == string(jose.EdDSA)
	}
	return false
}
