package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/ical"
	"github.com/samkonsult/samkonsult/scheduling"
)

const calendarsPath = "/api/v1/calendars/"

// registerCalendarFiles adds the file by which somebody puts a consultation into a calendar of
// their own.
func (h *Handler) registerCalendarFiles(api huma.API) {
	register(h, api, operation{
		ID: "downloadConsultation", Method: http.MethodGet, Path: "/consultations/{consultation}/calendar.ics", Needs: signedIn, Action: access.ConsultationRead,
		Summary: "A booked consultation that one is invited to, as a file for one's own calendar (RFC 5545)",
	}, func(ctx context.Context, c caller, in *consultationInput) (*huma.StreamResponse, error) {
		seat, err := h.cfg.Schedule.Entry(ctx, c.Actor, in.Consultation)
		if err != nil {
			return nil, err
		}
		text, err := h.entryFile(seat)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(hctx huma.Context) {
			hctx.SetHeader("Content-Type", ical.Feed{}.ContentType())
			hctx.SetHeader("Content-Disposition", `attachment; filename="samtale.ics"`)
			hctx.SetStatus(http.StatusOK)
			_, _ = hctx.BodyWriter().Write(text) // the reader has gone: nobody to tell
		}}, nil
	})
}

// entryFile is a consultation in a calendar that others in the house may look into: when it is
// and with which organisation. The personal link opens the consultation and is not in it.
func (h *Handler) entryFile(seat scheduling.Seat) ([]byte, error) {
	return ical.Feed{
		Organiser: h.organiser(seat.Host.Name), Stamp: h.cfg.Now(),
		Events: []ical.FeedEvent{{
			UID: h.uid(string(seat.ID)), Sequence: seat.Sequence, Starts: seat.Starts, Ends: seat.Ends,
			Summary: "Videosamtale – " + seat.Host.Name, Location: "Video", URL: h.cfg.PublicURL,
		}},
	}.Bytes()
}

// uid names an event in all that is ever sent or given out of it, so that a program which gets
// it in two ways has it once: an appointment's is its id, at the host of the pages.
func (h *Handler) uid(parts ...string) string {
	return strings.Join(parts, "-") + "@" + h.publicHost()
}

func (h *Handler) publicHost() string {
	u, err := url.Parse(h.cfg.PublicURL)
	if err != nil || u.Hostname() == "" {
		return "localhost"
	}
	return u.Hostname()
}

// organiser is an address that takes no mail: answers are given on the pages.
func (h *Handler) organiser(name string) ical.Party {
	host := h.publicHost()
	if strings.Contains(host, ":") { // IPv6 is in no address of this kind
		host = "localhost"
	}
	return ical.Party{Name: name, Email: "noreply@" + host}
}

// ownCalendarAddress is where other programs read somebody's calendar.
func (h *Handler) ownCalendarAddress(token string) string {
	return h.cfg.PublicURL + calendarsPath + token + ".ics"
}

// ownCalendar answers another program, which has no session: the address is the secret. To one
// that is wrong there is one answer, however it is wrong, and as much work.
func (h *Handler) ownCalendar(w http.ResponseWriter, r *http.Request) {
	if !h.allow(w, r, h.requests, 1) {
		return
	}
	token, named := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !named || len(token) > 64 {
		token = ""
	}
	ctx, cancel := context.WithTimeout(r.Context(), defaultTime)
	defer cancel()
	events, err := h.cfg.Schedule.OwnCalendar(ctx, token)
	if errors.Is(err, scheduling.ErrNotFound) {
		h.problem(w, r, Problem{Status: http.StatusNotFound, Code: ProblemNotFound, Title: "there is no such calendar"})
		return
	}
	var text []byte
	if err == nil {
		text, err = h.calendarFile(events)
	}
	if err != nil {
		h.problem(w, r, *h.problemOf(ctx, access.Actor{}, err))
		return
	}
	w.Header().Set("Content-Type", ical.Feed{}.ContentType())
	w.Header().Set("Content-Disposition", `inline; filename="samkonsult.ics"`)
	w.Header().Set("Cache-Control", "private, no-cache") // RFC 9111 §5.2.2.7
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(text) // the reader has gone: nobody to tell
}

// calendarFile is somebody's calendar for other programs.
func (h *Handler) calendarFile(events []scheduling.OwnEvent) ([]byte, error) {
	f := ical.Feed{Name: "Videosamtalar", Organiser: h.organiser("samkonsult"), Stamp: h.cfg.Now()}
	for _, e := range events {
		out := ical.FeedEvent{
			Sequence: e.Sequence, Starts: e.Starts, Ends: e.Ends, Held: e.Held, Free: e.Free, Summary: "Køyring",
		}
		parts := []string{string(e.Appointment)}
		if e.Option != "" {
			parts = append(parts, string(e.Option))
		}
		if e.Part == scheduling.PartCall {
			out.Summary, out.Location, out.URL = "Videosamtale", "Video", h.cfg.PublicURL
			if len(e.With) > 0 {
				out.Summary += ": " + strings.Join(e.With, ", ")
			}
		} else {
			parts = append(parts, string(e.Part))
		}
		out.UID = h.uid(parts...)
		f.Events = append(f.Events, out)
	}
	return f.Bytes()
}
