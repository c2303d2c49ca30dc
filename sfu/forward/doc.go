// Package forward is the arithmetic of forwarding RTP: parsing, keyframes, one continuous
// outgoing stream out of many incoming ones, retransmission, loss, and who gets which layer.
//
// It is pure: no goroutine, no lock, no clock, no log, no I/O. Time comes in as an argument.
// Nothing here is safe for use by several goroutines at once; the caller's lock or goroutine
// owns each value. The functions that run per packet don't allocate.
//
// The way of a packet:
//
//	Parse → Receiver.Receive → Cache.Put → per subscriber: Rewriter.Rewrite → Rewriter.Append → History.Add
//
// and of a NACK: History.Resend → Cache.Get → Parse → Rewriter.AppendRTX.
package forward

import "time"

// Time is monotonic nanoseconds from any fixed start; all Times given to one value
// must come from the same clock. Zero is an ordinary instant, not "never".
type Time int64

// Add is the instant d later.
func (t Time) Add(d time.Duration) Time { return t + Time(d) }

// Sub is how much later t is than u.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t - u) }

// Bitrate is bits per second.
type Bitrate uint64

// Key names one incoming RTP stream: one layer of one publication. The caller gives
// them out and doesn't use one again while a History may still refer to it. Zero is no stream.
type Key uint32
