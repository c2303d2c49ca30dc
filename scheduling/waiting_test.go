package scheduling_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/scheduling"
)

// waits are what waits for somebody, as "kind person".
func (c *county) waits(by access.Actor) []string {
	c.t.Helper()
	all, err := c.Waiting(c.t.Context(), by)
	c.must(err)
	out := []string{}
	for _, w := range all {
		p := access.PersonID("")
		for _, q := range w.Booking.Participants {
			if q.ID == w.Whom {
				p = q.Person
			}
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s", w.Kind, p)))
	}
	return out
}

func TestWhatWaitsForWhom(t *testing.T) {
	mari := access.Actor{Person: "mari", Role: access.Nurse, Organisation: fjordvik}
	for name, tt := range map[string]struct {
		happens                    func(c *county)
		invites, takesPart, treats []string
	}{
		"times have just been asked for": {
			func(c *county) { c.books(visit(at(7, 10))) }, nil, nil, []string{"asked mari"},
		},
		"nobody has answered for two days": {
			func(c *county) { c.books(visit(at(14, 10))); c.now = c.now.Add(49 * time.Hour) }, []string{"unanswered"}, nil, []string{"asked mari"},
		},
		"one alone has not, and it lapses soon": {
			func(c *county) {
				a := c.books(visit(at(2, 10)))
				a = c.answers(theDoctor, a, to(a, scheduling.Accepted, 0))
				a = c.answers(thePatient(a), a, to(a, scheduling.Accepted, 0))
				c.answers(guest("ragna", access.Relative, a), a, to(a, scheduling.Accepted, 0))
				c.now = a.AnswerBy.Add(-time.Hour)
			}, []string{"unanswered mari"}, nil, []string{"asked mari"},
		},
		"nothing suits her": {
			func(c *county) { a := c.books(visit(at(7, 10))); c.answers(theNurse, a, to(a, scheduling.Declined, 0)) }, []string{"declined mari"}, nil, nil,
		},
		"nothing suits one who need not be there": {
			func(c *county) {
				a := c.books(visit(at(7, 10)))
				c.answers(guest("ragna", access.Relative, a), a, to(a, scheduling.Declined, 0))
			}, nil, nil, []string{"asked mari"},
		},
		"she wants another time": {
			func(c *county) {
				a := c.books(visit(at(7, 10)))
				c.answers(theNurse, a, scheduling.Given{Answers: to(a, scheduling.Declined, 0).Answers, Starts: at(8, 10)})
			}, []string{"suggested mari"}, nil, nil,
		},
		"an interpreter is wanted": {
			func(c *county) { r := atOnce(at(7, 10)); r.Interpreter = "pl"; c.books(r) }, []string{"interpreter"}, nil, nil,
		},
		"an interpreter is wanted, and there": {
			func(c *county) {
				r := atOnce(at(7, 10))
				r.Interpreter = "pl"
				r.Parties = append(r.Parties, scheduling.Party{Person: "tor", Role: access.Interpreter})
				c.books(r)
			}, nil, nil, nil,
		},
		"it is booked": {
			func(c *county) { c.books(atOnce(at(7, 10))) }, nil, nil, nil,
		},
		"she has declined what is booked": {
			func(c *county) { a := c.books(atOnce(at(7, 10))); c.answers(theNurse, a, to(a, scheduling.Declined)) }, nil, []string{"missing mari"}, nil,
		},
		"the patient has declined what is booked": {
			func(c *county) {
				a := c.books(atOnce(at(7, 10)))
				c.answers(thePatient(a), a, to(a, scheduling.Declined))
			}, []string{"missing olav"}, nil, nil,
		},
		"it was moved, is soon, and she has not answered": {
			func(c *county) {
				a := c.books(atOnce(at(7, 10)))
				_, err := c.Move(c.t.Context(), theDoctor, a.ID, a.Version, scheduling.Move{Starts: at(7, 12), Length: 30 * time.Minute})
				c.must(err)
				c.now = at(7, 11)
			}, []string{"not-ready mari"}, nil, nil,
		},
		"nobody has agreed in time": {
			func(c *county) {
				a := c.books(visit(at(7, 10)))
				c.now = a.AnswerBy.Add(time.Minute)
				_, err := c.Lapse(c.t.Context())
				c.must(err)
			}, []string{"lapsed"}, nil, nil,
		},
		"it is cancelled": {
			func(c *county) {
				a := c.books(visit(at(7, 10)))
				_, err := c.Cancel(c.t.Context(), atSjukehus, a.ID, 0, scheduling.Cancel{Reason: scheduling.ByPatient})
				c.must(err)
			}, nil, nil, nil,
		},
		"a message did not come through": {
			func(c *county) {
				c.books(atOnce(at(7, 10)))
				all, err := c.db.Outbox().Claim(c.t.Context(), 100)
				c.must(err)
				i := slices.IndexFunc(all, func(w notify.Waiting) bool { return w.To == "olav" && w.Kind == notify.KindBooked })
				c.must(c.db.Outbox().Dead(c.t.Context(), all[i], notify.NoAddress))
			}, []string{"undelivered olav"}, nil, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := inTheCounty(t)
			tt.happens(c)
			for who, want := range map[access.Actor][]string{atSjukehus: tt.invites, atFjordvik: tt.takesPart, mari: tt.treats, atLangvik: nil} {
				if got := c.waits(who); !slices.Equal(got, want) && len(got)+len(want) > 0 {
					t.Errorf("for %s waits %q, want %q", who.Person, got, want)
				}
			}
		})
	}
	c := inTheCounty(t)
	_, err := c.Waiting(t.Context(), access.Actor{Person: "olav", Role: access.Patient, Consultation: "c1"})
	refusedTo(t, "a patient", err)
}

