package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4" // JOSE by those who keep it for Go's large projects; refuses every algorithm not named
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

const (
	assertionLife = 5 * time.Minute // at most, from now to its exp
	tokenLife     = 10 * time.Minute
	// AssertionType is the form value that private_key_jwt goes by (RFC 7523 §2.2).
	AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
)

// algorithms that an assertion may be signed by. What is not named, "none" and shared
// secrets among it, is refused before a key is looked for (RFC 8725 §3.1).
var algorithms = []jose.SignatureAlgorithm{jose.ES256, jose.PS256, jose.EdDSA}

// MachineClient is another system that signs in with a key of its own.
type MachineClient struct {
	ID           string // its client_id
	Version      int64  // 0: new
	Name         string
	Organisation access.OrganisationID
	Keys         string          // JSON Web Key Set of public keys (RFC 7517)
	Scopes       []access.Action // it may do nothing else
	Active       bool
	LastUsed     time.Time // zero: never
}

// LogValue shows no more than the id.
func (c MachineClient) LogValue() slog.Value { return slog.StringValue(c.ID) }

func (c MachineClient) actor() access.Actor {
	return access.Actor{Person: access.PersonID(c.ID), Role: access.Machine, Organisation: c.Organisation}
}

func (c MachineClient) object() string { return "machine/" + c.ID }

// TokensVoid voids every token that a machine was given until then.
func TokensVoid(id string, at time.Time) Revocation {
	return Revocation{Subject: machineSubject(id), At: at, Until: at.Add(tokenLife)}
}

// machineSubject is a machine among the revocations. Sessions' ids have no slash.
func machineSubject(id string) string { return "machine/" + id }

// checked says which rule a client breaks.
func (c MachineClient) checked() error {
	switch {
	case strings.TrimSpace(c.Name) == "" || len(c.Name) > 120:
		return &Invalid{Field: "name", Rule: "1 to 120 characters"}
	case c.Organisation == "":
		return &Invalid{Field: "organisation", Rule: "is required"}
	case len(c.Scopes) == 0:
		return &Invalid{Field: "scopes", Rule: "at least one"}
	}
	for i, s := range c.Scopes {
		if len(access.Ways(access.Machine, s)) == 0 {
			return &Invalid{Field: fmt.Sprintf("scopes[%d]", i), Rule: "must be something that machines may do"}
		}
		if slices.Index(c.Scopes, s) != i {
			return &Invalid{Field: fmt.Sprintf("scopes[%d]", i), Rule: "must not be there twice"}
		}
	}
	_, err := parseKeys(c.Keys)
	return err
}

// parseKeys reads a key set and says which rule it breaks.
func parseKeys(text string) (jose.JSONWebKeySet, error) {
	var set jose.JSONWebKeySet
	bad := func(field, rule string) (jose.JSONWebKeySet, error) {
		return jose.JSONWebKeySet{}, &Invalid{Field: field, Rule: rule}
	}
	if err := json.Unmarshal([]byte(text), &set); err != nil {
		return bad("keys", "must be a JSON Web Key Set (RFC 7517)")
	}
	if len(set.Keys) == 0 || len(set.Keys) > 10 {
		return bad("keys", "1 to 10 keys")
	}
	for i, k := range set.Keys {
		field := fmt.Sprintf("keys.keys[%d]", i)
		switch {
		case !k.IsPublic():
			return bad(field, "must be a public key: a private one is known to others now, make a new one")
		case !k.Valid():
			return bad(field, "must be a valid key")
		case k.KeyID == "":
			return bad(field+".kid", "is required")
		case len(set.Key(k.KeyID)) > 1:
			return bad(field+".kid", "must not be there twice")
		case !strong(k):
			return bad(field, "must be for ES256 (P-256), PS256 (RSA of 2048 to 4096 bits) or EdDSA (Ed25519)")
		}
	}
	return set, nil
}

// assertion is a checked client assertion.
type assertion struct {
	client  string
	id      string // its jti
	expires time.Time
}

// readAssertion finds out which client an assertion says that it comes from, and believes
// nothing of it yet.
func readAssertion(text string) (*jwt.JSONWebToken, string, bool) {
	if len(text) > 8<<10 {
		return nil, "", false
	}
	token, err := jwt.ParseSigned(text, algorithms)
	if err != nil || len(token.Headers) != 1 || token.Headers[0].KeyID == "" {
		return nil, "", false
	}
	var c jwt.Claims
	if token.UnsafeClaimsWithoutVerification(&c) != nil || c.Issuer == "" {
		return nil, "", false
	}
	return token, c.Issuer, true
}

// checkAssertion checks an assertion by the client's keys (RFC 7523 §3).
func checkAssertion(token *jwt.JSONWebToken, c MachineClient, audience string, now time.Time) (a assertion, ok bool) {
	set, err := parseKeys(c.Keys)
	if err != nil {
		return a, false
	}
	header := token.Headers[0]
	keys := set.Key(header.KeyID)
	if len(keys) != 1 || !fits(keys[0], header.Algorithm) {
		return a, false
	}
	var claims jwt.Claims
	if token.Claims(keys[0].Key, &claims) != nil {
		return a, false
	}
	want := jwt.Expected{Issuer: c.ID, Subject: c.ID, AnyAudience: jwt.Audience{audience}, Time: now}
	if claims.ValidateWithLeeway(want, clockSkew) != nil {
		return a, false
	}
	// One audience alone: an assertion that also opens another server might come from there.
	if len(claims.Audience) != 1 || claims.Expiry == nil || claims.ID == "" || len(claims.ID) > 256 {
		return a, false
	}
	expires := claims.Expiry.Time()
	if !now.Before(expires) || expires.Sub(now) > assertionLife+clockSkew {
		return a, false
	}
	return assertion{client: c.ID, id: claims.ID, expires: expires}, true
}

// AccessToken is what a machine gets for an assertion.
type AccessToken struct {
	Token   string
	Expires time.Time
	Scopes  []access.Action
}

// LogValue keeps the token out of logs.
func (AccessToken) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// MachineStore keeps machine clients.
type MachineStore interface {
	Machines(ctx context.Context, of access.OrganisationID) ([]MachineClient, error) // by name
	Machine(ctx context.Context, id string) (MachineClient, error)                   // ErrNotFound
	// SaveMachine saves a client; its tokens of before are void where revoke is later than at.
	SaveMachine(ctx context.Context, c MachineClient, revoke *Revocation, entries []audit.Entry, out []notify.Message) error
	// UseAssertion remembers an assertion until it expires, and the client's use. ErrExists: it was used before.
	UseAssertion(ctx context.Context, client string, id Hash, expires, at time.Time, entries []audit.Entry, out []notify.Message) error
}
