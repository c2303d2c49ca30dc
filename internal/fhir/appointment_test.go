package fhir

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/scheduling"
)

// asked is a proposal of the hospital's: two times, for Tuva, Mari and Olav.
const asked = `{"resourceType":"Appointment","status":"proposed","description":"Sårkontroll","comment":"Kva bandasje no?","patientInstruction":"Ha bandasjen klar\nSit godt",
	"requestedPeriod":[{"start":"2026-12-02T10:00:00+01:00","end":"2026-12-02T10:30:00+01:00"},{"start":"2026-12-03T09:00:00Z","end":"2026-12-03T09:30:00Z"}],
	"participant":[{"actor":{"reference":"PractitionerRole/tuva.a-tuva"},"required":"required","status":"needs-action"},
		{"actor":{"reference":"Practitioner/mari"},"required":"required","status":"needs-action"},
		{"actor":{"reference":"Patient/olav"},"required":"optional","status":"needs-action"},
		{"actor":{"reference":"RelatedPerson/olav.ragna"},"required":"optional","status":"needs-action"}]}`

// firmly is a booking at once, of the one time.
func firmly(start, end string) string {
	return strings.NewReplacer(`"proposed"`, `"booked"`, `"requestedPeriod":[{"start":"2026-12-02T10:00:00+01:00","end":"2026-12-02T10:30:00+01:00"},{"start":"2026-12-03T09:00:00Z","end":"2026-12-03T09:30:00Z"}]`,
		`"start":"`+start+`","end":"`+end+`"`).Replace(asked)
}

func answering(of, actor, status, more string) string {
	return `{"resourceType":"AppointmentResponse","appointment":{"reference":"Appointment/` + of + `"},"actor":{"reference":"` + actor + `"},"participantStatus":"` + status + `"` + more + `}`
}

func TestABookingSystemAsksAndAllAnswer(t *testing.T) {
	w := newWorld(t).as(booker)
	res := w.asks("POST", "/Appointment", asked)
	made := told[Appointment](w, res, http.StatusCreated)
	id := string(made.ID)
	if made.Status != "proposed" || len(made.RequestedPeriod) != 2 || made.Start != "2026-12-02T09:00:00Z" || made.MinutesDuration != 30 || made.Extension != nil {
		t.Errorf("%+v", made)
	}
	if res.Header.Get("ETag") != `W/"1"` || !strings.HasSuffix(res.Header.Get("Location"), "/fhir/Appointment/"+id+"/_history/1") {
		t.Errorf("%v", res.Header)
	}
	// The other house's journal answers for its nurse: one of the times.
	w.as(journal)
	answer := told[AppointmentResponse](w, w.asks("POST", "/AppointmentResponse", answering(id, "Practitioner/mari", "accepted", `,"start":"2026-12-03T09:00:00Z"`)), http.StatusCreated)
	if answer.Start != "2026-12-03T09:00:00Z" || answer.ParticipantStatus != "accepted" {
		t.Errorf("%+v", answer)
	}
	again := told[AppointmentResponse](w, w.asks("GET", "/AppointmentResponse/"+string(answer.ID), ""), http.StatusOK)
	if again.Actor.Reference != "Practitioner/mari" || again.Start != answer.Start {
		t.Errorf("%+v", again)
	}
	if now := told[Appointment](w, w.asks("GET", "/Appointment/"+id, ""), http.StatusOK); now.Status != "pending" || now.Participant[1].Status != "accepted" || now.Participant[0].Status != "needs-action" {
		t.Errorf("%+v", now)
	}
	// The specialist accepts both, and the one that both can is booked.
	w.as(tuva)
	told[AppointmentResponse](w, w.asks("POST", "/AppointmentResponse", answering(id, "Practitioner/tuva", "accepted", "")), http.StatusCreated)
	now := told[Appointment](w, w.asks("GET", "/Appointment/"+id, ""), http.StatusOK)
	if now.Status != "booked" || now.Start != "2026-12-03T09:00:00Z" || now.RequestedPeriod != nil {
		t.Errorf("%+v", now)
	}
	all := told[bundle[AppointmentResponse]](w, w.asks("GET", "/AppointmentResponse?appointment=Appointment/"+id, ""), http.StatusOK)
	if want := []string{id + "." + "x"}; len(all.ids()) != 2 || strings.Count(all.ids()[0], ".") != strings.Count(want[0], ".") {
		t.Errorf("%v", all.ids())
	}
	// Then somebody can't after all.
	told[AppointmentResponse](w, w.as(journal).asks("POST", "/AppointmentResponse", answering(id, "Practitioner/mari", "declined", `,"comment":"Er på kurs"`)), http.StatusCreated)
	if now := told[Appointment](w, w.asks("GET", "/Appointment/"+id, ""), http.StatusOK); now.Participant[1].Status != "declined" {
		t.Errorf("%+v", now)
	}
}

