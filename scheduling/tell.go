package scheduling

import (
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Whom an appointment's messages go to. A message names the appointment, the seat and what it
// is for; its words and address are found when it is sent, so that they are true then.

// message is one to a participant.
func message(a Appointment, p Participant, guest, staff notify.Kind) notify.Message {
	m := notify.Message{ID: newID(), To: p.Person, Kind: guest, About: string(a.ID), Seat: string(p.ID), Change: a.Sequence, When: a.Starts.UnixMilli()}
	if p.Role.Staff() {
		m.Kind = staff
	}
	return m
}

// ask asks a participant to answer, for the first time or again.
func (s *Service) ask(a Appointment, p Participant) notify.Message {
	if !a.State.Open() {
		m := message(a, p, notify.KindBooked, notify.KindStaffBooked)
		m.Until = a.Ends
		return m
	}
	m := message(a, p, notify.KindProposal, notify.KindStaffProposal)
	m.Until = a.AnswerBy
	return m
}

// announce tells everybody but who does it of an appointment that is new to them: that it is
// booked, with what reminds them of it, or that times are asked for.
func (s *Service) announce(by access.Actor, a Appointment) []notify.Message {
	var out []notify.Message
	for _, p := range a.Participants {
		if p.Person != by.Person {
			out = append(out, s.ask(a, p))
		}
		out = append(out, s.reminders(a, p)...)
	}
	return out
}

// reminders are those of a booked time that are still to come. Staff, who have a calendar,
// get the last one alone.
func (s *Service) reminders(a Appointment, p Participant) (out []notify.Message) {
	if !a.State.Stands() {
		return nil
	}
	now := s.cfg.Now()
	for i, before := range s.cfg.Reminders {
		due := a.Starts.Add(-before)
		last := i == len(s.cfg.Reminders)-1
		// One that would come with the booking itself reminds of nothing.
		if !due.After(now.Add(before/4)) || p.Role.Staff() && !last {
			continue
		}
		guest := notify.KindReminderDay
		if before < 12*time.Hour {
			guest = notify.KindReminderHour
		}
		m := message(a, p, guest, notify.KindStaffReminder)
		m.Due, m.Until = due, a.Starts
		out = append(out, m)
	}
	return out
}

// coordinator tells who has booked of what others have done; nobody where they did it themselves.
func (s *Service) coordinator(by access.Actor, a Appointment, kind notify.Kind, whose ParticipantID) []notify.Message {
	if a.MadeBy == "" || a.MadeBy == by.Person {
		return nil
	}
	return []notify.Message{{ID: newID(), To: a.MadeBy, Kind: kind, About: string(a.ID), Seat: string(whose), Change: a.Sequence, When: a.Starts.UnixMilli()}}
}

// agreed tells who has booked that it is booked: those who are in it are told as such.
func (s *Service) agreed(by access.Actor, a Appointment) []notify.Message {
	if slices.ContainsFunc(a.Participants, func(p Participant) bool { return p.Person == a.MadeBy }) {
		return nil
	}
	return s.coordinator(by, a, notify.KindAgreed, "")
}

// heard marks what goes to those who know of the appointment though the message that told them
// first may still wait: who has answered, and who does what is told.
func (a Appointment) heard(by access.Actor, out []notify.Message) {
	for i := range out {
		m := &out[i]
		p, _ := a.participant(ParticipantID(m.Seat))
		if p.Person != m.To {
			continue
		}
		m.Known = m.Known || p.Person == by.Person || !p.Reply.At.IsZero() && p.Reply.By == "" || slices.ContainsFunc(a.Options, func(o Option) bool {
			return slices.ContainsFunc(o.Replies, func(r OptionReply) bool { return r.Participant == p.ID && r.By == "" })
		})
	}
}

func (s *Service) tellOfAnswer(by access.Actor, before, after Appointment) (c Change) {
	if before.State.Open() && after.State.Stands() {
		return Change{Withdraw: true, Out: append(s.announce(access.Actor{}, after), s.agreed(by, after)...)}
	}
	for _, p := range after.Participants {
		switch {
		case after.suggests(p) && !before.suggested(after, p):
			c.Out = append(c.Out, s.coordinator(by, after, notify.KindSuggested, p.ID)...)
		case after.against(p) && !before.against(p):
			c.Out = append(c.Out, s.coordinator(by, after, notify.KindDeclined, p.ID)...)
		}
	}
	// What somebody has suggested is asked of the others when who invites has agreed to it.
	for _, o := range after.Options {
		if o.By == "" || !after.inviterAccepts(o) {
			continue
		}
		if i := slices.IndexFunc(before.Options, func(b Option) bool { return b.ID == o.ID }); i < 0 || before.inviterAccepts(before.Options[i]) {
			continue
		}
		for _, p := range after.Participants {
			if o.answerOf(p.ID) == NeedsAction {
				c.Out = append(c.Out, s.ask(after, p))
			}
		}
	}
	return c
}

// suggests says whether a time is asked for that the participant has suggested.
func (a Appointment) suggests(p Participant) bool {
	return slices.ContainsFunc(a.Options, func(o Option) bool { return o.By == p.ID })
}

// suggested says whether the participant's suggestion was there before.
func (a Appointment) suggested(after Appointment, p Participant) bool {
	for _, o := range after.Options {
		if o.By == p.ID && !slices.ContainsFunc(a.Options, func(b Option) bool { return b.ID == o.ID }) {
			return false
		}
	}
	return true
}

// against says whether nothing that stands suits a participant.
func (a Appointment) against(p Participant) bool {
	if !a.State.Open() {
		return p.Reply.Answer == Declined
	}
	return !slices.ContainsFunc(a.Options, func(o Option) bool { return o.answerOf(p.ID) != Declined })
}

// inviterAccepts says whether those of the organisation that invites have all accepted a time.
func (a Appointment) inviterAccepts(o Option) bool {
	any := false
	for _, p := range a.Participants {
		if p.Organisation == a.Organisation {
			any = true
			if o.answerOf(p.ID) != Accepted {
				return false
			}
		}
	}
	return any
}

func (s *Service) tellOfMove(by access.Actor, before, after Appointment) Change {
	c := Change{Withdraw: true}
	for _, p := range after.Participants {
		c.Anew = append(c.Anew, p.ID)
		if p.Person != by.Person {
			m := s.ask(after, p)
			if before.State.Stands() {
				m = message(after, p, notify.KindMoved, notify.KindStaffMoved)
				m.Until = after.Ends
			}
			c.Out = append(c.Out, m)
		}
		c.Out = append(c.Out, s.reminders(after, p)...)
	}
	return c
}

func (s *Service) tellOfEnd(by access.Actor, before, after Appointment) Change {
	c := Change{Withdraw: true}
	for _, p := range after.Participants {
		// Who has promised nothing is not told that nobody has agreed.
		silent := after.Reason == NoAnswer && !slices.ContainsFunc(before.Options, func(o Option) bool { return o.answerOf(p.ID) == Accepted })
		if p.Person != by.Person && !silent {
			c.Out = append(c.Out, gone(after, p))
		}
	}
	if after.Reason == NoAnswer {
		c.Out = append(c.Out, s.coordinator(by, after, notify.KindLapsed, "")...)
	}
	return c
}

// gone tells a participant that they need not come.
func gone(a Appointment, p Participant) notify.Message {
	return message(a, p, notify.KindCancelled, notify.KindStaffCancelled)
}

func (s *Service) tellOfDeputy(by access.Actor, before, after Appointment) (c Change) {
	for i, p := range after.Participants {
		was := before.Participants[i] // places stay
		if was.Person == p.Person {
			continue
		}
		c.Anew = append(c.Anew, p.ID)
		m := message(after, p, notify.KindDeputyAsked, notify.KindDeputyAsked)
		m.First = true
		c.Out = append(append(c.Out, m), s.reminders(after, p)...)
		if was.Person != by.Person {
			c.Out = append(c.Out, gone(after, was))
		}
	}
	return c
}

func (s *Service) tellOfPeople(by access.Actor, before, after Appointment) (c Change) {
	if before.State.Open() && after.State.Stands() {
		c = Change{Withdraw: true, Out: append(s.announce(access.Actor{}, after), s.agreed(by, after)...)}
	} else {
		for _, p := range after.Participants {
			if _, was := before.participant(p.ID); !was && p.Person != by.Person {
				m := s.ask(after, p)
				m.First = true
				c.Out = append(append(c.Out, m), s.reminders(after, p)...)
			}
		}
	}
	for _, p := range before.Participants {
		if _, is := after.participant(p.ID); !is && p.Person != by.Person {
			c.Out = append(c.Out, gone(after, p))
		}
	}
	return c
}
