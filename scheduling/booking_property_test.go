package scheduling_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Whatever people do with their bookings, in whatever order: nobody is in two places at once,
// the store claims what the states say, a proposal is booked by those who must be there, and
// nobody hears of what they have no part in.
func TestWhateverPeopleDoNobodyIsInTwoPlaces(t *testing.T) {
	c := inTheCounty(t)
	everyone := []access.Actor{atSjukehus, atFjordvik, theDoctor, theNurse, {Person: "vera", Role: access.Nurse, Organisation: fjordvik}, {Person: "erik", Role: access.Specialist, Organisation: hospital}, atLangvik}
	times := []time.Time{at(14, 10), at(14, 10).Add(15 * time.Minute), at(14, 11), at(15, 10)}
	erik := scheduling.Party{Person: "erik", Role: access.Specialist, Organisation: hospital, Required: true, MayDeputise: true}
	tor := scheduling.Party{Person: "tor", Role: access.Interpreter}
	colleagues := map[access.Role][]access.PersonID{
		access.Specialist: {"erik", "tuva"}, access.Nurse: {"vera", "mari", "lars"}, access.Patient: {"ragna"}, access.Relative: {"olav"}, access.Interpreter: {"vera"},
	}
	done := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		c.now = monday
		var ids []scheduling.AppointmentID
		defer func() { c.clear(ids...) }()
		all := func() string {
			list := make([]scheduling.Appointment, len(ids))
			for i, id := range ids {
				list[i] = c.stored(id)
			}
			return fmt.Sprintf("%#v", list)
		}
		ever := map[scheduling.AppointmentID]map[access.PersonID]bool{}
		parties := func() []scheduling.Party {
			all := []scheduling.Party{doctor(), nurse(), daughter(), vera(), erik, tor}
			n := rapid.IntRange(1, 4).Draw(rt, "parties")
			return append([]scheduling.Party{patient()}, rapid.Permutation(all).Draw(rt, "whom")[:n]...)
		}
		when := rapid.SampledFrom(times)
		for range rapid.IntRange(1, 20).Draw(rt, "steps") {
			var id scheduling.AppointmentID
			var a scheduling.Appointment
			deed := "book"
			if len(ids) > 0 {
				deed = rapid.SampledFrom([]string{"answer", "answer", "answer", "answer", "move", "deputise", "deputise", "deputise", "deputise", "invite", "cancel", "wait", "book"}).Draw(rt, "deed")
				id = rapid.SampledFrom(ids).Draw(rt, "which")
				a = c.stored(id)
			}
			by := rapid.SampledFrom(everyone).Draw(rt, "by")
			if deed != "answer" && rapid.IntRange(0, 4).Draw(rt, "stranger") != 0 {
				by = atSjukehus // who may, mostly
			} else if p := rapid.SampledFrom(append([]access.PersonID{"", ""}, "olav", "ragna", "tor")).Draw(rt, "guest"); p != "" && id != "" {
				by = guest(p, map[access.PersonID]access.Role{"olav": access.Patient, "ragna": access.Relative, "tor": access.Interpreter}[p], a)
			}
			before := all()
			var err error
			moves := 0
			switch deed {
			case "book":
				r := scheduling.Request{AtOnce: rapid.Bool().Draw(rt, "at once"), Parties: parties(), Length: 30 * time.Minute, Starts: []time.Time{when.Draw(rt, "time")}}
				if !r.AtOnce && rapid.Bool().Draw(rt, "two times") {
					if other := when.Draw(rt, "other time"); !other.Equal(r.Starts[0]) {
						r.Starts = append(r.Starts, other)
					}
				}
				var made []scheduling.Appointment
				if made, _, err = c.Book(t.Context(), by, r); err == nil {
					ids = append(ids, made[0].ID)
				}
			case "answer":
				var g scheduling.Given
				answer := rapid.SampledFrom([]scheduling.Answer{scheduling.Accepted, scheduling.Accepted, scheduling.Declined, scheduling.Tentative})
				for i := range a.Options {
					g.Answers = append(g.Answers, to(a, answer.Draw(rt, "answer"), i).Answers...)
				}
				if len(a.Options) == 0 {
					g = to(a, answer.Draw(rt, "answer"))
				} else if rapid.IntRange(0, 4).Draw(rt, "suggests") == 0 {
					g.Starts = when.Draw(rt, "suggested")
				}
				_, err = c.Answer(t.Context(), by, id, g)
			case "move":
				moves = 1
				_, err = c.Move(t.Context(), by, id, a.Version, scheduling.Move{Starts: when.Draw(rt, "to"), Length: 30 * time.Minute})
			case "deputise":
				staff := slices.DeleteFunc(slices.Clone(a.Participants), func(p scheduling.Participant) bool { return !p.Role.Staff() })
				p := rapid.SampledFrom(append(staff, a.Participants[0])).Draw(rt, "in whose place")
				if p.Organisation == fjordvik && by == atSjukehus {
					by = atFjordvik
				}
				moves = 1
				_, err = c.Deputise(t.Context(), by, id, p.ID, rapid.SampledFrom(colleagues[p.Role]).Draw(rt, "deputy"))
			case "invite":
				invited := parties()
				for _, p := range a.Participants {
					stays := func(q scheduling.Party) bool {
						return q.Person == p.Person && q.Role == p.Role && q.Organisation == p.Organisation
					}
					if !slices.ContainsFunc(invited, stays) {
						moves = 1 // somebody gets a CANCEL
					}
				}
				_, err = c.Invite(t.Context(), by, id, a.Version, invited)
			case "cancel":
				moves = 1
				_, err = c.Cancel(t.Context(), by, id, 0, scheduling.Cancel{Reason: scheduling.OtherReason})
			case "wait":
				c.now = c.now.Add(time.Duration(rapid.IntRange(1, 80).Draw(rt, "hours")) * time.Hour)
				_, err = c.Lapse(t.Context())
				c.must(err)
				c.claimsAreTheStates(rt, ids)
				continue
			}
			if err != nil {
				_, refused := errors.AsType[*access.Refused](err)
				_, invalid := errors.AsType[*scheduling.Invalid](err)
				_, taken := errors.AsType[*scheduling.TakenError](err)
				_, closed := errors.AsType[*scheduling.ClosedError](err)
				if !refused && !invalid && !taken && !closed {
					rt.Fatalf("%s by %s: %v", deed, by.Person, err)
				}
				if after := all(); after != before {
					rt.Fatalf("%s by %s has failed, and changed something: %v", deed, by.Person, err)
				}
				continue
			}
			done[deed]++
			if id != "" && deed != "book" {
				after := c.stored(id)
				if after.Sequence != a.Sequence+moves || after.Version != a.Version+1 {
					rt.Fatalf("%s: from %d to %d", deed, a.Sequence, after.Sequence)
				}
				if a.State.Open() && after.State == scheduling.Booked {
					for _, p := range after.Participants {
						if p.Required && p.Reply.Answer != scheduling.Accepted {
							rt.Fatalf("booked by %s without %s, who has %s", deed, p.Person, p.Reply.Answer)
						}
					}
				}
			}
			for _, id := range ids {
				if ever[id] == nil {
					ever[id] = map[access.PersonID]bool{}
				}
				for _, p := range c.stored(id).Participants {
					ever[id][p.Person] = true
				}
			}
			c.claimsAreTheStates(rt, ids)
		}
		for _, m := range c.messages() {
			if id := scheduling.AppointmentID(m.About); !ever[id][m.To] && m.To != c.stored(id).MadeBy {
				rt.Fatalf("%s to %s, who has no part in it", m.Kind, m.To)
			}
			// What reminds or asks somebody is to who is in it, or is not sent: the seat is another's.
			if a := c.stored(scheduling.AppointmentID(m.About)); a.State == scheduling.Cancelled && m.Kind != "cancelled" && m.Kind != "staff-cancelled" && m.Kind != "lapsed" {
				rt.Fatalf("%s to %s waits about what is cancelled", m.Kind, m.To)
			}
		}
	})
	t.Log(done)
	// Else it has not tried what it is about.
	for _, deed := range []string{"book", "answer", "move", "deputise", "invite", "cancel"} {
		if done[deed] == 0 {
			t.Errorf("nobody has succeeded to %s", deed)
		}
	}
}

// claimsAreTheStates compares what the store claims with what the appointments say.
func (c *county) claimsAreTheStates(rt *rapid.T, ids []scheduling.AppointmentID) {
	subjects := []scheduling.Subject{"tuva", "erik", "mari", "vera", "olav", "ragna", "tor", "lars"}
	known, err := c.store.Time(c.t.Context(), subjects, at(1, 1), at(31, 23))
	c.must(err)
	line := func(k scheduling.Claim) string {
		return fmt.Sprint(k.Subject, k.Starts.UnixMilli(), k.Ends.UnixMilli(), k.Kind, k.Appointment, k.Option)
	}
	var want, got []string
	for _, id := range ids {
		for _, k := range c.stored(id).Claims() {
			want = append(want, line(k))
		}
	}
	for i, k := range known.Claims {
		got = append(got, line(k))
		for _, o := range known.Claims[:i] {
			if k.Firm() && o.Firm() && k.Subject == o.Subject && k.Appointment != o.Appointment && k.Starts.Before(o.Ends) && o.Starts.Before(k.Ends) {
				rt.Fatalf("%s is in two places: %+v and %+v", k.Subject, k, o)
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		rt.Fatalf("claimed: %v\nthe states say: %v", got, want)
	}
}
