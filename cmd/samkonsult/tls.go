package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// newTLS makes the TLS configuration that c asks for; nil with --tls off.
func newTLS(c checked, log *slog.Logger) (*tls.Config, error) {
	base := &tls.Config{
		MinVersion: tls.VersionTLS12, // RFC 9325 §3.1.1
		// Browsers name it for pages and name nothing for TURN: that is how the one port
		// tells them apart. HTTP/2 would bring nothing to a page of a few files, and its
		// websockets are not ours.
		NextProtos: []string{"http/1.1"},
	}
	switch c.TLS {
	case tlsSelfSigned:
		cert, err := selfSigned(filepath.Join(c.Data, "tls"), hostNames(c), time.Now())
		if err != nil {
			return nil, fmt.Errorf("self-signed certificate: %w", err)
		}
		base.Certificates = []tls.Certificate{cert}
	case tlsFiles:
		files := &certificateFiles{cert: c.TLSCert, key: c.TLSKey, now: time.Now, log: log}
		if err := files.load(); err != nil {
			return nil, err
		}
		base.GetCertificate = files.get
	default:
		return nil, nil
	}
	return base, nil
}

// certificateFiles is a certificate in PEM files that somebody else renews. Changed files
// are taken up within a minute, and without a restart, which would end calls.
type certificateFiles struct {
	cert, key string
	now       func() time.Time
	log       *slog.Logger

	mu      sync.Mutex
	loaded  *tls.Certificate
	changed time.Time // of the certificate's file, when it was loaded
	looked  time.Time
}

func (f *certificateFiles) load() error {
	info, err := os.Stat(f.cert)
	if err != nil {
		return fmt.Errorf("--tls-cert: %w", err)
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return fmt.Errorf("--tls-cert and --tls-key: %w", err)
	}
	f.mu.Lock()
	f.loaded, f.changed, f.looked = &pair, info.ModTime(), f.now()
	f.mu.Unlock()
	return nil
}

func (f *certificateFiles) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	look := f.now().Sub(f.looked) > time.Minute
	if look {
		f.looked = f.now() // one handshake looks, the others go on
	}
	changed := f.changed
	f.mu.Unlock()
	if look {
		if info, err := os.Stat(f.cert); err == nil && !info.ModTime().Equal(changed) {
			if err := f.load(); err != nil {
				f.log.Error("renewed certificate not usable, keeping the old one", "error", err)
			} else {
				f.log.Info("renewed certificate loaded")
			}
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.loaded, nil
}

// hostNames is all that a browser may call this service on.
func hostNames(c checked) []string {
	names := []string{"localhost", "127.0.0.1", "::1"}
	if h, err := os.Hostname(); err == nil {
		names = append(names, h)
	}
	if c.public != nil {
		names = append(names, c.public.Hostname())
	}
	if host, _, err := net.SplitHostPort(c.Addr); err == nil && host != "" {
		if ip := net.ParseIP(host); ip == nil || !ip.IsUnspecified() {
			names = append(names, host)
		}
	}
	for _, ip := range c.publicIPs {
		names = append(names, ip.String())
	}
	if addrs, err := net.InterfaceAddrs(); err == nil {
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok && !n.IP.IsLinkLocalUnicast() {
				names = append(names, n.IP.String())
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// selfSigned reads the certificate kept in dir, or makes one that holds for the names. It
// stays the same over restarts, so that those who have accepted it once are not asked again.
func selfSigned(dir string, names []string, now time.Time) (tls.Certificate, error) {
	certFile, keyFile := filepath.Join(dir, "self-signed.crt"), filepath.Join(dir, "self-signed.key")
	if kept, err := tls.LoadX509KeyPair(certFile, keyFile); err == nil && holds(kept.Leaf, names, now) {
		return kept, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)) // RFC 5280 §4.1.2.2: positive, at most 20 octets
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "samkonsult, self-signed"},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(397 * 24 * time.Hour), // what Apple's devices accept at most is 398 days
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, n)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return tls.Certificate{}, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return tls.Certificate{}, err
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	if err := writeFile(keyFile, keyPEM, 0o600); err != nil {
		return tls.Certificate{}, err
	}
	if err := writeFile(certFile, certPEM, 0o644); err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(certPEM, keyPEM)
}

// holds says whether a certificate is good for all names and a month more.
func holds(cert *x509.Certificate, names []string, now time.Time) bool {
	if cert == nil || now.Before(cert.NotBefore) || now.Add(30*24*time.Hour).After(cert.NotAfter) {
		return false
	}
	return !slices.ContainsFunc(names, func(n string) bool { return cert.VerifyHostname(n) != nil })
}

// writeFile replaces a file as a whole: a reader sees the old one or the new one.
func writeFile(name string, data []byte, mode os.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails when it has been renamed
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(mode)
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
