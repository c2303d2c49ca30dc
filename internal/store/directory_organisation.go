package store

import (
	"context"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Directory keeps organisations and people; it implements identity.DirectoryStore.
type Directory struct{ db *DB }

var _ identity.DirectoryStore = (*Directory)(nil)

// Directory returns the store of organisations and people.
func (db *DB) Directory() *Directory { return &Directory{db} }

// Record commits entries by themselves.
func (s *Directory) Record(ctx context.Context, entries []audit.Entry) error {
	return s.db.change(ctx, entries, nil, func(*tx) error { return nil })
}

// stale tells why an update has found no row of the version: there is none at all, or
// another has changed it.
func (t *tx) stale(table, id string) error {
	// The table's name comes from this package.
	if _, err := one(t, identity.ErrNotFound, oneColumn[int64], "SELECT version FROM "+table+" WHERE id = $1", id); err != nil {
		return err
	}
	return identity.ErrVersion
}

// updated answers an update that should have changed the row of an id and version.
func (t *tx) updated(n int64, err error, table, id string) error {
	if err == nil && n == 0 {
		return t.stale(table, id)
	}
	return err
}

// organisationRow is a row of organisations, its contacts still sealed.
type organisationRow struct {
	identity.Organisation
	contacts []byte
}

const organisationColumns = "id, version, kind, name, number, phone, host, active, contacts"

func scanOrganisation(row scanner) (r organisationRow, err error) {
	err = row.Scan(&r.ID, &r.Version, &r.Kind, &r.Name, &r.Number, &r.Phone, &r.Host, &r.Active, &r.contacts)
	return r, err
}

func contactsCell(id access.OrganisationID) string {
	return cell("organisations", "contacts", string(id))
}

// Organisation returns one.
func (s *Directory) Organisation(ctx context.Context, id access.OrganisationID) (identity.Organisation, error) {
	found, err := s.Organisations(ctx, []access.OrganisationID{id})
	if err == nil && len(found) == 0 {
		return identity.Organisation{}, identity.ErrNotFound
	}
	if err != nil {
		return identity.Organisation{}, err
	}
	return found[0], nil
}

// Organisations returns those of ids, or all.
func (s *Directory) Organisations(ctx context.Context, ids []access.OrganisationID) (out []identity.Organisation, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		these, argument := "1 = $1", any(1) // all
		theirs := these
		if ids != nil {
			these, argument = t.oneOf("id", "$1", texts(ids))
			theirs, _ = t.oneOf("organisation", "$1", texts(ids))
		}
		rows, err := all(t, scanOrganisation, "SELECT "+organisationColumns+" FROM organisations WHERE "+these, argument)
		if err != nil {
			return err
		}
		units, err := t.units(theirs, argument)
		if err != nil {
			return err
		}
		out, err = t.openOrganisations(rows, units)
		return err
	})
	return out, err
}

func (t *tx) openOrganisations(rows []organisationRow, units map[access.OrganisationID][]identity.Unit) ([]identity.Organisation, error) {
	subjects := make([]string, len(rows))
	for i, r := range rows {
		subjects[i] = string(r.ID)
	}
	if err := t.warm(subjects); err != nil {
		return nil, err
	}
	out := make([]identity.Organisation, len(rows))
	for i, r := range rows {
		if err := t.openJSON(string(r.ID), contactsCell(r.ID), r.contacts, &r.Contacts); err != nil {
			return nil, err
		}
		out[i], out[i].Units = r.Organisation, units[r.ID]
	}
	return out, nil
}

// Host returns the organisation that hosts the service.
func (s *Directory) Host(ctx context.Context) (id access.OrganisationID, err error) {
	err = s.db.read(ctx, func(t *tx) (err error) {
		id, err = one(t, identity.ErrNotFound, oneColumn[access.OrganisationID], "SELECT id FROM organisations WHERE host")
		return err
	})
	return id, err
}

// SaveOrganisation saves all but the units.
func (s *Directory) SaveOrganisation(ctx context.Context, o identity.Organisation, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		if o.Contacts == nil {
			o.Contacts = []identity.Contact{}
		}
		contacts, err := t.sealJSON(string(o.ID), contactsCell(o.ID), o.Contacts)
		if err != nil {
			return err
		}
		if err := t.revise(agreementsRevision); err != nil { // of those that are active
			return err
		}
		if o.Version == 0 {
			_, err := t.exec("INSERT INTO organisations ("+organisationColumns+") VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)",
				string(o.ID), string(o.Kind), o.Name, o.Number, o.Phone, o.Host, o.Active, contacts)
			return t.exists(err, "organisations", identity.ErrExists)
		}
		n, err := t.exec(`UPDATE organisations SET version = version + 1, kind = $3, name = $4, number = $5, phone = $6, active = $7, contacts = $8
			WHERE id = $1 AND version = $2`,
			string(o.ID), o.Version, string(o.Kind), o.Name, o.Number, o.Phone, o.Active, contacts)
		if err := t.updated(n, t.exists(err, "organisations", identity.ErrExists), "organisations", string(o.ID)); err != nil || o.Active {
			return err
		}
		return t.shutOut(o.ID, t.db.now())
	})
}

// shutOut ends what people and machines have begun for an organisation.
func (t *tx) shutOut(o access.OrganisationID, at time.Time) error {
	if err := t.endSessions(at, "organisation = $1", string(o)); err != nil {
		return err
	}
	machines, err := all(t, oneColumn[string], "SELECT id FROM machines WHERE organisation = $1", string(o))
	if err != nil {
		return err
	}
	void := make([]identity.Revocation, len(machines))
	for i, id := range machines {
		void[i] = identity.TokensVoid(id, at)
	}
	return t.revoke(void...)
}

// units are those of the organisations that a condition chooses, by name.
func (t *tx) units(condition string, args ...any) (map[access.OrganisationID][]identity.Unit, error) {
	rows, err := all(t, func(row scanner) (u identity.Unit, err error) {
		err = row.Scan(&u.ID, &u.Organisation, &u.Version, &u.Name, &u.Phone, &u.Active, &u.Contact, &u.Deputy)
		return u, err
	}, "SELECT id, organisation, version, name, phone, active, contact, deputy FROM units WHERE "+condition+" ORDER BY name, id", args...)
	out := map[access.OrganisationID][]identity.Unit{}
	for _, u := range rows {
		out[u.Organisation] = append(out[u.Organisation], u)
	}
	return out, err
}

// SaveUnit saves a unit of u.Organisation, which stays its own.
func (s *Directory) SaveUnit(ctx context.Context, u identity.Unit, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		if u.Version == 0 {
			// No such organisation: no row.
			n, err := t.exec(`INSERT INTO units (id, organisation, version, name, phone, active, contact, deputy)
				SELECT $1, id, 1, $3, $4, $5, $6, $7 FROM organisations WHERE id = $2`,
				u.ID, string(u.Organisation), u.Name, u.Phone, u.Active, string(u.Contact), string(u.Deputy))
			return changed(n, err, identity.ErrNotFound)
		}
		n, err := t.exec(`UPDATE units SET version = version + 1, name = $4, phone = $5, active = $6, contact = $7, deputy = $8
			WHERE id = $1 AND version = $2 AND organisation = $3`,
			u.ID, u.Version, string(u.Organisation), u.Name, u.Phone, u.Active, string(u.Contact), string(u.Deputy))
		return t.updated(n, err, "units", u.ID)
	})
}
