package scheduling_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

func TestAProposalIsBookedWhenAllWhoMustBeThereHaveAcceptedTheSameTime(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(visit(at(7, 10), at(8, 10), at(9, 10)))
		if a.State != scheduling.Proposed || len(a.Options) != 3 || !a.Starts.Equal(at(7, 10)) || a.MadeBy != "siv" {
			t.Fatalf("proposed: %+v", a)
		}
		if got, want := c.outbox(), []string{"proposal to olav", "proposal to ragna", "staff-proposal to mari", "staff-proposal to tuva"}; !slices.Equal(got, want) {
			t.Errorf("who is asked: %v", got)
		}
		a = c.answers(theDoctor, a, to(a, scheduling.Accepted, 0, 1))
		if a.State != scheduling.Pending {
			t.Errorf("when one has accepted it is %s", a.State)
		}
		a = c.answers(theNurse, a, to(a, scheduling.Accepted, 1, 2))
		// The daughter need not be there: her answer books nothing, and keeps nothing from it.
		a = c.answers(guest("ragna", access.Relative, a), a, to(a, scheduling.Accepted, 0, 1, 2))
		if a.State != scheduling.Pending {
			t.Errorf("before the patient has answered it is %s", a.State)
		}
		a = c.answers(thePatient(a), a, scheduling.Given{Answers: slices.Concat(to(a, scheduling.Declined, 0).Answers, to(a, scheduling.Accepted, 1).Answers)})
		if a.State != scheduling.Booked || !a.Starts.Equal(at(8, 10)) || !a.Ends.Equal(at(8, 10).Add(30*time.Minute)) || len(a.Options) != 0 || !a.AnswerBy.IsZero() {
			t.Errorf("booked: %+v", a)
		}
		for _, p := range a.Participants {
			if p.Reply.Answer != scheduling.Accepted || p.Reply.At.IsZero() {
				t.Errorf("%s: %+v", p.Person, p.Reply)
			}
		}
		want := []string{
			"agreed to siv", "booked to olav", "booked to ragna", "reminder-day to olav", "reminder-day to ragna", "reminder-hour to olav", "reminder-hour to ragna",
			"staff-booked to mari", "staff-booked to tuva", "staff-reminder to mari", "staff-reminder to tuva",
		}
		if got := c.outbox(); !slices.Equal(got, want) {
			t.Errorf("who is told: %v", got)
		}
		if got := c.stored(a.ID); got.State != scheduling.Booked || got.Version != 5 {
			t.Errorf("stored: %+v", got)
		}
	})
}

func TestTheSuggestionOfAnotherTimeIsAskedOfTheOthersWhenWhoInvitesAgrees(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(visit(at(7, 10)))
		c.outbox()
		a = c.answers(thePatient(a), a, scheduling.Given{Starts: at(8, 12), Comment: "helst etter lunsj"})
		if len(a.Options) != 2 || a.Options[1].By != seat(a, "olav") || !a.Options[1].Ends.Equal(at(8, 12).Add(30*time.Minute)) || participant(a, "olav").Reply.Comment != "helst etter lunsj" {
			t.Fatalf("suggested: %+v", a.Options)
		}
		if got := c.outbox(); !slices.Contains(got, "suggested to siv") {
			t.Errorf("who has booked is told: %v", got)
		}
		waits, err := c.Waiting(t.Context(), atSjukehus)
		if err != nil || len(waits) == 0 || waits[0].Kind != scheduling.WaitSuggested || waits[0].Option != a.Options[1].ID || !waits[0].Free {
			t.Errorf("it waits for the coordinator: %+v, %v", waits, err)
		}
		// An earlier one that nobody has accepted gives way to another of the same person.
		a = c.answers(thePatient(a), a, scheduling.Given{Starts: at(8, 13)})
		if len(a.Options) != 2 || !a.Options[1].Starts.Equal(at(8, 13)) {
			t.Errorf("suggested anew: %+v", a.Options)
		}
		before := c.outbox()
		a = c.answers(atSjukehus, a, to(a, scheduling.Accepted, 1)) // for the doctor
		if got := c.outbox(); len(got) != len(before)+2 || !slices.Contains(got, "staff-proposal to mari") || !slices.Contains(got, "proposal to ragna") {
			t.Errorf("the others are asked: %v, was %v", got, before)
		}
		a = c.answers(atFjordvik, a, to(a, scheduling.Accepted, 1))
		if a.State != scheduling.Booked || !a.Starts.Equal(at(8, 13)) {
			t.Errorf("booked: %+v", a)
		}
	})
}

func TestWhatCanBeSuggestedIsAnotherTimeToCome(t *testing.T) {
	c := inTheCounty(t)
	a := c.books(visit(at(7, 10), at(7, 11), at(7, 12), at(7, 13), at(7, 14)))
	booked := c.books(atOnce(at(9, 10)))
	for why, starts := range map[string]time.Time{
		"past": monday.Add(-time.Hour), "in three years": monday.AddDate(3, 0, 0), "in the middle of a minute": at(8, 10).Add(time.Second),
	} {
		c.unchanged(func() {
			_, err := c.Answer(t.Context(), thePatient(a), a.ID, scheduling.Given{Starts: starts})
			breaks(t, why, err, "starts")
		})
	}
	c.unchanged(func() {
		_, err := c.Answer(t.Context(), thePatient(booked), booked.ID, scheduling.Given{Starts: at(10, 10)})
		breaks(t, "of what is booked", err, "starts")
		_, err = c.Answer(t.Context(), theNurse, a.ID, scheduling.Given{Starts: at(9, 10)})
		taken(t, "when one is in another call", err, scheduling.TakenBusy, "mari")
	})
	a = c.answers(thePatient(a), a, scheduling.Given{Starts: at(8, 10)})
	c.unchanged(func() {
		_, err := c.Answer(t.Context(), theNurse, a.ID, scheduling.Given{Starts: at(8, 11)})
		breaks(t, "a seventh", err, "starts")
	})
	// Of a time that is there already it is an acceptance.
	if a = c.answers(theNurse, a, scheduling.Given{Starts: at(8, 10)}); len(a.Options) != 6 || len(a.Options[5].Replies) != 2 {
		t.Errorf("%+v", a.Options)
	}
}

