package httpapi

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

type templatesQuery struct {
	Language Language `query:"language" enum:"nn,nb,en" doc:"empty: nn"`
}

type calendarQuery struct {
	From string `query:"from" doc:"first day, as 2026-11-23; empty: today" maxLength:"10"`
	Days int    `query:"days" doc:"0: 7" minimum:"0" maximum:"42"`
}

// registerCalendar adds the calendar, and what a booking begins with.
func (h *Handler) registerCalendar(api huma.API) {
	register(h, api, operation{
		ID: "readCalendar", Method: http.MethodGet, Path: "/calendar", Needs: signedIn, Action: access.CalendarRead,
		Summary: "Days of all whom one may book, by organisation",
	}, func(ctx context.Context, c caller, in *calendarQuery) (*holding[CalendarWeek], error) {
		w, err := h.cfg.Schedule.Calendar(ctx, c.Actor, in.From, in.Days)
		if err != nil {
			return nil, err
		}
		return &holding[CalendarWeek]{weekBody(w, h.cfg.Now())}, nil
	})
	register(h, api, operation{
		ID: "listColleagues", Method: http.MethodGet, Path: "/colleagues", Needs: signedIn, Action: access.CalendarRead,
		Summary: "Staff whom one may book",
	}, func(ctx context.Context, c caller, in *struct{}) (*holding[Colleagues], error) {
		all, reach, err := h.cfg.Schedule.Colleagues(ctx, c.Actor)
		if err != nil {
			return nil, err
		}
		return &holding[Colleagues]{Colleagues{each(all, func(r scheduling.Row) Colleague {
			return Colleague{
				Person: r.Person, Name: r.Name, Role: r.Role.String(), Title: r.Title, Competence: r.Competence, Organisation: r.Colleague.Organisation,
				OrganisationName: r.Organisation.Name, OrganisationKind: r.Organisation.Kind, Unit: r.UnitName, ActFor: slices.Contains(reach.For, r.Colleague.Organisation),
			}
		})}}, nil
	})
	register(h, api, operation{
		ID: "findTimes", Method: http.MethodPost, Path: "/times", Needs: signedIn, Action: access.CalendarRead,
		Summary: "Common free times, ranked and explained",
	}, func(ctx context.Context, c caller, in *having[FindTimes]) (*holding[CommonTimes], error) {
		common, names, err := h.cfg.Schedule.FindNamed(ctx, c.Actor, search(in.Body))
		if err != nil {
			return nil, err
		}
		return &holding[CommonTimes]{commonBody(common, names)}, nil
	})
	register(h, api, operation{
		ID: "listBookingTemplates", Method: http.MethodGet, Path: "/booking-templates", Needs: signedIn, Action: access.ConsultationBook,
		Summary: "What kinds of consultation usually need",
	}, func(ctx context.Context, c caller, in *templatesQuery) (*holding[BookingTemplates], error) {
		templates, err := h.cfg.Schedule.Templates(ctx, c.Actor)
		if err != nil {
			return nil, err
		}
		return &holding[BookingTemplates]{BookingTemplates{each(templates, func(t scheduling.Template) BookingTemplate {
			return templateBody(t, in.Language)
		})}}, nil
	})
}
