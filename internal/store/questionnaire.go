package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// Questions keeps questionnaires' answers and the work list, as a clinical.QuestionStore.
type Questions struct{ db *DB }

// Questions returns the forms and the work list.
func (db *DB) Questions() *Questions { return &Questions{db} }

var _ clinical.QuestionStore = (*Questions)(nil)

// Record implements clinical.QuestionStore.
func (s *Questions) Record(ctx context.Context, entries []audit.Entry) error {
	return s.db.change(ctx, entries, nil, func(*tx) error { return nil })
}

// formDetails is what forms.details holds. Fields are kept for good: what has been kept must be
// read by every later version.
type formDetails struct {
	Questionnaire clinical.QuestionnaireID `json:"questionnaire"`
	Edition       string                   `json:"edition"`
	Asked         *clinical.Ask            `json:"asked,omitempty"`
	Consultation  string                   `json:"consultation,omitempty"`
	Answers       []clinical.FormAnswer    `json:"answers,omitempty"`
	Author        *clinical.Author         `json:"author,omitempty"`
	Completed     time.Time                `json:"completed,omitzero"`
	Score         *clinical.Score          `json:"score,omitempty"`
	Alarm         bool                     `json:"alarm,omitempty"`
	Reason        string                   `json:"reason,omitempty"`
	Key           string                   `json:"key,omitempty"`
}

const formColumns = "id, patient, version, status, made_at, changed_at, details"

// formRow is a row of forms, its details still sealed.
type formRow struct {
	clinical.Form
	details []byte
}

func scanForm(row scanner) (r formRow, err error) {
	var made, changed int64
	err = row.Scan(&r.ID, &r.Patient, &r.Version, &r.Status, &made, &changed, &r.details)
	r.Made, r.Changed = momentOf(made), momentOf(changed)
	return r, err
}

// formCell binds a form's details to the version that they are of: an earlier one must not open as
// the latest.
func formCell(id clinical.FormID, version int64) string {
	return cell("forms", "details", string(id)+"/"+strconv.FormatInt(version, 10))
}

func (t *tx) sealForm(f clinical.Form) ([]byte, error) {
	return t.sealJSON(string(f.Patient), formCell(f.ID, f.Version), formDetails{
		f.Questionnaire, f.Edition, f.Asked, f.Consultation, f.Answers, f.Author, f.Completed, f.Score, f.Alarm, f.Reason, f.Key,
	})
}

// openForm opens a row; ErrErased when its patient is.
func (t *tx) openForm(r formRow) (clinical.Form, error) {
	var d formDetails
	if err := t.openJSON(string(r.Patient), formCell(r.ID, r.Version), r.details, &d); err != nil {
		return clinical.Form{}, err
	}
	f := r.Form
	f.Questionnaire, f.Edition, f.Asked, f.Consultation, f.Answers = d.Questionnaire, d.Edition, d.Asked, d.Consultation, d.Answers
	f.Author, f.Completed, f.Score, f.Alarm, f.Reason, f.Key = d.Author, d.Completed, d.Score, d.Alarm, d.Reason, d.Key
	return f, nil
}

