package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/samkonsult/samkonsult/"

// arrows says which packages of the house each one may import. What is not named is
// forbidden; a new package gets its line here and its reason in its doc comment. Tests may
// import what they like.
var arrows = map[string][]string{
	"cmd/samkonsult": {"*"}, // the only place that imports everything: it wires
	"cmd/gents":      {"signaling/protocol", "internal/httpapi", "internal/access", "internal/audit"},

	"sfu":         {"sfu/forward", "sfu/batch"},
	"sfu/forward": {},
	"sfu/batch":   {},
	"sfu/sfutest": {"sfu", "sfu/forward", "signaling/protocol"},

	"scheduling": {"internal/access", "internal/audit", "internal/notify"},
	"clinical":   {"clinical/photo", "internal/access", "internal/audit", "internal/notify"},

	"clinical/photo":        {},                                                // reads what strangers send, and knows of nothing else
	"clinical/clinicaltest": {"clinical", "internal/access", "internal/audit"}, // a store in memory

	"signaling":             {"sfu", "signaling/protocol"},
	"signaling/protocol":    {},
	"signaling/journaltest": {"signaling", "signaling/protocol"}, // what each Journal must pass
	"signaling/cluster":     {"signaling", "signaling/protocol"}, // implements signaling's Directory

	"signaling/cluster/redistest": {},

	"internal/httpapi": {
		"scheduling", "clinical", "internal/identity", "internal/access", "internal/audit", "internal/fhir", "web",
		"internal/idempotency",
		"internal/ical",      // calendars that other programs read are answers, too
		"signaling/protocol", // a consultation and its people are one type, before the call and in it
	},
	"internal/fhir":        {"scheduling", "clinical", "internal/identity", "internal/access"},
	"internal/access":      {},
	"internal/idempotency": {"internal/access"}, // asked by the API, kept by the store
	"internal/audit":       {"internal/access"},
	"internal/notify":      {"internal/access"},
	"internal/identity":    {"internal/access", "internal/audit", "internal/notify"},
	"internal/demo":        {"clinical", "internal/access", "internal/identity", "scheduling", "signaling", "signaling/protocol"}, // and signaling, for load tests' seats
	"internal/register":    {"internal/access", "internal/identity", "scheduling"},                                                // the directory as booking asks for it
	"internal/ical":        {},                                                                                                    // calendars of people: nothing of the house is needed to read or write one
	"internal/letters":     {"internal/access", "internal/ical", "internal/identity", "internal/notify", "scheduling"},            // what the outbox's messages say
	"internal/keyring":     {},                                                                                                    // drawn from by those who encrypt, sign and hash
	"internal/oneport":     {},
	"internal/store": { // implements every Store
		"signaling", "signaling/protocol", "scheduling", "clinical", "internal/identity", "internal/audit", "internal/notify", "internal/access", "internal/keyring", "internal/idempotency",
	},
	"internal/store/dbtest":    {},
	"internal/store/storetest": {"internal/store", "internal/store/dbtest", "internal/keyring"},
	"web":                      {},

	"loadtest":        {"loadtest/client", "sfu/batch", "sfu/forward", "signaling/protocol"},
	"loadtest/client": {"sfu/batch", "sfu/forward", "signaling/protocol"},
}

// pure packages have no goroutine, lock, clock or log, so that they can be tested as arithmetic.
var pure = map[string][]string{
	"sfu/forward": {"context", "log", "log/slog", "net", "net/netip", "os", "sync", "sync/atomic"},
}

// walk calls do for every file of the module that ends so, with its path from the root.
func walk(t *testing.T, ending string, do func(path string)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == "node_modules" || name == "testdata" || name == "dist" || name == "var" || name == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(path, ending) {
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			do(filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryImportFollowsAnArrow(t *testing.T) {
	packages := map[string]bool{}
	walk(t, ".go", func(path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		from := filepath.ToSlash(filepath.Dir(path))
		packages[from] = true
		allowed, known := arrows[from]
		if !known {
			t.Errorf("package %s has no line in the table of arrows", from)
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", path), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(pure[from], name) {
				t.Errorf("%s imports %s: %s is arithmetic only", path, name, from)
			}
			to, ours := strings.CutPrefix(name, module)
			if ours && !slices.Contains(allowed, to) && !slices.Contains(allowed, "*") {
				t.Errorf("%s imports %s: no arrow leads from %s there", path, to, from)
			}
		}
	})
	// The walk has seen the house, and nothing in the table is a leftover.
	for from := range arrows {
		if !packages[from] {
			t.Errorf("the table of arrows has a line for %s, which is not there", from)
		}
	}
}

func TestOneFileOfThePageTouchesThePeerConnection(t *testing.T) {
	const only = "web/src/call/rtc.ts"
	seen := false
	for _, ending := range []string{".ts", ".tsx"} {
		walk(t, ending, func(path string) {
			if !strings.HasPrefix(path, "web/src/") {
				return
			}
			text, err := os.ReadFile(filepath.Join("..", "..", path))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), "RTCPeerConnection") {
				if path != only {
					t.Errorf("%s mentions RTCPeerConnection: only %s does", path, only)
				}
				seen = true
			}
		})
	}
	if !seen {
		t.Errorf("%s is not there any more: who makes the connection now?", only)
	}
}
