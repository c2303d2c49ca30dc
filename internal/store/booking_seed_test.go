package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// seeded is a health region's booking: made by a seed, so that two runs measure the same.
type seeded struct {
	organisations []access.OrganisationID
	specialists   []access.PersonID
	nurses        []access.PersonID
	gps           []access.PersonID
	patients      []access.PersonID
	appointments  int
	from          time.Time // the first day
}

// The shape of it. A working day has five stretches of ninety minutes, in each of which
// anybody has at most one appointment, so that none overlap; the days are those of 52 weeks
// around the present.
const (
	seedWeeks     = 52
	seedStretches = 5
	seedCalendars = 10_000 // at most; with few appointments one for each twenty
)

// seedSize is how many appointments the benchmarks' data set has: 20,000, or what
// BOOKING_APPOINTMENTS says.
func seedSize(tb testing.TB) int {
	text := os.Getenv("BOOKING_APPOINTMENTS")
	if text == "" {
		return 20_000
	}
	n, err := strconv.Atoi(text)
	must(tb, err)
	return n
}

func (s seeded) organisationOf(i int) access.OrganisationID {
	return s.organisations[i%len(s.organisations)]
}

// seedBooking fills a store with so many appointments of 10,000 calendars (3,500 specialists,
// 4,500 nurses, 2,000 GPs in 200 organisations, all of which let the first one book), and
// half as many patients whom the first organisation cares for. People come in by the
// directory; appointments' rows are written as Save writes them, many in a statement.
func seedBooking(tb testing.TB, db *DB, appointments int, now time.Time) seeded {
	tb.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	s := seeded{appointments: appointments, from: now.AddDate(0, 0, -7*seedWeeks/2).Truncate(24 * time.Hour)}
	for i := range 200 {
		s.organisations = append(s.organisations, access.OrganisationID(fmt.Sprintf("org%03d", i)))
	}
	people := func(kind string, n int) (out []access.PersonID) {
		for i := range n {
			out = append(out, access.PersonID(fmt.Sprintf("%s%05d", kind, i)))
		}
		return out
	}
	calendars := min(seedCalendars, max(500, appointments/20))
	s.specialists, s.nurses, s.gps, s.patients = people("spec", calendars*35/100), people("nurse", calendars*45/100), people("gp", calendars*20/100), people("pat", calendars/2)
	s.populate(tb, db, now)

	// Checking a million rows as they come takes PostgreSQL most of the time: once, at the end,
	// is as strict.
	exclusion := func(statement string) {
		if _, lite := db.main.dialect.(sqliteDialect); !lite {
			_, err := db.main.writer.ExecContext(tb.Context(), statement)
			must(tb, err)
		}
	}
	exclusion("ALTER TABLE busy DROP CONSTRAINT busy_once")
	var days []time.Time
	for d := range seedWeeks * 7 {
		if day := s.from.AddDate(0, 0, d); day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			days = append(days, day)
		}
	}
	stretches := len(days) * seedStretches
	made := 0
	var list []scheduling.Appointment
	for i := range stretches {
		starts := days[i/seedStretches].Add(7*time.Hour + time.Duration(i%seedStretches)*90*time.Minute)
		n := (appointments*(i+1))/stretches - made
		sp, nu, gp := random.Perm(len(s.specialists)), random.Perm(len(s.nurses)), random.Perm(len(s.gps))
		for k := range n {
			call := starts.Add(30 * time.Minute)
			a := scheduling.Appointment{
				ID: scheduling.AppointmentID(fmt.Sprintf("seed%07d", made+k)), Organisation: s.organisationOf(sp[k%len(sp)]),
				Starts: call, Ends: call.Add(30 * time.Minute), State: scheduling.Booked, Identification: scheduling.ByCode, Made: s.from,
				Participants: []scheduling.Participant{
					{ID: "p0", Person: s.specialists[sp[k%len(sp)]], Role: access.Specialist, Organisation: s.organisationOf(sp[k%len(sp)]), Required: true},
					{ID: "p1", Person: s.nurses[nu[k%len(nu)]], Role: access.Nurse, Organisation: s.organisationOf(nu[k%len(nu)]), Required: true,
						Attends: scheduling.Visiting, Before: 20 * time.Minute, After: 20 * time.Minute},
				},
			}
			if k < len(gp) && k%3 == 0 {
				a.Participants = append(a.Participants, scheduling.Participant{ID: "p2", Person: s.gps[gp[k]], Role: access.GP, Organisation: s.organisationOf(gp[k]), Required: true})
			}
			// Who is in it only once in a stretch: patients by turns.
			a.Participants = append(a.Participants, scheduling.Participant{ID: "p3", Person: s.patients[(made+k)%len(s.patients)], Role: access.Patient, Required: true})
			list = append(list, a)
		}
		made += n
		if len(list) >= 2_000 || i == stretches-1 {
			writeSeed(tb, db, list)
			list = list[:0]
		}
	}
	if made != appointments {
		tb.Fatalf("%d appointments, not %d", made, appointments)
	}
	exclusion("ALTER TABLE busy ADD CONSTRAINT busy_once EXCLUDE USING gist (subject WITH =, appointment WITH <>, int8range(starts, ends) WITH &&) WHERE (firm)")
	if _, err := db.main.writer.ExecContext(tb.Context(), "ANALYZE"); err != nil {
		tb.Fatal(err)
	}
	return s
}

