package forward

// EstimateConfig bounds an Estimate. The zero value is useful.
type EstimateConfig struct {
	Floor   Bitrate // never believed less; 0 means 100 kbit/s
	Start   Bitrate // believed before anything is known; 0 means 1 Mbit/s
	Ceiling Bitrate // never believed more; 0 means 10 Mbit/s
	Factor  float64 // of what was proved, the most that is believed; 0 means 2
}

// Estimate is how many bits per second can be sent to one subscriber, from what its
// receiver reports.
type Estimate struct{}

// NewEstimate makes the estimate of one subscriber's transport.
func NewEstimate(cfg EstimateConfig) *Estimate { panic("todo") }

// Sent takes note of the bitrate that was sent over about the last second.
func (e *Estimate) Sent(b Bitrate, now Time) { panic("todo") }

// REMB takes note of the receiver's own estimate (draft-alvestrand-rmcat-remb).
func (e *Estimate) REMB(b Bitrate, now Time) { panic("todo") }

// Loss takes note of a receiver report's fraction lost, of 256, the worst of its blocks.
func (e *Estimate) Loss(fraction uint8, now Time) { panic("todo") }

// Bitrate is what may be sent at now.
func (e *Estimate) Bitrate(now Time) Bitrate { panic("todo") }
