package fhir

import (
	"context"
)

// CapabilityStatement says what can be done here. It is made of the same tables as the
// interactions themselves.
type CapabilityStatement struct {
	Header
	Status         Code                     `json:"status"`
	Date           DateTime                 `json:"date"`
	Kind           Code                     `json:"kind"`
	Software       CapabilitySoftware       `json:"software"`
	Implementation CapabilityImplementation `json:"implementation"`
	FHIRVersion    Code                     `json:"fhirVersion"`
	Format         []Code                   `json:"format"`
	Rest           []CapabilityRest         `json:"rest"`
}

// CapabilitySoftware names the program.
type CapabilitySoftware struct {
	Name string `json:"name"`
}

// CapabilityImplementation says where this service is.
type CapabilityImplementation struct {
	Description string `json:"description"`
	URL         string `json:"url"`
}

// CapabilityRest is the one way in.
type CapabilityRest struct {
	Mode          Code                 `json:"mode"`
	Documentation string               `json:"documentation"`
	Security      CapabilitySecurity   `json:"security"`
	Resource      []CapabilityResource `json:"resource"`
	Interaction   []CapabilityCode     `json:"interaction,omitempty"` // of the whole service
}

// CapabilitySecurity says how others sign in.
type CapabilitySecurity struct {
	Service     []CodeableConcept `json:"service"`
	Description string            `json:"description"`
}

// CapabilityResource is one type.
type CapabilityResource struct {
	Type              Code               `json:"type"`
	SupportedProfile  []string           `json:"supportedProfile,omitempty"`
	Documentation     string             `json:"documentation,omitempty"`
	Interaction       []CapabilityCode   `json:"interaction"`
	Versioning        Code               `json:"versioning"`
	ConditionalRead   Code               `json:"conditionalRead"`
	ReferencePolicy   []Code             `json:"referencePolicy"`
	SearchParam       []CapabilitySearch `json:"searchParam,omitempty"`
	ConditionalCreate bool               `json:"conditionalCreate"`
}

// CapabilityCode names an interaction.
type CapabilityCode struct {
	Code Code `json:"code"`
}

// CapabilitySearch is a criterion.
type CapabilitySearch struct {
	Name          string `json:"name"`
	Type          Code   `json:"type"`
	Documentation string `json:"documentation"`
}

// since is the day on which what is said here last changed.
const since = "2026-12-01"

const restNotes = "An element that is not kept here is refused by its name, and so is a criterion that is none. " +
	"An update has If-Match. A create may be named by Idempotency-Key, in quotes, 16 to 128 characters: sent again within 24 hours, it is carried out once. " +
	"Identity numbers stand in no address: search by POST to _search, with the criteria in the body."

const bundleNotes = " A Bundle of Observations is sent to the service's address itself: a collection (of one patient) and a batch are kept item by item, " +
	"each answered with its own outcome; a transaction (of one patient; POST only) whole or not at all, and its derivedFrom may be the fullUrl of another of its entries. " +
	"At most 500 entries and 2 MiB; sent again, it changes nothing."

// kinds are the types that are served.
func (h *Handler) kinds() []kind {
	out := []kind{
		h.organizations(), h.practitioners(), h.practitionerRoles(), h.patients(), h.relatedPersons(),
		h.schedules(), h.slots(), h.appointments(), h.appointmentResponses(),
	}
	if h.cfg.Measurements != nil {
		out = append(out, h.observations())
	}
	if h.cfg.Questions != nil {
		out = append(out, h.questionnaires(), h.questionnaireResponses())
	}
	if h.cfg.Plans != nil {
		out = append(out, h.carePlans())
	}
	if h.cfg.Photos != nil {
		out = append(out, h.documentReferences(), h.binaries())
	}
	return out
}

func (h *Handler) capabilities(context.Context, *ask) (*answer, error) {
	out := &CapabilityStatement{
		Header: Header{ResourceType: "CapabilityStatement"}, Status: "active", Date: since, Kind: "instance",
		Software:       CapabilitySoftware{"samkonsult"},
		Implementation: CapabilityImplementation{"Video consultations between hospital, municipality and patient", h.cfg.Base + Path},
		FHIRVersion:    "4.0.1", Format: []Code{"json"},
	}
	oauth := CodeableConcept{Coding: []Coding{{systemSecurity, "OAuth", "OAuth"}}}
	rest := CapabilityRest{Mode: "server", Documentation: restNotes, Security: CapabilitySecurity{
		[]CodeableConcept{oauth}, "Machines send a token of POST " + h.cfg.Base + "/api/v1/token (RFC 6749 §4.4, RFC 7523) and have scopes; people their session's cookie. " +
			"Who may do what is the service's own table. A refusal is the same for what is there and for what is not.",
	}}
	for _, k := range h.kinds() {
		one := CapabilityResource{
			Type: Code(k.name), Documentation: k.notes, Versioning: "versioned-update", ConditionalRead: "not-match", ReferencePolicy: []Code{"literal"},
		}
		if k.update == nil {
			one.Versioning = "versioned"
		}
		if k.profile != "" {
			one.SupportedProfile = append([]string{k.profile}, k.profiles...)
		} else {
			one.Versioning, one.ConditionalRead = "no-version", "not-supported" // worked out when it is asked for
		}
		seen := map[string]bool{}
		for _, i := range k.interactions() {
			if !seen[i.Name] {
				one.Interaction = append(one.Interaction, CapabilityCode{Code(i.Name)})
			}
			seen[i.Name] = true
		}
		for _, p := range k.params {
			if p.name == byPage.name || p.name == byCount.name {
				continue
			}
			doc := p.doc
			if p.private {
				doc += " (in the body of a POST to " + k.name + "/_search only)"
			}
			one.SearchParam = append(one.SearchParam, CapabilitySearch{p.name, p.sort, doc})
		}
		rest.Resource = append(rest.Resource, one)
	}
	if h.cfg.Measurements != nil {
		rest.Interaction = []CapabilityCode{{"transaction"}, {"batch"}}
		rest.Documentation += bundleNotes
	}
	out.Rest = []CapabilityRest{rest}
	return &answer{resource: out}, nil
}
