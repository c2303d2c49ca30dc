package store

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/identity"
)

func TestOfTwoWhoChangeOneThingOneIsToldAndNothingIsLost(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		unit, err := r.CreateUnit(ctx, r.jon(), identity.Unit{Organisation: r.hospital, Name: "Sårpoliklinikken", Active: true})
		must(t, err)
		community, err := r.CreateCommunity(ctx, r.jon(), identity.Community{Name: "Fjordane", Members: []access.OrganisationID{r.hospital}})
		must(t, err)
		tuva, err := r.CreateStaff(ctx, r.jon(), staffOf("Tuva Ask", "tuva@fjord.example", r.hospital, access.Specialist, r.day(0)))
		must(t, err)
		olav := r.olav()
		hospital, err := r.Organisation(ctx, r.jon(), r.hospital)
		must(t, err)
		for thing, c := range map[string]struct {
			save func(name string) error // on what was read before
			kept func() (string, error)
		}{
			"organisation": {
				func(name string) error {
					o := hospital
					o.Name = name
					_, err := r.UpdateOrganisation(ctx, r.jon(), o)
					return err
				},
				func() (string, error) { o, err := r.Organisation(ctx, r.jon(), r.hospital); return o.Name, err },
			},
			"unit": {
				func(name string) error { u := unit; u.Name = name; _, err := r.UpdateUnit(ctx, r.jon(), u); return err },
				func() (string, error) {
					o, err := r.Organisation(ctx, r.jon(), r.hospital)
					return o.Units[0].Name, err
				},
			},
			"community": {
				func(name string) error {
					m := community
					m.Name = name
					_, err := r.UpdateCommunity(ctx, r.jon(), m)
					return err
				},
				func() (string, error) { m, err := r.Community(ctx, r.jon(), community.ID); return m.Name, err },
			},
			"agreement": {
				func(name string) error {
					a := r.agreement.Agreement
					a.Papers = []identity.Paper{{Kind: identity.PaperAgreement, Reference: name, Date: r.day(0)}}
					_, err := r.UpdateAgreement(ctx, r.jon(), a)
					return err
				},
				func() (string, error) {
					a, err := r.Agreement(ctx, r.jon(), r.agreement.ID)
					return a.Papers[0].Reference, err
				},
			},
			"staff": {
				func(name string) error {
					m := tuva
					m.Name = name
					_, err := r.UpdateStaff(ctx, r.jon(), m)
					return err
				},
				func() (string, error) { m, err := r.Staff(ctx, r.jon(), tuva.ID); return m.Name, err },
			},
			"patient": {
				func(name string) error {
					p := olav
					p.Name = name
					_, err := r.UpdatePatient(ctx, r.siv(), p)
					return err
				},
				func() (string, error) { p, err := r.Patient(ctx, r.siv(), olav.ID); return p.Name, err },
			},
		} {
			done := make(chan error)
			const n = 4
			for i := range n {
				go func() { done <- c.save(fmt.Sprint("written by ", i)) }() // ends when it has saved, or not
			}
			won := 0
			for range n {
				switch err := <-done; {
				case err == nil:
					won++
				case !errors.Is(err, identity.ErrVersion):
					t.Errorf("%s: %v", thing, err)
				}
			}
			first, err := c.kept()
			if err != nil || won != 1 {
				t.Errorf("%s: %d were saved, want one; %v", thing, won, err)
			}
			if err := c.save("written too late"); !errors.Is(err, identity.ErrVersion) {
				t.Errorf("%s, too late: %v", thing, err)
			}
			if kept, err := c.kept(); err != nil || kept != first {
				t.Errorf("%s: kept %q, want %q; %v", thing, kept, first, err)
			}
		}
		for action, want := range map[access.Action]int{access.OrganisationWrite: 8, access.CommunityWrite: 4, access.AgreementWrite: 4, access.StaffWrite: 4} {
			if n := r.times(r.jon(), action, audit.Failed); n != want {
				t.Errorf("%s: %d failures on record, want %d", action, n, want)
			}
		}
	})
}

