package identity

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

func testKey(n byte) Key { return Key{Generation: uint32(n), Secret: bytes.Repeat([]byte{n}, 32)} }

func aSession() Session {
	at := time.UnixMilli(1_795_343_400_000)
	return Session{
		ID: "s1", Person: "p1", Role: access.Nurse, Organisation: "o1", Assignment: "a1", Link: "l1", Consultation: "c1", Participant: "x1",
		Stage: StageFull, Method: ByLinkCode, Handle: "h1", SignedIn: at, Seen: at.Add(time.Minute), Ends: at.Add(time.Hour),
	}
}

func TestASessionReadsBackAsItWasWritten(t *testing.T) {
	s := aSession()
	for _, text := range []*string{&s.Assignment, &s.Link, &s.Consultation, &s.Participant, &s.Handle} {
		got, ok := readSession([]Key{testKey(2), testKey(1)}, sessionSecret(testKey(1), s))
		if !ok || got != s {
			t.Errorf("%t %+v", ok, got)
		}
		*text = ""
	}
	c := MachineClient{ID: "m1", Organisation: "o1", Scopes: []access.Action{access.PatientRead, access.AuditExport}}
	got, ok := readMachine([]Key{testKey(1)}, machineSecret(testKey(1), c, s.SignedIn, s.Ends))
	if !ok || got.client != "m1" || got.organisation != "o1" || !slices.Equal(got.scopes, c.Scopes) || !got.issued.Equal(s.SignedIn) || !got.expires.Equal(s.Ends) {
		t.Errorf("%t %+v", ok, got)
	}
}

// FuzzASecretIsTheOneThatWasMade: whatever comes as a cookie, what is taken for good is what
// was made here, letter by letter.
func FuzzASecretIsTheOneThatWasMade(f *testing.F) {
	keys := []Key{testKey(2), testKey(1)}
	made := map[string]bool{
		sessionSecret(keys[0], aSession()): true,
		sessionSecret(keys[1], aSession()): true,
	}
	for s := range made {
		f.Add(s)
		f.Add(s[:len(s)-1])
	}
	f.Add("")
	f.Add(strings.Repeat("A", 100))
	f.Fuzz(func(t *testing.T, secret string) {
		if _, ok := readSession(keys, secret); ok && !made[secret] {
			t.Errorf("a session out of nothing: %q", secret)
		}
		if _, ok := readMachine(keys, secret); ok {
			t.Errorf("a machine out of nothing: %q", secret)
		}
	})
}

// FuzzClaimsHaveOneSpelling looks behind the MAC, as one who had the key would: what reads
// at all is written just so.
func FuzzClaimsHaveOneSpelling(f *testing.F) {
	key := testKey(1)
	whole := func(secret string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(secret)
		if err != nil {
			f.Fatal(err)
		}
		return b[3 : len(b)-32] // without header and MAC
	}
	f.Add(whole(sessionSecret(key, aSession())))
	f.Add(whole(machineSecret(key, MachineClient{ID: "m1", Scopes: []access.Action{access.PatientRead}}, time.UnixMilli(1), time.UnixMilli(2))))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, claims []byte) {
		reader := func() *claimsReader { return &claimsReader{rest: claims, text: string(claims)} }
		if s, ok := reader().session(); ok && !bytes.Equal(whole(sessionSecret(key, s)), claims) {
			t.Errorf("%x is read as %+v, which is written otherwise", claims, s)
		}
		if c, ok := reader().machine(); ok {
			again := machineSecret(key, MachineClient{ID: c.client, Organisation: c.organisation, Scopes: c.scopes}, c.issued, c.expires)
			if !bytes.Equal(whole(again), claims) {
				t.Errorf("%x is read as %+v, which is written otherwise", claims, c)
			}
		}
	})
}

// FuzzTokensHaveOneSpelling: two texts never are one token.
func FuzzTokensHaveOneSpelling(f *testing.F) {
	f.Add(newToken())
	f.Add("AAAAAAAAAAAAAAAAAAAAAB")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if !validToken(text) {
			return
		}
		b, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil || len(b) != tokenSize || base64.RawURLEncoding.EncodeToString(b) != text {
			t.Errorf("%q passes for a token", text)
		}
	})
}
