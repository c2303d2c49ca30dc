package store

import (
	"context"
	"testing"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// What SQLite has prepared must be as true as what it is told in full: inside one transaction,
// from one to the next, after the schema has changed, and beside another that uses it too.
func TestAPreparedStatementAnswersAsItsTextDoes(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		ctx := t.Context()
		count := func(t *tx) (int, error) {
			return one(t, nil, oneColumn[int], "SELECT COUNT(*) FROM revisions WHERE revision > $1", 0)
		}
		for want := range 4 {
			must(t, db.change(ctx, nil, nil, func(x *tx) error {
				if n, err := count(x); err != nil || n != want {
					t.Errorf("%d before, %v; want %d", n, err, want)
				}
				_, err := x.exec("INSERT INTO revisions (name, revision) VALUES ($1, $2)", string(rune('a'+want)), 1)
				if err != nil {
					return err
				}
				if n, err := count(x); err != nil || n != want+1 {
					t.Errorf("%d within, %v; want %d", n, err, want+1)
				}
				// Another of the same pool runs the same while this one is open.
				return db.read(ctx, func(r *tx) error {
					if n, err := count(r); err != nil || n != want {
						t.Errorf("%d beside, %v; want %d", n, err, want)
					}
					return nil
				})
			}))
		}
		if s := db.main.asked; s != nil && len(s.known) == 0 {
			t.Error("nothing was kept prepared")
		}
		_, err := db.main.writer.ExecContext(ctx, "ALTER TABLE revisions ADD COLUMN words TEXT")
		must(t, err)
		must(t, db.read(ctx, func(r *tx) error {
			if n, err := count(r); err != nil || n != 4 {
				t.Errorf("%d after another schema, %v", n, err)
			}
			return nil
		}))
	})
}

// A query that could not be prepared, because whoever asked went away, is not lost for good.
func TestWhatCouldNotBePreparedIsTriedAnew(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		for _, ctx := range []context.Context{gone, t.Context(), t.Context()} {
			_ = db.read(ctx, func(r *tx) error { _, err := r.revision("x"); return err })
		}
		if s := db.main.asked; s != nil && s.known["SELECT revision FROM revisions WHERE name = $1"] == nil {
			t.Error("it is not prepared")
		}
	})
}

// Two nodes over one database: what one of them has read stays true when the other changes it.
func TestAgreementsInForceAreThoseThatAnotherNodeHasChanged(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		ctx := t.Context()
		db := p.open(t)
		other := db
		if _, lite := db.main.dialect.(sqliteDialect); !lite { // of SQLite there is one process
			other = p.open(t)
		}
		inForce := func() (n int) {
			t.Helper()
			for range 2 { // read, and kept
				all, err := db.Directory().InForce(ctx, []access.OrganisationID{"apart-a"}, "2026-11-30")
				must(t, err)
				n = len(all)
			}
			return n
		}
		if n := inForce(); n != 0 {
			t.Fatalf("%d agreements before there are any", n)
		}
		organisation := func(o identity.Organisation) {
			t.Helper()
			must(t, other.Directory().SaveOrganisation(ctx, o, nil, nil))
		}
		a := identity.Organisation{ID: "apart-a", Kind: identity.Hospital, Name: "A", Active: true}
		organisation(a)
		organisation(identity.Organisation{ID: "apart-b", Kind: identity.GPOffice, Name: "B", Active: true})
		must(t, other.Directory().SaveAgreement(ctx, identity.Agreement{ID: "ab", A: "apart-a", B: "apart-b", From: "2026-01-01"}, nil, nil))
		if n := inForce(); n != 1 {
			t.Errorf("%d agreements when there is one", n)
		}
		must(t, other.Directory().SaveAgreement(ctx, identity.Agreement{ID: "ab", Version: 1, A: "apart-a", B: "apart-b", From: "2026-01-01", Until: "2026-02-01"}, nil, nil))
		if n := inForce(); n != 0 {
			t.Errorf("%d agreements when it is over", n)
		}
		must(t, other.Directory().SaveAgreement(ctx, identity.Agreement{ID: "ab", Version: 2, A: "apart-a", B: "apart-b", From: "2026-01-01"}, nil, nil))
		a.Version, a.Active = 1, false
		organisation(a)
		if n := inForce(); n != 0 {
			t.Errorf("%d agreements of who is not active", n)
		}
	})
}
