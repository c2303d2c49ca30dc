package scheduling_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

func alone(p scheduling.Party, starts time.Time) scheduling.Request {
	return scheduling.Request{AtOnce: true, Parties: []scheduling.Party{p}, Length: 30 * time.Minute, Starts: []time.Time{starts}}
}

func vera() scheduling.Party {
	return scheduling.Party{Person: "vera", Role: access.Nurse, Organisation: fjordvik, Required: true}
}

func TestTheHouseBooksOnlyWithThoseWhoHaveAgreedToIt(t *testing.T) {
	c := inTheCounty(t)
	lars := scheduling.Party{Person: "lars", Role: access.Nurse, Organisation: langvik, Required: true}
	with := func(parties ...scheduling.Party) scheduling.Request {
		r := atOnce(at(7, 10))
		r.Parties = parties
		return r
	}
	c.unchanged(func() {
		book := func(by access.Actor, r scheduling.Request) error {
			_, _, err := c.Book(t.Context(), by, r)
			return err
		}
		breaks(t, "without an agreement", book(atSjukehus, with(doctor(), lars)), "parties[1].organisation")
		breaks(t, "without an agreement, by the other", book(atLangvik, with(lars, doctor())), "parties[1].organisation")
		lars.Organisation = fjordvik
		breaks(t, "of who does not work there", book(atSjukehus, with(doctor(), lars)), "parties[1].person")
		gp := scheduling.Party{Person: "mari", Role: access.GP, Organisation: fjordvik}
		breaks(t, "in another role", book(atSjukehus, with(doctor(), gp)), "parties[1].person")
		breaks(t, "of a coordinator", book(atSjukehus, with(scheduling.Party{Person: "siv", Role: access.Coordinator, Organisation: hospital})), "parties[0].role")
		breaks(t, "of nobody", book(atSjukehus, with(scheduling.Party{Role: access.Specialist, Organisation: hospital})), "parties[0].person")
		there := book(atSjukehus, with(doctor(), scheduling.Party{Person: "bo", Role: access.Patient}))
		not := book(atSjukehus, with(doctor(), scheduling.Party{Person: "nobody", Role: access.Patient}))
		refusedTo(t, "a patient out of reach", there)
		refusedTo(t, "a patient who is not there", not)
		if there != nil && not != nil && there.Error() != not.Error() {
			t.Errorf("%v and %v", there, not)
		}
		for why, by := range map[string]access.Actor{
			"the administrator": theAdmin, "a patient by a link": {Person: "olav", Role: access.Patient, Consultation: "c1"},
			"a doctor who has come by a link": {Person: "tuva", Role: access.Specialist, Organisation: hospital, Consultation: "c1"},
		} {
			refusedTo(t, why, book(by, with(doctor())))
		}
	})
}

func TestOneOrganisationBooksForAnotherThatHasLetIt(t *testing.T) {
	c := inTheCounty(t)
	r := atOnce(at(7, 10))
	r.Organisation = fjordvik
	list, _, err := c.Book(t.Context(), atVestvik, r)
	c.must(err)
	a := list[0]
	if a.Organisation != fjordvik || a.MadeBy != "vigdis" {
		t.Errorf("%+v", a)
	}
	moved, err := c.Move(t.Context(), atVestvik, a.ID, a.Version, scheduling.Move{Starts: at(8, 10), Length: 30 * time.Minute})
	if err != nil || !moved.Starts.Equal(at(8, 10)) {
		t.Errorf("moved: %v", err)
	}
	told, err := c.Details(t.Context(), atVestvik, []scheduling.Appointment{moved})
	if err != nil || !told[0].Starts.Equal(at(8, 10)) || told[0].Question == "" || told[0].People[2].Name == "" || !slices.Contains(told[0].May, scheduling.MayMove) {
		t.Errorf("%+v, %v", told, err)
	}
	c.unchanged(func() {
		for why, by := range map[string]access.Actor{"for one that has not let it": atSjukehus, "for one that it has no agreement with": atLangvik, "one who treats": theDoctor} {
			_, _, err := c.Book(t.Context(), by, r)
			refusedTo(t, why, err)
		}
		other := atOnce(at(9, 10))
		other.Organisation = hospital
		_, _, err := c.Book(t.Context(), atVestvik, other)
		refusedTo(t, "for one that has only let the one acted for", err)
		_, err = c.Cancel(t.Context(), atSjukehus, a.ID, 0, scheduling.Cancel{Reason: scheduling.ByStaff})
		refusedTo(t, "who takes part cancels", err)
	})
}

