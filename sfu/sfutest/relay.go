package sfutest

import (
	"net"
	"sync"
	"testing"
)

// Relay stands between one page and the server's UDP port, and does to packets what its rules say.
type Relay struct {
	t      testing.TB
	conn   *net.UDPConn // towards the page
	server *net.UDPAddr
	wg     sync.WaitGroup

	mu   sync.Mutex
	out  *net.UDPConn // towards the server
	page *net.UDPAddr
	down func(pkt []byte) int // how often a packet to the page is delivered; nil: once
	up   func(pkt []byte) int // how often a packet to the server is delivered; nil: once
}

// NewRelay makes a relay in front of the server's media port, whose address can be IPv6; the page's is IPv4.
func NewRelay(t testing.TB, server *net.UDPAddr) *Relay {
	t.Helper()
	r := &Relay{t: t, server: server}
	t.Cleanup(r.wg.Wait)
	r.conn = r.open(net.IPv4(127, 0, 0, 1))
	r.Move()
	return r
}

// open opens a socket and relays what comes on it until the test ends.
func (r *Relay) open(at net.IP) *net.UDPConn {
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: at})
	if err != nil {
		r.t.Fatal(err)
	}
	r.wg.Go(func() { r.run(conn) }) // ends when conn is closed
	r.t.Cleanup(func() { conn.Close() })
	return conn
}

// Move gives the page another address towards the server, as a router does that has forgotten
// it. What is sent to the old one is lost.
func (r *Relay) Move() {
	out := r.open(r.server.IP) // loopback: what reaches it can leave from it
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out = out
}

// Port is where the page finds the relay.
func (r *Relay) Port() int { return r.conn.LocalAddr().(*net.UDPAddr).Port }

// Down sets the rule for packets to the page: how often each is delivered.
func (r *Relay) Down(rule func(pkt []byte) int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down = rule
}

// Up sets the rule for packets to the server.
func (r *Relay) Up(rule func(pkt []byte) int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.up = rule
}

// Media says whether a packet is SRTP (not SRTCP, DTLS or STUN).
func Media(pkt []byte) bool {
	return len(pkt) > 12 && pkt[0] >= 128 && pkt[0] <= 191 && (pkt[1] < 192 || pkt[1] > 223)
}

func (r *Relay) run(conn *net.UDPConn) {
	buf := make([]byte, 2048)
	for {
		n, from, err := conn.ReadFromUDP(buf)
		if err != nil {
			return
		}
		r.mu.Lock()
		out, to, rule := r.out, r.server, r.up
		switch {
		case conn == r.conn:
			r.page = from
		case conn == r.out:
			out, to, rule = r.conn, r.page, r.down
		default:
			to = nil
		}
		r.mu.Unlock()
		times := 1
		if rule != nil {
			times = rule(buf[:n])
		}
		for range times {
			if to != nil {
				out.WriteToUDP(buf[:n], to)
			}
		}
	}
}
