package clinical

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// QuestionnaireID names a questionnaire: "phq-9". Names are stable: stores and pages hold them.
type QuestionnaireID string

// Questionnaire is what somebody is asked. It is data: FHIR R4 Questionnaire (questionnaire_read.go).
type Questionnaire struct {
	ID        QuestionnaireID
	URL       string // canonical; may be empty
	Version   string // answers hold the one that they were given to
	Title     map[string]string
	Copyright string // credit, to be shown with the questions
	Items     []Item
}

// Item is a line of a questionnaire.
type Item struct {
	ID        string // FHIR's linkId
	Prefix    string // what stands before it, "1"
	Type      ItemType
	Words     map[string]string // by language
	Required  bool
	Options   []Option // of a Choice, in the order in which they are shown
	Least     int64    // of a Whole number
	Most      int64
	MaxLength int // of a Text, in characters
}

// ItemType is what an answer is. FHIR R4 item-type, those of them that are used.
type ItemType string

// The types.
const (
	Display ItemType = "display" // nothing is asked
	Choice  ItemType = "choice"
	Whole   ItemType = "integer"
	Text80  ItemType = "string" // on one line
	Prose   ItemType = "text"
)

// Option is one of several answers.
type Option struct {
	Code   string
	System string
	Words  map[string]string
	Score  *float64 // FHIR's ordinalValue; nil: it counts for nothing
}

// In is a text in a language. What is not there is in the first that is: nn, nb, en, or another.
func In(words map[string]string, language string) string {
	for _, l := range []string{language, "nn", "nb", "en"} {
		if words[l] != "" {
			return words[l]
		}
	}
	keys := make([]string, 0, len(words))
	for l := range words {
		keys = append(keys, l)
	}
	slices.Sort(keys)
	for _, l := range keys {
		return words[l]
	}
	return ""
}

// Item finds one.
func (q Questionnaire) Item(id string) (Item, bool) {
	i := slices.IndexFunc(q.Items, func(i Item) bool { return i.ID == id })
	if i < 0 {
		return Item{}, false
	}
	return q.Items[i], true
}

func (i Item) option(code string) (Option, bool) {
	at := slices.IndexFunc(i.Options, func(o Option) bool { return o.Code == code })
	if at < 0 {
		return Option{}, false
	}
	return i.Options[at], true
}

//go:embed questionnaires/*.json
var questionnaireFiles embed.FS

// Questionnaires are those that can be asked, in the order of their names.
type Questionnaires struct {
	list []Questionnaire
	byID map[QuestionnaireID]int
}

// maxQuestionnaires is how many a folder may hold.
const maxQuestionnaires = 200

// ReadQuestionnaires reads the program's own, and those of a folder: EQ-5D and CAT are licensed,
// and are never part of the program. nil: there is no folder.
func ReadQuestionnaires(folder fs.FS) (Questionnaires, error) {
	var all Questionnaires
	own, err := fs.Sub(questionnaireFiles, "questionnaires")
	if err != nil {
		return all, fmt.Errorf("questionnaires: %w", err)
	}
	for _, from := range []fs.FS{own, folder} {
		if from == nil {
			continue
		}
		if err := all.add(from); err != nil {
			return Questionnaires{}, fmt.Errorf("questionnaires: %w", err)
		}
	}
	slices.SortFunc(all.list, func(a, b Questionnaire) int { return cmp.Compare(a.ID, b.ID) })
	all.byID = map[QuestionnaireID]int{}
	for i, q := range all.list {
		all.byID[q.ID] = i
	}
	return all, nil
}

func (all *Questionnaires) add(from fs.FS) error {
	files, err := fs.ReadDir(from, ".") // sorted by name
	if err != nil {
		return err
	}
	for _, file := range files {
		if file.IsDir() || path.Ext(file.Name()) != ".json" || strings.HasPrefix(file.Name(), ".") {
			continue
		}
		q, err := readQuestionnaireFile(from, file.Name())
		if err != nil {
			return fmt.Errorf("%s: %w", file.Name(), err)
		}
		if slices.ContainsFunc(all.list, func(o Questionnaire) bool { return o.ID == q.ID }) {
			return fmt.Errorf("%s: id %q is another's already", file.Name(), q.ID)
		}
		if len(all.list) == maxQuestionnaires {
			return fmt.Errorf("%s: there are more than %d", file.Name(), maxQuestionnaires)
		}
		all.list = append(all.list, q)
	}
	return nil
}

// All are the questionnaires in order. The list is not to be changed.
func (all Questionnaires) All() []Questionnaire { return all.list }

// Questionnaire finds one.
func (all Questionnaires) Questionnaire(id QuestionnaireID) (Questionnaire, bool) {
	i, ok := all.byID[id]
	if !ok {
		return Questionnaire{}, false
	}
	return all.list[i], true
}
