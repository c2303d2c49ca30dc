package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// A Problem is also an error: an operation may return one to answer with it. huma asks for
// its status, headers and content type by the methods below.

func (p *Problem) Error() string { return string(p.Code) + ": " + p.Title }

// GetStatus is the answer's status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is the answer's, whatever was negotiated (RFC 9457 §3).
func (*Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders are the answer's headers beside the usual ones.
func (p *Problem) GetHeaders() http.Header {
	out := http.Header{}
	if p.RetryAfter > 0 {
		out.Set("Retry-After", strconv.FormatInt((p.RetryAfter+999)/1000, 10)) // RFC 9110 §10.2.3: seconds
	}
	if p.Status == http.StatusUnauthorized {
		// RFC 9110 §15.5.2 asks for a challenge; RFC 6750 is the only scheme here that has one.
		out.Set("WWW-Authenticate", `Bearer realm="samkonsult"`)
	}
	return out
}

// signInFirst is the one answer to everybody who is not signed in, or not far enough.
func signInFirst() *Problem {
	return &Problem{Status: http.StatusUnauthorized, Code: ProblemSignIn, Title: "sign in first"}
}

// invalid says which field of a request breaks which rule.
func invalid(field, rule string) *Problem {
	return invalidAs(http.StatusUnprocessableEntity, field, rule)
}

func invalidAs(status int, field, rule string) *Problem {
	return &Problem{Status: status, Code: ProblemInvalid, Title: "the request breaks a rule", Field: field, Rule: rule}
}

// problemOf maps every error of the domain to the outside. What it does not know is
// internal there and whole in the log.
func (h *Handler) problemOf(ctx context.Context, by access.Actor, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if refused, ok := errors.AsType[*access.Refused](err); ok {
		return h.refused(ctx, by, refused)
	}
	if broken, ok := errors.AsType[*identity.Invalid](err); ok {
		return invalid(broken.Field, broken.Rule)
	}
	if p := signInProblem(err); p != nil {
		return p
	}
	if p := scheduleProblem(err); p != nil {
		return p
	}
	if broken, ok := errors.AsType[*clinical.Invalid](err); ok {
		return invalid(broken.Field, broken.Rule)
	}
	if p := problemOfRequest(err); p != nil {
		return p
	}
	switch {
	case errors.Is(err, identity.ErrNotFound), errors.Is(err, clinical.ErrNotFound):
		return &Problem{Status: http.StatusNotFound, Code: ProblemNotFound, Title: "there is no such thing"}
	case errors.Is(err, identity.ErrVersion), errors.Is(err, clinical.ErrVersion):
		return &Problem{Status: http.StatusPreconditionFailed, Code: ProblemChanged, Title: "another changed it meanwhile"}
	case errors.Is(err, identity.ErrExists):
		return &Problem{Status: http.StatusConflict, Code: ProblemExists, Title: "it exists already"}
	case errors.Is(err, context.DeadlineExceeded):
		h.cfg.Log.Warn("request took too long", "error", err)
		return &Problem{Status: http.StatusServiceUnavailable, Code: ProblemBusy, Title: "the service is busy", RetryAfter: 2000}
	}
	if !errors.Is(err, context.Canceled) { // nobody waits for the answer any more
		h.cfg.Log.Error("request failed", "person", by.Person, "error", err)
	}
	return &Problem{Status: http.StatusInternalServerError, Code: ProblemInternal, Title: "the service failed; the log has more"}
}

// refused says what is not allowed and whom to ask. It is the same for what is there and
// for what is not.
func (h *Handler) refused(ctx context.Context, by access.Actor, r *access.Refused) *Problem {
	p := &Problem{Status: http.StatusForbidden, Code: ProblemRefused, Title: r.Error(), Rule: r.Action.String()}
	if h.cfg.Contacts == nil || by.Organisation == "" {
		return p
	}
	name, phone, err := h.cfg.Contacts.WhomToAsk(ctx, by.Organisation)
	if err != nil {
		h.cfg.Log.Warn("whom to ask is not known", "organisation", by.Organisation, "error", err)
	}
	p.Organisation, p.Phone = name, phone
	return p
}

// answerProblem writes a problem from inside an operation.
func (h *Handler) answerProblem(ctx huma.Context, p *Problem) {
	r, w := unwrap(ctx)
	h.problem(w, r, *p)
}

// problem writes an error answer.
func (h *Handler) problem(w http.ResponseWriter, r *http.Request, p Problem) {
	p.Type = "about:blank"
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		h.cfg.Log.Debug("answer not written", "route", r.Pattern, "error", err)
	}
}