func TestTheRulesOfARequest(t *testing.T) {
	c := inTheCounty(t)
	change := func(f func(*scheduling.Request)) scheduling.Request {
		r := visit(at(7, 10))
		f(&r)
		return r
	}
	series := func(weeks, count int) func(*scheduling.Request) {
		return func(r *scheduling.Request) {
			r.AtOnce, r.Repeat = true, scheduling.Repeat{EveryWeeks: weeks, Count: count}
		}
	}
	for why, tt := range map[string]struct {
		r     scheduling.Request
		field string
	}{
		"no time":                       {change(func(r *scheduling.Request) { r.Starts = nil }), "times"},
		"six times":                     {visit(at(7, 8), at(7, 9), at(7, 10), at(7, 11), at(7, 12), at(7, 13)), "times"},
		"two at once":                   {atOnce(at(7, 10), at(8, 10)), "times"},
		"one twice":                     {visit(at(7, 10), at(7, 10)), "times[1]"},
		"the past":                      {visit(at(7, 10), monday.Add(-time.Hour)), "times[1]"},
		"in three years":                {visit(monday.AddDate(3, 0, 0)), "times[0]"},
		"half a minute":                 {visit(at(7, 10).Add(30 * time.Second)), "times[0]"},
		"no length":                     {change(func(r *scheduling.Request) { r.Length = 0 }), "minutes"},
		"an end before the start":       {change(func(r *scheduling.Request) { r.Length = -time.Hour }), "minutes"},
		"nine hours":                    {change(func(r *scheduling.Request) { r.Length = 9 * time.Hour }), "minutes"},
		"an answer by yesterday":        {change(func(r *scheduling.Request) { r.AnswerBy = monday.Add(-time.Hour) }), "answerBy"},
		"an answer when it is too late": {change(func(r *scheduling.Request) { r.AnswerBy = at(7, 11) }), "answerBy"},
		"a series of what is asked for": {change(func(r *scheduling.Request) { r.Repeat.EveryWeeks, r.Repeat.Count = 1, 4 }), "series"},
		"a series of one":               {change(series(1, 1)), "series.count"},
		"a series without end":          {change(series(1, 53)), "series.count"},
		"a series backwards":            {change(series(-1, 3)), "series.everyWeeks"},
		"a series into the distance":    {change(series(8, 52)), "series.count"},
		"nobody":                        {change(func(r *scheduling.Request) { r.Parties = nil }), "parties"},
		"two patients":                  {change(func(r *scheduling.Request) { r.Parties[3] = r.Parties[2] }), "parties[3].person"},
		"a title of two lines":          {change(func(r *scheduling.Request) { r.Title = "a\nb" }), "title"},
		"a question without end":        {change(func(r *scheduling.Request) { r.Question = strings.Repeat("x", 501) }), "question"},
		"a deadline that is no day":     {change(func(r *scheduling.Request) { r.Deadline = "2026-02-30" }), "deadline"},
		"a language that is none":       {change(func(r *scheduling.Request) { r.Interpreter = "-" }), "interpreter"},
		"travel of who stays":           {change(func(r *scheduling.Request) { r.Parties[0].Before = time.Hour }), "parties[0].before"},
		"five hours of travel":          {change(func(r *scheduling.Request) { r.Parties[1].Before = 5 * time.Hour }), "parties[1].before"},
		"backwards travel":              {change(func(r *scheduling.Request) { r.Parties[1].After = -time.Minute }), "parties[1].after"},
	} {
		c.unchanged(func() {
			_, _, err := c.Book(t.Context(), atSjukehus, tt.r)
			breaks(t, why, err, tt.field)
		})
	}
}

