package fhir

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

// MaxBundle is the most bytes that are read of a Bundle. Each resource in it is held to MaxBody.
const MaxBundle = 2 << 20

// maxEntries is how many one may have.
const maxEntries = clinical.MaxAtOnce

// SentBundle is several resources at once. What is read of an entry's resource is read by itself, so
// that one that is broken keeps no other back.
type SentBundle struct {
	Header
	Identifier *Identifier       `json:"identifier,omitempty"` // read and not looked at: each value has its own
	Type       Code              `json:"type,omitempty"`
	Timestamp  Instant           `json:"timestamp,omitempty"` // the same: each says when it was measured
	Entry      []json.RawMessage `json:"entry,omitempty"`
}

// SentEntry is one of them.
type SentEntry struct {
	FullURL  string          `json:"fullUrl,omitempty"`
	Resource json.RawMessage `json:"resource,omitempty"`
	Request  *EntryRequest   `json:"request,omitempty"`
}

// EntryRequest says what is to be done with it.
type EntryRequest struct {
	Method      Code   `json:"method,omitempty"`
	URL         string `json:"url,omitempty"`
	IfMatch     string `json:"ifMatch,omitempty"`
	IfNoneExist string `json:"ifNoneExist,omitempty"`
}

// EntryResponse says what became of one.
type EntryResponse struct {
	Status       string            `json:"status"`
	Location     string            `json:"location,omitempty"`
	ETag         string            `json:"etag,omitempty"`
	LastModified Instant           `json:"lastModified,omitempty"`
	Outcome      *OperationOutcome `json:"outcome,omitempty"`
}

// The types that are taken.
const (
	collection  Code = "collection"
	batch       Code = "batch"
	transaction Code = "transaction"
)

// entry is one on its way through.
type entry struct {
	at      int
	fullURL string
	*sent         // what is to be kept; nil: it is refused already, or is an update
	update  *ask  // what is to be changed
	err     error // why it is refused
	done    *answer
	known   bool
}

func (h *Handler) bundles() []Interaction {
	one := Interaction{Kind: "Bundle", Name: "transaction", Method: http.MethodPost, Action: access.ObservationWrite, limit: MaxBundle, serve: h.takeBundle}
	slash := one
	slash.Path = "/{$}"
	return []Interaction{one, slash}
}

// takeBundle keeps what is in a Bundle: of a transaction all or nothing, of others item by item.
func (h *Handler) takeBundle(ctx context.Context, a *ask) (*answer, error) {
	in, err := readBundle(a.data)
	if err != nil {
		return nil, err
	}
	entries, subject := make([]*entry, len(in.Entry)), h.subjects(a.by, observedSubject)
	for i, text := range in.Entry {
		entries[i] = h.entry(ctx, a.by, in.Type, i, text, subject)
	}
	if in.Type != batch {
		if err := onePatient(in.Type, entries); err != nil {
			return nil, err
		}
	}
	if in.Type == transaction {
		if err := h.carryOut(ctx, a.by, entries); err != nil {
			return nil, err
		}
	} else {
		h.keepEach(ctx, a.by, entries)
		// A patient for whom the sender may not write is no matter of the items.
		if refused, ok := errors.AsType[*access.Refused](entries[0].err); ok && in.Type == collection && allRefused(entries) {
			return nil, refused
		}
	}
	return &answer{resource: h.responses(ctx, a.by, in.Type, entries)}, nil
}

// readBundle reads a Bundle but for what its entries hold.
func readBundle(data []byte) (in SentBundle, err error) {
	if err := readUpTo(MaxBundle, "Bundle", data, &in); err != nil {
		return in, err
	}
	switch {
	case in.Type == "":
		return in, missing("Bundle.type")
	case in.Type != collection && in.Type != batch && in.Type != transaction:
		return in, broken("Bundle.type", "must be collection, batch or transaction")
	case in.Entry == nil:
		return in, missing("Bundle.entry")
	case len(in.Entry) > maxEntries:
		return in, faultAt(http.StatusRequestEntityTooLarge, IssueTooLong, "Bundle.entry", fmt.Sprintf("must be at most %d", maxEntries))
	}
	return in, nil
}