func (t *tx) openForms(rows []formRow) (out []clinical.Form, err error) {
	for _, r := range rows {
		f, err := t.openForm(r)
		if errors.Is(err, ErrErased) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// AddForm implements clinical.FormStore.
func (s *Questions) AddForm(ctx context.Context, f clinical.Form, work []clinical.Work, entries []audit.Entry, out []notify.Message) error {
	err := s.db.change(ctx, entries, out, func(t *tx) error {
		details, err := t.sealForm(f)
		if err != nil {
			return err
		}
		due := time.Time{}
		if f.Asked != nil {
			due = f.Asked.Due
		}
		n, err := t.exec("INSERT INTO forms ("+formColumns+", due_at, scored) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING",
			string(f.ID), string(f.Patient), f.Version, string(f.Status), f.Made.UnixMilli(), f.Changed.UnixMilli(), details, msOrNone(due), scored(f))
		if err := changed(n, err, clinical.ErrKeyTaken); err != nil {
			return err
		}
		return t.addAllWork(work)
	})
	return erasedAsMissing("add form", string(f.ID), err)
}

// scored says that no score of a form waits to be carried on.
func scored(f clinical.Form) bool { return f.Status.Open() || f.Score == nil }

func (t *tx) addAllWork(work []clinical.Work) error {
	for _, w := range work {
		if err := t.addWork(w); err != nil {
			return err
		}
	}
	return nil
}

// SaveForm implements clinical.FormStore.
func (s *Questions) SaveForm(ctx context.Context, f clinical.Form, work []clinical.Work, entries []audit.Entry, out []notify.Message) (clinical.Form, error) {
	rests := f.Version
	f.Version++
	err := s.db.change(ctx, entries, out, func(t *tx) error {
		r, err := one(t, clinical.ErrNotFound, scanForm, "SELECT "+formColumns+" FROM forms WHERE id = $1 AND patient = $2", string(f.ID), string(f.Patient))
		if err != nil {
			return err
		}
		if r.Version != rests {
			return clinical.ErrVersion
		}
		if !r.Status.Open() {
			if _, err := t.exec("INSERT INTO form_versions (id, version, status, changed_at, details) VALUES ($1, $2, $3, $4, $5)",
				string(r.ID), r.Version, string(r.Status), r.Changed.UnixMilli(), r.details); err != nil {
				return err
			}
		}
		details, err := t.sealForm(f)
		if err != nil {
			return err
		}
		n, err := t.exec("UPDATE forms SET version = $3, status = $4, changed_at = $5, details = $6, scored = $7 WHERE id = $1 AND version = $2",
			string(f.ID), rests, f.Version, string(f.Status), f.Changed.UnixMilli(), details, scored(f))
		if err := changed(n, err, clinical.ErrVersion); err != nil {
			return err
		}
		return t.addAllWork(work)
	})
	return f, erasedAsMissing("save form", string(f.ID), err)
}

// erasedAsMissing says of a patient who is erased what is said of one who never was.
func erasedAsMissing(what, id string, err error) error {
	if errors.Is(err, ErrErased) {
		err = clinical.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", what, id, err)
	}
	return nil
}

// Forms implements clinical.FormStore.
func (s *Questions) Forms(ctx context.Context, patient access.PersonID, ids ...clinical.FormID) (out []clinical.Form, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		query, args := "SELECT "+formColumns+" FROM forms WHERE patient = $1", []any{string(patient)}
		if len(ids) > 0 {
			among, argument := t.oneOf("id", "$2", texts(ids))
			query, args = query+" AND "+among, append(args, argument)
		}
		rows, err := all(t, scanForm, query+" ORDER BY made_at DESC, id DESC", args...)
		if err != nil {
			return err
		}
		out, err = t.openForms(rows)
		return err
	})
	return out, err
}

// FormVersions implements clinical.FormStore.
func (s *Questions) FormVersions(ctx context.Context, patient access.PersonID, id clinical.FormID) (out []clinical.Form, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		rows, err := all(t, scanForm, `SELECT v.id, f.patient, v.version, v.status, f.made_at, v.changed_at, v.details
			FROM form_versions v JOIN forms f ON f.id = v.id WHERE v.id = $1 AND f.patient = $2 ORDER BY v.version`, string(id), string(patient))
		if err != nil {
			return err
		}
		out, err = t.openForms(rows)
		return err
	})
	return out, err
}

// Unscored implements clinical.ScoreQueue.
func (s *Questions) Unscored(ctx context.Context, most int) (out []clinical.Form, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		rows, err := all(t, scanForm, "SELECT "+formColumns+" FROM forms WHERE NOT scored ORDER BY changed_at, id LIMIT $1", most)
		if err != nil {
			return err
		}
		out, err = t.openForms(rows)
		return err
	})
	return out, err
}

