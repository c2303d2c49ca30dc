package fhir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"unicode/utf8"
)

// MaxBody is the most bytes that are read of a resource, or of a search's criteria.
const MaxBody = 64 << 10

// maxDepth is how deep elements may stand in each other. Only extensions hold each other.
const maxDepth = 10

// read reads a resource of the kind that into is. What is not kept there is refused by its
// name: an element that is unknown, null or empty (R4 §2.6.2: neither is JSON's null for "no
// value" nor an empty list FHIR), that is there twice, or of another type.
func read(kind string, data []byte, into resource) error { return readUpTo(MaxBody, kind, data, into) }

func readUpTo(most int, kind string, data []byte, into resource) error {
	if len(data) > most {
		return tooLarge(most)
	}
	if err := readValue(kind, data, reflect.ValueOf(into).Elem()); err != nil {
		return err
	}
	if into.head().ResourceType != kind {
		return unreadable("resourceType", "must be "+kind)
	}
	return nil
}

// readValue reads what stands there, and nothing behind it.
func readValue(where string, data []byte, v reflect.Value) error {
	if !utf8.Valid(data) || !json.Valid(data) {
		return unreadable(where, "must be JSON in UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := (reader{d}).value(v, where, 0); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return unreadable(where, "must be all that is sent")
	}
	return nil
}

// reader fills a value as it walks, so that what has been checked is what is kept.
type reader struct{ *json.Decoder }

func (r reader) value(v reflect.Value, where string, depth int) error {
	if raw, ok := v.Addr().Interface().(*json.RawMessage); ok { // read later, by itself
		if err := r.Decode(raw); err != nil {
			return unreadable(where, "must be JSON")
		}
		return nil
	}
	t, err := r.Token()
	switch {
	case err != nil:
		return unreadable(where, "must be JSON")
	case t == nil:
		return unreadable(where, "must not be null: leave it out")
	case depth > maxDepth:
		return unreadable(where, "stands too deep")
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Struct:
		if t != json.Delim('{') {
			return unreadable(where, "must be an object")
		}
		return r.object(v, where, depth)
	case reflect.Slice:
		if t != json.Delim('[') {
			return unreadable(where, "must be a list")
		}
		return r.list(v, where, depth)
	case reflect.String:
		return text(v, t, where)
	case reflect.Bool:
		b, ok := t.(bool)
		if !ok {
			return unreadable(where, "must be true or false")
		}
		v.SetBool(b)
		return nil
	case reflect.Float64:
		n, ok := t.(json.Number)
		f, err := n.Float64()
		if !ok || err != nil {
			return unreadable(where, "must be a number")
		}
		v.SetFloat(f)
		return nil
	default: // the others are whole numbers
		n, ok := t.(json.Number)
		whole, err := n.Int64()
		if !ok || err != nil || whole < 0 || whole > math.MaxInt32 {
			return unreadable(where, "must be a whole number from 0 on")
		}
		v.SetInt(whole)
		return nil
	}
}

func (r reader) object(v reflect.Value, where string, depth int) error {
	fields, there := elements[v.Type()], map[string]bool{}
	for r.More() {
		t, err := r.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return unreadable(where, "must be JSON")
		}
		at := where + "." + name
		index, known := fields[name]
		switch {
		case !known:
			return faultAt(400, IssueNotSupported, within(where, name), "is not kept here: leave it out")
		case there[name]:
			return unreadable(at, "must be there once")
		}
		there[name] = true
		if err := r.value(v.FieldByIndex(index), at, depth+1); err != nil {
			return err
		}
	}
	if len(there) == 0 {
		return unreadable(where, "must not be empty")
	}
	_, err := r.Token()
	return err
}

func (r reader) list(v reflect.Value, where string, depth int) error {
	for i := 0; r.More(); i++ {
		one := reflect.New(v.Type().Elem()).Elem()
		if err := r.value(one, element(where, i), depth+1); err != nil {
			return err
		}
		v.Set(reflect.Append(v, one))
	}
	if v.Len() == 0 {
		return unreadable(where, "must not be empty: leave it out")
	}
	_, err := r.Token()
	return err
}

func text(v reflect.Value, t json.Token, where string) error {
	s, ok := t.(string)
	switch {
	case !ok:
		return unreadable(where, "must be text")
	case strings.TrimSpace(s) == "":
		return unreadable(where, "must not be empty: leave it out")
	case strings.IndexFunc(s, unprintable) >= 0: // R4 §2.24.0.1, string
		return unreadable(where, "must be text, without control characters")
	}
	v.SetString(s)
	if ruled, ok := v.Interface().(interface{ rule() string }); ok {
		if rule := ruled.rule(); rule != "" {
			return faultAt(400, IssueValue, where, rule)
		}
	}
	return nil
}

// unprintable also says so of half a surrogate pair, which JSON can spell and text can't have.
func unprintable(r rune) bool {
	return r < ' ' && r != '\t' && r != '\r' && r != '\n' || r == 0x7f || r == utf8.RuneError
}

// elements are the fields of each type that is read, by their names, which FHIR has in one spelling
// only. A Bundle holds thousands of objects: to look at their types again for each takes most of
// its time.
var elements = fieldsOf(
	reflect.TypeFor[Patient](), reflect.TypeFor[RelatedPerson](), reflect.TypeFor[Appointment](), reflect.TypeFor[AppointmentResponse](),
	reflect.TypeFor[Observation](), reflect.TypeFor[QuestionnaireResponse](), reflect.TypeFor[SentBundle](), reflect.TypeFor[SentEntry](),
)

func fieldsOf(types ...reflect.Type) map[reflect.Type]map[string][]int {
	out := map[reflect.Type]map[string][]int{}
	var look func(reflect.Type)
	look = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || out[t] != nil {
			return
		}
		out[t] = map[string][]int{}
		for _, f := range reflect.VisibleFields(t) {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && f.IsExported() {
				out[t][name] = f.Index
				look(f.Type)
			}
		}
	}
	for _, t := range types {
		look(t)
	}
	return out
}

// within names an element that somebody else has named: only where its name looks like one, so
// that nothing else comes back.
func within(where, name string) string {
	for i, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c != '_' || i > 0) && (c < '0' || c > '9') {
			return where
		}
	}
	if name == "" || len(name) > 40 {
		return where
	}
	return where + "." + name
}

func tooLarge(most int) *Fault {
	return NewFault(413, IssueTooLong, fmt.Sprintf("must be at most %d KiB", most>>10))
}
