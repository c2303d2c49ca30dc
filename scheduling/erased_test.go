package scheduling_test

import (
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/scheduling"
)

func TestWhatAnErasedPatientWasToBeMetInIsCancelled(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		over := c.books(atOnce(at(1, 10)))
		c.now = at(1, 11)
		asked := c.books(visit(at(7, 10)))
		asked = c.answers(theDoctor, asked, to(asked, scheduling.Accepted, 0)) // a promise
		r := atOnce(at(8, 10))
		r.Parties = append(r.Parties, scheduling.Party{Person: "tor", Role: access.Interpreter})
		booked := c.books(r)
		others := scheduling.Request{AtOnce: true, Parties: []scheduling.Party{doctor(), nurse()}, Length: visit().Length, Starts: []time.Time{at(9, 10)}}
		other := c.books(others)
		c.sends()
		c.must(c.db.Directory().ErasePatient(t.Context(), "olav", 1, c.now, nil, nil))

		for _, a := range []scheduling.Appointment{asked, booked} {
			if now := c.stored(a.ID); now.State != scheduling.Cancelled || now.Sequence != a.Sequence+1 || len(now.Participants) != len(a.Participants) || now.Question != "" {
				t.Errorf("%s with %d people is about %q, want it cancelled with %d and about nothing", now.State, len(now.Participants), now.Question, len(a.Participants))
			}
		}
		for _, a := range []scheduling.Appointment{over, other} {
			if now := c.stored(a.ID); now.State != scheduling.Booked {
				t.Errorf("what is over, and what is about another, is %s", now.State)
			}
		}
		for _, claim := range c.claimed("tuva", "mari", "olav") {
			if claim.Appointment == asked.ID || claim.Appointment == booked.ID {
				t.Errorf("still claimed: %+v", claim)
			}
		}
		told := map[scheduling.AppointmentID][]string{}
		for _, m := range c.messages() {
			id := scheduling.AppointmentID(m.About)
			told[id] = append(told[id], string(m.Kind)+" to "+string(m.To))
		}
		slices.Sort(told[booked.ID])
		slices.Sort(told[asked.ID])
		if got := told[booked.ID]; !slices.Equal(got, []string{"cancelled to tor", "staff-cancelled to mari", "staff-cancelled to tuva"}) {
			t.Errorf("of the booked one the others are told, and of nothing else any more: %v", got)
		}
		if got := told[asked.ID]; !slices.Equal(got, []string{"staff-cancelled to mari", "staff-cancelled to tuva"}) {
			t.Errorf("of the one that was asked for: %v", got)
		}
		nobodys := 0
		for _, e := range c.entries(access.ConsultationBook, "olav") {
			if e.Actor.Person == "" && e.Outcome == audit.Done {
				nobodys++
			}
		}
		if nobodys != 2 {
			t.Errorf("%d are on record as the house's doing, want 2", nobodys)
		}
		again := c.books(scheduling.Request{AtOnce: true, Parties: []scheduling.Party{doctor(), nurse()}, Length: visit().Length, Starts: []time.Time{at(8, 10)}})
		if again.State != scheduling.Booked {
			t.Errorf("%+v", again)
		}
		c.now = at(20, 10)
		if ended, err := c.Lapse(t.Context()); ended != 0 || err != nil {
			t.Errorf("%d have lapsed, %v", ended, err)
		}
	})
}

func TestATimeThatIsOnlyAskedForOpensNobodysPatient(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		meets := func(why string, want bool) {
			t.Helper()
			got, err := c.Meets(t.Context(), access.Actor{Person: "vera", Role: access.Nurse, Organisation: fjordvik}, "olav")
			c.must(err)
			if got != want {
				t.Errorf("%s: meets %t, want %t", why, got, want)
			}
		}
		r := visit(at(1, 10))
		r.Parties[1] = scheduling.Party{Person: "vera", Role: access.Nurse, Organisation: fjordvik, Required: true}
		asked := c.books(r)
		c.now = at(1, 10)
		meets("asked for", false)
		c.now = monday
		_, err := c.Cancel(t.Context(), atSjukehus, asked.ID, 0, scheduling.Cancel{Reason: scheduling.OtherReason})
		c.must(err)
		r.AtOnce = true
		c.books(r)
		c.now = at(1, 10)
		meets("booked", true)
	})
}
