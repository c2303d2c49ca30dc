package store

import (
	"fmt"
	"testing"
)

// What a list of 1,000 people costs beside its SQL: their keys, read and unwrapped (cold)
// or kept from a moment ago (warm), and their names.
func BenchmarkOpen1000(b *testing.B) {
	eachBench(b, func(b *testing.B, db *DB) {
		people, sealed := make([]string, 1000), make([][]byte, 1000)
		must(b, db.change(b.Context(), nil, nil, func(x *tx) (err error) {
			for i := range people {
				people[i] = fmt.Sprint("p", i)
				if sealed[i], err = x.seal(people[i], cell("people", "name", people[i]), []byte("Olav Eik")); err != nil {
					return err
				}
			}
			return nil
		}))
		open := func(x *tx) error {
			if err := x.warm(people); err != nil {
				return err
			}
			for i, id := range people {
				if _, err := x.open(id, cell("people", "name", id), sealed[i]); err != nil {
					return err
				}
			}
			return nil
		}
		for _, cache := range []string{"cold", "warm"} {
			b.Run(cache, func(b *testing.B) {
				for b.Loop() {
					if cache == "cold" {
						for _, id := range people {
							db.keys.cache.drop(id)
						}
					}
					must(b, db.read(b.Context(), open))
				}
			})
		}
	})
}
