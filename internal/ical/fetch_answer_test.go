package ical_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/ical"
)

func TestWhatHasNotChangedIsNotSentAgain(t *testing.T) {
	const tag, changed = `W/"v1"`, "Mon, 30 Nov 2026 08:00:00 GMT"
	x := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == tag && r.Header.Get("If-Modified-Since") == changed || r.URL.Path == "/always" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", tag)
		w.Header().Set("Last-Modified", changed)
		fmt.Fprint(w, aCalendar)
	})
	f := fetcher(t, x.config())
	first, err := f.Get(t.Context(), x.at("https", "example.com", "/"), ical.Validators{})
	if err != nil || first.NotModified || first.Validators != (ical.Validators{ETag: tag, LastModified: changed}) {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := f.Get(t.Context(), x.at("https", "example.com", "/"), first.Validators)
	if err != nil || !again.NotModified || again.Body != nil || again.Validators != first.Validators {
		t.Errorf("%+v, %v", again, err)
	}
	_, err = f.Get(t.Context(), x.at("https", "example.com", "/always"), ical.Validators{})
	refused(t, "not changed, and never read", err, ical.RuleAnswer)
}

func TestAnswersThatAreNoCalendar(t *testing.T) {
	// Two megabytes that a few kilobytes become.
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	fmt.Fprint(z, "BEGIN:VCALENDAR\r\n")
	for range 2000 {
		fmt.Fprint(z, strings.Repeat(" ", 1000))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	x := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch path := strings.TrimPrefix(r.URL.Path, "/s3cret/"); path {
		case "html":
			fmt.Fprint(w, "<!doctype html><p>Sign in</p>")
		case "short":
			fmt.Fprint(w, "BEGIN:VCAL")
		case "empty":
		case "large":
			for range 200 {
				fmt.Fprint(w, "BEGIN:VCALENDAR\r\n"+strings.Repeat("x", 10_000))
			}
		case "gzip":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		case "cut":
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, aCalendar)
		default:
			code, err := strconv.Atoi(path)
			if err != nil {
				t.Error(err)
			}
			w.WriteHeader(code)
		}
	})
	cfg := x.config()
	cfg.MaxBytes = 1_000_000
	f := fetcher(t, cfg)
	for path, rule := range map[string]ical.Rule{
		"html": ical.RuleCalendar, "short": ical.RuleCalendar, "empty": ical.RuleCalendar, "large": ical.RuleBytes, "gzip": ical.RuleBytes, "cut": ical.RuleUnreachable,
		"401": ical.RuleRefused, "403": ical.RuleRefused, "404": ical.RuleMissing, "410": ical.RuleMissing,
		"204": ical.RuleAnswer, "206": ical.RuleAnswer, "429": ical.RuleAnswer, "500": ical.RuleAnswer,
	} {
		_, err := f.Get(t.Context(), x.at("https", "example.com", "/s3cret/"+path), ical.Validators{})
		refused(t, path, err, rule, "s3cret", "example.com", "127.0.0.1")
	}
}

func TestServersThatCanNotBeTalkedTo(t *testing.T) {
	stop := make(chan struct{})
	x := serve(t, func(_ http.ResponseWriter, r *http.Request) { // says nothing for as long as it is asked
		select {
		case <-r.Context().Done():
		case <-stop:
		}
	})
	defer close(stop)
	get := func(spoil func(c *ical.FetcherConfig)) error {
		cfg := x.config()
		spoil(&cfg)
		_, err := fetcher(t, cfg).Get(t.Context(), x.at("https", "example.com", "/s3cret"), ical.Validators{})
		return err
	}
	secrets := []string{"s3cret", "example.com", "127.0.0.1"}
	refused(t, "silent", get(func(c *ical.FetcherConfig) { c.Timeout = 50 * time.Millisecond }), ical.RuleTimeout, secrets...)
	refused(t, "unknown to the roots", get(func(c *ical.FetcherConfig) { c.Roots = x509.NewCertPool() }), ical.RuleCertificate, secrets...)
	refused(t, "unknown to the resolver", get(func(c *ical.FetcherConfig) {
		c.Resolve = func(_ context.Context, host string) ([]netip.Addr, error) {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
	}), ical.RuleUnknownHost, secrets...)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := fetcher(t, x.config()).Get(ctx, x.at("https", "example.com", "/s3cret"), ical.Validators{}); !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("given up by the caller: %v", err)
	}
	x.Close()
	refused(t, "gone", get(func(*ical.FetcherConfig) {}), ical.RuleUnreachable, secrets...)
}