// readEntry reads one but for its resource.
func readEntry(of Code, i int, text []byte) (in SentEntry, err error) {
	where := element("Bundle.entry", i)
	if err := readValue(where, text, reflect.ValueOf(&in).Elem()); err != nil {
		return in, err
	}
	r := in.Request
	switch {
	case in.Resource == nil:
		return in, missing(where + ".resource")
	case of == collection && r != nil: // R4 bdl-3
		return in, broken(where+".request", "is for a batch or transaction: a collection's values are all to be kept")
	case of == collection:
		return in, nil
	case r == nil || r.Method == "" || r.URL == "":
		return in, missing(where + ".request")
	case r.IfNoneExist != "":
		return in, faultAt(400, IssueNotSupported, where+".request.ifNoneExist", "is not supported: an identifier in the resource does the same")
	case r.Method == "PUT" && of == transaction:
		return in, faultAt(400, IssueNotSupported, where+".request.method", "must be POST: a change comes by itself, or in a batch")
	case r.Method != "POST" && r.Method != "PUT":
		return in, faultAt(400, IssueNotSupported, where+".request.method", "must be POST, or in a batch PUT")
	case r.Method == "POST" && r.URL != "Observation":
		return in, faultAt(400, IssueNotSupported, where+".request.url", "must be Observation")
	case r.Method == "POST" && r.IfMatch != "":
		return in, broken(where+".request.ifMatch", "is for PUT")
	}
	return in, nil
}

// entry reads one as far as it can be by itself.
func (h *Handler) entry(ctx context.Context, by access.Actor, of Code, i int, text []byte, subject func(context.Context, *Reference) (access.PersonID, error)) *entry {
	out := &entry{at: i}
	in, err := readEntry(of, i, text)
	if err != nil {
		out.err = err
		return out
	}
	out.fullURL = in.FullURL
	if in.Request == nil || in.Request.Method == "POST" {
		out.sent, err = h.take(ctx, by, in.Resource, subject)
		if err == nil && of != transaction {
			err = out.sent.unlinked()
		}
		out.err = out.within(err)
		return out
	}
	kind, id, ok := refer(in.Request.URL, []string{"Observation"})
	version, tagged := versionOf(in.Request.IfMatch)
	request := element("Bundle.entry", i) + ".request"
	switch {
	case !ok || kind+"/"+id != in.Request.URL:
		out.err = faultAt(400, IssueNotSupported, request+".url", "must be as in Observation/id")
	case in.Request.IfMatch == "":
		out.err = faultAt(http.StatusPreconditionRequired, IssueRequired, request+".ifMatch", "is required: the ETag of what is changed")
	case !tagged:
		out.err = faultAt(400, IssueValue, request+".ifMatch", `must be the ETag of what is changed, as in W/"3"`)
	}
	out.update = &ask{by: by, kind: kind, id: id, version: version, data: in.Resource}
	return out
}

// within says of a fault in an entry's resource where in the bundle it is.
func (e *entry) within(err error) error {
	f, ok := errors.AsType[*Fault](err)
	if !ok {
		return err
	}
	resource := element("Bundle.entry", e.at) + ".resource"
	out := &Fault{Status: f.Status, RetryAfter: f.RetryAfter}
	for _, i := range f.Issues {
		where := resource
		if len(i.Expression) > 0 {
			rest, inside := strings.CutPrefix(i.Expression[0], "Observation")
			if !inside {
				rest = "." + rest
			}
			where += rest
		}
		i.Expression = []string{where}
		out.Issues = append(out.Issues, i)
	}
	return out
}

// onePatient refuses what is of two: a value of another's that came along is in the wrong place.
func onePatient(of Code, entries []*entry) error {
	var first *entry
	for _, e := range entries {
		switch {
		case e.sent == nil || e.err != nil:
		case first == nil:
			first = e
		case e.patient != first.patient:
			return broken(element("Bundle.entry", e.at)+".resource.subject", fmt.Sprintf("must be the patient of entry[%d]: a %s is of one; nothing is kept", first.at, of))
		}
	}
	return nil
}

