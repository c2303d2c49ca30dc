package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// settings is how serve is started: the App's Config, and what concerns the process only.
type settings struct {
	Config
	logFormat string
	logLevel  string
	config    string // file
}

// option is one setting: a flag, an environment variable and a line of the file.
type option struct {
	name, value, help string // value: what stands after it, in the help; empty for a switch
}

// groups are the settings as the help shows them.
var groups = []struct {
	title   string
	options []option
}{
	{"Where it listens", []option{
		{"addr", "host:port", "pages, websocket and ICE over TCP: one TCP port (127.0.0.1:8080)"},
		{"udp", "host:port", "media: one UDP port (as --addr)"},
		{"admin", "host:port", "/healthz, /readyz, /metrics; profiles too on loopback; empty for none (127.0.0.1:8081)"},
	}},
	{"How others reach it", []option{
		{"public-url", "url", "scheme and host in links, as in https://samtale.example.no (from --addr)"},
		{"public-ip", "ip,…", "addresses for media, where they are not the machine's own"},
	}},
	{"TLS", []option{
		{"tls", "off|self-signed|files", "cameras need https everywhere but on localhost (off)"},
		{"tls-cert", "file", "certificate chain in PEM, for --tls files; a renewed file is taken up by itself"},
		{"tls-key", "file", "its key in PEM"},
	}},
	{"What it keeps, and how it runs", []option{
		{"data", "folder", "what is kept on this machine (var)"},
		{"db", "url", "sqlite:PATH or postgres://user@host/database (sqlite:samkonsult.db in --data)"},
		{"keys-db", "url", "where persons' keys are, apart from backups (keys.db beside SQLite; a schema of its own in PostgreSQL)"},
		{"keys", "file:path|env:name", "secrets that the database must not hold (file:secrets in --data)"},
		{"redis", "url", "redis://user:password@host:6379/0, where several nodes know of one another; calls go on without it (one node)"},
		{"resume-window", "duration", "how long a lost connection keeps its place (60s)"},
		{"log-format", "text|json", "(text)"},
		{"log-level", "level", "debug, info, warn or error (info)"},
		{"config", "file", "settings as lines of name = value"},
	}},
	{"How people are told", []option{
		{"smtp", "url", "smtp://user:password@host:587, smtps://…, or smtp+plain://host:25 on one's own network"},
		{"smtp-from", "address", "whom e-mail is from"},
		{"sms-url", "url", "gateway for SMS: gets a POST of JSON {id, to, text}, unless the settings below say otherwise"},
		{"sms-token", "text", "its secret: {{.Token}} in the templates, or else a bearer token; better as an environment variable"},
		{"sms-method", "POST|PUT|GET", "(POST)"},
		{"sms-header", "name: value", "a header; several: repeated, or separated by ;"},
		{"sms-content-type", "type", "of --sms-body (application/json)"},
		{"sms-body", "template", "what is sent, with {{.To}}, {{.Text}}, {{.From}}, {{.ID}} and {{.Token}}, written {{json .Text}} or {{urlquery .Text}}; they stand in url and headers too"},
		{"sms-from", "text", "the sender's name or number, as agreed with the gateway"},
		{"sms-accepted", "regexp", "what the gateway's answer holds when it has taken the message, where it says 200 to everything"},
		{"sms-idempotent", "", "the gateway sends what it gets twice with the same {{.ID}} (header Idempotency-Key) once"},
		{"quiet-hours", "from-to|none", "when patients and relatives are not disturbed with what can wait (21-8)"},
		{"remind", "duration,…|none", "how long before it starts people are reminded (24h,1h)"},
	}},
	{"People's calendars elsewhere", []option{
		{"calendar-hosts", "host,…", "machines inside whose calendars may be read, as one's own Exchange; others must be on the internet"},
	}},
	{"Questionnaires and urgent work", []option{
		{"questionnaires", "folder", "licensed questionnaires as FHIR R4 JSON, such as EQ-5D and CAT, beside PHQ-9, GAD-7 and WHO-5"},
		{"acknowledge-within", "duration", "how long urgent work waits in working hours before the deputy is told (30m)"},
	}},
	{"What is deleted", []option{
		{"delete-by-policy", "", "delete what was measured, answered, photographed and planned of a patient when the time is over that organisations have agreed to keep it after their last consultation; not before what each needs is in its own journal"},
	}},
	{"Demo", []option{
		{"demo", "", "made-up organisations and people, and a consultation that starts now"},
		{"links", "file", "write everyone's link there as JSON"},
		{"demo-consultations", "n", "n more consultations with admitted seats, for load tests"},
		{"demo-anywhere", "", "let a demo listen on addresses that others can reach"},
	}},
}

const envPrefix = "SAMKONSULT_"

// parseServe reads serve's settings.
func parseServe(args []string, getenv func(string) (string, bool)) (settings, error) {
	return parseSettings("serve", args, getenv, nil)
}