func TestWhoIsLateIsToldToAllTheOthers(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(atOnce(at(7, 10)))
		c.outbox()
		c.now = at(7, 10).Add(-5 * time.Minute)
		late := func(minutes time.Duration) []string {
			t.Helper()
			before := c.outbox()
			c.now = c.now.Add(time.Minute)
			c.must(c.Ready(t.Context(), theNurse, a.ID, scheduling.Says{State: scheduling.SaidLate, Late: minutes * time.Minute}))
			out := c.outbox()
			for _, m := range before {
				out = slices.Delete(out, slices.Index(out, m), slices.Index(out, m)+1)
			}
			return out
		}
		if got := late(10); !slices.Equal(got, []string{"late to olav", "late to ragna", "late to tuva"}) {
			t.Errorf("told: %v", got)
		}
		if got := late(10); len(got) != 0 {
			t.Errorf("told again: %v", got)
		}
		if got := late(20); len(got) != 3 {
			t.Errorf("when it gets later: %v", got)
		}
		// Sooner than in a minute there is nothing new, whatever was said in between.
		says := func(s scheduling.Says) error { return c.Ready(t.Context(), theNurse, a.ID, s) }
		c.unchanged(func() {
			breaks(t, "at once", says(scheduling.Says{State: scheduling.SaidLate, Late: 30 * time.Minute}), "minutes")
		})
		c.must(says(scheduling.Says{State: scheduling.SaidReady}))
		c.unchanged(func() {
			breaks(t, "at once, having been ready in between", says(scheduling.Says{State: scheduling.SaidLate, Late: 20 * time.Minute}), "minutes")
		})
		if got := late(20); len(got) != 3 {
			t.Errorf("a minute later: %v", got)
		}
		d, err := c.Read(t.Context(), thePatient(a), a.ID)
		if err != nil || d.Ready[seat(a, "mari")].Late != 20*time.Minute {
			t.Errorf("the patient reads it: %+v, %v", d.Ready, err)
		}
		// But that she comes in time after all is told at once, and holds.
		c.must(says(scheduling.Says{State: scheduling.SaidLate}))
		if d, err := c.Read(t.Context(), thePatient(a), a.ID); err != nil || d.Ready[seat(a, "mari")].Late != 0 {
			t.Errorf("in time after all: %+v, %v", d.Ready, err)
		}
		c.unchanged(func() {
			breaks(t, "late again at once", says(scheduling.Says{State: scheduling.SaidLate, Late: 20 * time.Minute}), "minutes")
		})
		// A test takes nothing back, and whoever comes by a link has opened it.
		c.must(c.Ready(t.Context(), theNurse, a.ID, scheduling.Says{State: scheduling.SaidTested, Test: "poor"}))
		c.must(c.Opened(t.Context(), thePatient(a)))
		d, err = c.Read(t.Context(), theDoctor, a.ID)
		if r := d.Ready[seat(a, "mari")]; err != nil || r.State != scheduling.SaidLate || r.Test != "poor" || d.Ready[seat(a, "olav")].Opened.IsZero() {
			t.Errorf("%+v, %v", d.Ready, err)
		}
		c.unchanged(func() {
			for field, says := range map[string]scheduling.Says{"state": {State: "here"}, "minutes": {State: scheduling.SaidReady, Late: time.Minute}, "test": {State: scheduling.SaidTested, Test: "fine"}} {
				breaks(t, "says", c.Ready(t.Context(), theNurse, a.ID, says), field)
			}
			breaks(t, "five hours", c.Ready(t.Context(), theNurse, a.ID, scheduling.Says{State: scheduling.SaidLate, Late: 5 * time.Hour}), "minutes")
			refusedTo(t, "for another's", c.Ready(t.Context(), atLangvik, a.ID, scheduling.Says{State: scheduling.SaidReady}))
			refusedTo(t, "who coordinates", c.Ready(t.Context(), atSjukehus, a.ID, scheduling.Says{State: scheduling.SaidReady}))
			c.now = at(7, 11)
			if _, over := errors.AsType[*scheduling.ClosedError](c.Ready(t.Context(), theNurse, a.ID, scheduling.Says{State: scheduling.SaidReady})); !over {
				t.Error("when it is over")
			}
		})
	})
}

