package scheduling_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
	"github.com/samkonsult/samkonsult/scheduling"
)

// wound is a consultation at ten o'clock in Norway that the hospital invites to.
func wound() scheduling.Appointment {
	starts := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	return scheduling.Appointment{
		ID: "c1", Organisation: "hospital", Starts: starts, Ends: starts.Add(30 * time.Minute),
		State: scheduling.Booked, Identification: scheduling.ByCode,
		Participants: []scheduling.Participant{
			{ID: "p-tuva", Person: "tuva", Role: access.Specialist, Organisation: "hospital", Title: "Overlege", Required: true},
			{ID: "p-mari", Person: "mari", Role: access.Nurse, Organisation: "municipality", Title: "Sjukepleiar"},
			{ID: "p-olav", Person: "olav", Role: access.Patient, Title: "Pasient", Beside: []scheduling.Companion{{Name: "Inga Eik", Role: "kone"}}},
			{ID: "p-ragna", Person: "ragna", Role: access.Relative, Title: "Dotter"},
		},
	}
}

// The people who act.
var (
	tuva  = access.Actor{Person: "tuva", Role: access.Specialist, Organisation: "hospital", Session: "s1"}
	mari  = access.Actor{Person: "mari", Role: access.Nurse, Organisation: "municipality", Session: "s2"}
	olav  = access.Actor{Person: "olav", Role: access.Patient, Session: "s3", Consultation: "c1"}
	ragna = access.Actor{Person: "ragna", Role: access.Relative, Session: "s4", Consultation: "c1"}
	siv   = access.Actor{Person: "siv", Role: access.Coordinator, Organisation: "hospital", Session: "s5"}
	jon   = access.Actor{Person: "jon", Role: access.Administrator, Organisation: "hospital", Session: "s6"}
	per   = access.Actor{Person: "per", Role: access.GP, Organisation: "gp", Session: "s7"} // has no part in it
)

// office is a service over a real store, with a clock that the test moves.
type office struct {
	*scheduling.Service
	t     *testing.T
	store *onRecord
	now   time.Time
	here  map[scheduling.AppointmentID]int
}

// onRecord is a store that remembers what was put on record.
type onRecord struct {
	scheduling.Store
	entries []audit.Entry
	fail    error
}

func (s *onRecord) Record(ctx context.Context, entries []audit.Entry) error {
	if s.fail != nil {
		return s.fail
	}
	s.entries = append(s.entries, entries...)
	return s.Store.Record(ctx, entries)
}

func newOffice(t *testing.T) *office {
	t.Helper()
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{
		t: t, store: &onRecord{Store: storetest.SQLite(t).Appointments()}, now: wound().Starts,
		here: map[scheduling.AppointmentID]int{},
	}
	o.Service, err = scheduling.NewService(scheduling.Config{
		Store: o.store, People: register{}, Zone: oslo, Now: func() time.Time { return o.now },
		Here: func(id scheduling.AppointmentID) int { return o.here[id] },
	})
	if err != nil {
		t.Fatal(err)
	}
	o.book(wound())
	return o
}

