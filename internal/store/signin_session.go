package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

func deviceCell(session string) string { return cell("sessions", "device", session) }

// StartSession implements identity.SessionStore.
func (s *SignIn) StartSession(ctx context.Context, n identity.Session, replaces string, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		if err := t.mayBegin(n); err != nil {
			return err
		}
		if replaces != "" {
			live, err := all(t, oneColumn[string], "SELECT id FROM sessions WHERE id = $1 AND person = $2 AND ended_at = 0", replaces, string(n.Person))
			if err != nil {
				return err
			}
			if len(live) == 0 {
				return identity.ErrNotFound
			}
			if err := t.endSessions(n.Seen, "id = $1", replaces); err != nil {
				return err
			}
		}
		device, err := t.seal(string(n.Person), deviceCell(n.ID), []byte(n.Device))
		if err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO sessions (id, person, role, organisation, assignment, until_day, link, consultation, participant,
				stage, method, handle, device, started_at, seen_at, ends_at, ended_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0)`,
			n.ID, string(n.Person), roleText(n.Role), string(n.Organisation), n.Assignment, string(n.ActsUntil), n.Link, n.Consultation, n.Participant,
			string(n.Stage), string(n.Method), n.Handle, device, stamp(n.SignedIn), stamp(n.Seen), stamp(n.Ends))
		return err
	})
}

// mayBegin says whether what the session rests on still holds, in the transaction that begins
// it: a link, or an account's credentials, and what the person acts by.
func (t *tx) mayBegin(n identity.Session) error {
	var found []int64
	var err error
	if n.Assignment != "" {
		if err := t.mayAct(n); err != nil {
			return err
		}
	}
	if n.Link != "" {
		found, err = all(t, oneColumn[int64], "SELECT made_at FROM links WHERE id = $1 AND revoked_at = 0 AND expires_at > $2",
			n.Link, stamp(n.Seen))
	} else {
		found, err = all(t, oneColumn[int64], "SELECT version FROM accounts WHERE person = $1 AND credentials = $2 AND ended_at = 0",
			string(n.Person), n.Credentials)
	}
	if err == nil && len(found) == 0 {
		return identity.ErrNotFound
	}
	return err
}

// mayAct says whether the assignment is still what the session has of it, and the
// organisation active: either may have been changed since they were read.
func (t *tx) mayAct(n identity.Session) error {
	found, err := all(t, oneColumn[string], `SELECT a.id FROM assignments a JOIN organisations o ON o.id = a.organisation
		WHERE a.id = $1 AND a.person = $2 AND a.role = $3 AND a.organisation = $4 AND a.until_day = $5 AND o.active`,
		n.Assignment, string(n.Person), roleText(n.Role), string(n.Organisation), string(n.ActsUntil))
	if err == nil && len(found) == 0 {
		return identity.ErrNotFound
	}
	return err
}

// Sessions implements identity.SessionStore.
func (s *SignIn) Sessions(ctx context.Context, person access.PersonID, now time.Time) (sessions []identity.Session, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		rows, err := all(t, scanSession, `SELECT id, person, role, organisation, assignment, until_day, link, consultation, participant,
				stage, method, handle, device, started_at, seen_at, ends_at
			FROM sessions WHERE person = $1 AND ended_at = 0 AND ends_at > $2 ORDER BY started_at DESC, id`, string(person), stamp(now))
		if err != nil {
			return err
		}
		sessions = nil
		for _, r := range rows {
			device, err := t.open(string(person), deviceCell(r.ID), r.device)
			if err != nil && !errors.Is(err, ErrErased) {
				return err
			}
			r.Device = string(device)
			sessions = append(sessions, r.Session)
		}
		return nil
	})
	return sessions, err
}

// sessionRow is a row of sessions, its device still sealed.
type sessionRow struct {
	identity.Session
	device []byte
}

func scanSession(row scanner) (r sessionRow, err error) {
	var role string
	var started, seen, ends int64
	err = row.Scan(&r.ID, &r.Person, &role, &r.Organisation, &r.Assignment, &r.ActsUntil, &r.Link, &r.Consultation, &r.Participant,
		&r.Stage, &r.Method, &r.Handle, &r.device, &started, &seen, &ends)
	if err != nil {
		return r, err
	}
	r.SignedIn, r.Seen, r.Ends = moment(started), moment(seen), moment(ends)
	r.Role, err = roleOf(role)
	return r, err
}

// EndSessions implements identity.SessionStore.
func (s *SignIn) EndSessions(ctx context.Context, which identity.Ending, at time.Time, entries []audit.Entry, out []notify.Message) error {
	return s.db.change(ctx, entries, out, func(t *tx) error {
		return t.endSessions(at, "person = $1 AND ($2 = '' OR id = $2) AND id <> $3", string(which.Person), which.ID, which.Except)
	})
}

// endSessions ends the sessions of a condition that have not ended, and lets every node know.
func (t *tx) endSessions(at time.Time, condition string, args ...any) error {
	ended, err := all(t, scanEnding, "SELECT id, ends_at FROM sessions WHERE ended_at = 0 AND "+condition, args...)
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	for i, e := range ended {
		if _, err := t.exec("UPDATE sessions SET ended_at = $2 WHERE id = $1", e.Subject, stamp(at)); err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		ended[i].At = at
	}
	return t.revoke(ended...)
}

func scanEnding(row scanner) (r identity.Revocation, err error) {
	var until int64
	err = row.Scan(&r.Subject, &until)
	r.Until = moment(until)
	return r, err
}

// endSessionsOfLostAssignments ends a person's sessions whose assignment is not any more what
// it was when they began. It belongs into every change of assignments.
func (t *tx) endSessionsOfLostAssignments(person access.PersonID, at time.Time) error {
	return t.endSessions(at, `person = $1 AND assignment <> '' AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.id = sessions.assignment
		AND a.person = sessions.person AND a.role = sessions.role AND a.organisation = sessions.organisation AND a.until_day = sessions.until_day)`,
		string(person))
}

// endSignIn ends every session and link of a person who is erased.
func (t *tx) endSignIn(person access.PersonID, at time.Time) error {
	if _, err := t.exec("UPDATE links SET revoked_at = $2 WHERE person = $1 AND revoked_at = 0", string(person), stamp(at)); err != nil {
		return fmt.Errorf("end links: %w", err)
	}
	return t.endSessions(at, "person = $1", string(person))
}

// revoke lets every node know what has ended. It takes the next turn, and with it every
// other who revokes waits for this commit: turns are committed in their order.
func (t *tx) revoke(ended ...identity.Revocation) error {
	if len(ended) == 0 {
		return nil
	}
	turn, err := one(t, errNoTurn, oneColumn[int64], `INSERT INTO revocation_turns (id, turn) VALUES (1, 1)
		ON CONFLICT (id) DO UPDATE SET turn = revocation_turns.turn + 1 RETURNING turn`)
	if err != nil {
		return fmt.Errorf("revoke: %w", err)
	}
	for _, r := range ended {
		_, err := t.exec(`INSERT INTO revocations (subject, turn, revoked_at, until_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (subject) DO UPDATE SET turn = excluded.turn, revoked_at = excluded.revoked_at, until_at = excluded.until_at`,
			r.Subject, turn, stamp(r.At), stamp(r.Until))
		if err != nil {
			return fmt.Errorf("revoke: %w", err)
		}
	}
	return nil
}

var errNoTurn = errors.New("no turn was given")

// Revocations implements identity.SessionStore.
func (s *SignIn) Revocations(ctx context.Context, after int64, now time.Time) (ended []identity.Revocation, turn int64, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		turns, err := all(t, oneColumn[int64], "SELECT turn FROM revocation_turns")
		if err != nil || len(turns) == 0 || turns[0] <= after {
			return err
		}
		turn = turns[0]
		ended, err = all(t, scanRevocation, "SELECT subject, revoked_at, until_at FROM revocations WHERE turn > $1 AND until_at > $2", after, stamp(now))
		return err
	})
	return ended, turn, err
}

func scanRevocation(row scanner) (r identity.Revocation, err error) {
	var at, until int64
	err = row.Scan(&r.Subject, &at, &until)
	r.At, r.Until = moment(at), moment(until)
	return r, err
}

// SeenSessions implements identity.SessionStore.
func (s *SignIn) SeenSessions(ctx context.Context, seen map[string]time.Time) error {
	ids := make([]string, 0, len(seen))
	for id := range seen {
		ids = append(ids, id)
	}
	slices.Sort(ids) // in one order on every node, so that none waits for another in a circle
	return s.db.change(ctx, nil, nil, func(t *tx) error {
		for _, id := range ids {
			if _, err := t.exec("UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2", id, stamp(seen[id])); err != nil {
				return err
			}
		}
		return nil
	})
}
