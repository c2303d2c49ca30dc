package store

import (
	"context"
	"errors"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// What follows is on the way of every booking: one query each, and no key but those of what
// is returned.

// PlacedIn are the assignments in some organisations on a day, in some of the roles.
func (s *Directory) PlacedIn(ctx context.Context, in []access.OrganisationID, as []access.Role, on identity.Day) ([]identity.Placed, error) {
	return s.placed(ctx, "a.organisation", texts(in), as, on)
}

// PlacedOf are the assignments of some people on a day, in some of the roles.
func (s *Directory) PlacedOf(ctx context.Context, people []access.PersonID, as []access.Role, on identity.Day) ([]identity.Placed, error) {
	return s.placed(ctx, "a.person", texts(people), as, on)
}

// placedRow is a row of assignments with its unit's name, its words still sealed.
type placedRow struct {
	identity.Placed
	words []byte
}

func scanPlaced(row scanner) (r placedRow, err error) {
	var role string
	if err := row.Scan(&r.ID, &r.Person, &r.Organisation, &r.Unit, &role, &r.words, &r.From, &r.Until, &r.UnitName); err != nil {
		return r, err
	}
	r.Role, err = access.ParseRole(role)
	return r, err
}

func (s *Directory) placed(ctx context.Context, column string, of []string, as []access.Role, on identity.Day) (out []identity.Placed, err error) {
	if len(of) == 0 || len(as) == 0 {
		return nil, nil
	}
	roles := make([]string, len(as))
	for i, r := range as {
		roles[i] = r.String()
	}
	err = s.db.ask(ctx, func(t *tx) error {
		these, theirs := t.oneOf(column, "$1", of)
		acting, their := t.oneOf("a.role", "$2", roles)
		rows, err := all(t, scanPlaced, `SELECT a.id, a.person, a.organisation, a.unit, a.role, a.words, a.from_day, a.until_day, COALESCE(u.name, '')
			FROM assignments a LEFT JOIN units u ON u.id = a.unit
			WHERE `+these+" AND "+acting+" AND a.from_day <= $3 AND (a.until_day = '' OR a.until_day >= $3) ORDER BY a.person, a.position",
			theirs, their, string(on))
		if err != nil {
			return err
		}
		people := make([]string, len(rows))
		for i, r := range rows {
			people[i] = string(r.Person)
		}
		if err := t.warm(slices.Compact(people)); err != nil {
			return err
		}
		out = make([]identity.Placed, len(rows))
		for i, r := range rows {
			var w assignmentWords
			if err := t.openJSON(string(r.Person), assignmentCell(r.ID), r.words, &w); err != nil {
				return err
			}
			out[i] = r.Placed
			out[i].Title, out[i].Competence = w.Title, w.Competence
		}
		return nil
	})
	return out, err
}

// NamesOf are people's names. Those who are unknown or erased are left out.
func (s *Directory) NamesOf(ctx context.Context, ids []access.PersonID) (map[access.PersonID]string, error) {
	names := make(map[access.PersonID]string, len(ids))
	if len(ids) == 0 {
		return names, nil
	}
	err := s.db.read(ctx, func(t *tx) error {
		people, err := t.people(ids)
		for _, p := range people {
			names[p.ID] = p.Name
		}
		return err
	})
	return names, err
}

// OrganisationLines are organisations without what is sealed of them, in no order.
func (s *Directory) OrganisationLines(ctx context.Context, ids []access.OrganisationID) (out []identity.OrganisationLine, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = s.db.ask(ctx, func(t *tx) (err error) {
		these, argument := t.oneOf("id", "$1", texts(ids))
		out, err = all(t, func(row scanner) (o identity.OrganisationLine, err error) {
			err = row.Scan(&o.ID, &o.Kind, &o.Name, &o.Phone)
			return o, err
		}, "SELECT id, kind, name, phone FROM organisations WHERE "+these, argument)
		return err
	})
	return out, err
}

// around is a row of the query for Surroundings.
type around struct {
	kind  personKind
	id    access.PersonID
	words []byte
}

// Surroundings are who may be invited beside staff: the patient, the relatives, and whom the
// organisations have to interpret.
func (s *Directory) Surroundings(ctx context.Context, patient access.PersonID, organisations []access.OrganisationID) (out identity.Surroundings, err error) {
	err = s.db.ask(ctx, func(t *tx) error {
		theirs, argument := t.oneOf("organisation", "$2", append([]string{}, texts(organisations)...))
		rows, err := all(t, func(row scanner) (r around, err error) {
			err = row.Scan(&r.kind, &r.id, &r.words)
			return r, err
		},
			`SELECT kind, id, NULL FROM people WHERE id = $1 AND kind = '`+string(patientPerson)+`' AND erased_at IS NULL
			UNION ALL SELECT '`+string(relativePerson)+`', person, words FROM relatives WHERE patient = $1 AND NOT former
			UNION ALL SELECT '`+string(interpreterPerson)+`', person, NULL FROM interpreters WHERE active AND `+theirs,
			string(patient), argument)
		if err != nil {
			return err
		}
		for _, r := range rows {
			switch r.kind {
			case patientPerson:
				out.Patient = true
			case interpreterPerson:
				out.Interpreters = append(out.Interpreters, r.id)
			default:
				var w relativeWords
				err := t.openJSON(string(patient), relativeCell(r.id), r.words, &w)
				if errors.Is(err, ErrErased) {
					continue
				}
				if err != nil {
					return err
				}
				out.Relatives = append(out.Relatives, identity.RelativeLine{ID: r.id, Kind: w.Kind, Title: w.Title})
			}
		}
		return nil
	})
	return out, err
}
