package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// gate knows a few secrets by heart.
type gate struct{ Gate }

func (gate) Check(secret string, _ time.Time) (identity.Current, error) {
	nurse := access.Actor{Person: "p-mari", Role: access.Nurse, Organisation: "fjordvik", Session: "s1"}
	switch secret {
	case "mari":
		return identity.Current{Actor: nurse, Stage: identity.StageFull}, nil
	case "old":
		return identity.Current{Actor: nurse, Stage: identity.StageFull, Renewed: "mari"}, nil
	case "half":
		return identity.Current{Actor: access.Actor{Person: "p-mari"}, Stage: identity.StageCode}, nil
	case "olav":
		return identity.Current{Actor: access.Actor{Person: "p-olav", Role: access.Patient}, Stage: identity.StageFull, Handle: "h1"}, nil
	}
	return identity.Current{}, errors.New("no such session")
}

func (gate) CheckBearer(token string, _ time.Time) (identity.Current, error) {
	if token != "ehr" {
		return identity.Current{}, errors.New("no such token")
	}
	return identity.Current{
		Actor: access.Actor{Person: "m-ehr", Role: access.Machine, Organisation: "fjord"}, Stage: identity.StageFull,
		Scopes: []access.Action{access.PatientRead},
	}, nil
}

func (gate) RefuseMachine(_ context.Context, by access.Actor, action access.Action, _ string) error {
	return &access.Refused{Role: by.Role, Action: action}
}

type contacts struct{}

func (contacts) WhomToAsk(_ context.Context, org access.OrganisationID) (string, string, error) {
	return "Fjordvik kommune", "+4757000000", nil
}

type noteBody struct {
	Text  string   `json:"text" minLength:"1" maxLength:"20"`
	Words []string `json:"words" maxItems:"3"`
	Kind  string   `json:"kind" enum:"note,task"`
}

type readNote struct {
	Note string `path:"note"`
	Page
}

type writeNote struct {
	Note string `path:"note"`
	Body noteBody
}

