package httpapi

import (
	"net/http"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// cookieName is the name of a session's cookie: an account's, or with a handle a link's.
func (h *Handler) cookieName(handle string) string {
	name := "sk"
	if h.cfg.TLS {
		name = "__Host-sk" // RFC 6265bis §4.1.3.2: this host only, whole path, by TLS
	}
	if handle != "" {
		name += "-" + handle
	}
	return name
}

// sessionCookie keeps a session's secret in the browser until the browser is closed; its own
// expiry stands in the secret. An empty secret takes the cookie away.
func (h *Handler) sessionCookie(handle, secret string) http.Cookie {
	c := http.Cookie{
		Name: h.cookieName(handle), Value: secret, Path: "/",
		Secure: h.cfg.TLS, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
	if secret == "" {
		c.MaxAge = -1
	}
	return c
}

// sessionSecret reads the secret of the session that a request is for. A request that names
// a session by its handle has that one or none.
func (h *Handler) sessionSecret(r *http.Request) (handle, secret string) {
	handle = r.Header.Get(SessionHeader)
	if handle != "" && !protocol.ValidID(handle) {
		return handle, ""
	}
	if c, err := r.Cookie(h.cookieName(handle)); err == nil {
		secret = c.Value
	}
	return handle, secret
}
