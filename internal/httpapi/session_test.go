package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// told decodes an answer that must have a status.
func told[T any](t *testing.T, res *http.Response, status int) (out T) {
	t.Helper()
	body := bodyOf(t, res)
	if res.StatusCode != status {
		t.Fatalf("%d, want %d: %s", res.StatusCode, status, body)
	}
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return out
}

func wantCode(t *testing.T, what string, res *http.Response, status int, code ProblemCode) Problem {
	t.Helper()
	p := told[Problem](t, res, status)
	if p.Code != code {
		t.Errorf("%s: %s, want %s", what, p.Code, code)
	}
	return p
}

// cookieOf is the one cookie that an answer sets, for the requests after it.
func cookieOf(t *testing.T, res *http.Response) *http.Cookie {
	t.Helper()
	all := res.Cookies()
	if len(all) == 0 {
		t.Fatal("no cookie is set")
	}
	return all[len(all)-1]
}

func as(c *http.Cookie) []string { return []string{"Cookie", c.Name + "=" + c.Value} }

// mail takes the one message that waits.
func (w *world) mail() notify.Message {
	w.t.Helper()
	all, err := w.db.Outbox().Claim(context.Background(), 10)
	w.must(err)
	if len(all) != 1 {
		w.t.Fatalf("%d messages wait, want 1", len(all))
	}
	w.must(w.db.Outbox().Done(context.Background(), all[0].ID))
	return all[0].Message
}

func (w *world) code(secret string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(secret, w.now)
	w.must(err)
	return code
}

const newPassword = "ein fin dag på fjorden"

// enrols invites someone by their administrator, and gives them a password and an app.
func (w *world) enrols(person access.PersonID, by access.PersonID) (secret string) {
	w.t.Helper()
	sent := told[NewLink](w.t, w.asks("POST", "/staff/"+string(person)+"/enrolment", "", w.signsIn(by, identity.LevelSubstantial)...), 200)
	if sent.Channel != "email" || sent.Hint != "•••@example.no" {
		w.t.Errorf("%+v", sent)
	}
	_, token, _ := strings.Cut(w.mail().Link, "#")
	e := told[Enrolment](w.t, w.asks("POST", "/enrolment", `{"token":"`+token+`"}`), 200)
	finish := `{"token":"` + token + `","password":"` + newPassword + `","code":"` + w.code(e.Secret) + `"}`
	if s := told[Session](w.t, w.asks("POST", "/enrolment/finish", finish), 200); s.Stage != StageFull && s.Stage != StageRole {
		w.t.Errorf("%+v", s)
	}
	wantCode(w.t, "the link again", w.asks("POST", "/enrolment", `{"token":"`+token+`"}`), http.StatusGone, ProblemLinkRevoked)
	w.now = w.now.Add(30 * time.Second)
	return e.Secret
}

