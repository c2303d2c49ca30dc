package store

import (
	"context"
	"database/sql"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Patient returns one when the entries are committed.
func (s *Directory) Patient(ctx context.Context, id access.PersonID, entries []audit.Entry) (p identity.Patient, err error) {
	err = s.db.auditedRead(ctx, func(t *tx) (_ []audit.Entry, err error) {
		p, err = t.patient(id)
		return entries, err
	})
	if err != nil {
		return identity.Patient{}, err
	}
	return p, nil
}

func (t *tx) patient(id access.PersonID) (p identity.Patient, err error) {
	if p.Person, err = t.personOf(patientPerson, id); err != nil {
		return p, err
	}
	p.CaredForBy, err = all(t, oneColumn[access.OrganisationID],
		"SELECT organisation FROM care WHERE patient = $1 ORDER BY position", string(id))
	if err != nil {
		return p, err
	}
	if p.Relatives, err = t.relatives(id); err != nil {
		return p, err
	}
	p.Consents, err = all(t, func(row scanner) (c identity.Consent, err error) {
		var organisation, relative sql.NullString
		err = row.Scan(&organisation, &relative, &c.From, &c.Until)
		c.Organisation, c.Relative = access.OrganisationID(organisation.String), access.PersonID(relative.String)
		return c, err
	}, "SELECT organisation, relative, from_day, until_day FROM consents WHERE patient = $1 ORDER BY position", string(id))
	return p, err
}

// Patients gives choose all whom an organisation cares for.
func (s *Directory) Patients(ctx context.Context, of access.OrganisationID, choose func([]identity.PatientLine) ([]audit.Entry, error)) error {
	return s.db.auditedRead(ctx, func(t *tx) ([]audit.Entry, error) {
		// Nobody cares for the erased: their rows of care are gone.
		people, err := t.queryPeople("SELECT "+personColumns+" FROM care JOIN people ON people.id = care.patient WHERE care.organisation = $1", string(of))
		if err != nil {
			return nil, err
		}
		lines := make([]identity.PatientLine, len(people))
		for i, p := range people {
			lines[i] = p.Line()
		}
		return choose(lines)
	})
}

// PatientsByNationalID returns those with an identity number.
func (s *Directory) PatientsByNationalID(ctx context.Context, number string) (ids []access.PersonID, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		owners, err := t.findLookup(lookupNationalID, number)
		ids = make([]access.PersonID, len(owners))
		for i, o := range owners {
			ids[i] = access.PersonID(o)
		}
		return err
	})
	return ids, err
}

// SavePatient saves one with exactly these organisations, relatives and consents.
func (s *Directory) SavePatient(ctx context.Context, p identity.Patient, by access.OrganisationID, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		if err := t.aloneWithNumber(p, by); err != nil {
			return err
		}
		if err := t.savePerson(p.Person, patientPerson); err != nil {
			return err
		}
		if err := t.setLookup(lookupNationalID, string(p.ID), p.NationalID); err != nil {
			return err
		}
		for _, table := range []string{"care", "consents"} {
			if _, err := t.exec("DELETE FROM "+table+" WHERE patient = $1", string(p.ID)); err != nil {
				return err
			}
		}
		for i, o := range p.CaredForBy {
			if _, err := t.exec("INSERT INTO care (patient, organisation, position) VALUES ($1, $2, $3)", string(p.ID), string(o), i); err != nil {
				return err
			}
		}
		if err := t.saveRelatives(p); err != nil {
			return err
		}
		for i, c := range p.Consents {
			if _, err := t.exec("INSERT INTO consents (patient, position, organisation, relative, from_day, until_day) VALUES ($1, $2, $3, $4, $5, $6)",
				string(p.ID), i, nullable(string(c.Organisation)), nullable(string(c.Relative)), string(c.From), string(c.Until)); err != nil {
				return err
			}
		}
		return nil
	})
}

// aloneWithNumber is ErrExists where the organisation cares for another with the patient's
// identity number.
func (t *tx) aloneWithNumber(p identity.Patient, by access.OrganisationID) error {
	if p.NationalID == "" || !slices.Contains(p.CaredForBy, by) {
		return nil
	}
	owners, err := t.findLookup(lookupNationalID, p.NationalID)
	if err != nil {
		return err
	}
	these, argument := t.oneOf("patient", "$3", append([]string{}, owners...))
	others, err := one(t, nil, oneColumn[int64], "SELECT count(*) FROM care WHERE organisation = $1 AND patient <> $2 AND "+these,
		string(by), string(p.ID), argument)
	if err == nil && others > 0 {
		return identity.ErrExists
	}
	return err
}

func nullable(text string) sql.NullString { return sql.NullString{String: text, Valid: text != ""} }
