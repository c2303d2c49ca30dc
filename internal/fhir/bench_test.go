package fhir

import (
	"fmt"
	"testing"
)

// BenchmarkReadBundle reads a hundred blood pressures, as far as nobody has to be asked.
func BenchmarkReadBundle(b *testing.B) {
	var all []string
	for i := range 100 {
		all = append(all, pressure(fmt.Sprint(100+i%50), "76", "mm[Hg]", named(fmt.Sprint(i))))
	}
	text := []byte(collected(all...))
	for b.Loop() {
		in, err := readBundle(text)
		if err != nil {
			b.Fatal(err)
		}
		for i, raw := range in.Entry {
			one, err := readEntry(in.Type, i, raw)
			if err == nil {
				err = read("Observation", one.Resource, &Observation{})
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
