package httpapi

import (
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

func TestReadinessIsWhatSomebodyCanBe(t *testing.T) {
	late := func(by time.Duration) scheduling.Readiness {
		return scheduling.Readiness{State: scheduling.SaidLate, Late: by}
	}
	opened := scheduling.Readiness{Opened: time.UnixMilli(1)}
	for _, tt := range []struct {
		role access.Role
		said scheduling.Readiness
		want string
	}{
		{access.Patient, scheduling.Readiness{}, "not-opened"},
		{access.Patient, opened, "opened"},
		{access.Patient, late(5 * time.Minute), "late"},
		{access.Patient, late(0), "opened"},
		{access.Patient, scheduling.Readiness{State: scheduling.SaidReady}, "tested"},
		{access.Nurse, scheduling.Readiness{}, "unknown"},
		{access.Nurse, late(5 * time.Minute), "late"},
		{access.Nurse, late(0), "unknown"}, // and no link that was opened
		{access.Nurse, scheduling.Readiness{State: scheduling.SaidOnWay}, "on-the-way"},
	} {
		p := scheduling.Invited{Participant: scheduling.Participant{ID: "p", Role: tt.role}}
		d := scheduling.Detail{Ready: map[scheduling.ParticipantID]scheduling.Readiness{"p": tt.said}}
		if got := readinessBody(d, p); got.State != tt.want {
			t.Errorf("%v who says %+v is %q, want %q", tt.role, tt.said, got.State, tt.want)
		}
	}
}
