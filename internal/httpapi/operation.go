package httpapi

import (
	"cmp"
	"context"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2" // OpenAPI 3.1 and validation from the same Go types, over net/http's own mux
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// need is who may call an operation at all. The zero value is nobody: what an operation
// needs is said, or register panics. What a caller may do with which object is asked of
// access by the domain.
type need int

const (
	_        need = iota
	anybody       // nobody has to be signed in
	begun         // a session, also one that waits for its code or role
	signedIn      // a session with a role
)

const (
	apiPath     = "/api/v1"
	defaultBody = 64 << 10         // bytes
	defaultTime = 10 * time.Second // for the whole operation
)

// operation describes one operation of the API.
type operation struct {
	ID      string // its name in OpenAPI and TypeScript: "readPatient"
	Method  string
	Path    string // below /api/v1
	Summary string // for whoever reads the API's description
	Needs   need
	// Action is what the domain asks of access's table; zero where that is nothing. It is what a
	// machine's client must have among its scopes.
	Action access.Action
	// Machines lets machines in beside people, with Action as scope.
	Machines bool
	// IfMatch says that a change names the version it rests on. A PUT always does.
	IfMatch bool
	// MayBeNew lets a change rest on version 0, where nothing has been set yet.
	MayBeNew bool
	// Creates lets the caller name the request by Idempotency-Key, so that sending it again does not create twice.
	Creates bool
	Status  int           // of a good answer; 0 means 200 with a body and 204 without
	Body    int64         // most bytes; 0 means 64 KiB
	Time    time.Duration // until it is given up; 0 means 10 s
	// Form is for the one body that a standard wants as a form.
	Form bool
	// Types are what a body that is a file may say that it is; the handler reads it as it comes. None: it is JSON.
	Types []string
}

// register adds an operation to the API. handle gets whoever asks, checked.
func register[I, O any](h *Handler, api huma.API, op operation, handle func(context.Context, caller, *I) (*O, error)) {
	op.check()
	if op.Body == 0 {
		op.Body = defaultBody
	}
	if op.Time == 0 {
		op.Time = defaultTime
	}
	described := op.describe()
	described.Middlewares = huma.Middlewares{h.admit(op)}
	if op.Creates {
		described.Middlewares = append(described.Middlewares, h.once(op))
	}
	huma.Register(api, described, func(ctx context.Context, in *I) (*O, error) {
		ctx, cancel := context.WithTimeout(ctx, op.Time)
		defer cancel()
		c := callerOf(ctx)
		out, err := handle(ctx, c, in)
		if err != nil {
			p := h.problemOf(ctx, c.Actor, err)
			p.Type = "about:blank"
			return nil, p
		}
		if t, ok := any(out).(tagged); ok && op.Method == http.MethodGet && noneMatch(c.ifNoneMatch, t.tag()) {
			return nil, &notModified{t.tag()}
		}
		return out, nil
	})
	h.operations = append(h.operations, op)
}

// check panics where the description leaves something open: New doesn't return then.
func (op operation) check() {
	fault := ""
	switch {
	case op.ID == "", op.Method == "", !strings.HasPrefix(op.Path, "/"):
		fault = "ID, Method and Path are required"
	case op.Needs < anybody || op.Needs > signedIn:
		fault = "Needs is required"
	case op.Machines && (op.Needs != signedIn || op.Action == 0):
		fault = "a machine needs a scope: Action, and Needs signedIn"
	case op.Method == http.MethodPut && !op.IfMatch:
		fault = "a PUT needs IfMatch"
	case op.IfMatch && op.Method != http.MethodPut && op.Method != http.MethodDelete:
		fault = "IfMatch is for PUT and DELETE"
	case op.Creates && (op.Method != http.MethodPost || op.Needs != signedIn):
		fault = "Creates is for POST by who is signed in"
	}
	if fault != "" {
		panic(fmt.Sprintf("httpapi: operation %s %s %s: %s", op.ID, op.Method, op.Path, fault))
	}
}

// describe is the operation for huma and the OpenAPI document.
func (op operation) describe() huma.Operation {
	out := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: apiPath + op.Path, Summary: op.Summary,
		DefaultStatus: op.Status, MaxBodyBytes: op.Body + 1, BodyReadTimeout: op.Time, // huma refuses at, not over, the limit
		RejectUnknownQueryParameters: true,
		Responses:                    map[string]*huma.Response{"default": {Ref: "#/components/responses/Problem"}},
	}
	if len(op.Types) > 0 {
		out.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
		for _, t := range op.Types { // OpenAPI 3.1: a body of bytes has no schema
			out.RequestBody.Content[t] = &huma.MediaType{}
		}
	}
	header := func(name, doc string, required bool) {
		out.Parameters = append(out.Parameters, &huma.Param{
			Name: name, In: "header", Required: required, Description: doc, Schema: &huma.Schema{Type: huma.TypeString},
		})
	}
	if op.Needs != anybody {
		out.Security = []map[string][]string{{"session": {}}}
		header(SessionHeader, "handle of the session that it is for; none: the account's", false)
	}
	if op.Machines {
		out.Security = append(out.Security, map[string][]string{"machine": {op.Action.String()}})
	}
	if op.IfMatch {
		header("If-Match", "ETag of the version that the change rests on", true)
	}
	if op.Creates {
		header("Idempotency-Key", "names the request: sent again within 24 h it gets the same answer", false)
	}
	if op.Action != 0 {
		out.Extensions = map[string]any{"x-action": op.Action.String()}
	}
	return out
}

