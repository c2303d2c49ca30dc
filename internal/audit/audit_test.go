package audit

import (
	"crypto/ed25519"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid" // pairs of entries that might have one encoding

	"github.com/samkonsult/samkonsult/internal/access"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func TestIdsSortByTimeAndDiffer(t *testing.T) {
	var ids []string
	for i := range 1000 {
		ids = append(ids, New(monday.Add(time.Duration(i)*time.Millisecond), access.Actor{}, "sign-in", Done).ID)
	}
	if !slices.IsSorted(ids) {
		t.Error("a later entry has a lower id")
	}
	if a, b := New(monday, access.Actor{}, "sign-in", Done), New(monday, access.Actor{}, "sign-in", Done); a.ID == b.ID || len(a.ID) != 26 {
		t.Errorf("got %s and %s", a.ID, b.ID)
	}
}

// What has been sealed is checked by later programs: the encoding must never change.
func TestTheEncodingIsFixed(t *testing.T) {
	s := Stored{
		ID: "06H0GB3H43S9G4MMN4GC6J9308", At: monday.UnixMilli(), Person: "mari", Role: "nurse", Organisation: "fjordvik", Session: "s1", Consultation: "",
		Action: "patient.read", Outcome: "done", By: "same-organisation", Patient: "olav", Object: "patient/olav", Reason: []byte{1, 2, 3},
	}
	head := Head{Number: 7, Seq: 20, Chain: link(Hash{}, s.Hash()), At: monday.UnixMilli()}.sign(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	for name, c := range map[string]struct{ got, want string }{
		"entry": {s.Hash().String(), "dhXe_EhiWyKfcWG6tCUqoIb_fbmdSWu4vdXP4kYroy0"},
		"chain": {head.Chain.String(), "dIF8cPxI2f2XBBM6hP7MOeN_cHmrerfTXg9jMcoRKXo"},
		"head":  {head.message().String(), "LROjT21kTtqG8-TZRzqON6mtr1yFBxagenEXGelP4Jg"},
		"key":   {string(head.Key), "139e3940e64b5491"},
	} {
		if c.got != c.want {
			t.Errorf("%s is %s, want %s", name, c.got, c.want)
		}
	}
}

func TestNoTwoEntriesHaveOneHash(t *testing.T) {
	text := rapid.StringMatching(`[a,\x00]{0,3}`)
	stored := rapid.Custom(func(t *rapid.T) Stored {
		return Stored{
			ID: text.Draw(t, "id"), At: rapid.Int64Range(0, 1).Draw(t, "at"), Person: text.Draw(t, "person"), Role: text.Draw(t, "role"),
			Action: text.Draw(t, "action"), Object: text.Draw(t, "object"), Reason: []byte(text.Draw(t, "reason")),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := stored.Draw(t, "a"), stored.Draw(t, "b")
		same := a.ID == b.ID && a.At == b.At && a.Person == b.Person && a.Role == b.Role && a.Action == b.Action && a.Object == b.Object && string(a.Reason) == string(b.Reason)
		if same != (a.Hash() == b.Hash()) {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

func TestAnEntryComesBackAsItWasStored(t *testing.T) {
	for _, role := range append(access.Roles(), 0) {
		e := New(monday, access.Actor{Person: "mari", Role: role, Organisation: "fjordvik", Session: "s1", Consultation: "c1"}, "patient.read", Refused)
		e.By, e.Patient, e.Object = access.Agreement|access.Consent|access.Host, "olav", "patient/olav"
		stored, err := e.Store(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := stored.Entry(); got != e {
			t.Errorf("got %+v, want %+v", got, e)
		}
	}
}

func TestWhatMustNotBeStoredIsRefused(t *testing.T) {
	good := New(monday, access.Actor{}, "emergency.open", Done)
	good.Patient, good.Reason = "olav", "medvitslaus"
	for name, c := range map[string]struct {
		change func(*Entry)
		sealed []byte
	}{
		"no id":                       {func(e *Entry) { e.ID = "" }, []byte{1}},
		"no time":                     {func(e *Entry) { e.At = time.Time{} }, []byte{1}},
		"no action":                   {func(e *Entry) { e.Action = "" }, []byte{1}},
		"no outcome":                  {func(e *Entry) { e.Outcome = "" }, []byte{1}},
		"a reason about nobody":       {func(e *Entry) { e.Patient = "" }, []byte{1}},
		"a reason that isn't sealed":  {func(*Entry) {}, nil},
		"something sealed, no reason": {func(e *Entry) { e.Reason = "" }, []byte{1}},
	} {
		e := good
		c.change(&e)
		if _, err := e.Store(c.sealed); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
	if _, err := good.Store([]byte{1}); err != nil {
		t.Error(err)
	}
}

func TestASealerIsToldWhatItLacks(t *testing.T) {
	file, err := OpenHeads(filepath.Join(t.TempDir(), "heads"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	for want, cfg := range map[string]SealerConfig{
		"Store":           {Heads: file, Keys: []ed25519.PrivateKey{key}},
		"needs a key":     {Heads: file, Store: (*nowhere)(nil)},
		"must have 64":    {Heads: file, Store: (*nowhere)(nil), Keys: []ed25519.PrivateKey{key[:32]}},
		"at most 1s":      {Heads: file, Store: (*nowhere)(nil), Keys: []ed25519.PrivateKey{key}, Every: time.Minute},
		"not be negative": {Heads: file, Store: (*nowhere)(nil), Keys: []ed25519.PrivateKey{key}, Batch: -1},
	} {
		if _, err := NewSealer(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// nowhere is a store that nobody asks.
type nowhere struct{ SealStore }

func TestALineThatIsNoHeadIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "heads")
	if err := os.WriteFile(path, []byte("{\"number\":1,\"chain\":\""+Hash{}.String()+"\"}\nrubbish\n{\"number\":3,\"chain\":\"short\"}\n{\"number\":4"), 0o600); err != nil {
		t.Fatal(err)
	}
	heads, err := FileHeads(path)
	if err != nil {
		t.Fatal(err)
	}
	var wrong []int
	lines := 0
	for _, err := range heads {
		lines++
		if line, ok := errors.AsType[*LineError](err); ok {
			wrong = append(wrong, line.Line)
		}
	}
	// The last line was never finished: that isn't wrong.
	if lines != 3 || !slices.Equal(wrong, []int{2, 3}) {
		t.Errorf("%d lines, wrong are %v", lines, wrong)
	}
	if _, err := OpenHeads(path); err == nil {
		t.Error("a sealer goes on with a damaged file")
	}
}

func TestActionsNamesEachOfTheRecordsOnce(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "action.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{}
	for _, a := range access.Actions() {
		want = append(want, a.String())
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if c, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(c.Names[0].Name, "Action") {
			name, err := strconv.Unquote(c.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Error(err)
			}
			want = append(want, name)
		}
		return true
	})
	got := Actions()
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
