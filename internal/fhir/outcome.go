package fhir

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// OperationOutcome says what went wrong. Every answer that is not a good one is one.
type OperationOutcome struct {
	Header
	Issue []Issue `json:"issue"`
}

// Issue is one thing that is wrong.
type Issue struct {
	Severity    Code      `json:"severity"`
	Code        IssueCode `json:"code"`
	Diagnostics string    `json:"diagnostics,omitempty"`
	Expression  []string  `json:"expression,omitempty"` // where: FHIRPath, or http.name for a parameter or header
}

// IssueCode is what sort of thing it is (R4 IssueType).
type IssueCode string

// The codes that are used.
const (
	IssueStructure    IssueCode = "structure"
	IssueRequired     IssueCode = "required"
	IssueValue        IssueCode = "value"
	IssueNotSupported IssueCode = "not-supported"
	IssueTooLong      IssueCode = "too-long"
	IssueBusinessRule IssueCode = "business-rule"
	IssueConflict     IssueCode = "conflict"
	IssueNotFound     IssueCode = "not-found"
	IssueForbidden    IssueCode = "forbidden"
	IssueLogin        IssueCode = "login"
	IssueThrottled    IssueCode = "throttled"
	IssueTransient    IssueCode = "transient"
	IssueException    IssueCode = "exception"
)

// Fault is an answer that is not a good one. It never repeats what was sent.
type Fault struct {
	Status     int
	Issues     []Issue
	RetryAfter time.Duration // 0: not said
}

func (f *Fault) Error() string {
	var all []string
	for _, i := range f.Issues {
		all = append(all, strings.TrimSpace(strings.Join(i.Expression, ", ")+" "+cmp.Or(i.Diagnostics, string(i.Code))))
	}
	return strings.Join(all, "; ")
}

// NewFault is one with a single issue.
func NewFault(status int, code IssueCode, diagnostics string) *Fault {
	return faultAt(status, code, "", diagnostics)
}

func faultAt(status int, code IssueCode, where, rule string) *Fault {
	i := Issue{Severity: "error", Code: code, Diagnostics: rule}
	if where != "" {
		i.Expression = []string{where}
	}
	return &Fault{Status: status, Issues: []Issue{i}}
}

// unreadable is for what is not FHIR at all (R4 §3.1.0.8: 400), broken for what breaks a rule of
// this service (422).
func unreadable(where, rule string) *Fault {
	return faultAt(http.StatusBadRequest, IssueStructure, where, rule)
}

func broken(where, rule string) *Fault {
	return faultAt(http.StatusUnprocessableEntity, IssueBusinessRule, where, rule)
}

func missing(where string) *Fault {
	return faultAt(http.StatusUnprocessableEntity, IssueRequired, where, "is required")
}

// element names a list's element.
func element(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

// outcome is the fault as a resource.
func (f *Fault) outcome() *OperationOutcome {
	return &OperationOutcome{Header: Header{ResourceType: "OperationOutcome"}, Issue: f.Issues}
}
