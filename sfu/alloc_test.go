//go:build !race

package sfu

import (
	"context"
	"net/netip"
	"runtime"
	"testing"
)

// TestForwardingAllocatesNothing counts every allocation in the process while packets go from
// one page's datagram to two others', through the real sockets, SRTP included.
func TestForwardingAllocatesNothing(t *testing.T) {
	srv, err := Listen(Config{Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { srv.Run(ctx); close(done) }() // ends with cancel
	t.Cleanup(func() { cancel(); <-done })
	room := srv.NewRoom("r")
	a, b, c := wire(t, srv, room, "a"), wire(t, srv, room, "b"), wire(t, srv, room, "c")
	const warm, burst, bursts = 600, 12, 400
	packets := a.video(t, warm+burst*bursts)
	to := srv.UDPAddr()
	buf := make([]byte, 2048)
	round := func(pkts [][]byte, from *wired, to netip.AddrPort) {
		for _, pkt := range pkts {
			if _, err := from.conn.WriteToUDPAddrPort(pkt, to); err != nil {
				t.Fatal(err)
			}
		}
		b.media(t, buf, len(pkts))
		c.media(t, buf, len(pkts))
	}
	for i := 0; i < warm; i += burst {
		round(packets[i:i+burst], a, to)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := warm; i < len(packets); i += burst {
		round(packets[i:i+burst], a, to)
	}
	runtime.ReadMemStats(&after)
	forwarded := 2 * burst * bursts
	per := float64(after.Mallocs-before.Mallocs) / float64(forwarded)
	t.Logf("%.4f allocations per forwarded packet, reports and all else in the process included", per)
	// What is left is by time and not by packet: reports, twenty milliseconds' chores. An
	// allocation on the packet's path would show as 0.5 (received) or 1 (sent).
	if per > 0.1 {
		t.Errorf("%.3f allocations per forwarded packet", per)
	}
}
