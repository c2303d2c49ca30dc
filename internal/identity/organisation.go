package identity

import (
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
)

// OrganisationKind is what sort of organisation it is (CLINICAL.md, Words).
type OrganisationKind string

// The kinds.
const (
	Hospital     OrganisationKind = "hospital"
	Municipality OrganisationKind = "municipality"
	GPOffice     OrganisationKind = "gp"
)

// rolesOf are the roles that people have in a kind of organisation. A municipality's
// doctors act as GP.
var rolesOf = map[OrganisationKind][]access.Role{
	Hospital:     {access.Specialist, access.Nurse, access.Coordinator, access.Administrator, access.DataProtection},
	Municipality: {access.Nurse, access.GP, access.Coordinator, access.Administrator, access.DataProtection},
	GPOffice:     {access.GP, access.Nurse, access.Coordinator, access.Administrator, access.DataProtection},
}

// Has says whether somebody may have the role in such an organisation.
func (k OrganisationKind) Has(role access.Role) bool { return slices.Contains(rolesOf[k], role) }

// Organisation is a hospital trust, a municipality or a GP office.
type Organisation struct {
	ID       access.OrganisationID
	Version  int64 // 0: new
	Kind     OrganisationKind
	Name     string
	Number   string // organisation number, or empty
	Phone    string // whom patients ring; E.164 or a short number
	Host     bool   // it hosts this service: one does
	Active   bool
	Contacts []Contact
	Units    []Unit
}

// Matter is what a contact answers for.
type Matter string

// The matters.
const (
	Clinical   Matter = "clinical"
	Technical  Matter = "technical"
	Protection Matter = "data-protection"
)

var matters = []Matter{Clinical, Technical, Protection}

// Contact is whom to ask in an organisation about one matter.
type Contact struct {
	For   Matter `json:"for"`
	Name  string `json:"name"`
	Phone string `json:"phone"`
	Email string `json:"email"`
}

// Unit is a part of an organisation: a clinic, a district.
type Unit struct {
	ID           string
	Version      int64 // 0: new
	Organisation access.OrganisationID
	Name         string
	Phone        string
	Active       bool
	Contact      access.PersonID // who answers for it; empty: nobody is named
	Deputy       access.PersonID // and in their place, when they are away
}

// checked is the organisation with its fields cleaned, or *Invalid.
func (o Organisation) checked() (Organisation, error) {
	var c checker
	c.require(rolesOf[o.Kind] != nil, "kind", "must be hospital, municipality or gp")
	o.Name = c.text("name", o.Name, 1, 120)
	o.Number = c.organisationNumber("number", o.Number)
	o.Phone = c.phoneToRing("phone", o.Phone)
	o.Contacts = slices.Clone(o.Contacts)
	for i := range o.Contacts {
		o.Contacts[i].check(&c, element("contacts", i))
	}
	return o, c.fault()
}

func (k *Contact) check(c *checker, place string) {
	c.require(slices.Contains(matters, k.For), place+"for", "must be clinical, technical or data-protection")
	k.Name = c.text(place+"name", k.Name, 1, 120)
	k.Phone = c.phoneToRing(place+"phone", k.Phone)
	k.Email = c.email(place+"email", k.Email)
	c.require(k.Phone != "" || k.Email != "", place+"phone", "must be given, or an e-mail address must")
}

func (u Unit) checked() (Unit, error) {
	var c checker
	u.Name = c.text("name", u.Name, 1, 120)
	u.Phone = c.phoneToRing("phone", u.Phone)
	c.require(u.Deputy == "" || u.Contact != "", "deputy", "must be empty where there is no contact")
	c.require(u.Deputy == "" || u.Deputy != u.Contact, "deputy", "must be another than the contact")
	return u, c.fault()
}

// hasContacts says whether somebody answers for each matter.
func (o Organisation) hasContacts() bool {
	for _, m := range matters {
		if !slices.ContainsFunc(o.Contacts, func(c Contact) bool { return c.For == m }) {
			return false
		}
	}
	return true
}
