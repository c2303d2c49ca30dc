package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

const maxBody = 4 << 10 // bytes of a request's body

// Doors is who knows people, links and tickets.
type Doors interface {
	// Open says what a link's token opens. It opens as often as its scope lasts.
	// Errors: ErrLinkUnknown, *ClosedError.
	Open(ctx context.Context, token string) (Opened, error)
	// Ticket makes a ticket for the seat behind the token: single-use, 60 s.
	// Errors: ErrLinkUnknown, ErrNoSeat, *ClosedError.
	Ticket(ctx context.Context, token string) (Ticket, error)
}

// ErrLinkUnknown is the one answer for every token that no link has or had.
var ErrLinkUnknown = errors.New("no such link")

// ErrNoSeat is for a link that signs in somebody who has no seat in a call.
var ErrNoSeat = errors.New("the link has no seat in a call")

// ClosedError is for a link that is or was a good one and opens nothing now.
type ClosedError struct {
	Code         ProblemCode // ProblemLinkExpired, ProblemLinkRevoked, ProblemConsultationEnded or ProblemNotYetOpen
	Organisation string      // whom to ring
	Phone        string
}

func (e *ClosedError) Error() string { return fmt.Sprintf("link is closed: %s", e.Code) }

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
