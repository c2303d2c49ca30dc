package scheduling_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
	directory "github.com/samkonsult/samkonsult/internal/register"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
	"github.com/samkonsult/samkonsult/scheduling"
)

// county is booking as the program has it: a real store, and the real register over the real
// directory. The hospital may book with Fjordvik's people, and Fjordvik with the hospital's.
// Vestvik acts for Fjordvik. Nobody has agreed on anything with Langvik. Olav is a patient of
// the hospital and of Fjordvik, Bo of Langvik. It is Monday, 30 November 2026, ten o'clock.
type county struct {
	*scheduling.Service
	t     testing.TB
	db    *store.DB
	store *store.Appointments
	now   time.Time
}

const (
	hospital, fjordvik, langvik, vestvik = access.OrganisationID("hospital"), access.OrganisationID("fjordvik"), access.OrganisationID("langvik"), access.OrganisationID("vestvik")
)

// The people of the county, as they act.
var (
	atSjukehus = access.Actor{Person: "siv", Role: access.Coordinator, Organisation: hospital}
	atFjordvik = access.Actor{Person: "kari", Role: access.Coordinator, Organisation: fjordvik}
	atLangvik  = access.Actor{Person: "lise", Role: access.Coordinator, Organisation: langvik}
	atVestvik  = access.Actor{Person: "vigdis", Role: access.Coordinator, Organisation: vestvik}
	theDoctor  = access.Actor{Person: "tuva", Role: access.Specialist, Organisation: hospital}
	theNurse   = access.Actor{Person: "mari", Role: access.Nurse, Organisation: fjordvik}
	theAdmin   = access.Actor{Person: "jon", Role: access.Administrator, Organisation: hospital}
)

func newCounty(t testing.TB, open func() *store.DB) *county {
	t.Helper()
	db := open()
	c := &county{t: t, db: db, store: db.Appointments(), now: monday}
	clock := func() time.Time { return c.now }
	oslo, err := time.LoadLocation("Europe/Oslo")
	c.must(err)
	var people *identity.Directory
	register, err := directory.New(directory.Config{
		Store: db.Directory(), Directory: func() directory.Directory { return people }, Zone: oslo, Now: clock,
	})
	c.must(err)
	c.Service, err = scheduling.NewService(scheduling.Config{Store: c.store, People: register, Register: register, Messages: db.Outbox(), Zone: oslo, Now: clock})
	c.must(err)
	people, err = identity.NewDirectory(identity.DirectoryConfig{Store: db.Directory(), Meetings: c.Service, Zone: oslo, Now: clock})
	c.must(err)
	c.settle()
	return c
}

// monday is ten o'clock in Norway.
var monday = time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)

// at is an hour of a day in December 2026, in Norway.
func at(day, hour int) time.Time { return time.Date(2026, 12, day, hour-1, 0, 0, 0, time.UTC) }

// ahead is the store's clock: in a time to come, in which all that is in the outbox is due, and
// what was claimed from it is given up again. Nothing else here goes by it.
func ahead() func() time.Time {
	var asked atomic.Int64
	return func() time.Time {
		return time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(asked.Add(1)) * time.Hour)
	}
}

// inTheCounty is a county over SQLite.
func inTheCounty(t testing.TB) *county {
	t.Helper()
	return newCounty(t, storetest.Opener(t, store.Config{URL: dbtest.SQLite(t), Keyring: storetest.Keyring(t), Now: ahead()}))
}

// inEachCounty is inTheCounty over both databases.
func inEachCounty(t *testing.T, test func(t *testing.T, c *county)) {
	t.Helper()
	storetest.EachAt(t, ahead(), func(t *testing.T, open func() *store.DB) {
		test(t, newCounty(t, open))
	})
}

