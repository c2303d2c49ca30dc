// Package demo puts a hospital's fortnight into an empty store: organisations that have agreed
// to work together, people of every role, patients, what is booked and asked for in this week
// and the next, and consultations to call in, one of which starts now. Everything goes in by
// the same doors as in a real service, so that a demo is one; only its links are given away
// instead of being sent, and what lies in the past is kept as it would have come to be. It is
// a package of its own so that nothing of it can be in the way of the rest.
//
// Another start finds what is there, and adds only what its own day needs: people and times
// come of the date alone, and what they were the last time is told by ids or by looking.
package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// linkLife is how long after a consultation's end its links still open. A demo is left
// running for days, so it is generous.
const linkLife = 30 * 24 * time.Hour

// Config of a seeded demo. All but Zone and Now are required, over one store; Schedule has a
// Register and the same clock.
type Config struct {
	Appointments scheduling.Store
	Directory    *identity.Directory
	Gate         *identity.Gate
	Schedule     *scheduling.Service
	Clinical     *clinical.Service // nil: nothing has been measured
	Zone         *time.Location    // nil means UTC
	Now          func() time.Time
}

// Day is what a demo shows: the tokens of its people's links.
type Day struct {
	Consultation string    // id of the one that starts now
	Until        time.Time // when that ends

	Specialist, Nurse, Patient, Relative, GP string
	Coordinator, Admin, DataProtection       string
	// Accounts, where those above of the same roles are seats in one call: with the calendar,
	// the day, and what waits for them.
	Municipality, SpecialistDay, NurseDay, GPDay string // Municipality is its coordinator

	Code                    string // a patient whose link asks for a one-time code
	Recognised              string // a patient whom a clinician is to recognise on the picture
	Early, Expired, Revoked string // what a link that opens nothing looks like
}

// seeding is a day under way.
type seeding struct {
	Config
	now           time.Time
	organisations map[string]access.OrganisationID // by name
	members       map[string]identity.Staff        // by name
	people        map[string]access.PersonID       // patients, relatives and interpreters, by name
	units         map[string]string                // ids, by the organisation's name
	equipment     map[string]scheduling.EquipmentID
	templates     map[string]scheduling.TemplateWords
	known         map[scheduling.AppointmentID]scheduling.Appointment // of the weeks around, also cancelled ones
	away          map[string][]scheduling.Span                        // when members are, by name
	sick, without time.Time                                           // the days on which deputies are wanted
	admin         access.Actor
	used          bool // the store was there before
}

// Seed makes sure that the demo's organisations, people and weeks are in the store, and puts a
// day around the present moment there.
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
		units: map[string]string{}, equipment: map[string]scheduling.EquipmentID{}, templates: map[string]scheduling.TemplateWords{},
		known: map[scheduling.AppointmentID]scheduling.Appointment{}, away: map[string][]scheduling.Span{},
	}
	var day Day
	// The day comes first, for its times are the only ones that can't give way; then what is
	// asked for, and the usual weeks around that.
	for _, step := range []func(context.Context) error{
		s.found, s.addOrganisations, s.addUnits, s.addStaff, s.addAgreements, s.addPatients, s.addInterpreter, s.addEquipment, s.addHours, s.read,
		func(ctx context.Context) (err error) { day, err = s.book(ctx); return err },
		s.addAbsences, s.addMatters, s.addRequests, s.addWeeks, s.addHistory, s.addPlans, s.addWound,
	} {
		if err := step(ctx); err != nil {
			return Day{}, fmt.Errorf("demo: %w", err)
		}
	}
	return day, nil
}

