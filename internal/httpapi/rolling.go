package httpapi

import (
	"io"
	"net/http"
	"time"
)

// eachWrite is how long one write of a long answer may take.
const eachWrite = time.Minute

// rolling gives each write a time of its own: a long answer is not cut off by the server's
// limit for whole ones, and who has stopped reading is.
type rolling struct{ to io.Writer }

func (r rolling) Write(b []byte) (int, error) {
	if w, ok := r.to.(http.ResponseWriter); ok {
		// An answer that knows no deadlines is a test's.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(eachWrite))
	}
	return r.to.Write(b)
}
