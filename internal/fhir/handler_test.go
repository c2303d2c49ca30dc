package fhir

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/audit"
)

// tries are requests of each interaction that has an object, each once of what is there and once
// of what is not.
func tries() map[string][2][3]string {
	patient := siriBody + `,"id":"ID"}`
	relative := `{"resourceType":"RelatedPerson","id":"ID","patient":{"reference":"Patient/WHOSE"},"name":[{"text":"Knut Eik"}]}`
	appointment := strings.Replace(asked, `"status":"proposed"`, `"id":"ID","status":"proposed"`, 1)
	pulse := measured("8867-4", "72", "/min")
	byNumber := strings.Replace(pulse, `"reference":"Patient/olav"`, `"identifier":{"system":"`+systemNationalID+`","value":"`+olavsNumber+`"}`, 1)
	with := func(text string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(text) }
	return map[string][2][3]string{
		"an organisation":                {{"GET", "/Organization/fjordvik"}, {"GET", "/Organization/nowhere"}},
		"a nurse":                        {{"GET", "/Practitioner/mari"}, {"GET", "/Practitioner/nobody"}},
		"a role":                         {{"GET", "/PractitionerRole/mari.a-mari"}, {"GET", "/PractitionerRole/nobody.a-nobody"}},
		"an organisation's roles":        {{"GET", "/PractitionerRole?organization=fjordvik"}, {"GET", "/PractitionerRole?organization=nowhere"}},
		"a nurse's roles":                {{"GET", "/PractitionerRole?practitioner=mari"}, {"GET", "/PractitionerRole?practitioner=nobody"}},
		"a patient":                      {{"GET", "/Patient/olav"}, {"GET", "/Patient/nobody"}},
		"a patient, searched":            {{"GET", "/Patient?_id=olav"}, {"GET", "/Patient?_id=nobody"}},
		"a patient, by number":           {{"POST", "/Patient/_search", "identifier=" + systemNationalID + "|" + olavsNumber}, {"POST", "/Patient/_search", "identifier=" + systemNationalID + "|" + nobodysNumber}},
		"a patient, changed":             {{"PUT", "/Patient/olav", with(patient, "ID", "olav")}, {"PUT", "/Patient/nobody", with(patient, "ID", "nobody")}},
		"a relative":                     {{"GET", "/RelatedPerson/olav.ragna"}, {"GET", "/RelatedPerson/nobody.ragna"}},
		"a patient's relatives":          {{"POST", "/RelatedPerson/_search", "patient=Patient/olav"}, {"POST", "/RelatedPerson/_search", "patient=Patient/nobody"}},
		"a relative, added":              {{"POST", "/RelatedPerson", with(relative, "WHOSE", "olav", "ID", "x")}, {"POST", "/RelatedPerson", with(relative, "WHOSE", "nobody", "ID", "x")}},
		"a relative, changed":            {{"PUT", "/RelatedPerson/olav.ragna", with(relative, "WHOSE", "olav", "ID", "olav.ragna")}, {"PUT", "/RelatedPerson/nobody.x", with(relative, "WHOSE", "nobody", "ID", "nobody.x")}},
		"a calendar":                     {{"GET", "/Schedule/mari.fjordvik"}, {"GET", "/Schedule/nobody.fjordvik"}},
		"a calendar's slots":             {{"GET", "/Slot?start=2026-12-01&schedule=mari.fjordvik"}, {"GET", "/Slot?start=2026-12-01&schedule=nobody.nowhere"}},
		"an appointment":                 {{"GET", "/Appointment/c1"}, {"GET", "/Appointment/nothing"}},
		"an appointment, changed":        {{"PUT", "/Appointment/c1", with(appointment, "ID", "c1")}, {"PUT", "/Appointment/nothing", with(appointment, "ID", "nothing")}},
		"an answer":                      {{"GET", "/AppointmentResponse/c1.p-tuva"}, {"GET", "/AppointmentResponse/nothing.p-tuva"}},
		"answers":                        {{"GET", "/AppointmentResponse?appointment=c1"}, {"GET", "/AppointmentResponse?appointment=nothing"}},
		"an answer, given":               {{"POST", "/AppointmentResponse", answering("c1", "Practitioner/mari", "accepted", "")}, {"POST", "/AppointmentResponse", answering("nothing", "Practitioner/mari", "accepted", "")}},
		"an appointment with a patient":  {{"POST", "/Appointment", withOnly("Patient/olav")}, {"POST", "/Appointment", withOnly("Patient/nobody")}},
		"an appointment with a relative": {{"POST", "/Appointment", withOnly("RelatedPerson/olav.ragna")}, {"POST", "/Appointment", withOnly("RelatedPerson/nobody.x")}},
		"an appointment with a nurse":    {{"POST", "/Appointment", withOnly("Practitioner/mari")}, {"POST", "/Appointment", withOnly("Practitioner/nobody")}},
		"a value":                        {{"GET", "/Observation/olav.v1"}, {"GET", "/Observation/nobody.v1"}},
		"a value, searched":              {{"GET", "/Observation?_id=olav.v1"}, {"GET", "/Observation?_id=nobody.v1"}},
		"a patient's values":             {{"POST", "/Observation/_search", "patient=Patient/olav"}, {"POST", "/Observation/_search", "patient=Patient/nobody"}},
		"values, by a patient's number":  {{"POST", "/Observation/_search", "patient.identifier=" + systemNationalID + "|" + olavsNumber}, {"POST", "/Observation/_search", "patient.identifier=" + systemNationalID + "|" + nobodysNumber}},
		"a value, added":                 {{"POST", "/Observation", pulse}, {"POST", "/Observation", with(pulse, "olav", "nobody")}},
		"a value, added by number":       {{"POST", "/Observation", byNumber}, {"POST", "/Observation", with(byNumber, olavsNumber, nobodysNumber)}},
		"a value, changed":               {{"PUT", "/Observation/olav.v1", pulse}, {"PUT", "/Observation/nobody.v1", pulse}},
		"values, in a collection":        {{"POST", "", collected(pulse)}, {"POST", "", collected(with(pulse, "olav", "nobody"))}},
		"values, in a collection again":  {{"POST", "/", collected(byNumber)}, {"POST", "/", collected(with(byNumber, olavsNumber, nobodysNumber))}},
		"values, in a batch":             {{"POST", "", posted(batch, pulse)}, {"POST", "", posted(batch, with(pulse, "olav", "nobody"))}},
		"values, in a transaction":       {{"POST", "", posted(transaction, pulse)}, {"POST", "", posted(transaction, with(pulse, "olav", "nobody"))}},
		"a plan":                         {{"GET", "/CarePlan/olav.1"}, {"GET", "/CarePlan/nobody.1"}},
		"a plan, searched":               {{"GET", "/CarePlan?_id=olav.1"}, {"GET", "/CarePlan?_id=nobody.1"}},
		"a patient's plans":              {{"POST", "/CarePlan/_search", "patient=Patient/olav"}, {"POST", "/CarePlan/_search", "patient=Patient/nobody"}},
		"plans, by a patient's number":   {{"POST", "/CarePlan/_search", "patient.identifier=" + systemNationalID + "|" + olavsNumber}, {"POST", "/CarePlan/_search", "patient.identifier=" + systemNationalID + "|" + nobodysNumber}},
		"a photo":                        {{"GET", "/DocumentReference/olav.p1"}, {"GET", "/DocumentReference/nobody.p1"}},
		"a photo, searched":              {{"GET", "/DocumentReference?_id=olav.p1"}, {"GET", "/DocumentReference?_id=nobody.p1"}},
		"a patient's photos":             {{"POST", "/DocumentReference/_search", "patient=Patient/olav"}, {"POST", "/DocumentReference/_search", "patient=Patient/nobody"}},
		"photos, by a patient's number":  {{"POST", "/DocumentReference/_search", "patient.identifier=" + systemNationalID + "|" + olavsNumber}, {"POST", "/DocumentReference/_search", "patient.identifier=" + systemNationalID + "|" + nobodysNumber}},
		"a form":                         {{"GET", "/QuestionnaireResponse/olav.f1"}, {"GET", "/QuestionnaireResponse/nobody.f1"}},
		"a form, searched":               {{"GET", "/QuestionnaireResponse?_id=olav.f1"}, {"GET", "/QuestionnaireResponse?_id=nobody.f1"}},
		"a patient's forms":              {{"POST", "/QuestionnaireResponse/_search", "patient=Patient/olav"}, {"POST", "/QuestionnaireResponse/_search", "patient=Patient/nobody"}},
		"a form of a patient's":          {{"POST", "/QuestionnaireResponse", phq9("a", 0, 0)}, {"POST", "/QuestionnaireResponse", strings.Replace(phq9("a", 0, 0), "olav", "nobody", 1)}},
		"a form, changed":                {{"PUT", "/QuestionnaireResponse/olav.f1", strings.Replace(phq9("a", 0, 0, `"id":"olav.f1"`), `"completed"`, `"amended"`, 1)}, {"PUT", "/QuestionnaireResponse/nobody.f1", strings.ReplaceAll(strings.Replace(phq9("a", 0, 0, `"id":"olav.f1"`), `"completed"`, `"amended"`, 1), "olav", "nobody")}},
		"a picture":                      {{"GET", "/Binary/olav.p1"}, {"GET", "/Binary/nobody.p1"}},
		"an appointment with a role":     {{"POST", "/Appointment", withOnly("PractitionerRole/mari.a-mari")}, {"POST", "/Appointment", withOnly("PractitionerRole/nobody.a")}},
	}
}

