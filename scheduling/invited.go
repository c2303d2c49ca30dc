package scheduling

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Invited is a participant with their names, as those in the consultation may see them.
type Invited struct {
	Participant
	Name             string // empty where it is not to be seen, or is erased
	OrganisationName string
}

// named finds the names of everyone in the appointments, and of those who invite.
func (s *Service) named(ctx context.Context, of ...Appointment) (names, error) {
	people, organisations := map[access.PersonID]bool{}, map[access.OrganisationID]bool{}
	for _, a := range of {
		organisations[a.Organisation] = true
		for _, p := range a.Participants {
			people[p.Person] = true
			if p.Organisation != "" {
				organisations[p.Organisation] = true
			}
		}
	}
	var n names
	var err error
	if n.people, err = s.cfg.People.Names(ctx, slices.Collect(maps.Keys(people))); err != nil {
		return names{}, fmt.Errorf("names: %w", err)
	}
	if n.organisations, err = s.cfg.People.Organisations(ctx, slices.Collect(maps.Keys(organisations))); err != nil {
		return names{}, fmt.Errorf("organisations: %w", err)
	}
	return n, nil
}

type names struct {
	people        map[access.PersonID]string
	organisations map[access.OrganisationID]Organisation
}

// of lists an appointment's people. Without private only staff are named: who the others
// are is nothing for those who may not read of the consultation.
func (n names) of(a Appointment, private bool) []Invited {
	out := make([]Invited, len(a.Participants))
	for i, p := range a.Participants {
		out[i] = n.invited(p)
		if !private && !p.Role.Staff() {
			out[i].Name, out[i].Title, out[i].Beside = "", "", nil
		}
	}
	return out
}

func (n names) invited(p Participant) Invited {
	return Invited{Participant: p, Name: n.people[p.Person], OrganisationName: n.organisations[p.Organisation].Name}
}
