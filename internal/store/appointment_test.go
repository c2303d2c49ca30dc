package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// tenOClock is when the appointments of these tests begin.
var tenOClock = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// wound is a consultation of three.
func wound(id scheduling.AppointmentID) scheduling.Appointment {
	return scheduling.Appointment{
		ID: id, Organisation: "hospital", Starts: tenOClock, Ends: tenOClock.Add(30 * time.Minute),
		State: scheduling.Booked, Identification: scheduling.ByCode,
		Participants: []scheduling.Participant{
			{ID: "p-tuva", Person: "tuva", Role: access.Specialist, Organisation: "hospital", Title: "Overlege", Required: true},
			{ID: "p-mari", Person: "mari", Role: access.Nurse, Organisation: "municipality", Title: "Sjukepleiar"},
			{ID: "p-olav", Person: "olav", Role: access.Patient, Title: "Pasient", Required: true, Beside: []scheduling.Companion{{Name: "Inga Eik", Role: "kone"}}},
		},
	}
}

func saved(t *testing.T, s *Appointments, a scheduling.Appointment) scheduling.Appointment {
	t.Helper()
	list, err := s.Save(t.Context(), scheduling.Change{Appointments: []scheduling.Appointment{a}})
	must(t, err)
	return list[0]
}

func TestAnAppointmentIsKeptWholeOverARestart(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		want := saved(t, db.Appointments(), wound("c1"))
		if want.Version != 1 {
			t.Errorf("version %d", want.Version)
		}
		must(t, db.Close())
		s := p.open(t).Appointments()
		got, err := s.Appointment(t.Context(), "c1")
		must(t, err)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if _, err := s.Appointment(t.Context(), "c2"); !errors.Is(err, scheduling.ErrNotFound) {
			t.Errorf("one that is not there: %v", err)
		}
	})
}

func TestOfTwoWhoChangeAnAppointmentOneLosesAndChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		s := p.open(t).Appointments()
		first := saved(t, s, wound("c1"))
		moved := first
		moved.Starts, moved.Ends = moved.Starts.Add(time.Hour), moved.Ends.Add(time.Hour)
		moved.Participants = moved.Participants[:2]
		moved = saved(t, s, moved)

		first.State = scheduling.Cancelled
		entry := audit.New(tenOClock, access.Actor{Person: "siv"}, "consultation.cancel", audit.Done)
		if _, err := s.Save(t.Context(), scheduling.Change{Appointments: []scheduling.Appointment{first}, Entries: []audit.Entry{entry}}); !errors.Is(err, scheduling.ErrVersion) {
			t.Errorf("the later one: %v", err)
		}
		if _, err := s.Save(t.Context(), scheduling.Change{Appointments: []scheduling.Appointment{wound("c1")}}); !errors.Is(err, scheduling.ErrVersion) {
			t.Errorf("a new one with the same id: %v", err)
		}
		got, err := s.Appointment(t.Context(), "c1")
		must(t, err)
		if !reflect.DeepEqual(got, moved) {
			t.Errorf("got  %+v\nwant %+v", got, moved)
		}
		if entries := audited(t, s.db); len(entries) != 0 {
			t.Errorf("on record: %+v", entries)
		}
	})
}

func TestADayIsListedForAllWhoTakePart(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		s := p.open(t).Appointments()
		for id, starts := range map[scheduling.AppointmentID]time.Duration{"late": 5 * time.Hour, "first": 0, "tomorrow": 24 * time.Hour, "yesterday": -11 * time.Hour} {
			a := wound(id)
			a.Starts, a.Ends = a.Starts.Add(starts), a.Ends.Add(starts)
			saved(t, s, a)
		}
		cancelled := wound("cancelled")
		cancelled.State = scheduling.Cancelled
		saved(t, s, cancelled)
		midnight := time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)
		for o, want := range map[access.OrganisationID][]scheduling.AppointmentID{
			"hospital": {"first", "late"}, "municipality": {"first", "late"}, "elsewhere": nil, "": nil,
		} {
			list, err := s.List(t.Context(), scheduling.Query{Organisation: o, From: midnight, Until: midnight.AddDate(0, 0, 1)})
			must(t, err)
			var got []scheduling.AppointmentID
			for _, a := range list {
				got = append(got, a.ID)
				if len(a.Participants) != 3 || a.Participants[2].Beside[0].Name != "Inga Eik" {
					t.Errorf("%s is listed as %+v", a.ID, a)
				}
			}
			if o != "" && !reflect.DeepEqual(got, want) {
				t.Errorf("%q: %v, want %v", o, got, want)
			}
		}
	})
}

