package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// LinkByHash implements identity.LinkStore.
func (s *SignIn) LinkByHash(ctx context.Context, hashes []identity.Hash) (l identity.Link, err error) {
	condition, args := anyHash(hashes)
	err = s.db.read(ctx, func(t *tx) (err error) {
		l, err = one(t, identity.ErrNotFound, scanLink, "SELECT "+linkColumns+" FROM links WHERE "+condition, args...)
		return err
	})
	return l, err
}

const linkColumns = "id, kind, person, role, organisation, assignment, consultation, participant, code, owner, made_at, expires_at, revoked_at, generation"

func scanLink(row scanner) (l identity.Link, err error) {
	var role string
	var made, expires, revoked int64
	if err := row.Scan(&l.ID, &l.Kind, &l.Person, &role, &l.Organisation, &l.Assignment, &l.Consultation, &l.Participant,
		&l.Code, &l.Owner, &made, &expires, &revoked, &l.Generation); err != nil {
		return l, err
	}
	l.Made, l.Expires, l.Revoked = moment(made), moment(expires), moment(revoked)
	l.Role, err = roleOf(role)
	return l, err
}

// AddLink implements identity.LinkStore.
func (s *SignIn) AddLink(ctx context.Context, l identity.Link, hash identity.Hash, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		if _, err := t.revokeLinks(l.Made, "kind = $1 AND consultation = $2 AND participant = $3 AND assignment = $4 AND (kind = 'seat' OR person = $5)",
			string(l.Kind), l.Consultation, l.Participant, l.Assignment, string(l.Person)); err != nil {
			return err
		}
		return t.addLink(l, hash)
	})
}

func (t *tx) addLink(l identity.Link, hash identity.Hash) error {
	_, err := t.exec(`INSERT INTO links (id, hash, kind, person, role, organisation, assignment, consultation, participant,
			code, owner, made_at, expires_at, revoked_at, generation)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $14)`,
		l.ID, []byte(hash), string(l.Kind), string(l.Person), roleText(l.Role), string(l.Organisation), l.Assignment, l.Consultation, l.Participant,
		l.Code, string(l.Owner), stamp(l.Made), stamp(l.Expires), l.Generation)
	return err
}

// KeepLink implements identity.LinkStore. Of two that come at once the database lets one
// make the link, and the other find it.
func (s *SignIn) KeepLink(ctx context.Context, l identity.Link, hash identity.Hash, generations []uint32) (kept identity.Link, err error) {
	err = s.db.read(ctx, func(t *tx) (err error) {
		kept, err = t.standingLink(l, generations)
		return err
	})
	if err == nil && kept.Code == l.Code && !kept.Expires.Before(l.Expires) { // as most often: a reminder writes nothing
		return kept, nil
	}
	if err != nil && !errors.Is(err, identity.ErrNotFound) {
		return kept, err
	}
	err = s.db.change(ctx, nil, nil, func(t *tx) error {
		found, err := t.standingLink(l, generations)
		if errors.Is(err, identity.ErrNotFound) {
			kept = l
			return t.addLink(l, hash)
		}
		if err != nil {
			return err
		}
		kept = found
		kept.Code = l.Code
		if kept.Expires.Before(l.Expires) {
			kept.Expires = l.Expires
		}
		_, err = t.exec("UPDATE links SET code = $2, expires_at = $3 WHERE id = $1", kept.ID, kept.Code, stamp(kept.Expires))
		return err
	})
	return kept, err
}

// standingLink is the link to the seat of l and for its person that is of one of the
// generations and not revoked: identity.ErrNotFound where there is none; and
// identity.ErrRevoked where there was, and none has taken its place.
func (t *tx) standingLink(l identity.Link, generations []uint32) (identity.Link, error) {
	links, err := all(t, scanLink, "SELECT "+linkColumns+` FROM links
		WHERE kind = 'seat' AND consultation = $1 AND participant = $2 AND person = $3 ORDER BY made_at DESC, id`,
		l.Consultation, l.Participant, string(l.Person))
	if err != nil {
		return identity.Link{}, err
	}
	none := identity.ErrNotFound
	for _, found := range links {
		if found.Revoked.IsZero() && slices.Contains(generations, found.Generation) {
			return found, nil
		}
	}
	if len(links) > 0 && !slices.ContainsFunc(links, func(l identity.Link) bool { return l.Revoked.IsZero() }) {
		none = identity.ErrRevoked
	}
	return identity.Link{}, none
}

// RevokeLinks implements identity.LinkStore.
func (s *SignIn) RevokeLinks(ctx context.Context, consultation, participant string, at time.Time, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		n, err := t.revokeLinks(at, "kind = 'seat' AND consultation = $1 AND participant = $2", consultation, participant)
		if err == nil && n == 0 {
			return identity.ErrNotFound
		}
		return err
	})
}

