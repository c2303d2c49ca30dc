package scheduling

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Given is what somebody answers.
type Given struct {
	Participant ParticipantID // whose; empty: one's own, or for who coordinates that of all of the own organisation
	Answers     []GivenAnswer
	Comment     string    // at most 300 characters
	Starts      time.Time // another start that would suit; zero: none
	Interpreter *string   // language that one needs an interpreter for, empty: none any more; nil: unchanged
}

// GivenAnswer is an answer to one time.
type GivenAnswer struct {
	Option OptionID // empty: the booked time
	Answer Answer
}

// Answer takes somebody's answers to the times, theirs or one of those of their organisation.
// Accepting a time that is asked for is a promise: from then on nothing else can be booked
// with them. When all who are required have accepted the same, it is booked.
// Errors: *access.Refused, *Invalid, *TakenError, *ClosedError when there is nothing to answer.
func (s *Service) Answer(ctx context.Context, by access.Actor, id AppointmentID, g Given) (Appointment, error) {
	for i, one := range g.Answers {
		if one.Answer != Accepted && one.Answer != Declined && one.Answer != Tentative {
			return Appointment{}, &Invalid{fmt.Sprintf("answers[%d].answer", i), "must be accepted, declined or tentative"}
		}
	}
	if len(g.Answers) == 0 && g.Interpreter == nil && g.Starts.IsZero() {
		return Appointment{}, &Invalid{"answers", "must not be empty"}
	}
	now := s.cfg.Now()
	return s.change(ctx, changing{
		by: by, id: id, action: access.ConsultationAnswer,
		stands: answers(by, g.Participant),
		do: func(a *Appointment) error {
			if a.State == Cancelled || a.State == Fulfilled || a.State == NoShow || a.State.Stands() && !now.Before(a.Ends) || a.State.Open() && !now.Before(a.AnswerBy) {
				return s.closed(ctx, Ended, *a)
			}
			if g.Interpreter != nil {
				a.Interpreter = *g.Interpreter
			}
			for _, p := range a.answering(by, g.Participant) {
				if err := a.answer(p, by, g, now, s.cfg.Zone); err != nil {
					return err
				}
			}
			a.settle(now)
			return nil
		},
		tell: func(before, after Appointment) Change { return s.tellOfAnswer(by, before, after) },
	})
}

// answers is how somebody stands to an appointment as one who answers in it.
func answers(by access.Actor, whose ParticipantID) func(Appointment) (access.Relations, error) {
	return func(a Appointment) (has access.Relations, err error) {
		if len(a.answering(by, whose)) > 0 {
			has = access.Participant | access.SameOrganisation // whoever may not act for the house answers in person
		}
		return has, nil
	}
}

// answering are the participants for whom somebody may answer: themselves; and for who
// coordinates those of the own organisation, and where that invites, who comes by a link.
func (a Appointment) answering(by access.Actor, whose ParticipantID) (out []ParticipantID) {
	coordinates := !access.Decide(by.Role, access.ConsultationJoin, access.Participant).Allowed && !byLink(by)
	for _, p := range a.Participants {
		self := p.Person == by.Person && p.Role == by.Role && (p.Organisation == by.Organisation || !by.Role.Staff())
		switch {
		case self && (whose == "" || whose == p.ID):
			out = append(out, p.ID)
		case !coordinates || by.Organisation == "":
		case p.Organisation == by.Organisation && (whose == "" || whose == p.ID):
			out = append(out, p.ID)
		case p.Organisation == "" && a.Organisation == by.Organisation && whose == p.ID:
			out = append(out, p.ID)
		}
	}
	return out
}

// answer notes what a participant says.
func (a *Appointment) answer(id ParticipantID, by access.Actor, g Given, now time.Time, zone *time.Location) error {
	p := &a.Participants[slices.IndexFunc(a.Participants, func(p Participant) bool { return p.ID == id })]
	who := access.PersonID("")
	if p.Person != by.Person {
		who = by.Person
	}
	for i, one := range g.Answers {
		place := fmt.Sprintf("answers[%d].option", i)
		if one.Option == "" {
			if !a.State.Stands() {
				return &Invalid{place, "must be one of the times that are asked for"}
			}
			p.Reply = Reply{one.Answer, now, who, g.Comment}
			continue
		}
		o := slices.IndexFunc(a.Options, func(o Option) bool { return o.ID == one.Option })
		if o < 0 {
			return &Invalid{place, "is not one of the times that are asked for"}
		}
		if one.Answer == Accepted && a.Options[o].past(now) {
			return &Invalid{place, "is past"}
		}
		a.Options[o].reply(OptionReply{id, one.Answer, now, who})
		p.Reply.Comment = g.Comment
	}
	if g.Starts.IsZero() {
		return nil
	}
	return a.suggest(p, who, g, now, zone)
}

