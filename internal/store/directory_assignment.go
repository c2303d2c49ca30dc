package store

import (
	"fmt"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// assignmentWords is what assignments.words holds, sealed with the person's key.
type assignmentWords struct {
	Title      string `json:"title"`
	Competence string `json:"competence,omitempty"`
}

func assignmentCell(id string) string { return cell("assignments", "words", id) }

// assignmentRow is a row of assignments, its words still sealed.
type assignmentRow struct {
	identity.Assignment
	words []byte
}

const assignmentColumns = "id, person, organisation, unit, role, words, from_day, until_day"

func scanAssignment(row scanner) (r assignmentRow, err error) {
	var role string
	if err := row.Scan(&r.ID, &r.Person, &r.Organisation, &r.Unit, &role, &r.words, &r.From, &r.Until); err != nil {
		return r, err
	}
	r.Role, err = access.ParseRole(role)
	return r, err
}

// assignments are a person's, also those that have ended or not begun, in their order.
func (t *tx) assignments(person access.PersonID) ([]identity.Assignment, error) {
	return t.queryAssignments("SELECT "+assignmentColumns+" FROM assignments WHERE person = $1 ORDER BY position", string(person))
}

func (t *tx) queryAssignments(query string, args ...any) ([]identity.Assignment, error) {
	rows, err := all(t, scanAssignment, query, args...)
	if err != nil {
		return nil, err
	}
	out := make([]identity.Assignment, len(rows))
	for i, r := range rows {
		var w assignmentWords
		if err := t.openJSON(string(r.Person), assignmentCell(r.ID), r.words, &w); err != nil {
			return nil, err
		}
		out[i] = r.Assignment
		out[i].Title, out[i].Competence = w.Title, w.Competence
	}
	return out, nil
}

// saveAssignments makes the person's assignments these, and no others.
func (t *tx) saveAssignments(person access.PersonID, now []identity.Assignment) error {
	kept := make([]string, len(now))
	for i, a := range now {
		kept[i] = a.ID
	}
	gone, argument := t.oneOf("id", "$2", kept)
	if _, err := t.exec("DELETE FROM assignments WHERE person = $1 AND NOT ("+gone+")", string(person), argument); err != nil {
		return err
	}
	for i, a := range now {
		words, err := t.sealJSON(string(person), assignmentCell(a.ID), assignmentWords{a.Title, a.Competence})
		if err != nil {
			return err
		}
		n, err := t.exec(`INSERT INTO assignments (id, person, position, organisation, unit, role, words, from_day, until_day)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (id) DO UPDATE SET position = excluded.position, organisation = excluded.organisation, unit = excluded.unit,
				role = excluded.role, words = excluded.words, from_day = excluded.from_day, until_day = excluded.until_day
			WHERE assignments.person = excluded.person`,
			a.ID, string(person), i, string(a.Organisation), a.Unit, a.Role.String(), words, string(a.From), string(a.Until))
		if err := changed(n, err, fmt.Errorf("assignment %s is another's: %w", a.ID, identity.ErrExists)); err != nil {
			return err
		}
	}
	return nil
}
