package ical

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// FetcherConfig is of use with its zero value: for calendars on the internet.
type FetcherConfig struct {
	Timeout  time.Duration // of a whole fetch, redirects and body included; 0 means 20 s
	MaxBytes int64         // of a calendar, decoded; 0 means 5 MB
	Ports    []uint16      // that may be asked; none means 443
	// AllowHosts are names (or addresses) inside this network that may be asked all the same,
	// such as the hospital's own Exchange.
	AllowHosts []string
	// AllowPrivate lets every address be asked. For machines of developers.
	AllowPrivate bool
	// Roots that sign certificates; nil means the system's.
	Roots *x509.CertPool
	// Resolve gives a name's addresses; nil means the system's resolver.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
}

// Fetcher gets calendars from addresses that people give. Such an address must not let its
// giver reach into the hospital's network: each name is looked up once for each connection,
// and what is connected to is the very address that was checked.
type Fetcher struct {
	cfg    FetcherConfig
	client *http.Client
}

// Validators are what a server said of its calendar last time (RFC 9110 §8.8).
type Validators struct{ ETag, LastModified string }

// Fetched is a calendar, or that it hasn't changed.
type Fetched struct {
	Body        []byte
	NotModified bool
	Validators  Validators // to be given with the next fetch
}

const (
	maxRedirects = 3
	maxAddress   = 2000 // characters
	maxValidator = 500
	userAgent    = "samkonsult (calendar reader)"
	inDialer     = 10 * time.Second
)

// NewFetcher checks cfg.
func NewFetcher(cfg FetcherConfig) (*Fetcher, error) {
	if cfg.Timeout < 0 || cfg.MaxBytes < 0 {
		return nil, errors.New("ical: Timeout and MaxBytes must be 0 or more")
	}
	cfg.Timeout = or(cfg.Timeout, 20*time.Second)
	cfg.MaxBytes = or(cfg.MaxBytes, 5_000_000)
	if len(cfg.Ports) == 0 {
		cfg.Ports = []uint16{443}
	}
	allow := make([]string, len(cfg.AllowHosts))
	for i, host := range cfg.AllowHosts {
		if allow[i] = plainHost(host); allow[i] == "" || strings.ContainsAny(host, "/*@ ") {
			return nil, errors.New("ical: AllowHosts must be names of hosts, without port or address around them")
		}
	}
	cfg.AllowHosts = allow
	if cfg.Resolve == nil {
		cfg.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	f := &Fetcher{cfg: cfg}
	f.client = &http.Client{
		CheckRedirect: f.redirect,
		Transport: &http.Transport{
			Proxy:                  nil, // one from the environment would look names up without us
			DialContext:            f.dial,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.Roots},
			TLSHandshakeTimeout:    inDialer,
			DisableKeepAlives:      true, // a connection is of one calendar, checked for it
			MaxResponseHeaderBytes: 64 << 10,
			ForceAttemptHTTP2:      true,
		},
	}
	return f, nil
}

