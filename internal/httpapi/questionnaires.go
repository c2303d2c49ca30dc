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
	questionnairesInput struct {
		Language string `query:"language" enum:"nn,nb,en" default:"nn"`
	}
	newFormInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body NewForm
	}
	formInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Form clinical.FormID `path:"form" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	saveFormInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Form clinical.FormID `path:"form" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body SaveForm
	}
	acknowledgeInput struct {
		Work clinical.WorkID `path:"work" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body Acknowledge
	}
)

// registerQuestionnaires adds what patients are asked, and the work that comes of the answers.
func (h *Handler) registerQuestionnaires(api huma.API) {
	register(h, api, operation{
		ID: "listQuestionnaires", Method: http.MethodGet, Path: "/questionnaires", Needs: signedIn, Summary: "What can be asked, with its questions in one language",
	}, func(_ context.Context, _ caller, in *questionnairesInput) (*holding[QuestionnaireList], error) {
		return &holding[QuestionnaireList]{QuestionnaireList{Items: each(h.cfg.Questions.Questionnaires(), func(q clinical.Questionnaire) Questionnaire {
			return questionnaire(q, in.Language)
		})}}, nil
	})
	register(h, api, operation{
		ID: "listForms", Method: http.MethodGet, Path: "/patients/{id}/forms", Needs: signedIn, Action: access.QuestionnaireRead,
		Summary: "What a patient is asked and has answered, with scores; who answers in the patient's place sees what waits and what is their own",
	}, func(ctx context.Context, c caller, in *patientInput) (*holding[FormList], error) {
		all, err := h.cfg.Questions.Forms(ctx, c.Actor, in.ID)
		return &holding[FormList]{FormList{Items: each(all, formBody)}}, err
	})
	register(h, api, operation{
		ID: "readFormHistory", Method: http.MethodGet, Path: "/patients/{id}/forms/{form}", Needs: signedIn, Action: access.QuestionnaireRead,
		Summary: "A form in all of its versions from when it was completed, the latest last",
	}, func(ctx context.Context, c caller, in *formInput) (*holding[FormList], error) {
		all, err := h.cfg.Questions.History(ctx, c.Actor, in.ID, in.Form)
		return &holding[FormList]{FormList{Items: each(all, formBody)}}, err
	})
	register(h, api, operation{
		ID: "askForm", Method: http.MethodPost, Path: "/patients/{id}/forms/ask", Needs: signedIn, Action: access.QuestionnaireAsk, Creates: true, Status: http.StatusCreated,
		Summary: "Ask a patient for answers; what is asked for already is not asked for twice",
	}, func(ctx context.Context, c caller, in *newFormInput) (*versioned[Form], error) {
		f, err := h.cfg.Questions.Ask(ctx, c.Actor, in.ID, newForm(in.Body))
		return atVersion(f.Version, formBody(f)), err
	})
	register(h, api, operation{
		ID: "beginForm", Method: http.MethodPost, Path: "/patients/{id}/forms", Needs: signedIn, Action: access.QuestionnaireAnswer, Creates: true, Status: http.StatusCreated,
		Summary: "Begin a questionnaire that nobody has asked for",
	}, func(ctx context.Context, c caller, in *newFormInput) (*versioned[Form], error) {
		f, err := h.cfg.Questions.Begin(ctx, c.Actor, in.ID, newForm(in.Body))
		return atVersion(f.Version, formBody(f)), err
	})
	register(h, api, operation{
		ID: "saveForm", Method: http.MethodPut, Path: "/patients/{id}/forms/{form}", Needs: signedIn, Action: access.QuestionnaireAnswer, IfMatch: true, Body: 1 << 20,
		Summary: "Keep answers as far as they have come, complete them, or amend what was completed; help says whom to ring where an answer is grave",
	}, func(ctx context.Context, c caller, in *saveFormInput) (*versioned[Form], error) {
		a, err := h.cfg.Questions.Save(ctx, c.Actor, in.ID, in.Form, c.IfMatch, clinical.Answers{
			Answers:  each(in.Body.Answers, func(a FormAnswer) clinical.FormAnswer { return clinical.FormAnswer(a) }),
			Complete: in.Body.Complete, Wrong: in.Body.Wrong, Reason: in.Body.Reason,
		})
		out := formBody(a.Form)
		if a.Help != nil {
			out.Help = helpLines(*a.Help)
		}
		return atVersion(a.Version, out), err
	})
	register(h, api, operation{
		ID: "listWork", Method: http.MethodGet, Path: "/work", Needs: signedIn, Action: access.WorkRead,
		Summary: "What waits for the clinicians of one's organisation; each patient in it has been seen",
	}, func(ctx context.Context, c caller, _ *struct{}) (*holding[WorkList], error) {
		all, err := h.cfg.Questions.WorkList(ctx, c.Actor)
		return &holding[WorkList]{WorkList{Items: each(all, workItem)}}, err
	})
	register(h, api, operation{
		ID: "acknowledgeWork", Method: http.MethodPost, Path: "/work/{work}/acknowledge", Needs: signedIn, Action: access.WorkAcknowledge,
		Summary: "Say by name that one sees to it; who comes second is told who was first",
	}, func(ctx context.Context, c caller, in *acknowledgeInput) (*holding[WorkAcknowledged], error) {
		w, first, err := h.cfg.Questions.Acknowledge(ctx, c.Actor, in.Work, in.Body.Words)
		return &holding[WorkAcknowledged]{WorkAcknowledged{Already: !first, Item: workItem(w)}}, err
	})
}

func questionnaire(q clinical.Questionnaire, language string) Questionnaire {
	return Questionnaire{
		ID: string(q.ID), Version: q.Version, Title: clinical.In(q.Title, language), Copyright: q.Copyright,
		Items: each(q.Items, func(i clinical.Item) QuestionnaireItem {
			return QuestionnaireItem{
				ID: i.ID, Prefix: i.Prefix, Type: string(i.Type), Text: clinical.In(i.Words, language), Required: i.Required,
				Least: i.Least, Most: i.Most, MaxLength: i.MaxLength,
				Options: each(i.Options, func(o clinical.Option) QuestionnaireOption {
					return QuestionnaireOption{Code: o.Code, Text: clinical.In(o.Words, language), Alarm: q.Alarming(i.ID, o.Code)}
				}),
			}
		}),
	}
}

func newForm(b NewForm) clinical.NewForm {
	n := clinical.NewForm{Questionnaire: clinical.QuestionnaireID(b.Questionnaire), Consultation: b.Consultation}
	if b.DueAt != 0 {
		n.Due = time.UnixMilli(b.DueAt).UTC()
	}
	return n
}

func formBody(f clinical.Form) Form {
	out := Form{
		ID: string(f.ID), Version: f.Version, Questionnaire: string(f.Questionnaire), Edition: f.Edition, Status: string(f.Status),
		MadeAt: ms(f.Made), ChangedAt: ms(f.Changed), CompletedAt: ms(f.Completed), Consultation: f.Consultation, Alarm: f.Alarm, Reason: f.Reason,
		Answers: each(f.Answers, func(a clinical.FormAnswer) FormAnswer { return FormAnswer(a) }), Help: []HelpLine{},
	}
	if a := f.Asked; a != nil {
		out.AskedBy, out.AskedRole, out.DueAt = a.By.Name, roleOrNone(a.By.Role), ms(a.Due)
	}
	if a := f.Author; a != nil {
		out.Author, out.AuthorRole, out.As = a.Name, roleOrNone(a.Role), string(a.As)
	}
	if s := f.Score; s != nil {
		out.Score = &FormScore{Kind: string(s.Kind), Value: s.Value, Band: string(s.Band), Missing: each(s.Missing, same)}
	}
	return out
}

// helpLines are whom to ring, the nearest to life first: 113 where life is in danger, 116 117
// (legevakt), and the patient's own contact where it has a number.
func helpLines(h clinical.Help) []HelpLine {
	out := []HelpLine{{ID: "emergency", Phone: "113"}, {ID: "urgent-care", Phone: "116117"}}
	if h.Phone != "" {
		out = append(out, HelpLine{ID: "own", Name: h.Name, Phone: h.Phone})
	}
	return out
}

func workItem(w clinical.WorkLine) WorkItem {
	out := WorkItem{
		ID: string(w.ID), Kind: string(w.Kind), Patient: w.Patient, PatientName: w.PatientName, MadeAt: ms(w.Made),
		Questionnaire: string(w.Why.Questionnaire), Form: string(w.Why.Form), Item: w.Why.Item, Points: w.Why.Points,
	}
	if a := w.Acknowledged; a != nil {
		out.AcknowledgedAt, out.AcknowledgedBy, out.AcknowledgedRole, out.Words = ms(a.At), a.By.Name, roleOrNone(a.By.Role), a.Words
	}
	return out
}
