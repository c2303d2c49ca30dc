package forward

import "time"

// Arrival is what a packet is to the stream it came on.
type Arrival uint8

// The kinds of arrivals. Only Fresh and Late ones are to be cached and forwarded.
const (
	Fresh     Arrival = iota // newer than all before
	Late                     // fills a gap
	Duplicate                // was there already
	Stale                    // too old to tell, or not of this stream's run of numbers
)

// Receiver follows one incoming RTP stream (one SSRC): what is lost, how unevenly it
// comes, what to ask for again, what to report.
type Receiver struct{}

// NewReceiver follows a stream whose timestamps tick at clockRate Hz.
func NewReceiver(clockRate uint32) *Receiver { panic("todo") }

// Receive accounts for a packet as it came from the network.
func (r *Receiver) Receive(p *Packet, now Time) Arrival { panic("todo") }

// Recovered accounts for a packet that a retransmission brought back (UnwrapRTX). It tells
// nothing about loss or jitter.
func (r *Receiver) Recovered(p *Packet, now Time) Arrival { panic("todo") }

// Missing appends to out the sequence numbers to ask for now (RFC 4585 NACK), in order: those
// missing a little while already (they may just be late), and then again every rtt, until they are
// given up for too many tries or age. Call it often, at least every 20 ms while something is missing.
func (r *Receiver) Missing(now Time, rtt time.Duration, out []uint16) []uint16 { panic("todo") }

// GivenUp counts packets that are not asked for any more. When it rises, pictures need a keyframe.
func (r *Receiver) GivenUp() uint64 { panic("todo") }

// SenderReport takes note of an RTCP sender report: its NTP time and RTP timestamp.
func (r *Receiver) SenderReport(ntp NTP, rtp uint32, arrival Time) { panic("todo") }

// TimestampAt is the stream's RTP timestamp at the sender's time ntp, by its last sender report;
// false without one.
func (r *Receiver) TimestampAt(ntp NTP) (uint32, bool) { panic("todo") }

// ReceptionReport holds the fields of a reception report block (RFC 3550 §6.4.1).
type ReceptionReport struct {
	FractionLost    uint8  // of 256, since the report before
	TotalLost       uint32 // 24 bits, two's complement
	HighestSequence uint32 // with the count of wraps in the upper half
	Jitter          uint32 // in timestamp ticks
	LastSR          uint32 // middle 32 bits of the last sender report's NTP time; 0: none came
	DelaySinceSR    uint32 // in 1/65536 s
}

// Report is the report to send at now; it begins a new interval. False before the first packet.
func (r *Receiver) Report(now Time) (ReceptionReport, bool) { panic("todo") }

// Received counts packets and bytes of payload that came, duplicates and retransmissions left out.
func (r *Receiver) Received() (packets, octets uint64) { panic("todo") }
