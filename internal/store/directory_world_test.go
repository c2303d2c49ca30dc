package store

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// region is a directory over a real database: a hospital that hosts the service, a
// municipality that it has an agreement with, and a GP office that has none.
type region struct {
	*identity.Directory
	t     testing.TB
	db    *DB
	clock *clock
	meets meetings

	hospital, municipality, office access.OrganisationID
	agreement                      identity.AgreementView
}

// meetings are who meets which patient.
type meetings map[[2]access.PersonID]bool

func (m meetings) Meets(_ context.Context, by access.Actor, patient access.PersonID) (bool, error) {
	return m[[2]access.PersonID{by.Person, patient}], nil
}

func eachRegion(t *testing.T, test func(t *testing.T, r *region)) {
	t.Helper()
	each(t, func(t *testing.T, p place) { test(t, newRegion(t, p.open(t), p.clock)) })
}

func newRegion(t testing.TB, db *DB, c *clock) *region {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Oslo")
	must(t, err)
	r := &region{t: t, db: db, clock: c, meets: meetings{}}
	r.Directory, err = identity.NewDirectory(identity.DirectoryConfig{Store: db.Directory(), Meetings: r.meets, Zone: zone, Now: c.Now})
	must(t, err)
	host, err := r.Establish(t.Context(), identity.Organisation{Kind: identity.Hospital, Name: "Fjord sjukehus", Phone: "12 34 56 78"})
	must(t, err)
	r.hospital = host.ID
	r.municipality = r.organisation(identity.Municipality, "Fjordvik kommune")
	r.office = r.organisation(identity.GPOffice, "Fjordvik legekontor")
	r.agreement, err = r.CreateAgreement(t.Context(), r.jon(), identity.Agreement{
		A: r.hospital, B: r.municipality, From: r.day(0),
		Grants: []identity.Grant{
			{To: r.hospital, May: []identity.GrantKind{identity.GrantBook, identity.GrantSee}},
			{To: r.municipality, May: []identity.GrantKind{identity.GrantSee}},
		},
		Policy: identity.Policy{Identification: identity.IdentifyCode, RetentionDays: 90},
	})
	must(t, err)
	return r
}

func (r *region) organisation(kind identity.OrganisationKind, name string) access.OrganisationID {
	r.t.Helper()
	o, err := r.CreateOrganisation(r.t.Context(), r.jon(), identity.Organisation{Kind: kind, Name: name, Active: true})
	must(r.t, err)
	return o.ID
}

// day is so many days from the first day of the test.
func (r *region) day(n int) identity.Day {
	return identity.Day(time.UnixMilli(1_795_343_400_000).AddDate(0, 0, n).Format(time.DateOnly))
}

// The people. Nobody of them needs an account to act here.
func (r *region) jon() access.Actor { // the host's administrator
	return access.Actor{Person: "jon", Role: access.Administrator, Organisation: r.hospital}
}
func (r *region) liv() access.Actor { // the municipality's
	return access.Actor{Person: "liv", Role: access.Administrator, Organisation: r.municipality}
}
func (r *region) siv() access.Actor {
	return access.Actor{Person: "siv", Role: access.Coordinator, Organisation: r.hospital}
}
func (r *region) tuva() access.Actor {
	return access.Actor{Person: "tuva", Role: access.Specialist, Organisation: r.hospital}
}
func (r *region) mari() access.Actor {
	return access.Actor{Person: "mari", Role: access.Nurse, Organisation: r.municipality}
}
func (r *region) per() access.Actor {
	return access.Actor{Person: "per", Role: access.GP, Organisation: r.office}
}
func (r *region) officer() access.Actor { // of the hospital
	return access.Actor{Person: "odd", Role: access.DataProtection, Organisation: r.hospital}
}

// olav is a patient whom the hospital alone cares for.
func (r *region) olav() identity.Patient {
	r.t.Helper()
	p, err := r.CreatePatient(r.t.Context(), r.siv(), identity.Patient{
		Person:     identity.Person{Name: "Olav Eik", NationalID: "01815012345", Phone: "900 00 001", Language: "nn"},
		CaredForBy: []access.OrganisationID{r.hospital},
		Relatives: []identity.RelatedPerson{{
			Person: identity.Person{Name: "Ragna Eik", Email: "ragna@eik.example", Language: "nn"}, Kind: identity.KindRelative, Title: "dotter",
		}},
	})
	must(r.t, err)
	return p
}

// changed saves what change makes of a patient.
func (r *region) changed(by access.Actor, id access.PersonID, change func(*identity.Patient)) identity.Patient {
	r.t.Helper()
	p, err := r.Patient(r.t.Context(), r.siv(), id)
	must(r.t, err)
	change(&p)
	p, err = r.UpdatePatient(r.t.Context(), by, p)
	must(r.t, err)
	return p
}

// line is an entry of the audit record, without its time.
type line struct {
	Person  access.PersonID
	Action  string
	Outcome audit.Outcome
	By      string
	Patient access.PersonID
}

// recorded is all that is on record, in no order.
func (r *region) recorded() []line {
	r.t.Helper()
	var out []line
	must(r.t, r.db.read(r.t.Context(), func(t *tx) (err error) {
		out, err = all(t, func(row scanner) (l line, err error) {
			err = row.Scan(&l.Person, &l.Action, &l.Outcome, &l.By, &l.Patient)
			return l, err
		}, "SELECT person, action, outcome, relations, patient FROM audit_entries")
		return err
	}))
	return out
}

// times is how often somebody is on record with an action and outcome.
func (r *region) times(by access.Actor, action access.Action, outcome audit.Outcome) (n int) {
	r.t.Helper()
	for _, l := range r.recorded() {
		if l.Person == by.Person && l.Action == action.String() && l.Outcome == outcome {
			n++
		}
	}
	return n
}

func (r *region) wantRefused(what string, err error, by access.Actor, action access.Action) {
	r.t.Helper()
	refused, ok := errors.AsType[*access.Refused](err)
	if !ok || *refused != (access.Refused{Role: by.Role, Action: action}) {
		r.t.Errorf("%s: %v, want a refusal to %s", what, err, action)
	}
}

func wantInvalid(t testing.TB, what string, err error, field string) {
	t.Helper()
	if broken, ok := errors.AsType[*identity.Invalid](err); !ok || broken.Field != field {
		t.Errorf("%s: %v, want a broken rule of %s", what, err, field)
	}
}

func names(lines []identity.PatientLine) []string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Name)
	}
	return out
}

func wantNames(t testing.TB, what string, got []identity.PatientLine, want ...string) {
	t.Helper()
	if !slices.Equal(names(got), want) {
		t.Errorf("%s: %q, want %q", what, names(got), want)
	}
}
