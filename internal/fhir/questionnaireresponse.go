package fhir

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

// QuestionnaireResponse is what a patient has answered. What is asked for and not begun is none yet. Its
// score is an Observation that is derived from it, so that there is one place to look for trends.
type QuestionnaireResponse struct {
	Header
	Identifier    *Identifier    `json:"identifier,omitempty"` // the sender's own
	Questionnaire string         `json:"questionnaire,omitempty"`
	Status        Code           `json:"status"`
	Subject       *Reference     `json:"subject,omitempty"`
	Authored      DateTime       `json:"authored,omitempty"`
	Author        *Reference     `json:"author,omitempty"` // who has written the answers down
	Source        *Reference     `json:"source,omitempty"` // who has answered
	Item          []ResponseItem `json:"item,omitempty"`
}

// ResponseItem is what was answered to one item.
type ResponseItem struct {
	LinkID string           `json:"linkId,omitempty"`
	Text   string           `json:"text,omitempty"` // of the questionnaire; of what is sent it is not looked at
	Answer []ResponseAnswer `json:"answer,omitempty"`
}

// ResponseAnswer is one answer: one of the three.
type ResponseAnswer struct {
	ValueInteger *int64  `json:"valueInteger,omitempty"`
	ValueString  string  `json:"valueString,omitempty"`
	ValueCoding  *Coding `json:"valueCoding,omitempty"`
}

func (h *Handler) questionnaireResponses() kind {
	return kind{
		name: "QuestionnaireResponse", profile: structureDefinition + "QuestionnaireResponse", see: access.QuestionnaireRead, change: access.QuestionnaireAnswer,
		read: h.readAnswers, search: h.searchAnswers, create: h.createAnswers, update: h.updateAnswers,
		params: []param{
			{name: "_id", sort: "token", doc: "the id, by itself"},
			{name: "patient", sort: "reference", doc: "whose; this, subject or patient.identifier is required", private: true},
			{name: "subject", sort: "reference", doc: "the same as patient", private: true},
			{name: "patient.identifier", sort: "token", doc: "system|number of an identity number, D-number or shared emergency number", private: true},
			{name: "questionnaire", sort: "reference", doc: "the canonical address of a Questionnaire, without its version", private: true},
			{name: "status", sort: "token", doc: "in-progress, completed, amended or entered-in-error", private: true},
			{name: "authored", sort: "date", doc: "when it was answered: ge and lt, or one of them, by day or moment", often: true, private: true},
		},
		notes: "What a patient has answered, the newest first. The score, where there is one, is an Observation with this in derivedFrom. What is created is answered whole (completed), " +
			"is of the version that is asked here, and has an identifier, by which it is kept once however often it is sent; a grave answer becomes somebody's work here as any other does. " +
			"An update amends it or says that it was entered in error, by who has sent it; what it was is kept.",
	}
}

// formID names a form by its patient too, with whom it is kept.
func formID(patient access.PersonID, id clinical.FormID) string {
	return string(patient) + "." + string(id)
}

func patientAndForm(id string) (access.PersonID, clinical.FormID) {
	patient, form, _ := strings.Cut(id, ".")
	return access.PersonID(patient), clinical.FormID(form)
}

// answersOf are a patient's that fit, the newest first.
func (h *Handler) answersOf(ctx context.Context, by access.Actor, patient access.PersonID, fits func(clinical.Form) bool) (out []*QuestionnaireResponse, err error) {
	all, err := h.cfg.Questions.Forms(ctx, by, patient)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		if f.Status != clinical.FormAsked && fits(f) {
			out = append(out, h.answersFrom(f))
		}
	}
	slices.SortStableFunc(out, func(a, b *QuestionnaireResponse) int {
		return Instant(b.Authored).time().Compare(Instant(a.Authored).time())
	})
	return out, nil
}

func (h *Handler) readAnswers(ctx context.Context, a *ask) (*answer, error) {
	patient, id := patientAndForm(a.id)
	all, err := h.answersOf(ctx, a.by, patient, func(f clinical.Form) bool { return f.ID == id })
	switch {
	case err != nil:
		return nil, err
	case len(all) == 0:
		return nil, clinical.ErrNotFound
	}
	version, _ := strconv.ParseInt(string(all[0].Meta.VersionID), 10, 64) // as header has written it
	return &answer{resource: all[0], version: version}, nil
}

