package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/samkonsult/samkonsult/internal/store/dbtest"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/journaltest"
)

func TestTheJournalInTheStore(t *testing.T) {
	for name, empty := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			journaltest.Run(t, func(t *testing.T) signaling.Journal { return newPlace(t, empty(t)).open(t).Journal() })
		})
	}
}

func TestTheJournalSurvivesARestart(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		before := p.open(t)
		must(t, before.Journal().Record(t.Context(), "c1", signaling.SeatAdmitted{Participant: "olav", By: "mari", At: p.clock.Now()}))
		epoch, err := before.Journal().Epoch(t.Context(), "c1")
		must(t, err)
		closed(t, before)
		after := p.open(t).Journal()
		state, err := after.Open(t.Context(), "c1")
		if must(t, err); !state.Admitted["olav"] {
			t.Errorf("after a restart: %+v", state)
		}
		if next, err := after.Epoch(t.Context(), "c1"); err != nil || next <= epoch {
			t.Errorf("epoch %d after %d, %v", next, epoch, err)
		}
	})
}

// An entry without a name could not be kept: signaling's own source tells which there are.
func TestEveryKindOfEntryHasAName(t *testing.T) {
	files, err := filepath.Glob("../../signaling/*.go")
	must(t, err)
	found := map[string]bool{}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		must(t, err)
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "Apply" && f.Recv != nil {
				found[f.Recv.List[0].Type.(*ast.Ident).Name] = true
			}
		}
	}
	for name, kind := range entryKinds {
		e, err := kind.read([]byte("{}"))
		must(t, err)
		typeName := reflect.TypeOf(e).Name()
		if !found[typeName] {
			t.Errorf("%s names %s, which signaling doesn't have", name, typeName)
		}
		delete(found, typeName)
	}
	for name := range found {
		t.Errorf("signaling.%s has no name in entryKinds", name)
	}
}
