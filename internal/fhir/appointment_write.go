package fhir

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Changes books, and changes what is booked: scheduling.Service.
type Changes interface {
	Book(ctx context.Context, by access.Actor, r scheduling.Request) ([]scheduling.Appointment, []scheduling.Skipped, error)
	Move(ctx context.Context, by access.Actor, id scheduling.AppointmentID, version int64, m scheduling.Move) (scheduling.Appointment, error)
	Cancel(ctx context.Context, by access.Actor, id scheduling.AppointmentID, version int64, c scheduling.Cancel) (scheduling.Appointment, error)
	NoShow(ctx context.Context, by access.Actor, id scheduling.AppointmentID, version int64) (scheduling.Appointment, error)
	Answer(ctx context.Context, by access.Actor, id scheduling.AppointmentID, g scheduling.Given) (scheduling.Appointment, error)
}

func (h *Handler) createAppointment(ctx context.Context, a *ask) (*answer, error) {
	var in Appointment
	if err := read("Appointment", a.data, &in); err != nil {
		return nil, err
	}
	r, err := in.times()
	if err != nil {
		return nil, err
	}
	switch {
	case in.Extension != nil:
		return nil, broken("Appointment.extension", "is set here: leave it out")
	case in.CancelationReason != nil:
		return nil, broken("Appointment.cancelationReason", "is only for what is cancelled")
	case in.Created != "":
		return nil, broken("Appointment.created", "is set here: leave it out")
	}
	r.Title, r.Question = in.Description, in.Comment
	for line := range strings.Lines(in.PatientInstruction) {
		if line = strings.TrimSpace(line); line != "" {
			r.Prepare = append(r.Prepare, scheduling.Preparation{For: access.Patient, What: line})
		}
	}
	parties, err := h.parties(ctx, a.by, in.Participant)
	if err != nil {
		return nil, err
	}
	r.Parties, r.Equipment = parties.people, parties.equipment
	all, _, err := h.cfg.Changes.Book(ctx, a.by, r)
	if err != nil {
		return nil, parties.placed(err)
	}
	out, err := h.saved(ctx, a, all[0])
	if err != nil {
		return nil, err
	}
	out.created = true
	return out, nil
}

// saved is what has been made or changed, as who did it may read it: whoever may book for their
// house may read what it has booked.
func (h *Handler) saved(ctx context.Context, a *ask, s scheduling.Appointment) (*answer, error) {
	d, err := h.cfg.Bookings.Read(ctx, a.by, s.ID)
	if err != nil {
		return nil, fmt.Errorf("read what was saved: %w", err)
	}
	return &answer{resource: h.appointment(d), version: d.Version}, nil
}

// times reads when it is to be, or could be.
func (in *Appointment) times() (r scheduling.Request, err error) {
	span := func(where string, start, end Instant) error {
		switch {
		case start == "" || end == "":
			return missing(where)
		case Instant(start).rule() != "" || Instant(end).rule() != "":
			return broken(where, ruleInstant)
		}
		length := end.time().Sub(start.time())
		if len(r.Starts) > 0 && length != r.Length {
			return broken(where, "must be as long as the others")
		}
		r.Starts, r.Length = append(r.Starts, start.time()), length
		return nil
	}
	switch in.Status {
	case "booked":
		r.AtOnce = true
		if in.RequestedPeriod != nil {
			return r, broken("Appointment.requestedPeriod", "is only for what is proposed")
		}
		err = span("Appointment.start", in.Start, in.End)
	case "proposed":
		for i, p := range in.RequestedPeriod {
			if err = span(element("Appointment.requestedPeriod", i), Instant(p.Start), Instant(p.End)); err != nil {
				return r, err
			}
		}
		switch {
		case len(r.Starts) == 0:
			err = span("Appointment.requestedPeriod", in.Start, in.End)
		case in.Start != "" && !in.Start.time().Equal(r.Starts[0]) || in.End != "" && !in.End.time().Equal(r.Starts[0].Add(r.Length)):
			err = broken("Appointment.start", "must be that of the first requestedPeriod, or left out")
		}
	case "":
		err = missing("Appointment.status")
	default:
		err = broken("Appointment.status", "must be proposed or booked")
	}
	if err == nil && in.MinutesDuration != 0 && time.Duration(in.MinutesDuration)*time.Minute != r.Length {
		err = broken("Appointment.minutesDuration", "must be what start and end say, or left out")
	}
	return r, err
}