func TestASeriesKeepsTheLocalTimeOverTheClockChange(t *testing.T) {
	c := inTheCounty(t)
	r := alone(doctor(), time.Date(2027, 3, 16, 9, 0, 0, 0, time.UTC))
	r.Repeat = scheduling.Repeat{EveryWeeks: 1, Count: 4}
	list, _, err := c.Book(t.Context(), atSjukehus, r)
	c.must(err)
	want := []time.Time{ // ten o'clock; the clock is put forward on 28 March
		time.Date(2027, 3, 16, 9, 0, 0, 0, time.UTC), time.Date(2027, 3, 23, 9, 0, 0, 0, time.UTC),
		time.Date(2027, 3, 30, 8, 0, 0, 0, time.UTC), time.Date(2027, 4, 6, 8, 0, 0, 0, time.UTC),
	}
	for i, a := range list {
		if !a.Starts.Equal(want[i]) || a.Series == "" || a.Series != list[0].Series || a.ID == list[0].ID && i > 0 || a.Ends.Sub(a.Starts) != 30*time.Minute {
			t.Errorf("%d: %s", i, a.Starts)
		}
	}
}

func TestASeriesOverAHolidayIsRefusedOrLeavesItOut(t *testing.T) {
	c := inTheCounty(t)
	r := alone(doctor(), time.Date(2027, 5, 10, 8, 0, 0, 0, time.UTC)) // Mondays; 17 May 2027 is one, and Whit Monday
	r.Repeat = scheduling.Repeat{EveryWeeks: 1, Count: 3}
	c.unchanged(func() {
		_, _, err := c.Book(t.Context(), atSjukehus, r)
		taken(t, "over 17 May", err, scheduling.TakenClosed, "tuva")
		if e, _ := errors.AsType[*scheduling.TakenError](err); e != nil && !e.Taken[0].Starts.Equal(r.Starts[0].AddDate(0, 0, 7)) {
			t.Errorf("%+v", e.Taken)
		}
	})
	r.Repeat.SkipBusy = true
	list, skipped, err := c.Book(t.Context(), atSjukehus, r)
	if err != nil || len(list) != 2 || len(skipped) != 1 || !skipped[0].Starts.Equal(r.Starts[0].AddDate(0, 0, 7)) {
		t.Errorf("%d booked, %+v left out, %v", len(list), skipped, err)
	}
}

func TestATimeOfASeriesThatTheClockLeapsOverIsNone(t *testing.T) {
	c := inTheCounty(t)
	r := alone(doctor(), time.Date(2027, 3, 14, 1, 30, 0, 0, time.UTC)) // half past two on Sunday nights; on the 28th there is none
	r.Anyway, r.Repeat = true, scheduling.Repeat{EveryWeeks: 1, Count: 4}
	c.unchanged(func() {
		_, _, err := c.Book(t.Context(), atSjukehus, r)
		breaks(t, "with one that does not exist", err, "series")
	})
	r.Repeat.SkipBusy = true
	list, skipped, err := c.Book(t.Context(), atSjukehus, r)
	c.must(err)
	if len(list) != 3 || !list[2].Starts.Equal(time.Date(2027, 4, 4, 0, 30, 0, 0, time.UTC)) || len(skipped) != 1 || skipped[0].Taken.Rule != scheduling.TakenLeapt {
		t.Errorf("%d booked, the last at %s; left out: %+v", len(list), list[len(list)-1].Starts, skipped)
	}
}

func TestWhoHasLeftIsInNoneOfASeriesLaterTimes(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		c.must(c.db.Directory().SaveStaff(t.Context(), identity.Staff{
			Person:      identity.Person{ID: "vikar", Name: "Vikar", Language: "nn"},
			Assignments: []identity.Assignment{{ID: "a-vikar", Person: "vikar", Organisation: hospital, Role: access.Specialist, Title: "Vikar", From: "2026-01-01", Until: "2026-12-16"}},
		}, nil, nil))
		r := alone(scheduling.Party{Person: "vikar", Role: access.Specialist, Organisation: hospital, Required: true}, at(7, 10))
		r.Anyway, r.Repeat = true, scheduling.Repeat{EveryWeeks: 1, Count: 4} // 7, 14, 21, 28
		c.unchanged(func() {
			_, _, err := c.Book(t.Context(), atSjukehus, r)
			taken(t, "when they have left", err, scheduling.TakenLeft, "vikar", "vikar")
		})
		r.Repeat.SkipBusy = true
		list, skipped, err := c.Book(t.Context(), atSjukehus, r)
		if err != nil || len(list) != 2 || len(skipped) != 2 || skipped[0].Taken.Rule != scheduling.TakenLeft {
			t.Errorf("%d booked, left out: %+v, %v", len(list), skipped, err)
		}
	})
}

