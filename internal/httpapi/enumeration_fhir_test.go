package httpapi

import (
	"net/http"
	"slices"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
)

const (
	olavAsFHIR = `{"resourceType":"Patient","id":"olav","name":[{"text":"Olav"}]}`
	newAsFHIR  = `{"resourceType":"Patient","name":[{"text":"Siv"}]}`
	brother    = `{"resourceType":"RelatedPerson","id":"olav.knut","patient":{"reference":"Patient/olav"},"name":[{"text":"Knut"}]}`
	nobodys    = `{"resourceType":"RelatedPerson","id":"nobody.x","patient":{"reference":"Patient/nobody"},"name":[{"text":"Knut"}]}`
	// Of equipment alone, which is no consultation.
	emptyCall = `{"resourceType":"Appointment","id":"c1","status":"booked","start":"2026-11-24T09:00:00Z","end":"2026-11-24T09:30:00Z",
		"participant":[{"actor":{"identifier":{"system":"https://github.com/samkonsult/samkonsult/fhir/equipment","value":"t1"}},"status":"needs-action"}]}`
	noAnswer = `{"resourceType":"AppointmentResponse","appointment":{"reference":"Appointment/c1"},"actor":{"reference":"Practitioner/nobody"},"participantStatus":"accepted"}`

	byOlavsNumber = "identifier=urn:oid:2.16.578.1.12.4.1.4.1|" + olavsNumber
	byNobodys     = "identifier=urn:oid:2.16.578.1.12.4.1.4.1|15890054321"

	strangerToFHIR = `{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"login","diagnostics":"sign in first"}]}` + "\n"
)

