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
	"github.com/samkonsult/samkonsult/internal/identity"
)

// AuditReader shows parts of the audit record to those who may see them, and records that it
// has: *audit.Reader.
type AuditReader interface {
	Seen(ctx context.Context, by access.Actor, patient access.PersonID, after string) (audit.Seen, error)
	Emergencies(ctx context.Context, by access.Actor, after string) (audit.Emergencies, error)
	Export(ctx context.Context, by access.Actor, from, until time.Time) (func(context.Context, io.Writer) error, error)
}

// registerAudit adds who has seen what, and the organisation's audit record.
func (h *Handler) registerAudit(api huma.API) {
	register(h, api, operation{
		ID: "readSeen", Method: http.MethodGet, Path: "/seen", Needs: signedIn, Action: access.SeenRead,
		Summary: "Who has seen or changed what about oneself, or about the patient whose relative one is.",
	}, func(ctx context.Context, c caller, in *seenQuery) (*seenAnswer, error) {
		patient, err := in.Patient, error(nil)
		if patient == "" {
			patient, err = h.recordOf(ctx, c.Actor)
		}
		if err != nil {
			return nil, err
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
		ID: "findRecord", Method: http.MethodPost, Path: "/seen/find", Needs: signedIn, Action: access.SeenRead,
		Summary: "Where to read who has seen what about the patient with an identity number, which stands in no address",
	}, func(ctx context.Context, c caller, in *findRecordInput) (*recordsAnswer, error) {
		found, err := h.cfg.Directory.FindRecord(ctx, c.Actor, in.Body.NationalID)
		return &recordsAnswer{Records{Items: each(found, func(r identity.RecordMark) RecordMark { return RecordMark(r) })}}, err
	})
	register(h, api, operation{
		ID: "listEmergencies", Method: http.MethodGet, Path: "/emergencies", Needs: signedIn, Action: access.SeenRead,
		Summary: "What was opened in an emergency within 30 days: the own organisation's patients, and others' by its own people",
	}, func(ctx context.Context, c caller, in *emergenciesQuery) (*emergenciesAnswer, error) {
		return h.emergencies(ctx, c, in.Cursor)
	})
	register(h, api, operation{
		ID: "exportAudit", Method: http.MethodGet, Path: "/audit", Needs: signedIn, Action: access.AuditExport, Machines: true,
		Summary: "What people have done for the own organisation, as NDJSON: a line of JSON for each entry, with ids and no names.",
	}, h.exportAudit)
}

type seenQuery struct {
	Patient access.PersonID `query:"patient" doc:"empty: oneself, or for a relative the patient whom their link is about" maxLength:"64"`
	Cursor  string          `query:"cursor" doc:"next of the page before; empty: the newest" maxLength:"512"`
}

type patientSeenQuery struct {
	Patient access.PersonID `path:"patient" maxLength:"64"`
	Cursor  string          `query:"cursor" doc:"next of the page before; empty: the newest" maxLength:"512"`
}

type emergenciesQuery struct {
	Cursor string `query:"cursor" doc:"next of the page before; empty: the newest" maxLength:"512"`
}

type (
	findRecordInput   struct{ Body FindRecord }
	recordsAnswer     struct{ Body Records }
	seenAnswer        struct{ Body Seen }
	emergenciesAnswer struct{ Body Emergencies }
)

// recordOf is whose record someone asks for who names nobody: their own, or the patient's
// whom they are invited as a relative of.
func (h *Handler) recordOf(ctx context.Context, by access.Actor) (access.PersonID, error) {
	if by.Role != access.Relative {
		return by.Person, nil
	}
	patient, err := h.cfg.Schedule.PatientOf(ctx, by)
	if err != nil || patient == "" {
		return by.Person, err
	}
	return patient, nil
}

// afterEntry is the entry that a cursor goes on after; empty: it begins.
func afterEntry(from string) (string, error) {
	after, err := Page{Cursor: from}.parts(1)
	return strings.Join(after, ""), err
}

func (h *Handler) emergencies(ctx context.Context, c caller, from string) (*emergenciesAnswer, error) {
	after, err := afterEntry(from)
	if err != nil {
		return nil, err
	}
	opened, err := h.cfg.Audit.Emergencies(ctx, c.Actor, after)
	if err != nil {
		return nil, err
	}
	return &emergenciesAnswer{Emergencies{Next: nextCursor(opened.Next), Items: each(opened.Lines, func(line audit.EmergencyLine) EmergencyLine {
		return EmergencyLine{
			At: line.At.UnixMilli(), Name: line.Name, Role: line.Role.String(), Organisation: line.Organisation, Patient: line.Patient, Reason: line.Reason,
		}
	})}}, nil
}

func (h *Handler) seen(ctx context.Context, c caller, patient access.PersonID, from string) (*seenAnswer, error) {
	after, err := afterEntry(from)
	if err != nil {
		return nil, err
	}
	seen, err := h.cfg.Audit.Seen(ctx, c.Actor, patient, after)
	if err != nil {
		return nil, err
	}
	return &seenAnswer{Seen{Items: each(seen.Lines, seenLine), Next: nextCursor(seen.Next)}}, nil
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
		if err := write(hctx.Context(), rolling{hctx.BodyWriter()}); err != nil {
			h.cfg.Log.Error("the export of the audit record broke off", "person", c.Actor.Person, "error", err)
			// What is written can't be taken back: the broken connection says that it isn't whole.
			panic(http.ErrAbortHandler)
		}
	}}, nil
}