func staffOf(name, email string, in access.OrganisationID, role access.Role, from identity.Day) identity.Staff {
	return identity.Staff{
		Person:      identity.Person{Name: name, Email: email, Language: "nn"},
		Assignments: []identity.Assignment{{Organisation: in, Role: role, Title: role.String(), From: from}},
	}
}

func TestThereIsOneHost(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		_, err := r.Establish(t.Context(), identity.Organisation{Kind: identity.Hospital, Name: "Eit anna sjukehus"})
		if !errors.Is(err, identity.ErrExists) {
			t.Errorf("another host: %v", err)
		}
		_, err = r.CreateOrganisation(t.Context(), r.liv(), identity.Organisation{Kind: identity.GPOffice, Name: "Nytt legekontor"})
		r.wantRefused("a new organisation by another's administrator", err, r.liv(), access.OrganisationCreate)
	})
}

func TestAnOrganisationIsSeenByItsOwnItsPartnersAndTheHost(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		for who, c := range map[string]struct {
			by   access.Actor
			want []string
		}{
			"the host's administrator": {r.jon(), []string{"Fjord sjukehus", "Fjordvik kommune", "Fjordvik legekontor"}},
			"a nurse":                  {r.mari(), []string{"Fjord sjukehus", "Fjordvik kommune"}},
			"a GP without agreements":  {r.per(), []string{"Fjordvik legekontor"}},
			"the data protection officer sees no partners": {r.officer(), []string{"Fjord sjukehus"}},
		} {
			found, _, err := r.Organisations(t.Context(), c.by, identity.Page{})
			must(t, err)
			var got []string
			for _, o := range found {
				got = append(got, o.Name)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s sees %q, want %q", who, got, c.want)
			}
		}
		_, err := r.Organisation(t.Context(), r.per(), r.hospital)
		r.wantRefused("a stranger's", err, r.per(), access.OrganisationRead)
		_, err = r.Organisation(t.Context(), r.per(), "nowhere")
		r.wantRefused("what is not there", err, r.per(), access.OrganisationRead)
		_, err = r.Organisation(t.Context(), r.jon(), "nowhere")
		if !errors.Is(err, identity.ErrNotFound) {
			t.Errorf("what is not there, by the host: %v", err)
		}
		_, _, err = r.Organisations(t.Context(), access.Actor{Person: "olav", Role: access.Patient}, identity.Page{})
		r.wantRefused("a patient", err, access.Actor{Role: access.Patient}, access.OrganisationRead)
	})
}

func TestWhatOnlyTheHostChangesOfAnOrganisation(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		o, err := r.Organisation(t.Context(), r.liv(), r.municipality)
		must(t, err)
		for field, change := range map[string]func(*identity.Organisation){
			"kind":   func(o *identity.Organisation) { o.Kind = identity.Hospital },
			"number": func(o *identity.Organisation) { o.Number = "974760673" },
			"active": func(o *identity.Organisation) { o.Active = false },
		} {
			changed := o
			change(&changed)
			_, err := r.UpdateOrganisation(t.Context(), r.liv(), changed)
			wantInvalid(t, field, err, field)
		}
		o.Contacts = []identity.Contact{{For: identity.Technical, Name: "Liv Tveit", Phone: "57 00 00 00"}}
		saved, err := r.UpdateOrganisation(t.Context(), r.liv(), o)
		must(t, err)
		kept, err := r.Organisation(t.Context(), r.jon(), r.municipality)
		if err != nil || !reflect.DeepEqual(kept, saved) || kept.Contacts[0].Phone != "+4757000000" {
			t.Errorf("kept %+v, %v\nwant %+v", kept, err, saved)
		}
		if name, phone, err := r.WhomToAsk(t.Context(), r.municipality); name != "Fjordvik kommune" || phone != "+4757000000" || err != nil {
			t.Errorf("whom to ask: %q %q, %v", name, phone, err)
		}
		hosts := saved
		hosts.Number = "974760673"
		_, err = r.UpdateOrganisation(t.Context(), r.jon(), hosts)
		must(t, err)
		if _, err := r.UpdateOrganisation(t.Context(), r.liv(), saved); !errors.Is(err, identity.ErrVersion) {
			t.Errorf("written on what the host has changed meanwhile: %v", err)
		}
	})
}

