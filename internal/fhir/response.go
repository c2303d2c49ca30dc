package fhir

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// AppointmentResponse is an answer to the booked time, or to one of those that are asked for: that
// which start names. Its version is the appointment's.
type AppointmentResponse struct {
	Header
	Appointment       *Reference `json:"appointment,omitempty"`
	Start             Instant    `json:"start,omitempty"` // none: of every time that is asked for
	End               Instant    `json:"end,omitempty"`
	Actor             *Reference `json:"actor,omitempty"`
	ParticipantStatus Code       `json:"participantStatus,omitempty"`
	Comment           string     `json:"comment,omitempty"`
}

func (h *Handler) appointmentResponses() kind {
	return kind{
		name: "AppointmentResponse", profile: profileAppointmentResponse, see: access.ConsultationRead, change: access.ConsultationAnswer,
		read: h.readResponse, search: h.searchResponses, create: h.createResponse,
		params: []param{{name: "appointment", sort: "reference", doc: "to which; required"}},
		notes: "An answer to the booked time, or while times are asked for, to that which start names, or to all. " +
			"Another start is a counter-proposal, which is tentative or declined to the rest.",
	}
}

func (h *Handler) readResponse(ctx context.Context, a *ask) (*answer, error) {
	id, _, _ := strings.Cut(a.id, ".")
	d, err := h.cfg.Bookings.Read(ctx, a.by, scheduling.AppointmentID(id))
	if err != nil {
		return nil, err
	}
	for _, r := range responses(d) {
		if string(r.ID) == a.id {
			return &answer{resource: r, version: d.Version}, nil
		}
	}
	return nil, scheduling.ErrNotFound
}

func (h *Handler) searchResponses(ctx context.Context, a *ask) (*answer, error) {
	_, id, err := a.reference("appointment", "Appointment")
	switch {
	case err != nil:
		return nil, err
	case id == "":
		return nil, faultAt(400, IssueRequired, "http.appointment", "is required")
	}
	d, err := h.cfg.Bookings.Read(ctx, a.by, scheduling.AppointmentID(id))
	if err != nil {
		return nil, err
	}
	return found(h, a, responses(d), ""), nil
}

// responses are the answers that have been given, of those whom the reader may know.
func responses(d scheduling.Detail) (out []*AppointmentResponse) {
	for _, p := range d.People {
		if p.Name == "" {
			continue
		}
		if !d.State.Open() {
			if p.Reply.Answer != "" && p.Reply.Answer != scheduling.NeedsAction {
				out = append(out, response(d, p, "", d.Starts, d.Ends, p.Reply.Answer))
			}
			continue
		}
		for _, o := range d.Options {
			for _, r := range o.Replies {
				if r.Participant == p.ID {
					out = append(out, response(d, p, o.ID, o.Starts, o.Ends, r.Answer))
				}
			}
		}
	}
	return out
}

// response is one answer. Its id says of whom, and to which of the times that are asked for.
func response(d scheduling.Detail, p scheduling.Invited, option scheduling.OptionID, starts, ends time.Time, answer scheduling.Answer) *AppointmentResponse {
	id := string(d.ID) + "." + string(p.ID)
	if option != "" {
		id += "." + string(option)
	}
	return &AppointmentResponse{
		Header:      header("AppointmentResponse", id, d.Version, profileAppointmentResponse),
		Appointment: &Reference{Reference: spell("Appointment", d.ID)},
		Start:       instantOf(starts), End: instantOf(ends),
		Actor:             &Reference{Reference: actorOf(d.Appointment, p.Participant), Display: p.Name},
		ParticipantStatus: Code(answer), Comment: p.Reply.Comment,
	}
}

