package store

import (
	"context"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Staff returns one with all assignments.
func (s *Directory) Staff(ctx context.Context, id access.PersonID) (m identity.Staff, err error) {
	err = s.db.read(ctx, func(t *tx) (err error) {
		if m.Person, err = t.personOf(staffPerson, id); err != nil {
			return err
		}
		m.Assignments, err = t.assignments(id)
		return err
	})
	return m, err
}

// personOf returns a person of a kind.
func (t *tx) personOf(kind personKind, id access.PersonID) (identity.Person, error) {
	r, err := one(t, identity.ErrNotFound, scanPerson,
		"SELECT "+personColumns+" FROM people WHERE id = $1 AND kind = $2 AND erased_at IS NULL", string(id), string(kind))
	if err != nil {
		return identity.Person{}, err
	}
	return t.openPerson(r)
}

// StaffByEmail returns the one who signs in by an address.
func (s *Directory) StaffByEmail(ctx context.Context, email string) (p identity.Person, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		owners, err := t.findLookup(lookupStaffEmail, email)
		if err == nil && len(owners) == 0 {
			err = identity.ErrNotFound
		}
		if err != nil {
			return err
		}
		p, err = t.person(access.PersonID(owners[0]))
		return err
	})
	return p, err
}

// StaffOf returns all with an assignment in an organisation, whenever it is.
func (s *Directory) StaffOf(ctx context.Context, of access.OrganisationID) (out []identity.Staff, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		const there = "(SELECT person FROM assignments WHERE organisation = $1)"
		people, err := t.queryPeople("SELECT "+personColumns+" FROM people WHERE erased_at IS NULL AND id IN "+there, string(of))
		if err != nil {
			return err
		}
		assignments, err := t.queryAssignments("SELECT "+assignmentColumns+" FROM assignments WHERE person IN "+there+" ORDER BY position", string(of))
		if err != nil {
			return err
		}
		theirs := map[access.PersonID][]identity.Assignment{}
		for _, a := range assignments {
			theirs[a.Person] = append(theirs[a.Person], a)
		}
		out = make([]identity.Staff, len(people))
		for i, p := range people {
			out[i] = identity.Staff{Person: p, Assignments: theirs[p.ID]}
		}
		return nil
	})
	return out, err
}

// RolesIn returns the roles that people have in an organisation on a day.
func (s *Directory) RolesIn(ctx context.Context, of access.OrganisationID, on identity.Day) (roles []access.Role, err error) {
	err = s.db.read(ctx, func(t *tx) (err error) {
		roles, err = all(t, func(row scanner) (r access.Role, err error) {
			name, err := oneColumn[string](row)
			if err != nil {
				return r, err
			}
			return access.ParseRole(name)
		}, "SELECT DISTINCT role FROM assignments WHERE organisation = $1 AND from_day <= $2 AND (until_day = '' OR until_day >= $2)",
			string(of), string(on))
		return err
	})
	return roles, err
}

// SaveStaff saves a person with exactly these assignments.
func (s *Directory) SaveStaff(ctx context.Context, m identity.Staff, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		taken, err := t.findLookup(lookupStaffEmail, m.Email)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(taken, func(owner string) bool { return owner != string(m.ID) }) {
			return identity.ErrExists
		}
		if err := t.savePerson(m.Person, staffPerson); err != nil {
			return err
		}
		if err := t.setLookup(lookupStaffEmail, string(m.ID), m.Email); err != nil {
			return err
		}
		if err := t.saveAssignments(m.ID, m.Assignments); err != nil {
			return err
		}
		return t.endSessionsOfLostAssignments(m.ID, t.db.now())
	})
}
