package httpapi

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// AuditReader shows parts of the audit record to those who may see them, and records that it
// has: *audit.Reader.
type AuditReader interface {
	Seen(ctx context.Context, by access.Actor, patient access.PersonID, after string) (audit.Seen, error)
	Export(ctx context.Context, by access.Actor, from, until time.Time) (func(context.Context, io.Writer) error, error)
}

// registerAudit adds who has seen what, and the organisation's audit record.
func (h *Handler) registerAudit(api huma.API) {
	register(h, api, operation{
		ID: "readSeen", Method: http.MethodGet, Path: "/seen", Needs: signedIn, Action: access.SeenRead,
		Summary: "Who has seen or changed what about oneself, or about the patient whose relative one is.",
	}, func(ctx context.Context, c caller, in *seenQuery) (*seenAnswer, error) {
		patient := in.Patient
		if patient == "" {
			patient = c.Actor.Person
		}
		return h.seen(ctx, c, patient, in.Cursor)
	})
	register(h, api, operation{
		ID: "readPatientSeen", Method: http.MethodGet, Path: "/patients/{patient}/seen", Needs: signedIn, Action: access.SeenRead,
		Summary: "Who has seen or changed what about a patient, for the data protection officer.",
	}, func(ctx context.Context, c caller, in *patientSeenQuery) (*seenAnswer, error) {
		return h.seen(ctx, c, in.Patient, in.Cursor)
	})
	register(h, api, operation{
		ID: "exportAudit", Method: http.MethodGet, Path: "/audit", Needs: signedIn, Action: access.AuditExport, Machines: true,
		Summary: "What people have done for the own organisation, as NDJSON: a line of JSON for each entry, with ids and no names.",
	}, h.exportAudit)
}

type seenQuery struct {
	Patient access.PersonID `query:"patient" doc:"for a relative; empty: oneself" maxLength:"64"`
	Cursor  string          `query:"cursor" doc:"next of the page before; empty: the newest" maxLength:"512"`
}

type patientSeenQuery struct {
	Patient access.PersonID `path:"patient" maxLength:"64"`
	Cursor  string          `query:"cursor" doc:"next of the page before; empty: the newest" maxLength:"512"`
}

type seenAnswer struct{ Body Seen }

func (h *Handler) seen(ctx context.Context, c caller, patient access.PersonID, from string) (*seenAnswer, error) {
	after, err := Page{Cursor: from}.parts(1)
	if err != nil {
		return nil, err
	}
	seen, err := h.cfg.Audit.Seen(ctx, c.Actor, patient, strings.Join(after, ""))
	if err != nil {
		return nil, err
	}
	out := Seen{Items: make([]SeenLine, len(seen.Lines))}
	if seen.Next != "" {
		out.Next = cursor(seen.Next)
	}
	for i, line := range seen.Lines {
		out.Items[i] = seenLine(line)
	}
	return &seenAnswer{Body: out}, nil
}

func seenLine(line audit.SeenLine) SeenLine {
	out := SeenLine{
		At: line.At.UnixMilli(), Times: line.Times, Name: line.Name, Organisation: line.Organisation,
		Action: line.Action, Refused: line.Outcome != audit.Done, By: []string{}, Reason: line.Reason,
	}
	if line.Role != 0 {
		out.Role = line.Role.String()
	}
	if line.By != 0 {
		out.By = strings.Split(line.By.String(), ",")
	}
	return out
}

type auditQuery struct {
	From  time.Time `query:"from" required:"true" doc:"RFC 3339; included"`
	Until time.Time `query:"until" required:"true" doc:"RFC 3339; not included"`
}

// exportAudit streams: a year of a hospital's record fits in no memory.
func (h *Handler) exportAudit(ctx context.Context, c caller, in *auditQuery) (*huma.StreamResponse, error) {
	if !in.From.Before(in.Until) {
		return nil, invalid("until", "must be after from")
	}
	write, err := h.cfg.Audit.Export(ctx, c.Actor, in.From, in.Until)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		hctx.SetHeader("Content-Type", "application/x-ndjson")
		hctx.SetStatus(http.StatusOK)
		if err := write(hctx.Context(), hctx.BodyWriter()); err != nil {
			h.cfg.Log.Error("the export of the audit record broke off", "person", c.Actor.Person, "error", err)
			// What is written can't be taken back: the broken connection says that it isn't whole.
			panic(http.ErrAbortHandler)
		}
	}}, nil
}
