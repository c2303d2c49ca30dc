package httpapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

type (
	dayQuery struct {
		Date string `query:"date" doc:"as 2026-11-23; empty: today" maxLength:"10"`
	}
	dayAnswer         struct{ Body Day }
	consultationInput struct {
		Consultation scheduling.AppointmentID `path:"consultation" maxLength:"64"`
	}
	openedAnswer struct{ Body Opened }
)

// registerDay adds the day's list, and the greeting of one consultation.
func (h *Handler) registerDay(api huma.API) {
	register(h, api, operation{
		ID: "readDay", Method: http.MethodGet, Path: "/day", Needs: signedIn, Action: access.ConsultationList, Machines: true,
		Summary: "The consultations of a day that the own organisation invites to or takes part in, by time",
	}, func(ctx context.Context, c caller, in *dayQuery) (*dayAnswer, error) {
		visits, err := h.cfg.Schedule.Day(ctx, c.Actor, in.Date)
		if err != nil {
			return nil, err
		}
		out := Day{Items: make([]DayVisit, len(visits)), Now: h.cfg.Now().UnixMilli()}
		for i, v := range visits {
			out.Items[i] = DayVisit{Visit: visit(v), Seat: string(v.Mine)}
		}
		return &dayAnswer{out}, nil
	})
	register(h, api, operation{
		ID: "readConsultation", Method: http.MethodGet, Path: "/consultations/{consultation}", Needs: signedIn, Action: access.ConsultationRead,
		Summary: "What the session's person is invited to, and what they may do there",
	}, func(ctx context.Context, c caller, in *consultationInput) (*openedAnswer, error) {
		opened, err := h.opened(ctx, c.Current, in.Consultation)
		return &openedAnswer{opened}, err
	})
}

func visit(v scheduling.Visit) Visit {
	return Visit{
		ID: string(v.ID), Starts: v.Starts.UnixMilli(), Ends: v.Ends.UnixMilli(),
		State: VisitState(v.Progress), People: people(v.People), Here: v.Here,
	}
}

func people(invited []scheduling.Invited) []protocol.Person {
	out := make([]protocol.Person, len(invited))
	for i, p := range invited {
		out[i] = protocol.Person{
			ID: string(p.ID), Name: p.Name, Role: protocol.Role(p.Role.String()), Title: p.Title, Organisation: p.OrganisationName,
		}
	}
	return out
}

// opened is the greeting of a consultation that a session has a seat in.
func (h *Handler) opened(ctx context.Context, c identity.Current, id scheduling.AppointmentID) (Opened, error) {
	seat, err := h.cfg.Schedule.Open(ctx, c.Actor, id)
	if err != nil {
		return Opened{}, err
	}
	profile, err := h.cfg.Gate.Profile(ctx, c)
	if err != nil {
		return Opened{}, err
	}
	out := Opened{
		State: string(seat.State),
		Me: Me{
			ID: string(seat.Me.ID), Name: seat.Me.Name, Role: protocol.Role(seat.Me.Role.String()),
			Title: seat.Me.Title, Organisation: seat.Me.OrganisationName, Language: Language(profile.Person.Language),
		},
		Consultation: Consultation(seat), OpensAt: seat.Opens.UnixMilli(), AdmitsItself: seat.AdmitsItself,
		May: Permissions(seat.May), Now: h.cfg.Now().UnixMilli(),
	}
	if out.Me.Language == "" {
		out.Me.Language = Nynorsk
	}
	if h.cfg.Clinical != nil && seat.Patient() != "" {
		may, err := h.cfg.Clinical.May(ctx, c.Actor, seat.Patient())
		if err != nil {
			return Opened{}, err
		}
		if may.See {
			out.Patient = string(seat.Patient())
		}
		out.May = append(out.May, MeasuringPermissions(c.Actor.Role, may)...)
	}
	if c.Handle == "" {
		return out, nil // an account has the house's own pages
	}
	whose, err := h.recordOf(ctx, c.Actor)
	if err != nil {
		return Opened{}, err
	}
	out.SeesRecord, err = h.cfg.Directory.SeesRecord(ctx, c.Actor, whose)
	return out, err
}

