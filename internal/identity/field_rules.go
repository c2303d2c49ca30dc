package identity

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Each of these cleans a field and requires its rule; what is broken is returned as it was.

// text is one line of least to most characters.
func (c *checker) text(field, s string, least, most int) string {
	s = strings.TrimSpace(s)
	n := utf8.RuneCountInString(s)
	switch {
	case n < least:
		c.require(false, field, "must not be empty")
	case n > most:
		c.require(false, field, "is too long")
	default:
		c.require(utf8.ValidString(s) && strings.IndexFunc(s, misleads) < 0, field, "must be one line of text")
	}
	return s
}

// misleads says whether a character breaks a line, or turns round what stands beside it: a
// name must look like what it is (UTR #36 §2.5).
func misleads(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}

// phone is a telephone number that can receive a message, or empty. Eight digits are
// Norwegian. ITU-T E.164 §6: at most 15 digits after the plus.
func (c *checker) phone(field, s string) string {
	digits, ok := strings.CutPrefix(dialled(s), "+")
	if !ok && len(digits) == 8 && digits[0] != '0' {
		digits, ok = "47"+digits, true
	}
	if digits == "" && !ok {
		return ""
	}
	ok = ok && areDigits(digits) && len(digits) >= 7 && len(digits) <= 15 && digits[0] != '0'
	c.require(ok, field, "must be a telephone number, with + and the country's code unless it is Norwegian")
	if !ok {
		return s
	}
	return "+" + digits
}

// phoneToRing is a telephone number that somebody answers, which may be a short one as
// 116117 or 02800; or empty.
func (c *checker) phoneToRing(field, s string) string {
	if short := dialled(s); areDigits(short) && len(short) >= 3 && len(short) <= 6 {
		return short
	}
	return c.phone(field, s)
}

// dialled is a number without what only helps to read it.
func dialled(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-.()", r) {
			return -1
		}
		return r
	}, s)
	if rest, ok := strings.CutPrefix(s, "00"); ok {
		return "+" + rest
	}
	return s
}

func areDigits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// email is an address in lower case, or empty. RFC 5321 §4.5.3.1.3: 254 characters.
func (c *checker) email(field, s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		return ""
	}
	address, err := mail.ParseAddress(s)
	invisible := strings.IndexFunc(s, func(r rune) bool { return unicode.In(r, unicode.C, unicode.Z) }) >= 0
	c.require(err == nil && address.Address == s && len(s) <= 254 && !invisible, field, "must be an e-mail address")
	return s
}

// language is one that people are written to in.
func (c *checker) language(field, s string) {
	c.require(s == "nn" || s == "nb" || s == "en", field, "must be nn, nb or en")
}

// days are a first and a last day; an empty last one is open.
func (c *checker) days(prefix string, from, until Day) {
	c.require(from.exists(), prefix+"from", "must be a date: 2026-11-23")
	c.require(until == "" || until.exists(), prefix+"until", "must be a date or empty: 2026-11-23")
	c.require(until == "" || until >= from, prefix+"until", "must not be before from")
}

// exists says whether the day is in the calendar.
func (d Day) exists() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// id is the id of something else, as input gives it.
func (c *checker) id(field, s string) {
	ok := len(s) >= 1 && len(s) <= 64 && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
	}) < 0
	c.require(ok, field, "must be 1–64 characters of [A-Za-z0-9_-]")
}