func TestWhoCanNotSuggestsAnotherTime(t *testing.T) {
	w := newWorld(t).as(booker)
	id := string(told[Appointment](w, w.asks("POST", "/Appointment", asked), http.StatusCreated).ID)
	w.as(journal)
	other := `,"start":"2026-12-04T09:00:00Z","end":"2026-12-04T09:30:00Z","comment":"Heller fredag"`
	answer := told[AppointmentResponse](w, w.asks("POST", "/AppointmentResponse", answering(id, "Practitioner/mari", "declined", other)), http.StatusCreated)
	if answer.Start != "2026-12-04T09:00:00Z" || answer.ParticipantStatus != "accepted" || answer.Comment != "Heller fredag" { // who suggests a time can
		t.Errorf("%+v", answer)
	}
	now := told[Appointment](w, w.asks("GET", "/Appointment/"+id, ""), http.StatusOK)
	if len(now.RequestedPeriod) != 3 || now.RequestedPeriod[2].Start != "2026-12-04T09:00:00Z" {
		t.Errorf("%+v", now.RequestedPeriod)
	}
	for why, tt := range map[string]struct{ body, where string }{
		"another time accepted":  {answering(id, "Practitioner/mari", "accepted", `,"start":"2026-12-07T09:00:00Z"`), "AppointmentResponse.start"},
		"another length":         {answering(id, "Practitioner/mari", "tentative", `,"start":"2026-12-07T09:00:00Z","end":"2026-12-07T10:00:00Z"`), "AppointmentResponse.end"},
		"one who is not invited": {answering(id, "Practitioner/siv", "accepted", ""), "AppointmentResponse.actor"},
		"no answer":              {answering(id, "Practitioner/mari", "needs-action", ""), "AppointmentResponse.participantStatus"},
	} {
		w.failed(why, w.asks("POST", "/AppointmentResponse", tt.body), 422, IssueBusinessRule, tt.where)
	}
	w.failed("for another house's", w.asks("POST", "/AppointmentResponse", answering(id, "Practitioner/tuva", "accepted", "")), 403, IssueForbidden, "")
}

