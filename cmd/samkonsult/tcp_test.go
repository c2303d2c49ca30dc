package main

import (
	"context"
	"crypto/tls"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/samkonsult/samkonsult/sfu/sfutest"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// A hospital's firewall lets out one TCP port: page, websocket and media go through it,
// and it is TLS for all but the media, which is encrypted by itself.
func TestACallNeedsOnlyThePagesPortWhereUDPIsBlocked(t *testing.T) {
	for _, tlsMode := range []string{tlsOff, tlsSelfSigned} {
		t.Run("tls "+tlsMode, func(t *testing.T) {
			app := startApp(t, func(c *Config) { c.TLS = tlsMode })
			nurse, _, _ := visit(t, app.Links().Nurse)
			page := sfutest.NewPage(t, sfutest.PageConfig{TCP: true})
			dialer := websocket.Dialer{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, HandshakeTimeout: 20 * time.Second}
			ws, _, err := dialer.DialContext(t.Context(), "ws"+app.URL()[len("http"):]+"/api/v1/call", nil)
			if err != nil {
				t.Fatal(err)
			}
			defer ws.Close()
			hello, err := protocol.Encode(protocol.Hello{
				Version: protocol.Version, Ticket: nurse.ticket(app.Links().Consultation), Offer: page.Offer(),
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := ws.WriteMessage(websocket.TextMessage, hello); err != nil {
				t.Fatal(err)
			}
			_, data, err := ws.ReadMessage()
			if err != nil {
				t.Fatal(err)
			}
			m, err := protocol.DecodeServer(data)
			if err != nil {
				t.Fatal(err)
			}
			welcome, ok := m.(protocol.Welcome)
			if !ok {
				t.Fatalf("%+v", m)
			}
			page.Answer(welcome.Answer)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			page.Connected(ctx)
		})
	}
}
