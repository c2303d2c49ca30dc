package register_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/register"
	"github.com/samkonsult/samkonsult/internal/store"
	"github.com/samkonsult/samkonsult/internal/store/dbtest"
	"github.com/samkonsult/samkonsult/internal/store/storetest"
	"github.com/samkonsult/samkonsult/scheduling"
)

// county is a register over a real store: a hospital that hosts the service, municipalities,
// and what a test has them agree on.
type county struct {
	*register.Register
	t         testing.TB
	store     *store.Directory
	directory *identity.Directory
	now       time.Time
}

type noMeetings struct{}

func (noMeetings) Meets(context.Context, access.Actor, access.PersonID) (bool, error) {
	return false, nil
}

func newCounty(t testing.TB, db *store.DB) *county {
	t.Helper()
	c := &county{t: t, store: db.Directory(), now: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return c.now }
	var err error
	c.directory, err = identity.NewDirectory(identity.DirectoryConfig{Store: c.store, Meetings: noMeetings{}, Now: clock})
	c.must(err)
	c.Register, err = register.New(register.Config{Store: c.store, Directory: func() register.Directory { return c.directory }, Now: clock})
	c.must(err)
	for _, o := range []identity.Organisation{
		{ID: "hospital", Kind: identity.Hospital, Name: "Fjord sjukehus", Phone: "+4755000000", Host: true},
		{ID: "fjordvik", Kind: identity.Municipality, Name: "Fjordvik kommune", Phone: "+4757000000"},
		{ID: "langvik", Kind: identity.Municipality, Name: "Langvik kommune"},
		{ID: "vestvik", Kind: identity.Municipality, Name: "Vestvik kommune"},
		{ID: "office", Kind: identity.GPOffice, Name: "Fjordvik legekontor"},
	} {
		o.Active = true
		c.must(c.store.SaveOrganisation(t.Context(), o, nil, nil))
	}
	return c
}

func (c *county) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *county) closes(id access.OrganisationID) {
	c.t.Helper()
	o, err := c.store.Organisation(c.t.Context(), id)
	c.must(err)
	o.Active = false
	c.must(c.store.SaveOrganisation(c.t.Context(), o, nil, nil))
}

// pact is an agreement of two as the tables below write it.
type pact struct {
	a, b        access.OrganisationID
	grants      []identity.Grant
	from, until identity.Day
	policy      identity.Identification
}

func (c *county) agree(p pact) {
	c.t.Helper()
	c.must(c.store.SaveAgreement(c.t.Context(), identity.Agreement{
		ID: fmt.Sprintf("%s-%s-%s", p.a, p.b, p.from), A: p.a, B: p.b, From: cmp.Or(p.from, "2026-01-01"), Until: p.until, Grants: p.grants,
		Policy: identity.Policy{Identification: cmp.Or(p.policy, identity.IdentifyCode), RetentionDays: 90},
	}, nil, nil))
}

func may(to access.OrganisationID, kinds ...identity.GrantKind) identity.Grant {
	return identity.Grant{To: to, May: kinds}
}

func actsFor(to access.OrganisationID, kinds ...identity.GrantKind) identity.Grant {
	return identity.Grant{To: to, May: kinds, ActFor: true}
}

func grants(all ...identity.Grant) []identity.Grant { return all }