// parties are participants as the schedule has them, with the places that they come from.
type parties struct {
	people    []scheduling.Party
	from      []int // of the people, among the participants
	equipment []scheduling.EquipmentID
	things    []int
}

func (h *Handler) parties(ctx context.Context, by access.Actor, all []Participant) (out parties, err error) {
	if len(all) == 0 {
		return out, missing("Appointment.participant")
	}
	for i, p := range all {
		where := element("Appointment.participant", i)
		switch {
		case p.Actor == nil:
			return out, missing(where + ".actor")
		case p.Status != "" && p.Status != "needs-action":
			return out, broken(where+".status", "must be needs-action: they answer themselves, and who books has accepted")
		case p.Required != "" && p.Required != "required" && p.Required != "optional":
			return out, broken(where+".required", "must be required or optional") // information-only has no place here
		}
		if id := p.Actor.Identifier; id != nil && p.Actor.Reference == "" {
			if id.System != systemEquipment || id.Value == "" {
				return out, broken(where+".actor.identifier", "must be of "+systemEquipment)
			}
			out.equipment, out.things = append(out.equipment, scheduling.EquipmentID(id.Value)), append(out.things, i)
			continue
		}
		party, err := h.party(ctx, by, where+".actor", p)
		if err != nil {
			return out, err
		}
		party.Required = p.Required != "optional"
		out.people, out.from = append(out.people, party), append(out.from, i)
	}
	return out, nil
}

// party says who a participant is, and as what.
func (h *Handler) party(ctx context.Context, by access.Actor, where string, p Participant) (out scheduling.Party, err error) {
	kind, id, ok := refer(p.Actor.Reference, []string{"Patient", "RelatedPerson", "Practitioner", "PractitionerRole"})
	if !ok || kind+"/"+id != p.Actor.Reference {
		return out, broken(where, "must be a Patient, RelatedPerson, Practitioner or PractitionerRole by its reference, or equipment by its identifier")
	}
	person, part, _ := strings.Cut(id, ".")
	switch {
	case kind == "Patient":
		return scheduling.Party{Person: access.PersonID(id), Role: access.Patient}, nil
	case kind == "RelatedPerson":
		return scheduling.Party{Person: access.PersonID(part), Role: access.Relative}, nil
	case slices.ContainsFunc(p.Type, func(c CodeableConcept) bool { return c.code(systemParticipantType) == "translator" }):
		return scheduling.Party{Person: access.PersonID(person), Role: access.Interpreter}, nil
	}
	var roles []scheduling.Party
	if kind == "PractitionerRole" {
		m, err := h.cfg.Directory.Staff(ctx, by, access.PersonID(person))
		if err != nil {
			return out, err
		}
		for _, k := range m.Assignments {
			if k.ID == part && k.Role.Clinician() {
				roles = append(roles, scheduling.Party{Person: m.ID, Role: k.Role, Organisation: k.Organisation})
			}
		}
	} else if roles, err = h.rolesOf(ctx, by, access.PersonID(person), p.Type); err != nil {
		return out, err
	}
	switch len(roles) {
	case 0:
		return out, broken(where, "must be someone who treats, and whom you may book")
	case 1:
		return roles[0], nil
	}
	return out, broken(where, "works in several roles or organisations: say which by PractitionerRole, or the role by a type of "+systemRole)
}

