package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// Line is an entry as other systems get it: a line of JSON (NDJSON), with ids and no names,
// and without what was written as a reason, which may tell of health.
type Line struct {
	Seq          int64    `json:"seq,omitempty"` // place in the record, without gaps; none: not sealed yet
	ID           string   `json:"id"`            // the same entry has the same id in every export
	At           string   `json:"at"`            // RFC 3339, UTC, to the millisecond
	Person       string   `json:"person,omitempty"`
	Role         string   `json:"role,omitempty"`
	Organisation string   `json:"organisation,omitempty"` // that the person acted for
	Session      string   `json:"session,omitempty"`
	Consultation string   `json:"consultation,omitempty"` // that the person's link was for
	Action       string   `json:"action"`
	Outcome      string   `json:"outcome"`      // done, refused or failed
	By           []string `json:"by,omitempty"` // relations that allowed it
	Patient      string   `json:"patient,omitempty"`
	Object       string   `json:"object,omitempty"` // kind/id
	Reason       bool     `json:"reason,omitempty"` // one was given; whoever may read it finds it in the service
	Chain        string   `json:"chain,omitempty"`  // of the record at seq: what is kept elsewhere vouches for the record
}

// exportPage is how many entries are in memory at a time.
const exportPage = 1000

func lineOf(s Sealed) Line {
	e := s.Stored
	line := Line{
		Seq: s.Seq, ID: e.ID, At: time.UnixMilli(e.At).UTC().Format("2006-01-02T15:04:05.000Z07:00"),
		Person: e.Person, Role: e.Role, Organisation: e.Organisation, Session: e.Session, Consultation: e.Consultation,
		Action: e.Action, Outcome: e.Outcome, Patient: e.Patient, Object: e.Object, Reason: len(e.Reason) > 0,
	}
	if e.By != "" {
		line.By = strings.Split(e.By, ",")
	}
	if s.Seq != 0 {
		line.Chain = s.Chain.String()
	}
	return line
}

// writeLines writes entries; a seal whose entry is gone is left to Verify to tell of.
func writeLines(w io.Writer, page []Sealed) error {
	out := json.NewEncoder(w) // ends each with a line break
	for _, s := range page {
		if !s.Found {
			continue
		}
		if err := out.Encode(lineOf(s)); err != nil {
			return err
		}
	}
	return nil
}

// SealedStore lists the sealed record, as VerifyStore does.
type SealedStore interface {
	Sealed(ctx context.Context, after int64, limit int) ([]Sealed, error)
}

// ExportSealed writes the whole sealed record after a place, as NDJSON (see Line). Asked again
// after the last place that it has written, it misses nothing, which an export by time can:
// what commits late has an earlier time. It asks for no right: it is for who runs the service.
func ExportSealed(ctx context.Context, store SealedStore, w io.Writer, after int64) error {
	for {
		page, err := store.Sealed(ctx, after, exportPage)
		if err != nil {
			return fmt.Errorf("export the audit record: %w", err)
		}
		if err := writeLines(w, page); err != nil {
			return fmt.Errorf("export the audit record: %w", err)
		}
		if len(page) < exportPage {
			return nil
		}
		after = page[len(page)-1].Seq
	}
}
