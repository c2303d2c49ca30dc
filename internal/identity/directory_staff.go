package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

func aStaff(id access.PersonID) subject { return subject{kind: "staff", id: string(id)} }

// may says in which organisations somebody with a standing may do something.
func (s standing) may(role access.Role, action access.Action, in access.OrganisationID) bool {
	return access.Decide(role, action, s.to(in)).Allowed
}

// toStaff is how one stands to a person who works in several organisations: what opens the
// action in one of them.
func (s standing) toStaff(role access.Role, action access.Action, m Staff) (has access.Relations) {
	for _, a := range m.Assignments {
		if to := s.to(a.Organisation); access.Decide(role, action, to).Allowed {
			return to
		}
	}
	return s.toMembers(nil)
}

// shown leaves out assignments in organisations whose staff the actor may not see.
func (s standing) shown(role access.Role, m Staff) Staff {
	m.Assignments = slices.DeleteFunc(slices.Clone(m.Assignments), func(a Assignment) bool {
		return !s.may(role, access.StaffRead, a.Organisation)
	})
	return m
}

// Staff returns one, with the assignments that one may see. Errors: *access.Refused, also
// where they do not exist.
func (d *Directory) Staff(ctx context.Context, by access.Actor, id access.PersonID) (Staff, error) {
	s, err := d.standing(ctx, by)
	if err != nil {
		return Staff{}, err
	}
	m, err := known(d.store.Staff(ctx, id))
	if err != nil {
		return Staff{}, fmt.Errorf("staff %s: %w", id, err)
	}
	if _, err := d.demand(ctx, by, access.StaffRead, s.toStaff(by.Role, access.StaffRead, m), aStaff(id)); err != nil {
		return Staff{}, err
	}
	if m, err = existing(m, string(m.ID)); err != nil {
		return Staff{}, err
	}
	return s.shown(by.Role, m), nil
}

// StaffOf lists who works in an organisation, did or will, by name.
func (d *Directory) StaffOf(ctx context.Context, by access.Actor, of access.OrganisationID, page Page) ([]Staff, string, error) {
	s, err := d.standing(ctx, by)
	if err != nil {
		return nil, "", err
	}
	if _, err := d.demand(ctx, by, access.StaffRead, s.to(of), anOrganisation(of)); err != nil {
		return nil, "", err
	}
	all, err := d.store.StaffOf(ctx, of)
	if err != nil {
		return nil, "", fmt.Errorf("staff of %s: %w", of, err)
	}
	key := func(m Staff) string { return string(m.ID) }
	byName(all, func(m Staff) string { return m.Name }, key)
	part, next, err := cut(page, all, key)
	for i, m := range part {
		part[i] = s.shown(by.Role, m)
	}
	return part, next, err
}

// CreateStaff makes a new person with assignments in organisations that one may write the
// staff of. Errors: *access.Refused, *Invalid, ErrExists: somebody has the e-mail address.
func (d *Directory) CreateStaff(ctx context.Context, by access.Actor, m Staff) (Staff, error) {
	m.ID, m.Version = access.PersonID(newID()), 0
	return d.saveStaff(ctx, by, m, Staff{})
}

// UpdateStaff changes a person and their assignments in organisations that one may write the
// staff of; the others stay as they are. Who works in others too keeps name and addresses:
// only one who looks after all of them, as the host does, may change those, for the e-mail
// address is the way to a new password. Errors: *access.Refused, also where they do not
// exist; *Invalid; ErrVersion; ErrExists.
func (d *Directory) UpdateStaff(ctx context.Context, by access.Actor, m Staff) (Staff, error) {
	before, err := known(d.store.Staff(ctx, m.ID))
	if err != nil {
		return Staff{}, fmt.Errorf("staff %s: %w", m.ID, err)
	}
	return d.saveStaff(ctx, by, m, before)
}

