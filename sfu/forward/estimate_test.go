package forward

import (
	"testing"

	"pgregory.net/rapid"
)

// carry sends for some seconds as much as the estimate allows, at most most, over a link of the
// given capacity, and reports once a second.
func carry(e *Estimate, from Time, seconds int, capacity, most Bitrate) Time {
	for range seconds {
		sent := min(e.Bitrate(from), most)
		e.Sent(sent, from)
		from += second
		lost := uint8(0)
		if sent > capacity {
			lost = uint8((sent - capacity) * 256 / sent)
		}
		e.Loss(lost, from)
	}
	return from
}

func between(t *testing.T, e *Estimate, now Time, low, high Bitrate) {
	t.Helper()
	if b := e.Bitrate(now); b < low || b > high {
		t.Errorf("estimate %d, want %d to %d", b, low, high)
	}
}

func TestTheEstimateFindsWhatTheLinkCarries(t *testing.T) {
	for _, capacity := range []Bitrate{300_000, 1_000_000, 4_000_000} {
		e := NewEstimate(EstimateConfig{})
		now := carry(e, 0, 60, capacity, 1<<40)
		between(t, e, now, capacity*8/10, capacity*13/10)
	}
}

func TestLossOverATenthMakesItFallLessHoldsIt(t *testing.T) {
	e := NewEstimate(EstimateConfig{})
	e.Sent(900_000, 0)
	e.Loss(0, 0)
	e.Loss(15, second) // 6 %
	between(t, e, second, 1_000_000, 1_000_000)
	e.Loss(51, 2*second) // 20 %: a tenth off what was sent
	between(t, e, 2*second, 809_000, 811_000)
	e.Loss(51, 2*second+100*ms) // of the same burst
	between(t, e, 2*second+100*ms, 809_000, 811_000)
	e.Loss(0, 3*second+100*ms)
	between(t, e, 3*second+100*ms, 874_000, 876_000)
	e.Loss(0, 3600*second) // an hour without reports is not an hour of growth
	between(t, e, 3600*second, 1_000_000, 1_000_000)
	for i := range Time(100) {
		e.Loss(255, 4000*second+i*second)
	}
	between(t, e, 5000*second, 100_000, 100_000)
}

func TestItIsNotBelievedMoreThanWasProved(t *testing.T) {
	e := NewEstimate(EstimateConfig{})
	now := carry(e, 0, 300, 1<<40, 800_000)
	between(t, e, now, 1_600_000, 1_700_000)
	// A receiver's optimism is no proof.
	e.REMB(9_000_000, now)
	between(t, e, now, 1_600_000, 1_700_000)
	// Proof fades.
	now = carry(e, now, 30, 1<<40, 10_000)
	between(t, e, now, 1_000_000, 1_000_000)
	// What nobody reports on proves nothing.
	e = NewEstimate(EstimateConfig{})
	e.Loss(0, 0)
	for i := range Time(100) {
		e.Sent(5_000_000, (10+i)*second)
	}
	e.Loss(0, 110*second)
	e.Loss(0, 111*second)
	between(t, e, 111*second, 1_000_000, 1_000_000)
}

func TestTheBeginningIsSteepUntilThereIsLoss(t *testing.T) {
	e := NewEstimate(EstimateConfig{})
	e.Loss(0, 0)
	e.Sent(990_000, 0)
	e.Loss(0, second)
	between(t, e, second, 1_250_000, 1_250_000)
	e.Loss(6, 2*second)
	between(t, e, 2*second, 1_250_000, 1_250_000)
	e.Loss(0, 3*second)
	between(t, e, 3*second, 1_350_000, 1_350_000)
}

func TestWhatAProbeBroughtThroughIsBelievedAtOnce(t *testing.T) {
	e := NewEstimate(EstimateConfig{})
	e.Loss(0, 0)
	e.Loss(10, 0)
	e.Sent(1_500_000, second)
	e.Loss(0, second)
	between(t, e, second, 1_500_000, 1_500_000)
	e.Loss(0, 10*second) // too long ago to tell of what was sent
	between(t, e, 10*second, 1_740_000, 1_760_000)
	e.Sent(3_000_000, 11*second)
	e.Loss(8, 11*second) // 3 % did not come through
	between(t, e, 11*second, 1_740_000, 1_760_000)
}

func TestTheReceiversOwnEstimateBoundsItWhileItIsFresh(t *testing.T) {
	e := NewEstimate(EstimateConfig{})
	e.REMB(400_000, 0)
	between(t, e, 5*second, 400_000, 400_000)
	between(t, e, 5*second+ms, 1_000_000, 1_000_000)
	e.REMB(1, 6*second)
	between(t, e, 6*second, 100_000, 100_000)
}

func TestTheEstimateStaysInItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := NewEstimate(EstimateConfig{Floor: 50_000, Start: 500_000, Ceiling: 3_000_000})
		now, proved := Time(0), Bitrate(0)
		for range rapid.IntRange(0, 200).Draw(t, "n") {
			now += Time(rapid.IntRange(0, 3000).Draw(t, "milliseconds")) * ms
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				b := Bitrate(rapid.IntRange(0, 5_000_000).Draw(t, "sent"))
				proved = max(proved, b)
				e.Sent(b, now)
			case 1:
				e.Loss(rapid.Uint8().Draw(t, "loss"), now)
			case 2:
				e.REMB(Bitrate(rapid.IntRange(0, 5_000_000).Draw(t, "remb")), now)
			}
			if b := e.Bitrate(now); b < 50_000 || b > 3_000_000 || b > max(500_000, 2*proved+50_000) {
				t.Fatalf("%d, with %d proved", b, proved)
			}
		}
	})
}
