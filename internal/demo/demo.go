// Package demo puts a hospital's day into an empty store: organisations that have agreed to
// work together, people of every role, patients, and consultations to call in, one of which
// starts now. Everything goes in by the same doors as in a real service, so that a demo is
// one; only its links are given away instead of being sent. It is a package of its own so
// that nothing of it can be in the way of the rest.
package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// linkLife is how long after a consultation's end its links still open. A demo is left
// running for days, so it is generous.
const linkLife = 30 * 24 * time.Hour

// Config of a seeded day. All but Zone and Now are required, over one store.
type Config struct {
	Appointments scheduling.Store
	Directory    *identity.Directory
	Gate         *identity.Gate
	Schedule     *scheduling.Service
	Zone         *time.Location // nil means UTC
	Now          func() time.Time
}

// Day is what a demo shows: the tokens of its people's links.
type Day struct {
	Consultation string    // id of the one that starts now
	Until        time.Time // when that ends

	Specialist, Nurse, Patient, Relative, GP string
	Coordinator, Admin, DataProtection       string
	Code                                     string // a patient whose link asks for a one-time code
	Recognised                               string // a patient whom a clinician is to recognise on the picture
	Early, Expired, Revoked                  string // what a link that opens nothing looks like
}

// seeding is a day under way.
type seeding struct {
	Config
	now           time.Time
	organisations map[string]access.OrganisationID // by name
	members       map[string]identity.Staff        // by name
	people        map[string]access.PersonID       // patients and relatives, by name
	admin         access.Actor
}

// Seed makes sure that the demo's organisations and people are in the store, and puts a day
// around the present moment there.
func Seed(ctx context.Context, cfg Config) (Day, error) {
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &seeding{
		Config: cfg, now: cfg.Now().Truncate(time.Minute),
		organisations: map[string]access.OrganisationID{}, members: map[string]identity.Staff{}, people: map[string]access.PersonID{},
	}
	for _, step := range []func(context.Context) error{s.found, s.addOrganisations, s.addStaff, s.addAgreements, s.addPatients} {
		if err := step(ctx); err != nil {
			return Day{}, fmt.Errorf("demo: %w", err)
		}
	}
	day, err := s.book(ctx)
	if err != nil {
		return Day{}, fmt.Errorf("demo: %w", err)
	}
	return day, nil
}

// found begins an empty store with the hospital and its administrator, or finds them.
func (s *seeding) found(ctx context.Context) error {
	o, m, err := s.Directory.Found(ctx, hospital.entity(), jon.entity())
	if errors.Is(err, identity.ErrExists) {
		if o.ID, err = s.Directory.Host(ctx); err == nil {
			m, err = s.known(ctx, jon)
		}
	}
	if err != nil {
		return fmt.Errorf("found %s: %w", hospital.name, err)
	}
	s.admin = access.Actor{Person: m.ID, Role: access.Administrator, Organisation: o.ID}
	s.organisations[hospital.name] = o.ID
	s.members[jon.name] = m
	return nil
}

// known finds a member of staff who was there before.
func (s *seeding) known(ctx context.Context, of member) (identity.Staff, error) {
	p, err := s.Directory.StaffByEmail(ctx, of.email)
	if err != nil {
		return identity.Staff{}, err
	}
	assignments, err := s.Directory.Assignments(ctx, p.ID)
	return identity.Staff{Person: p, Assignments: assignments}, err
}

func (s *seeding) addOrganisations(ctx context.Context) error {
	there, _, err := s.Directory.Organisations(ctx, s.admin, identity.Page{})
	if err != nil {
		return err
	}
	for _, o := range there {
		s.organisations[o.Name] = o.ID
	}
	for _, o := range organisations {
		if s.organisations[o.name] != "" {
			continue
		}
		made, err := s.Directory.CreateOrganisation(ctx, s.admin, o.entity())
		if err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
		s.organisations[o.name] = made.ID
	}
	return nil
}

