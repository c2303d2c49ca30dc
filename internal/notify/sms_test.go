package notify_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/samkonsult/samkonsult/internal/notify"
)

// asked is a request that a gateway has got.
type asked struct {
	method string
	url    *url.URL
	header http.Header
	body   string
}

// gateway is a real HTTP server that keeps what it is asked, and does as it is told.
type gateway struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []asked
	answer http.HandlerFunc // nil: 200
}

func newGateway(t *testing.T) *gateway {
	g := &gateway{}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		g.mu.Lock()
		g.asked = append(g.asked, asked{r.Method, r.URL, r.Header, string(body)})
		answer := g.answer
		g.mu.Unlock()
		if answer != nil {
			answer(w, r)
		}
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *gateway) answers(h http.HandlerFunc) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.answer = h
}

func (g *gateway) last(t *testing.T) asked {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.asked) == 0 {
		t.Fatal("the gateway has not been asked")
	}
	return g.asked[len(g.asked)-1]
}

func (g *gateway) times() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.asked)
}

func outgoing(text string) notify.Outgoing {
	return notify.Outgoing{ID: "m1", To: "p1", Kind: notify.KindCode, Letter: notify.Letter{Channel: notify.SMS, Address: "+4790000412"}, Text: notify.Text{Body: text}}
}

func sends(t *testing.T, cfg notify.SMSConfig) *notify.SMSGateway {
	t.Helper()
	s, err := notify.NewSMSGateway(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const hard = "Kode: \"7\" & 100 % + æøå €\n"

func TestAGatewayOfWhichNothingIsSaidGetsJSON(t *testing.T) {
	g := newGateway(t)
	if err := sends(t, notify.SMSConfig{URL: g.URL + "/send", Token: "secret"}).Send(t.Context(), outgoing(hard)); err != nil {
		t.Fatal(err)
	}
	got := g.last(t)
	var body map[string]string
	if err := json.Unmarshal([]byte(got.body), &body); err != nil || len(body) != 3 || body["to"] != "+4790000412" || body["text"] != hard || body["id"] != "m1" {
		t.Errorf("%s: %v", got.body, err)
	}
	if got.method != "POST" || got.url.Path != "/send" || got.header.Get("Idempotency-Key") != "m1" ||
		got.header.Get("Authorization") != "Bearer secret" || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("%+v", got)
	}
}

// The shape of gateways with a REST API: nested JSON, a key in a header, their own name for
// the idempotency key.
func TestAGatewayWithNestedJSONAndABearerTokenCanBeAsked(t *testing.T) {
	g := newGateway(t)
	s := sends(t, notify.SMSConfig{
		URL: g.URL + "/sms/send", Token: "secret", From: "FjordSjh", Idempotent: true,
		Headers: []string{"X-Correlation-Id: {{.ID}}"},
		Body:    `{"platformId":"SMSC","messages":[{"source":{{json .From}},"sourceTON":"ALPHANUMERIC","destination":{{json .To}},"userData":{{json .Text}},"refId":{{json .ID}}}]}`,
	})
	if err := s.Send(t.Context(), outgoing(hard)); err != nil {
		t.Fatal(err)
	}
	got := g.last(t)
	var body struct {
		Messages []struct{ Source, Destination, UserData, RefID string }
	}
	if err := json.Unmarshal([]byte(got.body), &body); err != nil || len(body.Messages) != 1 {
		t.Fatalf("%s: %v", got.body, err)
	}
	if m := body.Messages[0]; m.Source != "FjordSjh" || m.Destination != "+4790000412" || m.UserData != hard || m.RefID != "m1" {
		t.Errorf("%+v", m)
	}
	if got.header.Get("X-Correlation-Id") != "m1" || got.header.Get("Authorization") != "Bearer secret" || !s.Repeatable() {
		t.Errorf("%v", got.header)
	}
}

// The shape of older gateways: user and password in the query, a form, a number without its
// plus, and 200 to everything.
func TestAGatewayWithAFormAndAPasswordInTheQueryCanBeAsked(t *testing.T) {
	g := newGateway(t)
	s := sends(t, notify.SMSConfig{
		URL: g.URL + "/SMS/SendMessage?user=fjord&passwd={{urlquery .Token}}", Token: "p&ss+ w%rd", From: "Fjord",
		ContentType: "application/x-www-form-urlencoded",
		Body:        `to={{slice .To 1}}&from={{urlquery .From}}&msg={{urlquery .Text}}&f=json`,
		Accepted:    `"msgOkCount":\s*1`,
	})
	g.answers(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"response":{"msgOkCount":1}}`)
	})
	if err := s.Send(t.Context(), outgoing(hard)); err != nil {
		t.Fatal(err)
	}
	got := g.last(t)
	form, err := url.ParseQuery(got.body)
	if err != nil || form.Get("to") != "4790000412" || form.Get("msg") != hard || form.Get("from") != "Fjord" || form.Get("f") != "json" {
		t.Errorf("%q, %v", got.body, err)
	}
	if q := got.url.Query(); q.Get("user") != "fjord" || q.Get("passwd") != "p&ss+ w%rd" {
		t.Errorf("%v", got.url)
	}
	if auth := got.header.Get("Authorization"); auth != "" || got.header.Get("Content-Type") != "application/x-www-form-urlencoded" || s.Repeatable() {
		t.Errorf("the token, which stands in the query, stands in %q, too", auth)
	}
	g.answers(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"response":{"msgOkCount":0,"fatalError":"unknown user"}}`)
	})
	if err := s.Send(t.Context(), outgoing(hard)); !errors.Is(err, notify.ErrNever) || strings.Contains(err.Error(), "unknown user") {
		t.Errorf("an answer that says no with 200: %v", err)
	}
}

