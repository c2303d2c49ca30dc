package ical

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// property is a content line that matters (RFC 5545 §3.1).
type property struct {
	name   string            // in capitals
	params map[string]string // names in capitals; of several values the first
	value  string            // still escaped
	line   int
}

func (p property) invalid(rule Rule, format string, args ...any) *Invalid {
	e := invalid("calendar", rule, format, args...)
	e.Line = p.line
	return e
}

// wanted names the properties that say when someone is busy. Whatever else a calendar
// holds is dropped as it is read, however long it is.
var wanted = map[string]bool{
	"BEGIN": true, "END": true, "UID": true, "DTSTART": true, "DTEND": true, "DURATION": true, "RRULE": true, "RDATE": true,
	"EXDATE": true, "RECURRENCE-ID": true, "STATUS": true, "TRANSP": true, "X-MICROSOFT-CDO-BUSYSTATUS": true, "ATTENDEE": true,
	"FREEBUSY": true, "TZID": true, "TZOFFSETFROM": true, "TZOFFSETTO": true, "X-WR-TIMEZONE": true, "VERSION": true,
}

const longestName = 26 // of those wanted

// lines reads content lines, unfolded, within limits. It is our own because the libraries at
// hand keep every text in memory, recurse as deep as a file says, or panic at what isn't a
// calendar.
type lines struct {
	in     *bufio.Reader
	limits Limits
	bytes  int64
	line   int    // of the last physical line read
	text   []byte // the logical line at hand, used again for the next
}

func newLines(r io.Reader, limits Limits) *lines {
	return &lines{in: bufio.NewReaderSize(r, 4096), limits: limits}
}

// next returns the next property that is wanted, or io.EOF.
func (l *lines) next() (property, error) {
	for {
		text, line, err := l.logical()
		if err != nil {
			return property{}, err
		}
		if text == nil {
			continue
		}
		p, err := parseLine(string(text))
		p.line = line
		if err != nil && p.name == "ATTENDEE" { // many a name has quotation marks that it should not
			continue
		}
		if err != nil {
			return property{}, p.invalid(RuleSyntax, "is not a property: %v", err)
		}
		return p, nil
	}
}

// logical returns one line, unfolded, and its number, until it is called again; nil for one
// that isn't wanted.
func (l *lines) logical() ([]byte, int, error) {
	keep := true
	text, line := l.text[:0], l.line+1
	defer func() { l.text = text[:0] }()
	for first := true; ; first = false {
		if !first {
			c, err := l.in.Peek(1)
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, 0, err
			}
			if len(c) == 0 || (c[0] != ' ' && c[0] != '\t') {
				break
			}
		}
		if l.line++; l.line > l.limits.Lines {
			return nil, 0, invalid("calendar", RuleLines, "has more than %d lines", l.limits.Lines)
		}
		var err error
		if text, keep, err = l.physical(text, keep, !first); err != nil {
			if first || !errors.Is(err, io.EOF) {
				return nil, 0, err
			}
			break
		}
	}
	if ended, want := nameIn(text); !keep || !ended || !want {
		return nil, line, nil
	}
	return text, line, nil
}

// physical appends the rest of one line of the file, as long as it is worth keeping.
func (l *lines) physical(text []byte, keep, folded bool) ([]byte, bool, error) {
	for n := 0; ; {
		part, err := l.in.ReadSlice('\n')
		if l.bytes += int64(len(part)); l.bytes > l.limits.Bytes {
			return text, false, invalid("calendar", RuleBytes, "is larger than %d bytes", l.limits.Bytes)
		}
		if folded && n == 0 && len(part) > 0 {
			part = part[1:] // RFC 5545 §3.1: the space that says so is no part of it
			n++
		}
		n += len(part)
		if keep {
			text = append(text, part...)
			ended, want := nameIn(text)
			switch {
			case ended && !want, !ended && len(text) > longestName+len(mark)+2:
				keep, text = false, text[:0]
			case len(text) > l.limits.LineBytes:
				e := invalid("calendar", RuleLine, "is longer than %d bytes", l.limits.LineBytes)
				e.Line = l.line
				return text, false, e
			}
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && n == 0:
			return text, keep, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return text, false, err
		}
		return bytes.TrimRight(text, "\r\n"), keep, nil
	}
}

const mark = "\xef\xbb\xbf" // what Windows puts before UTF-8

// nameIn says whether the property's name in text has ended, and is one of those wanted.
func nameIn(text []byte) (ended, want bool) {
	text = bytes.TrimPrefix(text, []byte(mark))
	var name [longestName]byte
	for i, c := range text {
		switch {
		case c == ';' || c == ':':
			return true, i <= longestName && wanted[string(name[:i])]
		case i >= longestName:
			return bytes.ContainsAny(text, ";:"), false
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		}
		name[i] = c
	}
	return false, false
}

var (
	errNoColon = errors.New("the colon is missing")
	errParam   = errors.New("a parameter has no value")
	errQuote   = errors.New("a quotation mark is left open")
)

// parseLine takes a line apart (RFC 5545 §3.1).
func parseLine(s string) (p property, err error) {
	s = strings.TrimPrefix(s, mark)
	i := strings.IndexAny(s, ";:")
	if i < 0 {
		return p, errNoColon
	}
	p.name, s = strings.ToUpper(s[:i]), s[i:]
	for s != "" && s[0] == ';' {
		eq := strings.IndexAny(s, "=:")
		if eq < 0 || s[eq] == ':' {
			return p, errParam
		}
		name := strings.ToUpper(s[1:eq])
		s = s[eq+1:]
		for more := true; more; {
			var value string
			if value, s, err = paramValue(s); err != nil {
				return p, err
			}
			if p.params == nil {
				p.params = map[string]string{}
			}
			if _, there := p.params[name]; !there {
				p.params[name] = value
			}
			if more = s != "" && s[0] == ','; more {
				s = s[1:]
			}
		}
	}
	if s == "" || s[0] != ':' {
		return p, errNoColon
	}
	p.value = s[1:]
	return p, nil
}

// paramValue returns one value of a parameter and what comes after it.
func paramValue(s string) (value, rest string, err error) {
	if s != "" && s[0] == '"' {
		end := strings.IndexByte(s[1:], '"')
		if end < 0 {
			return "", "", errQuote
		}
		return s[1 : end+1], s[end+2:], nil
	}
	end := strings.IndexAny(s, ",;:")
	if end < 0 {
		return "", "", errNoColon
	}
	return s[:end], s[end:], nil
}

// unescape undoes a TEXT (RFC 5545 §3.3.11).
func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\;`, ";", `\,`, ",").Replace(s)
}