func TestHowFarBookingReachesIsWhatOthersHaveGiven(t *testing.T) {
	const book, see = identity.GrantBook, identity.GrantSee
	type ids = []access.OrganisationID
	for name, tt := range map[string]struct {
		agreed     []pact
		closed     access.OrganisationID
		with, for_ ids
	}{
		"nobody has agreed on anything": {with: ids{"hospital"}, for_: ids{"hospital"}},
		"a municipality lets the hospital book with its people": {
			agreed: []pact{{a: "hospital", b: "fjordvik", grants: grants(may("hospital", book))}},
			with:   ids{"hospital", "fjordvik"}, for_: ids{"hospital"},
		},
		"what the hospital gives is nothing that it gets": {
			agreed: []pact{{a: "hospital", b: "fjordvik", grants: grants(may("fjordvik", book))}},
			with:   ids{"hospital"}, for_: ids{"hospital"},
		},
		"seeing patients is not booking": {
			agreed: []pact{{a: "hospital", b: "fjordvik", grants: grants(actsFor("hospital", see))}},
			with:   ids{"hospital"}, for_: ids{"hospital"},
		},
		"not begun, ended, and in force": {
			agreed: []pact{
				{a: "hospital", b: "fjordvik", grants: grants(may("hospital", book)), from: "2026-12-01"},
				{a: "langvik", b: "hospital", grants: grants(may("hospital", book)), until: "2026-11-29"},
				{a: "vestvik", b: "hospital", grants: grants(may("hospital", book)), until: "2026-11-30"},
			},
			with: ids{"hospital", "vestvik"}, for_: ids{"hospital"},
		},
		"who acts for another books for it, and with whom it may book": {
			agreed: []pact{
				{a: "hospital", b: "fjordvik", grants: grants(actsFor("hospital", book))},
				{a: "fjordvik", b: "office", grants: grants(may("fjordvik", book))},
				{a: "fjordvik", b: "langvik", grants: grants(may("langvik", book))}, // it gives, and does not get
				{a: "fjordvik", b: "vestvik", grants: grants(may("fjordvik", see))},
			},
			with: ids{"hospital", "fjordvik", "office"}, for_: ids{"hospital", "fjordvik"},
		},
		"who may book with another does not come to that one's partners": {
			agreed: []pact{
				{a: "hospital", b: "fjordvik", grants: grants(may("hospital", book))},
				{a: "fjordvik", b: "office", grants: grants(may("fjordvik", book))},
			},
			with: ids{"hospital", "fjordvik"}, for_: ids{"hospital"},
		},
		"acting goes one step": {
			agreed: []pact{
				{a: "hospital", b: "fjordvik", grants: grants(actsFor("hospital", book))},
				{a: "fjordvik", b: "langvik", grants: grants(actsFor("fjordvik", book))},
				{a: "langvik", b: "vestvik", grants: grants(may("langvik", book))},
			},
			with: ids{"hospital", "fjordvik", "langvik"}, for_: ids{"hospital", "fjordvik"},
		},
		"an organisation that has closed": {
			agreed: []pact{
				{a: "hospital", b: "fjordvik", grants: grants(actsFor("hospital", book))},
				{a: "hospital", b: "langvik", grants: grants(may("hospital", book))},
			},
			closed: "fjordvik", with: ids{"hospital", "langvik"}, for_: ids{"hospital"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCounty(t, storetest.SQLite(t))
			for _, p := range tt.agreed {
				c.agree(p)
			}
			if tt.closed != "" {
				c.closes(tt.closed)
			}
			got, err := c.Reach(t.Context(), access.Actor{Person: "siv", Role: access.Coordinator, Organisation: "hospital"})
			c.must(err)
			if len(got.With) == 0 || got.With[0] != "hospital" || !same(got.With, tt.with) {
				t.Errorf("with %v, want %v, the own first", got.With, tt.with)
			}
			if len(got.For) == 0 || got.For[0] != "hospital" || !same(got.For, tt.for_) {
				t.Errorf("for %v, want %v, the own first", got.For, tt.for_)
			}
		})
	}
	c := newCounty(t, storetest.SQLite(t))
	if got, err := c.Reach(t.Context(), access.Actor{Person: "olav", Role: access.Patient}); err != nil || len(got.With)+len(got.For) != 0 {
		t.Errorf("a patient reaches %v, %v", got, err)
	}
}

func same(got, want []access.OrganisationID) bool {
	g, w := slices.Clone(got), slices.Clone(want)
	slices.Sort(g)
	slices.Sort(w)
	return slices.Equal(g, w)
}

// employ puts somebody into the store with what they do.
func (c *county) employ(id access.PersonID, acts ...identity.Assignment) {
	c.t.Helper()
	for i := range acts {
		a := &acts[i]
		a.ID, a.Person, a.From = fmt.Sprintf("%s-%d", id, i), id, cmp.Or(a.From, "2026-01-01")
		a.Title = cmp.Or(a.Title, "Tittel")
	}
	c.must(c.store.SaveStaff(c.t.Context(), identity.Staff{
		Person: identity.Person{ID: id, Name: string(id), Email: string(id) + "@example.no", Language: "nn"}, Assignments: acts,
	}, nil, nil))
}