func TestAGatewayThatIsAskedByGETCanBeAsked(t *testing.T) {
	g := newGateway(t)
	s := sends(t, notify.SMSConfig{URL: g.URL + "/?to={{urlquery .To}}&t={{urlquery .Text}}", Method: "get", Headers: []string{"Authorization: Basic {{.Token}}"}, Token: "eDp5"})
	if err := s.Send(t.Context(), outgoing(hard)); err != nil {
		t.Fatal(err)
	}
	got := g.last(t)
	if q := got.url.Query(); got.method != "GET" || got.body != "" || q.Get("to") != "+4790000412" || q.Get("t") != hard || got.header.Get("Authorization") != "Basic eDp5" {
		t.Errorf("%+v", got)
	}
}

func TestASettingThatMakesABrokenRequestIsNamedAtTheStart(t *testing.T) {
	const ok = "https://sms.example.no/send"
	form := "application/x-www-form-urlencoded"
	for name, tt := range map[string]struct {
		cfg  notify.SMSConfig
		want string // the setting
	}{
		"no address":                      {notify.SMSConfig{}, "url"},
		"a word":                          {notify.SMSConfig{URL: "gateway"}, "url"},
		"another scheme":                  {notify.SMSConfig{URL: "ftp://x/y"}, "url"},
		"no host":                         {notify.SMSConfig{URL: "http://"}, "url"},
		"a field that is not there":       {notify.SMSConfig{URL: ok, Body: `{"to":{{json .To}},"text":{{json .Txt}}}`}, "body"},
		"one in what is left out":         {notify.SMSConfig{URL: ok, Body: `{"to":{{json .To}},"text":{{json .Text}}{{if .From}},"f":{{json .Frm}}{{end}}}`}, "body"},
		"an unclosed brace":               {notify.SMSConfig{URL: ok, Body: `{{json .To`}, "body"},
		"a function that is not there":    {notify.SMSConfig{URL: ok, Body: `{{xml .Text}}`}, "body"},
		"text in JSON without json":       {notify.SMSConfig{URL: ok, Body: `{"to":"{{.To}}","text":"{{.Text}}"}`}, "body"},
		"JSON that is none":               {notify.SMSConfig{URL: ok, Body: `{"to":{{json .To}},"text":{{json .Text}}`}, "body"},
		"no text":                         {notify.SMSConfig{URL: ok, Body: `{"to":{{json .To}}}`}, "body"},
		"nobody to send to":               {notify.SMSConfig{URL: ok, Body: `{"text":{{json .Text}}}`}, "body"},
		"a form without urlquery":         {notify.SMSConfig{URL: ok, ContentType: form, Body: `to={{.To}}&text={{.Text}}`}, "body"},
		"a form in JSON":                  {notify.SMSConfig{URL: ok, ContentType: form, Body: `{"to":{{json .To}},"text":{{json .Text}}}`}, "body"},
		"a form without a body":           {notify.SMSConfig{URL: ok, ContentType: form}, "content-type"},
		"a content type that is none":     {notify.SMSConfig{URL: ok, ContentType: "JSON, please", Body: "x"}, "content-type"},
		"a method that sends nothing":     {notify.SMSConfig{URL: ok, Method: "DELETE"}, "method"},
		"GET with a body":                 {notify.SMSConfig{URL: ok, Method: "GET", Body: "x"}, "body"},
		"GET without the text":            {notify.SMSConfig{URL: ok + "?to={{urlquery .To}}", Method: "GET"}, "url"},
		"GET without urlquery":            {notify.SMSConfig{URL: ok + "?to={{.To}}&t={{.Text}}", Method: "GET"}, "url"},
		"a header without a colon":        {notify.SMSConfig{URL: ok, Headers: []string{"X-Key"}}, "header"},
		"a header with a space":           {notify.SMSConfig{URL: ok, Headers: []string{"X Key: 1"}}, "header"},
		"the text, of lines, in a header": {notify.SMSConfig{URL: ok, Headers: []string{"X-Text: {{.Text}}"}}, "header"},
		"an expression that is none":      {notify.SMSConfig{URL: ok, Accepted: "("}, "accepted"},
	} {
		_, err := notify.NewSMSGateway(tt.cfg)
		if broken, ok := errors.AsType[*notify.SMSSetting](err); !ok || broken.Setting != tt.want {
			t.Errorf("%s: %v, want one about %s", name, err, tt.want)
		}
	}
	if _, err := notify.NewSMSGateway(notify.SMSConfig{URL: ok, ContentType: "application/xml", Body: `<sms to="{{.To}}">{{html .Text}}</sms>`}); err != nil {
		t.Errorf("XML: %v", err)
	}
}

