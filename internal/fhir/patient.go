package fhir

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// Patients knows patients and those around them: identity.Directory.
type Patients interface {
	Patient(ctx context.Context, by access.Actor, id access.PersonID) (identity.Patient, error)
	FindPatient(ctx context.Context, by access.Actor, nationalID string) (identity.Patient, error)
	CreatePatient(ctx context.Context, by access.Actor, p identity.Patient) (identity.Patient, error)
	UpdatePatient(ctx context.Context, by access.Actor, p identity.Patient) (identity.Patient, error)
}

// Patient is somebody whom an organisation cares for.
type Patient struct {
	Header
	Identifier           []Identifier    `json:"identifier,omitempty"`
	Name                 []HumanName     `json:"name,omitempty"`
	Telecom              []ContactPoint  `json:"telecom,omitempty"`
	BirthDate            string          `json:"birthDate,omitempty"` // the year that the number tells; written only
	Communication        []Communication `json:"communication,omitempty"`
	ManagingOrganization *Reference      `json:"managingOrganization,omitempty"` // one's own where it cares for them, else the first that does
}

// Communication is the language in which somebody is written to.
type Communication struct {
	Language *CodeableConcept `json:"language,omitempty"`
}

// usualLanguage is that of somebody of whom nothing else is said.
const usualLanguage = "nb"

func (h *Handler) patients() kind {
	return kind{
		name: "Patient", profile: profilePatient, see: access.PatientRead, change: access.PatientWrite,
		read: h.readPatient, search: h.searchPatients, create: h.createPatient, update: h.updatePatient,
		params: []param{
			{name: "identifier", sort: "token", doc: "system|number of an identity number, D-number or shared emergency number", private: true},
			{name: "_id", sort: "token", doc: "the id"},
		},
		notes: "Found by id or identity number, one at a time. Relatives are RelatedPersons; consents are given in the service itself.",
	}
}

func (h *Handler) readPatient(ctx context.Context, a *ask) (*answer, error) {
	p, err := h.cfg.Patients.Patient(ctx, a.by, access.PersonID(a.id))
	return patientAnswer(a.by, p), err
}

func (h *Handler) searchPatients(ctx context.Context, a *ask) (*answer, error) {
	system, number, err := a.token("identifier")
	if err != nil {
		return nil, err
	}
	var p identity.Patient
	switch id := a.one("_id"); {
	case id != "" && number != "":
		return nil, faultAt(400, IssueNotSupported, "http._id", "must not be there with identifier")
	case id != "":
		p, err = h.cfg.Patients.Patient(ctx, a.by, access.PersonID(id))
	case number != "":
		if where, rule := wrongNumber(system, number); rule != "" {
			return nil, faultAt(400, IssueValue, "http.identifier"+where, rule)
		}
		p, err = h.cfg.Patients.FindPatient(ctx, a.by, number)
	default:
		return nil, faultAt(400, IssueRequired, "http.identifier", "is required, in the body of a POST to Patient/_search; or _id is")
	}
	if err != nil {
		return nil, err
	}
	return found(h, a, []*Patient{patient(a.by, p)}, ""), nil
}

func (h *Handler) createPatient(ctx context.Context, a *ask) (*answer, error) {
	var in Patient
	if err := read("Patient", a.data, &in); err != nil {
		return nil, err
	}
	p := identity.Patient{CaredForBy: []access.OrganisationID{a.by.Organisation}}
	if err := in.into(&p); err != nil {
		return nil, err
	}
	if r := in.ManagingOrganization; r != nil && r.Reference != spell("Organization", a.by.Organisation) {
		return nil, broken("Patient.managingOrganization", "must be your own organisation, or left out")
	}
	p, err := h.cfg.Patients.CreatePatient(ctx, a.by, p)
	if err != nil {
		return nil, placed(err, patientFields)
	}
	out := patientAnswer(a.by, p)
	out.created = true
	return out, nil
}

func (h *Handler) updatePatient(ctx context.Context, a *ask) (*answer, error) {
	var in Patient
	if err := read("Patient", a.data, &in); err != nil {
		return nil, err
	}
	p, err := h.cfg.Patients.Patient(ctx, a.by, access.PersonID(a.id))
	if err != nil {
		return nil, err
	}
	was := patient(a.by, p)
	switch {
	case string(in.ID) != a.id: // R4 §3.1.0.5
		return nil, unreadable("Patient.id", "must be the one in the address")
	case in.BirthDate != "" && in.BirthDate != was.BirthDate:
		return nil, broken("Patient.birthDate", ruleBirthDate)
	case in.ManagingOrganization != nil && (was.ManagingOrganization == nil || in.ManagingOrganization.Reference != was.ManagingOrganization.Reference):
		return nil, broken("Patient.managingOrganization", "stays as it is here: who cares for a patient is said in the service itself")
	}
	in.BirthDate = ""
	if err := in.into(&p); err != nil {
		return nil, err
	}
	p.Version = a.version
	p, err = h.cfg.Patients.UpdatePatient(ctx, a.by, p)
	if err != nil {
		return nil, placed(err, patientFields)
	}
	return patientAnswer(a.by, p), nil
}

const ruleBirthDate = "is not kept here: leave it out, it follows from the number"

