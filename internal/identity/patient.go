package identity

import (
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// Patient is someone whom one or more organisations care for. The version counts changes
// of all that is here, relatives and consents too.
type Patient struct {
	Person
	CaredForBy []access.OrganisationID
	Relatives  []RelatedPerson
	Consents   []Consent
}

// RelatedPerson is a relative or guardian of one patient (FHIR RelatedPerson).
type RelatedPerson struct {
	Person
	Kind  RelationKind
	Title string // as in "dotter"
}

// RelationKind is what somebody is to the patient.
type RelationKind string

// The kinds.
const (
	KindRelative RelationKind = "relative"
	KindGuardian RelationKind = "guardian"
)

// Consent is what the patient has agreed to: that an organisation, or a relative, may see.
// It is taken back by ending it, or by leaving it out.
type Consent struct {
	Organisation access.OrganisationID // or empty
	Relative     access.PersonID       // or empty
	From         Day
	Until        Day // last day; empty: until taken back
}

// On says whether the consent holds on a day.
func (c Consent) On(d Day) bool { return c.From <= d && (c.Until == "" || d <= c.Until) }

// PatientLine is a patient in a list.
type PatientLine struct {
	ID       access.PersonID
	Name     string
	BornYear int // from the identity number; 0: unknown
}

// Emergency is a patient opened to one who has no other way, with a reason, for a while.
// The reason stands in the audit record.
type Emergency struct {
	ID           string
	Patient      access.PersonID
	Person       access.PersonID
	Organisation access.OrganisationID
	Opened       time.Time
	Until        time.Time
}

// Warnings name fields that are kept and look wrong.
func (p Patient) Warnings() []Warning { return warnNationalID(p.NationalID) }

// Line is the patient as a list has it.
func (p Person) Line() PatientLine {
	line := PatientLine{ID: p.ID, Name: p.Name}
	if b := born(p.NationalID); !b.IsZero() {
		line.BornYear = b.Year()
	}
	return line
}

// checked is the patient with fields cleaned and new relatives given ids, or *Invalid.
func (p Patient) checked() (Patient, error) {
	var c checker
	p.Name = c.text("name", p.Name, 1, 120)
	p.NationalID = c.nationalID("nationalId", p.NationalID)
	p.Phone = c.phone("phone", p.Phone)
	p.Email = c.email("email", p.Email)
	c.language("language", p.Language)
	c.require(len(p.CaredForBy) > 0, "caredForBy", "must not be empty")
	for i, o := range p.CaredForBy {
		c.require(!slices.Contains(p.CaredForBy[:i], o), "caredForBy", "must not have one twice")
	}
	p.Relatives = slices.Clone(p.Relatives)
	for i := range p.Relatives {
		p.Relatives[i].check(&c, element("relatives", i))
		c.require(!slices.ContainsFunc(p.Relatives[:i], p.Relatives[i].same), element("relatives", i)+"name", "must not be there twice")
	}
	for i, k := range p.Consents {
		place := element("consents", i)
		c.require((k.Organisation == "") != (k.Relative == ""), place+"organisation", "must be given, or a relative must, and not both")
		if k.Organisation != "" {
			c.id(place+"organisation", string(k.Organisation))
		}
		c.require(k.Relative == "" || p.hasRelative(k.Relative), place+"relative", "must be one of the relatives")
		c.days(place, k.From, k.Until)
	}
	return p, c.fault()
}

func (r *RelatedPerson) check(c *checker, place string) {
	r.Name = c.text(place+"name", r.Name, 1, 120)
	c.require(r.Kind == KindRelative || r.Kind == KindGuardian, place+"kind", "must be relative or guardian")
	r.Title = c.text(place+"title", r.Title, 0, 60)
	r.Phone = c.phone(place+"phone", r.Phone)
	r.Email = c.email(place+"email", r.Email)
	c.language(place+"language", r.Language)
}

// same says whether two are one person, written twice.
func (r RelatedPerson) same(o RelatedPerson) bool {
	return r.ID != "" && r.ID == o.ID || r.Name == o.Name && r.Phone == o.Phone && r.Email == o.Email
}

func (p Patient) hasRelative(id access.PersonID) bool {
	return slices.ContainsFunc(p.Relatives, func(r RelatedPerson) bool { return r.ID == id })
}

// sameBut says whether nothing but the consents differs.
func (p Patient) sameBut(consents Patient) bool {
	return p.Person == consents.Person && slices.Equal(p.CaredForBy, consents.CaredForBy) && slices.Equal(p.Relatives, consents.Relatives)
}
