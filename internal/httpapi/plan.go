package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

type (
	editPlanInput struct {
		ID    access.PersonID    `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Field clinical.PlanField `path:"field" enum:"matters,green,yellow,red"`
		Body  EditPlan
	}
	settleInput struct {
		ID     access.PersonID    `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Field  clinical.PlanField `path:"field" enum:"matters,green,yellow,red"`
		Beside string             `path:"beside" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	planLimitsInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body PlanLimits
	}
	approvePlanInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body ApprovePlan
	}
)

// registerPlan adds the patient's own plan.
func (h *Handler) registerPlan(api huma.API) {
	register(h, api, operation{
		ID: "readPlan", Method: http.MethodGet, Path: "/patients/{id}/plan", Needs: signedIn, Action: access.PlanRead,
		Summary: "The patient's own plan: the draft, what all have approved, and what was before",
	}, func(ctx context.Context, c caller, in *patientInput) (*holding[PatientPlans], error) {
		all, err := h.cfg.Clinical.Plans(ctx, c.Actor, in.ID)
		if err != nil {
			return nil, err
		}
		body, err := h.plans(ctx, c.Actor, in.ID, all)
		return &holding[PatientPlans]{body}, err
	})
	answer := func(ctx context.Context, c caller, patient access.PersonID, p clinical.Plan, err error) (*holding[PatientPlan], error) {
		if err != nil {
			return nil, err
		}
		bodies, err := h.planBodies(ctx, c.Actor, []clinical.Plan{p})
		if err != nil {
			return nil, err
		}
		return &holding[PatientPlan]{bodies[0]}, nil
	}
	register(h, api, operation{
		ID: "editPlan", Method: http.MethodPut, Path: "/patients/{id}/plan/fields/{field}", Needs: signedIn, Action: access.PlanWrite,
		IfMatch: true, MayBeNew: true, Body: 16 << 10,
		Summary: "Write in a part of the draft, which begins one where the plan is approved; a text that comes late is kept beside",
	}, func(ctx context.Context, c caller, in *editPlanInput) (*holding[PatientPlan], error) {
		p, err := h.cfg.Clinical.EditPlan(ctx, c.Actor, in.ID, clinical.PlanEdit{Field: in.Field, Base: c.IfMatch, Text: in.Body.Text})
		return answer(ctx, c, in.ID, p, err)
	})
	register(h, api, operation{
		ID: "settlePlan", Method: http.MethodDelete, Path: "/patients/{id}/plan/fields/{field}/beside/{beside}", Needs: signedIn, Action: access.PlanWrite,
		Summary: "Put a text away that waits beside a part of the draft",
	}, func(ctx context.Context, c caller, in *settleInput) (*holding[PatientPlan], error) {
		p, err := h.cfg.Clinical.SettleBeside(ctx, c.Actor, in.ID, in.Field, in.Beside)
		return answer(ctx, c, in.ID, p, err)
	})
	register(h, api, operation{
		ID: "setPlanLimits", Method: http.MethodPut, Path: "/patients/{id}/plan/limits", Needs: signedIn, Action: access.LimitWrite,
		IfMatch: true, MayBeNew: true, Summary: "What green, yellow and red mean in numbers, in the draft",
	}, func(ctx context.Context, c caller, in *planLimitsInput) (*holding[PatientPlan], error) {
		p, err := h.cfg.Clinical.SetPlanLimits(ctx, c.Actor, in.ID, c.IfMatch, limits(PatientLimits{Kinds: in.Body.Kinds}).Kinds)
		return answer(ctx, c, in.ID, p, err)
	})
	register(h, api, operation{
		ID: "approvePlan", Method: http.MethodPost, Path: "/patients/{id}/plan/approval", Needs: signedIn, Action: access.PlanApprove,
		Summary: "Say for one's party that one agrees with the draft as it stands; when all have, its limits are the patient's",
	}, func(ctx context.Context, c caller, in *approvePlanInput) (*holding[PatientPlan], error) {
		p, err := h.cfg.Clinical.ApprovePlan(ctx, c.Actor, in.ID, in.Body.Version, in.Body.Revision)
		return answer(ctx, c, in.ID, p, err)
	})
}

func (h *Handler) plans(ctx context.Context, by access.Actor, patient access.PersonID, all []clinical.Plan) (PatientPlans, error) {
	may, err := h.cfg.Clinical.May(ctx, by, patient)
	if err != nil {
		return PatientPlans{}, err
	}
	out := PatientPlans{
		Earlier: []PatientPlan{}, MayWrite: may.WritePlan, MayApprove: may.ApprovePlan, MaySetLimits: may.SetLimits, Now: h.cfg.Now().UnixMilli(),
	}
	bodies, err := h.planBodies(ctx, by, all)
	if err != nil {
		return PatientPlans{}, err
	}
	for i, p := range all {
		switch {
		case p.State == clinical.PlanDraft:
			out.Draft = &bodies[i]
		case p.State == clinical.PlanActive:
			out.Active = &bodies[i]
		default:
			out.Earlier = append(out.Earlier, bodies[i])
		}
	}
	return out, nil
}

// planBodies are versions with the names of the parties' organisations.
func (h *Handler) planBodies(ctx context.Context, by access.Actor, all []clinical.Plan) ([]PatientPlan, error) {
	var ids []access.OrganisationID
	for _, p := range all {
		for _, q := range p.Parties {
			if q.Organisation != "" {
				ids = append(ids, q.Organisation)
			}
		}
	}
	names, err := h.cfg.Organisations.Organisations(ctx, ids)
	if err != nil {
		return nil, err
	}
	return each(all, func(p clinical.Plan) PatientPlan {
		out := PatientPlan{
			Version: p.Version, Revision: p.Revision, State: string(p.State), Limits: each(p.Limits, kindLimitsBody),
			MadeAt: ms(p.Made), MadeBy: p.MadeBy.Name, MadeByRole: roleOrNone(p.MadeBy.Role),
		}
		for _, f := range clinical.PlanFields() {
			t := p.Fields[f]
			out.Fields = append(out.Fields, PlanField{
				Field: string(f), Text: t.Text, Revision: t.Revision, By: t.By.Name, ByRole: roleOrNone(t.By.Role), At: ms(t.At),
				Beside: each(t.Beside, func(b clinical.PlanBeside) PlanBeside {
					return PlanBeside{ID: b.ID, Text: b.Text, By: b.By.Name, ByRole: roleOrNone(b.By.Role), At: ms(b.At)}
				}),
			})
		}
		out.Parties = each(p.Parties, func(q clinical.PlanParty) PlanApproval {
			a := PlanApproval{Role: q.Role.String(), OrganisationName: names[q.Organisation].Name, Mine: q.Role == by.Role && q.Organisation == by.Organisation}
			if q.Approved != nil {
				a.By, a.At = q.Approved.By.Name, ms(q.Approved.At)
			}
			return a
		})
		return out
	}), nil
}
