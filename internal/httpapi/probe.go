package httpapi

import (
	"crypto/rand"
	"io"
	"net/http"
	"net/netip"
	"strconv"
)

const maxProbe = 512 << 10 // bytes of one probe

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
		h.cfg.Log.Debug("answer not written", "route", r.Pattern, "error", err)
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
