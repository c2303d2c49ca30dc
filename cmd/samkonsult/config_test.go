package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/notify"
)

// watched is a log that tells when a word has come.
type watched struct {
	want string
	seen chan struct{}

	mu   sync.Mutex
	buf  bytes.Buffer
	told bool
}

func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buf.Write(b)
	if !w.told && strings.Contains(w.buf.String(), w.want) {
		w.told = true
		close(w.seen)
	}
	return len(b), nil
}

func (w *watched) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}

// env is an environment.
func env(m map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := m[name]
		return v, ok
	}
}

func TestFlagsWeighMoreThanTheEnvironmentAndThatMoreThanTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "samkonsult.conf")
	text := "# a comment\naddr = file:1\n udp = file:2\n\ndemo = true\nresume-window=10s\nadmin =\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := parseServe([]string{"--addr", "flag:1"}, env(map[string]string{
		"SAMKONSULT_CONFIG": file, "SAMKONSULT_ADDR": "env:1", "SAMKONSULT_UDP": "env:2", "SAMKONSULT_PUBLIC_IP": "192.0.2.1",
		"SAMKONSULT_SERVICE_HOST": "what a cluster puts there",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if s.Addr != "flag:1" || s.UDP != "env:2" || !s.Demo || s.ResumeWindow != 10*time.Second || s.Admin != "" || s.PublicIP != "192.0.2.1" {
		t.Errorf("%+v", s)
	}
}

func TestABrokenSettingIsNamed(t *testing.T) {
	dir := t.TempDir()
	file := func(text string) []string {
		name := filepath.Join(t.TempDir(), "c.conf")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return []string{"--config", name}
	}
	for _, tt := range []struct {
		name string
		args []string
		env  map[string]string
		want string
	}{
		{"an unknown flag", []string{"--adr", "x"}, nil, "-adr"},
		{"a word that is no flag", []string{"demo"}, nil, `"demo"`},
		{"a number that is none", []string{"--demo-consultations", "many"}, nil, "demo-consultations"},
		{"in the environment", nil, map[string]string{"SAMKONSULT_DEMO": "perhaps"}, "SAMKONSULT_DEMO"},
		{"no such file", []string{"--config", filepath.Join(dir, "none")}, nil, "--config"},
		{"a misspelt line", file("addr = x:1\nadr = y\n"), nil, `c.conf:2: no setting is called "adr"`},
		{"a line without =", file("demo\n"), nil, "c.conf:1: must be name = value"},
		{"a line twice", file("udp = a:1\nudp = b:1\n"), nil, "c.conf:2: udp is there twice"},
		{"a value that is none", file("resume-window = long\n"), nil, "c.conf:1: resume-window"},
		{"a file that names another", file("config = x\n"), nil, "c.conf:1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := parseServe(tt.args, env(tt.env)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v does not say %q", err, tt.want)
			}
		})
	}
}