func TestAcceptingIsAPromiseThatHoldsTheTime(t *testing.T) {
	ends := map[string]func(t *testing.T, c *county, a scheduling.Appointment) error{
		"declined after all": func(t *testing.T, c *county, a scheduling.Appointment) error {
			_, err := c.Answer(t.Context(), theNurse, a.ID, to(a, scheduling.Declined, 0))
			return err
		},
		"lapsed": func(t *testing.T, c *county, a scheduling.Appointment) error {
			c.now = a.AnswerBy.Add(time.Millisecond)
			n, err := c.Lapse(t.Context())
			if n == 0 {
				t.Errorf("%d lapsed", n)
			}
			return err
		},
		"cancelled": func(t *testing.T, c *county, a scheduling.Appointment) error {
			_, err := c.Cancel(t.Context(), atSjukehus, a.ID, 0, scheduling.Cancel{Reason: scheduling.ByPatient})
			return err
		},
		"moved": func(t *testing.T, c *county, a scheduling.Appointment) error {
			_, err := c.Move(t.Context(), atSjukehus, a.ID, a.Version, scheduling.Move{Starts: at(8, 10), Length: 30 * time.Minute})
			return err
		},
		"another in the nurse's place": func(t *testing.T, c *county, a scheduling.Appointment) error {
			_, err := c.Deputise(t.Context(), theNurse, a.ID, "", "vera")
			return err
		},
		"invited no more": func(t *testing.T, c *county, a scheduling.Appointment) error {
			_, err := c.Invite(t.Context(), atSjukehus, a.ID, a.Version, []scheduling.Party{doctor(), patient()})
			return err
		},
	}
	for why, end := range ends {
		t.Run(why, func(t *testing.T) {
			inEachCounty(t, func(t *testing.T, c *county) {
				a := c.books(visit(at(7, 10)))
				// The travel counts too: half an hour before, twenty minutes after.
				other := visit(at(7, 11))
				other.Parties = []scheduling.Party{nurse()}
				b := c.books(other)
				a = c.answers(theNurse, a, to(a, scheduling.Accepted, 0))
				c.unchanged(func() {
					_, err := c.Answer(t.Context(), theNurse, b.ID, to(b, scheduling.Accepted, 0))
					taken(t, "promised to another", err, scheduling.TakenBusy, "mari")
					other.AtOnce = true
					_, _, err = c.Book(t.Context(), atSjukehus, other)
					taken(t, "booked by another", err, scheduling.TakenBusy, "mari")
				})
				c.must(end(t, c, a))
				if held := c.claimed("mari"); len(held) != 0 {
					t.Errorf("still held: %+v", held)
				}
				other.AtOnce = true
				c.books(other)
			})
		})
	}
}

func TestTravelAndEquipmentAreBookedToo(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		tablet, err := c.SetEquipment(t.Context(), atFjordvik, scheduling.Equipment{Kind: "tablet", Name: "Nettbrett 1", Active: true})
		c.must(err)
		r := atOnce(at(7, 10))
		r.Equipment = []scheduling.EquipmentID{tablet.ID}
		a := c.books(r)
		for subject, want := range map[scheduling.Subject][2]time.Time{
			"tuva": {at(7, 10), at(7, 10).Add(30 * time.Minute)},
			// There and back, also what she takes along.
			"mari": {at(7, 10).Add(-30 * time.Minute), at(7, 10).Add(50 * time.Minute)}, scheduling.Subject(tablet.ID): {at(7, 10).Add(-30 * time.Minute), at(7, 10).Add(50 * time.Minute)},
		} {
			claims := c.claimed(subject)
			if len(claims) == 0 || !claims[0].Starts.Equal(want[0]) || !claims[len(claims)-1].Ends.Equal(want[1]) {
				t.Errorf("%s: %+v", subject, claims)
			}
		}
		with := func(p scheduling.Party, e ...scheduling.EquipmentID) scheduling.Request {
			return scheduling.Request{AtOnce: true, Parties: []scheduling.Party{p}, Equipment: e, Length: 30 * time.Minute, Starts: []time.Time{at(7, 10).Add(45 * time.Minute)}}
		}
		c.unchanged(func() {
			_, _, err = c.Book(t.Context(), atSjukehus, with(nurse()))
			taken(t, "on the way back", err, scheduling.TakenBusy, "mari")
			_, _, err = c.Book(t.Context(), atSjukehus, with(doctor(), tablet.ID))
			taken(t, "what is on the way back", err, scheduling.TakenBusy, scheduling.Subject(tablet.ID))
			anyway := with(doctor(), tablet.ID)
			anyway.Anyway = true
			_, _, err = c.Book(t.Context(), atSjukehus, anyway)
			taken(t, "anyway is never over another booking", err, scheduling.TakenBusy, scheduling.Subject(tablet.ID))
		})
		c.books(with(doctor()))
		_, err = c.Cancel(t.Context(), atSjukehus, a.ID, 0, scheduling.Cancel{Reason: scheduling.NoLongerNeeded})
		c.must(err)
		if left := c.claimed("mari", scheduling.Subject(tablet.ID)); len(left) != 0 {
			t.Errorf("left: %+v", left)
		}
	})
}

