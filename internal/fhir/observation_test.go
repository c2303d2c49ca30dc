package fhir

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
)

const (
	loinc = `{"coding":[{"system":"http://loinc.org","code":"%s"}]}`
	ucum  = `{"value":%s,"system":"http://unitsofmeasure.org","code":"%s"}`
)

// measured is an observation of Olav as a platform sends it, with more elements as they are given.
func measured(code, value, unit string, more ...string) string {
	return `{"resourceType":"Observation","status":"final","code":` + fmt.Sprintf(loinc, code) + `,"subject":{"reference":"Patient/olav"},
		"effectiveDateTime":"2026-11-30T07:30:00+01:00","valueQuantity":` + fmt.Sprintf(ucum, value, unit) + strings.Join(append([]string{""}, more...), ",") + `}`
}

// pressure is a blood pressure.
func pressure(systolic, diastolic, unit string, more ...string) string {
	component := func(code, value string) string {
		return `{"code":` + fmt.Sprintf(loinc, code) + `,"valueQuantity":` + fmt.Sprintf(ucum, value, unit) + `}`
	}
	text := measured("85354-9", "1", unit, append(more, `"component":[`+component("8480-6", systolic)+`,`+component("8462-4", diastolic)+`]`)...)
	return strings.Replace(text, `"valueQuantity":`+fmt.Sprintf(ucum, "1", unit)+`,`, "", 1)
}

func named(value string) string {
	return `"identifier":[{"system":"https://platform.example.no/measurement","value":"` + value + `"}]`
}

// kari is another whom Fjordvik cares for, and per is Langvik's alone.
func (w *world) others() {
	w.t.Helper()
	for id, cares := range map[access.PersonID]access.OrganisationID{"kari": fjordvik, "per": langvik} {
		w.must(w.db.Directory().SavePatient(w.t.Context(), identity.Patient{
			Person: identity.Person{ID: id, Name: string(id), Phone: "+4790000223", Language: "nn"}, CaredForBy: []access.OrganisationID{cares},
		}, cares, nil, nil))
	}
}

// limited gives Olav limits for his blood pressure and his oxygen.
func (w *world) limited() {
	w.t.Helper()
	at := func(v float64) *float64 { return &v }
	_, err := w.clinic.SetLimits(w.t.Context(), mari, "olav", clinical.Limits{Kinds: []clinical.KindLimits{
		{Kind: clinical.BloodPressure, Limits: []clinical.Limit{
			{Green: clinical.Range{Low: at(105), High: at(140)}, Yellow: clinical.Range{Low: at(95), High: at(160)}}, {Green: clinical.Range{High: at(90)}},
		}},
		{Kind: clinical.OxygenSaturation, Limits: []clinical.Limit{{Green: clinical.Range{Low: at(88)}, Yellow: clinical.Range{Low: at(85)}}}},
	}})
	w.must(err)
}

func TestEveryKindIsSentAndReadBackAsItWas(t *testing.T) {
	w := newWorld(t)
	kinds := w.clinic.Kinds().All()
	for i, k := range kinds {
		concept, _ := strings.CutPrefix(string(conceptOf(k).Coding[0].Code), " ")
		c := k.Components[0]
		value := clinical.Text(c.Rounded((c.Least + c.Most) / 2))
		text := measured(concept, value, c.Unit, named(string(k.ID)))
		if k.ID == clinical.BloodPressure {
			text = pressure("128", "76", "mm[Hg]", named(string(k.ID)))
		}
		if len(k.LOINC) == 0 {
			text = strings.Replace(text, systemLOINC, systemMeasured, 1)
		}
		made := told[Observation](w, w.asks("POST", "/Observation", text), http.StatusCreated)
		got := told[Observation](w, w.asks("GET", "/Observation/"+string(made.ID), ""), http.StatusOK)
		codes := each(got.Code.Coding, func(c Coding) string { return string(c.Code) })
		if len(k.LOINC) > 0 && !slices.Equal(codes, k.LOINC) || got.Category[0].code(systemObservationCategory) != k.Category || got.EffectiveDateTime != "2026-11-30T06:30:00Z" || got.Issued != "2026-11-30T07:00:00Z" {
			t.Errorf("%s: %+v", k.ID, got)
		}
		if k.ID != clinical.BloodPressure && (clinical.Text(float64(*got.ValueQuantity.Value)) != value || got.ValueQuantity.Code != Code(c.Unit) || got.ValueQuantity.System != systemUCUM) {
			t.Errorf("%s: %+v", k.ID, got.ValueQuantity)
		}
		found := told[bundle[Observation]](w, w.asks("POST", "/Observation/_search", "patient=olav&code="+codeParam(k)), http.StatusOK)
		if !slices.Equal(found.ids(), []string{string(made.ID)}) {
			t.Errorf("%s: %v", k.ID, found.ids())
		}
		if n := len(w.values.all); n != i+1 {
			t.Fatalf("%d are kept", n)
		}
	}
}

