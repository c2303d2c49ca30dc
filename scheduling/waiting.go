package scheduling

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Waits is something that waits for somebody.
type Waits struct {
	Kind    WaitKind
	Since   time.Time
	Booking Detail
	Whom    ParticipantID // whom it is about; empty: several
	Option  OptionID      // of Suggested
	Free    bool          // of Suggested: those of the own organisation are free then
	Deputy  []access.PersonID
	Undelivered
}

// Undelivered is a message that has not come through.
type Undelivered struct {
	Message string // id
	Why     string // as notify names it
	Again   bool   // whether it can be sent again
}

// WaitKind is what it is.
type WaitKind string

// The kinds, the most urgent first.
const (
	WaitNotReady    WaitKind = "not-ready"   // it is soon, and somebody who is required has not answered
	WaitMissing     WaitKind = "missing"     // somebody is away then, or has declined what is booked
	WaitSuggested   WaitKind = "suggested"   // somebody wants another time
	WaitDeclined    WaitKind = "declined"    // nothing suits somebody who is required
	WaitAsked       WaitKind = "asked"       // one's own answer
	WaitUndelivered WaitKind = "undelivered" // a message did not come through
	WaitInterpreter WaitKind = "interpreter" // one is wanted, and none is invited
	WaitUnanswered  WaitKind = "unanswered"  // for two days, or it lapses within one
	WaitLapsed      WaitKind = "lapsed"      // nobody has agreed in time
)

var waitOrder = []WaitKind{WaitNotReady, WaitMissing, WaitSuggested, WaitDeclined, WaitAsked, WaitUndelivered, WaitInterpreter, WaitUnanswered, WaitLapsed}

const (
	readyWithin  = 2 * time.Hour
	patience     = 2 * 24 * time.Hour
	lapseShown   = 7 * 24 * time.Hour
	waitingAhead = 28 * 24 * time.Hour // of what is booked: who is away later can wait
	maxDeputies  = 3
)

// Waiting is what waits for somebody, the most urgent first: for who treats their own answers,
// and for who coordinates what their organisation has to see to.
func (s *Service) Waiting(ctx context.Context, by access.Actor) ([]Waits, error) {
	now := s.cfg.Now()
	opened, err := s.mayList(ctx, by)
	if err != nil {
		return nil, err
	}
	coordinates := !access.Decide(by.Role, access.ConsultationJoin, access.Participant).Allowed
	list, err := s.candidates(ctx, by, coordinates, now)
	if err != nil {
		return nil, err
	}
	details, err := s.details(ctx, by, list)
	if err != nil {
		return nil, err
	}
	away, err := s.awayOf(ctx, details)
	if err != nil {
		return nil, err
	}
	var out []Waits
	for _, d := range details {
		if !coordinates {
			out = append(out, d.asks(now)...)
			continue
		}
		more := d.waitsFor(by, now, away)
		for i := range more {
			if err := s.help(ctx, by, &more[i]); err != nil {
				return nil, err
			}
		}
		out = append(out, more...)
	}
	if coordinates && s.cfg.Messages != nil && len(details) > 0 {
		undelivered, err := s.undelivered(ctx, details)
		if err != nil {
			return nil, err
		}
		out = append(out, undelivered...)
	}
	slices.SortStableFunc(out, func(a, b Waits) int {
		return cmp.Or(cmp.Compare(slices.Index(waitOrder, a.Kind), slices.Index(waitOrder, b.Kind)), a.Booking.Starts.Compare(b.Booking.Starts))
	})
	shown := make([]Appointment, len(out))
	for i, w := range out {
		shown[i] = w.Booking.Appointment
	}
	return out, s.tellOfList(ctx, by, opened, shown)
}

// candidates are the appointments in which something may wait for somebody: what is asked
// for, what is booked in the next weeks, and what has lapsed lately.
func (s *Service) candidates(ctx context.Context, by access.Actor, coordinates bool, now time.Time) ([]Appointment, error) {
	q := Query{Organisation: by.Organisation, From: now.Add(-lapseShown), States: []State{Proposed, Pending, Cancelled}}
	if !coordinates {
		q.Person = by.Person
	}
	list, err := s.cfg.Store.List(ctx, q)
	if err != nil {
		return nil, err
	}
	q.From, q.Until, q.States = now.Add(-maxBooked), now.Add(waitingAhead), []State{Booked}
	booked, err := s.cfg.Store.List(ctx, q)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(append(list, booked...), func(a Appointment) bool {
		_, mine := a.seatOf(by)
		over := a.State == Cancelled && a.Reason != NoAnswer || a.State == Booked && !now.Before(a.Ends)
		return over || !coordinates && !mine
	}), nil
}

