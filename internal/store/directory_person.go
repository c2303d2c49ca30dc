package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// personKind is what a person is here.
type personKind string

const (
	staffPerson    personKind = "staff"
	patientPerson  personKind = "patient"
	relativePerson personKind = "relative"

	interpreterPerson personKind = "interpreter"
)

// What people are found by.
const (
	lookupStaffEmail = "staff-email" // one's own: no two have the same
	lookupNationalID = "national-id" // of patients; organisations without an agreement may each have one
)

// personDetails is what people.details holds, sealed with the person's key.
type personDetails struct {
	Name       string `json:"name"`
	Email      string `json:"email,omitempty"`
	Phone      string `json:"phone,omitempty"`
	NationalID string `json:"nationalId,omitempty"`
	HPR        string `json:"hpr,omitempty"`
	Language   string `json:"language"`
}

func detailsCell(id access.PersonID) string { return cell("people", "details", string(id)) }

// savePerson writes a new person, or the next version of one: identity.ErrVersion where
// that is not what is stored, identity.ErrNotFound where there is none.
func (t *tx) savePerson(p identity.Person, kind personKind) error {
	sealed, err := t.sealPerson(p)
	if err != nil {
		return err
	}
	if p.Version == 0 {
		_, err := t.exec("INSERT INTO people (id, version, kind, details) VALUES ($1, 1, $2, $3)", string(p.ID), string(kind), sealed)
		return err
	}
	n, err := t.exec("UPDATE people SET version = version + 1, details = $4 WHERE id = $1 AND version = $2 AND kind = $3 AND erased_at IS NULL",
		string(p.ID), p.Version, string(kind), sealed)
	return t.updated(n, err, "people", string(p.ID))
}

func (t *tx) sealPerson(p identity.Person) ([]byte, error) {
	return t.sealJSON(string(p.ID), detailsCell(p.ID), personDetails{p.Name, p.Email, p.Phone, p.NationalID, p.HPR, p.Language})
}

// personRow is a row of people, still sealed.
type personRow struct {
	id      access.PersonID
	version int64
	details []byte
}

const personColumns = "people.id, people.version, people.details"

func scanPerson(row scanner) (r personRow, err error) {
	err = row.Scan(&r.id, &r.version, &r.details)
	return r, err
}

// person returns anyone by id; identity.ErrNotFound also where they have been erased.
func (t *tx) person(id access.PersonID) (identity.Person, error) {
	r, err := one(t, identity.ErrNotFound, scanPerson, "SELECT "+personColumns+" FROM people WHERE id = $1 AND erased_at IS NULL", string(id))
	if err != nil {
		return identity.Person{}, err
	}
	return t.openPerson(r)
}

// people returns many by their ids, in no order. Those who are unknown or erased are left out.
func (t *tx) people(ids []access.PersonID) ([]identity.Person, error) {
	condition, argument := t.oneOf("id", "$1", texts(ids))
	return t.queryPeople("SELECT "+personColumns+" FROM people WHERE erased_at IS NULL AND "+condition, argument)
}

// queryPeople opens the people of a query over personColumns. Those whose key is erased are
// left out: their row may not have heard of it yet.
func (t *tx) queryPeople(query string, args ...any) ([]identity.Person, error) {
	rows, err := all(t, scanPerson, query, args...)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = string(r.id)
	}
	if err := t.warm(ids); err != nil {
		return nil, err
	}
	people := make([]identity.Person, 0, len(rows))
	for _, r := range rows {
		p, err := t.openPerson(r)
		if errors.Is(err, identity.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		people = append(people, p)
	}
	return people, nil
}

func (t *tx) openPerson(r personRow) (identity.Person, error) {
	var d personDetails
	err := t.openJSON(string(r.id), detailsCell(r.id), r.details, &d)
	if errors.Is(err, ErrErased) {
		return identity.Person{}, identity.ErrNotFound
	}
	if err != nil {
		return identity.Person{}, err
	}
	return identity.Person{
		ID: r.id, Version: r.version, Name: d.Name, Email: d.Email, Phone: d.Phone,
		NationalID: d.NationalID, HPR: d.HPR, Language: d.Language,
	}, nil
}

// sealJSON is seal of a value as JSON.
func (t *tx) sealJSON(subject, what string, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", what, err)
	}
	return t.seal(subject, what, text)
}

// openJSON is open of what sealJSON has made.
func (t *tx) openJSON(subject, what string, sealed []byte, into any) error {
	text, err := t.open(subject, what, sealed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("open %s: %w", what, err)
	}
	return nil
}

// texts are ids as texts.
func texts[ID ~string](ids []ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
