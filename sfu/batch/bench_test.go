package batch_test

import (
	"testing"

	"github.com/samkonsult/samkonsult/sfu/batch"
)

// BenchmarkFrame sends a video frame of four packets to each of two receivers, which is
// what one incoming frame of a three-party call becomes, and reads it there.
func BenchmarkFrame(b *testing.B) {
	for _, bc := range []struct {
		name string
		cfg  batch.Config
	}{
		{"segmented", batch.Config{}},
		{"unsegmented", batch.Config{Unsegmented: true}},
		{"segmented, coalesced reads", batch.Config{GRO: true}},
	} {
		b.Run(bc.name, func(b *testing.B) {
			from := listen(b, "127.0.0.1:0", bc.cfg)
			to := []*batch.Socket{listen(b, "127.0.0.1:0", bc.cfg), listen(b, "127.0.0.1:0", bc.cfg)}
			readers := []*batch.Reader{to[0].NewReader(), to[1].NewReader()}
			w := from.NewWriter()
			b.ReportAllocs()
			for b.Loop() {
				for k := range 4 {
					for _, s := range to {
						queue(w, uint32(k), 1100, s.LocalAddr())
					}
				}
				if _, err := w.Flush(); err != nil {
					b.Fatal(err)
				}
				for _, r := range readers {
					for n := 0; n < 4; {
						got, err := r.Read()
						if err != nil {
							b.Fatal(err)
						}
						n += len(got)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/8, "ns/datagram")
		})
	}
}
