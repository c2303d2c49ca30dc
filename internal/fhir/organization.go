package fhir

import (
	"context"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// Directory knows organisations and who works there: identity.Directory.
type Directory interface {
	Organisation(ctx context.Context, by access.Actor, id access.OrganisationID) (identity.Organisation, error)
	Organisations(ctx context.Context, by access.Actor, page identity.Page) ([]identity.Organisation, string, error)
	Staff(ctx context.Context, by access.Actor, id access.PersonID) (identity.Staff, error)
	StaffOf(ctx context.Context, by access.Actor, of access.OrganisationID, page identity.Page) ([]identity.Staff, string, error)
}

// Organization is a hospital trust, a municipality or a GP office.
type Organization struct {
	Header
	Identifier []Identifier          `json:"identifier,omitempty"`
	Active     bool                  `json:"active"`
	Type       []CodeableConcept     `json:"type,omitempty"`
	Name       string                `json:"name,omitempty"`
	Telecom    []ContactPoint        `json:"telecom,omitempty"`
	Contact    []OrganizationContact `json:"contact,omitempty"`
}

// OrganizationContact is whom to ask about one matter.
type OrganizationContact struct {
	Purpose *CodeableConcept `json:"purpose,omitempty"`
	Name    *HumanName       `json:"name,omitempty"`
	Telecom []ContactPoint   `json:"telecom,omitempty"`
}

func (h *Handler) organizations() kind {
	return kind{
		name: "Organization", profile: profileOrganization, see: access.OrganisationRead,
		read: h.readOrganization, search: h.searchOrganizations,
		params: []param{
			{name: "identifier", sort: "token", doc: systemOrganisation + "|number", private: true},
			byCount, byPage,
		},
		notes: "One's own organisation, and those whose agreements let one do something.",
	}
}

func (h *Handler) readOrganization(ctx context.Context, a *ask) (*answer, error) {
	o, err := h.cfg.Directory.Organisation(ctx, a.by, access.OrganisationID(a.id))
	return &answer{resource: organization(o), version: o.Version}, err
}

func (h *Handler) searchOrganizations(ctx context.Context, a *ask) (*answer, error) {
	system, number, err := a.token("identifier")
	if err != nil {
		return nil, err
	}
	page, err := a.page()
	if err != nil {
		return nil, err
	}
	if number != "" { // of all whom one may see there are few
		page = identity.Page{}
	}
	all, next, err := h.cfg.Directory.Organisations(ctx, a.by, page)
	if err != nil {
		return nil, placed(err, pageFields)
	}
	if number != "" {
		next = ""
		all = slices.DeleteFunc(all, func(o identity.Organisation) bool { return system != systemOrganisation || o.Number != number })
	}
	return found(h, a, each(all, organization), next), nil
}

// page is the part of a list that is asked for.
func (a *ask) page() (identity.Page, error) {
	n, err := a.count()
	return identity.Page{After: a.one(byPage.name), Limit: n}, err
}

var pageFields = []place{{field: "after", element: "http.page"}}

func organization(o identity.Organisation) *Organization {
	out := &Organization{
		Header: header("Organization", string(o.ID), o.Version, profileOrganization), Active: o.Active, Name: o.Name, Telecom: telecom(o.Phone, ""),
		Type: []CodeableConcept{{Coding: []Coding{
			{systemOrganizationType, "prov", "Healthcare Provider"}, {System: systemKind, Code: Code(o.Kind)},
		}}},
	}
	if o.Number != "" {
		out.Identifier = []Identifier{{System: systemOrganisation, Value: o.Number}}
	}
	for _, c := range o.Contacts {
		out.Contact = append(out.Contact, OrganizationContact{
			Purpose: &CodeableConcept{Text: string(c.For)}, Name: &HumanName{Text: c.Name}, Telecom: telecom(c.Phone, c.Email),
		})
	}
	return out
}

// header is what a resource of ours begins with.
func header(kind, id string, version int64, profile string) Header {
	out := Header{ResourceType: kind, ID: ID(id)}
	if version != 0 || profile != "" {
		out.Meta = &Meta{}
	}
	if version != 0 {
		out.Meta.VersionID = versionID(version)
	}
	if profile != "" {
		out.Meta.Profile = []string{profile}
	}
	return out
}

// telecom is what there is of a telephone number and an e-mail address.
func telecom(phone, email string) (out []ContactPoint) {
	if phone != "" {
		out = append(out, ContactPoint{System: "phone", Value: phone})
	}
	if email != "" {
		out = append(out, ContactPoint{System: "email", Value: email})
	}
	return out
}

func each[A, B any](all []A, of func(A) B) []B {
	out := make([]B, len(all))
	for i, one := range all {
		out[i] = of(one)
	}
	return out
}
