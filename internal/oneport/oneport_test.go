package oneport_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/oneport"
)

// port is a running Port with a page behind it; ICE connections are echoed.
type port struct {
	addr string
	stop func() error // ends Run and gives its error
}

// startPort runs a Port on a free one. With secure it serves TLS with a certificate for tests.
func startPort(t *testing.T, secure *tls.Config, silence time.Duration) port {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p, err := oneport.New(oneport.Config{
		Listener: l, TLS: secure, Silence: silence,
		ICE: func(c net.Conn) { _, _ = io.Copy(c, c) },
	})
	if err != nil {
		t.Fatal(err)
	}
	answer := func(text string) *http.Server {
		return &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, text)
		})}
	}
	page, plain := answer("page"), answer("use https")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 3)
	go func() { done <- page.Serve(p.HTTP()) }()       // ends when Run closes the listener
	go func() { done <- plain.Serve(p.PlainHTTP()) }() // the same
	ran := make(chan error, 1)
	go func() { ran <- p.Run(ctx) }() // ends with ctx
	stopped := false
	stop := func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		err := <-ran
		_ = page.Close()
		_ = plain.Close()
		<-done
		<-done
		return err
	}
	t.Cleanup(func() { _ = stop() })
	return port{l.Addr().String(), stop}
}

// testTLS is a server's configuration and a client's that trusts it.
func testTLS(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	defer s.Close()
	server = &tls.Config{Certificates: s.TLS.Certificates, NextProtos: []string{"http/1.1"}}
	return server, s.Client().Transport.(*http.Transport).TLSClientConfig
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second)) // a hang becomes a failure
	return c
}

// get asks for / on a connection and gives the body.
func get(t *testing.T, c net.Conn) string {
	t.Helper()
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// bindingRequest is a framed STUN header, which is enough to be known.
func bindingRequest() []byte {
	b := []byte{0, 20, 0, 1, 0, 0}
	b = binary.BigEndian.AppendUint32(b, 0x2112A442)
	return append(b, make([]byte, 12)...)
}

func wantClosed(t *testing.T, c net.Conn) {
	t.Helper()
	_, err := c.Read(make([]byte, 1))
	var ne net.Error
	if err == nil || errors.As(err, &ne) && ne.Timeout() {
		t.Fatalf("connection is still open: %v", err)
	}
}

func TestPageAndMediaShareThePort(t *testing.T) {
	for _, secure := range []bool{false, true} {
		name, server, client := "without TLS", (*tls.Config)(nil), (*tls.Config)(nil)
		if secure {
			name = "with TLS"
			server, client = testTLS(t)
		}
		t.Run(name, func(t *testing.T) {
			p := startPort(t, server, 0)
			page := dial(t, p.addr)
			if secure {
				client = client.Clone()
				client.ServerName = "example.com"
				page = tls.Client(page, client)
			}
			if got := get(t, page); got != "page" {
				t.Errorf("page says %q", got)
			}

			media := dial(t, p.addr)
			want := bindingRequest()
			for _, b := range want { // however the network cuts it
				if _, err := media.Write([]byte{b}); err != nil {
					t.Fatal(err)
				}
			}
			got := make([]byte, len(want))
			if _, err := io.ReadFull(media, got); err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("media side got % x, want % x", got, want)
			}
		})
	}
}

func TestAClientWithoutALPNIsServedToo(t *testing.T) {
	server, client := testTLS(t)
	client = client.Clone()
	client.NextProtos, client.ServerName = nil, "example.com"
	p := startPort(t, server, 0)
	if got := get(t, tls.Client(dial(t, p.addr), client)); got != "page" {
		t.Errorf("page says %q", got)
	}
}

func TestPlainHTTPIsKeptFromThePageWhereThereIsTLS(t *testing.T) {
	server, _ := testTLS(t)
	p := startPort(t, server, 0)
	if got := get(t, dial(t, p.addr)); got != "use https" {
		t.Errorf("got %q", got)
	}
}

func TestWhatIsNotOursIsClosed(t *testing.T) {
	turn := append([]byte{0, 3, 0, 0}, bindingRequest()[6:]...)
	for name, bytes := range map[string]string{
		"SSH": "ssh-2.0\r\n", "TURN": string(turn), "TLS where there is none": "\x16\x03\x01", "zeros": strings.Repeat("\x00", 10),
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, startPort(t, nil, 0).addr)
			if _, err := io.WriteString(c, bytes); err != nil {
				t.Fatal(err)
			}
			wantClosed(t, c)
		})
	}
}

func TestASilentConnectionIsClosed(t *testing.T) {
	server, _ := testTLS(t)
	p := startPort(t, server, 30*time.Millisecond)
	for name, bytes := range map[string]string{"nothing": "", "half a header": "\x00\x14", "half a TLS handshake": "\x16\x03"} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, p.addr)
			if _, err := io.WriteString(c, bytes); err != nil {
				t.Fatal(err)
			}
			wantClosed(t, c)
		})
	}
}

func TestTheEndOfRunClosesWhatIsLeft(t *testing.T) {
	p := startPort(t, nil, time.Hour)
	silent, media := dial(t, p.addr), dial(t, p.addr)
	if _, err := media.Write(bindingRequest()); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(media, make([]byte, len(bindingRequest()))); err != nil { // it has arrived where it belongs
		t.Fatal(err)
	}
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	wantClosed(t, silent)
	wantClosed(t, media)
	if c, err := net.Dial("tcp", p.addr); err == nil {
		_ = c.Close()
		t.Error("the port still takes connections")
	}
}

func TestAListenerThatFailsEndsRun(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p, err := oneport.New(oneport.Config{Listener: l, ICE: func(net.Conn) {}})
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := p.Run(context.Background()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Run = %v", err)
	}
}
