package clinical

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Of a questionnaire's file.
const (
	maxQuestionnaire = 512 << 10 // bytes
	maxItems         = 100
	maxOptions       = 30
	maxItemText      = 2000 // characters
	maxAnswerText    = 4000 // characters, where the questionnaire says no less
)

// The extensions that are read; FHIR R4 §2.4 lets a reader leave out others.
const (
	extensionTranslation = "http://hl7.org/fhir/StructureDefinition/translation"
	extensionOrdinal     = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
	extensionMin         = "http://hl7.org/fhir/StructureDefinition/minValue"
	extensionMax         = "http://hl7.org/fhir/StructureDefinition/maxValue"
)

// fhirQuestionnaire is FHIR R4's resource, as far as it is understood. An element that is not
// named here is refused: what is not understood, such as enableWhen, would be asked wrongly.
type fhirQuestionnaire struct {
	ResourceType string          `json:"resourceType"`
	ID           string          `json:"id"`
	Meta         json.RawMessage `json:"meta"`
	Language     string          `json:"language"`
	Text         json.RawMessage `json:"text"` // the narrative: items are what counts
	URL          string          `json:"url"`
	Identifier   json.RawMessage `json:"identifier"`
	Version      string          `json:"version"`
	Name         string          `json:"name"`
	Title        string          `json:"title"`
	TitleMore    fhirElement     `json:"_title"`
	Status       string          `json:"status"`
	Experimental bool            `json:"experimental"`
	SubjectType  []string        `json:"subjectType"`
	Date         string          `json:"date"`
	Publisher    string          `json:"publisher"`
	Contact      json.RawMessage `json:"contact"`
	Description  string          `json:"description"`
	UseContext   json.RawMessage `json:"useContext"`
	Jurisdiction json.RawMessage `json:"jurisdiction"`
	Purpose      string          `json:"purpose"`
	Copyright    string          `json:"copyright"`
	Approval     string          `json:"approvalDate"`
	Reviewed     string          `json:"lastReviewDate"`
	Period       json.RawMessage `json:"effectivePeriod"`
	Code         json.RawMessage `json:"code"`
	Extension    []fhirExtension `json:"extension"`
	Item         []fhirItem      `json:"item"`
}

type fhirItem struct {
	ID           string          `json:"id"`
	LinkID       string          `json:"linkId"`
	Definition   string          `json:"definition"`
	Code         json.RawMessage `json:"code"`
	Prefix       string          `json:"prefix"`
	Text         string          `json:"text"`
	TextMore     fhirElement     `json:"_text"`
	Type         string          `json:"type"`
	Required     bool            `json:"required"`
	Repeats      bool            `json:"repeats"`
	MaxLength    int             `json:"maxLength"`
	AnswerOption []fhirOption    `json:"answerOption"`
	Extension    []fhirExtension `json:"extension"`
}

type fhirOption struct {
	ID        string          `json:"id"`
	Coding    *fhirCoding     `json:"valueCoding"`
	Extension []fhirExtension `json:"extension"`
}

type fhirCoding struct {
	System      string          `json:"system"`
	Version     string          `json:"version"`
	Code        string          `json:"code"`
	Display     string          `json:"display"`
	DisplayMore fhirElement     `json:"_display"`
	Extension   []fhirExtension `json:"extension"`
}

type fhirElement struct {
	ID        string          `json:"id"`
	Extension []fhirExtension `json:"extension"`
}

// fhirExtension has the values that are read; those of others are passed over.
type fhirExtension struct {
	URL       string
	Code      string
	String    string
	Decimal   *float64
	Integer   *int64
	Extension []fhirExtension
}

