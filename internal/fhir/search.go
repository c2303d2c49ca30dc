package fhir

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// param is a criterion of a search.
type param struct {
	name    string
	sort    Code // R4 SearchParamType: token, reference, date, string or number
	doc     string
	private bool // it stands in a body and never in an address
	often   bool // it may be there several times
}

// Criteria that several searches have.
var (
	byCount = param{name: "_count", sort: "number", doc: "how many a page has at most: 1 to 1000"}
	byPage  = param{name: "page", sort: "string", doc: "of a next link"}
)

const (
	usualCount = 100
	maxCount   = 1000
)

// criteria reads and checks those of a search.
func (a *ask) criteria(r *http.Request, params []param) error {
	// What can't be read as a query is refused whole: a part of it could ask for less.
	inURL, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return NewFault(400, IssueStructure, "the address's query can't be read")
	}
	var inBody url.Values
	if r.Method == http.MethodPost {
		data, err := body(r, MaxBody, "application/x-www-form-urlencoded")
		if err != nil {
			return err
		}
		if inBody, err = url.ParseQuery(string(data)); err != nil {
			return NewFault(400, IssueStructure, "the form can't be read")
		}
	}
	a.given = map[string][]string{}
	for where, values := range map[bool]url.Values{true: inURL, false: inBody} {
		for name, all := range values {
			if err := a.take(name, all, where, params); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *ask) take(name string, all []string, inURL bool, params []param) error {
	if name == "_format" {
		if len(all) != 1 || !isFormat(all[0]) {
			return faultAt(400, IssueNotSupported, "http._format", "must be json")
		}
		return nil
	}
	i := slices.IndexFunc(params, func(p param) bool { return p.name == name })
	if i < 0 { // R4 §3.1.1.5: told, and not ignored, which would find more than was asked for
		return faultAt(400, IssueNotSupported, within("http", name), "is no criterion here, or has a modifier that is not supported")
	}
	p := params[i]
	where := "http." + name
	switch {
	case p.private && inURL:
		return faultAt(400, IssueBusinessRule, where, "must not stand in an address, where it could be read and kept: search by POST to "+a.kind+"/_search")
	case len(a.given[name])+len(all) > 1 && !p.often || len(all) > 2:
		return faultAt(400, IssueNotSupported, where, "must be there once")
	}
	for _, v := range all {
		if v == "" || len(v) > 256 {
			return faultAt(400, IssueValue, where, "must be 1–256 characters")
		}
	}
	a.given[name] = append(a.given[name], all...)
	a.hidden = a.hidden || p.private
	return nil
}

// one is a criterion that is there once at most; empty: it is not.
func (a *ask) one(name string) string {
	if all := a.given[name]; len(all) > 0 {
		return all[0]
	}
	return ""
}

// count is how many a page is to have.
func (a *ask) count() (int, error) {
	text := a.one(byCount.name)
	if text == "" {
		return usualCount, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxCount {
		return 0, faultAt(400, IssueValue, "http._count", "must be 1–1000")
	}
	return n, nil
}

// reference is a criterion that leads to a resource of one of the kinds; empty: it is not there.
func (a *ask) reference(name string, kinds ...string) (kind, id string, err error) {
	text := a.one(name)
	if text == "" {
		return "", "", nil
	}
	kind, id, ok := refer(text, kinds)
	if !ok {
		return "", "", faultAt(400, IssueValue, "http."+name, "must be as in "+kinds[0]+"/id")
	}
	return kind, id, nil
}

// refer reads a reference to a resource of one of the kinds; without a kind it is of the first.
func refer(text string, kinds []string) (kind, id string, ok bool) {
	kind, id, slash := strings.Cut(text, "/")
	if !slash {
		kind, id = kinds[0], text
	}
	return kind, id, slices.Contains(kinds, kind) && ID(id).rule() == ""
}

// token is a criterion that is a code or number of a system; empty: it is not there.
func (a *ask) token(name string) (system, value string, err error) {
	text := a.one(name)
	if text == "" {
		return "", "", nil
	}
	system, value, ok := strings.Cut(text, "|")
	if !ok || system == "" || value == "" || strings.Contains(value, "|") {
		return "", "", faultAt(400, IssueValue, "http."+name, "must be system|value")
	}
	return system, value, nil
}

// period reads a criterion of two moments or days: from when, and before when. R4 §3.1.1.5.6
// has more prefixes; these are what a stretch needs.
func (a *ask) period(name string, zone *time.Location, most time.Duration) (from, until time.Time, err error) {
	where := "http." + name
	if from, until, err = a.span(name, zone); err != nil {
		return from, until, err
	}
	switch {
	case from.IsZero() || until.IsZero():
		return from, until, faultAt(400, IssueRequired, where, "is required, with a begin and an end: ge2026-11-23 and lt2026-11-30")
	case until.Sub(from) > most:
		return from, until, faultAt(400, "too-costly", where, "must span at most "+strconv.Itoa(int(most/(24*time.Hour)))+" days")
	}
	return from, until, nil
}

// span is a period that may be open: a zero time is not given.
func (a *ask) span(name string, zone *time.Location) (from, until time.Time, err error) {
	where := "http." + name
	for _, text := range a.given[name] {
		prefix, rest := "eq", text // eq is what has no prefix
		if len(text) > 2 && text[0] >= 'a' && text[0] <= 'z' {
			prefix, rest = text[:2], text[2:]
		}
		t, day, ok := moment(rest, zone)
		switch {
		case ok && prefix == "ge" && from.IsZero():
			from = t
		case ok && prefix == "lt" && until.IsZero():
			until = t
		case ok && prefix == "le" && until.IsZero() && day: // to its end
			until = t.AddDate(0, 0, 1)
		case ok && prefix == "eq" && day && len(a.given[name]) == 1:
			from, until = t, t.AddDate(0, 0, 1)
		default:
			return from, until, faultAt(400, IssueValue, where, "must be as in ge2026-11-23 and lt2026-11-30, by day or moment, or one day")
		}
	}
	if !until.IsZero() && !until.After(from) {
		return from, until, faultAt(400, IssueValue, where, "must end after it begins")
	}
	return from, until, nil
}

// moment reads a day of the zone, or a moment.
func moment(text string, zone *time.Location) (t time.Time, day, ok bool) {
	if t, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return t, true, true
	}
	if i := Instant(text); i.rule() == "" {
		return i.time(), false, true
	}
	return t, false, false
}

// Bundle is what a search finds, or what became of one that was sent.
type Bundle struct {
	Header
	Type  Code    `json:"type"`
	Total *int    `json:"total,omitempty"` // where all of it is here
	Link  []Link  `json:"link,omitempty"`
	Entry []Entry `json:"entry,omitempty"`
}

// Link leads to this page of a search, or to the next.
type Link struct {
	Relation Code   `json:"relation"`
	URL      string `json:"url"`
}

// Entry is one that was found, or that was sent.
type Entry struct {
	FullURL  string         `json:"fullUrl,omitempty"`
	Resource resource       `json:"resource,omitempty"`
	Search   *Search        `json:"search,omitempty"`
	Response *EntryResponse `json:"response,omitempty"` // to an entry of a Bundle that was sent
}

// Search says why it is there.
type Search struct {
	Mode Code `json:"mode"`
}

// found is a search's answer. next is what the next page begins after; empty: there is none.
func found[R resource](h *Handler, a *ask, all []R, next string) *answer {
	b := &Bundle{Header: Header{ResourceType: "Bundle"}, Type: "searchset"}
	if next == "" && a.one(byPage.name) == "" {
		n := len(all)
		b.Total = &n
	}
	base := h.cfg.Base + Path + "/" + a.kind
	link := func(given url.Values) string {
		if a.hidden || len(given) == 0 {
			return base
		}
		return base + "?" + given.Encode()
	}
	b.Link = append(b.Link, Link{"self", link(a.given)})
	if next != "" {
		more := url.Values{}
		for name, all := range a.given {
			more[name] = all
		}
		more.Set(byPage.name, next)
		to := link(more)
		if a.hidden { // the criteria that no address has are sent again, in the body
			to = base + "/_search?" + url.Values{byPage.name: {next}}.Encode()
		}
		b.Link = append(b.Link, Link{"next", to})
	}
	for _, r := range all {
		head := r.head()
		b.Entry = append(b.Entry, Entry{FullURL: h.address(head.ResourceType, head.ID), Resource: r, Search: &Search{"match"}})
	}
	return &answer{resource: b}
}
