package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
)

type calendarQuery struct {
	From string `query:"from" doc:"first day, as 2026-11-23; empty: today" maxLength:"10"`
	Days int    `query:"days" doc:"0: 7" minimum:"0" maximum:"42"`
}

// registerCalendar adds …
func (h *Handler) registerCalendar(api huma.API) {
	register(h, api, operation{
		ID: "readCalendar", Method: http.MethodGet, Path: "/calendar", Needs: signedIn, Action: access.CalendarRead,
		Summary: "Days of all whom one may book, by organisation",
	}, func(ctx context.Context, c caller, in *calendarQuery) (*holding[CalendarWeek], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "listColleagues", Method: http.MethodGet, Path: "/colleagues", Needs: signedIn, Action: access.CalendarRead,
		Summary: "Staff whom one may book",
	}, func(ctx context.Context, c caller, in *struct{}) (*holding[Colleagues], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "findTimes", Method: http.MethodPost, Path: "/times", Needs: signedIn, Action: access.CalendarRead,
		Summary: "Common free times, ranked and explained",
	}, func(ctx context.Context, c caller, in *having[FindTimes]) (*holding[CommonTimes], error) {
		return nil, errContract
	})
	register(h, api, operation{
		ID: "listBookingTemplates", Method: http.MethodGet, Path: "/booking-templates", Needs: signedIn, Action: access.ConsultationBook,
		Summary: "What kinds of consultation usually need",
	}, func(ctx context.Context, c caller, in *struct{}) (*holding[BookingTemplates], error) {
		return nil, errContract
	})
}