func TestWhoMeetsWhom(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		s := p.open(t).Appointments()
		a := saved(t, s, wound("c1"))
		meets := func(by access.Actor, patient access.PersonID, startsBefore, endsAfter time.Time) bool {
			got, err := s.Meeting(t.Context(), by, patient, startsBefore, endsAfter)
			must(t, err)
			return got
		}
		mari := access.Actor{Person: "mari", Role: access.Nurse, Organisation: "municipality"}
		elsewhere, coordinating := mari, mari
		elsewhere.Organisation, coordinating.Role = "hospital", access.Coordinator
		per := access.Actor{Person: "per", Role: access.GP, Organisation: "municipality"}
		olav := access.Actor{Person: "olav", Role: access.Patient}
		before, after := a.Starts.Add(time.Millisecond), a.Ends.Add(-time.Millisecond)
		for _, tt := range []struct {
			why           string
			by            access.Actor
			patient       access.PersonID
			before, after time.Time
			want          bool
		}{
			{"a nurse and the patient", mari, "olav", before, after, true},
			{"the patient in person", olav, "olav", before, after, true},
			{"a nurse and a doctor, who is no patient", mari, "tuva", before, after, false},
			{"someone who is not invited", per, "olav", before, after, false},
			{"the nurse where she works as well", elsewhere, "olav", before, after, false},
			{"the nurse in another role", coordinating, "olav", before, after, false},
			{"too early", mari, "olav", a.Starts, after, false},
			{"too late", mari, "olav", before, a.Ends, false},
		} {
			if got := meets(tt.by, tt.patient, tt.before, tt.after); got != tt.want {
				t.Errorf("%s: %t", tt.why, got)
			}
		}
		a.State = scheduling.Cancelled
		saved(t, s, a)
		if meets(mari, "olav", before, after) {
			t.Error("they meet in what is cancelled")
		}
	})
}

func TestOfWhoIsErasedOnlyThePlaceIsLeft(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		saved(t, db.Appointments(), wound("c1"))
		must(t, db.Erase(t.Context(), "olav", nil))
		a, err := db.Appointments().Appointment(t.Context(), "c1")
		must(t, err)
		if olav := a.Participants[2]; olav.Title != "" || olav.Beside != nil || olav.ID != "p-olav" {
			t.Errorf("%+v", olav)
		}
		if a.Participants[0].Title != "Overlege" {
			t.Errorf("another: %+v", a.Participants[0])
		}
	})
}

func TestWhoIsBesideStandsNowhereInTheFile(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		path, isFile := strings.CutPrefix(p.URL, sqliteScheme)
		if !isFile {
			return // one database's files are enough: what is written is the same
		}
		db := p.open(t)
		saved(t, db.Appointments(), wound("c1"))
		must(t, db.Close())
		content, err := os.ReadFile(path)
		must(t, err)
		if !bytes.Contains(content, []byte("p-olav")) {
			t.Fatal("the appointment itself is not there: is this the right file?")
		}
		for _, secret := range []string{"Inga", "kone", "Overlege"} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%q is in the file", secret)
			}
		}
	})
}

// told is what is compared of an audit entry.
type told struct {
	person  access.PersonID
	role    string
	org     string
	action  string
	patient string
	object  string
}

func audited(t *testing.T, db *DB) (entries []told) {
	t.Helper()
	must(t, db.read(t.Context(), func(x *tx) (err error) {
		entries, err = all(x, func(row scanner) (e told, err error) {
			err = row.Scan(&e.person, &e.role, &e.org, &e.action, &e.patient, &e.object)
			return e, err
		}, "SELECT person, role, organisation, action, patient, object FROM audit_entries ORDER BY at")
		return err
	}))
	return entries
}

