package fhir

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

const siriBody = `{"resourceType":"Patient","identifier":[{"system":"` + systemDNumber + `","value":"` + aDNumber + `"}],
	"name":[{"family":"Lie","given":["Siri"]}],"telecom":[{"system":"phone","value":"900 00 126"},{"system":"email","value":"siri@example.no"}],
	"communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"nn"}]}}]`

func TestAJournalCreatesAPatientAndChangesThem(t *testing.T) {
	w := newWorld(t)
	res := w.asks("POST", "/Patient", siriBody+"}")
	made := told[Patient](w, res, http.StatusCreated)
	if want := `W/"1"`; res.Header.Get("ETag") != want || res.Header.Get("Location") != "https://video.example.no/fhir/Patient/"+string(made.ID)+"/_history/1" {
		t.Errorf("%v", res.Header)
	}
	if made.Name[0].Text != "Siri Lie" || made.Telecom[0].Value != "+4790000126" || made.ManagingOrganization.Reference != "Organization/fjordvik" || made.BirthDate != "1958" {
		t.Errorf("%+v", made)
	}
	again := told[Patient](w, w.asks("GET", "/Patient/"+string(made.ID), ""), http.StatusOK)
	if again.Identifier[0] != (Identifier{System: systemDNumber, Value: aDNumber}) {
		t.Errorf("%+v", again)
	}
	// What was read can be sent back, with a change.
	text := bodyOf(t, w.asks("GET", "/Patient/"+string(made.ID), ""))
	changed := strings.Replace(text, "Siri Lie", "Siri Lie Ås", 1)
	w.failed("without a version", w.asks("PUT", "/Patient/"+string(made.ID), changed), 428, IssueRequired, "http.If-Match")
	w.failed("by any version", w.asks("PUT", "/Patient/"+string(made.ID), changed, "If-Match", "*"), 400, IssueValue, "http.If-Match")
	now := told[Patient](w, w.asks("PUT", "/Patient/"+string(made.ID), changed, "If-Match", `W/"1"`), http.StatusOK)
	if now.Name[0].Text != "Siri Lie Ås" || now.Meta.VersionID != "2" {
		t.Errorf("%+v", now)
	}
	w.failed("too late", w.asks("PUT", "/Patient/"+string(made.ID), text, "If-Match", `W/"1"`), 412, IssueConflict, "")
	if now := told[Patient](w, w.asks("GET", "/Patient/"+string(made.ID), ""), http.StatusOK); now.Name[0].Text != "Siri Lie Ås" {
		t.Errorf("what came too late has changed %+v", now)
	}
	w.failed("twice", w.asks("POST", "/Patient", siriBody+"}"), 409, "duplicate", "")
}

func TestAChangeOfAPatientKeepsRelativesAndWhoCares(t *testing.T) {
	w := newWorld(t)
	text := strings.Replace(bodyOf(t, w.asks("GET", "/Patient/olav", "")), "+4790000123", "+4790000999", 1)
	if now := told[Patient](w, w.asks("PUT", "/Patient/olav", text, "If-Match", `W/"1"`), http.StatusOK); now.Telecom[0].Value != "+4790000999" {
		t.Errorf("%+v", now)
	}
	found := told[bundle[RelatedPerson]](w, w.asks("POST", "/RelatedPerson/_search", "patient=Patient/olav"), http.StatusOK)
	if !slices.Equal(found.ids(), []string{"olav.ragna", "olav.geir"}) {
		t.Errorf("%v", found.ids())
	}
	told[Patient](w, w.as(booker).asks("GET", "/Patient/olav", ""), http.StatusOK) // the hospital cares for him still
}

func TestARuleThatIsBrokenIsNamedWithItsElement(t *testing.T) {
	w := newWorld(t)
	with := func(from, to string) string {
		if !strings.Contains(siriBody, from) {
			t.Fatalf("no %s in it", from)
		}
		return strings.Replace(siriBody, from, to, 1) + "}"
	}
	for where, body := range map[string]string{
		"Patient.identifier[0].value":       with(aDNumber, "5589584007"),
		"Patient.identifier[0].system":      with(systemDNumber, systemNationalID),
		"Patient.name[0]":                   with(`"family":"Lie"`, `"family":"Lie","use":"nickname"`),
		"Patient.name":                      with(`"name":[{"family":"Lie","given":["Siri"]}],`, ``),
		"Patient.telecom":                   with("900 00 126", "12"),
		"Patient.telecom[0].system":         with(`"phone"`, `"fax"`),
		"Patient.telecom[1]":                with(`"email","value":"siri@example.no"`, `"phone","value":"90000127"`),
		"Patient.communication":             with(`"nn"`, `"pl"`),
		"Patient.communication[0].language": with("urn:ietf:bcp:47", "urn:oid:1.2.3"),
		"Patient.birthDate":                 siriBody + `,"birthDate":"1958-09-15"}`,
		"Patient.managingOrganization":      siriBody + `,"managingOrganization":{"reference":"Organization/hospital"}}`,
	} {
		out := w.failed(where, w.asks("POST", "/Patient", body), 422, IssueBusinessRule, where)
		if strings.Contains(out.Issue[0].Diagnostics, aDNumber) {
			t.Errorf("%s: the number comes back: %+v", where, out)
		}
	}
	w.failed("what is not kept", w.asks("POST", "/Patient", siriBody+`,"gender":"female"}`), 400, IssueNotSupported, "Patient.gender")
	found := w.asks("POST", "/Patient/_search", "identifier="+systemDNumber+"|"+aDNumber)
	w.failed("nothing of it is kept", found, 403, IssueForbidden, "")
}

