package fhir

import (
	"context"
	"slices"
	"strings"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// Practitioner is a person who works in one or more organisations.
type Practitioner struct {
	Header
	Identifier []Identifier   `json:"identifier,omitempty"`
	Name       []HumanName    `json:"name,omitempty"`
	Telecom    []ContactPoint `json:"telecom,omitempty"`
}

// PractitionerRole is a role that somebody has in an organisation.
type PractitionerRole struct {
	Header
	Active       bool              `json:"active"` // today
	Period       *Period           `json:"period,omitempty"`
	Practitioner *Reference        `json:"practitioner,omitempty"`
	Organization *Reference        `json:"organization,omitempty"`
	Code         []CodeableConcept `json:"code,omitempty"`
	Specialty    []CodeableConcept `json:"specialty,omitempty"`
}

func (h *Handler) practitioners() kind {
	return kind{
		name: "Practitioner", profile: profilePractitioner, see: access.StaffRead,
		read: h.readPractitioner, search: h.searchPractitioners,
		params: []param{
			{name: "identifier", sort: "token", doc: systemHPR + "|number", private: true},
			byCount, byPage,
		},
		notes: "Who works in one's own organisation. Those of others are found by PractitionerRole.",
	}
}

func (h *Handler) practitionerRoles() kind {
	return kind{
		name: "PractitionerRole", profile: profilePractitionerRole, see: access.StaffRead,
		read: h.readPractitionerRole, search: h.searchPractitionerRoles,
		params: []param{
			{name: "organization", sort: "reference", doc: "none: one's own"},
			{name: "practitioner", sort: "reference", doc: "whose"},
			{name: "role", sort: "token", doc: systemRole + "|specialist, nurse, gp, coordinator, administrator or data-protection"},
			byCount, byPage,
		},
		notes: "Roles in an organisation, past and coming ones too; a page counts people.",
	}
}

func (h *Handler) readPractitioner(ctx context.Context, a *ask) (*answer, error) {
	m, err := h.cfg.Directory.Staff(ctx, a.by, access.PersonID(a.id))
	return &answer{resource: practitioner(m), version: m.Version}, err
}

func (h *Handler) searchPractitioners(ctx context.Context, a *ask) (*answer, error) {
	system, number, err := a.token("identifier")
	if err != nil {
		return nil, err
	}
	page, err := a.page()
	if err != nil {
		return nil, err
	}
	if number != "" {
		page = identity.Page{}
	}
	var out []*Practitioner
	for {
		all, next, err := h.cfg.Directory.StaffOf(ctx, a.by, a.by.Organisation, page)
		if err != nil {
			return nil, placed(err, pageFields)
		}
		if number == "" {
			return found(h, a, each(all, practitioner), next), nil
		}
		for _, m := range all {
			if system == systemHPR && m.HPR == number {
				out = append(out, practitioner(m))
			}
		}
		if next == "" {
			return found(h, a, out, ""), nil
		}
		page.After = next
	}
}

func (h *Handler) readPractitionerRole(ctx context.Context, a *ask) (*answer, error) {
	person, id, _ := strings.Cut(a.id, ".")
	m, err := h.cfg.Directory.Staff(ctx, a.by, access.PersonID(person))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(m.Assignments, func(a identity.Assignment) bool { return a.ID == id })
	if i < 0 {
		return nil, identity.ErrNotFound
	}
	return &answer{resource: h.practitionerRole(m, m.Assignments[i]), version: m.Version}, nil
}

func (h *Handler) searchPractitionerRoles(ctx context.Context, a *ask) (*answer, error) {
	_, org, err := a.reference("organization", "Organization")
	if err != nil {
		return nil, err
	}
	_, person, err := a.reference("practitioner", "Practitioner")
	if err != nil {
		return nil, err
	}
	system, role, err := a.token("role")
	if err != nil {
		return nil, err
	}
	page, err := a.page()
	if err != nil {
		return nil, err
	}
	var staff []identity.Staff
	var next string
	if person != "" {
		var m identity.Staff
		m, err = h.cfg.Directory.Staff(ctx, a.by, access.PersonID(person))
		staff = []identity.Staff{m}
	} else {
		if org == "" {
			org = string(a.by.Organisation)
		}
		staff, next, err = h.cfg.Directory.StaffOf(ctx, a.by, access.OrganisationID(org), page)
	}
	if err != nil {
		return nil, placed(err, pageFields)
	}
	var out []*PractitionerRole
	for _, m := range staff {
		for _, k := range m.Assignments {
			if (org == "" || string(k.Organisation) == org) && (role == "" || system == systemRole && k.Role.String() == role) {
				out = append(out, h.practitionerRole(m, k))
			}
		}
	}
	return found(h, a, out, next), nil
}

func practitioner(m identity.Staff) *Practitioner {
	out := &Practitioner{
		Header: header("Practitioner", string(m.ID), m.Version, profilePractitioner),
		Name:   []HumanName{{Text: m.Name}}, Telecom: telecom(m.Phone, m.Email),
	}
	if m.HPR != "" {
		out.Identifier = []Identifier{{System: systemHPR, Value: m.HPR}}
	}
	return out
}

// practitionerRoleID names an assignment by its person too, by whom it is found.
func practitionerRoleID(person access.PersonID, assignment string) string {
	return string(person) + "." + assignment
}

func (h *Handler) practitionerRole(m identity.Staff, k identity.Assignment) *PractitionerRole {
	out := &PractitionerRole{
		Header:       header("PractitionerRole", practitionerRoleID(m.ID, k.ID), m.Version, profilePractitionerRole),
		Active:       k.On(identity.DayOf(h.cfg.Now(), h.cfg.Zone)),
		Period:       &Period{Start: DateTime(k.From), End: DateTime(k.Until)},
		Practitioner: &Reference{Reference: spell("Practitioner", m.ID), Display: m.Name},
		Organization: &Reference{Reference: spell("Organization", k.Organisation)},
		Code:         []CodeableConcept{{Coding: roleCodings(k.Role), Text: k.Title}},
	}
	if k.Competence != "" {
		out.Specialty = []CodeableConcept{{Text: k.Competence}}
	}
	return out
}

// roleCodings are a role in HL7's words, as far as those have it, and in our own.
func roleCodings(r access.Role) (out []Coding) {
	switch r {
	case access.Specialist, access.GP:
		out = append(out, Coding{systemPractitionerRole, "doctor", "Doctor"})
	case access.Nurse:
		out = append(out, Coding{systemPractitionerRole, "nurse", "Nurse"})
	}
	return append(out, Coding{System: systemRole, Code: Code(r.String())})
}