func TestACallThatEndsEarlyTakesNobodysTimeAfterIt(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		s := db.Appointments()
		visit := func(id scheduling.AppointmentID, starts time.Time) scheduling.Appointment {
			return scheduling.Appointment{
				ID: id, Organisation: "hospital", Starts: starts, Ends: starts.Add(30 * time.Minute), State: scheduling.Booked, Identification: scheduling.ByLink,
				Equipment: []scheduling.EquipmentID{"tablet"},
				Participants: []scheduling.Participant{
					{ID: "p-tuva", Person: "tuva", Role: access.Specialist, Organisation: "hospital", Required: true},
					{ID: "p-mari", Person: "mari", Role: access.Nurse, Organisation: "municipality", Required: true, Attends: scheduling.Visiting, Before: 30 * time.Minute, After: 20 * time.Minute},
				},
			}
		}
		claims := func() (out []string) {
			t.Helper()
			known, err := s.Time(t.Context(), []scheduling.Subject{"tuva", "mari", "tablet"}, tenOClock.Add(-4*time.Hour), tenOClock.Add(4*time.Hour))
			must(t, err)
			minutes := func(at time.Time) int { return int(at.Sub(tenOClock) / time.Minute) }
			for _, c := range known.Claims {
				out = append(out, fmt.Sprintf("%s %s %s %d–%d", c.Appointment, c.Subject, c.Kind, minutes(c.Starts), minutes(c.Ends)))
			}
			slices.Sort(out)
			return out
		}
		saved(t, s, visit("c1", tenOClock))
		saved(t, s, visit("c2", tenOClock.Add(2*time.Hour)))
		must(t, db.Journal().Record(t.Context(), "c1", signaling.CallEnded{By: "p-tuva", At: tenOClock.Add(10 * time.Minute)}))
		want := []string{
			"c1 mari call 0–10", "c1 mari travel -30–0", "c1 mari travel 10–30", "c1 tablet call -30–30", "c1 tuva call 0–10",
			"c2 mari call 120–150", "c2 mari travel 150–170", "c2 mari travel 90–120", "c2 tablet call 90–170", "c2 tuva call 120–150",
		}
		if got := claims(); !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		// Others get the time: the doctor's at once, and the nurse's when she is back.
		next := visit("c3", tenOClock.Add(10*time.Minute))
		next.Participants, next.Equipment = next.Participants[:1], nil
		saved(t, s, next)
		// One that runs late claims no more than it had.
		must(t, db.Journal().Record(t.Context(), "c2", signaling.CallEnded{By: "p-tuva", At: tenOClock.Add(160 * time.Minute)}))
		if got := claims(); !slices.Contains(got, "c2 tuva call 120–150") || !slices.Contains(got, "c2 mari travel 150–170") {
			t.Errorf("of what ran late: %v", got)
		}
	})
}

func TestWhatIsDoneInACallIsOnRecordAndEndsTheAppointment(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db := p.open(t)
		saved(t, db.Appointments(), wound("c1"))
		j := db.Journal()
		at := func(s int) time.Time { return tenOClock.Add(time.Duration(s) * time.Second) }
		for _, e := range []signaling.Entry{
			signaling.SeatAdmitted{Participant: "p-olav", By: "p-mari", At: at(1)},
			signaling.IdentityConfirmed{Participant: "p-olav", By: "p-tuva", Name: "Tuva Ask", At: at(2)},
			signaling.ChatWritten{Message: protocol.ChatMessage{ID: "1", From: "p-olav", Name: "Olav Eik", Text: "Hei", At: at(3).UnixMilli()}},
			signaling.LockSet{Locked: true, By: "p-tuva", At: at(4)},
			signaling.SeatRemoved{Participant: "p-mari", By: "p-tuva", At: at(5)},
			signaling.CallEnded{By: "p-tuva", At: at(6)},
		} {
			must(t, j.Record(t.Context(), "c1", e))
		}
		doctor := func(action, patient, object string) told {
			return told{"tuva", "specialist", "hospital", action, patient, object}
		}
		want := []told{
			{"mari", "nurse", "municipality", "admitted", "olav", "consultation/c1/p-olav"},
			doctor("identified", "olav", "consultation/c1/p-olav"),
			doctor("call.lock", "", "consultation/c1"),
			doctor("removed", "olav", "consultation/c1/p-mari"),
			doctor("call.end", "", "consultation/c1"),
		}
		if got := audited(t, db); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		a, err := db.Appointments().Appointment(t.Context(), "c1")
		must(t, err)
		if a.State != scheduling.Fulfilled || a.Version != 3 { // it has been arrived between
			t.Errorf("the appointment is %s, version %d", a.State, a.Version)
		}
		must(t, j.Record(t.Context(), "nobody-booked-it", signaling.LockSet{Locked: true, By: "x", At: at(7)}))
	})
}