// notes is a handler with a few operations about notes beside its own; what errs when asked
// for is named by the note.
func notes(t *testing.T, log io.Writer) *Handler {
	t.Helper()
	h, err := New(Config{
		Gate: gate{}, Contacts: contacts{}, Call: http.NotFoundHandler(), Pages: fstest.MapFS{},
		Now: func() time.Time { return time.UnixMilli(0) }, Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	api := newAPI(h.routes)
	register(h, api, operation{ID: "readNote", Method: "GET", Path: "/notes/{note}", Needs: signedIn, Action: access.PatientRead, Machines: true},
		func(_ context.Context, c caller, in *readNote) (*versioned[noteBody], error) {
			switch in.Note {
			case "refused":
				return nil, fmt.Errorf("read: %w", &access.Refused{Role: c.Actor.Role, Action: access.PatientRead})
			case "late":
				return nil, fmt.Errorf("read: %w", context.DeadlineExceeded)
			case "broken":
				return nil, errors.New("disk of Olav Eik is full")
			case "gone":
				return nil, identity.ErrNotFound
			}
			return atVersion(3, noteBody{Text: in.Note}), nil
		})
	register(h, api, operation{ID: "writeNote", Method: "PUT", Path: "/notes/{note}", Needs: signedIn, Action: access.PatientWrite, IfMatch: true, Body: 200},
		func(_ context.Context, c caller, in *writeNote) (*versioned[noteBody], error) {
			switch {
			case c.IfMatch != 3:
				return nil, identity.ErrVersion
			case in.Body.Text == "taken":
				return nil, identity.ErrExists
			case in.Body.Text == "wrong":
				return nil, &identity.Invalid{Field: "text", Rule: "must be right"}
			}
			return atVersion(4, in.Body), nil
		})
	register(h, api, operation{ID: "whoAmI", Method: "GET", Path: "/who", Needs: anybody},
		func(_ context.Context, c caller, _ *struct{}) (*struct{ Body struct{ Person string } }, error) {
			out := &struct{ Body struct{ Person string } }{}
			out.Body.Person = string(c.Actor.Person)
			return out, nil
		})
	register(h, api, operation{ID: "endSession", Method: "DELETE", Path: "/who", Needs: begun},
		func(_ context.Context, c caller, _ *struct{}) (*struct {
			Cookie http.Cookie `header:"Set-Cookie"`
		}, error) {
			return &struct {
				Cookie http.Cookie `header:"Set-Cookie"`
			}{h.sessionCookie(c.Handle, "")}, nil
		})
	return h
}

// ask sends a request; header is pairs of name and value.
func ask(h http.Handler, method, path, body string, header ...string) *http.Response {
	r := httptest.NewRequest(method, "http://video.example.no/api/v1"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func problemIn(t *testing.T, res *http.Response) Problem {
	t.Helper()
	var p Problem
	if got := res.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("status %d, Content-Type %q", res.StatusCode, got)
	}
	if err := json.NewDecoder(res.Body).Decode(&p); err != nil {
		t.Fatal(err)
	}
	if p.Status != res.StatusCode || p.Type != "about:blank" || p.Title == "" {
		t.Errorf("status %d: %+v", res.StatusCode, p)
	}
	return p
}

const mari = "sk=mari"

func TestWhoeverIsNotSignedInGetsOneAnswerToTheLetter(t *testing.T) {
	h := notes(t, io.Discard)
	want := ""
	for _, tt := range []struct {
		name, method, path, body string
		header                   []string
	}{
		{"nobody", "GET", "/notes/there", "", nil},
		{"what is not there", "GET", "/notes/gone", "", nil},
		{"a forged cookie", "GET", "/notes/there", "", []string{"Cookie", "sk=forged"}},
		{"half signed in", "GET", "/notes/there", "", []string{"Cookie", "sk=half"}},
		{"a link's secret as an account's", "GET", "/notes/there", "", []string{"Cookie", "sk=olav"}},
		{"an account's secret as a link's", "GET", "/notes/there", "", []string{"Cookie", "sk-h1=mari", SessionHeader, "h1"}},
		{"an account's beside an unknown handle", "GET", "/notes/there", "", []string{"Cookie", mari, SessionHeader, "h2"}},
		{"a handle that is none", "GET", "/notes/there", "", []string{"Cookie", mari, SessionHeader, "h 2"}},
		{"a forged token beside a good cookie", "GET", "/notes/there", "", []string{"Cookie", mari, "Authorization", "Bearer forged"}},
		{"a password", "GET", "/notes/there", "", []string{"Authorization", "Basic ZWhyOmVocg=="}},
		{"a body that breaks rules", "PUT", "/notes/there", `{`, nil},
		{"no version", "PUT", "/notes/there", `{"text":"x","words":[],"kind":"note"}`, nil},
		{"a body of another kind", "PUT", "/notes/there", "x", []string{"Content-Type", "text/plain"}},
		{"nobody to sign out", "DELETE", "/who", "", nil},
	} {
		res := ask(h, tt.method, tt.path, tt.body, tt.header...)
		if res.StatusCode != http.StatusUnauthorized || res.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: status %d", tt.name, res.StatusCode)
		}
		got := bodyOf(t, res)
		if want == "" {
			want = got
		}
		if got != want || !strings.Contains(got, `"code":"sign-in"`) {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
}

func TestWhoIsSignedInIsLetThroughAsWhoTheyAre(t *testing.T) {
	h := notes(t, io.Discard)
	for want, header := range map[string][]string{
		"p-mari": {"Cookie", mari},
		"p-olav": {"Cookie", "sk=mari; sk-h1=olav", SessionHeader, "h1"},
		"m-ehr":  {"Authorization", "bearer ehr"},
		"":       {"Cookie", "sk=forged"},
	} {
		if got := bodyOf(t, ask(h, "GET", "/who", "", header...)); got != `{"Person":"`+want+`"}`+"\n" {
			t.Errorf("%v: %s", header, got)
		}
	}
	if res := ask(h, "DELETE", "/who", "", "Cookie", "sk=half"); res.StatusCode != http.StatusNoContent ||
		res.Header.Get("Set-Cookie") != "sk=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict" {
		t.Errorf("half signed in, signs out: status %d, %v", res.StatusCode, res.Header)
	}
}

func TestAMachineDoesWhatItsScopesSayAndNothingElse(t *testing.T) {
	h := notes(t, io.Discard)
	if res := ask(h, "GET", "/notes/there", "", "Authorization", "Bearer ehr"); res.StatusCode != http.StatusOK {
		t.Errorf("with the scope: status %d", res.StatusCode)
	}
	for _, tt := range [][2]string{{"PUT", "/notes/there"}, {"DELETE", "/who"}} {
		if p := problemIn(t, ask(h, tt[0], tt[1], "", "Authorization", "Bearer ehr")); p.Code != ProblemRefused || p.Status != 403 {
			t.Errorf("%v: %+v", tt, p)
		}
	}
}

func TestASessionThatIsRenewedComesWithItsNewCookie(t *testing.T) {
	h := notes(t, io.Discard)
	if got := ask(h, "GET", "/notes/x", "", "Cookie", "sk=old").Header.Get("Set-Cookie"); got != "sk=mari; Path=/; HttpOnly; SameSite=Strict" {
		t.Error(got)
	}
	h.cfg.TLS = true
	if got := ask(h, "GET", "/notes/x", "", "Cookie", "__Host-sk=old").Header.Get("Set-Cookie"); got != "__Host-sk=mari; Path=/; HttpOnly; Secure; SameSite=Strict" {
		t.Error(got)
	}
	if res := ask(h, "GET", "/notes/x", "", "Cookie", "sk=mari"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("the name without __Host- counts over TLS: status %d", res.StatusCode)
	}
}

func TestWhatGoesWrongIsToldByCodeFieldAndRule(t *testing.T) {
	var log strings.Builder
	h := notes(t, &log)
	good := `{"text":"x","words":[],"kind":"note"}`
	for _, tt := range []struct {
		name, method, path, body, version string
		status                            int
		code                              ProblemCode
		field, rule                       string
	}{
		{"refused", "GET", "/notes/refused", "", "", 403, ProblemRefused, "", "patient.read"},
		{"too slow", "GET", "/notes/late", "", "", 503, ProblemBusy, "", ""},
		{"broken", "GET", "/notes/broken", "", "", 500, ProblemInternal, "", ""},
		{"not there", "GET", "/notes/gone", "", "", 404, ProblemNotFound, "", ""},
		{"a page of none", "GET", "/notes/x?limit=0", "", "", 422, ProblemInvalid, "limit", "must be at least 1"},
		{"a page of words", "GET", "/notes/x?limit=ten", "", "", 422, ProblemInvalid, "limit", "must be a whole number"},
		{"an unknown parameter", "GET", "/notes/x?name=Olav", "", "", 422, ProblemInvalid, "name", "is not a parameter here"},
		{"no version", "PUT", "/notes/x", good, "", 428, ProblemVersionNeeded, "If-Match", "is required"},
		{"any version", "PUT", "/notes/x", good, "*", 400, ProblemInvalid, "If-Match", `must be the ETag of what is changed, as in "3"`},
		{"a weak version", "PUT", "/notes/x", good, `W/"3"`, 400, ProblemInvalid, "If-Match", `must be the ETag of what is changed, as in "3"`},
		{"an old version", "PUT", "/notes/x", good, `"2"`, 412, ProblemChanged, "", ""},
		{"taken", "PUT", "/notes/x", strings.Replace(good, `"x"`, `"taken"`, 1), `"3"`, 409, ProblemExists, "", ""},
		{"wrong", "PUT", "/notes/x", strings.Replace(good, `"x"`, `"wrong"`, 1), `"3"`, 422, ProblemInvalid, "text", "must be right"},
		{"no body", "PUT", "/notes/x", "", `"3"`, 400, ProblemInvalid, "body", "must be one JSON object that names each field once"},
		{"not JSON", "PUT", "/notes/x", "{", `"3"`, 400, ProblemInvalid, "body", "must be one JSON object that names each field once"},
		{"two objects", "PUT", "/notes/x", good + good, `"3"`, 400, ProblemInvalid, "body", "must be one JSON object that names each field once"},
		{"a field twice", "PUT", "/notes/x", `{"text":"x","TEXT":"a text that is longer than it may be","words":[],"kind":"note"}`, `"3"`, 400, ProblemInvalid, "body", "must be one JSON object that names each field once"},
		{"too large", "PUT", "/notes/x", strings.Replace(good, `"x"`, strings.Repeat("x", 300), 1), `"3"`, 413, ProblemInvalid, "body", "is too large"},
		{"too short", "PUT", "/notes/x", strings.Replace(good, `"x"`, `""`, 1), `"3"`, 422, ProblemInvalid, "text", "is too short, in characters it must have at least 1"},
		{"no text", "PUT", "/notes/x", `{"words":[],"kind":"note"}`, `"3"`, 422, ProblemInvalid, "text", "is required"},
		{"no list", "PUT", "/notes/x", `{"text":"x","words":1,"kind":"note"}`, `"3"`, 422, ProblemInvalid, "words", "must be a list"},
		{"a field too many", "PUT", "/notes/x", `{"text":"x","words":[],"kind":"note","Olav":1}`, `"3"`, 422, ProblemInvalid, "Olav", "is not a field here"},
		{"no such kind", "PUT", "/notes/x", strings.Replace(good, "note", "Olav", 1), `"3"`, 422, ProblemInvalid, "kind", `must be one of "note, task"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			header := []string{"Cookie", mari}
			if tt.version != "" {
				header = append(header, "If-Match", tt.version)
			}
			res := ask(h, tt.method, tt.path, tt.body, header...)
			p := problemIn(t, res)
			if p.Status != tt.status || p.Code != tt.code || p.Field != tt.field || p.Rule != tt.rule {
				t.Errorf("%+v", p)
			}
			if tt.code == ProblemRefused && (p.Organisation != "Fjordvik kommune" || p.Phone == "") {
				t.Errorf("whom to ask is missing: %+v", p)
			}
			if p.RetryAfter > 0 && res.Header.Get("Retry-After") != "2" {
				t.Errorf("Retry-After %q", res.Header.Get("Retry-After"))
			}
			if tt.field != "Olav" && tt.field != "name" && strings.Contains(fmt.Sprint(p), "Olav") {
				t.Errorf("repeats what was sent: %+v", p)
			}
		})
	}
	if !strings.Contains(log.String(), "disk") {
		t.Errorf("what failed inside is not in the log: %s", log.String())
	}
}

func TestEveryFaultOfABodyIsToldAtOnce(t *testing.T) {
	p := problemIn(t, ask(notes(t, io.Discard), "PUT", "/notes/x", `{"text":"","words":["a","b","c","d"],"kind":"note"}`, "Cookie", mari, "If-Match", `"3"`))
	if len(p.Errors) != 2 || p.Errors[0].Field != p.Field || p.Errors[1].Field == p.Field {
		t.Errorf("%+v", p)
	}
}

func TestAVersionGoesOutAsETagAndComesBackAsIfMatch(t *testing.T) {
	h := notes(t, io.Discard)
	res := ask(h, "GET", "/notes/x", "", "Cookie", mari)
	if res.Header.Get("ETag") != `"3"` || res.Header.Get("Cache-Control") != "no-store" || bodyOf(t, res) != `{"text":"x","words":[],"kind":""}`+"\n" {
		t.Errorf("%v", res.Header)
	}
	for _, same := range []string{`"3"`, `W/"3"`, `"1", "3"`, "*"} {
		res := ask(h, "GET", "/notes/x", "", "Cookie", mari, "If-None-Match", same)
		if res.StatusCode != http.StatusNotModified || res.Header.Get("ETag") != `"3"` || bodyOf(t, res) != "" {
			t.Errorf("%s: status %d", same, res.StatusCode)
		}
	}
	if res := ask(h, "GET", "/notes/x", "", "Cookie", mari, "If-None-Match", `"2"`); res.StatusCode != http.StatusOK {
		t.Errorf("another version: status %d", res.StatusCode)
	}
	res = ask(h, "PUT", "/notes/x", `{"text":"y","words":["a"],"kind":"note"}`, "Cookie", mari, "If-Match", `"3"`)
	if res.StatusCode != http.StatusOK || res.Header.Get("ETag") != `"4"` {
		t.Errorf("status %d, %v", res.StatusCode, res.Header)
	}
}

func TestAnotherSitesPageCantSpeakForWhoIsSignedIn(t *testing.T) {
	h := notes(t, io.Discard)
	good := `{"text":"x","words":[],"kind":"note"}`
	for name, header := range map[string][]string{
		"another site, by fetch metadata": {"Sec-Fetch-Site", "cross-site"},
		"another host of the same domain": {"Sec-Fetch-Site", "same-site"},
		"another site, by its origin":     {"Origin", "https://evil.example"},
	} {
		p := problemIn(t, ask(h, "PUT", "/notes/x", good, append(header, "Cookie", mari, "If-Match", `"3"`)...))
		if p.Status != http.StatusForbidden || p.Field != "Origin" {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if p := problemIn(t, ask(h, "PUT", "/notes/x", good, "Cookie", mari, "If-Match", `"3"`, "Content-Type", "text/plain")); p.Status != http.StatusUnsupportedMediaType {
		t.Errorf("plain text: %+v", p)
	}
	if res := ask(h, "PUT", "/notes/x", good, "Cookie", mari, "If-Match", `"3"`, "Sec-Fetch-Site", "same-origin"); res.StatusCode != http.StatusOK {
		t.Errorf("our own page: status %d", res.StatusCode)
	}
}

func TestOnePersonCantFloodFromManyAddresses(t *testing.T) {
	h := notes(t, io.Discard)
	var last *http.Response
	for i := range 101 {
		r := httptest.NewRequest("GET", "http://video.example.no/api/v1/notes/x", nil)
		r.RemoteAddr = fmt.Sprintf("192.0.2.%d:1", i)
		r.Header.Set("Cookie", mari)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		last = w.Result()
	}
	if p := problemIn(t, last); p.Code != ProblemTooMany || p.RetryAfter != 100 || last.Header.Get("Retry-After") != "1" {
		t.Errorf("%+v", p)
	}
	if res := ask(h, "GET", "/who", "", "Cookie", "sk-h1=olav", SessionHeader, "h1"); res.StatusCode != http.StatusOK {
		t.Errorf("another person: status %d", res.StatusCode)
	}
}

func TestNothingIsOpenByOmission(t *testing.T) {
	h := notes(t, io.Discard)
	api := newAPI(newRoutes())
	for name, op := range map[string]operation{
		"no need":                     {ID: "a", Method: "GET", Path: "/a"},
		"no name":                     {Method: "GET", Path: "/a", Needs: anybody},
		"a machine without scope":     {ID: "a", Method: "GET", Path: "/a", Needs: signedIn, Machines: true},
		"a machine before signing in": {ID: "a", Method: "GET", Path: "/a", Needs: anybody, Machines: true, Action: access.PatientRead},
		"a change without version":    {ID: "a", Method: "PUT", Path: "/a", Needs: signedIn},
		"a read that creates":         {ID: "a", Method: "GET", Path: "/a", Needs: signedIn, Creates: true},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("was registered")
				}
			}()
			register(h, api, op, func(context.Context, caller, *struct{}) (*struct{}, error) { return nil, nil })
		})
	}
}

func TestACursorComesBackWhole(t *testing.T) {
	parts, err := Page{Cursor: cursor("1795343400000", "p-olav")}.parts(2)
	if err != nil || len(parts) != 2 || parts[0] != "1795343400000" || parts[1] != "p-olav" {
		t.Errorf("%q, %v", parts, err)
	}
	for _, forged := range []string{"!", cursor("one"), "AA=="} {
		if _, err := (Page{Cursor: forged}).parts(2); err == nil {
			t.Errorf("%q was read", forged)
		}
	}
	if parts, err := (Page{}).parts(2); parts != nil || err != nil {
		t.Errorf("the first page: %q, %v", parts, err)
	}
}