// What an error says of a message decides whether it is sent again.
func TestAnErrorSaysWhetherTheMessageMayHaveLeft(t *testing.T) {
	g := newGateway(t)
	s := sends(t, notify.SMSConfig{URL: g.URL + "/send?key=hemmeleg", Token: "secret"})
	const again, never, unknown = "tried again", "never", "unknown"
	is := func(err error) string {
		switch {
		case errors.Is(err, notify.ErrNever):
			return never
		case errors.Is(err, notify.ErrUncertain):
			return unknown
		case err != nil:
			return again
		}
		return "sent"
	}
	for status, want := range map[int]string{
		201: "sent", 204: "sent", 400: never, 401: never, 404: never, 302: never,
		408: again, 429: again, 500: again, 502: again, 503: again, 504: unknown,
	} {
		before := g.times()
		g.answers(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		})
		if err := s.Send(t.Context(), outgoing("hei")); is(err) != want {
			t.Errorf("%d: %v is %s, want %s", status, err, is(err), want)
		}
		if n := g.times() - before; n != 1 {
			t.Errorf("%d: asked %d times", status, n)
		}
	}
	hangUp := func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			err = c.Close()
		}
		if err != nil {
			t.Error(err)
		}
	}
	before := g.times()
	g.answers(hangUp)
	err := s.Send(t.Context(), outgoing("hei"))
	if is(err) != unknown {
		t.Errorf("a connection that ends without an answer: %v", err)
	}
	if n := g.times() - before; n != 1 { // net/http would ask again by itself
		t.Errorf("asked %d times", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	g.answers(func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	if err := s.Send(ctx, outgoing("hei")); is(err) != unknown {
		t.Errorf("a gateway that does not answer in time: %v", err)
	}
	for _, secret := range []string{"hemmeleg", "90000412"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%s stands in an error: %v", secret, err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	away := sends(t, notify.SMSConfig{URL: "http://" + l.Addr().String() + "/?key=hemmeleg"})
	if err := away.Send(t.Context(), outgoing("hei")); is(err) != again || strings.Contains(err.Error(), "hemmeleg") {
		t.Errorf("a gateway that is not there: %v", err)
	}
	plain := sends(t, notify.SMSConfig{URL: strings.Replace(g.URL, "http:", "https:", 1)})
	if err := plain.Send(t.Context(), outgoing("hei")); is(err) != again {
		t.Errorf("a gateway without TLS: %v", err)
	}
}

func TestAnAnswerThatBreaksOffLeavesItUnknown(t *testing.T) {
	g := newGateway(t)
	s := sends(t, notify.SMSConfig{URL: g.URL, Accepted: "queued"})
	g.answers(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "que")
	})
	if err := s.Send(t.Context(), outgoing("hei")); !errors.Is(err, notify.ErrUncertain) {
		t.Errorf("%v", err)
	}
}