// admit lets nobody past to whom the operation is not open. It is the first to look at a
// request, so that who is not signed in learns nothing else.
func (h *Handler) admit(op operation) func(huma.Context, func(huma.Context)) {
	through := door{needs: op.Needs, action: op.Action, machines: op.Machines, object: "operation/" + op.ID}
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := unwrap(ctx)
		c, err := h.enter(w, r, through)
		if err != nil {
			h.answerProblem(ctx, h.problemOf(ctx.Context(), c.Actor, err))
			return
		}
		if p := op.preconditions(r, &c); p != nil {
			h.answerProblem(ctx, p)
			return
		}
		next(huma.WithContext(ctx, withCaller(ctx.Context(), c)))
	}
}

// door is to whom something is open.
type door struct {
	needs    need
	action   access.Action // a machine's scope; zero: it has none
	machines bool
	object   string // in the audit record, where a machine is refused
}

// enter finds out who asks, and lets nobody past to whom the door is not open.
func (h *Handler) enter(w http.ResponseWriter, r *http.Request, d door) (caller, error) {
	w.Header().Set("Cache-Control", "no-store")
	c, known, err := h.authenticate(r)
	if wait, ok := h.mayAsk(c, known); !ok {
		return c, tooMany(wait)
	}
	switch {
	case err != nil:
		return c, err
	case d.needs == anybody:
	case !known, d.needs == signedIn && c.Stage != identity.StageFull:
		return c, signInFirst()
	}
	if c.Actor.Role == access.Machine && d.needs != anybody && !(d.machines && slices.Contains(c.Scopes, d.action)) {
		action := cmp.Or(d.action, access.SessionRead) // what has none is about a session, and a machine has none
		return c, h.cfg.Gate.RefuseMachine(r.Context(), c.Actor, action, d.object)
	}
	if c.Renewed != "" {
		cookie := h.sessionCookie(c.Handle, c.Renewed)
		w.Header().Add("Set-Cookie", cookie.String())
	}
	return c, nil
}

// mayAsk says whether one more request is taken now. Who is known counts alone: a hospital
// behind one address must not wait for a guest of its network.
func (h *Handler) mayAsk(c caller, known bool) (wait time.Duration, ok bool) {
	if known {
		return h.people.take(c.Actor.Person, h.cfg.Now(), 1)
	}
	return h.requests.take(addressKey(c.Address), h.cfg.Now(), 1)
}

// preconditions checks what a request must carry beside its body.
func (op operation) preconditions(r *http.Request, c *caller) *Problem {
	// A form or script of another site can't send JSON without asking first (Fetch, "CORS-safelisted").
	want := []string{"application/json"}
	switch {
	case op.Form:
		want = []string{"application/x-www-form-urlencoded"}
	case len(op.Types) > 0:
		want = op.Types
	}
	if r.ContentLength != 0 {
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || !slices.Contains(want, kind) {
			return invalidAs(http.StatusUnsupportedMediaType, "Content-Type", "must be "+strings.Join(want, " or "))
		}
	}
	c.ifNoneMatch = r.Header.Get("If-None-Match")
	if !op.IfMatch {
		return nil
	}
	header := r.Header.Get("If-Match")
	if header == "" {
		return &Problem{
			Status: http.StatusPreconditionRequired, Code: ProblemVersionNeeded, // RFC 6585 §3
			Title: "a change names the version that it rests on", Field: "If-Match", Rule: "is required",
		}
	}
	var ok bool
	if c.IfMatch, ok = ifMatch(header); !ok || c.IfMatch == 0 && !op.MayBeNew {
		return invalidAs(http.StatusBadRequest, "If-Match", `must be the ETag of what is changed, as in "3"`)
	}
	return nil
}

func tooMany(wait time.Duration) *Problem {
	return &Problem{
		Status: http.StatusTooManyRequests, Code: ProblemTooMany, // RFC 6585 §4
		Title: "too many requests", RetryAfter: max(wait.Milliseconds(), 1),
	}
}

func unwrap(ctx huma.Context) (*http.Request, http.ResponseWriter) { return humago.Unwrap(ctx) }
