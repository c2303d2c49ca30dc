package httpapi

import (
	"context"
	"net/http"

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
		return atVersion(s.Version, sharing(s)), err
	})
	register(h, api, operation{
		ID: "setSharing", Method: http.MethodPut, Path: "/patients/{id}/sharing", Needs: signedIn, Action: access.SharingWrite, IfMatch: true, MayBeNew: true,
		Summary: "Decide who sees what; what was decided before stays on record",
	}, func(ctx context.Context, c caller, in *setSharingInput) (*versioned[PatientSharing], error) {
		rules := each(in.Body.Rules, func(r ShareRule) clinical.ShareRule {
			return clinical.ShareRule{Item: clinical.ShareItem(r.Item), Party: clinical.ShareParty(r.Party), Shown: r.Shown}
		})
		s, err := h.cfg.Clinical.SetSharing(ctx, c.Actor, in.ID, c.IfMatch, rules)
		return atVersion(s.Version, sharing(s)), err
	})
}

func sharing(s clinical.Sharing) PatientSharing {
	return PatientSharing{
		Version: s.Version, SetAt: ms(s.Set), SetBy: s.By.Name, SetRole: roleOrNone(s.By.Role),
		Rules: each(s.Rules, func(r clinical.ShareRule) ShareRule {
			return ShareRule{Item: string(r.Item), Party: string(r.Party), Shown: r.Shown}
		}),
	}
}
