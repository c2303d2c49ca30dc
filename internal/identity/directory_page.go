package identity

import (
	"cmp"
	"slices"

	"golang.org/x/text/collate" // å comes after z, by Unicode's tables
	"golang.org/x/text/language"
)

// maxPage is how many lines a page has at most.
const maxPage = 1000

// Page is a part of a list. Its cursor is an id, since a name must stand in no address.
type Page struct {
	After string // the last id of the page before; empty: the first page
	Limit int    // lines; 0 means 1000, which is also the most
}

// cut returns the part of a list and what the next part begins after; empty: it was the last.
func cut[T any](page Page, all []T, id func(T) string) (part []T, next string, err error) {
	limit := page.Limit
	if limit <= 0 || limit > maxPage {
		limit = maxPage
	}
	if page.After != "" {
		i := slices.IndexFunc(all, func(v T) bool { return id(v) == page.After })
		if i < 0 {
			return nil, "", &Invalid{Field: "after", Rule: "is no longer in the list: begin with the first page"}
		}
		all = all[i+1:]
	}
	if len(all) > limit {
		all = all[:limit]
		next = id(all[limit-1])
	}
	return all, next, nil
}

// byName sorts as a Norwegian telephone book does; those with one name by their ids.
func byName[T any](all []T, name, id func(T) string) {
	type line struct {
		key   []byte
		id    string
		value T
	}
	// Keys once each, and no collator for all: it is not safe for concurrent use.
	norwegian, keys := collate.New(language.MustParse("nn")), new(collate.Buffer)
	lines := make([]line, len(all))
	for i, v := range all {
		lines[i] = line{norwegian.KeyFromString(keys, name(v)), id(v), v}
	}
	slices.SortFunc(lines, func(a, b line) int {
		return cmp.Or(slices.Compare(a.key, b.key), cmp.Compare(a.id, b.id))
	})
	for i, l := range lines {
		all[i] = l.value
	}
}
