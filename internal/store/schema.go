package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// tableSchema is a table as the database describes it.
type tableSchema struct {
	name    string
	columns []columnSchema
	refers  []string // tables that its foreign keys lead to, without itself
}

type columnSchema struct {
	name     string
	kind     string // the database's own word
	nullable bool
}

func (t tableSchema) column(name string) (columnSchema, bool) {
	i := slices.IndexFunc(t.columns, func(c columnSchema) bool { return c.name == name })
	if i < 0 {
		return columnSchema{}, false
	}
	return t.columns[i], true
}

func (t tableSchema) columnNames() []string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return names
}

func (c columnSchema) bytes() bool { return c.kind == "BLOB" || c.kind == "bytea" }

// tables describes the schema, so that each table comes after those that it refers to.
func (d *database) tables(ctx context.Context, t *sql.Tx) ([]tableSchema, error) {
	columns, references := d.dialect.catalog()
	byName := map[string]*tableSchema{}
	rows, err := t.QueryContext(ctx, columns)
	if err != nil {
		return nil, fmt.Errorf("describe tables: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var table string
		var c columnSchema
		if err := rows.Scan(&table, &c.name, &c.kind, &c.nullable); err != nil {
			return nil, fmt.Errorf("describe tables: %w", err)
		}
		if byName[table] == nil {
			byName[table] = &tableSchema{name: table}
		}
		byName[table].columns = append(byName[table].columns, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("describe tables: %w", err)
	}
	rows, err = t.QueryContext(ctx, references)
	if err != nil {
		return nil, fmt.Errorf("describe foreign keys: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var from, to string
		if err := rows.Scan(&from, &to); err != nil {
			return nil, fmt.Errorf("describe foreign keys: %w", err)
		}
		if from != to {
			byName[from].refers = append(byName[from].refers, to)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("describe foreign keys: %w", err)
	}
	return ordered(byName)
}

// ordered puts tables after those that they refer to, and otherwise by name.
func ordered(tables map[string]*tableSchema) ([]tableSchema, error) {
	var out []tableSchema
	done := map[string]bool{}
	for len(out) < len(tables) {
		var ready []tableSchema
		for name, table := range tables {
			if !done[name] && !slices.ContainsFunc(table.refers, func(to string) bool { return !done[to] }) {
				ready = append(ready, *table)
			}
		}
		if len(ready) == 0 {
			return nil, fmt.Errorf("foreign keys of the schema lead in a circle")
		}
		slices.SortFunc(ready, func(a, b tableSchema) int { return cmp.Compare(a.name, b.name) })
		for _, table := range ready {
			done[table.name] = true
		}
		out = append(out, ready...)
	}
	return out, nil
}
