package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/fhir"
)

// mountFHIR lets other systems in by FHIR's interactions, through the same door as the API's
// operations. What goes wrong is told in FHIR's own words.
func (h *Handler) mountFHIR() {
	f := h.cfg.FHIR
	if f == nil {
		return
	}
	for _, i := range f.Interactions() {
		through := door{needs: signedIn, action: i.Action, machines: true, object: "fhir/" + i.Kind + "/" + i.Name}
		if i.Open {
			through = door{needs: anybody}
		}
		h.routes.HandleFunc(i.Method+" "+fhir.Path+i.Path, func(w http.ResponseWriter, r *http.Request) {
			c, err := h.enter(w, r, through)
			if err != nil {
				f.Fail(w, r, c.Actor, inFHIR(err))
				return
			}
			h.interact(w, r, i, c)
		})
	}
	h.routes.HandleFunc(fhir.Path+"/", func(w http.ResponseWriter, r *http.Request) {
		f.Fail(w, r, access.Actor{}, fhir.NewFault(http.StatusNotFound, fhir.IssueNotSupported, "there is no such interaction: see "+fhir.Path+"/metadata"))
	})
}

// interact carries out an interaction: a create that is named by Idempotency-Key once, as
// the API's operations are. A journal that has had no answer sends it again.
func (h *Handler) interact(w http.ResponseWriter, r *http.Request, i fhir.Interaction, c caller) {
	f, header := h.cfg.FHIR, r.Header.Get("Idempotency-Key")
	if header == "" || i.Name != "create" || h.cfg.Requests == nil {
		f.Serve(w, r, i, c.Actor)
		return
	}
	key, ok := readKey(header)
	if !ok {
		f.Fail(w, r, c.Actor, inFHIR(invalidAs(http.StatusBadRequest, "Idempotency-Key", "must be 16–128 characters in quotes")))
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, fhir.MaxBody+1)) // one more: FHIR refuses what is too large
	if err != nil {
		f.Fail(w, r, c.Actor, inFHIR(invalidAs(http.StatusRequestTimeout, "body", "did not arrive in time")))
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	claim, err := h.cfg.Requests.Begin(r.Context(), c.Actor.Person, key, contentOf(r, c, body))
	if p := problemOfRequest(err); p != nil {
		err = p
	}
	if err != nil {
		f.Fail(w, r, c.Actor, inFHIR(err))
		return
	}
	held := &heldAnswer{header: http.Header{}}
	if claim.Answer != nil {
		var kept keptAnswer
		if err := json.Unmarshal(claim.Answer, &kept); err != nil {
			f.Fail(w, r, c.Actor, fmt.Errorf("read a kept answer: %w", err))
			return
		}
		for name, value := range kept.Header {
			held.header.Set(name, value)
		}
		held.status = kept.Status
		held.body.Write(kept.Body)
	} else {
		c.Actor.Request = claim.ID
		f.Serve(held, r, i, c.Actor)
		h.keep(r.Context(), c, key, claim.ID, held.status, func() keptAnswer { return toKeep(held.status, held.header, held.body.Bytes()) })
	}
	maps.Copy(w.Header(), held.header)
	w.WriteHeader(held.status)
	_, _ = w.Write(held.body.Bytes()) // the reader has gone: nobody to tell
}

// heldAnswer holds an answer back until it is kept.
type heldAnswer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (a *heldAnswer) Header() http.Header         { return a.header }
func (a *heldAnswer) WriteHeader(status int)      { a.status = status }
func (a *heldAnswer) Write(p []byte) (int, error) { return a.body.Write(p) }

// inFHIR is what the door says, in FHIR's words; it leaves other errors as they are.
func inFHIR(err error) error {
	p, ok := errors.AsType[*Problem](err)
	if !ok {
		return err
	}
	code := fhir.IssueValue
	switch p.Status {
	case http.StatusUnauthorized:
		code = fhir.IssueLogin
	case http.StatusTooManyRequests:
		code = fhir.IssueThrottled
	case http.StatusConflict:
		code = fhir.IssueConflict
	}
	words := p.Title
	if p.Field != "" && p.Rule != "" {
		words = p.Field + " " + p.Rule
	}
	f := fhir.NewFault(p.Status, code, words)
	f.RetryAfter = time.Duration(p.RetryAfter) * time.Millisecond
	return f
}
