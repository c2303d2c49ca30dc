package ical

import (
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	maxUID         = 255
	maxText        = 500 // characters
	maxDescription = 5000
	maxLink        = 2000
)

// checkEvent checks what invitations and feeds have in common; prefix stands before the
// names of fields.
func checkEvent(prefix, uid string, sequence int, starts, ends, stamp time.Time, summary, description, location, link string) error {
	switch {
	case uid == "":
		return invalid(prefix+"uid", RuleRequired, "must be there")
	case len(uid) > maxUID || strings.ContainsFunc(uid, func(r rune) bool { return r <= ' ' || r > '~' }):
		return invalid(prefix+"uid", RuleText, "must be ASCII without spaces, %d characters at most", maxUID)
	case sequence < 0:
		return invalid(prefix+"sequence", RuleRange, "must be 0 or more")
	case stamp.IsZero():
		return invalid("stamp", RuleRequired, "must be there")
	case starts.IsZero():
		return invalid(prefix+"starts", RuleRequired, "must be there")
	case !ends.After(starts):
		return invalid(prefix+"ends", RuleRange, "must be after it starts")
	case summary == "":
		return invalid(prefix+"summary", RuleRequired, "must be there")
	}
	for _, t := range []struct {
		field string
		at    time.Time
	}{{"stamp", stamp}, {prefix + "starts", starts}, {prefix + "ends", ends}} {
		if y := t.at.UTC().Year(); y < minYear || y > maxYear {
			return invalid(t.field, RuleRange, "must be in the years %d to %d", minYear, maxYear)
		}
	}
	if err := checkText(prefix+"summary", summary, maxText, false); err != nil {
		return err
	}
	if err := checkText(prefix+"description", description, maxDescription, true); err != nil {
		return err
	}
	if err := checkText(prefix+"location", location, maxText, false); err != nil {
		return err
	}
	if link == "" {
		return nil
	}
	if u, err := url.Parse(link); err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || len(link) > maxLink ||
		strings.ContainsFunc(link, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return invalid(prefix+"url", RuleAddress, "must be a whole web address, %d characters at most", maxLink)
	}
	return nil
}

// checkText refuses what could begin a line of its own, or hide in one.
func checkText(field, text string, most int, lines bool) error {
	switch {
	case !utf8.ValidString(text):
		return invalid(field, RuleText, "must be UTF-8")
	case utf8.RuneCountInString(text) > most:
		return invalid(field, RuleText, "must have %d characters at most", most)
	case strings.ContainsFunc(text, func(r rune) bool {
		// U+2028 and U+2029 are breaks to some readers.
		return (unicode.IsControl(r) || r == '\u2028' || r == '\u2029') && !(lines && (r == '\n' || r == '\t'))
	}):
		return invalid(field, RuleText, "must be without control characters")
	}
	return nil
}

func checkParty(field string, p Party) error {
	if err := checkText(field+".name", p.Name, maxText, false); err != nil {
		return err
	}
	if p.Email == "" {
		return invalid(field+".email", RuleRequired, "must be there")
	}
	// A quoted local part could hold anything, and nobody has one.
	if a, err := mail.ParseAddress(p.Email); err != nil || a.Address != p.Email || len(p.Email) > 254 ||
		strings.ContainsFunc(p.Email, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"<>()[],;:\`, r) }) {
		return invalid(field+".email", RuleAddress, "must be an e-mail address")
	}
	switch p.Role {
	case "", Chair, Required, Optional:
	default:
		return invalid(field+".role", RuleRange, "must be %s, %s or %s", Chair, Required, Optional)
	}
	switch p.Status {
	case "", NeedsAction, Accepted, Declined, Tentative:
	default:
		return invalid(field+".status", RuleRange, "must be %s, %s, %s or %s", NeedsAction, Accepted, Declined, Tentative)
	}
	return nil
}
