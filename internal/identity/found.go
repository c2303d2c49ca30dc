package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// Found makes the first organisation, which hosts the service, and its first administrator:
// nobody can be asked for a right before there is anybody. It is ErrExists once an
// administrator is there. A crash between the two leaves an organisation that the next call
// takes up.
func (d *Directory) Found(ctx context.Context, o Organisation, admin Staff) (Organisation, Staff, error) {
	host, err := d.store.Host(ctx)
	switch {
	case errors.Is(err, ErrNotFound):
		if o, err = d.Establish(ctx, o); err != nil {
			return o, admin, err
		}
	case err != nil:
		return o, admin, fmt.Errorf("found: %w", err)
	default:
		if o, err = d.store.Organisation(ctx, host); err != nil {
			return o, admin, fmt.Errorf("found: %w", err)
		}
		roles, err := d.store.RolesIn(ctx, host, d.today())
		if err != nil {
			return o, admin, fmt.Errorf("found: %w", err)
		}
		if slices.Contains(roles, access.Administrator) {
			return o, admin, fmt.Errorf("%s has an administrator: %w", o.ID, ErrExists)
		}
	}
	admin.Assignments = []Assignment{{Organisation: o.ID, Role: access.Administrator, Title: "Administrator", From: d.today()}}
	admin, err = d.CreateStaff(ctx, founder(o.ID), admin)
	return o, admin, err
}

// founder acts for an organisation whose first administrator is not there yet.
func founder(o access.OrganisationID) access.Actor {
	return access.Actor{Role: access.Administrator, Organisation: o}
}

// FoundingLink makes the link with which an administrator enrols, instead of sending it: who
// sets a service up has no mail server yet, and a lone administrator who has lost their way
// in has nobody to ask but who runs the machine. It is ErrExists for one who has enrolled and
// has not lost it.
func (g *Gate) FoundingLink(ctx context.Context, admin Staff, lost bool) (string, error) {
	standings, err := g.store.AccountStandings(ctx, []access.PersonID{admin.ID}, g.now())
	if err != nil {
		return "", fmt.Errorf("founding link: %w", err)
	}
	i := slices.IndexFunc(admin.Assignments, func(a Assignment) bool { return a.Role == access.Administrator })
	if i < 0 {
		return "", &Invalid{Field: "email", Rule: "must be an administrator's"}
	}
	if standings[admin.ID].Enrolled && !lost {
		return "", fmt.Errorf("founding link: %s has enrolled: %w", admin.ID, ErrExists)
	}
	owner, now, token := admin.Assignments[i].Organisation, g.now(), newToken()
	link := Link{ID: newSecretID(), Kind: EnrolLink, Person: admin.ID, Owner: owner, Made: now, Expires: now.Add(enrolLife)}
	e := g.entry(founder(owner), access.AccountRecover.String(), audit.Done, accountObject(admin.ID))
	if err := g.addLink(ctx, link, token, []audit.Entry{e}, nil); err != nil {
		return "", err
	}
	return g.cfg.PublicURL + "/enrol#" + token, nil
}
