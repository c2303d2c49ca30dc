package httpapi

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
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
	w.seenBy("/seen?patient=olav", http.StatusOK, ragna...)         // he has consented
	w.seenBy("/seen?patient=ragna", http.StatusForbidden, ragna...) // she is nobody's patient
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

func TestARelativesLinkLeadsToThePatientsRecordWhereThePatientHasSaidYes(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	w.asks("GET", "/patients/olav", "", w.signsIn("mari", identity.LevelSubstantial)...)
	w.pass(time.Second)
	if seen := w.seenBy("/seen", http.StatusOK, w.opens("c1", "ragna", access.Relative)...); !slices.ContainsFunc(seen.Items, func(line SeenLine) bool {
		return line.Name == "mari" && line.Action == "patient.read"
	}) {
		t.Errorf("what his daughter reads isn't about Olav: %+v", seen)
	}
	// Knut is Olav's brother and comes with Kari, whom he is nothing to.
	w.seenBy("/seen", http.StatusForbidden, w.opens("c2", "knut", access.Relative)...)

	for _, c := range []struct {
		consultation string
		person       access.PersonID
		role         access.Role
		sees         bool
	}{
		{"c1", "olav", access.Patient, true}, {"c1", "ragna", access.Relative, true},
		{"c1", "tor", access.Interpreter, false}, {"c2", "knut", access.Relative, false},
	} {
		var answer LinkAnswer
		w.must(json.Unmarshal([]byte(bodyOf(t, w.asks("POST", "/link", `{"token":"`+w.link(c.consultation, c.person, c.role)+`"}`))), &answer))
		if answer.Opened == nil || answer.Opened.SeesRecord != c.sees {
			t.Errorf("the greeting of %s: %+v, want %t", c.person, answer.Opened, c.sees)
		}
	}
}

func TestTheOfficerFindsARecordByIdentityNumber(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	find := func(number string, header []string) (int, string) {
		res := w.asks("POST", "/seen/find", `{"nationalId":"`+number+`"}`, header...)
		return res.StatusCode, bodyOf(t, res)
	}
	eva, lotte := w.signsIn("eva", identity.LevelSubstantial), w.signsIn("lotte", identity.LevelSubstantial)
	status, body := find(olavsNumber, eva)
	if want := `{"items":[{"patient":"olav","version":1}]}` + "\n"; status != http.StatusOK || body != want {
		t.Errorf("%d %s, want %s", status, body, want)
	}
	// Of another's patient and of nobody's number the answer is one.
	status, foreign := find(olavsNumber, lotte)
	_, nobodys := find("15890054321", lotte)
	if status != http.StatusForbidden || foreign != nobodys {
		t.Errorf("%d %s, and of nobody's number %s", status, foreign, nobodys)
	}
	if status, body := find(olavsNumber, w.signsIn("mari", identity.LevelSubstantial)); status != http.StatusForbidden {
		t.Errorf("his nurse: %d %s", status, body)
	}
	if status, body := find("1589001234", eva); status != http.StatusUnprocessableEntity || !strings.Contains(body, `"nationalId"`) {
		t.Errorf("ten digits: %d %s", status, body)
	}
	w.pass(time.Second)
	var looks, refusals int
	for _, line := range w.seenBy("/patients/olav/seen", http.StatusOK, eva...).Items {
		switch {
		case line.Action == "seen.read" && line.Name == "eva" && !line.Refused && slices.Equal(line.By, []string{"same-organisation"}):
			looks += line.Times
		case line.Action == "seen.read" && (line.Name == "lotte" || line.Name == "mari") && line.Refused:
			refusals += line.Times
		}
	}
	if looks != 1 || refusals != 2 {
		t.Errorf("%d looks and %d refusals are on record, want 1 and 2", looks, refusals)
	}
}

func TestTheOfficerErasesThePatientThatWasFound(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	eva := w.signsIn("eva", identity.LevelSubstantial)
	var found Records
	w.must(json.Unmarshal([]byte(bodyOf(t, w.asks("POST", "/seen/find", `{"nationalId":"`+olavsNumber+`"}`, eva...))), &found))
	for _, c := range []struct {
		version string
		status  int
	}{{`"999"`, http.StatusPreconditionFailed}, {etag(found.Items[0].Version), http.StatusNoContent}} {
		if res := w.asks("DELETE", "/patients/olav", "", append([]string{"If-Match", c.version}, eva...)...); res.StatusCode != c.status {
			t.Fatalf("of version %s: %d %s, want %d", c.version, res.StatusCode, bodyOf(t, res), c.status)
		}
	}
	if res := w.asks("POST", "/seen/find", `{"nationalId":"`+olavsNumber+`"}`, eva...); res.StatusCode != http.StatusForbidden {
		t.Errorf("afterwards: %d %s", res.StatusCode, bodyOf(t, res))
	}
}

func TestOfficersReadWhatTheyMayOfEmergencies(t *testing.T) {
	w := newWorld(t)
	w.pass(0)
	emergencies := func(officer access.PersonID) (out Emergencies) {
		res := w.asks("GET", "/emergencies", "", w.signsIn(officer, identity.LevelSubstantial)...)
		body := bodyOf(t, res)
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", officer, res.StatusCode, body)
		}
		w.must(json.Unmarshal([]byte(body), &out))
		return out
	}
	open := func(who access.PersonID, patient string) {
		res := w.asks("POST", "/patients/"+patient+"/emergency", `{"reason":"Funnen medvitslaus heime"}`, w.signsIn(who, identity.LevelSubstantial)...)
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s opens %s: %s", who, patient, bodyOf(t, res))
		}
	}
	open("lars", "olav")                             // Langvik's nurse a patient of Fjordvik's
	w.asks("POST", "/patients/olav/emergency", `{}`) // comes to nothing

	own := emergencies("eva")
	if len(own.Items) != 1 || own.Items[0].Name != "lars" || own.Items[0].Role != "nurse" || own.Items[0].Organisation != "Langvik kommune" ||
		own.Items[0].Patient != "olav" || own.Items[0].Reason != "Funnen medvitslaus heime" {
		t.Errorf("Fjordvik's officer reads %+v", own)
	}
	theirs := emergencies("lotte")
	if len(theirs.Items) != 1 || theirs.Items[0].Name != "lars" || theirs.Items[0].Patient != "" || theirs.Items[0].Reason != "" {
		t.Errorf("Langvik's officer reads %+v", theirs)
	}
	w.pass(time.Second)
	var looks int
	for _, line := range w.seenBy("/patients/olav/seen", http.StatusOK, w.signsIn("eva", identity.LevelSubstantial)...).Items {
		if line.Action == "seen.read" && !line.Refused {
			looks++
			if line.Name != "eva" {
				t.Errorf("on record with Olav: %+v", line)
			}
		}
	}
	if looks != 1 {
		t.Errorf("%d looks at Olav's are on record, want 1", looks)
	}
	w.pass(31 * 24 * time.Hour)
	if old := emergencies("eva"); len(old.Items) != 0 {
		t.Errorf("after a month: %+v", old)
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