func (h *Handler) createResponse(ctx context.Context, a *ask) (*answer, error) {
	var in AppointmentResponse
	if err := read("AppointmentResponse", a.data, &in); err != nil {
		return nil, err
	}
	id, err := in.appointment()
	if err != nil {
		return nil, err
	}
	d, err := h.cfg.Bookings.Read(ctx, a.by, id)
	if err != nil {
		return nil, err
	}
	g, err := in.given(d)
	if err != nil {
		return nil, err
	}
	now, err := h.cfg.Changes.Answer(ctx, a.by, id, g)
	if err != nil {
		return nil, invitedOf(d).placed(err)
	}
	for _, r := range responses(answered(d, now)) {
		if r.Actor.Reference == in.Actor.Reference && (in.Start == "" || in.Start.time().Equal(r.Start.time())) {
			return &answer{resource: r, version: now.Version, created: true}, nil
		}
	}
	return nil, scheduling.ErrNotFound
}

// answered is what was read with the answers that it has now. Names are those that were read:
// an answer changes none.
func answered(d scheduling.Detail, now scheduling.Appointment) scheduling.Detail {
	names := d.People
	d.Appointment, d.People = now, nil
	for _, p := range now.Participants {
		if i := slices.IndexFunc(names, func(n scheduling.Invited) bool { return n.ID == p.ID }); i >= 0 {
			one := names[i]
			one.Participant = p
			d.People = append(d.People, one)
		}
	}
	return d
}

// appointment reads which one it answers, and checks the form of the rest.
func (in *AppointmentResponse) appointment() (scheduling.AppointmentID, error) {
	switch {
	case in.Appointment == nil:
		return "", missing("AppointmentResponse.appointment")
	case in.Actor == nil || in.Actor.Reference == "": // apr-1 would take a participantType for it, which names nobody
		return "", missing("AppointmentResponse.actor")
	case in.ParticipantStatus == "":
		return "", missing("AppointmentResponse.participantStatus")
	}
	kind, id, ok := refer(in.Appointment.Reference, []string{"Appointment"})
	if !ok || kind+"/"+id != in.Appointment.Reference {
		return "", broken("AppointmentResponse.appointment.reference", "must be as in Appointment/id")
	}
	return scheduling.AppointmentID(id), nil
}

// given is the answer as the schedule takes it.
func (in *AppointmentResponse) given(d scheduling.Detail) (g scheduling.Given, err error) {
	at := slices.IndexFunc(d.People, func(p scheduling.Invited) bool {
		return p.Name != "" && actorOf(d.Appointment, p.Participant) == in.Actor.Reference
	})
	if at < 0 {
		return g, broken("AppointmentResponse.actor", "must be one who is invited")
	}
	g.Participant, g.Comment = d.People[at].ID, in.Comment
	status := scheduling.Answer(in.ParticipantStatus)
	if status != scheduling.Accepted && status != scheduling.Declined && status != scheduling.Tentative {
		return g, broken("AppointmentResponse.participantStatus", "must be accepted, declined or tentative")
	}
	to := func(starts, ends time.Time) bool {
		return in.Start == "" || in.Start.time().Equal(starts) && (in.End == "" || in.End.time().Equal(ends))
	}
	if !d.State.Open() {
		if !to(d.Starts, d.Ends) {
			return g, broken("AppointmentResponse.start", "is only for what is not booked yet: decline, and say in the comment when it suits")
		}
		g.Answers = []scheduling.GivenAnswer{{Answer: status}}
		return g, nil
	}
	for _, o := range d.Options {
		if to(o.Starts, o.Ends) {
			g.Answers = append(g.Answers, scheduling.GivenAnswer{Option: o.ID, Answer: status})
		}
	}
	if len(g.Answers) > 0 {
		return g, nil
	}
	switch { // another time: a counter-proposal
	case status == scheduling.Accepted:
		return g, broken("AppointmentResponse.start", "must be one of the times that are asked for, to be accepted")
	case in.End != "" && in.End.time().Sub(in.Start.time()) != d.Ends.Sub(d.Starts):
		return g, broken("AppointmentResponse.end", "must be as long after start as the times that are asked for")
	case status == scheduling.Declined:
		for _, o := range d.Options {
			g.Answers = append(g.Answers, scheduling.GivenAnswer{Option: o.ID, Answer: status})
		}
	}
	g.Starts = in.Start.time()
	return g, nil
}
