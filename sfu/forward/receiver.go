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
type Receiver struct {
	rate uint32

	began   bool
	newest  uint32 // extended sequence number: wraps in the upper half (RFC 3550 A.1)
	base    uint32 // the first
	seen    seqWindow
	badSeq  uint16
	bad     bool
	missing missing

	// RFC 3550 A.3: what came from the network, repetitions included, so that the counts of
	// expected and received are alike.
	counted         uint32
	reportExpected  uint32 // at the last report
	reportCounted   uint32
	transit         int64 // of the packet before, in ticks
	jitter          int64 // times 16, in ticks
	transitKnown    bool
	jitterTimestamp uint32

	srNTP     NTP
	srRTP     uint32
	srArrival Time
	srKnown   bool

	packets, octets uint64
}

// NewReceiver follows a stream whose timestamps tick at clockRate Hz; 0 means 90000.
func NewReceiver(clockRate uint32) *Receiver {
	if clockRate == 0 {
		clockRate = 90000
	}
	return &Receiver{rate: clockRate}
}

// Receive accounts for a packet as it came from the network.
func (r *Receiver) Receive(p *Packet, now Time) Arrival {
	a := r.arrive(p.Sequence, now)
	switch a {
	case Stale:
		return a
	case Fresh:
		r.measureJitter(p, now)
	}
	r.counted++
	if a != Duplicate {
		r.packets++
		r.octets += uint64(len(p.Payload))
	}
	return a
}

// Recovered accounts for a packet that a retransmission brought back (UnwrapRTX). It tells
// nothing about loss or jitter.
func (r *Receiver) Recovered(p *Packet, now Time) Arrival {
	if !r.began || int16(p.Sequence-uint16(r.newest)) > window {
		return Stale // a retransmission doesn't begin a stream
	}
	return r.arrive(p.Sequence, now)
}

func (r *Receiver) arrive(seq uint16, now Time) Arrival {
	if !r.began {
		r.begin(seq)
		return Fresh
	}
	d := int(int16(seq - uint16(r.newest)))
	switch {
	case d > window || d < -window:
		// RFC 3550 A.1: two in a row prove that the sender began anew.
		if !r.bad || seq != r.badSeq {
			r.bad, r.badSeq = true, seq+1
			return Stale
		}
		r.begin(seq)
		return Fresh
	case d > 0:
		r.bad = false
		lost := r.newest + 1
		if over := d - 1 - maxMissing; over > 0 {
			r.missing.skip(uint64(over))
			lost += uint32(over)
		}
		for ; lost != r.newest+uint32(d); lost++ {
			r.missing.add(lost, now)
		}
		r.newest += uint32(d)
		r.seen.take(seq)
		return Fresh
	case !r.seen.take(seq):
		if d <= -window {
			return Stale
		}
		return Duplicate
	}
	r.bad = false
	ext := r.newest - uint32(-d)
	if int32(ext-r.base) < 0 {
		r.base = ext // the first ones came out of order
	}
	r.missing.remove(ext)
	return Late
}

func (r *Receiver) begin(seq uint16) {
	r.began, r.bad = true, false
	r.newest = 1<<16 | uint32(seq) // one wrap ahead, so that earlier ones have a number too
	r.base = r.newest
	r.seen.reset()
	r.seen.take(seq)
	r.missing = missing{givenUp: r.missing.givenUp}
	r.counted, r.reportExpected, r.reportCounted = 0, 0, 0
	r.transitKnown = false
}

// measureJitter is RFC 3550 A.8, once per timestamp: the packets of one picture are sent one after the
// other under one timestamp, and what is between them is not jitter.
func (r *Receiver) measureJitter(p *Packet, now Time) {
	if r.transitKnown && p.Timestamp == r.jitterTimestamp {
		return
	}
	transit := ticks(time.Duration(now), r.rate)
	if r.transitKnown {
		d := transit - r.transit - int64(int32(p.Timestamp-r.jitterTimestamp))
		if d < 0 {
			d = -d
		}
		if d < int64(r.rate)*10 { // more is not jitter but a new clock
			r.jitter += d - (r.jitter+8)>>4
		}
	}
	r.transit, r.jitterTimestamp, r.transitKnown = transit, p.Timestamp, true
}

// Missing appends to out the sequence numbers to ask for now (RFC 4585 NACK), in order: those
// missing a little while already (they may just be late), and then again every rtt, until they are
// given up for too many tries or age. Call it often, at least every 20 ms while something is missing.
func (r *Receiver) Missing(now Time, rtt time.Duration, out []uint16) []uint16 {
	return r.missing.due(r.newest, now, rtt, out)
}

// Incomplete says that something is missing that Missing has not given up.
func (r *Receiver) Incomplete() bool { return r.missing.n > 0 }

// GivenUp counts packets that are not asked for any more. When it rises, pictures need a keyframe.
func (r *Receiver) GivenUp() uint64 { return r.missing.givenUp }

// SenderReport takes note of an RTCP sender report: its NTP time and RTP timestamp.
func (r *Receiver) SenderReport(ntp NTP, rtp uint32, arrival Time) {
	r.srNTP, r.srRTP, r.srArrival, r.srKnown = ntp, rtp, arrival, true
}

// TimestampAt is the stream's RTP timestamp at the sender's time ntp, by its last sender report;
// false without one.
func (r *Receiver) TimestampAt(ntp NTP) (uint32, bool) {
	if !r.srKnown {
		return 0, false
	}
	return r.srRTP + uint32(ticks(ntp.Sub(r.srNTP), r.rate)), true
}

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
func (r *Receiver) Report(now Time) (ReceptionReport, bool) {
	if !r.began {
		return ReceptionReport{}, false
	}
	// RFC 3550 A.3.
	expected := r.newest - r.base + 1
	lost := int64(expected) - int64(r.counted)
	rr := ReceptionReport{
		TotalLost:       uint32(min(max(lost, -1<<23), 1<<23-1)) & 0xffffff,
		HighestSequence: r.newest - 1<<16,
		Jitter:          uint32(r.jitter >> 4),
	}
	expectedNow := int64(expected - r.reportExpected)
	lostNow := expectedNow - int64(r.counted-r.reportCounted)
	if expectedNow > 0 && lostNow > 0 {
		rr.FractionLost = uint8(min(lostNow<<8/expectedNow, 255))
	}
	r.reportExpected, r.reportCounted = expected, r.counted
	if r.srKnown {
		rr.LastSR = r.srNTP.Middle()
		rr.DelaySinceSR = toMiddle(now.Sub(r.srArrival))
	}
	return rr, true
}

// Received counts packets and bytes of payload that came, duplicates and retransmissions left out.
func (r *Receiver) Received() (packets, octets uint64) { return r.packets, r.octets }
