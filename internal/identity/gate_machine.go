package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// TokenRequest is a machine's request for an access token (RFC 6749 §4.4.2, RFC 7523 §2.2).
type TokenRequest struct {
	GrantType     string // "client_credentials"
	ClientID      string // optional (RFC 7521 §4.2); else the assertion's issuer
	AssertionType string // AssertionType
	Assertion     string
	Scope         string // names of actions apart by spaces; empty: all of the client's
}

// TokenError is an error of RFC 6749 §5.2.
type TokenError struct{ Code string }

func (e *TokenError) Error() string { return e.Code }

// The errors' codes.
const (
	TokenInvalidRequest   = "invalid_request"
	TokenInvalidClient    = "invalid_client"
	TokenInvalidScope     = "invalid_scope"
	TokenUnsupportedGrant = "unsupported_grant_type"
)

// Token gives a machine an access token for an assertion that it has signed. An assertion
// is good once. Error: *TokenError.
func (g *Gate) Token(ctx context.Context, r TokenRequest) (AccessToken, error) {
	switch {
	case r.GrantType != "client_credentials":
		return AccessToken{}, &TokenError{TokenUnsupportedGrant}
	case r.AssertionType != AssertionType || r.Assertion == "":
		return AccessToken{}, &TokenError{TokenInvalidRequest}
	}
	invalid := func(by access.Actor, object string) (AccessToken, error) {
		return AccessToken{}, g.failed(ctx, by, audit.ActionTokenIssued, object, &TokenError{TokenInvalidClient})
	}
	token, id, ok := readAssertion(r.Assertion)
	if !ok || r.ClientID != "" && r.ClientID != id {
		return invalid(access.Actor{}, "machine")
	}
	client, err := g.store.Machine(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return invalid(access.Actor{}, "machine")
	}
	if err != nil {
		return AccessToken{}, fmt.Errorf("token: %w", err)
	}
	of, err := g.people.Organisation(ctx, client.Organisation)
	if err != nil {
		return AccessToken{}, fmt.Errorf("token: %w", err)
	}
	now := g.now()
	a, ok := checkAssertion(token, client, g.cfg.TokenURL, now)
	if !ok || !client.Active || !of.Active {
		return invalid(client.actor(), client.object())
	}
	if client.Scopes, ok = narrowed(client.Scopes, r.Scope); !ok {
		return AccessToken{}, g.failed(ctx, client.actor(), audit.ActionTokenIssued, client.object(), &TokenError{TokenInvalidScope})
	}
	// RFC 7523 §3, item 7: each jti once. It is kept beyond exp by what clocks may differ.
	used := hashes(g.cfg.LinkKeys, assertionID, client.ID+"\x00"+a.id)
	e := g.entry(client.actor(), audit.ActionTokenIssued, audit.Done, client.object())
	err = g.store.UseAssertion(ctx, client.ID, used[len(used)-1], a.expires.Add(2*clockSkew), now, []audit.Entry{e}, nil)
	if errors.Is(err, ErrExists) {
		return invalid(client.actor(), client.object())
	}
	if err != nil {
		return AccessToken{}, fmt.Errorf("token: %w", err)
	}
	expires := now.Add(tokenLife)
	return AccessToken{
		Token: machineSecret(g.cfg.SessionKeys[0], client, now, expires), Expires: expires, Scopes: client.Scopes,
	}, nil
}

