package store

import (
	"errors"
	"slices"
	"testing"
)

func TestWhatIsSealedOpensOnlyInItsPlace(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		var sealed []byte
		must(t, db.change(t.Context(), nil, nil, func(x *tx) (err error) {
			sealed, err = x.seal("olav", cell("people", "name", "olav"), []byte("Olav Eik"))
			return err
		}))
		must(t, db.read(t.Context(), func(x *tx) error {
			got, err := x.open("olav", cell("people", "name", "olav"), sealed)
			if err != nil || string(got) != "Olav Eik" {
				t.Errorf("opened %q, %v", got, err)
			}
			for name, c := range map[string]struct {
				subject, what string
				sealed        []byte
			}{
				"another column": {"olav", cell("people", "phone", "olav"), sealed},
				"another row":    {"olav", cell("people", "name", "ragna"), sealed},
				"cut":            {"olav", cell("people", "name", "olav"), sealed[:len(sealed)-1]},
				"empty":          {"olav", cell("people", "name", "olav"), []byte{}},
				"another format": {"olav", cell("people", "name", "olav"), append([]byte{2}, sealed[1:]...)},
				"one bit":        {"olav", cell("people", "name", "olav"), append(slices.Clone(sealed[:len(sealed)-1]), sealed[len(sealed)-1]^1)},
			} {
				if got, err := x.open(c.subject, c.what, c.sealed); !errors.Is(err, errUnreadable) {
					t.Errorf("%s: opened %q, %v", name, got, err)
				}
			}
			return nil
		}))
	})
}

func TestPeopleAreFoundByKeyedHash(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		must(t, db.change(t.Context(), nil, nil, func(x *tx) error {
			return errors.Join(
				x.setLookup("email", "olav", "olav@eik.example"), x.setLookup("phone", "olav", "+4790000001"),
				x.setLookup("phone", "ragna", "+4790000001"), x.setLookup("email", "ragna", "ragna@eik.example"),
				x.setLookup("email", "ragna", "ragna@bjork.example"),
			)
		}))
		for _, c := range []struct {
			kind, value string
			want        []string
		}{
			{"email", "olav@eik.example", []string{"olav"}},
			{"phone", "+4790000001", []string{"olav", "ragna"}},
			{"email", "+4790000001", nil},
			{"email", "ragna@eik.example", nil},
			{"email", "ragna@bjork.example", []string{"ragna"}},
		} {
			must(t, db.read(t.Context(), func(x *tx) error {
				got, err := x.findLookup(c.kind, c.value)
				slices.Sort(got)
				if err != nil || !slices.Equal(got, c.want) {
					t.Errorf("%s %s: %v, %v", c.kind, c.value, got, err)
				}
				return nil
			}))
		}
	})
}
