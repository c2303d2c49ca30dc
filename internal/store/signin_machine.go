package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

const machineColumns = "id, version, name, organisation, keys, scopes, active, last_used_at"

func scanMachine(row scanner) (c identity.MachineClient, err error) {
	var scopes string
	var used int64
	if err := row.Scan(&c.ID, &c.Version, &c.Name, &c.Organisation, &c.Keys, &scopes, &c.Active, &used); err != nil {
		return c, err
	}
	c.LastUsed = moment(used)
	for name := range strings.FieldsSeq(scopes) {
		a, err := access.ParseAction(name)
		if err != nil {
			return c, fmt.Errorf("machine %s: scopes: %w", c.ID, err)
		}
		c.Scopes = append(c.Scopes, a)
	}
	return c, nil
}

// Machines implements identity.MachineStore.
func (s *SignIn) Machines(ctx context.Context, of access.OrganisationID) (clients []identity.MachineClient, err error) {
	err = s.db.read(ctx, func(t *tx) (err error) {
		clients, err = all(t, scanMachine, "SELECT "+machineColumns+" FROM machines WHERE organisation = $1 ORDER BY name, id", string(of))
		return err
	})
	return clients, err
}

// Machine implements identity.MachineStore.
func (s *SignIn) Machine(ctx context.Context, id string) (c identity.MachineClient, err error) {
	err = s.db.read(ctx, func(t *tx) (err error) {
		c, err = one(t, identity.ErrNotFound, scanMachine, "SELECT "+machineColumns+" FROM machines WHERE id = $1", id)
		return err
	})
	return c, err
}

// SaveMachine implements identity.MachineStore.
func (s *SignIn) SaveMachine(ctx context.Context, c identity.MachineClient, revoke *identity.Revocation, entries []audit.Entry, out []notify.Message) error {
	scopes := make([]string, len(c.Scopes))
	for i, a := range c.Scopes {
		scopes[i] = a.String()
	}
	return s.db.change(ctx, entries, out, func(t *tx) error {
		if revoke != nil {
			if err := t.revoke(*revoke); err != nil {
				return err
			}
		}
		if c.Version == 0 {
			_, err := t.exec("INSERT INTO machines ("+machineColumns+") VALUES ($1, 1, $2, $3, $4, $5, $6, 0)",
				c.ID, c.Name, string(c.Organisation), c.Keys, strings.Join(scopes, " "), c.Active)
			return t.exists(err, "machines", identity.ErrVersion)
		}
		n, err := t.exec("UPDATE machines SET version = version + 1, name = $3, keys = $4, scopes = $5, active = $6 WHERE id = $1 AND version = $2",
			c.ID, c.Version, c.Name, c.Keys, strings.Join(scopes, " "), c.Active)
		return changed(n, err, identity.ErrVersion)
	})
}

// UseAssertion implements identity.MachineStore.
func (s *SignIn) UseAssertion(ctx context.Context, client string, id identity.Hash, expires, at time.Time, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		_, err := t.exec("INSERT INTO machine_assertions (hash, expires_at) VALUES ($1, $2)", []byte(id), stamp(expires))
		if err := t.exists(err, "machine_assertions", identity.ErrExists); err != nil {
			return err
		}
		_, err = t.exec("UPDATE machines SET last_used_at = $2 WHERE id = $1", client, stamp(at))
		return err
	})
}