// found begins an empty store with the hospital and its administrator, or finds them.
func (s *seeding) found(ctx context.Context) error {
	o, m, err := s.Directory.Found(ctx, hospital.entity(), jon.entity())
	if errors.Is(err, identity.ErrExists) {
		s.used = true
		if o.ID, err = s.Directory.Host(ctx); err == nil {
			m, err = s.knownMember(ctx, jon)
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

// knownMember finds a member of staff who was there before.
func (s *seeding) knownMember(ctx context.Context, of member) (identity.Staff, error) {
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

// addUnits makes the parts of organisations that have hours of their own.
func (s *seeding) addUnits(ctx context.Context) error {
	for _, of := range organisations {
		if of.unit == "" {
			continue
		}
		o, err := s.Directory.Organisation(ctx, s.admin, s.organisations[of.name])
		if err != nil {
			return fmt.Errorf("%s: %w", of.name, err)
		}
		i := slices.IndexFunc(o.Units, func(u identity.Unit) bool { return u.Name == of.unit })
		if i < 0 {
			u, err := s.Directory.CreateUnit(ctx, s.admin, identity.Unit{Organisation: o.ID, Name: of.unit, Phone: of.phone, Active: true})
			if err != nil {
				return fmt.Errorf("%s: %w", of.unit, err)
			}
			o.Units, i = []identity.Unit{u}, 0
		}
		s.units[of.name] = o.Units[i].ID
	}
	return nil
}

func (s *seeding) addStaff(ctx context.Context) error {
	for _, of := range staff {
		m, err := s.knownMember(ctx, of)
		if errors.Is(err, identity.ErrNotFound) {
			m = of.entity()
			a := identity.Assignment{
				Organisation: s.organisations[of.in.name], Role: of.role, Title: of.title, Competence: of.competence, From: s.since(),
			}
			if of.inUnit {
				a.Unit = s.units[of.in.name]
			}
			m.Assignments = []identity.Assignment{a}
			m, err = s.Directory.CreateStaff(ctx, s.admin, m)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", of.email, err)
		}
		s.members[of.name] = m
	}
	return nil
}

// addAgreements lets organisations work together.
func (s *seeding) addAgreements(ctx context.Context) error {
	there, _, err := s.Directory.Agreements(ctx, s.admin, identity.Page{})
	if err != nil {
		return err
	}
	for _, of := range pacts {
		a, b := s.organisations[of.a.name], s.organisations[of.b.name]
		if agreed(there, a, b) {
			continue
		}
		all := []identity.GrantKind{identity.GrantBook, identity.GrantSee, identity.GrantDocument}
		_, err := s.Directory.CreateAgreement(ctx, s.admin, identity.Agreement{
			A: a, B: b, From: s.since(),
			Grants: []identity.Grant{{To: a, May: all, ActFor: of.actFor}, {To: b, May: all}},
			Policy: identity.Policy{
				Identification: identity.IdentifyCode, RetentionDays: 30,
				Shares: []identity.Share{identity.ShareMeasurements, identity.ShareWounds, identity.SharePlan, identity.ShareSummary},
			},
			Papers: []identity.Paper{
				{Kind: identity.PaperAgreement, Reference: "Arkiv " + of.filed, Date: s.since()},
				{Kind: identity.PaperAssessment, Reference: "Arkiv " + of.filed + "-2", Date: s.since()},
			},
		})
		if err != nil {
			return fmt.Errorf("agreement of %s and %s: %w", of.a.name, of.b.name, err)
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

// patient is someone cared for by the hospital and a municipality, who has agreed that the GP
// office may see; and where their municipality has another book for it, that this one may.
func (s *seeding) patient(of cared) identity.Patient {
	p := identity.Patient{
		Person:     identity.Person{Name: of.name, NationalID: of.nationalID, Phone: of.phone, Language: "nn"},
		CaredForBy: []access.OrganisationID{s.organisations[hospital.name], s.organisations[of.in.name]},
		Consents:   []identity.Consent{{Organisation: s.organisations[gpOffice.name], From: s.today()}},
	}
	for _, k := range pacts {
		if k.actFor && k.b.name == of.in.name {
			p.Consents = append(p.Consents, identity.Consent{Organisation: s.organisations[k.a.name], From: s.today()})
		}
	}
	for _, r := range of.relatives {
		p.Relatives = append(p.Relatives, identity.RelatedPerson{
			Person: identity.Person{Name: r.name, Phone: r.phone, Language: "nn"}, Kind: identity.KindRelative, Title: r.title,
		})
	}
	return p
}

func (s *seeding) addInterpreter(ctx context.Context) error {
	by := s.actor(siv)
	there, _, err := s.Directory.Interpreters(ctx, by, by.Organisation, identity.Page{})
	if err != nil {
		return fmt.Errorf("interpreters: %w", err)
	}
	for _, i := range there {
		s.people[i.Name] = i.ID
	}
	if s.people[marek.name] != "" {
		return nil
	}
	made, err := s.Directory.CreateInterpreter(ctx, by, identity.Interpreter{
		Person:       identity.Person{Name: marek.name, Phone: marek.phone, Language: "nn"},
		Organisation: by.Organisation, Speaks: []string{marek.language},
	})
	if err != nil {
		return fmt.Errorf("interpreter: %w", err)
	}
	s.people[marek.name] = made.ID
	return nil
}

// actor is a member of staff at work.
func (s *seeding) actor(of member) access.Actor {
	return access.Actor{Person: s.members[of.name].ID, Role: of.role, Organisation: s.organisations[of.in.name]}
}

func (s *seeding) today() identity.Day { return identity.DayOf(s.now, s.Zone) }

// since is from when people work and agreements hold: so long that all weeks shown have them.
func (s *seeding) since() identity.Day { return identity.DayOf(s.now.AddDate(-1, 0, 0), s.Zone) }

func (o organisation) entity() identity.Organisation {
	return identity.Organisation{Kind: o.kind, Name: o.name, Number: o.number, Phone: o.phone, Active: true, Contacts: o.contacts}
}

func (m member) entity() identity.Staff {
	return identity.Staff{Person: identity.Person{Name: m.name, Email: m.email, Phone: m.phone, Language: "nn"}}
}

// newID is short enough to read in a log: 80 random bits.
func newID() string { return strings.ToLower(rand.Text()[:16]) }
