package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Appointments keeps what is booked, as a scheduling.Store.
type Appointments struct{ db *DB }

// Appointments returns what is booked.
func (db *DB) Appointments() *Appointments { return &Appointments{db} }

const appointmentColumns = "a.id, a.version, a.organisation, a.starts, a.ends, a.state, a.identification"

// Appointment returns one, cancelled or not.
func (s *Appointments) Appointment(ctx context.Context, id scheduling.AppointmentID) (a scheduling.Appointment, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		a, err = one(t, scheduling.ErrNotFound, scanAppointment,
			"SELECT "+appointmentColumns+" FROM appointments a WHERE a.id = $1", string(id))
		if err != nil {
			return err
		}
		list := []scheduling.Appointment{a}
		if err := t.invite(list); err != nil {
			return err
		}
		a = list[0]
		return nil
	})
	return a, err
}

// Between lists an organisation's, by start.
func (s *Appointments) Between(ctx context.Context, o access.OrganisationID, from, until time.Time) (list []scheduling.Appointment, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		list, err = all(t, scanAppointment, "SELECT "+appointmentColumns+` FROM appointments a
			WHERE a.starts >= $2 AND a.starts < $3 AND a.state <> 'cancelled' AND (a.organisation = $1 OR EXISTS (
				SELECT 1 FROM appointment_participants p WHERE p.appointment = a.id AND p.organisation = $1))
			ORDER BY a.starts, a.id`, string(o), from.UnixMilli(), until.UnixMilli())
		if err != nil {
			return err
		}
		return t.invite(list)
	})
	if err != nil {
		return nil, fmt.Errorf("appointments of %s: %w", o, err)
	}
	return list, nil
}

// Meeting says whether two are invited to the same.
func (s *Appointments) Meeting(ctx context.Context, by access.Actor, patient access.PersonID, startsBefore, endsAfter time.Time) (meets bool, err error) {
	of := "" // others than staff act for nobody, whoever has sent them
	if by.Role.Staff() {
		of = string(by.Organisation)
	}
	err = s.db.read(ctx, func(t *tx) error {
		meets, err = one(t, nil, oneColumn[bool], `SELECT EXISTS (SELECT 1 FROM appointment_participants p
			JOIN appointments a ON a.id = p.appointment
			JOIN appointment_participants q ON q.appointment = a.id
			WHERE p.person = $1 AND p.role = $5 AND ($6 = '' OR p.organisation = $6)
				AND q.person = $2 AND q.role = 'patient' AND a.state <> 'cancelled' AND a.starts < $3 AND a.ends > $4)`,
			string(by.Person), string(patient), startsBefore.UnixMilli(), endsAfter.UnixMilli(), roleText(by.Role), of)
		return err
	})
	return meets, err
}

// Save adds an appointment, or replaces it with everyone who is invited.
func (s *Appointments) Save(ctx context.Context, a scheduling.Appointment, entries []audit.Entry, out []notify.Message) (scheduling.Appointment, error) {
	err := s.db.change(ctx, entries, out, func(t *tx) error {
		if a.Version == 0 {
			_, err := t.exec("INSERT INTO appointments (id, version, organisation, starts, ends, state, identification) VALUES ($1, 1, $2, $3, $4, $5, $6)",
				string(a.ID), string(a.Organisation), a.Starts.UnixMilli(), a.Ends.UnixMilli(), string(a.State), string(a.Identification))
			if err := t.exists(err, "appointments", scheduling.ErrVersion); err != nil {
				return err
			}
		} else {
			n, err := t.exec(`UPDATE appointments SET version = version + 1, organisation = $3, starts = $4, ends = $5, state = $6, identification = $7
				WHERE id = $1 AND version = $2`,
				string(a.ID), a.Version, string(a.Organisation), a.Starts.UnixMilli(), a.Ends.UnixMilli(), string(a.State), string(a.Identification))
			if err := changed(n, err, scheduling.ErrVersion); err != nil {
				return err
			}
		}
		return t.saveParticipants(a)
	})
	if err != nil {
		return scheduling.Appointment{}, fmt.Errorf("save appointment %s: %w", a.ID, err)
	}
	a.Version++
	return a, nil
}

// Record commits audit entries alone.
func (s *Appointments) Record(ctx context.Context, entries []audit.Entry) error {
	return s.db.change(ctx, entries, nil, func(*tx) error { return nil })
}

// participantWords is what appointment_participants.words holds, sealed with the person's key.
type participantWords struct {
	Title  string                 `json:"title"`
	Beside []scheduling.Companion `json:"beside,omitempty"`
}

func participantCell(a scheduling.AppointmentID, id scheduling.ParticipantID) string {
	return cell("appointment_participants", "words", string(a)+"/"+string(id))
}

func (t *tx) saveParticipants(a scheduling.Appointment) error {
	if _, err := t.exec("DELETE FROM appointment_participants WHERE appointment = $1", string(a.ID)); err != nil {
		return err
	}
	for i, p := range a.Participants {
		words, err := t.sealJSON(string(p.Person), participantCell(a.ID, p.ID), participantWords{p.Title, p.Beside})
		if err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO appointment_participants (appointment, id, position, person, role, organisation, required, words)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			string(a.ID), string(p.ID), i, string(p.Person), p.Role.String(), string(p.Organisation), p.Required, words); err != nil {
			return err
		}
	}
	return nil
}

func scanAppointment(row scanner) (a scheduling.Appointment, err error) {
	var starts, ends int64
	err = row.Scan(&a.ID, &a.Version, &a.Organisation, &starts, &ends, &a.State, &a.Identification)
	a.Starts, a.Ends = time.UnixMilli(starts).UTC(), time.UnixMilli(ends).UTC()
	return a, err
}

// participantRow is a row of appointment_participants, its words still sealed.
type participantRow struct {
	scheduling.Participant
	appointment scheduling.AppointmentID
	words       []byte
}

func scanParticipant(row scanner) (r participantRow, err error) {
	var role string
	if err := row.Scan(&r.appointment, &r.ID, &r.Person, &role, &r.Organisation, &r.Required, &r.words); err != nil {
		return r, err
	}
	r.Role, err = access.ParseRole(role)
	return r, err
}

// invite fills in who is invited. Of those who are erased only the place is left.
func (t *tx) invite(list []scheduling.Appointment) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]string, len(list))
	at := make(map[scheduling.AppointmentID]int, len(list))
	for i, a := range list {
		ids[i], at[a.ID] = string(a.ID), i
	}
	among, argument := t.oneOf("appointment", "$1", ids)
	rows, err := all(t, scanParticipant, `SELECT appointment, id, person, role, organisation, required, words
		FROM appointment_participants WHERE `+among+" ORDER BY appointment, position", argument)
	if err != nil {
		return err
	}
	people := make([]string, len(rows))
	for i, r := range rows {
		people[i] = string(r.Person)
	}
	slices.Sort(people)
	if err := t.warm(slices.Compact(people)); err != nil {
		return err
	}
	for _, r := range rows {
		var words participantWords
		err := t.openJSON(string(r.Person), participantCell(r.appointment, r.ID), r.words, &words)
		if err != nil && !errors.Is(err, ErrErased) {
			return err
		}
		r.Title, r.Beside = words.Title, words.Beside
		a := &list[at[r.appointment]]
		a.Participants = append(a.Participants, r.Participant)
	}
	return nil
}