func (o *office) book(a scheduling.Appointment) scheduling.Appointment {
	o.t.Helper()
	a, err := o.Save(o.t.Context(), a)
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

// took returns what was put on record since the last time.
func (o *office) took() []audit.Entry {
	entries := o.store.entries
	o.store.entries = nil
	return entries
}

// refused expects a refusal that is on record, and nothing else that is.
func (o *office) refused(err error, by access.Actor, action access.Action) {
	o.t.Helper()
	refusal, ok := errors.AsType[*access.Refused](err)
	if !ok || refusal.Action != action || refusal.Role != by.Role {
		o.t.Errorf("%s %s: got %v, want a refusal", by.Person, action, err)
	}
	entries := o.took()
	told := access.PersonID("") // a link for another consultation is not looked up
	if len(entries) == 1 && entries[0].Object == "consultation/c1" && (by.Consultation == "" || by.Consultation == "c1") {
		told = "olav"
	}
	if len(entries) != 1 || entries[0].Outcome != audit.Refused || entries[0].Actor != by || entries[0].Action != action.String() || entries[0].Patient != told {
		o.t.Errorf("on record: %+v", entries)
	}
}

// told expects that one entry tells the patient of it.
func (o *office) told(by access.Actor, action access.Action, relations access.Relations) {
	o.t.Helper()
	entries := o.took()
	if len(entries) != 1 {
		o.t.Fatalf("on record: %+v", entries)
	}
	e := entries[0]
	if e.Actor != by || e.Action != action.String() || e.Patient != "olav" || e.Object != "consultation/c1" || e.Outcome != audit.Done || e.By != relations {
		o.t.Errorf("on record: %+v", e)
	}
}

// register is the directory's names.
type register struct{}

func (register) Names(_ context.Context, ids []access.PersonID) (map[access.PersonID]string, error) {
	all := map[access.PersonID]string{"tuva": "Tuva Ask", "mari": "Mari Bjørk", "olav": "Olav Eik", "ragna": "Ragna Eik"}
	for id := range all {
		if !slices.Contains(ids, id) {
			delete(all, id)
		}
	}
	return all, nil
}

func (register) Organisations(_ context.Context, ids []access.OrganisationID) (map[access.OrganisationID]scheduling.Organisation, error) {
	all := map[access.OrganisationID]scheduling.Organisation{
		"hospital": {Name: "Fjord sjukehus", Phone: "+4712345678"}, "municipality": {Name: "Fjordvik kommune", Phone: "+4712345679"},
	}
	for id := range all {
		if !slices.Contains(ids, id) {
			delete(all, id)
		}
	}
	return all, nil
}

func TestAGreetingSaysWhoIsExpectedAndWhatOneMayDo(t *testing.T) {
	o := newOffice(t)
	all := []access.Action{
		access.CallAdmit, access.CallConfirm, access.CallMute, access.CallRemove, access.CallLock, access.CallEnd,
		access.CallSecond, access.CallChat,
	}
	for _, tt := range []struct {
		by       access.Actor
		name     string
		relation access.Relations
		admits   bool
		may      []access.Action
	}{
		{tuva, "Tuva Ask", access.SameOrganisation, true, all},
		{mari, "Mari Bjørk", access.SameOrganisation, true, []access.Action{access.CallAdmit, access.CallConfirm, access.CallSecond, access.CallChat}},
		{olav, "Olav Eik", access.Participant, false, []access.Action{access.CallChat}},
		{ragna, "Ragna Eik", access.Participant, false, []access.Action{access.CallChat}},
	} {
		seat, err := o.Open(t.Context(), tt.by, "c1")
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if seat.Me.Name != tt.name || seat.AdmitsItself != tt.admits || !slices.Equal(seat.May, tt.may) {
			t.Errorf("%s: %+v admits itself %t, may %v", tt.name, seat.Me, seat.AdmitsItself, seat.May)
		}
		if seat.Host.Phone != "+4712345678" || len(seat.People) != 4 || seat.People[1].OrganisationName != "Fjordvik kommune" {
			t.Errorf("%s: %+v, %+v", tt.name, seat.Host, seat.People)
		}
		if early := seat.Starts.Sub(seat.Opens); early != 15*time.Minute {
			t.Errorf("opens %s before the time", early)
		}
		if tt.by.Person == "olav" { // needs no telling of what he reads himself
			if entries := o.took(); entries != nil {
				t.Errorf("on record: %+v", entries)
			}
		} else {
			o.told(tt.by, access.ConsultationRead, tt.relation)
		}
	}
}

func TestNobodyIsGreetedWithoutASeat(t *testing.T) {
	o := newOffice(t)
	if _, err := o.Open(t.Context(), siv, "c1"); !errors.Is(err, scheduling.ErrNoSeat) {
		t.Errorf("the coordinator: %v", err)
	}
	colleague := tuva
	colleague.Person = "eva"
	if _, err := o.Open(t.Context(), colleague, "c1"); !errors.Is(err, scheduling.ErrNoSeat) {
		t.Errorf("a colleague: %v", err)
	}
	if entries := o.took(); entries != nil {
		t.Errorf("on record: %+v", entries)
	}
	inAnotherRole, forAnother, byAnotherLink := tuva, tuva, olav
	inAnotherRole.Role = access.Administrator
	forAnother.Organisation = "elsewhere"
	byAnotherLink.Consultation = "c2"
	for why, by := range map[string]access.Actor{
		"not invited": per, "in a role that is not invited": inAnotherRole, "for an organisation that is not": forAnother,
		"by the link of another consultation": byAnotherLink,
	} {
		_, err := o.Open(t.Context(), by, "c1")
		if _, ok := errors.AsType[*access.Refused](err); !ok {
			t.Errorf("%s: %v", why, err)
		}
		o.refused(err, by, access.ConsultationRead)
	}
}

func TestWhatIsNotThereIsRefusedLikeWhatIsNotOnes(t *testing.T) {
	o := newOffice(t)
	for _, id := range []scheduling.AppointmentID{"c1", "nowhere"} {
		_, err := o.Open(t.Context(), per, id)
		o.refused(err, per, access.ConsultationRead)
		_, err = o.Join(t.Context(), per, id)
		o.refused(err, per, access.ConsultationJoin)
		_, err = o.Seat(t.Context(), per, id, "p-olav")
		o.refused(err, per, access.ConsultationJoin)
		_, err = o.Invitation(t.Context(), per, access.LinkReplace, id, "p-olav")
		o.refused(err, per, access.LinkReplace)
	}
}

func TestASeatMayBeTakenFromAQuarterBeforeUntilItIsOver(t *testing.T) {
	starts := wound().Starts
	for _, tt := range []struct {
		why    string
		at     time.Time
		state  scheduling.State
		reason scheduling.ClosedReason // empty: open
	}{
		{"the day before", starts.AddDate(0, 0, -1), scheduling.Booked, scheduling.NotYetOpen},
		{"a moment too early", starts.Add(-15*time.Minute - 1), scheduling.Booked, scheduling.NotYetOpen},
		{"a quarter before", starts.Add(-15 * time.Minute), scheduling.Booked, ""},
		{"late", starts.Add(2 * time.Hour), scheduling.Booked, ""},
		{"at the last moment", starts.Add(12*time.Hour + 30*time.Minute - 1), scheduling.Booked, ""},
		{"the day after", starts.Add(12*time.Hour + 30*time.Minute), scheduling.Booked, scheduling.Ended},
		{"when the call was ended for all", starts, scheduling.Fulfilled, scheduling.Ended},
		{"when it is cancelled, the day before", starts.AddDate(0, 0, -1), scheduling.Cancelled, scheduling.Ended},
		{"when it is cancelled", starts, scheduling.Cancelled, scheduling.Ended},
	} {
		t.Run(tt.why, func(t *testing.T) {
			o := newOffice(t)
			a := wound()
			a.Version, a.State = 1, tt.state
			o.book(a)
			o.now = tt.at
			me, err := o.Join(t.Context(), olav, "c1")
			_, seatErr := o.Seat(t.Context(), olav, "c1", "p-olav")
			if tt.reason == "" {
				if err != nil || me.ID != "p-olav" || seatErr != nil {
					t.Errorf("got %+v, %v and %v", me, err, seatErr)
				}
				return
			}
			for _, err := range []error{err, seatErr} {
				closed, ok := errors.AsType[*scheduling.ClosedError](err)
				if !ok || closed.Reason != tt.reason || closed.Host.Phone != "+4712345678" {
					t.Errorf("got %v, want %s and whom to ring", err, tt.reason)
				}
			}
		})
	}
}

func TestTheSeatOfATicketIsItsOwnPersons(t *testing.T) {
	o := newOffice(t)
	seat, err := o.Seat(t.Context(), tuva, "c1", "p-tuva")
	if err != nil || seat.Me.ID != "p-tuva" {
		t.Fatalf("%+v, %v", seat.Me, err)
	}
	o.told(tuva, access.ConsultationJoin, access.Participant)
	_, err = o.Seat(t.Context(), ragna, "c1", "p-olav")
	o.refused(err, ragna, access.ConsultationJoin)
}

func TestWhoMayReplaceAndRevokeLinks(t *testing.T) {
	o := newOffice(t)
	nurseByLink := mari
	nurseByLink.Consultation = "c1"
	municipal := siv
	municipal.Organisation = "municipality"
	for _, tt := range []struct {
		why    string
		by     access.Actor
		action access.Action
		whose  scheduling.ParticipantID
		may    bool
	}{
		{"a specialist who is invited", tuva, access.LinkReplace, "p-olav", true},
		{"a nurse who is invited", mari, access.LinkReplace, "p-ragna", true},
		{"the coordinator of those who invite", siv, access.LinkReplace, "p-mari", true},
		{"the coordinator of those who invite", siv, access.LinkRevoke, "p-olav", true},
		{"another's coordinator, of own people", municipal, access.LinkRevoke, "p-mari", true},
		{"another's coordinator, of others", municipal, access.LinkRevoke, "p-olav", false},
		{"a specialist revokes", tuva, access.LinkRevoke, "p-olav", false},
		{"a nurse by a link of her own", nurseByLink, access.LinkReplace, "p-olav", false},
		{"the patient", olav, access.LinkReplace, "p-olav", false},
		{"the administrator", jon, access.LinkRevoke, "p-olav", false},
	} {
		in, err := o.Invitation(t.Context(), tt.by, tt.action, "c1", tt.whose)
		if !tt.may {
			o.refused(err, tt.by, tt.action)
			continue
		}
		if err != nil || in.Participant.ID != tt.whose || in.By == 0 || in.Closes.Sub(in.Ends) != 12*time.Hour {
			t.Errorf("%s: %+v, %v", tt.why, in, err)
		}
	}
	if _, err := o.Invitation(t.Context(), siv, access.LinkRevoke, "c1", "p-nobody"); !errors.Is(err, scheduling.ErrNotFound) {
		t.Errorf("of nobody: %v", err)
	}
}

func TestTheDaysListTellsHowEachVisitStands(t *testing.T) {
	o := newOffice(t)
	later := wound()
	later.ID, later.Starts, later.Ends = "c2", later.Starts.Add(3*time.Hour), later.Ends.Add(3*time.Hour)
	o.book(later)
	tomorrow := wound()
	tomorrow.ID, tomorrow.Starts, tomorrow.Ends = "c3", tomorrow.Starts.AddDate(0, 0, 1), tomorrow.Ends.AddDate(0, 0, 1)
	o.book(tomorrow)
	states := func(by access.Actor, date string) (out []scheduling.Progress) {
		t.Helper()
		visits, err := o.Day(t.Context(), by, date)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range visits {
			out = append(out, v.Progress)
		}
		return out
	}
	same := func(why string, got []scheduling.Progress, want ...scheduling.Progress) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", why, got, want)
		}
	}
	same("today", states(siv, ""), scheduling.Open, scheduling.Planned)
	o.here["c1"] = 2
	same("with two in it", states(siv, "2026-11-23"), scheduling.Running, scheduling.Planned)
	over := wound()
	over.Version, over.State = 1, scheduling.Fulfilled
	o.book(over)
	same("ended", states(mari, ""), scheduling.Over, scheduling.Planned)
	same("tomorrow", states(siv, "2026-11-24"), scheduling.Planned)
	same("of those who have no part in it", states(per, ""))
}

