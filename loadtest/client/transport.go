package client

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
	"github.com/pion/ice/v4"
	"github.com/pion/srtp/v3"
	"github.com/pion/transport/v4/packetio"

	"github.com/samkonsult/samkonsult/sfu/batch"
)

const (
	checkInterval = 10 * time.Millisecond
	maxChecks     = 1000 // without an answer: 10 s
)

// transport is ICE and DTLS, by pion, beside the media on one socket: the wire's reader
// hands it the datagrams that are not media.
type transport struct {
	sock  *batch.Socket
	wire  *Wire
	agent *ice.Agent
	mux   *ice.UDPMuxDefault
	stun  *stunConn
	dtls  *dtlsConn
	cert  tls.Certificate

	ufrag, pwd, fingerprint string

	conn   *dtls.Conn // nil before connect
	failed chan struct{}
	once   sync.Once
}

// newTransport opens the socket and gathers its one candidate.
func newTransport(local netip.Addr, cert *tls.Certificate) (*transport, error) {
	t := &transport{failed: make(chan struct{})}
	if cert == nil {
		own, err := selfsign.GenerateSelfSigned()
		if err != nil {
			return nil, fmt.Errorf("certificate: %w", err)
		}
		cert = &own
	}
	t.cert = *cert
	sum := sha256.Sum256(t.cert.Certificate[0])
	t.fingerprint = colons(sum[:])
	var err error
	// A browser's packets go out one by one and come in one by one, whatever ours could do:
	// the service is to be met as it will be.
	if t.sock, err = batch.Listen(netip.AddrPortFrom(local, 0), batch.Config{
		Batch: 16, Unsegmented: true, ReadBuffer: 1 << 20, WriteBuffer: 1 << 20,
	}); err != nil {
		return nil, err
	}
	t.stun = newStunConn(t.sock)
	t.dtls = newDTLSConn(t)
	if err := t.gather(); err != nil {
		t.close()
		return nil, fmt.Errorf("ice: %w", err)
	}
	return t, nil
}

func (t *transport) gather() error {
	t.mux = ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: t.stun})
	agent, err := ice.NewAgentWithOptions(
		ice.WithUDPMux(t.mux),
		ice.WithIncludeLoopback(),
		ice.WithDisableActiveTCP(),
		ice.WithMulticastDNSMode(ice.MulticastDNSModeDisabled),
		ice.WithCandidateTypes([]ice.CandidateType{ice.CandidateTypeHost}),
		// pion nominates at the next check after the first answer, and 200 ms is its default.
		// A browser's first checks follow each other at once; RFC 8445 §14.2 allows 5 ms.
		ice.WithCheckInterval(checkInterval),
		ice.WithMaxBindingRequests(maxChecks),
		ice.WithNetworkTypes([]ice.NetworkType{ice.NetworkTypeUDP4, ice.NetworkTypeUDP6}),
	)
	if err != nil {
		return err
	}
	t.agent = agent
	gathered := make(chan struct{})
	if err := agent.OnCandidate(func(c ice.Candidate) {
		if c == nil {
			close(gathered)
		}
	}); err != nil {
		return err
	}
	if err := agent.OnConnectionStateChange(func(s ice.ConnectionState) {
		if s == ice.ConnectionStateFailed || s == ice.ConnectionStateClosed {
			t.once.Do(func() { close(t.failed) })
		}
	}); err != nil {
		return err
	}
	if err := agent.OnSelectedCandidatePairChange(func(_, remote ice.Candidate) {
		if addr, err := netip.ParseAddr(remote.Address()); err == nil && t.wire != nil {
			t.wire.SetRemote(netip.AddrPortFrom(addr.Unmap(), uint16(remote.Port())))
		}
	}); err != nil {
		return err
	}
	if t.ufrag, t.pwd, err = agent.GetLocalUserCredentials(); err != nil {
		return err
	}
	if err := agent.GatherCandidates(); err != nil {
		return err
	}
	<-gathered
	return nil
}

