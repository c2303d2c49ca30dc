package scheduling_test

import (
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

func TestWhatAnErasedPatientWasInEndsLikeAnyOther(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		c.now = monday
		asked := c.books(visit(at(7, 10)))
		asked = c.answers(theDoctor, asked, to(asked, scheduling.Accepted, 0)) // a promise
		booked := c.books(atOnce(at(8, 10)))
		other := c.books(scheduling.Request{Parties: []scheduling.Party{doctor(), nurse()}, Length: visit().Length, Starts: visit(at(9, 10)).Starts})
		c.must(c.db.Directory().ErasePatient(t.Context(), "olav", 1, c.now, nil, nil))

		_, err := c.Cancel(t.Context(), atSjukehus, booked.ID, 0, scheduling.Cancel{Reason: scheduling.ByStaff})
		c.must(err)
		c.now = at(6, 10)
		ended, err := c.Lapse(t.Context())
		c.must(err)
		if ended != 2 {
			t.Errorf("%d proposals have ended, want 2", ended)
		}
		for _, a := range []scheduling.Appointment{asked, booked, other} {
			if now := c.stored(a.ID); now.State != scheduling.Cancelled || len(now.Participants) != len(a.Participants) || now.Question != "" {
				t.Errorf("%s with %d people is about %q, want it cancelled with %d and about nothing", now.State, len(now.Participants), now.Question, len(a.Participants))
			}
		}
		if held := c.claimed("tuva", "mari", "olav"); len(held) > 0 {
			t.Errorf("still claimed: %v", held)
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
