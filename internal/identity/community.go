package identity

import (
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Community is a health community: a hospital trust, its municipalities and its GPs.
type Community struct {
	ID      string
	Version int64 // 0: new
	Name    string
	Members []access.OrganisationID
}

func (m Community) checked() (Community, error) {
	var c checker
	m.Name = c.text("name", m.Name, 1, 120)
	for i, id := range m.Members {
		c.id("members", string(id))
		c.require(!slices.Contains(m.Members[:i], id), "members", "must not have one twice")
	}
	return m, c.fault()
}
