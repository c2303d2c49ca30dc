package identity_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
)

const tokenURL = "https://video.example.no/api/v1/token"

// machine is another system, with its private key.
type machine struct {
	t   testing.TB
	key crypto.Signer
	alg jose.SignatureAlgorithm
	kid string
	id  string
}

func newMachine(t testing.TB, alg jose.SignatureAlgorithm) *machine {
	t.Helper()
	var key crypto.Signer
	var err error
	switch alg {
	case jose.ES256:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.PS256:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case jose.EdDSA:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &machine{t: t, key: key, alg: alg, kid: "k1"}
}

func (m *machine) keys() string {
	return keySet(m.t, jose.JSONWebKey{Key: m.key.Public(), KeyID: m.kid, Algorithm: string(m.alg), Use: "sig"})
}

func keySet(t testing.TB, keys ...jose.JSONWebKey) string {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// claims are what a good assertion says.
func (m *machine) claims(now time.Time) jwt.Claims {
	return jwt.Claims{
		Issuer: m.id, Subject: m.id, Audience: jwt.Audience{tokenURL}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Minute)),
	}
}

func (m *machine) sign(claims any) string {
	m.t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: m.alg, Key: jose.JSONWebKey{Key: m.key, KeyID: m.kid}}, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	text, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		m.t.Fatal(err)
	}
	return text
}

func request(assertion string) identity.TokenRequest {
	return identity.TokenRequest{GrantType: "client_credentials", AssertionType: identity.AssertionType, Assertion: assertion}
}

// known lets a machine in for the municipality.
func (d *door) known(m *machine) identity.MachineClient {
	d.t.Helper()
	c, err := d.SaveMachine(context.Background(), sivActs, identity.MachineClient{
		Name: "Journalen", Organisation: "fjordvik", Keys: m.keys(), Scopes: []access.Action{access.PatientRead, access.AuditExport}, Active: true,
	})
	d.must(err)
	m.id = c.ID
	return c
}

