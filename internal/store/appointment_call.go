package store

import (
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling"
)

// callHappened carries what the journal of a call keeps over to the audit record and to the
// appointment, in the journal's transaction. What is said in a call is nobody's act on a
// patient's data, and no entry of the audit record.
func (t *tx) callHappened(consultation string, e signaling.Entry) error {
	switch e := e.(type) {
	case signaling.SeatAdmitted:
		// FHIR R4 AppointmentStatus: arrived when the patient is there.
		if _, err := t.exec(`UPDATE appointments SET state = $3, version = version + 1 WHERE id = $1 AND state = $4 AND EXISTS (
			SELECT 1 FROM appointment_participants p WHERE p.appointment = $1 AND p.id = $2 AND p.role = 'patient')`,
			consultation, e.Participant, string(scheduling.Arrived), string(scheduling.Booked)); err != nil {
			return err
		}
		return t.tellOfCall(consultation, e.By, e.Participant, audit.ActionAdmitted, e.At)
	case signaling.SeatRemoved:
		return t.tellOfCall(consultation, e.By, e.Participant, audit.ActionRemoved, e.At)
	case signaling.IdentityConfirmed:
		return t.tellOfCall(consultation, e.By, e.Participant, audit.ActionIdentified, e.At)
	case signaling.LockSet:
		return t.tellOfCall(consultation, e.By, "", access.CallLock.String(), e.At)
	case signaling.CallEnded:
		n, err := t.exec("UPDATE appointments SET state = $2, version = version + 1 WHERE id = $1 AND state IN ($3, $4)",
			consultation, string(scheduling.Fulfilled), string(scheduling.Booked), string(scheduling.Arrived))
		if err != nil {
			return err
		}
		if n > 0 {
			if err := t.freeRest(consultation, e.At); err != nil {
				return err
			}
		}
		return t.tellOfCall(consultation, e.By, "", access.CallEnd.String(), e.At)
	}
	return nil
}

// freeRest gives back what a call that is over claimed of the time to come. Who has no claim, as
// in what was booked before claims were kept, gets none by it.
func (t *tx) freeRest(consultation string, over time.Time) error {
	list, err := t.bare("WHERE a.id = $1", consultation)
	if err != nil {
		return fmt.Errorf("what %s claims: %w", consultation, err)
	}
	claimed, err := all(t, oneColumn[scheduling.Subject], "SELECT DISTINCT subject FROM busy WHERE appointment = $1", consultation)
	if err != nil {
		return fmt.Errorf("what %s claims: %w", consultation, err)
	}
	if len(list) == 0 || len(claimed) == 0 || !over.Before(list[0].Ends) {
		return nil
	}
	rest := slices.DeleteFunc(list[0].ClaimsUntil(over), func(c scheduling.Claim) bool { return !slices.Contains(claimed, c.Subject) })
	if _, err := t.exec("DELETE FROM busy WHERE appointment = $1", consultation); err != nil {
		return err
	}
	return t.addClaims(rest)
}

// tellOfCall appends what a participant did in a call, with another or with all of it. Whom
// it was done with is told the patient; a lock and an end are nobody's own.
func (t *tx) tellOfCall(consultation, by, with, action string, at time.Time) error {
	people, err := all(t, scanParticipant, "SELECT "+participantColumns+" FROM appointment_participants WHERE appointment = $1", consultation)
	if err != nil {
		return err
	}
	actor, patient := access.Actor{}, access.PersonID("")
	for _, p := range people {
		if string(p.ID) == by {
			actor = access.Actor{Person: p.Person, Role: p.Role, Organisation: p.Organisation}
		}
		if p.Role == access.Patient {
			patient = p.Person
		}
	}
	e := audit.New(at, actor, action, audit.Done)
	e.By, e.Object = access.Participant, "consultation/"+consultation
	if with != "" {
		e.Object += "/" + with
		e.Patient = patient
	}
	return t.appendAudit([]audit.Entry{e})
}
