package scheduling

import (
	"crypto/rand"
	"strings"
)

// newID is 80 random bits: short enough to read in a log.
func newID() string { return strings.ToLower(rand.Text()[:16]) }
