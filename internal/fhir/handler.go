package fhir

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Path is where the interactions are.
const Path = "/fhir"

// ContentType of resources (R4 §3.1.0.1.9).
const ContentType = "application/fhir+json"

// maxTime is how long an interaction may take.
const maxTime = 10 * time.Second

// Config of a Handler. The services and Base are required.
type Config struct {
	Directory Directory
	Patients  Patients
	Calendar  Calendar
	Bookings  Bookings
	Changes   Changes
	// Measurements is where what is measured is kept; nil: Observations are not spoken of.
	Measurements Measurements
	Plans        Plans          // nil: CarePlans are not spoken of
	Questions    Questions      // nil: Questionnaires and QuestionnaireResponses are not spoken of
	Photos       Photos         // nil: DocumentReferences and Binaries are not spoken of
	Contacts     Contacts       // nil: who is refused is not told whom to ask
	Base         string         // where people reach the service, "https://video.example.no": the sign-in address too
	Zone         *time.Location // whose days they are; nil means UTC
	Now          func() time.Time
	Log          *slog.Logger
}

// Contacts knows whom someone who is refused may ask.
type Contacts interface {
	WhomToAsk(ctx context.Context, org access.OrganisationID) (name, phone string, err error)
}

// Handler answers FHIR interactions. It is safe for concurrent use.
type Handler struct {
	cfg          Config
	interactions []Interaction
}

// New checks cfg.
func New(cfg Config) (*Handler, error) {
	if cfg.Directory == nil || cfg.Patients == nil || cfg.Calendar == nil || cfg.Bookings == nil || cfg.Changes == nil || cfg.Base == "" {
		return nil, errors.New("fhir: the services and Base are required")
	}
	cfg.Base = strings.TrimSuffix(cfg.Base, "/")
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	h := &Handler{cfg: cfg}
	for _, kind := range h.kinds() {
		h.interactions = append(h.interactions, kind.interactions()...)
	}
	if cfg.Measurements != nil {
		h.interactions = append(h.interactions, h.bundles()...)
	}
	h.interactions = append(h.interactions, Interaction{Name: "capabilities", Method: http.MethodGet, Path: "/metadata", Open: true, serve: h.capabilities})
	return h, nil
}

// kind is a type of resources, with what can be done with them. What is nil can't be.
type kind struct {
	name                         string
	profile                      string
	profiles                     []string      // more specific ones
	see, change                  access.Action // what is asked of access, and of a machine's scopes
	list                         access.Action // of a search, where it is not see
	read, search, create, update serve
	picture                      stream  // a read of what is no resource
	params                       []param // of a search
	notes                        string  // for whoever reads the CapabilityStatement
}

// serve carries out an interaction.
type serve func(context.Context, *ask) (*answer, error)

// stream writes an answer that is no resource. An error is told only before anything has been written.
type stream func(context.Context, http.ResponseWriter, *ask) error

// Interaction is one thing that can be done with a type of resources (R4 §3.1.0).
type Interaction struct {
	Kind   string // "Patient"; empty: of the whole service
	Name   string // "read", "search-type", "create", "update", "transaction" (of any Bundle) or "capabilities"
	Method string
	Path   string // below Path, as net/http's patterns have it: "/Patient/{id}"
	// Action is what a machine's client must have among its scopes.
	Action access.Action
	Open   bool // nobody has to be signed in

	params []param
	limit  int // most bytes of a body; 0 means MaxBody
	serve  serve
	stream stream // instead of serve
}

func (k kind) interactions() (out []Interaction) {
	add := func(name, method, path string, action access.Action, do serve) {
		if do == nil {
			return
		}
		i := Interaction{Kind: k.name, Name: name, Method: method, Path: "/" + k.name + path, Action: action, serve: do}
		if name == "search-type" {
			i.params = k.params
		}
		out = append(out, i)
	}
	add("read", http.MethodGet, "/{id}", k.see, k.read)
	if k.picture != nil {
		out = append(out, Interaction{Kind: k.name, Name: "read", Method: http.MethodGet, Path: "/" + k.name + "/{id}", Action: k.see, stream: k.picture})
	}
	add("search-type", http.MethodGet, "", cmp.Or(k.list, k.see), k.search)
	add("search-type", http.MethodPost, "/_search", cmp.Or(k.list, k.see), k.search)
	add("create", http.MethodPost, "", k.change, k.create)
	add("update", http.MethodPut, "/{id}", k.change, k.update)
	return out
}

