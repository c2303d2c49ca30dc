package store

import (
	"context"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// accountRow is a row of accounts, its secrets still sealed.
type accountRow struct {
	identity.Account
	password, totp, pending []byte
}

func scanAccount(row scanner) (r accountRow, err error) {
	var last, locked, enrolled, ended int64
	err = row.Scan(&r.Person, &r.Version, &r.password, &r.totp, &r.Step, &r.pending, &r.PendingLink,
		&r.Tries.Wrong, &r.Tries.Locks, &last, &locked, &r.Credentials, &enrolled, &ended)
	r.Tries.Version = r.Version
	r.Tries.Last, r.Tries.LockedUntil = moment(last), moment(locked)
	r.Enrolled, r.Ended = moment(enrolled), moment(ended)
	return r, err
}

func accountCell(column string, person access.PersonID) string {
	return cell("accounts", column, string(person))
}

// Account implements identity.AccountStore.
func (s *SignIn) Account(ctx context.Context, person access.PersonID) (a identity.Account, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		r, err := one(t, identity.ErrNotFound, scanAccount, `SELECT person, version, password, totp, step, pending_totp, pending_link,
			wrong, locks, last_wrong_at, locked_until, credentials, enrolled_at, ended_at FROM accounts WHERE person = $1`, string(person))
		if err != nil {
			return err
		}
		a = r.Account
		password, err := t.open(string(person), accountCell("password", person), r.password)
		if err != nil {
			return err
		}
		a.Password = string(password)
		if a.TOTP, err = t.open(string(person), accountCell("totp", person), r.totp); err != nil {
			return err
		}
		a.PendingTOTP, err = t.open(string(person), accountCell("pending_totp", person), r.pending)
		return err
	})
	return a, err
}

// SaveAccount implements identity.AccountStore.
func (s *SignIn) SaveAccount(ctx context.Context, a identity.Account, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error { return t.saveAccount(a) })
}

// Enrol implements identity.AccountStore.
func (s *SignIn) Enrol(ctx context.Context, a identity.Account, link string, at time.Time, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		n, err := t.exec("UPDATE links SET revoked_at = $2 WHERE id = $1 AND kind = $3 AND revoked_at = 0 AND expires_at > $2",
			link, stamp(at), string(identity.EnrolLink))
		if err := changed(n, err, identity.ErrNotFound); err != nil {
			return err
		}
		if err := t.saveAccount(a); err != nil {
			return err
		}
		return t.endSessions(at, "person = $1", string(a.Person))
	})
}

// EndAccount implements identity.AccountStore.
func (s *SignIn) EndAccount(ctx context.Context, a identity.Account, at time.Time, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		if _, err := t.exec("UPDATE links SET revoked_at = $2 WHERE person = $1 AND kind = $3 AND revoked_at = 0",
			string(a.Person), stamp(at), string(identity.EnrolLink)); err != nil {
			return err
		}
		if err := t.saveAccount(a); err != nil {
			return err
		}
		return t.endSessions(at, "person = $1", string(a.Person))
	})
}

