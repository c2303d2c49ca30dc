package httpapi

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"strconv"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

const (
	maxBody  = 4 << 10   // bytes of a request's body
	maxProbe = 512 << 10 // bytes of one probe
)

func (h *Handler) openLink(w http.ResponseWriter, r *http.Request) {
	token, ok := h.readToken(w, r)
	if !ok {
		return
	}
	opened, err := h.cfg.Doors.Open(r.Context(), token)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	// The page's check knows lists, not null.
	if opened.May == nil {
		opened.May = []protocol.Permission{}
	}
	if opened.Today == nil {
		opened.Today = []Visit{}
	}
	opened.Now = h.cfg.Now().UnixMilli()
	h.answer(w, r, opened)
}

func (h *Handler) makeTicket(w http.ResponseWriter, r *http.Request) {
	token, ok := h.readToken(w, r)
	if !ok {
		return
	}
	ticket, err := h.cfg.Doors.Ticket(r.Context(), token)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.answer(w, r, ticket)
}

// readToken reads the body of a request that brings a link's token. When it can't, it has
// answered already.
func (h *Handler) readToken(w http.ResponseWriter, r *http.Request) (token string, ok bool) {
	if !h.allow(w, r, h.requests, 1) {
		return "", false
	}
	invalid := func(status int, field, rule string) (string, bool) {
		h.problem(w, r, Problem{Status: status, Code: ProblemInvalid, Title: "the request breaks a rule", Field: field, Rule: rule})
		return "", false
	}
	// A form or script of another site can't send this type without asking first (Fetch, "CORS-safelisted").
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return invalid(http.StatusUnsupportedMediaType, "Content-Type", "must be application/json")
	}
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	body.DisallowUnknownFields()
	var in OpenLink
	if err := body.Decode(&in); err != nil {
		var large *http.MaxBytesError
		var kind *json.UnmarshalTypeError
		switch {
		case errors.As(err, &large):
			return invalid(http.StatusRequestEntityTooLarge, "body", "at most 4096 bytes")
		case errors.As(err, &kind):
			return invalid(http.StatusBadRequest, kind.Field, "must be a "+kind.Type.String())
		}
		return invalid(http.StatusBadRequest, "body", `must be {"token": "…"} and nothing else`)
	}
	if _, err := body.Token(); !errors.Is(err, io.EOF) {
		return invalid(http.StatusBadRequest, "body", "must be one JSON object")
	}
	if in.Token == "" {
		return invalid(http.StatusBadRequest, "token", "is required")
	}
	return in.Token, true
}

// probe answers with bytes that no one can compress, so that the device check can say how
// fast the network is.
func (h *Handler) probe(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.URL.Query().Get("bytes"))
	if err != nil || n < 1 || n > maxProbe {
		h.problem(w, r, Problem{
			Status: http.StatusBadRequest, Code: ProblemInvalid, Title: "the request breaks a rule",
			Field: "bytes", Rule: "a whole number from 1 to 524288",
		})
		return
	}
	if !h.allow(w, r, h.probes, n) {
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(n))
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	if _, err := io.CopyN(w, rand.Reader, int64(n)); err != nil {
		h.cfg.Log.Debug("answer not written", "path", r.URL.Path, "error", err)
	}
}

// allow asks a limiter; when it says no, the answer has been given.
func (h *Handler) allow(w http.ResponseWriter, r *http.Request, l *limiter[netip.Prefix], n int) bool {
	wait, ok := l.take(addressKey(r.RemoteAddr), h.cfg.Now(), n)
	if !ok {
		h.problem(w, r, *tooMany(wait))
	}
	return ok
}
