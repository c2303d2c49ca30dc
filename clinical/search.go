package clinical

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Search lists values of several kinds at once, of all that the reader sees where none is named, and
// the limits that the patient has now. It is Values for who asks by more than a kind and wants
// no zones: those of a thousand values take a thousand looks at what was before them.
// Errors: *access.Refused, *Invalid.
func (s *Service) Search(ctx context.Context, by access.Actor, patient access.PersonID, kinds []KindID, q Query) ([]Observation, Limits, error) {
	eyes, err := s.lookWith(ctx, by, patient)
	if err != nil {
		return nil, Limits{}, err
	}
	for _, k := range kinds {
		if !eyes.see(k) {
			return nil, Limits{}, &Invalid{"kind", "must be one that can be measured here, and is for the reader to see"}
		}
	}
	if len(q.IDs) == 0 && (q.Most < 1 || q.Most > 1000) {
		return nil, Limits{}, &Invalid{"count", "must be 1–1000"}
	}
	found, err := s.ofKinds(ctx, eyes, patient, kinds, q)
	if err != nil {
		return nil, Limits{}, fmt.Errorf("observations of %s: %w", patient, err)
	}
	limits, err := s.cfg.Store.Limits(ctx, patient)
	if err != nil {
		return nil, Limits{}, fmt.Errorf("limits of %s: %w", patient, err)
	}
	return found, eyes.limitsFor(limits), nil
}

// ofKinds asks for each kind by itself, which the store's index is for, and puts them together.
func (s *Service) ofKinds(ctx context.Context, eyes eyes, patient access.PersonID, kinds []KindID, q Query) (found []Observation, err error) {
	if len(q.IDs) > 0 {
		found, err = s.cfg.Store.Observations(ctx, patient, q)
		return slices.DeleteFunc(found, func(o Observation) bool {
			return !eyes.see(o.Kind) || len(kinds) > 0 && !slices.Contains(kinds, o.Kind)
		}), err
	}
	if len(kinds) == 0 {
		var hidden bool
		for _, k := range s.kinds.All() {
			if eyes.see(k.ID) {
				kinds = append(kinds, k.ID)
			} else {
				hidden = true
			}
		}
		if !hidden {
			kinds = []KindID{""}
		}
	}
	for _, k := range kinds {
		q.Kind = k
		some, err := s.cfg.Store.Observations(ctx, patient, q)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	slices.SortFunc(found, func(a, b Observation) int {
		return cmp.Or(b.Measured.Compare(a.Measured), cmp.Compare(b.ID, a.ID))
	})
	return found[:min(len(found), q.Most)], nil
}

// WoundSource is what an observation comes of, where that is a photo, or what was found at a wound.
type WoundSource struct {
	Photo bool
	Wound WoundID // empty: the photo belongs to none yet
	Site  string  // of the wound
}

// WoundSources says which of the ids that observations come of are photos, or assessments of wounds; the
// others are left out. It tells no more than an observation that has come of one, and asks for no more.
// Errors: *access.Refused.
func (s *Service) WoundSources(ctx context.Context, by access.Actor, patient access.PersonID, ids []string) (map[string]WoundSource, error) {
	if _, err := s.look(ctx, by, patient); err != nil {
		return nil, err
	}
	out := map[string]WoundSource{}
	if len(ids) == 0 || s.cfg.Wounds == nil {
		return out, nil
	}
	book, err := s.woundBook(ctx, patient)
	if err != nil {
		return nil, err
	}
	sites := map[WoundID]string{}
	for _, w := range book.Wounds {
		sites[w.ID] = w.Site
	}
	for _, p := range book.Photos {
		if slices.Contains(ids, string(p.ID)) {
			out[string(p.ID)] = WoundSource{Photo: true, Wound: p.Wound, Site: sites[p.Wound]}
		}
	}
	for _, a := range book.Assessments {
		if slices.Contains(ids, string(a.ID)) {
			out[string(a.ID)] = WoundSource{Wound: a.Wound, Site: sites[a.Wound]}
		}
	}
	return out, nil
}
