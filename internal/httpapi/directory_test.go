package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// sends is asks with a body and an answer of the API's types; it wants a status.
func sends[A any](w *world, status int, method, path string, body any, header ...string) (answer A, res *http.Response) {
	w.t.Helper()
	text := ""
	if body != nil {
		b, err := json.Marshal(body)
		w.must(err)
		text = strings.ReplaceAll(string(b), ":null", ":[]") // Go's own null for an empty list
	}
	res = w.asks(method, path, text, header...)
	got := bodyOf(w.t, res)
	if res.StatusCode != status {
		w.t.Fatalf("%s %s: %d %s, want %d", method, path, res.StatusCode, got, status)
	}
	if strings.Contains(got, "null") {
		w.t.Errorf("%s %s has a null, where the page knows lists: %s", method, path, got)
	}
	w.must(json.Unmarshal([]byte(got), &answer))
	return answer, res
}

// and joins headers.
func and(header []string, more ...string) []string { return append(slices.Clone(header), more...) }

func TestAnAdministratorSetsUpANewPair(t *testing.T) {
	w := newWorld(t)
	hans := w.signsIn("hans", identity.LevelSubstantial)
	nes, res := sends[Organisation](w, http.StatusCreated, "POST", "/organisations", Organisation{Kind: KindMunicipality, Name: "Nes kommune", Phone: "57 00 00 09", Active: true}, hans...)
	if nes.Phone != "+4757000009" || nes.ID == "" || nes.Host || res.Header.Get("ETag") != `"1"` {
		t.Errorf("made %+v with tag %s", nes, res.Header.Get("ETag"))
	}
	at := "/organisations/" + string(nes.ID)
	unit, _ := sends[Unit](w, http.StatusCreated, "POST", at+"/units", Unit{Name: "Heimesjukepleia", Active: true}, hans...)
	for _, k := range []string{"clinical", "technical", "data-protection"} {
		nes.Contacts = append(nes.Contacts, Contact{For: k, Name: "Liv Tveit", Email: "liv@nes.example"})
	}
	nes, _ = sends[Organisation](w, http.StatusOK, "PUT", at, nes, and(hans, "If-Match", `"1"`)...)
	if len(nes.Contacts) != 3 || len(nes.Units) != 1 || nes.Units[0] != unit {
		t.Errorf("changed to %+v", nes)
	}
	pair, _ := sends[Agreement](w, http.StatusCreated, "POST", "/agreements", Agreement{
		A: hospital, B: nes.ID, From: "2026-11-01",
		Grants: []Grant{{To: hospital, May: []GrantKind{GrantBook, GrantSee}}},
		Policy: Policy{Identification: IdentifyCode, Shares: []string{"wounds"}, RetentionDays: 90},
		Papers: []Paper{{Kind: "agreement", Reference: "26/12", Date: "2026-10-01"}},
	}, hans...)
	for _, role := range []access.Role{access.Nurse, access.Coordinator} {
		m, _ := sends[Staff](w, http.StatusCreated, "POST", "/staff", Staff{
			Name: "Ane Rogn", Email: role.String() + "@nes.example", HPR: "9144898", Language: Nynorsk, Account: AccountNone,
			Assignments: []Assignment{{Organisation: nes.ID, Unit: unit.ID, Role: role, Title: "Sjukepleiar", From: "2026-11-01"}},
		}, hans...)
		if m.Account != AccountNone || len(m.Warnings) != 1 || m.Assignments[0].ID == "" {
			t.Errorf("made %+v", m)
		}
	}
	pair, _ = sends[Agreement](w, http.StatusOK, "GET", "/agreements/"+pair.ID, nil, hans...)
	missing := ""
	for _, c := range pair.Checklist {
		if !c.Done {
			missing += c.Code + " "
		}
	}
	// The world's hospital has no contacts, and the assessment is not there yet.
	if missing != "data-protection-assessment contacts-a " || !pair.InForce {
		t.Errorf("missing: %q, in force %v", missing, pair.InForce)
	}
	list, _ := sends[StaffList](w, http.StatusOK, "GET", "/staff?organisation="+string(nes.ID), nil, hans...)
	if len(list.Items) != 2 || list.Next != "" {
		t.Errorf("%d work there, next %q", len(list.Items), list.Next)
	}
}

