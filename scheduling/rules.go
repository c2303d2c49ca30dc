package scheduling

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	ruleID     = "must be 1–64 characters of [A-Za-z0-9_-]"
	ruleDay    = "must be a date as 2026-11-23"
	ruleTravel = "must be whole minutes, at most 240"
)

func ruleLine(most int) string { return fmt.Sprintf("must be at most %d characters on one line", most) }
func ruleText(most int) string { return fmt.Sprintf("must be at most %d characters", most) }

// isID is the rule of protocol.ValidID, which this package may not import.
func isID(s string) bool {
	if s == "" || len(s) > maxID {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

// isLine says whether a text is short enough, and on one line.
func isLine(s string, most int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && strings.IndexFunc(s, unicode.IsControl) < 0
}

// isText is isLine for several lines.
func isText(s string, most int) bool {
	control := func(r rune) bool { return unicode.IsControl(r) && r != '\n' }
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && strings.IndexFunc(s, control) < 0
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// isLanguage is the form of BCP 47's tags, and not their registry.
func isLanguage(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if len(part) < 2 || len(part) > 8 || i == 0 && len(part) > 3 {
			return false
		}
		for _, c := range []byte(part) {
			if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9' || i == 0) {
				return false
			}
		}
	}
	return true
}