func TestASeriesIsCancelledWholeOrNotAtAll(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		r := alone(doctor(), at(7, 10))
		r.Repeat = scheduling.Repeat{EveryWeeks: 1, Count: 4}
		list, _, err := c.Book(t.Context(), atSjukehus, r)
		c.must(err)
		broken := list[2]
		broken.Title = strings.Repeat("x", 81) // can't be kept any more
		_, err = c.store.Save(t.Context(), scheduling.Change{Appointments: []scheduling.Appointment{broken}})
		c.must(err)
		c.unchanged(func() {
			_, err := c.Cancel(t.Context(), atSjukehus, list[0].ID, 0, scheduling.Cancel{Reason: scheduling.ByPatient, Series: true})
			breaks(t, "with one that can't be cancelled", err, "title")
		})
	})
}

func TestASeriesIsBookedWholeOrNotAtAll(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		c.books(alone(doctor(), at(14, 10)))
		r := alone(doctor(), at(7, 10))
		r.Repeat = scheduling.Repeat{EveryWeeks: 1, Count: 2}
		c.unchanged(func() {
			_, _, err := c.Book(t.Context(), atSjukehus, r)
			taken(t, "with one that is taken", err, scheduling.TakenBusy, "tuva")
		})
	})
}

func TestWhatIsToComeOfASeriesIsCancelledWithIt(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		r := alone(doctor(), at(7, 10))
		r.Parties = append(r.Parties, patient())
		r.Repeat = scheduling.Repeat{EveryWeeks: 1, Count: 4} // 7, 14, 21, 28
		list, _, err := c.Book(t.Context(), atSjukehus, r)
		c.must(err)
		c.now = at(8, 10)
		c.sends()
		_, err = c.Cancel(t.Context(), atSjukehus, list[2].ID, 0, scheduling.Cancel{Reason: scheduling.ByPatient, Words: "reist bort", Series: true})
		c.must(err)
		var got []scheduling.State
		for _, a := range list {
			now := c.stored(a.ID)
			got = append(got, now.State)
			if now.State == scheduling.Cancelled && (now.Sequence != a.Sequence+1 || now.Reason != scheduling.ByPatient || now.Words != "reist bort") {
				t.Errorf("%+v", now)
			}
		}
		if want := []scheduling.State{scheduling.Booked, scheduling.Cancelled, scheduling.Cancelled, scheduling.Cancelled}; !slices.Equal(got, want) {
			t.Errorf("%v", got)
		}
		told := 0
		for _, m := range c.outbox() {
			if m == "cancelled to olav" {
				told++
			}
		}
		if told != 3 {
			t.Errorf("the patient is told of %d", told)
		}
		if left := c.claimed("tuva"); len(left) != 1 {
			t.Errorf("left: %+v", left)
		}
		c.unchanged(func() {
			_, err := c.Cancel(t.Context(), atSjukehus, list[0].ID, 0, scheduling.Cancel{Reason: scheduling.ByPatient, Series: true})
			if _, closed := errors.AsType[*scheduling.ClosedError](err); !closed {
				t.Errorf("one that is over: %v", err)
			}
			_, err = c.Cancel(t.Context(), atSjukehus, list[3].ID, 0, scheduling.Cancel{Reason: "weather"})
			breaks(t, "for a reason that is none", err, "reason")
			_, err = c.Cancel(t.Context(), atSjukehus, list[3].ID, 0, scheduling.Cancel{Reason: scheduling.NoAnswer})
			breaks(t, "as if nobody had answered", err, "reason")
		})
	})
}

