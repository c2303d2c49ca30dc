package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// house copies the two packages that are read into a folder, with one more file beside
// the protocol's own.
func house(t *testing.T, more string) string {
	t.Helper()
	root := t.TempDir()
	for _, dir := range []string{"signaling/protocol", "internal/httpapi"} {
		if err := os.CopyFS(filepath.Join(root, dir), os.DirFS(filepath.Join("../..", dir))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "signaling/protocol/more.go"), []byte("package protocol\n"+more), 0o600); err != nil {
		t.Fatal(err)
	}
	return root
}

func TestAMessageThatNobodyListsIsAnError(t *testing.T) {
	_, err := generate(house(t, "type Wave struct {\n\tHand string `json:\"hand\"`\n}"))
	if err == nil || !strings.Contains(err.Error(), "protocol.Wave is reached from no message") {
		t.Errorf("generate = %v", err)
	}
}

func TestWhatIsNotForTheWireIsLeftOut(t *testing.T) {
	out, err := generate(house(t, "type inner struct{ A int `json:\"a\"` }\n\ntype Decoder struct{ n int }\n\ntype Handler func()\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"inner", "Decoder", "Handler"} {
		if strings.Contains(string(out), word) {
			t.Errorf("%s is generated", word)
		}
	}
}

// write gives the TypeScript of one struct, with its check.
func write(t *testing.T, source string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.go"), []byte("package x\n"+source), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := readPackage(dir)
	if err != nil {
		return "", err
	}
	w := &writer{pkgs: map[string]*pkg{"x": p}, done: map[string]bool{}, message: map[string]bool{"T": true}, checked: map[string]bool{}}
	err = w.structType(p, "T", true)
	return w.enums.String() + w.ifaces.String() + w.checks.String(), err
}

func TestFieldsBecomeWhatJSONMakesOfThem(t *testing.T) {
	out, err := write(t, `
// Colour of a line.
type Colour string
const (
	Red  Colour = "red" // stop
	None Colour = ""
)
type Point struct {
	X int `+"`json:\"x\"`"+`
}
// T is a message. It */ ends nothing.
type T struct {
	Name    string   `+"`json:\"name\"`"+` // as written
	On      bool     `+"`json:\"on,omitempty\"`"+`
	At      *Point   `+"`json:\"at\"`"+`
	Perhaps *Point   `+"`json:\"perhaps,omitempty\"`"+`
	All     []Colour `+"`json:\"all\"`"+`
	Hidden  string   `+"`json:\"-\"`"+`
	secret  string
}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"export const colourValues = [\n  /** stop */\n  'red',\n  '',\n] as const\n/** Colour of a line. */\nexport type Colour = ",
		"/** T is a message. It *\\/ ends nothing. */\nexport interface T {\n  type: 't'\n  /** as written */\n  name: string\n  on?: boolean\n  at: Point | null\n  perhaps?: Point\n  all: Colour[]\n}",
		"  on: optional(truth),\n  at: orNull(checkPoint),\n  perhaps: optional(checkPoint),\n  all: list(oneOf(colourValues)),\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%s\nis not in\n%s", want, out)
		}
	}
	if strings.Index(out, "const checkPoint") > strings.Index(out, "const checkT") {
		t.Error("a check stands before one that it needs")
	}
}

func TestWhatTypeScriptCantCheckIsRefused(t *testing.T) {
	for name, source := range map[string]string{
		"a map":                   "type T struct{ M map[string]int `json:\"m\"` }",
		"anything":                "type T struct{ A any `json:\"a\"` }",
		"another package's type":  "type T struct{ A time.Time `json:\"a\"` }",
		"an enum without values":  "type E string\ntype T struct{ E E `json:\"e\"` }",
		"two fields on one line":  "type T struct{ A, B int `json:\"a\"` }",
		"a field that says type":  "type T struct{ Type string `json:\"type\"` }",
		"a field without a name":  "type T struct{ A int `json:\",omitempty\"` }",
		"a list of perhaps-there": "type P struct{ X int `json:\"x\"` }\ntype T struct{ A []*P `json:\"a\"` }",
	} {
		t.Run(name, func(t *testing.T) {
			if out, err := write(t, source); err == nil {
				t.Errorf("generated:\n%s", out)
			}
		})
	}
}