// Consultation is a seat's consultation, as everyone in it may see it.
func Consultation(s scheduling.Seat) protocol.Consultation {
	return protocol.Consultation{
		ID: string(s.ID), Starts: s.Starts.UnixMilli(), Ends: s.Ends.UnixMilli(),
		Organisation: s.Host.Name, Phone: s.Host.Phone, Expected: people(s.People),
	}
}

// permissions are the call's names of what access's table rules over in it.
var permissions = map[access.Action]protocol.Permission{
	access.CallAdmit: protocol.MayAdmit, access.CallConfirm: protocol.MayConfirm, access.CallMute: protocol.MayMute,
	access.CallRemove: protocol.MayRemove, access.CallLock: protocol.MayLock, access.CallEnd: protocol.MayEnd,
	access.CallSecond: protocol.MaySecond, access.CallChat: protocol.MayChat,
}

// Permissions are what a seat may do in the call, in the call's names.
func Permissions(may []access.Action) []protocol.Permission {
	out := make([]protocol.Permission, 0, len(may))
	for _, a := range may {
		if p, known := permissions[a]; known {
			out = append(out, p)
		}
	}
	return out
}

// MeasuringPermissions are what someone may do in the call with what is measured of its patient.
// Who treats may ask whoever is with the patient for more.
func MeasuringPermissions(role access.Role, may clinical.Rights) []protocol.Permission {
	var out []protocol.Permission
	if may.See {
		out = append(out, protocol.MaySee)
	}
	if may.Measure {
		out = append(out, protocol.MayMeasure)
	}
	if may.See && role.Clinician() {
		out = append(out, protocol.MayAsk)
	}
	if role.Clinician() {
		out = append(out, protocol.MayDraw)
	}
	if may.SeeWounds {
		out = append(out, protocol.MaySeeWounds)
	}
	if may.ReadPlan {
		out = append(out, protocol.MayReadPlan)
	}
	if may.WritePlan {
		out = append(out, protocol.MayWritePlan)
	}
	return out
}

// scheduleProblem is what scheduling's errors are on the outside; nil for all others.
func scheduleProblem(err error) *Problem {
	if broken, ok := errors.AsType[*scheduling.Invalid](err); ok {
		return invalid(broken.Field, broken.Rule)
	}
	if closed, ok := errors.AsType[*scheduling.ClosedError](err); ok {
		p := &Problem{
			Status: http.StatusGone, Code: ProblemConsultationEnded, Title: "the consultation is over",
			Organisation: closed.Host.Name, Phone: closed.Host.Phone,
		}
		if closed.Reason == scheduling.NotYetOpen {
			p.Status, p.Code, p.Title = http.StatusForbidden, ProblemNotYetOpen, "the waiting room is not open yet"
		}
		return p
	}
	if taken, ok := errors.AsType[*scheduling.TakenError](err); ok {
		p := &Problem{Status: http.StatusConflict, Code: ProblemTaken, Title: "the time is not free"}
		for _, t := range taken.Taken {
			p.Taken = append(p.Taken, TakenBy{Person: string(t.Subject), Rule: string(t.Rule), Starts: ms(t.Starts)})
		}
		return p
	}
	switch {
	case errors.Is(err, scheduling.ErrNoSeat):
		return &Problem{Status: http.StatusForbidden, Code: ProblemNoSeat, Title: "has no seat in the consultation"}
	case errors.Is(err, scheduling.ErrNotBooked):
		return &Problem{Status: http.StatusNotFound, Code: ProblemNotFound, Title: "it is not booked at a time"}
	case errors.Is(err, scheduling.ErrNotFound):
		return &Problem{Status: http.StatusNotFound, Code: ProblemNotFound, Title: "there is no such thing"}
	case errors.Is(err, scheduling.ErrVersion):
		return &Problem{Status: http.StatusPreconditionFailed, Code: ProblemChanged, Title: "another changed it meanwhile"}
	}
	return nil
}
