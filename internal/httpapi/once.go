package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/idempotency"
)

// keptHeaders of an answer are given again with it; cookies and dates are not.
var keptHeaders = []string{"Content-Type", "ETag", "Location"}

// keeping is how long an answer may take to be kept or forgotten, whether or not anybody
// still waits for it.
const keeping = 5 * time.Second

// keptAnswer is an answer as it is kept.
type keptAnswer struct {
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
	Body   []byte            `json:"body"`
}

// once carries out a request that is named by Idempotency-Key, and gives its answer again
// when it is sent again (draft-ietf-httpapi-idempotency-key-header-07).
func (h *Handler) once(op operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		header := ctx.Header("Idempotency-Key")
		if header == "" || h.cfg.Requests == nil {
			next(ctx)
			return
		}
		key, ok := readKey(header)
		if !ok {
			h.answerProblem(ctx, invalidAs(http.StatusBadRequest, "Idempotency-Key", "must be 16–128 characters in quotes"))
			return
		}
		r, _ := unwrap(ctx)
		_ = ctx.SetReadDeadline(time.Now().Add(op.Time))           // not every writer of a test has one
		body, err := io.ReadAll(io.LimitReader(r.Body, op.Body+1)) // one more: huma refuses what is too large
		if err != nil {
			h.answerProblem(ctx, invalidAs(http.StatusRequestTimeout, "body", "did not arrive in time"))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		c := callerOf(ctx.Context())
		claim, err := h.cfg.Requests.Begin(ctx.Context(), c.Actor.Person, key, contentOf(r, c, body))
		if err != nil {
			h.answerProblem(ctx, h.problemOf(ctx.Context(), c.Actor, err))
			return
		}
		if claim.Answer != nil {
			h.answerAgain(ctx, claim.Answer)
			return
		}
		c.Actor.Request = claim.ID
		rec := &recorder{answerer: huma.WithContext(ctx, withCaller(ctx.Context(), c)), header: http.Header{}}
		next(rec)
		h.keep(ctx.Context(), c, key, claim.ID, rec.status, rec.kept)
		rec.send()
	}
}

// contentOf is what a request asks for: who asks in another role asks for something else.
func contentOf(r *http.Request, c caller, body []byte) []byte {
	return fmt.Appendf(nil, "%s %s as %s of %s\n%s", r.Method, r.URL.RequestURI(), c.Actor.Role, c.Actor.Organisation, body)
}

// keep keeps a good answer before it is sent, and forgets a request that failed: then it may
// be sent again, also changed.
func (h *Handler) keep(ctx context.Context, c caller, key, claim string, status int, kept func() keptAnswer) {
	background, cancel := context.WithTimeout(context.WithoutCancel(ctx), keeping)
	defer cancel()
	var err error
	if status >= 200 && status < 300 {
		var text []byte
		if text, err = json.Marshal(kept()); err == nil {
			err = h.cfg.Requests.Finish(background, c.Actor.Person, key, claim, text)
		}
	} else {
		err = h.cfg.Requests.Drop(background, claim)
	}
	if err != nil {
		h.cfg.Log.Error("answer not kept for when it is asked for again", "claim", claim, "error", err)
	}
}

// answerAgain gives the answer of the first time.
func (h *Handler) answerAgain(ctx huma.Context, text []byte) {
	var kept keptAnswer
	if err := json.Unmarshal(text, &kept); err != nil {
		h.answerProblem(ctx, h.problemOf(ctx.Context(), callerOf(ctx.Context()).Actor, fmt.Errorf("read a kept answer: %w", err)))
		return
	}
	for name, value := range kept.Header {
		ctx.SetHeader(name, value)
	}
	ctx.SetStatus(kept.Status)
	_, _ = ctx.BodyWriter().Write(kept.Body) // the reader has gone: nobody to tell
}

// readKey reads an Idempotency-Key: a string of structured fields (RFC 9651 §3.3.3), here
// without characters that need escaping. A short one could be guessed, or used twice.
func readKey(header string) (key string, ok bool) {
	key, opened := strings.CutPrefix(strings.TrimSpace(header), `"`)
	key, closed := strings.CutSuffix(key, `"`)
	if !opened || !closed || len(key) < 16 || len(key) > 128 {
		return "", false
	}
	for _, c := range key {
		if c < 0x21 || c > 0x7e || c == '"' || c == '\\' {
			return "", false
		}
	}
	return key, true
}

// problemOfRequest says why a request is not carried out a second time.
func problemOfRequest(err error) *Problem {
	p := &Problem{Field: "Idempotency-Key"}
	switch {
	case errors.Is(err, idempotency.ErrOther):
		p.Status, p.Code, p.Title, p.Rule = http.StatusUnprocessableEntity, ProblemInvalid, "the request breaks a rule", "stands for another request"
	case errors.Is(err, idempotency.ErrUnderWay), errors.Is(err, idempotency.ErrSuperseded):
		p.Status, p.Code, p.Title, p.RetryAfter = http.StatusConflict, ProblemUnderWay, "the same request is being carried out", 1000
	case errors.Is(err, idempotency.ErrAnswerLost):
		p.Status, p.Code, p.Title, p.Rule = http.StatusConflict, ProblemExists, "the request was carried out, and its answer is lost", "was used already"
	default:
		return nil
	}
	return p
}

// answerer is huma.Context by a name that its own method Context leaves free.
type answerer huma.Context

// recorder holds an answer back until it is kept.
type recorder struct {
	answerer
	status int
	header http.Header
	body   bytes.Buffer
}

func (r *recorder) SetStatus(status int)            { r.status = status }
func (r *recorder) Status() int                     { return r.status }
func (r *recorder) SetHeader(name, value string)    { r.header.Set(name, value) }
func (r *recorder) AppendHeader(name, value string) { r.header.Add(name, value) }
func (r *recorder) BodyWriter() io.Writer           { return &r.body }
func (r *recorder) Unwrap() huma.Context            { return r.answerer }

func (r *recorder) kept() keptAnswer { return toKeep(r.status, r.header, r.body.Bytes()) }

func toKeep(status int, header http.Header, body []byte) keptAnswer {
	out := keptAnswer{Status: status, Header: map[string]string{}, Body: body}
	for _, name := range keptHeaders {
		if value := header.Get(name); value != "" {
			out.Header[name] = value
		}
	}
	return out
}

// send passes the answer on.
func (r *recorder) send() {
	for name, values := range r.header {
		for _, value := range values {
			r.answerer.AppendHeader(name, value)
		}
	}
	r.answerer.SetStatus(r.status)
	_, _ = r.answerer.BodyWriter().Write(r.body.Bytes()) // the reader has gone: nobody to tell
}
