// Package ical speaks with the calendars that people have already, in Outlook or elsewhere:
// it writes invitations, cancellations and feeds, reads from a calendar when its owner is
// busy, and fetches that calendar from an address outside. It is a package of its own
// because what comes from outside is hostile until read, and reading it needs nothing of the
// house: no store, no clock, no log.
//
// Of a calendar that is read only intervals leave this package. Titles, places and people in
// it are private life, and often health; they are skipped while reading.
package ical

import "fmt"

// Rule is what an Invalid breaks: stable words, for a translation or a metric.
type Rule string

// The rules of what is written.
const (
	RuleRequired Rule = "required"
	RuleText     Rule = "text" // UTF-8 without control characters, not too long
	RuleAddress  Rule = "address"
	RuleRange    Rule = "range" // a number, a time or a word that can't be
)

// The rules of a calendar that is read.
const (
	RuleCalendar    Rule = "calendar"    // it isn't one
	RuleUnfinished  Rule = "unfinished"  // it ends too early: what is missing may be busy
	RuleSyntax      Rule = "syntax"      // a line that can't be understood and matters
	RuleBytes       Rule = "bytes"       // too many
	RuleLines       Rule = "lines"       // too many
	RuleLine        Rule = "line"        // too long
	RuleComponents  Rule = "components"  // too many
	RuleDepth       Rule = "depth"       // components in components
	RuleYear        Rule = "year"        // outside 1601–9999
	RuleZone        Rule = "zone"        // a time zone that nobody here knows
	RuleRepeats     Rule = "repeats"     // too much work for what it could say
	RuleOccurrences Rule = "occurrences" // too many in the window
	RuleUnsupported Rule = "unsupported" // understood, and not something that this package does
)

// The rules of an address that a calendar is fetched from.
const (
	RuleForm        Rule = "form"      // not an https or webcal address, or one with a password in it
	RulePort        Rule = "port"      // not one of those allowed
	RuleInside      Rule = "inside"    // leads into this network
	RuleRedirects   Rule = "redirects" // too many
	RuleUnknownHost Rule = "unknown-host"
	RuleUnreachable Rule = "unreachable"
	RuleTimeout     Rule = "timeout"
	RuleCertificate Rule = "certificate"
	RuleRefused     Rule = "refused" // 401, 403: the owner must make a new address
	RuleMissing     Rule = "missing" // 404, 410: likewise
	RuleAnswer      Rule = "answer"  // any other answer that isn't a calendar
)

// Invalid names a field that breaks a rule, and says what is wrong in words that may be
// shown to the one who gave the calendar. The words never hold the calendar's address,
// which is a secret, nor text out of it other than the names of zones and of properties.
type Invalid struct {
	Field string
	Rule  Rule
	Words string
	Line  int    // of the calendar that was read; 0 where there is none
	Zone  string // of RuleZone: the name that nobody here knows, at most 60 bytes of printable ASCII
}

func (e *Invalid) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s, line %d, %s", e.Field, e.Line, e.Words)
	}
	return e.Field + " " + e.Words
}

func invalid(field string, rule Rule, format string, args ...any) *Invalid {
	return &Invalid{Field: field, Rule: rule, Words: fmt.Sprintf(format, args...)}
}
