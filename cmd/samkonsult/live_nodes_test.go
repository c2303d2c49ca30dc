package main

import (
	"testing"

	"github.com/samkonsult/samkonsult/signaling/cluster/redistest"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

func TestAValueEnteredThroughOneNodeReachesACallOnAnother(t *testing.T) {
	a, b := startNodes(t, redistest.Start(t).URL())
	specialist := join(t, b.Links().Specialist)
	kept := opensPanel(t, a.Links().Nurse).enters("k1", "weight", 81.4)
	m := until(t, specialist, anyOf[protocol.Measured])
	if len(m.Measurements) != 1 || m.Measurements[0].ID != kept.Measurement.ID {
		t.Errorf("the specialist is told %+v", m)
	}
}
