package identity

import (
	"crypto/rand"
	"strings"
)

// newID makes an id of more than 128 random bits, by the rule of protocol.ValidID.
func newID() string { return strings.ToLower(rand.Text()) }
