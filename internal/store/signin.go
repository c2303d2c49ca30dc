package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// SignIn keeps what identity's Gate needs: accounts, sessions, links, codes, tickets and
// machines.
type SignIn struct{ db *DB }

var _ identity.GateStore = (*SignIn)(nil)

// SignIn returns what the gate keeps.
func (db *DB) SignIn() *SignIn { return &SignIn{db} }

// Record keeps entries about what was only tried.
func (s *SignIn) Record(ctx context.Context, entries []audit.Entry) error {
	return s.db.change(ctx, entries, nil, func(*tx) error { return nil })
}

// closedLinksKept is how long a link that opens nothing is remembered, to say whom to ring.
const closedLinksKept = 90 * 24 * time.Hour

// Prune throws away what is over and of no more use to anyone.
func (s *SignIn) Prune(ctx context.Context, now time.Time) error {
	return s.db.change(ctx, nil, nil, func(t *tx) error {
		for query, before := range map[string]time.Time{
			"DELETE FROM sessions WHERE ends_at < $1":                                  now,
			"DELETE FROM revocations WHERE until_at < $1":                              now.Add(-time.Hour),
			"DELETE FROM tickets WHERE expires_at < $1":                                now,
			"DELETE FROM links WHERE expires_at < $1":                                  now.Add(-closedLinksKept),
			"DELETE FROM machine_assertions WHERE expires_at < $1":                     now,
			"DELETE FROM sign_in_tries WHERE last_wrong_at < $1 AND locked_until < $1": now.Add(-25 * time.Hour),
		} {
			if _, err := t.exec(query, stamp(before)); err != nil {
				return fmt.Errorf("prune: %w", err)
			}
		}
		return nil
	})
}

// stamp is a time as a column has it: 0 for none.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment is stamp's other way.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// roleText is a role as a column has it: empty for none.
func roleText(r access.Role) string {
	if r == 0 {
		return ""
	}
	return r.String()
}

func roleOf(text string) (access.Role, error) {
	if text == "" {
		return 0, nil
	}
	return access.ParseRole(text)
}

// anyHash is a condition that hash is one of some, of which there is one for each key.
func anyHash(hashes []identity.Hash) (condition string, args []any) {
	places := make([]string, len(hashes))
	for i, h := range hashes {
		places[i] = fmt.Sprintf("$%d", i+1)
		args = append(args, []byte(h))
	}
	return "hash IN (" + strings.Join(places, ", ") + ")", args
}
