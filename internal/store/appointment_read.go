package store

import (
	"errors"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// appointmentRow is a row of appointments, its plan still sealed.
type appointmentRow struct {
	scheduling.Appointment
	plan []byte
}

func scanAppointment(row scanner) (r appointmentRow, err error) {
	var starts, ends, answerBy, made int64
	err = row.Scan(&r.ID, &r.Version, &r.Organisation, &starts, &ends, &r.State, &r.Identification,
		&answerBy, &r.Series, &r.Sequence, &made, &r.MadeBy, &r.plan)
	r.Starts, r.Ends = momentOf(starts), momentOf(ends)
	r.AnswerBy, r.Made = momentOrNone(answerBy), momentOrNone(made)
	return r, err
}

// momentOf is a column's time.
func momentOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// momentOrNone is momentOf where 0 is none.
func momentOrNone(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return momentOf(ms)
}

// msOrNone is a time for its column, 0 where it is none.
func msOrNone(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// participantRow is a row of appointment_participants, its words still sealed.
type participantRow struct {
	scheduling.Participant
	appointment scheduling.AppointmentID
	words       []byte
}

const participantColumns = "appointment, id, person, role, organisation, required, attends, travel_before, travel_after, answer, answered_at, answered_by, may_deputise, deputy_for, words"

func scanParticipant(row scanner) (r participantRow, err error) {
	var role string
	var before, after, answered int64
	p := &r.Participant
	if err := row.Scan(&r.appointment, &p.ID, &p.Person, &role, &p.Organisation, &p.Required, &p.Attends, &before, &after,
		&p.Reply.Answer, &answered, &p.Reply.By, &p.MayDeputise, &p.DeputyFor, &r.words); err != nil {
		return r, err
	}
	p.Before, p.After = time.Duration(before)*time.Minute, time.Duration(after)*time.Minute
	p.Reply.At = momentOrNone(answered)
	p.Role, err = access.ParseRole(role)
	return r, err
}

// whole fills in who is invited, what is asked for and what it is about. Of those who are
// erased only the place is left.
func (t *tx) whole(rows []appointmentRow) ([]scheduling.Appointment, error) {
	list := make([]scheduling.Appointment, len(rows))
	at := make(map[scheduling.AppointmentID]*scheduling.Appointment, len(rows))
	ids := make([]string, len(rows))
	open := []string{}
	for i, r := range rows {
		list[i] = r.Appointment
		at[r.ID], ids[i] = &list[i], string(r.ID)
		if r.State.Open() {
			open = append(open, string(r.ID))
		}
	}
	if err := t.participantsOf(ids, at, rows); err != nil {
		return nil, err
	}
	if err := t.equipmentOf(ids, at); err != nil {
		return nil, err
	}
	return list, t.optionsOf(open, at)
}

// bare reads appointments with who and what is in them, and opens nothing that is sealed.
func (t *tx) bare(where string, args ...any) ([]scheduling.Appointment, error) {
	rows, err := all(t, scanAppointment, "SELECT "+appointmentColumns+" FROM appointments a "+where+" ORDER BY a.starts, a.id", args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	list := make([]scheduling.Appointment, len(rows))
	at := map[scheduling.AppointmentID]*scheduling.Appointment{}
	ids := make([]string, len(rows))
	for i, r := range rows {
		list[i], ids[i] = r.Appointment, string(r.ID)
		at[r.ID] = &list[i]
	}
	among, argument := t.oneOf("appointment", "$1", ids)
	people, err := all(t, scanParticipant, "SELECT "+participantColumns+" FROM appointment_participants WHERE "+among+" ORDER BY appointment, position", argument)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		at[p.appointment].Participants = append(at[p.appointment].Participants, p.Participant)
	}
	return list, t.equipmentOf(ids, at)
}

func (t *tx) participantsOf(ids []string, at map[scheduling.AppointmentID]*scheduling.Appointment, rows []appointmentRow) error {
	among, argument := t.oneOf("appointment", "$1", ids)
	participants, err := all(t, scanParticipant, "SELECT "+participantColumns+" FROM appointment_participants WHERE "+among+" ORDER BY appointment, position", argument)
	if err != nil {
		return err
	}
	var keys []string
	for _, p := range participants {
		at[p.appointment].Participants = append(at[p.appointment].Participants, p.Participant)
		if p.words != nil {
			keys = append(keys, string(p.Person))
		}
	}
	for _, r := range rows {
		if r.plan != nil {
			keys = append(keys, planSubject(*at[r.ID]))
		}
	}
	slices.Sort(keys)
	if err := t.warm(slices.Compact(keys)); err != nil {
		return err
	}
	next := map[scheduling.AppointmentID]int{}
	for _, r := range participants {
		p := &at[r.appointment].Participants[next[r.appointment]]
		next[r.appointment]++
		var words participantWords
		err := t.openJSON(string(r.Person), participantCell(r.appointment, r.ID), r.words, &words)
		if err != nil && !errors.Is(err, ErrErased) {
			return err
		}
		p.Title, p.Beside, p.Reply.Comment = words.Title, words.Beside, words.Comment
	}
	for _, r := range rows {
		a := at[r.ID]
		if r.plan == nil {
			continue
		}
		if err := t.openJSON(planSubject(*a), planCell(r.ID), r.plan, &a.Plan); err != nil && !errors.Is(err, ErrErased) {
			return err
		}
	}
	return nil
}

func (t *tx) equipmentOf(ids []string, at map[scheduling.AppointmentID]*scheduling.Appointment) error {
	among, argument := t.oneOf("appointment", "$1", ids)
	type row struct {
		appointment scheduling.AppointmentID
		equipment   scheduling.EquipmentID
	}
	rows, err := all(t, func(s scanner) (r row, err error) { return r, s.Scan(&r.appointment, &r.equipment) },
		"SELECT appointment, equipment FROM appointment_equipment WHERE "+among+" ORDER BY appointment, position", argument)
	for _, r := range rows {
		at[r.appointment].Equipment = append(at[r.appointment].Equipment, r.equipment)
	}
	return err
}

func (t *tx) optionsOf(ids []string, at map[scheduling.AppointmentID]*scheduling.Appointment) error {
	if len(ids) == 0 {
		return nil
	}
	among, argument := t.oneOf("appointment", "$1", ids)
	type row struct {
		appointment scheduling.AppointmentID
		scheduling.Option
	}
	options, err := all(t, func(s scanner) (r row, err error) {
		var starts, ends int64
		err = s.Scan(&r.appointment, &r.ID, &starts, &ends, &r.By)
		r.Starts, r.Ends = momentOf(starts), momentOf(ends)
		return r, err
	}, "SELECT appointment, id, starts, ends, suggested_by FROM appointment_options WHERE "+among+" ORDER BY appointment, position", argument)
	if err != nil {
		return err
	}
	for _, r := range options {
		at[r.appointment].Options = append(at[r.appointment].Options, r.Option)
	}
	type reply struct {
		appointment scheduling.AppointmentID
		option      scheduling.OptionID
		scheduling.OptionReply
	}
	replies, err := all(t, func(s scanner) (r reply, err error) {
		var answered int64
		err = s.Scan(&r.appointment, &r.option, &r.Participant, &r.Answer, &answered, &r.By)
		r.At = momentOf(answered)
		return r, err
	}, "SELECT appointment, option_id, participant, answer, answered_at, answered_by FROM option_replies WHERE "+among+" ORDER BY appointment, option_id, position", argument)
	for _, r := range replies {
		for i := range at[r.appointment].Options {
			if o := &at[r.appointment].Options[i]; o.ID == r.option {
				o.Replies = append(o.Replies, r.OptionReply)
			}
		}
	}
	return err
}

// planSubject is whose key seals what an appointment is for: the patient's, so that it is gone
// with them; where there is none, one of its own.
func planSubject(a scheduling.Appointment) string {
	if patient := a.Patient(); patient != "" {
		return string(patient)
	}
	return "appointment-" + string(a.ID)
}

func planCell(id scheduling.AppointmentID) string { return cell("appointments", "plan", string(id)) }
