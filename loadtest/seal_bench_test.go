package loadtest

import (
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// BenchmarkSeal is the floor's seal without the floor around it.
func BenchmarkSeal(b *testing.B) {
	ctx, err := srtp.CreateContext(make([]byte, 16), make([]byte, 12), floorProfile)
	if err != nil {
		b.Fatal(err)
	}
	plain, out := make([]byte, 1165), make([]byte, 0, 1500)
	plain[0] = 0x80
	var h rtp.Header
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ctx.EncryptRTP(out, plain, &h); err != nil {
			b.Fatal(err)
		}
	}
}
