package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

type (
	staffQuery struct {
		Organisation access.OrganisationID `query:"organisation" doc:"whose; none: the own organisation's" maxLength:"64" pattern:"^[A-Za-z0-9_-]*$" patternDescription:"an id, or empty"`
		Page
	}
	staffInput struct {
		ID access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	newStaffInput struct{ Body Staff }
	setStaffInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body Staff
	}
	staffAnswer struct{ Body StaffList }
)

func (h *Handler) registerStaff(api huma.API) {
	register(h, api, operation{
		ID: "listStaff", Method: http.MethodGet, Path: "/staff", Needs: signedIn, Action: access.StaffRead, Machines: true,
		Summary: "Who works in an organisation, did or will, by name",
	}, func(ctx context.Context, c caller, in *staffQuery) (*staffAnswer, error) {
		page, err := in.page()
		if err != nil {
			return nil, err
		}
		of := in.Organisation
		if of == "" {
			of = c.Actor.Organisation
		}
		found, next, err := h.cfg.Directory.StaffOf(ctx, c.Actor, of, page)
		if err != nil {
			return nil, err
		}
		items, err := h.staffBodies(ctx, found)
		return &staffAnswer{StaffList{Items: items, Next: nextCursor(next)}}, err
	})
	register(h, api, operation{
		ID: "readStaff", Method: http.MethodGet, Path: "/staff/{id}", Needs: signedIn, Action: access.StaffRead, Machines: true,
		Summary: "A member of staff, with the roles that one may see",
	}, func(ctx context.Context, c caller, in *staffInput) (*derived[Staff], error) {
		m, err := h.cfg.Directory.Staff(ctx, c.Actor, in.ID)
		return h.staffAnswer(ctx, m, err)
	})
	register(h, api, operation{
		ID: "createStaff", Method: http.MethodPost, Path: "/staff", Needs: signedIn, Action: access.StaffWrite, Creates: true,
		Summary: "A new member of staff", Status: http.StatusCreated,
	}, func(ctx context.Context, c caller, in *newStaffInput) (*derived[Staff], error) {
		m, err := h.cfg.Directory.CreateStaff(ctx, c.Actor, staff(in.Body))
		return h.staffAnswer(ctx, m, err)
	})
	register(h, api, operation{
		ID: "changeStaff", Method: http.MethodPut, Path: "/staff/{id}", Needs: signedIn, Action: access.StaffWrite, IfMatch: true,
		Summary: "Change a member of staff; roles that one may not write stay, and lost ones end their sessions",
	}, func(ctx context.Context, c caller, in *setStaffInput) (*derived[Staff], error) {
		m := staff(in.Body)
		m.ID, m.Version = in.ID, c.IfMatch
		m, err := h.cfg.Directory.UpdateStaff(ctx, c.Actor, m)
		return h.staffAnswer(ctx, m, err)
	})
}

func (h *Handler) staffAnswer(ctx context.Context, m identity.Staff, err error) (*derived[Staff], error) {
	if err != nil {
		return nil, err
	}
	bodies, err := h.staffBodies(ctx, []identity.Staff{m})
	if err != nil {
		return nil, err
	}
	return &derived[Staff]{etag(m.Version), bodies[0]}, nil
}

// staffBodies adds how far each one's account has come.
func (h *Handler) staffBodies(ctx context.Context, all []identity.Staff) ([]Staff, error) {
	states, err := h.cfg.Gate.AccountStates(ctx, each(all, func(m identity.Staff) access.PersonID { return m.ID }))
	if err != nil {
		return nil, err
	}
	return each(all, func(m identity.Staff) Staff {
		return Staff{
			ID: m.ID, Version: m.Version, Name: m.Name, Email: m.Email, Phone: m.Phone, HPR: m.HPR, Language: Language(m.Language),
			Assignments: each(m.Assignments, assignmentBody), Account: AccountState(states[m.ID]), Warnings: each(m.Warnings(), warningBody),
		}
	}), nil
}

func assignmentBody(a identity.Assignment) Assignment {
	return Assignment{
		ID: a.ID, Organisation: a.Organisation, Unit: a.Unit, Role: a.Role, Title: a.Title, Competence: a.Competence,
		From: string(a.From), Until: string(a.Until),
	}
}

func warningBody(w identity.Warning) Warning { return Warning{Field: w.Field, Rule: w.Rule} }

func staff(b Staff) identity.Staff {
	return identity.Staff{
		Person: identity.Person{Name: b.Name, Email: b.Email, Phone: b.Phone, HPR: b.HPR, Language: string(b.Language)},
		Assignments: each(b.Assignments, func(a Assignment) identity.Assignment {
			return identity.Assignment{
				ID: a.ID, Organisation: a.Organisation, Unit: a.Unit, Role: a.Role, Title: a.Title, Competence: a.Competence,
				From: identity.Day(a.From), Until: identity.Day(a.Until),
			}
		}),
	}
}