func TestHowReadySomebodyIsHoldsForTheirTimeAndSeat(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(atOnce(at(7, 10)))
		said := func(person access.PersonID) scheduling.Readiness {
			t.Helper()
			all, err := c.store.Readiness(t.Context(), []scheduling.AppointmentID{a.ID})
			c.must(err)
			return all[a.ID][seat(a, person)]
		}
		says := func(by access.Actor, s scheduling.Says) { t.Helper(); c.must(c.Ready(t.Context(), by, a.ID, s)) }
		says(thePatient(a), scheduling.Says{State: scheduling.SaidReady, Test: "good"})
		says(theNurse, scheduling.Says{State: scheduling.SaidLate, Late: 10 * time.Minute})
		c.must(c.store.SaveOpened(t.Context(), a.ID, seat(a, "olav"), c.now))
		c.must(c.store.SaveOpened(t.Context(), a.ID, seat(a, "olav"), c.now.Add(time.Hour)))
		says(thePatient(a), scheduling.Says{State: scheduling.SaidOnWay})
		if r := said("olav"); r.State != scheduling.SaidOnWay || r.Test != "good" || !r.Opened.Equal(c.now) {
			t.Errorf("opening the link and saying something are apart: %+v", r)
		}
		var err error
		a, err = c.Deputise(t.Context(), theNurse, a.ID, "", "vera")
		c.must(err)
		if late, ready := said("vera"), said("olav"); late != (scheduling.Readiness{}) || ready.State != scheduling.SaidOnWay {
			t.Errorf("the deputy is %+v, the patient %+v", late, ready)
		}
		a, err = c.Move(t.Context(), atSjukehus, a.ID, a.Version, scheduling.Move{Starts: at(8, 10), Length: 30 * time.Minute})
		c.must(err)
		if r := said("olav"); r != (scheduling.Readiness{}) {
			t.Errorf("of the day after: %+v", r)
		}
	})
}

func TestWhatEachOfThemReadsOfAnAppointment(t *testing.T) {
	c := inTheCounty(t)
	r := visit(at(7, 10), at(8, 10))
	r.Prepare = []scheduling.Preparation{{For: access.Patient, What: "Ta av bandasjen"}, {For: access.Nurse, What: "Målebånd"}}
	a := c.books(r)
	a = c.answers(theDoctor, a, scheduling.Given{Answers: to(a, scheduling.Declined, 0).Answers, Comment: "er på kurs"})
	a = c.answers(thePatient(a), a, scheduling.Given{Answers: to(a, scheduling.Tentative, 0).Answers, Comment: "har cellegift den dagen"})
	read := func(by access.Actor) scheduling.Detail {
		t.Helper()
		d, err := c.Read(t.Context(), by, a.ID)
		c.must(err)
		return d
	}
	d := read(theNurse)
	if d.Question == "" || len(d.Prepare) != 2 || d.People[2].Reply.Comment == "" || len(d.Options[0].Replies) != 2 || d.MadeBy != "Siv" {
		t.Errorf("the nurse: %+v", d)
	}
	d = read(thePatient(a))
	if d.Question != "" || d.MadeBy != "" || d.Title == "" || len(d.Prepare) != 1 || d.Prepare[0].For != access.Patient {
		t.Errorf("the patient: %+v", d.Plan)
	}
	for _, p := range d.People {
		if own := p.Person == "olav"; own != (p.Reply.Comment != "") || !own && p.Reply.Answer == scheduling.Declined {
			t.Errorf("the patient reads what %s has said: %+v", p.Person, p.Reply)
		}
	}
	for _, o := range d.Options {
		for _, reply := range o.Replies {
			if reply.Participant != d.Mine {
				t.Errorf("the patient reads another's answer: %+v", reply)
			}
		}
	}
	if got := c.stored(a.ID); len(got.Options[0].Replies) != 2 {
		t.Errorf("reading has changed it: %+v", got.Options)
	}
	// Who may know that there is something, and not of the patient.
	list, err := c.BookingsOf(t.Context(), theAdmin, "2026-12-07", 1)
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	d = list[0]
	if d.Title != "" || d.Question != "" || d.People[2].Name != "" || d.People[2].Reply.Comment != "" || d.People[0].Name != "Tuva" {
		t.Errorf("the administrator: %+v", d.People)
	}
	for why, by := range map[string]access.Actor{"the administrator": theAdmin, "another house": atLangvik, "by the link to another": guest("olav", access.Patient, scheduling.Appointment{ID: "c2"})} {
		_, err := c.Read(t.Context(), by, a.ID)
		there, ok := errors.AsType[*access.Refused](err)
		_, err = c.Read(t.Context(), by, "nothing")
		not, also := errors.AsType[*access.Refused](err)
		if !ok && why != "the administrator" || ok && (!also || there.Error() != not.Error()) {
			t.Errorf("%s: %v and %v", why, there, not)
		}
	}
	if list, err = c.BookingsOf(t.Context(), atLangvik, "2026-12-07", 1); err != nil || len(list) != 0 {
		t.Errorf("another house lists: %+v, %v", list, err)
	}
}

