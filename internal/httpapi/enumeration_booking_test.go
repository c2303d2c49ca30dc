package httpapi

import (
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// What is done to bookings. c1 is the hospital's: others take part in it.
const (
	booking object = "c1, by who invites" // to be moved, or to have others in it
	place   object = "c1, one's own seat"
	invite  object = "one's link"
)

const (
	newBooking  = `{"organisation":"","mode":"propose","template":"","title":"Sårkontroll","question":"","prepare":[],"parties":[{"person":"nobody","anyOf":[],"role":"nurse","organisation":"{own}","required":true,"attends":"online","before":0,"after":0,"deputyAllowed":false}],"equipment":[],"minutes":30,"times":[1795514400000],"answerBy":0,"deadline":"","interpreter":"","anyway":false}`
	findTimes   = `{"parties":[{"person":"nobody","anyOf":[],"role":"nurse","organisation":"{own}","required":true,"attends":"online","before":0,"after":0,"deputyAllowed":false}],"equipment":[],"minutes":30,"from":0,"until":0,"deadline":"","earliest":0,"latest":0,"limit":0,"not":""}`
	anAnswer    = `{"participant":"","answers":[{"option":"","answer":"tentative"}],"comment":"","starts":0}`
	someHours   = `{"weekly":[{"weekday":1,"from":480,"until":960,"first":"","last":""}],"days":[],"holidays":false,"buffer":0}`
	longPast    = `{"person":"","starts":1000,"ends":2000,"kind":"away","cover":false}`
	aTablet     = `{"organisation":"","unit":"","name":"Nettbrett","kind":"tablet","active":true}`
	someParties = `{"parties":[{"person":"tuva","anyOf":[],"role":"specialist","organisation":"hospital","required":true,"attends":"online","before":0,"after":0,"deputyAllowed":false}]}`
)

// bookingWanted are the routes of booking. Machines come to it by FHIR.
var bookingWanted = map[string][]route{
	"GET /api/v1/calendar":          {{needs: signedIn, actions: actions(access.CalendarRead), of: ownHouse, done: ok}},
	"GET /api/v1/colleagues":        {{needs: signedIn, actions: actions(access.CalendarRead), of: ownHouse, done: ok}},
	"POST /api/v1/times":            {{needs: signedIn, actions: actions(access.CalendarRead), of: ownHouse, done: []int{422}, body: findTimes}},
	"GET /api/v1/booking-templates": {{needs: signedIn, actions: actions(access.ConsultationBook), of: ownHouse, done: ok}},

	"POST /api/v1/bookings":     {{needs: signedIn, actions: actions(access.ConsultationBook), of: ownHouse, done: []int{422}, body: newBooking}},
	"GET /api/v1/bookings":      {{needs: signedIn, actions: actions(access.ConsultationList), of: ownHouse, done: ok}},
	"GET /api/v1/bookings/{id}": {{query: "/bookings/c1", needs: signedIn, actions: actions(access.ConsultationRead), of: call, done: ok}, {query: "/bookings/nothing", needs: signedIn, actions: actions(access.ConsultationRead), of: unknown, done: ok}},
	"PUT /api/v1/bookings/{id}/time": {
		{query: "/bookings/c1/time", needs: signedIn, actions: actions(access.ConsultationBook), of: booking, done: late, body: `{"starts":1795514400000,"minutes":30,"anyway":false}`},
		{query: "/bookings/nothing/time", needs: signedIn, actions: actions(access.ConsultationBook), of: unknown, done: late, body: `{"starts":1795514400000,"minutes":30,"anyway":false}`},
	},
	"PUT /api/v1/bookings/{id}/people": {
		{query: "/bookings/c1/people", needs: signedIn, actions: actions(access.ConsultationBook), of: booking, done: late, body: someParties},
		{query: "/bookings/nothing/people", needs: signedIn, actions: actions(access.ConsultationBook), of: unknown, done: late, body: someParties},
	},
	// c3 is the hospital's, and over: nothing comes of it.
	"POST /api/v1/bookings/{id}/cancel": {
		{query: "/bookings/c3/cancel", needs: signedIn, actions: actions(access.ConsultationBook), of: booking, done: []int{410}, body: `{"reason":"patient","words":"","series":false}`},
		{query: "/bookings/nothing/cancel", needs: signedIn, actions: actions(access.ConsultationBook), of: unknown, done: ok, body: `{"reason":"patient","words":"","series":false}`},
	},
	"POST /api/v1/bookings/{id}/remind":                   {{query: "/bookings/c3/remind", needs: signedIn, actions: actions(access.ConsultationBook), of: booking, done: []int{410}, body: `{"participant":""}`}},
	"POST /api/v1/bookings/{id}/noshow":                   {{query: "/bookings/c3/noshow", needs: signedIn, actions: actions(access.ConsultationBook), of: booking, done: []int{422}}},
	"POST /api/v1/bookings/{id}/messages/{message}/again": {{query: "/bookings/c1/messages/nothing/again", needs: signedIn, actions: actions(access.ConsultationBook), of: booking, done: []int{404}}},
	"POST /api/v1/bookings/{id}/answers": {
		{query: "/bookings/c1/answers", needs: signedIn, actions: actions(access.ConsultationAnswer), of: call, done: ok, body: anAnswer},
		{query: "/bookings/nothing/answers", needs: signedIn, actions: actions(access.ConsultationAnswer), of: unknown, done: ok, body: anAnswer},
	},
	"POST /api/v1/bookings/{id}/deputy":         {{query: "/bookings/c1/deputy", needs: signedIn, actions: actions(access.ConsultationAnswer), of: call, done: []int{422}, body: `{"participant":"","person":"nobody"}`}},
	"POST /api/v1/consultations/{id}/readiness": {{query: "/consultations/c1/readiness", needs: signedIn, actions: actions(access.ConsultationAnswer), of: place, done: ok, body: `{"state":"tested","minutes":0,"test":"good"}`}},
	"GET /api/v1/invitation":                    {{needs: signedIn, actions: actions(access.ConsultationRead), of: invite, done: ok}},
	"GET /api/v1/waiting":                       {{needs: signedIn, actions: actions(access.ConsultationList), of: ownHouse, done: ok}},

	"GET /api/v1/hours":            {{needs: signedIn, actions: actions(access.CalendarRead), of: ownHouse, done: ok}},
	"PUT /api/v1/hours":            {{needs: signedIn, actions: actions(access.CalendarWrite), of: oneself, done: late, body: someHours}},
	"GET /api/v1/absences":         {{needs: signedIn, actions: actions(access.CalendarRead), of: ownHouse, done: ok}},
	"POST /api/v1/absences":        {{needs: signedIn, actions: actions(access.CalendarWrite), of: oneself, done: []int{422}, body: longPast}},
	"DELETE /api/v1/absences/{id}": {{query: "/absences/nothing", needs: signedIn, actions: actions(access.CalendarWrite), of: unknown, done: ok}},
	"GET /api/v1/equipment":        {{needs: signedIn, actions: actions(access.CalendarRead), of: ownHouse, done: ok}},
	"POST /api/v1/equipment":       {{needs: signedIn, actions: actions(access.CalendarWrite), of: ownHouse, done: made, body: aTablet}},
	"PUT /api/v1/equipment/{id}":   {{query: "/equipment/nothing", needs: signedIn, actions: actions(access.CalendarWrite), of: ownHouse, done: []int{404}, body: aTablet}},
}

// over makes a booking of the hospital's that is cancelled.
func (w *world) over() {
	w.t.Helper()
	_, err := w.schedule.Save(w.t.Context(), scheduling.Appointment{
		ID: "c3", Organisation: hospital, Starts: w.now, Ends: w.now.Add(time.Minute), State: scheduling.Cancelled, Identification: scheduling.ByLink,
		Participants: []scheduling.Participant{{ID: "p-tuva", Person: "tuva", Role: access.Specialist, Organisation: hospital}},
	})
	w.must(err)
}