func TestABookingIsMadeMovedAndCancelled(t *testing.T) {
	w := newWorld(t).as(booker)
	res := w.asks("POST", "/Appointment", firmly("2026-12-02T09:00:00Z", "2026-12-02T09:30:00Z"))
	made := told[Appointment](w, res, http.StatusCreated)
	id := string(made.ID)
	if made.Status != "booked" || made.Extension[0].URL != "http://hl7.no/fhir/StructureDefinition/no-basis-virtual-service" || made.Extension[0].Extension[1].ValueURL != "https://video.example.no/" {
		t.Errorf("%+v", made)
	}
	taken := w.failed("the same people at the same time", w.asks("POST", "/Appointment", firmly("2026-12-02T09:15:00Z", "2026-12-02T09:45:00Z")), 409, IssueConflict, "Appointment.participant[0]")
	if len(taken.Issue) != 2 || taken.Issue[0].Diagnostics != "is not free: busy, at 2026-12-02T09:15:00Z" {
		t.Errorf("%+v", taken)
	}
	closed := w.failed("at night", w.asks("POST", "/Appointment", firmly("2026-12-02T22:00:00Z", "2026-12-02T22:30:00Z")), 409, IssueConflict, "Appointment.participant[0]")
	if !strings.Contains(closed.Issue[0].Diagnostics, "closed") {
		t.Errorf("%+v", closed)
	}
	text := bodyOf(t, w.asks("GET", "/Appointment/"+id, ""))
	moved := strings.NewReplacer("T09:00:00Z", "T10:00:00Z", "T09:30:00Z", "T10:30:00Z").Replace(text)
	w.failed("without a version", w.asks("PUT", "/Appointment/"+id, moved), 428, IssueRequired, "http.If-Match")
	now := told[Appointment](w, w.asks("PUT", "/Appointment/"+id, moved, "If-Match", `W/"1"`), http.StatusOK)
	if now.Start != "2026-12-02T10:00:00Z" || now.End != "2026-12-02T10:30:00Z" || now.Meta.VersionID != "2" || now.Status != "booked" {
		t.Errorf("%+v", now)
	}
	w.failed("too late", w.asks("PUT", "/Appointment/"+id, moved, "If-Match", `W/"1"`), 412, IssueConflict, "")

	text = bodyOf(t, w.asks("GET", "/Appointment/"+id, ""))
	if same := told[Appointment](w, w.asks("PUT", "/Appointment/"+id, text, "If-Match", `W/"2"`), http.StatusOK); same.Meta.VersionID != "2" {
		t.Errorf("what was sent back unchanged has changed it: %+v", same)
	}
	cancelled := strings.Replace(text, `"status":"booked"`, `"status":"cancelled","cancelationReason":{"coding":[{"system":"`+systemCancellation+`","code":"pat"}],"text":"Er sjuk"}`, 1)
	for why, tt := range map[string]struct{ from, to, where string }{
		"two changes at once":        {"T10:", "T11:", "Appointment.status"},
		"another subject":            {"Sårkontroll", "Noko anna", "Appointment.description"},
		"an answer":                  {`"needs-action"`, `"accepted"`, "Appointment.participant"},
		"another address":            {"https://video.example.no/", "https://elsewhere.example/", "Appointment.extension"},
		"a reason that is not known": {`"pat"`, `"maint"`, "Appointment.cancelationReason"},
		"a state that is not set":    {`"status":"cancelled","cancelationReason"`, `"status":"fulfilled","cancelationReason"`, "Appointment.cancelationReason"},
	} {
		if !strings.Contains(cancelled, tt.from) {
			t.Fatalf("%s: no %s in %s", why, tt.from, cancelled)
		}
		w.failed(why, w.asks("PUT", "/Appointment/"+id, strings.ReplaceAll(cancelled, tt.from, tt.to), "If-Match", `W/"2"`), 422, IssueBusinessRule, tt.where)
	}
	off := told[Appointment](w, w.asks("PUT", "/Appointment/"+id, cancelled, "If-Match", `W/"2"`), http.StatusOK)
	if off.Status != "cancelled" || off.CancelationReason.code(systemReason) != "patient" || off.Extension != nil {
		t.Errorf("%+v", off)
	}
	told[Appointment](w, w.asks("POST", "/Appointment", firmly("2026-12-02T10:00:00Z", "2026-12-02T10:30:00Z")), http.StatusCreated) // the time is free again
}

