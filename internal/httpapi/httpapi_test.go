package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// gate knows a few links by heart, and nobody else.
type gate struct{ httpapi.Gate }

func (gate) Check(string, time.Time) (identity.Current, error) {
	return identity.Current{}, identity.ErrNoSession
}

func (gate) OpenLink(_ context.Context, token string, _ identity.Current, _ string) (identity.LinkOpened, error) {
	closed := func(reason identity.ClosedReason) (identity.LinkOpened, error) {
		return identity.LinkOpened{}, &identity.ClosedError{Reason: reason, Organisation: "Fjord sjukehus", Phone: "12 34 56 78"}
	}
	switch token {
	case "patient":
		return identity.LinkOpened{Code: &identity.CodeNeeded{Organisation: "Fjord sjukehus"}}, nil
	case "expired":
		return closed(identity.LinkExpired)
	case "revoked":
		return closed(identity.LinkRevoked)
	case "broken":
		return identity.LinkOpened{}, errors.New("disk of Olav Eik is full")
	}
	return identity.LinkOpened{}, identity.ErrLinkUnknown
}

// built is a page as vite leaves it.
func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":          {Data: []byte("<!doctype html>plain")},
		"index.html.br":       {Data: []byte("brotli")},
		"index.html.gz":       {Data: []byte("gzip")},
		"assets/app-1a2b.js":  {Data: []byte("let a")},
		"icon.svg":            {Data: []byte("<svg/>")},
		".gitkeep":            {},
		".vite/manifest.json": {Data: []byte("{}")},
	}
}

func newHandler(t *testing.T, change func(*httpapi.Config)) http.Handler {
	t.Helper()
	cfg := httpapi.Config{
		Gate:  gate{},
		Call:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "call") }),
		Pages: built(),
		Now:   func() time.Time { return time.UnixMilli(1_000_000) },
	}
	if change != nil {
		change(&cfg)
	}
	h, err := httpapi.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// do asks a handler; header is pairs of name and value.