func (h *Handler) searchAnswers(ctx context.Context, a *ask) (*answer, error) {
	if name := a.one("_id"); name != "" {
		if len(a.given) > 1 {
			return nil, faultAt(400, IssueNotSupported, "http._id", "must stand by itself")
		}
		patient, id := patientAndForm(name)
		all, err := h.answersOf(ctx, a.by, patient, func(f clinical.Form) bool { return f.ID == id })
		if err != nil {
			return nil, err
		}
		return found(h, a, all, ""), nil
	}
	status, err := a.formStatus()
	if err != nil {
		return nil, err
	}
	var of clinical.QuestionnaireID
	if name := a.one("questionnaire"); name != "" {
		q, ok := h.questionnaireNamed(name)
		if !ok {
			return nil, faultAt(400, IssueValue, "http.questionnaire", "must be the address of a Questionnaire that is here, without its version")
		}
		of = q.ID
	}
	from, until, err := a.span("authored", h.cfg.Zone)
	if err != nil {
		return nil, err
	}
	patient, err := h.searched(ctx, a)
	if err != nil {
		return nil, err
	}
	all, err := h.answersOf(ctx, a.by, patient, func(f clinical.Form) bool {
		at := authored(f)
		return (status == "" || f.Status == status) && (of == "" || f.Questionnaire == of) && !at.Before(from) && (until.IsZero() || at.Before(until))
	})
	if err != nil {
		return nil, err
	}
	return found(h, a, all, ""), nil
}

// formStatus is a criterion; empty: any.
func (a *ask) formStatus() (clinical.FormStatus, error) {
	text := a.one("status")
	if system, code, ok := strings.Cut(text, "|"); ok {
		if text = code; system != systemAnswersStatus {
			return "", faultAt(400, IssueValue, "http.status", "must be of "+systemAnswersStatus)
		}
	}
	switch s := clinical.FormStatus(text); {
	case a.one("status") == "", s == clinical.FormInProgress, s == clinical.FormCompleted, s == clinical.FormAmended, s == clinical.FormWrong:
		return s, nil
	}
	return "", faultAt(400, IssueValue, "http.status", "must be in-progress, completed, amended or entered-in-error")
}

func (h *Handler) questionnaireNamed(canonical string) (clinical.Questionnaire, bool) {
	all := h.cfg.Questions.Questionnaires()
	i := slices.IndexFunc(all, func(q clinical.Questionnaire) bool { return h.canonical(q) == canonical })
	if i < 0 {
		return clinical.Questionnaire{}, false
	}
	return all[i], true
}

// answersFrom is a form as a resource.
func (h *Handler) answersFrom(f clinical.Form) *QuestionnaireResponse {
	out := &QuestionnaireResponse{
		Header: header("QuestionnaireResponse", formID(f.Patient, f.ID), f.Version, structureDefinition+"QuestionnaireResponse"),
		Status: Code(f.Status), Subject: &Reference{Reference: spell("Patient", f.Patient)}, Authored: DateTime(preciseOf(authored(f))),
	}
	out.Meta.LastUpdated = preciseOf(f.Changed)
	if text, ok := strings.CutPrefix(f.Key, keyOfIdentifier); ok {
		system, value, _ := strings.Cut(text, "|")
		out.Identifier = &Identifier{System: system, Value: value}
	}
	if f.Author != nil {
		out.Author, out.Source = &performers(f.Patient, f.Author.Performer, "")[0], source(f.Patient, *f.Author)
	}
	all := h.cfg.Questions.Questionnaires()
	q := clinical.Questionnaire{ID: f.Questionnaire}
	if i := slices.IndexFunc(all, func(q clinical.Questionnaire) bool { return q.ID == f.Questionnaire }); i >= 0 {
		q = all[i]
	}
	out.Questionnaire = h.canonical(q) + "|" + f.Edition
	if q.Version != f.Edition {
		q.Items = nil // another version's words may say something else
	}
	for _, a := range f.Answers {
		item, _ := q.Item(a.Item)
		out.Item = append(out.Item, answeredItem(a, item))
	}
	return out
}

func answeredItem(a clinical.FormAnswer, item clinical.Item) ResponseItem {
	out := ResponseItem{LinkID: a.Item, Text: clinical.In(item.Words, usualLanguage)}
	switch {
	case a.Code != "":
		coding := Coding{Code: Code(a.Code)}
		for _, o := range item.Options {
			if o.Code == a.Code {
				coding.System, coding.Display = o.System, clinical.In(o.Words, usualLanguage)
			}
		}
		out.Answer = []ResponseAnswer{{ValueCoding: &coding}}
	case a.Number != nil:
		out.Answer = []ResponseAnswer{{ValueInteger: a.Number}}
	default:
		out.Answer = []ResponseAnswer{{ValueString: a.Text}}
	}
	return out
}

