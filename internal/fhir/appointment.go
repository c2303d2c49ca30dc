package fhir

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Bookings tells what is booked and asked for: scheduling.Service.
type Bookings interface {
	Read(ctx context.Context, by access.Actor, id scheduling.AppointmentID) (scheduling.Detail, error)
	BookingsWhere(ctx context.Context, by access.Actor, q scheduling.Query) ([]scheduling.Detail, error)
}

// Appointment is what is booked, or asked for: of the times that are, requestedPeriod has all,
// and start and end have the first.
type Appointment struct {
	Header
	Extension          []Extension      `json:"extension,omitempty"`
	Status             Code             `json:"status,omitempty"`
	CancelationReason  *CodeableConcept `json:"cancelationReason,omitempty"`
	Description        string           `json:"description,omitempty"` // what it is about: Sårkontroll
	Start              Instant          `json:"start,omitempty"`
	End                Instant          `json:"end,omitempty"`
	MinutesDuration    int              `json:"minutesDuration,omitempty"`
	Created            DateTime         `json:"created,omitempty"`
	Comment            string           `json:"comment,omitempty"`            // the question that is to be answered
	PatientInstruction string           `json:"patientInstruction,omitempty"` // what the patient is to prepare, a line for each
	Participant        []Participant    `json:"participant,omitempty"`
	RequestedPeriod    []Period         `json:"requestedPeriod,omitempty"`
}

// Participant is someone who is invited, or equipment that is booked along.
type Participant struct {
	Type     []CodeableConcept `json:"type,omitempty"`
	Actor    *Reference        `json:"actor,omitempty"` // none where who it is is not for the reader
	Required Code              `json:"required,omitempty"`
	Status   Code              `json:"status,omitempty"`
}

// maxBookings is how long a stretch a search may span.
const maxBookings = 92 * 24 * time.Hour

func (h *Handler) appointments() kind {
	return kind{
		name: "Appointment", profile: profileAppointment, see: access.ConsultationRead, list: access.ConsultationList, change: access.ConsultationBook,
		read: h.readAppointment, search: h.searchAppointments, create: h.createAppointment, update: h.updateAppointment,
		params: []param{
			{name: "date", sort: "date", doc: "when it begins, or could: ge and lt; at most 92 days; required", often: true},
			{name: "status", sort: "token", doc: "one, or several apart by commas"},
			{name: "practitioner", sort: "reference", doc: "who is invited"},
			{name: "patient", sort: "reference", doc: "whom it is about", private: true},
		},
		notes: "Created as proposed, to ask all who are invited for one of requestedPeriod, or as booked at start. " +
			"An update moves it (start and end), or ends it (status cancelled with a cancelationReason, or noshow), one at a time. " +
			"Who is invited answers by AppointmentResponse.",
	}
}

func (h *Handler) readAppointment(ctx context.Context, a *ask) (*answer, error) {
	d, err := h.cfg.Bookings.Read(ctx, a.by, scheduling.AppointmentID(a.id))
	if err != nil {
		return nil, err
	}
	return &answer{resource: h.appointment(d), version: d.Version}, nil
}

func (h *Handler) searchAppointments(ctx context.Context, a *ask) (*answer, error) {
	from, until, err := a.period("date", h.cfg.Zone, maxBookings)
	if err != nil {
		return nil, err
	}
	_, practitioner, err := a.reference("practitioner", "Practitioner")
	if err != nil {
		return nil, err
	}
	_, patient, err := a.reference("patient", "Patient")
	if err != nil {
		return nil, err
	}
	q := scheduling.Query{From: from, Until: until, Person: access.PersonID(cmp.Or(patient, practitioner))}
	if q.States, err = a.states(); err != nil {
		return nil, err
	}
	all, err := h.cfg.Bookings.BookingsWhere(ctx, a.by, q)
	if err != nil {
		return nil, err
	}
	// Who may not read of patients must not learn by a search whom it is about.
	invited := func(d scheduling.Detail, staff bool, id string) bool {
		return slices.ContainsFunc(d.People, func(p scheduling.Invited) bool {
			return string(p.Person) == id && (staff == (p.Role != access.Patient)) && (p.Role.Staff() || p.Name != "")
		})
	}
	all = slices.DeleteFunc(all, func(d scheduling.Detail) bool {
		return practitioner != "" && !invited(d, true, practitioner) || patient != "" && !invited(d, false, patient)
	})
	return found(h, a, each(all, h.appointment), ""), nil
}

// states are those that a search asks for; none: any.
func (a *ask) states() (out []scheduling.State, err error) {
	all := []scheduling.State{
		scheduling.Proposed, scheduling.Pending, scheduling.Booked, scheduling.Arrived, scheduling.Fulfilled, scheduling.Cancelled, scheduling.NoShow,
	}
	for text := range strings.SplitSeq(a.one("status"), ",") {
		if s := scheduling.State(text); slices.Contains(all, s) {
			out = append(out, s)
		} else if text != "" || len(out) > 0 {
			return nil, faultAt(400, IssueValue, "http.status", "must be proposed, pending, booked, arrived, fulfilled, cancelled or noshow, apart by commas")
		}
	}
	return out, nil
}

