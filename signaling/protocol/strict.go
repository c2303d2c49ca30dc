package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// encoding/json takes "ID" for "id", the last of two equal names, and null for
// anything; it cannot tell a missing field from a zero one. A message from a page has
// one meaning or none, so it is read token by token here, with the path to what is wrong.

// fault is where a message breaks a rule.
type fault struct{ path, rule string }

// decodeStrict reads data, one valid JSON object, into the struct v. The name "type"
// is allowed at the top beside v's own fields.
func decodeStrict(data []byte, v reflect.Value) *fault {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return readValue(dec, v, "", true)
}

func readValue(dec *json.Decoder, v reflect.Value, path string, top bool) *fault {
	tok, err := dec.Token()
	if err != nil {
		return &fault{path, "must be JSON"}
	}
	if v.Kind() == reflect.Pointer {
		if tok == nil {
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Struct:
		if tok != json.Delim('{') {
			return &fault{path, "must be an object"}
		}
		return readStruct(dec, v, path, top)
	case reflect.Slice:
		if tok != json.Delim('[') {
			return &fault{path, "must be a list"}
		}
		return readList(dec, v, path)
	case reflect.String:
		s, ok := tok.(string)
		if !ok {
			return &fault{path, "must be a string"}
		}
		v.SetString(s)
	case reflect.Bool:
		b, ok := tok.(bool)
		if !ok {
			return &fault{path, "must be true or false"}
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int64:
		n, ok := tok.(json.Number)
		i, err := strconv.ParseInt(n.String(), 10, 64)
		// RFC 8259 §6: beyond 2^53-1 not every side reads the same number.
		if !ok || err != nil || i < -MaxNumber || i > MaxNumber {
			return &fault{path, "must be a whole number of at most 53 bits"}
		}
		v.SetInt(i)
	case reflect.Float64:
		n, ok := tok.(json.Number)
		f, err := strconv.ParseFloat(n.String(), 64)
		if !ok || err != nil || math.IsInf(f, 0) {
			return &fault{path, "must be a number"}
		}
		v.SetFloat(f)
	default:
		return &fault{path, "is of a kind that the protocol does not use"}
	}
	return nil
}

func readStruct(dec *json.Decoder, v reflect.Value, path string, top bool) *fault {
	seen := make(map[string]bool, v.NumField()+1)
	for dec.More() {
		tok, err := dec.Token()
		name, ok := tok.(string)
		if err != nil || !ok {
			return &fault{path, "must be JSON"}
		}
		at := join(path, name)
		if seen[name] {
			return &fault{at, "must stand there once"}
		}
		seen[name] = true
		if top && name == "type" {
			if tok, _ := dec.Token(); reflect.TypeOf(tok) != reflect.TypeOf("") {
				return &fault{at, "must be a string"}
			}
			continue
		}
		field, ok := fieldNamed(v, name)
		if !ok {
			return &fault{at, "is not a field"}
		}
		if f := readValue(dec, field, at, false); f != nil {
			return f
		}
	}
	if _, err := dec.Token(); err != nil {
		return &fault{path, "must be JSON"}
	}
	for i := range v.NumField() {
		name, optional := tagOf(v.Type().Field(i))
		if !optional && !seen[name] {
			return &fault{join(path, name), "must be there"}
		}
	}
	return nil
}

func readList(dec *json.Decoder, v reflect.Value, path string) *fault {
	list := reflect.MakeSlice(v.Type(), 0, 0)
	for dec.More() {
		item := reflect.New(v.Type().Elem()).Elem()
		if f := readValue(dec, item, fmt.Sprintf("%s[%d]", path, list.Len()), false); f != nil {
			return f
		}
		list = reflect.Append(list, item)
	}
	if _, err := dec.Token(); err != nil {
		return &fault{path, "must be JSON"}
	}
	v.Set(list)
	return nil
}

func fieldNamed(v reflect.Value, name string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if n, _ := tagOf(v.Type().Field(i)); n == name {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// tagOf is a field's name in JSON, and whether it may be left out.
func tagOf(f reflect.StructField) (name string, optional bool) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name, options == "omitempty"
}

// join is the path to a field. A name that is no field of ours is cut: it comes from
// outside and ends in an error and a log.
func join(path, name string) string {
	if len(name) > 32 {
		name = strings.ToValidUTF8(name[:32], "") + "…"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}
