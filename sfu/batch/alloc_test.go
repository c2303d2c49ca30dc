//go:build !race

package batch_test

import (
	"net/netip"
	"testing"

	"github.com/samkonsult/samkonsult/sfu/batch"
)

func TestAllocReadingAndWritingAllocatesNothing(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0"} {
		for _, gro := range []bool{false, true} {
			from, to := listen(t, addr, batch.Config{}), listen(t, addr, batch.Config{GRO: gro})
			w, r := from.NewWriter(), to.NewReader()
			small := make([]byte, 20)
			dest := []netip.AddrPort{to.LocalAddr(), from.LocalAddr()}
			allocs := testing.AllocsPerRun(200, func() {
				for i := range 8 {
					queue(w, uint32(i), 1000, dest[i%2])
				}
				if sent, err := w.Flush(); sent != 8 || err != nil {
					t.Fatal(sent, err)
				}
				if err := from.WriteTo(small, dest[0]); err != nil {
					t.Fatal(err)
				}
				for n := 0; n < 5; {
					got, err := r.Read()
					if err != nil {
						t.Fatal(err)
					}
					n += len(got)
				}
			})
			if allocs != 0 {
				t.Errorf("%s, GRO %v: %v allocations per batch", addr, gro, allocs)
			}
		}
	}
}
