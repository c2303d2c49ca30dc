package forward

import "time"

// NTP is a time as RTCP writes it: seconds since 1900 in the upper 32 bits, fraction in the lower.
type NTP uint64

// ToNTP converts a wall clock's time, given as nanoseconds since 1970 (time.Time.UnixNano).
func ToNTP(unixNano int64) NTP { panic("todo") }

// UnixNano is the time in nanoseconds since 1970, within the NTP era that holds the years 1968 to 2104.
func (n NTP) UnixNano() int64 { panic("todo") }

// Middle is the middle 32 bits, in 1/65536 s, as in a reception report's LSR.
func (n NTP) Middle() uint32 { panic("todo") }

// Sub is how much later n is than m.
func (n NTP) Sub(m NTP) time.Duration { panic("todo") }

// RoundTrip is the round trip told by a reception report that came at now, answering our
// sender report: lsr and dlsr are its fields. False if it answers none or they can't be true.
func RoundTrip(now NTP, lsr, dlsr uint32) (time.Duration, bool) { panic("todo") }