func TestNorwegianHolidays(t *testing.T) {
	easter := map[int]string{2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2028: "2028-04-16", 2038: "2038-04-25", 2285: "2285-03-22"}
	for year, sunday := range easter {
		days := scheduling.Holidays(year)
		first, err := time.Parse(time.DateOnly, sunday)
		if err != nil {
			t.Fatal(err)
		}
		for after, name := range map[int]scheduling.Holiday{-3: "maundy-thursday", -2: "good-friday", 0: "easter", 1: "easter-monday", 39: "ascension", 49: "whitsun", 50: "whit-monday"} {
			if got := days[first.AddDate(0, 0, after).Format(time.DateOnly)]; got != name {
				t.Errorf("%d: %d days after Easter is %q, want %s", year, after, got, name)
			}
		}
		for _, day := range []string{"-01-01", "-05-01", "-05-17", "-12-25", "-12-26"} {
			if days[sunday[:4]+day] == "" {
				t.Errorf("%d: %s is no holiday", year, day)
			}
		}
	}
	if days := scheduling.Holidays(2026); len(days) != 12 || days["2026-12-24"] != "" || days["2026-04-04"] != "" || days["2026-05-14"] != "ascension" || days["2026-05-25"] != "whit-monday" {
		t.Errorf("%v", days)
	}
}

func TestHoursAreOnesOwnElseTheUnitsElseTheHouses(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		set := func(by access.Actor, subject scheduling.Subject, from, until int) {
			t.Helper()
			_, err := c.SetHours(t.Context(), by, scheduling.Hours{Subject: subject, Weekly: []scheduling.Weekly{{Weekday: time.Monday, From: from * 60, Until: until * 60}}})
			c.must(err)
		}
		mari := nurse()
		mari.Attends, mari.Before, mari.After = scheduling.Online, 0, 0
		open := func(p scheduling.Party, from, until int) {
			t.Helper()
			for hour, free := range map[int]bool{from - 1: false, from: true, until - 1: true, until: false} {
				found, err := c.Find(t.Context(), atFjordvik, scheduling.Search{Parties: []scheduling.Party{p}, Length: time.Hour, From: at(7, hour), Until: at(7, hour+1)})
				c.must(err)
				if (found.Free > 0) != free {
					t.Errorf("%s at %d: free %t, want %t", p.Person, hour, found.Free > 0, free)
				}
			}
		}
		open(mari, 8, 16) // the usual
		set(atFjordvik, "fjordvik", 9, 15)
		open(mari, 9, 15)
		open(vera(), 9, 15)
		set(atFjordvik, "home-care", 10, 14)
		open(mari, 10, 14) // who is in that unit
		open(vera(), 9, 15)
		set(theNurse, "mari", 11, 13)
		open(mari, 11, 13)
		h, err := c.HoursOf(t.Context(), theNurse, "", "")
		if err != nil || h.Version != 1 || h.Weekly[0].From != 11*60 {
			t.Errorf("%+v, %v", h, err)
		}
		h, err = c.HoursOf(t.Context(), atSjukehus, "vera", fjordvik)
		if err != nil || h.Version != 0 || h.Weekly[0].From != 9*60 {
			t.Errorf("of who has set none: %+v, %v", h, err)
		}
		if _, err = c.SetHours(t.Context(), theNurse, scheduling.Hours{Weekly: nil}); !errors.Is(err, scheduling.ErrVersion) {
			t.Errorf("set anew without having read them: %v", err)
		}
	})
}

