package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/register"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
	"github.com/samkonsult/samkonsult/scheduling"
)

// district is a seeded store with a booking service over it.
type district struct {
	seeded
	*scheduling.Service
	db  *DB
	now time.Time
}

func newDistrict(b *testing.B, url string) *district {
	b.Helper()
	r := &district{now: time.Date(2026, 11, 30, 6, 0, 0, 0, time.UTC)}
	db, err := Open(b.Context(), Config{URL: url, Keyring: ringOf(b, 1), Now: func() time.Time { return r.now }})
	must(b, err)
	b.Cleanup(func() { closed(b, db) })
	r.db = db
	began := time.Now()
	r.seeded = seedBooking(b, db, seedSize(b), r.now)
	b.Logf("%d appointments in %.0f s", r.appointments, time.Since(began).Seconds())
	oslo, err := time.LoadLocation("Europe/Oslo")
	must(b, err)
	clock := func() time.Time { return r.now }
	var directory *identity.Directory
	people, err := register.New(register.Config{Store: db.Directory(), Directory: func() register.Directory { return directory }, Zone: oslo, Now: clock})
	must(b, err)
	r.Service, err = scheduling.NewService(scheduling.Config{Store: db.Appointments(), People: people, Register: people, Zone: oslo, Now: clock})
	must(b, err)
	directory, err = identity.NewDirectory(identity.DirectoryConfig{Store: db.Directory(), Meetings: r.Service, Zone: oslo, Now: clock})
	must(b, err)
	return r
}

func (r *district) coordinator() access.Actor {
	return access.Actor{Person: "siv", Role: access.Coordinator, Organisation: r.organisations[0]}
}

// BenchmarkBooking measures what people wait for, each over one seeded store of each database.
func BenchmarkBooking(b *testing.B) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			r := newDistrict(b, url(b))
			b.Run("common-times", r.commonTimes)
			b.Run("coordinators-week", r.coordinatorsWeek)
			b.Run("bookings", r.bookings)
		})
	}
}

// The first twenty common times of five parties, one of whom travels, over eight weeks.
func (r *district) commonTimes(b *testing.B) {
	random := rand.New(rand.NewPCG(3, 4))
	var took []time.Duration
	found := 0
	for b.Loop() {
		staff := func(role access.Role, all []access.PersonID) scheduling.Party {
			i := random.IntN(len(all))
			return scheduling.Party{Person: all[i], Role: role, Organisation: r.organisationOf(i), Required: true}
		}
		nurse := staff(access.Nurse, r.nurses)
		nurse.Attends, nurse.Before, nurse.After = scheduling.Visiting, 25*time.Minute, 25*time.Minute
		q := scheduling.Search{Length: 30 * time.Minute, Deadline: "2026-12-18", Parties: []scheduling.Party{
			staff(access.Specialist, r.specialists), nurse, staff(access.GP, r.gps), staff(access.Specialist, r.specialists),
			{Person: r.patients[random.IntN(len(r.patients))], Role: access.Patient, Required: true},
		}}
		began := time.Now()
		common, err := r.Find(b.Context(), r.coordinator(), q)
		took = append(took, time.Since(began))
		must(b, err)
		found += len(common.Times)
	}
	slices.Sort(took)
	at := func(p float64) float64 { return float64(took[int(p*float64(len(took)-1))].Microseconds()) / 1000 }
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
	b.ReportMetric(float64(found)/float64(len(took)), "times")
}

// Bookings by 64 at once, each time tried by two of them: half of the attempts lose.
func (r *district) bookings(b *testing.B) {
	var next, accepted, refused atomic.Int64
	began := time.Now()
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for {
				n := next.Add(1) - 1
				if n >= int64(2*b.N) {
					return
				}
				slot := int(n / 2)
				// Three months after the seed's last day, so that what is taken is taken here.
				day := r.now.AddDate(0, 9, slot/(len(r.specialists)*8)).Truncate(24 * time.Hour)
				starts := day.Add(7*time.Hour + time.Duration(slot/len(r.specialists)%8)*time.Hour)
				sp, nu := slot%len(r.specialists), slot%len(r.nurses)
				_, _, err := r.Book(b.Context(), r.coordinator(), scheduling.Request{
					Organisation: r.organisations[0], AtOnce: true, Anyway: true, Plan: scheduling.Plan{Template: "wound", Title: "Sårkontroll"},
					Length: 30 * time.Minute, Starts: []time.Time{starts},
					Parties: []scheduling.Party{
						{Person: r.specialists[sp], Role: access.Specialist, Organisation: r.organisationOf(sp), Required: true},
						{Person: r.nurses[nu], Role: access.Nurse, Organisation: r.organisationOf(nu), Required: true, Attends: scheduling.Visiting, Before: 20 * time.Minute, After: 20 * time.Minute},
						{Person: r.patients[slot%len(r.patients)], Role: access.Patient, Required: true},
					},
				})
				switch taken, isTaken := errors.AsType[*scheduling.TakenError](err); {
				case err == nil:
					accepted.Add(1)
				case isTaken && len(taken.Taken) > 0:
					refused.Add(1)
				default:
					b.Errorf("booking: %v", err)
					return
				}
			}
		})
	}
	all.Wait()
	seconds := time.Since(began).Seconds()
	b.ReportMetric(float64(accepted.Load())/seconds, "accepted/s")
	b.ReportMetric(float64(refused.Load())/seconds, "refused/s")
	if n := r.overlaps(b); n != 0 {
		b.Errorf("%d overlaps", n)
	}
}

// A coordinator's week with the fifty people of an organisation, as the page asks for it:
// everybody's days, and the organisation's own bookings with the patients' names, each of
// which is on record as read.
func (r *district) coordinatorsWeek(b *testing.B) {
	var took []time.Duration
	people, bookings := 0, 0
	kari := access.Actor{Person: "kari", Role: access.Coordinator, Organisation: r.organisations[1]}
	for b.Loop() {
		began := time.Now()
		w, err := r.Calendar(b.Context(), kari, "2026-12-07", 7)
		took = append(took, time.Since(began))
		must(b, err)
		people, bookings = len(w.Rows), len(w.Bookings)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(people), "people")
	b.ReportMetric(float64(bookings), "bookings")
}

// overlaps counts pairs of firm claims of different appointments on one subject's time.
func (r *district) overlaps(tb testing.TB) int {
	n, err := countOverlaps(tb.Context(), r.db)
	must(tb, err)
	return n
}

func countOverlaps(ctx context.Context, db *DB) (n int, err error) {
	err = db.read(ctx, func(t *tx) error {
		n, err = one(t, nil, oneColumn[int], `SELECT COUNT(*) FROM busy a JOIN busy b ON a.subject = b.subject AND a.appointment < b.appointment
			AND b.starts > a.starts - 115200000 AND b.starts < a.ends AND b.ends > a.starts WHERE a.firm AND b.firm`)
		return err
	})
	return n, err
}
