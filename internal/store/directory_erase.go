package store

import (
	"context"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// ErasePatient erases a patient and the relatives, former ones too: the rows that say how
// they stand to others go, then their keys.
func (s *Directory) ErasePatient(ctx context.Context, id access.PersonID, version int64, at time.Time, entries []audit.Entry, out []notify.Message) error {
	var erased []access.PersonID
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
		for _, table := range []string{"care", "consents", "relatives", "emergencies"} {
			if _, err := t.exec("DELETE FROM "+table+" WHERE patient = $1", string(id)); err != nil {
				return err
			}
		}
		erased = append([]access.PersonID{id}, relatives...)
		for _, person := range erased {
			if err := t.erasePerson(person, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, person := range erased {
		if err := s.db.finishErasure(ctx, string(person)); err != nil {
			return err
		}
	}
	return nil
}

// erasePerson empties a person's row, shuts them out, and asks for their key to be erased.
func (t *tx) erasePerson(id access.PersonID, at time.Time) error {
	if _, err := t.exec("UPDATE people SET details = NULL, erased_at = $2 WHERE id = $1", string(id), at.UnixMilli()); err != nil {
		return err
	}
	if err := t.endSignIn(id, at); err != nil {
		return err
	}
	return t.askErasure(string(id))
}