func TestAPatientIsFoundByTheirNumberInABodyAlone(t *testing.T) {
	w := newWorld(t)
	criterion := "identifier=" + systemNationalID + "|" + olavsNumber
	res := w.asks("POST", "/Patient/_search", criterion)
	text := bodyOf(t, res)
	if res.StatusCode != http.StatusOK || !strings.Contains(text, `"fullUrl":"https://video.example.no/fhir/Patient/olav"`) || !strings.Contains(text, `"url":"https://video.example.no/fhir/Patient"`) {
		t.Errorf("%s", text)
	}
	if found := told[bundle[Patient]](w, w.asks("GET", "/Patient?_id=olav", ""), http.StatusOK); !slices.Equal(found.ids(), []string{"olav"}) {
		t.Errorf("%v", found.ids())
	}
	for _, try := range []struct{ method, path, body string }{
		{"GET", "/Patient?" + criterion, ""}, {"POST", "/Patient/_search?" + criterion, ""}, {"GET", "/RelatedPerson?patient=Patient/olav", ""},
		{"GET", "/Appointment?date=2026-12-01&patient=Patient/olav", ""}, {"GET", "/Practitioner?identifier=" + systemHPR + "|9144897", ""},
	} {
		res := w.asks(try.method, try.path, try.body)
		out := OperationOutcome{}
		text := bodyOf(t, res)
		valid(t, []byte(text))
		if res.StatusCode != 400 || strings.Contains(text, olavsNumber) || strings.Contains(text, "9144897") || !strings.Contains(text, "must not stand in an address") {
			t.Errorf("%s %s: status %d %s %v", try.method, try.path, res.StatusCode, text, out)
		}
	}
	w.failed("by nothing", w.asks("POST", "/Patient/_search", ""), 400, IssueRequired, "http.identifier")
	w.failed("by a name", w.asks("POST", "/Patient/_search", "name=Olav"), 400, IssueNotSupported, "http.name")
	w.failed("by a number of another sort", w.asks("POST", "/Patient/_search", "identifier="+systemHPR+"|9144897"), 400, IssueValue, "http.identifier.system")
	w.failed("by a number alone", w.asks("POST", "/Patient/_search", "identifier="+olavsNumber), 400, IssueValue, "http.identifier")
}

func TestARelativeIsAddedAndChanged(t *testing.T) {
	w := newWorld(t)
	body := `{"resourceType":"RelatedPerson","patient":{"reference":"Patient/olav"},"relationship":[{"text":"bror"}],"name":[{"text":"Knut Eik"}],"telecom":[{"system":"phone","value":"+4790000130"}]}`
	made := told[RelatedPerson](w, w.asks("POST", "/RelatedPerson", body), http.StatusCreated)
	if made.Relationship[0].Text != "bror" || made.Meta.VersionID != "2" {
		t.Errorf("%+v", made)
	}
	text := strings.Replace(bodyOf(t, w.asks("GET", "/RelatedPerson/"+string(made.ID), "")), `[{"text":"bror"}]`, `[{"coding":[{"system":"`+systemRoleCode+`","code":"GUARD"}]}]`, 1)
	now := told[RelatedPerson](w, w.asks("PUT", "/RelatedPerson/"+string(made.ID), text, "If-Match", `W/"2"`), http.StatusOK)
	if now.Relationship[0].code(systemRoleCode) != "GUARD" || now.ID != made.ID {
		t.Errorf("%+v", now)
	}
	w.failed("of another", w.asks("PUT", "/RelatedPerson/"+string(made.ID), strings.Replace(text, "Patient/olav", "Patient/kari", 1), "If-Match", `W/"3"`), 422, IssueBusinessRule, "RelatedPerson.patient")
	w.failed("with a wrong number", w.asks("POST", "/RelatedPerson", strings.Replace(body, "+4790000130", "12", 1)), 422, IssueBusinessRule, "RelatedPerson.telecom")
	w.failed("of nobody", w.asks("POST", "/RelatedPerson", `{"resourceType":"RelatedPerson","name":[{"text":"Knut"}]}`), 422, IssueRequired, "RelatedPerson.patient")
}