// narrowed reads the asked-for scopes, each of which the client must have.
func narrowed(has []access.Action, asked string) ([]access.Action, bool) {
	if asked == "" {
		return has, true
	}
	var out []access.Action
	for name := range strings.FieldsSeq(asked) {
		a, err := access.ParseAction(name)
		if err != nil || !slices.Contains(has, a) {
			return nil, false
		}
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out, len(out) > 0
}

// CheckBearer says which machine an access token speaks for, without asking the database.
// It is ErrNoSession for everything that is not a good one.
func (g *Gate) CheckBearer(token string, now time.Time) (Current, error) {
	c, ok := readMachine(g.cfg.SessionKeys, token)
	if !ok || !now.Before(c.expires) || c.issued.After(now.Add(clockSkew)) {
		return Current{}, ErrNoSession
	}
	revoked, err := g.revoked.has(machineSubject(c.client), c.issued, now)
	if err != nil {
		return Current{}, err
	}
	if revoked {
		return Current{}, ErrNoSession
	}
	return Current{
		Actor: access.Actor{Person: access.PersonID(c.client), Role: access.Machine, Organisation: c.organisation},
		Stage: StageFull, Method: ByKey, Scopes: c.scopes, SignedIn: c.issued, ExpiresAt: c.expires,
	}, nil
}

// RefuseMachine records that a machine has asked for what its scopes don't hold, or what is
// for people. Error: always, *access.Refused where it is on record.
func (g *Gate) RefuseMachine(ctx context.Context, by access.Actor, action access.Action, object string) error {
	refused := &access.Refused{Role: by.Role, Action: action}
	if err := g.store.Record(ctx, []audit.Entry{g.entry(by, action.String(), audit.Refused, object)}); err != nil {
		return fmt.Errorf("record: %w", err)
	}
	return refused
}

// Machines are an organisation's clients. Error: *access.Refused.
func (g *Gate) Machines(ctx context.Context, by access.Actor, of access.OrganisationID) ([]MachineClient, error) {
	if _, err := g.mayMachines(ctx, by, of, "organisation/"+string(of)); err != nil {
		return nil, err
	}
	all, err := g.store.Machines(ctx, of)
	if err != nil {
		return nil, fmt.Errorf("machines: %w", err)
	}
	return all, nil
}

// Machine is one client. Error: *access.Refused, also where there is none.
func (g *Gate) Machine(ctx context.Context, by access.Actor, id string) (MachineClient, error) {
	c, err := g.store.Machine(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return MachineClient{}, fmt.Errorf("machine: %w", err)
	}
	if _, err := g.mayMachines(ctx, by, c.Organisation, "machine/"+id); err != nil {
		return MachineClient{}, err
	}
	return c, nil
}

// SaveMachine saves a client, a new one under an id of its own. A client stays with its
// organisation. What it was given before, by the keys and scopes of then, is void at once.
// Errors: *access.Refused, *Invalid, ErrVersion.
func (g *Gate) SaveMachine(ctx context.Context, by access.Actor, c MachineClient) (MachineClient, error) {
	now := g.now()
	var revoke *Revocation
	if c.ID == "" {
		c.ID, c.Version, c.LastUsed = newID(), 0, time.Time{}
	} else {
		old, err := g.store.Machine(ctx, c.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return MachineClient{}, fmt.Errorf("machine: %w", err)
		}
		c.Organisation, c.LastUsed = old.Organisation, old.LastUsed
		void := TokensVoid(c.ID, now)
		revoke = &void
	}
	through, err := g.mayMachines(ctx, by, c.Organisation, c.object())
	if err != nil {
		return MachineClient{}, err
	}
	if err := c.checked(); err != nil {
		return MachineClient{}, err
	}
	e := g.entry(by, access.MachineWrite.String(), audit.Done, c.object())
	e.By = through
	if err := g.store.SaveMachine(ctx, c, revoke, []audit.Entry{e}, nil); err != nil {
		return MachineClient{}, fmt.Errorf("save machine: %w", err)
	}
	c.Version++
	g.readRevoked(ctx)
	return c, nil
}

func (g *Gate) mayMachines(ctx context.Context, by access.Actor, of access.OrganisationID, object string) (access.Relations, error) {
	var has access.Relations
	if of != "" {
		var err error
		if has, err = g.cfg.Relations.OrganisationRelations(ctx, by, of); err != nil {
			return 0, fmt.Errorf("relations: %w", err)
		}
	}
	return g.may(ctx, by, access.MachineWrite, has, object)
}
