package scheduling

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// Move gives an appointment another time. What is booked stays so, with the answers beginning
// anew; what is asked for is asked anew, for the one time.
type Move struct {
	Starts time.Time
	Length time.Duration
	Anyway bool // as in Request
}

// Move carries it out. Errors: *access.Refused, *Invalid, *TakenError, ErrVersion, *ClosedError.
func (s *Service) Move(ctx context.Context, by access.Actor, id AppointmentID, version int64, m Move) (Appointment, error) {
	now := s.cfg.Now()
	check := Request{AtOnce: true, Parties: make([]Party, 1), Length: m.Length, Starts: []time.Time{m.Starts}}
	return s.change(ctx, changing{
		by: by, id: id, version: version, action: access.ConsultationBook, stands: s.owns(ctx, by),
		do: func(a *Appointment) error {
			if err := s.unfinished(ctx, *a); err != nil {
				return err
			}
			if err := check.check(now); err != nil {
				if broken, ok := errors.AsType[*Invalid](err); ok && broken.Field == "times[0]" {
					return &Invalid{"starts", broken.Rule}
				}
				return err
			}
			if m.Starts.Equal(a.Starts) && m.Length == a.Ends.Sub(a.Starts) && len(a.Options) == 0 {
				return &Invalid{"starts", "must be another time"}
			}
			taken, err := s.takenAt(ctx, *a, m.Length, []time.Time{m.Starts}, m.Anyway)
			if err != nil {
				return err
			}
			if len(taken) > 0 {
				return &TakenError{taken}
			}
			a.moved(m.Starts, m.Starts.Add(m.Length), by, now, s.cfg.Zone)
			return nil
		},
		tell: func(before, after Appointment) Change { return s.tellOfMove(by, before, after) },
	})
}

// moved puts it at another time.
func (a *Appointment) moved(starts, ends time.Time, by access.Actor, now time.Time, zone *time.Location) {
	me, mine := a.seatOf(by)
	a.Sequence++ // RFC 5546 §2.1.4: also of what is only asked for; who was asked has the time before
	if a.State.Open() {
		o := Option{ID: OptionID(newID()), Starts: starts, Ends: ends}
		if mine {
			o.reply(OptionReply{me.ID, Accepted, now, ""})
		}
		a.Options, a.State = []Option{o}, Proposed
		a.AnswerBy = Request{Starts: []time.Time{starts}}.answerBy(now, zone)
		a.settle(now)
		return
	}
	a.Was, a.Starts, a.Ends = a.Starts, starts, ends
	a.State = Booked
	for i := range a.Participants {
		p := &a.Participants[i]
		p.Reply = Reply{Answer: NeedsAction}
		if mine && p.ID == me.ID {
			p.Reply = Reply{Answer: Accepted, At: now}
		}
	}
}

// Cancel says why an appointment is not to be.
type Cancel struct {
	Reason Reason
	Words  string // for the other parties' staff
	Series bool   // all to come of its series, too
}

// Cancel takes an appointment off, or what is to come of its series: version is the first one's,
// 0 whichever it has. What has ended of the series meanwhile stays as it is.
// Errors: *access.Refused, *Invalid, ErrVersion, *ClosedError.
func (s *Service) Cancel(ctx context.Context, by access.Actor, id AppointmentID, version int64, c Cancel) (Appointment, error) {
	switch c.Reason {
	case ByPatient, ByStaff, NoLongerNeeded, OtherReason:
	default:
		return Appointment{}, &Invalid{"reason", "must be patient, staff, no-longer-needed or other"}
	}
	if c.Series {
		return s.cancelSeries(ctx, by, id, version, c)
	}
	return s.change(ctx, changing{
		by: by, id: id, version: version, action: access.ConsultationBook, stands: s.owns(ctx, by),
		do: func(a *Appointment) error {
			if err := s.unfinished(ctx, *a); err != nil {
				return err
			}
			a.cancel(c)
			return nil
		},
		tell: func(before, after Appointment) Change { return s.tellOfEnd(by, before, after) },
	})
}

func (a *Appointment) cancel(c Cancel) {
	a.State, a.Reason, a.Words = Cancelled, c.Reason, c.Words
	a.Sequence++
}

