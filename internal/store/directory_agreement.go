package store

import (
	"context"
	"encoding/json"
	"fmt"

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
func (s *Directory) Agreements(ctx context.Context, of []access.OrganisationID) ([]identity.Agreement, error) {
	return s.agreements(ctx, of, "1 = $2", 1)
}

// InForce returns those of them that are in force on a day, between organisations that are active.
func (s *Directory) InForce(ctx context.Context, of []access.OrganisationID, on identity.Day) ([]identity.Agreement, error) {
	return s.agreements(ctx, of, `from_day <= $2 AND (until_day = '' OR until_day >= $2)
		AND a IN (SELECT id FROM organisations WHERE active) AND b IN (SELECT id FROM organisations WHERE active)`, string(on))
}

// agreements returns those of any of the organisations, or all, that a condition over $2 chooses.
func (s *Directory) agreements(ctx context.Context, of []access.OrganisationID, condition string, argument any) (out []identity.Agreement, err error) {
	err = s.db.read(ctx, func(t *tx) (err error) {
		theirs, parties := "1 = $1", any(1)
		if of != nil {
			var a, b string
			a, parties = t.oneOf("a", "$1", texts(of))
			b, _ = t.oneOf("b", "$1", texts(of))
			theirs = "(" + a + " OR " + b + ")"
		}
		out, err = all(t, scanAgreement, "SELECT "+agreementColumns+" FROM agreements WHERE "+theirs+" AND "+condition+" ORDER BY from_day, id",
			parties, argument)
		return err
	})
	return out, err
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
