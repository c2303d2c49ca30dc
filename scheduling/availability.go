package scheduling

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// HoursOf is when a subject can be booked: its own hours, or those that hold in their place.
func (s *Service) HoursOf(ctx context.Context, by access.Actor, of Subject, in access.OrganisationID) (Hours, error) {
	of, in = orOwn(by, of, in)
	reach, err := s.calendars(ctx, by, "hours/"+string(of))
	if err != nil {
		return Hours{}, err
	}
	if !slices.Contains(reach.With, in) {
		return Hours{}, &Invalid{"organisation", "has no agreement by which its people may be booked"}
	}
	h, err := s.cfg.Store.Hours(ctx, of, in)
	if !errors.Is(err, ErrNotFound) {
		return h, err
	}
	unit := ""
	working, err := s.cfg.Register.Working(ctx, []access.PersonID{access.PersonID(of)}, s.today())
	if err != nil {
		return Hours{}, fmt.Errorf("who works: %w", err)
	}
	for _, c := range working {
		if c.Organisation == in {
			unit = c.Unit
		}
	}
	known, err := s.cfg.Store.Time(ctx, []Subject{Subject(unit), Subject(in)}, s.cfg.Now(), s.cfg.Now().Add(time.Millisecond))
	if err != nil {
		return Hours{}, err
	}
	h = known.hoursOf(of, in, unit)
	h.Subject, h.Organisation, h.Version = of, in, 0
	return h, nil
}

func (s *Service) today() string { return s.cfg.Now().In(s.cfg.Zone).Format(time.DateOnly) }

// orOwn fills in oneself and one's own organisation.
func orOwn(by access.Actor, of Subject, in access.OrganisationID) (Subject, access.OrganisationID) {
	if of == "" {
		of = Subject(by.Person)
	}
	if in == "" {
		in = by.Organisation
	}
	return of, in
}

// owning is how somebody stands to a subject's time: it is their own, or their organisation's.
func owning(by access.Actor, of Subject, in access.OrganisationID) (has access.Relations) {
	if byLink(by) || by.Organisation == "" {
		return 0
	}
	if Subject(by.Person) == of && by.Organisation == in {
		has |= access.Self
	}
	if by.Organisation == in {
		has |= access.SameOrganisation
	}
	return has
}

// mayWrite asks whether somebody may change when a subject can be booked.
func (s *Service) mayWrite(ctx context.Context, by access.Actor, of Subject, has access.Relations, kind string) (audit.Entry, error) {
	opened, err := s.allow(ctx, by, access.CalendarWrite, has, Appointment{}, kind+"/"+string(of))
	if err != nil {
		return audit.Entry{}, err
	}
	e := audit.New(s.cfg.Now(), by, access.CalendarWrite.String(), audit.Done)
	e.By, e.Object = opened, kind+"/"+string(of)
	return e, nil
}

// belongs is how somebody stands to a subject's time when it is that of their organisation: of
// who works in it, its units, its equipment or itself. Of others it is theirs in name only, and
// they would be kept from being booked by it.
func (s *Service) belongs(ctx context.Context, by access.Actor, of Subject, in access.OrganisationID, days ...string) (access.Relations, error) {
	has := owning(by, of, in)
	if has.Has(access.Self) || has == 0 || of == Subject(in) {
		return has, nil
	}
	for _, day := range days {
		working, err := s.cfg.Register.Working(ctx, []access.PersonID{access.PersonID(of)}, day)
		if err != nil {
			return 0, fmt.Errorf("who works: %w", err)
		}
		if slices.ContainsFunc(working, func(c Colleague) bool { return c.Organisation == in }) {
			return has, nil
		}
	}
	equipment, err := s.cfg.Store.Equipment(ctx, []access.OrganisationID{in})
	if err != nil {
		return 0, fmt.Errorf("equipment: %w", err)
	}
	if slices.ContainsFunc(equipment, func(e Equipment) bool { return Subject(e.ID) == of }) {
		return has, nil
	}
	colleagues, err := s.cfg.Register.Colleagues(ctx, []access.OrganisationID{in}, s.today())
	if err != nil {
		return 0, fmt.Errorf("colleagues: %w", err)
	}
	if slices.ContainsFunc(colleagues, func(c Colleague) bool { return Subject(c.Unit) == of }) {
		return has, nil
	}
	return 0, nil
}

// SetHours says when a subject can be booked. What is booked stays so.
// Errors: *access.Refused, *Invalid, ErrVersion.
func (s *Service) SetHours(ctx context.Context, by access.Actor, h Hours) (Hours, error) {
	h.Subject, h.Organisation = orOwn(by, h.Subject, h.Organisation)
	has, err := s.belongs(ctx, by, h.Subject, h.Organisation, s.today())
	if err != nil {
		return h, err
	}
	e, err := s.mayWrite(ctx, by, h.Subject, has, "hours")
	if err != nil {
		return h, err
	}
	if err := h.Check(); err != nil {
		return h, err
	}
	return s.cfg.Store.SaveHours(ctx, h, []audit.Entry{e})
}