// cancelSeries takes off an appointment and what is to come of its series: all of it, or nothing.
func (s *Service) cancelSeries(ctx context.Context, by access.Actor, id AppointmentID, version int64, c Cancel) (Appointment, error) {
	for try := 1; ; try++ {
		first, _, err := s.find(ctx, by, id)
		if err != nil {
			return Appointment{}, err
		}
		has := access.Relations(0)
		if first.ID != "" {
			if has, err = s.owns(ctx, by)(first); err != nil {
				return Appointment{}, err
			}
		}
		opened, err := s.allow(ctx, by, access.ConsultationBook, has, first, object(id))
		if err != nil {
			return Appointment{}, err
		}
		if version != 0 && first.Version != version {
			return Appointment{}, ErrVersion
		}
		if err := s.unfinished(ctx, first); err != nil {
			return Appointment{}, err
		}
		all := []Appointment{first}
		if first.Series != "" {
			rest, err := s.cfg.Store.List(ctx, Query{Series: first.Series, From: s.cfg.Now(), States: []State{Booked, Proposed, Pending}})
			if err != nil {
				return Appointment{}, fmt.Errorf("the rest of the series: %w", err)
			}
			for _, a := range rest {
				if a.ID != id && a.Organisation == first.Organisation {
					all = append(all, a)
				}
			}
		}
		change := Change{Withdraw: true}
		for _, before := range all {
			after := before.clone()
			after.cancel(c)
			if err := after.Check(); err != nil {
				return Appointment{}, err
			}
			out := s.tellOfEnd(by, before, after).Out
			before.heard(by, out)
			e := audit.New(s.cfg.Now(), by, access.ConsultationBook.String(), audit.Done)
			e.By, e.Patient, e.Object = opened, before.Patient(), before.object()
			change.Appointments, change.Out, change.Entries = append(change.Appointments, after), append(change.Out, out...), append(change.Entries, e)
		}
		saved, err := s.cfg.Store.Save(ctx, change)
		if errors.Is(err, ErrVersion) && try < tries {
			continue // one of them was changed meanwhile; if it is the first, its version says so
		}
		if err != nil {
			return Appointment{}, err
		}
		return saved[0], nil
	}
}

// NoShow notes that the patient has not come; version 0 is whichever it has.
// Errors: *access.Refused, *Invalid, ErrVersion.
func (s *Service) NoShow(ctx context.Context, by access.Actor, id AppointmentID, version int64) (Appointment, error) {
	return s.change(ctx, changing{
		by: by, id: id, version: version, action: access.ConsultationBook, stands: s.owns(ctx, by),
		do: func(a *Appointment) error {
			if a.State != Booked || s.cfg.Now().Before(a.Starts) {
				return &Invalid{"state", "must be booked, and its time have come"}
			}
			a.State = NoShow
			return nil
		},
		tell: func(_, after Appointment) Change { return Change{Withdraw: true, Over: s.cfg.Now()} },
	})
}

// Deputise puts another of the same organisation and role in somebody's place: sent by
// themselves where they may, or by who coordinates there.
// Errors: *access.Refused, *Invalid, *TakenError, *ClosedError.
func (s *Service) Deputise(ctx context.Context, by access.Actor, id AppointmentID, whose ParticipantID, deputy access.PersonID) (Appointment, error) {
	now := s.cfg.Now()
	return s.change(ctx, changing{
		by: by, id: id, action: access.ConsultationAnswer,
		stands: answers(by, whose),
		do: func(a *Appointment) error {
			if err := s.unfinished(ctx, *a); err != nil {
				return err
			}
			all := a.answering(by, whose)
			if len(all) != 1 {
				return &Invalid{"participant", "must say in whose place"}
			}
			return s.replace(ctx, a, all[0], by, deputy, now)
		},
		tell: func(before, after Appointment) Change { return s.tellOfDeputy(by, before, after) },
	})
}

