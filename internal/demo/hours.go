package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/scheduling"
)

// addEquipment is what the municipality's coordinator has.
func (s *seeding) addEquipment(ctx context.Context) error {
	by := s.actor(kari)
	there, err := s.Schedule.EquipmentList(ctx, by)
	if err != nil {
		return fmt.Errorf("equipment: %w", err)
	}
	for _, e := range there {
		s.equipment[e.Name] = e.ID
	}
	for _, e := range carried {
		if s.equipment[e.Name] != "" {
			continue
		}
		made, err := s.Schedule.SetEquipment(ctx, by, e)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
		s.equipment[e.Name] = made.ID
	}
	return nil
}

// addHours sets those that are not the usual ones: of units, by who coordinates there, and of
// one who works part-time, by herself.
func (s *seeding) addHours(ctx context.Context) error {
	for _, h := range []struct {
		by          member
		of          scheduling.Subject
		days        []time.Weekday
		from, until int // minutes
		buffer      time.Duration
	}{
		{siv, scheduling.Subject(s.units[hospital.name]), workWeek, 8 * 60, 15*60 + 30, 0},
		{kari, scheduling.Subject(s.units[municipality.name]), workWeek, 7*60 + 30, 16 * 60, 5 * time.Minute},
		{osp, scheduling.Subject(s.members[osp.name].ID), partTime, 8*60 + 30, 15 * 60, 0},
	} {
		by := s.actor(h.by)
		is, err := s.Schedule.HoursOf(ctx, by, h.of, by.Organisation)
		if err != nil {
			return fmt.Errorf("hours: %w", err)
		}
		if is.Version != 0 {
			continue
		}
		set := scheduling.Hours{Subject: h.of, Organisation: by.Organisation, Buffer: h.buffer}
		for _, day := range h.days {
			set.Weekly = append(set.Weekly, scheduling.Weekly{Weekday: day, From: h.from, Until: h.until})
		}
		if _, err := s.Schedule.SetHours(ctx, by, set); err != nil {
			return fmt.Errorf("hours: %w", err)
		}
	}
	return nil
}

var (
	workWeek = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	partTime = []time.Weekday{time.Tuesday, time.Wednesday, time.Thursday}
)

// addAbsences: a nurse is sick, as her coordinator has heard, on a day when two patients
// expect her; a specialist is on a course; and another is away when one patient expects her.
func (s *seeding) addAbsences(ctx context.Context) error {
	for _, a := range []struct {
		by, of member
		day    time.Time
		kind   scheduling.AbsenceKind
		cover  bool
		once   scheduling.AppointmentID // what it is in the way of: where that is there, so was this
		is     *time.Time
	}{
		{kari, ane, s.workday(3), scheduling.AwaySick, true, s.thisWeek("sick pil"), &s.sick},
		{siv, osp, s.ospDay(1), scheduling.AwayPlain, true, s.thisWeek("away lonn"), &s.without},
		{tuva, tuva, s.workday(5), scheduling.AwayCourse, false, "", new(time.Time)},
	} {
		day, err := s.absent(ctx, a.by, a.of, a.day, a.kind, a.cover, a.once)
		if err != nil {
			return fmt.Errorf("%s is away: %w", a.of.email, err)
		}
		*a.is = day
	}
	return nil
}

// absent sees to it that somebody is away for a day, and says which: the first on which they
// are already, if they are.
func (s *seeding) absent(ctx context.Context, by, of member, day time.Time, kind scheduling.AbsenceKind, cover bool, once scheduling.AppointmentID) (time.Time, error) {
	there, err := s.Schedule.Absences(ctx, s.actor(by), scheduling.Subject(s.members[of.name].ID))
	if err != nil {
		return day, err
	}
	for _, a := range there {
		s.away[of.name] = append(s.away[of.name], a.Span)
	}
	if len(there) > 0 {
		y, m, d := there[0].Starts.In(s.Zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, s.Zone), nil
	}
	if _, was := s.known[once]; was {
		return day, nil
	}
	span := scheduling.Span{Starts: at(day, 7, 0).UTC(), Ends: at(day, 16, 0).UTC()}
	_, _, err = s.Schedule.AddAbsence(ctx, s.actor(by), scheduling.Absence{
		Subject: scheduling.Subject(s.members[of.name].ID), Span: span, Cover: cover, Kind: kind,
	})
	s.away[of.name] = append(s.away[of.name], span)
	return day, err
}

// ospDay is the n-th day after today on which the one who works part-time is at work.
func (s *seeding) ospDay(n int) time.Time {
	for next := 1; ; next++ {
		day := s.workday(next)
		if day.Weekday() >= partTime[0] && day.Weekday() <= partTime[len(partTime)-1] {
			if n--; n == 0 {
				return day
			}
		}
	}
}
