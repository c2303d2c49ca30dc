package identity

import (
	"slices"
	"strings"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Interpreter is somebody who interprets in consultations. They come by a personal link, and
// have no account.
type Interpreter struct {
	Person
	Organisation access.OrganisationID // whose people invite them; it stays
	Speaks       []string              // beside Norwegian, as pl or nb-NO (BCP 47); 1–20
	Active       bool                  // they are invited still
}

const maxSpoken = 20

// checked is the interpreter with fields cleaned, or *Invalid.
func (i Interpreter) checked() (Interpreter, error) {
	var c checker
	i.Name = c.text("name", i.Name, 1, 120)
	i.Phone = c.phone("phone", i.Phone)
	i.Email = c.email("email", i.Email)
	c.require(i.Phone != "" || i.Email != "", "phone", "must be given, or an e-mail address must: that is where the link is sent")
	c.language("language", i.Language)
	i.NationalID, i.HPR = "", "" // nobody asks them for one
	c.require(len(i.Speaks) > 0 && len(i.Speaks) <= maxSpoken, "speaks", "must be 1–20 languages")
	i.Speaks = slices.Clone(i.Speaks)
	for n, tag := range i.Speaks {
		c.require(isLanguageTag(tag), "speaks", "must be languages as in pl or nb-NO")
		c.require(!slices.ContainsFunc(i.Speaks[:n], func(o string) bool { return strings.EqualFold(o, tag) }), "speaks", "must not have one twice")
	}
	return i, c.fault()
}

// isLanguageTag is the form of BCP 47's tags, and not their registry (RFC 5646 §2.1).
func isLanguageTag(s string) bool {
	for n, part := range strings.Split(s, "-") {
		if len(part) < 2 || len(part) > 8 || n == 0 && len(part) > 3 {
			return false
		}
		for _, b := range []byte(part) {
			if (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') && (b < '0' || b > '9' || n == 0) {
				return false
			}
		}
	}
	return len(s) <= 35
}