func (s *Service) replace(ctx context.Context, a *Appointment, whose ParticipantID, by access.Actor, deputy access.PersonID, now time.Time) error {
	p := &a.Participants[slices.IndexFunc(a.Participants, func(p Participant) bool { return p.ID == whose })]
	switch {
	case !p.Role.Staff():
		return &Invalid{"participant", "must be staff"}
	case p.Person == by.Person && !p.MayDeputise:
		return &Invalid{"participant", "is asked in person, and can't send another"}
	case slices.ContainsFunc(a.Participants, func(o Participant) bool { return o.Person == deputy }):
		return &Invalid{"person", "is in the consultation already"}
	}
	working, err := s.cfg.Register.Working(ctx, []access.PersonID{deputy}, a.Starts.In(s.cfg.Zone).Format(time.DateOnly))
	if err != nil {
		return fmt.Errorf("who works: %w", err)
	}
	w := slices.IndexFunc(working, func(c Colleague) bool { return c.Organisation == p.Organisation && c.Role == p.Role })
	if w < 0 {
		return &Invalid{"person", "must work in the same organisation in the same role"}
	}
	if p.DeputyFor == "" {
		p.DeputyFor = p.Person
	}
	if p.DeputyFor == deputy {
		p.DeputyFor = "" // back to the one who was asked first
	}
	p.Person, p.Title, p.Beside, p.Reply = deputy, working[w].Title, nil, Reply{}
	a.unsaid(func(id ParticipantID) bool { return id == whose })
	a.Sequence++ // RFC 5546 §3.2.5: the CANCEL to who was replaced has a higher one than their REQUEST
	a.settle(now)
	if a.State.Stands() {
		taken, err := s.takenAt(ctx, *a, a.Ends.Sub(a.Starts), []time.Time{a.Starts}, true)
		if err != nil {
			return err
		}
		if len(taken) > 0 {
			return &TakenError{taken}
		}
	}
	return nil
}

// unsaid takes back what those have said to the times who are not in it any more. A time that
// one of them has suggested goes too, unless another has accepted it; then it is everybody's.
func (a *Appointment) unsaid(gone func(ParticipantID) bool) {
	for i := range a.Options {
		o := &a.Options[i]
		o.Replies = slices.DeleteFunc(o.Replies, func(r OptionReply) bool { return gone(r.Participant) })
	}
	a.Options = slices.DeleteFunc(a.Options, func(o Option) bool { return o.By != "" && gone(o.By) && a.accepted(o) == 0 })
	for i := range a.Options {
		if o := &a.Options[i]; gone(o.By) {
			o.By = ""
		}
	}
}

// Invite says who is to be in an appointment from now on. Who stays keeps place, link and
// answers. Errors: *access.Refused, *Invalid, *TakenError, ErrVersion, *ClosedError.
func (s *Service) Invite(ctx context.Context, by access.Actor, id AppointmentID, version int64, parties []Party) (Appointment, error) {
	now := s.cfg.Now()
	return s.change(ctx, changing{
		by: by, id: id, version: version, action: access.ConsultationBook, stands: s.owns(ctx, by),
		do: func(a *Appointment) error {
			if err := s.unfinished(ctx, *a); err != nil {
				return err
			}
			reach, err := s.cfg.Register.Reach(ctx, by)
			if err != nil {
				return fmt.Errorf("whom one may book: %w", err)
			}
			was := a.Patient()
			if patient := (Request{Parties: parties}).patient(); patient != was {
				if err := s.knows(ctx, by, patient); err != nil {
					return err
				}
			}
			invited, identification, err := s.invited(ctx, parties, reach, a.Starts.In(s.cfg.Zone).Format(time.DateOnly))
			if err != nil {
				return err
			}
			if was != "" && !slices.ContainsFunc(invited, func(p Participant) bool { return p.Person == was }) {
				return &Invalid{"parties", "must hold the patient"}
			}
			for i := range invited {
				for _, old := range a.Participants {
					if old.Person == invited[i].Person && old.Role == invited[i].Role && old.Organisation == invited[i].Organisation {
						p := &invited[i]
						p.ID, p.Beside, p.Reply, p.DeputyFor = old.ID, old.Beside, old.Reply, old.DeputyFor
					}
				}
			}
			gone := func(id ParticipantID) bool {
				return !slices.ContainsFunc(invited, func(p Participant) bool { return p.ID == id })
			}
			if slices.ContainsFunc(a.Participants, func(p Participant) bool { return gone(p.ID) }) {
				a.Sequence++ // RFC 5546 §3.2.5: for the CANCEL to them; that others come changes nothing for who stays
			}
			a.Participants, a.Identification = invited, identification
			a.unsaid(gone)
			a.settle(now)
			if a.State.Stands() {
				taken, err := s.takenAt(ctx, *a, a.Ends.Sub(a.Starts), []time.Time{a.Starts}, true)
				if err != nil {
					return err
				}
				if len(taken) > 0 {
					return &TakenError{taken}
				}
			}
			return nil
		},
		tell: func(before, after Appointment) Change { return s.tellOfPeople(by, before, after) },
	})
}