func TestAPatientWhoDidNotComeIsNoted(t *testing.T) {
	w := newWorld(t).as(booker)
	w.wound()
	text := strings.Replace(bodyOf(t, w.asks("GET", "/Appointment/c1", "")), `"status":"booked"`, `"status":"noshow"`, 1)
	w.failed("before the time", w.asks("PUT", "/Appointment/c1", text, "If-Match", `W/"1"`), 422, IssueBusinessRule, "Appointment.status")
	w.now = w.now.Add(30 * time.Hour)
	if now := told[Appointment](w, w.asks("PUT", "/Appointment/c1", text, "If-Match", `W/"1"`), http.StatusOK); now.Status != "noshow" {
		t.Errorf("%+v", now)
	}
}

func TestAnAppointmentThatBreaksARuleChangesNothing(t *testing.T) {
	w := newWorld(t).as(booker)
	for why, tt := range map[string]struct{ from, to, where string }{
		"in another state":           {`"proposed"`, `"fulfilled"`, "Appointment.status"},
		"times of different length":  {"2026-12-03T09:30:00Z", "2026-12-03T10:00:00Z", "Appointment.requestedPeriod[1]"},
		"a past time":                {"2026-12-03T09:00:00Z\",\"end\":\"2026-12-03T09:30:00Z", "2026-11-03T09:00:00Z\",\"end\":\"2026-11-03T09:30:00Z", "Appointment.requestedPeriod[1]"},
		"a day for a time":           {"2026-12-03T09:00:00Z", "2026-12-03", "Appointment.requestedPeriod[1]"},
		"an answer of another's":     {`"needs-action"`, `"accepted"`, "Appointment.participant[0].status"},
		"someone by a name alone":    {`"reference":"Patient/olav"`, `"display":"Olav"`, "Appointment.participant[2].actor"},
		"a relative of nobody's":     {"olav.ragna", "olav.nobody", "Appointment.participant[3]"},
		"someone who does not treat": {"Practitioner/mari", "Practitioner/siv", "Appointment.participant[1].actor"},
		"a coordinator, by role":     {"Practitioner/mari", "PractitionerRole/sol.a-sol", "Appointment.participant[1].actor"},
		"a long title":               {"Sårkontroll", strings.Repeat("å", 81), "Appointment.description"},
		"information only":           {`"optional"`, `"information-only"`, "Appointment.participant[2].required"},
		"equipment of another list":  {`{"reference":"Patient/olav"}`, `{"identifier":{"system":"urn:x","value":"1"}}`, "Appointment.participant[2].actor.identifier"},
	} {
		if !strings.Contains(asked, tt.from) {
			t.Fatalf("%s: no %s", why, tt.from)
		}
		w.failed(why, w.asks("POST", "/Appointment", strings.Replace(asked, tt.from, tt.to, 1)), 422, IssueBusinessRule, tt.where)
	}
	for _, who := range []string{"lise", "nobody"} {
		out := w.failed("with "+who, w.asks("POST", "/Appointment", strings.Replace(asked, "Practitioner/mari", "Practitioner/"+who, 1)), 422, IssueBusinessRule, "Appointment.participant[1].actor")
		if out.Issue[0].Diagnostics != "must be someone who treats, and whom you may book" {
			t.Errorf("%+v", out)
		}
	}
	w.failed("with what is not kept", w.asks("POST", "/Appointment", strings.Replace(asked, `"status":"proposed"`, `"status":"proposed","priority":1`, 1)), 400, IssueNotSupported, "Appointment.priority")
	found := told[bundle[Appointment]](w, w.asks("GET", "/Appointment?date=ge2026-11-01&date=lt2026-12-31", ""), http.StatusOK)
	if len(found.Entry) != 0 {
		t.Errorf("%v", found.ids())
	}
}

