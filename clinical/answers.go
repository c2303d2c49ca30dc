package clinical

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/samkonsult/samkonsult/internal/access"
)

// FormID names a form.
type FormID string

// Form is one questionnaire of one patient's, from when it is asked for: a FHIR R4
// QuestionnaireResponse, with what asked for it.
type Form struct {
	ID            FormID
	Version       int64 // 1 at first
	Patient       access.PersonID
	Questionnaire QuestionnaireID
	Edition       string // the questionnaire's version that the answers are to
	Status        FormStatus
	Made          time.Time // asked for, or begun
	Changed       time.Time
	Asked         *Ask   // nil: nobody has asked for it
	Consultation  string // that it is for; empty: none
	Answers       []FormAnswer
	Author        *Author   // who has answered, last; nil: nobody yet
	Completed     time.Time // when it was completed first; zero: it is not
	Score         *Score    // nil: not completed, or there is none for this questionnaire
	Alarm         bool      // an answer is one that somebody must see to
	Reason        string    // of the latest change of what was completed
	Key           string    // of another system that has sent it, its own name for it; empty: answered here
}

// LogValue keeps answers out of every log.
func (Form) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// FormStatus is how far a form is. FHIR R4 questionnaire-answers-status, and asked before that.
type FormStatus string

// The statuses.
const (
	FormAsked      FormStatus = "asked"       // nobody has answered yet
	FormInProgress FormStatus = "in-progress" // saved as it is answered
	FormCompleted  FormStatus = "completed"
	FormAmended    FormStatus = "amended" // changed since; what it was stands beside
	FormWrong      FormStatus = "entered-in-error"
)

// Open says whether it waits for answers.
func (s FormStatus) Open() bool { return s == FormAsked || s == FormInProgress }

// Ask is who asked for answers.
type Ask struct {
	By  Performer `json:"by"`
	At  time.Time `json:"at"`
	Due time.Time `json:"due"` // zero: no time was named
}

// Author is who answered.
type Author struct {
	Performer
	As Source `json:"as"`
}

// Source is in which place somebody answers. FHIR R4 QuestionnaireResponse.source.
type Source string

// The sources.
const (
	ForOneself Source = "self"
	OnBehalf   Source = "on-behalf" // a relative, whom the patient lets
	Interview  Source = "interview" // a clinician asks, and writes down
)

func sourceOf(role access.Role) Source {
	switch {
	case role == access.Relative:
		return OnBehalf
	case role.Clinician():
		return Interview
	}
	return ForOneself
}

// FormAnswer is the answer to one item: of its kind, the code of an option, a number or a text.
type FormAnswer struct {
	Item   string `json:"item"`
	Code   string `json:"code,omitempty"`
	Number *int64 `json:"number,omitempty"`
	Text   string `json:"text,omitempty"`
}

func (a FormAnswer) equal(b FormAnswer) bool {
	number := a.Number == b.Number || a.Number != nil && b.Number != nil && *a.Number == *b.Number
	return a.Item == b.Item && a.Code == b.Code && a.Text == b.Text && number
}

// checked are answers in the questionnaire's order, or *Invalid. whole wants every item that must
// be answered.
func (q Questionnaire) checked(answers []FormAnswer, whole bool) ([]FormAnswer, error) {
	place := map[string]int{}
	for i, item := range q.Items {
		place[item.ID] = i
	}
	given := map[string]bool{}
	for n, a := range answers {
		field := fmt.Sprintf("answers[%d]", n)
		item, ok := q.Item(a.Item)
		if !ok || item.Type == Display {
			return nil, &Invalid{field + ".item", "must be one that the questionnaire asks"}
		}
		if given[a.Item] {
			return nil, &Invalid{field + ".item", "must be answered once"}
		}
		given[a.Item] = true
		if part, rule := item.fault(a); rule != "" {
			return nil, &Invalid{field + "." + part, rule}
		}
	}
	if whole {
		var missing []string
		for _, item := range q.Items {
			if item.Required && item.Type != Display && !given[item.ID] {
				missing = append(missing, item.ID)
			}
		}
		if len(missing) > 0 {
			return nil, &Invalid{"answers", "must be there for " + strings.Join(missing, ", ")}
		}
		if len(answers) == 0 {
			return nil, &Invalid{"answers", "must be there"}
		}
	}
	out := slices.Clone(answers)
	slices.SortFunc(out, func(a, b FormAnswer) int { return place[a.Item] - place[b.Item] })
	return out, nil
}

// fault is which part of an answer breaks which rule of the item; an empty rule: none.
func (i Item) fault(a FormAnswer) (part, rule string) {
	if a.Code != "" && i.Type != Choice {
		return "code", "is for a choice"
	}
	if a.Number != nil && i.Type != Whole {
		return "number", "is for a number"
	}
	if a.Text != "" && i.Type != Text80 && i.Type != Prose {
		return "text", "is for words"
	}
	switch i.Type {
	case Choice:
		if _, ok := i.option(a.Code); !ok {
			return "code", "must be one of the options"
		}
	case Whole:
		if a.Number == nil || *a.Number < i.Least || *a.Number > i.Most {
			return "number", fmt.Sprintf("must be %d–%d", i.Least, i.Most)
		}
	default:
		line := func(r rune) bool { return unicode.IsControl(r) && (r != '\n' || i.Type == Text80) }
		if a.Text == "" || !utf8.ValidString(a.Text) || utf8.RuneCountInString(a.Text) > i.MaxLength || strings.ContainsFunc(a.Text, line) {
			return "text", fmt.Sprintf("must be 1–%d characters", i.MaxLength)
		}
	}
	return "", ""
}
