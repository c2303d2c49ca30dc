package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"
	"unicode/utf8"
)

// Limits of size, in bytes of JSON.
const (
	MaxHello   = 256 << 10 // hello carries an SDP with some 24 media lines
	MaxMessage = 16 << 10  // every other message from a page
)

// Limits of number and length. A character is a Unicode code point.
const (
	MaxName       = 80
	MaxCompanions = 6
	MaxChatText   = 2000
	MaxID         = 64    // of a participant
	MaxTicket     = 256   // of a ticket or a resume token
	MaxWishes     = 64    // lines in one want
	MaxMID        = 16    // of a=mid; longer ones do not fit the MID header extension (RFC 8843 §15)
	MaxSide       = 16384 // of a tile, in device pixels
	MaxKind       = 40    // of a kind of measurement
	MaxValues     = 4     // of one measurement
	MaxStroke     = 200   // numbers in one piece of a stroke: 100 points
	MaxNumber     = 1<<53 - 1
)

// HoldSilence is how long a part of the plan is held after its holder has said so last.
const HoldSilence = 30 * time.Second

// ErrUnknownType is returned, wrapped, by DecodeServer for a type that this version
// does not know. A client may go on: a newer server says more.
var ErrUnknownType = errors.New("unknown message type")

var (
	clientTypes = byType(ClientMessages())
	serverTypes = byType(ServerMessages())
)

// Encode writes m as one JSON object with its type first. Lists are never null:
// a nil one is written as [].
func Encode(m Message) ([]byte, error) {
	v := reflect.ValueOf(m)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, errors.New("encode: nil message")
		}
		v = v.Elem()
	}
	var fields bytes.Buffer
	enc := json.NewEncoder(&fields)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(withLists(v).Interface()); err != nil {
		return nil, fmt.Errorf("encode %s: %w", m.Type(), err)
	}
	rest := bytes.TrimSpace(fields.Bytes())[1:]
	out := make([]byte, 0, len(rest)+len(m.Type())+12)
	out = append(out, `{"type":"`...)
	out = append(out, m.Type()...)
	out = append(out, '"')
	if rest[0] != '}' {
		out = append(out, ',')
	}
	return append(out, rest...), nil
}

// withLists is v with an empty list wherever it has a nil one, at any depth. v is not changed.
func withLists(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			out.Field(i).Set(withLists(v.Field(i)))
		}
	case reflect.Slice:
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(withLists(v.Index(i)))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(withLists(v.Elem()))
		}
	}
	return out
}

// DecodeClient reads one message from a page. It is strict: exactly one JSON object,
// every field known, present once, of its kind and within its rule. What it returns is
// a struct, not a pointer; its error is always an *Error and names the field and the rule.
func DecodeClient(data []byte) (ClientMessage, error) {
	if len(data) > MaxHello {
		return nil, NewError(CodeTooLarge, "", "", fmt.Sprintf("must be at most %d bytes", MaxHello))
	}
	// RFC 6455 §5.6: a text message is UTF-8; encoding/json would mend it in silence.
	if !utf8.Valid(data) {
		return nil, NewError(CodeMalformed, "", "", "must be UTF-8")
	}
	var head map[string]json.RawMessage
	if err := json.Unmarshal(data, &head); err != nil || head == nil {
		return nil, NewError(CodeMalformed, "", "", "must be one JSON object")
	}
	var name string
	if raw, ok := head["type"]; !ok || raw[0] != '"' || json.Unmarshal(raw, &name) != nil {
		return nil, NewError(CodeMalformed, "", "type", "must be there, as a string")
	}
	t, ok := clientTypes[name]
	if !ok {
		return nil, NewError(CodeUnknownType, "", "type", "must be a type that a page may send")
	}
	if name != (Hello{}).Type() && len(data) > MaxMessage {
		return nil, NewError(CodeTooLarge, name, "", fmt.Sprintf("must be at most %d bytes", MaxMessage))
	}
	if name == (Hello{}).Type() {
		// Before the fields: another version may have others.
		var version int
		if json.Unmarshal(head["version"], &version) == nil && version != Version {
			return nil, NewError(CodeVersion, name, "version", fmt.Sprintf("must be %d: reload the page", Version))
		}
	}
	v := reflect.New(t).Elem()
	if f := decodeStrict(data, v); f != nil {
		return nil, NewError(CodeInvalid, name, f.path, f.rule)
	}
	m := v.Interface().(ClientMessage)
	if field, rule := m.fault(); rule != "" {
		return nil, NewError(CodeInvalid, name, field, rule)
	}
	return m, nil
}

// DecodeServer reads one message from the server, as a struct, not a pointer. It is
// lenient: fields that it does not know are left out, so that an older client can talk
// with a newer server.
func DecodeServer(data []byte) (ServerMessage, error) {
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("decode a server message: %w", err)
	}
	t, ok := serverTypes[head.Type]
	if !ok {
		return nil, fmt.Errorf("decode a server message: %w %q", ErrUnknownType, head.Type)
	}
	p := reflect.New(t)
	if err := json.Unmarshal(data, p.Interface()); err != nil {
		return nil, fmt.Errorf("decode %s: %w", head.Type, err)
	}
	return p.Elem().Interface().(ServerMessage), nil
}