// Scored implements clinical.ScoreQueue. A form that was changed meanwhile waits for its new score.
func (s *Questions) Scored(ctx context.Context, id clinical.FormID, version int64) error {
	return s.db.change(ctx, nil, nil, func(t *tx) error {
		_, err := t.exec("UPDATE forms SET scored = TRUE WHERE id = $1 AND version = $2 AND NOT scored", string(id), version)
		return err
	})
}

// eraseForms takes away what a patient is asked and has answered, and the work that came of it.
func (t *tx) eraseForms(patient access.PersonID) error {
	for _, table := range []string{"forms", "work", "asked_values"} { // and form_versions with the first
		if _, err := t.exec("DELETE FROM "+table+" WHERE patient = $1", string(patient)); err != nil {
			return err
		}
	}
	return nil
}

// workColumns are those that scanWork reads.
const workColumns = "id, kind, organisation, patient, made_at, contact, deputy, tell_at, acknowledged_at, why, acknowledged"

type workRow struct {
	clinical.Work
	at                int64 // of the acknowledgement; 0: none
	why, acknowledged []byte
}

func scanWork(row scanner) (r workRow, err error) {
	var made, tell int64
	err = row.Scan(&r.ID, &r.Kind, &r.Organisation, &r.Patient, &made, &r.Contact, &r.Deputy, &tell, &r.at, &r.why, &r.acknowledged)
	r.Made, r.TellAt = momentOf(made), momentOrNone(tell)
	return r, err
}

func whyCell(id clinical.WorkID) string          { return cell("work", "why", string(id)) }
func acknowledgedCell(id clinical.WorkID) string { return cell("work", "acknowledged", string(id)) }

func (t *tx) addWork(w clinical.Work) error {
	why, err := t.sealJSON(string(w.Patient), whyCell(w.ID), w.Why)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO work ("+workColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, NULL)",
		string(w.ID), string(w.Kind), string(w.Organisation), string(w.Patient), w.Made.UnixMilli(), string(w.Contact), string(w.Deputy), msOrNone(w.TellAt), why)
	return err
}

// openWork opens a row; ErrErased when its patient is.
func (t *tx) openWork(r workRow) (clinical.Work, error) {
	if err := t.openJSON(string(r.Patient), whyCell(r.ID), r.why, &r.Why); err != nil {
		return clinical.Work{}, err
	}
	if r.at != 0 {
		r.Acknowledged = &clinical.Acknowledged{}
		if err := t.openJSON(string(r.Patient), acknowledgedCell(r.ID), r.acknowledged, r.Acknowledged); err != nil {
			return clinical.Work{}, err
		}
	}
	return r.Work, nil
}

// Work implements clinical.WorkStore.
func (s *Questions) Work(ctx context.Context, of access.OrganisationID, acknowledgedSince time.Time, most int) (out []clinical.Work, err error) {
	query, args := "acknowledged_at = 0 ORDER BY made_at, id LIMIT $2", []any{string(of), most}
	if !acknowledgedSince.IsZero() {
		query, args = "acknowledged_at >= $3 ORDER BY acknowledged_at DESC, id LIMIT $2", append(args, max(1, acknowledgedSince.UnixMilli()))
	}
	err = s.db.read(ctx, func(t *tx) error {
		out = nil
		rows, err := all(t, scanWork, "SELECT "+workColumns+" FROM work WHERE organisation = $1 AND "+query, args...)
		if err != nil {
			return err
		}
		patients := make([]string, len(rows))
		for i, r := range rows {
			patients[i] = string(r.Patient)
		}
		if err := t.warm(patients); err != nil {
			return err
		}
		for _, r := range rows {
			w, err := t.openWork(r)
			if errors.Is(err, ErrErased) {
				continue
			}
			if err != nil {
				return err
			}
			out = append(out, w)
		}
		return nil
	})
	return out, err
}