func do(h http.Handler, method, path, body string, header ...string) *http.Response {
	r := httptest.NewRequest(method, "http://video.example.no"+path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// post sends a token as the page does.
func post(h http.Handler, path, body string) *http.Response {
	return do(h, "POST", path, body, "Content-Type", "application/json")
}

func text(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func problem(t *testing.T, res *http.Response) httpapi.Problem {
	t.Helper()
	var p httpapi.Problem
	if got := res.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("Content-Type %q", got)
	}
	if err := json.NewDecoder(res.Body).Decode(&p); err != nil {
		t.Fatal(err)
	}
	if p.Status != res.StatusCode {
		t.Errorf("body says status %d, answer has %d", p.Status, res.StatusCode)
	}
	return p
}

func TestALinkThatOpensNothingSaysWhy(t *testing.T) {
	h := newHandler(t, nil)
	for _, tt := range []struct {
		token  string
		status int
		code   httpapi.ProblemCode
		phone  string
	}{
		{"guess", 404, httpapi.ProblemLinkUnknown, ""},
		{"another guess, longer", 404, httpapi.ProblemLinkUnknown, ""},
		{"expired", 410, httpapi.ProblemLinkExpired, "12 34 56 78"},
		{"revoked", 410, httpapi.ProblemLinkRevoked, "12 34 56 78"},
		{"broken", 500, httpapi.ProblemInternal, ""},
	} {
		p := problem(t, post(h, "/api/v1/link", `{"token":"`+tt.token+`"}`))
		if p.Status != tt.status || p.Code != tt.code || p.Phone != tt.phone || (p.Organisation != "") != (tt.phone != "") {
			t.Errorf("%s: %+v", tt.token, p)
		}
	}
}

func TestUnknownLinksGetOneAnswerToTheLetter(t *testing.T) {
	h := newHandler(t, nil)
	first := post(h, "/api/v1/link", `{"token":"AAAAAAAAAAAAAAAAAAAAAA"}`)
	second := post(h, "/api/v1/link", `{"token":"x"}`)
	if a, b := text(t, first), text(t, second); a != b {
		t.Errorf("%s\n%s", a, b)
	}
}

func TestWhatFailedInsideStaysInside(t *testing.T) {
	var log strings.Builder
	h := newHandler(t, func(c *httpapi.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	if got := text(t, post(h, "/api/v1/link", `{"token":"broken"}`)); strings.Contains(got, "disk") {
		t.Errorf("answer tells of the inside: %s", got)
	}
	if !strings.Contains(log.String(), "disk") || strings.Contains(log.String(), "broken") {
		t.Errorf("log must hold the error and not the token: %s", log.String())
	}
}

func TestABodyThatBreaksARuleIsToldWhich(t *testing.T) {
	h := newHandler(t, nil)
	for _, tt := range []struct {
		name, body, kind string
		status           int
		field            string
	}{
		{"no body", "", "application/json", 400, "body"},
		{"not JSON", "token=patient", "application/json", 400, "body"},
		{"a list", "[]", "application/json", 422, "body"},
		{"a number for a token", `{"token":1}`, "application/json", 422, "token"},
		{"no token", `{}`, "application/json", 422, "token"},
		{"a field too many", `{"token":"patient","role":"admin"}`, "application/json", 422, "role"},
		{"two objects", `{"token":"patient"}{}`, "application/json", 400, "body"},
		{"too large", `{"token":"` + strings.Repeat("a", 5000) + `"}`, "application/json", 413, "body"},
		{"a form", "token=patient", "application/x-www-form-urlencoded", 415, "Content-Type"},
		{"plain text, which another site may send", `{"token":"patient"}`, "text/plain", 415, "Content-Type"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := problem(t, do(h, "POST", "/api/v1/link", tt.body, "Content-Type", tt.kind))
			if p.Status != tt.status || p.Code != httpapi.ProblemInvalid || p.Field != tt.field || p.Rule == "" {
				t.Errorf("%+v", p)
			}
		})
	}
}

func TestOneAddressCantFloodAndOthersDontNotice(t *testing.T) {
	now := time.UnixMilli(0)
	h := newHandler(t, func(c *httpapi.Config) { c.Now = func() time.Time { return now } })
	from := func(addr string) *http.Response {
		r := httptest.NewRequest("GET", "/api/v1/session", nil)
		r.RemoteAddr = addr
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result()
	}
	for i := range 200 {
		if res := from("[2001:db8::1]:1"); res.StatusCode != http.StatusUnauthorized {
			t.Fatalf("request %d: status %d", i, res.StatusCode)
		}
	}
	res := from("[2001:db8::2]:1") // the same home
	if p := problem(t, res); p.Status != 429 || p.Code != httpapi.ProblemTooMany || p.RetryAfter != 50 {
		t.Errorf("%+v", p)
	}
	if got := res.Header.Get("Retry-After"); got != "1" {
		t.Errorf("Retry-After %q", got)
	}
	if res := from("[2001:db8:0:1::1]:1"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("another home: status %d", res.StatusCode)
	}
	now = now.Add(50 * time.Millisecond)
	if res := from("[2001:db8::1]:1"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("after the wait: status %d", res.StatusCode)
	}
}

func TestTheProbeGivesSoManyBytesAndNoMore(t *testing.T) {
	h := newHandler(t, nil)
	res := do(h, "GET", "/api/v1/probe?bytes=524288", "")
	a := text(t, res)
	if len(a) != 512<<10 || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d bytes, Cache-Control %q", len(a), res.Header.Get("Cache-Control"))
	}
	if text(t, do(h, "GET", "/api/v1/probe?bytes=524288", "")) == a {
		t.Error("the same bytes twice: something between could keep them")
	}
	for _, bad := range []string{"", "0", "-1", "524289", "1e3", "99999999999999999999"} {
		if p := problem(t, do(h, "GET", "/api/v1/probe?bytes="+bad, "")); p.Status != 400 || p.Field != "bytes" {
			t.Errorf("bytes=%s: %+v", bad, p)
		}
	}
}

func TestTheCallsDoorIsSignalings(t *testing.T) {
	if got := text(t, do(newHandler(t, nil), "GET", "/api/v1/call", "")); got != "call" {
		t.Error(got)
	}
}

func TestPathsThatAreNotThere(t *testing.T) {
	h := newHandler(t, nil)
	for _, path := range []string{"/api/", "/api/v1/nothing", "/api/v2/link"} {
		if p := problem(t, do(h, "GET", path, "")); p.Status != 404 {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if p := problem(t, do(h, "GET", "/api/v1/link", "")); p.Status != 404 || p.Code != httpapi.ProblemNotFound {
		t.Errorf("a link is not opened by GET: %+v", p)
	}
	for _, path := range []string{"/index.html", "/nothing", "/.gitkeep", "/assets/", "/k/x", "/index.html.br", "/.vite/manifest.json"} {
		if res := do(h, "GET", path, ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
	if res := do(h, "POST", "/", ""); res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST /: status %d, Allow %q", res.StatusCode, res.Header.Get("Allow"))
	}
}

func TestThePageNamesWhatItsAddressNeeds(t *testing.T) {
	h := newHandler(t, func(c *httpapi.Config) {
		pages := built()
		pages[".vite/manifest.json"] = &fstest.MapFile{Data: []byte(`{
			"src/start.tsx": {"file": "assets/start.js", "imports": ["_shared.js"]},
			"src/house/main.tsx": {"file": "assets/house.js", "css": ["assets/house.css"], "imports": ["_shared.js", "src/house/main.tsx"]},
			"_shared.js": {"file": "assets/shared.js"}}`)}
		c.Pages = pages
	})
	const shared = ", </assets/shared.js>; rel=modulepreload"
	call := "</assets/start.js>; rel=modulepreload" + shared
	house := "</assets/house.js>; rel=modulepreload, </assets/house.css>; rel=preload; as=style" + shared
	for path, want := range map[string]string{"/k": call, "/call/c1": call, "/": house, "/patients/p1": house, "/nothing": house, "/icon.svg": ""} {
		if got := do(h, "GET", path, "").Header.Get("Link"); got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
}

func TestAPathWithoutAPageIsSaidSoByThePage(t *testing.T) {
	h := newHandler(t, nil)
	for _, path := range []string{"/nothing", "/k/x", "/patient"} {
		res := do(h, "GET", path, "")
		if got := text(t, res); res.StatusCode != http.StatusNotFound || got != "<!doctype html>plain" {
			t.Errorf("%s: status %d, %q", path, res.StatusCode, got)
		}
	}
	for _, path := range []string{"/favicon.ico", "/assets/x", "/assets/old.js"} {
		res := do(h, "GET", path, "")
		if got := text(t, res); res.StatusCode != http.StatusNotFound || got == "<!doctype html>plain" {
			t.Errorf("%s: status %d, %q", path, res.StatusCode, got)
		}
	}
}

func TestTheOnePageIsUnderEachOfItsPaths(t *testing.T) {
	h := newHandler(t, nil)
	for _, path := range []string{"/", "/k", "/call/c1", "/sign-in", "/enrol", "/patients/p1/edit", "/admin"} {
		res := do(h, "GET", path, "")
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
		if got := text(t, res); got != "<!doctype html>plain" || res.Header.Get("Cache-Control") != "no-store" ||
			res.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: %q, %v", path, got, res.Header)
		}
	}
	if res := do(h, "HEAD", "/", ""); text(t, res) != "" || res.Header.Get("Content-Length") != "20" {
		t.Errorf("HEAD: %v", res.Header)
	}
}

func TestThePageComesAsSmallAsTheBrowserTakesIt(t *testing.T) {
	h := newHandler(t, nil)
	for accept, want := range map[string]string{
		"gzip, deflate, br, zstd": "brotli", "gzip": "gzip", "br;q=0, gzip;q=0.5": "gzip",
		"": "<!doctype html>plain", "identity": "<!doctype html>plain", "brotlish": "<!doctype html>plain",
	} {
		if got := text(t, do(h, "GET", "/", "", "Accept-Encoding", accept)); got != want {
			t.Errorf("%q: %q", accept, got)
		}
	}
	if res := do(h, "GET", "/", "", "Accept-Encoding", "br"); res.Header.Get("Content-Encoding") != "br" || res.Header.Get("Vary") != "Accept-Encoding" {
		t.Errorf("%v", res.Header)
	}
}

func TestNamedByContentIsKeptForEver(t *testing.T) {
	h := newHandler(t, nil)
	res := do(h, "GET", "/assets/app-1a2b.js", "")
	if res.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || res.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("%v", res.Header)
	}
	res = do(h, "GET", "/icon.svg", "")
	if res.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%v", res.Header)
	}
	if res := do(h, "GET", "/icon.svg", "", "If-None-Match", res.Header.Get("ETag")); res.StatusCode != http.StatusNotModified || text(t, res) != "" {
		t.Errorf("asked again: status %d", res.StatusCode)
	}
}

func TestAnUnbuiltPageSaysHowToBuildIt(t *testing.T) {
	h := newHandler(t, func(c *httpapi.Config) { c.Pages = fstest.MapFS{".gitkeep": {}} })
	res := do(h, "GET", "/k", "")
	if res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(text(t, res), "make build") {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestEveryAnswerHasTheStrictHeaders(t *testing.T) {
	for _, secure := range []bool{false, true} {
		h := newHandler(t, func(c *httpapi.Config) { c.TLS = secure })
		for _, res := range []*http.Response{
			do(h, "GET", "/", ""), do(h, "GET", "/nothing", ""), do(h, "GET", "/assets/app-1a2b.js", ""),
			post(h, "/api/v1/link", "{}"), do(h, "GET", "/api/v1/call", ""), do(h, "GET", "/api/", ""),
		} {
			csp := res.Header.Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "base-uri 'none'"} {
				if !strings.Contains(csp, want) {
					t.Errorf("%q is not in %s", want, csp)
				}
			}
			if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
				t.Errorf("CSP is open: %s", csp)
			}
			if strings.Contains(csp, "ws://") == secure || !strings.Contains(csp, "wss://video.example.no;") {
				t.Errorf("TLS %t: %s", secure, csp)
			}
			for name, want := range map[string]string{
				"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
				"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			} {
				if got := res.Header.Get(name); got != want {
					t.Errorf("%s: %q", name, got)
				}
			}
			if hsts := res.Header.Get("Strict-Transport-Security"); (hsts != "") != secure {
				t.Errorf("TLS %t: Strict-Transport-Security %q", secure, hsts)
			}
			policy := res.Header.Get("Permissions-Policy")
			for _, want := range []string{"camera=(self)", "microphone=(self)", "display-capture=(self)", "geolocation=()"} {
				if !strings.Contains(policy, want) {
					t.Errorf("%q is not in %s", want, policy)
				}
			}
		}
	}
}

func TestAHostileHostHeaderDoesNotReachThePolicy(t *testing.T) {
	r := httptest.NewRequest("GET", "/", nil)
	r.Host = "x; script-src *"
	w := httptest.NewRecorder()
	newHandler(t, nil).ServeHTTP(w, r)
	if csp := w.Result().Header.Get("Content-Security-Policy"); strings.Contains(csp, "*") || !strings.Contains(csp, "connect-src 'self';") {
		t.Error(csp)
	}
}

func FuzzABodyNeverOpensMoreThanItsToken(f *testing.F) {
	for _, seed := range []string{`{"token":"patient"}`, `{"token":"x"}`, `{}`, `[]`, `{"token":"patient"}{}`, `{"Token":"patient"}`, "\x00", `{"token":null}`} {
		f.Add(seed)
	}
	h, err := httpapi.New(httpapi.Config{Gate: gate{}, Call: http.NotFoundHandler(), Pages: built(), Now: clock()})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		res := post(h, "/api/v1/link", body)
		if res.StatusCode == http.StatusOK {
			var in map[string]string
			if err := json.Unmarshal([]byte(body), &in); err != nil {
				t.Fatalf("%q opened a link: %v", body, err)
			}
			return
		}
		if p := problem(t, res); p.Code == httpapi.ProblemInternal && !strings.Contains(body, "broken") {
			t.Fatalf("%q: %+v", body, p)
		}
	})
}

// clock goes a second on at each look, so that no rate limit is met.
func clock() func() time.Time {
	ticks := make(chan int64, 1)
	ticks <- 0
	return func() time.Time {
		n := <-ticks
		ticks <- n + 1
		return time.Unix(n, 0)
	}
}