// authored is when the answers became what they are.
func authored(f clinical.Form) time.Time {
	if f.Status == clinical.FormCompleted {
		return f.Completed
	}
	return f.Changed
}

// source is who has answered: the patient, also in an interview and on another system.
func source(patient access.PersonID, a clinical.Author) *Reference {
	if a.As == clinical.OnBehalf {
		return &performers(patient, a.Performer, "")[0]
	}
	return &Reference{Reference: spell("Patient", patient)}
}

// sentAnswers is a response on its way in, as far as it has been understood.
type sentAnswers struct {
	in      QuestionnaireResponse
	patient access.PersonID
	form    clinical.SentForm
	at      []int // of each answer, the item that it stands in
}

// The domain's fields, where they stand in the resource.
var answersPlaces = []place{
	{field: "questionnaire", element: "QuestionnaireResponse.questionnaire"}, {field: "edition", element: "QuestionnaireResponse.questionnaire"},
	{field: "key", element: "QuestionnaireResponse.identifier"}, {field: "completed", element: "QuestionnaireResponse.authored"},
	{field: "answers", element: "QuestionnaireResponse.item", listed: true},
}

func (h *Handler) createAnswers(ctx context.Context, a *ask) (*answer, error) {
	s, err := h.takeAnswers(ctx, a)
	if err != nil {
		return nil, err
	}
	if s.in.Status != Code(clinical.FormCompleted) {
		return nil, broken("QuestionnaireResponse.status", "must be completed: a correction, or that it was wrong, is an update")
	}
	if s.form.Key == "" {
		return nil, faultAt(422, IssueRequired, "QuestionnaireResponse.identifier", "is required, the sender's own: by it what is sent twice is kept once")
	}
	f, known, err := h.cfg.Questions.Take(ctx, a.by, s.patient, s.form)
	if err != nil {
		return nil, s.placed(err)
	}
	return &answer{resource: h.answersFrom(f), version: f.Version, created: !known}, nil
}

func (h *Handler) updateAnswers(ctx context.Context, a *ask) (*answer, error) {
	s, err := h.takeAnswers(ctx, a)
	if err != nil {
		return nil, err
	}
	patient, id := patientAndForm(a.id)
	switch {
	case s.in.ID != ID(a.id):
		return nil, faultAt(400, IssueValue, "QuestionnaireResponse.id", "must be the id in the address")
	case s.patient != patient:
		return nil, broken("QuestionnaireResponse.subject", "must be the patient whose answers they are")
	}
	change := clinical.Answers{Answers: s.form.Answers, Complete: true}
	switch clinical.FormStatus(s.in.Status) {
	case clinical.FormAmended:
	case clinical.FormWrong:
		change = clinical.Answers{Wrong: true}
	default:
		return nil, broken("QuestionnaireResponse.status", "must be amended or entered-in-error")
	}
	before, err := h.cfg.Questions.Forms(ctx, a.by, patient)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(before, func(f clinical.Form) bool { return f.ID == id })
	switch {
	case i < 0:
		return nil, clinical.ErrNotFound
	case before[i].Status.Open():
		return nil, broken("QuestionnaireResponse.status", "is "+string(before[i].Status)+": it is completed where it was begun")
	case before[i].Questionnaire != s.form.Questionnaire:
		return nil, broken("QuestionnaireResponse.questionnaire", "must be the one that was answered")
	case s.form.Key != before[i].Key && s.form.Key != "":
		return nil, broken("QuestionnaireResponse.identifier", "must be the one that it was sent with")
	}
	kept, err := h.cfg.Questions.Save(ctx, a.by, patient, id, a.version, change)
	if err != nil {
		return nil, s.placed(err)
	}
	return &answer{resource: h.answersFrom(kept.Form), version: kept.Version}, nil
}

// takeAnswers reads a response and all that it says by itself, and finds whose it is.
func (h *Handler) takeAnswers(ctx context.Context, a *ask) (*sentAnswers, error) {
	s := &sentAnswers{}
	if err := read("QuestionnaireResponse", a.data, &s.in); err != nil {
		return nil, err
	}
	if err := s.understand(h.questionnaireNamed); err != nil {
		return nil, err
	}
	var err error
	if s.patient, err = h.subjects(a.by, "QuestionnaireResponse.subject")(ctx, s.in.Subject); err != nil {
		return nil, err
	}
	return s, s.comesOf(a.by)
}