func TestAChangeRestsOnAVersion(t *testing.T) {
	w := newWorld(t)
	hans := w.signsIn("hans", identity.LevelSubstantial)
	for path, read := range map[string]func() any{
		"/organisations/fjordvik": func() any {
			o, _ := sends[Organisation](w, 200, "GET", "/organisations/fjordvik", nil, hans...)
			return o
		},
		"/organisations/fjordvik/units/north": func() any { return Unit{Name: "Nord", Active: true} },
		"/communities/fjord":                  func() any { c, _ := sends[Community](w, 200, "GET", "/communities/fjord", nil, hans...); return c },
		"/agreements/pair":                    func() any { a, _ := sends[Agreement](w, 200, "GET", "/agreements/pair", nil, hans...); return a },
		"/staff/mari":                         func() any { m, _ := sends[Staff](w, 200, "GET", "/staff/mari", nil, hans...); return m },
	} {
		body := read()
		p, _ := sends[Problem](w, http.StatusPreconditionRequired, "PUT", path, body, hans...)
		if p.Code != ProblemVersionNeeded {
			t.Errorf("%s without a version: %+v", path, p)
		}
		_, res := sends[any](w, http.StatusOK, "PUT", path, body, and(hans, "If-Match", `"1"`)...)
		if got := res.Header.Get("ETag"); got != `"2"` {
			t.Errorf("%s has the tag %s", path, got)
		}
		p, _ = sends[Problem](w, http.StatusPreconditionFailed, "PUT", path, body, and(hans, "If-Match", `"1"`)...)
		if p.Code != ProblemChanged {
			t.Errorf("%s too late: %+v", path, p)
		}
	}
}

func TestABrokenRuleNamesItsField(t *testing.T) {
	w := newWorld(t)
	hans := w.signsIn("hans", identity.LevelSubstantial)
	for field, c := range map[string]struct {
		path string
		body any
	}{
		"number":            {"/organisations", Organisation{Kind: KindGP, Name: "Nes legekontor", Number: "974760674"}},
		"contacts[0].phone": {"/organisations", Organisation{Kind: KindGP, Name: "Nes legekontor", Contacts: []Contact{{For: "technical", Name: "Liv"}}}},
		"from": {"/agreements", Agreement{A: hospital, B: fjordvik, From: "2026-11-01",
			Policy: Policy{Identification: IdentifyCode, RetentionDays: 90}}},
		"b": {"/agreements", Agreement{A: hospital, B: hospital, From: "2026-11-01",
			Policy: Policy{Identification: IdentifyCode, RetentionDays: 90}}},
		"assignments[0].role": {"/staff", Staff{Name: "Ane", Email: "ane@nes.example", Language: Nynorsk, Account: AccountNone,
			Assignments: []Assignment{{Organisation: fjordvik, Role: access.Specialist, Title: "Overlege", From: "2026-11-01"}}}},
	} {
		p, _ := sends[Problem](w, http.StatusUnprocessableEntity, "POST", c.path, c.body, hans...)
		if p.Code != ProblemInvalid || p.Field != field || p.Rule == "" {
			t.Errorf("%+v, want a rule of %s", p, field)
		}
	}
	taken := Staff{Name: "Ane", Email: "Mari@example.no", Language: Nynorsk, Account: AccountNone,
		Assignments: []Assignment{{Organisation: fjordvik, Role: access.Nurse, Title: "Sjukepleiar", From: "2026-11-01"}}}
	if p, _ := sends[Problem](w, http.StatusConflict, "POST", "/staff", taken, hans...); p.Code != ProblemExists {
		t.Errorf("an address that is taken: %+v", p)
	}
}