// asks is whether the reader's own answer is wanted.
func (d Detail) asks(now time.Time) []Waits {
	me, _ := d.participant(d.Mine)
	if d.State.Open() && now.Before(d.AnswerBy) && d.unanswered(me) {
		return []Waits{{Kind: WaitAsked, Since: d.Made, Booking: d, Whom: me.ID}}
	}
	// Who is in for another has not been asked before.
	if d.State.Stands() && me.DeputyFor != "" && d.unanswered(me) {
		return []Waits{{Kind: WaitAsked, Since: d.Made, Booking: d, Whom: me.ID}}
	}
	return nil
}

// waitsFor is what a coordinator has to see to in an appointment: as the one whose
// organisation invites; and as the one whose people are in it, what they lack.
func (d Detail) waitsFor(by access.Actor, now time.Time, away map[Subject][]Absence) (out []Waits) {
	owner := d.Organisation == by.Organisation
	add := func(kind WaitKind, since time.Time, whom ParticipantID) {
		out = append(out, Waits{Kind: kind, Since: since, Booking: d, Whom: whom})
	}
	switch {
	case d.State == Cancelled:
		if owner {
			add(WaitLapsed, d.Made, "")
		}
		return out
	case d.State.Open():
		for _, o := range d.Options {
			if o.By != "" && owner && !d.inviterAccepts(o) {
				add(WaitSuggested, o.Replies[0].At, o.By)
				out[len(out)-1].Option = o.ID
			}
		}
		for _, p := range d.Participants {
			if owner && p.Required && d.against(p) {
				add(WaitDeclined, now, p.ID)
			}
		}
		if late := d.silent(""); owner && len(out) == 0 && len(late) > 0 && (now.Sub(d.Made) > patience || d.AnswerBy.Sub(now) < patience/2) {
			whom := ParticipantID("")
			if len(late) == 1 {
				whom = late[0].ID
			}
			add(WaitUnanswered, d.Made, whom)
		}
	default:
		for _, p := range d.Participants {
			theirs := p.Organisation == by.Organisation || owner && p.Organisation == ""
			absent := slices.ContainsFunc(away[Subject(p.Person)], func(a Absence) bool { return a.overlaps(Span{d.Starts.Add(-p.Before), d.Ends.Add(p.After)}) })
			switch {
			case theirs && p.Required && (absent || p.Reply.Answer == Declined):
				add(WaitMissing, p.Reply.At, p.ID)
			case owner && p.Required && p.Reply.Answer == NeedsAction && p.Role.Staff() && d.Starts.Sub(now) < readyWithin && d.Sequence > 0:
				add(WaitNotReady, now, p.ID)
			}
		}
	}
	if owner && d.Interpreter != "" && !slices.ContainsFunc(d.Participants, func(p Participant) bool { return p.Role == access.Interpreter }) {
		add(WaitInterpreter, d.Made, "")
	}
	return out
}