func codeParam(k clinical.Kind) string {
	c := conceptOf(k).Coding[0]
	return c.System + "|" + string(c.Code)
}

func TestTheExamplesOfObservations(t *testing.T) {
	w := newWorld(t)
	w.limited()
	w.as(mari)
	bp := told[Observation](w, w.asks("POST", "/Observation", pressure("128", "76", "mm[Hg]", `"bodySite":{"text":"venstre arm"}`,
		`"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/observation-bodyPosition","valueCodeableConcept":{"text":"sittende"}}]`,
		`"note":[{"text":"Etter fem minutters ro"}]`)), http.StatusCreated)
	w.as(journal)
	oxygen := told[Observation](w, w.asks("POST", "/Observation", measured("59408-5", "91", "%", named("o-1"),
		`"contained":[{"resourceType":"Device","id":"d","manufacturer":"Nonin","modelNumber":"3230","serialNumber":"501234567","deviceName":[{"name":"Oksymeter","type":"user-friendly-name"}]}]`,
		`"device":{"reference":"#d"}`)), http.StatusCreated)
	weight := told[Observation](w, w.asks("POST", "/Observation", measured("29463-7", "82.4", "kg", `"performer":[{"reference":"Patient/olav"}]`)), http.StatusCreated)
	wrong := strings.Replace(bodyOf(t, w.asks("GET", "/Observation/"+string(weight.ID), "")), `"status":"final"`, `"status":"entered-in-error","note":[{"text":"Med klede på"}]`, 1)
	w.now = w.now.Add(time.Hour)
	told[Observation](w, w.as(mari).asks("PUT", "/Observation/"+string(weight.ID), wrong, "If-Match", `W/"1"`), http.StatusOK)
	w.as(journal)
	for name, id := range map[string]ID{"observation-bp": bp.ID, "observation-oxygen": oxygen.ID, "observation-wrong": weight.ID} {
		got := indented(t, bodyOf(t, w.asks("GET", "/Observation/"+string(id), "")))
		isExample(t, name, strings.ReplaceAll(got, string(id), "olav."+name))
	}
}

func TestAValueInAnotherUnitIsKeptInItsKindsOwn(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct{ code, value, unit, want string }{
		{"14743-9", "117.1", "mg/dL", "6.5"}, {"14743-9", "6.5", "mmol/L", "6.5"}, {"8310-5", "98.6", "[degF]", "37"}, {"29463-7", "181.7", "[lb_av]", "82.4"},
		{"29463-7", "82400", "g", "82.4"}, {"59408-5", "0.97", "1", "97"}, {"2708-6", "97", "%", "97"}, {"8867-4", "72", "{beats}/min", "72"},
		{"9279-1", "16", "{Breaths}/min", "16"}, {"20150-9", "2450", "mL", "2.45"},
	} {
		got := told[Observation](w, w.asks("POST", "/Observation", measured(tt.code, tt.value, tt.unit, named(tt.code+tt.value))), http.StatusCreated)
		if v := clinical.Text(float64(*got.ValueQuantity.Value)); v != tt.want {
			t.Errorf("%s %s of %s is %s, want %s", tt.value, tt.unit, tt.code, v, tt.want)
		}
	}
	got := told[Observation](w, w.asks("POST", "/Observation", pressure("17.1", "10.1", "kPa")), http.StatusCreated)
	if *got.Component[0].ValueQuantity.Value != 128 || *got.Component[1].ValueQuantity.Value != 76 {
		t.Errorf("%+v", got.Component)
	}
}

func TestAnIdentifierNamesOneValue(t *testing.T) {
	w := newWorld(t)
	first := w.asks("POST", "/Observation", measured("8867-4", "72", "/min", named("1")))
	made := told[Observation](w, first, http.StatusCreated)
	if want := "https://video.example.no/fhir/Observation/" + string(made.ID) + "/_history/1"; first.Header.Get("Location") != want || first.Header.Get("ETag") != `W/"1"` || !strings.HasPrefix(string(made.ID), "olav.") {
		t.Errorf("%v", first.Header)
	}
	w.now = w.now.Add(time.Minute)
	again := told[Observation](w, w.asks("POST", "/Observation", measured("8867-4", "72", "/min", named("1"))), http.StatusOK)
	if again.ID != made.ID || again.Issued != made.Issued || len(w.values.all) != 1 {
		t.Errorf("%+v", again)
	}
	w.failed("another value", w.asks("POST", "/Observation", measured("8867-4", "73", "/min", named("1"))), 409, IssueConflict, "Observation.identifier")
	// Without an identifier a value is known by what it says.
	bare := told[Observation](w, w.asks("POST", "/Observation", measured("8867-4", "80", "/min")), http.StatusCreated)
	if same := told[Observation](w, w.asks("POST", "/Observation", measured("8867-4", "80.0", "/min")), http.StatusOK); same.ID != bare.ID || same.Identifier != nil {
		t.Errorf("%+v", same)
	}
	told[Observation](w, w.asks("POST", "/Observation", measured("8867-4", "81", "/min")), http.StatusCreated)
	// Another sender's names are its own.
	told[Observation](w, w.as(booker).asks("POST", "/Observation", measured("8867-4", "75", "/min", named("1"))), http.StatusCreated)
	if len(w.values.all) != 4 {
		t.Errorf("%d are kept", len(w.values.all))
	}
}