func (c *county) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *county) settle() {
	ctx, s := c.t.Context(), c.db.Directory()
	for _, o := range []identity.Organisation{
		{ID: hospital, Kind: identity.Hospital, Name: "Fjord sjukehus", Phone: "+4755000000", Host: true},
		{ID: fjordvik, Kind: identity.Municipality, Name: "Fjordvik kommune", Phone: "+4757000000"},
		{ID: langvik, Kind: identity.Municipality, Name: "Langvik kommune"},
		{ID: vestvik, Kind: identity.Municipality, Name: "Vestvik kommune"},
	} {
		o.Active = true
		c.must(s.SaveOrganisation(ctx, o, nil, nil))
	}
	c.must(s.SaveUnit(ctx, identity.Unit{ID: "home-care", Organisation: fjordvik, Name: "Heimetenesta", Active: true}, nil, nil))
	book := []identity.GrantKind{identity.GrantBook, identity.GrantSee}
	for _, a := range []identity.Agreement{
		{ID: "pair", A: hospital, B: fjordvik, Grants: []identity.Grant{{To: hospital, May: book}, {To: fjordvik, May: book}}, Policy: identity.Policy{Identification: identity.IdentifyCode}},
		{ID: "for-fjordvik", A: vestvik, B: fjordvik, Grants: []identity.Grant{{To: vestvik, May: book, ActFor: true}}, Policy: identity.Policy{Identification: identity.IdentifyRecognised}},
	} {
		a.From, a.Policy.RetentionDays = "2026-01-01", 90
		c.must(s.SaveAgreement(ctx, a, nil, nil))
	}
	for _, p := range []struct {
		id   access.PersonID
		in   access.OrganisationID
		role access.Role
		unit string
	}{
		{"tuva", hospital, access.Specialist, ""}, {"erik", hospital, access.Specialist, ""}, {"siv", hospital, access.Coordinator, ""}, {"jon", hospital, access.Administrator, ""},
		{"mari", fjordvik, access.Nurse, "home-care"}, {"vera", fjordvik, access.Nurse, ""}, {"kari", fjordvik, access.Coordinator, ""}, {"per", fjordvik, access.GP, ""},
		{"lars", langvik, access.Nurse, ""}, {"lise", langvik, access.Coordinator, ""}, {"vigdis", vestvik, access.Coordinator, ""}, {"vidar", vestvik, access.Nurse, ""},
	} {
		c.must(s.SaveStaff(ctx, identity.Staff{
			Person:      identity.Person{ID: p.id, Name: strings.ToUpper(string(p.id[:1])) + string(p.id[1:]), Email: string(p.id) + "@example.no", Language: "nn"},
			Assignments: []identity.Assignment{{ID: "a-" + string(p.id), Person: p.id, Organisation: p.in, Unit: p.unit, Role: p.role, Title: "Tittel", From: "2026-01-01"}},
		}, nil, nil))
	}
	c.must(s.SavePatient(ctx, identity.Patient{
		Person: identity.Person{ID: "olav", Name: "Olav Eik", Phone: "+4790000123", Language: "nn"}, CaredForBy: []access.OrganisationID{hospital, fjordvik},
		Relatives: []identity.RelatedPerson{{Person: identity.Person{ID: "ragna", Name: "Ragna Eik", Phone: "+4790000124", Language: "nn"}, Kind: identity.KindRelative, Title: "dotter"}},
		Consents:  []identity.Consent{{Organisation: vestvik, From: "2026-01-01"}},
	}, hospital, nil, nil))
	c.must(s.SavePatient(ctx, identity.Patient{
		Person: identity.Person{ID: "bo", Name: "Bo Vik", Phone: "+4790000126", Language: "nn"}, CaredForBy: []access.OrganisationID{langvik},
	}, langvik, nil, nil))
	c.must(s.SaveInterpreter(ctx, identity.Interpreter{
		Person: identity.Person{ID: "tor", Name: "Tor Tolk", Phone: "+4790000127", Language: "nb"}, Organisation: hospital, Speaks: []string{"pl"}, Active: true,
	}, nil, nil))
}

func doctor() scheduling.Party {
	return scheduling.Party{Person: "tuva", Role: access.Specialist, Organisation: hospital, Required: true}
}

func nurse() scheduling.Party {
	return scheduling.Party{
		Person: "mari", Role: access.Nurse, Organisation: fjordvik, Required: true, MayDeputise: true,
		Attends: scheduling.Visiting, Before: 30 * time.Minute, After: 20 * time.Minute,
	}
}
func patient() scheduling.Party {
	return scheduling.Party{Person: "olav", Role: access.Patient, Required: true}
}
func daughter() scheduling.Party { return scheduling.Party{Person: "ragna", Role: access.Relative} }

// visit is the doctor, the nurse who drives to the patient, the patient and the daughter, who
// need not be there.
func visit(starts ...time.Time) scheduling.Request {
	return scheduling.Request{
		Plan:    scheduling.Plan{Title: "Sårkontroll", Question: "Veks såret?"},
		Parties: []scheduling.Party{doctor(), nurse(), patient(), daughter()}, Length: 30 * time.Minute, Starts: starts,
	}
}

func atOnce(starts ...time.Time) scheduling.Request {
	r := visit(starts...)
	r.AtOnce = true
	return r
}

// books books for the hospital, and expects that it can be.
func (c *county) books(r scheduling.Request) scheduling.Appointment {
	c.t.Helper()
	list, _, err := c.Book(c.t.Context(), atSjukehus, r)
	c.must(err)
	return list[0]
}

// seat is the participant's id that a person has.
func seat(a scheduling.Appointment, person access.PersonID) scheduling.ParticipantID {
	for _, p := range a.Participants {
		if p.Person == person {
			return p.ID
		}
	}
	return ""
}

func participant(a scheduling.Appointment, person access.PersonID) scheduling.Participant {
	for _, p := range a.Participants {
		if p.Person == person {
			return p
		}
	}
	return scheduling.Participant{}
}

// guest is somebody who has opened their link to an appointment.
func guest(person access.PersonID, role access.Role, a scheduling.Appointment) access.Actor {
	return access.Actor{Person: person, Role: role, Consultation: string(a.ID)}
}