func TestAppointmentsAreFoundByDayStatusAndWhoIsInThem(t *testing.T) {
	w := newWorld(t).as(booker)
	w.wound()
	later := string(told[Appointment](w, w.asks("POST", "/Appointment", asked), http.StatusCreated).ID)
	for _, tt := range []struct {
		criteria string
		want     []string
	}{
		{"date=2026-12-01", []string{"c1"}},
		{"date=2026-11-30", nil},
		{"date=ge2026-12-01&date=le2026-12-03", []string{"c1", later}},
		{"date=ge2026-12-01T08:00:00Z&date=lt2026-12-01T09:00:00Z", nil},
		{"date=ge2026-12-01&date=lt2026-12-31&status=booked", []string{"c1"}},
		{"date=ge2026-12-01&date=lt2026-12-31&status=proposed,pending", []string{later}},
		{"date=ge2026-12-01&date=lt2026-12-31&practitioner=Practitioner/mari", []string{"c1", later}},
		{"date=ge2026-12-01&date=lt2026-12-31&practitioner=Practitioner/siv", nil},
		{"date=ge2026-12-01&date=lt2026-12-31&patient=Patient/olav", []string{"c1", later}},
		{"date=ge2026-12-01&date=lt2026-12-31&patient=Patient/tuva", nil},
	} {
		found := told[bundle[Appointment]](w, w.asks("POST", "/Appointment/_search", tt.criteria), http.StatusOK)
		if !slices.Equal(found.ids(), tt.want) {
			t.Errorf("%s: %v, want %v", tt.criteria, found.ids(), tt.want)
		}
	}
	w.failed("a state that is none", w.asks("GET", "/Appointment?date=2026-12-01&status=booked,waitlist", ""), 400, IssueValue, "http.status")
	for criteria, code := range map[string]IssueCode{
		"": IssueRequired, "?date=ge2026-12-01": IssueRequired, "?date=ge2026-01-01&date=lt2026-12-31": "too-costly", "?date=tomorrow": IssueValue,
		"?date=gt2026-12-01&date=lt2026-12-31": IssueValue, "?date=ge2026-12-31&date=lt2026-12-01": IssueValue, "?date=ge2026-12-01&date=ge2026-12-02": IssueValue,
	} {
		w.failed(criteria, w.asks("GET", "/Appointment"+criteria, ""), 400, code, "http.date")
	}
}

// Kari is not told of a search that has not found her.
func TestASearchIsOnTheRecordOfThoseItHasFound(t *testing.T) {
	w := newWorld(t)
	kari := told[Patient](w, w.as(booker).asks("POST", "/Patient", `{"resourceType":"Patient","name":[{"text":"Kari Vik"}]}`), http.StatusCreated)
	w.wound()
	other := strings.NewReplacer("Patient/olav", "Patient/"+string(kari.ID), `,
		{"actor":{"reference":"RelatedPerson/olav.ragna"},"required":"optional","status":"needs-action"}`, "").Replace(asked)
	told[Appointment](w, w.asks("POST", "/Appointment", other), http.StatusCreated)
	listed := func(patient access.PersonID) (n int) {
		seen, err := w.db.Audit().OfPatient(t.Context(), patient, "", 1000, audit.New(w.now, siv, "seen.read", audit.Done))
		w.must(err)
		for _, e := range seen {
			if e.Action == access.ConsultationList.String() {
				n++
			}
		}
		return n
	}
	found := told[bundle[Appointment]](w, w.asks("POST", "/Appointment/_search", "date=ge2026-12-01&date=lt2026-12-31&patient=Patient/olav"), http.StatusOK)
	if !slices.Equal(found.ids(), []string{"c1"}) || listed("olav") != 1 || listed(access.PersonID(kari.ID)) != 0 {
		t.Errorf("found %v; Olav is told of %d, Kari of %d", found.ids(), listed("olav"), listed(access.PersonID(kari.ID)))
	}
}