// rolesOf are the roles in which somebody may be booked, as far as the participant's type leaves them.
func (h *Handler) rolesOf(ctx context.Context, by access.Actor, person access.PersonID, as []CodeableConcept) (out []scheduling.Party, err error) {
	colleagues, _, err := h.cfg.Calendar.Colleagues(ctx, by)
	if err != nil {
		return nil, err
	}
	said := ""
	for _, c := range as {
		said = cmp.Or(said, c.code(systemRole))
	}
	for _, c := range colleagues {
		if c.Person == person && (said == "" || said == c.Role.String()) {
			out = append(out, scheduling.Party{Person: c.Person, Role: c.Role, Organisation: c.Colleague.Organisation})
		}
	}
	return out, nil
}

// placed says which participant or time an error is about.
func (p parties) placed(err error) error {
	if taken, ok := errors.AsType[*scheduling.TakenError](err); ok {
		return p.taken(taken)
	}
	broken, ok := errors.AsType[*scheduling.Invalid](err)
	if !ok {
		return err
	}
	var i int
	if _, scanned := fmt.Sscanf(broken.Field, "parties[%d]", &i); scanned == nil && i < len(p.from) {
		return placed(err, []place{{field: broken.Field, element: element("Appointment.participant", p.from[i])}})
	}
	if _, scanned := fmt.Sscanf(broken.Field, "equipment[%d]", &i); scanned == nil && i < len(p.things) {
		return placed(err, []place{{field: broken.Field, element: element("Appointment.participant", p.things[i])}})
	}
	return placed(err, bookingFields)
}

// bookingFields are the schedule's fields of a booking and their elements.
var bookingFields = []place{
	{field: "times", element: "Appointment.requestedPeriod", listed: true}, {field: "starts", element: "Appointment.start"}, {field: "minutes", element: "Appointment.end"},
	{field: "title", element: "Appointment.description"}, {field: "question", element: "Appointment.comment"},
	{field: "prepare", element: "Appointment.patientInstruction"}, {field: "parties", element: "Appointment.participant"}, {field: "participants", element: "Appointment.participant"},
	{field: "reason", element: "Appointment.cancelationReason"}, {field: "words", element: "Appointment.cancelationReason.text"}, {field: "state", element: "Appointment.status"},
	{field: "answers", element: "AppointmentResponse.participantStatus"}, {field: "comment", element: "AppointmentResponse.comment"},
}

// taken says who is not free, and when; not for what.
func (p parties) taken(err *scheduling.TakenError) *Fault {
	f := &Fault{Status: http.StatusConflict}
	for _, t := range err.Taken {
		where := ""
		for i, one := range p.people {
			if scheduling.Subject(one.Person) == t.Subject {
				where = element("Appointment.participant", p.from[i])
			}
		}
		for i, e := range p.equipment {
			if scheduling.Subject(e) == t.Subject {
				where = element("Appointment.participant", p.things[i])
			}
		}
		rule := "is not free: " + string(t.Rule)
		if !t.Starts.IsZero() {
			rule += ", at " + string(instantOf(t.Starts))
		}
		f.Issues = append(f.Issues, faultAt(0, IssueConflict, where, rule).Issues...)
	}
	if f.Issues == nil {
		f.Issues = NewFault(0, IssueConflict, "the time is taken").Issues
	}
	return f
}

