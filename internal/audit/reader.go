package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
)

// ReaderStore is what a Reader needs of a database.
type ReaderStore interface {
	// OfPatient returns at most limit entries about a patient, the newest first, beginning
	// after an id or, where it is empty, with the newest. What it returns is accounted for:
	// it has committed look.
	OfPatient(ctx context.Context, patient access.PersonID, after string, limit int, look Entry) ([]Entry, error)
	// Emergencies returns at most limit entries, the newest first and after an id or from the
	// newest on, that have opened patients in an emergency since a time: an organisation's
	// patients, and others' by who acted for it, which lack patient, object and reason. It
	// has committed what account makes of them.
	Emergencies(ctx context.Context, of access.OrganisationID, since time.Time, after string, limit int, account func([]Entry) []Entry) ([]Entry, error)
	// OfOrganisation returns at most limit entries of those who acted for an organisation
	// within a time, by time and id, beginning after a place in that order.
	OfOrganisation(ctx context.Context, of access.OrganisationID, from, until time.Time, after Place, limit int) ([]Sealed, error)
	// Append commits entries that tell of no change.
	Append(ctx context.Context, entries ...Entry) error
}

// Place is where a list by time goes on: after this entry.
type Place struct {
	At int64 // ms since 1970, UTC
	ID string
}

// Relations finds how someone stands to a patient.
type Relations interface {
	Relations(ctx context.Context, by access.Actor, patient access.PersonID) (access.Relations, error)
}

// Names knows what people and organisations are called. Those who are unknown or erased are
// left out.
type Names interface {
	Names(ctx context.Context, people []access.PersonID, organisations []access.OrganisationID) (map[access.PersonID]string, map[access.OrganisationID]string, error)
}

// ReaderConfig is what a Reader is made of; all but Now are required.
type ReaderConfig struct {
	Store     ReaderStore
	Relations Relations
	Names     Names
	Now       func() time.Time // nil means time.Now
}

// Reader shows the record to those who may see a part of it. Reading it is in it, too. It is
// safe for concurrent use.
type Reader struct{ cfg ReaderConfig }

// NewReader checks cfg.
func NewReader(cfg ReaderConfig) (*Reader, error) {
	if cfg.Store == nil || cfg.Relations == nil || cfg.Names == nil {
		return nil, errors.New("audit: a reader needs Store, Relations and Names")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Reader{cfg}, nil
}

// demand asks the table and makes the entry that is committed with what is read. A refusal
// is recorded.
func (r *Reader) demand(ctx context.Context, by access.Actor, action access.Action, has access.Relations, patient access.PersonID, object string) (Entry, error) {
	through, refused := access.Can(by, action, has)
	e := New(r.cfg.Now(), by, action.String(), Done)
	e.By, e.Patient, e.Object = through, patient, object
	if refused == nil {
		return e, nil
	}
	e.Outcome = Refused
	if err := r.cfg.Store.Append(ctx, e); err != nil {
		return Entry{}, fmt.Errorf("record a refusal: %w", err)
	}
	return Entry{}, refused
}

// Export writes, as NDJSON (see Line), what people have done for the actor's organisation
// within a time: from is included, until is not. Errors: *access.Refused, before anything is
// written.
func (r *Reader) Export(ctx context.Context, by access.Actor, from, until time.Time) (func(context.Context, io.Writer) error, error) {
	var has access.Relations
	if by.Organisation != "" {
		has = access.SameOrganisation // nobody can ask for another's
	}
	look, err := r.demand(ctx, by, access.AuditExport, has, "", "organisation/"+string(by.Organisation))
	if err != nil {
		return nil, err
	}
	if err := r.cfg.Store.Append(ctx, look); err != nil {
		return nil, fmt.Errorf("export the audit record: %w", err)
	}
	return func(ctx context.Context, w io.Writer) error {
		var after Place
		for {
			page, err := r.cfg.Store.OfOrganisation(ctx, by.Organisation, from, until, after, exportPage)
			if err != nil {
				return fmt.Errorf("export the audit record: %w", err)
			}
			if err := writeLines(w, page); err != nil {
				return fmt.Errorf("export the audit record: %w", err)
			}
			if len(page) < exportPage {
				return nil
			}
			last := page[len(page)-1].Stored
			after = Place{At: last.At, ID: last.ID}
		}
	}, nil
}
