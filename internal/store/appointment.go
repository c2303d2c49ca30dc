package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Appointments keeps what is booked, as a scheduling.Store.
type Appointments struct{ db *DB }

// Appointments returns what is booked.
func (db *DB) Appointments() *Appointments { return &Appointments{db} }

const appointmentColumns = "a.id, a.version, a.organisation, a.starts, a.ends, a.state, a.identification, a.answer_by, a.series, a.sequence, a.made_at, a.made_by, a.plan"

// Appointment returns one, cancelled or not.
func (s *Appointments) Appointment(ctx context.Context, id scheduling.AppointmentID) (a scheduling.Appointment, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		list, err := t.appointments("WHERE a.id = $1", string(id))
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return scheduling.ErrNotFound
		}
		a = list[0]
		return nil
	})
	return a, err
}

// List finds appointments by who is in them, when, and how far they have come.
func (s *Appointments) List(ctx context.Context, of scheduling.Query) (list []scheduling.Appointment, err error) {
	where, args := conditions(of)
	err = s.db.read(ctx, func(t *tx) error {
		list, err = t.appointments(where, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list appointments: %w", err)
	}
	return list, nil
}

// conditions narrow a list to a query.
func conditions(of scheduling.Query) (where string, args []any) {
	place := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	var all []string
	when := func(column string) (out string) {
		if !of.From.IsZero() {
			out += " AND " + column + " >= " + place(of.From.UnixMilli())
		}
		if !of.Until.IsZero() {
			out += " AND " + column + " < " + place(of.Until.UnixMilli())
		}
		return out
	}
	dated := !of.From.IsZero() || !of.Until.IsZero()
	if of.Organisation != "" {
		all = append(all, "a.id IN (SELECT w.appointment FROM appointment_times w WHERE w.organisation = "+place(string(of.Organisation))+when("w.starts")+")")
		dated = false
	}
	if of.Person != "" {
		all = append(all, "a.id IN (SELECT p.appointment FROM appointment_participants p WHERE p.person = "+place(string(of.Person))+")")
	}
	if of.Series != "" {
		all = append(all, "a.series = "+place(string(of.Series)))
	}
	if dated {
		all = append(all, "(a.state NOT IN ('proposed', 'pending')"+when("a.starts")+
			" OR a.id IN (SELECT o.appointment FROM appointment_options o WHERE TRUE"+when("o.starts")+"))")
	}
	if !of.Lapsed.IsZero() {
		all = append(all, "a.state IN ('proposed', 'pending') AND a.answer_by < "+place(of.Lapsed.UnixMilli()))
	}
	if len(of.States) == 0 {
		all = append(all, "a.state <> 'cancelled'")
	} else {
		names := make([]string, len(of.States))
		for i, state := range of.States {
			names[i] = place(string(state))
		}
		all = append(all, "a.state IN ("+strings.Join(names, ", ")+")")
	}
	return "WHERE " + strings.Join(all, " AND "), args
}

// appointments reads whole ones.
func (t *tx) appointments(where string, args ...any) ([]scheduling.Appointment, error) {
	rows, err := all(t, scanAppointment, "SELECT "+appointmentColumns+" FROM appointments a "+where+" ORDER BY a.starts, a.id", args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return t.whole(rows)
}

// Meeting says whether two are invited to the same.
func (s *Appointments) Meeting(ctx context.Context, by access.Actor, patient access.PersonID, startsBefore, endsAfter time.Time) (meets bool, err error) {
	of := "" // others than staff act for nobody, whoever has sent them
	if by.Role.Staff() {
		of = string(by.Organisation)
	}
	err = s.db.ask(ctx, func(t *tx) error {
		meets, err = one(t, nil, oneColumn[bool], `SELECT EXISTS (SELECT 1 FROM appointment_participants p
			JOIN appointments a ON a.id = p.appointment
			JOIN appointment_participants q ON q.appointment = a.id
			WHERE p.person = $1 AND p.role = $5 AND ($6 = '' OR p.organisation = $6)
				AND q.person = $2 AND q.role = 'patient' AND a.state NOT IN ('cancelled', 'proposed', 'pending') AND a.starts < $3 AND a.ends > $4)`,
			string(by.Person), string(patient), startsBefore.UnixMilli(), endsAfter.UnixMilli(), roleText(by.Role), of)
		return err
	})
	return meets, err
}

// Record commits audit entries alone.
func (s *Appointments) Record(ctx context.Context, entries []audit.Entry) error {
	return s.db.change(ctx, entries, nil, func(*tx) error { return nil })
}

// participantWords is what appointment_participants.words holds, sealed with the person's key.
type participantWords struct {
	Title   string                 `json:"title"`
	Beside  []scheduling.Companion `json:"beside,omitempty"`
	Comment string                 `json:"comment,omitempty"`
}

func participantCell(a scheduling.AppointmentID, id scheduling.ParticipantID) string {
	return cell("appointment_participants", "words", string(a)+"/"+string(id))
}
