package main

import (
	"context"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/scheduling"
)

// names tells scheduling what people and organisations are called.
type names struct{ db *store.DB }

// Names implements scheduling.People.
func (n names) Names(ctx context.Context, ids []access.PersonID) (map[access.PersonID]string, error) {
	people, _, err := n.db.Audit().Names(ctx, ids, nil)
	return people, err
}

// Organisations implements scheduling.People.
func (n names) Organisations(ctx context.Context, ids []access.OrganisationID) (map[access.OrganisationID]scheduling.Organisation, error) {
	found, err := n.db.Directory().Organisations(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[access.OrganisationID]scheduling.Organisation, len(found))
	for _, o := range found {
		out[o.ID] = scheduling.Organisation{Name: o.Name, Phone: o.Phone}
	}
	return out, nil
}
