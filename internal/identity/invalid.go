package identity

import "fmt"

// Invalid says which field of what was given breaks which rule. It never repeats what was given.
type Invalid struct {
	Field string // by its name in the API, as in "assignments[0].until"
	Rule  string // in plain English: "must not be before from"
}

func (e *Invalid) Error() string { return fmt.Sprintf("%s %s", e.Field, e.Rule) }
