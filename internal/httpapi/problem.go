package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
)

// problem writes an error answer.
func (h *Handler) problem(w http.ResponseWriter, r *http.Request, p Problem) {
	p.Type = "about:blank"
	w.Header().Set("Content-Type", "application/problem+json") // RFC 9457 §3
	w.Header().Set("Cache-Control", "no-store")
	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt((p.RetryAfter+999)/1000, 10)) // RFC 9110 §10.2.3: seconds
	}
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		h.cfg.Log.Debug("answer not written", "path", r.URL.Path, "error", err)
	}
}

// fail maps every error of Doors to the outside. What it does not know is internal there
// and whole in the log.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	var closed *ClosedError
	switch {
	case errors.Is(err, ErrLinkUnknown):
		h.problem(w, r, Problem{Status: http.StatusNotFound, Code: ProblemLinkUnknown, Title: "no such link"})
	case errors.Is(err, ErrNoSeat):
		h.problem(w, r, Problem{Status: http.StatusForbidden, Code: ProblemNoSeat, Title: "this link has no seat in a call"})
	case errors.As(err, &closed):
		status, title := http.StatusGone, "this link opens nothing any more"
		if closed.Code == ProblemNotYetOpen {
			status, title = http.StatusForbidden, "the waiting room is not open yet"
		}
		h.problem(w, r, Problem{
			Status: status, Code: closed.Code, Title: title,
			Organisation: closed.Organisation, Phone: closed.Phone,
		})
	default:
		h.cfg.Log.Error("request failed", "method", r.Method, "path", r.URL.Path, "error", err)
		h.problem(w, r, Problem{Status: http.StatusInternalServerError, Code: ProblemInternal, Title: "the service failed; the log has more"})
	}
}

// answer writes v as the body of a good answer.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		h.cfg.Log.Debug("answer not written", "path", r.URL.Path, "error", err)
	}
}