// past says whether it is too late to book a time: others may hold for long after the first.
func (o Option) past(now time.Time) bool { return o.Starts.Before(now.Add(-lateBooking)) }

// reply notes an answer in place of the participant's one before.
func (o *Option) reply(r OptionReply) {
	o.Replies = append(slices.DeleteFunc(o.Replies, func(old OptionReply) bool { return old.Participant == r.Participant }), r)
}

// suggest adds a time that a participant wants, and has accepted. An earlier one of theirs
// that nobody has accepted gives way.
func (a *Appointment) suggest(p *Participant, who access.PersonID, g Given, now time.Time, zone *time.Location) error {
	length := a.Ends.Sub(a.Starts)
	switch {
	case !g.Starts.After(now):
		return &Invalid{"starts", "must not be past"}
	case g.Starts.After(now.Add(maxAhead)):
		return &Invalid{"starts", "must be within two years"}
	case g.Starts.UnixMilli()%time.Minute.Milliseconds() != 0:
		return &Invalid{"starts", "must be a whole minute"}
	case !a.State.Open():
		return &Invalid{"starts", "is only for what is not booked yet: decline, and say when it suits"}
	}
	if o := slices.IndexFunc(a.Options, func(o Option) bool { return o.Starts.Equal(g.Starts) }); o >= 0 {
		a.Options[o].reply(OptionReply{p.ID, Accepted, now, who})
		return nil
	}
	a.Options = slices.DeleteFunc(a.Options, func(o Option) bool {
		return o.By == p.ID && !slices.ContainsFunc(o.Replies, func(r OptionReply) bool { return r.Participant != p.ID && r.Answer == Accepted })
	})
	if len(a.Options) >= maxOptions {
		return &Invalid{"starts", "can't be added: there are six times already"}
	}
	a.Options = append(a.Options, Option{
		ID: OptionID(newID()), Starts: g.Starts, Ends: g.Starts.Add(length), By: p.ID, Replies: []OptionReply{{p.ID, Accepted, now, who}},
	})
	p.Reply.Comment = g.Comment
	// The others need time to answer, too; and all need time to be told before it begins.
	if by := (Request{Starts: []time.Time{g.Starts}}).answerBy(now, zone); by.After(a.AnswerBy) {
		a.AnswerBy = by
	}
	return nil
}

// settle books the first time that all who are required have accepted, and else says how far
// the asking has come.
func (a *Appointment) settle(now time.Time) {
	if !a.State.Open() {
		return
	}
	answered := false
	for _, o := range a.Options {
		answered = answered || a.accepted(o) > 0
		if !a.agreed(o) || o.past(now) {
			continue
		}
		a.State, a.Starts, a.Ends, a.AnswerBy = Booked, o.Starts, o.Ends, time.Time{}
		for i := range a.Participants {
			p := &a.Participants[i]
			p.Reply = Reply{Answer: NeedsAction, Comment: p.Reply.Comment}
			for _, r := range o.Replies {
				if r.Participant == p.ID {
					p.Reply.Answer, p.Reply.At, p.Reply.By = r.Answer, r.At, r.By
				}
			}
		}
		a.Options = nil
		return
	}
	a.State = Proposed
	if answered {
		a.State = Pending
	}
	a.Starts, a.Ends = a.Options[0].Starts, a.Options[0].Ends
}

// agreed says whether all who are required have accepted a time, and there is somebody who is.
func (a Appointment) agreed(o Option) bool {
	required := false
	for _, p := range a.Participants {
		if p.Required {
			required = true
			if o.answerOf(p.ID) != Accepted {
				return false
			}
		}
	}
	return required
}