func TestWhatCannotBeAValueIsRefusedByItsElementAndRule(t *testing.T) {
	w := newWorld(t)
	w.others()
	pulse := func(from, to string) string {
		text := measured("8867-4", "72", "/min")
		if !strings.Contains(text, from) {
			t.Fatalf("no %s in it", from)
		}
		return strings.Replace(text, from, to, 1)
	}
	const top = `"status":"final"`
	for _, tt := range []struct {
		why, text string
		status    int
		code      IssueCode
		where     string
		rule      string
	}{
		{"an unknown code", measured("1234-5", "72", "/min"), 422, IssueBusinessRule, "Observation.code", "must have one code of http://loinc.org"},
		{"a code of another system", pulse("http://loinc.org", "http://snomed.info/sct"), 422, IssueBusinessRule, "Observation.code", ""},
		{"two codes of two kinds", pulse(`"code":"8867-4"}`, `"code":"8867-4"},{"system":"http://loinc.org","code":"9279-1"}`), 422, IssueBusinessRule, "Observation.code", ""},
		{"no code", pulse(`"code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},`, ""), 422, IssueRequired, "Observation.code", ""},
		{"a wrong category", pulse(top, top+`,"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}]`), 422, IssueBusinessRule, "Observation.category[0]", "must be vital-signs"},
		{"a wrong unit", measured("8867-4", "72", "kg"), 422, IssueBusinessRule, "Observation.valueQuantity.code", "/min"},
		{"no unit", pulse(`,"code":"/min"`, ""), 422, IssueRequired, "Observation.valueQuantity.code", ""},
		{"a unit that is not UCUM's", pulse("http://unitsofmeasure.org", "urn:x"), 422, IssueBusinessRule, "Observation.valueQuantity.system", ""},
		{"an impossible value", measured("8867-4", "720", "/min"), 422, IssueBusinessRule, "Observation.valueQuantity", "must be 15–300 /min"},
		{"an impossible value in another unit", pressure("60", "10", "kPa"), 422, IssueBusinessRule, "Observation.component[0].valueQuantity", "must be 30–300 mm[Hg]"},
		{"too many decimals", measured("8310-5", "36.65", "Cel"), 422, IssueBusinessRule, "Observation.valueQuantity", "at most 1 decimals"},
		{"numbers in the wrong order", pressure("76", "128", "mm[Hg]"), 422, IssueBusinessRule, "Observation.component[1].valueQuantity", "must be below the systolic"},
		{"one number of two", strings.Replace(pressure("128", "76", "mm[Hg]"), "8462-4", "8480-6", 1), 422, IssueBusinessRule, "Observation.component[1].code", "must be there once"},
		{"a component of something else", strings.Replace(pressure("128", "76", "mm[Hg]"), "8462-4", "8478-0", 1), 422, IssueBusinessRule, "Observation.component[1].code", "8480-6 or 8462-4"},
		{"components of one number", pulse(`"valueQuantity"`, `"component":[{"code":{"text":"x"}}],"valueQuantity"`), 422, IssueBusinessRule, "Observation.component", ""},
		{"a blood pressure in one number", measured("85354-9", "128", "mm[Hg]"), 422, IssueBusinessRule, "Observation.valueQuantity", ""},
		{"a number as text", measured("8867-4", `"72"`, "/min"), 400, IssueStructure, "Observation.valueQuantity.value", "must be a number"},
		{"a number without end", measured("8867-4", "1e999", "/min"), 400, IssueStructure, "Observation.valueQuantity.value", "must be a number"},
		{"less than", pulse(`"value":72`, `"value":72,"comparator":"<"`), 400, IssueNotSupported, "Observation.valueQuantity.comparator", ""},
		{"no value", pulse(`,"valueQuantity":{"value":72,"system":"http://unitsofmeasure.org","code":"/min"}`, ""), 422, IssueRequired, "Observation.valueQuantity", ""},
		{"the future", pulse("2026-11-30T07:30:00+01:00", "2026-11-30T08:30:00+01:00"), 422, IssueBusinessRule, "Observation.effectiveDateTime", "must not be in the future"},
		{"a day", pulse("2026-11-30T07:30:00+01:00", "2026-11-30"), 422, IssueBusinessRule, "Observation.effectiveDateTime", "with its zone"},
		{"a time without a zone", pulse("07:30:00+01:00", "07:30:00"), 400, IssueValue, "Observation.effectiveDateTime", ""},
		{"no time", pulse(`"effectiveDateTime":"2026-11-30T07:30:00+01:00",`, ""), 422, IssueRequired, "Observation.effectiveDateTime", ""},
		{"a time before anybody", pulse("2026-11-30T07:30", "1826-11-30T07:30"), 422, IssueBusinessRule, "Observation.effectiveDateTime", ""},
		{"no subject", pulse(`"subject":{"reference":"Patient/olav"},`, ""), 422, IssueRequired, "Observation.subject", ""},
		{"a subject by name", pulse(`"reference":"Patient/olav"`, `"display":"Olav Eik"`), 422, IssueBusinessRule, "Observation.subject", ""},
		{"a group", pulse("Patient/olav", "Group/olav"), 422, IssueBusinessRule, "Observation.subject.reference", ""},
		{"a number that is none", pulse(`"reference":"Patient/olav"`, `"identifier":{"system":"`+systemNationalID+`","value":"123"}`), 422, IssueBusinessRule, "Observation.subject.identifier.value", ""},
		{"nobody's number", pulse(`"reference":"Patient/olav"`, `"identifier":{"system":"`+systemNationalID+`","value":"`+nobodysNumber+`"}`), 403, IssueForbidden, "", ""},
		{"another's patient", pulse("Patient/olav", "Patient/per"), 403, IssueForbidden, "", "machine may not observation.write; ask Fjordvik kommune"},
		{"nobody", pulse("Patient/olav", "Patient/nobody"), 403, IssueForbidden, "", "machine may not observation.write; ask Fjordvik kommune"},
		{"preliminary", pulse("final", "preliminary"), 422, IssueBusinessRule, "Observation.status", ""},
		{"wrong from the first", pulse("final", "entered-in-error"), 422, IssueBusinessRule, "Observation.status", ""},
		{"no status", pulse(`"status":"final",`, ""), 422, IssueRequired, "Observation.status", ""},
		{"limits", pulse(top, top+`,"referenceRange":[{"text":"60–80"}]`), 422, IssueBusinessRule, "Observation.referenceRange", ""},
		{"an interpretation", pulse(top, top+`,"interpretation":[{"text":"høg"}]`), 400, IssueNotSupported, "Observation.interpretation", ""},
		{"when it was issued", pulse(top, top+`,"issued":"2026-11-30T07:00:00Z"`), 422, IssueBusinessRule, "Observation.issued", ""},
		{"two identifiers", pulse(top, top+`,"identifier":[{"system":"a","value":"b"},{"system":"c","value":"d"}]`), 422, IssueBusinessRule, "Observation.identifier", ""},
		{"an identifier of no system", pulse(top, top+`,"identifier":[{"value":"b"}]`), 422, IssueBusinessRule, "Observation.identifier[0].system", ""},
		{"a long identifier", pulse(top, top+`,`+named(strings.Repeat("a", 90))), 422, IssueBusinessRule, "Observation.identifier[0]", "122"},
		{"another's nurse", pulse(top, top+`,"performer":[{"reference":"Practitioner/mari"}]`), 422, IssueBusinessRule, "Observation.performer[0]", ""},
		{"a method of no sort", pulse(top, top+`,"method":{"text":"oscillometrisk"}`), 422, IssueBusinessRule, "Observation.method", ""},
		{"a device's, and the patient's", pulse(top, top+`,"performer":[{"reference":"Patient/olav"}],"method":{"coding":[{"system":"`+systemMethod+`","code":"device"}]},"device":{"display":"x"}`), 422, IssueBusinessRule, "Observation.method", ""},
		{"a device's without a device", pulse(top, top+`,"method":{"coding":[{"system":"`+systemMethod+`","code":"device"}]}`), 422, IssueBusinessRule, "Observation.device", ""},
		{"an unknown method", pulse(top, top+`,"method":{"coding":[{"system":"`+systemMethod+`","code":"guess"}]}`), 422, IssueBusinessRule, "Observation.method", ""},
		{"a device that is elsewhere", pulse(top, top+`,"device":{"reference":"Device/1"}`), 422, IssueBusinessRule, "Observation.device.reference", ""},
		{"a device that is not referred to", pulse(top, top+`,"contained":[{"resourceType":"Device","id":"d","modelNumber":"x"}]`), 422, IssueBusinessRule, "Observation.contained", ""},
		{"a patient for a device", pulse(top, top+`,"contained":[{"resourceType":"Patient","id":"d"}],"device":{"reference":"#d"}`), 422, IssueBusinessRule, "Observation.contained[0].resourceType", ""},
		{"a site by code", pulse(top, top+`,"bodySite":{"coding":[{"code":"368208006"}]}`), 422, IssueBusinessRule, "Observation.bodySite", ""},
		{"a long site", pulse(top, top+`,"bodySite":{"text":"`+strings.Repeat("a", 81)+`"}`), 422, IssueBusinessRule, "Observation.bodySite", "80"},
		{"two notes", pulse(top, top+`,"note":[{"text":"a"},{"text":"b"}]`), 422, IssueBusinessRule, "Observation.note[1]", ""},
		{"another extension", pulse(top, top+`,"extension":[{"url":"http://x","valueCodeableConcept":{"text":"a"}}]`), 422, IssueBusinessRule, "Observation.extension[0]", ""},
		{"from what is not there", pulse(top, top+`,"derivedFrom":[{"reference":"Observation/olav.x"}]`), 422, IssueBusinessRule, "Observation.derivedFrom[0].reference", "of this patient"},
		{"from another's", pulse(top, top+`,"derivedFrom":[{"reference":"Observation/kari.x"}]`), 422, IssueBusinessRule, "Observation.derivedFrom[0].reference", "of the same patient"},
		{"from another entry, where there is none", pulse(top, top+`,"derivedFrom":[{"reference":"urn:uuid:1"}]`), 422, IssueBusinessRule, "Observation.derivedFrom[0].reference", "transaction"},
	} {
		out := w.failed(tt.why, w.asks("POST", "/Observation", tt.text), tt.status, tt.code, tt.where)
		if !strings.Contains(out.Issue[0].Diagnostics, tt.rule) {
			t.Errorf("%s: %q, want %q", tt.why, out.Issue[0].Diagnostics, tt.rule)
		}
	}
	if len(w.values.all) > 0 {
		t.Errorf("kept: %v", w.values.all)
	}
}