func TestACommunityIsSeenByItsMembers(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		_, err := r.CreateCommunity(t.Context(), r.jon(), identity.Community{Name: "Fjordane", Members: []access.OrganisationID{r.hospital, "nowhere"}})
		wantInvalid(t, "a member that is not there", err, "members")
		c, err := r.CreateCommunity(t.Context(), r.jon(), identity.Community{Name: "Fjordane", Members: []access.OrganisationID{r.municipality, r.hospital}})
		must(t, err)
		got, err := r.Community(t.Context(), r.mari(), c.ID)
		if err != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("a member's nurse reads %+v, %v", got, err)
		}
		_, err = r.Community(t.Context(), r.per(), c.ID)
		r.wantRefused("a stranger", err, r.per(), access.OrganisationRead)
		list, _, err := r.Communities(t.Context(), r.per(), identity.Page{})
		if err != nil || len(list) != 0 {
			t.Errorf("a stranger's list: %v, %v", list, err)
		}
		_, err = r.UpdateCommunity(t.Context(), r.liv(), c)
		r.wantRefused("a member's administrator writes", err, r.liv(), access.CommunityWrite)
	})
}

func TestWhoWorksWhereIsWrittenByThoseWhoLookAfterIt(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		mari, err := r.CreateStaff(ctx, r.liv(), staffOf("Mari Bjørk", " Mari@Fjordvik.example ", r.municipality, access.Nurse, r.day(0)))
		must(t, err)
		if mari.Email != "mari@fjordvik.example" || mari.Assignments[0].ID == "" {
			t.Errorf("saved as %+v", mari)
		}
		_, err = r.CreateStaff(ctx, r.jon(), staffOf("Mari B.", "mari@fjordvik.example", r.hospital, access.Nurse, r.day(0)))
		if !errors.Is(err, identity.ErrExists) {
			t.Errorf("a second with the address: %v", err)
		}
		_, err = r.CreateStaff(ctx, r.liv(), staffOf("Ane Rogn", "ane@fjord.example", r.hospital, access.Nurse, r.day(0)))
		r.wantRefused("in another organisation", err, r.liv(), access.StaffWrite)
		_, err = r.Staff(ctx, r.per(), mari.ID)
		r.wantRefused("a stranger reads", err, r.per(), access.StaffRead)
		_, err = r.Staff(ctx, r.per(), "nobody")
		r.wantRefused("a stranger reads nobody", err, r.per(), access.StaffRead)

		// The host gives her a second role, which the municipality's administrator may not see change.
		mari.Assignments = append(mari.Assignments, identity.Assignment{Organisation: r.office, Role: access.Nurse, Title: "Sjukepleiar", From: r.day(0)})
		both, err := r.UpdateStaff(ctx, r.jon(), mari)
		must(t, err)
		seen, err := r.Staff(ctx, r.liv(), mari.ID)
		must(t, err)
		if len(both.Assignments) != 2 || len(seen.Assignments) != 1 {
			t.Errorf("the host sees %d, the municipality %d", len(both.Assignments), len(seen.Assignments))
		}
		taken := seen
		taken.Email = "liv@fjordvik.example"
		_, err = r.UpdateStaff(ctx, r.liv(), taken)
		wantInvalid(t, "the way to a new password", err, "email")
		seen.Assignments = nil
		_, err = r.UpdateStaff(ctx, r.liv(), seen)
		must(t, err)
		left, err := r.Assignments(ctx, mari.ID)
		if err != nil || len(left) != 1 || left[0].Organisation != r.office {
			t.Errorf("left are %+v, %v", left, err)
		}
		list, _, err := r.StaffOf(ctx, r.liv(), r.municipality, identity.Page{})
		if err != nil || len(list) != 0 {
			t.Errorf("who works in the municipality: %+v, %v", list, err)
		}
		p, err := r.StaffByEmail(ctx, "mari@fjordvik.example")
		if err != nil || p.ID != mari.ID {
			t.Errorf("signs in as %+v, %v", p, err)
		}
	})
}

