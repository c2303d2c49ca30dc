package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// A session's cookie and a machine's access token are claims with a MAC, so that they are
// checked without asking the database:
//
//	version (1 byte) · kind (1 byte) · generation of the key (varint) · claims · HMAC-SHA256
//
// in base64url. Texts have a byte of length before them, times are milliseconds since 1970
// as varint. There is one spelling of each: what decodes encodes to the same.
const (
	claimsVersion = 1

	sessionKind = 's'
	machineKind = 'm'

	// maxSecret bounds what is looked at: browsers keep 4096 bytes of a cookie at most, and
	// ours have some 300.
	maxSecret = 2048
)

// signClaims completes claims, which begin after the header, to what the other side gets.
func signClaims(key Key, kind byte, claims func([]byte) []byte) string {
	b := make([]byte, 0, 384)
	b = append(b, claimsVersion, kind)
	b = binary.AppendUvarint(b, uint64(key.Generation))
	b = claims(b)
	return base64.RawURLEncoding.EncodeToString(mac(key, b, b))
}

// mac appends the MAC of b to out.
func mac(key Key, b, out []byte) []byte {
	m := hmac.New(sha256.New, key.Secret)
	m.Write(b)
	return m.Sum(out)
}

// openClaims checks a secret's MAC and returns its claims; false for everything else.
func openClaims(keys []Key, kind byte, secret string) (*claimsReader, bool) {
	if len(secret) > maxSecret {
		return nil, false
	}
	b, err := decodeSecret(secret)
	if err != nil || len(b) < 3+sha256.Size {
		return nil, false
	}
	signed, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if signed[0] != claimsVersion || signed[1] != kind {
		return nil, false
	}
	r := &claimsReader{rest: signed[2:]}
	generation := r.number()
	for _, key := range keys {
		if uint64(key.Generation) != generation {
			continue
		}
		var got [sha256.Size]byte
		if !r.broken && hmac.Equal(mac(key, signed, got[:0]), sum) {
			r.text = string(r.rest)
			return r, true
		}
	}
	return nil, false
}

// claimsReader reads claims one by one; what is wrong once is wrong altogether.
type claimsReader struct {
	rest   []byte
	text   string // the same as rest when the claims began: every text is a part of it
	broken bool
}

func (r *claimsReader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	// One spelling only: the last byte of a longer one is not zero.
	if size <= 0 || size > 1 && r.rest[size-1] == 0 {
		r.broken, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *claimsReader) byte() byte {
	if len(r.rest) == 0 {
		r.broken = true
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *claimsReader) string() string {
	n := int(r.byte())
	if n > len(r.rest) {
		r.broken, r.rest = true, nil
		return ""
	}
	from := len(r.text) - len(r.rest)
	r.rest = r.rest[n:]
	return r.text[from : from+n]
}

func (r *claimsReader) time() time.Time {
	n := r.number()
	if n > 1<<52 { // the year 144,000: no time of ours
		r.broken = true
		return time.Time{}
	}
	return time.UnixMilli(int64(n))
}

// done says whether everything was there, and nothing else.
func (r *claimsReader) done() bool { return !r.broken && len(r.rest) == 0 }

func putString(b []byte, s string) []byte { return append(append(b, byte(len(s))), s...) }

func putTime(b []byte, t time.Time) []byte {
	return binary.AppendUvarint(b, uint64(max(t.UnixMilli(), 0)))
}

// stages and methods by the number that stands for them in claims.
var (
	stages  = [...]Stage{1: StageCode, 2: StageRole, 3: StageFull}
	methods = [...]Method{1: ByPassword, 2: ByPasswordTOTP, 3: ByLink, 4: ByLinkCode, 5: ByDemo, 6: ByKey}
)

func number[T comparable](of []T, v T) byte {
	for i, x := range of {
		if x == v {
			return byte(i)
		}
	}
	return 0
}

func numbered[T any](r *claimsReader, of []T) (v T) {
	n := int(r.byte())
	if n == 0 || n >= len(of) {
		r.broken = true
		return v
	}
	return of[n]
}

// texts of a session's claims, in their order.
func (s *Session) texts() [8]*string {
	return [...]*string{
		&s.ID, (*string)(&s.Person), (*string)(&s.Organisation), &s.Assignment, &s.Link,
		&s.Consultation, &s.Participant, &s.Handle,
	}
}

// sessionSecret writes a session's cookie.
func sessionSecret(key Key, s Session) string {
	return signClaims(key, sessionKind, func(b []byte) []byte {
		b = append(b, byte(s.Role), number(stages[:], s.Stage), number(methods[:], s.Method))
		for _, t := range s.texts() {
			b = putString(b, *t)
		}
		return putTime(putTime(putTime(b, s.SignedIn), s.Seen), s.Ends)
	})
}

// readSession reads a session's cookie.
func readSession(keys []Key, secret string) (Session, bool) {
	r, ok := openClaims(keys, sessionKind, secret)
	if !ok {
		return Session{}, false
	}
	return r.session()
}

func (r *claimsReader) session() (s Session, ok bool) {
	s.Role = access.Role(r.byte())
	s.Stage, s.Method = numbered(r, stages[:]), numbered(r, methods[:])
	for _, t := range s.texts() {
		*t = r.string()
	}
	s.SignedIn, s.Seen, s.Ends = r.time(), r.time(), r.time()
	return s, r.done() && s.ID != "" && s.Person != ""
}

// machineSecret writes a machine's access token.
func machineSecret(key Key, c MachineClient, issued, expires time.Time) string {
	return signClaims(key, machineKind, func(b []byte) []byte {
		b = putString(putString(b, c.ID), string(c.Organisation))
		b = append(b, byte(len(c.Scopes)))
		for _, a := range c.Scopes {
			b = append(b, byte(a))
		}
		return putTime(putTime(b, issued), expires)
	})
}

// machineClaims are what an access token says.
type machineClaims struct {
	client          string
	organisation    access.OrganisationID
	scopes          []access.Action
	issued, expires time.Time
}

func readMachine(keys []Key, secret string) (c machineClaims, ok bool) {
	r, ok := openClaims(keys, machineKind, secret)
	if !ok {
		return c, false
	}
	return r.machine()
}

func (r *claimsReader) machine() (c machineClaims, ok bool) {
	c.client, c.organisation = r.string(), access.OrganisationID(r.string())
	c.scopes = []access.Action{} // not nil, which would be no limit
	for range r.byte() {
		c.scopes = append(c.scopes, access.Action(r.byte()))
	}
	c.issued, c.expires = r.time(), r.time()
	return c, r.done() && c.client != ""
}
