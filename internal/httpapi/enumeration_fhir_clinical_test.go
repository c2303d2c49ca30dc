package httpapi

import (
	"slices"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
)

const (
	// Of what can't be measured: one that is kept would be there for the next who tries.
	aPulse       = `{"resourceType":"Observation","id":"olav.none","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"subject":{"reference":"Patient/olav"},"effectiveDateTime":"2026-11-23T08:00:00Z","valueQuantity":{"value":999,"system":"http://unitsofmeasure.org","code":"/min"}}`
	nobodysPulse = `{"resourceType":"Observation","id":"nobody.none","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"subject":{"reference":"Patient/nobody"},"effectiveDateTime":"2026-11-23T08:00:00Z","valueQuantity":{"value":999,"system":"http://unitsofmeasure.org","code":"/min"}}`
)

// An answer to what is not asked: one that is kept would be there for the next who tries.
const (
	olavsForm   = `{"resourceType":"QuestionnaireResponse","id":"olav.none","identifier":{"system":"https://x.example","value":"1"},"status":"amended","questionnaire":"https://github.com/samkonsult/samkonsult/fhir/Questionnaire/who-5","subject":{"reference":"Patient/olav"},"authored":"2026-11-23T08:00:00Z","item":[{"linkId":"1","answer":[{"valueInteger":7}]}]}`
	nobodysForm = `{"resourceType":"QuestionnaireResponse","id":"nobody.none","identifier":{"system":"https://x.example","value":"1"},"status":"amended","questionnaire":"https://github.com/samkonsult/samkonsult/fhir/Questionnaire/who-5","subject":{"reference":"Patient/nobody"},"authored":"2026-11-23T08:00:00Z","item":[{"linkId":"1","answer":[{"valueInteger":7}]}]}`
)

// completed is an answer as one that is new.
func completed(answer string) string { return strings.Replace(answer, "amended", "completed", 1) }

// collection is a Bundle of one value.
func collection(value string) string {
	return `{"resourceType":"Bundle","type":"collection","entry":[{"resource":` + value + `}]}`
}

// fhirClinicalWanted are FHIR's interactions with what is measured, plans and photos.
var fhirClinicalWanted = func() map[string][]route {
	missing := []int{404}
	out := map[string][]route{
		"POST /fhir/Observation": {
			{query: "/fhir/Observation", body: aPulse, actions: actions(access.ObservationWrite), of: olav, done: []int{422}},
			{query: "/fhir/Observation", body: nobodysPulse, actions: actions(access.ObservationWrite), of: unknown, done: made},
		},
		"PUT /fhir/Observation/{id}": {
			{query: "/fhir/Observation/olav.none", body: aPulse, actions: actions(access.ObservationWrite, access.ObservationRead), of: olav, done: missing},
			{query: "/fhir/Observation/nobody.none", body: nobodysPulse, actions: actions(access.ObservationWrite, access.ObservationRead), of: unknown, done: ok},
		},
		"POST /fhir/QuestionnaireResponse": {
			{query: "/fhir/QuestionnaireResponse", body: completed(olavsForm), actions: actions(access.QuestionnaireAnswer), of: olav, done: []int{422}},
			{query: "/fhir/QuestionnaireResponse", body: completed(nobodysForm), actions: actions(access.QuestionnaireAnswer), of: unknown, done: made},
		},
		"PUT /fhir/QuestionnaireResponse/{id}": {
			{query: "/fhir/QuestionnaireResponse/olav.none", body: olavsForm, actions: actions(access.QuestionnaireAnswer, access.QuestionnaireRead), of: olav, done: missing},
			{query: "/fhir/QuestionnaireResponse/nobody.none", body: nobodysForm, actions: actions(access.QuestionnaireAnswer, access.QuestionnaireRead), of: unknown, done: ok},
		},
		// Nothing in it is anybody's: whoever is signed in reads it, and a machine by its scope.
		"GET /fhir/Questionnaire":          {{query: "/fhir/Questionnaire", scope: access.QuestionnaireRead, done: ok}},
		"POST /fhir/Questionnaire/_search": {{query: "/fhir/Questionnaire/_search", body: "_id=who-5", scope: access.QuestionnaireRead, done: ok}},
		"GET /fhir/Questionnaire/{id}":     {{query: "/fhir/Questionnaire/who-5", scope: access.QuestionnaireRead, done: ok}},
		"POST /fhir": {
			{query: "/fhir", body: collection(aPulse), actions: actions(access.ObservationWrite), of: olav, done: ok},
			{query: "/fhir", body: collection(nobodysPulse), actions: actions(access.ObservationWrite), of: unknown, done: ok},
		},
		"POST /fhir/{$}": {{query: "/fhir/", body: collection(aPulse), actions: actions(access.ObservationWrite), of: olav, done: ok}},
		"GET /fhir/Binary/{id}": {
			{query: "/fhir/Binary/olav.9", actions: actions(access.WoundRead), of: olav, done: missing},
			{query: "/fhir/Binary/nobody.9", actions: actions(access.WoundRead), of: unknown, done: ok},
		},
	}
	for kind, read := range map[string]access.Action{"Observation": access.ObservationRead, "CarePlan": access.PlanRead, "QuestionnaireResponse": access.QuestionnaireRead, "DocumentReference": access.WoundRead} {
		at, ways := "/fhir/"+kind, actions(read)
		if read == access.QuestionnaireRead { // who answers in a patient's place reads what is their own
			ways = append(ways, access.QuestionnaireAnswer)
		}
		out["GET "+at] = []route{
			{query: at + "?_id=olav.9", actions: ways, of: olav, done: ok},
			{query: at + "?_id=nobody.9", actions: ways, of: unknown, done: ok},
			{query: at + "?patient=olav", actions: ways, of: unknown, form: 400},
		}
		out["POST "+at+"/_search"] = []route{
			{query: at + "/_search", body: "patient=olav", actions: ways, of: olav, done: ok},
			{query: at + "/_search", body: "patient=nobody", actions: ways, of: unknown, done: ok},
		}
		out["GET "+at+"/{id}"] = []route{
			{query: at + "/olav.9", actions: ways, of: olav, done: missing},
			{query: at + "/nobody.9", actions: ways, of: unknown, done: ok},
		}
	}
	for _, routes := range out {
		for i := range routes {
			routes[i].needs, routes[i].machine = signedIn, true
		}
	}
	return out
}()

// A test of its own: nobody may ask so much in one go.
func TestWhatIsMeasuredPlannedAndPhotographedIsOpenByFHIRToWhomTheTableGivesItAndToNobodyElse(t *testing.T) {
	w := newWorld(t)
	guests := w.guests()
	for pattern, routes := range fhirClinicalWanted {
		if !slices.Contains(w.routes.patterns, pattern) {
			t.Errorf("%s is in the test, and is not served", pattern)
		}
		for _, r := range routes {
			for _, g := range guests {
				w.tries(g, pattern, r)
			}
		}
	}
}
