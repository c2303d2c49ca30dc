package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// ledger is what services have said, and with it what a database must hold: every deed that
// was acknowledged, and of those that were only begun all or nothing.
type ledger struct {
	stories map[access.PersonID]*story
	begun   map[access.PersonID]deed // at most one for each story, and its last
	stale   map[access.PersonID]bool // told of since the last check
	sent    map[string]bool          // messages that are being taken out: whether that was acknowledged

	acknowledged, carriedOut, notCarriedOut int            // deeds; the latter two are those never acknowledged
	kinds                                   map[string]int // of the acknowledged ones
	delivered                               int
	rotated                                 bool // since that was last set to false
	wrong                                   []string
	failures                                []string // that are no lost races
}

func newLedger() *ledger {
	return &ledger{stories: map[access.PersonID]*story{}, begun: map[access.PersonID]deed{}, stale: map[access.PersonID]bool{}, sent: map[string]bool{}, kinds: map[string]int{}}
}

// hear notes what a service has said.
func (l *ledger) hear(said spoken) {
	switch {
	case said.Wrong:
		l.wrong = append(l.wrong, said.Error)
	case said.Begun != nil:
		d := *said.Begun
		s, ok := l.stories[d.Patient]
		if !ok {
			s = &story{Patient: d.Patient, Facts: facts{}}
			l.stories[d.Patient] = s
		}
		s.Deeds, l.begun[d.Patient], l.stale[d.Patient] = d.No, d, true
	case said.Done != nil:
		d := *said.Done
		kindOfDeed(d.Kind).then(*l.stories[d.Patient], d, said.Result)
		delete(l.begun, d.Patient)
		l.acknowledged++
		l.kinds[d.Kind]++
	case said.GaveUp != nil && !said.Race:
		l.failures = append(l.failures, fmt.Sprintf("%s %s: %s", said.GaveUp.Kind, said.GaveUp.id(), said.Error))
	case said.Sending != "": // once, for a message is claimed by one at a time
		l.sent[said.Sending] = false
	case said.Sent != "":
		l.sent[said.Sent] = true
		l.delivered++
	case said.Rotated:
		l.rotated = true
	}
}

// settle compares stories with the database, and returns what isn't as it must be. What was
// begun and not acknowledged is then known to have happened or not.
func (l *ledger) settle(ctx context.Context, db *DB, which []access.PersonID) (lost []string, err error) {
	ended, _, err := db.SignIn().Revocations(ctx, 0, time.Now())
	if err != nil {
		return nil, err
	}
	told := map[string]bool{}
	for _, r := range ended {
		told[r.Subject] = true
	}
	for _, patient := range which {
		s := l.stories[patient]
		found, err := readStory(ctx, db, *s, told)
		if err != nil {
			return nil, fmt.Errorf("read the story of %s: %w", patient, err)
		}
		if what := l.settleStory(s, found); what != "" {
			lost = append(lost, fmt.Sprintf("%s: %s", patient, what))
		}
		delete(l.stale, patient)
	}
	return lost, nil
}

func (l *ledger) settleStory(s *story, found facts) string {
	l.settleMessages(s.Facts, found)
	d, open := l.begun[s.Patient]
	if !open {
		return difference(s.Facts, found)
	}
	delete(l.begun, s.Patient)
	if maps.Equal(s.Facts, found) {
		l.notCarriedOut++
		return ""
	}
	after := story{s.Patient, s.Deeds, maps.Clone(s.Facts)}
	kindOfDeed(d.Kind).then(after, d, laterEpoch(s.Facts, found))
	l.settleMessages(after.Facts, found)
	if maps.Equal(after.Facts, found) {
		s.Facts = after.Facts
		l.carriedOut++
		return ""
	}
	return fmt.Sprintf("%s was begun as deed %d; were it carried out: %s; were it not: %s",
		d.Kind, d.No, difference(after.Facts, found), difference(s.Facts, found))
}

// laterEpoch is what a call that was about to start may have got: any epoch above the last.
func laterEpoch(before, found facts) string {
	last, _ := strconv.ParseInt(before["epoch"], 10, 64) // none: 0
	now, _ := strconv.ParseInt(found["epoch"], 10, 64)
	if now <= last {
		return "one above " + before["epoch"]
	}
	return found["epoch"]
}

// settleMessages drops the messages that have been taken out of the outbox. One whose taking
// out was not acknowledged may be there still, and must be from then on.
func (l *ledger) settleMessages(must, found facts) {
	for name := range must {
		id, message := strings.CutPrefix(name, "message ")
		acknowledged, sending := l.sent[id]
		switch {
		case !message || !sending:
		case acknowledged || !found.has(name):
			delete(must, name)
		default:
			delete(l.sent, id)
		}
	}
}

// difference says in words how two differ; nothing: they don't.
func difference(must, found facts) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(must)) {
		if got, ok := found[name]; !ok {
			out = append(out, fmt.Sprintf("%s is lost (%s)", name, must[name]))
		} else if got != must[name] {
			out = append(out, fmt.Sprintf("%s is %q and must be %q", name, got, must[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if !must.has(name) {
			out = append(out, fmt.Sprintf("%s is there (%s)", name, found[name]))
		}
	}
	return strings.Join(out, ", ")
}

// waiting are the messages that must still be sent.
func (l *ledger) waiting() map[string]bool {
	out := map[string]bool{}
	for _, s := range l.stories {
		for name := range s.Facts {
			if id, ok := strings.CutPrefix(name, "message "); ok {
				out[id] = true
			}
		}
	}
	return out
}

// goOn are stories that another service can go on with.
func (l *ledger) goOn(from []access.PersonID, n int) []story {
	var out []story
	for _, p := range from {
		if s := l.stories[p]; len(out) < n && !s.over() {
			out = append(out, *s)
		}
	}
	return out
}

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
		func() error { return r.sessions(told) }, r.tickets, r.tries,
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
		rows, err := all(t, scanOutboxRow, "SELECT id, recipient, message, tries FROM outbox WHERE recipient IN ($1, $2)", string(r.s.Patient), string(r.s.officer()))
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
	r.found["appointment"] = appointmentFact(a.Version, len(a.Participants), beside)
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

// verified checks the audit record as `samkonsult audit verify` does.
func verified(ctx context.Context, db *DB, o order) (audit.Report, error) {
	heads, err := audit.FileHeads(o.Heads)
	if err != nil {
		return audit.Report{}, err
	}
	check := audit.Check{Store: db.Audit(), Heads: heads, Now: time.Now()}
	for _, key := range sealerKeys(o.Seeds) {
		check.Keys = append(check.Keys, key.Public().(ed25519.PublicKey))
	}
	report, err := audit.Verify(ctx, check)
	if err == nil && (report.Found > 0 || report.Overdue > 0) {
		err = fmt.Errorf("%d findings, %d overdue: %v", report.Found, report.Overdue, report.Findings)
	}
	return report, err
}
