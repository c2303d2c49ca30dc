package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

type (
	newInterpreterInput struct{ Body Interpreter }
	setInterpreterInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body Interpreter
	}
	interpretersAnswer struct{ Body Interpreters }
)

// registerInterpreters adds who interprets. Who books invites them, and looks after them.
func (h *Handler) registerInterpreters(api huma.API) {
	register(h, api, operation{
		ID: "listInterpreters", Method: http.MethodGet, Path: "/interpreters", Needs: signedIn, Action: access.ConsultationBook,
		Summary: "Who interprets for the own organisation, by name",
	}, func(ctx context.Context, c caller, in *struct{ Page }) (*interpretersAnswer, error) {
		page, err := in.page()
		if err != nil {
			return nil, err
		}
		found, next, err := h.cfg.Directory.Interpreters(ctx, c.Actor, c.Actor.Organisation, page)
		if err != nil {
			return nil, err
		}
		return &interpretersAnswer{Interpreters{Items: each(found, interpreterBody), Next: nextCursor(next)}}, nil
	})
	register(h, api, operation{
		ID: "createInterpreter", Method: http.MethodPost, Path: "/interpreters", Needs: signedIn, Action: access.ConsultationBook, Creates: true,
		Summary: "Somebody new who interprets for the own organisation", Status: http.StatusCreated,
	}, func(ctx context.Context, c caller, in *newInterpreterInput) (*versioned[Interpreter], error) {
		i := interpreter(in.Body)
		i.Organisation = c.Actor.Organisation
		i, err := h.cfg.Directory.CreateInterpreter(ctx, c.Actor, i)
		return atVersion(i.Version, interpreterBody(i)), err
	})
	register(h, api, operation{
		ID: "changeInterpreter", Method: http.MethodPut, Path: "/interpreters/{id}", Needs: signedIn, Action: access.ConsultationBook, IfMatch: true,
		Summary: "Change somebody who interprets for the own organisation",
	}, func(ctx context.Context, c caller, in *setInterpreterInput) (*versioned[Interpreter], error) {
		i := interpreter(in.Body)
		i.ID, i.Version = in.ID, c.IfMatch
		i, err := h.cfg.Directory.UpdateInterpreter(ctx, c.Actor, i)
		return atVersion(i.Version, interpreterBody(i)), err
	})
}

func interpreter(b Interpreter) identity.Interpreter {
	return identity.Interpreter{
		Person: identity.Person{Name: b.Name, Phone: b.Phone, Email: b.Email, Language: string(b.Language)}, Speaks: b.Speaks, Active: b.Active,
	}
}

func interpreterBody(i identity.Interpreter) Interpreter {
	return Interpreter{
		ID: i.ID, Version: i.Version, Name: i.Name, Phone: i.Phone, Email: i.Email, Language: Language(i.Language),
		Speaks: each(i.Speaks, same), Active: i.Active,
	}
}
