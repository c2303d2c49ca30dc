package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

type (
	newWoundInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body NewWound
	}
	woundInput struct {
		ID    access.PersonID  `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Wound clinical.WoundID `path:"wound" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	changeWoundInput struct {
		ID    access.PersonID  `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Wound clinical.WoundID `path:"wound" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body  ChangeWound
	}
	newAssessmentInput struct {
		ID    access.PersonID  `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Wound clinical.WoundID `path:"wound" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body  NewAssessment
	}
	correctAssessmentInput struct {
		ID         access.PersonID       `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Wound      clinical.WoundID      `path:"wound" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Assessment clinical.AssessmentID `path:"assessment" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body       CorrectAssessment
	}
)

// registerWounds adds wounds and how they are over time.
func (h *Handler) registerWounds(api huma.API) {
	register(h, api, operation{
		ID: "listWounds", Method: http.MethodGet, Path: "/patients/{id}/wounds", Needs: signedIn, Action: access.WoundRead,
		Summary: "A patient's wounds with what is latest of each, and photos that belong to none yet; one look is recorded",
	}, func(ctx context.Context, c caller, in *patientInput) (*holding[PatientWounds], error) {
		all, err := h.cfg.Clinical.Wounds(ctx, c.Actor, in.ID)
		if err != nil {
			return nil, err
		}
		return &holding[PatientWounds]{PatientWounds{
			Items: each(all.All, woundBody), Loose: each(all.Loose, Photo), MayWrite: all.MayWrite, MaySend: all.MaySend, Now: h.cfg.Now().UnixMilli(),
		}}, nil
	})
	register(h, api, operation{
		ID: "addWound", Method: http.MethodPost, Path: "/patients/{id}/wounds", Needs: signedIn, Action: access.WoundWrite, Status: http.StatusCreated,
		Summary: "A wound to be followed; a key that is known is kept once",
	}, func(ctx context.Context, c caller, in *newWoundInput) (*versioned[Wound], error) {
		w, err := h.cfg.Clinical.AddWound(ctx, c.Actor, in.ID, clinical.NewWound{
			Key: in.Body.Key, Site: in.Body.Site, Side: clinical.BodySide(in.Body.Side), Since: moment(in.Body.Since),
		})
		return atVersion(w.Version, woundBody(w)), err
	})
	register(h, api, operation{
		ID: "changeWound", Method: http.MethodPut, Path: "/patients/{id}/wounds/{wound}", Needs: signedIn, Action: access.WoundWrite, IfMatch: true,
		Summary: "Say anew where a wound is, close it, open it again, or mark it as wrong; what it was stays beside",
	}, func(ctx context.Context, c caller, in *changeWoundInput) (*versioned[Wound], error) {
		w, err := h.cfg.Clinical.ChangeWound(ctx, c.Actor, in.ID, in.Wound, c.IfMatch, clinical.WoundChange{
			Site: in.Body.Site, Side: clinical.BodySide(in.Body.Side), Since: moment(in.Body.Since), Status: clinical.WoundStatus(in.Body.Status), Reason: in.Body.Reason,
		})
		return atVersion(w.Version, woundBody(w)), err
	})
	register(h, api, operation{
		ID: "readWound", Method: http.MethodGet, Path: "/patients/{id}/wounds/{wound}", Needs: signedIn, Action: access.WoundRead,
		Summary: "A wound over time: all photos and assessments, wrong ones too",
	}, func(ctx context.Context, c caller, in *woundInput) (*holding[WoundSeries], error) {
		w, err := h.cfg.Clinical.WoundSeries(ctx, c.Actor, in.ID, in.Wound)
		if err != nil {
			return nil, err
		}
		return &holding[WoundSeries]{WoundSeries{Wound: woundBody(w), Photos: each(w.AllPhotos, Photo), Assessments: each(w.AllAssessments, assessmentBody)}}, nil
	})
	register(h, api, operation{
		ID: "addAssessment", Method: http.MethodPost, Path: "/patients/{id}/wounds/{wound}/assessments", Needs: signedIn, Action: access.WoundWrite, Status: http.StatusCreated,
		Summary: "What was found at a wound; each number becomes a measurement too, and a key that is known is kept once",
	}, func(ctx context.Context, c caller, in *newAssessmentInput) (*versioned[Assessment], error) {
		a, err := h.cfg.Clinical.Assess(ctx, c.Actor, in.ID, in.Wound, clinical.NewAssessment{
			Key: in.Body.Key, Consultation: in.Body.Consultation, Found: found(in.Body.AssessmentContent),
		})
		return atVersion(a.Version, assessmentBody(a)), err
	})
	register(h, api, operation{
		ID: "correctAssessment", Method: http.MethodPost, Path: "/patients/{id}/wounds/{wound}/assessments/{assessment}/correction", Needs: signedIn, Action: access.WoundWrite,
		Summary: "Correct an assessment, or mark it as wrong; what it was stays beside",
	}, func(ctx context.Context, c caller, in *correctAssessmentInput) (*versioned[Assessment], error) {
		edit := clinical.AssessmentEdit{Wrong: in.Body.Wrong, Reason: in.Body.Reason}
		switch {
		case in.Body.Content != nil:
			edit.Found = found(*in.Body.Content)
		case !in.Body.Wrong:
			return nil, invalid("content", "is required where the assessment is not wrong")
		}
		a, err := h.cfg.Clinical.CorrectAssessment(ctx, c.Actor, in.ID, in.Wound, in.Assessment, in.Body.Version, edit)
		return atVersion(a.Version, assessmentBody(a)), err
	})
}

func woundBody(v clinical.WoundView) Wound {
	out := Wound{
		ID: string(v.ID), Version: v.Version, Status: string(v.Status), Site: v.Site, Side: string(v.Side), Since: ms(v.Since), ClosedAt: ms(v.Closed),
		Made: ms(v.Made), By: v.By.Name, Role: roleOrNone(v.By.Role), Photos: v.Photos, Assessments: v.Assessed, Corrected: corrected(v.Correction),
	}
	for to, a := range map[**Assessment]*clinical.Assessment{&out.Latest: v.Latest, &out.Before: v.Before} {
		if a != nil {
			body := assessmentBody(*a)
			*to = &body
		}
	}
	for to, p := range map[**protocol.Photo]*clinical.Photo{&out.Photo: v.Photo, &out.PhotoBefore: v.PhotoBefore} {
		if p != nil {
			body := Photo(*p)
			*to = &body
		}
	}
	return out
}

func corrected(c *clinical.Correction) *protocol.Corrected {
	if c == nil {
		return nil
	}
	return &protocol.Corrected{By: c.By.Name, Role: roleOrNone(c.By.Role), At: ms(c.At), Reason: c.Reason}
}

func assessmentBody(a clinical.Assessment) Assessment {
	f := a.Found
	out := Assessment{
		ID: string(a.ID), Version: a.Version, Status: string(a.Status), Consultation: a.Consultation, Photo: string(f.Photo), At: ms(f.At), ReceivedAt: ms(a.Received),
		Length: f.Length, Width: f.Width, Depth: f.Depth, Area: f.Area, AreaMethod: string(f.Method),
		Infection: each(f.Infection, func(s clinical.InfectionSign) string { return string(s) }),
		Moisture:  f.Moisture, Edge: f.Edge, Skin: f.Skin, Pain: f.Pain, Dressing: f.Dressing, Note: f.Note,
		By: a.By.Name, Role: roleOrNone(a.By.Role), Corrected: corrected(a.Correction),
	}
	if f.Tissue != nil {
		tissue := Tissue(*f.Tissue)
		out.Tissue = &tissue
	}
	return out
}

// found is a body as what was found.
func found(b AssessmentContent) clinical.Found {
	out := clinical.Found{
		At: moment(b.At), Photo: clinical.PhotoID(b.Photo), Length: b.Length, Width: b.Width, Depth: b.Depth, Area: b.Area, Method: clinical.AreaMethod(b.AreaMethod),
		Moisture: b.Moisture, Edge: b.Edge, Skin: b.Skin, Pain: b.Pain, Dressing: b.Dressing, Note: b.Note,
	}
	for _, s := range b.Infection {
		out.Infection = append(out.Infection, clinical.InfectionSign(s))
	}
	if b.Tissue != nil {
		tissue := clinical.Tissue(*b.Tissue)
		out.Tissue = &tissue
	}
	return out
}
