package scheduling

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Detail is an appointment as somebody may read it.
type Detail struct {
	Appointment
	People    []Invited // in the order of Participants
	Host      Organisation
	MadeBy    string                     // name
	Names     map[access.PersonID]string // of others who are mentioned: who answered for whom, in whose place
	Equipment []Equipment
	Ready     map[ParticipantID]Readiness
	Here      map[ParticipantID]Presence
	Taken     map[OptionID]bool // somebody who is required is not free any more
	Mine      ParticipantID     // the reader's own seat; empty: none
	May       []Deed            // what the reader may do with it now
}

// Presence is where somebody is in the call.
type Presence string

// The presences; empty: not there.
const (
	PresentWaiting Presence = "waiting"
	PresentHere    Presence = "here"
)

// Deed is something that can be done with an appointment.
type Deed string

// The deeds.
const (
	MayAnswer    Deed = "answer"
	MayAnswerFor Deed = "answer-for"
	MayMove      Deed = "move"
	MayCancel    Deed = "cancel"
	MayDeputise  Deed = "deputy"
	MayInvite    Deed = "people"
	MayRemind    Deed = "remind"
	MayNoShow    Deed = "noshow"
	MayLink      Deed = "link"
)

// Read is one appointment. Errors: *access.Refused, also where it is not there.
func (s *Service) Read(ctx context.Context, by access.Actor, id AppointmentID) (Detail, error) {
	a, has, err := s.find(ctx, by, id)
	if err != nil {
		return Detail{}, err
	}
	opened, err := s.allow(ctx, by, access.ConsultationRead, has, a, object(id))
	if err != nil {
		return Detail{}, err
	}
	if err := s.tell(ctx, by, access.ConsultationRead, opened, a); err != nil {
		return Detail{}, err
	}
	all, err := s.details(ctx, by, []Appointment{a})
	if err != nil {
		return Detail{}, err
	}
	return all[0], nil
}

// Bookings lists what the organisation that someone acts for invites to or takes part in, and what
// those invite to that it acts for in turn, by start: also what is asked for, and what was cancelled. Who may not read of consultations is
// told of them without the patients.
func (s *Service) Bookings(ctx context.Context, by access.Actor, from, until time.Time) ([]Detail, error) {
	if !until.After(from) || until.Sub(from) > maxSearch {
		return nil, &Invalid{"days", "must be 1–366"}
	}
	list, err := s.mine(ctx, by, Query{From: from, Until: until, States: everyState})
	if err != nil {
		return nil, err
	}
	return s.details(ctx, by, list)
}

// BookingsOf is Bookings of days: date is as 2026-11-23, and empty means today; 0 days are 7.
func (s *Service) BookingsOf(ctx context.Context, by access.Actor, date string, days int) ([]Detail, error) {
	from, err := s.midnight(date)
	if err != nil {
		return nil, err
	}
	if days == 0 {
		days = 7
	}
	return s.Bookings(ctx, by, from, from.AddDate(0, 0, days))
}

// Details are appointments that somebody has just made or changed, as they may read them.
func (s *Service) Details(ctx context.Context, by access.Actor, list []Appointment) ([]Detail, error) {
	return s.details(ctx, by, list)
}

var everyState = []State{Proposed, Pending, Booked, Arrived, Fulfilled, Cancelled, NoShow}

// mine lists appointments of the organisation that someone acts for, and of those that it acts
// for, when it is on record that they read of them.
func (s *Service) mine(ctx context.Context, by access.Actor, q Query) ([]Appointment, error) {
	opened, err := s.mayList(ctx, by)
	if err != nil {
		return nil, err
	}
	reach, err := s.actsFor(ctx, by)
	if err != nil {
		return nil, err
	}
	q.Organisation = by.Organisation
	list, err := s.cfg.Store.List(ctx, q)
	if err != nil {
		return nil, err
	}
	var others []Appointment
	for _, q.Organisation = range reach.For {
		if q.Organisation == by.Organisation || !access.Decide(by.Role, access.ConsultationList, access.Agreement).Allowed {
			continue
		}
		more, err := s.cfg.Store.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, a := range more {
			// What two of them have to do with is found twice, and what one's own has already.
			if a.Organisation == q.Organisation && a.relations(by, reach).Has(access.Agreement) {
				others = append(others, a)
			}
		}
	}
	if err := s.tellOfList(ctx, by, opened, list); err != nil || len(others) == 0 {
		return list, err
	}
	if err := s.tellOfList(ctx, by, access.Agreement, others); err != nil {
		return nil, err
	}
	list = append(list, others...)
	slices.SortStableFunc(list, func(a, b Appointment) int {
		return cmp.Or(a.Starts.Compare(b.Starts), cmp.Compare(a.ID, b.ID)) // as the store's lists are
	})
	return list, nil
}

