package letters

import (
	"context"
	"errors"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/internal/notify"
)

// work writes to who answers for a unit that something urgent waits: nothing of what, and nothing
// of whose. It goes by SMS where there is a telephone, for a mailbox may be looked into tomorrow.
func (c *Composer) work(ctx context.Context, m notify.Message) (notify.Letter, error) {
	if c.cfg.Work == nil {
		return notify.Letter{}, fmt.Errorf("compose %s: there is no work list: %w", m.ID, notify.ErrNever)
	}
	of, open, err := c.cfg.Work.WorkState(ctx, m.About)
	if err != nil {
		return notify.Letter{}, fmt.Errorf("compose %s: %w", m.ID, err)
	}
	if !open {
		return notify.Letter{}, moot("somebody has acknowledged it")
	}
	person, err := c.cfg.People.Person(ctx, m.To)
	if errors.Is(err, identity.ErrNotFound) {
		return notify.Letter{}, moot("the recipient is erased")
	}
	if err != nil {
		return notify.Letter{}, fmt.Errorf("compose %s: %w", m.ID, err)
	}
	houses, err := c.cfg.People.OrganisationLines(ctx, []access.OrganisationID{of})
	if err != nil {
		return notify.Letter{}, fmt.Errorf("compose %s: %w", m.ID, err)
	}
	l := notify.Letter{Language: person.Language, Link: c.base + "/work"}
	for _, o := range houses {
		l.From = o.Name
	}
	switch {
	case person.Phone != "" && m.Channel != notify.Email:
		l.Channel, l.Address = notify.SMS, person.Phone
	case person.Email != "":
		l.Channel, l.Address = notify.Email, person.Email
	default:
		return notify.Letter{}, notify.ErrNoAddress
	}
	return l, nil
}