// Interactions are all that there are.
func (h *Handler) Interactions() []Interaction { return h.interactions }

// ask is a request whose form has been checked.
type ask struct {
	by      access.Actor
	kind    string
	id      string              // as the path has it
	version int64               // an update's If-Match
	given   map[string][]string // a search's criteria
	hidden  bool                // some of them are not to stand in an address
	data    []byte              // what a create or update sends
}

// answer is a good one.
type answer struct {
	resource resource
	version  int64 // 0: it has none
	created  bool
}

// Serve answers a request of somebody who has been let in.
func (h *Handler) Serve(w http.ResponseWriter, r *http.Request, i Interaction, by access.Actor) {
	most := maxTime
	if i.stream != nil {
		most = pictureTime
	}
	ctx, cancel := context.WithTimeout(r.Context(), most)
	defer cancel()
	a, err := i.ask(r, by)
	if err == nil && i.stream != nil {
		if err = i.stream(ctx, w, a); err == nil {
			return
		}
	}
	if err != nil {
		h.Fail(w, r, by, err)
		return
	}
	out, err := i.serve(ctx, a)
	if err != nil {
		h.Fail(w, r, by, err)
		return
	}
	h.write(w, r, i, out)
}

// ask checks the form of a request.
func (i Interaction) ask(r *http.Request, by access.Actor) (*ask, error) {
	if err := i.negotiable(r); err != nil {
		return nil, err
	}
	a := &ask{by: by, kind: i.Kind, id: r.PathValue("id")}
	switch i.Name {
	case "search-type":
		return a, a.criteria(r, i.params)
	case "create", "update", "transaction":
	default:
		return a, onlyFormat(r)
	}
	if err := onlyFormat(r); err != nil {
		return nil, err
	}
	// R4 §3.1.0.8.1: to ignore it could make the same thing twice.
	if r.Header.Get("If-None-Exist") != "" {
		return nil, faultAt(400, IssueNotSupported, "http.If-None-Exist", "is not supported")
	}
	var err error
	if a.data, err = body(r, cmp.Or(i.limit, MaxBody), ContentType, "application/json"); err != nil {
		return nil, err
	}
	if i.Name != "update" {
		return a, nil
	}
	header := r.Header.Get("If-Match")
	if header == "" { // R4 §3.1.0.5.1 leaves it to the server; RFC 6585 §3
		return nil, faultAt(http.StatusPreconditionRequired, IssueRequired, "http.If-Match", "is required: the ETag of what is changed")
	}
	var ok bool
	if a.version, ok = versionOf(header); !ok {
		return nil, faultAt(400, IssueValue, "http.If-Match", `must be the ETag of what is changed, as in W/"3"`)
	}
	return a, nil
}

// negotiable refuses who wants another format than JSON, or JSON of what is a picture.
func (i Interaction) negotiable(r *http.Request) error {
	accept := r.Header.Get("Accept")
	if accept == "" {
		return nil
	}
	fits := func(t string) bool { return t == ContentType || t == "application/json" || t == "application/*" }
	want := ContentType
	if i.stream != nil {
		fits, want = func(t string) bool { return strings.HasPrefix(t, "image/") }, "image/*: a picture is given as it is"
	}
	for each := range strings.SplitSeq(accept, ",") {
		t, _, err := mime.ParseMediaType(each)
		if err == nil && (t == "*/*" || fits(t)) {
			return nil
		}
	}
	return faultAt(http.StatusNotAcceptable, IssueNotSupported, "http.Accept", "must have "+want)
}

