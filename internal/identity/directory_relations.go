package identity

import (
	"context"
	"fmt"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Relations finds how the one who acts stands to a patient. A patient who is unknown has no
// relations to anybody.
//
// An agreement counts in two ways: that the patient's organisation lets the actor's see; and
// that an organisation lets the actor's act for it, which then sees what that one may.
func (d *Directory) Relations(ctx context.Context, by access.Actor, patient access.PersonID) (access.Relations, error) {
	ties, err := d.store.Ties(ctx, by.Person, patient, d.today(), d.now())
	if err != nil {
		return 0, fmt.Errorf("relations to %s: %w", patient, err)
	}
	var has access.Relations
	if by.Person == patient && len(ties.CaredForBy) > 0 {
		has |= access.Self
	}
	if ties.Relative {
		has |= access.RelativeOf
	}
	if ties.Trusted {
		has |= access.Consent
	}
	if by.Organisation != "" {
		more, err := d.throughOrganisation(ctx, by.Organisation, ties)
		if err != nil {
			return 0, fmt.Errorf("relations to %s: %w", patient, err)
		}
		has |= more
	}
	meets, err := d.meetings.Meets(ctx, by, patient)
	if err != nil {
		return 0, fmt.Errorf("relations to %s: %w", patient, err)
	}
	if meets && len(ties.CaredForBy) > 0 {
		has |= access.Participant
	}
	return has, nil
}

// throughOrganisation are the relations to a patient that one has by acting in an organisation.
func (d *Directory) throughOrganisation(ctx context.Context, own access.OrganisationID, ties Ties) (has access.Relations, err error) {
	if slices.Contains(ties.CaredForBy, own) {
		has |= access.SameOrganisation
	}
	if slices.Contains(ties.Consented, own) {
		has |= access.Consent
	}
	if slices.Contains(ties.Emergencies, own) {
		has |= access.Emergency
	}
	// Of a patient who is not there the rest is asked for all the same: the time that an answer
	// takes must not tell.
	if slices.Equal(ties.CaredForBy, []access.OrganisationID{own}) {
		return has, nil // nobody else's agreement can matter
	}
	inForce, err := d.store.InForce(ctx, []access.OrganisationID{own}, d.today())
	if err != nil {
		return 0, fmt.Errorf("agreements: %w", err)
	}
	if sees(own, inForce, ties.CaredForBy) {
		has |= access.Agreement
	}
	var principals []access.OrganisationID // that own acts for, and sees as
	for _, a := range inForce {
		if a.ActsFor(own) && a.Gives(own, GrantSee) {
			principals = append(principals, a.Other(own))
		}
	}
	if len(principals) == 0 {
		return has, nil
	}
	theirs, err := d.store.InForce(ctx, principals, d.today())
	if err != nil {
		return 0, fmt.Errorf("agreements: %w", err)
	}
	for _, p := range principals {
		if sees(p, theirs, ties.CaredForBy) {
			has |= access.Agreement
		}
	}
	return has, nil
}

// Shares is what an organisation sees of a patient beyond the call: all where it cares for the patient, else
// what its agreements with those who do say that both sides see, its own and those of whom it acts for.
func (d *Directory) Shares(ctx context.Context, own access.OrganisationID, patient access.PersonID) ([]Share, error) {
	ties, err := d.store.Ties(ctx, "", patient, d.today(), d.now())
	if err != nil {
		return nil, fmt.Errorf("what %s sees of %s: %w", own, patient, err)
	}
	if slices.Contains(ties.CaredForBy, own) {
		return shareKinds, nil
	}
	inForce, err := d.store.InForce(ctx, []access.OrganisationID{own}, d.today())
	if err != nil {
		return nil, fmt.Errorf("agreements of %s: %w", own, err)
	}
	parties := []access.OrganisationID{own}
	for _, a := range inForce {
		if a.ActsFor(own) && a.Gives(own, GrantSee) {
			parties = append(parties, a.Other(own))
		}
	}
	if len(parties) > 1 {
		if inForce, err = d.store.InForce(ctx, parties, d.today()); err != nil {
			return nil, fmt.Errorf("agreements: %w", err)
		}
	}
	var out []Share
	for _, p := range parties {
		if slices.Contains(ties.CaredForBy, p) {
			return shareKinds, nil
		}
		for _, a := range inForce {
			if (a.A == p || a.B == p) && slices.Contains(ties.CaredForBy, a.Other(p)) {
				out = append(out, a.Policy.Shares...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// sees says whether by one of the agreements somebody may see the patients of one of the others.
func sees(party access.OrganisationID, agreements []Agreement, others []access.OrganisationID) bool {
	return slices.ContainsFunc(agreements, func(a Agreement) bool {
		return a.Gives(party, GrantSee) && slices.Contains(others, a.Other(party))
	})
}

// OrganisationRelations finds how the one who acts stands to an organisation.
func (d *Directory) OrganisationRelations(ctx context.Context, by access.Actor, of access.OrganisationID) (access.Relations, error) {
	s, err := d.standing(ctx, by)
	if err != nil {
		return 0, err
	}
	return s.to(of), nil
}

// standing is how one who acts stands to every organisation.
type standing struct {
	own      access.OrganisationID
	host     bool
	partners []access.OrganisationID // with an agreement in force
	// givers are those of them that let one's own do something. A party may conclude or
	// prolong an agreement alone, and must come to nothing of the other's by that.
	givers []access.OrganisationID
}

func (d *Directory) standing(ctx context.Context, by access.Actor) (standing, error) {
	if by.Organisation == "" {
		return standing{}, nil
	}
	s := standing{own: by.Organisation}
	host, err := d.isHost(ctx, by.Organisation)
	if err != nil {
		return s, err
	}
	s.host = host
	inForce, err := d.store.InForce(ctx, []access.OrganisationID{s.own}, d.today())
	if err != nil {
		return s, fmt.Errorf("agreements of %s: %w", s.own, err)
	}
	for _, a := range inForce {
		s.partners = append(s.partners, a.Other(s.own))
		if a.Lets(s.own) {
			s.givers = append(s.givers, a.Other(s.own))
		}
	}
	return s, nil
}

func (s standing) to(of access.OrganisationID) (has access.Relations) {
	if s.own == "" {
		return 0
	}
	if of == s.own {
		has |= access.SameOrganisation
	}
	if s.host {
		has |= access.Host
	}
	if slices.Contains(s.givers, of) {
		has |= access.Agreement
	}
	return has
}