func TestTheDayIsNorways(t *testing.T) {
	o := newOffice(t)
	for id, starts := range map[scheduling.AppointmentID]time.Time{
		"midnight": time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC), // the day that has 25 hours
		"last":     time.Date(2026, 10, 25, 22, 59, 0, 0, time.UTC),
		"next":     time.Date(2026, 10, 25, 23, 0, 0, 0, time.UTC),
	} {
		a := wound()
		a.ID, a.Starts, a.Ends = id, starts, starts.Add(time.Minute)
		o.book(a)
	}
	visits, err := o.Day(t.Context(), siv, "2026-10-25")
	if err != nil || len(visits) != 2 || visits[0].ID != "midnight" || visits[1].ID != "last" {
		t.Errorf("%+v, %v", visits, err)
	}
	for _, date := range []string{"2026-02-29", "25.10.2026", "2026-10-25T00:00", "x"} {
		_, err := o.Day(t.Context(), siv, date)
		if invalid, ok := errors.AsType[*scheduling.Invalid](err); !ok || invalid.Field != "date" {
			t.Errorf("%s: %v", date, err)
		}
	}
}

func TestTheDaysListNamesPatientsToThoseWhoMayReadOfThemAndTellsThem(t *testing.T) {
	o := newOffice(t)
	names := func(by access.Actor) (out []string, mine scheduling.ParticipantID) {
		t.Helper()
		visits, err := o.Day(t.Context(), by, "")
		if err != nil || len(visits) != 1 {
			t.Fatalf("%+v, %v", visits, err)
		}
		for _, p := range visits[0].People {
			out = append(out, p.Name+", "+p.Title)
		}
		return out, visits[0].Mine
	}
	everyone := []string{"Tuva Ask, Overlege", "Mari Bjørk, Sjukepleiar", "Olav Eik, Pasient", "Ragna Eik, Dotter"}
	for _, by := range []access.Actor{siv, mari, tuva} {
		got, mine := names(by)
		if !slices.Equal(got, everyone) {
			t.Errorf("%s sees %v", by.Role, got)
		}
		if want := map[access.PersonID]scheduling.ParticipantID{"mari": "p-mari", "tuva": "p-tuva"}[by.Person]; mine != want {
			t.Errorf("the seat of %s is %q", by.Person, mine)
		}
		o.told(by, access.ConsultationList, access.SameOrganisation)
	}
	got, _ := names(jon)
	if want := []string{"Tuva Ask, Overlege", "Mari Bjørk, Sjukepleiar", ", ", ", "}; !slices.Equal(got, want) {
		t.Errorf("the administrator sees %v", got)
	}
	if entries := o.took(); entries != nil {
		t.Errorf("on record: %+v", entries)
	}
	nurseByLink := mari
	nurseByLink.Consultation = "c1"
	for _, by := range []access.Actor{olav, nurseByLink} {
		_, err := o.Day(t.Context(), by, "")
		o.refused(err, by, access.ConsultationList)
	}
	if _, err := o.Open(t.Context(), nurseByLink, "c1"); err != nil {
		t.Error(err)
	}
	o.told(nurseByLink, access.ConsultationRead, access.Participant)
}

