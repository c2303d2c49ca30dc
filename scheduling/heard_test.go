package scheduling_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/scheduling"
)

// It is booked in the evening, and messages wait for the morning: who hears of it first by its end
// has heard of nothing.
func TestWhoHasHeardOfNothingIsNotToldThatItIsCancelled(t *testing.T) {
	cancel := func(c *county, a scheduling.Appointment) {
		_, err := c.Cancel(c.t.Context(), atSjukehus, a.ID, 0, scheduling.Cancel{Reason: scheduling.ByStaff})
		c.must(err)
	}
	for name, tt := range map[string]struct {
		happens func(c *county)
		want    []string
	}{
		"booked and cancelled at once":    {func(c *county) { cancel(c, c.books(atOnce(at(7, 10)))) }, nil},
		"asked for and cancelled at once": {func(c *county) { cancel(c, c.books(visit(at(7, 10)))) }, nil},
		"asked, and booked before the question was sent": {func(c *county) {
			a := c.books(visit(at(7, 10)))
			a = c.answers(atFjordvik, a, to(a, scheduling.Accepted, 0))
			a = c.answers(atSjukehus, a, to(a, scheduling.Accepted, 0))
			g := to(a, scheduling.Accepted, 0)
			g.Participant = seat(a, "olav")
			cancel(c, c.answers(atSjukehus, a, g))
		}, nil},
		"moved before anything was sent": {func(c *county) {
			a := c.books(atOnce(at(7, 10)))
			a, err := c.Move(c.t.Context(), atSjukehus, a.ID, a.Version, scheduling.Move{Starts: at(8, 10), Length: 30 * time.Minute})
			c.must(err)
			cancel(c, a)
		}, nil},
		"who has answered knows, though no message has left": {func(c *county) {
			a := c.books(visit(at(7, 10)))
			cancel(c, c.answers(theNurse, a, to(a, scheduling.Accepted, 0)))
		}, []string{"staff-cancelled to mari"}},
		"who answered before it was moved knows, too": {func(c *county) {
			a := c.books(atOnce(at(7, 10)))
			a = c.answers(theNurse, a, to(a, scheduling.Accepted))
			a, err := c.Move(c.t.Context(), atSjukehus, a.ID, a.Version, scheduling.Move{Starts: at(8, 10), Length: 30 * time.Minute})
			c.must(err)
			cancel(c, a)
		}, []string{"staff-cancelled to mari"}},
		"booked, and sent": {func(c *county) {
			a := c.books(atOnce(at(7, 10)))
			c.sends()
			cancel(c, a)
		}, []string{"cancelled to olav", "cancelled to ragna", "staff-cancelled to mari", "staff-cancelled to tuva"}},
		"asked and sent, and what is booked waits": {func(c *county) {
			a := c.books(visit(at(7, 10)))
			c.sends()
			a = c.answers(atFjordvik, a, to(a, scheduling.Accepted, 0))
			a = c.answers(atSjukehus, a, to(a, scheduling.Accepted, 0))
			cancel(c, c.answers(thePatient(a), a, to(a, scheduling.Accepted, 0)))
		}, []string{"cancelled to olav", "cancelled to ragna", "staff-cancelled to mari", "staff-cancelled to tuva"}},
		"invited later, and out again before the invitation was sent": {func(c *county) {
			a := c.books(atOnce(at(7, 10)))
			c.sends()
			parties := []scheduling.Party{doctor(), nurse(), patient(), daughter()}
			a, err := c.Invite(c.t.Context(), atSjukehus, a.ID, a.Version, append(parties, scheduling.Party{Person: "tor", Role: access.Interpreter}))
			c.must(err)
			_, err = c.Invite(c.t.Context(), atSjukehus, a.ID, a.Version, parties)
			c.must(err)
		}, nil},
		"a deputy, and back again before she was asked": {func(c *county) {
			a := c.books(atOnce(at(7, 10)))
			c.sends()
			a, err := c.Deputise(c.t.Context(), theNurse, a.ID, "", "vera")
			c.must(err)
			_, err = c.Deputise(c.t.Context(), atFjordvik, a.ID, seat(a, "vera"), "mari")
			c.must(err)
		}, nil},
		"its patient is erased before anything was sent": {func(c *county) {
			c.books(atOnce(at(7, 10)))
			c.must(c.db.Directory().ErasePatient(c.t.Context(), "olav", 1, c.now, nil, nil))
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			inEachCounty(t, func(t *testing.T, c *county) {
				tt.happens(c)
				var ends []string
				for _, m := range c.outbox() {
					if strings.HasPrefix(m, "cancelled") || strings.HasPrefix(m, "staff-cancelled") {
						ends = append(ends, m)
					}
				}
				if !slices.Equal(ends, tt.want) {
					t.Errorf("told of the end: %v, want %v", ends, tt.want)
				}
			})
		})
	}
}

