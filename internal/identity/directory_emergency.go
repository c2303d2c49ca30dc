package identity

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// OpenEmergency opens a patient to the actor for a while. The reason stands in the audit
// record, where the patient and the data protection officer read it. Errors:
// *access.Refused, *Invalid, ErrNotFound.
func (d *Directory) OpenEmergency(ctx context.Context, by access.Actor, id access.PersonID, reason string) (Emergency, error) {
	has, err := d.Relations(ctx, by, id)
	if err != nil {
		return Emergency{}, err
	}
	entry, err := d.demand(ctx, by, access.EmergencyOpen, has, aPatient(id))
	if err != nil {
		return Emergency{}, err
	}
	if entry.Reason, err = checkedReason(reason); err != nil {
		return Emergency{}, err
	}
	now := d.now()
	e := Emergency{
		ID: newID(), Patient: id, Person: by.Person, Organisation: by.Organisation,
		Opened: now, Until: now.Add(d.emergency),
	}
	if err := d.store.OpenEmergency(ctx, e, []audit.Entry{entry}, nil); err != nil {
		return Emergency{}, d.unsaved(ctx, fmt.Errorf("open patient %s in an emergency: %w", id, err), entry)
	}
	return e, nil
}

// FindInEmergency opens a patient whom the actor has no other way to, by their identity
// number. Where several organisations know one each, the first of them by id is opened.
// Errors: *access.Refused, *Invalid, ErrNotFound: nobody here knows such a patient.
func (d *Directory) FindInEmergency(ctx context.Context, by access.Actor, nationalID, reason string) (Patient, error) {
	// Nothing of a patient opens the action, so that the number need not be looked up first.
	entry, err := d.demand(ctx, by, access.EmergencyOpen, 0, aPatient(""))
	if err != nil {
		return Patient{}, err
	}
	if _, err := checkedReason(reason); err != nil {
		return Patient{}, err
	}
	ids, err := d.byNationalID(ctx, nationalID)
	if err != nil {
		return Patient{}, err
	}
	id, err := d.readable(ctx, by, ids)
	if err != nil {
		return Patient{}, err
	}
	if id == "" {
		if len(ids) == 0 {
			return Patient{}, d.unsaved(ctx, fmt.Errorf("find a patient in an emergency: %w", ErrNotFound), entry)
		}
		id = ids[0]
		if _, err := d.OpenEmergency(ctx, by, id, reason); err != nil {
			return Patient{}, err
		}
	}
	return d.Patient(ctx, by, id)
}

func checkedReason(reason string) (string, error) {
	var c checker
	reason = c.text("reason", reason, 1, 500)
	c.require(utf8.RuneCountInString(reason) >= 10, "reason", "must be at least 10 characters")
	return reason, c.fault()
}