func TestANurseSignsInAndOutAgain(t *testing.T) {
	w := newWorld(t)
	secret := w.enrols("mari", "jon")
	signIn := `{"email":"Mari@example.no","password":"` + newPassword + `"}`

	res := w.asks("POST", "/session", signIn)
	half := cookieOf(t, res)
	if s := told[Session](t, res, 200); s.Stage != StageCode || s.Person != (SignedIn{}) || s.Act != nil || len(s.May) != 0 {
		t.Errorf("after the password alone: %+v", s)
	}
	if half.Name != "sk" || !half.HttpOnly || half.SameSite != http.SameSiteStrictMode || half.Path != "/" || half.Domain != "" {
		t.Errorf("%+v", half)
	}
	wantCode(t, "the day, half signed in", w.asks("GET", "/day", "", as(half)...), 401, ProblemSignIn)
	wantCode(t, "a role, half signed in", w.asks("POST", "/session/role", `{"assignment":"a-mari"}`, as(half)...), 401, ProblemSignIn)

	res = w.asks("POST", "/session/code", `{"code":"`+w.code(secret)+`"}`, as(half)...)
	full := cookieOf(t, res)
	s := told[Session](t, res, 200)
	if s.Stage != StageFull || s.Person.Name != "mari" || s.Act == nil || s.Act.OrganisationName != "Fjordvik kommune" || len(s.Acts) != 1 || s.Language != Nynorsk {
		t.Errorf("%+v", s)
	}
	if full.Value == half.Value {
		t.Error("the session was not rotated")
	}
	wantCode(t, "the half session after it", w.asks("GET", "/session", "", as(half)...), 401, ProblemSignIn)
	if again := told[Session](t, w.asks("GET", "/session", "", as(full)...), 200); again.Person != s.Person {
		t.Errorf("%+v", again)
	}

	// Signing in anew in the same browser ends the session that was there.
	w.now = w.now.Add(30 * time.Second)
	res = w.asks("POST", "/session", signIn, as(full)...)
	told[Session](t, res, 200)
	wantCode(t, "the session of before", w.asks("GET", "/session", "", as(full)...), 401, ProblemSignIn)
	res = w.asks("POST", "/session/code", `{"code":"`+w.code(secret)+`"}`, as(cookieOf(t, res))...)
	full = cookieOf(t, res)
	told[Session](t, res, 200)

	_, err := w.gate.Begin(t.Context(), identity.Identified{
		Person: "mari", Method: identity.ByPasswordTOTP, Level: identity.LevelSubstantial, Credentials: 2,
	}, "chrome/android")
	w.must(err)
	all := told[Sessions](t, w.asks("GET", "/sessions", "", as(full)...), 200)
	here := 0
	for _, p := range all.Items {
		if p.Here {
			here++
		}
		if p.Act == nil || p.Act.Role != access.Nurse {
			t.Errorf("%+v", p)
		}
	}
	if here != 1 || len(all.Items) < 2 {
		t.Errorf("%d places, %d of them here", len(all.Items), here)
	}
	if res := w.asks("DELETE", "/sessions", "", as(full)...); res.StatusCode != http.StatusNoContent {
		t.Errorf("end the others: %d", res.StatusCode)
	}
	if all = told[Sessions](t, w.asks("GET", "/sessions", "", as(full)...), 200); len(all.Items) != 1 {
		t.Errorf("%d places are left", len(all.Items))
	}
	res = w.asks("DELETE", "/session", "", as(full)...)
	if gone := cookieOf(t, res); res.StatusCode != http.StatusNoContent || gone.MaxAge >= 0 || gone.Value != "" {
		t.Errorf("%d, cookie %+v", res.StatusCode, gone)
	}
	wantCode(t, "signed out", w.asks("GET", "/session", "", as(full)...), 401, ProblemSignIn)
}

func TestSigningInTellsNobodyWhoHasAnAccount(t *testing.T) {
	w := newWorld(t)
	w.enrols("mari", "jon")
	answers := map[string]bool{}
	for _, email := range []string{"mari@example.no", "per@example.no", "kven@example.no"} {
		var all strings.Builder
		for range 6 {
			res := w.asks("POST", "/session", `{"email":"`+email+`","password":"feil feil feil feil"}`)
			all.WriteString(res.Status + bodyOf(t, res) + strings.Join(res.Header["Set-Cookie"], ""))
		}
		answers[all.String()] = true
		if !strings.Contains(all.String(), string(ProblemSignInWrong)) || !strings.Contains(all.String(), string(ProblemLocked)) {
			t.Error(all.String())
		}
	}
	if len(answers) != 1 {
		t.Errorf("%d different answers", len(answers))
	}
}

func TestWhoIsSignedInIsNotSentToSignInWhileItCantBeChecked(t *testing.T) {
	w := newWorld(t)
	in := w.signsIn("mari", identity.LevelSubstantial)
	w.now = w.now.Add(2 * time.Minute) // in which nothing could be read of who is out
	p := wantCode(t, "not ready", w.asks("GET", "/session", "", in...), http.StatusServiceUnavailable, ProblemBusy)
	if p.RetryAfter == 0 {
		t.Error("and when again?")
	}
	w.must(w.gate.Refresh(t.Context()))
	told[Session](t, w.asks("GET", "/session", "", in...), 200)
}