func withOnly(actor string) string {
	before, _, _ := strings.Cut(asked, `"participant"`)
	return before + `"participant":[{"actor":{"reference":"` + actor + `"},"status":"needs-action"}]}`
}

// Langvik works with nobody: none of this is its to see, or to know of.
func TestWhatIsThereIsRefusedAsWhatIsNot(t *testing.T) {
	w := newWorld(t)
	w.wound()
	seen := map[string]bool{}
	for name, both := range tries() {
		for _, by := range []struct {
			who string
			as  func() *world
		}{{"a machine", func() *world { return w.as(stray) }}, {"a coordinator", func() *world { return w.as(lise) }}} {
			var answers [2]string
			for i, try := range both {
				res := by.as().asks(try[0], try[1], try[2], "If-Match", `W/"1"`)
				answers[i] = res.Status + res.Header.Get("ETag") + bodyOf(t, res)
				if both[0][1] == "" && res.StatusCode == http.StatusOK && strings.Contains(answers[i], "403 Forbidden") {
					continue // a batch says so of each
				}
				if res.StatusCode != http.StatusForbidden && res.StatusCode != http.StatusNotFound && res.StatusCode != http.StatusUnprocessableEntity {
					t.Errorf("%s, by %s: %s", name, by.who, answers[i])
				}
			}
			if answers[0] != answers[1] {
				t.Errorf("%s, by %s: there %s, and not there %s", name, by.who, answers[0], answers[1])
			}
		}
		method, path, _ := strings.Cut(both[0][0]+" "+both[0][1], " ")
		kind, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		kind, _, _ = strings.Cut(kind, "?")
		seen[method+" "+kind] = true
	}
	seen["GET Questionnaire"] = true // which is nobody's
	// Every interaction that has an object is among them.
	for _, i := range w.Interactions() {
		if i.Kind != "" && i.Kind != "Bundle" && i.Path != "/"+i.Kind && !strings.HasSuffix(i.Path, "/_search") && !seen[i.Method+" "+i.Kind] {
			t.Errorf("%s %s is not tried", i.Method, i.Path)
		}
	}
}

