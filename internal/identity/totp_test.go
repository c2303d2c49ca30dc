package identity

import (
	"testing"
	"time"
)

// RFC 6238, appendix B, SHA-1: the last six of its eight digits.
func TestSecondFactorsAreThoseOfTheStandard(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, code := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037",
	} {
		step, err := totpStep(secret, code, 0, time.Unix(at, 0))
		if err != nil || step != at/30 {
			t.Errorf("at %d: step %d, %v", at, step, err)
		}
		if step, _ := totpStep(secret, code, at/30, time.Unix(at, 0)); step != 0 {
			t.Errorf("at %d, used: step %d", at, step)
		}
		for _, off := range []int64{-30, 30} {
			if step, _ := totpStep(secret, code, 0, time.Unix(at+off, 0)); step != at/30 {
				t.Errorf("%d s off: step %d", off, step)
			}
		}
		for _, off := range []int64{-60, 60} {
			if at+off < 0 {
				continue
			}
			if step, _ := totpStep(secret, code, 0, time.Unix(at+off, 0)); step != 0 {
				t.Errorf("%d s off: step %d", off, step)
			}
		}
	}
}