func TestOnlyEquipmentThatOneMayHaveIsBookedAlong(t *testing.T) {
	c := inTheCounty(t)
	theirs, err := c.SetEquipment(t.Context(), atLangvik, scheduling.Equipment{Kind: "tablet", Name: "Langviks", Active: true})
	c.must(err)
	broken, err := c.SetEquipment(t.Context(), atSjukehus, scheduling.Equipment{Kind: "tablet", Name: "Knust"})
	c.must(err)
	for why, id := range map[string]scheduling.EquipmentID{
		"of who has agreed on nothing": theirs.ID, "that is out of use": broken.ID, "that is not there": "nothing", "that is a nurse of Langvik's": "lars", "that is a patient": "bo",
	} {
		c.unchanged(func() {
			r := atOnce(at(7, 10))
			r.Equipment = []scheduling.EquipmentID{id}
			_, _, err := c.Book(t.Context(), atSjukehus, r)
			breaks(t, "equipment "+why, err, "equipment[0]")
			_, err = c.Find(t.Context(), atSjukehus, scheduling.Search{Parties: []scheduling.Party{doctor()}, Equipment: r.Equipment, Length: 30 * time.Minute})
			breaks(t, "a search with equipment "+why, err, "equipment[0]")
		})
	}
}

func TestWhoMayAnswerForWhom(t *testing.T) {
	c := inTheCounty(t)
	a := c.books(visit(at(7, 10)))
	b := c.books(visit(at(8, 10)))
	for _, tt := range []struct {
		why  string
		by   access.Actor
		for_ access.PersonID // empty: says nothing
		may  bool
	}{
		{"the doctor for himself", theDoctor, "tuva", true},
		{"the doctor for the nurse", theDoctor, "mari", false},
		{"the doctor for the patient", theDoctor, "olav", false},
		{"a colleague for the doctor", access.Actor{Person: "erik", Role: access.Specialist, Organisation: hospital}, "tuva", false},
		{"who invites for its doctor", atSjukehus, "tuva", true},
		{"who invites for all of its own", atSjukehus, "", true},
		{"who invites for the patient", atSjukehus, "olav", true},
		{"who invites for the daughter", atSjukehus, "ragna", true},
		{"who invites for another's nurse", atSjukehus, "mari", false},
		{"the municipality for its nurse", atFjordvik, "mari", true},
		{"the municipality for the patient", atFjordvik, "olav", false},
		{"the municipality for the doctor", atFjordvik, "tuva", false},
		{"who acts for the municipality, for its nurse", atVestvik, "mari", false},
		{"one who has no part in it", atLangvik, "mari", false},
		{"one who has no part in it, for nobody", atLangvik, "", false},
		{"the administrator", theAdmin, "tuva", false},
		{"the nurse in another role", access.Actor{Person: "mari", Role: access.GP, Organisation: fjordvik}, "mari", false},
		{"the nurse for another house", access.Actor{Person: "mari", Role: access.Nurse, Organisation: langvik}, "mari", false},
		{"the patient by the link to it", thePatient(a), "olav", true},
		{"the patient for the daughter", thePatient(a), "ragna", false},
		{"the patient by another link", thePatient(b), "olav", false},
		{"the daughter for the patient", guest("ragna", access.Relative, a), "olav", false},
		{"a coordinator who has come by a link", access.Actor{Person: "siv", Role: access.Coordinator, Organisation: hospital, Consultation: string(a.ID)}, "tuva", false},
	} {
		t.Run(tt.why, func(t *testing.T) {
			g := to(a, scheduling.Tentative, 0)
			if tt.for_ != "" {
				g.Participant = seat(a, tt.for_)
			}
			if !tt.may {
				c.unchanged(func() {
					_, err := c.Answer(t.Context(), tt.by, a.ID, g)
					refusedTo(t, tt.why, err)
				})
				return
			}
			got := c.answers(tt.by, a, g)
			for _, r := range got.Options[0].Replies {
				p := participant(got, tt.for_)
				if r.Participant == p.ID && (r.Answer != scheduling.Tentative || (r.By == "") != (tt.by.Person == tt.for_)) {
					t.Errorf("%+v", r)
				}
			}
		})
	}
	refused := func(id scheduling.AppointmentID) error {
		_, err := c.Answer(t.Context(), atLangvik, id, scheduling.Given{Answers: []scheduling.GivenAnswer{{Answer: scheduling.Accepted}}})
		return err
	}
	if there, not := refused(a.ID), refused("nowhere"); there == nil || not == nil || there.Error() != not.Error() {
		t.Errorf("one that is there: %v; one that is not: %v", there, not)
	}
}

func TestWhatNamesNoTimeThatIsAskedForIsNoAnswer(t *testing.T) {
	c := inTheCounty(t)
	a, other := c.books(visit(at(7, 10))), c.books(visit(at(8, 10)))
	booked := c.books(atOnce(at(9, 10)))
	for why, tt := range map[string]struct {
		of    scheduling.Appointment
		given scheduling.Given
		field string
	}{
		"nothing":                  {a, scheduling.Given{}, "answers"},
		"a time of another":        {a, to(other, scheduling.Accepted, 0), "answers[0].option"},
		"the booked time":          {a, to(a, scheduling.Accepted), "answers[0].option"},
		"a time of what is booked": {booked, to(a, scheduling.Accepted, 0), "answers[0].option"},
		"needs action":             {a, to(a, scheduling.NeedsAction, 0), "answers[0].answer"},
	} {
		c.unchanged(func() {
			_, err := c.Answer(t.Context(), theDoctor, tt.of.ID, tt.given)
			breaks(t, why, err, tt.field)
		})
	}
	polish := "polsk språk"
	c.unchanged(func() {
		_, err := c.Answer(t.Context(), thePatient(a), a.ID, scheduling.Given{Interpreter: &polish})
		breaks(t, "a language that is none", err, "interpreter")
	})
}

