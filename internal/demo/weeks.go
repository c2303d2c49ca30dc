package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// usual is a consultation of the weeks as they usually are.
type usual struct {
	weeks        turn
	day          time.Weekday
	hour, minute int
	by           member
	staff        []member
	drive        int // as planned's
	patient      cared
	template     string
}

// turn is in which weeks.
type turn int

const (
	each turn = iota // a series
	even             // by ISO 8601's number
	odd
)

// weeks are what is usually booked. No two of the same people's overlap, with their driving.
var weeks = []usual{
	{each, time.Monday, 8, 30, siv, []member{tuva, mari}, 20, or, wound},
	{each, time.Monday, 9, 30, siv, []member{furu, stig}, 25, lauv, wound},
	{even, time.Monday, 10, 0, siv, []member{lund, bo}, 0, asp, mental},
	{each, time.Monday, 10, 30, siv, []member{unni, ane}, 20, barlind, wound},
	{odd, time.Monday, 11, 30, siv, []member{furu, tor}, 15, gran, wound},
	{each, time.Monday, 12, 0, kari, []member{unni, mari}, 15, einer, wound},

	{each, time.Tuesday, 8, 30, siv, []member{lund, bo}, 0, lonn, mental},
	{even, time.Tuesday, 9, 0, siv, []member{furu, ane}, 20, barlind, wound},
	{each, time.Tuesday, 10, 0, siv, []member{tuva, tor}, 20, gran, wound},
	{odd, time.Tuesday, 11, 0, siv, []member{osp, bo}, 0, asp, mental},
	{odd, time.Tuesday, 12, 0, siv, []member{furu, hilde}, 30, lerk, wound},
	{each, time.Tuesday, 14, 0, randi, []member{unni, stig}, 20, lauv, wound},

	{odd, time.Wednesday, 8, 30, siv, []member{furu, stig}, 20, lauv, wound},
	{each, time.Wednesday, 9, 0, siv, []member{tuva, mari}, 35, einer, wound},
	{even, time.Wednesday, 10, 0, siv, []member{osp, bo}, 0, lonn, mental},
	{even, time.Wednesday, 11, 0, siv, []member{tuva, tor}, 25, pil, wound},
	{each, time.Wednesday, 12, 0, siv, []member{unni, ane}, 15, kowal, wound},
	{each, time.Wednesday, 14, 30, kari, []member{unni, tor}, 15, or, wound},

	{even, time.Thursday, 8, 30, siv, []member{furu, hilde}, 20, lerk, wound},
	{odd, time.Thursday, 9, 0, siv, []member{osp, bo, per}, 0, lonn, mental},
	{even, time.Thursday, 10, 30, siv, []member{tuva, mari}, 25, alm, wound},
	{odd, time.Thursday, 10, 30, siv, []member{furu, tor}, 15, or, wound},
	{even, time.Thursday, 11, 0, siv, []member{osp, bo}, 0, asp, mental},
	{odd, time.Thursday, 12, 0, siv, []member{tuva, mari}, 15, einer, wound},
	{each, time.Thursday, 13, 0, randi, []member{unni, hilde}, 15, strand, wound},
	{each, time.Thursday, 14, 0, kari, []member{lund, bo}, 0, asp, mental},

	{each, time.Friday, 8, 30, siv, []member{unni, stig}, 20, strand, wound},
	{even, time.Friday, 9, 0, siv, []member{tuva, tor}, 20, gran, wound},
	{each, time.Friday, 10, 0, siv, []member{furu, mari}, 20, barlind, wound},
	{each, time.Friday, 11, 0, siv, []member{lund, bo}, 0, asp, mental},
	{odd, time.Friday, 12, 0, siv, []member{furu, ane}, 25, pil, wound},
}

// shown before today are the last days of work, so that there is something that was held also
// on a Monday morning.
const shownBefore = -3

// addWeeks books this week and the next, and ends what was to be held since the last start.
func (s *seeding) addWeeks(ctx context.Context) error {
	for day := s.workday(shownBefore); day.Before(s.monday().AddDate(0, 0, 14)); day = day.AddDate(0, 0, 1) {
		if !works(day) {
			continue
		}
		for _, u := range weeks {
			if u.day != day.Weekday() || !u.weeks.has(day) {
				continue
			}
			if err := s.addUsual(ctx, u, day); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t turn) has(day time.Time) bool {
	_, week := day.ISOWeek()
	return t == each || (week%2 == 0) == (t == even)
}

func (s *seeding) addUsual(ctx context.Context, u usual, day time.Time) error {
	slot := fmt.Sprintf("%s %02d.%02d %s", u.day, u.hour, u.minute, u.patient.name)
	p := planned{
		id:     scheduling.AppointmentID(idOf(slot, day.Format(time.DateOnly))),
		starts: at(day, u.hour, u.minute), by: u.by, staff: u.staff, drive: u.drive, patient: u.patient, template: u.template,
	}
	if u.patient.name == kowal.name {
		p.guests = []guest{{marek.name, "Tolk", access.Interpreter}}
	}
	a, there := s.known[p.id]
	over := func() bool { return a.State == scheduling.Booked && !a.Ends.After(s.now) }
	if there {
		if !over() {
			return nil
		}
		a.State = scheduling.Fulfilled
		return s.save(ctx, a)
	}
	if s.anyAway(p) {
		return nil
	}
	a = s.booked(p, at(day.AddDate(0, 0, -14), 10, 0))
	if u.weeks == each {
		a.Series = scheduling.SeriesID(idOf("series", slot))
	}
	if over() {
		a.State = scheduling.Fulfilled
	}
	return s.put(ctx, a)
}

// anyAway says whether one of the staff is away then: nobody would book them.
func (s *seeding) anyAway(p planned) bool {
	from, until := p.starts, p.starts.Add(p.length())
	return slices.ContainsFunc(p.staff, func(m member) bool {
		return slices.ContainsFunc(s.away[m.name], func(a scheduling.Span) bool { return a.Starts.Before(until) && from.Before(a.Ends) })
	})
}
