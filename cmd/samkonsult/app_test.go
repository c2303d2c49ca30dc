package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/httpapi"
)

// running is an App that serves until the test ends.
type running struct {
	*App
	stop func() error
}

// startApp runs a demo on free ports of loopback; change may ask for more.
func startApp(t *testing.T, change func(*Config)) running {
	t.Helper()
	cfg := Config{Addr: "127.0.0.1:0", Admin: "127.0.0.1:0", Demo: true, Data: t.TempDir()}
	if change != nil {
		change(&cfg)
	}
	app, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- app.Run(ctx) }() // ends with ctx; stop waits for it
	stopped := false
	stop := func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-ran
	}
	t.Cleanup(func() { _ = stop() })
	return running{app, stop}
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	res, err := browser(t).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func TestTwoServicesLiveInOneProcess(t *testing.T) {
	a, b := startApp(t, nil), startApp(t, nil)
	for _, app := range []running{a, b} {
		if opened, _ := open(t, app.Links().Patient); opened.Me.Name != "Olav Eik" {
			t.Errorf("patient's link opens %+v", opened.Me)
		}
	}
	// They share nothing: a link of one is unknown to the other.
	foreign := strings.Replace(a.Links().Patient, a.URL(), b.URL(), 1)
	if _, problem := open(t, foreign); problem.Code != httpapi.ProblemLinkUnknown {
		t.Errorf("%+v", problem)
	}
	if err := a.stop(); err != nil {
		t.Errorf("end of the first: %v", err)
	}
	if opened, _ := open(t, b.Links().Nurse); opened.Me.Name != "Mari Bjørk" {
		t.Errorf("the second suffers from the end of the first: %+v", opened.Me)
	}
}

func TestTheLinksFileHoldsWhatWasAgreed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "links.json")
	app := startApp(t, func(c *Config) { c.Links, c.DemoConsultations = file, 2 })
	if _, problem := open(t, app.Links().Specialist); problem.Code != "" { // it answers, so the file is there
		t.Fatal(problem)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"base", "consultation", "specialist", "nurse", "patient", "relative", "coordinator", "admin", "gp", "code", "recognised", "dataProtection", "messages",
		"municipality", "specialistDay", "nurseDay", "gpDay",
	} {
		if s, _ := got[name].(string); s == "" {
			t.Errorf("%s is missing: %s", name, data)
		}
		delete(got, name)
	}
	consultations, _ := got["consultations"].([]any)
	if len(consultations) != 2 {
		t.Fatalf("%s", data)
	}
	for _, c := range consultations {
		if c := c.(map[string]any); c["id"] == "" || len(c["tickets"].([]any)) != 12 {
			t.Errorf("%v", c)
		}
	}
	delete(got, "consultations")
	if len(got) != 0 {
		t.Errorf("more than agreed: %v", got)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read it: %v, %v", info.Mode(), err)
	}
}

