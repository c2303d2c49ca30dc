package httpapi

import (
	"net/http"
	"strconv"
	"strings"
)

// versioned is an answer whose body has a version. The version is its ETag.
type versioned[T any] struct {
	ETag string `header:"ETag" doc:"the version, to be sent back as If-Match"`
	Body T
}

// atVersion is body with its version.
func atVersion[T any](version int64, body T) *versioned[T] {
	return &versioned[T]{ETag: etag(version), Body: body}
}

func (v *versioned[T]) tag() string { return v.ETag }

// tagged is an answer that may be there already (RFC 9110 §13.1.2).
type tagged interface{ tag() string }

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// ifMatch reads the version that a change rests on. A weak tag never matches (RFC 9110
// §13.1.1), and neither does "*": a change says what it rests on.
// Version 0 is of what nobody has set yet.
func ifMatch(header string) (version int64, ok bool) {
	text, opened := strings.CutPrefix(strings.TrimSpace(header), `"`)
	text, closed := strings.CutSuffix(text, `"`)
	if !opened || !closed {
		return 0, false
	}
	version, err := strconv.ParseInt(text, 10, 64)
	return version, err == nil && version >= 0 && etag(version) == `"`+text+`"`
}

// noneMatch says whether an If-None-Match header names the tag (RFC 9110 §13.1.2, weak comparison).
func noneMatch(header, tag string) bool {
	for each := range strings.SplitSeq(header, ",") {
		if each = strings.TrimPrefix(strings.TrimSpace(each), "W/"); each == tag || each == "*" {
			return true
		}
	}
	return false
}

// notModified answers that the asker has it already.
type notModified struct{ tag string }

func (e *notModified) Error() string           { return "not modified" }
func (e *notModified) GetStatus() int          { return http.StatusNotModified }
func (e *notModified) GetHeaders() http.Header { return http.Header{"Etag": {e.tag}} }