// other takes what the wire read and is not media.
func (t *transport) other(data []byte, from netip.AddrPort) {
	switch b := data[0]; { // RFC 7983 §7
	case b <= 3:
		t.stun.deliver(data, from)
	case b >= 20 && b <= 63:
		t.dtls.deliver(data)
	}
}

// connect runs ICE and DTLS, and gives the wire its keys.
func (t *transport) connect(ctx context.Context, a *answer, paired func()) error {
	for _, c := range a.candidates {
		if err := t.agent.AddRemoteCandidate(c); err != nil {
			return fmt.Errorf("ice: %w", err)
		}
	}
	if _, err := t.agent.StartDial(a.ufrag, a.pwd); err != nil {
		return fmt.Errorf("ice: %w", err)
	}
	if err := t.agent.AwaitConnect(ctx); err != nil {
		return fmt.Errorf("ice: %w", err)
	}
	pair, err := t.agent.GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return fmt.Errorf("ice: no pair: %w", err)
	}
	addr, err := netip.ParseAddr(pair.Remote.Address())
	if err != nil {
		return fmt.Errorf("ice: %w", err)
	}
	t.wire.SetRemote(netip.AddrPortFrom(addr.Unmap(), uint16(pair.Remote.Port())))
	paired()
	if t.conn, err = t.handshake(ctx, a); err != nil {
		return fmt.Errorf("dtls: %w", err)
	}
	return t.installKeys(a)
}

func (t *transport) handshake(ctx context.Context, a *answer) (*dtls.Conn, error) {
	verify := func(certs [][]byte, _ [][]*x509.Certificate) error {
		if len(certs) == 0 {
			return errors.New("the service sent no certificate")
		}
		if sum := sha256.Sum256(certs[0]); !bytes.Equal(sum[:], a.fingerprint) {
			return errors.New("the service's certificate is not the one of its answer") // RFC 8122 §5
		}
		return nil
	}
	shared := []dtls.Option{
		dtls.WithCertificates(t.cert),
		// RFC 7714; a page offers the same, in its own order.
		dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80),
		dtls.WithExtendedMasterSecret(dtls.RequireExtendedMasterSecret),
		dtls.WithInsecureSkipVerify(true), // WebRTC trusts the fingerprint instead of a chain (RFC 8827 §6.5)
		dtls.WithVerifyPeerCertificate(verify),
		dtls.WithMTU(1200),
		dtls.WithFlightInterval(200 * time.Millisecond),
	}
	var conn *dtls.Conn
	var err error
	if a.active {
		opts := []dtls.ServerOption{dtls.WithClientAuth(dtls.RequireAnyClientCert), dtls.WithInsecureSkipVerifyHello(true)}
		for _, o := range shared {
			opts = append(opts, o)
		}
		conn, err = dtls.ServerWithOptions(t.dtls, &net.UDPAddr{}, opts...)
	} else {
		var opts []dtls.ClientOption
		for _, o := range shared {
			opts = append(opts, o)
		}
		conn, err = dtls.ClientWithOptions(t.dtls, &net.UDPAddr{}, opts...)
	}
	if err != nil {
		return nil, err
	}
	if err := conn.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// installKeys takes SRTP's keys out of the handshake (RFC 5764 §4.2).
func (t *transport) installKeys(a *answer) error {
	chosen, ok := t.conn.SelectedSRTPProtectionProfile()
	state, known := t.conn.ConnectionState()
	if !ok || !known {
		return errors.New("dtls: no SRTP profile in common")
	}
	cfg := srtp.Config{Profile: srtp.ProtectionProfile(chosen)} // both are the IANA numbers
	if err := cfg.ExtractSessionKeysFromDTLS(&state, !a.active); err != nil {
		return fmt.Errorf("srtp keys: %w", err)
	}
	return t.wire.Connect(Keys{
		Profile: cfg.Profile,
		SendKey: cfg.Keys.LocalMasterKey, SendSalt: cfg.Keys.LocalMasterSalt,
		ReceiveKey: cfg.Keys.RemoteMasterKey, RecSalt: cfg.Keys.RemoteMasterSalt,
	}, a.received())
}