// parseSettings reads a command's settings: flags weigh more than the environment, and that
// more than the file. Every command takes those of serve, so that one file is for all of
// them; more adds its own.
func parseSettings(command string, args []string, getenv func(string) (string, bool), more func(*flag.FlagSet)) (settings, error) {
	var s settings
	fs := s.flags()
	if more != nil {
		more(fs)
	}
	if err := fs.Parse(args); err != nil {
		return s, err
	}
	if fs.NArg() > 0 {
		return s, fmt.Errorf("%q: %s takes flags only", fs.Arg(0), command)
	}
	set := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { set[f.Name] = true })

	var firstErr error
	fs.VisitAll(func(f *flag.Flag) {
		name := envPrefix + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value, ok := getenv(name)
		if !ok || set[f.Name] || firstErr != nil {
			return
		}
		if err := f.Value.Set(value); err != nil {
			firstErr = fmt.Errorf("%s=%q: %w", name, value, err)
		}
		set[f.Name] = true
	})
	if firstErr != nil || s.config == "" {
		return s, firstErr
	}
	file, err := os.Open(s.config)
	if err != nil {
		return s, fmt.Errorf("--config: %w", err)
	}
	defer file.Close()
	return s, readConfig(file, s.config, fs, set)
}

// flags are the settings as flags, with their defaults.
func (s *settings) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // the caller prints errors and help
	fs.StringVar(&s.Addr, "addr", "127.0.0.1:8080", "")
	fs.StringVar(&s.UDP, "udp", "", "")
	fs.StringVar(&s.Admin, "admin", "127.0.0.1:8081", "")
	fs.StringVar(&s.PublicURL, "public-url", "", "")
	fs.StringVar(&s.PublicIP, "public-ip", "", "")
	fs.StringVar(&s.TLS, "tls", tlsOff, "")
	fs.StringVar(&s.TLSCert, "tls-cert", "", "")
	fs.StringVar(&s.TLSKey, "tls-key", "", "")
	fs.StringVar(&s.Data, "data", "var", "")
	s.Keeping.flags(fs)
	fs.StringVar(&s.Redis, "redis", "", "")
	s.Telling.flags(fs)
	fs.StringVar(&s.CalendarHosts, "calendar-hosts", "", "")
	fs.DurationVar(&s.ResumeWindow, "resume-window", time.Minute, "")
	fs.StringVar(&s.logFormat, "log-format", "text", "")
	fs.StringVar(&s.logLevel, "log-level", "info", "")
	fs.StringVar(&s.config, "config", "", "")
	fs.BoolVar(&s.Demo, "demo", false, "")
	fs.StringVar(&s.Links, "links", "", "")
	fs.StringVar(&s.Questionnaires, "questionnaires", "", "")
	fs.BoolVar(&s.DeleteByPolicy, "delete-by-policy", false, "")
	fs.DurationVar(&s.AcknowledgeWithin, "acknowledge-within", 30*time.Minute, "")
	fs.IntVar(&s.DemoConsultations, "demo-consultations", 0, "")
	fs.BoolVar(&s.DemoAnywhere, "demo-anywhere", false, "")
	return fs
}

// readConfig reads lines of name = value; # begins a comment line. An unknown name is an
// error: a setting that is misspelt and silently not there has cost many a night.
func readConfig(r io.Reader, file string, fs *flag.FlagSet, set map[string]bool) error {
	seen := map[string]bool{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		f := fs.Lookup(name)
		switch {
		case !ok:
			return fmt.Errorf("%s:%d: must be name = value", file, n)
		case f == nil || name == "config":
			return fmt.Errorf("%s:%d: no setting is called %q", file, n, name)
		case seen[name]:
			return fmt.Errorf("%s:%d: %s is there twice", file, n, name)
		}
		seen[name] = true
		if set[name] {
			continue
		}
		if err := f.Value.Set(value); err != nil {
			return fmt.Errorf("%s:%d: %s = %q: %w", file, n, name, value, err)
		}
	}
	return lines.Err()
}

// serveHelp is what samkonsult serve --help prints.
func serveHelp(w io.Writer) {
	fmt.Fprint(w, "samkonsult serve [flags]\n\nEach flag is also an environment variable (--public-url is "+envPrefix+"PUBLIC_URL) and a line\nof the file that --config names (public-url = …). Flags weigh most, the file least.\n")
	for _, g := range groups {
		fmt.Fprintf(w, "\n%s\n", g.title)
		for _, o := range g.options {
			left := "--" + o.name
			if o.value != "" {
				left += " " + o.value
			}
			if len(left) > 29 {
				fmt.Fprintf(w, "  %s\n%33s%s\n", left, "", o.help)
				continue
			}
			fmt.Fprintf(w, "  %-30s %s\n", left, o.help)
		}
	}
}

// isHelp says whether an error of flag parsing is a wish for help.
func isHelp(err error) bool { return errors.Is(err, flag.ErrHelp) }
