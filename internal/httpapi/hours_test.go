package httpapi

import (
	"net/http"
	"testing"

	"github.com/samkonsult/samkonsult/internal/identity"
)

func TestWorkingHoursAreSetForTheFirstTime(t *testing.T) {
	w := newWorld(t)
	mari := w.signsIn("mari", identity.LevelSubstantial)
	usual, res := sends[Hours](w, http.StatusOK, "GET", "/hours", nil, mari...)
	if usual.Own || res.Header.Get("ETag") != `"0"` {
		t.Fatalf("hours that nobody has set: %+v, tag %s", usual, res.Header.Get("ETag"))
	}
	usual.Weekly = []WeeklyHours{{Weekday: 1, From: 480, Until: 900}}
	set, _ := sends[Hours](w, http.StatusOK, "PUT", "/hours", usual, and(mari, "If-Match", `"0"`)...)
	if !set.Own || set.Version != 1 || len(set.Weekly) != 1 {
		t.Errorf("set: %+v", set)
	}
	// Another page that had read the usual ones too has lost.
	sends[Problem](w, http.StatusPreconditionFailed, "PUT", "/hours", usual, and(mari, "If-Match", `"0"`)...)
	// What has to be there before it is changed has no version 0.
	if p, _ := sends[Problem](w, http.StatusBadRequest, "PUT", "/patients/olav", Patient{Name: "Olav Eik"}, and(mari, "If-Match", `"0"`)...); p.Field != "If-Match" {
		t.Errorf("a patient's version 0: %+v", p)
	}
}