func TestHealthReadinessAndMetrics(t *testing.T) {
	app := startApp(t, nil)
	if _, answer, problem := visit(t, app.Links().Admin); !answer.SignedIn { // it serves
		t.Fatal(answer, problem)
	}
	for path, want := range map[string]string{
		"/healthz": "ok\n", "/readyz": "ready\n",
	} {
		if status, body := get(t, app.AdminURL()+path); status != http.StatusOK || body != want {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	_, metrics := get(t, app.AdminURL()+"/metrics")
	for _, want := range []string{"go_goroutines ", "process_resident_memory_bytes ", "samkonsult_media_packets_forwarded_total 0", "samkonsult_connections 0"} {
		if !strings.Contains(metrics, "\n"+want) {
			t.Errorf("%s is not in the metrics", want)
		}
	}
	if status, _ := get(t, app.AdminURL()+"/debug/pprof/goroutine"); status != http.StatusOK {
		t.Errorf("profiles: %d", status)
	}
	for _, path := range []string{"/metrics", "/healthz", "/debug/pprof/"} {
		if status, _ := get(t, app.URL()+path); status == http.StatusOK {
			t.Errorf("%s is open to everyone", path)
		}
	}
}

func TestTheServiceIsNotReadyWhenItDoesNotRun(t *testing.T) {
	app, err := New(t.Context(), Config{Addr: "127.0.0.1:0", Admin: "127.0.0.1:0", Demo: true, Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	ran := make(chan error, 1)
	go func() { ran <- serveHTTP(t.Context(), app.admin, app.adminListener) }() // ends with the test's context
	if status, _ := get(t, app.AdminURL()+"/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("status %d", status)
	}
	if err := app.Close(); err != nil {
		t.Error(err)
	}
	<-ran
}

func TestPlainHTTPIsShownTheWayToTLS(t *testing.T) {
	app := startApp(t, func(c *Config) { c.TLS = tlsSelfSigned })
	if !strings.HasPrefix(app.URL(), "https://localhost:") {
		t.Fatalf("base %s", app.URL())
	}
	res, err := browser(t).Get("http" + strings.TrimPrefix(app.URL(), "https") + "/k?x=1")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusPermanentRedirect || res.Header.Get("Location") != app.URL()+"/k?x=1" {
		t.Errorf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
	if res.Header.Get("Strict-Transport-Security") != "" { // RFC 6797 §7.2
		t.Error("HSTS without TLS")
	}
	res, err = browser(t).Get(app.URL() + "/")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS with TLS")
	}
	if opened, _ := open(t, app.Links().Relative); opened.Me.Name != "Ragna Eik" {
		t.Errorf("%+v", opened.Me)
	}
}

func TestPortsAreBackWhenTheServiceHasEnded(t *testing.T) {
	app := startApp(t, nil)
	if _, problem := open(t, app.Links().Nurse); problem.Code != "" {
		t.Fatal(problem)
	}
	tcp := app.port.HTTP().Addr().String()
	udp, admin := app.media.UDPAddr().String(), app.adminListener.Addr().String()
	if err := app.stop(); err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{tcp, admin} {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			t.Errorf("%s: %v", addr, err)
			continue
		}
		_ = l.Close()
	}
	l, err := net.ListenPacket("udp", udp)
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
}

func TestAnAppThatCantStartGivesItsPortsBack(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	_ = free.Close()
	if _, err := New(t.Context(), Config{Addr: addr, Admin: taken.Addr().String(), Demo: true, Data: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "--admin") {
		t.Fatalf("New = %v", err)
	}
	again, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	_ = again.Close()
}

func TestServeFromTheCommandLineToItsEnd(t *testing.T) {
	file := filepath.Join(t.TempDir(), "links.json")
	ctx, cancel := context.WithCancel(context.Background())
	var stdout bytes.Buffer
	log := &watched{want: `"msg":"serving"`, seen: make(chan struct{})}
	done := make(chan int, 1)
	go func() { // ends with ctx
		done <- run(ctx, []string{"serve", "--demo", "--addr", "127.0.0.1:0", "--links", file, "--data", t.TempDir()}, env(map[string]string{
			"SAMKONSULT_ADMIN": "127.0.0.1:0", "SAMKONSULT_LOG_FORMAT": "json", "GOGC": "100",
		}), &stdout, log)
	}()
	select {
	case <-log.seen:
	case code := <-done:
		t.Fatalf("ended with %d: %s", code, log.text())
	}
	var links Links
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &links); err != nil {
		t.Fatal(err)
	}
	if opened, _ := open(t, links.Specialist); opened.Me.Name != "Tuva Ask" || !opened.AdmitsItself {
		t.Errorf("%+v", opened)
	}
	cancel()
	if code := <-done; code != 0 {
		t.Errorf("exit code %d: %s", code, log.text())
	}
	if !strings.Contains(stdout.String(), links.Patient) {
		t.Errorf("the links are not printed: %s", stdout.String())
	}
	// No token and no name in the log, ever.
	for _, secret := range []string{"Tuva", "Ask", strings.SplitN(links.Specialist, "#", 2)[1]} {
		if strings.Contains(log.text(), secret) {
			t.Errorf("log tells %q: %s", secret, log.text())
		}
	}
}
