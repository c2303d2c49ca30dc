package identity

import "fmt"

// Warning names a field whose content is kept although it looks wrong.
type Warning struct {
	Field string
	Rule  string
}

// checker goes through a thing's fields and keeps the first rule that is broken.
type checker struct{ broken *Invalid }

func (c *checker) require(ok bool, field, rule string) {
	if !ok && c.broken == nil {
		c.broken = &Invalid{Field: field, Rule: rule}
	}
}

// fault is an *Invalid, or nil where no rule is broken.
func (c *checker) fault() error {
	if c.broken == nil {
		return nil
	}
	return c.broken
}

// element is the place of a field in a list's element, before the field's name.
func element(list string, i int) string { return fmt.Sprintf("%s[%d].", list, i) }
