package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// interpreterRow is a row of interpreters with the person, who is still sealed. Languages
// are a list as JSON: nothing is searched by them.
type interpreterRow struct {
	identity.Interpreter
	person personRow
}

const interpreterColumns = personColumns + ", interpreters.organisation, interpreters.speaks, interpreters.active FROM interpreters JOIN people ON people.id = interpreters.person"

func scanInterpreter(row scanner) (r interpreterRow, err error) {
	var speaks string
	if err := row.Scan(&r.person.id, &r.person.version, &r.person.details, &r.Organisation, &speaks, &r.Active); err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(speaks), &r.Speaks); err != nil {
		return r, fmt.Errorf("languages of interpreter %s: %w", r.person.id, err)
	}
	return r, nil
}

// Interpreter returns one.
func (s *Directory) Interpreter(ctx context.Context, id access.PersonID) (i identity.Interpreter, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		found, err := t.interpreters("interpreters.person = $1", string(id))
		if err == nil && len(found) == 0 {
			err = identity.ErrNotFound
		}
		if err != nil {
			return err
		}
		i = found[0]
		return nil
	})
	return i, err
}

// InterpretersOf returns all whom an organisation has invited or invites.
func (s *Directory) InterpretersOf(ctx context.Context, of access.OrganisationID) (out []identity.Interpreter, err error) {
	err = s.db.read(ctx, func(t *tx) (err error) {
		out, err = t.interpreters("interpreters.organisation = $1", string(of))
		return err
	})
	return out, err
}

func (t *tx) interpreters(condition string, argument any) ([]identity.Interpreter, error) {
	rows, err := all(t, scanInterpreter, "SELECT "+interpreterColumns+" WHERE people.erased_at IS NULL AND "+condition, argument)
	if err != nil {
		return nil, err
	}
	subjects := make([]string, len(rows))
	for i, r := range rows {
		subjects[i] = string(r.person.id)
	}
	if err := t.warm(subjects); err != nil {
		return nil, err
	}
	out := make([]identity.Interpreter, len(rows))
	for i, r := range rows {
		out[i] = r.Interpreter
		if out[i].Person, err = t.openPerson(r.person); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SaveInterpreter saves one, whose organisation stays.
func (s *Directory) SaveInterpreter(ctx context.Context, i identity.Interpreter, entries []audit.Entry, out []notify.Message) error {
	speaks, err := json.Marshal(i.Speaks)
	if err != nil {
		return fmt.Errorf("languages of interpreter %s: %w", i.ID, err)
	}
	return s.db.change(ctx, entries, out, func(t *tx) error {
		if err := t.savePerson(i.Person, interpreterPerson); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO interpreters (person, organisation, speaks, active) VALUES ($1, $2, $3, $4)
			ON CONFLICT (person) DO UPDATE SET speaks = excluded.speaks, active = excluded.active`,
			string(i.ID), string(i.Organisation), string(speaks), i.Active)
		return err
	})
}
