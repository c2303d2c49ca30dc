package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/samkonsult/samkonsult/internal/store/dbtest"
)

// The rules of the schema that rows made up by type alone would break, by table.column: the
// value of the first and the second row.
var madeUp = map[string][2]any{
	"subject_keys.wrapped":     {[]byte{1}, []byte{1}},
	"agreements.b":             {"row2", "row1"}, // between two
	"consents.organisation":    {"row1", "row2"}, // or to a relative
	"people.details":           {[]byte{1}, []byte{1}},
	"appointments.ends":        {3, 4}, // after the start
	"appointment_options.ends": {3, 4},
	"busy.ends":                {3, 4},
	"absences.ends":            {3, 4},
	"revocation_turns.id":      {1, nil}, // the only row
}

// filled writes two rows into each table, each row referring to its like.
func filled(t *testing.T, d *database) map[string]int {
	t.Helper()
	counts := map[string]int{}
	must(t, once(t.Context(), d.writer, nil, func(x *sql.Tx) error {
		tables, err := d.tables(t.Context(), x)
		if err != nil {
			return err
		}
		for _, table := range tables {
			if table.name == "schema_migrations" {
				continue
			}
			for row := range 2 {
				if only, ok := madeUp[table.name+".id"]; ok && only[row] == nil {
					continue
				}
				if err := insertMadeUp(t.Context(), x, table, row); err != nil {
					return fmt.Errorf("row %d of %s: %w (does madeUp lack a rule of it?)", row+1, table.name, err)
				}
				counts[table.name]++
			}
		}
		return nil
	}))
	return counts
}

func insertMadeUp(ctx context.Context, x *sql.Tx, table tableSchema, row int) error {
	var columns, places []string
	var values []any
	for _, c := range table.columns {
		value, ruled := madeUp[table.name+"."+c.name]
		switch {
		case ruled:
			values = append(values, value[row])
		case c.nullable:
			continue
		case c.bytes():
			values = append(values, []byte{byte(row)})
		case strings.EqualFold(c.kind, "text"):
			values = append(values, fmt.Sprint("row", row+1))
		case c.kind == "boolean":
			values = append(values, false)
		default:
			values = append(values, row+1)
		}
		columns = append(columns, c.name)
		places = append(places, fmt.Sprintf("$%d", len(values)))
	}
	_, err := x.ExecContext(ctx, "INSERT INTO "+quoted([]string{table.name})+" ("+quoted(columns)+") VALUES ("+strings.Join(places, ", ")+")", values...)
	return err
}

func schemaOf(t *testing.T, d *database) (tables []tableSchema) {
	t.Helper()
	must(t, d.read(t.Context(), func(x *sql.Tx) (err error) {
		tables, err = d.tables(t.Context(), x)
		return err
	}))
	return tables
}

func TestADatabaseOfEveryEarlierVersionIsBroughtUpWithItsRows(t *testing.T) {
	for _, kind := range []databaseKind{mainDatabase, keysDatabase} {
		known, err := migrations(kind.migrations)
		must(t, err)
		for _, from := range known {
			t.Run(fmt.Sprintf("%s %d", kind.name, from.version), func(t *testing.T) {
				eachEmpty(t, func(t *testing.T, p place) {
					cfg, err := p.checked()
					must(t, err)
					d, err := connect(t.Context(), p.URL, kind, cfg)
					must(t, err)
					defer d.close()
					must(t, d.migrate(t.Context(), from.version, p.clock.Now()))
					counts := filled(t, d)
					for _, m := range known { // one by one, as it was upgraded over the years
						must(t, d.migrate(t.Context(), m.version, p.clock.Now()))
					}
					for table, want := range counts {
						var got int
						must(t, d.reader.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&got))
						if got != want {
							t.Errorf("%s has %d rows, and had %d in version %d", table, got, want, from.version)
						}
					}
				})
			})
		}
	}
}

func TestMigratingAtOnceAndOneByOneGiveTheSameSchema(t *testing.T) {
	dbs := map[string][]tableSchema{}
	for _, way := range []string{"at once", "one by one"} {
		eachEmpty(t, func(t *testing.T, p place) {
			cfg, err := p.checked()
			must(t, err)
			d, err := connect(t.Context(), p.URL, mainDatabase, cfg)
			must(t, err)
			defer d.close()
			known, err := migrations(mainDatabase.migrations)
			must(t, err)
			if way == "at once" {
				known = known[len(known)-1:]
			}
			for _, m := range known {
				must(t, d.migrate(t.Context(), m.version, p.clock.Now()))
			}
			_, kind, _ := strings.Cut(t.Name(), "/")
			if first, ok := dbs[kind]; !ok {
				dbs[kind] = schemaOf(t, d)
			} else if !slices.EqualFunc(first, schemaOf(t, d), func(a, b tableSchema) bool {
				return a.name == b.name && slices.Equal(a.columns, b.columns)
			}) {
				t.Error("another schema")
			}
		})
	}
}

func TestADatabaseThatIsNotOursToMigrateIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ tamper, want string }{
		"a migration was changed":   {"UPDATE schema_migrations SET checksum = 'x' WHERE version = 1", "another migration 1 (core)"},
		"a newer program was here":  {"INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (9999, 'future', 'x', 0)", "migration 9999 (future), which this program does not know"},
		"one is missing in between": {"DELETE FROM schema_migrations WHERE version = 1", "not 1 (core), which comes before it"},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, p place) {
				db := p.open(t)
				_, err := db.main.writer.ExecContext(t.Context(), c.tamper)
				must(t, err)
				closed(t, db)
				for _, readOnly := range []bool{false, true} {
					p.ReadOnly = readOnly
					db, err := Open(t.Context(), p.Config)
					if err == nil || !strings.Contains(err.Error(), c.want) {
						t.Errorf("read only %v: %v, want %q", readOnly, err, c.want)
					}
					if err == nil {
						closed(t, db)
					}
				}
			})
		})
	}
}

func TestNodesThatStartAtOnceMigrateOnce(t *testing.T) {
	p := newPlace(t, dbtest.Postgres(t))
	var all sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		all.Go(func() {
			db, err := Open(context.Background(), p.Config)
			if err == nil {
				err = db.Close()
			}
			errs[i] = err
		})
	}
	all.Wait()
	for i, err := range errs {
		if err != nil {
			t.Errorf("node %d: %v", i, err)
		}
	}
}
