package sfu

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/srtp/v3"
)

func (t *transport) run(ctx context.Context) error {
	hctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	conn, err := dtls.ServerWithOptions((*dtlsConn)(t), &net.UDPAddr{},
		dtls.WithCertificates(t.srv.cert),
		// RFC 8827 §6.5, RFC 7714: GCM-128 first, it is enough and cheapest.
		dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80),
		dtls.WithExtendedMasterSecret(dtls.RequireExtendedMasterSecret),
		dtls.WithClientAuth(dtls.RequireAnyClientCert),
		// ICE has proved the address before, so the cookie round trip is saved (RFC 6347 §4.2.1).
		dtls.WithInsecureSkipVerifyHello(true),
		dtls.WithInsecureSkipVerify(true), // WebRTC trusts the fingerprint in the offer instead of a chain
		dtls.WithVerifyPeerCertificate(t.verify),
		dtls.WithMTU(1200),
		dtls.WithFlightInterval(200*time.Millisecond),
	)
	if err != nil {
		return fmt.Errorf("dtls: %w", err)
	}
	defer conn.Close()
	// Closing what DTLS reads from is not enough: a Read that waits for the page's farewell stays.
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := conn.HandshakeContext(hctx); err != nil {
		return fmt.Errorf("dtls handshake: %w", err)
	}
	if err := t.installKeys(conn); err != nil {
		return err
	}
	t.setState(transportConnected)
	var scratch [256]byte
	for { // nothing but the page's farewell comes here: we offer no data channel
		if _, err := conn.Read(scratch[:]); err != nil {
			return nil
		}
	}
}

func (t *transport) verify(certs [][]byte, _ [][]*x509.Certificate) error {
	if len(certs) == 0 {
		return errors.New("page sent no certificate")
	}
	if sum := sha256.Sum256(certs[0]); !bytes.Equal(sum[:], t.fingerprint) {
		return errors.New("certificate is not the one of the offer") // RFC 8122 §5
	}
	return nil
}

// installKeys takes SRTP's keys out of the handshake (RFC 5764 §4.2).
func (t *transport) installKeys(conn *dtls.Conn) error {
	chosen, ok := conn.SelectedSRTPProtectionProfile()
	if !ok {
		return errors.New("dtls: no SRTP profile in common")
	}
	profile := srtp.ProtectionProfile(chosen) // both are the IANA numbers
	state, ok := conn.ConnectionState()
	if !ok {
		return errors.New("dtls: no state after the handshake")
	}
	cfg := &srtp.Config{Profile: profile}
	if err := cfg.ExtractSessionKeysFromDTLS(&state, false); err != nil {
		return fmt.Errorf("srtp keys: %w", err)
	}
	in, err := srtp.CreateContext(cfg.Keys.RemoteMasterKey, cfg.Keys.RemoteMasterSalt, profile,
		srtp.SRTPReplayProtection(512), srtp.SRTCPReplayProtection(64))
	if err != nil {
		return fmt.Errorf("srtp in: %w", err)
	}
	out, err := srtp.CreateContext(cfg.Keys.LocalMasterKey, cfg.Keys.LocalMasterSalt, profile)
	if err != nil {
		return fmt.Errorf("srtp out: %w", err)
	}
	t.inMu.Lock()
	t.in = in
	t.inMu.Unlock()
	t.outMu.Lock()
	t.out = out
	t.outMu.Unlock()
	return nil
}

// handshake takes a DTLS record. Before a nomination it also shows where to answer.
func (t *transport) handshake(record []byte, from netip.AddrPort, tcp *tcpConn, now int64) {
	if t.path.Load() == nil {
		t.take(nil, from, tcp, now)
	}
	t.heard.Store(now)
	t.dtlsIn.Write(record) // full or closed: as if lost
}

// dtlsConn is the transport as the packet connection that DTLS reads from and writes to.
type dtlsConn transport

func (c *dtlsConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := c.dtlsIn.Read(b)
	return n, &net.UDPAddr{}, err
}

func (c *dtlsConn) WriteTo(b []byte, _ net.Addr) (int, error) {
	t := (*transport)(c)
	p := t.path.Load()
	if p == nil {
		return len(b), nil // as if lost: DTLS sends it again (RFC 6347 §4.2.4)
	}
	if p.tcp != nil {
		p.tcp.queue(b, urgent, t.srv.now())
		return len(b), nil
	}
	if err := t.srv.sockets[0].WriteTo(b, p.addr); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (c *dtlsConn) Close() error { return c.dtlsIn.Close() }

func (c *dtlsConn) LocalAddr() net.Addr { return &net.UDPAddr{} }

func (c *dtlsConn) SetDeadline(d time.Time) error { return c.dtlsIn.SetReadDeadline(d) }

func (c *dtlsConn) SetReadDeadline(d time.Time) error { return c.dtlsIn.SetReadDeadline(d) }

func (c *dtlsConn) SetWriteDeadline(time.Time) error { return nil }
