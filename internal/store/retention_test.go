package store

import (
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/scheduling"
)

func TestWhatIsOverItsTimeIsDeletedAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		db, ctx := p.open(t), t.Context()
		w := ward{db.Clinical(), t, p.clock.Now()}
		met := func(id scheduling.AppointmentID, patient access.PersonID, ended time.Time, state scheduling.State) {
			t.Helper()
			a := wound(id)
			a.Starts, a.Ends, a.State = ended.Add(-time.Minute), ended, state
			for i, q := range a.Participants {
				if q.Role == access.Patient {
					a.Participants[i].Person = patient
				} else { // a time of theirs is no other's
					a.Participants[i].Person += access.PersonID("-" + id)
				}
			}
			saved(t, db.Appointments(), a)
		}
		day := func(n int) time.Time { return w.now.AddDate(0, 0, n) }
		measured := func(patient access.PersonID, received time.Time) {
			t.Helper()
			o := w.measured("o-"+string(patient), clinical.HeartRate, 0, 80)
			o.Patient, o.Measured, o.Received = patient, received, received
			w.add(o)
		}
		for _, c := range []struct {
			patient  access.PersonID
			met      int // days from now; 0: never
			received int
		}{{"old", -40, -41}, {"followed", -40, -5}, {"booked", 3, -90}, {"never", 0, -90}} {
			if c.met != 0 {
				met(scheduling.AppointmentID("c-"+c.patient), c.patient, day(c.met), scheduling.Booked)
			}
			measured(c.patient, day(c.received))
		}
		met("c-cancelled", "old", day(5), scheduling.Cancelled) // counts for nothing

		idle, err := w.Idle(ctx, day(-30), "", 10)
		must(t, err)
		if len(idle) != 2 || idle[0].Patient != "followed" || !idle[0].Last.Equal(day(-5)) || idle[1].Patient != "old" || !idle[1].Last.Equal(day(-40)) ||
			idle[1].Consultation != "c-old" || !slices.Equal(idle[1].Organisations, []access.OrganisationID{"hospital", "municipality"}) {
			t.Errorf("idle: %+v", idle)
		}
		if rest, err := w.Idle(ctx, day(-30), "followed", 10); err != nil || len(rest) != 1 || rest[0].Patient != "old" {
			t.Errorf("after the first: %+v, %v", rest, err)
		}
		for patient, want := range map[access.PersonID]bool{"old": true, "followed": false, "booked": false} {
			if done, err := w.Forget(ctx, patient, day(-30), []audit.Entry{entry("e-" + string(patient))}); err != nil || done != want {
				t.Errorf("%s is forgotten: %v, %v", patient, done, err)
			}
		}
		if n := rows(t, db, "observations"); n != 3 {
			t.Errorf("%d values are kept", n)
		}
		if n := rows(t, db, "audit_entries"); n != 1 {
			t.Errorf("%d deletions on record", n)
		}
		if idle, err := w.Idle(ctx, day(-30), "", 10); err != nil || len(idle) != 1 {
			t.Errorf("afterwards: %+v, %v", idle, err)
		}
		if _, err := db.Appointments().Appointment(ctx, "c-old"); err != nil {
			t.Errorf("the consultation: %v", err)
		}
		// What comes afterwards is kept as ever.
		measured("old", w.now)
	})
}
