package forward

import (
	"math/bits"
	"time"
)

// NTP is a time as RTCP writes it: seconds since 1900 in the upper 32 bits, fraction in the lower.
type NTP uint64

// ntpToUnix is the seconds from 1900 to 1970 (RFC 868).
const ntpToUnix = 2208988800

// ToNTP converts a wall clock's time, given as nanoseconds since 1970 (time.Time.UnixNano).
func ToNTP(unixNano int64) NTP {
	sec := unixNano / 1e9
	nano := unixNano % 1e9
	if nano < 0 {
		sec, nano = sec-1, nano+1e9
	}
	// Rounded up, so that UnixNano gives the same nanosecond back.
	frac, rest := bits.Div64(uint64(nano)>>32, uint64(nano)<<32, 1e9)
	if rest > 0 {
		frac++
	}
	return NTP(uint64(sec+ntpToUnix)<<32 | frac)
}

// UnixNano is the time in nanoseconds since 1970, within the years 1968 to 2104: an NTP time whose top bit
// is not set is in the era after 2036 (RFC 5905 §6).
func (n NTP) UnixNano() int64 {
	sec := int64(n >> 32)
	if n>>63 == 0 {
		sec += 1 << 32
	}
	nano := int64(uint64(n) & 0xffffffff * 1e9 >> 32)
	return (sec-ntpToUnix)*1e9 + nano
}

// Middle is the middle 32 bits, in 1/65536 s, as in a reception report's LSR.
func (n NTP) Middle() uint32 { return uint32(n >> 16) }

// Sub is how much later n is than m, over an era's end too. At most 68 years.
func (n NTP) Sub(m NTP) time.Duration {
	d := int64(n - m)
	sec, frac := d>>32, uint64(d)&0xffffffff
	return time.Duration(sec)*time.Second + time.Duration(frac*1e9>>32)
}

// RoundTrip is the round trip told by a reception report that came at now, answering our
// sender report: lsr and dlsr are its fields. False if it answers none or they can't be true.
func RoundTrip(now NTP, lsr, dlsr uint32) (time.Duration, bool) {
	if lsr == 0 {
		return 0, false
	}
	// RFC 3550 §6.4.1: A - LSR - DLSR, modulo 2³². Clocks of 1/65536 s may make a short one negative.
	d := int32(now.Middle() - lsr - dlsr)
	if d < -66 || d > 60<<16 {
		return 0, false
	}
	return middleDuration(uint32(max(d, 0))), true
}

// middleDuration converts 1/65536 s.
func middleDuration(m uint32) time.Duration { return time.Duration(uint64(m) * 1e9 >> 16) }

// toMiddle converts to 1/65536 s.
func toMiddle(d time.Duration) uint32 {
	if d < 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(d), 1<<16)
	q, _ := bits.Div64(hi%1e9, lo, 1e9)
	return uint32(q)
}

// ticks converts a duration to RTP timestamp ticks, towards zero.
func ticks(d time.Duration, rate uint32) int64 {
	// Split, since nanoseconds times ticks overflow after a day.
	return int64(d/time.Second)*int64(rate) + int64(d%time.Second)*int64(rate)/1e9
}