// awayOf are the absences of the staff who are in what is booked.
func (s *Service) awayOf(ctx context.Context, details []Detail) (map[Subject][]Absence, error) {
	var subjects []Subject
	from, until := time.Time{}, time.Time{}
	for _, d := range details {
		if !d.State.Stands() {
			continue
		}
		if from.IsZero() || d.Starts.Before(from) {
			from = d.Starts
		}
		if d.Ends.After(until) {
			until = d.Ends
		}
		for _, p := range d.Participants {
			if one := Subject(p.Person); p.Role.Staff() && !slices.Contains(subjects, one) {
				subjects = append(subjects, one)
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
	out := map[Subject][]Absence{}
	for _, a := range known.Absences {
		out[a.Subject] = append(out[a.Subject], a)
	}
	return out, nil
}

// help finds what makes it quick to see to: whether a suggested time is free, and who could
// step in.
func (s *Service) help(ctx context.Context, by access.Actor, w *Waits) error {
	switch w.Kind {
	case WaitSuggested:
		o := w.Booking.Options[slices.IndexFunc(w.Booking.Options, func(o Option) bool { return o.ID == w.Option })]
		own := w.Booking.Appointment
		own.Participants = slices.DeleteFunc(slices.Clone(own.Participants), func(p Participant) bool { return p.Organisation != by.Organisation })
		taken, err := s.takenAt(ctx, own, o.Ends.Sub(o.Starts), []time.Time{o.Starts}, false)
		w.Free = len(taken) == 0
		return err
	case WaitMissing:
		p, _ := w.Booking.participant(w.Whom)
		if !p.Role.Staff() {
			return nil
		}
		found, err := s.deputies(ctx, w.Booking.Appointment, p)
		w.Deputy = found
		return err
	}
	return nil
}

// deputies are who could take somebody's place: the same organisation and role, and free.
func (s *Service) deputies(ctx context.Context, a Appointment, p Participant) ([]access.PersonID, error) {
	all, err := s.cfg.Register.Colleagues(ctx, []access.OrganisationID{p.Organisation}, a.Starts.In(s.cfg.Zone).Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("colleagues: %w", err)
	}
	q := Search{Length: a.Ends.Sub(a.Starts), From: a.Starts, Until: a.Ends, Not: a.ID}
	for _, c := range all {
		in := slices.ContainsFunc(a.Participants, func(o Participant) bool { return o.Person == c.Person })
		if c.Role == p.Role && !in && len(q.Parties) < maxAnyOf {
			q.Parties = append(q.Parties, Party{Person: c.Person, Role: c.Role, Organisation: c.Organisation, Before: p.Before, After: p.After})
		}
	}
	if len(q.Parties) == 0 {
		return nil, nil
	}
	w, err := s.lanes(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []access.PersonID
	for i, one := range w.sides {
		if len(out) < maxDeputies && one.lanes[0].taken(a.Starts.UnixMilli(), w.length, false) == "" {
			out = append(out, q.Parties[i].Person)
		}
	}
	return out, nil
}

// undelivered are the messages about appointments that did not come through, where the
// reader can see to it.
func (s *Service) undelivered(ctx context.Context, details []Detail) ([]Waits, error) {
	ids := make([]string, len(details))
	for i, d := range details {
		ids[i] = string(d.ID)
	}
	dead, err := s.cfg.Messages.Undelivered(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	var out []Waits
	for _, m := range dead {
		i := slices.IndexFunc(details, func(d Detail) bool { return string(d.ID) == m.About })
		if i < 0 || !slices.Contains(details[i].May, MayMove) {
			continue
		}
		out = append(out, Waits{
			Kind: WaitUndelivered, Since: m.At, Booking: details[i], Whom: ParticipantID(m.Seat),
			Undelivered: Undelivered{Message: m.ID, Why: string(m.Reason), Again: m.Again},
		})
	}
	return out, nil
}

// SendAgain has a message about an appointment sent that did not come through.
// Errors: *access.Refused, ErrNotFound when there is none that can be sent again.
func (s *Service) SendAgain(ctx context.Context, by access.Actor, id AppointmentID, message string) (Appointment, error) {
	a, _, err := s.find(ctx, by, id)
	if err != nil {
		return Appointment{}, err
	}
	has, _, err := s.mayBookFor(ctx, by, a.Organisation)
	if err != nil {
		return Appointment{}, err
	}
	opened, err := s.allow(ctx, by, access.ConsultationBook, has, a, object(id))
	if err != nil {
		return Appointment{}, err
	}
	if s.cfg.Messages == nil {
		return Appointment{}, ErrNotFound
	}
	dead, err := s.cfg.Messages.Undelivered(ctx, string(id))
	if err != nil {
		return Appointment{}, fmt.Errorf("messages: %w", err)
	}
	if !slices.ContainsFunc(dead, func(m notify.Undelivered) bool { return m.ID == message }) {
		return Appointment{}, ErrNotFound
	}
	e := audit.New(s.cfg.Now(), by, access.ConsultationBook.String(), audit.Done)
	e.By, e.Patient, e.Object = opened, a.Patient(), a.object()
	if _, err = s.cfg.Messages.SendAgain(ctx, message, []audit.Entry{e}); errors.Is(err, notify.ErrNotAgain) {
		return Appointment{}, ErrNotFound
	}
	return a, err
}