// mayList asks whether somebody may list what the organisation that they act for has to do with.
func (s *Service) mayList(ctx context.Context, by access.Actor) (access.Relations, error) {
	var has access.Relations
	if by.Organisation != "" && !byLink(by) {
		has = access.SameOrganisation
	}
	return s.allow(ctx, by, access.ConsultationList, has, Appointment{}, "organisation/"+string(by.Organisation))
}

// tellOfList is tell of a list, where its reader sees patients in it.
func (s *Service) tellOfList(ctx context.Context, by access.Actor, opened access.Relations, list []Appointment) error {
	if !access.Decide(by.Role, access.ConsultationRead, opened).Allowed {
		return nil
	}
	return s.tell(ctx, by, access.ConsultationList, opened, list...)
}

// details are appointments as somebody reads them who may know that they are there. What is
// the patient's is left out for who may not read of consultations, and what is for those who
// treat for patients and those around them. A machine reads what its coordinators do.
func (s *Service) details(ctx context.Context, by access.Actor, list []Appointment) ([]Detail, error) {
	if len(list) == 0 {
		return []Detail{}, nil
	}
	names, err := s.named(ctx, list...)
	if err != nil {
		return nil, err
	}
	ids := make([]AppointmentID, len(list))
	organisations := []access.OrganisationID{}
	for i, a := range list {
		ids[i] = a.ID
		if len(a.Equipment) > 0 && !slices.Contains(organisations, a.Organisation) {
			organisations = append(organisations, a.Organisation)
		}
	}
	ready, err := s.cfg.Store.Readiness(ctx, ids)
	if err != nil {
		return nil, err
	}
	others, err := s.mentioned(ctx, list)
	if err != nil {
		return nil, err
	}
	taken, err := s.takenOptions(ctx, list)
	if err != nil {
		return nil, err
	}
	equipment, err := s.equipmentOf(ctx, by, list)
	if err != nil {
		return nil, err
	}
	reach := Reach{}
	if by.Organisation != "" && !byLink(by) && s.cfg.Register != nil {
		if reach, err = s.cfg.Register.Reach(ctx, by); err != nil {
			return nil, fmt.Errorf("whom one may book: %w", err)
		}
	}
	present, err := s.cfg.Present(ctx, s.soon(list))
	if err != nil {
		return nil, fmt.Errorf("presence: %w", err)
	}
	out := make([]Detail, len(list))
	for i, a := range list {
		d := Detail{
			Appointment: a, Host: names.organisations[a.Organisation], MadeBy: others[a.MadeBy], Names: others,
			Ready: ready[a.ID], Here: present[a.ID], Taken: taken[a.ID], May: s.may(by, a, reach),
		}
		me, seated := a.seatOf(by)
		if seated {
			d.Mine = me.ID
		}
		private := access.Decide(by.Role, access.ConsultationRead, a.relations(by, reach)).Allowed
		d.People = names.of(a, private)
		switch {
		case !private:
			d.Plan = Plan{}
			for j := range d.People {
				d.People[j].Reply.Comment = "" // it may be of a patient's health
			}
		case !by.Role.Staff() && by.Role != access.Machine: // it is written for those who treat
			d.Plan.Question, d.Plan.Words, d.Names, d.MadeBy = "", "", nil, ""
			d.Plan.Prepare = slices.DeleteFunc(slices.Clone(d.Plan.Prepare), func(p Preparation) bool { return p.For != by.Role })
			d.ownOnly()
		}
		for _, id := range a.Equipment {
			if e := slices.IndexFunc(equipment, func(e Equipment) bool { return e.ID == id }); e >= 0 {
				d.Equipment = append(d.Equipment, equipment[e])
			}
		}
		out[i] = d
	}
	return out, nil
}

// ownOnly leaves of what people have said only what the reader has, and how late others are.
func (d *Detail) ownOnly() {
	for j := range d.People {
		if d.People[j].ID != d.Mine {
			d.People[j].Reply = Reply{Answer: NeedsAction}
		}
	}
	d.Options = slices.DeleteFunc(d.Appointment.clone().Options, func(o Option) bool { return o.answerOf(d.Mine) == NeedsAction && !d.Asks(o, d.Mine) })
	for i := range d.Options {
		o := &d.Options[i]
		o.Replies = slices.DeleteFunc(o.Replies, func(r OptionReply) bool { return r.Participant != d.Mine })
	}
	d.Ready = maps.Clone(d.Ready)
	for id, r := range d.Ready {
		if id != d.Mine {
			d.Ready[id] = Readiness{State: r.State, At: r.At, Late: r.Late}
		}
	}
}

// soon are the appointments that somebody may be in the call of.
func (s *Service) soon(list []Appointment) (out []AppointmentID) {
	now := s.cfg.Now()
	for _, a := range list {
		if a.State.Stands() && !now.Before(a.opens()) && now.Before(s.closes(a)) {
			out = append(out, a.ID)
		}
	}
	return out
}

