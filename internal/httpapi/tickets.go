package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
)

type (
	ticketInput  struct{ Body AskTicket }
	ticketAnswer struct{ Body Ticket }
	invitedInput struct {
		Consultation scheduling.AppointmentID `path:"consultation" maxLength:"64"`
		Participant  scheduling.ParticipantID `path:"participant" maxLength:"64"`
	}
	seatLinkAnswer struct{ Body NewLink }
)

// registerTickets adds the way into a call, and the personal links that lead there.
func (h *Handler) registerTickets(api huma.API) {
	register(h, api, operation{
		ID: "makeTicket", Method: http.MethodPost, Path: "/tickets", Needs: signedIn, Action: access.ConsultationJoin, Body: 4 << 10,
		Summary: "A ticket for one websocket connection, to the session's seat in a consultation that is open now",
	}, func(ctx context.Context, c caller, in *ticketInput) (*ticketAnswer, error) {
		seat, err := h.cfg.Schedule.Join(ctx, c.Actor, scheduling.AppointmentID(in.Body.Consultation))
		if err != nil {
			return nil, err
		}
		ticket, expires, err := h.cfg.Gate.IssueTicket(ctx, c.Current, access.Participant, in.Body.Consultation, string(seat.ID))
		if err != nil {
			return nil, err
		}
		return &ticketAnswer{Ticket{Ticket: ticket, ExpiresAt: expires.UnixMilli()}}, nil
	})
	register(h, api, operation{
		ID: "replaceLink", Method: http.MethodPost, Path: "/consultations/{consultation}/people/{participant}/link",
		Needs: signedIn, Action: access.LinkReplace, Creates: true,
		Summary: "Send someone who is invited a new personal link, which ends the one before",
	}, func(ctx context.Context, c caller, in *invitedInput) (*seatLinkAnswer, error) {
		i, err := h.cfg.Schedule.Invitation(ctx, c.Actor, access.LinkReplace, in.Consultation, in.Participant)
		if err != nil {
			return nil, err
		}
		sent, err := h.cfg.Gate.SendLink(ctx, c.Actor, i.By, SeatOf(i))
		if err != nil {
			return nil, err
		}
		return &seatLinkAnswer{NewLink{Channel: string(sent.Channel), Hint: sent.Hint}}, nil
	})
	register(h, api, operation{
		ID: "revokeLink", Method: http.MethodDelete, Path: "/consultations/{consultation}/people/{participant}/link",
		Needs: signedIn, Action: access.LinkRevoke,
		Summary: "End the personal link of someone who is invited, and the sessions that came from it",
	}, func(ctx context.Context, c caller, in *invitedInput) (*struct{}, error) {
		i, err := h.cfg.Schedule.Invitation(ctx, c.Actor, access.LinkRevoke, in.Consultation, in.Participant)
		if err != nil {
			return nil, err
		}
		return nil, h.cfg.Gate.RevokeLink(ctx, c.Actor, i.By, SeatOf(i))
	})
}

// SeatOf is an invitation as the gate makes links of it.
func SeatOf(i scheduling.Invitation) identity.Seat {
	return identity.Seat{
		Consultation: string(i.ID), Participant: string(i.Participant.ID), Person: i.Participant.Person, Role: i.Participant.Role,
		Organisation: i.Participant.Organisation, Owner: i.Organisation, Patient: i.Patient(),
		Identification: identity.Identification(i.Identification), Starts: i.Starts, Expires: i.Closes,
	}
}
