package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

func anOrganisation(id access.OrganisationID) subject {
	return subject{kind: "organisation", id: string(id)}
}

// Establish makes the organisation that hosts this service, once. ErrExists: there is one.
// It asks for no right, since nobody has one before; it is not for the network.
func (d *Directory) Establish(ctx context.Context, o Organisation) (Organisation, error) {
	o, err := o.checked()
	if err != nil {
		return Organisation{}, err
	}
	o.ID, o.Version, o.Host, o.Active = access.OrganisationID(newID()), 0, true, true
	e := d.entry(access.Actor{}, access.OrganisationCreate, audit.Done, 0, anOrganisation(o.ID))
	if err := d.store.SaveOrganisation(ctx, o, []audit.Entry{e}, nil); err != nil {
		return Organisation{}, fmt.Errorf("establish: %w", err)
	}
	o.Version = 1
	return o, nil
}

// Host is the organisation that hosts this service. ErrNotFound before Establish.
func (d *Directory) Host(ctx context.Context) (access.OrganisationID, error) {
	return d.store.Host(ctx)
}

func (d *Directory) isHost(ctx context.Context, o access.OrganisationID) (bool, error) {
	host, err := d.store.Host(ctx)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, fmt.Errorf("host: %w", err)
	}
	return err == nil && host == o, nil
}

// WhomToAsk is an organisation's name and the telephone number of whom its own people ask
// about their rights: of its technical contact, or else the one that everybody rings.
func (d *Directory) WhomToAsk(ctx context.Context, id access.OrganisationID) (name, phone string, err error) {
	o, err := d.store.Organisation(ctx, id)
	if err != nil {
		return "", "", fmt.Errorf("organisation %s: %w", id, err)
	}
	for _, c := range o.Contacts {
		if c.For == Technical && c.Phone != "" {
			return o.Name, c.Phone, nil
		}
	}
	return o.Name, o.Phone, nil
}

// Organisation returns one. Errors: *access.Refused, also where it does not exist.
func (d *Directory) Organisation(ctx context.Context, by access.Actor, id access.OrganisationID) (Organisation, error) {
	has, err := d.OrganisationRelations(ctx, by, id)
	if err != nil {
		return Organisation{}, err
	}
	if _, err := d.demand(ctx, by, access.OrganisationRead, has, anOrganisation(id)); err != nil {
		return Organisation{}, err
	}
	return d.store.Organisation(ctx, id)
}

// Organisations lists those that one may see, by name.
func (d *Directory) Organisations(ctx context.Context, by access.Actor, page Page) ([]Organisation, string, error) {
	s, err := d.standing(ctx, by)
	if err != nil {
		return nil, "", err
	}
	if _, err := d.demand(ctx, by, access.OrganisationRead, s.to(by.Organisation), anOrganisation("")); err != nil {
		return nil, "", err
	}
	var ids []access.OrganisationID // nil: all
	if !s.host || !access.Decide(by.Role, access.OrganisationRead, access.Host).Allowed {
		ids = []access.OrganisationID{by.Organisation}
		if access.Decide(by.Role, access.OrganisationRead, access.Agreement).Allowed {
			ids = append(ids, s.givers...)
		}
	}
	all, err := d.store.Organisations(ctx, ids)
	if err != nil {
		return nil, "", fmt.Errorf("organisations: %w", err)
	}
	byName(all, func(o Organisation) string { return o.Name }, organisationKey)
	return cut(page, all, organisationKey)
}

func organisationKey(o Organisation) string { return string(o.ID) }

// CreateOrganisation makes a new one; its id and version are given to it. Errors:
// *access.Refused, *Invalid, ErrExists.
func (d *Directory) CreateOrganisation(ctx context.Context, by access.Actor, o Organisation) (Organisation, error) {
	o.ID, o.Version, o.Host = access.OrganisationID(newID()), 0, false
	s, err := d.standing(ctx, by)
	if err != nil {
		return Organisation{}, err
	}
	e, err := d.demand(ctx, by, access.OrganisationCreate, s.to(o.ID), anOrganisation(o.ID))
	if err != nil {
		return Organisation{}, err
	}
	return d.saveOrganisation(ctx, o, e)
}

