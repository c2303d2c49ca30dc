package notify

import (
	"slices"
	"testing"
	"time"
)

func TestQuietEndsByTheClockOnTheWall(t *testing.T) {
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	at := func(month, day, h, min int) time.Time {
		return time.Date(2026, time.Month(month), day, h, min, 0, 0, oslo)
	}
	night, morning := Quiet{21, 8}, Quiet{0, 7}
	for _, tt := range []struct {
		quiet  Quiet
		t, end time.Time
	}{
		{night, at(11, 23, 20, 59), time.Time{}},
		{night, at(11, 23, 21, 0), at(11, 24, 8, 0)},
		{night, at(11, 23, 23, 59), at(11, 24, 8, 0)},
		{night, at(11, 24, 0, 0), at(11, 24, 8, 0)},
		{night, at(11, 24, 7, 59), at(11, 24, 8, 0)},
		{night, at(11, 24, 8, 0), time.Time{}},
		{night, at(12, 31, 22, 0), time.Date(2027, 1, 1, 8, 0, 0, 0, oslo)},
		{night, at(3, 28, 22, 0), at(3, 29, 8, 0)},   // summer time begins: 9 hours
		{night, at(10, 24, 22, 0), at(10, 25, 8, 0)}, // and ends: 11
		{morning, at(11, 23, 0, 0), at(11, 23, 7, 0)},
		{morning, at(11, 23, 7, 0), time.Time{}},
		{morning, at(11, 23, 23, 0), time.Time{}},
		{Quiet{22, 24}, at(11, 23, 23, 0), at(11, 24, 0, 0)},
		{Quiet{24, 24}, at(11, 23, 3, 0), time.Time{}},
	} {
		if got := tt.quiet.ends(tt.t); !got.Equal(tt.end) {
			t.Errorf("%v at %v ends %v, want %v", tt.quiet, tt.t, got, tt.end)
		}
	}
	if hours := at(3, 29, 8, 0).Sub(at(3, 28, 23, 0)); hours != 8*time.Hour {
		t.Errorf("the zone has no summer time: %v", hours)
	}
}

func TestQuietHoursAreHours(t *testing.T) {
	for _, bad := range []Quiet{{-1, 8}, {21, 25}} {
		if _, err := New(Config{Outbox: struct{ Outbox }{}, Senders: map[Channel]Sender{}, Quiet: bad}); err == nil {
			t.Errorf("%v is taken", bad)
		}
	}
}

func TestRemindersThatWouldComeTooSoonAreLeftOut(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	usual := []time.Duration{24 * time.Hour, time.Hour}
	for in, want := range map[time.Duration][]time.Duration{ // until it starts, and until the reminders
		72 * time.Hour:                {48 * time.Hour, 71 * time.Hour},
		24*time.Hour + 29*time.Minute: {23*time.Hour + 29*time.Minute},
		24*time.Hour + 30*time.Minute: {30 * time.Minute, 23*time.Hour + 30*time.Minute},
		5 * time.Hour:                 {4 * time.Hour},
		time.Hour + 10*time.Minute:    nil,
		-time.Hour:                    nil,
	} {
		var got []time.Duration
		for _, at := range Reminders(now.Add(in), now, usual) {
			got = append(got, at.Sub(now))
		}
		if !slices.Equal(got, want) {
			t.Errorf("starts in %v: reminders in %v, want %v", in, got, want)
		}
	}
	if twice := Reminders(now.Add(72*time.Hour), now, []time.Duration{time.Hour, 0, time.Hour, -time.Hour}); len(twice) != 1 {
		t.Errorf("reminders at %v", twice)
	}
	if ReminderKind(24*time.Hour) != KindReminderDay || ReminderKind(2*time.Hour) != KindReminderHour {
		t.Error("kinds of reminders")
	}
}
