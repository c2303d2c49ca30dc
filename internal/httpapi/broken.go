package httpapi

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// problemOfSchema is what a request that breaks the API's own description is answered with.
// The values themselves are not repeated: they may be anybody's.
func problemOfSchema(m *huma.ErrorModel) *Problem {
	if m.Status >= http.StatusInternalServerError {
		return &Problem{Type: "about:blank", Status: m.Status, Code: ProblemInternal, Title: "the service failed; the log has more"}
	}
	p := invalidAs(m.Status, "body", "")
	p.Type = "about:blank"
	switch m.Status {
	case http.StatusRequestEntityTooLarge:
		p.Rule = "is too large"
	case http.StatusRequestTimeout:
		p.Rule = "did not arrive in time"
	case http.StatusBadRequest:
		p.Rule = "must be one JSON object that names each field once"
	}
	if p.Rule != "" {
		return p
	}
	for _, e := range m.Errors {
		p.Errors = append(p.Errors, faultOf(e))
	}
	if len(p.Errors) > 0 {
		p.Field, p.Rule = p.Errors[0].Field, p.Errors[0].Rule
	}
	return p
}

// faultOf translates one finding of huma's validation.
func faultOf(e *huma.ErrorDetail) Fault {
	field := e.Location
	for _, part := range []string{"body.", "query.", "path.", "header."} {
		if rest, ok := strings.CutPrefix(field, part); ok {
			field = rest
			break
		}
	}
	name, missing := strings.CutPrefix(e.Message, "expected required property ")
	if missing {
		name = strings.TrimSuffix(name, " to be present")
		if field == "body" {
			return Fault{name, "is required"}
		}
		return Fault{field + "." + name, "is required"}
	}
	for _, w := range rules {
		if rest, ok := strings.CutPrefix(e.Message, w.huma); ok {
			return Fault{field, strings.TrimSpace(w.ours + rest)}
		}
	}
	return Fault{field, e.Message}
}

// rules are how huma's rules begin, and how ours do.
var rules = []struct{ huma, ours string }{
	{"required ", "is required: the "},
	{"unknown query parameter", "is not a parameter here"},
	{"unexpected property", "is not a field here"},
	{"expected array length >= ", "has too few entries, of which there must be at least "},
	{"expected array length <= ", "has too many entries, of which there may be at most "},
	{"expected length >= ", "is too short, in characters it must have at least "},
	{"expected length <= ", "is too long, in characters it may have at most "},
	{"expected number >= ", "must be at least "},
	{"expected number <= ", "must be at most "},
	{"expected value to be one of ", "must be one of "},
	{"expected string to be ", "must be "},
	{"expected boolean", "must be true or false"},
	{"expected integer", "must be a whole number"},
	{"invalid integer", "must be a whole number"},
	{"expected array", "must be a list"},
	{"expected object", "must be an object"},
	{"expected ", "must be a "},
}
