package fhir

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Calendar tells who and what can be booked, and when: scheduling.Service.
type Calendar interface {
	Colleagues(ctx context.Context, by access.Actor) ([]scheduling.Row, scheduling.Reach, error)
	EquipmentList(ctx context.Context, by access.Actor) ([]scheduling.Equipment, error)
	Busy(ctx context.Context, by access.Actor, of scheduling.Subject, in access.OrganisationID, from, until time.Time) ([]scheduling.BusySpan, error)
}

// Schedule is the calendar of somebody in an organisation, or of equipment.
type Schedule struct {
	Header
	Active          bool        `json:"active"`
	Actor           []Reference `json:"actor"`
	PlanningHorizon *Period     `json:"planningHorizon,omitempty"` // how far ahead may be booked
	Comment         string      `json:"comment,omitempty"`         // the organisation's name
}

// Slot is a piece of a calendar. What somebody does in it is not told.
type Slot struct {
	Header
	Schedule *Reference `json:"schedule"`
	Status   Code       `json:"status"`
	Start    Instant    `json:"start"`
	End      Instant    `json:"end"`
}

const (
	// horizon is what the schedule takes bookings for.
	horizon  = 2 * 366 * 24 * time.Hour
	maxSlots = 42 * 24 * time.Hour
)

func (h *Handler) schedules() kind {
	return kind{
		name: "Schedule", see: access.CalendarRead, read: h.readSchedule, search: h.searchSchedules,
		params: []param{{name: "actor", sort: "reference", doc: "a Practitioner"}},
		notes:  "Calendars of those whom one may book, one for each organisation that they work in, and of equipment.",
	}
}

func (h *Handler) slots() kind {
	return kind{
		name: "Slot", see: access.CalendarRead, read: h.readSlot, search: h.searchSlots,
		params: []param{
			{name: "schedule", sort: "reference", doc: "of which; required"},
			{name: "start", sort: "date", doc: "ge and lt; at most 42 days; required", often: true},
			{name: "status", sort: "token", doc: "free, busy, busy-tentative or busy-unavailable"},
		},
		notes: "Worked out when it is asked for: free within working hours; busy in a call or on the way; busy-tentative where it is promised to what is not booked yet; " +
			"busy-unavailable outside of working hours, when away, and by calendars elsewhere.",
	}
}

// calendarID names whose calendar it is, and in which organisation: hours are kept for each.
func calendarID(of scheduling.Subject, in access.OrganisationID) string {
	return string(of) + "." + string(in)
}

func (h *Handler) readSchedule(ctx context.Context, a *ask) (*answer, error) {
	all, err := h.allSchedules(ctx, a.by)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(s *Schedule) bool { return string(s.ID) == a.id })
	if i < 0 { // of those that somebody may not book from it is not told whether they are there
		return nil, scheduling.ErrNotFound
	}
	return &answer{resource: all[i]}, nil
}

func (h *Handler) searchSchedules(ctx context.Context, a *ask) (*answer, error) {
	_, person, err := a.reference("actor", "Practitioner")
	if err != nil {
		return nil, err
	}
	all, err := h.allSchedules(ctx, a.by)
	if err != nil {
		return nil, err
	}
	if person != "" {
		all = slices.DeleteFunc(all, func(s *Schedule) bool { return s.Actor[0].Reference != spell("Practitioner", person) })
	}
	return found(h, a, all, ""), nil
}

// allSchedules are those of all whom and what somebody may book. Who treats in two roles in one
// organisation has one calendar there.
func (h *Handler) allSchedules(ctx context.Context, by access.Actor) (out []*Schedule, err error) {
	colleagues, _, err := h.cfg.Calendar.Colleagues(ctx, by)
	if err != nil {
		return nil, err
	}
	things, err := h.cfg.Calendar.EquipmentList(ctx, by)
	if err != nil {
		return nil, err
	}
	now := h.cfg.Now()
	add := func(of scheduling.Subject, in access.OrganisationID, actor *Reference, note string) {
		id := calendarID(of, in)
		if slices.ContainsFunc(out, func(s *Schedule) bool { return string(s.ID) == id }) {
			return
		}
		out = append(out, &Schedule{
			Header: header("Schedule", id, 0, ""), Active: true, Actor: []Reference{*actor}, Comment: note,
			PlanningHorizon: &Period{DateTime(identity.DayOf(now, h.cfg.Zone)), DateTime(identity.DayOf(now.Add(horizon), h.cfg.Zone))},
		})
	}
	for _, c := range colleagues {
		add(scheduling.Subject(c.Person), c.Colleague.Organisation, &Reference{Reference: spell("Practitioner", c.Person), Display: c.Name}, c.Organisation.Name)
	}
	for _, e := range things {
		if e.Active {
			add(scheduling.Subject(e.ID), e.Organisation, equipment(e.ID, e.Name), "")
		}
	}
	return out, nil
}