func TestADeputyMustWorkThereAndBeFree(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(atOnce(at(7, 10)))
		busy := scheduling.Request{AtOnce: true, Parties: []scheduling.Party{{Person: "vera", Role: access.Nurse, Organisation: fjordvik, Required: true}}, Length: 30 * time.Minute, Starts: []time.Time{at(7, 10).Add(40 * time.Minute)}}
		b := c.books(busy)
		mari := seat(a, "mari")
		c.unchanged(func() {
			for why, deputy := range map[string]access.PersonID{"of another house": "lars", "in another role": "per", "who is nobody": "nobody", "in it already": "tuva"} {
				_, err := c.Deputise(t.Context(), theNurse, a.ID, "", deputy)
				breaks(t, why, err, "person")
			}
			_, err := c.Deputise(t.Context(), theNurse, a.ID, "", "vera")
			taken(t, "one who is busy on the way back", err, scheduling.TakenBusy, "vera")
			_, err = c.Deputise(t.Context(), theDoctor, a.ID, "", "erik")
			breaks(t, "who is asked in person", err, "participant")
			_, err = c.Deputise(t.Context(), atSjukehus, a.ID, seat(a, "olav"), "ragna")
			breaks(t, "for a patient", err, "participant")
			_, err = c.Deputise(t.Context(), atSjukehus, a.ID, mari, "vera")
			refusedTo(t, "for another's nurse", err)
			_, err = c.Deputise(t.Context(), theDoctor, a.ID, mari, "vera")
			refusedTo(t, "the doctor for the nurse", err)
		})
		_, err := c.Cancel(t.Context(), atSjukehus, b.ID, 0, scheduling.Cancel{Reason: scheduling.OtherReason})
		c.must(err)
		c.outbox()
		got, err := c.Deputise(t.Context(), theNurse, a.ID, "", "vera")
		c.must(err)
		vera := participant(got, "vera")
		if vera.ID != mari || vera.DeputyFor != "mari" || vera.Title != "Tittel" || vera.Reply.Answer == scheduling.Accepted || got.Sequence < a.Sequence {
			t.Errorf("in her place: %+v", vera)
		}
		if len(c.claimed("mari")) != 0 || len(c.claimed("vera")) != 3 {
			t.Errorf("whose time it is: %+v", c.claimed("mari", "vera"))
		}
		if out := c.outbox(); !slices.Contains(out, "deputy-asked to vera") {
			t.Errorf("who is told: %v", out)
		}
		waits, err := c.Waiting(t.Context(), access.Actor{Person: "vera", Role: access.Nurse, Organisation: fjordvik})
		if err != nil || len(waits) != 1 || waits[0].Kind != scheduling.WaitAsked {
			t.Errorf("it waits for the deputy: %+v, %v", waits, err)
		}
		got, err = c.Deputise(t.Context(), atFjordvik, a.ID, vera.ID, "mari")
		if err != nil || participant(got, "mari").DeputyFor != "" {
			t.Errorf("back again: %+v, %v", participant(got, "mari"), err)
		}
	})
}

// Whoever has suggested a time may be replaced: what they have promised is gone with them.
func TestWhatWasSuggestedBeforeADeputyCameStillWaits(t *testing.T) {
	c := inTheCounty(t)
	a := c.books(visit(at(7, 10)))
	a = c.answers(theNurse, a, scheduling.Given{Starts: at(8, 10)})
	a, err := c.Deputise(t.Context(), theNurse, a.ID, "", "vera")
	c.must(err)
	if len(c.claimed("mari", "vera")) != 0 {
		t.Errorf("held: %+v", c.claimed("mari", "vera"))
	}
	if _, err := c.Waiting(t.Context(), atSjukehus); err != nil {
		t.Error(err)
	}
}

func TestAMoveAsksAnew(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(atOnce(at(7, 10)))
		a = c.answers(thePatient(a), a, to(a, scheduling.Accepted))
		c.sends()
		moved, err := c.Move(t.Context(), theDoctor, a.ID, a.Version, scheduling.Move{Starts: at(8, 12), Length: 45 * time.Minute})
		c.must(err)
		if moved.State != scheduling.Booked || !moved.Starts.Equal(at(8, 12)) || !moved.Ends.Equal(at(8, 12).Add(45*time.Minute)) || !moved.Was.Equal(at(7, 10)) || moved.Sequence != a.Sequence+1 {
			t.Errorf("%+v", moved)
		}
		if got := participant(moved, "olav").Reply.Answer; got != scheduling.NeedsAction {
			t.Errorf("the patient has %s", got)
		}
		if got := participant(moved, "tuva").Reply.Answer; got != scheduling.Accepted {
			t.Errorf("who moves it has %s", got)
		}
		want := []string{
			"moved to olav", "moved to ragna", "reminder-day to olav", "reminder-day to ragna", "reminder-hour to olav", "reminder-hour to ragna",
			"staff-moved to mari", "staff-reminder to mari", "staff-reminder to tuva",
		}
		if got := c.outbox(); !slices.Equal(got, want) {
			t.Errorf("what was to be sent is withdrawn, and who is told: %v", got)
		}
		for _, m := range c.messages() {
			if m.Change != moved.Sequence {
				t.Errorf("%s to %s tells of change %d", m.Kind, m.To, m.Change)
			}
		}
		c.books(atOnce(at(9, 12)))
		c.unchanged(func() {
			move := func(version int64, m scheduling.Move) error {
				_, err := c.Move(t.Context(), atSjukehus, a.ID, version, m)
				return err
			}
			half := 30 * time.Minute
			if err := move(a.Version, scheduling.Move{Starts: at(10, 10), Length: half}); !errors.Is(err, scheduling.ErrVersion) {
				t.Errorf("of what another has moved meanwhile: %v", err)
			}
			taken(t, "into another", move(moved.Version, scheduling.Move{Starts: at(9, 12), Length: half}), scheduling.TakenBusy, "tuva", "mari", "olav")
			taken(t, "into a Saturday", move(moved.Version, scheduling.Move{Starts: at(12, 12), Length: half}), scheduling.TakenClosed, "tuva", "mari")
			breaks(t, "to the same", move(moved.Version, scheduling.Move{Starts: at(8, 12), Length: 45 * time.Minute}), "starts")
			breaks(t, "to yesterday", move(moved.Version, scheduling.Move{Starts: monday.AddDate(0, 0, -1), Length: half}), "starts")
			breaks(t, "to no length", move(moved.Version, scheduling.Move{Starts: at(10, 10)}), "minutes")
			_, err = c.Move(t.Context(), atFjordvik, a.ID, moved.Version, scheduling.Move{Starts: at(10, 10), Length: half})
			refusedTo(t, "by who takes part and does not invite", err)
			_, err = c.Move(t.Context(), thePatient(a), a.ID, moved.Version, scheduling.Move{Starts: at(10, 10), Length: half})
			refusedTo(t, "by the patient", err)
		})
		anyway, err := c.Move(t.Context(), atSjukehus, a.ID, moved.Version, scheduling.Move{Starts: at(12, 12), Length: 30 * time.Minute, Anyway: true})
		if err != nil || !anyway.Starts.Equal(at(12, 12)) || anyway.Sequence != moved.Sequence+1 {
			t.Errorf("anyway: %+v, %v", anyway, err)
		}
	})
}