// errAcknowledged rolls back what comes second.
var errAcknowledged = errors.New("is acknowledged")

// AcknowledgeWork implements clinical.WorkStore.
func (s *Questions) AcknowledgeWork(ctx context.Context, id clinical.WorkID, of access.OrganisationID, a clinical.Acknowledged, entries []audit.Entry) (w clinical.Work, first bool, err error) {
	const query = "SELECT " + workColumns + " FROM work WHERE id = $1 AND organisation = $2"
	entries = slices.Clone(entries)
	err = s.db.change(ctx, entries, nil, func(t *tx) error {
		r, err := one(t, clinical.ErrNotFound, scanWork, query, string(id), string(of))
		if err != nil {
			return err
		}
		if w, err = t.openWork(r); err != nil {
			return err
		}
		if w.Acknowledged != nil {
			return errAcknowledged
		}
		sealed, err := t.sealJSON(string(w.Patient), acknowledgedCell(id), a)
		if err != nil {
			return err
		}
		n, err := t.exec("UPDATE work SET acknowledged_at = $2, acknowledged = $3, tell_at = 0 WHERE id = $1 AND acknowledged_at = 0", string(id), a.At.UnixMilli(), sealed)
		if err := changed(n, err, errAcknowledged); err != nil {
			return err
		}
		for i := range entries {
			entries[i].Patient = w.Patient
		}
		return nil
	})
	if errors.Is(err, errAcknowledged) {
		err = s.db.read(ctx, func(t *tx) error {
			r, err := one(t, clinical.ErrNotFound, scanWork, query, string(id), string(of))
			if err != nil {
				return err
			}
			w, err = t.openWork(r)
			return err
		})
		return w, false, erasedAsMissing("work", string(id), err)
	}
	if err != nil {
		return clinical.Work{}, false, erasedAsMissing("acknowledge work", string(id), err)
	}
	w.Acknowledged, w.TellAt = &a, time.Time{}
	return w, true, nil
}

// Overdue implements clinical.WorkStore.
func (s *Questions) Overdue(ctx context.Context, now time.Time, most int) (out []clinical.Overdue, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		out, err = all(t, func(row scanner) (w clinical.Overdue, err error) { return w, row.Scan(&w.ID, &w.Contact, &w.Deputy) },
			"SELECT id, contact, deputy FROM work WHERE tell_at > 0 AND tell_at <= $1 ORDER BY tell_at, id LIMIT $2", now.UnixMilli(), most)
		return err
	})
	return out, err
}

// EscalateWork implements clinical.WorkStore.
func (s *Questions) EscalateWork(ctx context.Context, id clinical.WorkID, at time.Time, out []notify.Message) (bool, error) {
	err := s.db.change(ctx, nil, out, func(t *tx) error {
		n, err := t.exec("UPDATE work SET tell_at = 0 WHERE id = $1 AND tell_at > 0 AND tell_at <= $2 AND acknowledged_at = 0", string(id), at.UnixMilli())
		return changed(n, err, errAcknowledged)
	})
	if errors.Is(err, errAcknowledged) {
		return false, nil
	}
	return err == nil, err
}

// WorkState is whose work is, and whether it is open; it tells nothing of a patient. Work that is
// not there is not open.
func (s *Questions) WorkState(ctx context.Context, id string) (of access.OrganisationID, open bool, err error) {
	err = s.db.read(ctx, func(t *tx) error {
		of, err = one(t, clinical.ErrNotFound, func(row scanner) (of access.OrganisationID, err error) { return of, row.Scan(&of, &open) },
			"SELECT organisation, acknowledged_at = 0 FROM work WHERE id = $1", id)
		if errors.Is(err, clinical.ErrNotFound) {
			return nil
		}
		return err
	})
	return of, open, err
}
