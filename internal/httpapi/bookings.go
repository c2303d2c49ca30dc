package httpapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

type (
	bookingsQuery struct {
		From string `query:"from" doc:"first day, as 2026-11-23; empty: today" maxLength:"10"`
		Days int    `query:"days" doc:"0: 7" minimum:"0" maximum:"92"`
	}
	bookingInput struct {
		ID scheduling.AppointmentID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
	bookingWith[B any] struct {
		ID   scheduling.AppointmentID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body B
	}
	having[B any]  struct{ Body B }
	holding[B any] struct{ Body B }
)

var errContract = errors.New("to be built")

// registerBookings adds …
func (h *Handler) registerBookings(api huma.API) {
	register(h, api, operation{
		ID: "createBooking", Method: http.MethodPost, Path: "/bookings", Needs: signedIn, Action: access.ConsultationBook, Creates: true, Status: http.StatusCreated,
		Summary: "Propose times to all parties, or book one at once, or a series",
	}, func(ctx context.Context, c caller, in *having[NewBooking]) (*holding[Bookings], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "listBookings", Method: http.MethodGet, Path: "/bookings", Needs: signedIn, Action: access.ConsultationList,
		Summary: "The own organisation's bookings of some days, also proposed and cancelled ones, by start",
	}, func(ctx context.Context, c caller, in *bookingsQuery) (*holding[Bookings], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "readBooking", Method: http.MethodGet, Path: "/bookings/{id}", Needs: signedIn, Action: access.ConsultationRead,
		Summary: "One booking",
	}, func(ctx context.Context, c caller, in *bookingInput) (*holding[Booking], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "moveBooking", Method: http.MethodPut, Path: "/bookings/{id}/time", Needs: signedIn, Action: access.ConsultationBook, IfMatch: true,
		Summary: "Another time, told to all; their answers begin anew",
	}, func(ctx context.Context, c caller, in *bookingWith[MoveBooking]) (*holding[Booking], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "changeBookingPeople", Method: http.MethodPut, Path: "/bookings/{id}/people", Needs: signedIn, Action: access.ConsultationBook, IfMatch: true,
		Summary: "Who is in it",
	}, func(ctx context.Context, c caller, in *bookingWith[BookingPeople]) (*holding[Booking], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "cancelBooking", Method: http.MethodPost, Path: "/bookings/{id}/cancel", Needs: signedIn, Action: access.ConsultationBook, Creates: true,
		Summary: "Cancel it, told to all",
	}, func(ctx context.Context, c caller, in *bookingWith[CancelBooking]) (*holding[Booking], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "answerBooking", Method: http.MethodPost, Path: "/bookings/{id}/answers", Needs: signedIn, Action: access.ConsultationAnswer, Creates: true,
		Summary: "Accept, decline, or suggest another time; for oneself, or for one's organisation",
	}, func(ctx context.Context, c caller, in *bookingWith[AnswerBooking]) (*holding[Booking], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "sendDeputy", Method: http.MethodPost, Path: "/bookings/{id}/deputy", Needs: signedIn, Action: access.ConsultationAnswer, Creates: true,
		Summary: "Another takes the place of a member of staff",
	}, func(ctx context.Context, c caller, in *bookingWith[SendDeputy]) (*holding[Booking], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "remindBooking", Method: http.MethodPost, Path: "/bookings/{id}/remind", Needs: signedIn, Action: access.ConsultationBook, Creates: true,
		Summary: "Ask those again who have not answered",
	}, func(ctx context.Context, c caller, in *bookingWith[SendAgain]) (*holding[Booking], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "markNoShow", Method: http.MethodPost, Path: "/bookings/{id}/noshow", Needs: signedIn, Action: access.ConsultationBook, Creates: true,
		Summary: "The patient did not come",
	}, func(ctx context.Context, c caller, in *bookingInput) (*holding[Booking], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "listWaiting", Method: http.MethodGet, Path: "/waiting", Needs: signedIn, Action: access.ConsultationList,
		Summary: "What waits for the one who asks",
	}, func(ctx context.Context, c caller, in *struct{}) (*holding[Waiting], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "readInvitation", Method: http.MethodGet, Path: "/invitation", Needs: signedIn, Action: access.ConsultationRead,
		Summary: "What the session's link invites to, as something to answer, and one's other consultations",
	}, func(ctx context.Context, c caller, in *struct{}) (*holding[Invitation], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "tellReadiness", Method: http.MethodPost, Path: "/consultations/{id}/readiness", Needs: signedIn, Action: access.ConsultationAnswer,
		Summary: "Say that one has tested the device, is on the way, or late; everybody is told who is late",
	}, func(ctx context.Context, c caller, in *bookingWith[TellReadiness]) (*holding[Booking], error) {
		return nil, errContract
	})
}