func TestALostRoleEndsItsSessions(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		m := staffOf("Tuva Ask", "tuva@fjord.example", r.hospital, access.Specialist, r.day(0))
		m.Assignments = append(m.Assignments, identity.Assignment{Organisation: r.hospital, Role: access.Coordinator, Title: "Koordinator", From: r.day(0)})
		m, err := r.CreateStaff(ctx, r.jon(), m)
		must(t, err)
		must(t, r.db.SignIn().SaveAccount(ctx, identity.Account{Person: m.ID}, nil, nil))
		for _, a := range m.Assignments {
			must(t, r.db.SignIn().StartSession(ctx, identity.Session{
				ID: "as-" + a.Role.String(), Person: m.ID, Role: a.Role, Organisation: a.Organisation, Assignment: a.ID,
				SignedIn: r.clock.Now(), Ends: r.clock.Now().Add(time.Hour),
			}, "", nil, nil))
		}
		m.Assignments = m.Assignments[1:]
		m.Assignments[0].Title = "Avdelingskoordinator"
		_, err = r.UpdateStaff(ctx, r.jon(), m)
		must(t, err)
		left, err := r.db.SignIn().Sessions(ctx, m.ID, r.clock.Now())
		if err != nil || len(left) != 1 || left[0].ID != "as-coordinator" {
			t.Errorf("sessions left: %+v, %v", left, err)
		}
	})
}

func TestStaffRules(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		unit, err := r.CreateUnit(t.Context(), r.liv(), identity.Unit{Organisation: r.municipality, Name: "Heimesjukepleia", Active: true})
		must(t, err)
		for field, breaks := range map[string]func(*identity.Staff){
			"email":                       func(m *identity.Staff) { m.Email = "" },
			"hpr":                         func(m *identity.Staff) { m.HPR = "12345678901" },
			"assignments[0].role":         func(m *identity.Staff) { m.Assignments[0].Role = access.GP },
			"assignments[0].unit":         func(m *identity.Staff) { m.Assignments[0].Unit = unit.ID },
			"assignments[0].title":        func(m *identity.Staff) { m.Assignments[0].Title = "" },
			"assignments[0].until":        func(m *identity.Staff) { m.Assignments[0].Until = r.day(-1) },
			"assignments[0].id":           func(m *identity.Staff) { m.Assignments[0].ID = "another's" },
			"assignments[0].organisation": func(m *identity.Staff) { m.Assignments[0].Organisation = "nowhere" },
		} {
			m := staffOf("Tuva Ask", "tuva@fjord.example", r.hospital, access.Specialist, r.day(0))
			breaks(&m)
			_, err := r.CreateStaff(t.Context(), r.jon(), m)
			wantInvalid(t, field, err, field)
		}
	})
}

