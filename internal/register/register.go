// Package register tells booking who works where, with whom people may be booked, and who is
// around a patient: it answers scheduling's Register and People out of identity's directory.
// It is apart from both because neither knows the other, and apart from the program because
// the tests and measurements of booking use the real one: its answers are on the way of every
// booking, and each is one query or two.
package register

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Config of a Register. Store and Directory are required.
type Config struct {
	Store Store
	// Directory returns who knows relations and policies. It is asked when it is needed, for a
	// directory itself asks scheduling who meets whom, and is there last.
	Directory func() Directory
	Zone      *time.Location // whose days agreements count by; nil means UTC
	Now       func() time.Time
}

// Store is what is read directly, because the directory would read more.
type Store interface {
	People
	Agreements
	NamesOf(ctx context.Context, ids []access.PersonID) (map[access.PersonID]string, error)
	OrganisationLines(ctx context.Context, ids []access.OrganisationID) ([]identity.OrganisationLine, error)
}

// People says who works where and who is around a patient; lists are in no order of people,
// and of one person's in that person's.
type People interface {
	PlacedIn(ctx context.Context, in []access.OrganisationID, as []access.Role, on identity.Day) ([]identity.Placed, error)
	PlacedOf(ctx context.Context, people []access.PersonID, as []access.Role, on identity.Day) ([]identity.Placed, error)
	Surroundings(ctx context.Context, patient access.PersonID, organisations []access.OrganisationID) (identity.Surroundings, error)
}

// Agreements are those in force on a day, between organisations that are active.
type Agreements interface {
	InForce(ctx context.Context, of []access.OrganisationID, on identity.Day) ([]identity.Agreement, error)
}

// Directory decides what rests on more than one row: *identity.Directory does.
type Directory interface {
	Relations(ctx context.Context, by access.Actor, patient access.PersonID) (access.Relations, error)
	PolicyFor(ctx context.Context, on identity.Day, organisations ...access.OrganisationID) (identity.Policy, error)
}

// Register implements scheduling's Register and People. It is safe for concurrent use.
type Register struct {
	cfg    Config
	treats []access.Role // those of staff who take part in calls
}

var (
	_ scheduling.Register = (*Register)(nil)
	_ scheduling.People   = (*Register)(nil)
)

// New checks cfg.
func New(cfg Config) (*Register, error) {
	if cfg.Store == nil || cfg.Directory == nil {
		return nil, errors.New("register: Store and Directory are required")
	}
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	r := &Register{cfg: cfg}
	for _, role := range access.Roles() {
		if role.Staff() && access.Decide(role, access.ConsultationJoin, access.Participant).Allowed {
			r.treats = append(r.treats, role)
		}
	}
	return r, nil
}

func (r *Register) today() identity.Day { return identity.DayOf(r.cfg.Now(), r.cfg.Zone) }

// Names implements scheduling.People.
func (r *Register) Names(ctx context.Context, ids []access.PersonID) (map[access.PersonID]string, error) {
	return r.cfg.Store.NamesOf(ctx, ids)
}

// Organisations implements scheduling.People.
func (r *Register) Organisations(ctx context.Context, ids []access.OrganisationID) (map[access.OrganisationID]scheduling.Organisation, error) {
	found, err := r.cfg.Store.OrganisationLines(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[access.OrganisationID]scheduling.Organisation, len(found))
	for _, o := range found {
		out[o.ID] = scheduling.Organisation{Name: o.Name, Phone: o.Phone, Kind: string(o.Kind)}
	}
	return out, nil
}

// Colleagues implements scheduling.Register.
func (r *Register) Colleagues(ctx context.Context, in []access.OrganisationID, day string) ([]scheduling.Colleague, error) {
	placed, err := r.cfg.Store.PlacedIn(ctx, in, r.treats, identity.Day(day))
	return colleagues(placed), err
}

// Working implements scheduling.Register.
func (r *Register) Working(ctx context.Context, people []access.PersonID, day string) ([]scheduling.Colleague, error) {
	placed, err := r.cfg.Store.PlacedOf(ctx, people, r.treats, identity.Day(day))
	return colleagues(placed), err
}