// close says farewell and ends all that pion has started.
func (t *transport) close() {
	if t.conn != nil {
		_ = t.conn.Close() // close_notify, so that the service need not wait for silence
	}
	_ = t.dtls.Close()
	if t.agent != nil {
		_ = t.agent.GracefulClose()
	}
	if t.mux != nil {
		_ = t.mux.Close()
	}
	_ = t.stun.Close()
	_ = t.sock.Close()
}

func colons(sum []byte) string {
	var b bytes.Buffer
	for i, v := range sum {
		if i > 0 {
			b.WriteByte(':')
		}
		fmt.Fprintf(&b, "%02X", v)
	}
	return b.String()
}

// stunConn is the socket as ICE's multiplexer sees it: only STUN comes out of it.
type stunConn struct {
	sock   *batch.Socket
	in     chan stunDatagram
	closed chan struct{}
	once   sync.Once
}

type stunDatagram struct {
	data []byte
	from netip.AddrPort
}

func newStunConn(sock *batch.Socket) *stunConn {
	return &stunConn{sock: sock, in: make(chan stunDatagram, 32), closed: make(chan struct{})}
}

func (c *stunConn) deliver(data []byte, from netip.AddrPort) {
	select {
	case c.in <- stunDatagram{bytes.Clone(data), from}:
	default: // as if lost: checks are repeated
	}
}

// ReadFromAddrPort and WriteToAddrPort are what pion's multiplexer prefers.
func (c *stunConn) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	select {
	case d := <-c.in:
		return copy(b, d.data), d.from, nil
	case <-c.closed:
		return 0, netip.AddrPort{}, net.ErrClosed
	}
}

func (c *stunConn) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if err := c.sock.WriteTo(b, to); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (c *stunConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := c.ReadFromAddrPort(b)
	return n, net.UDPAddrFromAddrPort(from), err
}

func (c *stunConn) WriteTo(b []byte, to net.Addr) (int, error) {
	udp, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, fmt.Errorf("not a UDP address: %v", to)
	}
	return c.WriteToAddrPort(b, udp.AddrPort())
}

func (c *stunConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return nil
}

func (c *stunConn) LocalAddr() net.Addr              { return net.UDPAddrFromAddrPort(c.sock.LocalAddr()) }
func (c *stunConn) SetDeadline(time.Time) error      { return nil }
func (c *stunConn) SetReadDeadline(time.Time) error  { return nil }
func (c *stunConn) SetWriteDeadline(time.Time) error { return nil }

// dtlsConn is the socket as DTLS sees it: one peer, which ICE has found.
type dtlsConn struct {
	t  *transport
	in *packetio.Buffer
}

func newDTLSConn(t *transport) *dtlsConn {
	c := &dtlsConn{t: t, in: packetio.NewBuffer()}
	c.in.SetLimitSize(64 << 10)
	return c
}

func (c *dtlsConn) deliver(data []byte) { _, _ = c.in.Write(data) } // full is as if lost: flights are repeated

func (c *dtlsConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := c.in.Read(b)
	return n, &net.UDPAddr{}, err
}

func (c *dtlsConn) WriteTo(b []byte, _ net.Addr) (int, error) {
	if err := c.t.sock.WriteTo(b, c.t.wire.Remote()); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (c *dtlsConn) Close() error                      { return c.in.Close() }
func (c *dtlsConn) LocalAddr() net.Addr               { return net.UDPAddrFromAddrPort(c.t.sock.LocalAddr()) }
func (c *dtlsConn) SetDeadline(d time.Time) error     { return c.in.SetReadDeadline(d) }
func (c *dtlsConn) SetReadDeadline(d time.Time) error { return c.in.SetReadDeadline(d) }
func (c *dtlsConn) SetWriteDeadline(time.Time) error  { return nil }