// understand reads all that needs nobody to be asked.
func (s *sentAnswers) understand(named func(string) (clinical.Questionnaire, bool)) error {
	in := &s.in
	if in.Status == "" {
		return missing("QuestionnaireResponse.status")
	}
	if in.Questionnaire == "" {
		return missing("QuestionnaireResponse.questionnaire")
	}
	name, edition, _ := strings.Cut(in.Questionnaire, "|")
	q, ok := named(name)
	if !ok {
		return broken("QuestionnaireResponse.questionnaire", "must be the url of a Questionnaire that is here, with or without |version")
	}
	s.form.Questionnaire, s.form.Edition = q.ID, edition
	switch {
	case in.Authored == "":
		return missing("QuestionnaireResponse.authored")
	case Instant(in.Authored).rule() != "":
		return broken("QuestionnaireResponse.authored", ruleInstant+", with its zone")
	}
	s.form.Completed = Instant(in.Authored).time()
	if in.Identifier != nil {
		var err error
		if s.form.Key, err = senderKey(*in.Identifier, "QuestionnaireResponse.identifier"); err != nil {
			return err
		}
	}
	return s.answers(q)
}

// answers reads the items. One without an answer is one that was not answered.
func (s *sentAnswers) answers(q clinical.Questionnaire) error {
	for n, i := range s.in.Item {
		where := element("QuestionnaireResponse.item", n)
		if i.LinkID == "" {
			return missing(where + ".linkId")
		}
		if len(i.Answer) == 0 {
			continue
		}
		if len(i.Answer) > 1 {
			return broken(where+".answer", "must be one")
		}
		a, one := i.Answer[0], clinical.FormAnswer{Item: i.LinkID}
		given := 0
		if c := a.ValueCoding; c != nil {
			given++
			one.Code = string(c.Code)
			item, _ := q.Item(i.LinkID)
			at := slices.IndexFunc(item.Options, func(o clinical.Option) bool { return o.Code == one.Code })
			if at >= 0 && c.System != item.Options[at].System {
				return broken(where+".answer[0].valueCoding.system", "must be "+cmp.Or(item.Options[at].System, "left out, as the questionnaire has it"))
			}
		}
		if a.ValueInteger != nil {
			given, one.Number = given+1, a.ValueInteger
		}
		if a.ValueString != "" {
			given, one.Text = given+1, a.ValueString
		}
		if given != 1 {
			return broken(where+".answer[0]", "must be one of valueCoding, valueInteger and valueString")
		}
		s.form.Answers, s.at = append(s.form.Answers, one), append(s.at, n)
	}
	return nil
}

// comesOf checks who is said to have answered, and to have written it down.
func (s *sentAnswers) comesOf(by access.Actor) error {
	own := clinical.Performer{Person: by.Person, Role: by.Role, Organisation: by.Organisation}
	if r := s.in.Author; r != nil && !slices.ContainsFunc(performers(s.patient, own, ""), func(o Reference) bool { return o.Reference == r.Reference }) {
		return broken("QuestionnaireResponse.author", "must be who sends it (yourself, or your organisation), or left out")
	}
	want := spell("Patient", s.patient)
	if by.Role == access.Relative {
		want = performers(s.patient, own, "")[0].Reference
	}
	if r := s.in.Source; r != nil && r.Reference != want {
		return broken("QuestionnaireResponse.source", "must be "+want+", or left out")
	}
	return nil
}

// placed says of the domain's rule which element breaks it.
func (s *sentAnswers) placed(err error) error {
	at, ok := errors.AsType[*clinical.Invalid](err)
	if ok {
		if index, rest, ok := strings.Cut(strings.TrimPrefix(at.Field, "answers["), "]"); ok && index != at.Field {
			n, _ := strconv.Atoi(index)
			if n < len(s.at) {
				where := element("QuestionnaireResponse.item", s.at[n])
				switch rest {
				case ".item":
					where += ".linkId"
				case ".code":
					where += ".answer[0].valueCoding"
				case ".number":
					where += ".answer[0].valueInteger"
				case ".text":
					where += ".answer[0].valueString"
				}
				return broken(where, at.Rule)
			}
		}
	}
	return placed(err, answersPlaces)
}