// colleagues are people each once for each organisation and role: who works in two units of
// one is found in the first.
func colleagues(placed []identity.Placed) []scheduling.Colleague {
	out := make([]scheduling.Colleague, 0, len(placed))
	theirs := 0 // where the person's begin: a person's stand together
	for _, p := range placed {
		if theirs < len(out) && out[theirs].Person != p.Person {
			theirs = len(out)
		}
		if slices.ContainsFunc(out[theirs:], func(c scheduling.Colleague) bool { return c.Organisation == p.Organisation && c.Role == p.Role }) {
			continue
		}
		out = append(out, scheduling.Colleague{
			Person: p.Person, Organisation: p.Organisation, Role: p.Role, Unit: p.Unit, UnitName: p.UnitName, Title: p.Title, Competence: p.Competence,
		})
	}
	return out
}

// Reach implements scheduling.Register. An agreement counts in two ways, as it does for
// seeing patients: an organisation lets one's own book with its people; and one that lets
// one's own act for it lets it book as it may itself.
func (r *Register) Reach(ctx context.Context, by access.Actor) (scheduling.Reach, error) {
	own := by.Organisation
	if own == "" {
		return scheduling.Reach{}, nil
	}
	reach := scheduling.Reach{With: []access.OrganisationID{own}, For: []access.OrganisationID{own}}
	within := map[access.OrganisationID]bool{own: true} // With, which may be a region
	with := func(one access.OrganisationID) {
		if !within[one] {
			within[one], reach.With = true, append(reach.With, one)
		}
	}
	inForce, err := r.cfg.Store.InForce(ctx, []access.OrganisationID{own}, r.today())
	if err != nil {
		return scheduling.Reach{}, fmt.Errorf("agreements of %s: %w", own, err)
	}
	for _, a := range inForce {
		if !a.Gives(own, identity.GrantBook) {
			continue
		}
		with(a.Other(own))
		if a.ActsFor(own) && !slices.Contains(reach.For, a.Other(own)) {
			reach.For = append(reach.For, a.Other(own))
		}
	}
	principals := reach.For[1:]
	if len(principals) == 0 {
		return reach, nil
	}
	theirs, err := r.cfg.Store.InForce(ctx, principals, r.today())
	if err != nil {
		return scheduling.Reach{}, fmt.Errorf("agreements of those that %s acts for: %w", own, err)
	}
	for _, p := range principals {
		for _, a := range theirs {
			if a.Gives(p, identity.GrantBook) {
				with(a.Other(p))
			}
		}
	}
	return reach, nil
}

// Relations implements scheduling.Register.
func (r *Register) Relations(ctx context.Context, by access.Actor, patient access.PersonID) (access.Relations, error) {
	return r.cfg.Directory().Relations(ctx, by, patient)
}

// Around implements scheduling.Register.
func (r *Register) Around(ctx context.Context, patient access.PersonID, organisations []access.OrganisationID) (scheduling.Around, error) {
	found, err := r.cfg.Store.Surroundings(ctx, patient, organisations)
	if err != nil {
		return scheduling.Around{}, fmt.Errorf("around %s: %w", patient, err)
	}
	// A copy: the policy's sorts its own.
	policy, err := r.cfg.Directory().PolicyFor(ctx, r.today(), slices.Clone(organisations)...)
	if err != nil {
		return scheduling.Around{}, err
	}
	out := scheduling.Around{Guests: make(map[access.PersonID]scheduling.Guest, 1+len(found.Relatives)+len(found.Interpreters))}
	if out.Identification, err = identification(policy.Identification); err != nil {
		return scheduling.Around{}, err
	}
	for _, id := range found.Interpreters {
		out.Guests[id] = scheduling.Guest{Role: access.Interpreter, Title: "Tolk"}
	}
	for _, rel := range found.Relatives {
		out.Guests[rel.ID] = scheduling.Guest{Role: access.Relative, Title: asTitle(rel.Title)}
	}
	if found.Patient {
		out.Guests[patient] = scheduling.Guest{Role: access.Patient, Title: "Pasient"}
	}
	return out, nil
}

func identification(i identity.Identification) (scheduling.Identification, error) {
	switch i {
	case identity.IdentifyLink:
		return scheduling.ByLink, nil
	case identity.IdentifyCode:
		return scheduling.ByCode, nil
	case identity.IdentifyRecognised:
		return scheduling.Recognised, nil
	}
	return "", fmt.Errorf("an agreement's identification is %q", i)
}

// asTitle is what a relative is to the patient, "dotter", as it stands below a name.
func asTitle(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