func TestWhoComesByALinkReadsTheirOwnAndNoOtherLink(t *testing.T) {
	w := newWorld(t)
	w.wound()
	olav := access.Actor{Person: "olav", Role: access.Patient, Session: "s9", Consultation: "c1"}
	res := w.as(olav).asks("GET", "/Appointment/c1", "")
	text := bodyOf(t, res)
	if res.StatusCode != http.StatusOK || !strings.Contains(text, "Ha bandasjen klar") || strings.Contains(text, "Kva bandasje no?") || strings.Contains(text, "#") {
		t.Errorf("status %d: %s", res.StatusCode, text)
	}
	told[AppointmentResponse](w, w.asks("POST", "/AppointmentResponse", answering("c1", "Patient/olav", "accepted", "")), http.StatusCreated)
	w.failed("for another", w.asks("POST", "/AppointmentResponse", answering("c1", "Practitioner/mari", "declined", "")), 403, IssueForbidden, "")
	w.failed("the list", w.asks("GET", "/Appointment?date=2026-12-01", ""), 403, IssueForbidden, "")
}

// The administrator knows that something is booked, and not with whom.
func TestWhoMayNotReadOfPatientsIsToldOfStaffAlone(t *testing.T) {
	w := newWorld(t)
	w.wound()
	jon := access.Actor{Person: "jon", Role: access.Administrator, Organisation: fjordvik, Session: "s8"}
	res := w.as(jon).asks("GET", "/Appointment?date=2026-12-01", "")
	text := bodyOf(t, res)
	if res.StatusCode != http.StatusOK || !strings.Contains(text, "Practitioner/mari") {
		t.Errorf("status %d: %s", res.StatusCode, text)
	}
	for _, secret := range []string{"olav", "Olav", "ragna", "Sårkontroll", "bandasje"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is told: %s", secret, text)
		}
	}
	if found := told[bundle[Appointment]](w, w.asks("POST", "/Appointment/_search", "date=2026-12-01&patient=Patient/olav"), http.StatusOK); len(found.Entry) != 0 {
		t.Errorf("by the patient: %v", found.ids())
	}
}

