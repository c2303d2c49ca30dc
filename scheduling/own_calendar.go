package scheduling

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// OwnEvent is a piece of somebody's time as their other calendars may show it: who else is in
// it by organisation, and nothing of whom or what it is about.
type OwnEvent struct {
	Appointment AppointmentID
	Option      OptionID // the time that is asked for; empty: the booked one
	Sequence    int
	Part        EventPart
	Span
	With []string // names of the other organisations, of PartCall
	Held bool     // promised to a time that is not booked yet
	Free bool     // they need not come and have not said that they will
}

// EventPart is which part of an appointment it is.
type EventPart string

// The parts.
const (
	PartCall   EventPart = "call"
	PartThere  EventPart = "there" // on the way to it
	PartReturn EventPart = "return"
)

const (
	ownBack  = 30 * 24 * time.Hour
	ownAhead = maxSearch
)

// MakeAddress makes the secret by which other programs read the calendar of the one who asks,
// in place of the one before. It is told this once: only its keyed hash is kept.
// Errors: *access.Refused.
func (s *Service) MakeAddress(ctx context.Context, by access.Actor) (token string, _ OwnFeeds, err error) {
	e, err := s.feeding(ctx, by)
	if err != nil {
		return "", OwnFeeds{}, err
	}
	token = strings.ToLower(rand.Text()) // 128 random bits and a few: nobody guesses it
	if err := s.cfg.Store.SaveAddress(ctx, by.Person, token, s.cfg.Now(), []audit.Entry{e}); err != nil {
		return "", OwnFeeds{}, err
	}
	own, err := s.feedsOf(ctx, by.Person)
	return token, own, err
}

// OwnCalendar is the calendar that a token of MakeAddress leads to, from a month back to a year
// ahead, by start: as far as its owner works today for the organisation that they are in it for.
// No patient's data is in it, and so reading it is nothing for the audit record.
// Errors: ErrNotFound.
func (s *Service) OwnCalendar(ctx context.Context, token string) ([]OwnEvent, error) {
	person, err := s.cfg.Store.AddressOf(ctx, token)
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	working, err := s.cfg.Register.Working(ctx, []access.PersonID{person}, s.today())
	if err != nil {
		return nil, fmt.Errorf("who works: %w", err)
	}
	list, err := s.cfg.Store.List(ctx, Query{Person: person, From: now.Add(-ownBack), Until: now.Add(ownAhead)})
	if err != nil {
		return nil, err
	}
	organisations := map[access.OrganisationID]bool{}
	for _, a := range list {
		organisations[a.Organisation] = true
		for _, p := range a.Participants {
			organisations[p.Organisation] = true
		}
	}
	delete(organisations, "")
	names, err := s.cfg.People.Organisations(ctx, slices.Collect(maps.Keys(organisations)))
	if err != nil {
		return nil, fmt.Errorf("organisations: %w", err)
	}
	out := []OwnEvent{}
	for _, a := range list {
		for _, p := range a.Participants {
			if p.Person == person && slices.ContainsFunc(working, func(c Colleague) bool { return c.Organisation == p.Organisation && c.Role == p.Role }) {
				out = append(out, a.ownEvents(p, a.others(p.Organisation, names))...)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b OwnEvent) int { return a.Starts.Compare(b.Starts) })
	return out, nil
}

// others are the names of the organisations in an appointment beside one's own, who invites first.
func (a Appointment) others(own access.OrganisationID, names map[access.OrganisationID]Organisation) (out []string) {
	add := func(o access.OrganisationID) {
		if name := names[o].Name; o != own && name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	add(a.Organisation)
	for _, p := range a.Participants {
		add(p.Organisation)
	}
	return out
}

// ownEvents are a participant's pieces of an appointment.
func (a Appointment) ownEvents(p Participant, with []string) (out []OwnEvent) {
	add := func(starts, ends time.Time, option OptionID, free bool) {
		e := OwnEvent{Appointment: a.ID, Option: option, Sequence: a.Sequence, Held: option != "", Free: free}
		part := func(which EventPart, from, until time.Time, with []string) {
			if until.After(from) && (!free || which == PartCall) {
				e.Part, e.Span, e.With = which, Span{from, until}, with
				out = append(out, e)
			}
		}
		part(PartThere, starts.Add(-p.Before), starts, nil)
		part(PartCall, starts, ends, with)
		part(PartReturn, ends, ends.Add(p.After), nil)
	}
	if a.State.Open() {
		for _, o := range a.Options {
			if o.answerOf(p.ID) == Accepted {
				add(o.Starts, o.Ends, o.ID, false)
			}
		}
		return out
	}
	if p.Reply.Answer != Declined {
		add(a.Starts, a.Ends, "", !p.Required && p.Reply.Answer != Accepted)
	}
	return out
}

// Entry is the appointment of the one who asks, for a calendar of theirs. Errors: as Open's;
// ErrNotBooked.
func (s *Service) Entry(ctx context.Context, by access.Actor, id AppointmentID) (Seat, error) {
	seat, err := s.Open(ctx, by, id)
	if err == nil && !seat.State.Stands() {
		return Seat{}, ErrNotBooked
	}
	return seat, err
}