func TestAValueSaysWhoAndWhatItComesFrom(t *testing.T) {
	w := newWorld(t)
	for i, tt := range []struct {
		by         access.Actor
		more       string
		method     clinical.Method
		device     string
		performers string
	}{
		{journal, `"note":[{"text":"a"}]`, clinical.ByHand, "", "Organization/fjordvik"},
		{journal, `"device":{"display":"Pulsbelte"}`, clinical.ByDevice, "Pulsbelte", "Organization/fjordvik"},
		{journal, `"performer":[{"reference":"Patient/olav"}],"device":{"display":"Pulsbelte"}`, clinical.Reported, "Pulsbelte", "Patient/olav Organization/fjordvik"},
		{journal, `"performer":[{"reference":"Organization/fjordvik"}],"method":{"coding":[{"system":"` + systemMethod + `","code":"calculated"}]}`, clinical.Calculated, "", "Organization/fjordvik"},
		{mari, `"performer":[{"reference":"Practitioner/mari"}]`, clinical.ByHand, "", "Practitioner/mari Organization/fjordvik"},
		{access.Actor{Person: "olav", Role: access.Patient, Session: "s9"}, named("x"), clinical.Reported, "", "Patient/olav"},
	} {
		got := told[Observation](w, w.as(tt.by).asks("POST", "/Observation", measured("8867-4", clinical.Text(float64(60+i)), "/min", tt.more)), http.StatusCreated)
		performers := strings.Join(each(got.Performer, func(r Reference) string { return r.Reference }), " ")
		device := ""
		if got.Device != nil {
			device = got.Device.Display
		}
		if got.Method.code(systemMethod) != string(tt.method) || performers != tt.performers || device != tt.device {
			t.Errorf("%s: %s, %q, %q", tt.more, got.Method.code(systemMethod), performers, device)
		}
	}
}