func (c *county) staffed() {
	c.t.Helper()
	c.must(c.store.SaveUnit(c.t.Context(), identity.Unit{ID: "wounds", Organisation: "hospital", Name: "Sårpoliklinikken", Active: true}, nil, nil))
	c.employ("tuva", identity.Assignment{Organisation: "hospital", Unit: "wounds", Role: access.Specialist, Title: "Overlege", Competence: "Sår"},
		identity.Assignment{Organisation: "hospital", Role: access.Specialist, Title: "Lege"},
		identity.Assignment{Organisation: "hospital", Role: access.Coordinator})
	c.employ("mari", identity.Assignment{Organisation: "fjordvik", Role: access.Nurse, Title: "Sjukepleiar"},
		identity.Assignment{Organisation: "hospital", Role: access.Nurse, Title: "Spesialsjukepleiar", Until: "2026-11-30"})
	c.employ("per", identity.Assignment{Organisation: "office", Role: access.GP, Title: "Fastlege", From: "2026-12-01"})
	c.employ("jon", identity.Assignment{Organisation: "hospital", Role: access.Administrator})
}

func lines(all []scheduling.Colleague) []string {
	var out []string
	for _, c := range all {
		out = append(out, fmt.Sprintf("%s %s %s %s %s %s", c.Person, c.Organisation, c.Role, c.UnitName, c.Title, c.Competence))
	}
	slices.Sort(out)
	return out
}

func wantLines(t testing.TB, what string, got []scheduling.Colleague, err error, want ...string) {
	t.Helper()
	if err != nil || !slices.Equal(lines(got), want) {
		t.Errorf("%s: %q, %v\nwant %q", what, lines(got), err, want)
	}
}

func TestWhoTreatsIsFoundOnceForEachOrganisationAndRole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		c := newCounty(t, open())
		c.staffed()
		ctx := t.Context()
		const (
			tuva   = "tuva hospital specialist Sårpoliklinikken Overlege Sår"
			mari   = "mari fjordvik nurse  Sjukepleiar "
			second = "mari hospital nurse  Spesialsjukepleiar "
			per    = "per office gp  Fastlege "
		)
		everybody := []access.PersonID{"jon", "mari", "per", "tuva", "nobody"}
		got, err := c.Working(ctx, everybody, "2026-11-30")
		wantLines(t, "today", got, err, mari, second, tuva)
		got, err = c.Working(ctx, everybody, "2026-12-01")
		wantLines(t, "tomorrow", got, err, mari, per, tuva)
		got, err = c.Working(ctx, everybody, "2025-12-31")
		wantLines(t, "last year", got, err)
		got, err = c.Working(ctx, nil, "2026-11-30")
		wantLines(t, "of nobody", got, err)
		got, err = c.Colleagues(ctx, []access.OrganisationID{"hospital", "office"}, "2026-11-30")
		wantLines(t, "in the hospital and the office", got, err, second, tuva)
		got, err = c.Colleagues(ctx, nil, "2026-11-30")
		wantLines(t, "nowhere", got, err)

		names, err := c.Names(ctx, []access.PersonID{"tuva", "nobody"})
		if err != nil || len(names) != 1 || names["tuva"] != "tuva" {
			t.Errorf("%v, %v", names, err)
		}
		organisations, err := c.Organisations(ctx, []access.OrganisationID{"fjordvik", "nowhere"})
		if want := (scheduling.Organisation{Name: "Fjordvik kommune", Phone: "+4757000000", Kind: "municipality"}); err != nil || len(organisations) != 1 || organisations["fjordvik"] != want {
			t.Errorf("%v, %v", organisations, err)
		}
	})
}

func (c *county) admitted() {
	c.t.Helper()
	ctx := c.t.Context()
	olav := identity.Patient{
		Person: identity.Person{ID: "olav", Name: "Olav Eik", Language: "nn"}, CaredForBy: []access.OrganisationID{"fjordvik"},
		Relatives: []identity.RelatedPerson{
			{Person: identity.Person{ID: "ragna", Name: "Ragna Eik", Language: "nn"}, Kind: identity.KindRelative, Title: "dotter"},
			{Person: identity.Person{ID: "knut", Name: "Knut Eik", Language: "nn"}, Kind: identity.KindGuardian},
			{Person: identity.Person{ID: "tor", Name: "Tor Eik", Language: "nn"}, Kind: identity.KindRelative, Title: "bror"},
		},
	}
	c.must(c.store.SavePatient(ctx, olav, "fjordvik", nil, nil))
	olav.Version, olav.Relatives = 1, olav.Relatives[:2] // Tor is a former one now
	c.must(c.store.SavePatient(ctx, olav, "fjordvik", nil, nil))
	for id, of := range map[access.PersonID]access.OrganisationID{"ola-tolk": "fjordvik", "eva-tolk": "hospital", "gone-tolk": "hospital", "far-tolk": "langvik"} {
		c.must(c.store.SaveInterpreter(ctx, identity.Interpreter{
			Person: identity.Person{ID: id, Name: string(id), Phone: "+4790000001", Language: "nb"}, Organisation: of, Speaks: []string{"pl"}, Active: id != "gone-tolk",
		}, nil, nil))
	}
}

