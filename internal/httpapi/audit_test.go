package httpapi

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// seenBy reads who has seen what as someone, and demands a status.
func (w *world) seenBy(path string, status int, header ...string) (seen Seen) {
	w.t.Helper()
	res := w.asks("GET", path, "", header...)
	body := bodyOf(w.t, res)
	if res.StatusCode != status {
		w.t.Fatalf("GET %s: %d %s, want %d", path, res.StatusCode, body, status)
	}
	if status == http.StatusOK {
		w.must(json.Unmarshal([]byte(body), &seen))
	}
	return seen
}

// pass lets time go by; the gate hears of what has ended meanwhile.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	w.now = w.now.Add(d)
	w.must(w.gate.Refresh(w.t.Context()))
}

func TestAPatientReadsByLinkWhoHasSeenWhat(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	mari := w.signsIn("mari", identity.LevelSubstantial)
	for range 2 {
		if res := w.asks("GET", "/patients/olav", "", mari...); res.StatusCode != http.StatusOK {
			t.Fatalf("%s", bodyOf(t, res))
		}
	}
	tuva := w.signsIn("tuva", identity.LevelSubstantial)
	if res := w.asks("POST", "/patients/olav/emergency", `{"reason":"Funnen medvitslaus heime"}`, tuva...); res.StatusCode != http.StatusOK {
		t.Fatalf("%s", bodyOf(t, res))
	}
	w.pass(time.Minute)
	olav := w.opens("c1", "olav", access.Patient)

	var looks, emergencies int
	for _, line := range w.seenBy("/seen", http.StatusOK, olav...).Items {
		switch {
		case line.Action == "patient.read" && line.Name == "mari" && line.Role == "nurse" && line.Organisation == "Fjordvik kommune" && !line.Refused:
			looks += line.Times
		case line.Action == "emergency.open" && line.Name == "tuva" && line.Reason == "Funnen medvitslaus heime":
			emergencies++
		}
	}
	if looks != 2 || emergencies != 1 {
		t.Errorf("%d looks and %d emergencies, want 2 and 1: %+v", looks, emergencies, w.seenBy("/seen", http.StatusOK, olav...))
	}
	for _, line := range w.seenBy("/seen", http.StatusOK, olav...).Items {
		if line.Action == "seen.read" && line.Name == "Olav Eik" {
			return
		}
	}
	t.Error("that he has read it is not in it")
}

func TestOthersReadWhoHasSeenWhatAsTheTableSays(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	ragna := w.opens("c1", "ragna", access.Relative)
	w.seenBy("/seen?patient=olav", http.StatusOK, ragna...) // he has consented
	w.seenBy("/seen", http.StatusForbidden, ragna...)       // she is nobody's patient
	w.seenBy("/seen?patient=kari", http.StatusForbidden, ragna...)
	eva := w.signsIn("eva", identity.LevelSubstantial)
	w.seenBy("/patients/olav/seen", http.StatusOK, eva...)
	lotte := w.signsIn("lotte", identity.LevelSubstantial)
	for _, c := range []struct {
		path   string
		header []string
	}{
		{"/patients/olav/seen", w.signsIn("mari", identity.LevelSubstantial)}, // a nurse, of the very patient
		{"/patients/olav/seen", w.signsIn("jon", identity.LevelSubstantial)},
		{"/patients/olav/seen", lotte}, // another municipality's officer
		{"/seen?patient=olav", w.opens("c2", "kari", access.Patient)},
	} {
		w.seenBy(c.path, http.StatusForbidden, c.header...)
	}
	w.seenBy("/patients/olav/seen", http.StatusUnauthorized)
	// Whether there is such a patient isn't told.
	known := bodyOf(t, w.asks("GET", "/patients/olav/seen", "", lotte...))
	unknown := bodyOf(t, w.asks("GET", "/patients/nobody/seen", "", lotte...))
	if known != unknown {
		t.Errorf("%s, and of one who isn't there %s", known, unknown)
	}
	for _, bad := range []string{"/seen?cursor=!", "/seen?cursor=AAAA.", "/seen?patient=" + strings.Repeat("x", 65)} {
		w.seenBy(bad, http.StatusUnprocessableEntity, ragna...)
	}
}

func TestAnOrganisationsSystemFetchesItsRecord(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	from := w.now
	mari := w.signsIn("mari", identity.LevelSubstantial)
	w.asks("GET", "/patients/olav", "", mari...)
	lars := w.signsIn("lars", identity.LevelSubstantial)
	w.asks("GET", "/patients/kari", "", lars...)
	system := w.connects(fjordvik, "jon", access.AuditExport)
	w.pass(time.Minute)
	path := "/audit?" + url.Values{"from": {from.Format(time.RFC3339)}, "until": {w.now.Format(time.RFC3339)}}.Encode()

	res := w.asks("GET", path, "", system...)
	body := bodyOf(t, res)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "application/x-ndjson" || res.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v %s", res.StatusCode, res.Header, body)
	}
	reads := 0
	for text := range strings.Lines(body) {
		var line audit.Line
		w.must(json.Unmarshal([]byte(text), &line))
		if line.Organisation != "fjordvik" {
			t.Errorf("another organisation's: %s", text)
		}
		if line.Action == "patient.read" && line.Person == "mari" && line.Patient == "olav" && line.Outcome == "done" {
			reads++
		}
	}
	if reads != 1 {
		t.Errorf("%d reads by Mari, want 1:\n%s", reads, body)
	}
	for _, c := range []struct {
		path   string
		status int
		header []string
	}{
		{path, http.StatusForbidden, mari},
		{path, http.StatusForbidden, w.connects(fjordvik, "jon", access.PatientRead)}, // without the scope
		{"/audit?from=2026-11-23T10:00:00Z&until=2026-11-23T10:00:00Z", http.StatusUnprocessableEntity, system},
		{"/audit?from=yesterday&until=2026-11-23T10:00:00Z", http.StatusUnprocessableEntity, system},
		{"/audit", http.StatusUnprocessableEntity, system},
	} {
		if res := w.asks("GET", c.path, "", c.header...); res.StatusCode != c.status {
			t.Errorf("GET %s: %d %s, want %d", c.path, res.StatusCode, bodyOf(t, res), c.status)
		}
	}
}
