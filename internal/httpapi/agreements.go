package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

type (
	agreementInput struct {
		ID string `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	newAgreementInput struct{ Body Agreement }
	setAgreementInput struct {
		ID   string `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body Agreement
	}
	agreementsAnswer struct{ Body Agreements }
)

func (h *Handler) registerAgreements(api huma.API) {
	register(h, api, operation{
		ID: "listAgreements", Method: http.MethodGet, Path: "/agreements", Needs: signedIn, Action: access.OrganisationRead,
		Summary: "The cooperation agreements that one may see, the oldest first",
	}, func(ctx context.Context, c caller, in *struct{ Page }) (*agreementsAnswer, error) {
		page, err := in.page()
		if err != nil {
			return nil, err
		}
		found, next, err := h.cfg.Directory.Agreements(ctx, c.Actor, page)
		if err != nil {
			return nil, err
		}
		return &agreementsAnswer{Agreements{Items: each(found, agreementBody), Next: nextCursor(next)}}, nil
	})
	register(h, api, operation{
		ID: "readAgreement", Method: http.MethodGet, Path: "/agreements/{id}", Needs: signedIn, Action: access.OrganisationRead,
		Summary: "One agreement, with what is done and what is missing",
	}, func(ctx context.Context, c caller, in *agreementInput) (*derived[Agreement], error) {
		a, err := h.cfg.Directory.Agreement(ctx, c.Actor, in.ID)
		return &derived[Agreement]{etag(a.Version), agreementBody(a)}, err
	})
	register(h, api, operation{
		ID: "createAgreement", Method: http.MethodPost, Path: "/agreements", Needs: signedIn, Action: access.AgreementWrite, Creates: true,
		Summary: "A new agreement; what gives the own organisation something the other writes, or the host", Status: http.StatusCreated,
	}, func(ctx context.Context, c caller, in *newAgreementInput) (*derived[Agreement], error) {
		a, err := h.cfg.Directory.CreateAgreement(ctx, c.Actor, agreement(in.Body))
		return &derived[Agreement]{etag(a.Version), agreementBody(a)}, err
	})
	register(h, api, operation{
		ID: "changeAgreement", Method: http.MethodPut, Path: "/agreements/{id}", Needs: signedIn, Action: access.AgreementWrite, IfMatch: true,
		Summary: "Change an agreement; its parties stay",
	}, func(ctx context.Context, c caller, in *setAgreementInput) (*derived[Agreement], error) {
		a := agreement(in.Body)
		a.ID, a.Version = in.ID, c.IfMatch
		v, err := h.cfg.Directory.UpdateAgreement(ctx, c.Actor, a)
		return &derived[Agreement]{etag(v.Version), agreementBody(v)}, err
	})
}

func agreement(b Agreement) identity.Agreement {
	return identity.Agreement{
		A: b.A, B: b.B, From: identity.Day(b.From), Until: identity.Day(b.Until),
		Grants: each(b.Grants, func(g Grant) identity.Grant {
			return identity.Grant{To: g.To, ActFor: g.ActFor, May: each(g.May, func(k GrantKind) identity.GrantKind { return identity.GrantKind(k) })}
		}),
		Policy: identity.Policy{
			Identification: identity.Identification(b.Policy.Identification), RetentionDays: b.Policy.RetentionDays,
			Shares: each(b.Policy.Shares, func(s string) identity.Share { return identity.Share(s) }),
		},
		Papers: each(b.Papers, func(p Paper) identity.Paper {
			return identity.Paper{Kind: identity.PaperKind(p.Kind), Reference: p.Reference, Date: identity.Day(p.Date)}
		}),
	}
}

func agreementBody(a identity.AgreementView) Agreement {
	return Agreement{
		ID: a.ID, Version: a.Version, A: a.A, B: a.B, From: string(a.From), Until: string(a.Until),
		Grants: each(a.Grants, func(g identity.Grant) Grant {
			return Grant{To: g.To, ActFor: g.ActFor, May: each(g.May, func(k identity.GrantKind) GrantKind { return GrantKind(k) })}
		}),
		Policy: Policy{
			Identification: Identification(a.Policy.Identification), RetentionDays: a.Policy.RetentionDays,
			Shares: each(a.Policy.Shares, func(s identity.Share) string { return string(s) }),
		},
		Papers: each(a.Papers, func(p identity.Paper) Paper {
			return Paper{Kind: string(p.Kind), Reference: p.Reference, Date: string(p.Date)}
		}),
		Checklist: each(a.Checklist, func(k identity.Check) Check { return Check{Code: string(k.Code), Done: k.Done} }),
		InForce:   a.InForce,
	}
}