// Remind asks those again who have not answered, or one of them; nobody more than once an hour.
// Errors: *access.Refused, *Invalid, *ClosedError.
func (s *Service) Remind(ctx context.Context, by access.Actor, id AppointmentID, whom ParticipantID) (Appointment, error) {
	now := s.cfg.Now()
	return s.change(ctx, changing{
		by: by, id: id, action: access.ConsultationBook, stands: s.owns(ctx, by),
		do: func(a *Appointment) error {
			if err := s.unfinished(ctx, *a); err != nil {
				return err
			}
			if len(a.silent(whom)) == 0 {
				return &Invalid{"participant", "has answered"}
			}
			a.Reminded = slices.DeleteFunc(slices.Clone(a.Reminded), func(r Reminded) bool { return !now.Before(r.At.Add(remindAgain)) })
			asked := len(a.Reminded)
			for _, p := range a.silent(whom) {
				if !slices.ContainsFunc(a.Reminded, func(r Reminded) bool { return r.Person == p.Person }) {
					a.Reminded = append(a.Reminded, Reminded{p.Person, now})
				}
			}
			if len(a.Reminded) == asked {
				return &Invalid{"participant", "must be reminded at most once an hour"}
			}
			return nil
		},
		tell: func(_, after Appointment) Change {
			var out Change
			for _, p := range after.silent(whom) {
				if slices.ContainsFunc(after.Reminded, func(r Reminded) bool { return r == Reminded{p.Person, now} }) {
					out.Out = append(out.Out, s.ask(after, p))
				}
			}
			return out
		},
	})
}

// silent are those who have not answered, or the one of them.
func (a Appointment) silent(whom ParticipantID) (out []Participant) {
	for _, p := range a.Participants {
		if (whom == "" || whom == p.ID) && a.unanswered(p) {
			out = append(out, p)
		}
	}
	return out
}

// unanswered says whether a participant has said nothing yet: to any of the times that are
// asked for, or to the booked one.
func (a Appointment) unanswered(p Participant) bool {
	if !a.State.Open() {
		return p.Reply.Answer == NeedsAction || p.Reply.Answer == ""
	}
	return slices.ContainsFunc(a.Options, func(o Option) bool { return a.Asks(o, p.ID) })
}

// Asks says whether a participant's answer to a time is still wanted. Who comes by a link is not
// asked about a time that will not be, because one who is required can't: that is for those who
// treat to find out first, and may change.
func (a Appointment) Asks(o Option, whom ParticipantID) bool {
	if o.answerOf(whom) != NeedsAction {
		return false
	}
	if p, there := a.participant(whom); !there || p.Role.Staff() {
		return there
	}
	return !slices.ContainsFunc(a.Participants, func(p Participant) bool { return p.Required && o.answerOf(p.ID) == Declined })
}

// remindAgain is after how long somebody may be reminded again of the same.
const remindAgain = time.Hour

// Lapse ends what nobody has agreed on in time, and tells who has booked it. It returns how
// many there were. One that can't be ended keeps no other from it.
func (s *Service) Lapse(ctx context.Context) (int, error) {
	now := s.cfg.Now()
	late, err := s.cfg.Store.List(ctx, Query{Lapsed: now, States: []State{Proposed, Pending}})
	if err != nil {
		return 0, err
	}
	ended, failed := 0, error(nil)
	for _, a := range late {
		before := a.clone()
		a.State, a.Reason, a.Sequence = Cancelled, NoAnswer, a.Sequence+1
		change := s.tellOfEnd(access.Actor{}, before, a)
		before.heard(access.Actor{}, change.Out)
		change.Appointments = []Appointment{a}
		e := audit.New(now, access.Actor{}, access.ConsultationBook.String(), audit.Done) // the house's own doing
		e.Patient, e.Object = a.Patient(), a.object()
		change.Entries = []audit.Entry{e}
		switch _, err := s.cfg.Store.Save(ctx, change); {
		case errors.Is(err, ErrVersion): // somebody has answered in the last moment
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("lapse %s: %w", a.ID, err))
		default:
			ended++
		}
	}
	return ended, failed
}

// owns is how somebody stands to an appointment as one who books: it is their organisation's,
// or of one that they act for.
func (s *Service) owns(ctx context.Context, by access.Actor) func(Appointment) (access.Relations, error) {
	return func(a Appointment) (access.Relations, error) {
		has, _, err := s.mayBookFor(ctx, by, a.Organisation)
		return has, err
	}
}

// unfinished is for what can still be changed.
func (s *Service) unfinished(ctx context.Context, a Appointment) error {
	if a.State.Open() || a.State.Stands() && s.cfg.Now().Before(a.Ends) {
		return nil
	}
	return s.closed(ctx, Ended, a)
}
