package protocol_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// A file of testdata holds the examples of one message; the page's tests read them too.
type exampleFile struct {
	Type string    `json:"type"`
	From string    `json:"from"` // "page" or "server"
	Good []example `json:"good"`
	Bad  []example `json:"bad"`
}

type example struct {
	Why string `json:"why"`
	// What comes over the wire is one of these three.
	Message json.RawMessage `json:"message"` // as it is
	Text    *string         `json:"text"`    // what is not JSON, or not the same JSON when written anew
	Repeat  *struct {       // what is too large for a file
		Prefix, Unit, Suffix string
		Times                int
	} `json:"repeat"`
	// Error is how a bad message from a page is refused. Bad messages from the server
	// have none: each side says it in its own way.
	Error struct {
		Code  protocol.Code `json:"code"`
		Field string        `json:"field"`
		Re    string        `json:"re"`
	} `json:"error"`
}

func (e example) wire() []byte {
	switch {
	case e.Text != nil:
		return []byte(*e.Text)
	case e.Repeat != nil:
		return []byte(e.Repeat.Prefix + strings.Repeat(e.Repeat.Unit, e.Repeat.Times) + e.Repeat.Suffix)
	}
	return e.Message
}

func examples(t testing.TB) []exampleFile {
	t.Helper()
	names, err := filepath.Glob("testdata/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	files := make([]exampleFile, len(names))
	for i, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&files[i]); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return files
}

func TestEveryMessageHasExamples(t *testing.T) {
	found := map[string]exampleFile{}
	for _, f := range examples(t) {
		found[f.From+" "+f.Type] = f
	}
	for _, m := range protocol.ClientMessages() {
		if f := found["page "+m.Type()]; len(f.Good) == 0 || len(f.Bad) == 0 {
			t.Errorf("%s: needs good and bad examples, has %d and %d", m.Type(), len(f.Good), len(f.Bad))
		}
	}
	for _, m := range protocol.ServerMessages() {
		if f := found["server "+m.Type()]; len(f.Good) == 0 || len(f.Bad) == 0 {
			t.Errorf("%s: needs good and bad examples, has %d and %d", m.Type(), len(f.Good), len(f.Bad))
		}
	}
}

func TestAGoodMessageFromAPageSaysTheSameWhenWrittenAgain(t *testing.T) {
	eachGood(t, "page", func(t *testing.T, typ string, data []byte) {
		m, err := protocol.DecodeClient(data)
		if err != nil {
			t.Fatal(err)
		}
		if m.Type() != typ {
			t.Errorf("type %q, want %q", m.Type(), typ)
		}
		sameWhenWritten(t, m, data)
	})
}

func TestAGoodMessageFromTheServerSaysTheSameWhenWrittenAgain(t *testing.T) {
	eachGood(t, "server", func(t *testing.T, typ string, data []byte) {
		m, err := protocol.DecodeServer(data)
		if err != nil {
			t.Fatal(err)
		}
		if m.Type() != typ {
			t.Errorf("type %q, want %q", m.Type(), typ)
		}
		sameWhenWritten(t, m, data)
	})
}

func TestABadMessageFromAPageIsRefusedByCodeAndField(t *testing.T) {
	for _, f := range examples(t) {
		for _, e := range f.Bad {
			if f.From != "page" {
				continue
			}
			t.Run(f.Type+"/"+e.Why, func(t *testing.T) {
				m, err := protocol.DecodeClient(e.wire())
				refusal, ok := err.(*protocol.Error)
				if !ok {
					t.Fatalf("got %#v and error %v, want an *Error", m, err)
				}
				if refusal.Code != e.Error.Code || refusal.Field != e.Error.Field || refusal.Re != e.Error.Re {
					t.Errorf("refused as %+v, want %+v", *refusal, e.Error)
				}
				if refusal.Rule == "" {
					t.Error("the refusal names no rule")
				}
				if refusal.Fatal != refusal.Code.Fatal() {
					t.Errorf("fatal is %v for code %s", refusal.Fatal, refusal.Code)
				}
			})
		}
	}
}

func TestABadMessageFromTheServerIsRefused(t *testing.T) {
	for _, f := range examples(t) {
		for _, e := range f.Bad {
			if f.From != "server" {
				continue
			}
			if m, err := protocol.DecodeServer(e.wire()); err == nil {
				t.Errorf("%s, %s: read as %+v", f.Type, e.Why, m)
			}
		}
	}
}

func eachGood(t *testing.T, from string, check func(t *testing.T, typ string, data []byte)) {
	for _, f := range examples(t) {
		for _, e := range f.Good {
			if f.From == from {
				t.Run(f.Type+"/"+e.Why, func(t *testing.T) { check(t, f.Type, e.wire()) })
			}
		}
	}
}

// sameWhenWritten checks that nothing of the example was lost or added. It compares
// values, not bytes: the order of fields is free.
func sameWhenWritten(t *testing.T, m protocol.Message, want []byte) {
	t.Helper()
	got, err := protocol.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	if canonical(t, got) != canonical(t, want) {
		t.Errorf("written as\n%s\nwant\n%s", canonical(t, got), canonical(t, want))
	}
}

func canonical(t *testing.T, data []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(v) // sorts the names
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