func onlyFormat(r *http.Request) error {
	for name, values := range r.URL.Query() {
		if name != "_format" || len(values) != 1 || !isFormat(values[0]) {
			return faultAt(400, IssueNotSupported, "", "takes no parameters but _format, which must be json")
		}
	}
	return nil
}

func isFormat(s string) bool { return s == "json" || s == ContentType || s == "application/json" }

// body reads what is sent, of one of the types. A form or script of another site can't send
// either of FHIR's without asking first (Fetch, "CORS-safelisted").
func body(r *http.Request, most int, types ...string) ([]byte, error) {
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	for _, want := range types {
		if err != nil || t != want {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(r.Body, int64(most)+1))
		switch {
		case err != nil:
			return nil, NewFault(400, IssueStructure, "what was sent did not come whole")
		case len(data) > most:
			return nil, tooLarge(most)
		}
		return data, nil
	}
	return nil, faultAt(http.StatusUnsupportedMediaType, IssueNotSupported, "http.Content-Type", "must be "+types[0])
}

// write answers as Prefer asks (R4 §3.1.0.1.8).
func (h *Handler) write(w http.ResponseWriter, r *http.Request, i Interaction, out *answer) {
	status := http.StatusOK
	if out.version != 0 {
		w.Header().Set("ETag", etag(out.version))
	}
	if out.created {
		status = http.StatusCreated
		w.Header().Set("Location", fmt.Sprintf("%s/_history/%d", h.address(i.Kind, out.resource.head().ID), out.version))
	}
	if i.Name == "read" && out.version != 0 && noneMatch(r.Header.Get("If-None-Match"), etag(out.version)) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if i.Name == "create" || i.Name == "update" {
		switch prefer := r.Header.Get("Prefer"); { // RFC 7240 §2: it may have others beside
		case strings.Contains(prefer, "return=minimal"):
			w.WriteHeader(status)
			return
		case strings.Contains(prefer, "return=OperationOutcome"):
			done := &Fault{Issues: []Issue{{Severity: "information", Code: "informational", Diagnostics: "it is done"}}}
			h.send(w, r, status, done.outcome())
			return
		}
	}
	h.send(w, r, status, out.resource)
}

func (h *Handler) send(w http.ResponseWriter, r *http.Request, status int, v resource) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil { // of types that can always be written
		h.cfg.Log.Error("resource not written", "path", r.Pattern, "error", err)
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", ContentType+"; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // the reader has gone: nobody to tell
}

// Fail answers with what went wrong.
func (h *Handler) Fail(w http.ResponseWriter, r *http.Request, by access.Actor, err error) {
	f := h.fault(r.Context(), by, err)
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(int64((f.RetryAfter+time.Second-1)/time.Second), 10)) // RFC 9110 §10.2.3
	}
	if f.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="samkonsult"`) // RFC 9110 §15.5.2
	}
	h.send(w, r, cmp.Or(f.Status, http.StatusInternalServerError), f.outcome())
}

// address is where a resource is.
func (h *Handler) address(kind string, id ID) string {
	return h.cfg.Base + Path + "/" + spell(kind, id)
}

// etag is a version as FHIR has it: weak (R4 §3.1.0.1.4).
func etag(version int64) string { return `W/"` + strconv.FormatInt(version, 10) + `"` }

func versionID(version int64) ID { return ID(strconv.FormatInt(version, 10)) }

// versionOf reads the version that a change rests on; "*" is none: a change says what it rests on.
func versionOf(header string) (version int64, ok bool) {
	text := strings.TrimPrefix(strings.TrimSpace(header), "W/")
	version, err := strconv.ParseInt(strings.Trim(text, `"`), 10, 64)
	return version, err == nil && version > 0 && text == strings.TrimPrefix(etag(version), "W/")
}

func noneMatch(header, tag string) bool {
	for each := range strings.SplitSeq(header, ",") {
		if each = strings.TrimSpace(each); each == tag || "W/"+each == tag {
			return true
		}
	}
	return false
}