func TestWhatIsMovedWhileItIsAskedForIsAskedForTheOneTime(t *testing.T) {
	c := inTheCounty(t)
	a := c.books(visit(at(7, 10), at(8, 10)))
	a = c.answers(theNurse, a, to(a, scheduling.Accepted, 0, 1))
	c.outbox()
	moved, err := c.Move(t.Context(), theDoctor, a.ID, a.Version, scheduling.Move{Starts: at(9, 10), Length: 30 * time.Minute})
	c.must(err)
	if moved.State != scheduling.Pending || len(moved.Options) != 1 || !moved.Options[0].Starts.Equal(at(9, 10)) || len(moved.Options[0].Replies) != 1 || len(c.claimed("mari")) != 0 {
		t.Errorf("%+v", moved)
	}
	if got, want := c.outbox(), []string{"proposal to olav", "proposal to ragna", "staff-proposal to mari"}; !slices.Equal(got, want) {
		t.Errorf("who is asked: %v", got)
	}
}

func TestAProposalHoldsForThreeDaysAndAtTheLatestHalfTheTimeThatIsLeft(t *testing.T) {
	c := inTheCounty(t)
	for why, tt := range map[string]struct{ starts, least, most time.Time }{
		"three weeks ahead": {at(21, 10), monday.AddDate(0, 0, 3), monday.AddDate(0, 0, 3).Add(time.Minute)},
		"two days ahead":    {monday.AddDate(0, 0, 2), monday.AddDate(0, 0, 1), monday.AddDate(0, 0, 1).Add(time.Minute)},
		"in an hour":        {monday.Add(time.Hour), monday.Add(30 * time.Minute), monday.Add(31 * time.Minute)},
	} {
		a := c.books(visit(tt.starts))
		if a.AnswerBy.Before(tt.least) || a.AnswerBy.After(tt.most) {
			t.Errorf("%s: until %s", why, a.AnswerBy)
		}
	}
}

func TestWhatIsToBeAnsweredByNightIsByWhenPeopleAreAwake(t *testing.T) {
	c := inTheCounty(t)
	winter := func(day, hour, minute int) time.Time { return at(day, hour).Add(time.Duration(minute) * time.Minute) }
	for why, tt := range map[string]struct{ now, starts, want time.Time }{
		"late in the evening":                    {winter(1, 22, 0), winter(21, 10, 0), winter(4, 20, 0)},
		"after midnight":                         {winter(2, 1, 30), winter(21, 10, 0), winter(4, 20, 0)},
		"early in the morning":                   {winter(1, 6, 59), winter(21, 10, 0), winter(3, 20, 0)},
		"when the evening leaves no time":        {winter(1, 19, 30), winter(2, 12, 0), winter(2, 9, 0)},
		"when neither does":                      {winter(1, 19, 30), winter(2, 9, 30), winter(2, 2, 31)},
		"by day":                                 {winter(1, 9, 0), winter(21, 10, 0), winter(4, 9, 1)},
		"just before nine in the evening by day": {winter(1, 20, 58), winter(21, 10, 0), winter(4, 20, 59)},
	} {
		c.now = tt.now
		a := c.books(visit(tt.starts))
		if !a.AnswerBy.Equal(tt.want) {
			t.Errorf("%s: until %s, want %s", why, a.AnswerBy, tt.want)
		}
	}
	c.now = winter(1, 9, 0)
	r := visit(winter(21, 10, 0))
	r.AnswerBy = winter(3, 23, 0)
	if a := c.books(r); !a.AnswerBy.Equal(r.AnswerBy) {
		t.Errorf("what somebody has chosen becomes %s", a.AnswerBy)
	}
}

func TestNobodyIsRemindedTwiceInAnHour(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(visit(at(7, 10)))
		c.sends()
		remind := func(whom access.PersonID) error {
			_, err := c.Remind(t.Context(), atSjukehus, a.ID, seat(a, whom))
			return err
		}
		c.must(remind("mari"))
		c.unchanged(func() { breaks(t, "the nurse again", remind("mari"), "participant") })
		c.sends()
		c.now = c.now.Add(30 * time.Minute)
		c.must(remind("")) // all others
		if got, want := c.outbox(), []string{"proposal to olav", "proposal to ragna", "staff-proposal to tuva"}; !slices.Equal(got, want) {
			t.Errorf("who is reminded: %v", got)
		}
		c.unchanged(func() { breaks(t, "all again", remind(""), "participant") })
		c.sends()
		c.now = c.now.Add(30 * time.Minute)
		c.must(remind(""))
		if got, want := c.outbox(), []string{"staff-proposal to mari"}; !slices.Equal(got, want) {
			t.Errorf("when her hour is over: %v", got)
		}
	})
}