func TestASlotTellsWhenAndNothingElse(t *testing.T) {
	w := newWorld(t).as(booker)
	w.wound() // at ten, with twenty minutes on the road before and after
	type slot struct {
		status     Code
		start, end Instant
	}
	find := func(criteria string) (out []slot, text string) {
		res := w.asks("GET", "/Slot?schedule=Schedule/mari.fjordvik&"+criteria, "")
		text = bodyOf(t, res)
		found := told[bundle[Slot]](w, w.asks("GET", "/Slot?schedule=Schedule/mari.fjordvik&"+criteria, ""), http.StatusOK)
		for _, e := range found.Entry {
			out = append(out, slot{e.Resource.Status, e.Resource.Start, e.Resource.End})
			one := told[Slot](w, w.asks("GET", "/Slot/"+string(e.Resource.ID), ""), http.StatusOK)
			if one.Status != e.Resource.Status || one.Start != e.Resource.Start {
				t.Errorf("%+v is read as %+v", e.Resource, one)
			}
		}
		return out, text
	}
	got, text := find("start=2026-12-01")
	want := []slot{
		{"busy-unavailable", "2026-11-30T23:00:00Z", "2026-12-01T07:00:00Z"}, // before eight
		{"free", "2026-12-01T07:00:00Z", "2026-12-01T08:40:00Z"},
		{"busy", "2026-12-01T08:40:00Z", "2026-12-01T09:50:00Z"},
		{"free", "2026-12-01T09:50:00Z", "2026-12-01T15:00:00Z"},
		{"busy-unavailable", "2026-12-01T15:00:00Z", "2026-12-01T23:00:00Z"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for _, secret := range []string{"c1", "olav", "Olav", "Sårkontroll"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is told: %s", secret, text)
		}
	}
	// What is promised to a proposal is not busy yet.
	id := string(told[Appointment](w, w.asks("POST", "/Appointment", asked), http.StatusCreated).ID)
	told[AppointmentResponse](w.as(journal), w.asks("POST", "/AppointmentResponse", answering(id, "Practitioner/mari", "accepted", `,"start":"2026-12-02T09:00:00Z"`)), http.StatusCreated)
	if got, _ := find("start=2026-12-02&status=busy-tentative"); !slices.Equal(got, []slot{{"busy-tentative", "2026-12-02T09:00:00Z", "2026-12-02T09:30:00Z"}}) {
		t.Errorf("%v", got)
	}
	if got, _ := find("start=ge2026-12-01T09:00:00Z&start=lt2026-12-01T09:10:00Z"); !slices.Equal(got, []slot{{"busy", "2026-12-01T09:00:00Z", "2026-12-01T09:10:00Z"}}) {
		t.Errorf("%v", got)
	}
	// Langvik's are out of reach, and are as those of nobody.
	for _, calendar := range []string{"lise.langvik", "mari.langvik", "nobody.fjordvik", "nothing"} {
		w.failed(calendar, w.asks("GET", "/Slot?start=2026-12-01&schedule=Schedule/"+calendar, ""), 404, IssueNotFound, "")
		w.failed(calendar, w.asks("GET", "/Schedule/"+calendar, ""), 404, IssueNotFound, "")
		w.failed(calendar, w.asks("GET", "/Slot/"+calendar+".1.1", ""), 404, IssueNotFound, "")
	}
	w.failed("no calendar", w.asks("GET", "/Slot?start=2026-12-01", ""), 400, IssueRequired, "http.schedule")
	w.failed("no time", w.asks("GET", "/Slot?schedule=Schedule/mari.fjordvik", ""), 400, IssueRequired, "http.start")
	seen, err := w.db.Audit().OfPatient(t.Context(), "olav", "", 1000, audit.New(w.now, siv, "seen.read", audit.Done))
	w.must(err)
	for _, e := range seen {
		if e.Action == access.CalendarRead.String() || e.Action == access.ConsultationList.String() {
			t.Errorf("a look at free time is on the patient's record: %+v", e)
		}
	}
	if len(seen) == 0 {
		t.Error("the record is empty: this proves nothing")
	}
}

func TestEquipmentIsBookedAlong(t *testing.T) {
	w := newWorld(t)
	tablet, err := w.schedule.SetEquipment(t.Context(), siv, scheduling.Equipment{Kind: "tablet", Name: "Nettbrett 3", Active: true})
	w.must(err)
	body := strings.Replace(asked, `"participant":[`, `"participant":[{"actor":{"type":"Device","identifier":{"system":"`+systemEquipment+`","value":"`+string(tablet.ID)+`"}},"status":"needs-action"},`, 1)
	body = strings.NewReplacer(`"proposed"`, `"booked"`, `"requestedPeriod":[{"start":"2026-12-02T10:00:00+01:00","end":"2026-12-02T10:30:00+01:00"},{"start":"2026-12-03T09:00:00Z","end":"2026-12-03T09:30:00Z"}]`,
		`"start":"2026-12-02T09:00:00Z","end":"2026-12-02T09:30:00Z"`).Replace(body)
	made := told[Appointment](w, w.as(booker).asks("POST", "/Appointment", body), http.StatusCreated)
	last := made.Participant[len(made.Participant)-1]
	if last.Actor == nil || last.Actor.Identifier.Value != string(tablet.ID) || last.Actor.Display != "Nettbrett 3" {
		t.Errorf("%+v", made.Participant)
	}
	busy := told[bundle[Slot]](w, w.asks("GET", "/Slot?schedule=Schedule/"+string(tablet.ID)+".fjordvik&start=2026-12-02&status=busy", ""), http.StatusOK)
	if len(busy.Entry) != 1 || busy.Entry[0].Resource.Start != "2026-12-02T09:00:00Z" {
		t.Errorf("%+v", busy)
	}
	found := told[bundle[Schedule]](w, w.asks("GET", "/Schedule", ""), http.StatusOK)
	if want := []string{"tuva.hospital", "mari.fjordvik", string(tablet.ID) + ".fjordvik"}; !slices.Equal(found.ids(), want) {
		t.Errorf("%v, want %v", found.ids(), want)
	}
}
