package scheduling

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Busy is when one person of an organisation, or a piece of its equipment, can't be booked, and
// nothing of why or with whom: no appointment is read for it, and so no patient is told of it.
// Errors: *access.Refused; *Invalid; ErrNotFound, also for one whom somebody may not book.
func (s *Service) Busy(ctx context.Context, by access.Actor, of Subject, in access.OrganisationID, from, until time.Time) ([]BusySpan, error) {
	if !until.After(from) || until.Sub(from) > maxSearch {
		return nil, &Invalid{"until", "must be after from, within a year"}
	}
	reach, err := s.calendars(ctx, by, "calendar/"+string(of))
	if err != nil {
		return nil, err
	}
	if !slices.Contains(reach.With, in) {
		return nil, ErrNotFound
	}
	working, err := s.cfg.Register.Working(ctx, []access.PersonID{access.PersonID(of)}, from.In(s.cfg.Zone).Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("who works: %w", err)
	}
	i := slices.IndexFunc(working, func(c Colleague) bool { return c.Organisation == in })
	if i >= 0 {
		unit := working[i].Unit
		known, err := s.cfg.Store.Time(ctx, []Subject{of, Subject(unit), Subject(in)}, from, until)
		if err != nil {
			return nil, err
		}
		open := known.hoursOf(of, in, unit).open(from, until, s.cfg.Zone, newAlmanac())
		return known.day(of, open, Span{from, until}, "", nil), nil
	}
	all, err := s.cfg.Store.Equipment(ctx, []access.OrganisationID{in})
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(all, func(e Equipment) bool { return e.Active && Subject(e.ID) == of }) {
		return nil, ErrNotFound
	}
	known, err := s.cfg.Store.Time(ctx, []Subject{of}, from, until)
	if err != nil {
		return nil, err
	}
	open := always(from, until)
	if h, own := known.own(of); own {
		open = h.open(from, until, s.cfg.Zone, newAlmanac())
	}
	return known.day(of, open, Span{from, until}, "", nil), nil
}
