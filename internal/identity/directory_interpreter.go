package identity

import (
	"context"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

func anInterpreter(id access.PersonID) subject { return subject{kind: "interpreter", id: string(id)} }

// toInterpreters is how one stands to those whom an organisation invites: who books there
// looks after them, and no agreement gives them away.
func (s standing) toInterpreters(of access.OrganisationID) access.Relations {
	return s.to(of) & access.SameOrganisation
}

// Interpreters lists those of an organisation by name, also those who are not invited any more.
// Errors: *access.Refused.
func (d *Directory) Interpreters(ctx context.Context, by access.Actor, of access.OrganisationID, page Page) ([]Interpreter, string, error) {
	has := standing{own: by.Organisation}.toInterpreters(of)
	if _, err := d.demand(ctx, by, access.ConsultationBook, has, anOrganisation(of)); err != nil {
		return nil, "", err
	}
	all, err := d.store.InterpretersOf(ctx, of)
	if err != nil {
		return nil, "", fmt.Errorf("interpreters of %s: %w", of, err)
	}
	key := func(i Interpreter) string { return string(i.ID) }
	byName(all, func(i Interpreter) string { return i.Name }, key)
	return cut(page, all, key)
}

// CreateInterpreter adds one to i.Organisation; id and version are given to them.
// Errors: *access.Refused, *Invalid.
func (d *Directory) CreateInterpreter(ctx context.Context, by access.Actor, i Interpreter) (Interpreter, error) {
	i.ID, i.Version, i.Active = access.PersonID(newID()), 0, true
	has := standing{own: by.Organisation}.toInterpreters(i.Organisation)
	e, err := d.demand(ctx, by, access.ConsultationBook, has, anInterpreter(i.ID))
	if err != nil {
		return Interpreter{}, err
	}
	return d.saveInterpreter(ctx, i, e)
}

// UpdateInterpreter changes one; the organisation stays. Errors: *access.Refused, also where
// they do not exist; *Invalid; ErrVersion.
func (d *Directory) UpdateInterpreter(ctx context.Context, by access.Actor, i Interpreter) (Interpreter, error) {
	before, err := known(d.store.Interpreter(ctx, i.ID))
	if err != nil {
		return Interpreter{}, fmt.Errorf("interpreter %s: %w", i.ID, err)
	}
	e, err := d.demand(ctx, by, access.ConsultationBook, standing{own: by.Organisation}.toInterpreters(before.Organisation), anInterpreter(i.ID))
	if err != nil {
		return Interpreter{}, err
	}
	i.Organisation = before.Organisation
	return d.saveInterpreter(ctx, i, e)
}

func (d *Directory) saveInterpreter(ctx context.Context, i Interpreter, e audit.Entry) (Interpreter, error) {
	i, err := i.checked()
	if err != nil {
		return Interpreter{}, err
	}
	if err := d.store.SaveInterpreter(ctx, i, []audit.Entry{e}, nil); err != nil {
		return Interpreter{}, d.unsaved(ctx, fmt.Errorf("save interpreter %s: %w", i.ID, err), e)
	}
	i.Version++
	return i, nil
}
