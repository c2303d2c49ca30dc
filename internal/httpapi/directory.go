package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// derived is an answer that has more in it than what its version counts: what is worked out,
// or has a version of its own. The tag says what a change rests on, and never that the
// caller has the answer already.
type derived[T any] struct {
	ETag string `header:"ETag" doc:"the version, to be sent back as If-Match"`
	Body T
}

type (
	organisationInput struct {
		ID access.OrganisationID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	newOrganisationInput struct{ Body Organisation }
	setOrganisationInput struct {
		ID   access.OrganisationID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body Organisation
	}
	organisationsAnswer struct{ Body Organisations }
	newUnitInput        struct {
		ID   access.OrganisationID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body Unit
	}
	setUnitInput struct {
		ID   access.OrganisationID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Unit string                `path:"unit" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body Unit
	}
	communityInput struct {
		ID string `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	newCommunityInput struct{ Body Community }
	setCommunityInput struct {
		ID   string `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body Community
	}
	communitiesAnswer struct{ Body Communities }
)

// registerDirectory adds organisations and their units, communities, agreements and staff.
func (h *Handler) registerDirectory(api huma.API) {
	h.registerOrganisations(api)
	h.registerCommunities(api)
	h.registerAgreements(api)
	h.registerStaff(api)
}

func (h *Handler) registerOrganisations(api huma.API) {
	register(h, api, operation{
		ID: "listOrganisations", Method: http.MethodGet, Path: "/organisations", Needs: signedIn, Action: access.OrganisationRead, Machines: true,
		Summary: "The organisations that one may see, by name",
	}, func(ctx context.Context, c caller, in *struct{ Page }) (*organisationsAnswer, error) {
		page, err := in.page()
		if err != nil {
			return nil, err
		}
		found, next, err := h.cfg.Directory.Organisations(ctx, c.Actor, page)
		if err != nil {
			return nil, err
		}
		return &organisationsAnswer{Organisations{Items: each(found, organisationBody), Next: nextCursor(next)}}, nil
	})
	register(h, api, operation{
		ID: "readOrganisation", Method: http.MethodGet, Path: "/organisations/{id}", Needs: signedIn, Action: access.OrganisationRead, Machines: true,
		Summary: "One organisation with its units",
	}, func(ctx context.Context, c caller, in *organisationInput) (*derived[Organisation], error) {
		o, err := h.cfg.Directory.Organisation(ctx, c.Actor, in.ID)
		return &derived[Organisation]{etag(o.Version), organisationBody(o)}, err
	})
	register(h, api, operation{
		ID: "createOrganisation", Method: http.MethodPost, Path: "/organisations", Needs: signedIn, Action: access.OrganisationCreate, Creates: true,
		Summary: "A new organisation, without units", Status: http.StatusCreated,
	}, func(ctx context.Context, c caller, in *newOrganisationInput) (*derived[Organisation], error) {
		o, err := h.cfg.Directory.CreateOrganisation(ctx, c.Actor, organisation(in.Body))
		return &derived[Organisation]{etag(o.Version), organisationBody(o)}, err
	})
	register(h, api, operation{
		ID: "changeOrganisation", Method: http.MethodPut, Path: "/organisations/{id}", Needs: signedIn, Action: access.OrganisationWrite, IfMatch: true,
		Summary: "Change an organisation; its units stay",
	}, func(ctx context.Context, c caller, in *setOrganisationInput) (*derived[Organisation], error) {
		o := organisation(in.Body)
		o.ID, o.Version = in.ID, c.IfMatch
		o, err := h.cfg.Directory.UpdateOrganisation(ctx, c.Actor, o)
		return &derived[Organisation]{etag(o.Version), organisationBody(o)}, err
	})
	register(h, api, operation{
		ID: "createUnit", Method: http.MethodPost, Path: "/organisations/{id}/units", Needs: signedIn, Action: access.OrganisationWrite, Creates: true,
		Summary: "A new unit of an organisation", Status: http.StatusCreated,
	}, func(ctx context.Context, c caller, in *newUnitInput) (*versioned[Unit], error) {
		u, err := h.cfg.Directory.CreateUnit(ctx, c.Actor, unit(in.ID, in.Body))
		return atVersion(u.Version, unitBody(u)), err
	})
	register(h, api, operation{
		ID: "changeUnit", Method: http.MethodPut, Path: "/organisations/{id}/units/{unit}", Needs: signedIn, Action: access.OrganisationWrite, IfMatch: true,
		Summary: "Change a unit of an organisation",
	}, func(ctx context.Context, c caller, in *setUnitInput) (*versioned[Unit], error) {
		u := unit(in.ID, in.Body)
		u.ID, u.Version = in.Unit, c.IfMatch
		u, err := h.cfg.Directory.UpdateUnit(ctx, c.Actor, u)
		return atVersion(u.Version, unitBody(u)), err
	})
}

func (h *Handler) registerCommunities(api huma.API) {
	register(h, api, operation{
		ID: "listCommunities", Method: http.MethodGet, Path: "/communities", Needs: signedIn, Action: access.OrganisationRead,
		Summary: "The health communities that one may see, by name",
	}, func(ctx context.Context, c caller, in *struct{ Page }) (*communitiesAnswer, error) {
		page, err := in.page()
		if err != nil {
			return nil, err
		}
		found, next, err := h.cfg.Directory.Communities(ctx, c.Actor, page)
		if err != nil {
			return nil, err
		}
		return &communitiesAnswer{Communities{Items: each(found, communityBody), Next: nextCursor(next)}}, nil
	})
	register(h, api, operation{
		ID: "readCommunity", Method: http.MethodGet, Path: "/communities/{id}", Needs: signedIn, Action: access.OrganisationRead,
		Summary: "One health community",
	}, func(ctx context.Context, c caller, in *communityInput) (*versioned[Community], error) {
		m, err := h.cfg.Directory.Community(ctx, c.Actor, in.ID)
		return atVersion(m.Version, communityBody(m)), err
	})
	register(h, api, operation{
		ID: "createCommunity", Method: http.MethodPost, Path: "/communities", Needs: signedIn, Action: access.CommunityWrite, Creates: true,
		Summary: "A new health community", Status: http.StatusCreated,
	}, func(ctx context.Context, c caller, in *newCommunityInput) (*versioned[Community], error) {
		m, err := h.cfg.Directory.CreateCommunity(ctx, c.Actor, identity.Community{Name: in.Body.Name, Members: in.Body.Members})
		return atVersion(m.Version, communityBody(m)), err
	})
	register(h, api, operation{
		ID: "changeCommunity", Method: http.MethodPut, Path: "/communities/{id}", Needs: signedIn, Action: access.CommunityWrite, IfMatch: true,
		Summary: "Change a health community",
	}, func(ctx context.Context, c caller, in *setCommunityInput) (*versioned[Community], error) {
		m, err := h.cfg.Directory.UpdateCommunity(ctx, c.Actor, identity.Community{
			ID: in.ID, Version: c.IfMatch, Name: in.Body.Name, Members: in.Body.Members,
		})
		return atVersion(m.Version, communityBody(m)), err
	})
}

// page is what the domain is asked for.
func (p Page) page() (identity.Page, error) {
	after, err := p.parts(1)
	if err != nil || after == nil {
		return identity.Page{Limit: p.Limit}, err
	}
	return identity.Page{After: after[0], Limit: p.Limit}, nil
}

// nextCursor is a list's next after the id that its page ended with.
func nextCursor(after string) string {
	if after == "" {
		return ""
	}
	return cursor(after)
}

// each is a list in another form; never null.
func each[A, B any](list []A, form func(A) B) []B {
	out := make([]B, len(list))
	for i, v := range list {
		out[i] = form(v)
	}
	return out
}

func same[T any](v T) T { return v }

func organisation(b Organisation) identity.Organisation {
	return identity.Organisation{
		Kind: identity.OrganisationKind(b.Kind), Name: b.Name, Number: b.Number, Phone: b.Phone, Active: b.Active,
		Contacts: each(b.Contacts, func(c Contact) identity.Contact {
			return identity.Contact{For: identity.Matter(c.For), Name: c.Name, Phone: c.Phone, Email: c.Email}
		}),
	}
}

func organisationBody(o identity.Organisation) Organisation {
	return Organisation{
		ID: o.ID, Version: o.Version, Kind: OrganisationKind(o.Kind), Name: o.Name, Number: o.Number, Phone: o.Phone,
		Host: o.Host, Active: o.Active, Units: each(o.Units, unitBody),
		Contacts: each(o.Contacts, func(c identity.Contact) Contact {
			return Contact{For: string(c.For), Name: c.Name, Phone: c.Phone, Email: c.Email}
		}),
	}
}

func unit(of access.OrganisationID, b Unit) identity.Unit {
	return identity.Unit{Organisation: of, Name: b.Name, Phone: b.Phone, Active: b.Active, Contact: b.Contact, Deputy: b.Deputy}
}

func unitBody(u identity.Unit) Unit {
	return Unit{ID: u.ID, Version: u.Version, Name: u.Name, Phone: u.Phone, Active: u.Active, Contact: u.Contact, Deputy: u.Deputy}
}

func communityBody(c identity.Community) Community {
	return Community{ID: c.ID, Version: c.Version, Name: c.Name, Members: each(c.Members, same)}
}
