package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// reader collects the facts of a story; the first error stays.
type reader struct {
	ctx   context.Context
	db    *DB
	s     story
	found facts
}

// readStory reads a story's facts, by the domains' own methods where these tell. told are
// the sessions of which all nodes are told that they have ended.
func readStory(ctx context.Context, db *DB, s story, told map[string]bool) (facts, error) {
	r := &reader{ctx, db, s, facts{}}
	for _, step := range []func() error{
		r.patient, r.entries, r.messages, r.files, r.appointment, r.call, r.links,
		func() error { return r.sessions(told) }, r.tickets, r.tries, r.values,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return r.found, nil
}

// keyErased says whether a subject's key is gone for good.
func (r *reader) keyErased(subject string) (bool, error) {
	_, err := r.db.keys.subjectKey(r.ctx, subject)
	switch {
	case errors.Is(err, ErrErased):
		return true, nil
	case errors.Is(err, sql.ErrNoRows): // there has never been one
		return false, nil
	}
	return false, err
}

func (r *reader) patient() error {
	p, err := r.db.Directory().Patient(r.ctx, r.s.Patient, nil)
	if err != nil && !errors.Is(err, identity.ErrNotFound) {
		return err
	}
	if err == nil {
		r.found["patient"] = patientFact(p.Version, p.Name)
		r.found["relative"] = relativeFact(p)
	}
	for name, id := range map[string]access.PersonID{"patient": r.s.Patient, "relative": r.s.relative()} {
		erased, err := r.keyErased(string(id))
		if err != nil {
			return err
		}
		if erased {
			r.found[name] = strings.TrimPrefix(r.found[name]+" erased", " ")
		}
	}
	same, err := r.db.Directory().PatientsByNationalID(r.ctx, r.s.number())
	if slices.Contains(same, r.s.Patient) {
		r.found["number"] = "found"
	}
	if err != nil {
		return err
	}
	return r.each("SELECT id FROM emergencies WHERE patient = $1", string(r.s.Patient), func(id string) error {
		r.found["emergency "+id] = "open"
		return nil
	})
}

// relativeFact is the patient's relative where name, title and consent are one; else what they are.
func relativeFact(p identity.Patient) string {
	if len(p.Relatives) != 1 || len(p.Consents) != 1 || len(p.CaredForBy) != 2 {
		return fmt.Sprintf("%d relatives, %d consents, %d organisations", len(p.Relatives), len(p.Consents), len(p.CaredForBy))
	}
	relative := p.Relatives[0]
	if relative.Title != relative.Name || p.Consents[0].Relative != relative.ID {
		return fmt.Sprintf("name of %s, title of %s, consent for %s", relative.Name, relative.Title, p.Consents[0].Relative)
	}
	return relative.Name
}

// each gives fn the texts that a query finds, after the transaction.
func (r *reader) each(query, argument string, fn func(string) error) error {
	var found []string
	err := r.db.read(r.ctx, func(t *tx) (err error) {
		found, err = all(t, oneColumn[string], query, argument)
		return err
	})
	for _, f := range found {
		if err == nil {
			err = fn(f)
		}
	}
	return err
}

func (r *reader) entries() error {
	return r.db.read(r.ctx, func(t *tx) error {
		rows, err := all(t, scanStored, "SELECT "+storedColumns+" FROM audit_entries e WHERE e.patient = $1 AND e.patient <> ''", string(r.s.Patient))
		for _, row := range rows {
			name, fact := "entry "+row.Session, "kept"
			if row.Session == "" {
				name = "entry " + row.Object
			}
			reason, err := t.open(row.Patient, reasonOf(row.ID), row.Reason)
			if err != nil && !errors.Is(err, ErrErased) {
				return err
			}
			if reason != nil {
				fact += ", because " + string(reason)
			}
			if r.found.has(name) {
				fact = "kept twice"
			}
			r.found[name] = fact
		}
		return err
	})
}

func (r *reader) messages() error {
	return r.db.read(r.ctx, func(t *tx) error {
		rows, err := all(t, scanOutboxRow, "SELECT "+outboxColumns+" FROM outbox WHERE recipient IN ($1, $2)", string(r.s.Patient), string(r.s.officer()))
		for _, row := range rows {
			m, err := row.open(t)
			if err != nil {
				return err
			}
			r.found["message "+row.id] = "waits"
			if m.Link != linkOf(row.id) {
				r.found["message "+row.id] = "is another"
			}
		}
		return err
	})
}

// files finds those that can be read, which must be the kept ones alone.
func (r *reader) files() error {
	return r.each("SELECT id FROM blobs WHERE subject = $1", string(r.s.Patient), func(id string) error {
		var content bytes.Buffer
		_, err := r.db.readBlob(r.ctx, id, string(r.s.Patient), &content)
		if errors.Is(err, errBlobMissing) && content.Len() == 0 {
			return nil // not kept
		}
		deed, readErr := content.ReadString('\n')
		fact := "whole"
		if err != nil || readErr != nil || !bytes.Equal(file(strings.TrimSuffix(deed, "\n")), append([]byte(deed), content.Bytes()...)) {
			fact = fmt.Sprintf("damaged: %v", errors.Join(err, readErr))
		}
		r.found["file "+strings.TrimSuffix(deed, "\n")] = fact
		return nil
	})
}

func (r *reader) appointment() error {
	a, err := r.db.Appointments().Appointment(r.ctx, scheduling.AppointmentID(r.s.consultation()))
	if errors.Is(err, scheduling.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	beside := ""
	for _, p := range a.Participants {
		for _, c := range p.Beside {
			beside += c.Name
		}
	}
	r.found["appointment"] = appointmentFact(a.Version, a.State, len(a.Participants), beside)
	return nil
}

func (r *reader) call() error {
	erased, err := r.keyErased(r.s.consultation())
	if err != nil {
		return err
	}
	if erased {
		r.found["chat"] = "erased"
	}
	state, err := r.db.Journal().Open(r.ctx, r.s.consultation())
	if err != nil && !(erased && errors.Is(err, ErrErased)) {
		return err
	}
	for i, m := range state.Chat {
		r.found[chatFact(i)] = m.Text
	}
	for participant, in := range state.Admitted {
		r.found["admitted "+participant] = strconv.FormatBool(in)
	}
	return r.db.read(r.ctx, func(t *tx) error {
		epochs, err := all(t, oneColumn[int64], "SELECT epoch FROM call_epochs WHERE consultation = $1", r.s.consultation())
		for _, epoch := range epochs {
			r.found["epoch"] = strconv.FormatInt(epoch, 10)
		}
		return err
	})
}

// openOrNot tells of rows with an id and a time at which they ended, or 0.
func (r *reader) openOrNot(query, argument, kind, ended string) error {
	return r.db.read(r.ctx, func(t *tx) error {
		_, err := all(t, func(row scanner) (none struct{}, err error) {
			var id string
			var at int64
			err = row.Scan(&id, &at)
			if r.found[kind+" "+id] = "open"; at != 0 {
				r.found[kind+" "+id] = ended
			}
			return none, err
		}, query, argument)
		return err
	})
}

func (r *reader) links() error {
	return r.openOrNot("SELECT id, revoked_at FROM links WHERE consultation = $1", r.s.consultation(), "link", "revoked")
}

func (r *reader) sessions(told map[string]bool) error {
	if err := r.openOrNot("SELECT id, ended_at FROM sessions WHERE person = $1", string(r.s.Patient), "session", "ended"); err != nil {
		return err
	}
	for name, fact := range r.found {
		if id, ok := strings.CutPrefix(name, "session "); ok && told[id] != (fact == "ended") {
			r.found[name] += fmt.Sprintf(", and nodes are told so: %t", told[id])
		}
	}
	// What a session has sealed must open.
	_, err := r.db.SignIn().Sessions(r.ctx, r.s.Patient, time.Now())
	return err
}

func (r *reader) tickets() error {
	return r.openOrNot("SELECT id, 0 FROM tickets WHERE consultation = $1", r.s.consultation(), "ticket", "")
}

func (r *reader) tries() error {
	n, err := r.db.SignIn().Tries(r.ctx, r.s.account())
	if n.Wrong > 0 {
		r.found["tries"] = strconv.Itoa(n.Wrong)
	}
	return err
}

// values finds what was measured, which must be in the series where it is not wrong, and there alone.
func (r *reader) values() error {
	if err := r.each("SELECT id FROM observations WHERE patient = $1", string(r.s.Patient), func(id string) error {
		r.found["value "+id] = "unreadable"
		return nil
	}); err != nil {
		return err
	}
	kept, err := r.db.Clinical().Observations(r.ctx, r.s.Patient, clinical.Query{Most: 1000})
	if err != nil {
		return err
	}
	points := map[string]int{}
	for _, o := range kept {
		want := measurement(r.s.Patient, string(o.ID))
		r.found["value "+string(o.ID)] = string(o.Status)
		if !slices.Equal(o.Values, want.Values) || !o.Measured.Equal(want.Measured) || o.Performer != want.Performer {
			r.found["value "+string(o.ID)] = "is another"
		}
		if o.Status != clinical.Wrong {
			points[fmt.Sprint(o.Measured, o.Values)]++
		}
	}
	series, _, err := r.db.Clinical().Series(r.ctx, r.s.Patient, clinical.HeartRate, time.Time{}, time.Now().AddDate(1, 0, 0))
	for _, p := range series {
		points[fmt.Sprint(p.At, p.Values)]--
	}
	for point, n := range points {
		if n != 0 {
			r.found["point "+point] = fmt.Sprintf("%d more in the rows than in the series", n)
		}
	}
	return err
}
