package store

import (
	"context"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Community returns one.
func (s *Directory) Community(ctx context.Context, id string) (c identity.Community, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		found, err := t.communities("id = $1", id)
		if err == nil && len(found) == 0 {
			err = identity.ErrNotFound
		}
		if err != nil {
			return err
		}
		c = found[0]
		return nil
	})
	return c, err
}

// Communities returns all.
func (s *Directory) Communities(ctx context.Context) (out []identity.Community, err error) {
	err = s.db.read(ctx, func(t *tx) (err error) {
		out, err = t.communities("1 = $1", 1)
		return err
	})
	return out, err
}

func (t *tx) communities(condition string, args ...any) ([]identity.Community, error) {
	found, err := all(t, func(row scanner) (c identity.Community, err error) {
		err = row.Scan(&c.ID, &c.Version, &c.Name)
		return c, err
	}, "SELECT id, version, name FROM communities WHERE "+condition, args...)
	if err != nil {
		return nil, err
	}
	for i := range found {
		found[i].Members, err = all(t, oneColumn[access.OrganisationID],
			"SELECT organisation FROM community_members WHERE community = $1 ORDER BY position", found[i].ID)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// SaveCommunity saves it with its members.
func (s *Directory) SaveCommunity(ctx context.Context, c identity.Community, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		if err := t.saveCommunity(c); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM community_members WHERE community = $1", c.ID); err != nil {
			return err
		}
		for i, m := range c.Members {
			if _, err := t.exec("INSERT INTO community_members (community, position, organisation) VALUES ($1, $2, $3)", c.ID, i, string(m)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) saveCommunity(c identity.Community) error {
	if c.Version == 0 {
		_, err := t.exec("INSERT INTO communities (id, version, name) VALUES ($1, 1, $2)", c.ID, c.Name)
		return err
	}
	n, err := t.exec("UPDATE communities SET version = version + 1, name = $3 WHERE id = $1 AND version = $2", c.ID, c.Version, c.Name)
	return t.updated(n, err, "communities", c.ID)
}