// patientFields are the directory's fields of a patient and their elements.
var patientFields = []place{
	{field: "nationalId", element: "Patient.identifier"}, {field: "name", element: "Patient.name"},
	{field: "phone", element: "Patient.telecom"}, {field: "email", element: "Patient.telecom"},
	{field: "language", element: "Patient.communication"}, {field: "caredForBy", element: "Patient.managingOrganization"},
}

func patientAnswer(by access.Actor, p identity.Patient) *answer {
	return &answer{resource: patient(by, p), version: p.Version}
}

func patient(by access.Actor, p identity.Patient) *Patient {
	out := &Patient{
		Header: header("Patient", string(p.ID), p.Version, profilePatient),
		Name:   []HumanName{{Text: p.Name}}, Telecom: telecom(p.Phone, p.Email), Communication: communication(p.Language),
	}
	if p.NationalID != "" {
		out.Identifier = []Identifier{{System: systemOf(p.NationalID), Value: p.NationalID}}
	}
	if year := p.Line().BornYear; year != 0 {
		out.BirthDate = strconv.Itoa(year)
	}
	if cares := p.CaredForBy; len(cares) > 0 {
		out.ManagingOrganization = &Reference{Reference: spell("Organization", cares[max(0, slices.Index(cares, by.Organisation))])}
	}
	return out
}

func communication(language string) []Communication {
	if language == "" {
		return nil
	}
	return []Communication{{&CodeableConcept{Coding: []Coding{{System: systemLanguage, Code: Code(language)}}}}}
}

// into puts what is sent in the place of what is kept. What has no place there is refused.
func (in *Patient) into(p *identity.Patient) error {
	if in.BirthDate != "" {
		return broken("Patient.birthDate", ruleBirthDate)
	}
	p.NationalID = ""
	if len(in.Identifier) > 1 {
		return broken("Patient.identifier", "must be at most one")
	}
	for _, i := range in.Identifier {
		if where, rule := wrongNumber(i.System, i.Value); rule != "" {
			return broken("Patient.identifier[0]"+where, rule)
		}
		p.NationalID = i.Value
	}
	return in.person("Patient").into(&p.Person)
}

// systemOf says which of Norway's numbers for people one is: D-numbers have day+40, and those that
// begin with 8 or 9 are shared emergency numbers (NamingSystem no-basis-felleshjelpenummer).
func systemOf(number string) string {
	switch {
	case number[0] >= '8':
		return systemSharedNumber
	case number[0] >= '4':
		return systemDNumber
	}
	return systemNationalID
}

// wrongNumber says what a number and its system break; an empty rule: nothing.
func wrongNumber(system, number string) (where, rule string) {
	switch {
	case system != systemNationalID && system != systemDNumber && system != systemSharedNumber:
		return ".system", "must be " + systemNationalID + ", .2 or .3"
	case len(number) != 11 || strings.Trim(number, "0123456789") != "":
		return ".value", "must be 11 digits"
	case systemOf(number) != system:
		return ".system", "must be that of the number's kind: " + systemNationalID + " of an identity number, .2 of a D-number, .3 of a shared emergency number"
	}
	return "", ""
}

// person is what patients and those around them have in common.
type person struct {
	kind          string
	name          []HumanName
	telecom       []ContactPoint
	communication []Communication
}

func (in *Patient) person(kind string) person {
	return person{kind, in.Name, in.Telecom, in.Communication}
}

func (in person) into(p *identity.Person) error {
	if len(in.name) != 1 {
		return broken(in.kind+".name", "must be there, once")
	}
	var rule string
	if p.Name, rule = in.name[0].line(); rule != "" {
		return broken(in.kind+".name[0]", rule)
	}
	p.Phone, p.Email = "", ""
	for i, c := range in.telecom {
		where := element(in.kind+".telecom", i)
		to := map[Code]*string{"phone": &p.Phone, "email": &p.Email}[c.System]
		switch {
		case to == nil:
			return broken(where+".system", "must be phone or email")
		case *to != "":
			return broken(where, "must be one telephone number and one e-mail address at most")
		case c.Value == "":
			return missing(where + ".value")
		}
		*to = c.Value
	}
	switch len(in.communication) {
	case 0:
		p.Language = usualLanguage
	case 1:
		if p.Language = in.communication[0].Language.code(systemLanguage); p.Language == "" {
			return broken(in.kind+".communication[0].language", "must have a code of "+systemLanguage+": nn, nb or en")
		}
	default:
		return broken(in.kind+".communication", "must be one: the language in which they are written to")
	}
	return nil
}

// line is the name as it is written. Its parts, where they are said, must be the same.
func (n HumanName) line() (text, rule string) {
	parts := strings.TrimSpace(strings.Join(n.Given, " ") + " " + n.Family)
	switch {
	case n.Use != "" && n.Use != "official" && n.Use != "usual":
		return "", "must be the official or usual name"
	case n.Text == "" && parts == "":
		return "", "must have a text, or given and family"
	case n.Text != "" && parts != "" && n.Text != parts:
		return "", "must have a text that is given and family, or one of the two alone"
	case n.Text != "":
		return n.Text, ""
	}
	return parts, ""
}