// UpdateOrganisation changes all but its units. What sort of organisation it is, its number
// and whether it is active only the host decides. Errors: *access.Refused, *Invalid,
// ErrVersion, ErrExists.
func (d *Directory) UpdateOrganisation(ctx context.Context, by access.Actor, o Organisation) (Organisation, error) {
	s, err := d.standing(ctx, by)
	if err != nil {
		return Organisation{}, err
	}
	e, err := d.demand(ctx, by, access.OrganisationWrite, s.to(o.ID), anOrganisation(o.ID))
	if err != nil {
		return Organisation{}, err
	}
	before, err := d.store.Organisation(ctx, o.ID)
	if err != nil {
		return Organisation{}, fmt.Errorf("organisation %s: %w", o.ID, err)
	}
	if o.Version != before.Version { // first: what differs below may be another's change
		return Organisation{}, d.unsaved(ctx, fmt.Errorf("save organisation %s: %w", o.ID, ErrVersion), e)
	}
	o.Host, o.Units = before.Host, before.Units
	var c checker
	const rule = "is changed by the host's administrator alone"
	c.require(s.host || o.Kind == before.Kind, "kind", rule)
	c.require(s.host || dialled(o.Number) == before.Number, "number", rule)
	c.require(s.host || o.Active == before.Active, "active", rule)
	c.require(o.Active || !o.Host, "active", "must be true for the organisation that hosts the service")
	if err := c.fault(); err != nil {
		return Organisation{}, err
	}
	return d.saveOrganisation(ctx, o, e)
}

func (d *Directory) saveOrganisation(ctx context.Context, o Organisation, e audit.Entry) (Organisation, error) {
	o, err := o.checked()
	if err != nil {
		return Organisation{}, err
	}
	if err := d.store.SaveOrganisation(ctx, o, []audit.Entry{e}, nil); err != nil {
		return Organisation{}, d.unsaved(ctx, fmt.Errorf("save organisation %s: %w", o.ID, err), e)
	}
	o.Version++
	return o, nil
}

// CreateUnit makes a new unit of u.Organisation. Errors: *access.Refused, *Invalid.
func (d *Directory) CreateUnit(ctx context.Context, by access.Actor, u Unit) (Unit, error) {
	u.ID, u.Version = newID(), 0
	return d.saveUnit(ctx, by, u)
}

// UpdateUnit changes a unit of u.Organisation. Errors: *access.Refused, *Invalid, ErrVersion.
func (d *Directory) UpdateUnit(ctx context.Context, by access.Actor, u Unit) (Unit, error) {
	return d.saveUnit(ctx, by, u)
}

func (d *Directory) saveUnit(ctx context.Context, by access.Actor, u Unit) (Unit, error) {
	has, err := d.OrganisationRelations(ctx, by, u.Organisation)
	if err != nil {
		return Unit{}, err
	}
	e, err := d.demand(ctx, by, access.OrganisationWrite, has, anOrganisation(u.Organisation))
	if err != nil {
		return Unit{}, err
	}
	if u, err = u.checked(); err != nil {
		return Unit{}, err
	}
	if err := d.namedStaff(ctx, u); err != nil {
		return Unit{}, err
	}
	e.Object += "/unit/" + u.ID
	if err := d.store.SaveUnit(ctx, u, []audit.Entry{e}, nil); err != nil {
		return Unit{}, d.unsaved(ctx, fmt.Errorf("save unit %s: %w", u.ID, err), e)
	}
	u.Version++
	return u, nil
}

// namedStaff checks that those who are newly named for a unit work in its organisation. Who was
// named before may have left meanwhile: that is in nobody's way who changes a telephone number.
func (d *Directory) namedStaff(ctx context.Context, u Unit) error {
	if u.Contact == "" { // and so neither a deputy
		return nil
	}
	var before Unit
	if u.Version != 0 {
		o, err := known(d.store.Organisation(ctx, u.Organisation))
		if err != nil {
			return fmt.Errorf("organisation %s: %w", u.Organisation, err)
		}
		if i := slices.IndexFunc(o.Units, func(b Unit) bool { return b.ID == u.ID }); i >= 0 {
			before = o.Units[i]
		}
	}
	for _, named := range []struct {
		field    string
		now, was access.PersonID
	}{{"contact", u.Contact, before.Contact}, {"deputy", u.Deputy, before.Deputy}} {
		if named.now == "" || named.now == named.was {
			continue
		}
		m, err := known(d.store.Staff(ctx, named.now))
		if err != nil {
			return fmt.Errorf("staff %s: %w", named.now, err)
		}
		if !slices.ContainsFunc(m.Assignments, func(a Assignment) bool { return a.Organisation == u.Organisation && a.On(d.today()) }) {
			return &Invalid{Field: named.field, Rule: "must be somebody who works in the organisation"}
		}
	}
	return nil
}
