package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Save commits appointments with what they claim of people's time, or nothing.
//
// Whoever writes claims of somebody's time holds that one's lock until the commit, and looks
// what is there when it has it; that is enough, and lets all others through. The databases'
// own exclusion (migration 8) stands behind it: it is what makes an overlap impossible also
// for what forgets the lock.
func (s *Appointments) Save(ctx context.Context, c scheduling.Change) ([]scheduling.Appointment, error) {
	out := make([]scheduling.Appointment, len(c.Appointments))
	claims := make([][]scheduling.Claim, len(out))
	var locks []string
	for i, a := range c.Appointments {
		out[i] = spelledOut(a)
		claims[i] = a.Claims()
		if !c.Over.IsZero() {
			claims[i] = a.ClaimsUntil(c.Over)
		}
		for _, claim := range claims[i] {
			if claim.Firm() {
				locks = append(locks, string(claim.Subject))
			}
		}
	}
	slices.Sort(locks)
	err := s.db.changeLocked(ctx, slices.Compact(locks), c.Entries, nil, func(t *tx) error {
		for i, a := range out {
			if err := t.saveAppointment(a, claims[i]); err != nil {
				return fmt.Errorf("save appointment %s: %w", a.ID, err)
			}
			if err := t.forgetReadiness(a.ID, c.Anew); err != nil {
				return err
			}
		}
		return t.tells(c)
	})
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Version++
	}
	return out, nil
}

// tells writes a change's messages, in place of those that it withdraws, as they are for who has
// heard nothing yet.
func (t *tx) tells(c scheduling.Change) error {
	out := c.Out
	for _, a := range c.Appointments {
		if a.Version == 0 {
			continue // nobody has heard of it, and nothing waits
		}
		var err error
		if out, err = t.afterUnread(string(a.ID), out, c.Withdraw); err != nil {
			return err
		}
		if !c.Withdraw {
			continue
		}
		if err := t.withdraw(string(a.ID)); err != nil {
			return err
		}
	}
	if err := t.enqueue(out); err != nil {
		return fmt.Errorf("enqueue messages: %w", err)
	}
	return nil
}

// cancelFor ends the appointments that are about a patient and still to come, in the transaction
// in which the patient's erasure is asked for. Nothing is opened for it: what can't be read any
// more must be in no erasure's way.
func (t *tx) cancelFor(patient access.PersonID, now time.Time) error {
	list, err := t.bare("WHERE a.id IN (SELECT p.appointment FROM appointment_participants p WHERE p.person = $1 AND p.role = $2)"+
		" AND a.state IN ('proposed', 'pending', 'booked', 'arrived')", string(patient), access.Patient.String())
	if err != nil {
		return fmt.Errorf("appointments of the erased: %w", err)
	}
	for _, a := range list {
		c, ok := a.WithoutPatient(now)
		if !ok {
			continue
		}
		after := c.Appointments[0]
		if _, err := t.exec("UPDATE appointments SET state = $2, sequence = $3, version = version + 1 WHERE id = $1", string(after.ID), string(after.State), after.Sequence); err != nil {
			return fmt.Errorf("cancel %s: %w", after.ID, err)
		}
		if _, err := t.exec("DELETE FROM busy WHERE appointment = $1", string(after.ID)); err != nil {
			return fmt.Errorf("free the time of %s: %w", after.ID, err)
		}
		if err := t.appendAudit(c.Entries); err != nil {
			return fmt.Errorf("append to the audit record: %w", err)
		}
		if err := t.tells(c); err != nil {
			return err
		}
	}
	return nil
}

// spelledOut has words where empty means one: as it is read again.
func spelledOut(a scheduling.Appointment) scheduling.Appointment {
	a.Participants = slices.Clone(a.Participants)
	for i := range a.Participants {
		p := &a.Participants[i]
		if p.Attends == "" {
			p.Attends = scheduling.Online
		}
		if p.Reply.Answer == "" {
			p.Reply.Answer = scheduling.NeedsAction
		}
	}
	return a
}