// revokeLinks revokes the links of a condition, with their sessions, and says how many.
func (t *tx) revokeLinks(at time.Time, condition string, args ...any) (int, error) {
	ids, err := all(t, oneColumn[string], "SELECT id FROM links WHERE revoked_at = 0 AND "+condition, args...)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if _, err := t.exec("UPDATE links SET revoked_at = $2 WHERE id = $1", id, stamp(at)); err != nil {
			return 0, err
		}
		if err := t.endSessions(at, "link = $1", id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// codeRow is a row of link_codes, its hint still sealed.
type codeRow struct {
	identity.OneTimeCode
	hint []byte
}

func scanCode(row scanner) (r codeRow, err error) {
	var expires, last, locked, sent, since int64
	err = row.Scan(&r.Link, &r.Tries.Version, &r.Person, (*[]byte)(&r.Hash), &expires, &r.Tries.Wrong, &r.Tries.Locks, &last, &locked,
		&r.Channel, &r.hint, &sent, &since, &r.Count)
	r.Expires, r.Sent, r.Since = moment(expires), moment(sent), moment(since)
	r.Tries.Last, r.Tries.LockedUntil = moment(last), moment(locked)
	return r, err
}

func hintCell(link string) string { return cell("link_codes", "hint", link) }

// Code implements identity.CodeStore.
func (s *SignIn) Code(ctx context.Context, link string) (c identity.OneTimeCode, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		c = identity.OneTimeCode{Link: link}
		rows, err := all(t, scanCode, `SELECT link, version, person, hash, expires_at, wrong, locks, last_wrong_at, locked_until,
			channel, hint, sent_at, since_at, sendings FROM link_codes WHERE link = $1`, link)
		if err != nil || len(rows) == 0 {
			return err
		}
		c = rows[0].OneTimeCode
		hint, err := t.open(string(c.Person), hintCell(link), rows[0].hint)
		c.Hint = string(hint)
		return err
	})
	return c, err
}

// SaveCode implements identity.CodeStore.
func (s *SignIn) SaveCode(ctx context.Context, c identity.OneTimeCode, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		hint, err := t.seal(string(c.Person), hintCell(c.Link), []byte(c.Hint))
		if err != nil {
			return err
		}
		args := []any{
			c.Link, c.Tries.Version, string(c.Person), []byte(c.Hash), stamp(c.Expires), c.Tries.Wrong, c.Tries.Locks,
			stamp(c.Tries.Last), stamp(c.Tries.LockedUntil), string(c.Channel), hint, stamp(c.Sent), stamp(c.Since), c.Count,
		}
		if c.Tries.Version == 0 {
			_, err := t.exec(`INSERT INTO link_codes (link, version, person, hash, expires_at, wrong, locks, last_wrong_at, locked_until,
					channel, hint, sent_at, since_at, sendings)
				VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, args...)
			return t.exists(err, "link_codes", identity.ErrVersion)
		}
		n, err := t.exec(`UPDATE link_codes SET version = version + 1, person = $3, hash = $4, expires_at = $5, wrong = $6, locks = $7,
				last_wrong_at = $8, locked_until = $9, channel = $10, hint = $11, sent_at = $12, since_at = $13, sendings = $14
			WHERE link = $1 AND version = $2`, args...)
		return changed(n, err, identity.ErrVersion)
	})
}

// AddTicket implements identity.TicketStore.
func (s *SignIn) AddTicket(ctx context.Context, k identity.Ticket, hash identity.Hash, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		_, err := t.exec(`INSERT INTO tickets (id, hash, session, consultation, participant, person, role, organisation, method, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			k.ID, []byte(hash), k.Session, k.Consultation, k.Participant, string(k.Person), roleText(k.Role), string(k.Organisation), string(k.Method), stamp(k.Expires))
		return err
	})
}

// Ticket implements identity.TicketStore.
func (s *SignIn) Ticket(ctx context.Context, hashes []identity.Hash) (k identity.Ticket, err error) {
	condition, args := anyHash(hashes)
	err = s.db.read(ctx, func(t *tx) (err error) {
		k, err = one(t, identity.ErrNotFound, scanTicket, `SELECT id, session, consultation, participant, person, role, organisation, method, expires_at,
			NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = tickets.session AND s.ended_at = 0) FROM tickets WHERE `+condition, args...)
		return err
	})
	return k, err
}

func scanTicket(row scanner) (k identity.Ticket, err error) {
	var role string
	var expires int64
	if err := row.Scan(&k.ID, &k.Session, &k.Consultation, &k.Participant, &k.Person, &role, &k.Organisation, &k.Method, &expires,
		&k.SessionEnded); err != nil {
		return k, err
	}
	k.Expires = moment(expires)
	k.Role, err = roleOf(role)
	return k, err
}

// UseTicket implements identity.TicketStore.
func (s *SignIn) UseTicket(ctx context.Context, id string, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		n, err := t.exec("DELETE FROM tickets WHERE id = $1", id)
		return changed(n, err, identity.ErrNotFound)
	})
}
