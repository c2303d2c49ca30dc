package forward

import (
	"math"
	"time"
)

// EstimateConfig bounds an Estimate. The zero value is useful.
type EstimateConfig struct {
	Floor   Bitrate // never believed less; 0 means 100 kbit/s
	Start   Bitrate // believed without proof, until reports speak against it; 0 means 1 Mbit/s
	Ceiling Bitrate // never believed more; 0 means 10 Mbit/s
	Factor  float64 // of what was proved, the most that is believed; 0 means 2
}

// Estimate is how many bits per second can be sent to one subscriber, from what its
// receiver reports. Three things bound it:
//
//   - Loss, after draft-ietf-rmcat-gcc-02 §6: over 10 % of packets lost it falls below what was sent by
//     half the loss, between 2 and 10 % it stays, below it grows by 8 % a second, or by 25 % before
//     any loss was seen, and to what was sent, since that arrived.
//   - The receiver's own estimate (REMB), for 5 s.
//   - Proof: no more than Start, or Floor and Factor times what lately went out and arrived. An
//     estimate that grows while little is sent is a guess, and the picture pays for the burst
//     that tests it.
type Estimate struct {
	cfg  EstimateConfig
	rate float64 // by loss and proof

	reported   bool
	reportedAt Time // last Loss
	loss       float64
	fell       bool
	fellAt     Time
	warned     bool // there was loss: the steep beginning is over

	rembed bool
	remb   Bitrate
	rembAt Time

	sent     float64
	sentAt   Time
	proved   float64 // at provedAt; it fades
	provedAt Time
}

const (
	lossHigh   = 0.10
	lossLow    = 0.02
	growth     = 0.08 // a second
	growthSoon = 0.25 // a second, at the beginning

	fallAgain   = 300 * time.Millisecond // reports nearer than that tell of the same loss
	longestGap  = 2 * time.Second        // without reports nothing grows
	reportAge   = 5 * time.Second        // older ones prove nothing, REMB included
	provedFades = 30 * time.Second       // what was proved halves in that time
)

// NewEstimate makes the estimate of one subscriber's transport.
func NewEstimate(cfg EstimateConfig) *Estimate {
	if cfg.Floor == 0 {
		cfg.Floor = 100_000
	}
	if cfg.Start == 0 {
		cfg.Start = 1_000_000
	}
	if cfg.Ceiling == 0 {
		cfg.Ceiling = 10_000_000
	}
	if cfg.Factor == 0 {
		cfg.Factor = 2
	}
	return &Estimate{cfg: cfg, rate: float64(cfg.Start)}
}

// Sent takes note of the bitrate that was sent over about the last second. Call it about as often.
func (e *Estimate) Sent(b Bitrate, now Time) {
	e.sent, e.sentAt = float64(b), now
	if !e.reported || now.Sub(e.reportedAt) > reportAge {
		return // nobody says that it arrived
	}
	if arrived := e.sent * (1 - e.loss); arrived >= e.provedNow(now) {
		e.proved, e.provedAt = arrived, now
	}
}

// REMB takes note of the receiver's own estimate (draft-alvestrand-rmcat-remb-03).
func (e *Estimate) REMB(b Bitrate, now Time) { e.rembed, e.remb, e.rembAt = true, b, now }

// Loss takes note of a receiver report's fraction lost, of 256: the worst of its blocks.
func (e *Estimate) Loss(fraction uint8, now Time) {
	e.loss = float64(fraction) / 256
	e.warned = e.warned || e.loss >= lossLow
	switch {
	case e.loss > lossHigh:
		if !e.fell || now.Sub(e.fellAt) >= fallAgain {
			// More than was sent would not have arrived either.
			from := e.rate
			if e.sent > 0 {
				from = min(from, e.sent)
			}
			e.rate = from * (1 - e.loss/2)
			e.fell, e.fellAt = true, now
		}
	case e.loss < lossLow && e.reported:
		dt, g := min(max(0, now.Sub(e.reportedAt)), longestGap), growth
		if !e.warned {
			g = growthSoon
		}
		e.rate *= math.Pow(1+g, dt.Seconds())
		if now.Sub(e.sentAt) <= longestGap {
			e.rate = max(e.rate, e.sent*(1-e.loss))
		}
	}
	e.reported, e.reportedAt = true, now
	e.rate = min(max(e.rate, float64(e.cfg.Floor)), e.believable(now))
}

// Bitrate is what may be sent at now.
func (e *Estimate) Bitrate(now Time) Bitrate {
	b := Bitrate(min(e.rate, e.believable(now)))
	if e.rembed && now.Sub(e.rembAt) <= reportAge {
		b = min(b, e.remb)
	}
	return max(b, e.cfg.Floor)
}

// believable is the most that proof allows.
func (e *Estimate) believable(now Time) float64 {
	most := e.cfg.Factor*e.provedNow(now) + float64(e.cfg.Floor)
	return min(max(most, float64(e.cfg.Start)), float64(e.cfg.Ceiling))
}

func (e *Estimate) provedNow(now Time) float64 {
	if e.proved == 0 {
		return 0
	}
	return e.proved * math.Exp2(-float64(now.Sub(e.provedAt))/float64(provedFades))
}
