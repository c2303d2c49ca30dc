package store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// standings is how each actor stands to the one patient.
type standings map[access.PersonID]access.Relations

func (s standings) Relations(_ context.Context, by access.Actor, patient access.PersonID) (access.Relations, error) {
	if patient != "olav" {
		return 0, nil
	}
	return s[by.Person], nil
}

// readers is a record with a patient and those who may read about him, or not.
func readers(t *testing.T, r *record) *audit.Reader {
	t.Helper()
	must(t, r.db.change(t.Context(), nil, nil, func(x *tx) error {
		if _, err := x.exec(`INSERT INTO organisations (id, version, kind, name, number, phone, host, active, contacts)
			VALUES ('kommune', 1, 'municipality', 'Fjordvik kommune', '', '', FALSE, TRUE, $1)`, []byte("[]")); err != nil {
			return err
		}
		return errors.Join(
			x.savePerson(identity.Person{ID: "olav", Name: "Olav Nes"}, patientPerson),
			x.savePerson(identity.Person{ID: "nurse", Name: "Mari Vik"}, staffPerson))
	}))
	reader, err := audit.NewReader(audit.ReaderConfig{
		Store: r.db.Audit(), Names: r.db.Audit(), Now: r.place.clock.Now,
		Relations: standings{"olav": access.Self, "kari": access.RelativeOf | access.Consent, "per": access.RelativeOf, "officer": access.SameOrganisation, "nurse": access.SameOrganisation},
	})
	must(t, err)
	return reader
}

var (
	olavHimself = access.Actor{Person: "olav", Role: access.Patient}
	officer     = access.Actor{Person: "officer", Role: access.DataProtection, Organisation: "kommune"}
)

// looksAt commits n looks of the nurse at Olav, one a minute.
func (r *record) looksAt(n int, reason string) {
	r.t.Helper()
	entries := make([]audit.Entry, n)
	for i := range entries {
		r.place.clock.pass(time.Minute)
		entries[i] = look(r.place.clock.Now(), 0)
		entries[i].Patient, entries[i].Reason = "olav", reason
	}
	must(r.t, r.db.Audit().Append(r.t.Context(), entries...))
}

func TestAPatientReadsWhoHasSeenWhatByPersonKindAndHour(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		reader := readers(t, r)
		p.clock.pass(time.Hour - time.Duration(p.clock.Now().Minute())*time.Minute) // a new hour
		r.looksAt(3, "")
		p.clock.pass(time.Hour)
		r.looksAt(1, "fann han medvitslaus")
		last := p.clock.Now()
		r.looksAt(2, "")

		p.clock.pass(time.Second)
		seen, err := reader.Seen(t.Context(), olavHimself, "olav", "")
		must(t, err)
		if len(seen.Lines) != 3 || seen.Next != "" {
			t.Fatalf("got %+v, want three lines", seen)
		}
		for i, want := range []struct {
			times  int
			reason string
		}{{2, ""}, {1, "fann han medvitslaus"}, {3, ""}} {
			got := seen.Lines[i]
			if got.Times != want.times || got.Reason != want.reason || got.Name != "Mari Vik" || got.Organisation != "Fjordvik kommune" ||
				got.Role != access.Nurse || got.Action != "patient.read" || got.By != access.SameOrganisation || got.Outcome != audit.Done {
				t.Errorf("line %d is %+v, want %+v", i, got, want)
			}
		}
		if !seen.Lines[1].At.Equal(last) {
			t.Errorf("the emergency was at %v, want %v", seen.Lines[1].At, last)
		}
		// Reading it is a line of its own, next time.
		seen, err = reader.Seen(t.Context(), olavHimself, "olav", "")
		must(t, err)
		if len(seen.Lines) != 4 || seen.Lines[0].Action != "seen.read" || seen.Lines[0].Name != "Olav Nes" || seen.Lines[0].By != access.Self {
			t.Errorf("got %+v, want his own look first", seen.Lines)
		}
	})
}