func TestAPatientIsNamedByTheirNumberInABody(t *testing.T) {
	w := newWorld(t)
	text := strings.Replace(measured("8867-4", "72", "/min"), `"reference":"Patient/olav"`, `"identifier":{"system":"`+systemNationalID+`","value":"`+olavsNumber+`"}`, 1)
	made := told[Observation](w, w.asks("POST", "/Observation", text), http.StatusCreated)
	if made.Subject.Reference != "Patient/olav" || made.Subject.Identifier != nil {
		t.Errorf("%+v", made.Subject)
	}
	found := told[bundle[Observation]](w, w.asks("POST", "/Observation/_search", "patient.identifier="+systemNationalID+"|"+olavsNumber), http.StatusOK)
	if !slices.Equal(found.ids(), []string{string(made.ID)}) {
		t.Errorf("%v", found.ids())
	}
}

func TestValuesOfOnePatientAreFoundByWhatAndWhen(t *testing.T) {
	w := newWorld(t)
	w.others()
	at := func(text, when string) string {
		text = strings.Replace(text, "2026-11-30T07:30:00+01:00", when, 1)
		return string(told[Observation](w, w.asks("POST", "/Observation", text), http.StatusCreated).ID)
	}
	bp := at(pressure("128", "76", "mm[Hg]"), "2026-11-28T23:30:00.250+01:00")
	pulse := at(measured("8867-4", "72", "/min"), "2026-11-29T00:30:00+01:00")
	sugar := at(measured("14743-9", "6.5", "mmol/L"), "2026-11-29T12:00:00+01:00")
	oxygen := at(measured("59408-5", "93", "%"), "2026-11-30T07:00:00+01:00")
	at(strings.Replace(measured("8867-4", "99", "/min"), "Patient/olav", "Patient/kari", 1), "2026-11-29T08:00:00+01:00")
	for criteria, want := range map[string][]string{
		"":                                      {oxygen, sugar, pulse, bp},
		"&code=http://loinc.org|85354-9":        {bp},
		"&code=2708-6":                          {oxygen},
		"&code=http://loinc.org|59408-5,8867-4": {oxygen, pulse},
		"&category=vital-signs":                 {oxygen, pulse, bp},
		"&category=" + systemObservationCategory + "|laboratory": {sugar},
		"&category=survey":   nil,
		"&date=2026-11-29":   {sugar, pulse},
		"&date=ge2026-11-29": {oxygen, sugar, pulse},
		"&date=lt2026-11-29": {bp},
		"&date=ge2026-11-28T22:30:00.250Z&date=lt2026-11-28T23:30:00Z": {bp},
		"&date=le2026-11-29&code=8867-4&category=vital-signs":          {pulse},
		"&date=2026-11-27": nil,
	} {
		found := told[bundle[Observation]](w, w.asks("POST", "/Observation/_search", "patient=Patient/olav"+criteria), http.StatusOK)
		if !slices.Equal(found.ids(), want) || found.Total == nil || *found.Total != len(want) {
			t.Errorf("%s: %v, want %v", criteria, found.ids(), want)
		}
	}
	if found := told[bundle[Observation]](w, w.asks("GET", "/Observation?_id="+sugar, ""), http.StatusOK); !slices.Equal(found.ids(), []string{sugar}) {
		t.Errorf("%v", found.ids())
	}
	if got := told[Observation](w, w.asks("GET", "/Observation/"+bp, ""), http.StatusOK); got.EffectiveDateTime != "2026-11-28T22:30:00.25Z" {
		t.Errorf("%s", got.EffectiveDateTime)
	}
	if found := told[bundle[Observation]](w, w.asks("GET", "/Observation?_id=olav.nothing", ""), http.StatusOK); len(found.Entry) > 0 {
		t.Errorf("%v", found.ids())
	}
	for _, tt := range []struct {
		method, path, body string
		code               IssueCode
		where              string
	}{
		{"GET", "/Observation", "", IssueRequired, "http.patient"},
		{"GET", "/Observation?code=8867-4", "", IssueRequired, "http.patient"},
		{"GET", "/Observation?patient=Patient/olav", "", IssueBusinessRule, "http.patient"},
		{"GET", "/Observation?subject=Patient/olav", "", IssueBusinessRule, "http.subject"},
		{"POST", "/Observation/_search?patient=Patient/olav", "", IssueBusinessRule, "http.patient"},
		{"GET", "/Observation?patient.identifier=" + systemNationalID + "|" + olavsNumber, "", IssueBusinessRule, "http.patient.identifier"},
		{"POST", "/Observation/_search", "patient=Patient/olav,Patient/kari", IssueValue, "http.patient"},
		{"POST", "/Observation/_search", "patient=olav&patient=kari", IssueNotSupported, "http.patient"},
		{"POST", "/Observation/_search", "patient=olav&subject=kari", IssueNotSupported, "http.subject"},
		{"POST", "/Observation/_search", "patient=olav&code=1234-5", IssueValue, "http.code"},
		{"POST", "/Observation/_search", "patient=olav&code=14743-9&category=vital-signs", IssueValue, "http.code"},
		{"POST", "/Observation/_search", "patient=olav&category=imaging", IssueValue, "http.category"},
		{"POST", "/Observation/_search", "patient=olav&date=gt2026-11-29", IssueValue, "http.date"},
		{"POST", "/Observation/_search", "patient=olav&date=ge2026-11-29&date=lt2026-11-28", IssueValue, "http.date"},
		{"POST", "/Observation/_search", "patient=olav&_count=0", IssueValue, "http._count"},
		{"POST", "/Observation/_search", "patient=olav&page=x", IssueValue, "http.page"},
		{"POST", "/Observation/_search", "patient=olav&_include=x", IssueNotSupported, "http._include"},
		{"GET", "/Observation?_id=olav.x&code=8867-4", "", IssueNotSupported, "http._id"},
	} {
		out := w.failed(tt.method+" "+tt.path+" "+tt.body, w.asks(tt.method, tt.path, tt.body), 400, tt.code, tt.where)
		if strings.Contains(out.Issue[0].Diagnostics, olavsNumber) {
			t.Errorf("%+v", out)
		}
	}
}

