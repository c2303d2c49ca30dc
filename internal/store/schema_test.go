package store

import (
	"database/sql"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"
)

// documented reads the list in doc.go: each column's class by table and column.
func documented(t *testing.T) map[string]map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	must(t, err)
	tables := map[string]map[string]string{}
	for line := range strings.Lines(file.Doc.Text()) {
		listed, ok := strings.CutPrefix(line, "\t")
		if !ok {
			continue
		}
		table, classes, _ := strings.Cut(listed, " ")
		tables[table] = map[string]string{}
		for part := range strings.SplitSeq(classes, ";") {
			class, columns, ok := strings.Cut(strings.TrimSpace(part), ":")
			if !ok || !slices.Contains([]string{"plain", "sealed", "hashed"}, class) {
				t.Fatalf("doc.go: %q: want plain:, sealed: or hashed:", listed)
			}
			for column := range strings.FieldsSeq(columns) {
				tables[table][column] = class
			}
		}
	}
	return tables
}

func TestTheListOfColumnsInTheDocIsTheSchema(t *testing.T) {
	listed := documented(t)
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		var tables []tableSchema
		must(t, db.read(t.Context(), func(x *tx) (err error) {
			tables, err = db.main.tables(t.Context(), x.sql.(*sql.Tx))
			return err
		}))
		seen := map[string]bool{}
		for _, table := range tables {
			seen[table.name] = true
			want := listed[table.name]
			for _, c := range table.columns {
				class, ok := want[c.name]
				if !ok {
					t.Errorf("%s.%s is not listed in doc.go: is it plain, sealed or hashed?", table.name, c.name)
				}
				if class == "sealed" && !c.bytes() {
					t.Errorf("%s.%s is said to be sealed and is no column of bytes", table.name, c.name)
				}
			}
			for column := range want {
				if !slices.ContainsFunc(table.columns, func(c columnSchema) bool { return c.name == column }) {
					t.Errorf("doc.go lists %s.%s, which is not there", table.name, column)
				}
			}
		}
		for table := range maps.Keys(listed) {
			if !seen[table] {
				t.Errorf("doc.go lists the table %s, which is not there", table)
			}
		}
	})
}