func (h *Handler) searchSlots(ctx context.Context, a *ask) (*answer, error) {
	_, id, err := a.reference("schedule", "Schedule")
	if err != nil {
		return nil, err
	}
	if id == "" {
		return nil, faultAt(400, IssueRequired, "http.schedule", "is required")
	}
	from, until, err := a.period("start", h.cfg.Zone, maxSlots)
	if err != nil {
		return nil, err
	}
	all, err := h.slotsOf(ctx, a.by, id, from, until)
	if err != nil {
		return nil, err
	}
	if status := a.one("status"); status != "" {
		all = slices.DeleteFunc(all, func(s *Slot) bool { return string(s.Status) != status })
	}
	return found(h, a, all, ""), nil
}

// slotsOf are the pieces of a calendar from one moment until another.
func (h *Handler) slotsOf(ctx context.Context, by access.Actor, calendar string, from, until time.Time) ([]*Slot, error) {
	of, in, _ := strings.Cut(calendar, ".")
	busy, err := h.cfg.Calendar.Busy(ctx, by, scheduling.Subject(of), access.OrganisationID(in), from, until)
	if err != nil {
		return nil, err
	}
	return slots(calendar, busy, from, until), nil
}

// readSlot finds a slot by its id, which says of which calendar it is, and from when until when.
func (h *Handler) readSlot(ctx context.Context, a *ask) (*answer, error) {
	calendar, from, until := spanOf(a.id)
	if !until.After(from) || until.Sub(from) > maxSlots {
		from = h.cfg.Now() // it is none; who may not ask is told that first
		until = from.Add(time.Minute)
	}
	all, err := h.slotsOf(ctx, a.by, calendar, from, until)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if string(s.ID) == a.id {
			return &answer{resource: s}, nil
		}
	}
	return nil, scheduling.ErrNotFound
}

// slotsBegin is the minute from which slots' ids count: that of 2020.
const slotsBegin = 1577836800 / 60

// identify gives a slot its id: its calendar's, its first minute and how many there are, short
// enough for R4's 64 characters.
func (s *Slot) identify(calendar string) {
	first := s.Start.time().Unix() / 60
	length := s.End.time().Unix()/60 - first
	s.ID = ID(calendar + "." + strconv.FormatInt(first-slotsBegin, 36) + "." + strconv.FormatInt(length, 36))
}

// spanOf reads such an id; one that is none has no span.
func spanOf(id string) (calendar string, from, until time.Time) {
	parts := strings.Split(id, ".")
	if len(parts) < 3 {
		return "", from, until
	}
	n := len(parts)
	first, err := strconv.ParseInt(parts[n-2], 36, 32)
	length, more := strconv.ParseInt(parts[n-1], 36, 32)
	if err == nil && more == nil {
		from = time.Unix((slotsBegin+first)*60, 0)
		until = from.Add(time.Duration(length) * time.Minute)
	}
	return strings.Join(parts[:n-2], "."), from, until
}

// What somebody does, by how much it is in the way, the most last.
var slotStatuses = []Code{"free", "busy-unavailable", "busy-tentative", "busy"}

func inTheWay(k scheduling.SpanKind) int {
	switch k {
	case scheduling.SpanCall, scheduling.SpanTravel:
		return 3
	case scheduling.SpanHeld:
		return 2
	}
	return 1
}

// slots are a calendar's pieces from one moment until another, with no gap between them.
func slots(calendar string, busy []scheduling.BusySpan, from, until time.Time) (out []*Slot) {
	edges := []time.Time{from, until}
	for _, b := range busy {
		for _, t := range []time.Time{b.Starts, b.Ends} {
			if t.After(from) && t.Before(until) {
				edges = append(edges, t)
			}
		}
	}
	slices.SortFunc(edges, time.Time.Compare)
	edges = slices.CompactFunc(edges, time.Time.Equal)
	last := -1
	for i, starts := range edges[:len(edges)-1] {
		ends, way := edges[i+1], 0
		for _, b := range busy {
			if b.Starts.Before(ends) && starts.Before(b.Ends) {
				way = max(way, inTheWay(b.Kind))
			}
		}
		if way != last {
			out = append(out, &Slot{
				Header: Header{ResourceType: "Slot"}, Schedule: &Reference{Reference: spell("Schedule", calendar)},
				Status: slotStatuses[way], Start: instantOf(starts),
			})
			last = way
		}
		out[len(out)-1].End = instantOf(ends)
	}
	for _, s := range out {
		s.identify(calendar)
	}
	return out
}