func TestWhoHasNotHeardOfTheFirstTimeHearsOfTheSecondAsTheFirst(t *testing.T) {
	c := inTheCounty(t)
	a := c.books(atOnce(at(7, 10)))
	_, err := c.Move(t.Context(), atSjukehus, a.ID, a.Version, scheduling.Move{Starts: at(8, 10), Length: 30 * time.Minute})
	c.must(err)
	if out := c.outbox(); !slices.Contains(out, "booked to olav") || slices.Contains(out, "moved to olav") || !slices.Contains(out, "staff-booked to mari") {
		t.Errorf("%v", out)
	}
}

// RFC 5546: a calendar takes no REQUEST and no CANCEL whose SEQUENCE is not higher than what it has.
func TestTheSequenceRisesWithWhatACalendarMustLearn(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		asked := c.books(visit(at(7, 10), at(8, 10)))
		moved, err := c.Move(t.Context(), atSjukehus, asked.ID, asked.Version, scheduling.Move{Starts: at(9, 10), Length: 30 * time.Minute})
		if err != nil || moved.Sequence != asked.Sequence+1 {
			t.Errorf("what is asked for, moved: from %d to %d, %v", asked.Sequence, moved.Sequence, err)
		}
		a := c.books(atOnce(at(10, 10)))
		c.sends()
		more, err := c.Invite(t.Context(), atSjukehus, a.ID, a.Version, []scheduling.Party{doctor(), nurse(), patient(), daughter(), {Person: "tor", Role: access.Interpreter}})
		if err != nil || more.Sequence != a.Sequence {
			t.Errorf("with one more: from %d to %d, %v", a.Sequence, more.Sequence, err)
		}
		waiting := len(c.messages())
		less, err := c.Invite(t.Context(), atSjukehus, a.ID, more.Version, []scheduling.Party{doctor(), nurse(), patient(), {Person: "tor", Role: access.Interpreter}})
		if err != nil || less.Sequence != more.Sequence+1 {
			t.Errorf("without one: from %d to %d, %v", more.Sequence, less.Sequence, err)
		}
		deputised, err := c.Deputise(t.Context(), theNurse, a.ID, "", "vera")
		if err != nil || deputised.Sequence != less.Sequence+1 {
			t.Errorf("with a deputy: from %d to %d, %v", less.Sequence, deputised.Sequence, err)
		}
		ends := map[access.PersonID]int{}
		for _, m := range c.messages() {
			if m.Kind.Ends() {
				ends[m.To] = m.Change
			}
			if m.When != deputised.Starts.UnixMilli() {
				t.Errorf("%s to %s is of %d", m.Kind, m.To, m.When)
			}
		}
		if ends["ragna"] != less.Sequence || len(ends) != 1 { // the deputised nurse has done it herself
			t.Errorf("who left is told with %v", ends)
		}
		if now := len(c.messages()); now <= waiting {
			t.Errorf("what waited for who stays is gone: %d of %d", now, waiting)
		}
	})
}

func TestWhoHasBookedIsToldThatAllHaveAgreed(t *testing.T) {
	c := inTheCounty(t)
	agreed := func() int {
		n := 0
		for _, m := range c.messages() {
			if m.Kind == notify.KindAgreed {
				n++
			}
		}
		return n
	}
	all := func(r scheduling.Request, by access.Actor) scheduling.Appointment {
		list, _, err := c.Book(t.Context(), by, r)
		c.must(err)
		a := list[0]
		for _, who := range []access.Actor{theNurse, thePatient(a), theDoctor} {
			if a.State.Open() && !slices.ContainsFunc(a.Options[0].Replies, func(r scheduling.OptionReply) bool { return r.Participant == seat(a, who.Person) }) {
				a = c.answers(who, a, to(a, scheduling.Accepted, 0))
			}
		}
		return a
	}
	if a := all(visit(at(7, 10)), atSjukehus); a.State != scheduling.Booked || agreed() != 1 {
		t.Errorf("the coordinator is told %d times of what is %s", agreed(), a.State)
	}
	if all(visit(at(8, 10)), theDoctor); agreed() != 1 {
		t.Errorf("the doctor, who is in it, is told as such: %d", agreed())
	}
	a := c.books(visit(at(9, 10)))
	a = c.answers(theNurse, a, to(a, scheduling.Accepted, 0))
	a = c.answers(thePatient(a), a, to(a, scheduling.Accepted, 0))
	if a = c.answers(atSjukehus, a, to(a, scheduling.Accepted, 0)); a.State != scheduling.Booked || agreed() != 1 {
		t.Errorf("who gives the last answer knows that it is %s: %d", a.State, agreed())
	}
}

func TestThatAProposalLapsesIsOnRecord(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(visit(at(7, 10)))
		before := len(c.entries(access.ConsultationBook, "olav"))
		c.now = a.AnswerBy.Add(time.Millisecond)
		_, err := c.Lapse(t.Context())
		c.must(err)
		e := c.entries(access.ConsultationBook, "olav")
		if len(e) != before+1 || e[0].Actor.Person != "" || e[0].Object != "consultation/"+string(a.ID) {
			t.Errorf("%+v", e)
		}
	})
}