func (s *seeding) addStaff(ctx context.Context) error {
	for _, of := range staff {
		m, err := s.known(ctx, of)
		if errors.Is(err, identity.ErrNotFound) {
			m = of.entity()
			m.Assignments = []identity.Assignment{{
				Organisation: s.organisations[of.in.name], Role: of.role, Title: of.title, Competence: of.competence, From: s.today(),
			}}
			m, err = s.Directory.CreateStaff(ctx, s.admin, m)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", of.email, err)
		}
		s.members[of.name] = m
	}
	return nil
}

// addAgreements lets the municipality and the GP office work with the hospital.
func (s *seeding) addAgreements(ctx context.Context) error {
	there, _, err := s.Directory.Agreements(ctx, s.admin, identity.Page{})
	if err != nil {
		return err
	}
	for _, with := range []organisation{municipality, gpOffice} {
		a, b := s.organisations[hospital.name], s.organisations[with.name]
		if agreed(there, a, b) {
			continue
		}
		all := []identity.GrantKind{identity.GrantBook, identity.GrantSee, identity.GrantDocument}
		_, err := s.Directory.CreateAgreement(ctx, s.admin, identity.Agreement{
			A: a, B: b, From: s.today(),
			Grants: []identity.Grant{{To: a, May: all}, {To: b, May: all}},
			Policy: identity.Policy{
				Identification: identity.IdentifyCode, RetentionDays: 30,
				Shares: []identity.Share{identity.ShareMeasurements, identity.ShareWounds, identity.SharePlan, identity.ShareSummary},
			},
			Papers: []identity.Paper{
				{Kind: identity.PaperAgreement, Reference: "Arkiv 2026/118", Date: s.today()},
				{Kind: identity.PaperAssessment, Reference: "Arkiv 2026/119", Date: s.today()},
			},
		})
		if err != nil {
			return fmt.Errorf("agreement with %s: %w", with.name, err)
		}
	}
	return nil
}

func agreed(there []identity.AgreementView, a, b access.OrganisationID) bool {
	for _, v := range there {
		if v.Between(a, b) {
			return true
		}
	}
	return false
}

func (s *seeding) addPatients(ctx context.Context) error {
	by := s.actor(siv)
	for _, of := range patients {
		p, err := s.Directory.FindPatient(ctx, by, of.nationalID)
		if errors.As(err, new(*access.Refused)) { // as good as not there
			p, err = s.Directory.CreatePatient(ctx, by, s.patient(of))
		}
		if err != nil {
			return fmt.Errorf("patient: %w", err)
		}
		s.people[of.name] = p.ID
		for _, r := range p.Relatives {
			s.people[r.Name] = r.ID
		}
	}
	return nil
}

// patient is someone cared for by the hospital and the municipality, who has agreed that
// the GP office may see.
func (s *seeding) patient(of cared) identity.Patient {
	p := identity.Patient{
		Person:     identity.Person{Name: of.name, NationalID: of.nationalID, Phone: of.phone, Language: "nn"},
		CaredForBy: []access.OrganisationID{s.organisations[hospital.name], s.organisations[municipality.name]},
		Consents:   []identity.Consent{{Organisation: s.organisations[gpOffice.name], From: s.today()}},
	}
	for _, r := range of.relatives {
		p.Relatives = append(p.Relatives, identity.RelatedPerson{
			Person: identity.Person{Name: r.name, Phone: r.phone, Language: "nn"}, Kind: identity.KindRelative, Title: r.title,
		})
	}
	return p
}

// actor is a member of staff at work.
func (s *seeding) actor(of member) access.Actor {
	return access.Actor{Person: s.members[of.name].ID, Role: of.role, Organisation: s.organisations[of.in.name]}
}

func (s *seeding) today() identity.Day { return identity.DayOf(s.now, s.Zone) }

func (o organisation) entity() identity.Organisation {
	return identity.Organisation{Kind: o.kind, Name: o.name, Number: o.number, Phone: o.phone, Active: true, Contacts: o.contacts}
}

func (m member) entity() identity.Staff {
	return identity.Staff{Person: identity.Person{Name: m.name, Email: m.email, Phone: m.phone, Language: "nn"}}
}

// newID is short enough to read in a log: 80 random bits.
func newID() string { return strings.ToLower(rand.Text()[:16]) }
