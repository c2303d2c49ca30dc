package scheduling_test

import (
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

func TestAListThatIsLookedAtAgainIsOnRecordOnceAnHour(t *testing.T) {
	o := newOffice(t)
	looks := func(by access.Actor) int {
		t.Helper()
		if _, err := o.Day(t.Context(), by, ""); err != nil {
			t.Fatal(err)
		}
		return len(o.took())
	}
	elsewhere := siv
	elsewhere.Session = "another"
	for _, tt := range []struct {
		why   string
		by    access.Actor
		after time.Duration
		want  int
	}{
		{"at first", siv, 0, 1},
		{"again at once", siv, 30 * time.Second, 0},
		{"by another meanwhile", tuva, 0, 1},
		{"from another place", elsewhere, 0, 1},
		{"within the hour", siv, 59 * time.Minute, 0},
		{"after it", siv, time.Minute, 1},
	} {
		o.now = o.now.Add(tt.after)
		if got := looks(tt.by); got != tt.want {
			t.Errorf("%s: %d entries, want %d", tt.why, got, tt.want)
		}
	}
}