func thePatient(a scheduling.Appointment) access.Actor { return guest("olav", access.Patient, a) }

// to gives the same answer to times by where they stand.
func to(a scheduling.Appointment, answer scheduling.Answer, options ...int) scheduling.Given {
	var g scheduling.Given
	for _, i := range options {
		g.Answers = append(g.Answers, scheduling.GivenAnswer{Option: a.Options[i].ID, Answer: answer})
	}
	if len(options) == 0 {
		g.Answers = []scheduling.GivenAnswer{{Answer: answer}}
	}
	return g
}

func (c *county) answers(by access.Actor, a scheduling.Appointment, g scheduling.Given) scheduling.Appointment {
	c.t.Helper()
	a, err := c.Answer(c.t.Context(), by, a.ID, g)
	if err != nil {
		c.t.Fatalf("%s answers: %v", by.Person, err)
	}
	return a
}

func (c *county) stored(id scheduling.AppointmentID) scheduling.Appointment {
	c.t.Helper()
	a, err := c.store.Appointment(c.t.Context(), id)
	c.must(err)
	return a
}

// outbox is all that waits to be sent, as "kind to person", sorted.
func (c *county) outbox() []string {
	c.t.Helper()
	var out []string
	for _, m := range c.messages() {
		out = append(out, fmt.Sprintf("%s to %s", m.Kind, m.To))
	}
	slices.Sort(out)
	return out
}

// sends has all that waits sent, reminders too.
func (c *county) sends() {
	c.t.Helper()
	for _, m := range c.messages() {
		c.must(c.db.Outbox().Done(c.t.Context(), m.ID))
	}
}

func (c *county) messages() (out []notify.Message) {
	c.t.Helper()
	all, err := c.db.Outbox().Claim(c.t.Context(), 10_000)
	c.must(err)
	for _, w := range all {
		out = append(out, w.Message)
	}
	return out
}

// entries are the audit record's of a patient with an action, the newest first.
func (c *county) entries(action access.Action, patient access.PersonID) (out []audit.Entry) {
	c.t.Helper()
	all, err := c.db.Audit().OfPatient(c.t.Context(), patient, "", 1000, audit.New(c.now, access.Actor{Person: "olav", Role: access.Patient}, access.SeenRead.String(), audit.Done))
	c.must(err)
	for _, e := range all {
		if e.Action == action.String() {
			out = append(out, e)
		}
	}
	return out
}

// taken expects that the time is taken, and by whom.
func taken(t testing.TB, why string, err error, rule scheduling.TakenRule, who ...scheduling.Subject) {
	t.Helper()
	e, ok := errors.AsType[*scheduling.TakenError](err)
	if !ok {
		t.Errorf("%s: got %v, want that it is taken", why, err)
		return
	}
	var got []scheduling.Subject
	for _, k := range e.Taken {
		got = append(got, k.Subject)
		if k.Rule != rule {
			t.Errorf("%s: %s is %s, want %s", why, k.Subject, k.Rule, rule)
		}
	}
	if !slices.Equal(got, who) {
		t.Errorf("%s: taken by %v, want %v", why, got, who)
	}
}

func refusedTo(t testing.TB, why string, err error) {
	t.Helper()
	if _, ok := errors.AsType[*access.Refused](err); !ok {
		t.Errorf("%s: got %v, want a refusal", why, err)
	}
}

func breaks(t testing.TB, why string, err error, field string) {
	t.Helper()
	if e, ok := errors.AsType[*scheduling.Invalid](err); !ok || e.Field != field {
		t.Errorf("%s: got %v, want that %s breaks a rule", why, err, field)
	}
}

// unchanged expects that what is tried changes nothing: no appointment, no message.
func (c *county) unchanged(try func()) {
	c.t.Helper()
	before, sent := c.everything(), c.outbox()
	try()
	if after := c.everything(); after != before {
		c.t.Errorf("it has changed something:\n%s\nwas\n%s", after, before)
	}
	if now := c.outbox(); !slices.Equal(now, sent) {
		c.t.Errorf("it has written messages: %v, were %v", now, sent)
	}
}

// everything is all appointments with their claims.
func (c *county) everything() string {
	c.t.Helper()
	list, err := c.store.List(c.t.Context(), scheduling.Query{States: []scheduling.State{
		scheduling.Proposed, scheduling.Pending, scheduling.Booked, scheduling.Arrived, scheduling.Fulfilled, scheduling.Cancelled, scheduling.NoShow,
	}})
	c.must(err)
	return fmt.Sprintf("%#v", list) // LogValue and Format have nothing to do with %#v
}

// claimed are the firm claims of somebody's time in December, as the store has them.
func (c *county) claimed(subjects ...scheduling.Subject) (out []scheduling.Claim) {
	c.t.Helper()
	known, err := c.store.Time(c.t.Context(), subjects, at(1, 1), at(31, 23))
	c.must(err)
	for _, k := range known.Claims {
		if k.Firm() {
			out = append(out, k)
		}
	}
	return out
}
