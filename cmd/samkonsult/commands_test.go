package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/httpapi"
)

// samkonsult runs a command as at a terminal.
func samkonsult(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, env(nil), &out, &errs)
	return code, out.String(), errs.String()
}

// founded is a service that has just been set up, in a folder.
func founded(t *testing.T) (folder, link string) {
	t.Helper()
	folder = t.TempDir()
	code, out, errs := samkonsult(t, "setup", "--data", folder, "--public-url", "http://localhost", "--organisation", "Fjord sjukehus",
		"--kind", "hospital", "--phone", "12345678", "--name", "Jon Vik", "--email", "jon.vik@fjord.example")
	if code != 0 {
		t.Fatalf("setup ended with %d: %s", code, errs)
	}
	link = regexp.MustCompile(`http://localhost/enrol#\S{22}`).FindString(out)
	if link == "" {
		t.Fatalf("no link in %q", out)
	}
	return folder, link
}

// serving runs the service that was set up in a folder, which is no demo.
func serving(t *testing.T, folder string) running {
	t.Helper()
	return startApp(t, func(c *Config) { c.Demo, c.Data = false, folder })
}

func TestASetUpServiceLetsItsFirstAdministratorIn(t *testing.T) {
	folder, link := founded(t)
	app := serving(t, folder)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, base: app.URL(), client: browser(t)}
	v.client.Jar = jar
	token := link[len(link)-22:]
	var enrolment httpapi.Enrolment
	if problem := v.ask(http.MethodPost, "/api/v1/enrolment", httpapi.OpenLink{Token: token}, &enrolment); problem.Code != "" || enrolment.Name != "Jon Vik" {
		t.Fatalf("%+v %+v", enrolment, problem)
	}
	code, err := totp.GenerateCode(enrolment.Secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var session httpapi.Session
	problem := v.ask(http.MethodPost, "/api/v1/enrolment/finish", httpapi.FinishEnrolment{Token: token, Password: "ei kald natt i november", Code: code}, &session)
	if session.Stage != httpapi.StageFull || session.Act == nil || session.Act.Role != access.Administrator {
		t.Fatalf("%+v %+v", session, problem)
	}
	var organisations httpapi.Organisations
	v.ask(http.MethodGet, "/api/v1/organisations", nil, &organisations)
	if len(organisations.Items) != 1 || organisations.Items[0].Name != "Fjord sjukehus" || !organisations.Items[0].Host {
		t.Errorf("%+v", organisations)
	}
	// The link is used up, and there is nothing to set up any more.
	if problem := v.ask(http.MethodPost, "/api/v1/enrolment", httpapi.OpenLink{Token: token}, &enrolment); problem.Code != httpapi.ProblemLinkRevoked {
		t.Errorf("the link a second time: %+v", problem)
	}
	if err := app.stop(); err != nil {
		t.Fatal(err)
	}
	status, _, errs := samkonsult(t, "setup", "--data", folder, "--public-url", "http://localhost", "--organisation", "Annan",
		"--kind", "hospital", "--name", "Nokon", "--email", "nokon@annan.example")
	if status != 1 || !strings.Contains(errs, "exists already") {
		t.Errorf("a second setup ended with %d: %s", status, errs)
	}
	// Who has lost the way in and has nobody to ask gets a new one from who runs the machine.
	recover := func(email string) (int, string, string) {
		return samkonsult(t, "setup", "--data", folder, "--public-url", "http://localhost", "--recover", "--email", email)
	}
	if status, out, errs := recover("jon.vik@fjord.example"); status != 0 || !strings.Contains(out, "http://localhost/enrol#") {
		t.Errorf("recovery ended with %d: %s%s", status, out, errs)
	}
	if status, _, _ := recover("nokon@fjord.example"); status != 1 {
		t.Errorf("recovery of nobody ended with %d", status)
	}
}

func TestAServiceThatIsNotSetUpSaysHowTo(t *testing.T) {
	folder := t.TempDir()
	code, _, errs := samkonsult(t, "serve", "--data", folder, "--addr", "127.0.0.1:0", "--admin", "")
	if code != 2 || !strings.Contains(errs, "samkonsult setup") {
		t.Errorf("ended with %d: %s", code, errs)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 0 {
		t.Errorf("it has left %v, %v", entries, err)
	}
}

func TestABackupBringsEverythingBack(t *testing.T) {
	folder, _ := founded(t)
	app := serving(t, folder) // the service goes on meanwhile
	main, keys := filepath.Join(t.TempDir(), "main.backup"), filepath.Join(t.TempDir(), "keys.backup")
	if code, out, errs := samkonsult(t, "backup", "--data", folder, "--out", main, "--keys-out", keys); code != 0 {
		t.Fatalf("backup ended with %d: %s%s", code, out, errs)
	}
	if code, _, errs := samkonsult(t, "backup", "--data", folder, "--out", main); code != 1 || !strings.Contains(errs, "is there already") {
		t.Errorf("over another: %d %s", code, errs)
	}
	if err := app.stop(); err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	args := []string{"restore", "--data", elsewhere, "--keys", "file:" + filepath.Join(folder, "secrets"), "--from", main, "--keys-from", keys}
	if code, _, errs := samkonsult(t, args...); code != 0 {
		t.Fatalf("restore ended with %d: %s", code, errs)
	}
	again := startApp(t, func(c *Config) {
		c.Demo, c.Data, c.Keys = false, elsewhere, "file:"+filepath.Join(folder, "secrets")
	})
	p, err := again.house.directory.StaffByEmail(t.Context(), "jon.vik@fjord.example")
	if err != nil || p.Name != "Jon Vik" {
		t.Errorf("%v, %v", p.Name, err)
	}
	if err := again.stop(); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := samkonsult(t, args...); code != 1 || !strings.Contains(errs, "not empty") {
		t.Errorf("into a database that is in use: %d %s", code, errs)
	}
}

func TestNewSecretsAreTakenUpByTheNextStart(t *testing.T) {
	folder, _ := founded(t)
	if code, out, errs := samkonsult(t, "keys", "--data", folder); code != 0 || !strings.Contains(out, "generation 2") {
		t.Fatalf("keys ended with %d: %s%s", code, out, errs)
	}
	log := &watched{want: "keys are of the current generation", seen: make(chan struct{})}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan int, 1)
	go func() { // ends with ctx
		done <- run(ctx, []string{"serve", "--data", folder, "--addr", "127.0.0.1:0", "--admin", ""}, env(nil), &bytes.Buffer{}, log)
	}()
	select {
	case <-log.seen:
	case code := <-done:
		t.Fatalf("ended with %d: %s", code, log.text())
	}
	cancel()
	if code := <-done; code != 0 {
		t.Errorf("ended with %d: %s", code, log.text())
	}
}

func TestTheRecordOfAServiceIsWhole(t *testing.T) {
	folder, _ := founded(t)
	app := serving(t, folder)
	v := &visitor{t: t, base: app.URL(), client: browser(t)}
	v.ask(http.MethodPost, "/api/v1/session", httpapi.SignIn{Email: "nokon@fjord.example", Password: "gjetta"}, nil)
	if err := app.stop(); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := samkonsult(t, "audit", "verify", "--data", folder); code != 0 {
		t.Errorf("verify ended with %d: %s%s", code, out, errs)
	}
	code, out, errs := samkonsult(t, "audit", "export", "--data", folder)
	if code != 0 || !strings.Contains(out, `"organisation.create"`) || strings.Contains(out, "Jon Vik") {
		t.Errorf("export ended with %d: %s%s", code, out, errs)
	}
}
