package store

import (
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
		if _, err := t.exec("UPDATE appointments SET state = $2, version = version + 1 WHERE id = $1 AND state IN ($3, $4)",
			consultation, string(scheduling.Fulfilled), string(scheduling.Booked), string(scheduling.Arrived)); err != nil {
			return err
		}
		return t.tellOfCall(consultation, e.By, "", access.CallEnd.String(), e.At)
	}
	return nil
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