func TestThePatientIsNotAskedAboutATimeThatCannotBe(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(visit(at(7, 10), at(8, 10)))
		c.sends()
		times := func(by access.Actor) (out []time.Time) {
			t.Helper()
			d, err := c.Read(t.Context(), by, a.ID)
			c.must(err)
			for _, o := range d.Options {
				out = append(out, o.Starts)
			}
			return out
		}
		a = c.answers(guest("ragna", access.Relative, a), a, to(a, scheduling.Declined, 0)) // she need not be there
		if got := times(thePatient(a)); len(got) != 2 {
			t.Errorf("asked about %v", got)
		}
		a = c.answers(theNurse, a, to(a, scheduling.Declined, 0))
		if got := times(thePatient(a)); len(got) != 1 || !got[0].Equal(at(8, 10)) {
			t.Errorf("the patient is asked about %v", got)
		}
		if got := times(theDoctor); len(got) != 2 {
			t.Errorf("the doctor is asked about %v", got)
		}
		a = c.answers(thePatient(a), a, to(a, scheduling.Accepted, 1))
		if _, err := c.Remind(t.Context(), atSjukehus, a.ID, seat(a, "olav")); err == nil {
			t.Error("the patient is reminded of what is not asked any more")
		}
		a = c.answers(theNurse, a, to(a, scheduling.Tentative, 0)) // after all
		if got := times(thePatient(a)); len(got) != 2 {
			t.Errorf("when it could be after all: %v", got)
		}
	})
}

func TestATimeThatHasPassedIsNotAgreedOn(t *testing.T) {
	c := inTheCounty(t)
	r := visit(at(1, 10), at(7, 10))
	r.AnswerBy = at(6, 10)
	a := c.books(r)
	a = c.answers(theNurse, a, to(a, scheduling.Accepted, 0, 1))
	a = c.answers(thePatient(a), a, to(a, scheduling.Accepted, 0, 1))
	c.now = at(3, 10)
	c.unchanged(func() {
		_, err := c.Answer(t.Context(), theDoctor, a.ID, to(a, scheduling.Accepted, 0))
		breaks(t, "the one of the day before yesterday", err, "answers[0].option")
	})
	if a = c.answers(theDoctor, a, to(a, scheduling.Accepted, 1)); a.State != scheduling.Booked || !a.Starts.Equal(at(7, 10)) {
		t.Errorf("%+v", a)
	}
}

func TestWhatNobodyHasAgreedOnInTimeLapses(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a, later := c.books(visit(at(7, 10))), c.books(visit(at(28, 10)))
		a = c.answers(theNurse, a, to(a, scheduling.Accepted, 0))
		c.now = a.AnswerBy
		_, err := c.Answer(t.Context(), theDoctor, a.ID, to(a, scheduling.Accepted, 0))
		if _, over := errors.AsType[*scheduling.ClosedError](err); !over {
			t.Errorf("an answer that is late: %v", err)
		}
		c.now = a.AnswerBy.Add(time.Millisecond)
		c.outbox()
		if n, err := c.Lapse(t.Context()); n < 1 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		got := c.stored(a.ID)
		if got.State != scheduling.Cancelled || got.Reason != scheduling.NoAnswer || got.Sequence != a.Sequence+1 || len(c.claimed("mari")) != 0 {
			t.Errorf("%+v", got)
		}
		out := c.outbox()
		if !slices.Contains(out, "staff-cancelled to mari") || !slices.Contains(out, "lapsed to siv") || slices.Contains(out, "cancelled to olav") {
			t.Errorf("who has promised, and who has booked, are told: %v", out)
		}
		if again, err := c.Lapse(t.Context()); again != 0 || err != nil {
			t.Errorf("again: %d, %v", again, err)
		}
		if got := c.stored(later.ID); got.State.Open() != later.AnswerBy.After(c.now) {
			t.Errorf("the later one is %s", got.State)
		}
		waits, err := c.Waiting(t.Context(), atSjukehus)
		if err != nil || !slices.ContainsFunc(waits, func(w scheduling.Waits) bool { return w.Kind == scheduling.WaitLapsed && w.Booking.ID == a.ID }) {
			t.Errorf("it waits for the coordinator: %+v, %v", waits, err)
		}
	})
}