func TestAnAgreementOpensAndClosesByItsDates(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		relation := func(want access.Relations) {
			t.Helper()
			got, err := r.OrganisationRelations(ctx, r.per(), r.municipality)
			if err != nil || got != want {
				t.Errorf("on %s: %q, want %q; %v", identity.DayOf(r.clock.Now(), time.UTC), got, want, err)
			}
		}
		a := identity.Agreement{
			A: r.office, B: r.municipality, From: r.day(1), Until: r.day(2),
			Grants: []identity.Grant{{To: r.office, May: []identity.GrantKind{identity.GrantSee}}},
			Policy: identity.Policy{Identification: identity.IdentifyLink, RetentionDays: 30},
		}
		made, err := r.CreateAgreement(ctx, r.jon(), a)
		must(t, err)
		relation(0)
		r.clock.pass(24 * time.Hour)
		relation(access.Agreement)
		r.clock.pass(24 * time.Hour)
		relation(access.Agreement)
		if found, err := r.AgreementBetween(ctx, r.municipality, r.office, r.day(2)); err != nil || found.ID != made.ID {
			t.Errorf("between the two: %+v, %v", found, err)
		}
		r.clock.pass(24 * time.Hour)
		relation(0)

		later := a
		later.A, later.B, later.From, later.Until = r.municipality, r.office, r.day(2), ""
		_, err = r.CreateAgreement(ctx, r.jon(), later)
		wantInvalid(t, "on the last day of another", err, "from")
		later.From = r.day(3)
		_, err = r.CreateAgreement(ctx, r.jon(), later)
		must(t, err)
		relation(access.Agreement)

		office, err := r.Organisation(ctx, r.jon(), r.office)
		must(t, err)
		office.Active = false
		_, err = r.UpdateOrganisation(ctx, r.jon(), office)
		must(t, err)
		relation(0)
	})
}

func TestOneSideAloneWidensNothing(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		a := r.agreement.Agreement
		for field, change := range map[string]func(*identity.Agreement){
			"grants[1].may":         func(a *identity.Agreement) { a.Grants[1].May = append(a.Grants[1].May, identity.GrantDocument) },
			"grants[1].actFor":      func(a *identity.Agreement) { a.Grants[1].ActFor = true },
			"from":                  func(a *identity.Agreement) { a.From = r.day(-1) },
			"policy.identification": func(a *identity.Agreement) { a.Policy.Identification = identity.IdentifyLink },
			"policy.shares":         func(a *identity.Agreement) { a.Policy.Shares = []identity.Share{identity.ShareWounds} },
			"policy.retentionDays":  func(a *identity.Agreement) { a.Policy.RetentionDays = 91 },
		} {
			wide := a
			wide.Grants = slices.Clone(a.Grants)
			wide.Grants[1].May = slices.Clone(a.Grants[1].May)
			change(&wide)
			_, err := r.UpdateAgreement(ctx, r.liv(), wide)
			wantInvalid(t, field, err, field)
		}
		if n := r.times(r.liv(), access.AgreementWrite, audit.Refused); n != 6 {
			t.Errorf("%d refusals on record", n)
		}
		a.Grants = []identity.Grant{{To: r.hospital, May: []identity.GrantKind{identity.GrantBook, identity.GrantSee, identity.GrantDocument}}}
		a.Policy.Identification = identity.IdentifyRecognised
		kept, err := r.UpdateAgreement(ctx, r.liv(), a)
		if err != nil || !reflect.DeepEqual(kept.Grants, a.Grants) {
			t.Errorf("giving more and taking less: %+v, %v", kept, err)
		}
		_, err = r.UpdateAgreement(ctx, access.Actor{Person: "eva", Role: access.Administrator, Organisation: r.office}, a)
		r.wantRefused("a stranger", err, access.Actor{Role: access.Administrator}, access.AgreementWrite)
		own := identity.Agreement{A: r.municipality, B: r.office, From: r.day(0), Policy: identity.Policy{Identification: identity.IdentifyCode, RetentionDays: 30}}
		own.Grants = []identity.Grant{{To: r.municipality, May: []identity.GrantKind{identity.GrantSee}}}
		_, err = r.CreateAgreement(ctx, r.liv(), own)
		wantInvalid(t, "a new one to oneself", err, "grants[0].may")
		other := kept.Agreement
		other.B = r.office
		_, err = r.UpdateAgreement(ctx, r.jon(), other)
		wantInvalid(t, "another party", err, "a")
	})
}