func TestALongListGoesOnAtAnHour(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		reader := readers(t, r)
		r.looksAt(1200, "") // 20 hours
		times, hours, after := 0, map[time.Time]bool{}, ""
		for page := 0; ; page++ {
			seen, err := reader.Seen(t.Context(), officer, "olav", after)
			must(t, err)
			for _, line := range seen.Lines {
				if line.Action != "patient.read" {
					continue
				}
				times += line.Times
				if h := line.At.Truncate(time.Hour); hours[h] {
					t.Errorf("the hour %v stands twice", h)
				} else {
					hours[h] = true
				}
			}
			if after = seen.Next; after == "" {
				if page != 2 {
					t.Errorf("came on %d pages", page+1)
				}
				break
			}
		}
		if times != 1200 {
			t.Errorf("%d looks, want 1200", times)
		}
	})
}

func TestWhoMayNotReadWhoHasSeenWhatIsRefusedAndThatIsRecorded(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		reader := readers(t, r)
		for _, c := range []struct {
			by      access.Actor
			patient access.PersonID
			allowed bool
		}{
			{olavHimself, "olav", true},
			{access.Actor{Person: "kari", Role: access.Relative}, "olav", true},
			{access.Actor{Person: "per", Role: access.Relative}, "olav", false}, // no consent
			{officer, "olav", true},
			{officer, "nobody", false}, // one who isn't there is refused in the same way
			{access.Actor{Person: "nurse", Role: access.Nurse, Organisation: "kommune"}, "olav", false},
			{access.Actor{Person: "other", Role: access.DataProtection, Organisation: "fjord"}, "olav", false},
		} {
			p.clock.pass(time.Hour)
			_, err := reader.Seen(t.Context(), c.by, c.patient, "")
			if refused := (*access.Refused)(nil); errors.As(err, &refused) == c.allowed || (err != nil && refused == nil) {
				t.Errorf("%+v reads about %s: %v", c.by, c.patient, err)
			}
			entries, err := r.db.Audit().OfPatient(t.Context(), c.patient, "", 1, look(p.clock.Now(), 99))
			must(t, err)
			want := map[bool]audit.Outcome{true: audit.Done, false: audit.Refused}[c.allowed]
			if len(entries) != 1 || entries[0].Outcome != want || entries[0].Actor.Person != c.by.Person || entries[0].Action != "seen.read" {
				t.Errorf("%+v about %s left %+v, want %s", c.by, c.patient, entries, want)
			}
		}
	})
}

func TestEmergenciesAreListedToTheOfficerOfThePatientAndOfWhoActed(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		reader := readers(t, r)
		must(t, r.db.change(t.Context(), nil, nil, func(x *tx) error {
			_, err := x.exec("INSERT INTO care (patient, organisation, position) VALUES ('olav', 'kommune', 0)")
			return err
		}))
		opens := func(of access.OrganisationID, patient access.PersonID, outcome audit.Outcome) {
			p.clock.pass(time.Minute)
			e := audit.New(p.clock.Now(), access.Actor{Person: "nurse", Role: access.Nurse, Organisation: of}, access.EmergencyOpen.String(), outcome)
			e.Patient, e.Object = patient, "patient/"+string(patient)
			if outcome == audit.Done {
				e.Reason = "fann han medvitslaus"
			}
			must(t, r.db.Audit().Append(t.Context(), e))
		}
		opens("kommune", "olav", audit.Done) // too long ago
		p.clock.pass(31 * 24 * time.Hour)
		for range 150 {
			opens("fjord", "olav", audit.Done)
		}
		opens("kommune", "kari", audit.Done)
		opens("fjord", "kari", audit.Done) // nothing of the municipality's
		opens("kommune", "olav", audit.Refused)
		r.looksAt(1, "")

		var all []audit.EmergencyLine
		pages := 0
		for after := ""; pages == 0 || after != ""; pages++ {
			page, err := reader.Emergencies(t.Context(), officer, after)
			must(t, err)
			all, after = append(all, page.Lines...), page.Next
		}
		if pages != 2 || len(all) != 151 {
			t.Fatalf("%d lines on %d pages, want 151 on 2", len(all), pages)
		}
		if own := all[0]; own.Patient != "" || own.Reason != "" || own.Name != "Mari Vik" || own.Organisation != "Fjordvik kommune" {
			t.Errorf("another organisation's patient: %+v", own)
		}
		for i, line := range all[1:] {
			if line.Patient != "olav" || line.Reason != "fann han medvitslaus" || line.At.After(all[i].At) {
				t.Errorf("line %d: %+v", i+1, line)
			}
		}
		looks := 0
		for _, e := range audited(t, r.db) {
			if e.action == "seen.read" && e.object == "emergencies" && e.patient == "olav" {
				looks++
			}
		}
		if looks != 2 {
			t.Errorf("%d looks at Olav are on record, want one for each page", looks)
		}
		must(t, r.db.Erase(t.Context(), "olav", nil))
		page, err := reader.Emergencies(t.Context(), officer, "")
		must(t, err)
		if len(page.Lines) != 1 {
			t.Errorf("of the erased: %+v", page.Lines)
		}
		for name, by := range map[string]access.Actor{"a patient": olavHimself, "a nurse": {Person: "nurse", Role: access.Nurse, Organisation: "kommune"}} {
			if _, err := reader.Emergencies(t.Context(), by, ""); !errors.As(err, new(*access.Refused)) {
				t.Errorf("%s reads emergencies: %v", name, err)
			}
		}
	})
}

