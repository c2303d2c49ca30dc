package httpapi

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/identity"
)

// Checker says whom a secret speaks for. Neither method asks a database.
type Checker interface {
	Check(secret string, now time.Time) (identity.Current, error)
	CheckBearer(token string, now time.Time) (identity.Current, error)
}

// authenticate finds out who asks: a machine by its token, or a person by the session's
// cookie. A request that brings a token counts by it alone. Why somebody is not known is not
// told apart: neither here nor outside. The only error is that it can't be known now.
func (h *Handler) authenticate(r *http.Request) (caller, bool, error) {
	c := caller{Address: r.RemoteAddr, Agent: r.UserAgent()}
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") { // RFC 9110 §11.1: any case
			return c, false, nil
		}
		current, err := h.cfg.Gate.CheckBearer(strings.TrimSpace(token), h.cfg.Now())
		if err != nil {
			return c, false, notReady(err)
		}
		c.Current = current
		return c, true, nil
	}
	handle, secret := h.sessionSecret(r)
	if secret == "" {
		return c, false, nil
	}
	current, err := h.cfg.Gate.Check(secret, h.cfg.Now())
	if err != nil || current.Handle != handle { // a secret counts under its own name only
		return c, false, notReady(err)
	}
	c.Current, c.Secret = current, secret
	return c, true, nil
}

// notReady is the one error of a check that is not the asker's: they are signed in still,
// and must not be sent to sign in anew.
func notReady(err error) error {
	if errors.Is(err, identity.ErrNotReady) {
		return err
	}
	return nil
}