func (t *tx) saveAppointment(a scheduling.Appointment, claims []scheduling.Claim) error {
	// First of all: most attempts that fail fail here, and nothing has been sealed for them.
	if err := t.free(a.ID, claims); err != nil {
		return err
	}
	var plan []byte
	if !reflect.DeepEqual(a.Plan, scheduling.Plan{}) {
		var err error
		if plan, err = t.sealLeft(planSubject(a), planCell(a.ID), a.Plan); err != nil {
			return err
		}
	}
	values := []any{
		string(a.ID), a.Version, string(a.Organisation), a.Starts.UnixMilli(), a.Ends.UnixMilli(), string(a.State), string(a.Identification),
		msOrNone(a.AnswerBy), string(a.Series), a.Sequence, msOrNone(a.Made), string(a.MadeBy), plan,
	}
	if a.Version == 0 {
		_, err := t.exec(`INSERT INTO appointments (id, version, organisation, starts, ends, state, identification, answer_by, series, sequence, made_at, made_by, plan)
			VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, values...)
		if err := t.exists(err, "appointments", scheduling.ErrVersion); err != nil {
			return err
		}
	} else {
		n, err := t.exec(`UPDATE appointments SET version = version + 1, organisation = $3, starts = $4, ends = $5, state = $6, identification = $7,
			answer_by = $8, series = $9, sequence = $10, made_at = $11, made_by = $12, plan = $13 WHERE id = $1 AND version = $2`, values...)
		if err := changed(n, err, scheduling.ErrVersion); err != nil {
			return err
		}
		for _, table := range []string{"appointment_participants", "appointment_options", "option_replies", "appointment_equipment", "appointment_times", "busy"} {
			if _, err := t.exec("DELETE FROM "+table+" WHERE appointment = $1", string(a.ID)); err != nil {
				return err
			}
		}
	}
	if err := t.addParticipants(a); err != nil {
		return err
	}
	if err := t.addOptions(a); err != nil {
		return err
	}
	if err := t.addTimes(a); err != nil {
		return err
	}
	return t.addClaims(claims)
}

// sealLeft is sealJSON, and for who is erased one byte that nothing sealed begins with: of them
// only the place is left, and what they were in must still be ended. It opens like all of theirs,
// as ErrErased.
func (t *tx) sealLeft(subject, what string, v any) ([]byte, error) {
	sealed, err := t.sealJSON(subject, what, v)
	if errors.Is(err, ErrErased) {
		return []byte{0}, nil
	}
	return sealed, err
}

func (t *tx) addParticipants(a scheduling.Appointment) error {
	rows := make([][]any, len(a.Participants))
	for i, p := range a.Participants {
		words, err := t.sealLeft(string(p.Person), participantCell(a.ID, p.ID), participantWords{p.Title, p.Beside, p.Reply.Comment})
		if err != nil {
			return err
		}
		rows[i] = []any{
			string(a.ID), string(p.ID), i, string(p.Person), p.Role.String(), string(p.Organisation), p.Required,
			string(p.Attends), int64(p.Before / time.Minute), int64(p.After / time.Minute), string(p.Reply.Answer), msOrNone(p.Reply.At), string(p.Reply.By),
			p.MayDeputise, string(p.DeputyFor), words,
		}
	}
	return t.insert("appointment_participants", "appointment, id, position, person, role, organisation, required, attends, travel_before, travel_after, answer, answered_at, answered_by, may_deputise, deputy_for, words", rows)
}

func (t *tx) addOptions(a scheduling.Appointment) error {
	var options, replies, equipment [][]any
	for i, o := range a.Options {
		options = append(options, []any{string(a.ID), string(o.ID), i, o.Starts.UnixMilli(), o.Ends.UnixMilli(), string(o.By)})
		for j, r := range o.Replies {
			replies = append(replies, []any{string(a.ID), string(o.ID), string(r.Participant), j, string(r.Answer), r.At.UnixMilli(), string(r.By)})
		}
	}
	for i, e := range a.Equipment {
		equipment = append(equipment, []any{string(a.ID), string(e), i})
	}
	if err := t.insert("appointment_options", "appointment, id, position, starts, ends, suggested_by", options); err != nil {
		return err
	}
	if err := t.insert("option_replies", "appointment, option_id, participant, position, answer, answered_at, answered_by", replies); err != nil {
		return err
	}
	return t.insert("appointment_equipment", "appointment, equipment, position", equipment)
}

// addTimes lets the appointment be found by each organisation that has to do with it.
func (t *tx) addTimes(a scheduling.Appointment) error {
	starts := []int64{a.Starts.UnixMilli()}
	if a.State.Open() {
		starts = nil
		for _, o := range a.Options {
			starts = append(starts, o.Starts.UnixMilli())
		}
	}
	organisations := []string{string(a.Organisation)}
	for _, p := range a.Participants {
		if p.Organisation != "" && !slices.Contains(organisations, string(p.Organisation)) {
			organisations = append(organisations, string(p.Organisation))
		}
	}
	var rows [][]any
	for _, o := range organisations {
		for _, at := range starts {
			rows = append(rows, []any{o, at, string(a.ID)})
		}
	}
	return t.insert("appointment_times", "organisation, starts, appointment", rows)
}

func (t *tx) addClaims(claims []scheduling.Claim) error {
	rows := make([][]any, len(claims))
	for i, c := range claims {
		rows[i] = []any{string(c.Subject), c.Starts.UnixMilli(), c.Ends.UnixMilli(), string(c.Kind), c.Firm(), string(c.Appointment), string(c.Option)}
	}
	err := t.insert("busy", "subject, starts, ends, kind, firm, appointment, option_id", rows)
	if t.db.main.dialect.fault(err).kind == ruleBroken {
		return &scheduling.TakenError{} // the exclusion has held where the look before it has not
	}
	return err
}

// free says who of those whose time is claimed has given it to another appointment.
func (t *tx) free(id scheduling.AppointmentID, claims []scheduling.Claim) error {
	var subjects []string
	first, last := time.Time{}, time.Time{}
	for _, c := range claims {
		if !c.Firm() {
			continue
		}
		subjects = append(subjects, string(c.Subject))
		if first.IsZero() || c.Starts.Before(first) {
			first = c.Starts
		}
		if c.Ends.After(last) {
			last = c.Ends
		}
	}
	if len(subjects) == 0 {
		return nil
	}
	there, err := t.claims(slices.Compact(subjects), first, last)
	if err != nil {
		return err
	}
	taken := &scheduling.TakenError{}
	for _, c := range claims {
		i := slices.IndexFunc(there, func(o scheduling.Claim) bool {
			return c.Firm() && o.Firm() && o.Subject == c.Subject && o.Appointment != id && o.Starts.Before(c.Ends) && c.Starts.Before(o.Ends)
		})
		told := slices.ContainsFunc(taken.Taken, func(o scheduling.Taken) bool { return o.Subject == c.Subject })
		if i >= 0 && !told {
			taken.Taken = append(taken.Taken, scheduling.Taken{Subject: c.Subject, Rule: scheduling.TakenBusy, Starts: c.Starts})
		}
	}
	if len(taken.Taken) > 0 {
		return taken
	}
	return nil
}

// insert adds rows in one statement: PostgreSQL is a network away.
func (t *tx) insert(table, columns string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	var places strings.Builder
	args := make([]any, 0, len(rows)*len(rows[0]))
	for i, row := range rows {
		if i > 0 {
			places.WriteString(", ")
		}
		for j, v := range row {
			args = append(args, v)
			if j == 0 {
				fmt.Fprintf(&places, "($%d", len(args))
			} else {
				fmt.Fprintf(&places, ", $%d", len(args))
			}
		}
		places.WriteByte(')')
	}
	_, err := t.exec("INSERT INTO "+table+" ("+columns+") VALUES "+places.String(), args...)
	return err
}