func (d *Directory) saveStaff(ctx context.Context, by access.Actor, m, before Staff) (Staff, error) {
	s, err := d.standing(ctx, by)
	if err != nil {
		return Staff{}, err
	}
	mayWrite := func(a Assignment) bool { return s.may(by.Role, access.StaffWrite, a.Organisation) }
	rightOver := before
	if m.Version == 0 {
		rightOver = m
	}
	e, err := d.demand(ctx, by, access.StaffWrite, s.toStaff(by.Role, access.StaffWrite, rightOver), aStaff(m.ID))
	if err != nil {
		return Staff{}, err
	}
	if m.Version != 0 {
		if before, err = existing(before, string(before.ID)); err != nil {
			return Staff{}, err
		}
		if m.Version != before.Version { // first: what differs below may be another's change
			return Staff{}, d.unsaved(ctx, fmt.Errorf("save staff %s: %w", m.ID, ErrVersion), e)
		}
	}
	m.NationalID = before.NationalID // it comes from an employer's sign-in, not from here
	if m.Person, err = m.checkedPerson(); err != nil {
		return Staff{}, err
	}
	others := slices.DeleteFunc(slices.Clone(before.Assignments), mayWrite)
	if field := changedField(m.Person, before.Person); field != "" && len(others) > 0 {
		return Staff{}, &Invalid{Field: field, Rule: "is changed by the host's administrator, since they work in another organisation too"}
	}
	for _, a := range m.Assignments {
		if !mayWrite(a) && !slices.ContainsFunc(others, func(o Assignment) bool { return o.ID == a.ID && o.Organisation == a.Organisation }) {
			_, err := d.demand(ctx, by, access.StaffWrite, s.to(a.Organisation), anOrganisation(a.Organisation))
			return Staff{}, err
		}
	}
	if m.Assignments, err = d.checkedAssignments(ctx, m, before, mayWrite); err != nil {
		return Staff{}, err
	}
	m.Assignments = append(m.Assignments, others...)
	if err := d.store.SaveStaff(ctx, m, []audit.Entry{e}, nil); err != nil {
		return Staff{}, d.unsaved(ctx, fmt.Errorf("save staff %s: %w", m.ID, err), e)
	}
	m.Version++
	return s.shown(by.Role, m), nil
}

// checkedAssignments are those of m that may be written, cleaned; new ones have got ids.
func (d *Directory) checkedAssignments(ctx context.Context, m, before Staff, mayWrite func(Assignment) bool) ([]Assignment, error) {
	var c checker
	var out []Assignment
	for i, a := range m.Assignments {
		if !mayWrite(a) {
			continue
		}
		place := element("assignments", i)
		if c.id(place+"organisation", string(a.Organisation)); c.broken != nil {
			return nil, c.fault()
		}
		in, err := d.store.Organisation(ctx, a.Organisation)
		if errors.Is(err, ErrNotFound) {
			return nil, &Invalid{Field: place + "organisation", Rule: "must be an organisation that exists"}
		}
		if err != nil {
			return nil, fmt.Errorf("organisation %s: %w", a.Organisation, err)
		}
		had := slices.IndexFunc(before.Assignments, func(b Assignment) bool { return b.ID == a.ID })
		c.require(a.ID == "" || had >= 0 && mayWrite(before.Assignments[had]), place+"id", "must be empty, or one that is there")
		c.require(a.ID == "" || !slices.ContainsFunc(out, func(o Assignment) bool { return o.ID == a.ID }), place+"id", "must not be there twice")
		if a.ID == "" {
			a.ID = newID()
		}
		a.Person = m.ID
		out = append(out, a.checked(&c, place, in))
	}
	return out, c.fault()
}

// changedField names the first of a person's fields that differs; empty: none does.
func changedField(now, before Person) string {
	switch {
	case now.Name != before.Name:
		return "name"
	case now.Email != before.Email:
		return "email"
	case now.Phone != before.Phone:
		return "phone"
	case now.HPR != before.HPR:
		return "hpr"
	}
	return ""
}

// StaffByEmail finds who signs in by an address, in lower case. ErrNotFound. It asks for no
// right: it is how somebody gets one.
func (d *Directory) StaffByEmail(ctx context.Context, email string) (Person, error) {
	return d.store.StaffByEmail(ctx, email)
}

// Assignments are all of a person's, past and coming ones too; none for one who is unknown.
// As StaffByEmail, it is for the service's own use.
func (d *Directory) Assignments(ctx context.Context, id access.PersonID) ([]Assignment, error) {
	m, err := known(d.store.Staff(ctx, id))
	return m.Assignments, err
}
