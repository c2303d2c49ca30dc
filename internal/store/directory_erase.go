package store

import (
	"context"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// ErasePatient erases a patient and the relatives, former ones too, and what was said in
// the patient's consultations: the rows that say how they stand to others go, then the keys.
func (s *Directory) ErasePatient(ctx context.Context, id access.PersonID, version int64, at time.Time, entries []audit.Entry, out []notify.Message) error {
	err := s.db.change(ctx, entries, out, func(t *tx) error {
		n, err := t.exec("UPDATE people SET version = version + 1 WHERE id = $1 AND version = $2 AND kind = $3 AND erased_at IS NULL",
			string(id), version, string(patientPerson))
		if err := t.updated(n, err, "people", string(id)); err != nil {
			return err
		}
		relatives, err := all(t, oneColumn[access.PersonID], "SELECT person FROM relatives WHERE patient = $1", string(id))
		if err != nil {
			return err
		}
		for _, person := range append([]access.PersonID{id}, relatives...) {
			if err := t.erasePerson(person, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.db.finishAsked(ctx)
}

// erasePerson cancels what a person was to be met in as a patient, empties their row, cuts their
// ties, shuts them out, and asks for their key to be erased, and those of the consultations that
// were about them. It is done again where a backup is restored that has not heard of it.
func (t *tx) erasePerson(id access.PersonID, at time.Time) error {
	if err := t.cancelFor(id, at); err != nil {
		return err
	}
	consultations, err := all(t, oneColumn[string], "SELECT appointment FROM appointment_participants WHERE person = $1 AND role = $2",
		string(id), access.Patient.String())
	if err != nil {
		return err
	}
	for _, c := range consultations {
		if err := t.askErasure(c); err != nil {
			return err
		}
	}
	for _, table := range []string{"care", "consents", "relatives", "emergencies"} {
		if _, err := t.exec("DELETE FROM "+table+" WHERE patient = $1", string(id)); err != nil {
			return err
		}
	}
	if err := t.eraseForms(id); err != nil {
		return err
	}
	if err := t.eraseWounds(id); err != nil {
		return err
	}
	for _, table := range []string{"calendar_feeds", "calendar_addresses"} { // and elsewhere with it
		if _, err := t.exec("DELETE FROM "+table+" WHERE person = $1", string(id)); err != nil {
			return err
		}
	}
	if _, err := t.exec("UPDATE people SET details = NULL, erased_at = $2 WHERE id = $1", string(id), at.UnixMilli()); err != nil {
		return err
	}
	if err := t.endSignIn(id, at); err != nil {
		return err
	}
	return t.askErasure(string(id))
}
