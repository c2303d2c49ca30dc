package httpapi

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

type setSharingInput struct {
	ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	Body PatientSharing
}

// registerSharing adds what a patient decides about who sees what.
func (h *Handler) registerSharing(api huma.API) {
	register(h, api, operation{
		ID: "readSharing", Method: http.MethodGet, Path: "/patients/{id}/sharing", Needs: signedIn, Action: access.SharingRead,
		Summary: "What the patient has decided about who sees what",
	}, func(ctx context.Context, c caller, in *patientInput) (*versioned[PatientSharing], error) {
		s, err := h.cfg.Clinical.Sharing(ctx, c.Actor, in.ID)
		if err != nil {
			return nil, err
		}
		return h.sharing(ctx, c.Actor, in.ID, s)
	})
	register(h, api, operation{
		ID: "setSharing", Method: http.MethodPut, Path: "/patients/{id}/sharing", Needs: signedIn, Action: access.SharingWrite, IfMatch: true, MayBeNew: true,
		Summary: "Decide who sees what; what was decided before stays on record",
	}, func(ctx context.Context, c caller, in *setSharingInput) (*versioned[PatientSharing], error) {
		rules := each(in.Body.Rules, func(r ShareRule) clinical.ShareRule {
			return clinical.ShareRule{Item: clinical.ShareItem(r.Item), Party: clinical.ShareParty(r.Party), Shown: r.Shown}
		})
		s, err := h.cfg.Clinical.SetSharing(ctx, c.Actor, in.ID, c.IfMatch, rules)
		if err != nil {
			return nil, err
		}
		return h.sharing(ctx, c.Actor, in.ID, s)
	})
}

// sharing is a body, with whom something can be decided about: relatives, who cares for the patient or has
// their consent, and whom something is decided about already. Who may not read the patient's own entry, as who
// has come by a link, is told of the latter only.
func (h *Handler) sharing(ctx context.Context, by access.Actor, patient access.PersonID, s clinical.Sharing) (*versioned[PatientSharing], error) {
	out := PatientSharing{
		Version: s.Version, SetAt: ms(s.Set), SetBy: s.By.Name, SetRole: roleOrNone(s.By.Role),
		Rules: each(s.Rules, func(r clinical.ShareRule) ShareRule {
			return ShareRule{Item: string(r.Item), Party: string(r.Party), Shown: r.Shown}
		}),
		Parties: []ShareParty{{Party: string(clinical.ShareRelatives)}},
	}
	var ids []access.OrganisationID
	add := func(id access.OrganisationID) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	p, err := h.cfg.Directory.Patient(ctx, by, patient)
	var refused *access.Refused
	switch {
	case err == nil:
		for _, id := range p.CaredForBy {
			add(id)
		}
		for _, c := range p.Consents {
			add(c.Organisation)
		}
	case !errors.As(err, &refused):
		return nil, err
	}
	for _, r := range s.Rules {
		if r.Party != clinical.ShareRelatives {
			add(access.OrganisationID(r.Party))
		}
	}
	names, err := h.cfg.Organisations.Organisations(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		out.Parties = append(out.Parties, ShareParty{Party: string(id), Name: names[id].Name})
	}
	return atVersion(s.Version, out), nil
}
