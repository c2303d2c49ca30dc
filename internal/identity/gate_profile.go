package identity

import (
	"context"
	"fmt"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Act is an organisation and role that someone acts in, with their names.
type Act struct {
	Assignment       string // id; empty for a link's session
	Organisation     access.OrganisationID
	OrganisationName string
	Unit             string // its name; may be empty
	Role             access.Role
	Title            string
}

// Profile is who is signed in, for their own page.
type Profile struct {
	Person Person
	Act    *Act  // nil before it is chosen
	Acts   []Act // what an account's person may choose between today
}

// Profile reads who is signed in.
func (g *Gate) Profile(ctx context.Context, c Current) (Profile, error) {
	person, err := g.people.Person(ctx, c.Actor.Person)
	if err != nil {
		return Profile{}, fmt.Errorf("profile: %w", err)
	}
	p := Profile{Person: person}
	if c.Handle == "" && c.Stage != StageCode {
		assignments, err := g.acts(ctx, person.ID, g.now())
		if err != nil {
			return Profile{}, err
		}
		for _, a := range assignments {
			act, err := g.named(ctx, a)
			if err != nil {
				return Profile{}, err
			}
			p.Acts = append(p.Acts, act)
		}
	}
	if c.Stage != StageFull {
		return p, nil
	}
	if i := slices.IndexFunc(p.Acts, func(a Act) bool { return a.Assignment == c.Assignment }); c.Assignment != "" && i >= 0 {
		p.Act = &p.Acts[i]
		return p, nil
	}
	act, err := g.named(ctx, Assignment{ID: c.Assignment, Organisation: c.Actor.Organisation, Role: c.Actor.Role})
	if err != nil {
		return Profile{}, err
	}
	p.Act = &act
	return p, nil
}

// named is an assignment with the names that people read.
func (g *Gate) named(ctx context.Context, a Assignment) (Act, error) {
	act := Act{Assignment: a.ID, Organisation: a.Organisation, Role: a.Role, Title: a.Title}
	if a.Organisation == "" {
		return act, nil
	}
	o, err := g.people.Organisation(ctx, a.Organisation)
	if err != nil {
		return Act{}, fmt.Errorf("organisation of an assignment: %w", err)
	}
	act.OrganisationName = o.Name
	if i := slices.IndexFunc(o.Units, func(u Unit) bool { return u.ID == a.Unit }); i >= 0 {
		act.Unit = o.Units[i].Name
	}
	return act, nil
}
