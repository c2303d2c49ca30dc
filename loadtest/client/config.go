package client

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"time"

	"github.com/samkonsult/samkonsult/sfu/forward"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Config of a Client. URL and one of Ticket and Resume are needed.
type Config struct {
	URL    string           // of the service: http or https
	Ticket string           // single-use
	Resume *protocol.Resume // instead of a ticket: take up a seat with a fresh transport

	Media     protocol.MediaState // what is sent from the start
	Others    int                 // participants that can be received; 0 means 2, at most 7
	Simulcast bool                // the camera sends three layers

	// Width and Height of the tiles that pictures are shown in, device pixels, as a page
	// tells them. 0 means 640×360, with Simulcast 1280×720.
	Width, Height int

	NACK         bool   // ask for lost packets again
	NoRetransmit bool   // don't send packets again that the service has lost; saves 150 kB a picture
	Bandwidth    uint64 // bits per second that the service is told we can receive; 0 means 8 Mbit/s

	Local       netip.Addr       // the address media is sent from; zero: the one that faces the URL's host
	TLS         *tls.Config      // of the websocket; nil: the system's roots
	Certificate *tls.Certificate // of DTLS; nil: a new one, as a page makes

	// OnMessage gets every message of the service, OnRTP every media packet. Each is called
	// from one goroutine of the client's, one at a time; they must not block and must not
	// call Close, Leave or Resume. Nil: nothing.
	OnMessage func(protocol.ServerMessage)
	OnRTP     func(*Received)

	Now func() forward.Time // monotonic; nil: since Dial. One clock for several clients makes their times comparable
}

func (c *Client) validate() error {
	cfg := &c.cfg
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return err
	}
	switch u.Scheme {
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	default:
		return fmt.Errorf("URL %q: must be http or https", cfg.URL)
	}
	c.endpoint = u.JoinPath("/api/v1/call").String()
	if (cfg.Ticket == "") == (cfg.Resume == nil) {
		return errors.New("exactly one of Ticket and Resume is needed")
	}
	if cfg.Others < 0 || cfg.Others > 7 || cfg.Width < 0 || cfg.Height < 0 {
		return fmt.Errorf("others %d, tile %d×%d: 0 to 7, 0 or more", cfg.Others, cfg.Width, cfg.Height)
	}
	if cfg.Others == 0 {
		cfg.Others = 2
	}
	if cfg.Width == 0 || cfg.Height == 0 {
		cfg.Width, cfg.Height = 640, 360
		if cfg.Simulcast {
			cfg.Width, cfg.Height = 1280, 720
		}
	}
	if cfg.Bandwidth == 0 {
		cfg.Bandwidth = 8_000_000
	}
	if !cfg.Local.IsValid() {
		if cfg.Local, err = facing(u); err != nil {
			return err
		}
	}
	if cfg.OnMessage == nil {
		cfg.OnMessage = func(protocol.ServerMessage) {}
	}
	if cfg.OnRTP == nil {
		cfg.OnRTP = func(*Received) {}
	}
	if cfg.Now == nil {
		start := time.Now()
		cfg.Now = func() forward.Time { return forward.Time(time.Since(start)) }
	}
	return nil
}

// facing is our address on the way to a host. Nothing is sent.
func facing(u *url.URL) (netip.Addr, error) {
	conn, err := net.Dial("udp", net.JoinHostPort(u.Hostname(), "9"))
	if err != nil {
		return netip.Addr{}, err
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap(), nil
}