// carryOut keeps all, or nothing and says why.
func (h *Handler) carryOut(ctx context.Context, by access.Actor, entries []*entry) error {
	all := make([]*sent, len(entries))
	for i, e := range entries {
		all[i] = e.sent
	}
	if err := firstOf(entries); err != nil {
		return err
	}
	if err := h.join(ctx, by, entries); err != nil {
		return err
	}
	if err := firstOf(entries); err != nil {
		return err
	}
	for i, err := range h.sourcesThere(ctx, by, all) {
		entries[i].err = entries[i].within(err)
	}
	if err := firstOf(entries); err != nil {
		return err
	}
	values := make([]clinical.New, len(all))
	for i, s := range all {
		values[i] = s.value
	}
	kept, err := h.cfg.Measurements.AddAll(ctx, by, all[0].patient, "", values)
	if one, ok := errors.AsType[*clinical.ItemError](err); ok && one.Index < len(entries) {
		e := entries[one.Index]
		return e.within(e.placed(one.Err))
	}
	if err != nil {
		return err
	}
	h.kept(entries, kept)
	return nil
}

// maxIssues is how many are told at once.
const maxIssues = 20

// firstOf is an outcome with what is wrong in all entries, as far as there is room; an error that is no
// fault of theirs is told by itself.
func firstOf(entries []*entry) error {
	var out *Fault
	for _, e := range entries {
		if e.err == nil {
			continue
		}
		f, ok := errors.AsType[*Fault](e.err)
		if !ok {
			return e.err
		}
		if out == nil {
			out = &Fault{Status: f.Status}
		}
		if len(out.Issues) < maxIssues {
			out.Issues = append(out.Issues, f.Issues...)
		}
	}
	if out == nil {
		return nil
	}
	return out
}

// joiner gives those that come of others in a transaction the ids that these have, or will have.
type joiner struct {
	by     access.Actor
	kept   func(*sent) (clinical.ObservationID, error) // which it was kept as before; empty: it was not
	named  map[string]*entry                           // by their addresses
	ids    map[string]string                           // by the values' keys: one that is there twice is one
	fresh  map[string]clinical.ObservationID           // those of them that are new
	joined map[*entry]bool                             // false: on the way, and not to be come to again
}

func (h *Handler) join(ctx context.Context, by access.Actor, entries []*entry) error {
	return join(by, entries, func(s *sent) (clinical.ObservationID, error) {
		return h.keptAs(ctx, by, s)
	})
}

func join(by access.Actor, entries []*entry, kept func(*sent) (clinical.ObservationID, error)) error {
	j := joiner{by, kept, map[string]*entry{}, map[string]string{}, map[string]clinical.ObservationID{}, map[*entry]bool{}}
	for _, e := range entries {
		switch {
		case e.fullURL == "":
		case j.named[e.fullURL] != nil: // R4 bdl-7
			e.err = broken(element("Bundle.entry", e.at)+".fullUrl", "must be there once")
			return nil
		default:
			j.named[e.fullURL] = e
		}
	}
	for _, e := range entries {
		if err := j.entry(e); err != nil {
			return err
		}
	}
	for _, e := range entries {
		e.value.ID = j.fresh[e.value.Key]
		delete(j.fresh, e.value.Key) // the next with this key is this one again
	}
	return nil
}

// entry joins one, after those that it comes of. What is wrong with it is noted there.
func (j *joiner) entry(e *entry) error {
	if j.joined[e] {
		return nil
	}
	j.joined[e] = false
	for _, l := range e.links {
		target, where := j.named[l.urn], element("Observation.derivedFrom", l.at)+".reference"
		if target == nil {
			e.err = e.within(broken(where, "must be the fullUrl of an entry"))
			continue
		}
		if joined, begun := j.joined[target]; begun && !joined {
			e.err = e.within(broken(where, "must not come of what comes of it"))
			continue
		}
		if err := j.entry(target); err != nil {
			return err
		}
		id, err := j.id(target.sent)
		if err != nil {
			return err
		}
		e.value.DerivedFrom[l.at] = id
	}
	e.name()
	j.joined[e] = true
	return nil
}

// id is what a value is called that has been named.
func (j *joiner) id(s *sent) (string, error) {
	if id := j.ids[s.value.Key]; id != "" {
		return id, nil
	}
	id, err := j.kept(s)
	if id == "" {
		id = clinical.ObservationID(rand.Text())
		j.fresh[s.value.Key] = id
	}
	j.ids[s.value.Key] = string(id)
	return string(id), err
}

