package httpapi

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// onRecord counts what somebody who acts for an organisation has on record today.
func (w *world) onRecord(of access.OrganisationID, action string, outcome audit.Outcome) (n int) {
	w.t.Helper()
	all, err := w.db.Audit().OfOrganisation(w.t.Context(), of, w.now.AddDate(0, 0, -1), w.now.AddDate(0, 0, 1), audit.Place{}, 10_000)
	w.must(err)
	for _, s := range all {
		if s.Stored.Action == action && s.Stored.Outcome == string(outcome) {
			n++
		}
	}
	return n
}

func TestAMachineThatIsRefusedIsOnRecord(t *testing.T) {
	w := newWorld(t)
	ehr := w.connects(fjordvik, "jon", access.StaffRead)
	for _, path := range []string{"/patients/olav", "/patients", "/session"} {
		if res := w.asks("GET", path, "", ehr...); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
	for action, want := range map[string]int{"patient.read": 1, "patient.list": 1, "session.read": 1, "staff.read": 0} {
		if n := w.onRecord(fjordvik, action, audit.Refused); n != want {
			t.Errorf("%s is on record %d times, want %d", action, n, want)
		}
	}
}

func TestWhoIsSignedInDoesNotWaitForAFloodFromTheSameAddress(t *testing.T) {
	w := newWorld(t)
	mari := w.signsIn("mari", identity.LevelSubstantial)
	from := func(header ...string) int {
		r := httptest.NewRequest("GET", "http://video.example.no/api/v1/session", nil)
		r.RemoteAddr = "192.0.2.1:1"
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		out := httptest.NewRecorder()
		w.ServeHTTP(out, r)
		return out.Code
	}
	for range 200 {
		from()
	}
	if status := from(); status != http.StatusTooManyRequests {
		t.Fatalf("a flood: status %d", status)
	}
	if status := from(mari...); status != http.StatusOK {
		t.Errorf("a nurse in the same house: status %d", status)
	}
}

// A demo seats staff by links, which then stand in its store.
func TestALinkOfStaffOpensItsConsultationAndNothingElse(t *testing.T) {
	w := newWorld(t)
	token, err := w.gate.DemoSeatLink(t.Context(), identity.Seat{
		Consultation: "c1", Participant: "p-per", Person: "per", Role: access.GP, Organisation: fjordvik, Owner: hospital,
		Identification: identity.IdentifyLink, Starts: w.now, Expires: w.now.Add(time.Hour),
	})
	w.must(err)
	res := w.asks("POST", "/link", `{"token":"`+token+`"}`)
	cookie := cookieOf(t, res)
	per := append(as(cookie), SessionHeader, told[LinkAnswer](t, res, 200).Handle)

	told[Opened](t, w.asks("GET", "/consultations/c1", "", per...), 200)
	told[Ticket](t, w.asks("POST", "/tickets", `{"consultation":"c1"}`, per...), 200)
	for _, tt := range []struct{ method, path, body string }{
		{"GET", "/patients", ""}, {"GET", "/patients/olav", ""}, {"POST", "/patients/find", `{"nationalId":"` + olavsNumber + `"}`},
		{"POST", "/patients/find", `{"nationalId":"15890054321","emergency":"funnen medvitslaus"}`},
		{"POST", "/patients/olav/emergency", `{"reason":"funnen medvitslaus"}`}, {"PUT", "/patients/olav", olavBody},
		{"POST", "/patients", strings.ReplaceAll(newBody, "{own}", string(fjordvik))},
		{"GET", "/day", ""}, {"GET", "/staff", ""}, {"GET", "/organisations", ""}, {"GET", "/agreements", ""}, {"GET", "/seen?patient=olav", ""},
		{"GET", "/consultations/c2", ""}, {"POST", "/tickets", `{"consultation":"c2"}`}, {"POST", "/consultations/c1/people/p-olav/link", ""},
	} {
		headers := per
		if tt.method == "PUT" {
			headers = append(slices.Clone(per), "If-Match", `"1"`)
		}
		wantCode(t, tt.method+" "+tt.path, w.asks(tt.method, tt.path, tt.body, headers...), http.StatusForbidden, ProblemRefused)
	}
}
