package fhir

import (
	"context"
	"maps"
	"slices"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

// Questions keeps what patients are asked and have answered: clinical.Questions.
type Questions interface {
	Questionnaires() []clinical.Questionnaire
	Forms(ctx context.Context, by access.Actor, patient access.PersonID) ([]clinical.Form, error)
	Take(ctx context.Context, by access.Actor, patient access.PersonID, in clinical.SentForm) (f clinical.Form, known bool, err error)
	Save(ctx context.Context, by access.Actor, patient access.PersonID, id clinical.FormID, version int64, a clinical.Answers) (clinical.Answered, error)
}

// Questionnaire is one that can be asked here, in the version that is asked now. It is read, and not written:
// they come with the program, and from a folder of the operator's.
type Questionnaire struct {
	Header
	URL         string              `json:"url"`
	Version     string              `json:"version"`
	Title       string              `json:"title"`
	TitleMore   *Translations       `json:"_title,omitempty"`
	Status      Code                `json:"status"`
	SubjectType []Code              `json:"subjectType"`
	Copyright   string              `json:"copyright,omitempty"`
	Item        []QuestionnaireItem `json:"item"`
}

// QuestionnaireItem is a question, or words between them.
type QuestionnaireItem struct {
	Extension    []ItemExtension `json:"extension,omitempty"` // the least and the most of a number
	LinkID       string          `json:"linkId"`
	Prefix       string          `json:"prefix,omitempty"`
	Text         string          `json:"text"`
	TextMore     *Translations   `json:"_text,omitempty"`
	Type         Code            `json:"type"`
	Required     bool            `json:"required,omitempty"`
	MaxLength    int             `json:"maxLength,omitempty"`
	AnswerOption []AnswerOption  `json:"answerOption,omitempty"`
}

// AnswerOption is one of several answers, with what it counts.
type AnswerOption struct {
	Extension   []ItemExtension `json:"extension,omitempty"` // the ordinal value
	ValueCoding OptionCoding    `json:"valueCoding"`
}

// OptionCoding is an answer's code, with its words in every language that there are.
type OptionCoding struct {
	System      string        `json:"system,omitempty"`
	Code        Code          `json:"code"`
	Display     string        `json:"display"`
	DisplayMore *Translations `json:"_display,omitempty"`
}

// ItemExtension is a number that R4 has an extension for.
type ItemExtension struct {
	URL          string   `json:"url"`
	ValueInteger *int64   `json:"valueInteger,omitempty"`
	ValueDecimal *Decimal `json:"valueDecimal,omitempty"`
}

// Translations are a text in other languages (R4 §2.5.3, the extension translation).
type Translations struct {
	Extension []Translation `json:"extension"`
}

// Translation is one of them.
type Translation struct {
	URL       string            `json:"url"`
	Extension []TranslationPart `json:"extension"`
}

// TranslationPart is its language or its words.
type TranslationPart struct {
	URL         string `json:"url"`
	ValueCode   Code   `json:"valueCode,omitempty"`
	ValueString string `json:"valueString,omitempty"`
}

func (h *Handler) questionnaires() kind {
	return kind{
		name: "Questionnaire", see: access.QuestionnaireRead, read: h.readQuestionnaire, search: h.searchQuestionnaires,
		params: []param{
			{name: "_id", sort: "token", doc: "the id"},
			{name: "url", sort: "uri", doc: "what a QuestionnaireResponse names it by, without its version"},
		},
		notes: "What patients can be asked here, each in the version that is asked now. Texts are in bokmål where they are in it at all; what they are in other languages stands beside them as extensions. There is nothing of any patient in it: whoever is signed in reads it.",
	}
}

func (h *Handler) readQuestionnaire(_ context.Context, a *ask) (*answer, error) {
	for _, q := range h.cfg.Questions.Questionnaires() {
		if string(q.ID) == a.id {
			return &answer{resource: h.questionnaire(q)}, nil
		}
	}
	return nil, clinical.ErrNotFound
}

func (h *Handler) searchQuestionnaires(_ context.Context, a *ask) (*answer, error) {
	id, url := a.one("_id"), a.one("url")
	var out []*Questionnaire
	for _, q := range h.cfg.Questions.Questionnaires() {
		if (id == "" || string(q.ID) == id) && (url == "" || h.canonical(q) == url) {
			out = append(out, h.questionnaire(q))
		}
	}
	return found(h, a, out, ""), nil
}

// canonical is what a questionnaire is called in every system: where its file names nothing, its
// address here.
func (h *Handler) canonical(q clinical.Questionnaire) string {
	if q.URL != "" {
		return q.URL
	}
	return h.address("Questionnaire", ID(q.ID))
}

func (h *Handler) questionnaire(q clinical.Questionnaire) *Questionnaire {
	out := &Questionnaire{
		Header: header("Questionnaire", string(q.ID), 0, ""), URL: h.canonical(q), Version: q.Version, Status: "active", SubjectType: []Code{"Patient"}, Copyright: q.Copyright,
	}
	language := usualLanguage
	if words := q.Items[0].Words; words[language] == "" { // one of the operator's own may be in any
		language = slices.Sorted(maps.Keys(words))[0]
	}
	out.Title, out.TitleMore = translated(q.Title, language)
	for _, i := range q.Items {
		out.Item = append(out.Item, questionnaireItem(i, language))
	}
	return out
}

func questionnaireItem(i clinical.Item, language string) QuestionnaireItem {
	out := QuestionnaireItem{LinkID: i.ID, Prefix: i.Prefix, Type: Code(i.Type), Required: i.Required}
	out.Text, out.TextMore = translated(i.Words, language)
	switch i.Type {
	case clinical.Whole:
		for _, end := range []struct {
			name string
			at   int64
		}{{"minValue", i.Least}, {"maxValue", i.Most}} {
			if int64(int32(end.at)) == end.at { // R4's integer has 32 bits: beyond it there is no bound
				out.Extension = append(out.Extension, ItemExtension{URL: structureDefinition + end.name, ValueInteger: &end.at})
			}
		}
	case clinical.Text80, clinical.Prose:
		out.MaxLength = i.MaxLength
	}
	for _, o := range i.Options {
		one := AnswerOption{ValueCoding: OptionCoding{System: o.System, Code: Code(o.Code)}}
		one.ValueCoding.Display, one.ValueCoding.DisplayMore = translated(o.Words, language)
		if o.Score != nil {
			score := Decimal(*o.Score)
			one.Extension = []ItemExtension{{URL: structureDefinition + "ordinalValue", ValueDecimal: &score}}
		}
		out.AnswerOption = append(out.AnswerOption, one)
	}
	return out
}

// translated is a text in a language, or in another that it is in, and what it is in the others.
func translated(words map[string]string, language string) (string, *Translations) {
	text := clinical.In(words, language)
	var more Translations
	for _, other := range slices.Sorted(maps.Keys(words)) {
		if words[other] != text {
			more.Extension = append(more.Extension, Translation{structureDefinition + "translation", []TranslationPart{
				{URL: "lang", ValueCode: Code(other)}, {URL: "content", ValueString: words[other]},
			}})
		}
	}
	if more.Extension == nil {
		return text, nil
	}
	return text, &more
}
