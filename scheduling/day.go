package scheduling

import (
	"context"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Visit is an appointment in the day's list.
type Visit struct {
	Appointment
	People   []Invited
	Progress Progress
	Here     int           // in the call or its waiting room now
	Mine     ParticipantID // the asker's own seat; empty: they have none
}

// Progress says how far a consultation has come.
type Progress string

// In the order in which a visit goes.
const (
	Planned Progress = "planned" // not open yet
	Open    Progress = "open"    // and nobody is there
	Running Progress = "running" // someone is
	Over    Progress = "ended"
)

// Day lists what the organisation that someone acts for invites to or takes part in on a
// day, by time. date is as 2026-11-23; empty means today. Who may not read of consultations
// sees the staff's names and no others.
func (s *Service) Day(ctx context.Context, by access.Actor, date string) ([]Visit, error) {
	from, err := s.midnight(date)
	if err != nil {
		return nil, err
	}
	var has access.Relations
	if by.Organisation != "" && !byLink(by) {
		has = access.SameOrganisation
	}
	opened, err := s.allow(ctx, by, access.ConsultationList, has, Appointment{}, "organisation/"+string(by.Organisation))
	if err != nil {
		return nil, err
	}
	list, err := s.cfg.Store.List(ctx, Query{Organisation: by.Organisation, From: from, Until: from.AddDate(0, 0, 1), States: held})
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	private := access.Decide(by.Role, access.ConsultationRead, has).Allowed
	if private {
		if err := s.tell(ctx, by, access.ConsultationList, opened, list...); err != nil {
			return nil, err
		}
	}
	names, err := s.named(ctx, list...)
	if err != nil {
		return nil, err
	}
	visits := make([]Visit, len(list))
	for i, a := range list {
		v := Visit{Appointment: a, People: names.of(a, private)}
		v.Progress, v.Here = s.progress(a)
		if seat, seated := a.seatOf(by); seated {
			v.Mine = seat.ID
		}
		visits[i] = v
	}
	return visits, nil
}

// held are the states of what is held at its time, or was.
var held = []State{Booked, Arrived, Fulfilled, NoShow}

// midnight is where a day begins. Days are of 23 to 25 hours.
func (s *Service) midnight(date string) (time.Time, error) {
	if date == "" {
		date = s.cfg.Now().In(s.cfg.Zone).Format(time.DateOnly)
	}
	t, err := time.ParseInLocation(time.DateOnly, date, s.cfg.Zone)
	if err != nil {
		return time.Time{}, &Invalid{"date", "must be a date as 2026-11-23"}
	}
	return t, nil
}

func (s *Service) progress(a Appointment) (Progress, int) {
	switch {
	case s.over(a):
		return Over, 0
	case s.cfg.Now().Before(a.opens()):
		return Planned, 0
	}
	if here := s.cfg.Here(a.ID); here > 0 {
		return Running, here
	}
	return Open, 0
}

// opens is when the waiting room begins to take people in.
func (a Appointment) opens() time.Time { return a.Starts.Add(-opensEarly) }

// closes is when it takes nobody in any more.
func (s *Service) closes(a Appointment) time.Time { return a.Ends.Add(s.cfg.Afterwards) }

// over says whether nobody comes in any more.
func (s *Service) over(a Appointment) bool {
	return !a.State.Stands() || !s.cfg.Now().Before(s.closes(a))
}
