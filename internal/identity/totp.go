package identity

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"net/url"
	"time"

	"github.com/pquerna/otp" // the usual HOTP and TOTP in Go, small and long kept
	"github.com/pquerna/otp/hotp"
)

// What authenticator apps expect (RFC 6238 §4, §5.2): SHA-1, 6 digits, 30 s.
const (
	totpPeriod = 30 * time.Second
	totpSecret = 20 // bytes: the hash's length (RFC 4226 §4, R6)
	totpSkew   = 1  // steps before and after, for clocks and slow fingers (RFC 6238 §5.2)
)

func newTOTP() []byte {
	secret := make([]byte, totpSecret)
	_, _ = rand.Read(secret)
	return secret
}

// totpText is the secret as authenticator apps take it.
func totpText(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// totpURI is the secret as a QR code shows it (Key Uri Format).
func totpURI(secret []byte, issuer, account string) string {
	q := url.Values{"secret": {totpText(secret)}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + account, RawQuery: q.Encode()}
	return u.String()
}

// totpStep finds the time step, later than the last one used, whose code it is; 0: none.
// RFC 6238 §5.2: a code is accepted once.
func totpStep(secret []byte, code string, last int64, now time.Time) (int64, error) {
	var found int64
	current := now.Unix() / int64(totpPeriod/time.Second)
	for step := current - totpSkew; step <= current+totpSkew; step++ {
		want, err := hotp.GenerateCodeCustom(totpText(secret), uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, fmt.Errorf("second factor: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > last {
			found = step
		}
	}
	return found, nil
}
