package protocol_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

func TestListsAreNeverNull(t *testing.T) {
	messages := []protocol.Message{
		protocol.Welcome{Room: protocol.Room{Participants: []protocol.Participant{{ID: "p1"}}}},
		protocol.Joined{}, protocol.Lines{}, protocol.Speaking{}, protocol.Send{}, protocol.Beside{}, protocol.Want{},
	}
	for _, m := range messages {
		data, err := protocol.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("null")) {
			t.Errorf("%s holds null: %s", m.Type(), data)
		}
	}
}

func TestEncodeLeavesTheMessageAsItWas(t *testing.T) {
	people := []protocol.Participant{{ID: "p1"}}
	if _, err := protocol.Encode(protocol.Welcome{Room: protocol.Room{Participants: people}}); err != nil {
		t.Fatal(err)
	}
	if people[0].Beside != nil {
		t.Error("Encode filled a list of its caller's")
	}
}

func TestEncodeWritesTheTypeFirst(t *testing.T) {
	for _, m := range []protocol.Message{protocol.End{}, protocol.Pong{N: 4}, &protocol.Pong{N: 4}} {
		data, err := protocol.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		if want := `{"type":"` + m.Type() + `"`; !strings.HasPrefix(string(data), want) || !json.Valid(data) {
			t.Errorf("got %s, want it to begin with %s and to be JSON", data, want)
		}
	}
	if _, err := protocol.Encode((*protocol.Pong)(nil)); err == nil {
		t.Error("a nil message was written")
	}
}

func TestATypeIsItsStructsNameInLowerCase(t *testing.T) {
	// Generators of other languages rely on it.
	var all []protocol.Message
	for _, m := range protocol.ClientMessages() {
		all = append(all, m)
	}
	for _, m := range protocol.ServerMessages() {
		all = append(all, m)
	}
	seen := map[string]bool{}
	for _, m := range all {
		if want := strings.ToLower(reflect.TypeOf(m).Name()); m.Type() != want {
			t.Errorf("%T has type %q, want %q", m, m.Type(), want)
		}
		if seen[m.Type()] {
			t.Errorf("type %q stands for two messages", m.Type())
		}
		seen[m.Type()] = true
	}
}

func TestTextThatIsNotUTF8IsMalformed(t *testing.T) {
	_, err := protocol.DecodeClient([]byte("{\"type\":\"chat\",\"id\":\"a\",\"text\":\"\xff\"}"))
	var refusal *protocol.Error
	if !errors.As(err, &refusal) || refusal.Code != protocol.CodeMalformed {
		t.Errorf("got %v, want malformed", err)
	}
}

func TestALongUnknownFieldIsCutInTheRefusal(t *testing.T) {
	_, err := protocol.DecodeClient([]byte(`{"type":"end","` + strings.Repeat("å", 4000) + `":1}`))
	var refusal *protocol.Error
	if !errors.As(err, &refusal) || refusal.Code != protocol.CodeInvalid {
		t.Fatalf("got %v, want invalid", err)
	}
	if len(refusal.Field) > 40 {
		t.Errorf("the refusal repeats %d bytes of what came", len(refusal.Field))
	}
}

func TestANewerServerIsUnderstood(t *testing.T) {
	m, err := protocol.DecodeServer([]byte(`{"type":"pong","n":4,"weather":"fine"}`))
	if err != nil || m != (protocol.Pong{N: 4}) {
		t.Errorf("got %+v, %v", m, err)
	}
	if _, err := protocol.DecodeServer([]byte(`{"type":"weather"}`)); !errors.Is(err, protocol.ErrUnknownType) {
		t.Errorf("got %v, want ErrUnknownType", err)
	}
	if _, err := protocol.DecodeServer([]byte(`{"type":"hello"}`)); !errors.Is(err, protocol.ErrUnknownType) {
		t.Errorf("a message of the page from the server: got %v, want ErrUnknownType", err)
	}
}

func TestEveryFatalCodeClosesTheConnection(t *testing.T) {
	open := map[protocol.Code]bool{
		protocol.CodeInvalid: true, protocol.CodeForbidden: true, protocol.CodeNotFound: true, protocol.CodeRate: true,
	}
	for _, c := range allCodes {
		if c.Fatal() == open[c] {
			t.Errorf("%s: fatal is %v", c, c.Fatal())
		}
		if n := c.CloseCode(); n < 4000 || n > 4999 { // RFC 6455 §7.4.2
			t.Errorf("%s closes with %d, which is not the application's", c, n)
		}
	}
}

var allCodes = []protocol.Code{
	protocol.CodeMalformed, protocol.CodeUnknownType, protocol.CodeTooLarge, protocol.CodeInvalid,
	protocol.CodeOutOfOrder, protocol.CodeVersion, protocol.CodeTicket, protocol.CodeResume,
	protocol.CodeOfferRequired, protocol.CodeOffer, protocol.CodeForbidden, protocol.CodeNotFound,
	protocol.CodeLocked, protocol.CodeEnded, protocol.CodeFull, protocol.CodeRate, protocol.CodeSlow,
	protocol.CodeInternal,
}

func FuzzDecodeClient(f *testing.F) {
	seed(f, "page")
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := protocol.DecodeClient(data)
		if err != nil {
			refusal, ok := err.(*protocol.Error)
			if !ok || refusal.Code == "" || refusal.Rule == "" || m != nil {
				t.Fatalf("refused with %#v and message %v", err, m)
			}
			return
		}
		again, err := protocol.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		// Writing it anew may make it longer than it may be (a number as 1e0 is refused, an
		// escape is not): only what fits must read the same.
		if m.Type() != "hello" && len(again) > protocol.MaxMessage || len(again) > protocol.MaxHello {
			return
		}
		back, err := protocol.DecodeClient(again)
		if err != nil || !reflect.DeepEqual(m, back) {
			t.Fatalf("%s\nreads as %+v\nwritten %s\nreads as %+v, %v", data, m, again, back, err)
		}
	})
}

func FuzzDecodeServer(f *testing.F) {
	seed(f, "server")
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := protocol.DecodeServer(data)
		if err != nil {
			if m != nil {
				t.Fatalf("refused with %v and message %v", err, m)
			}
			return
		}
		again, err := protocol.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		back, err := protocol.DecodeServer(again)
		if err != nil {
			t.Fatal(err)
		}
		// A list that was missing comes back empty: compare what is written.
		twice, err := protocol.Encode(back)
		if err != nil || !bytes.Equal(again, twice) {
			t.Fatalf("%s\nwritten %s\nthen %s, %v", data, again, twice, err)
		}
	})
}

func seed(f *testing.F, from string) {
	for _, file := range examples(f) {
		for _, e := range append(file.Good, file.Bad...) {
			if file.From == from && e.Repeat == nil {
				f.Add(e.wire())
			}
		}
	}
}