func TestHoursHoldInSummerAndInWinterAndOnDaysThatDiffer(t *testing.T) {
	c := inTheCounty(t)
	usual := scheduling.UsualHours()
	usual.Days = []scheduling.DayHours{{Day: "2027-03-30"}, {Day: "2027-04-03", From: 600, Until: 660}} // closed; a Saturday, 10–11
	_, err := c.SetHours(t.Context(), atSjukehus, scheduling.Hours{Subject: "tuva", Weekly: usual.Weekly, Days: usual.Days})
	c.must(err)
	for starts, rule := range map[time.Time]scheduling.TakenRule{
		time.Date(2027, 3, 26, 7, 0, 0, 0, time.UTC):  scheduling.TakenClosed, // Good Friday
		time.Date(2027, 3, 24, 7, 0, 0, 0, time.UTC):  "",                     // eight in winter
		time.Date(2027, 3, 24, 6, 0, 0, 0, time.UTC):  scheduling.TakenClosed,
		time.Date(2027, 3, 30, 8, 0, 0, 0, time.UTC):  scheduling.TakenClosed, // this day
		time.Date(2027, 3, 31, 6, 0, 0, 0, time.UTC):  "",                     // eight in summer
		time.Date(2027, 3, 31, 14, 0, 0, 0, time.UTC): scheduling.TakenClosed, // four
		time.Date(2027, 4, 3, 8, 0, 0, 0, time.UTC):   "",                     // that Saturday
	} {
		_, _, err := c.Book(t.Context(), atSjukehus, alone(doctor(), starts))
		if rule == "" {
			c.must(err)
		} else {
			taken(t, starts.String(), err, rule, "tuva")
		}
	}
	for why, tt := range map[string]struct {
		h     scheduling.Hours
		field string
	}{
		"until before from":  {scheduling.Hours{Weekly: []scheduling.Weekly{{Weekday: 1, From: 600, Until: 540}}}, "weekly[0].until"},
		"past midnight":      {scheduling.Hours{Weekly: []scheduling.Weekly{{Weekday: 1, From: 600, Until: 1441}}}, "weekly[0].until"},
		"a day that is none": {scheduling.Hours{Days: []scheduling.DayHours{{Day: "2027-02-29"}}}, "days[0].day"},
		"two hours between":  {scheduling.Hours{Buffer: 2 * time.Hour}, "buffer"},
		"last before first":  {scheduling.Hours{Weekly: []scheduling.Weekly{{Weekday: 1, From: 1, Until: 2, First: "2027-01-02", Last: "2027-01-01"}}}, "weekly[0].last"},
	} {
		_, err := c.SetHours(t.Context(), theDoctor, tt.h)
		breaks(t, why, err, tt.field)
	}
}

func TestNobodySetsTheTimeOfOthersPeople(t *testing.T) {
	c := inTheCounty(t)
	week := scheduling.Span{Starts: at(7, 0), Ends: at(11, 0)}
	tablet, err := c.SetEquipment(t.Context(), atSjukehus, scheduling.Equipment{Kind: "tablet", Name: "Sjukehusets", Active: true})
	c.must(err)
	for why, tt := range map[string]struct {
		by      access.Actor
		subject scheduling.Subject
		in      access.OrganisationID
	}{
		"another house's":                       {atLangvik, "tuva", hospital},
		"another house's, as if of one's own":   {atLangvik, "tuva", langvik},
		"another house's patient":               {atLangvik, "olav", langvik},
		"another house":                         {atLangvik, "hospital", langvik},
		"another house's equipment":             {atLangvik, scheduling.Subject(tablet.ID), langvik},
		"another house's, who has an agreement": {atSjukehus, "mari", hospital},
		"a colleague's":                         {theDoctor, "erik", hospital},
		"the administrator":                     {theAdmin, "tuva", hospital},
		"by a link":                             {access.Actor{Person: "tuva", Role: access.Specialist, Organisation: hospital, Consultation: "c1"}, "tuva", hospital},
	} {
		_, err := c.SetHours(t.Context(), tt.by, scheduling.Hours{Subject: tt.subject, Organisation: tt.in})
		refusedTo(t, "hours: "+why, err)
		_, _, err = c.AddAbsence(t.Context(), tt.by, scheduling.Absence{Subject: tt.subject, Organisation: tt.in, Span: week, Kind: scheduling.AwaySick})
		refusedTo(t, "absence: "+why, err)
	}
	r := alone(doctor(), at(7, 10))
	r.Equipment = []scheduling.EquipmentID{tablet.ID}
	c.books(r)
	// One's own, and for who coordinates those who work there, their units and equipment.
	for subject, by := range map[scheduling.Subject]access.Actor{"tuva": theDoctor, "vera": atFjordvik, "siv": atSjukehus, scheduling.Subject(tablet.ID): atSjukehus, "home-care": atFjordvik, "fjordvik": atFjordvik} {
		_, err := c.SetHours(t.Context(), by, scheduling.Hours{Subject: subject})
		if err != nil {
			t.Errorf("%s sets the hours of %s: %v", by.Person, subject, err)
		}
	}
}

