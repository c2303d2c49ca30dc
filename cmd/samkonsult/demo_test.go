package main

import (
	"net/http"
	"slices"
	"testing"

	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// waits are what waits for somebody.
func (v *visitor) waits() []httpapi.WaitingItem {
	v.t.Helper()
	var waiting httpapi.Waiting
	if problem := v.ask(http.MethodGet, "/api/v1/waiting", nil, &waiting); problem.Code != "" {
		v.t.Fatalf("%+v", problem)
	}
	return waiting.Items
}

func kinds(items []httpapi.WaitingItem) (out []string) {
	for _, w := range items {
		out = append(out, w.Kind)
	}
	return out
}

func TestADemosAccountsSeeTheCalendarAndAnswer(t *testing.T) {
	links := startApp(t, nil).Links()
	coordinator, _, _ := visit(t, links.Coordinator)
	var week httpapi.CalendarWeek
	if problem := coordinator.ask(http.MethodGet, "/api/v1/calendar?days=14", nil, &week); problem.Code != "" {
		t.Fatalf("%+v", problem)
	}
	organisations := map[string]bool{}
	for _, p := range week.People {
		organisations[p.OrganisationName] = true
	}
	if len(organisations) != 4 || len(week.Bookings) < 20 {
		t.Errorf("the calendar has people of %v and %d bookings", organisations, len(week.Bookings))
	}
	if got := kinds(coordinator.waits()); !slices.Equal(got, []string{"not-ready", "missing", "suggested", "unanswered"}) {
		t.Errorf("for the coordinator waits %v", got)
	}
	municipality, _, _ := visit(t, links.Municipality)
	if got := kinds(municipality.waits()); !slices.Equal(got, []string{"missing", "missing"}) {
		t.Errorf("for the municipality's waits %v", got)
	}

	// The nurse accepts what she is asked for, and the rest waits for the others.
	nurse, _, _ := visit(t, links.NurseDay)
	asked := nurse.waits()
	if got := kinds(asked); !slices.Equal(got, []string{"asked"}) {
		t.Fatalf("for the nurse waits %v", got)
	}
	var answer httpapi.AnswerBooking
	for _, o := range asked[0].Booking.Options {
		answer.Answers = append(answer.Answers, httpapi.GivenAnswer{Option: o.ID, Answer: string(scheduling.Accepted)})
	}
	var booking httpapi.Booking
	if problem := nurse.ask(http.MethodPost, "/api/v1/bookings/"+string(asked[0].Booking.ID)+"/answers", answer, &booking); problem.Code != "" {
		t.Fatalf("%+v", problem)
	}
	if booking.State != "pending" || len(nurse.waits()) != 0 {
		t.Errorf("it is %s, and %v waits", booking.State, kinds(nurse.waits()))
	}

	for name, link := range map[string]string{"specialist": links.SpecialistDay, "nurse": links.NurseDay, "GP": links.GPDay} {
		v, answer, problem := visit(t, link)
		mine := func(d httpapi.DayVisit) bool { return d.ID == links.Consultation && d.Seat != "" }
		if !answer.SignedIn || !slices.ContainsFunc(v.day(), mine) {
			t.Errorf("the %s's day has no call to join: %+v", name, problem)
		}
	}
}

func TestAnotherStartOfADemoBeginsANewDay(t *testing.T) {
	data := t.TempDir()
	again := func(c *Config) { c.Data = data }
	first := startApp(t, again)
	specialist := join(t, first.Links().Specialist)
	specialist.say(t, protocol.End{})
	until(t, specialist, anyOf[protocol.Ended])
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	second := startApp(t, again)
	if second.Links().Consultation == first.Links().Consultation {
		t.Fatal("what was ended goes on")
	}
	coordinator, _, _ := visit(t, second.Links().Coordinator)
	if got := kinds(coordinator.waits()); !slices.Equal(got, []string{"not-ready", "missing", "suggested", "unanswered"}) {
		t.Errorf("for the coordinator waits %v", got)
	}
}