func wantTokenError(t testing.TB, what string, err error, code string) {
	t.Helper()
	if e, ok := errors.AsType[*identity.TokenError](err); !ok || e.Code != code {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}

func TestAMachineGetsATokenForItsAssertion(t *testing.T) {
	ctx := context.Background()
	for _, alg := range []jose.SignatureAlgorithm{jose.ES256, jose.PS256, jose.EdDSA} {
		d := newDoor(t)
		m := newMachine(t, alg)
		d.known(m)
		token, err := d.Token(ctx, request(m.sign(m.claims(d.clock.Now()))))
		if err != nil {
			t.Fatalf("%s: %v", alg, err)
		}
		if !token.Expires.Equal(d.clock.Now().Add(10 * time.Minute)) {
			t.Errorf("lives until %v", token.Expires)
		}
		c, err := d.CheckBearer(token.Token, d.clock.Now())
		d.must(err)
		want := access.Actor{Person: access.PersonID(m.id), Role: access.Machine, Organisation: "fjordvik"}
		if c.Actor != want || !slices.Equal(c.Scopes, []access.Action{access.PatientRead, access.AuditExport}) {
			t.Errorf("%+v", c)
		}
		_, err = d.Check(token.Token, d.clock.Now())
		wantError(t, "a machine's token as a session", err, identity.ErrNoSession)
		_, err = d.CheckBearer(token.Token[:len(token.Token)-1], d.clock.Now())
		wantError(t, "cut short", err, identity.ErrNoSession)
		d.at(token.Expires)
		_, err = d.CheckBearer(token.Token, token.Expires)
		wantError(t, "expired", err, identity.ErrNoSession)
		if all, err := d.Machines(ctx, sivActs, "fjordvik"); err != nil || len(all) != 1 || all[0].LastUsed.IsZero() {
			t.Errorf("%+v, %v", all, err)
		}
	}
}

func TestAnAssertionThatIsNotGoodGetsOneAnswer(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	m, other := newMachine(t, jose.ES256), newMachine(t, jose.ES256)
	c := d.known(m)
	d.known(other)
	now := d.clock.Now()
	with := func(change func(*jwt.Claims)) string {
		claims := m.claims(now)
		change(&claims)
		return m.sign(claims)
	}
	good := m.sign(m.claims(now))
	if _, err := d.Token(ctx, request(good)); err != nil {
		t.Fatal(err)
	}
	as := *other
	as.id = m.id
	unknownKey := *m
	unknownKey.kid = "k2"
	parts := strings.Split(m.sign(m.claims(now)), ".")
	b64 := base64.RawURLEncoding.EncodeToString
	none := b64([]byte(`{"alg":"none","kid":"k1"}`)) + "." + parts[1] + "."
	// The public key as a shared secret is the classic way to fool a checker (RFC 8725 §2.1).
	hs, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(m.keys())}, (&jose.SignerOptions{}).WithHeader("kid", "k1"))
	d.must(err)
	hmac, err := jwt.Signed(hs).Claims(m.claims(now)).Serialize()
	d.must(err)

	for name, assertion := range map[string]string{
		"replayed":                 good,
		"garbage":                  "a.b.c",
		"cut short":                good[:len(good)-5],
		"unsigned":                 none,
		"by a shared secret":       hmac,
		"another's key":            as.sign(as.claims(now)),
		"a key that is not there":  unknownKey.sign(unknownKey.claims(now)),
		"claims changed":           parts[0] + "." + b64([]byte(`{"iss":"`+m.id+`","sub":"`+m.id+`"}`)) + "." + parts[2],
		"expired":                  with(func(c *jwt.Claims) { c.Expiry = jwt.NewNumericDate(now) }),
		"without an end":           with(func(c *jwt.Claims) { c.Expiry = nil }),
		"good for an hour":         with(func(c *jwt.Claims) { c.Expiry = jwt.NewNumericDate(now.Add(time.Hour)) }),
		"not yet good":             with(func(c *jwt.Claims) { c.NotBefore = jwt.NewNumericDate(now.Add(10 * time.Minute)) }),
		"issued later":             with(func(c *jwt.Claims) { c.IssuedAt = jwt.NewNumericDate(now.Add(10 * time.Minute)) }),
		"for somebody else":        with(func(c *jwt.Claims) { c.Audience = jwt.Audience{"https://other.example.no/token"} }),
		"for us and somebody else": with(func(c *jwt.Claims) { c.Audience = jwt.Audience{tokenURL, "https://other.example.no/token"} }),
		"for nobody":               with(func(c *jwt.Claims) { c.Audience = nil }),
		"about another":            with(func(c *jwt.Claims) { c.Subject = other.id }),
		"from another":             with(func(c *jwt.Claims) { c.Issuer = other.id }),
		"of nobody we know":        with(func(c *jwt.Claims) { c.Issuer, c.Subject = "nobody", "nobody" }),
		"without an id of its own": with(func(c *jwt.Claims) { c.ID = "" }),
		"with an endless id":       with(func(c *jwt.Claims) { c.ID = strings.Repeat("x", 300) }),
		"very long":                with(func(c *jwt.Claims) { c.ID = strings.Repeat("x", 1<<16) }),
		"with more behind":         m.sign(m.claims(now)) + "x",
	} {
		_, err := d.Token(ctx, request(assertion))
		wantTokenError(t, name, err, identity.TokenInvalidClient)
	}
	if failed := d.said.count(audit.ActionTokenIssued, audit.Failed); failed != 23 {
		t.Errorf("%d of 23 are on record", failed)
	}

	r := request(m.sign(m.claims(now)))
	r.ClientID = other.id
	_, err = d.Token(ctx, r)
	wantTokenError(t, "another client_id beside it", err, identity.TokenInvalidClient)
	_, err = d.Token(ctx, identity.TokenRequest{GrantType: "password"})
	wantTokenError(t, "another grant", err, identity.TokenUnsupportedGrant)
	_, err = d.Token(ctx, identity.TokenRequest{GrantType: "client_credentials"})
	wantTokenError(t, "without an assertion", err, identity.TokenInvalidRequest)

	c.Active = false
	_, err = d.SaveMachine(ctx, sivActs, c)
	d.must(err)
	_, err = d.Token(ctx, request(m.sign(m.claims(now))))
	wantTokenError(t, "shut out", err, identity.TokenInvalidClient)
}

func TestOneAssertionGetsOneToken(t *testing.T) {
	d := newDoor(t)
	m := newMachine(t, jose.ES256)
	d.known(m)
	assertion := m.sign(m.claims(d.clock.Now()))
	told := atOnce(20, func() error { _, err := d.Token(context.Background(), request(assertion)); return err })
	if told[nil] != 1 {
		t.Errorf("%d tokens for one assertion: %v", told[nil], told)
	}
}

func TestAMachineAsksForLessAndNotForMore(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	m := newMachine(t, jose.ES256)
	d.known(m)
	ask := func(scope string) (identity.AccessToken, error) {
		r := request(m.sign(m.claims(d.clock.Now())))
		r.Scope = scope
		return d.Token(ctx, r)
	}
	token, err := ask("patient.read")
	d.must(err)
	c, err := d.CheckBearer(token.Token, d.clock.Now())
	d.must(err)
	if !slices.Equal(c.Scopes, []access.Action{access.PatientRead}) {
		t.Errorf("%v", c.Scopes)
	}
	for _, scope := range []string{"patient.write", "patient.read patient.write", "everything", " "} {
		_, err := ask(scope)
		wantTokenError(t, "scope "+scope, err, identity.TokenInvalidScope)
	}
}