func TestOneAddressGuessesSlowly(t *testing.T) {
	w := newWorld(t)
	limited := 0
	for range 120 {
		r := httptest.NewRequest("POST", "http://video.example.no/api/v1/enrolment", strings.NewReader(`{"token":"AAAAAAAAAAAAAAAAAAAAAA"}`))
		r.RemoteAddr = "203.0.113.7:1"
		r.Header.Set("Content-Type", "application/json")
		out := httptest.NewRecorder()
		w.ServeHTTP(out, r)
		if out.Code == http.StatusTooManyRequests {
			limited++
		}
	}
	if limited != 20 {
		t.Errorf("%d of 120 at once were turned away, want 20", limited)
	}
}

func TestAPatientComesByLinkAndCode(t *testing.T) {
	w := newWorld(t)
	token, err := w.gate.DemoSeatLink(t.Context(), identity.Seat{
		Consultation: "c1", Participant: "p-olav", Person: "olav", Role: access.Patient, Owner: hospital,
		Identification: identity.IdentifyCode, Starts: w.now, Expires: w.now.Add(24 * time.Hour),
	})
	w.must(err)
	open := `{"token":"` + token + `"}`
	res := w.asks("POST", "/link", open)
	if len(res.Cookies()) != 0 {
		t.Error("a cookie before the code")
	}
	body := bodyOf(t, res)
	if strings.Contains(body, "Olav") || strings.Contains(body, "olav") {
		t.Errorf("who it is is told before the code: %s", body)
	}
	var asked LinkAnswer
	w.must(json.Unmarshal([]byte(body), &asked))
	if asked.Code == nil || asked.Code.Hint != "••• •• 123" || asked.Code.TriesLeft != 5 || asked.Opened != nil || asked.Handle != "" {
		t.Fatalf("%s", body)
	}
	code := w.mail().Code
	wrong := string((code[0]-'0'+1)%10+'0') + code[1:]
	p := wantCode(t, "a wrong code", w.asks("POST", "/link/code", `{"token":"`+token+`","code":"`+wrong+`"}`), 403, ProblemCodeWrong)
	if p.TriesLeft != 4 {
		t.Errorf("%d tries left", p.TriesLeft)
	}
	if p := wantCode(t, "again at once", w.asks("POST", "/link/again", open), 429, ProblemTooMany); p.RetryAfter != 30_000 {
		t.Errorf("wait %d ms", p.RetryAfter)
	}
	w.now = w.now.Add(30 * time.Second)
	if again := told[LinkAnswer](t, w.asks("POST", "/link/again", open), 200); again.Code == nil || again.Code.TriesLeft != 4 {
		t.Errorf("%+v", again)
	}
	res = w.asks("POST", "/link/code", `{"token":"`+token+`","code":"`+w.mail().Code+`"}`)
	cookie := cookieOf(t, res)
	in := told[LinkAnswer](t, res, 200)
	if in.Opened == nil || in.Opened.Me.Name != "Olav Eik" && in.Opened.Me.ID != "p-olav" || in.Handle == "" || cookie.Name != "sk-"+in.Handle {
		t.Errorf("%+v, cookie %s", in, cookie.Name)
	}
	own := append(as(cookie), SessionHeader, in.Handle)
	if s := told[Session](t, w.asks("GET", "/session", "", own...), 200); s.Person.ID != "olav" || s.Act == nil || s.Act.Role != access.Patient {
		t.Errorf("%+v", s)
	}
	wantCode(t, "the cookie under another name", w.asks("GET", "/session", "", "Cookie", "sk="+cookie.Value), 401, ProblemSignIn)
	if again := told[LinkAnswer](t, w.asks("POST", "/link", open, own...), 200); again.Opened == nil || again.Code != nil {
		t.Errorf("the same tab again: %+v", again)
	}
}

