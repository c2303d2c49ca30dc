package ical_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/ical"
)

const aCalendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"

// exchange is a TLS server on loopback, which to everyone but those who ask for it by an
// allowed name lies inside the hospital's network.
type exchange struct {
	*httptest.Server
	port uint16
	hits atomic.Int32
}

func serve(t *testing.T, answer http.HandlerFunc) *exchange {
	t.Helper()
	x := &exchange{}
	x.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.hits.Add(1)
		answer(w, r)
	}))
	x.Config.ErrorLog = log.New(io.Discard, "", 0) // of clients that hang up
	x.StartTLS()
	t.Cleanup(x.Close)
	u, err := url.Parse(x.URL)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	x.port = uint16(n)
	return x
}

// at is an address of the server under a name, which its certificate is for when it is example.com.
func (x *exchange) at(scheme, host, path string) string {
	return fmt.Sprintf("%s://%s:%d%s", scheme, host, x.port, path)
}

// config lets example.com be asked, and finds every name on loopback.
func (x *exchange) config() ical.FetcherConfig {
	roots := x509.NewCertPool()
	roots.AddCert(x.Certificate())
	return ical.FetcherConfig{
		Ports: []uint16{x.port}, AllowHosts: []string{"Example.com."}, Roots: roots, Timeout: 10 * time.Second,
		Resolve: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("::ffff:127.0.0.1")}, nil
		},
	}
}

func fetcher(t *testing.T, cfg ical.FetcherConfig) *ical.Fetcher {
	t.Helper()
	f, err := ical.NewFetcher(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// refused wants an error of that rule that doesn't give the address away.
func refused(t *testing.T, what string, err error, rule ical.Rule, secrets ...string) {
	t.Helper()
	bad, ok := errors.AsType[*ical.Invalid](err)
	if !ok || bad.Field != "address" || bad.Rule != rule || bad.Words == "" {
		t.Errorf("%s: %v, want %s", what, err, rule)
		return
	}
	for _, s := range secrets {
		if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, bad), s) {
			t.Errorf("%s: %v tells %s", what, err, s)
		}
	}
}

func TestACalendarInsideThatTheOperatorAllowsIsFetched(t *testing.T) {
	x := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/s3cret/kalender.ics" || !strings.HasPrefix(r.Header.Get("Accept"), "text/calendar") {
			t.Errorf("asked for %s", r.URL)
		}
		fmt.Fprint(w, "\xef\xbb\xbf\r\n"+strings.ToLower(aCalendar))
	})
	f := fetcher(t, x.config())
	for _, scheme := range []string{"https", "webcal", "WEBCAL"} {
		got, err := f.Get(t.Context(), " "+x.at(scheme, "example.com", "/s3cret/kalender.ics#x")+"\n", ical.Validators{})
		if err != nil || got.NotModified || !bytes.Contains(got.Body, []byte("vcalendar")) {
			t.Errorf("%s: %+v, %v", scheme, got, err)
		}
	}
	everything := x.config()
	everything.AllowHosts, everything.AllowPrivate = nil, true
	if _, err := fetcher(t, everything).Get(t.Context(), x.at("https", "127.0.0.1", "/s3cret/kalender.ics"), ical.Validators{}); err != nil {
		t.Error(err)
	}
}

func TestNothingInsideIsReachedByAnAddressFromOutside(t *testing.T) {
	x := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, aCalendar) })
	f := fetcher(t, x.config())
	for _, host := range []string{
		"127.0.0.1", "[::1]", "0.0.0.0", "[::]", "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]",
		"10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "[fe80::1]", "[fd00::1]", "[fec0::1]", "224.0.0.1", "[ff02::1]",
		"255.255.255.255", "192.0.2.1", "198.18.0.1", "192.0.0.8", "240.0.0.1", "[2001:db8::1]", "[3fff::1]", "[fe80::1%25eth0]", "[100::1]",
		"localhost", "intranett.example", // found on loopback
		"2130706433", "0x7f.1", "0177.0.0.1", // spellings that some resolvers take for 127.0.0.1
	} {
		_, err := f.Get(t.Context(), x.at("https", host, "/"), ical.Validators{})
		refused(t, host, err, ical.RuleInside)
	}
	if n := x.hits.Load(); n != 0 {
		t.Errorf("the server was asked %d times", n)
	}
}

