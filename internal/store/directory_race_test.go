package store

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// overtaken is a store in which another saves something just after it was read.
type overtaken struct {
	identity.DirectoryStore
	another func()
}

func (o *overtaken) then() {
	another := o.another
	o.another = func() {}
	another()
}

func (o *overtaken) Staff(ctx context.Context, id access.PersonID) (identity.Staff, error) {
	defer o.then()
	return o.DirectoryStore.Staff(ctx, id)
}

func (o *overtaken) Organisation(ctx context.Context, id access.OrganisationID) (identity.Organisation, error) {
	defer o.then()
	return o.DirectoryStore.Organisation(ctx, id)
}

func (o *overtaken) Agreement(ctx context.Context, id string) (identity.Agreement, error) {
	defer o.then()
	return o.DirectoryStore.Agreement(ctx, id)
}

// Whoever guesses the version to come must not save what was allowed before it.
func TestNobodySavesByWhatHeldAVersionAgo(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		meanwhile := func(another func()) *identity.Directory {
			d, err := identity.NewDirectory(identity.DirectoryConfig{
				Store: &overtaken{r.db.Directory(), another}, Meetings: r.meets, Zone: time.UTC, Now: r.clock.Now,
			})
			must(t, err)
			return d
		}
		late := func(what string, err error) {
			t.Helper()
			if !errors.Is(err, identity.ErrVersion) {
				t.Errorf("%s: %v, want that it comes late", what, err)
			}
		}

		o, err := r.Organisation(ctx, r.liv(), r.municipality)
		must(t, err)
		ahead := o
		ahead.Version++
		_, err = meanwhile(func() {
			o.Phone = "98 76 54 32"
			_, err := r.UpdateOrganisation(ctx, r.jon(), o)
			must(t, err)
		}).UpdateOrganisation(ctx, r.liv(), ahead)
		late("an organisation that the host has just changed", err)

		m := staffOf("Mari Bjørk", "mari@fjordvik.example", r.municipality, access.Nurse, r.day(0))
		m.Assignments = append(m.Assignments, identity.Assignment{Organisation: r.office, Role: access.Nurse, Title: "Sjukepleiar", From: r.day(0)})
		both, err := r.CreateStaff(ctx, r.jon(), m)
		must(t, err)
		seen, err := r.Staff(ctx, r.liv(), both.ID)
		must(t, err)
		seen.Version++
		_, err = meanwhile(func() {
			both.Assignments = both.Assignments[:1]
			_, err := r.UpdateStaff(ctx, r.jon(), both)
			must(t, err)
		}).UpdateStaff(ctx, r.liv(), seen)
		late("a role elsewhere that was just lost", err)

		a := r.agreement.Agreement
		wide := a
		wide.Version++
		_, err = meanwhile(func() {
			a.Grants = a.Grants[:1]
			_, err := r.UpdateAgreement(ctx, r.jon(), a)
			must(t, err)
		}).UpdateAgreement(ctx, r.liv(), wide)
		late("a grant that was just taken back", err)
	})
}

func TestAnAgreementThatGivesOneNothingOpensNothingOfTheOthers(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		eva := access.Actor{Person: "eva", Role: access.Administrator, Organisation: r.office}
		_, err := r.CreateAgreement(ctx, eva, identity.Agreement{
			A: r.office, B: r.hospital, From: r.day(0), Policy: identity.Policy{Identification: identity.IdentifyCode, RetentionDays: 30},
			Grants: []identity.Grant{{To: r.hospital, May: []identity.GrantKind{identity.GrantSee}}},
		})
		must(t, err)
		_, _, err = r.StaffOf(ctx, r.per(), r.hospital, identity.Page{})
		r.wantRefused("those who work at the hospital", err, r.per(), access.StaffRead)
		_, err = r.Organisation(ctx, r.per(), r.hospital)
		r.wantRefused("the hospital", err, r.per(), access.OrganisationRead)
		if _, _, err := r.StaffOf(ctx, r.siv(), r.office, identity.Page{}); err != nil {
			t.Errorf("the hospital, which is given something, sees the office's: %v", err)
		}
	})
}

// asked is a store that counts what it is asked for.
type asked struct {
	identity.DirectoryStore
	times map[string]int
}

func (a *asked) Ties(ctx context.Context, of, patient access.PersonID, on identity.Day, at time.Time) (identity.Ties, error) {
	a.times["ties"]++
	return a.DirectoryStore.Ties(ctx, of, patient, on, at)
}

func (a *asked) InForce(ctx context.Context, of []access.OrganisationID, on identity.Day) ([]identity.Agreement, error) {
	a.times["agreements"]++
	return a.DirectoryStore.InForce(ctx, of, on)
}

func (a *asked) Record(ctx context.Context, entries []audit.Entry) error {
	a.times["record"]++
	return a.DirectoryStore.Record(ctx, entries)
}

func TestARefusalTakesTheSameWorkForWhoIsThereAndForWhoIsNot(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx, olav := t.Context(), r.olav()
		work := func(do func(*identity.Directory) error) map[string]int {
			store := &asked{r.db.Directory(), map[string]int{}}
			d, err := identity.NewDirectory(identity.DirectoryConfig{Store: store, Meetings: r.meets, Zone: time.UTC, Now: r.clock.Now})
			must(t, err)
			r.wantRefused("a nurse of the municipality", do(d), r.mari(), access.PatientRead)
			return store.times
		}
		find := func(number string) func(*identity.Directory) error {
			return func(d *identity.Directory) error {
				_, err := d.FindPatient(ctx, r.mari(), number)
				return err
			}
		}
		read := func(id access.PersonID) func(*identity.Directory) error {
			return func(d *identity.Directory) error {
				_, err := d.Patient(ctx, r.mari(), id)
				return err
			}
		}
		for what, of := range map[string][2]func(*identity.Directory) error{
			"by number": {find(olav.NationalID), find("02815012345")}, "by id": {read(olav.ID), read("nobody")},
		} {
			if there, not := work(of[0]), work(of[1]); !maps.Equal(there, not) {
				t.Errorf("%s: %v, and of nobody %v", what, there, not)
			}
		}
	})
}
