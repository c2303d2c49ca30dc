package httpapi

import (
	"errors"
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
			f.Serve(w, r, i, c.Actor)
		})
	}
	h.routes.HandleFunc(fhir.Path+"/", func(w http.ResponseWriter, r *http.Request) {
		f.Fail(w, r, access.Actor{}, fhir.NewFault(http.StatusNotFound, fhir.IssueNotSupported, "there is no such interaction: see "+fhir.Path+"/metadata"))
	})
}

// inFHIR is what the door says, in FHIR's words; it leaves other errors as they are.
func inFHIR(err error) error {
	p, ok := errors.AsType[*Problem](err)
	if !ok {
		return err
	}
	code := fhir.IssueThrottled
	if p.Status == http.StatusUnauthorized {
		code = fhir.IssueLogin
	}
	f := fhir.NewFault(p.Status, code, p.Title)
	f.RetryAfter = time.Duration(p.RetryAfter) * time.Millisecond
	return f
}
