package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// SignedIn is a session that has just begun.
type SignedIn struct {
	Secret  string // the cookie's value; it goes to the browser and nowhere else
	Current Current
}

// Check says whom a session's cookie speaks for, without asking the database. It is
// ErrNoSession for everything that is not a good one, and ErrNotReady while it can't be known.
func (g *Gate) Check(secret string, now time.Time) (Current, error) {
	s, ok := readSession(g.cfg.SessionKeys, secret)
	if !ok || !s.live(now) || s.onlyInDemo() && !g.cfg.Demo {
		return Current{}, ErrNoSession
	}
	revoked, err := g.revoked.has(s.ID, time.Time{}, now)
	if err != nil {
		return Current{}, err
	}
	if revoked {
		return Current{}, ErrNoSession
	}
	if now.Sub(s.Seen) <= s.idle()/10 {
		return s.current(), nil
	}
	s.Seen = now
	g.mu.Lock()
	g.seen[s.ID] = now
	g.mu.Unlock()
	c := s.current()
	c.Renewed = sessionSecret(g.cfg.SessionKeys[0], s)
	return c, nil
}

// start begins a session, in place of another unless replaces is empty.
func (g *Gate) start(ctx context.Context, s Session, replaces string, entries ...audit.Entry) (SignedIn, error) {
	now := g.now()
	s.ID = newSecretID()
	s.Seen = now.Truncate(time.Millisecond) // as the cookie has it
	if s.SignedIn.IsZero() {
		s.SignedIn = s.Seen
	}
	for i := range entries {
		entries[i].Actor = s.Actor()
	}
	if err := g.store.StartSession(ctx, s, replaces, entries, nil); err != nil {
		if errors.Is(err, ErrNotFound) {
			return SignedIn{}, ErrNoSession
		}
		return SignedIn{}, fmt.Errorf("start a session: %w", err)
	}
	if replaces != "" {
		g.readRevoked(ctx)
	}
	return SignedIn{Secret: sessionSecret(g.cfg.SessionKeys[0], s), Current: s.current()}, nil
}

// readRevoked makes what this node has just committed hold at once. If it fails, the poll
// makes good for it: the change is committed, and is not to be called failed.
func (g *Gate) readRevoked(ctx context.Context) {
	if err := g.revoked.read(ctx); err != nil {
		g.log.Warn("own revocation waits for the next poll", "error", err)
	}
}

// SignOut ends the session.
func (g *Gate) SignOut(ctx context.Context, c Current) error {
	return g.endSessions(ctx, Ending{Person: c.Actor.Person, ID: c.Actor.Session},
		g.entry(c.Actor, audit.ActionSignOut, audit.Done, "session/"+c.Actor.Session))
}

// Sessions are where the person is signed in, the one that asks among them.
func (g *Gate) Sessions(ctx context.Context, c Current) ([]Session, error) {
	if _, err := g.may(ctx, c.Actor, access.SessionRead, access.Self, ""); err != nil {
		return nil, err
	}
	now := g.now()
	all, err := g.store.Sessions(ctx, c.Actor.Person, now)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return slices.DeleteFunc(all, func(s Session) bool { return !s.live(now) }), nil
}

// EndSession ends one of the person's sessions. Another person's is as if there were none,
// and ending what has ended is no error.
func (g *Gate) EndSession(ctx context.Context, c Current, id string) error {
	by, err := g.may(ctx, c.Actor, access.SessionEnd, access.Self, "session/"+id)
	if err != nil {
		return err
	}
	e := g.entry(c.Actor, access.SessionEnd.String(), audit.Done, "session/"+id)
	e.By = by
	return g.endSessions(ctx, Ending{Person: c.Actor.Person, ID: id}, e)
}

// EndOtherSessions ends all of the person's sessions but the one that asks.
func (g *Gate) EndOtherSessions(ctx context.Context, c Current) error {
	by, err := g.may(ctx, c.Actor, access.SessionEnd, access.Self, "")
	if err != nil {
		return err
	}
	e := g.entry(c.Actor, access.SessionEnd.String(), audit.Done, "sessions")
	e.By = by
	return g.endSessions(ctx, Ending{Person: c.Actor.Person, Except: c.Actor.Session}, e)
}

func (g *Gate) endSessions(ctx context.Context, which Ending, e audit.Entry) error {
	if err := g.store.EndSessions(ctx, which, g.now(), []audit.Entry{e}, nil); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	g.readRevoked(ctx)
	return nil
}
