package main

import (
	"bytes"
	"crypto/tls"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestTheSelfSignedCertificateStaysTheSameOverRestarts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tls")
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	names := []string{"localhost", "127.0.0.1", "::1"}
	first, err := selfSigned(dir, names, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if err := first.Leaf.VerifyHostname(n); err != nil {
			t.Error(err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "self-signed.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key can be read by others: %v, %v", info.Mode(), err)
	}
	same := func(names []string, now time.Time) bool {
		t.Helper()
		again, err := selfSigned(dir, names, now)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Equal(again.Certificate[0], first.Certificate[0])
	}
	if !same(names, now.AddDate(0, 11, 0)) {
		t.Error("a new one after eleven months")
	}
	if !same(names[:1], now) {
		t.Error("a new one for fewer names")
	}
	if same(append(names, "192.0.2.7"), now) {
		t.Error("no new one for an address that the old one does not hold for")
	}
	first, err = selfSigned(dir, names, now)
	if err != nil {
		t.Fatal(err)
	}
	if same(names, now.AddDate(1, 0, 10)) {
		t.Error("no new one a few weeks before the old one ends")
	}
}

func TestABrokenCertificateFileIsReplaced(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "self-signed.crt"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := selfSigned(dir, []string{"localhost"}, time.Now()); err != nil {
		t.Error(err)
	}
}

func TestARenewedCertificateIsTakenUpWithoutARestart(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	old, err := selfSigned(dir, []string{"localhost"}, now)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile := filepath.Join(dir, "self-signed.crt"), filepath.Join(dir, "self-signed.key")
	clock := now
	files := &certificateFiles{cert: certFile, key: keyFile, now: func() time.Time { return clock }, log: slog.New(slog.DiscardHandler)}
	if err := files.load(); err != nil {
		t.Fatal(err)
	}
	served := func() []byte {
		t.Helper()
		c, err := files.get(&tls.ClientHelloInfo{})
		if err != nil {
			t.Fatal(err)
		}
		return c.Certificate[0]
	}
	renewed, err := selfSigned(dir, []string{"localhost", "192.0.2.7"}, now)
	if err != nil {
		t.Fatal(err)
	}
	later := now.Add(time.Hour)
	if err := os.Chtimes(certFile, later, later); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(served(), old.Certificate[0]) {
		t.Error("looked at the file in the first minute")
	}
	clock = clock.Add(2 * time.Minute)
	if !bytes.Equal(served(), renewed.Certificate[0]) {
		t.Error("the renewed one is not served")
	}
	// A renewal that went wrong takes nothing down.
	if err := os.WriteFile(certFile, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	clock = clock.Add(2 * time.Minute)
	if !bytes.Equal(served(), renewed.Certificate[0]) {
		t.Error("a broken file was taken up")
	}
}

func TestCertificateFilesThatAreNotThereStopTheStart(t *testing.T) {
	cfg := Config{Addr: "127.0.0.1:0", Demo: true, TLS: tlsFiles, TLSCert: "none.pem", TLSKey: "none.key"}
	if _, err := New(t.Context(), cfg); err == nil {
		t.Error("started without its certificate")
	}
}