func TestNamesAreNotToldBeforeItIsOnRecord(t *testing.T) {
	o := newOffice(t)
	o.store.fail = errors.New("disk full")
	if visits, err := o.Day(t.Context(), siv, ""); !errors.Is(err, o.store.fail) || visits != nil {
		t.Errorf("the list: %+v, %v", visits, err)
	}
	if seat, err := o.Open(t.Context(), mari, "c1"); !errors.Is(err, o.store.fail) || !reflect.DeepEqual(seat, scheduling.Seat{}) {
		t.Errorf("the greeting: %+v, %v", seat, err)
	}
	if _, err := o.Open(t.Context(), per, "c1"); !errors.Is(err, o.store.fail) {
		t.Errorf("a refusal: %v", err)
	}
}

func TestTheyMeetFromTheOpeningUntilHalfADayAfterTheEnd(t *testing.T) {
	o := newOffice(t)
	a := wound()
	for _, tt := range []struct {
		at   time.Time
		want bool
	}{
		{a.Starts.Add(-15*time.Minute - time.Millisecond), false},
		{a.Starts.Add(-15 * time.Minute), true},
		{a.Starts, true},
		{a.Ends.Add(12*time.Hour - time.Millisecond), true},
		{a.Ends.Add(12 * time.Hour), false},
	} {
		o.now = tt.at
		if got, err := o.Meets(t.Context(), mari, "olav"); err != nil || got != tt.want {
			t.Errorf("at %s: %t, %v", tt.at, got, err)
		}
	}
	o.now = a.Starts
	if got, err := o.Meets(t.Context(), per, "olav"); err != nil || got {
		t.Errorf("someone who is not invited: %t, %v", got, err)
	}
}

func TestAServiceNeedsItsParts(t *testing.T) {
	for why, cfg := range map[string]scheduling.Config{
		"nothing": {}, "no people": {Store: &onRecord{}}, "a time that has passed": {Store: &onRecord{}, People: register{}, Afterwards: -1},
	} {
		if _, err := scheduling.NewService(cfg); err == nil {
			t.Errorf("%s: no error", why)
		}
	}
}
