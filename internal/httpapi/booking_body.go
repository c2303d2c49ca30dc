package httpapi

import (
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// ms is a moment as the API has it; 0 for none.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment is the other way round.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func minutes(d time.Duration) int { return int(d / time.Minute) }

// bookingBody is an appointment as its reader may see it.
func bookingBody(d scheduling.Detail) Booking {
	out := Booking{
		ID: d.ID, Version: d.Version, State: string(d.State), Starts: ms(d.Starts), Ends: ms(d.Ends),
		Organisation: d.Appointment.Organisation, OrganisationName: d.Host.Name, Phone: d.Host.Phone,
		Template: d.Template, Title: d.Title, Question: d.Question, Prepare: each(d.Prepare, preparationBody),
		People: []BookingPerson{}, Equipment: []EquipmentLine{}, Options: []BookingOption{},
		AnswerBy: ms(d.AnswerBy), Deadline: d.Deadline, Interpreter: d.Interpreter, Series: string(d.Series),
		Reason: string(d.Reason), Words: d.Words, MadeBy: d.MadeBy, MovedFrom: ms(d.Was), Mine: string(d.Mine), May: []string{},
	}
	for _, p := range d.People {
		out.People = append(out.People, bookingPerson(d, p))
		if p.Role == access.Patient && p.Name != "" {
			out.Patient, out.PatientName = p.Person, p.Name
		}
	}
	for _, e := range d.Equipment {
		out.Equipment = append(out.Equipment, EquipmentLine{string(e.ID), e.Name})
	}
	for _, o := range d.Options {
		option := BookingOption{
			ID: string(o.ID), Starts: ms(o.Starts), Ends: ms(o.Ends), SuggestedBy: string(o.By), Taken: d.Taken[o.ID], Answers: []OptionAnswer{},
		}
		for _, r := range o.Replies {
			option.Answers = append(option.Answers, OptionAnswer{string(r.Participant), string(r.Answer)})
		}
		out.Options = append(out.Options, option)
	}
	for _, m := range d.May {
		out.May = append(out.May, string(m))
	}
	return out
}

func preparationBody(p scheduling.Preparation) Preparation {
	return Preparation{For: p.For.String(), What: p.What}
}

func bookingPerson(d scheduling.Detail, p scheduling.Invited) BookingPerson {
	out := BookingPerson{
		ID: string(p.ID), Person: p.Person, Name: p.Name, Role: p.Role.String(), Title: p.Title,
		Organisation: p.Organisation, OrganisationName: p.OrganisationName, Required: p.Required, Attends: string(p.Attends),
		Before: minutes(p.Before), After: minutes(p.After), Answer: string(p.Reply.Answer), AnsweredAt: ms(p.Reply.At),
		AnsweredBy: d.Names[p.Reply.By], Comment: p.Reply.Comment, DeputyFor: d.Names[p.DeputyFor], DeputyAllowed: p.MayDeputise,
		Readiness: readinessBody(d, p),
	}
	if p.Name == "" && !p.Role.Staff() {
		out.Person = "" // who is not named is not to be found by an id either
	}
	if d.State.Open() {
		out.Answer, out.AnsweredAt, out.AnsweredBy = bestAnswer(d, p.ID)
	}
	return out
}

// bestAnswer is the best of a participant's answers to the times that are asked for.
func bestAnswer(d scheduling.Detail, id scheduling.ParticipantID) (answer string, at int64, by string) {
	rank := map[scheduling.Answer]int{scheduling.Declined: 1, scheduling.Tentative: 2, scheduling.Accepted: 3}
	best := scheduling.OptionReply{Answer: scheduling.NeedsAction}
	for _, o := range d.Options {
		for _, r := range o.Replies {
			if r.Participant == id && rank[r.Answer] > rank[best.Answer] {
				best = r
			}
		}
	}
	return string(best.Answer), ms(best.At), d.Names[best.By]
}

// readinessBody puts together where somebody is and what they have said.
func readinessBody(d scheduling.Detail, p scheduling.Invited) Readiness {
	said := d.Ready[p.ID]
	out := Readiness{State: "unknown", Test: said.Test, At: ms(said.At)}
	switch here := d.Here[p.ID]; {
	case here != "":
		out.State = string(here)
	case said.State == scheduling.SaidReady:
		out.State = "tested"
	case said.State == scheduling.SaidLate && said.Late == 0 && !p.Role.Staff():
		out.State = "opened" // not late after all
	case said.State != "" && (said.State != scheduling.SaidLate || said.Late != 0):
		out.State = string(said.State)
		if said.State == scheduling.SaidLate {
			out.Minutes = minutes(said.Late)
		}
	case p.Role.Staff(): // who signs in has no link to open
	case !said.Opened.IsZero():
		out.State, out.At = "opened", ms(said.Opened)
	default:
		out.State = "not-opened"
	}
	return out
}

func bookingsBody(list []scheduling.Detail, now time.Time) Bookings {
	return Bookings{Items: each(list, bookingBody), Skipped: []SkippedDay{}, Now: now.UnixMilli()}
}

func busySpanBody(b scheduling.BusySpan) BusySpan {
	return BusySpan{Starts: ms(b.Starts), Ends: ms(b.Ends), Kind: string(b.Kind), Booking: b.Appointment}
}

func weekBody(w scheduling.Week, now time.Time) CalendarWeek {
	out := CalendarWeek{
		From: w.From.Format(time.DateOnly), Days: w.Days, More: w.More, People: []CalendarPerson{}, Holidays: []Holiday{},
		Bookings: each(w.Bookings, bookingBody), Now: now.UnixMilli(),
	}
	for _, r := range w.Rows {
		p := CalendarPerson{
			Person: r.Person, Name: r.Name, Role: r.Role.String(), Title: r.Title, Organisation: r.Colleague.Organisation,
			OrganisationName: r.Organisation.Name, OrganisationKind: r.Organisation.Kind, Unit: r.UnitName, Busy: each(r.Busy, busySpanBody), Away: []Away{},
		}
		for _, a := range r.Away {
			kind := a.Kind
			if kind == "" {
				kind = scheduling.AwayPlain
			}
			p.Away = append(p.Away, Away{ID: a.ID, Starts: ms(a.Starts), Ends: ms(a.Ends), Kind: string(kind), Cover: a.Cover})
		}
		out.People = append(out.People, p)
	}
	for day := w.From; len(w.Holidays) > len(out.Holidays); day = day.AddDate(0, 0, 1) {
		if name, there := w.Holidays[day.Format(time.DateOnly)]; there {
			out.Holidays = append(out.Holidays, Holiday{Day: day.Format(time.DateOnly), Name: string(name)})
		}
	}
	return out
}

// party reads a party; a role that is none is empty, and found by the rules of the domain.
func party(p Party) scheduling.Party {
	role, _ := access.ParseRole(p.Role) // of the schema's
	return scheduling.Party{
		Person: p.Person, AnyOf: p.AnyOf, Role: role, Organisation: p.Organisation, Required: p.Required, Attends: scheduling.Attendance(p.Attends),
		Before: time.Duration(p.Before) * time.Minute, After: time.Duration(p.After) * time.Minute, MayDeputise: p.DeputyAllowed,
	}
}

func equipmentIDs(ids []string) []scheduling.EquipmentID {
	return each(ids, func(id string) scheduling.EquipmentID { return scheduling.EquipmentID(id) })
}

func request(b NewBooking) scheduling.Request {
	r := scheduling.Request{
		Organisation: b.Organisation, AtOnce: b.Mode == "book", Parties: each(b.Parties, party), Equipment: equipmentIDs(b.Equipment),
		Length: time.Duration(b.Minutes) * time.Minute, Starts: each(b.Times, moment), AnswerBy: moment(b.AnswerBy), Anyway: b.Anyway,
		Plan: scheduling.Plan{Template: b.Template, Title: b.Title, Question: b.Question, Deadline: b.Deadline, Interpreter: b.Interpreter},
	}
	for _, p := range b.Prepare {
		role, _ := access.ParseRole(p.For) // of the schema's
		r.Prepare = append(r.Prepare, scheduling.Preparation{For: role, What: p.What})
	}
	if b.Series != nil {
		r.Repeat = scheduling.Repeat{EveryWeeks: b.Series.EveryWeeks, Count: b.Series.Count, SkipBusy: b.Series.SkipBusy}
	}
	return r
}

func search(b FindTimes) scheduling.Search {
	return scheduling.Search{
		Parties: each(b.Parties, party), Equipment: equipmentIDs(b.Equipment), Length: time.Duration(b.Minutes) * time.Minute,
		From: moment(b.From), Until: moment(b.Until), Deadline: b.Deadline, Earliest: b.Earliest, Latest: b.Latest, Limit: b.Limit,
		Not: scheduling.AppointmentID(b.Not),
	}
}

func commonBody(c scheduling.Common, names map[access.PersonID]string) CommonTimes {
	out := CommonTimes{Items: []CommonTime{}, Nearly: []NearlyTime{}, Faults: []PartyFault{}, Free: c.Free}
	for _, t := range c.Times {
		one := CommonTime{Starts: ms(t.Starts), Ends: ms(t.Ends), Parties: []TimeParty{}, Reasons: []TimeReason{}}
		for _, p := range t.Parties {
			one.Parties = append(one.Parties, TimeParty{
				Person: p.Person, Name: names[p.Person], Role: p.Role.String(), Free: p.Free, Before: minutes(p.Before), After: minutes(p.After), Day: each(p.Day, busySpanBody),
			})
		}
		for _, r := range t.Reasons {
			one.Reasons = append(one.Reasons, TimeReason{Kind: string(r.Kind), Party: r.Party, Minutes: r.Minutes, Days: r.Days, Good: r.Good})
		}
		out.Items = append(out.Items, one)
	}
	for _, n := range c.Nearly {
		out.Nearly = append(out.Nearly, NearlyTime{Starts: ms(n.Starts), Minutes: minutes(n.Length), Without: n.Without})
	}
	for _, f := range c.Faults {
		out.Faults = append(out.Faults, PartyFault{Party: f.Party, Rule: string(f.Rule)})
	}
	return out
}

func waitingBody(list []scheduling.Waits, now time.Time) Waiting {
	out := Waiting{Items: []WaitingItem{}, Now: now.UnixMilli()}
	for _, w := range list {
		deputies := w.Deputy
		if deputies == nil {
			deputies = []access.PersonID{}
		}
		out.Items = append(out.Items, WaitingItem{
			Kind: string(w.Kind), Since: ms(w.Since), Booking: bookingBody(w.Booking), Person: string(w.Whom), Option: string(w.Option),
			Free: w.Free, Deputy: deputies, Message: w.Message, Why: w.Why, Again: w.Again,
		})
	}
	return out
}

func hoursBody(h scheduling.Hours) Hours {
	out := Hours{
		Subject: string(h.Subject), Organisation: h.Organisation, Version: h.Version, Own: h.Version > 0, Holidays: h.Holidays,
		Buffer: minutes(h.Buffer), Weekly: []WeeklyHours{}, Days: []DayHours{},
	}
	for _, w := range h.Weekly {
		out.Weekly = append(out.Weekly, WeeklyHours{Weekday: (int(w.Weekday)+6)%7 + 1, From: w.From, Until: w.Until, First: w.First, Last: w.Last})
	}
	for _, d := range h.Days {
		out.Days = append(out.Days, DayHours{Day: d.Day, From: d.From, Until: d.Until})
	}
	return out
}

func hours(b Hours) scheduling.Hours {
	out := scheduling.Hours{Holidays: b.Holidays, Buffer: time.Duration(b.Buffer) * time.Minute}
	for _, w := range b.Weekly {
		out.Weekly = append(out.Weekly, scheduling.Weekly{Weekday: time.Weekday(w.Weekday % 7), From: w.From, Until: w.Until, First: w.First, Last: w.Last})
	}
	for _, d := range b.Days {
		out.Days = append(out.Days, scheduling.DayHours{Day: d.Day, From: d.From, Until: d.Until})
	}
	return out
}

func absenceBody(a scheduling.Away) Absence {
	return Absence{ID: a.ID, Person: access.PersonID(a.Subject), Starts: ms(a.Starts), Ends: ms(a.Ends), Kind: string(a.Kind), Cover: a.Cover, Met: a.Met}
}

func equipmentBody(e scheduling.Equipment) Equipment {
	return Equipment{ID: string(e.ID), Version: e.Version, Organisation: e.Organisation, Unit: e.Unit, Name: e.Name, Kind: e.Kind, Active: e.Active}
}

func equipment(b Equipment) scheduling.Equipment {
	return scheduling.Equipment{Organisation: b.Organisation, Unit: b.Unit, Kind: b.Kind, Name: b.Name, Active: b.Active}
}

func templateBody(t scheduling.Template, language Language) BookingTemplate {
	w := t.In(string(language))
	out := BookingTemplate{ID: t.ID, Name: w.Name, About: w.About, Title: w.Title, Question: w.Question, Minutes: t.Minutes, Parties: []TemplateParty{}, Prepare: each(w.Prepare, preparationBody)}
	for _, p := range t.Parties {
		out.Parties = append(out.Parties, TemplateParty{
			Role: p.Role.String(), Organisation: p.Organisation, Required: p.Required, Attends: string(p.Attends), DeputyAllowed: p.MayDeputise,
		})
	}
	return out
}
