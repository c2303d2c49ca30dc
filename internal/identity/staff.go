package identity

import "slices"

// Staff is a person who works in one or more organisations.
type Staff struct {
	Person
	Assignments []Assignment
}

// Warnings name fields that are kept and look wrong.
func (s Staff) Warnings() []Warning { return warnHPR(s.HPR) }

// checkedPerson is the person with fields cleaned, or *Invalid. Who has an account is found
// by the e-mail address.
func (s Staff) checkedPerson() (Person, error) {
	var c checker
	p := s.Person
	p.Name = c.text("name", p.Name, 1, 120)
	p.Email = c.email("email", p.Email)
	c.require(p.Email != "", "email", "must not be empty")
	p.Phone = c.phone("phone", p.Phone)
	p.HPR = dialled(p.HPR)
	c.require(p.HPR == "" || areDigits(p.HPR) && len(p.HPR) >= 2 && len(p.HPR) <= 9, "hpr", "must be a health personnel number: at most nine digits")
	c.language("language", p.Language)
	p.NationalID = c.nationalID("nationalId", p.NationalID)
	return p, c.fault()
}

// checked is the assignment with its fields cleaned; place is where it stands.
func (a Assignment) checked(c *checker, place string, in Organisation) Assignment {
	c.require(in.Kind.Has(a.Role), place+"role", "must be a role that people have in such an organisation")
	c.require(a.Unit == "" || slices.ContainsFunc(in.Units, func(u Unit) bool { return u.ID == a.Unit }),
		place+"unit", "must be a unit of the organisation, or empty")
	a.Title = c.text(place+"title", a.Title, 1, 60)
	a.Competence = c.text(place+"competence", a.Competence, 0, 120)
	c.days(place, a.From, a.Until)
	return a
}
