package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"     // Argon2id, which the standard library has not
	"golang.org/x/text/unicode/norm" // one spelling of å, however the keyboard makes it
)

// Password is a password as someone has typed it. It shows itself to nobody.
type Password string

// LogValue keeps passwords out of logs.
func (Password) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String keeps passwords out of texts.
func (Password) String() string { return "[redacted]" }

// bytes is the password in one spelling (RFC 8265 §4.2.2: normalisation form C).
func (p Password) bytes() []byte { return norm.NFC.Bytes([]byte(p)) }

// Bounds of a password's length. Everything else that might be demanded makes them worse
// (NIST SP 800-63B §5.1.1.2).
const (
	minPassword = 12  // characters
	maxPassword = 256 // bytes
)

//go:embed common_passwords.txt
var commonPasswordList string

// commonPasswords are the words that passwords are made of most often, without the digits
// and signs that people add to them.
var commonPasswords = func() map[string]bool {
	out := map[string]bool{}
	for word := range strings.FieldsSeq(commonPasswordList) {
		out[word] = true
	}
	return out
}()

// checkPassword says which rule a new password breaks.
func checkPassword(p Password, email string) error {
	text := strings.ToLower(string(p.bytes()))
	switch {
	case utf8.RuneCountInString(text) < minPassword:
		return &Invalid{Field: "password", Rule: "at least 12 characters"}
	case len(p) > maxPassword:
		return &Invalid{Field: "password", Rule: "at most 256 bytes"}
	case !utf8.ValidString(string(p)):
		return &Invalid{Field: "password", Rule: "must be text"}
	case distinct(text) < 5:
		return &Invalid{Field: "password", Rule: "at least 5 different characters"}
	case common(text):
		return &Invalid{Field: "password", Rule: "must not be one of the most common"}
	case containsName(text, email):
		return &Invalid{Field: "password", Rule: "must not contain the name in the e-mail address"}
	}
	return nil
}

func distinct(text string) int {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen)
}

// common says whether a password is a common word once or more, with whatever digits and signs.
func common(text string) bool {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, text)
	// Digits and signs alone are a date, a telephone number or a row of keys.
	if letters == "" || commonPasswords[letters] {
		return true
	}
	for n := 1; n <= len(letters)/2; n++ { // passordpassord
		if len(letters)%n == 0 && strings.Repeat(letters[:n], len(letters)/n) == letters && commonPasswords[letters[:n]] {
			return true
		}
	}
	return false
}

// containsName says whether the password holds a part of the address before the @ that has
// four letters or more.
func containsName(text, email string) bool {
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	for part := range strings.FieldsFuncSeq(local, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if utf8.RuneCountInString(part) >= 4 && strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// PasswordCost is what one hash costs (RFC 9106 §3.1).
type PasswordCost struct {
	Memory  uint32 // KiB; 0 means 19456
	Time    uint32 // passes; 0 means 2
	Threads uint8  // 0 means 1
}

// OWASP's least for argon2id (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane.
func (c PasswordCost) withDefaults() PasswordCost {
	if c.Memory == 0 {
		c.Memory = 19 * 1024
	}
	if c.Time == 0 {
		c.Time = 2
	}
	if c.Threads == 0 {
		c.Threads = 1
	}
	return c
}

const (
	saltSize = 16 // bytes (RFC 9106 §4)
	hashSize = 32 // bytes
)

// derive is argon2id's signature: tests count how often it is called.
type derive func(password, salt []byte, time, memory uint32, threads uint8, size uint32) []byte

// hasher hashes passwords, a few at a time: a flood of sign-ins waits or is told that we are
// busy, and eats no memory.
type hasher struct {
	cost    PasswordCost
	derive  derive
	running chan struct{} // a place for each hash under way
	present chan struct{} // a place for each that is under way or waits
	nobody  string        // a hash that no password has
}

// waitingPasswords is how many sign-ins wait for a hash at most: about a second's.
const waitingPasswords = 64

func newHasher(cost PasswordCost, d derive) *hasher {
	h := &hasher{
		cost: cost.withDefaults(), derive: d,
		// Half of the processors: the others carry calls.
		running: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		present: make(chan struct{}, waitingPasswords),
	}
	none := make([]byte, saltSize+hashSize)
	_, _ = rand.Read(none)
	h.nobody = phc(h.cost, none[:saltSize], none[saltSize:])
	return h
}

// hash makes a password's PHC string.
func (h *hasher) hash(ctx context.Context, p Password) (string, error) {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt)
	key, err := h.run(ctx, p, salt, h.cost)
	if err != nil {
		return "", err
	}
	return phc(h.cost, salt, key), nil
}

// matches says whether a PHC string is of the password. Without one it does the same work,
// and says no. weak: it was made at a lower cost than today's.
func (h *hasher) matches(ctx context.Context, p Password, stored string) (ok, weak bool, err error) {
	known := stored != ""
	if !known {
		stored = h.nobody
	}
	cost, salt, want, err := parsePHC(stored)
	if err != nil {
		return false, false, err
	}
	got, err := h.run(ctx, p, salt, cost)
	if err != nil {
		return false, false, err
	}
	same := subtle.ConstantTimeCompare(got, want) == 1
	return same && known, cost.Memory < h.cost.Memory || cost.Time < h.cost.Time, nil
}

func (h *hasher) run(ctx context.Context, p Password, salt []byte, cost PasswordCost) ([]byte, error) {
	select {
	case h.present <- struct{}{}:
		defer func() { <-h.present }()
	default:
		return nil, ErrBusy
	}
	select {
	case h.running <- struct{}{}:
		defer func() { <-h.running }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return h.derive(p.bytes(), salt, cost.Time, cost.Memory, cost.Threads, hashSize), nil
}

var _ derive = argon2.IDKey

// phc writes a hash in the PHC string format, as the reference implementation of Argon2 does.
func phc(c PasswordCost, salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Time, c.Threads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// maxMemory bounds what a stored hash may ask for, in KiB.
const maxMemory = 1 << 20

func parsePHC(text string) (c PasswordCost, salt, key []byte, err error) {
	fail := func(what string) (PasswordCost, []byte, []byte, error) {
		return PasswordCost{}, nil, nil, fmt.Errorf("stored password hash: %s", what) // without the text: it is a secret
	}
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return fail("is not argon2id")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Threads); err != nil {
		return fail("has no cost")
	}
	if c.Memory > maxMemory || c.Time == 0 || c.Time > 100 || c.Threads == 0 {
		return fail("has a cost that nobody has set")
	}
	if salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4]); err != nil || len(salt) < 8 {
		return fail("has no salt")
	}
	if key, err = base64.RawStdEncoding.Strict().DecodeString(parts[5]); err != nil || len(key) != hashSize {
		return fail("has no key")
	}
	return c, salt, key, nil
}