// keptAs looks for a value among those of its kind that were measured at the same moment.
func (h *Handler) keptAs(ctx context.Context, by access.Actor, s *sent) (clinical.ObservationID, error) {
	at := s.value.Measured.Truncate(time.Millisecond)
	q := clinical.Query{Since: at, Before: at.Add(time.Millisecond), Most: maxCount}
	found, _, err := h.cfg.Measurements.Search(ctx, by, s.patient, []clinical.KindID{s.kind.ID}, q)
	for _, o := range found {
		if o.Key == s.value.Key && o.Performer.Person == by.Person {
			return o.ID, nil
		}
	}
	return "", err
}

// keepEach keeps each for itself: those of one patient in one go.
func (h *Handler) keepEach(ctx context.Context, by access.Actor, entries []*entry) {
	groups, order := map[access.PersonID][]*entry{}, []access.PersonID{}
	for _, e := range entries {
		if e.err != nil || e.sent == nil {
			continue
		}
		if groups[e.patient] == nil {
			order = append(order, e.patient)
		}
		groups[e.patient] = append(groups[e.patient], e)
	}
	for _, patient := range order {
		h.keepGroup(ctx, by, patient, groups[patient])
	}
	for _, e := range entries {
		if e.update == nil || e.err != nil {
			continue
		}
		done, err := h.updateObservation(ctx, e.update)
		e.done, e.err = done, e.within(err)
	}
}

func (h *Handler) keepGroup(ctx context.Context, by access.Actor, patient access.PersonID, group []*entry) {
	all := each(group, func(e *entry) *sent { return e.sent })
	var good []*entry
	var values []clinical.New
	for i, err := range h.sourcesThere(ctx, by, all) {
		e := group[i]
		if e.err = e.within(err); err == nil {
			e.name()
			good, values = append(good, e), append(values, e.value)
		}
	}
	if len(good) == 0 {
		return
	}
	kept, err := h.cfg.Measurements.Add(ctx, by, patient, "", values)
	if err != nil {
		for _, e := range good {
			e.err = err
		}
		return
	}
	h.kept(good, kept)
}

// kept notes what became of entries that were added.
func (h *Handler) kept(entries []*entry, kept []clinical.Result) {
	for i, r := range kept {
		e := entries[i]
		if r.Fault != nil {
			e.err = e.within(e.placed(r.Fault))
			continue
		}
		e.known = r.Known
		e.done = &answer{resource: h.observation(r.Observation, clinical.Limits{}, origins{}), version: r.Version, created: !r.Known}
	}
}

func allRefused(entries []*entry) bool {
	for _, e := range entries {
		if _, refused := errors.AsType[*access.Refused](e.err); !refused {
			return false
		}
	}
	return true
}

// responses tell of each entry, in the order in which they came.
func (h *Handler) responses(ctx context.Context, by access.Actor, of Code, entries []*entry) *Bundle {
	out := &Bundle{Header: Header{ResourceType: "Bundle"}, Type: "batch-response"}
	if of == transaction {
		out.Type = "transaction-response"
	}
	for _, e := range entries {
		out.Entry = append(out.Entry, Entry{Response: h.response(ctx, by, e)})
	}
	return out
}

func (h *Handler) response(ctx context.Context, by access.Actor, e *entry) *EntryResponse {
	status, words := http.StatusOK, "it is done"
	if e.err != nil {
		f := h.fault(ctx, by, e.err)
		return &EntryResponse{Status: statusLine(f.Status), Outcome: f.outcome()}
	}
	switch {
	case e.done.created:
		status, words = http.StatusCreated, "it is kept"
	case e.known:
		words = "it was kept before: nothing is changed"
	}
	done := &Fault{Issues: []Issue{{Severity: "information", Code: "informational", Diagnostics: words}}}
	head := e.done.resource.head()
	return &EntryResponse{
		Status: statusLine(status), Location: fmt.Sprintf("%s/_history/%d", spell("Observation", head.ID), e.done.version),
		ETag: etag(e.done.version), LastModified: head.Meta.LastUpdated, Outcome: done.outcome(),
	}
}

func statusLine(status int) string { return fmt.Sprintf("%d %s", status, http.StatusText(status)) }
