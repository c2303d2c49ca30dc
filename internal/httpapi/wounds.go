package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
)

type (
	newWoundInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body NewWound
	}
	woundInput struct {
		ID    access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Wound string          `path:"wound" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	changeWoundInput struct {
		ID    access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Wound string          `path:"wound" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body  ChangeWound
	}
	newAssessmentInput struct {
		ID    access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Wound string          `path:"wound" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body  NewAssessment
	}
	correctAssessmentInput struct {
		ID         access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Wound      string          `path:"wound" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Assessment string          `path:"assessment" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body       CorrectAssessment
	}
)

// registerWounds adds wounds and how they are over time.
func (h *Handler) registerWounds(api huma.API) {
	register(h, api, operation{
		ID: "listWounds", Method: http.MethodGet, Path: "/patients/{id}/wounds", Needs: signedIn, Action: access.WoundRead,
		Summary: "A patient's wounds with what is latest of each, and photos that belong to none yet; one look is recorded",
	}, func(ctx context.Context, c caller, in *patientInput) (*holding[PatientWounds], error) {
		return nil, errComing
	})
	register(h, api, operation{
		ID: "addWound", Method: http.MethodPost, Path: "/patients/{id}/wounds", Needs: signedIn, Action: access.WoundWrite, Status: http.StatusCreated,
		Summary: "A wound to be followed; a key that is known is kept once",
	}, func(ctx context.Context, c caller, in *newWoundInput) (*versioned[Wound], error) {
		return nil, errComing
	})
	register(h, api, operation{
		ID: "changeWound", Method: http.MethodPut, Path: "/patients/{id}/wounds/{wound}", Needs: signedIn, Action: access.WoundWrite, IfMatch: true,
		Summary: "Say anew where a wound is, close it, open it again, or mark it as wrong; what it was stays beside",
	}, func(ctx context.Context, c caller, in *changeWoundInput) (*versioned[Wound], error) {
		return nil, errComing
	})
	register(h, api, operation{
		ID: "readWound", Method: http.MethodGet, Path: "/patients/{id}/wounds/{wound}", Needs: signedIn, Action: access.WoundRead,
		Summary: "A wound over time: all photos and assessments, wrong ones too",
	}, func(ctx context.Context, c caller, in *woundInput) (*holding[WoundSeries], error) {
		return nil, errComing
	})
	register(h, api, operation{
		ID: "addAssessment", Method: http.MethodPost, Path: "/patients/{id}/wounds/{wound}/assessments", Needs: signedIn, Action: access.WoundWrite, Status: http.StatusCreated,
		Summary: "What was found at a wound; each number becomes a measurement too, and a key that is known is kept once",
	}, func(ctx context.Context, c caller, in *newAssessmentInput) (*versioned[Assessment], error) {
		return nil, errComing
	})
	register(h, api, operation{
		ID: "correctAssessment", Method: http.MethodPost, Path: "/patients/{id}/wounds/{wound}/assessments/{assessment}/correction", Needs: signedIn, Action: access.WoundWrite,
		Summary: "Correct an assessment, or mark it as wrong; what it was stays beside",
	}, func(ctx context.Context, c caller, in *correctAssessmentInput) (*versioned[Assessment], error) {
		return nil, errComing
	})
}

// errComing answers while the service behind is being built.
var errComing = &Problem{Status: http.StatusServiceUnavailable, Code: ProblemBusy, Title: "is being built", RetryAfter: 60000}