// UnmarshalJSON reads leniently where everything else is strict: of an extension that is not
// known here the content may be anything.
func (e *fhirExtension) UnmarshalJSON(data []byte) error {
	var raw struct {
		URL       string          `json:"url"`
		Code      json.RawMessage `json:"valueCode"`
		String    json.RawMessage `json:"valueString"`
		Markdown  json.RawMessage `json:"valueMarkdown"`
		Decimal   json.RawMessage `json:"valueDecimal"`
		Integer   json.RawMessage `json:"valueInteger"`
		Extension []fhirExtension `json:"extension"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	e.URL, e.Extension = raw.URL, raw.Extension
	for _, part := range []struct {
		data json.RawMessage
		into any
	}{{raw.Code, &e.Code}, {raw.String, &e.String}, {raw.Markdown, &e.String}, {raw.Decimal, &e.Decimal}, {raw.Integer, &e.Integer}} {
		if part.data == nil {
			continue
		}
		if err := json.Unmarshal(part.data, part.into); err != nil {
			return fmt.Errorf("extension %q: %w", e.URL, err)
		}
	}
	return nil
}

func readQuestionnaireFile(from fs.FS, name string) (Questionnaire, error) {
	file, err := from.Open(name)
	if err != nil {
		return Questionnaire{}, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxQuestionnaire+1))
	if err != nil {
		return Questionnaire{}, err
	}
	return ReadQuestionnaire(data)
}

// questionnaireID is FHIR's rule for ids, in lower case: it stands in addresses and on disks.
var questionnaireID = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,39}$`)

// ReadQuestionnaire reads FHIR R4 JSON. What it does not understand is refused, with the place.
func ReadQuestionnaire(data []byte) (Questionnaire, error) {
	if len(data) > maxQuestionnaire {
		return Questionnaire{}, &Invalid{"file", fmt.Sprintf("must be at most %d bytes", maxQuestionnaire)}
	}
	var f fhirQuestionnaire
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	if err := in.Decode(&f); err != nil {
		return Questionnaire{}, &Invalid{"file", "must be a Questionnaire of FHIR R4, in JSON: " + err.Error()}
	}
	if in.More() {
		return Questionnaire{}, &Invalid{"file", "must be one Questionnaire"}
	}
	q := Questionnaire{ID: QuestionnaireID(f.ID), URL: f.URL, Version: f.Version, Copyright: f.Copyright}
	language := f.Language
	if language == "" {
		language = "en"
	}
	switch {
	case f.ResourceType != "Questionnaire":
		return q, &Invalid{"resourceType", "must be Questionnaire"}
	case !questionnaireID.MatchString(f.ID):
		return q, &Invalid{"id", "must be 1–40 of a–z, 0–9, - and ."}
	case f.Status != "active" && f.Status != "draft":
		return q, &Invalid{"status", "must be active or draft"}
	case f.Version == "" || lineRule(f.Version, maxWord) != "":
		return q, &Invalid{"version", "is required, on one line: answers belong to it"}
	case len(f.SubjectType) > 0 && !slices.Contains(f.SubjectType, "Patient"):
		return q, &Invalid{"subjectType", "must be Patient"}
	case len(f.Item) == 0 || len(f.Item) > maxItems:
		return q, &Invalid{"item", fmt.Sprintf("must be 1–%d", maxItems)}
	case lineRule(f.Copyright, maxItemText) != "":
		return q, &Invalid{"copyright", lineRule(f.Copyright, maxItemText)}
	}
	var err error
	if q.Title, err = translated("title", language, f.Title, f.TitleMore); err != nil {
		return q, err
	}
	asks := false
	for n, i := range f.Item {
		item, err := i.read(fmt.Sprintf("item[%d].", n), language)
		if err != nil {
			return q, err
		}
		if _, twice := q.Item(item.ID); twice {
			return q, &Invalid{fmt.Sprintf("item[%d].linkId", n), "must be the item's own"}
		}
		asks = asks || item.Type != Display
		q.Items = append(q.Items, item)
	}
	if !asks {
		return q, &Invalid{"item", "must ask something"}
	}
	return q, nil
}

func (f fhirItem) read(place, language string) (Item, error) {
	i := Item{ID: f.LinkID, Prefix: f.Prefix, Type: ItemType(f.Type), Required: f.Required, MaxLength: f.MaxLength}
	switch {
	case f.LinkID == "" || lineRule(f.LinkID, maxWord) != "":
		return i, &Invalid{place + "linkId", "must be 1–80 characters on one line"}
	case lineRule(f.Prefix, maxWord) != "":
		return i, &Invalid{place + "prefix", lineRule(f.Prefix, maxWord)}
	case f.Repeats:
		return i, &Invalid{place + "repeats", "must be false: one answer is given"}
	case f.MaxLength < 0 || f.MaxLength > maxAnswerText:
		return i, &Invalid{place + "maxLength", fmt.Sprintf("must be 0–%d", maxAnswerText)}
	case i.Type != Choice && len(f.AnswerOption) > 0:
		return i, &Invalid{place + "answerOption", "is for a choice"}
	}
	var err error
	if i.Words, err = translated(place+"text", language, f.Text, f.TextMore); err != nil {
		return i, err
	}
	switch i.Type {
	case Display, Text80, Prose:
		if i.MaxLength == 0 {
			i.MaxLength = maxAnswerText
		}
	case Whole:
		if i.Least, i.Most, err = f.bounds(place); err != nil {
			return i, err
		}
	case Choice:
		return f.choice(i, place, language)
	default:
		return i, &Invalid{place + "type", "must be display, choice, integer, string or text"}
	}
	return i, nil
}

// bounds are a number's; one that has none may be any that a browser can hold.
func (f fhirItem) bounds(place string) (least, most int64, err error) {
	least, most = -(1<<53 - 1), 1<<53-1
	for _, e := range f.Extension {
		switch {
		case e.URL == extensionMin && e.Integer != nil:
			least = max(least, *e.Integer)
		case e.URL == extensionMax && e.Integer != nil:
			most = min(most, *e.Integer)
		}
	}
	if least > most {
		return 0, 0, &Invalid{place + "extension", "must have minValue below maxValue"}
	}
	return least, most, nil
}

func (f fhirItem) choice(i Item, place, language string) (Item, error) {
	if len(f.AnswerOption) < 2 || len(f.AnswerOption) > maxOptions {
		return i, &Invalid{place + "answerOption", fmt.Sprintf("must be 2–%d", maxOptions)}
	}
	for n, a := range f.AnswerOption {
		place := fmt.Sprintf("%sanswerOption[%d].valueCoding", place, n)
		if a.Coding == nil {
			return i, &Invalid{place, "is required"}
		}
		o := Option{Code: a.Coding.Code, System: a.Coding.System}
		if _, twice := i.option(o.Code); twice || o.Code == "" || lineRule(o.Code, maxWord) != "" {
			return i, &Invalid{place + ".code", "must be the option's own, of 1–80 characters"}
		}
		var err error
		if o.Words, err = translated(place+".display", language, a.Coding.Display, a.Coding.DisplayMore); err != nil {
			return i, err
		}
		for _, e := range slices.Concat(a.Extension, a.Coding.Extension) {
			if e.URL != extensionOrdinal {
				continue
			}
			if e.Decimal == nil || math.Abs(*e.Decimal) > 1000 {
				return i, &Invalid{place, "ordinalValue must be a number within ±1000"}
			}
			o.Score = e.Decimal
		}
		i.Options = append(i.Options, o)
	}
	return i, nil
}

// languageTag is the part of BCP 47 that is used.
var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// translated is a text with its translations, by language without what stands after a hyphen.
func translated(place, language, text string, more fhirElement) (map[string]string, error) {
	out := map[string]string{}
	put := func(language, text string) error {
		if !languageTag.MatchString(language) {
			return &Invalid{place, "must be in a language, as nn, nb or en"}
		}
		if text == "" || !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxItemText ||
			strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
			return &Invalid{place, fmt.Sprintf("must be 1–%d characters in each language", maxItemText)}
		}
		short, _, _ := strings.Cut(language, "-")
		out[short] = text
		return nil
	}
	if err := put(language, text); err != nil {
		return nil, err
	}
	for _, e := range more.Extension {
		if e.URL != extensionTranslation {
			continue
		}
		var in, content string
		for _, part := range e.Extension {
			switch part.URL {
			case "lang":
				in = part.Code
			case "content":
				content = part.String
			}
		}
		if err := put(in, content); err != nil {
			return nil, err
		}
	}
	return out, nil
}
