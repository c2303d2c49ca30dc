package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// addMatters keeps what has come to be before: what now waits for who coordinates, and how
// consultations can end otherwise. The house itself says so, for nobody can have done it in
// the past.
func (s *seeding) addMatters(ctx context.Context) error {
	before := s.workday(-1)
	missed := s.booked(planned{
		id: s.thisWeek("missed"), starts: at(before, 13, 0), by: siv, staff: []member{lund, tor}, patient: gran, template: wound,
	}, at(before.AddDate(0, 0, -7), 9, 0))
	missed.State = scheduling.NoShow
	ill := s.booked(planned{
		id: s.thisWeek("ill"), starts: at(before, 14, 0), by: siv, staff: []member{tuva, hilde}, drive: 20, patient: lerk, template: wound,
	}, at(before.AddDate(0, 0, -7), 9, 0))
	ill.State, ill.Sequence, ill.Reason, ill.Words = scheduling.Cancelled, 1, scheduling.ByPatient, "Pasienten er forkjølt, og vil vente ei veke."
	healed := s.booked(planned{
		id: s.thisWeek("healed"), starts: at(s.workday(2), 14, 30), by: siv, staff: []member{furu, tor}, drive: 15, patient: or, template: wound,
	}, at(before.AddDate(0, 0, -3), 9, 0))
	healed.State, healed.Sequence, healed.Reason, healed.Words = scheduling.Cancelled, 1, scheduling.NoLongerNeeded, "Såret er grodd."
	all := []scheduling.Appointment{s.unanswered(), missed, ill, healed}
	for _, p := range []planned{
		// For these a deputy is wanted.
		{id: s.thisWeek("sick pil"), starts: at(s.sick, 9, 0), by: siv, staff: []member{furu, ane}, drive: 25, patient: pil, template: wound},
		{id: s.thisWeek("sick barlind"), starts: at(s.sick, 11, 0), by: siv, staff: []member{tuva, ane}, drive: 20, patient: barlind, template: wound},
		{id: s.thisWeek("away lonn"), starts: at(s.without, 9, 0), by: siv, staff: []member{osp, bo, per}, patient: lonn, template: mental, title: "Utskriving"},
	} {
		all = append(all, s.booked(p, at(before.AddDate(0, 0, -3), 9, 0)))
	}
	for _, a := range all {
		if err := s.put(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// unanswered has been asked for more than two days ago. All have said yes to both times but
// the patient, who has not answered.
func (s *seeding) unanswered() scheduling.Appointment {
	a := s.booked(planned{
		id: s.thisWeek("unanswered"), starts: at(s.workday(1), 13, 0), by: siv, staff: []member{tuva, mari}, drive: 25, patient: alm, template: wound,
		guests: []guest{{alm.relatives[0].name, alm.relatives[0].title, access.Relative}},
	}, s.now.Add(-50*time.Hour))
	second := at(s.workday(3), 13, 0).UTC()
	a.State, a.Deadline, a.AnswerBy = scheduling.Pending, s.workday(4).Format(time.DateOnly), second.Add(-time.Hour)
	for i, starts := range []time.Time{a.Starts, second} {
		o := scheduling.Option{ID: scheduling.OptionID(idOf(string(a.ID), fmt.Sprint(i))), Starts: starts, Ends: starts.Add(a.Ends.Sub(a.Starts))}
		for _, p := range a.Participants {
			if p.Role != access.Patient {
				o.Replies = append(o.Replies, scheduling.OptionReply{Participant: p.ID, Answer: scheduling.Accepted, At: p.Reply.At})
			}
		}
		a.Options = append(a.Options, o)
	}
	for i := range a.Participants {
		a.Participants[i].Reply = scheduling.Reply{}
	}
	return a
}

// addRequests has people of the demo ask for times and answer.
func (s *seeding) addRequests(ctx context.Context) error {
	for _, request := range []func(context.Context) error{s.askNobodyYet, s.askSuggested, s.askPending, s.bookForNeighbour} {
		if err := request(ctx); err != nil {
			return fmt.Errorf("ask: %w", err)
		}
	}
	return nil
}

// askNobodyYet is new: it waits for the answers of the two whose accounts a demo shows.
func (s *seeding) askNobodyYet(ctx context.Context) error {
	_, _, err := s.ask(ctx, planned{by: siv, staff: []member{tuva, mari}, drive: 15, patient: einer, template: wound}, at(s.workday(3), 14, 30), at(s.workday(4), 13, 30))
	return err
}

// askSuggested: the municipality wants an hour later.
func (s *seeding) askSuggested(ctx context.Context) error {
	day := s.workday(2)
	a, made, err := s.ask(ctx, planned{by: siv, staff: []member{furu, ane}, drive: 30, patient: hegg, template: wound, title: "Fyrste samtale"}, at(day, 13, 0))
	if err != nil || !made {
		return err
	}
	_, err = s.Schedule.Answer(ctx, s.actor(kari), a.ID, scheduling.Given{
		Participant: s.seatOf(a, ane), Answers: []scheduling.GivenAnswer{{Option: a.Options[0].ID, Answer: scheduling.Declined}},
		Starts: at(day, 14, 0).UTC(), Comment: "Ane er hos ein annan pasient til halv to.",
	})
	return err
}

// askPending: the municipality asks, and its nurse has said yes to one of two times.
func (s *seeding) askPending(ctx context.Context) error {
	a, made, err := s.ask(ctx, planned{by: kari, staff: []member{osp, bo}, patient: asp, template: mental}, at(s.ospDay(2), 13, 0), at(s.ospDay(3), 13, 0))
	if err != nil || !made {
		return err
	}
	_, err = s.Schedule.Answer(ctx, s.actor(bo), a.ID, scheduling.Given{
		Answers: []scheduling.GivenAnswer{{Option: a.Options[0].ID, Answer: scheduling.Accepted}, {Option: a.Options[1].ID, Answer: scheduling.Declined}},
	})
	return err
}

// bookForNeighbour: the municipality books at once for the one that it acts for.
func (s *seeding) bookForNeighbour(ctx context.Context) error {
	_, _, err := s.request(ctx, planned{by: kari, staff: []member{furu, hilde}, drive: 20, patient: lerk, template: wound}, scheduling.Request{
		Organisation: s.organisations[neighbour.name], AtOnce: true, Starts: []time.Time{at(s.workday(2), 10, 0).UTC()},
	})
	return err
}

// ask asks for times, of which the first comes first.
func (s *seeding) ask(ctx context.Context, p planned, times ...time.Time) (scheduling.Appointment, bool, error) {
	r := scheduling.Request{AnswerBy: times[0].Add(-time.Hour).UTC()} // not before tomorrow: nobody has kept others waiting yet
	for _, t := range times {
		r.Starts = append(r.Starts, t.UTC())
	}
	return s.request(ctx, p, r)
}

// request books as a person does, once in each week; made says whether it was now. In a store
// that has been used it is left out where what people have changed since is in its way.
func (s *seeding) request(ctx context.Context, p planned, r scheduling.Request) (a scheduling.Appointment, made bool, err error) {
	for _, a := range s.known {
		if a.Patient() == s.people[p.patient.name] && a.MadeBy == s.members[p.by.name].ID && !a.Made.Before(s.monday()) {
			return a, false, nil
		}
	}
	r.Plan, r.Parties, r.Length = s.plan(p), s.parties(p), p.length()
	booked, _, err := s.Schedule.Book(ctx, s.actor(p.by), r)
	if err != nil && s.used && outOfDate(err) {
		return a, false, nil
	}
	if err != nil {
		return a, false, fmt.Errorf("for %s: %w", p.staff[0].email, err)
	}
	s.known[booked[0].ID] = booked[0]
	return booked[0], true, nil
}

// outOfDate says whether people are booked, have left, or may not do it any more.
func outOfDate(err error) bool {
	_, taken := errors.AsType[*scheduling.TakenError](err)
	_, invalid := errors.AsType[*scheduling.Invalid](err)
	_, refused := errors.AsType[*access.Refused](err)
	return taken || invalid || refused
}

func (s *seeding) seatOf(a scheduling.Appointment, m member) scheduling.ParticipantID {
	for _, p := range a.Participants {
		if p.Person == s.members[m.name].ID {
			return p.ID
		}
	}
	return ""
}