func TestAMachineReadsWhatTheCoordinatorsOfItsOrganisationDo(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		r := atOnce(at(7, 10))
		r.Prepare = []scheduling.Preparation{{For: access.Nurse, What: "Mål såret"}, {For: access.Patient, What: "Ha bandasjen klar"}}
		a := c.books(r)
		declined := to(a, scheduling.Declined)
		declined.Comment = "Er på kurs"
		c.answers(theNurse, a, declined)
		for by, sees := range map[access.Actor]bool{
			{Person: "journal", Role: access.Machine, Organisation: fjordvik}: true,
			{Person: "booker", Role: access.Machine, Organisation: hospital}:  true,
			thePatient(a): false,
			// Signed in by no link, and still not one of those who treat.
			{Person: "olav", Role: access.Patient}: false,
		} {
			d, err := c.Read(t.Context(), by, a.ID)
			c.must(err)
			comment := ""
			for _, p := range d.People {
				comment += p.Reply.Comment
			}
			if got := d.Question == "Veks såret?" && len(d.Prepare) == 2 && comment == "Er på kurs"; got != sees {
				t.Errorf("%s of %q reads %q, %v and %q", by.Role, by.Organisation, d.Question, d.Prepare, comment)
			}
		}
		_, err := c.Read(t.Context(), access.Actor{Person: "stray", Role: access.Machine, Organisation: langvik}, a.ID)
		refusedTo(t, "a machine of another organisation", err)
	})
}

func TestALinkInvitesToItsOwnAndTellsWhenTheOthersAre(t *testing.T) {
	c := inTheCounty(t)
	a, b := c.books(visit(at(7, 10))), c.books(atOnce(at(9, 10)))
	in, others, err := c.Invites(t.Context(), thePatient(a))
	if err != nil || in.ID != a.ID || len(others) != 1 || others[0].ID != b.ID || in.Hosts[hospital].Name != "Fjord sjukehus" {
		t.Errorf("%+v, %v", others, err)
	}
	_, err = c.Cancel(t.Context(), atSjukehus, a.ID, 0, scheduling.Cancel{Reason: scheduling.ByStaff, Words: "legen er sjuk"})
	c.must(err)
	in, _, err = c.Invites(t.Context(), thePatient(a))
	if err != nil || in.State != scheduling.Cancelled || in.Words != "" || len(in.May) != 0 {
		t.Errorf("of what is cancelled: %+v, %v", in, err)
	}
	if _, _, err = c.Invites(t.Context(), theDoctor); !errors.Is(err, scheduling.ErrNoSeat) {
		t.Errorf("without a link: %v", err)
	}
	_, _, err = c.Invites(t.Context(), guest("bo", access.Patient, b))
	refusedTo(t, "by a link to what one is not in", err)
}

// What is said not to have changed must not have been told of either.
func TestMessagesAreWrittenWithTheChangeOrNotAtAll(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(visit(at(7, 10)))
		ctx, stop := context.WithCancel(t.Context())
		stop()
		c.unchanged(func() {
			if _, _, err := c.Book(ctx, atSjukehus, atOnce(at(8, 10))); err == nil {
				t.Error("booked though nobody waits for it")
			}
			if _, err := c.Answer(ctx, theNurse, a.ID, to(a, scheduling.Accepted, 0)); err == nil {
				t.Error("answered though nobody waits for it")
			}
		})
		c.books(atOnce(at(8, 10)))
		c.unchanged(func() {
			_, _, err := c.Book(t.Context(), atSjukehus, atOnce(at(8, 10)))
			taken(t, "the same again", err, scheduling.TakenBusy, "tuva", "mari", "olav")
		})
	})
}