// writeSeed writes appointments as Save does, without what only a change needs.
func writeSeed(tb testing.TB, db *DB, list []scheduling.Appointment) {
	tb.Helper()
	must(tb, db.change(tb.Context(), nil, nil, func(t *tx) error {
		atOnce := 1_000 // PostgreSQL is a network away
		if _, lite := db.main.dialect.(sqliteDialect); lite {
			atOnce = 20 // SQLite looks each placeholder up among those before it
		}
		var appointments, participants, times, busy [][]any
		flush := func(least int) error {
			for _, table := range []struct {
				name, columns string
				rows          *[][]any
			}{
				{"appointments", "id, version, organisation, starts, ends, state, identification, made_at", &appointments},
				{"appointment_participants", "appointment, id, position, person, role, organisation, required, attends, travel_before, travel_after, words", &participants},
				{"appointment_times", "organisation, starts, appointment", &times},
				{"busy", "subject, starts, ends, kind, firm, appointment, option_id", &busy},
			} {
				if len(*table.rows) < least {
					continue
				}
				for part := range slices.Chunk(*table.rows, atOnce) {
					if err := t.insert(table.name, table.columns, part); err != nil {
						return err
					}
				}
				*table.rows = (*table.rows)[:0]
			}
			return nil
		}
		for i, a := range list {
			appointments = append(appointments, []any{string(a.ID), 1, string(a.Organisation), a.Starts.UnixMilli(), a.Ends.UnixMilli(), string(a.State), string(a.Identification), a.Made.UnixMilli()})
			of := map[access.OrganisationID]bool{a.Organisation: true}
			for j, p := range a.Participants {
				words, err := t.sealJSON(string(p.Person), participantCell(a.ID, p.ID), participantWords{Title: "Lege"})
				if err != nil {
					return err
				}
				participants = append(participants, []any{
					string(a.ID), string(p.ID), j, string(p.Person), p.Role.String(), string(p.Organisation), p.Required, string(scheduling.Online),
					int64(p.Before / time.Minute), int64(p.After / time.Minute), words,
				})
				if p.Organisation != "" {
					of[p.Organisation] = true
				}
			}
			for o := range of {
				times = append(times, []any{string(o), a.Starts.UnixMilli(), string(a.ID)})
			}
			for _, c := range a.Claims() {
				busy = append(busy, []any{string(c.Subject), c.Starts.UnixMilli(), c.Ends.UnixMilli(), string(c.Kind), true, string(c.Appointment), ""})
			}
			// In the order of the foreign keys.
			if i%400 == 399 || i == len(list)-1 {
				if err := flush(1); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// populate puts organisations, agreements and people into the directory.
func (s seeded) populate(tb testing.TB, db *DB, now time.Time) {
	tb.Helper()
	ctx, d := tb.Context(), db.Directory()
	const first = identity.Day("2020-01-01")
	for i, id := range s.organisations {
		must(tb, d.SaveOrganisation(ctx, identity.Organisation{ID: id, Kind: identity.Hospital, Name: fmt.Sprint("Sjukehus ", i), Active: true, Host: i == 0}, nil, nil))
		if i > 0 {
			must(tb, d.SaveAgreement(ctx, identity.Agreement{
				ID: fmt.Sprint("with", i), A: s.organisations[0], B: id, From: first, Policy: identity.Policy{Identification: identity.IdentifyCode, RetentionDays: 30},
				Grants: []identity.Grant{{To: s.organisations[0], May: []identity.GrantKind{identity.GrantBook, identity.GrantSee}}},
			}, nil, nil))
		}
	}
	staff := func(people []access.PersonID, role access.Role) {
		for i, id := range people {
			must(tb, d.SaveStaff(ctx, identity.Staff{
				Person:      identity.Person{ID: id, Name: fmt.Sprint("Tilsett ", id), Email: string(id) + "@example.no", Language: "nn"},
				Assignments: []identity.Assignment{{ID: "a-" + string(id), Person: id, Organisation: s.organisationOf(i), Role: role, Title: "Lege", From: first}},
			}, nil, nil))
		}
	}
	staff(s.specialists, access.Specialist)
	staff(s.nurses, access.Nurse)
	staff(s.gps, access.GP)
	for _, id := range s.patients {
		must(tb, d.SavePatient(ctx, identity.Patient{
			Person: identity.Person{ID: id, Name: fmt.Sprint("Pasient ", id), Phone: "+4790000000", Language: "nn"}, CaredForBy: s.organisations[:1],
		}, s.organisations[0], nil, nil))
	}
}