func TestOneOrganisationActsForAnother(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		neighbour := r.organisation(identity.Municipality, "Nabovik kommune")
		_, err := r.CreateAgreement(ctx, r.jon(), identity.Agreement{
			A: r.municipality, B: neighbour, From: r.day(0), Policy: identity.Policy{Identification: identity.IdentifyCode, RetentionDays: 30},
			Grants: []identity.Grant{{To: neighbour, May: []identity.GrantKind{identity.GrantSee}, ActFor: true}},
		})
		must(t, err)
		olav := r.olav() // whom the hospital lets the municipality see, for which the neighbour acts
		ane := access.Actor{Person: "ane", Role: access.Nurse, Organisation: neighbour}
		for by, want := range map[access.Actor]access.Relations{ane: access.Agreement, r.mari(): access.Agreement, r.per(): 0} {
			if got, err := r.Relations(ctx, by, olav.ID); err != nil || got != want {
				t.Errorf("%s: %q, want %q; %v", by.Person, got, want, err)
			}
		}
	})
}

func TestThePolicyOfSeveralIsTheStrictest(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		_, err := r.CreateAgreement(t.Context(), r.jon(), identity.Agreement{
			A: r.hospital, B: r.office, From: r.day(0),
			Policy: identity.Policy{Identification: identity.IdentifyRecognised, Shares: []identity.Share{identity.ShareWounds}, RetentionDays: 30},
		})
		must(t, err)
		for _, c := range []struct {
			of   []access.OrganisationID
			want identity.Policy
		}{
			{nil, identity.WithoutAgreement()},
			{[]access.OrganisationID{r.hospital, r.hospital}, identity.WithoutAgreement()},
			{[]access.OrganisationID{r.office, r.municipality}, identity.WithoutAgreement()},
			{[]access.OrganisationID{r.municipality, r.hospital}, identity.Policy{Identification: identity.IdentifyCode, RetentionDays: 90}},
			{[]access.OrganisationID{r.hospital, r.office}, identity.Policy{Identification: identity.IdentifyRecognised, Shares: []identity.Share{identity.ShareWounds}, RetentionDays: 30}},
			{[]access.OrganisationID{r.municipality, r.office, r.hospital}, identity.Policy{Identification: identity.IdentifyRecognised, RetentionDays: 1}},
		} {
			got, err := r.PolicyFor(t.Context(), r.day(0), c.of...)
			if err != nil || got.Identification != c.want.Identification || got.RetentionDays != c.want.RetentionDays || !slices.Equal(got.Shares, c.want.Shares) {
				t.Errorf("%v: %+v, want %+v; %v", c.of, got, c.want, err)
			}
		}
	})
}

func TestWhatIsSharedIsKeptForTheShortestTimeThatTwoHaveAgreed(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		_, err := r.CreateAgreement(t.Context(), r.jon(), identity.Agreement{
			A: r.hospital, B: r.office, From: r.day(0), Policy: identity.Policy{Identification: identity.IdentifyCode, RetentionDays: 30},
		})
		must(t, err)
		for _, c := range []struct {
			of   []access.OrganisationID
			days int
		}{
			{nil, 0}, {[]access.OrganisationID{r.hospital}, 0}, {[]access.OrganisationID{r.office, r.municipality}, 0},
			{[]access.OrganisationID{r.hospital, r.municipality}, 90}, {[]access.OrganisationID{r.municipality, r.office, r.hospital}, 30},
		} {
			if days, ok, err := r.RetentionDays(t.Context(), c.of); err != nil || days != c.days || ok != (c.days > 0) {
				t.Errorf("%v: %d, %v, %v; want %d", c.of, days, ok, err, c.days)
			}
		}
	})
}