func TestAPageLeadsToTheNextWithoutNamingThePatient(t *testing.T) {
	w := newWorld(t)
	var want []string
	for i := range 7 { // of two kinds, two at the same moment
		text := strings.Replace(measured([]string{"8867-4", "9279-1"}[i%2], "60", "/min", named(fmt.Sprint(i))), "07:30", fmt.Sprintf("07:%02d", i/2), 1)
		want = append(want, string(told[Observation](w, w.asks("POST", "/Observation", text), http.StatusCreated).ID))
	}
	var got []string
	path := "/Observation/_search"
	for range 4 {
		found := told[bundle[Observation]](w, w.asks("POST", path, "patient=olav&_count=2&category=vital-signs"), http.StatusOK)
		got = append(got, found.ids()...)
		if i := slices.IndexFunc(found.Link, func(l Link) bool { return l.Relation == "next" }); i < 0 {
			break
		} else if next := found.Link[i].URL; strings.Contains(next, "patient") {
			t.Errorf("the address has %s", next)
		} else {
			path = strings.TrimPrefix(next, "https://video.example.no/fhir")
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAValueIsCorrectedAndMarkedAsWrong(t *testing.T) {
	w := newWorld(t)
	w.limited()
	made := told[Observation](w, w.asks("POST", "/Observation", pressure("182", "76", "mm[Hg]", named("1"), `"note":[{"text":"Sitjande"}]`)), http.StatusCreated)
	path := "/Observation/" + string(made.ID)
	text := bodyOf(t, w.asks("GET", path, ""))
	if !strings.Contains(text, `"referenceRange"`) {
		t.Errorf("no limits: %s", text)
	}
	change := func(from, to string) string {
		if !strings.Contains(text, from) {
			t.Fatalf("no %s in %s", from, text)
		}
		return strings.Replace(text, from, to, 1)
	}
	w.failed("without a version", w.asks("PUT", path, text), 428, IssueRequired, "http.If-Match")
	w.failed("of another id", w.asks("PUT", path, change(string(made.ID), "olav.x"), "If-Match", `W/"1"`), 400, IssueStructure, "Observation.id")
	if same := told[Observation](w, w.asks("PUT", path, text, "If-Match", `W/"1"`), http.StatusOK); same.Meta.VersionID != "1" {
		t.Errorf("%+v", same)
	}
	for where, body := range map[string]string{
		"Observation.effectiveDateTime":           change("2026-11-30T06:30:00Z", "2026-11-30T06:31:00Z"),
		"Observation.subject":                     change("Patient/olav", "Patient/kari"),
		"Observation.code":                        change("85354-9", "8867-4"),
		"Observation.identifier":                  change(`"value":"1"`, `"value":"2"`),
		"Observation.performer":                   change("Organization/fjordvik", "Organization/hospital"),
		"Observation.note":                        change("Sitjande", "Liggande"),
		"Observation.component[0].referenceRange": change(`"value":140`, `"value":150`),
		"Observation.component[0].valueQuantity":  change(`"value":182`, `"value":382`),
		"Observation.status":                      change("final", "cancelled"),
		"Observation.valueQuantity":               change(`"status":"final"`, `"status":"amended"`),
	} {
		w.failed(where, w.asks("PUT", path, body, "If-Match", `W/"1"`), 422, IssueBusinessRule, where)
	}
	w.failed("two changes", w.asks("PUT", path, strings.Replace(change(`"value":182`, `"value":128`), `"final"`, `"entered-in-error"`, 1), "If-Match", `W/"1"`), 422, IssueBusinessRule, "Observation.status")

	w.now = w.now.Add(time.Hour)
	corrected := strings.Replace(change(`"value":182`, `"value":128`), `"note":[{"text":"Sitjande"}`, `"note":[{"text":"Sitjande"},{"text":"Tasta feil"}`, 1)
	now := told[Observation](w, w.as(mari).asks("PUT", path, corrected, "If-Match", `W/"1"`), http.StatusOK)
	if now.Status != "amended" || *now.Component[0].ValueQuantity.Value != 128 || now.Meta.VersionID != "2" || now.Issued != "2026-11-30T08:00:00Z" ||
		len(now.Note) != 2 || now.Note[1].Text != "Tasta feil" || now.Note[1].AuthorReference.Reference != "Practitioner/mari" {
		t.Errorf("%+v", now)
	}
	w.failed("too late", w.asks("PUT", path, corrected, "If-Match", `W/"1"`), 412, IssueConflict, "")
	// What is sent again as it was first stays corrected.
	if again := told[Observation](w, w.as(journal).asks("POST", "/Observation", pressure("182", "76", "mm[Hg]", named("1"), `"note":[{"text":"Sitjande"}]`)), http.StatusOK); again.Status != "amended" {
		t.Errorf("%+v", again)
	}

	text = bodyOf(t, w.asks("GET", path, ""))
	wrong := told[Observation](w, w.asks("PUT", path, change("amended", "entered-in-error"), "If-Match", `W/"2"`), http.StatusOK)
	if wrong.Status != "entered-in-error" || *wrong.Component[0].ValueQuantity.Value != 128 {
		t.Errorf("%+v", wrong)
	}
	w.failed("right after all", w.asks("PUT", path, text, "If-Match", `W/"3"`), 422, IssueBusinessRule, "Observation.component[0].referenceRange")
	text = bodyOf(t, w.asks("GET", path, ""))
	w.failed("right after all", w.asks("PUT", path, change("entered-in-error", "final"), "If-Match", `W/"3"`), 422, IssueBusinessRule, "Observation.status")
	w.failed("what is not there", w.asks("PUT", "/Observation/olav.x", change(string(made.ID), "olav.x"), "If-Match", `W/"1"`), 404, IssueNotFound, "")
}

func TestLimitsAreThePatientsOwnAndNotForWhoOnlyWrites(t *testing.T) {
	w := newWorld(t)
	w.limited()
	made := told[Observation](w, w.asks("POST", "/Observation", measured("2708-6", "87", "%")), http.StatusCreated)
	if made.ReferenceRange != nil {
		t.Errorf("%+v", made.ReferenceRange)
	}
	got := told[Observation](w, w.asks("GET", "/Observation/"+string(made.ID), ""), http.StatusOK).ReferenceRange
	if len(got) != 2 || *got[0].Low.Value != 88 || got[0].High != nil || got[0].Text != "Pasientens egne grenser: grønn (som vanlig), satt 2026-11-30" || *got[1].Low.Value != 85 {
		t.Errorf("%+v", got)
	}
}

func TestWhatAValueComesOfIsToldAsFarAsItIsAnObservation(t *testing.T) {
	w := newWorld(t)
	first := told[Observation](w, w.asks("POST", "/Observation", measured("39126-8", "4.2", "cm")), http.StatusCreated)
	area := told[Observation](w, w.asks("POST", "/Observation", measured("89260-4", "8.4", "cm2", `"derivedFrom":[{"reference":"Observation/`+string(first.ID)+`"}]`)), http.StatusCreated)
	if area.DerivedFrom[0].Reference != "Observation/"+string(first.ID) {
		t.Errorf("%+v", area.DerivedFrom)
	}
	_, err := w.clinic.Add(t.Context(), mari, "olav", "", []clinical.New{{Kind: clinical.PHQ9, Values: []float64{9}, Measured: w.now, Method: clinical.Calculated, DerivedFrom: []string{"answers-1"}}})
	w.must(err)
	found := told[bundle[Observation]](w, w.asks("POST", "/Observation/_search", "patient=olav&code=44261-6"), http.StatusOK)
	if got := found.Entry[0].Resource.DerivedFrom[0]; got.Reference != "" || *got.Identifier != (Identifier{System: systemSource, Value: "answers-1"}) {
		t.Errorf("%+v", got)
	}
}

func TestAReadOfValuesIsOnRecordAndSoIsARefusal(t *testing.T) {
	w := newWorld(t)
	made := told[Observation](w, w.asks("POST", "/Observation", measured("8867-4", "72", "/min")), http.StatusCreated)
	w.asks("GET", "/Observation/"+string(made.ID), "")
	w.asks("POST", "/Observation/_search", "patient=olav") // the same look
	w.as(stray).asks("GET", "/Observation/"+string(made.ID), "")
	var got []string
	for _, e := range w.values.entries {
		if e.Patient != "olav" {
			t.Errorf("%+v", e)
		}
		got = append(got, string(e.Actor.Person)+" "+e.Action+" "+string(e.Outcome))
	}
	if want := []string{"journal observation.write " + string(audit.Done), "journal observation.read " + string(audit.Done), "stray observation.read " + string(audit.Refused)}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestARelativeFindsNoAnswersAboutThePatient(t *testing.T) {
	w := newWorld(t)
	ragna := access.Actor{Person: "ragna", Role: access.Relative, Session: "s8"}
	p, err := w.db.Directory().Patient(t.Context(), "olav", nil)
	w.must(err)
	p.Consents = []identity.Consent{{Relative: "ragna", From: "2026-01-01"}}
	w.must(w.db.Directory().SavePatient(t.Context(), p, fjordvik, nil, nil))
	_, err = w.clinic.Add(t.Context(), mari, "olav", "", []clinical.New{
		{Kind: clinical.PHQ9, Values: []float64{9}, Measured: w.now, Method: clinical.Calculated}, {Kind: clinical.HeartRate, Values: []float64{72}, Measured: w.now, Method: clinical.ByHand},
	})
	w.must(err)
	if found := told[bundle[Observation]](w, w.as(ragna).asks("POST", "/Observation/_search", "patient=olav"), http.StatusOK); len(found.Entry) != 1 || found.Entry[0].Resource.Code.code(systemLOINC) != "8867-4" {
		t.Errorf("%+v", found)
	}
	w.failed("answers", w.asks("POST", "/Observation/_search", "patient=olav&category=survey"), 422, IssueBusinessRule, "http.code")
	w.failed("one of them", w.asks("GET", "/Observation/"+observationID("olav", w.values.all[0].ID), ""), 404, IssueNotFound, "")
}