func TestAnAbsenceMeetsBookingsAndWaitsForTheCoordinatorWithWhoCouldStepIn(t *testing.T) {
	inEachCounty(t, func(t *testing.T, c *county) {
		a := c.books(atOnce(at(7, 10)))
		c.books(atOnce(at(21, 10)))
		week := scheduling.Span{Starts: at(7, 0), Ends: at(11, 0)}
		away, met, err := c.AddAbsence(t.Context(), theNurse, scheduling.Absence{Span: week, Kind: scheduling.AwaySick, Cover: true})
		if err != nil || met != 1 {
			t.Fatalf("meets %d, %v", met, err)
		}
		if got := c.stored(a.ID); got.State != scheduling.Booked {
			t.Errorf("what is booked stays so: %s", got.State)
		}
		missing := func(by access.Actor) []scheduling.Waits {
			t.Helper()
			all, err := c.Waiting(t.Context(), by)
			c.must(err)
			return slices.DeleteFunc(all, func(w scheduling.Waits) bool { return w.Kind != scheduling.WaitMissing })
		}
		waits := missing(atFjordvik)
		if len(waits) != 1 || waits[0].Whom != seat(a, "mari") || !slices.Equal(waits[0].Deputy, []access.PersonID{"vera"}) {
			t.Errorf("for the nurse's coordinator: %+v", waits)
		}
		if other := missing(atSjukehus); len(other) != 0 {
			t.Errorf("for another's: %+v", other)
		}
		c.books(alone(vera(), at(7, 10)))
		if waits = missing(atFjordvik); len(waits) != 1 || len(waits[0].Deputy) != 0 {
			t.Errorf("when nobody is free: %+v", waits)
		}
		c.unchanged(func() {
			_, _, err := c.Book(t.Context(), atSjukehus, alone(nurse(), at(8, 12)))
			taken(t, "while she is away", err, scheduling.TakenAway, "mari")
		})
		list, err := c.Absences(t.Context(), atSjukehus, "mari")
		if err != nil || len(list) != 0 {
			t.Errorf("another house is told of it by no list: %+v, %v", list, err)
		}
		list, err = c.Absences(t.Context(), atFjordvik, "mari")
		if err != nil || len(list) != 1 || list[0].Kind != scheduling.AwaySick || list[0].Met != 1 {
			t.Errorf("her own coordinator: %+v, %v", list, err)
		}
		colleague := access.Actor{Person: "vera", Role: access.Nurse, Organisation: fjordvik}
		if list, err = c.Absences(t.Context(), colleague, "mari"); err != nil || len(list) != 1 || list[0].Kind != scheduling.AwayPlain {
			t.Errorf("a colleague is not told why: %+v, %v", list, err)
		}
		refusedTo(t, "a colleague takes it away", c.RemoveAbsence(t.Context(), colleague, away.ID))
		refusedTo(t, "one that is not there", c.RemoveAbsence(t.Context(), atFjordvik, "nothing"))
		c.must(c.RemoveAbsence(t.Context(), atFjordvik, away.ID))
		if waits = missing(atFjordvik); len(waits) != 0 {
			t.Errorf("afterwards: %+v", waits)
		}
		for field, bad := range map[string]scheduling.Absence{
			"ends": {Span: scheduling.Span{Starts: at(8, 0), Ends: at(7, 0)}, Kind: scheduling.AwayPlain}, "kind": {Span: week, Kind: "tired"},
		} {
			_, _, err := c.AddAbsence(t.Context(), theNurse, bad)
			breaks(t, "an absence", err, field)
		}
		_, _, err = c.AddAbsence(t.Context(), theNurse, scheduling.Absence{Span: scheduling.Span{Starts: monday.AddDate(0, 0, -2), Ends: monday.AddDate(0, 0, -1)}, Kind: scheduling.AwayPlain})
		breaks(t, "an absence that is over", err, "ends")
	})
}