func TestAMachineAsksForATokenAsTheStandardHasIt(t *testing.T) {
	w := newWorld(t)
	ask := func(form string, kind string) *http.Response {
		r := httptest.NewRequest("POST", "http://video.example.no/api/v1/token", strings.NewReader(form))
		r.Header.Set("Content-Type", kind)
		out := httptest.NewRecorder()
		w.ServeHTTP(out, r)
		return out.Result()
	}
	const form = "application/x-www-form-urlencoded"
	good := url.Values{"grant_type": {"client_credentials"}, "client_assertion_type": {identity.AssertionType}, "client_assertion": {"a.b.c"}}
	twice := url.Values{"grant_type": {"client_credentials", "client_credentials"}}
	for name, tt := range map[string]struct {
		body   string
		status int
		want   string
	}{
		"no assertion we know": {good.Encode(), 401, identity.TokenInvalidClient},
		"twice the same":       {twice.Encode(), 400, identity.TokenInvalidRequest},
		"no form":              {"%zz", 400, identity.TokenInvalidRequest},
		"another grant":        {"grant_type=password&username=mari&password=x", 400, identity.TokenUnsupportedGrant},
		"nothing more":         {"grant_type=client_credentials", 400, identity.TokenInvalidRequest},
	} {
		if got := told[AccessToken](t, ask(tt.body, form), tt.status); got.Error != tt.want || got.AccessToken != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	wantCode(t, "as JSON", ask(`{}`, "application/json"), http.StatusUnsupportedMediaType, ProblemInvalid)
}

func TestAnAdministratorLetsAnotherSystemIn(t *testing.T) {
	w := newWorld(t)
	admin := w.signsIn("jon", identity.LevelSubstantial)
	_, keys := publicKeys(t)
	body, err := json.Marshal(map[string]any{"name": "Journalen", "organisation": "fjordvik", "keys": keys, "scopes": []string{"patient.read"}, "active": true})
	w.must(err)
	res := w.asks("POST", "/machines", string(body), admin...)
	tag := res.Header.Get("ETag")
	m := told[MachineClient](t, res, 200)
	if m.ID == "" || m.Version != 1 || tag != `"1"` || m.LastUsed != 0 {
		t.Errorf("%+v, ETag %s", m, tag)
	}
	changed := strings.Replace(string(body), `"active":true`, `"active":false`, 1)
	if m = told[MachineClient](t, w.asks("PUT", "/machines/"+m.ID, changed, append(admin, "If-Match", tag)...), 200); m.Active || m.Version != 2 {
		t.Errorf("%+v", m)
	}
	wantCode(t, "on an old version", w.asks("PUT", "/machines/"+m.ID, changed, append(admin, "If-Match", tag)...), 412, ProblemChanged)
	if all := told[MachineClients](t, w.asks("GET", "/machines", "", admin...), 200); len(all.Items) != 1 {
		t.Errorf("%+v", all)
	}
	other := w.signsIn("leif", identity.LevelSubstantial)
	wantCode(t, "another's", w.asks("GET", "/machines/"+m.ID, "", other...), 403, ProblemRefused)
	wantCode(t, "what is not there", w.asks("GET", "/machines/nothing", "", other...), 403, ProblemRefused)
}

func TestDevicesByWhatTheySay(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                           "firefox/windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":              "edge/windows",
		"Mozilla/5.0 (Linux; Android 15; SM-X510) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                             "chrome/android",
		"Mozilla/5.0 (Linux; Android 15; SM-X510) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Safari/537.36":         "samsung/android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1":    "safari/ios",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1": "chrome/ios",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                      "safari/macos",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                     "firefox/linux",
		"curl/8.9": "other/other", "": "other/other",
	} {
		if got := device(agent); got != want {
			t.Errorf("%s: %s, want %s", agent, got, want)
		}
	}
}
