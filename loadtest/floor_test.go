package loadtest

import (
	"testing"
	"time"
)

func TestTheFloorForwardsEveryPacketToTheTwoOthersOnce(t *testing.T) {
	cfg := Config{Rooms: 2, Duration: 500 * time.Millisecond, Settle: 50 * time.Millisecond, Floor: true, Links: "unused"}
	if err := cfg.validate(); err != nil {
		t.Fatal(err)
	}
	r, err := measureFloor(t.Context(), &cfg, cfg.Rooms)
	if err != nil {
		t.Fatal(err)
	}
	if r.Sent == 0 || r.Expected != 2*r.Sent {
		t.Errorf("%d sent, %d expected: each packet has two receivers", r.Sent, r.Expected)
	}
	if r.Lost != 0 || r.Duplicates != 0 || r.Received != r.Expected {
		t.Errorf("%d of %d received, %d lost, %d twice", r.Received, r.Expected, r.Lost, r.Duplicates)
	}
	if r.Open <= 0 || r.Seal <= 0 || r.Send <= 0 || r.DelayP50 <= 0 || r.DelayP99 < r.DelayP50 || r.DelayMax < r.DelayP99 {
		t.Errorf("costs not measured: %+v", r)
	}
	t.Logf("%+v", r)
}