func TestAnOrganisationSeesOfAPatientWhatIsAgreedWithWhoCaresForThem(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		olav := r.olav() // of the hospital
		agree := func(a, b access.OrganisationID, actFor bool, shares ...identity.Share) {
			t.Helper()
			_, err := r.CreateAgreement(ctx, r.jon(), identity.Agreement{
				A: a, B: b, From: r.day(0), Policy: identity.Policy{Identification: identity.IdentifyCode, Shares: shares, RetentionDays: 30},
				Grants: []identity.Grant{{To: b, May: []identity.GrantKind{identity.GrantSee}, ActFor: actFor}},
			})
			must(t, err)
		}
		neighbour, stranger := r.organisation(identity.Municipality, "Nabovik kommune"), r.organisation(identity.Municipality, "Langvik kommune")
		agree(r.hospital, r.office, false, identity.ShareWounds, identity.SharePlan)
		agree(r.office, neighbour, true, identity.ShareMeasurements) // which acts for the office, and sees of the hospital's what it does
		for of, want := range map[access.OrganisationID][]identity.Share{
			r.hospital:     {identity.ShareMeasurements, identity.ShareWounds, identity.SharePlan, identity.ShareQuestionnaires, identity.ShareSummary},
			r.office:       {identity.SharePlan, identity.ShareWounds},
			neighbour:      {identity.SharePlan, identity.ShareWounds},
			r.municipality: nil, // their agreement says nothing of it
			stranger:       nil,
		} {
			if got, err := r.Shares(ctx, of, olav.ID); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v; %v", of, got, want, err)
			}
		}
		if got, err := r.Shares(ctx, r.office, "nobody"); err != nil || len(got) != 0 {
			t.Errorf("of nobody: %v, %v", got, err)
		}
	})
}

func TestTheChecklistOfANewPairSaysWhatIsMissing(t *testing.T) {
	eachRegion(t, func(t *testing.T, r *region) {
		ctx := t.Context()
		a := identity.Agreement{A: r.hospital, B: r.office, From: r.day(0), Policy: identity.Policy{Identification: identity.IdentifyCode, RetentionDays: 30}}
		view, err := r.CreateAgreement(ctx, r.jon(), a)
		must(t, err)
		missing := func(v identity.AgreementView) (codes []identity.CheckCode) {
			for _, c := range v.Checklist {
				if !c.Done {
					codes = append(codes, c.Code)
				}
			}
			return codes
		}
		if got := missing(view); len(got) != 7 || !view.InForce {
			t.Errorf("missing from the start: %v", got)
		}
		for _, id := range []access.OrganisationID{r.hospital, r.office} {
			o, err := r.Organisation(ctx, r.jon(), id)
			must(t, err)
			for _, m := range []identity.Matter{identity.Clinical, identity.Technical, identity.Protection} {
				o.Contacts = append(o.Contacts, identity.Contact{For: m, Name: "Jon Vik", Phone: "57 00 00 00"})
			}
			_, err = r.UpdateOrganisation(ctx, r.jon(), o)
			must(t, err)
			for _, role := range []access.Role{access.Nurse, access.Coordinator} {
				_, err := r.CreateStaff(ctx, r.jon(), staffOf("Ane Rogn", fmt.Sprintf("%s@%s.example", role, id), id, role, r.day(0)))
				must(t, err)
			}
		}
		a = view.Agreement
		a.Grants = []identity.Grant{{To: r.office, May: []identity.GrantKind{identity.GrantBook}}}
		a.Papers = []identity.Paper{{Kind: identity.PaperAgreement, Reference: "26/1", Date: r.day(0)}, {Kind: identity.PaperAssessment, Reference: "26/2", Date: r.day(0)}}
		view, err = r.UpdateAgreement(ctx, r.jon(), a)
		if got := missing(view); err != nil || len(got) != 0 {
			t.Errorf("missing at the end: %v, %v", got, err)
		}
		a.Version, a.Until = view.Version, r.day(0)
		_, err = r.UpdateAgreement(ctx, r.jon(), a)
		must(t, err)
		r.clock.pass(24 * time.Hour)
		view, err = r.Agreement(ctx, r.jon(), a.ID)
		if got := missing(view); err != nil || !slices.Equal(got, []identity.CheckCode{identity.CheckInForce}) || view.InForce {
			t.Errorf("missing the day after the last: %v, %v", got, err)
		}
	})
}