func TestAroundAPatientAreRelativesAndWhoInterpretsForTheParties(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		c := newCounty(t, open())
		c.admitted()
		c.agree(pact{a: "hospital", b: "fjordvik", policy: identity.IdentifyLink})
		c.agree(pact{a: "hospital", b: "office", policy: identity.IdentifyRecognised})
		around := func(patient access.PersonID, in ...access.OrganisationID) scheduling.Around {
			t.Helper()
			got, err := c.Around(t.Context(), patient, in)
			c.must(err)
			return got
		}
		got := around("olav", "hospital", "fjordvik")
		want := map[access.PersonID]scheduling.Guest{
			"olav":     {Role: access.Patient, Title: "Pasient"},
			"ragna":    {Role: access.Relative, Title: "Dotter"},
			"knut":     {Role: access.Relative},
			"eva-tolk": {Role: access.Interpreter, Title: "Tolk"},
			"ola-tolk": {Role: access.Interpreter, Title: "Tolk"},
		}
		if fmt.Sprint(got.Guests) != fmt.Sprint(want) || got.Identification != scheduling.ByLink {
			t.Errorf("%v %s\nwant %v", got.Guests, got.Identification, want)
		}
		for identification, parties := range map[scheduling.Identification][]access.OrganisationID{
			scheduling.ByCode:     {"hospital"}, // nobody has agreed on anything with them
			scheduling.Recognised: {"office", "hospital"},
		} {
			if got := around("olav", parties...); got.Identification != identification {
				t.Errorf("%v: %s, want %s", parties, got.Identification, identification)
			}
		}
		if got := around("nobody", "fjordvik"); len(got.Guests) != 1 || got.Guests["ola-tolk"].Role != access.Interpreter {
			t.Errorf("around a patient who is not there: %v", got.Guests)
		}
		if got := around("tuva"); len(got.Guests) != 0 {
			t.Errorf("around nobody: %v", got.Guests)
		}
		c.must(c.store.ErasePatient(t.Context(), "olav", 2, c.now, nil, nil))
		if got := around("olav"); len(got.Guests) != 0 {
			t.Errorf("around an erased patient: %v", got.Guests)
		}
	})
}

func TestRelationsAreTheDirectorys(t *testing.T) {
	c := newCounty(t, storetest.SQLite(t))
	c.admitted()
	for organisation, want := range map[access.OrganisationID]access.Relations{"fjordvik": access.SameOrganisation, "hospital": 0} {
		got, err := c.Relations(t.Context(), access.Actor{Person: "siv", Role: access.Coordinator, Organisation: organisation}, "olav")
		if err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", organisation, got, err, want)
		}
	}
}

// BenchmarkBooking is what one booking of three parties asks the register, a question each,
// and what a calendar of 500 asks.
func BenchmarkBooking(b *testing.B) {
	for kind, url := range map[string]func(testing.TB) string{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(kind, func(b *testing.B) { booking(b, url(b)) })
	}
}

func booking(b *testing.B, url string) {
	c := newCounty(b, storetest.Opener(b, store.Config{URL: url, Keyring: storetest.Keyring(b)})())
	c.staffed()
	c.admitted()
	c.agree(pact{a: "hospital", b: "fjordvik", grants: grants(may("hospital", identity.GrantBook)), policy: identity.IdentifyLink})
	for i := range 500 {
		c.employ(access.PersonID(fmt.Sprint("colleague", i)), identity.Assignment{Organisation: "hospital", Role: access.Nurse, Title: "Sjukepleiar"})
	}
	siv := access.Actor{Person: "siv", Role: access.Coordinator, Organisation: "hospital"}
	both := []access.OrganisationID{"hospital", "fjordvik"}
	for name, ask := range map[string]func() error{
		"reach": func() error { _, err := c.Reach(b.Context(), siv); return err },
		"working": func() error {
			_, err := c.Working(b.Context(), []access.PersonID{"tuva", "mari"}, "2026-11-30")
			return err
		},
		"around":     func() error { _, err := c.Around(b.Context(), "olav", both); return err },
		"colleagues": func() error { _, err := c.Colleagues(b.Context(), both, "2026-11-30"); return err },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.must(ask())
			}
		})
	}
}