func TestAChangedClientLosesItsTokens(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	m := newMachine(t, jose.ES256)
	c := d.known(m)
	token, err := d.Token(ctx, request(m.sign(m.claims(d.clock.Now()))))
	d.must(err)
	d.clock.pass(time.Second)
	c.Scopes = []access.Action{access.AuditExport}
	c, err = d.SaveMachine(ctx, sivActs, c)
	d.must(err)
	_, err = d.CheckBearer(token.Token, d.clock.Now())
	wantError(t, "a token of before", err, identity.ErrNoSession)
	d.clock.pass(time.Second)
	after, err := d.Token(ctx, request(m.sign(m.claims(d.clock.Now()))))
	d.must(err)
	if _, err := d.CheckBearer(after.Token, d.clock.Now()); err != nil {
		t.Errorf("a token of after: %v", err)
	}
	c.Version--
	_, err = d.SaveMachine(ctx, sivActs, c)
	wantError(t, "an edit that comes late", err, identity.ErrVersion)
}

func TestAClientThatBreaksARuleIsToldWhich(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	m := newMachine(t, jose.ES256)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	d.must(err)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	d.must(err)
	good := identity.MachineClient{
		Name: "Journalen", Organisation: "fjordvik", Keys: m.keys(), Scopes: []access.Action{access.PatientRead}, Active: true,
	}
	for name, tt := range map[string]struct {
		field  string
		change func(*identity.MachineClient)
	}{
		"no name":        {"name", func(c *identity.MachineClient) { c.Name = " " }},
		"no scope":       {"scopes", func(c *identity.MachineClient) { c.Scopes = nil }},
		"what people do": {"scopes[0]", func(c *identity.MachineClient) { c.Scopes = []access.Action{access.CallEnd} }},
		"twice the same": {"scopes[1]", func(c *identity.MachineClient) { c.Scopes = []access.Action{access.PatientRead, access.PatientRead} }},
		"no keys":        {"keys", func(c *identity.MachineClient) { c.Keys = `{"keys":[]}` }},
		"no JSON":        {"keys", func(c *identity.MachineClient) { c.Keys = "BEGIN PUBLIC KEY" }},
		"a private key":  {"keys.keys[0]", func(c *identity.MachineClient) { c.Keys = keySet(t, jose.JSONWebKey{Key: m.key, KeyID: "k1"}) }},
		"a shared secret": {"keys.keys[0]", func(c *identity.MachineClient) {
			c.Keys = keySet(t, jose.JSONWebKey{Key: []byte("hemmeleg"), KeyID: "k1"})
		}},
		"a weak key":           {"keys.keys[0]", func(c *identity.MachineClient) { c.Keys = keySet(t, jose.JSONWebKey{Key: weak.Public(), KeyID: "k1"}) }},
		"another curve":        {"keys.keys[0]", func(c *identity.MachineClient) { c.Keys = keySet(t, jose.JSONWebKey{Key: p384.Public(), KeyID: "k1"}) }},
		"a key without a name": {"keys.keys[0].kid", func(c *identity.MachineClient) { c.Keys = keySet(t, jose.JSONWebKey{Key: m.key.Public()}) }},
		"two of one name": {"keys.keys[0].kid", func(c *identity.MachineClient) {
			c.Keys = keySet(t, jose.JSONWebKey{Key: m.key.Public(), KeyID: "k"}, jose.JSONWebKey{Key: p384.Public(), KeyID: "k"})
		}},
	} {
		c := good
		tt.change(&c)
		_, err := d.SaveMachine(ctx, sivActs, c)
		if broken, ok := errors.AsType[*identity.Invalid](err); !ok || broken.Field != tt.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, err := d.Machines(ctx, sivActs, "fjordvik"); err != nil || len(all) != 0 {
		t.Errorf("left behind: %v %v", all, err)
	}
}

func TestMachinesAreTheirAdministratorsAlone(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	m := newMachine(t, jose.ES256)
	c := d.known(m)
	elsewhere := access.Actor{Person: "x", Role: access.Administrator, Organisation: "another"}
	nurse := access.Actor{Person: mari, Role: access.Nurse, Organisation: "fjordvik"}
	for name, by := range map[string]access.Actor{"another's administrator": elsewhere, "a nurse": nurse, "the machine": {Person: access.PersonID(m.id), Role: access.Machine, Organisation: "fjordvik"}} {
		_, list := d.Machines(ctx, by, "fjordvik")
		_, read := d.Machine(ctx, by, c.ID)
		_, missing := d.Machine(ctx, by, "nothing")
		_, write := d.SaveMachine(ctx, by, c)
		for what, err := range map[string]error{"list": list, "read": read, "what is not there": missing, "write": write} {
			if _, ok := errors.AsType[*access.Refused](err); !ok {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
	// A client stays where it is, whatever the change says.
	c.Organisation = "hospital"
	moved, err := d.SaveMachine(ctx, sivActs, c)
	d.must(err)
	if moved.Organisation != "fjordvik" {
		t.Errorf("moved to %s", moved.Organisation)
	}
	if got, err := d.Machine(ctx, jonActs, c.ID); err != nil || got.Organisation != "fjordvik" {
		t.Errorf("for the host: %+v %v", got, err)
	}
}
