package sfutest

import (
	"net"
	"sync"
	"testing"
)

// Relay stands between one page and the server's UDP port, and does to packets what its rules say.
type Relay struct {
	conn   *net.UDPConn
	server *net.UDPAddr

	mu   sync.Mutex
	page *net.UDPAddr
	down func(pkt []byte) int // how often a packet to the page is delivered; nil: once
	up   func(pkt []byte) int // how often a packet to the server is delivered; nil: once
}

// NewRelay makes a relay in front of the server's media port.
func NewRelay(t testing.TB, server *net.UDPAddr) *Relay {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	r := &Relay{conn: conn, server: server}
	var wg sync.WaitGroup
	wg.Go(r.run) // ends when conn is closed
	t.Cleanup(func() { conn.Close(); wg.Wait() })
	return r
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

func (r *Relay) run() {
	buf := make([]byte, 2048)
	for {
		n, from, err := r.conn.ReadFromUDP(buf)
		if err != nil {
			return
		}
		r.mu.Lock()
		to, rule := r.server, r.up
		if from.Port == r.server.Port {
			to, rule = r.page, r.down
		} else {
			r.page = from
		}
		r.mu.Unlock()
		times := 1
		if rule != nil {
			times = rule(buf[:n])
		}
		for range times {
			if to != nil {
				r.conn.WriteToUDP(buf[:n], to)
			}
		}
	}
}
