package httpapi

import (
	"encoding/base64"
	"strings"
)

// Page is which part of a list is asked for; operations embed it in what they take.
type Page struct {
	Cursor string `query:"cursor" doc:"next of the page before; empty: the first page" maxLength:"512"`
	Limit  int    `query:"limit" doc:"at most so many" default:"100" minimum:"1" maximum:"1000"`
}

// cursor makes a list's next out of where the page ended: ids and times, never names or
// other personal data, for it comes back in an address.
func cursor(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, "\x00")))
}

// parts reads Cursor, made by cursor of so many parts; nil for the first page.
func (p Page) parts(n int) ([]string, error) {
	if p.Cursor == "" {
		return nil, nil
	}
	text, err := base64.RawURLEncoding.Strict().DecodeString(p.Cursor)
	parts := strings.Split(string(text), "\x00")
	if err != nil || len(parts) != n {
		return nil, invalid("cursor", "must be next of the page before")
	}
	return parts, nil
}