// fhirWanted are FHIR's interactions, of which machines may do all that they have scopes for.
var fhirWanted = map[string][]route{
	"GET /fhir/metadata": {{query: "/fhir/metadata", needs: anybody, done: ok}},
	"/fhir/":             {{query: "/fhir/Nothing", needs: anybody, done: []int{404}}},

	"GET /fhir/Organization":              {{query: "/fhir/Organization", needs: signedIn, actions: actions(access.OrganisationRead), of: ownHouse, machine: true, done: ok}},
	"POST /fhir/Organization/_search":     {{query: "/fhir/Organization/_search", needs: signedIn, actions: actions(access.OrganisationRead), of: ownHouse, machine: true, done: ok}},
	"GET /fhir/Organization/{id}":         {{query: "/fhir/Organization/fjordvik", needs: signedIn, actions: actions(access.OrganisationRead), of: municipal, machine: true, done: ok}},
	"GET /fhir/Practitioner":              {{query: "/fhir/Practitioner", needs: signedIn, actions: actions(access.StaffRead), of: ownHouse, machine: true, done: ok}},
	"POST /fhir/Practitioner/_search":     {{query: "/fhir/Practitioner/_search", needs: signedIn, actions: actions(access.StaffRead), of: ownHouse, machine: true, done: ok}},
	"GET /fhir/Practitioner/{id}":         {{query: "/fhir/Practitioner/mari", needs: signedIn, actions: actions(access.StaffRead), of: municipal, machine: true, done: ok}},
	"GET /fhir/PractitionerRole":          {{query: "/fhir/PractitionerRole?organization=fjordvik", needs: signedIn, actions: actions(access.StaffRead), of: municipal, machine: true, done: ok}},
	"POST /fhir/PractitionerRole/_search": {{query: "/fhir/PractitionerRole/_search", body: "organization=fjordvik", needs: signedIn, actions: actions(access.StaffRead), of: municipal, machine: true, done: ok}},
	"GET /fhir/PractitionerRole/{id}":     {{query: "/fhir/PractitionerRole/mari.a-mari", needs: signedIn, actions: actions(access.StaffRead), of: municipal, machine: true, done: ok}},
	"GET /fhir/Patient": {
		{query: "/fhir/Patient?_id=olav", needs: signedIn, actions: actions(access.PatientRead), of: olav, machine: true, done: ok},
		{query: "/fhir/Patient?_id=nobody", needs: signedIn, actions: actions(access.PatientRead), of: unknown, machine: true, done: ok},
		{query: "/fhir/Patient?" + byOlavsNumber, needs: signedIn, actions: actions(access.PatientRead), of: unknown, machine: true, form: 400},
	},
	"POST /fhir/Patient/_search": {
		{query: "/fhir/Patient/_search", body: byOlavsNumber, needs: signedIn, actions: actions(access.PatientRead), of: olav, machine: true, done: ok},
		{query: "/fhir/Patient/_search", body: byNobodys, needs: signedIn, actions: actions(access.PatientRead), of: unknown, machine: true, done: ok},
	},
	"GET /fhir/Patient/{id}": {
		{query: "/fhir/Patient/olav", needs: signedIn, actions: actions(access.PatientRead), of: olav, machine: true, done: ok},
		{query: "/fhir/Patient/nobody", needs: signedIn, actions: actions(access.PatientRead), of: unknown, machine: true, done: ok},
	},
	"POST /fhir/Patient": {{query: "/fhir/Patient", body: newAsFHIR, needs: signedIn, actions: actions(access.PatientWrite), of: ownHouse, machine: true, done: made}},
	"PUT /fhir/Patient/{id}": {
		{query: "/fhir/Patient/olav", body: olavAsFHIR, needs: signedIn, actions: actions(access.PatientWrite, access.ConsentWrite), of: olav, machine: true, done: late},
		{query: "/fhir/Patient/nobody", body: olavAsFHIR, needs: signedIn, actions: actions(access.PatientWrite, access.ConsentWrite), of: unknown, machine: true, done: late},
	},
	"GET /fhir/RelatedPerson": {{query: "/fhir/RelatedPerson?patient=olav", needs: signedIn, actions: actions(access.PatientRead), of: unknown, machine: true, form: 400}},
	"POST /fhir/RelatedPerson/_search": {
		{query: "/fhir/RelatedPerson/_search", body: "patient=olav", needs: signedIn, actions: actions(access.PatientRead), of: olav, machine: true, done: ok},
		{query: "/fhir/RelatedPerson/_search", body: "patient=nobody", needs: signedIn, actions: actions(access.PatientRead), of: unknown, machine: true, done: ok},
	},
	"GET /fhir/RelatedPerson/{id}": {
		{query: "/fhir/RelatedPerson/olav.ragna", needs: signedIn, actions: actions(access.PatientRead), of: olav, machine: true, done: ok},
		{query: "/fhir/RelatedPerson/nobody.x", needs: signedIn, actions: actions(access.PatientRead), of: unknown, machine: true, done: ok},
	},
	// Of nobody: a relative more would be another version for the next who tries.
	"POST /fhir/RelatedPerson": {{query: "/fhir/RelatedPerson", body: nobodys, needs: signedIn, actions: actions(access.PatientWrite), of: unknown, machine: true, done: made}},
	"PUT /fhir/RelatedPerson/{id}": {
		{query: "/fhir/RelatedPerson/olav.knut", body: brother, needs: signedIn, actions: actions(access.PatientWrite, access.ConsentWrite), of: olav, machine: true, done: late},
		{query: "/fhir/RelatedPerson/nobody.x", body: nobodys, needs: signedIn, actions: actions(access.PatientWrite, access.ConsentWrite), of: unknown, machine: true, done: late},
	},

	// A calendar that is not there, for who may look at calendars.
	"GET /fhir/Schedule":          {{query: "/fhir/Schedule", needs: signedIn, actions: actions(access.CalendarRead), of: ownHouse, machine: true, done: ok}},
	"POST /fhir/Schedule/_search": {{query: "/fhir/Schedule/_search", needs: signedIn, actions: actions(access.CalendarRead), of: ownHouse, machine: true, done: ok}},
	"GET /fhir/Schedule/{id}":     {{query: "/fhir/Schedule/nobody.fjordvik", needs: signedIn, actions: actions(access.CalendarRead), of: ownHouse, machine: true, done: []int{404}}},
	"GET /fhir/Slot":              {{query: "/fhir/Slot?schedule=nobody.fjordvik&start=2026-11-24", needs: signedIn, actions: actions(access.CalendarRead), of: ownHouse, machine: true, done: []int{404}}},
	"POST /fhir/Slot/_search":     {{query: "/fhir/Slot/_search", body: "schedule=nobody.fjordvik&start=2026-11-24", needs: signedIn, actions: actions(access.CalendarRead), of: ownHouse, machine: true, done: []int{404}}},
	"GET /fhir/Slot/{id}":         {{query: "/fhir/Slot/nobody.fjordvik.a.u", needs: signedIn, actions: actions(access.CalendarRead), of: ownHouse, machine: true, done: []int{404}}},

	"GET /fhir/Appointment":          {{query: "/fhir/Appointment?date=2026-11-23", needs: signedIn, actions: actions(access.ConsultationList), of: ownHouse, machine: true, done: ok}},
	"POST /fhir/Appointment/_search": {{query: "/fhir/Appointment/_search", body: "date=2026-11-23", needs: signedIn, actions: actions(access.ConsultationList), of: ownHouse, machine: true, done: ok}},
	"GET /fhir/Appointment/{id}": {
		{query: "/fhir/Appointment/c1", needs: signedIn, actions: actions(access.ConsultationRead), of: call, machine: true, done: ok},
		{query: "/fhir/Appointment/nothing", needs: signedIn, actions: actions(access.ConsultationRead), of: unknown, machine: true, done: ok},
	},
	"POST /fhir/Appointment": {{query: "/fhir/Appointment", body: emptyCall, needs: signedIn, actions: actions(access.ConsultationBook), of: ownHouse, machine: true, done: []int{422}}},
	// Who may read of it learns that the version is none; what they may change is asked after that.
	"PUT /fhir/Appointment/{id}": {{query: "/fhir/Appointment/c1", body: emptyCall, needs: signedIn, actions: actions(access.ConsultationBook, access.ConsultationRead), of: call, machine: true, done: late}},

	"GET /fhir/AppointmentResponse":          {{query: "/fhir/AppointmentResponse?appointment=c1", needs: signedIn, actions: actions(access.ConsultationRead), of: call, machine: true, done: ok}},
	"POST /fhir/AppointmentResponse/_search": {{query: "/fhir/AppointmentResponse/_search", body: "appointment=c1", needs: signedIn, actions: actions(access.ConsultationRead), of: call, machine: true, done: ok}},
	"GET /fhir/AppointmentResponse/{id}":     {{query: "/fhir/AppointmentResponse/c1.p-mari", needs: signedIn, actions: actions(access.ConsultationRead), of: call, machine: true, done: []int{404}}}, // nobody has answered
	"POST /fhir/AppointmentResponse":         {{query: "/fhir/AppointmentResponse", body: noAnswer, needs: signedIn, actions: actions(access.ConsultationAnswer, access.ConsultationRead), of: call, machine: true, done: []int{http.StatusUnprocessableEntity}}},
}

// A test of its own: nobody may ask so much in one go.
func TestEveryFHIRInteractionIsOpenToWhomTheTableGivesItAndToNobodyElse(t *testing.T) {
	w := newWorld(t)
	guests := w.guests()
	for pattern, routes := range fhirWanted {
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