func TestAListComesInPagesWhoseAddressesHoldNoNames(t *testing.T) {
	w := newWorld(t)
	siv := w.signsIn("siv", identity.LevelSubstantial)
	for i := range 4 {
		sends[Patient](w, http.StatusCreated, "POST", "/patients", Patient{
			Name: fmt.Sprint("Pasient ", i), Language: Nynorsk, CaredForBy: []access.OrganisationID{fjordvik},
		}, siv...)
	}
	var names []string
	for next := ""; ; {
		page, _ := sends[Patients](w, http.StatusOK, "GET", "/patients?limit=2&cursor="+next, nil, siv...)
		for _, p := range page.Items {
			names = append(names, p.Name)
			id, err := Page{Cursor: page.Next}.page()
			if err != nil || strings.Contains(id.After, "Pasient") {
				t.Errorf("the cursor is %+v, %v", id, err)
			}
		}
		if next = page.Next; next == "" {
			break
		}
	}
	if got := strings.Join(names, ", "); got != "Olav Eik, Pasient 0, Pasient 1, Pasient 2, Pasient 3" {
		t.Errorf("listed: %s", got)
	}
}

func TestAPatientIsFoundByNumberByThoseWhoMay(t *testing.T) {
	w := newWorld(t)
	mari, lars := w.signsIn("mari", identity.LevelSubstantial), w.signsIn("lars", identity.LevelSubstantial)
	p, _ := sends[Patient](w, http.StatusOK, "POST", "/patients/find", FindPatient{NationalID: olavsNumber}, mari...)
	if p.ID != "olav" || len(p.Relatives) != 2 || len(p.Warnings) != 1 {
		t.Errorf("found %+v", p)
	}
	foreign := bodyOf(t, w.asks("POST", "/patients/find", `{"nationalId":"`+olavsNumber+`"}`, lars...))
	unknown := bodyOf(t, w.asks("POST", "/patients/find", `{"nationalId":"17856200051"}`, lars...))
	if foreign != unknown || !strings.Contains(foreign, `"refused"`) || !strings.Contains(foreign, "Langvik kommune") {
		t.Errorf("a foreign one: %s\nan unknown one: %s", foreign, unknown)
	}
	p, _ = sends[Patient](w, http.StatusOK, "POST", "/patients/find", FindPatient{NationalID: olavsNumber, Emergency: "Medvitslaus i heimen"}, lars...)
	if p.ID != "olav" {
		t.Errorf("found in an emergency: %+v", p)
	}
	sends[Patient](w, http.StatusOK, "GET", "/patients/olav", nil, lars...)
}

func TestAPatientTakesAConsentBack(t *testing.T) {
	w := newWorld(t)
	olav, ragna := w.opens("c1", "olav", access.Patient), w.opens("c1", "ragna", access.Relative)
	sends[Patient](w, http.StatusOK, "GET", "/patients/olav", nil, ragna...)
	p, res := sends[Patient](w, http.StatusOK, "GET", "/patients/olav", nil, olav...)
	p.Consents = []PatientConsent{}
	sends[Patient](w, http.StatusOK, "PUT", "/patients/olav", p, and(olav, "If-Match", res.Header.Get("ETag"))...)
	sends[Problem](w, http.StatusForbidden, "GET", "/patients/olav", nil, ragna...)
}

func TestAnIDThatIsNoneIsABrokenRule(t *testing.T) {
	w := newWorld(t)
	hans := w.signsIn("hans", identity.LevelSubstantial)
	for _, path := range []string{"/patients/%00", "/staff/a%20b", "/organisations/%ff", "/agreements/a.b", "/communities/%27", "/staff?organisation=%00"} {
		p, _ := sends[Problem](w, http.StatusUnprocessableEntity, "GET", path, nil, hans...)
		if p.Code != ProblemInvalid || p.Field == "" {
			t.Errorf("%s: %+v", path, p)
		}
	}
}
