package scheduling

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Request is a booking that somebody asks for.
type Request struct {
	Organisation access.OrganisationID // on whose behalf; empty: one's own
	AtOnce       bool                  // book the one time; else ask everybody
	Plan
	Parties   []Party
	Equipment []EquipmentID
	Length    time.Duration // whole minutes, 5–480
	Starts    []time.Time   // 1–5
	AnswerBy  time.Time     // zero: three days, at the latest half the time that is left
	Anyway    bool          // also outside of working hours, and over calendars elsewhere
	Repeat    Repeat        // of what is booked at once
}

// Repeat makes a series: at the same local time.
type Repeat struct {
	EveryWeeks int // 0: it is none
	Count      int // with the first; 2–52
	SkipBusy   bool
}

// Party is somebody who is to be in a consultation.
type Party struct {
	Person        access.PersonID
	AnyOf         []access.PersonID // in a search: one of these; Person is empty then
	Role          access.Role
	Organisation  access.OrganisationID // acted for; empty for who comes by a link
	Required      bool
	Attends       Attendance
	Before, After time.Duration
	MayDeputise   bool
}

const (
	minLength  = 5 * time.Minute
	maxBooked  = 8 * time.Hour
	maxTimes   = 5
	maxAhead   = 2 * 366 * 24 * time.Hour
	usualReply = 3 * 24 * time.Hour
	leastReply = time.Hour // to read the question and to answer it, or to learn of the answer
	maxRepeat  = 52
	maxWeeks   = 8
	// lateBooking lets what is agreed on the telephone be booked when it has just begun.
	lateBooking = 5 * time.Minute
)

// check names the first field that breaks a rule, as *Invalid.
func (r Request) check(now time.Time) error {
	switch {
	case r.Length < minLength || r.Length > maxBooked || r.Length%time.Minute != 0:
		return &Invalid{"minutes", "must be 5–480"}
	case len(r.Parties) == 0 || len(r.Parties) > maxParticipants:
		return &Invalid{"parties", fmt.Sprintf("must be 1–%d", maxParticipants)}
	case len(r.Starts) == 0 || len(r.Starts) > maxTimes:
		return &Invalid{"times", fmt.Sprintf("must be 1–%d", maxTimes)}
	case r.AtOnce && len(r.Starts) != 1:
		return &Invalid{"times", "must be one, to be booked at once"}
	case r.Repeat.EveryWeeks != 0 && !r.AtOnce:
		return &Invalid{"series", "is only for what is booked at once"}
	case r.Repeat.EveryWeeks < 0 || r.Repeat.EveryWeeks > maxWeeks:
		return &Invalid{"series.everyWeeks", fmt.Sprintf("must be 1–%d", maxWeeks)}
	case r.Repeat.EveryWeeks != 0 && (r.Repeat.Count < 2 || r.Repeat.Count > maxRepeat):
		return &Invalid{"series.count", fmt.Sprintf("must be 2–%d", maxRepeat)}
	}
	for i, t := range r.Starts {
		place := fmt.Sprintf("times[%d]", i)
		switch {
		case t.Before(now.Add(-lateBooking)):
			return &Invalid{place, "must not be past"}
		case t.After(now.Add(maxAhead)):
			return &Invalid{place, "must be within two years"}
		case t.UnixMilli()%time.Minute.Milliseconds() != 0:
			return &Invalid{place, "must be a whole minute"}
		case slices.ContainsFunc(r.Starts[:i], t.Equal):
			return &Invalid{place, "must be there once"}
		}
	}
	if weeks := r.Repeat.EveryWeeks * (r.Repeat.Count - 1); weeks > 0 && r.Starts[0].AddDate(0, 0, 7*weeks).After(now.Add(maxAhead)) {
		return &Invalid{"series.count", "must end within two years"}
	}
	if !r.AnswerBy.IsZero() && (r.AnswerBy.Before(now) || r.AnswerBy.After(r.last())) {
		return &Invalid{"answerBy", "must be from now on, and before the last of the times"}
	}
	return nil
}

// last is the last of the times.
func (r Request) last() time.Time { return slices.MaxFunc(r.Starts, time.Time.Compare) }