func TestSettingsThatDontGoTogetherAreRefused(t *testing.T) {
	good := func() Config { return Config{Addr: "127.0.0.1:0", Demo: true} }
	if _, err := check(good()); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, field string
		change      func(*Config)
	}{
		{"an address without a port", "addr", func(c *Config) { c.Addr = "localhost" }},
		{"a media address without a port", "udp", func(c *Config) { c.UDP = "1.2.3.4" }},
		{"an admin address without a port", "admin", func(c *Config) { c.Admin = "localhost" }},
		{"a public URL with a path", "public-url", func(c *Config) { c.PublicURL = "https://x.no/samtale" }},
		{"a public URL without a scheme", "public-url", func(c *Config) { c.PublicURL = "x.no" }},
		{"a public URL of another scheme", "public-url", func(c *Config) { c.PublicURL = "ftp://x.no" }},
		{"http for people and TLS on the port", "public-url", func(c *Config) { c.PublicURL, c.TLS = "http://x.no", tlsSelfSigned }},
		{"a public address that is a name", "public-ip", func(c *Config) { c.PublicIP = "x.no" }},
		{"every address as the public one", "public-ip", func(c *Config) { c.PublicIP = "0.0.0.0" }},
		{"an unknown kind of TLS", "tls", func(c *Config) { c.TLS = "on" }},
		{"files without a key", "tls", func(c *Config) { c.TLS, c.TLSCert = tlsFiles, "x" }},
		{"a certificate nobody asked for", "tls-cert", func(c *Config) { c.TLSCert = "x" }},
		{"a resume window of a day", "resume-window", func(c *Config) { c.ResumeWindow = 24 * time.Hour }},
		{"calendars at an address", "calendar-hosts", func(c *Config) { c.CalendarHosts = "exchange.fjord.example, https://mail.fjord.example" }},
		{"a demo that sends", "demo", func(c *Config) { c.SMTP = "smtp://mail.example.no" }},
		{"a demo that sends SMS", "demo", func(c *Config) { c.SMS.URL = "https://sms.example.no" }},
		{"no mail server", "smtp", func(c *Config) { c.Demo, c.SMTP = false, "mail.example.no" }},
		{"an SMS without its text", "sms-body", func(c *Config) {
			c.Demo, c.SMS.URL, c.SMS.Body = false, "https://sms.example.no", `{"to":{{json .To}}}`
		}},
		{"an SMS without a gateway", "sms-url", func(c *Config) { c.SMS.Body = "x" }},
		{"a header that is none", "sms-header", func(c *Config) { c.Demo, c.SMS.URL, c.SMS.Headers = false, "https://sms.example.no", []string{"x"} }},
		{"quiet hours of one hour", "quiet-hours", func(c *Config) { c.QuietHours = "21" }},
		{"quiet hours that are none", "quiet-hours", func(c *Config) { c.QuietHours = "21-25" }},
		{"quiet hours in words", "quiet-hours", func(c *Config) { c.QuietHours = "night-day" }},
		{"quiet all day", "quiet-hours", func(c *Config) { c.QuietHours = "8-8" }},
		{"a reminder that is no duration", "remind", func(c *Config) { c.Remind = "24h,soon" }},
		{"a reminder a year ahead", "remind", func(c *Config) { c.Remind = "8760h" }},
		{"a reminder as it starts", "remind", func(c *Config) { c.Remind = "0s" }},
		{"reminders all the time", "remind", func(c *Config) { c.Remind = "1h,2h,3h,4h,5h,6h" }},
		{"a database of another kind", "db", func(c *Config) { c.DB = "mysql://x" }},
		{"keys in a database of another kind", "keys-db", func(c *Config) { c.KeysDB = "keys.db" }},
		{"secrets from nowhere", "keys", func(c *Config) { c.Keys = "hunter2" }},
		{"nodes that meet nowhere", "redis", func(c *Config) { c.Redis = "localhost:6379" }},
		{"nodes that meet in another kind of place", "redis", func(c *Config) { c.Redis = "memcached://localhost" }},
		{"links of no demo", "links", func(c *Config) { c.Demo, c.Links = false, "x" }},
		{"too many consultations", "demo-consultations", func(c *Config) { c.DemoConsultations = 100_000 }},
		{"a demo for the whole network", "addr", func(c *Config) { c.Addr = ":8080" }},
		{"a demo on one address of the network", "addr", func(c *Config) { c.Addr = "192.0.2.1:8080" }},
		{"a demo on a name of the network", "addr", func(c *Config) { c.Addr = "example.no:8080" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := good()
			tt.change(&cfg)
			var field *FieldError
			if _, err := check(cfg); !errors.As(err, &field) || field.Field != tt.field {
				t.Errorf("check = %v, want one about --%s", err, tt.field)
			}
		})
	}
	for _, addr := range []string{"127.0.0.1:1", "[::1]:1", "localhost:1", "127.9.9.9:1"} {
		cfg := good()
		cfg.Addr = addr
		if _, err := check(cfg); err != nil {
			t.Errorf("%s is loopback: %v", addr, err)
		}
	}
	anywhere := good()
	anywhere.Addr, anywhere.DemoAnywhere = ":8080", true
	if _, err := check(anywhere); err != nil {
		t.Errorf("--demo-anywhere: %v", err)
	}
}

