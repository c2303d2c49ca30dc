package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
)

// jsonFormat reads and writes bodies.
func jsonFormat() huma.Format {
	return huma.Format{
		Marshal: func(w io.Writer, v any) error {
			enc := json.NewEncoder(w)
			enc.SetEscapeHTML(false)
			return enc.Encode(withLists(v))
		},
		Unmarshal: func(data []byte, v any) error {
			if err := eachFieldOnce(data); err != nil {
				return err
			}
			return json.Unmarshal(data, v)
		},
	}
}

// eachFieldOnce refuses objects that name a field twice, also where only the case differs
// (RFC 8259 §4 leaves open what that means): what is checked could be the one, and what is
// decoded the other.
func eachFieldOnce(data []byte) error {
	type object struct {
		isObject bool
		wantName bool
		names    map[string]bool
	}
	var open []object
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if delim, ok := t.(json.Delim); ok && (delim == '}' || delim == ']') {
			open = open[:len(open)-1]
			continue
		}
		if n := len(open) - 1; n >= 0 && open[n].isObject {
			in := &open[n]
			if in.wantName {
				name := folded(t.(string))
				if in.names[name] {
					return errors.New("a field is there twice")
				}
				in.names[name], in.wantName = true, false
				continue
			}
			in.wantName = true
		}
		if delim, ok := t.(json.Delim); ok {
			open = append(open, object{isObject: delim == '{', wantName: delim == '{', names: map[string]bool{}})
		}
	}
}

// folded is the same for names that encoding/json takes for one: by simple folding, the
// least of each letter's forms.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, name)
}

// withLists is v with an empty list for each that is nil: the API's lists are never null.
func withLists(v any) any {
	in := reflect.ValueOf(v)
	if !in.IsValid() || in.Kind() == reflect.Pointer && in.IsNil() {
		return v
	}
	out := reflect.New(in.Type()).Elem()
	out.Set(in)
	fillLists(out)
	return out.Interface()
}

func fillLists(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fillLists(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				fillLists(f)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // text
		}
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		if hasLists(v.Type().Elem()) {
			for i := range v.Len() {
				fillLists(v.Index(i))
			}
		}
	}
}

// hasLists says whether a look into each entry is worth it.
func hasLists(t reflect.Type) bool {
	k := t.Kind()
	return k == reflect.Struct || k == reflect.Slice || k == reflect.Pointer
}
