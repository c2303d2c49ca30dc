package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

type (
	newAskedInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body NewAsked
	}
	askedInput struct {
		ID    access.PersonID  `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Asked clinical.AskedID `path:"asked" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
)

// registerAsked adds values that patients are asked for.
func (h *Handler) registerAsked(api huma.API) {
	register(h, api, operation{
		ID: "listAsked", Method: http.MethodGet, Path: "/patients/{id}/asked", Needs: signedIn, Action: access.QuestionnaireRead,
		Summary: "What a patient is asked to measure; who answers in the patient's place sees what waits",
	}, func(ctx context.Context, c caller, in *patientInput) (*holding[AskedList], error) {
		all, err := h.cfg.Clinical.AskedOf(ctx, c.Actor, in.ID)
		return &holding[AskedList]{h.askedList(all)}, err
	})
	register(h, api, operation{
		ID: "askValues", Method: http.MethodPost, Path: "/patients/{id}/asked", Needs: signedIn, Action: access.QuestionnaireAsk, Creates: true, Status: http.StatusCreated,
		Summary: "Ask a patient to measure; what is asked for already is not asked for twice",
	}, func(ctx context.Context, c caller, in *newAskedInput) (*holding[AskedList], error) {
		n := clinical.NewAsked{Kinds: each(in.Body.Kinds, func(k string) clinical.KindID { return clinical.KindID(k) }), Consultation: in.Body.Consultation}
		if in.Body.DueAt != 0 {
			n.Due = time.UnixMilli(in.Body.DueAt).UTC()
		}
		all, err := h.cfg.Clinical.AskValues(ctx, c.Actor, in.ID, n)
		return &holding[AskedList]{h.askedList(all)}, err
	})
	register(h, api, operation{
		ID: "withdrawAsked", Method: http.MethodDelete, Path: "/patients/{id}/asked/{asked}", Needs: signedIn, Action: access.QuestionnaireAsk,
		Summary: "Take back what a patient is asked to measure",
	}, func(ctx context.Context, c caller, in *askedInput) (*holding[AskedValue], error) {
		a, err := h.cfg.Clinical.WithdrawValue(ctx, c.Actor, in.ID, in.Asked)
		return &holding[AskedValue]{askedBody(a)}, err
	})
}

func (h *Handler) askedList(all []clinical.AskedValue) AskedList {
	return AskedList{Items: each(all, askedBody), Now: h.cfg.Now().UnixMilli()}
}

func askedBody(a clinical.AskedValue) AskedValue {
	out := AskedValue{
		ID: string(a.ID), Kind: string(a.Kind), Consultation: a.Consultation, AskedAt: ms(a.Ask.At), AskedBy: a.Ask.By.Name, AskedRole: roleOrNone(a.Ask.By.Role),
		DueAt: ms(a.Ask.Due), Status: "open", AnsweredAt: ms(a.Answered),
	}
	switch {
	case a.Withdrawn != nil:
		out.Status, out.WithdrawnAt, out.WithdrawnBy = "withdrawn", ms(a.Withdrawn.At), a.Withdrawn.By.Name
	case !a.Answered.IsZero():
		out.Status = "answered"
	}
	return out
}