func (h *Handler) updateAppointment(ctx context.Context, a *ask) (*answer, error) {
	var in Appointment
	if err := read("Appointment", a.data, &in); err != nil {
		return nil, err
	}
	id := scheduling.AppointmentID(a.id)
	d, err := h.cfg.Bookings.Read(ctx, a.by, id)
	if err != nil {
		return nil, err
	}
	if string(in.ID) != a.id {
		return nil, unreadable("Appointment.id", "must be the one in the address")
	}
	if d.Version != a.version {
		return nil, scheduling.ErrVersion
	}
	was := h.appointment(d)
	if err := in.sameBut(was); err != nil {
		return nil, err
	}
	moved := in.Start.time() != was.Start.time() || in.End.time() != was.End.time()
	ended := in.Status != was.Status
	var now scheduling.Appointment
	switch {
	case moved && ended:
		return nil, broken("Appointment.status", "must be as it was where start or end is another: one change at a time")
	case moved:
		if in.Start == "" || in.End == "" {
			return nil, missing("Appointment.start")
		}
		now, err = h.cfg.Changes.Move(ctx, a.by, id, a.version, scheduling.Move{Starts: in.Start.time(), Length: in.End.time().Sub(in.Start.time())})
	case !ended:
		return &answer{resource: was, version: d.Version}, nil // nothing is changed
	case in.Status == Code(scheduling.Cancelled):
		c := scheduling.Cancel{Reason: reasonOf(in.CancelationReason)}
		if c.Reason == "" {
			return nil, broken("Appointment.cancelationReason", "must have a code of "+systemCancellation+" (pat, prov or other) or "+systemReason)
		}
		c.Words = in.CancelationReason.Text
		now, err = h.cfg.Changes.Cancel(ctx, a.by, id, a.version, c)
	case in.Status == Code(scheduling.NoShow):
		now, err = h.cfg.Changes.NoShow(ctx, a.by, id, a.version)
	default:
		return nil, broken("Appointment.status", "must be as it was, cancelled or noshow: answers come as AppointmentResponse")
	}
	if err != nil {
		return nil, invitedOf(d).placed(err)
	}
	return h.saved(ctx, a, now)
}

// invitedOf are those who are invited already, for errors that are about one of them.
func invitedOf(d scheduling.Detail) (out parties) {
	for i, p := range d.People {
		out.people, out.from = append(out.people, scheduling.Party{Person: p.Person}), append(out.from, i)
	}
	for i, e := range d.Equipment {
		out.equipment, out.things = append(out.equipment, e.ID), append(out.things, len(d.People)+i)
	}
	return out
}

// stays says whether an element that an update does not change is another than it was.
func stays(where string, now, before any) error {
	if v := reflect.ValueOf(now); !v.IsZero() && !reflect.DeepEqual(now, before) {
		return broken(where, "stays as it is here, or is left out")
	}
	return nil
}

// sameBut says which element is another than it was, of those that an update does not change. What is
// left out of them is taken as unchanged, but for the participants.
func (in *Appointment) sameBut(was *Appointment) error {
	stays := func(name string, now, before any) error { return stays("Appointment."+name, now, before) }
	err := errors.Join( // the first of them is what is told
		stays("extension", in.Extension, was.Extension), stays("description", in.Description, was.Description),
		stays("comment", in.Comment, was.Comment), stays("patientInstruction", in.PatientInstruction, was.PatientInstruction),
		stays("created", in.Created, was.Created), stays("requestedPeriod", in.RequestedPeriod, was.RequestedPeriod),
		stays("participant", in.Participant, was.Participant),
	)
	switch {
	case err != nil:
		return err
	case in.Status == "":
		return missing("Appointment.status")
	case in.Participant == nil:
		return missing("Appointment.participant")
	case in.CancelationReason != nil && in.Status != Code(scheduling.Cancelled):
		return broken("Appointment.cancelationReason", "is only for what is cancelled")
	case in.Status == was.Status && in.CancelationReason != nil && !reflect.DeepEqual(in.CancelationReason, was.CancelationReason):
		return broken("Appointment.cancelationReason", "stays as it is")
	case in.MinutesDuration != 0 && in.Start != "" && in.End != "" && time.Duration(in.MinutesDuration)*time.Minute != in.End.time().Sub(in.Start.time()):
		return broken("Appointment.minutesDuration", "must be what start and end say, or left out")
	}
	return nil
}