// What can be done with an appointment by how far it has come; nothing else can.
func TestWhatCanBeDoneWhen(t *testing.T) {
	deeds := map[string]func(c *county, a scheduling.Appointment) error{
		"answer": func(c *county, a scheduling.Appointment) error {
			g := to(a, scheduling.Accepted)
			if a.State.Open() {
				g = to(a, scheduling.Accepted, 0)
			}
			_, err := c.Answer(c.t.Context(), theNurse, a.ID, g)
			return err
		},
		"move": func(c *county, a scheduling.Appointment) error {
			_, err := c.Move(c.t.Context(), atSjukehus, a.ID, a.Version, scheduling.Move{Starts: at(16, 10), Length: 30 * time.Minute})
			return err
		},
		"cancel": func(c *county, a scheduling.Appointment) error {
			_, err := c.Cancel(c.t.Context(), atSjukehus, a.ID, 0, scheduling.Cancel{Reason: scheduling.ByStaff})
			return err
		},
		"deputise": func(c *county, a scheduling.Appointment) error {
			_, err := c.Deputise(c.t.Context(), theNurse, a.ID, "", "vera")
			return err
		},
		"invite": func(c *county, a scheduling.Appointment) error {
			_, err := c.Invite(c.t.Context(), atSjukehus, a.ID, a.Version, []scheduling.Party{doctor(), patient()})
			return err
		},
		"remind": func(c *county, a scheduling.Appointment) error {
			_, err := c.Remind(c.t.Context(), atSjukehus, a.ID, "")
			return err
		},
		"noshow": func(c *county, a scheduling.Appointment) error {
			_, err := c.NoShow(c.t.Context(), atSjukehus, a.ID, 0)
			return err
		},
		"ready": func(c *county, a scheduling.Appointment) error {
			return c.Ready(c.t.Context(), thePatient(a), a.ID, scheduling.Says{State: scheduling.SaidTested})
		},
	}
	const early, during, after = 0, 1, 2 // before its time, in it, and when its end has passed
	can := map[scheduling.State][3][]string{
		scheduling.Proposed:  {{"answer", "move", "cancel", "deputise", "invite", "remind", "ready"}, {"move", "cancel", "deputise", "invite", "remind", "ready"}, {"move", "cancel", "deputise", "invite", "remind", "ready"}},
		scheduling.Pending:   {{"answer", "move", "cancel", "deputise", "invite", "remind", "ready"}, {"move", "cancel", "deputise", "invite", "remind", "ready"}, {"move", "cancel", "deputise", "invite", "remind", "ready"}},
		scheduling.Booked:    {{"answer", "move", "cancel", "deputise", "invite", "remind", "ready"}, {"answer", "move", "cancel", "deputise", "invite", "remind", "ready", "noshow"}, {"noshow"}},
		scheduling.Arrived:   {{"answer", "move", "cancel", "deputise", "invite", "remind", "ready"}, {"answer", "move", "cancel", "deputise", "invite", "remind", "ready"}, {}},
		scheduling.Fulfilled: {}, scheduling.Cancelled: {}, scheduling.NoShow: {},
	}
	for state, allowed := range can {
		c := inTheCounty(t)
		for when, now := range []time.Time{early: monday, during: at(15, 10), after: at(15, 11)} {
			r := atOnce(at(15, 10))
			if state.Open() {
				r = visit(at(15, 10))
			}
			for name, deed := range deeds {
				c.now = monday
				a := c.books(r)
				switch state {
				case scheduling.Proposed, scheduling.Booked:
				case scheduling.Pending:
					a = c.answers(thePatient(a), a, to(a, scheduling.Accepted, 0))
				default:
					a.State = state
					saved, err := c.store.Save(t.Context(), scheduling.Change{Appointments: []scheduling.Appointment{a}})
					c.must(err)
					a = saved[0]
				}
				c.now = now
				var err error
				if slices.Contains(allowed[when], name) {
					if err = deed(c, a); err != nil {
						t.Errorf("%s, time %d: %s: %v", state, when, name, err)
					}
				} else {
					c.unchanged(func() { err = deed(c, a) })
					_, closed := errors.AsType[*scheduling.ClosedError](err)
					_, invalid := errors.AsType[*scheduling.Invalid](err)
					if !closed && !(invalid && name == "noshow") {
						t.Errorf("%s, time %d: %s: %v, want that it is closed", state, when, name, err)
					}
				}
				c.clear(a.ID)
			}
		}
	}
}

// clear takes appointments off, whatever they are, so that others can be at their times.
func (c *county) clear(ids ...scheduling.AppointmentID) {
	change := scheduling.Change{Withdraw: true}
	for _, id := range ids {
		a := c.stored(id)
		a.State, a.Options = scheduling.Cancelled, nil
		change.Appointments = append(change.Appointments, a)
	}
	_, err := c.store.Save(c.t.Context(), change)
	c.must(err)
}

func TestWhatIsEndedMustBeWhatTheOneWhoEndsItHasSeen(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(atOnce(at(7, 10)))
		c.answers(theNurse, a, to(a, scheduling.Accepted)) // meanwhile
		c.now = at(7, 10)
		c.unchanged(func() {
			if _, err := c.Cancel(t.Context(), atSjukehus, a.ID, a.Version, scheduling.Cancel{Reason: scheduling.ByStaff}); !errors.Is(err, scheduling.ErrVersion) {
				t.Errorf("cancelled as it was: %v", err)
			}
			if _, err := c.NoShow(t.Context(), atSjukehus, a.ID, a.Version); !errors.Is(err, scheduling.ErrVersion) {
				t.Errorf("no show as it was: %v", err)
			}
			_, err := c.NoShow(t.Context(), atLangvik, a.ID, a.Version) // and tells nobody else that it has changed
			refusedTo(t, "another organisation's", err)
		})
		_, err := c.NoShow(t.Context(), atSjukehus, a.ID, c.stored(a.ID).Version)
		c.must(err)
	})
}

func TestWhereThePatientDidNotComeTheOthersTimeIsFreeAgain(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(atOnce(at(7, 10)))
		c.now = at(7, 10).Add(10 * time.Minute)
		_, err := c.NoShow(t.Context(), atSjukehus, a.ID, 0)
		c.must(err)
		for _, claim := range c.claimed("tuva", "mari", "olav") {
			home := claim.Subject == "mari" && claim.Kind == scheduling.Travelling && claim.Ends.Equal(c.now.Add(20*time.Minute))
			if claim.Ends.After(c.now) && !home {
				t.Errorf("still claimed: %+v", claim)
			}
		}
		r := atOnce(at(7, 10).Add(15 * time.Minute))
		r.Parties = []scheduling.Party{doctor()}
		c.books(r)
	})
}

func TestWhoComesTooLateToATimeIsToldWhoTookIt(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		// Two proposals at the same time: the nurse accepts one while her coordinator accepts the other.
		a, b := c.books(visit(at(7, 10))), c.books(visit(at(7, 10)))
		var errs [2]error
		var both sync.WaitGroup
		both.Go(func() { _, errs[0] = c.Answer(t.Context(), theNurse, a.ID, to(a, scheduling.Accepted, 0)) })
		both.Go(func() { _, errs[1] = c.Answer(t.Context(), atFjordvik, b.ID, to(b, scheduling.Accepted, 0)) })
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("both or none: %v, %v", errs[0], errs[1])
		}
		for _, err := range errs {
			if err != nil {
				taken(t, "the later one", err, scheduling.TakenBusy, "mari")
			}
		}
		if len(c.claimed("mari")) != 3 {
			t.Errorf("%+v", c.claimed("mari"))
		}
	})
}

