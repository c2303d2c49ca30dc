package scheduling

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Templates are data, so that another kind of consultation needs no code: a file each, by id.
//
//go:embed templates
var templateFiles embed.FS

// Template is what a kind of consultation usually needs: who is in it, for how long, and what
// they prepare. It demands nothing, and names no diagnosis.
type Template struct {
	ID      string                   `json:"id"`
	Minutes int                      `json:"minutes"`
	Parties []TemplateParty          `json:"parties"`
	Words   map[string]TemplateWords `json:"words"` // by language: nn, nb, en
}

// TemplateParty is a role that a kind of consultation has.
type TemplateParty struct {
	Role         access.Role `json:"role"`
	Organisation string      `json:"organisation"` // kind of it; empty for who comes by a link
	Required     bool        `json:"required"`
	Attends      Attendance  `json:"attends"`
	MayDeputise  bool        `json:"mayDeputise"`
}

// TemplateWords are its words in one language.
type TemplateWords struct {
	Name     string        `json:"name"`
	About    string        `json:"about"`
	Title    string        `json:"title"`
	Question string        `json:"question"`
	Prepare  []Preparation `json:"prepare"`
}

// In is its words in a language; nynorsk, which is written first, for one that there is not.
func (t Template) In(language string) TemplateWords {
	if w, ok := t.Words[language]; ok {
		return w
	}
	return t.Words["nn"]
}

// templateOrder is how they are offered.
var templateOrder = []string{"wound", "mental-health", "plain"}

// readTemplates reads the files, and names the first fault in one.
func readTemplates(files fs.FS) ([]Template, error) {
	out := make([]Template, 0, len(templateOrder))
	for _, id := range templateOrder {
		text, err := fs.ReadFile(files, "templates/"+id+".json")
		if err != nil {
			return nil, fmt.Errorf("template: %w", err)
		}
		var t Template
		if err := json.Unmarshal(text, &t); err != nil {
			return nil, fmt.Errorf("template %s: %w", id, err)
		}
		for _, language := range []string{"nn", "nb", "en"} {
			w, there := t.Words[language]
			if !there {
				return nil, fmt.Errorf("template %s has no words in %s", id, language)
			}
			if err := (Plan{Title: w.Title, Question: w.Question, Prepare: w.Prepare}).check(); err != nil {
				return nil, fmt.Errorf("template %s in %s: %w", id, language, err)
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// Templates are offered to who may book.
func (s *Service) Templates(ctx context.Context, by access.Actor) ([]Template, error) {
	var has access.Relations
	if by.Organisation != "" && !byLink(by) {
		has = access.SameOrganisation
	}
	if _, err := s.allow(ctx, by, access.ConsultationBook, has, Appointment{}, "templates"); err != nil {
		return nil, err
	}
	return s.templates, nil
}