// appointment is a booking as its reader may see it.
func (h *Handler) appointment(d scheduling.Detail) *Appointment {
	out := &Appointment{
		Header: header("Appointment", string(d.ID), d.Version, profileAppointment),
		Status: Code(d.State), Description: d.Title, Comment: d.Question,
		Start: instantOf(d.Starts), End: instantOf(d.Ends), MinutesDuration: int(d.Ends.Sub(d.Starts) / time.Minute),
		Created: DateTime(instantOf(d.Made)),
	}
	if d.State.Stands() {
		out.Extension = []Extension{h.virtualService()}
	}
	// app-4: a reason is only for what was cancelled or not kept.
	if d.State == scheduling.Cancelled && d.Reason != "" {
		out.CancelationReason = &CodeableConcept{Coding: reasonCodings(d.Reason), Text: d.Words}
	}
	var lines []string
	for _, p := range d.Prepare {
		if p.For == access.Patient {
			lines = append(lines, p.What)
		}
	}
	out.PatientInstruction = strings.Join(lines, "\n")
	for _, o := range d.Options {
		out.RequestedPeriod = append(out.RequestedPeriod, Period{DateTime(instantOf(o.Starts)), DateTime(instantOf(o.Ends))})
	}
	for _, p := range d.People {
		out.Participant = append(out.Participant, participant(d, p))
	}
	for _, e := range d.Equipment {
		out.Participant = append(out.Participant, Participant{Actor: equipment(e.ID, e.Name), Required: "required", Status: Code(scheduling.Accepted)})
	}
	return out
}

// virtualService says where the call is: where staff sign in. The links of those who come by one are
// theirs alone, and in nobody's calendar.
func (h *Handler) virtualService() Extension {
	return Extension{URL: extensionVirtualService, Extension: []Extension{
		{URL: "channelType", ValueCoding: &Coding{System: systemContactPoint, Code: "url"}}, // ValueSet no-basis-virtual-service-type
		{URL: "virtualAddress", ValueURL: h.cfg.Base + "/"},
	}}
}

func participant(d scheduling.Detail, p scheduling.Invited) Participant {
	out := Participant{Type: []CodeableConcept{{Text: p.Title}}, Required: "optional", Status: Code(statusOf(d.Appointment, p.Participant))}
	if p.Required {
		out.Required = "required"
	}
	coding := Coding{systemParticipationType, "PART", "Participation"}
	if p.Role == access.Interpreter {
		coding = Coding{systemParticipantType, "translator", "Translator"}
	}
	out.Type[0].Coding = []Coding{coding, {System: systemRole, Code: Code(p.Role.String())}}
	if p.Name != "" {
		out.Actor = &Reference{Reference: actorOf(d.Appointment, p.Participant), Display: p.Name}
	}
	return out
}

// actorOf is a participant as a reference. Interpreters are kept as staff are.
func actorOf(a scheduling.Appointment, p scheduling.Participant) string {
	switch p.Role {
	case access.Patient:
		return spell("Patient", p.Person)
	case access.Relative:
		return spell("RelatedPerson", relatedPersonID(a.Patient(), p.Person))
	}
	return spell("Practitioner", p.Person)
}

// equipment is no resource here, and so known by its id.
func equipment(id scheduling.EquipmentID, name string) *Reference {
	return &Reference{Type: "Device", Identifier: &Identifier{System: systemEquipment, Value: string(id)}, Display: name}
}

// statusOf is what a participant has said to the booked time, or the best of what they have said
// to the times that are asked for.
func statusOf(a scheduling.Appointment, p scheduling.Participant) scheduling.Answer {
	if !a.State.Open() {
		return cmp.Or(p.Reply.Answer, scheduling.NeedsAction)
	}
	order := []scheduling.Answer{scheduling.Accepted, scheduling.Tentative, scheduling.Declined}
	best := len(order)
	for _, o := range a.Options {
		for _, r := range o.Replies {
			if r.Participant == p.ID {
				best = min(best, slices.Index(order, r.Answer))
			}
		}
	}
	if best < 0 || best == len(order) {
		return scheduling.NeedsAction
	}
	return order[best]
}

// reasonCodings are a reason in HL7's words, as far as those have it, and in our own.
func reasonCodings(r scheduling.Reason) []Coding {
	known := Coding{systemCancellation, "other", "Other"}
	switch r {
	case scheduling.ByPatient:
		known = Coding{systemCancellation, "pat", "Patient"}
	case scheduling.ByStaff:
		known = Coding{systemCancellation, "prov", "Provider"}
	}
	return []Coding{known, {System: systemReason, Code: Code(r)}}
}

// reasonOf is the reason that a concept says; empty: none that is known.
func reasonOf(c *CodeableConcept) scheduling.Reason {
	if r := scheduling.Reason(c.code(systemReason)); r != "" {
		return r
	}
	switch c.code(systemCancellation) {
	case "pat":
		return scheduling.ByPatient
	case "prov":
		return scheduling.ByStaff
	case "other":
		return scheduling.OtherReason
	}
	return ""
}
