package httpapi

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/fhir"
	"github.com/samkonsult/samkonsult/internal/identity"
)

func TestAJournalReadsByItsScopesAndIsOnRecordWhereItHasNone(t *testing.T) {
	w := newWorld(t)
	ehr := w.connects(fjordvik, "jon", access.PatientRead)
	res := w.asks("POST", "/fhir/Patient/_search", byOlavsNumber, ehr...)
	if text := bodyOf(t, res); res.StatusCode != http.StatusOK || !strings.Contains(text, "Olav Eik") || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("status %d, %v: %s", res.StatusCode, res.Header, text)
	}
	for _, try := range [][3]string{
		{"PUT", "/fhir/Patient/olav", olavAsFHIR}, {"POST", "/fhir/Patient", newAsFHIR}, {"GET", "/fhir/Practitioner/mari", ""}, {"GET", "/fhir/Appointment/c1", ""},
	} {
		res := w.asks(try[0], try[1], try[2], append(ehr, "If-Match", `W/"1"`)...)
		if text := bodyOf(t, res); res.StatusCode != http.StatusForbidden || !strings.Contains(text, `"OperationOutcome"`) || !strings.Contains(text, "ask Fjordvik kommune +4757000000") {
			t.Errorf("%s %s: status %d: %s", try[0], try[1], res.StatusCode, text)
		}
	}
	for action, want := range map[string]int{"patient.write": 2, "staff.read": 1, "consultation.read": 1} {
		if n := w.onRecord(fjordvik, action, audit.Refused); n != want {
			t.Errorf("%s is on record %d times, want %d", action, n, want)
		}
	}
}

func TestACreateThatIsSentAgainIsCarriedOutOnce(t *testing.T) {
	w := newWorld(t)
	ehr := append(w.connects(fjordvik, "jon", access.PatientWrite, access.PatientRead), "Idempotency-Key", `"0123456789abcdef"`)
	first := w.asks("POST", "/fhir/Patient", newAsFHIR, ehr...)
	text := bodyOf(t, first)
	again := w.asks("POST", "/fhir/Patient", newAsFHIR, ehr...)
	if first.StatusCode != http.StatusCreated || again.StatusCode != http.StatusCreated || bodyOf(t, again) != text || again.Header.Get("Location") != first.Header.Get("Location") || again.Header.Get("ETag") != `W/"1"` {
		t.Errorf("status %d, then %d, %v: %s", first.StatusCode, again.StatusCode, again.Header, text)
	}
	if n := w.onRecord(fjordvik, "patient.write", audit.Done); n != 1 {
		t.Errorf("it was carried out %d times", n)
	}
	for status, try := range map[int][]string{
		422: {strings.Replace(newAsFHIR, "Siv", "Liv", 1), `"0123456789abcdef"`},
		400: {newAsFHIR, `short`},
	} {
		res := w.asks("POST", "/fhir/Patient", try[0], append(ehr[:2:2], "Idempotency-Key", try[1])...)
		if text := bodyOf(t, res); res.StatusCode != status || !strings.Contains(text, `"OperationOutcome"`) || !strings.Contains(text, "Idempotency-Key") {
			t.Errorf("status %d, want %d: %s", res.StatusCode, status, text)
		}
	}
	// One that has failed may be sent again, also changed.
	ehr = append(ehr[:2:2], "Idempotency-Key", `"fedcba9876543210"`)
	if res := w.asks("POST", "/fhir/Patient", `{"resourceType":"Patient"}`, ehr...); res.StatusCode != 422 {
		t.Errorf("status %d", res.StatusCode)
	}
	if res := w.asks("POST", "/fhir/Patient", newAsFHIR, ehr...); res.StatusCode != http.StatusCreated {
		t.Errorf("status %d: %s", res.StatusCode, bodyOf(t, res))
	}
}

func TestWhoAsksTooMuchByFHIRIsToldWhenAgain(t *testing.T) {
	w := newWorld(t)
	mari := w.signsIn("mari", identity.LevelSubstantial)
	var last *http.Response
	for range 101 {
		last = w.asks("GET", "/fhir/Organization/fjordvik", "", mari...)
	}
	if text := bodyOf(t, last); last.StatusCode != http.StatusTooManyRequests || last.Header.Get("Retry-After") != "1" || !strings.Contains(text, `"throttled"`) {
		t.Errorf("status %d, %v: %s", last.StatusCode, last.Header, text)
	}
}

func TestAnotherSitesPageSendsNothingByFHIR(t *testing.T) {
	w := newWorld(t)
	mari := w.signsIn("mari", identity.LevelSubstantial)
	r := httptest.NewRequest("POST", "http://video.example.no/fhir/Patient/_search", strings.NewReader(byOlavsNumber))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set(mari[0], mari[1])
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	out := httptest.NewRecorder()
	w.ServeHTTP(out, r)
	if out.Code != http.StatusForbidden || strings.Contains(out.Body.String(), "Olav") {
		t.Errorf("status %d: %s", out.Code, out.Body)
	}
}

func TestWithoutFHIRThereIsNone(t *testing.T) {
	w := newWorld(t)
	for _, pattern := range w.routes.patterns {
		if _, path, _ := strings.Cut(pattern, " "); strings.HasPrefix(path, fhir.Path) && fhirWanted[pattern] == nil && fhirClinicalWanted[pattern] == nil {
			t.Errorf("%s is served, and the test doesn't say to whom it is open", pattern)
		}
	}
	cfg := w.cfg
	cfg.FHIR = nil
	h, err := New(cfg)
	w.must(err)
	for _, pattern := range h.routes.patterns {
		if strings.Contains(pattern, fhir.Path) {
			t.Errorf("%s is served", pattern)
		}
	}
}
