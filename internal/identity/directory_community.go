package identity

import (
	"context"
	"fmt"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

func aCommunity(id string) subject { return subject{kind: "community", id: id} }

// toMembers is how one stands to a community: to one's own as to one's own organisation.
func (s standing) toMembers(members []access.OrganisationID) (has access.Relations) {
	if s.own != "" && slices.Contains(members, s.own) {
		has |= access.SameOrganisation
	}
	if s.host {
		has |= access.Host
	}
	return has
}

// Community returns one. Errors: *access.Refused, also where it does not exist.
func (d *Directory) Community(ctx context.Context, by access.Actor, id string) (Community, error) {
	s, err := d.standing(ctx, by)
	if err != nil {
		return Community{}, err
	}
	c, err := known(d.store.Community(ctx, id))
	if err != nil {
		return Community{}, fmt.Errorf("community %s: %w", id, err)
	}
	if _, err := d.demand(ctx, by, access.OrganisationRead, s.toMembers(c.Members), aCommunity(id)); err != nil {
		return Community{}, err
	}
	return existing(c, c.ID)
}

// Communities lists those that one may see, by name.
func (d *Directory) Communities(ctx context.Context, by access.Actor, page Page) ([]Community, string, error) {
	s, err := d.standing(ctx, by)
	if err != nil {
		return nil, "", err
	}
	if _, err := d.demand(ctx, by, access.OrganisationRead, s.to(by.Organisation), aCommunity("")); err != nil {
		return nil, "", err
	}
	all, err := d.store.Communities(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("communities: %w", err)
	}
	all = slices.DeleteFunc(all, func(c Community) bool {
		return !access.Decide(by.Role, access.OrganisationRead, s.toMembers(c.Members)).Allowed
	})
	key := func(c Community) string { return c.ID }
	byName(all, func(c Community) string { return c.Name }, key)
	return cut(page, all, key)
}

// CreateCommunity makes a new one. Errors: *access.Refused, *Invalid.
func (d *Directory) CreateCommunity(ctx context.Context, by access.Actor, c Community) (Community, error) {
	c.ID, c.Version = newID(), 0
	return d.saveCommunity(ctx, by, c)
}

// UpdateCommunity changes one. Errors: *access.Refused, *Invalid, ErrVersion.
func (d *Directory) UpdateCommunity(ctx context.Context, by access.Actor, c Community) (Community, error) {
	return d.saveCommunity(ctx, by, c)
}

func (d *Directory) saveCommunity(ctx context.Context, by access.Actor, c Community) (Community, error) {
	s, err := d.standing(ctx, by)
	if err != nil {
		return Community{}, err
	}
	e, err := d.demand(ctx, by, access.CommunityWrite, s.toMembers(nil), aCommunity(c.ID))
	if err != nil {
		return Community{}, err
	}
	if c, err = c.checked(); err != nil {
		return Community{}, err
	}
	found, err := d.store.Organisations(ctx, append([]access.OrganisationID{}, c.Members...))
	if err != nil {
		return Community{}, fmt.Errorf("members: %w", err)
	}
	if len(found) < len(c.Members) {
		return Community{}, &Invalid{Field: "members", Rule: "must be organisations that exist"}
	}
	if err := d.store.SaveCommunity(ctx, c, []audit.Entry{e}, nil); err != nil {
		return Community{}, d.unsaved(ctx, fmt.Errorf("save community %s: %w", c.ID, err), e)
	}
	c.Version++
	return c, nil
}