// answerBy is until when a proposal holds.
func (r Request) answerBy(now time.Time, zone *time.Location) time.Time {
	if !r.AnswerBy.IsZero() {
		return r.AnswerBy
	}
	first := slices.MinFunc(r.Starts, time.Time.Compare)
	by := now.Add(max(min(usualReply, first.Sub(now)/2), 0)).Truncate(time.Minute).Add(time.Minute)
	return byDay(by, now, first, zone)
}

// byDay moves a deadline of the night (21 to 8) to where people are awake: to eight in the evening
// before, or where that leaves no time to answer, to nine in the morning after, if that leaves time
// before the consultation. What leaves neither stays.
func byDay(by, now, first time.Time, zone *time.Location) time.Time {
	local := by.In(zone)
	y, m, d := local.Date()
	evening, morning := time.Date(y, m, d, 20, 0, 0, 0, zone), time.Date(y, m, d+1, 9, 0, 0, 0, zone)
	switch {
	case local.Hour() < 8:
		evening, morning = time.Date(y, m, d-1, 20, 0, 0, 0, zone), time.Date(y, m, d, 9, 0, 0, 0, zone)
	case local.Hour() < 21:
		return by
	}
	switch {
	case !evening.Before(now.Add(leastReply)):
		return evening.UTC()
	case !morning.After(first.Add(-leastReply)):
		return morning.UTC()
	}
	return by
}

// invited are the parties as participants. It finds out that each of them may be invited by
// who asks: staff of organisations that let them, in a role that they have there, and those
// around the patient.
func (s *Service) invited(ctx context.Context, parties []Party, reach Reach, day string) (_ []Participant, _ Identification, err error) {
	var people []access.PersonID
	patient := access.PersonID("")
	organisations := []access.OrganisationID{}
	for i, p := range parties {
		place := func(field string) string { return fmt.Sprintf("parties[%d].%s", i, field) }
		switch {
		case p.Person == "":
			return nil, "", &Invalid{place("person"), "is required"}
		case slices.ContainsFunc(parties[:i], func(o Party) bool { return o.Person == p.Person }):
			return nil, "", &Invalid{place("person"), "must be invited once"}
		case p.Role == access.Patient:
			patient = p.Person
		case p.Role.Staff():
			if !slices.Contains(reach.With, p.Organisation) {
				return nil, "", &Invalid{place("organisation"), "has no agreement by which its people may be booked"}
			}
			people = append(people, p.Person)
			if !slices.Contains(organisations, p.Organisation) {
				organisations = append(organisations, p.Organisation)
			}
		}
	}
	working, err := s.cfg.Register.Working(ctx, people, day)
	if err != nil {
		return nil, "", fmt.Errorf("who works: %w", err)
	}
	around, err := s.cfg.Register.Around(ctx, patient, organisations)
	if err != nil {
		return nil, "", fmt.Errorf("around the patient: %w", err)
	}
	out := make([]Participant, len(parties))
	for i, p := range parties {
		out[i] = Participant{
			ID: ParticipantID(newID()), Person: p.Person, Role: p.Role, Organisation: p.Organisation, Required: p.Required,
			Attends: p.Attends, Before: p.Before, After: p.After, MayDeputise: p.MayDeputise,
		}
		if field, rule := out[i].fault(); rule != "" {
			return nil, "", &Invalid{fmt.Sprintf("parties[%d].%s", i, field), rule}
		}
		if p.Role.Staff() {
			w := slices.IndexFunc(working, func(c Colleague) bool {
				return c.Person == p.Person && c.Organisation == p.Organisation && c.Role == p.Role
			})
			if w < 0 {
				return nil, "", &Invalid{fmt.Sprintf("parties[%d].person", i), "must work there in that role on the day"}
			}
			out[i].Title = working[w].Title
			continue
		}
		guest, known := around.Guests[p.Person]
		if !known || guest.Role != p.Role {
			return nil, "", &Invalid{fmt.Sprintf("parties[%d].person", i), "must be the patient, one of the patient's relatives, or an interpreter"}
		}
		out[i].Title = guest.Title
	}
	return out, around.Identification, nil
}
