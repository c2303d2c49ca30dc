package identity

import (
	"context"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// RecordMark is all that is told of a patient to one who may see who has seen what: where to
// look, and what an erasure rests on.
type RecordMark struct {
	Patient access.PersonID
	Version int64
}

// FindRecord finds the patients with an identity number of whom the actor may see who has
// seen what: one, as a rule, and more where organisations that know one each have come to
// share them. Errors: *Invalid; *access.Refused, whether only others know such a patient or
// nobody does.
func (d *Directory) FindRecord(ctx context.Context, by access.Actor, nationalID string) ([]RecordMark, error) {
	ids, err := d.byNationalID(ctx, nationalID)
	if err != nil {
		return nil, err
	}
	var found []RecordMark
	for _, id := range ids {
		has, err := d.Relations(ctx, by, id)
		if err != nil {
			return nil, err
		}
		through := access.Decide(by.Role, access.SeenRead, has)
		if !through.Allowed {
			continue
		}
		e := d.entry(by, access.SeenRead, audit.Done, through.By, aPatient(id))
		p, err := d.store.Patient(ctx, id, []audit.Entry{e})
		if err != nil {
			return nil, fmt.Errorf("find the record of patient %s: %w", id, err)
		}
		found = append(found, RecordMark{Patient: id, Version: p.Version})
	}
	if len(found) == 0 {
		return nil, d.refuseAll(ctx, by, access.SeenRead, ids)
	}
	return found, nil
}

// SeesRecord says whether the actor may see who has seen what about a patient: for a page, to
// lead there or not.
func (d *Directory) SeesRecord(ctx context.Context, by access.Actor, patient access.PersonID) (bool, error) {
	has, err := d.Relations(ctx, by, patient)
	if err != nil {
		return false, err
	}
	return access.Decide(by.Role, access.SeenRead, has).Allowed, nil
}