// mentioned are the names of who booked, who answered for others, and in whose place others are.
func (s *Service) mentioned(ctx context.Context, list []Appointment) (map[access.PersonID]string, error) {
	ids := map[access.PersonID]bool{}
	for _, a := range list {
		ids[a.MadeBy] = true
		for _, p := range a.Participants {
			ids[p.Reply.By], ids[p.DeputyFor] = true, true
		}
		for _, o := range a.Options {
			for _, r := range o.Replies {
				ids[r.By] = true
			}
		}
	}
	delete(ids, "")
	if len(ids) == 0 {
		return nil, nil
	}
	names, err := s.cfg.People.Names(ctx, slices.Collect(maps.Keys(ids)))
	if err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	return names, nil
}

// takenOptions says which of the times that are asked for are not free any more for somebody
// who is required and has not accepted them.
func (s *Service) takenOptions(ctx context.Context, list []Appointment) (map[AppointmentID]map[OptionID]bool, error) {
	var subjects []Subject
	var from, until time.Time
	for _, a := range list {
		for _, o := range a.Options {
			if from.IsZero() || o.Starts.Before(from) {
				from = o.Starts
			}
			if o.Ends.After(until) {
				until = o.Ends
			}
		}
		if a.State.Open() {
			for _, p := range a.Participants {
				if s := Subject(p.Person); p.Required && !slices.Contains(subjects, s) {
					subjects = append(subjects, s)
				}
			}
		}
	}
	if len(subjects) == 0 {
		return nil, nil
	}
	known, err := s.cfg.Store.Time(ctx, subjects, from.Add(-maxTravel), until.Add(maxTravel))
	if err != nil {
		return nil, err
	}
	firm := map[Subject][]Claim{}
	for _, c := range known.Claims {
		if c.Firm() {
			firm[c.Subject] = append(firm[c.Subject], c)
		}
	}
	out := map[AppointmentID]map[OptionID]bool{}
	for _, a := range list {
		for _, o := range a.Options {
			for _, p := range a.Participants {
				trip := Span{o.Starts.Add(-p.Before), o.Ends.Add(p.After)}
				if p.Required && slices.ContainsFunc(firm[Subject(p.Person)], func(c Claim) bool {
					return c.Appointment != a.ID && trip.overlaps(Span{c.Starts, c.Ends})
				}) {
					if out[a.ID] == nil {
						out[a.ID] = map[OptionID]bool{}
					}
					out[a.ID][o.ID] = true
				}
			}
		}
	}
	return out, nil
}

// equipmentOf is the equipment that appointments have, of the organisations that could have lent it.
func (s *Service) equipmentOf(ctx context.Context, by access.Actor, list []Appointment) ([]Equipment, error) {
	organisations := map[access.OrganisationID]bool{}
	for _, a := range list {
		if len(a.Equipment) > 0 {
			organisations[a.Organisation], organisations[by.Organisation] = true, true
			for _, p := range a.Participants {
				organisations[p.Organisation] = true
			}
		}
	}
	delete(organisations, "")
	if len(organisations) == 0 {
		return nil, nil
	}
	return s.cfg.Store.Equipment(ctx, slices.Collect(maps.Keys(organisations)))
}

// may is what somebody may do with an appointment now.
func (s *Service) may(by access.Actor, a Appointment, reach Reach) (out []Deed) {
	now := s.cfg.Now()
	answerable := a.State.Open() && now.Before(a.AnswerBy) || a.State.Stands() && now.Before(a.Ends)
	changeable := a.State.Open() || a.State.Stands() && now.Before(a.Ends)
	add := func(can bool, d ...Deed) {
		if can {
			out = append(out, d...)
		}
	}
	me, mine := a.seatOf(by)
	answers := access.Decide(by.Role, access.ConsultationAnswer, access.Participant|access.SameOrganisation).Allowed
	add(answers && mine && answerable, MayAnswer)
	others := 0
	for _, p := range a.Participants {
		if p.ID != me.ID && len(a.answering(by, p.ID)) > 0 {
			others++
		}
	}
	add(answers && others > 0 && answerable, MayAnswerFor)
	add(answers && changeable && (mine && me.Role.Staff() && me.MayDeputise || others > 0), MayDeputise)
	var has access.Relations
	switch {
	case byLink(by) || by.Organisation == "":
	case a.Organisation == by.Organisation:
		has = access.SameOrganisation
	case slices.Contains(reach.For, a.Organisation):
		has = access.Agreement
	}
	books := access.Decide(by.Role, access.ConsultationBook, has).Allowed
	add(books && changeable, MayMove, MayCancel, MayInvite)
	add(books && changeable && len(a.silent("")) > 0, MayRemind)
	add(books && a.State == Booked && !now.Before(a.Starts), MayNoShow)
	add(access.Decide(by.Role, access.LinkReplace, has).Allowed && a.State.Stands() && !s.over(a), MayLink)
	return out
}