func TestWhoIsRefusedReadsTheRuleAndWhomToAskAndIsOnRecord(t *testing.T) {
	w := newWorld(t).as(stray)
	out := w.failed("a patient", w.asks("GET", "/Patient/olav", ""), 403, IssueForbidden, "")
	if out.Issue[0].Diagnostics != "machine may not patient.read; ask Langvik kommune +4757000001" {
		t.Errorf("%+v", out)
	}
	all, err := w.db.Audit().OfOrganisation(t.Context(), langvik, w.now.AddDate(0, 0, -1), w.now.AddDate(0, 0, 1), audit.Place{}, 100)
	w.must(err)
	if len(all) != 1 || all[0].Stored.Action != "patient.read" || all[0].Stored.Outcome != string(audit.Refused) {
		t.Errorf("%+v", all)
	}
}

func TestAReadIsOnThePatientsRecord(t *testing.T) {
	w := newWorld(t)
	w.asks("GET", "/Patient/olav", "")
	w.asks("POST", "/Patient/_search", "identifier="+systemNationalID+"|"+olavsNumber)
	w.asks("GET", "/RelatedPerson/olav.ragna", "")
	seen, err := w.db.Audit().OfPatient(t.Context(), "olav", "", 100, audit.New(w.now, siv, "seen.read", audit.Done))
	w.must(err)
	n := 0
	for _, e := range seen {
		if e.Action == "patient.read" && e.Actor.Person == journal.Person {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d reads are on record: %+v", n, seen)
	}
}

func TestTheCapabilitiesAreWhatIsServed(t *testing.T) {
	w := newWorld(t)
	served := told[CapabilityStatement](w, w.asks("GET", "/metadata", ""), http.StatusOK)
	var stated []string
	for _, r := range served.Rest[0].Resource {
		for _, i := range r.Interaction {
			stated = append(stated, string(r.Type)+" "+string(i.Code))
		}
	}
	want := []string{
		"Organization read", "Organization search-type", "Practitioner read", "Practitioner search-type", "PractitionerRole read", "PractitionerRole search-type",
		"Patient read", "Patient search-type", "Patient create", "Patient update",
		"RelatedPerson read", "RelatedPerson search-type", "RelatedPerson create", "RelatedPerson update",
		"Schedule read", "Schedule search-type", "Slot read", "Slot search-type",
		"Appointment read", "Appointment search-type", "Appointment create", "Appointment update",
		"AppointmentResponse read", "AppointmentResponse search-type", "AppointmentResponse create",
		"Observation read", "Observation search-type", "Observation create", "Observation update",
		"Questionnaire read", "Questionnaire search-type",
		"QuestionnaireResponse read", "QuestionnaireResponse search-type", "QuestionnaireResponse create", "QuestionnaireResponse update",
		"CarePlan read", "CarePlan search-type", "DocumentReference read", "DocumentReference search-type", "Binary read",
	}
	if !slices.Equal(stated, want) {
		t.Errorf("%q", stated)
	}
	for _, i := range served.Rest[0].Interaction {
		stated = append(stated, "Bundle "+string(i.Code))
	}
	if want = append(want, "Bundle transaction", "Bundle batch"); !slices.Equal(stated, want) {
		t.Errorf("%q", stated)
	}
	for _, i := range w.Interactions() {
		if i.Kind != "" && !slices.Contains(stated, i.Kind+" "+i.Name) || i.Action == 0 && !i.Open || i.Open != (i.Name == "capabilities") {
			t.Errorf("%+v", i)
		}
	}
}

func TestARequestHasTheFormThatFHIRHas(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		why, method, path, body string
		header                  []string
		status                  int
		code                    IssueCode
		where                   string
	}{
		{"XML is asked for", "GET", "/Patient/olav", "", []string{"Accept", "application/fhir+xml"}, 406, IssueNotSupported, "http.Accept"},
		{"XML, by a parameter", "GET", "/Patient/olav?_format=xml", "", nil, 400, IssueNotSupported, ""},
		{"XML, by a search's parameter", "GET", "/Organization?_format=xml", "", nil, 400, IssueNotSupported, "http._format"},
		{"another type is sent", "POST", "/Patient", siriBody + "}", []string{"Content-Type", "text/plain"}, 415, IssueNotSupported, "http.Content-Type"},
		{"too much is sent", "POST", "/Patient", strings.Repeat(" ", MaxBody) + siriBody + "}", nil, 413, IssueTooLong, ""},
		{"too many criteria are sent", "POST", "/Patient/_search", "identifier=" + strings.Repeat("a", MaxBody), nil, 413, IssueTooLong, ""},
		{"created unless it is there", "POST", "/Patient", siriBody + "}", []string{"If-None-Exist", "identifier=x"}, 400, IssueNotSupported, "http.If-None-Exist"},
		{"a search with a modifier", "GET", "/Organization?name:exact=x", "", nil, 400, IssueNotSupported, "http"},
		{"a search for what is unknown", "GET", "/Organization?address=x", "", nil, 400, IssueNotSupported, "http.address"},
		{"a criterion twice", "GET", "/PractitionerRole?role=a|b&role=c|d", "", nil, 400, IssueNotSupported, "http.role"},
		{"a criterion in two places", "POST", "/PractitionerRole/_search?role=a|b", "role=c|d", nil, 400, IssueNotSupported, "http.role"},
		{"a criterion that is empty", "GET", "/Patient?_id=", "", nil, 400, IssueValue, "http._id"},
		{"a query that is none", "GET", "/Patient?_id=%zz", "", nil, 400, IssueStructure, ""},
	} {
		w.failed(tt.why, w.asks(tt.method, tt.path, tt.body, tt.header...), tt.status, tt.code, tt.where)
	}
	if res := w.asks("GET", "/Patient/olav", "", "Accept", "application/fhir+json;q=0.9, text/html"); res.StatusCode != http.StatusOK {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestAnAnswerIsAsMuchAsIsPreferred(t *testing.T) {
	w := newWorld(t)
	if res := w.asks("GET", "/Patient/olav", "", "If-None-Match", `W/"1"`); res.StatusCode != http.StatusNotModified || bodyOf(t, res) != "" {
		t.Errorf("status %d", res.StatusCode)
	}
	res := w.asks("POST", "/Patient", siriBody+"}", "Prefer", "return=minimal")
	if res.StatusCode != http.StatusCreated || bodyOf(t, res) != "" || res.Header.Get("Location") == "" {
		t.Errorf("status %d, %v", res.StatusCode, res.Header)
	}
	other := strings.NewReplacer(systemDNumber, systemNationalID, aDNumber, nobodysNumber).Replace(siriBody)
	if out := told[OperationOutcome](w, w.asks("POST", "/Patient", other+"}", "Prefer", "return=OperationOutcome"), http.StatusCreated); out.Issue[0].Severity != "information" {
		t.Errorf("%+v", out)
	}
}

func TestAHandlerNeedsItsParts(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("no error")
	}
}
