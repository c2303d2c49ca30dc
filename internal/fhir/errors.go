package fhir

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// fault maps every error of the domain to the outside. What it does not know is an exception
// there and whole in the log.
func (h *Handler) fault(ctx context.Context, by access.Actor, err error) *Fault {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	if refused, ok := errors.AsType[*access.Refused](err); ok {
		return h.refused(ctx, by, refused)
	}
	if at, ok := errors.AsType[*identity.Invalid](err); ok {
		return broken("", at.Error())
	}
	if at, ok := errors.AsType[*scheduling.Invalid](err); ok {
		return broken("", at.Error())
	}
	if at, ok := errors.AsType[*clinical.Invalid](err); ok {
		return broken("", at.Error())
	}
	if closed, ok := errors.AsType[*scheduling.ClosedError](err); ok {
		return broken("", strings.TrimSpace(fmt.Sprintf("%v; ask %s %s", closed, closed.Host.Name, closed.Host.Phone)))
	}
	switch {
	case errors.Is(err, identity.ErrNotFound), errors.Is(err, scheduling.ErrNotFound), errors.Is(err, clinical.ErrNotFound):
		return NewFault(http.StatusNotFound, IssueNotFound, "there is no such thing")
	case errors.Is(err, identity.ErrVersion), errors.Is(err, scheduling.ErrVersion), errors.Is(err, clinical.ErrVersion):
		return NewFault(http.StatusPreconditionFailed, IssueConflict, "another changed it meanwhile")
	case errors.Is(err, identity.ErrExists):
		return NewFault(http.StatusConflict, "duplicate", "it exists already")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, identity.ErrBusy), errors.Is(err, identity.ErrNotReady):
		h.cfg.Log.Warn("interaction took too long", "error", err)
		f := NewFault(http.StatusServiceUnavailable, IssueTransient, "the service is busy")
		f.RetryAfter = 2 * time.Second
		return f
	}
	if !errors.Is(err, context.Canceled) { // nobody waits for the answer any more
		h.cfg.Log.Error("interaction failed", "person", by.Person, "error", err)
	}
	return NewFault(http.StatusInternalServerError, IssueException, "the service failed; the log has more")
}

// refused says what is not allowed and whom to ask. It is the same for what is there and for
// what is not.
func (h *Handler) refused(ctx context.Context, by access.Actor, r *access.Refused) *Fault {
	words := r.Error()
	if h.cfg.Contacts != nil && by.Organisation != "" {
		name, phone, err := h.cfg.Contacts.WhomToAsk(ctx, by.Organisation)
		if err != nil {
			h.cfg.Log.Warn("whom to ask is not known", "organisation", by.Organisation, "error", err)
		} else {
			words = strings.TrimSpace(fmt.Sprintf("%s; ask %s %s", words, name, phone))
		}
	}
	return NewFault(http.StatusForbidden, IssueForbidden, words)
}

// placed says of a rule of the domain which element breaks it: fields are the elements by the
// domain's names, longest first where one begins as another.
func placed(err error, fields []place) error {
	var field, rule string
	if at, ok := errors.AsType[*identity.Invalid](err); ok {
		field, rule = at.Field, at.Rule
	} else if at, ok := errors.AsType[*scheduling.Invalid](err); ok {
		field, rule = at.Field, at.Rule
	} else if at, ok := errors.AsType[*clinical.Invalid](err); ok {
		field, rule = at.Field, at.Rule
	} else {
		return err
	}
	for _, p := range fields {
		if rest, ok := strings.CutPrefix(field, p.field); ok && (rest == "" || rest[0] == '[' || rest[0] == '.') {
			where := p.element
			if p.listed {
				if index, _, ok := strings.Cut(rest, "]"); ok {
					where += index + "]"
				}
			}
			return broken(where, rule)
		}
	}
	return err
}

// place is where a field of the domain stands in a resource.
type place struct {
	field, element string
	listed         bool // the field's index is the element's
}
