package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// Machines is how other systems get in.
type Machines interface {
	Token(ctx context.Context, r identity.TokenRequest) (identity.AccessToken, error)
	Machines(ctx context.Context, by access.Actor, of access.OrganisationID) ([]identity.MachineClient, error)
	Machine(ctx context.Context, by access.Actor, id string) (identity.MachineClient, error)
	SaveMachine(ctx context.Context, by access.Actor, c identity.MachineClient) (identity.MachineClient, error)
	RefuseMachine(ctx context.Context, by access.Actor, action access.Action, object string) error
}

// The inputs and answers about machines.
type (
	tokenInput struct {
		RawBody []byte `contentType:"application/x-www-form-urlencoded"`
	}
	tokenOutput struct {
		Status int
		Body   AccessToken
	}
	machinesInput struct {
		Organisation access.OrganisationID `query:"organisation" maxLength:"64" doc:"whose; none: the own organisation's"`
	}
	machinesAnswer struct{ Body MachineClients }
	machineInput   struct {
		ID string `path:"id" maxLength:"64"`
	}
	newMachineInput struct{ Body MachineClient }
	setMachineInput struct {
		ID   string `path:"id" maxLength:"64"`
		Body MachineClient
	}
)

// AccessToken is the answer to POST /api/v1/token: a token (RFC 6749 §5.1), or what was
// wrong (§5.2).
type AccessToken struct {
	AccessToken string `json:"access_token,omitempty"`
	TokenType   string `json:"token_type,omitempty" enum:"Bearer"`
	ExpiresIn   int64  `json:"expires_in,omitempty" doc:"seconds"`
	Scope       string `json:"scope,omitempty" doc:"names of actions apart by spaces"`
	Error       string `json:"error,omitempty" enum:"invalid_request,invalid_client,invalid_scope,unsupported_grant_type"`
}

func (h *Handler) registerMachines(api huma.API) {
	attempts := newLimiter[netip.Prefix](5, 50)

	register(h, api, operation{ID: "token", Method: http.MethodPost, Path: "/token", Summary: "Give a machine an access token (RFC 6749 §4.4, RFC 7523)",
		Needs: anybody, Form: true, Body: 16 << 10}, func(ctx context.Context, c caller, in *tokenInput) (*tokenOutput, error) {
		if wait, ok := attempts.take(addressKey(c.Address), h.cfg.Now(), 1); !ok {
			return nil, tooMany(wait)
		}
		request, ok := tokenRequest(in.RawBody)
		if !ok {
			return tokenFault(identity.TokenInvalidRequest), nil
		}
		token, err := h.cfg.Gate.Token(ctx, request)
		if fault, ok := errors.AsType[*identity.TokenError](err); ok {
			return tokenFault(fault.Code), nil
		}
		if err != nil {
			return nil, err
		}
		return &tokenOutput{Status: http.StatusOK, Body: AccessToken{
			AccessToken: token.Token, TokenType: "Bearer", ExpiresIn: int64(token.Expires.Sub(h.cfg.Now()).Seconds()), Scope: scope(token.Scopes),
		}}, nil
	})

	register(h, api, operation{ID: "listMachines", Method: http.MethodGet, Path: "/machines", Summary: "Other systems that sign in with a key of their own",
		Needs: signedIn, Action: access.MachineWrite}, func(ctx context.Context, c caller, in *machinesInput) (*machinesAnswer, error) {
		of := in.Organisation
		if of == "" {
			of = c.Actor.Organisation
		}
		all, err := h.cfg.Gate.Machines(ctx, c.Actor, of)
		if err != nil {
			return nil, err
		}
		out := &machinesAnswer{}
		for _, m := range all {
			out.Body.Items = append(out.Body.Items, machineBody(m))
		}
		return out, nil
	})

	register(h, api, operation{ID: "readMachine", Method: http.MethodGet, Path: "/machines/{id}", Summary: "One of them",
		Needs: signedIn, Action: access.MachineWrite}, func(ctx context.Context, c caller, in *machineInput) (*versioned[MachineClient], error) {
		m, err := h.cfg.Gate.Machine(ctx, c.Actor, in.ID)
		if err != nil {
			return nil, err
		}
		return atVersion(m.Version, machineBody(m)), nil
	})

	register(h, api, operation{ID: "createMachine", Method: http.MethodPost, Path: "/machines", Summary: "Let another system in",
		Needs: signedIn, Action: access.MachineWrite, Creates: true}, func(ctx context.Context, c caller, in *newMachineInput) (*versioned[MachineClient], error) {
		return h.saveMachine(ctx, c, "", 0, in.Body)
	})

	register(h, api, operation{ID: "changeMachine", Method: http.MethodPut, Path: "/machines/{id}", Summary: "Change its keys or scopes; its tokens of before are void",
		Needs: signedIn, Action: access.MachineWrite, IfMatch: true}, func(ctx context.Context, c caller, in *setMachineInput) (*versioned[MachineClient], error) {
		return h.saveMachine(ctx, c, in.ID, c.IfMatch, in.Body)
	})
}

func (h *Handler) saveMachine(ctx context.Context, c caller, id string, version int64, body MachineClient) (*versioned[MachineClient], error) {
	m, err := h.cfg.Gate.SaveMachine(ctx, c.Actor, identity.MachineClient{
		ID: id, Version: version, Name: body.Name, Organisation: body.Organisation, Keys: body.Keys, Scopes: body.Scopes, Active: body.Active,
	})
	if err != nil {
		return nil, err
	}
	return atVersion(m.Version, machineBody(m)), nil
}

func machineBody(m identity.MachineClient) MachineClient {
	out := MachineClient{
		ID: m.ID, Version: m.Version, Name: m.Name, Organisation: m.Organisation, Keys: m.Keys, Scopes: m.Scopes, Active: m.Active,
	}
	if !m.LastUsed.IsZero() {
		out.LastUsed = m.LastUsed.UnixMilli()
	}
	return out
}

// tokenRequest reads the form. RFC 6749 §3.2: no parameter more than once.
func tokenRequest(body []byte) (identity.TokenRequest, bool) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return identity.TokenRequest{}, false
	}
	for _, values := range form {
		if len(values) > 1 {
			return identity.TokenRequest{}, false
		}
	}
	return identity.TokenRequest{
		GrantType: form.Get("grant_type"), ClientID: form.Get("client_id"), Scope: form.Get("scope"),
		AssertionType: form.Get("client_assertion_type"), Assertion: form.Get("client_assertion"),
	}, true
}

// tokenFault is an error as RFC 6749 §5.2 has it.
func tokenFault(code string) *tokenOutput {
	status := http.StatusBadRequest
	if code == identity.TokenInvalidClient {
		status = http.StatusUnauthorized
	}
	return &tokenOutput{Status: status, Body: AccessToken{Error: code}}
}

func scope(actions []access.Action) string {
	names := make([]string, len(actions))
	for i, a := range actions {
		names[i] = a.String()
	}
	return strings.Join(names, " ")
}