func TestANameThatChangesWhereItLeadsIsCaughtWhenItIsDialled(t *testing.T) {
	x := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://rebind.example:"+r.Host[strings.LastIndexByte(r.Host, ':')+1:]+"/", http.StatusFound)
	})
	inside, public := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("93.184.215.14")
	cfg := x.config()
	for what, answers := range map[string][]netip.Addr{
		"inside at once": {inside}, "one address of two": {public, inside}, "mapped": {netip.MustParseAddr("::ffff:10.0.0.1")}, "local": {netip.MustParseAddr("fe80::1%eth0")},
	} {
		asked := map[string]int{}
		cfg.Resolve = func(_ context.Context, host string) ([]netip.Addr, error) {
			if asked[host]++; host == "example.com" { // the first stop, which is allowed
				return []netip.Addr{inside}, nil
			}
			return answers, nil
		}
		x.hits.Store(0)
		_, err := fetcher(t, cfg).Get(t.Context(), x.at("https", "example.com", "/"), ical.Validators{})
		refused(t, what, err, ical.RuleInside)
		// What is checked is what is dialled: there is no second look-up in between.
		if asked["rebind.example"] != 1 || x.hits.Load() != 1 {
			t.Errorf("%s: looked up %v, asked %d times", what, asked, x.hits.Load())
		}
	}
}

func TestEachStepOfARedirectIsChecked(t *testing.T) {
	var to string
	x := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Referer") != "" {
			t.Error("the next host is told the first one's secret")
		}
		if n, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/hop/")); err == nil {
			if n == 0 {
				fmt.Fprint(w, aCalendar)
				return
			}
			http.Redirect(w, r, fmt.Sprintf("/hop/%d", n-1), http.StatusFound)
			return
		}
		http.Redirect(w, r, to, http.StatusTemporaryRedirect)
	})
	f := fetcher(t, x.config())
	if _, err := f.Get(t.Context(), x.at("https", "example.com", "/hop/3"), ical.Validators{}); err != nil {
		t.Errorf("three steps: %v", err)
	}
	_, err := f.Get(t.Context(), x.at("https", "example.com", "/hop/4"), ical.Validators{})
	refused(t, "four steps", err, ical.RuleRedirects)
	for _, tt := range []struct {
		to   string
		rule ical.Rule
	}{
		{"http://example.com/", ical.RuleForm},
		{"file:///etc/passwd", ical.RuleForm},
		{"https://user:pass@example.com/", ical.RuleForm},
		{x.at("https", "127.0.0.1", "/hop/0"), ical.RuleInside},
		{x.at("https", "other.example", "/hop/0"), ical.RuleInside},
		{"https://example.com:22/", ical.RulePort},
	} {
		to = tt.to
		x.hits.Store(0)
		_, err := f.Get(t.Context(), x.at("https", "example.com", "/s3cret"), ical.Validators{})
		refused(t, tt.to, err, tt.rule, "s3cret")
		if x.hits.Load() != 1 {
			t.Errorf("%s: asked %d times", tt.to, x.hits.Load())
		}
	}
}

func TestAnAddressIsCheckedBeforeItIsKept(t *testing.T) {
	f := fetcher(t, ical.FetcherConfig{})
	for _, good := range []string{"https://outlook.example/owa/calendar/a/b.ics?x=y", "webcal://p01.example/x", "https://93.184.215.14/a", "https://h.example:443/"} {
		if err := f.Check(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, tt := range []struct {
		address string
		rule    ical.Rule
	}{
		{"", ical.RuleForm}, {"s3cret", ical.RuleForm}, {"http://h.example/s3cret", ical.RuleForm}, {"ftp://h.example/s3cret", ical.RuleForm},
		{"https:///s3cret", ical.RuleForm}, {"https:h.example/s3cret", ical.RuleForm}, {"https://a:s3cret@h.example/", ical.RuleForm},
		{"https://h.example/s3cret\r\nX: y", ical.RuleForm}, {"https://h.example:99999/s3cret", ical.RuleForm}, {"https://[::1/s3cret", ical.RuleForm},
		{"https://h.example/" + strings.Repeat("s3cret", 400), ical.RuleForm},
		{"https://h.example:8443/s3cret", ical.RulePort}, {"https://h.example:22/s3cret", ical.RulePort},
		{"https://10.1.2.3/s3cret", ical.RuleInside}, {"webcal://[::1]/s3cret", ical.RuleInside},
	} {
		refused(t, tt.address, f.Check(tt.address), tt.rule, "s3cret")
	}
}

func TestAFetcherRefusesSettingsThatMeanNothing(t *testing.T) {
	for _, cfg := range []ical.FetcherConfig{
		{Timeout: -1}, {MaxBytes: -1}, {AllowHosts: []string{""}}, {AllowHosts: []string{"https://exchange.fjord.example"}}, {AllowHosts: []string{"*.fjord.example"}},
	} {
		if _, err := ical.NewFetcher(cfg); err == nil {
			t.Errorf("%+v is taken", cfg)
		}
	}
}
