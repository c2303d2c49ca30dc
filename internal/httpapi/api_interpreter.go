package httpapi

import "github.com/samkonsult/samkonsult/internal/access"

// Interpreter is somebody whom an organisation invites to interpret: they come by a personal
// link, and have no account.
type Interpreter struct {
	ID       access.PersonID `json:"id" readOnly:"true"`
	Version  int64           `json:"version" readOnly:"true"`
	Name     string          `json:"name" minLength:"1" maxLength:"120"`
	Phone    string          `json:"phone" maxLength:"30" doc:"where the link is sent; empty: to the e-mail address"`
	Email    string          `json:"email" maxLength:"254" doc:"empty: to the telephone"`
	Language Language        `json:"language" enum:"nn,nb,en" doc:"of the messages to them"`
	Speaks   []string        `json:"speaks" minItems:"1" maxItems:"20" doc:"languages beside Norwegian, BCP 47: pl"`
	Active   bool            `json:"active" doc:"they are invited still"`
}

// Interpreters is the answer to GET /api/v1/interpreters: those of the own organisation, by name.
type Interpreters struct {
	Items []Interpreter `json:"items"`
	Next  string        `json:"next"`
}