// Get fetches the calendar at address. An error is an *Invalid with the field "address",
// or the context's; none holds the address, which is a secret.
func (f *Fetcher) Get(ctx context.Context, address string, last Validators) (Fetched, error) {
	u, err := f.parse(address)
	if err != nil {
		return Fetched{}, err
	}
	within, cancel := context.WithTimeout(ctx, f.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(within, http.MethodGet, u.String(), nil)
	if err != nil {
		return Fetched{}, badForm()
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Accept", "text/calendar, */*;q=0.1") // some call it something else
	if last.ETag != "" {                                 // RFC 9110 §13.1.2: the better of the two
		req.Header.Set("If-None-Match", last.ETag)
	}
	if last.LastModified != "" {
		req.Header.Set("If-Modified-Since", last.LastModified)
	}
	res, err := f.client.Do(req)
	if err != nil {
		return Fetched{}, f.failed(ctx, err)
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNotModified:
		if last == (Validators{}) {
			return Fetched{}, invalid("address", RuleAnswer, "says that nothing has changed, and was never read")
		}
		return Fetched{NotModified: true, Validators: last}, nil
	case http.StatusNotFound, http.StatusGone:
		return Fetched{}, invalid("address", RuleMissing, "gives no calendar: the answer is %d", res.StatusCode)
	case http.StatusUnauthorized, http.StatusForbidden:
		return Fetched{}, invalid("address", RuleRefused, "gives no calendar: the answer is %d", res.StatusCode)
	default:
		return Fetched{}, invalid("address", RuleAnswer, "gives no calendar: the answer is %d", res.StatusCode)
	}
	// The transport has undone gzip by now: a small bomb is counted as large as it is.
	body, err := io.ReadAll(io.LimitReader(res.Body, f.cfg.MaxBytes+1))
	if err != nil {
		return Fetched{}, f.failed(ctx, err)
	}
	if int64(len(body)) > f.cfg.MaxBytes {
		return Fetched{}, invalid("address", RuleBytes, "gives more than %d bytes", f.cfg.MaxBytes)
	}
	begin := []byte("BEGIN:VCALENDAR")
	head := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), "\r\n\t ")
	if len(head) < len(begin) || !bytes.EqualFold(head[:len(begin)], begin) {
		return Fetched{}, invalid("address", RuleCalendar, "gives something that is not a calendar")
	}
	return Fetched{Body: body, Validators: Validators{
		ETag: short(res.Header.Get("ETag")), LastModified: short(res.Header.Get("Last-Modified"))}}, nil
}

// Check says whether an address may be asked at all, before it is kept. It asks nobody.
func (f *Fetcher) Check(address string) error {
	_, err := f.parse(address)
	return err
}

func short(s string) string {
	if len(s) > maxValidator {
		return ""
	}
	return s
}

func badForm() *Invalid {
	return invalid("address", RuleForm, "must begin with https:// or webcal://, name a host, and hold no password")
}

// parse takes an address apart; webcal is https under another name.
func (f *Fetcher) parse(address string) (*url.URL, error) {
	if len(address) > maxAddress {
		return nil, invalid("address", RuleForm, "must have %d characters at most", maxAddress)
	}
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return nil, badForm()
	}
	if u.Scheme == "webcal" || u.Scheme == "webcals" {
		u.Scheme = "https"
	}
	u.Fragment, u.RawFragment = "", ""
	return u, f.checkURL(u)
}

// checkURL is for an address and for where it is redirected to.
func (f *Fetcher) checkURL(u *url.URL) error {
	host := u.Hostname()
	if u.Scheme != "https" || u.Opaque != "" || u.User != nil || host == "" {
		return badForm()
	}
	port := uint16(443)
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return badForm()
		}
		port = uint16(n)
	}
	if !slices.Contains(f.cfg.Ports, port) {
		return invalid("address", RulePort, "must be at one of the ports %v", f.cfg.Ports)
	}
	if a, err := netip.ParseAddr(host); err == nil && !f.allowed(host) && !outside(a) {
		return inside()
	}
	return nil
}

func inside() *Invalid {
	return invalid("address", RuleInside, "leads into this network, where the operator must allow it first")
}

func plainHost(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

func (f *Fetcher) allowed(host string) bool {
	return f.cfg.AllowPrivate || slices.Contains(f.cfg.AllowHosts, plainHost(host))
}

func (f *Fetcher) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return invalid("address", RuleRedirects, "leads on more than %d times", maxRedirects)
	}
	req.Header.Del("Referer") // it would tell the next host the first one's secret
	return f.checkURL(req.URL)
}

// dial connects to a checked address of the host in hostport.
func (f *Fetcher) dial(ctx context.Context, network, hostport string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: inDialer}
	if !f.allowed(host) {
		d.Control = control
	}
	var all []netip.Addr
	if a, err := netip.ParseAddr(host); err == nil {
		all = []netip.Addr{a}
	} else {
		found, err := f.cfg.Resolve(ctx, host)
		if err != nil || len(found) == 0 {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			return nil, invalid("address", RuleUnknownHost, "names a host that is not known")
		}
		for _, a := range found {
			all = append(all, a.Unmap()) // resolvers write IPv4 in either way
		}
	}
	for _, a := range all { // all of them: a name that leads inside with one of its addresses is a trick
		if !f.allowed(host) && !outside(a) {
			return nil, inside()
		}
	}
	var failed error
	for _, a := range all[:min(len(all), 4)] {
		conn, err := d.DialContext(ctx, network, net.JoinHostPort(a.String(), port))
		if err == nil {
			return conn, nil
		}
		failed = err
	}
	return nil, failed
}

// control is the last look: at the address that the socket is about to connect to, whoever
// has chosen it.
func control(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil || !outside(a.Addr()) {
		return inside()
	}
	return nil
}

// failed makes of a failure an error without the address, which http's and net's hold.
func (f *Fetcher) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil { // the caller's
		return ctx.Err()
	}
	if i, ok := errors.AsType[*Invalid](err); ok {
		return i
	}
	if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return invalid("address", RuleTimeout, "did not give its calendar within %v", f.cfg.Timeout)
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return invalid("address", RuleCertificate, "has a certificate that is not to be trusted")
	}
	return invalid("address", RuleUnreachable, "could not be read from: the connection failed")
}
