package ical

import (
	"strings"
	"time"
	"unicode/utf8"
)

// writer makes content lines (RFC 5545 §3.1). It is our own because the libraries at hand
// put a backslash before the apostrophe and comma of a participant's name, which RFC 5545
// §3.2 doesn't know: Outlook then shows it.
type writer struct{ b strings.Builder }

const foldAt = 75 // RFC 5545 §3.1: octets of a line, without its break

// raw writes a line whose value needs no escaping.
func (w *writer) raw(name, value string) {
	line, room := name+":"+value, foldAt
	for len(line) > room {
		cut := room
		for !utf8.RuneStart(line[cut]) { // RFC 5545 §3.1: not inside of a character
			cut--
		}
		w.b.WriteString(line[:cut])
		w.b.WriteString("\r\n ")
		line, room = line[cut:], foldAt-1 // the space counts
	}
	w.b.WriteString(line)
	w.b.WriteString("\r\n")
}

// text writes a TEXT (RFC 5545 §3.3.11).
func (w *writer) text(name, value string) {
	w.raw(name, strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(value))
}

// some is text unless value is empty.
func (w *writer) some(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

// at writes a time in UTC, so that no reader needs to know a zone.
func (w *writer) at(name string, t time.Time) {
	w.raw(name, t.UTC().Format("20060102T150405Z"))
}

// param makes a parameter's value: always quoted, for commas, colons and semicolons are
// in names (RFC 5545 §3.2), with what can't be quoted in the spelling of RFC 6868.
func param(value string) string {
	return `"` + strings.NewReplacer("^", "^^", `"`, "^'").Replace(value) + `"`
}