func TestTheReasonOfAnErasedPatientIsGoneAndTheRecordHolds(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		reader := readers(t, r)
		r.looksAt(1, "fann han medvitslaus")
		r.seal()
		must(t, r.db.Erase(t.Context(), "olav", nil))
		wantFound(t, r.verify())
		seen, err := reader.Seen(t.Context(), officer, "olav", "")
		must(t, err)
		if len(seen.Lines) != 1 || seen.Lines[0].Reason != "" {
			t.Errorf("got %+v, want the look without its reason", seen.Lines)
		}
	})
}

func TestAnOrganisationExportsWhatWasDoneForIt(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		reader := readers(t, r)
		from := p.clock.Now()
		r.looksAt(1500, "")
		r.seal()
		foreign := look(p.clock.Now(), 1)
		foreign.Actor.Organisation = "fjord"
		must(t, r.db.Audit().Append(t.Context(), foreign))
		r.looksAt(1, "fann han medvitslaus") // not sealed yet

		p.clock.pass(time.Minute)
		write, err := reader.Export(t.Context(), officer, from, p.clock.Now().Add(time.Millisecond))
		must(t, err)
		var out bytes.Buffer
		must(t, write(t.Context(), &out))
		if strings.Contains(out.String(), "Mari") || strings.Contains(out.String(), "medvitslaus") {
			t.Error("names or reasons are exported")
		}
		lines := bufio.NewScanner(&out)
		n, last := 0, ""
		for ; lines.Scan(); n++ {
			var line audit.Line
			must(t, json.Unmarshal(lines.Bytes(), &line))
			if line.Organisation != "kommune" || line.At < last {
				t.Fatalf("line %d is %+v", n, line)
			}
			last = line.At
			switch {
			case n == 0 && (line.Seq != 1 || line.Chain == "" || line.Reason):
				t.Errorf("the first line is %+v", line)
			case n == 1500 && (line.Seq != 0 || line.Chain != "" || !line.Reason):
				t.Errorf("a line without a seal is %+v", line)
			}
		}
		if n != 1502 { // with the officer's own
			t.Errorf("%d lines, want 1502", n)
		}

		if _, err := reader.Export(t.Context(), olavHimself, from, p.clock.Now()); err == nil {
			t.Error("a patient exported the record")
		}
		out.Reset()
		must(t, audit.ExportSealed(t.Context(), r.db.Audit(), &out, 1490))
		if n := strings.Count(out.String(), "\n"); n != 10 {
			t.Errorf("after 1490 there are %d lines, want 10", n)
		}
	})
}

func TestTheRecordOnlyGrows(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		r := newRecord(t, p)
		r.sealedLooks(3)
		for _, table := range []string{"audit_entries", "audit_seals", "audit_heads"} {
			for _, statement := range []string{"DELETE FROM " + table, "UPDATE " + table + " SET " + map[string]string{
				"audit_entries": "person", "audit_seals": "entry", "audit_heads": "key"}[table] + " = 'x'"} {
				if _, err := r.db.main.writer.ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "only grows") {
					t.Errorf("%s: %v", statement, err)
				}
			}
		}
		wantFound(t, r.verify())
	})
}
