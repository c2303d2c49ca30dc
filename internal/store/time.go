package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/scheduling"
)

// longestClaim is the schema's: a row of busy is at most so long.
const longestClaim = 32 * time.Hour

// Time returns what is known of the subjects' time.
func (s *Appointments) Time(ctx context.Context, subjects []scheduling.Subject, from, until time.Time) (out scheduling.Time, err error) {
	ids := make([]string, len(subjects))
	for i, subject := range subjects {
		ids[i] = string(subject)
	}
	err = s.db.read(ctx, func(t *tx) error {
		out = scheduling.Time{}
		if out.Claims, err = t.claims(ids, from, until); err != nil {
			return err
		}
		among, argument := t.oneOf("subject", "$1", ids)
		if out.Hours, err = all(t, scanHours, "SELECT subject, organisation, version, rules FROM hours WHERE "+among, argument); err != nil {
			return err
		}
		// Why somebody is away is not asked for, and stays sealed.
		rows, err := all(t, scanAbsence, "SELECT "+absenceColumns+" FROM absences WHERE "+among+" AND ends > $2 AND starts < $3 ORDER BY starts, id",
			argument, from.UnixMilli(), until.UnixMilli())
		if err != nil {
			return err
		}
		for _, r := range rows {
			out.Absences = append(out.Absences, r.Absence)
		}
		out.Elsewhere, err = all(t, scanElsewhere, "SELECT subject, starts, ends FROM elsewhere WHERE "+among+" AND ends > $2 AND starts < $3 ORDER BY starts",
			argument, from.UnixMilli(), until.UnixMilli())
		return err
	})
	if err != nil {
		return out, fmt.Errorf("time: %w", err)
	}
	return out, nil
}

// claims are the subjects' that touch a stretch of time.
func (t *tx) claims(subjects []string, from, until time.Time) ([]scheduling.Claim, error) {
	among, argument := t.oneOf("subject", "$1", subjects)
	return all(t, func(row scanner) (c scheduling.Claim, err error) {
		var starts, ends int64
		err = row.Scan(&c.Subject, &starts, &ends, &c.Kind, &c.Appointment, &c.Option)
		c.Starts, c.Ends = momentOf(starts), momentOf(ends)
		return c, err
	}, "SELECT subject, starts, ends, kind, appointment, option_id FROM busy WHERE "+among+" AND starts > $2 AND starts < $3 AND ends > $4",
		argument, from.Add(-longestClaim).UnixMilli(), until.UnixMilli(), from.UnixMilli())
}

func scanHours(row scanner) (h scheduling.Hours, err error) {
	var subject, organisation, rules string
	var version int64
	if err := row.Scan(&subject, &organisation, &version, &rules); err != nil {
		return h, err
	}
	if err := json.Unmarshal([]byte(rules), &h); err != nil {
		return h, fmt.Errorf("hours of %s: %w", subject, err)
	}
	h.Subject, h.Organisation, h.Version = scheduling.Subject(subject), access.OrganisationID(organisation), version
	return h, nil
}

func scanElsewhere(row scanner) (e scheduling.Elsewhere, err error) {
	var starts, ends int64
	err = row.Scan(&e.Subject, &starts, &ends)
	e.Starts, e.Ends = momentOf(starts), momentOf(ends)
	return e, err
}

const absenceColumns = "id, subject, organisation, starts, ends, cover, words"

type absenceRow struct {
	scheduling.Absence
	words []byte
}

func scanAbsence(row scanner) (r absenceRow, err error) {
	var starts, ends int64
	err = row.Scan(&r.ID, &r.Subject, &r.Organisation, &starts, &ends, &r.Cover, &r.words)
	r.Starts, r.Ends = momentOf(starts), momentOf(ends)
	return r, err
}

// absenceWords is what absences.words holds, sealed with the person's key: why somebody is
// away may be of their health.
type absenceWords struct {
	Kind scheduling.AbsenceKind `json:"kind"`
}

func absenceCell(id string) string { return cell("absences", "words", id) }

func (t *tx) absence(r absenceRow) (scheduling.Absence, error) {
	var words absenceWords
	err := t.openJSON(string(r.Subject), absenceCell(r.ID), r.words, &words)
	if err != nil && !errors.Is(err, ErrErased) {
		return r.Absence, err
	}
	r.Kind = words.Kind
	if r.Kind == "" {
		r.Kind = scheduling.AwayPlain
	}
	return r.Absence, nil
}

// SaveAbsence adds an absence.
func (s *Appointments) SaveAbsence(ctx context.Context, a scheduling.Absence, entries []audit.Entry) error {
	err := s.db.change(ctx, entries, nil, func(t *tx) error {
		words, err := t.sealJSON(string(a.Subject), absenceCell(a.ID), absenceWords{a.Kind})
		if err != nil {
			return err
		}
		_, err = t.exec("INSERT INTO absences ("+absenceColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7)",
			a.ID, string(a.Subject), string(a.Organisation), a.Starts.UnixMilli(), a.Ends.UnixMilli(), a.Cover, words)
		return err
	})
	if err != nil {
		return fmt.Errorf("save absence %s: %w", a.ID, err)
	}
	return nil
}