// saveAccount writes a new account, or the next version of one.
func (t *tx) saveAccount(a identity.Account) error {
	password, err := t.seal(string(a.Person), accountCell("password", a.Person), orNull(a.Password))
	if err != nil {
		return err
	}
	totp, err := t.seal(string(a.Person), accountCell("totp", a.Person), a.TOTP)
	if err != nil {
		return err
	}
	pending, err := t.seal(string(a.Person), accountCell("pending_totp", a.Person), a.PendingTOTP)
	if err != nil {
		return err
	}
	if a.Version == 0 {
		_, err := t.exec(`INSERT INTO accounts (person, version, password, totp, step, pending_totp, pending_link,
				wrong, locks, last_wrong_at, locked_until, credentials, enrolled_at, ended_at)
			VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
			string(a.Person), password, totp, a.Step, pending, a.PendingLink, a.Tries.Wrong, a.Tries.Locks,
			stamp(a.Tries.Last), stamp(a.Tries.LockedUntil), a.Credentials, stamp(a.Enrolled), stamp(a.Ended))
		return t.exists(err, "accounts", identity.ErrVersion)
	}
	n, err := t.exec(`UPDATE accounts SET version = version + 1, password = $3, totp = $4, step = $5, pending_totp = $6, pending_link = $7,
			wrong = $8, locks = $9, last_wrong_at = $10, locked_until = $11, credentials = $12, enrolled_at = $13, ended_at = $14
		WHERE person = $1 AND version = $2`,
		string(a.Person), a.Version, password, totp, a.Step, pending, a.PendingLink, a.Tries.Wrong, a.Tries.Locks,
		stamp(a.Tries.Last), stamp(a.Tries.LockedUntil), a.Credentials, stamp(a.Enrolled), stamp(a.Ended))
	return changed(n, err, identity.ErrVersion)
}

// standing is a person's, from one of the tables.
type standing struct {
	person access.PersonID
	identity.AccountStanding
}

// AccountStandings implements identity.AccountStore.
func (s *SignIn) AccountStandings(ctx context.Context, people []access.PersonID, now time.Time) (map[access.PersonID]identity.AccountStanding, error) {
	out := map[access.PersonID]identity.AccountStanding{}
	err := s.db.read(ctx, func(t *tx) error {
		condition, argument := t.oneOf("person", "$1", texts(people))
		found, err := all(t, scanStanding, `SELECT a.person, a.enrolled_at, a.ended_at, a.locked_until, COALESCE(n.locked_until, 0)
			FROM accounts a LEFT JOIN sign_in_tries n ON n.name = 'account/' || a.person WHERE `+condition, argument)
		if err != nil {
			return err
		}
		for _, f := range found {
			out[f.person] = f.AccountStanding
		}
		invited, err := all(t, oneColumn[access.PersonID],
			"SELECT DISTINCT person FROM links WHERE kind = $2 AND revoked_at = 0 AND expires_at > $3 AND "+condition,
			argument, string(identity.EnrolLink), stamp(now))
		if err != nil {
			return err
		}
		for _, p := range invited {
			standing := out[p]
			standing.Invited = true
			out[p] = standing
		}
		return nil
	})
	return out, err
}

func scanStanding(row scanner) (f standing, err error) {
	var enrolled, ended, second, password int64
	err = row.Scan(&f.person, &enrolled, &ended, &second, &password)
	f.Enrolled, f.Ended, f.LockedUntil = enrolled > 0, ended > 0, moment(max(second, password))
	return f, err
}

// Tries implements identity.TriesStore.
func (s *SignIn) Tries(ctx context.Context, key string) (tries identity.Tries, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		found, err := all(t, scanTries, "SELECT version, wrong, locks, last_wrong_at, locked_until FROM sign_in_tries WHERE name = $1", key)
		if err == nil && len(found) > 0 {
			tries = found[0]
		}
		return err
	})
	return tries, err
}

func scanTries(row scanner) (n identity.Tries, err error) {
	var last, locked int64
	err = row.Scan(&n.Version, &n.Wrong, &n.Locks, &last, &locked)
	n.Last, n.LockedUntil = moment(last), moment(locked)
	return n, err
}

// SaveTries implements identity.TriesStore.
func (s *SignIn) SaveTries(ctx context.Context, key string, n identity.Tries, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		if n.Version == 0 {
			_, err := t.exec("INSERT INTO sign_in_tries (name, version, wrong, locks, last_wrong_at, locked_until) VALUES ($1, 1, $2, $3, $4, $5)",
				key, n.Wrong, n.Locks, stamp(n.Last), stamp(n.LockedUntil))
			return t.exists(err, "sign_in_tries", identity.ErrVersion)
		}
		rows, err := t.exec(`UPDATE sign_in_tries SET version = version + 1, wrong = $3, locks = $4, last_wrong_at = $5, locked_until = $6
			WHERE name = $1 AND version = $2`, key, n.Version, n.Wrong, n.Locks, stamp(n.Last), stamp(n.LockedUntil))
		return changed(rows, err, identity.ErrVersion)
	})
}
