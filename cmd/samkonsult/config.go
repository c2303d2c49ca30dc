package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/ical"
	"github.com/samkonsult/samkonsult/signaling/cluster"
)

// Config of an App: what the flags of serve say.
type Config struct {
	Addr      string // host:port of pages, websocket and ICE over TCP; port 0 means a free one
	UDP       string // host:port of media; empty means the same host and port as Addr
	PublicURL string // scheme and host that people use; empty means what Addr says
	PublicIP  string // addresses written into call answers, separated by commas; empty means the interfaces' own
	TLS       string // "off", "self-signed" or "files"; empty means "off"
	TLSCert   string // PEM files, for "files"
	TLSKey    string
	Data      string // folder for what is kept on this machine; empty means "var"
	Keeping          // where everything else is kept
	Redis     string // where several nodes know of one another: redis://user:password@host:6379/0; empty means that there is one node
	Telling          // how people are told
	Admin     string // host:port of health, metrics and profiles; empty means none

	// CalendarHosts are machines inside whose calendars may be read for people, such as the
	// hospital's own Exchange, separated by commas; all others must be on the internet.
	CalendarHosts string

	Questionnaires    string        // folder of licensed questionnaires, FHIR R4 JSON; empty means none beside our own
	DeleteByPolicy    bool          // what was shared is deleted when the time is over that was agreed for it
	AcknowledgeWithin time.Duration // how long urgent work waits in working hours before the deputy is told; 0 means 30 min

	Demo              bool
	DemoConsultations int    // more consultations, admitted beforehand, for load tests
	DemoAnywhere      bool   // lets a demo listen on addresses that others can reach
	Links             string // file to write the demo's links to; empty means none

	ResumeWindow time.Duration // how long a lost connection keeps its place; 0 means 60 s
	Log          *slog.Logger  // nil means none
}

// The ways to serve TLS.
const (
	tlsOff        = "off"
	tlsSelfSigned = "self-signed"
	tlsFiles      = "files"
)

// checked is a Config whose parts have been understood.
type checked struct {
	Config
	publicIPs []netip.Addr
	public    *url.URL // nil: not given
	telling   telling

	calendarHosts  []string
	questionnaires clinical.Questionnaires
}

// FieldError tells which setting breaks which rule.
type FieldError struct{ Field, Rule string }

func (e *FieldError) Error() string { return fmt.Sprintf("--%s: %s", e.Field, e.Rule) }

// check understands a Config, or names the first setting that breaks a rule.
func check(c Config) (out checked, err error) {
	out = checked{Config: c}
	if out.TLS == "" {
		out.TLS = tlsOff
	}
	if out.Data == "" {
		out.Data = "var"
	}
	if err := out.Keeping.complete(out.Data, c.Demo); err != nil {
		return out, err
	}
	if _, _, err := net.SplitHostPort(out.Addr); err != nil {
		return out, &FieldError{"addr", "must be host:port, as in 127.0.0.1:8080 or :443"}
	}
	if out.UDP == "" {
		out.UDP = out.Addr
	}
	for _, f := range []struct{ field, value string }{{"udp", out.UDP}, {"admin", out.Admin}} {
		if _, _, err := net.SplitHostPort(f.value); err != nil && f.value != "" {
			return out, &FieldError{f.field, "must be host:port"}
		}
	}
	if c.Redis != "" {
		if err := cluster.CheckURL(c.Redis); err != nil {
			return out, &FieldError{"redis", err.Error()}
		}
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" ||
			strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return out, &FieldError{"public-url", "must be a scheme and a host, as in https://samtale.example.no"}
		}
		if u.Scheme == "http" && out.TLS != tlsOff {
			return out, &FieldError{"public-url", "must be https when --tls is not off"}
		}
		out.public = &url.URL{Scheme: u.Scheme, Host: u.Host}
	}
	if c.PublicIP != "" {
		for s := range strings.SplitSeq(c.PublicIP, ",") {
			ip, err := netip.ParseAddr(strings.TrimSpace(s))
			if err != nil || ip.IsUnspecified() {
				return out, &FieldError{"public-ip", "must be IP addresses, separated by commas"}
			}
			out.publicIPs = append(out.publicIPs, ip)
		}
	}
	if c.CalendarHosts != "" {
		for host := range strings.SplitSeq(c.CalendarHosts, ",") {
			out.calendarHosts = append(out.calendarHosts, strings.TrimSpace(host))
		}
		if _, err := ical.NewFetcher(ical.FetcherConfig{AllowHosts: out.calendarHosts}); err != nil {
			return out, &FieldError{"calendar-hosts", "must be names of hosts, separated by commas, as in exchange.fjord.example"}
		}
	}
	if out.questionnaires, err = questionnairesIn(c.Questionnaires); err != nil {
		return out, err
	}
	if c.AcknowledgeWithin < 0 || c.AcknowledgeWithin > 24*time.Hour {
		return out, &FieldError{"acknowledge-within", "must be from 0 to 24h"}
	}
	switch out.TLS {
	case tlsOff, tlsSelfSigned:
		if c.TLSCert != "" || c.TLSKey != "" {
			return out, &FieldError{"tls-cert", "is only for --tls files"}
		}
	case tlsFiles:
		if c.TLSCert == "" || c.TLSKey == "" {
			return out, &FieldError{"tls", "files needs --tls-cert and --tls-key"}
		}
	default:
		return out, &FieldError{"tls", "must be off, self-signed or files"}
	}
	if c.ResumeWindow < 0 || c.ResumeWindow > time.Hour {
		return out, &FieldError{"resume-window", "must be from 0 to 1h"}
	}
	if out.ResumeWindow == 0 {
		out.ResumeWindow = time.Minute
	}
	if out.Log == nil {
		out.Log = slog.New(slog.DiscardHandler)
	}
	if err := out.checkDemo(); err != nil {
		return out, err
	}
	out.telling, err = c.Telling.checked()
	return out, err
}

// checkDemo keeps a demo, in which anyone with a printed link is a doctor, off the network.
func (c checked) checkDemo() error {
	if !c.Demo {
		for field, given := range map[string]bool{
			"links": c.Links != "", "demo-consultations": c.DemoConsultations != 0, "demo-anywhere": c.DemoAnywhere,
		} {
			if given {
				return &FieldError{field, "is only for --demo"}
			}
		}
		return nil
	}
	if c.SMTP != "" || c.SMS.URL != "" {
		return &FieldError{"demo", "sends nothing: its messages stand at /demo/messages of the admin address; leave out --smtp and --sms-url"}
	}
	if c.DemoConsultations < 0 || c.DemoConsultations > 10_000 {
		return &FieldError{"demo-consultations", "must be from 0 to 10000"}
	}
	if c.DemoAnywhere {
		return nil
	}
	// The media port takes packets only from pages that were answered by way of Addr.
	if !loopback(c.Addr) {
		return &FieldError{"addr", "a demo lets in anyone with a link, so it listens on loopback only; --demo-anywhere if that is what you want"}
	}
	return nil
}

// loopback says whether an address to listen on can be reached from this machine only.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