// Absence returns one.
func (s *Appointments) Absence(ctx context.Context, id string) (a scheduling.Absence, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		r, err := one(t, scheduling.ErrNotFound, scanAbsence, "SELECT "+absenceColumns+" FROM absences WHERE id = $1", id)
		if err != nil {
			return err
		}
		a, err = t.absence(r)
		return err
	})
	return a, err
}

// Absences are a person's, or all from an organisation.
func (s *Appointments) Absences(ctx context.Context, of scheduling.Subject, from access.OrganisationID, endsAfter time.Time) (out []scheduling.Absence, err error) {
	column, value := "subject", string(of)
	if of == "" {
		column, value = "organisation", string(from)
	}
	err = s.db.read(ctx, func(t *tx) error {
		out = nil
		rows, err := all(t, scanAbsence, "SELECT "+absenceColumns+" FROM absences WHERE "+column+" = $1 AND ends > $2 ORDER BY starts, id", value, endsAfter.UnixMilli())
		if err != nil {
			return err
		}
		for _, r := range rows {
			a, err := t.absence(r)
			if err != nil {
				return err
			}
			out = append(out, a)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("absences: %w", err)
	}
	return out, nil
}

// RemoveAbsence takes one away.
func (s *Appointments) RemoveAbsence(ctx context.Context, id string, entries []audit.Entry) error {
	return s.db.change(ctx, entries, nil, func(t *tx) error {
		n, err := t.exec("DELETE FROM absences WHERE id = $1", id)
		return changed(n, err, scheduling.ErrNotFound)
	})
}

// Hours returns a subject's own.
func (s *Appointments) Hours(ctx context.Context, of scheduling.Subject, in access.OrganisationID) (h scheduling.Hours, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		h, err = one(t, scheduling.ErrNotFound, scanHours, "SELECT subject, organisation, version, rules FROM hours WHERE subject = $1 AND organisation = $2", string(of), string(in))
		return err
	})
	return h, err
}

// SaveHours adds or replaces a subject's hours.
func (s *Appointments) SaveHours(ctx context.Context, h scheduling.Hours, entries []audit.Entry) (scheduling.Hours, error) {
	rules, err := json.Marshal(h)
	if err != nil {
		return h, fmt.Errorf("hours of %s: %w", h.Subject, err)
	}
	err = s.db.change(ctx, entries, nil, func(t *tx) error {
		if h.Version == 0 {
			_, err := t.exec("INSERT INTO hours (subject, organisation, version, rules) VALUES ($1, $2, 1, $3)", string(h.Subject), string(h.Organisation), string(rules))
			return t.exists(err, "hours", scheduling.ErrVersion)
		}
		n, err := t.exec("UPDATE hours SET version = version + 1, rules = $4 WHERE subject = $1 AND organisation = $2 AND version = $3",
			string(h.Subject), string(h.Organisation), h.Version, string(rules))
		return changed(n, err, scheduling.ErrVersion)
	})
	if err != nil {
		return h, fmt.Errorf("save hours of %s: %w", h.Subject, err)
	}
	h.Version++
	return h, nil
}

// Equipment lists organisations'.
func (s *Appointments) Equipment(ctx context.Context, of []access.OrganisationID) (out []scheduling.Equipment, err error) {
	ids := make([]string, len(of))
	for i, o := range of {
		ids[i] = string(o)
	}
	err = s.db.read(ctx, func(t *tx) error {
		among, argument := t.oneOf("organisation", "$1", ids)
		out, err = all(t, func(row scanner) (e scheduling.Equipment, err error) {
			return e, row.Scan(&e.ID, &e.Version, &e.Organisation, &e.Unit, &e.Kind, &e.Name, &e.Active)
		}, "SELECT id, version, organisation, unit, kind, name, active FROM equipment WHERE "+among, argument)
		return err
	})
	return out, err
}

// SaveEquipment adds or changes one.
func (s *Appointments) SaveEquipment(ctx context.Context, e scheduling.Equipment, entries []audit.Entry) (scheduling.Equipment, error) {
	err := s.db.change(ctx, entries, nil, func(t *tx) error {
		if e.Version == 0 {
			_, err := t.exec("INSERT INTO equipment (id, version, organisation, unit, kind, name, active) VALUES ($1, 1, $2, $3, $4, $5, $6)",
				string(e.ID), string(e.Organisation), e.Unit, e.Kind, e.Name, e.Active)
			return t.exists(err, "equipment", scheduling.ErrVersion)
		}
		n, err := t.exec("UPDATE equipment SET version = version + 1, unit = $3, kind = $4, name = $5, active = $6 WHERE id = $1 AND version = $2",
			string(e.ID), e.Version, e.Unit, e.Kind, e.Name, e.Active)
		return changed(n, err, scheduling.ErrVersion)
	})
	if err != nil {
		return e, fmt.Errorf("save equipment %s: %w", e.ID, err)
	}
	e.Version++
	return e, nil
}