// AddAbsence says that somebody will be away. What is booked then stays so, and waits for who
// coordinates; met says how many there are. Errors: *access.Refused, *Invalid.
func (s *Service) AddAbsence(ctx context.Context, by access.Actor, a Absence) (_ Absence, met int, err error) {
	a.Subject, a.Organisation = orOwn(by, a.Subject, a.Organisation)
	has, err := s.belongs(ctx, by, a.Subject, a.Organisation, s.today(), a.Starts.In(s.cfg.Zone).Format(time.DateOnly))
	if err != nil {
		return a, 0, err
	}
	e, err := s.mayWrite(ctx, by, a.Subject, has, "absence")
	if err != nil {
		return a, 0, err
	}
	switch {
	case !a.Ends.After(a.Starts):
		return a, 0, &Invalid{"ends", "must be after the start"}
	case !a.Ends.After(s.cfg.Now()):
		return a, 0, &Invalid{"ends", "must not be past"}
	case a.Ends.Sub(a.Starts) > maxSearch:
		return a, 0, &Invalid{"ends", "must be within a year of the start"}
	case a.Kind != AwayPlain && a.Kind != AwayCourse && a.Kind != AwayHoliday && a.Kind != AwaySick:
		return a, 0, &Invalid{"kind", "must be away, course, holiday or sick"}
	}
	a.ID = newID()
	if err := s.cfg.Store.SaveAbsence(ctx, a, []audit.Entry{e}); err != nil {
		return a, 0, err
	}
	met, err = s.met(ctx, a)
	return a, met, err
}

// met counts what is booked in an absence.
func (s *Service) met(ctx context.Context, a Absence) (int, error) {
	known, err := s.cfg.Store.Time(ctx, []Subject{a.Subject}, a.Starts, a.Ends)
	if err != nil {
		return 0, err
	}
	in := map[AppointmentID]bool{}
	for _, c := range known.Claims {
		if c.Firm() && !c.Held() {
			in[c.Appointment] = true
		}
	}
	return len(in), nil
}

// Away is an absence with what it meets.
type Away struct {
	Absence
	Met int
}

// Absences are somebody's that are not over.
func (s *Service) Absences(ctx context.Context, by access.Actor, of Subject) ([]Away, error) {
	of, in := orOwn(by, of, "")
	if _, err := s.calendars(ctx, by, "absence/"+string(of)); err != nil {
		return nil, err
	}
	list, err := s.cfg.Store.Absences(ctx, of, "", s.cfg.Now())
	if err != nil {
		return nil, err
	}
	out := []Away{}
	for _, a := range list {
		if a.Organisation != in { // when they are away from elsewhere is not told by this way
			continue
		}
		if Subject(by.Person) != of && !access.Decide(by.Role, access.CalendarWrite, owning(by, of, in)).Allowed {
			a.Kind = AwayPlain
		}
		met, err := s.met(ctx, a)
		if err != nil {
			return nil, err
		}
		out = append(out, Away{a, met})
	}
	return out, nil
}

// RemoveAbsence says that somebody is not away after all. Errors: *access.Refused, also where
// there is no such absence.
func (s *Service) RemoveAbsence(ctx context.Context, by access.Actor, id string) error {
	a, err := s.cfg.Store.Absence(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	e, err := s.mayWrite(ctx, by, a.Subject, owning(by, a.Subject, a.Organisation), "absence")
	if err != nil {
		return err
	}
	return s.cfg.Store.RemoveAbsence(ctx, id, []audit.Entry{e})
}

// EquipmentList is what somebody may book along, by name.
func (s *Service) EquipmentList(ctx context.Context, by access.Actor) ([]Equipment, error) {
	reach, err := s.calendars(ctx, by, "equipment")
	if err != nil {
		return nil, err
	}
	list, err := s.cfg.Store.Equipment(ctx, reach.With)
	slices.SortFunc(list, func(a, b Equipment) int { return strings.Compare(a.Name+string(a.ID), b.Name+string(b.ID)) })
	return list, err
}

// SetEquipment adds or changes equipment. Errors: *access.Refused, *Invalid, ErrVersion.
func (s *Service) SetEquipment(ctx context.Context, by access.Actor, e Equipment) (Equipment, error) {
	if e.Organisation == "" {
		e.Organisation = by.Organisation
	}
	if e.Version == 0 {
		e.ID = EquipmentID(newID())
	}
	entry, err := s.mayWrite(ctx, by, Subject(e.ID), owning(by, Subject(e.ID), e.Organisation), "equipment")
	if err != nil {
		return e, err
	}
	e.Name = strings.TrimSpace(e.Name)
	switch {
	case e.Name == "" || !isLine(e.Name, maxText):
		return e, &Invalid{"name", fmt.Sprintf("must be 1–%d characters on one line", maxText)}
	case e.Kind != "tablet" && e.Kind != "head-camera" && e.Kind != "other":
		return e, &Invalid{"kind", "must be tablet, head-camera or other"}
	}
	if e.Version != 0 {
		// It stays where it is: another organisation's is found by nobody.
		own, err := s.cfg.Store.Equipment(ctx, []access.OrganisationID{e.Organisation})
		if err != nil {
			return e, err
		}
		if !slices.ContainsFunc(own, func(o Equipment) bool { return o.ID == e.ID }) {
			return e, ErrNotFound
		}
	}
	return s.cfg.Store.SaveEquipment(ctx, e, []audit.Entry{entry})
}