func TestHowPeopleAreToldIsUnderstood(t *testing.T) {
	s, err := parseServe([]string{
		"--smtp", "smtp+plain://127.0.0.1:25", "--smtp-from", "a@b.no", "--sms-url", "https://sms.example.no/?user=u&passwd={{.Token}}", "--sms-token", "t",
		"--sms-header", "X-One: 1; X-Two: {{.ID}}", "--sms-header", "X-Three: 3", "--sms-content-type", "application/x-www-form-urlencoded",
		"--sms-body", "to={{urlquery .To}}&msg={{urlquery .Text}}", "--sms-idempotent", "--quiet-hours", "22-7", "--remind", "48h, 2h",
	}, env(nil))
	if err != nil {
		t.Fatal(err)
	}
	c, err := check(s.Config)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.SMS.Headers, []string{"X-One: 1", "X-Two: {{.ID}}", "X-Three: 3"}) {
		t.Errorf("%q", s.SMS.Headers)
	}
	if c.telling.quiet != (notify.Quiet{From: 22, To: 7}) || !slices.Equal(c.telling.remind, []time.Duration{48 * time.Hour, 2 * time.Hour}) {
		t.Errorf("%+v", c.telling)
	}
	if sms := c.telling.senders[notify.SMS]; len(c.telling.senders) != 2 || !sms.Repeatable() {
		t.Errorf("%+v", c.telling.senders)
	}
	usual, err := check(Config{Addr: "127.0.0.1:0"})
	if err != nil || len(usual.telling.senders) != 0 || usual.telling.quiet != (notify.Quiet{}) || !slices.Equal(usual.telling.remind, []time.Duration{24 * time.Hour, time.Hour}) {
		t.Errorf("%+v, %v", usual.telling, err)
	}
	without, err := check(Config{Addr: "127.0.0.1:0", Telling: Telling{QuietHours: "none", Remind: "none"}})
	if q := without.telling.quiet; err != nil || q.From != q.To || q == (notify.Quiet{}) || without.telling.remind != nil {
		t.Errorf("%+v, %v", without.telling, err)
	}
}

func TestTheHelpKnowsEverySettingAndNoOther(t *testing.T) {
	var help bytes.Buffer
	if code := run(context.Background(), []string{"serve", "--help"}, env(nil), &help, &help); code != 0 {
		t.Errorf("exit code %d", code)
	}
	listed := 0
	for _, g := range groups {
		for _, o := range g.options {
			listed++
			value := []string{"--" + o.name, "x"}
			if o.value == "" {
				value = value[:1]
			}
			if _, err := parseServe(value, env(nil)); err != nil && strings.Contains(err.Error(), "not defined") {
				t.Errorf("--%s is in the help and no flag", o.name)
			}
			if !strings.Contains(help.String(), "--"+o.name) {
				t.Errorf("--%s is not printed", o.name)
			}
		}
	}
	var s settings
	flags := 0
	s.flags().VisitAll(func(*flag.Flag) { flags++ })
	if flags != listed {
		t.Errorf("%d flags, %d in the help", flags, listed)
	}
}

func TestWrongUsageSaysSoAndStartsNothing(t *testing.T) {
	for _, args := range [][]string{{}, {"sreve"}, {"serve", "--nothing"}, {"serve"}, {"serve", "--demo", "--log-level", "loud"}, {"serve", "--demo", "--log-format", "xml"}} {
		var out, errs bytes.Buffer
		if code := run(context.Background(), args, env(map[string]string{"SAMKONSULT_ADDR": "127.0.0.1:0"}), &out, &errs); code != 2 || errs.Len() == 0 || out.Len() != 0 {
			t.Errorf("%q: exit code %d, said %q", args, code, errs.String())
		}
	}
}

// What deploy/README.md says a gateway is asked with is a setting that the program takes.
func TestTheExamplesOfGatewaysAreTaken(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	examples := 0
	for block := range strings.SplitSeq(string(text), "```") {
		if !strings.HasPrefix(block, "\nsms-") {
			continue
		}
		examples++
		file := filepath.Join(t.TempDir(), "c.conf")
		if err := os.WriteFile(file, []byte(block), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := parseServe([]string{"--config", file, "--sms-token", "secret"}, env(nil))
		if err == nil {
			_, err = check(s.Config)
		}
		if err != nil {
			t.Errorf("%v in%s", err, block)
		}
	}
	if examples != 2 {
		t.Errorf("%d examples", examples)
	}
}
