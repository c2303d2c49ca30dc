package store

import (
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// relativeWords is what relatives.words holds, sealed with the patient's key.
type relativeWords struct {
	Kind  identity.RelationKind `json:"kind"`
	Title string                `json:"title,omitempty"`
}

func relativeCell(id access.PersonID) string { return cell("relatives", "words", string(id)) }

// relatives are a patient's, in their order. Their versions are 0: the patient's counts.
func (t *tx) relatives(patient access.PersonID) ([]identity.RelatedPerson, error) {
	rows, err := all(t, func(row scanner) (r struct {
		personRow
		words []byte
	}, err error) {
		err = row.Scan(&r.id, &r.details, &r.words)
		return r, err
	}, `SELECT people.id, people.details, relatives.words FROM relatives JOIN people ON people.id = relatives.person
		WHERE relatives.patient = $1 AND NOT relatives.former ORDER BY relatives.position`, string(patient))
	if err != nil {
		return nil, err
	}
	var out []identity.RelatedPerson
	for _, r := range rows {
		p, err := t.openPerson(r.personRow)
		if err != nil {
			return nil, err
		}
		var w relativeWords
		if err := t.openJSON(string(patient), relativeCell(r.id), r.words, &w); err != nil {
			return nil, err
		}
		out = append(out, identity.RelatedPerson{Person: p, Kind: w.Kind, Title: w.Title})
	}
	return out, nil
}

// saveRelatives makes the patient's relatives these; the others are former ones.
func (t *tx) saveRelatives(p identity.Patient) error {
	if _, err := t.exec("UPDATE relatives SET former = TRUE WHERE patient = $1", string(p.ID)); err != nil {
		return err
	}
	for i, r := range p.Relatives {
		details, err := t.sealPerson(r.Person)
		if err != nil {
			return err
		}
		n, err := t.exec(`INSERT INTO people (id, version, kind, details) VALUES ($1, 1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET version = people.version + 1, details = excluded.details
			WHERE people.kind = excluded.kind AND people.erased_at IS NULL`, string(r.ID), string(relativePerson), details)
		if err := changed(n, err, identity.ErrExists); err != nil {
			return err
		}
		words, err := t.sealJSON(string(p.ID), relativeCell(r.ID), relativeWords{r.Kind, r.Title})
		if err != nil {
			return err
		}
		n, err = t.exec(`INSERT INTO relatives (person, patient, position, former, words) VALUES ($1, $2, $3, FALSE, $4)
			ON CONFLICT (person) DO UPDATE SET position = excluded.position, former = FALSE, words = excluded.words
			WHERE relatives.patient = excluded.patient`, string(r.ID), string(p.ID), i, words)
		if err := changed(n, err, identity.ErrExists); err != nil {
			return err
		}
	}
	return nil
}
