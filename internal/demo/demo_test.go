package demo_test

import (
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/demo"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/register"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
	"github.com/samkonsult/samkonsult/scheduling"
)

// house is a service of real parts over a database, with a clock that the test sets.
type house struct {
	t         *testing.T
	db        *store.DB
	now       time.Time
	zone      *time.Location
	directory *identity.Directory
	schedule  *scheduling.Service
	gate      *identity.Gate
	day       demo.Day
}

func newHouse(t *testing.T, now string) *house {
	t.Helper()
	h := &house{t: t, db: storetest.SQLite(t)}
	var err error
	h.zone, err = time.LoadLocation("Europe/Oslo")
	h.must(err)
	h.clock(now)
	clock := func() time.Time { return h.now }
	people, err := register.New(register.Config{
		Store: h.db.Directory(), Directory: func() register.Directory { return h.directory }, Zone: h.zone, Now: clock,
	})
	h.must(err)
	h.schedule, err = scheduling.NewService(scheduling.Config{Store: h.db.Appointments(), People: people, Register: people, Zone: h.zone, Now: clock})
	h.must(err)
	h.directory, err = identity.NewDirectory(identity.DirectoryConfig{Store: h.db.Directory(), Meetings: h.schedule, Zone: h.zone, Now: clock})
	h.must(err)
	key := func() []identity.Key {
		secret := make([]byte, 32)
		_, _ = rand.Read(secret) // never fails
		return []identity.Key{{Generation: 1, Secret: secret}}
	}
	h.gate, err = identity.NewGate(identity.GateConfig{
		Store: h.db.SignIn(), People: h.db.Directory(), Relations: h.directory, SessionKeys: key(), LinkKeys: key(),
		PublicURL: "https://samkonsult.example", Demo: true, Zone: h.zone, Now: clock,
	})
	h.must(err)
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// clock sets the time, as 2026-11-30 09:30:12 in Norway.
func (h *house) clock(now string) {
	h.t.Helper()
	var err error
	h.now, err = time.ParseInLocation(time.DateTime, now, h.zone)
	h.must(err)
}

// starts is what the program does when it starts.
func (h *house) starts() {
	h.t.Helper()
	var err error
	h.day, err = demo.Seed(h.t.Context(), demo.Config{
		Appointments: h.db.Appointments(), Directory: h.directory, Gate: h.gate, Schedule: h.schedule,
		Zone: h.zone, Now: func() time.Time { return h.now },
	})
	h.must(err)
}

// at is who signs in by a link.
func (h *house) at(link string) access.Actor {
	h.t.Helper()
	opened, err := h.gate.OpenLink(h.t.Context(), link, identity.Current{}, "test")
	h.must(err)
	return opened.Current.Actor
}

// monday is where the week of the clock begins.
func (h *house) monday() time.Time {
	y, m, d := h.now.Date()
	return time.Date(y, m, d-(int(h.now.Weekday())+6)%7, 0, 0, 0, 0, h.zone)
}

var everyState = []scheduling.State{
	scheduling.Proposed, scheduling.Pending, scheduling.Booked, scheduling.Arrived, scheduling.Fulfilled, scheduling.Cancelled, scheduling.NoShow,
}

// kept are the appointments of four weeks around the clock.
func (h *house) kept() []scheduling.Appointment {
	h.t.Helper()
	list, err := h.db.Appointments().List(h.t.Context(), scheduling.Query{
		From: h.monday().AddDate(0, 0, -14), Until: h.monday().AddDate(0, 0, 21), States: everyState,
	})
	h.must(err)
	return list
}

// within are those of the fortnight that begins with this week.
func (h *house) within() (out []scheduling.Appointment) {
	h.t.Helper()
	from, until := h.monday(), h.monday().AddDate(0, 0, 14)
	for _, a := range h.kept() {
		if !a.Starts.Before(from) && a.Starts.Before(until) {
			out = append(out, a)
		}
	}
	return out
}

// count is how many there are in each state.
func count(list []scheduling.Appointment) map[scheduling.State]int {
	out := map[scheduling.State]int{}
	for _, a := range list {
		out[a.State]++
	}
	return out
}

// nothingOverlaps says it of everybody's and everything's time, by what each appointment
// claims and not by what the database has let in.
func (h *house) nothingOverlaps() {
	h.t.Helper()
	theirs := map[scheduling.Subject][]scheduling.Claim{}
	for _, a := range h.kept() {
		for _, c := range a.Claims() {
			if c.Firm() {
				theirs[c.Subject] = append(theirs[c.Subject], c)
			}
		}
	}
	for subject, claims := range theirs {
		slices.SortFunc(claims, func(a, b scheduling.Claim) int { return a.Starts.Compare(b.Starts) })
		for i, c := range claims[1:] {
			if c.Starts.Before(claims[i].Ends) {
				h.t.Errorf("%s is in %s until %s, and in %s from %s", subject, claims[i].Appointment, claims[i].Ends, c.Appointment, c.Starts)
			}
		}
	}
}

// nobodyIsAwayTwice: neither twice at a time, nor on two courses, nor when they are wanted in
// the calls of the day.
func (h *house) nobodyIsAwayTwice() {
	h.t.Helper()
	week, err := h.schedule.Calendar(h.t.Context(), h.at(h.day.Coordinator), h.now.Format(time.DateOnly), 14)
	h.must(err)
	for _, r := range week.Rows {
		r.Away = slices.DeleteFunc(r.Away, func(a scheduling.Absence) bool { return !a.Ends.After(h.now) })
		for i, a := range r.Away {
			for _, other := range r.Away[:i] {
				if a.Starts.Before(other.Ends) && other.Starts.Before(a.Ends) || !a.Cover && !other.Cover {
					h.t.Errorf("%s: %s is away from %s and from %s", h.now, r.Name, other.Starts, a.Starts)
				}
			}
			for _, d := range week.Bookings {
				called := d.Made.IsZero() && d.State == scheduling.Booked && a.Starts.Before(d.Ends) && d.Starts.Before(a.Ends)
				if called && slices.ContainsFunc(d.Participants, func(p scheduling.Participant) bool { return p.Person == r.Person }) {
					h.t.Errorf("%s: %s is away when a call of the day wants them", h.now, r.Name)
				}
			}
		}
	}
}

// coordinatorSees what waits, and the calendar.
func (h *house) coordinatorSees() {
	h.t.Helper()
	kinds := func(link string) (out []scheduling.WaitKind) {
		waits, err := h.schedule.Waiting(h.t.Context(), h.at(link))
		h.must(err)
		for _, w := range waits {
			out = append(out, w.Kind)
			if w.Kind == scheduling.WaitMissing && len(w.Deputy) == 0 {
				h.t.Errorf("nobody can step in at %s", w.Booking.Starts)
			}
			if w.Kind == scheduling.WaitSuggested && !w.Free {
				h.t.Error("the doctor is not free when the municipality wants it")
			}
		}
		return out
	}
	four := []scheduling.WaitKind{scheduling.WaitNotReady, scheduling.WaitMissing, scheduling.WaitSuggested, scheduling.WaitUnanswered}
	if got := kinds(h.day.Coordinator); !slices.Equal(got, four) {
		h.t.Errorf("for the hospital waits %v", got)
	}
	if got := kinds(h.day.Municipality); !slices.Equal(got, []scheduling.WaitKind{scheduling.WaitMissing, scheduling.WaitMissing}) {
		h.t.Errorf("for the municipality waits %v", got)
	}
	for _, link := range []string{h.day.SpecialistDay, h.day.NurseDay} {
		if got := kinds(link); !slices.Equal(got, []scheduling.WaitKind{scheduling.WaitAsked}) {
			h.t.Errorf("for who treats waits %v", got)
		}
	}

	week, err := h.schedule.Calendar(h.t.Context(), h.at(h.day.Coordinator), h.monday().Format(time.DateOnly), 21) // one more, for a fortnight among holidays is short
	h.must(err)
	rows := map[string]scheduling.Row{}
	for _, r := range week.Rows {
		rows[r.Name] = r
	}
	for _, name := range []string{"Tuva Ask", "Jon Furu", "Liv Osp", "Mari Bjørk", "Ane Rogn", "Bo Lind", "Per Selje", "Stig Haug"} {
		if _, shown := rows[name]; !shown {
			h.t.Errorf("%s has no row", name)
		}
	}
	for _, name := range []string{"Tuva Ask", "Liv Osp", "Ane Rogn"} {
		if len(rows[name].Away) != 1 {
			h.t.Errorf("%s is away %d times", name, len(rows[name].Away))
		}
	}
	drives := slices.ContainsFunc(rows["Mari Bjørk"].Busy, func(b scheduling.BusySpan) bool { return b.Kind == scheduling.SpanTravel })
	if !drives {
		h.t.Error("the nurse drives to nobody")
	}
	shown := map[scheduling.State]int{}
	for _, d := range week.Bookings {
		shown[d.State]++
		if d.Template == "" || d.Question == "" || len(d.Prepare) == 0 {
			h.t.Errorf("%s has no question or nothing to prepare: %+v", d.ID, d.Plan)
		}
	}
	if shown[scheduling.Proposed]+shown[scheduling.Pending] < 3 || shown[scheduling.Booked] < 15 {
		h.t.Errorf("in the calendar are %v", shown)
	}
}

// moments of a week at which somebody may start a demo.
var moments = []string{
	"2026-11-30 07:15:20", "2026-11-30 23:41:00", "2026-12-02 12:31:07", "2026-12-04 15:48:59", "2026-12-06 23:59:30",
	"2026-12-24 10:00:00", // among holidays
	"2026-10-24 22:00:00", // the clock goes back in the night
}

func TestADemoShowsFourOrganisationsTwentyPeopleAndAFortnight(t *testing.T) {
	for _, moment := range moments {
		t.Run(moment, func(t *testing.T) {
			h := newHouse(t, moment)
			h.starts()
			admin := h.at(h.day.Admin)
			organisations, _, err := h.directory.Organisations(t.Context(), admin, identity.Page{})
			h.must(err)
			if len(organisations) != 4 {
				t.Errorf("%d organisations", len(organisations))
			}
			people, roles := 0, map[access.Role]bool{}
			for _, o := range organisations {
				staff, _, err := h.directory.StaffOf(t.Context(), admin, o.ID, identity.Page{})
				h.must(err)
				people += len(staff)
				for _, m := range staff {
					roles[m.Assignments[0].Role] = true
				}
			}
			if people < 20 || len(roles) != 6 {
				t.Errorf("%d people work there, as %v", people, slices.Collect(maps.Keys(roles)))
			}
			h.coordinatorSees()
			fortnight := h.within()
			if len(fortnight) < 40 {
				t.Errorf("%d appointments in the fortnight", len(fortnight))
			}
			states := count(h.kept())
			for _, s := range everyState {
				if s != scheduling.Arrived && states[s] == 0 { // arrived is who is in a call now, and nobody is
					t.Errorf("none is %s: %v", s, states)
				}
			}
			h.nothingOverlaps()
			for _, a := range fortnight {
				starts := a.Starts.In(h.zone)
				weekend := starts.Weekday() == time.Saturday || starts.Weekday() == time.Sunday
				if !a.Made.IsZero() && (weekend || starts.Hour() < 8 || a.Ends.In(h.zone).Hour() >= 16) { // what is to call in is around the clock
					t.Errorf("%s is from %s", a.ID, starts)
				}
				if over := !a.Ends.After(h.now); a.State == scheduling.Booked && over || a.State == scheduling.Fulfilled && !over {
					t.Errorf("%s, of %s until %s, is %s", a.ID, starts, a.Ends, a.State)
				}
			}
		})
	}
}

func TestTheSameDayGivesTheSame(t *testing.T) {
	tell := func(h *house) (out []string) {
		names := map[access.PersonID]string{}
		for _, a := range h.kept() {
			if a.Made.IsZero() {
				continue
			}
			for _, p := range a.Participants {
				if names[p.Person] == "" {
					found, err := h.db.Directory().NamesOf(t.Context(), []access.PersonID{p.Person})
					h.must(err)
					names[p.Person] = found[p.Person]
				}
			}
			line := fmt.Sprint(a.Starts, a.State, a.Title)
			for _, p := range a.Participants {
				line += ", " + names[p.Person]
			}
			out = append(out, line)
		}
		return out
	}
	a, b := newHouse(t, "2026-12-02 18:31:07"), newHouse(t, "2026-12-02 19:05:00")
	a.starts()
	b.starts()
	if one, other := tell(a), tell(b); !slices.Equal(slices.Sorted(slices.Values(one)), slices.Sorted(slices.Values(other))) {
		t.Errorf("\n%s\n\n%s", strings.Join(one, "\n"), strings.Join(other, "\n"))
	}
}

func TestAnotherStartAddsNothingButItsOwnDay(t *testing.T) {
	h := newHouse(t, "2026-11-30 18:31:07")
	h.starts()
	first := count(h.kept())
	h.clock("2026-11-30 19:40:00")
	h.starts()
	second := count(h.kept())
	// The day before is taken out of the list, and five more are there to call in.
	first[scheduling.Cancelled] += 5
	if !maps.Equal(first, second) {
		t.Errorf("%v, and after another start %v", first, second)
	}
	h.nothingOverlaps()
	staff, _, err := h.directory.StaffOf(t.Context(), h.at(h.day.Admin), h.at(h.day.NurseDay).Organisation, identity.Page{})
	h.must(err)
	patients, _, err := h.directory.Patients(t.Context(), h.at(h.day.Coordinator), identity.Page{})
	h.must(err)
	if len(staff) != 7 || len(patients) != 16 {
		t.Errorf("the municipality has %d people and the hospital %d patients", len(staff), len(patients))
	}
	h.nobodyIsAwayTwice()
	equipment, err := h.schedule.EquipmentList(t.Context(), h.at(h.day.Municipality))
	h.must(err)
	if len(equipment) != 3 {
		t.Errorf("%d pieces of equipment", len(equipment))
	}
}

func TestADemoThatIsStartedDayByDayGoesOn(t *testing.T) {
	h := newHouse(t, "2026-11-30 10:02:00")
	for day := range 8 {
		h.starts()
		h.nothingOverlaps()
		for _, a := range h.kept() {
			if a.State == scheduling.Booked && !a.Ends.After(h.now) && a.Series != "" {
				t.Errorf("%s: what was to be held at %s was neither held nor taken off", h.now, a.Starts)
			}
		}
		if n := len(h.within()); n < 40 {
			t.Errorf("%s: %d in the fortnight", h.now, n)
		}
		h.nobodyIsAwayTwice()
		if _, err := h.schedule.Lapse(t.Context()); err != nil { // as the service does all the time
			t.Fatal(err)
		}
		h.now = h.now.Add(25*time.Hour + time.Duration(day)*7*time.Minute)
	}
}

func TestEveryLinkLeadsWhereItSays(t *testing.T) {
	h := newHouse(t, "2026-11-30 10:02:30")
	h.starts()
	for link, want := range map[string]access.Role{
		h.day.Specialist: access.Specialist, h.day.Nurse: access.Nurse, h.day.Patient: access.Patient, h.day.Relative: access.Relative, h.day.GP: access.GP,
		h.day.Recognised: access.Patient, h.day.Coordinator: access.Coordinator, h.day.Admin: access.Administrator, h.day.DataProtection: access.DataProtection,
		h.day.Municipality: access.Coordinator, h.day.SpecialistDay: access.Specialist, h.day.NurseDay: access.Nurse, h.day.GPDay: access.GP,
	} {
		if got := h.at(link); got.Role != want {
			t.Errorf("a link of a %s signs in a %s", want, got.Role)
		}
	}
	// An account sees its day, where a seat sees its call alone.
	for _, link := range []string{h.day.SpecialistDay, h.day.NurseDay, h.day.GPDay} {
		visits, err := h.schedule.Day(t.Context(), h.at(link), "")
		h.must(err)
		if !slices.ContainsFunc(visits, func(v scheduling.Visit) bool { return string(v.ID) == h.day.Consultation && v.Mine != "" }) {
			t.Errorf("the call that starts now is in the day of nobody: %d visits", len(visits))
		}
	}
}

func TestTheNextConsultationSaysHowReadyItIs(t *testing.T) {
	h := newHouse(t, "2026-11-30 10:02:30")
	h.starts()
	bookings, err := h.schedule.Bookings(t.Context(), h.at(h.day.Coordinator), h.now, h.now.Add(3*time.Hour))
	h.must(err)
	i := slices.IndexFunc(bookings, func(d scheduling.Detail) bool { return d.Sequence == 1 && d.State == scheduling.Booked })
	if i < 0 {
		t.Fatal("to none was anybody invited later")
	}
	said := map[access.Role]scheduling.ReadyState{}
	for _, p := range bookings[i].Participants {
		said[p.Role] = bookings[i].Ready[p.ID].State
	}
	want := map[access.Role]scheduling.ReadyState{
		access.Patient: scheduling.SaidTested, access.Nurse: scheduling.SaidOnWay, access.Relative: scheduling.SaidLate, access.Specialist: "", access.GP: "",
	}
	if !maps.Equal(said, want) {
		t.Errorf("they have said %v", said)
	}
}

func TestTheMunicipalityBooksForItsNeighbour(t *testing.T) {
	h := newHouse(t, "2026-11-30 10:02:30")
	h.starts()
	kari := h.at(h.day.Municipality)
	for _, a := range h.kept() {
		if a.MadeBy == kari.Person && a.Organisation != kari.Organisation && a.State == scheduling.Booked {
			if _, err := h.schedule.Cancel(t.Context(), kari, a.ID, scheduling.Cancel{Reason: scheduling.OtherReason}); err != nil {
				t.Errorf("and may not take it off: %v", err)
			}
			return
		}
	}
	t.Error("nothing is booked for another")
}
