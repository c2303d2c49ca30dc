//go:build !race

package client_test

import (
	"testing"

	"github.com/samkonsult/samkonsult/loadtest/client"
)

func TestAllocNeitherSendingNorReceivingAllocates(t *testing.T) {
	frames := make(chan struct{}, 16)
	p := connected(t, client.WireConfig{OnRTP: func(r *client.Received) {
		if r.Packet.Marker {
			frames <- struct{}{}
		}
	}})
	payload := make([]byte, 1100)
	allocs := testing.AllocsPerRun(500, func() {
		for k := range 4 {
			if err := p.picture.Queue(copy(p.picture.Next(), payload), 0, k == 3, 0); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.near.Flush(); err != nil {
			t.Fatal(err)
		}
		<-frames
	})
	if allocs != 0 {
		t.Errorf("%v allocations per picture of four packets", allocs)
	}
}