func TestAllWhoAnswerAtOnceAreHeard(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(visit(at(7, 10)))
		var all sync.WaitGroup
		for _, by := range []access.Actor{theDoctor, theNurse, thePatient(a), guest("ragna", access.Relative, a)} {
			all.Go(func() {
				// The daughter need not be there, and may find it booked: her time is none that is asked for then.
				if _, err := c.Answer(t.Context(), by, a.ID, to(a, scheduling.Accepted, 0)); err != nil && by.Person != "ragna" {
					t.Errorf("%s: %v", by.Person, err)
				}
			})
		}
		all.Wait()
		if got := c.stored(a.ID); got.State != scheduling.Booked {
			t.Errorf("%+v", got)
		}
	})
}

func TestOneWhoIsRemovedWhileOthersAgreeIsToldSo(t *testing.T) {
	c := inTheCounty(t)
	a := c.books(visit(at(7, 10)))
	a = c.answers(theNurse, a, to(a, scheduling.Accepted, 0))
	a = c.answers(theDoctor, a, to(a, scheduling.Accepted, 0))
	a = c.answers(thePatient(a), a, to(a, scheduling.Tentative, 0))
	c.outbox()
	// Without the patient it would be agreed: nobody may take the patient out.
	c.unchanged(func() {
		_, err := c.Invite(t.Context(), atSjukehus, a.ID, a.Version, []scheduling.Party{doctor(), nurse()})
		breaks(t, "without the patient", err, "parties")
	})
	a = c.answers(thePatient(a), a, scheduling.Given{Starts: at(8, 10)})
	a = c.answers(theDoctor, a, to(a, scheduling.Accepted, 1))
	a, err := c.Invite(t.Context(), atSjukehus, a.ID, a.Version, []scheduling.Party{doctor(), patient(), daughter()})
	c.must(err)
	if a.State != scheduling.Booked || !a.Starts.Equal(at(8, 10)) {
		t.Fatalf("%+v", a)
	}
	if out := c.outbox(); !slices.Contains(out, "staff-cancelled to mari") || !slices.Contains(out, "booked to ragna") {
		t.Errorf("who is told: %v", out)
	}
}

func TestWhoStaysIsRemindedThoughAnotherIsInvited(t *testing.T) {
	c := inTheCounty(t)
	a := c.books(atOnce(at(7, 10)))
	parties := []scheduling.Party{doctor(), nurse(), patient(), daughter(), {Person: "tor", Role: access.Interpreter}}
	a, err := c.Invite(t.Context(), atSjukehus, a.ID, a.Version, parties)
	c.must(err)
	reminded := map[access.PersonID]bool{}
	for _, m := range c.messages() {
		// A message that tells of an earlier change is not sent.
		if m.Change == a.Sequence && (m.Kind == "reminder-hour" || m.Kind == "staff-reminder") {
			reminded[m.To] = true
		}
	}
	if len(reminded) != 5 {
		t.Errorf("reminded: %v", reminded)
	}
}

func TestWhoIsInvitedLaterIsHeldToTheRulesOfBooking(t *testing.T) {
	c := inTheCounty(t)
	r := atOnce(at(7, 10))
	r.Parties = []scheduling.Party{doctor()}
	a := c.books(r)
	busy := atOnce(at(7, 10))
	busy.Parties = []scheduling.Party{nurse()}
	c.books(busy)
	c.unchanged(func() {
		invite := func(more ...scheduling.Party) error {
			_, err := c.Invite(t.Context(), atSjukehus, a.ID, a.Version, append([]scheduling.Party{doctor()}, more...))
			return err
		}
		refusedTo(t, "a patient whom one may not know of", invite(scheduling.Party{Person: "bo", Role: access.Patient}))
		refusedTo(t, "a patient who is not there", invite(scheduling.Party{Person: "nobody", Role: access.Patient}))
		breaks(t, "another's nurse", invite(scheduling.Party{Person: "lars", Role: access.Nurse, Organisation: langvik}), "parties[1].organisation")
		breaks(t, "a nurse who works elsewhere", invite(scheduling.Party{Person: "lars", Role: access.Nurse, Organisation: fjordvik}), "parties[1].person")
		breaks(t, "nobody's relative", invite(scheduling.Party{Person: "ragna", Role: access.Relative}), "parties[1].person")
		breaks(t, "twice the same", invite(doctor()), "parties[1].person")
		breaks(t, "travel of who stays at home", invite(scheduling.Party{Person: "tor", Role: access.Interpreter, Before: time.Hour}), "parties[1].before")
		taken(t, "one who is busy", invite(nurse()), scheduling.TakenBusy, "mari")
	})
}

func TestHowGuestsShowWhoTheyAreFollowsTheAgreementOfAllWhoAreInIt(t *testing.T) {
	c := inTheCounty(t)
	c.must(c.db.Directory().SaveAgreement(t.Context(), identity.Agreement{
		ID: "strict", A: hospital, B: vestvik, From: "2026-01-01",
		Grants: []identity.Grant{{To: hospital, May: []identity.GrantKind{identity.GrantBook}}},
		Policy: identity.Policy{Identification: identity.IdentifyRecognised, RetentionDays: 90},
	}, nil, nil))
	a := c.books(atOnce(at(7, 10)))
	if a.Identification != scheduling.ByCode {
		t.Fatalf("with Fjordvik it is by %s", a.Identification)
	}
	vidar := scheduling.Party{Person: "vidar", Role: access.Nurse, Organisation: vestvik}
	a, err := c.Invite(t.Context(), atSjukehus, a.ID, a.Version, []scheduling.Party{doctor(), patient(), vidar})
	if err != nil || a.Identification != scheduling.Recognised {
		t.Errorf("with Vestvik it is by %s, %v", a.Identification, err)
	}
}
