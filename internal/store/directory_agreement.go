package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// agreementTerms is what agreements.terms holds, as JSON: nothing is searched by it.
type agreementTerms struct {
	Grants []identity.Grant `json:"grants"`
	Policy identity.Policy  `json:"policy"`
	Papers []identity.Paper `json:"papers"`
}

const agreementColumns = "id, version, a, b, from_day, until_day, terms"

func scanAgreement(row scanner) (a identity.Agreement, err error) {
	var text string
	if err := row.Scan(&a.ID, &a.Version, &a.A, &a.B, &a.From, &a.Until, &text); err != nil {
		return a, err
	}
	var terms agreementTerms
	if err := json.Unmarshal([]byte(text), &terms); err != nil {
		return a, fmt.Errorf("terms of agreement %s: %w", a.ID, err)
	}
	a.Grants, a.Policy, a.Papers = terms.Grants, terms.Policy, terms.Papers
	return a, nil
}

// Agreement returns one.
func (s *Directory) Agreement(ctx context.Context, id string) (a identity.Agreement, err error) {
	err = s.db.read(ctx, func(t *tx) (err error) {
		a, err = one(t, identity.ErrNotFound, scanAgreement, "SELECT "+agreementColumns+" FROM agreements WHERE id = $1", id)
		return err
	})
	return a, err
}

// Agreements returns those of any of the organisations, or all; the oldest first.
func (s *Directory) Agreements(ctx context.Context, of []access.OrganisationID) (out []identity.Agreement, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		// Should another change them in between, what is read is newer than its revision, which nobody
		// asks for any more.
		out, err = t.agreements(of, "1 = $2", 1)
		return err
	})
	return out, err
}

// InForce returns those of them that are in force on a day, between organisations that are
// active. What they hold is shared, and not to be changed.
func (s *Directory) InForce(ctx context.Context, of []access.OrganisationID, on identity.Day) (out []identity.Agreement, err error) {
	err = s.db.ask(ctx, func(t *tx) error {
		revision, err := t.revision(agreementsRevision)
		if err != nil {
			return err
		}
		var known bool
		if out, known = s.db.inForce.get(revision, of, on); known {
			return nil
		}
		out, err = t.agreements(of, `from_day <= $2 AND (until_day = '' OR until_day >= $2)
			AND a IN (SELECT id FROM organisations WHERE active) AND b IN (SELECT id FROM organisations WHERE active)`, string(on))
		if err == nil {
			s.db.inForce.put(revision, of, on, out)
		}
		return err
	})
	return out, err
}

// agreements returns those of any of the organisations, or all, that a condition over $2 chooses.
func (t *tx) agreements(of []access.OrganisationID, condition string, argument any) ([]identity.Agreement, error) {
	theirs, parties := "1 = $1", any(1)
	if of != nil {
		var a, b string
		a, parties = t.oneOf("a", "$1", texts(of))
		b, _ = t.oneOf("b", "$1", texts(of))
		theirs = "(" + a + " OR " + b + ")"
	}
	return all(t, scanAgreement, "SELECT "+agreementColumns+" FROM agreements WHERE "+theirs+" AND "+condition+" ORDER BY from_day, id", parties, argument)
}

// agreementsRevision counts changes of agreements, and of organisations, which must be active.
const agreementsRevision = "agreements"

// inForce keeps answers of InForce for as long as nobody, on any node, has changed an agreement:
// each search for a time and each booking asks for all of an organisation's several times.
type inForce struct {
	mu       sync.Mutex
	revision int64
	lists    map[string][]identity.Agreement
}

// mostInForce answers are kept.
const mostInForce = 1_000

func inForceKey(of []access.OrganisationID, on identity.Day) string {
	return string(on) + "\x00" + strings.Join(texts(of), "\x00")
}

func (f *inForce) get(revision int64, of []access.OrganisationID, on identity.Day) ([]identity.Agreement, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if revision != f.revision {
		return nil, false
	}
	list, known := f.lists[inForceKey(of, on)]
	return list, known
}

func (f *inForce) put(revision int64, of []access.OrganisationID, on identity.Day, list []identity.Agreement) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if revision < f.revision { // read before another's change, and kept after it
		return
	}
	if f.lists == nil || revision > f.revision || len(f.lists) >= mostInForce {
		f.revision, f.lists = revision, map[string][]identity.Agreement{}
	}
	f.lists[inForceKey(of, on)] = list
}

// SaveAgreement saves one that is alone in its days between the two.
func (s *Directory) SaveAgreement(ctx context.Context, a identity.Agreement, entries []audit.Entry, out []notify.Message) error {
	terms, err := json.Marshal(agreementTerms{a.Grants, a.Policy, a.Papers})
	if err != nil {
		return fmt.Errorf("terms of agreement %s: %w", a.ID, err)
	}
	return s.db.change(ctx, entries, out, func(t *tx) error {
		others, err := one(t, nil, oneColumn[int64], `SELECT count(*) FROM agreements
			WHERE id <> $1 AND (a = $2 AND b = $3 OR a = $3 AND b = $2)
				AND (until_day = '' OR until_day >= $4) AND ($5 = '' OR from_day <= $5)`,
			a.ID, string(a.A), string(a.B), string(a.From), string(a.Until))
		if err != nil {
			return err
		}
		if others > 0 {
			return identity.ErrExists
		}
		if err := t.revise(agreementsRevision); err != nil {
			return err
		}
		if a.Version == 0 {
			_, err := t.exec("INSERT INTO agreements ("+agreementColumns+") VALUES ($1, 1, $2, $3, $4, $5, $6)",
				a.ID, string(a.A), string(a.B), string(a.From), string(a.Until), string(terms))
			return err
		}
		n, err := t.exec("UPDATE agreements SET version = version + 1, from_day = $3, until_day = $4, terms = $5 WHERE id = $1 AND version = $2",
			a.ID, a.Version, string(a.From), string(a.Until), string(terms))
		return t.updated(n, err, "agreements", a.ID)
	})
}
