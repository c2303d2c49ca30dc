//go:build !race

package sfu

import (
	"context"
	"testing"
)

// BenchmarkForward is one packet of a page's camera on its way to two others: datagram read
// to datagrams written, with the two ends' system calls in it. ns/op is per packet received.
func BenchmarkForward(b *testing.B) {
	srv, err := Listen(Config{Readers: 1})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() { srv.Run(ctx); close(done) }() // ends with cancel
	b.Cleanup(func() { cancel(); <-done })
	room := srv.NewRoom("r")
	one, two, three := wire(b, srv, room, "a"), wire(b, srv, room, "b"), wire(b, srv, room, "c")
	const burst = 12
	packets := one.video(b, (b.N/burst+2)*burst)
	buf := make([]byte, 2048)
	to := srv.UDPAddr()
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i += burst {
		for _, pkt := range packets[i : i+burst] {
			if _, err := one.conn.WriteToUDPAddrPort(pkt, to); err != nil {
				b.Fatal(err)
			}
		}
		two.media(b, buf, burst)
		three.media(b, buf, burst)
	}
}
