package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

// booking answers with a booking that has been changed, as who did it may read it. It asks for no
// right to read: who books for another organisation has none, and what is done is done. That they
// have read it is on record with the change.
func (h *Handler) booking(ctx context.Context, c caller, a scheduling.Appointment, err error) (*holding[Booking], error) {
	if err != nil {
		return nil, err
	}
	all, err := h.cfg.Schedule.Details(ctx, c.Actor, []scheduling.Appointment{a})
	if err != nil {
		return nil, err
	}
	return &holding[Booking]{bookingBody(all[0])}, nil
}

type (
	bookingsQuery struct {
		From string `query:"from" doc:"first day, as 2026-11-23; empty: today" maxLength:"10"`
		Days int    `query:"days" doc:"0: 7" minimum:"0" maximum:"92"`
	}
	bookingInput struct {
		ID scheduling.AppointmentID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	messageInput struct {
		ID      scheduling.AppointmentID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Message string                   `path:"message" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	bookingWith[B any] struct {
		ID   scheduling.AppointmentID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body B
	}
	having[B any]  struct{ Body B }
	holding[B any] struct{ Body B }
)

// registerBookings adds bookings, and what is done with them.
func (h *Handler) registerBookings(api huma.API) {
	register(h, api, operation{
		ID: "createBooking", Method: http.MethodPost, Path: "/bookings", Needs: signedIn, Action: access.ConsultationBook, Creates: true, Status: http.StatusCreated,
		Summary: "Propose times to all parties, or book one at once, or a series",
	}, func(ctx context.Context, c caller, in *having[NewBooking]) (*holding[Bookings], error) {
		made, skipped, err := h.cfg.Schedule.Book(ctx, c.Actor, request(in.Body))
		if err != nil {
			return nil, err
		}
		details, err := h.cfg.Schedule.Details(ctx, c.Actor, made)
		if err != nil {
			return nil, err
		}
		out := bookingsBody(details, h.cfg.Now())
		for _, s := range skipped {
			out.Skipped = append(out.Skipped, SkippedDay{Starts: ms(s.Starts), Rule: string(s.Taken.Rule), Person: access.PersonID(s.Taken.Subject)})
		}
		return &holding[Bookings]{out}, nil
	})
	register(h, api, operation{
		ID: "listBookings", Method: http.MethodGet, Path: "/bookings", Needs: signedIn, Action: access.ConsultationList,
		Summary: "The own organisation's bookings of some days, also proposed and cancelled ones, by start",
	}, func(ctx context.Context, c caller, in *bookingsQuery) (*holding[Bookings], error) {
		details, err := h.cfg.Schedule.BookingsOf(ctx, c.Actor, in.From, in.Days)
		if err != nil {
			return nil, err
		}
		return &holding[Bookings]{bookingsBody(details, h.cfg.Now())}, nil
	})
	register(h, api, operation{
		ID: "readBooking", Method: http.MethodGet, Path: "/bookings/{id}", Needs: signedIn, Action: access.ConsultationRead,
		Summary: "One booking",
	}, func(ctx context.Context, c caller, in *bookingInput) (*holding[Booking], error) {
		d, err := h.cfg.Schedule.Read(ctx, c.Actor, in.ID)
		if err != nil {
			return nil, err
		}
		return &holding[Booking]{bookingBody(d)}, nil
	})
	register(h, api, operation{
		ID: "moveBooking", Method: http.MethodPut, Path: "/bookings/{id}/time", Needs: signedIn, Action: access.ConsultationBook, IfMatch: true,
		Summary: "Another time, told to all; their answers begin anew",
	}, func(ctx context.Context, c caller, in *bookingWith[MoveBooking]) (*holding[Booking], error) {
		a, err := h.cfg.Schedule.Move(ctx, c.Actor, in.ID, c.IfMatch, scheduling.Move{
			Starts: moment(in.Body.Starts), Length: time.Duration(in.Body.Minutes) * time.Minute, Anyway: in.Body.Anyway,
		})
		return h.booking(ctx, c, a, err)
	})
	register(h, api, operation{
		ID: "changeBookingPeople", Method: http.MethodPut, Path: "/bookings/{id}/people", Needs: signedIn, Action: access.ConsultationBook, IfMatch: true,
		Summary: "Who is in it",
	}, func(ctx context.Context, c caller, in *bookingWith[BookingPeople]) (*holding[Booking], error) {
		a, err := h.cfg.Schedule.Invite(ctx, c.Actor, in.ID, c.IfMatch, each(in.Body.Parties, party))
		return h.booking(ctx, c, a, err)
	})
	register(h, api, operation{
		ID: "cancelBooking", Method: http.MethodPost, Path: "/bookings/{id}/cancel", Needs: signedIn, Action: access.ConsultationBook, Creates: true,
		Summary: "Cancel it, told to all",
	}, func(ctx context.Context, c caller, in *bookingWith[CancelBooking]) (*holding[Booking], error) {
		a, err := h.cfg.Schedule.Cancel(ctx, c.Actor, in.ID, 0, scheduling.Cancel{
			Reason: scheduling.Reason(in.Body.Reason), Words: in.Body.Words, Series: in.Body.Series,
		})
		return h.booking(ctx, c, a, err)
	})
	register(h, api, operation{
		ID: "answerBooking", Method: http.MethodPost, Path: "/bookings/{id}/answers", Needs: signedIn, Action: access.ConsultationAnswer, Creates: true,
		Summary: "Accept, decline, or suggest another time; for oneself, or for one's organisation",
	}, func(ctx context.Context, c caller, in *bookingWith[AnswerBooking]) (*holding[Booking], error) {
		given := scheduling.Given{
			Participant: scheduling.ParticipantID(in.Body.Participant), Comment: in.Body.Comment, Starts: moment(in.Body.Starts), Interpreter: in.Body.Interpreter,
		}
		for _, g := range in.Body.Answers {
			given.Answers = append(given.Answers, scheduling.GivenAnswer{Option: scheduling.OptionID(g.Option), Answer: scheduling.Answer(g.Answer)})
		}
		a, err := h.cfg.Schedule.Answer(ctx, c.Actor, in.ID, given)
		return h.booking(ctx, c, a, err)
	})
	register(h, api, operation{
		ID: "sendDeputy", Method: http.MethodPost, Path: "/bookings/{id}/deputy", Needs: signedIn, Action: access.ConsultationAnswer, Creates: true,
		Summary: "Another takes the place of a member of staff",
	}, func(ctx context.Context, c caller, in *bookingWith[SendDeputy]) (*holding[Booking], error) {
		a, err := h.cfg.Schedule.Deputise(ctx, c.Actor, in.ID, scheduling.ParticipantID(in.Body.Participant), in.Body.Person)
		return h.booking(ctx, c, a, err)
	})
	register(h, api, operation{
		ID: "remindBooking", Method: http.MethodPost, Path: "/bookings/{id}/remind", Needs: signedIn, Action: access.ConsultationBook, Creates: true,
		Summary: "Ask those again who have not answered",
	}, func(ctx context.Context, c caller, in *bookingWith[SendAgain]) (*holding[Booking], error) {
		a, err := h.cfg.Schedule.Remind(ctx, c.Actor, in.ID, scheduling.ParticipantID(in.Body.Participant))
		return h.booking(ctx, c, a, err)
	})
	register(h, api, operation{
		ID: "sendMessageAgain", Method: http.MethodPost, Path: "/bookings/{id}/messages/{message}/again", Needs: signedIn, Action: access.ConsultationBook, Creates: true,
		Summary: "Send a message again that did not come through",
	}, func(ctx context.Context, c caller, in *messageInput) (*holding[Booking], error) {
		a, err := h.cfg.Schedule.SendAgain(ctx, c.Actor, in.ID, in.Message)
		return h.booking(ctx, c, a, err)
	})
	register(h, api, operation{
		ID: "markNoShow", Method: http.MethodPost, Path: "/bookings/{id}/noshow", Needs: signedIn, Action: access.ConsultationBook, Creates: true,
		Summary: "The patient did not come",
	}, func(ctx context.Context, c caller, in *bookingInput) (*holding[Booking], error) {
		a, err := h.cfg.Schedule.NoShow(ctx, c.Actor, in.ID, 0)
		return h.booking(ctx, c, a, err)
	})
	register(h, api, operation{
		ID: "listWaiting", Method: http.MethodGet, Path: "/waiting", Needs: signedIn, Action: access.ConsultationList,
		Summary: "What waits for the one who asks",
	}, func(ctx context.Context, c caller, in *struct{}) (*holding[Waiting], error) {
		waits, err := h.cfg.Schedule.Waiting(ctx, c.Actor)
		if err != nil {
			return nil, err
		}
		return &holding[Waiting]{waitingBody(waits, h.cfg.Now())}, nil
	})
	register(h, api, operation{
		ID: "readInvitation", Method: http.MethodGet, Path: "/invitation", Needs: signedIn, Action: access.ConsultationRead,
		Summary: "What the session's link invites to, as something to answer, and one's other consultations",
	}, func(ctx context.Context, c caller, in *struct{}) (*holding[Invitation], error) {
		d, others, err := h.cfg.Schedule.Invites(ctx, c.Actor)
		if err != nil {
			return nil, err
		}
		out := Invitation{Booking: bookingBody(d.Detail), Others: []OwnConsultation{}}
		for _, o := range others {
			out.Others = append(out.Others, OwnConsultation{Starts: ms(o.Starts), Ends: ms(o.Ends), State: string(o.State), OrganisationName: d.Hosts[o.Organisation].Name})
		}
		out.Patient, err = h.seenPatient(ctx, c.Actor, d.Appointment)
		return &holding[Invitation]{out}, err
	})
	register(h, api, operation{
		ID: "tellReadiness", Method: http.MethodPost, Path: "/consultations/{id}/readiness", Needs: signedIn, Action: access.ConsultationAnswer,
		Summary: "Say that one has tested the device, is on the way, or late; everybody is told who is late",
	}, func(ctx context.Context, c caller, in *bookingWith[TellReadiness]) (*holding[Booking], error) {
		err := h.cfg.Schedule.Ready(ctx, c.Actor, in.ID, scheduling.Says{
			State: scheduling.ReadyState(in.Body.State), Late: time.Duration(in.Body.Minutes) * time.Minute, Test: in.Body.Test,
		})
		if err != nil {
			return nil, err
		}
		d, err := h.cfg.Schedule.Read(ctx, c.Actor, in.ID)
		if err != nil {
			return nil, err
		}
		return &holding[Booking]{bookingBody(d)}, nil
	})
}
