package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/scheduling"
)

type (
	hoursQuery struct {
		Subject      scheduling.Subject    `query:"subject" doc:"person, unit or equipment; empty: oneself" maxLength:"64"`
		Organisation access.OrganisationID `query:"organisation" doc:"empty: one's own" maxLength:"64"`
	}
	hoursInput struct {
		Subject      scheduling.Subject    `query:"subject" doc:"person, unit or equipment; empty: oneself" maxLength:"64"`
		Organisation access.OrganisationID `query:"organisation" doc:"empty: one's own" maxLength:"64"`
		Body         Hours
	}
	absencesQuery struct {
		Person access.PersonID `query:"person" doc:"empty: oneself" maxLength:"64"`
	}
	hoursIdInput struct {
		ID string `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
	}
)

// registerHours adds when people and equipment can be booked.
func (h *Handler) registerHours(api huma.API) {
	register(h, api, operation{
		ID: "readHours", Method: http.MethodGet, Path: "/hours", Needs: signedIn, Action: access.CalendarRead,
		Summary: "When a person, unit or equipment can be booked",
	}, func(ctx context.Context, c caller, in *hoursQuery) (*versioned[Hours], error) {
		of, err := h.cfg.Schedule.HoursOf(ctx, c.Actor, in.Subject, in.Organisation)
		if err != nil {
			return nil, err
		}
		return atVersion(of.Version, hoursBody(of)), nil
	})
	register(h, api, operation{
		ID: "changeHours", Method: http.MethodPut, Path: "/hours", Needs: signedIn, Action: access.CalendarWrite, IfMatch: true, MayBeNew: true,
		Summary: "Set when a person, unit or equipment can be booked",
	}, func(ctx context.Context, c caller, in *hoursInput) (*versioned[Hours], error) {
		set := hours(in.Body)
		set.Subject, set.Organisation, set.Version = in.Subject, in.Organisation, c.IfMatch
		set, err := h.cfg.Schedule.SetHours(ctx, c.Actor, set)
		if err != nil {
			return nil, err
		}
		return atVersion(set.Version, hoursBody(set)), nil
	})
	register(h, api, operation{
		ID: "listAbsences", Method: http.MethodGet, Path: "/absences", Needs: signedIn, Action: access.CalendarRead,
		Summary: "Absences to come",
	}, func(ctx context.Context, c caller, in *absencesQuery) (*holding[Absences], error) {
		list, err := h.cfg.Schedule.Absences(ctx, c.Actor, scheduling.Subject(in.Person))
		if err != nil {
			return nil, err
		}
		return &holding[Absences]{Absences{each(list, absenceBody)}}, nil
	})
	register(h, api, operation{
		ID: "createAbsence", Method: http.MethodPost, Path: "/absences", Needs: signedIn, Action: access.CalendarWrite, Creates: true, Status: http.StatusCreated,
		Summary: "Somebody will be away",
	}, func(ctx context.Context, c caller, in *having[Absence]) (*holding[Absence], error) {
		a, met, err := h.cfg.Schedule.AddAbsence(ctx, c.Actor, scheduling.Absence{
			Subject: scheduling.Subject(in.Body.Person), Span: scheduling.Span{Starts: moment(in.Body.Starts), Ends: moment(in.Body.Ends)},
			Kind: scheduling.AbsenceKind(in.Body.Kind), Cover: in.Body.Cover,
		})
		if err != nil {
			return nil, err
		}
		return &holding[Absence]{absenceBody(scheduling.Away{Absence: a, Met: met})}, nil
	})
	register(h, api, operation{
		ID: "removeAbsence", Method: http.MethodDelete, Path: "/absences/{id}", Needs: signedIn, Action: access.CalendarWrite,
		Summary: "Not away after all",
	}, func(ctx context.Context, c caller, in *hoursIdInput) (*struct{}, error) {
		return nil, h.cfg.Schedule.RemoveAbsence(ctx, c.Actor, in.ID)
	})
	h.registerFeeds(api)
	register(h, api, operation{
		ID: "listEquipment", Method: http.MethodGet, Path: "/equipment", Needs: signedIn, Action: access.CalendarRead,
		Summary: "Equipment that one may book",
	}, func(ctx context.Context, c caller, in *struct{}) (*holding[EquipmentList], error) {
		list, err := h.cfg.Schedule.EquipmentList(ctx, c.Actor)
		if err != nil {
			return nil, err
		}
		return &holding[EquipmentList]{EquipmentList{each(list, equipmentBody)}}, nil
	})
	register(h, api, operation{
		ID: "createEquipment", Method: http.MethodPost, Path: "/equipment", Needs: signedIn, Action: access.CalendarWrite, Creates: true, Status: http.StatusCreated,
		Summary: "New equipment",
	}, func(ctx context.Context, c caller, in *having[Equipment]) (*versioned[Equipment], error) {
		e, err := h.cfg.Schedule.SetEquipment(ctx, c.Actor, equipment(in.Body))
		if err != nil {
			return nil, err
		}
		return atVersion(e.Version, equipmentBody(e)), nil
	})
	register(h, api, operation{
		ID: "changeEquipment", Method: http.MethodPut, Path: "/equipment/{id}", Needs: signedIn, Action: access.CalendarWrite, IfMatch: true,
		Summary: "Change equipment",
	}, func(ctx context.Context, c caller, in *bookingWith[Equipment]) (*versioned[Equipment], error) {
		e := equipment(in.Body)
		e.ID, e.Version = scheduling.EquipmentID(in.ID), c.IfMatch
		e, err := h.cfg.Schedule.SetEquipment(ctx, c.Actor, e)
		if err != nil {
			return nil, err
		}
		return atVersion(e.Version, equipmentBody(e)), nil
	})
}
