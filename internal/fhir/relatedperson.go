package fhir

import (
	"context"
	"slices"
	"strings"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
)

// RelatedPerson is a relative or guardian of one patient. Its version is the patient's.
type RelatedPerson struct {
	Header
	Patient       *Reference        `json:"patient,omitempty"`
	Relationship  []CodeableConcept `json:"relationship,omitempty"`
	Name          []HumanName       `json:"name,omitempty"`
	Telecom       []ContactPoint    `json:"telecom,omitempty"`
	Communication []Communication   `json:"communication,omitempty"`
}

func (h *Handler) relatedPersons() kind {
	return kind{
		name: "RelatedPerson", profile: profileRelatedPerson, see: access.PatientRead, change: access.PatientWrite,
		read: h.readRelatedPerson, search: h.searchRelatedPersons, create: h.createRelatedPerson, update: h.updateRelatedPerson,
		params: []param{{name: "patient", sort: "reference", doc: "whose; required", private: true}},
		notes:  "A change takes and gives the version of the patient.",
	}
}

// relatedPersonID names a relative by their patient too, with whom they are kept.
func relatedPersonID(patient, relative access.PersonID) string {
	return string(patient) + "." + string(relative)
}

// around reads a patient, and the place of one of the relatives.
func (h *Handler) around(ctx context.Context, a *ask) (p identity.Patient, at int, err error) {
	patient, relative, _ := strings.Cut(a.id, ".")
	if p, err = h.cfg.Patients.Patient(ctx, a.by, access.PersonID(patient)); err != nil {
		return p, 0, err
	}
	at = slices.IndexFunc(p.Relatives, func(r identity.RelatedPerson) bool { return string(r.ID) == relative })
	if at < 0 {
		return p, 0, identity.ErrNotFound
	}
	return p, at, nil
}

func (h *Handler) readRelatedPerson(ctx context.Context, a *ask) (*answer, error) {
	p, at, err := h.around(ctx, a)
	if err != nil {
		return nil, err
	}
	return &answer{resource: relatedPerson(p, p.Relatives[at]), version: p.Version}, nil
}

func (h *Handler) searchRelatedPersons(ctx context.Context, a *ask) (*answer, error) {
	_, id, err := a.reference("patient", "Patient")
	switch {
	case err != nil:
		return nil, err
	case id == "":
		return nil, faultAt(400, IssueRequired, "http.patient", "is required, in the body of a POST to RelatedPerson/_search")
	}
	p, err := h.cfg.Patients.Patient(ctx, a.by, access.PersonID(id))
	if err != nil {
		return nil, err
	}
	return found(h, a, each(p.Relatives, func(r identity.RelatedPerson) *RelatedPerson { return relatedPerson(p, r) }), ""), nil
}

func (h *Handler) createRelatedPerson(ctx context.Context, a *ask) (*answer, error) {
	in, id, err := readRelatedPerson(a)
	if err != nil {
		return nil, err
	}
	p, err := h.cfg.Patients.Patient(ctx, a.by, id)
	if err != nil {
		return nil, err
	}
	var r identity.RelatedPerson
	if err := in.into(&r); err != nil {
		return nil, err
	}
	before := p.Relatives
	p.Relatives = append(slices.Clone(before), r)
	out, err := h.saveRelatedPerson(ctx, a, p, len(before))
	if err != nil {
		return nil, err
	}
	out.created = true
	return out, nil
}

func (h *Handler) updateRelatedPerson(ctx context.Context, a *ask) (*answer, error) {
	in, id, err := readRelatedPerson(a)
	if err != nil {
		return nil, err
	}
	p, at, err := h.around(ctx, a)
	switch {
	case err != nil:
		return nil, err
	case string(in.ID) != a.id:
		return nil, unreadable("RelatedPerson.id", "must be the one in the address")
	case id != p.ID:
		return nil, broken("RelatedPerson.patient", "stays as it is")
	}
	p.Relatives, p.Version = slices.Clone(p.Relatives), a.version
	if err := in.into(&p.Relatives[at]); err != nil {
		return nil, err
	}
	return h.saveRelatedPerson(ctx, a, p, at)
}

func (h *Handler) saveRelatedPerson(ctx context.Context, a *ask, p identity.Patient, at int) (*answer, error) {
	p, err := h.cfg.Patients.UpdatePatient(ctx, a.by, p)
	if err != nil {
		list := element("relatives", at) + "."
		return nil, placed(err, []place{
			{field: list + "name", element: "RelatedPerson.name"}, {field: list + "kind", element: "RelatedPerson.relationship"},
			{field: list + "title", element: "RelatedPerson.relationship"}, {field: list + "phone", element: "RelatedPerson.telecom"},
			{field: list + "email", element: "RelatedPerson.telecom"}, {field: list + "language", element: "RelatedPerson.communication"},
		})
	}
	return &answer{resource: relatedPerson(p, p.Relatives[at]), version: p.Version}, nil
}

// readRelatedPerson reads what is sent, and whose relative it is.
func readRelatedPerson(a *ask) (in RelatedPerson, patient access.PersonID, err error) {
	if err := read("RelatedPerson", a.data, &in); err != nil {
		return in, "", err
	}
	if in.Patient == nil {
		return in, "", missing("RelatedPerson.patient")
	}
	kind, id, ok := refer(in.Patient.Reference, []string{"Patient"})
	if !ok || kind+"/"+id != in.Patient.Reference {
		return in, "", broken("RelatedPerson.patient.reference", "must be as in Patient/id")
	}
	return in, access.PersonID(id), nil
}

// guardian is HL7's code for one; relatives of any other sort have none but their own words. Norway's
// no-basis-family-relation tells more, which is not kept as a code here.
const guardian = "GUARD"

func relatedPerson(p identity.Patient, r identity.RelatedPerson) *RelatedPerson {
	tie := CodeableConcept{Text: r.Title}
	if r.Kind == identity.KindGuardian {
		tie.Coding = []Coding{{systemRoleCode, guardian, "guardian"}}
	}
	out := &RelatedPerson{
		Header:  header("RelatedPerson", relatedPersonID(p.ID, r.ID), p.Version, profileRelatedPerson),
		Patient: &Reference{Reference: spell("Patient", p.ID)},
		Name:    []HumanName{{Text: r.Name}}, Telecom: telecom(r.Phone, r.Email), Communication: communication(r.Language),
	}
	if tie.Text != "" || tie.Coding != nil {
		out.Relationship = []CodeableConcept{tie}
	}
	return out
}

func (in *RelatedPerson) into(r *identity.RelatedPerson) error {
	r.Kind, r.Title = identity.KindRelative, ""
	if len(in.Relationship) > 1 {
		return broken("RelatedPerson.relationship", "must be at most one")
	}
	for _, c := range in.Relationship {
		r.Title = c.Text
		for i, k := range c.Coding {
			if k.System != systemRoleCode || k.Code != guardian {
				return broken(element("RelatedPerson.relationship[0].coding", i), "must be "+guardian+" of "+systemRoleCode+", or words alone: dotter")
			}
			r.Kind = identity.KindGuardian
		}
	}
	return person{"RelatedPerson", in.Name, in.Telecom, in.Communication}.into(&r.Person)
}