func TestACalendarShowsThatOthersAreBusyAndNotWhatOf(t *testing.T) {
	c := inTheCounty(t)
	shared := c.books(atOnce(at(7, 10)))
	own, _, err := c.Book(t.Context(), atFjordvik, alone(nurse(), at(8, 10)))
	c.must(err)
	_, _, err = c.AddAbsence(t.Context(), theNurse, scheduling.Absence{Span: scheduling.Span{Starts: at(9, 0), Ends: at(10, 0)}, Kind: scheduling.AwaySick})
	c.must(err)
	w, err := c.Calendar(t.Context(), atSjukehus, "2026-12-07", 7)
	c.must(err)
	var seen []access.PersonID
	for _, row := range w.Rows {
		seen = append(seen, row.Person)
		if row.Person != "mari" {
			continue
		}
		kinds := map[scheduling.SpanKind]int{}
		for _, b := range row.Busy {
			kinds[b.Kind]++
			switch b.Appointment {
			case own[0].ID:
				t.Errorf("the hospital sees which of Fjordvik's it is: %+v", b)
			case shared.ID, "":
			}
		}
		if kinds[scheduling.SpanCall] != 2 || kinds[scheduling.SpanTravel] != 4 || kinds[scheduling.SpanAway] != 1 {
			t.Errorf("her days: %v", kinds)
		}
		for _, a := range row.Away {
			if a.Kind != "" && a.Kind != scheduling.AwayPlain {
				t.Errorf("why she is away: %+v", a)
			}
		}
	}
	if want := []access.PersonID{"erik", "tuva", "mari", "per", "vera"}; !slices.Equal(slices.Sorted(slices.Values(seen)), slices.Sorted(slices.Values(want))) {
		t.Errorf("rows: %v", seen)
	}
	for _, d := range w.Bookings {
		if d.ID == own[0].ID {
			t.Errorf("among the hospital's bookings: %+v", d)
		}
	}
	for why, by := range map[string]access.Actor{"the administrator": theAdmin, "a patient": {Person: "olav", Role: access.Patient, Consultation: string(shared.ID)}} {
		_, err := c.Calendar(t.Context(), by, "", 7)
		refusedTo(t, why, err)
	}
	for why, days := range map[string]int{"no day": -1, "too many": 43} {
		_, err := c.Calendar(t.Context(), atSjukehus, "", days)
		breaks(t, why, err, "days")
	}
	_, err = c.Calendar(t.Context(), atSjukehus, "2026-02-30", 7)
	breaks(t, "a day that is none", err, "date")
}

func TestASearchTellsOnlyOfThoseWhomOneMayBook(t *testing.T) {
	c := inTheCounty(t)
	for why, p := range map[string]scheduling.Party{
		"another's nurse as one of Fjordvik": {Person: "lars", Role: access.Nurse, Organisation: fjordvik},
		"another's nurse as a relative":      {Person: "lars", Role: access.Relative},
		"another's nurse as an interpreter":  {Person: "lars", Role: access.Interpreter},
		"one of several":                     {AnyOf: []access.PersonID{"mari", "lars"}, Role: access.Nurse, Organisation: fjordvik},
		"another patient's relative":         {Person: "ragna", Role: access.Relative},
	} {
		_, err := c.Find(t.Context(), atSjukehus, scheduling.Search{Parties: []scheduling.Party{p}, Length: time.Hour})
		if e, ok := errors.AsType[*scheduling.Invalid](err); !ok || !strings.HasPrefix(e.Field, "parties[0].") {
			t.Errorf("%s: %v", why, err)
		}
	}
	for why, person := range map[string]access.PersonID{"another's nurse as a patient": "lars", "a patient out of reach": "bo", "a patient who is not there": "nobody"} {
		_, err := c.Find(t.Context(), atSjukehus, scheduling.Search{Parties: []scheduling.Party{{Person: person, Role: access.Patient}}, Length: time.Hour})
		refusedTo(t, why, err)
	}
	_, err := c.Find(t.Context(), atSjukehus, scheduling.Search{Parties: []scheduling.Party{{Person: "lars", Role: access.Nurse, Organisation: langvik}}, Length: time.Hour})
	breaks(t, "without an agreement", err, "parties[0].organisation")
	all := []scheduling.Party{doctor(), nurse(), patient(), daughter(), {Person: "tor", Role: access.Interpreter}, {AnyOf: []access.PersonID{"vera", "mari"}, Role: access.Nurse, Organisation: fjordvik}}
	if found, err := c.Find(t.Context(), atSjukehus, scheduling.Search{Parties: all, Length: time.Hour}); err != nil || found.Free == 0 {
		t.Errorf("%+v, %v", found, err)
	}
}
