package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/internal/keyring"
)

// rings makes keyrings of which each has some of the same generations.
func rings(t *testing.T, sets ...[]keyring.Generation) []*keyring.Keyring {
	t.Helper()
	roots := map[keyring.Generation][]byte{}
	var out []*keyring.Keyring
	for _, set := range sets {
		mine := map[keyring.Generation][]byte{}
		for _, g := range set {
			if roots[g] == nil {
				roots[g] = randomBytes(keyring.Size)
			}
			mine[g] = roots[g]
		}
		k, err := keyring.New(mine)
		must(t, err)
		out = append(out, k)
	}
	return out
}

func TestAfterRotationTheOldGenerationIsNotNeeded(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		ring := rings(t, []keyring.Generation{1}, []keyring.Generation{1, 2}, []keyring.Generation{2})
		p.Keyring = ring[0]
		db := p.open(t)
		const people = rotateBatch + 7
		sealed := make([][]byte, people)
		must(t, db.change(t.Context(), nil, nil, func(x *tx) (err error) {
			for i := range sealed {
				id := fmt.Sprint("p", i)
				if sealed[i], err = x.seal(id, "people.name", []byte(id)); err != nil {
					return err
				}
				if err := x.setLookup("phone", id, "+"+id); err != nil {
					return err
				}
			}
			return nil
		}))
		closed(t, db)

		p.Keyring = ring[1]
		db = p.open(t)
		// Interrupted after the first batch; meanwhile all is found and read.
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := db.Rotate(ctx, nil, func(Rotated) { cancel() }); !errors.Is(err, context.Canceled) {
			t.Fatalf("interrupted: %v", err)
		}
		wantAll := func(db *DB) {
			t.Helper()
			must(t, db.read(t.Context(), func(x *tx) error {
				for i, s := range sealed {
					id := fmt.Sprint("p", i)
					name, err := x.open(id, "people.name", s)
					if err != nil || string(name) != id {
						return fmt.Errorf("%s: %q, %w", id, name, err)
					}
					found, err := x.findLookup("phone", "+"+id)
					if err != nil || len(found) != 1 || found[0] != id {
						return fmt.Errorf("find %s: %v, %w", id, found, err)
					}
				}
				return nil
			}))
		}
		wantAll(db)
		closed(t, db)
		db = p.open(t)
		wantAll(db)
		done, err := db.Rotate(t.Context(), nil, nil)
		if must(t, err); done.Keys != people-rotateBatch || done.Lookups != people {
			t.Errorf("went on with %+v", done)
		}
		if done, err := db.Rotate(t.Context(), nil, nil); err != nil || done != (Rotated{}) {
			t.Errorf("once more: %+v, %v", done, err)
		}
		closed(t, db)

		p.Keyring = ring[2]
		wantAll(p.open(t))
	})
}

func TestAKeyringThatDoesNotBelongHereIsRefusedAtStart(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		ring := rings(t, []keyring.Generation{1}, []keyring.Generation{2})
		p.Keyring = ring[0]
		db := p.open(t)
		known(t, db)
		closed(t, db)
		for name, c := range map[string]struct {
			ring *keyring.Keyring
			want string
		}{
			"another installation's": {ringOf(t, 1), "another than the one used here"},
			"without the old one":    {ring[1], "generation 1, which the keyring does not have"},
		} {
			p.Keyring = c.ring
			if db, err := Open(t.Context(), p.Config); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", name, err)
				if err == nil {
					closed(t, db)
				}
			}
		}
		p.Keyring = ring[0]
		p.open(t)
	})
}
