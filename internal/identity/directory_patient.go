package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// Patient returns one. Errors: *access.Refused, also where they do not exist.
func (d *Directory) Patient(ctx context.Context, by access.Actor, id access.PersonID) (Patient, error) {
	has, err := d.Relations(ctx, by, id)
	if err != nil {
		return Patient{}, err
	}
	e, err := d.demand(ctx, by, access.PatientRead, has, aPatient(id))
	if err != nil {
		return Patient{}, err
	}
	p, err := d.store.Patient(ctx, id, []audit.Entry{e})
	if err != nil {
		return Patient{}, fmt.Errorf("patient %s: %w", id, err)
	}
	return p, nil
}

// Born is the day that a patient's identity number begins with; the zero time where there is
// none, or no such patient. It is for rules that ask for an age, and tells nobody anything else.
func (d *Directory) Born(ctx context.Context, id access.PersonID) (time.Time, error) {
	p, err := d.store.Patient(ctx, id, nil)
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("patient %s: %w", id, err)
	}
	return born(p.NationalID), nil
}

// Patients lists those whom the own organisation cares for, by name. Each of a page has an
// entry in the audit record.
func (d *Directory) Patients(ctx context.Context, by access.Actor, page Page) (lines []PatientLine, next string, err error) {
	about := anOrganisation(by.Organisation)
	e, err := d.demand(ctx, by, access.PatientList, standing{own: by.Organisation}.to(by.Organisation), about)
	if err != nil {
		return nil, "", err
	}
	key := func(p PatientLine) string { return string(p.ID) }
	err = d.store.Patients(ctx, by.Organisation, func(all []PatientLine) (entries []audit.Entry, err error) {
		byName(all, func(p PatientLine) string { return p.Name }, key)
		if lines, next, err = cut(page, all, key); err != nil {
			return nil, err
		}
		for _, p := range lines {
			entries = append(entries, d.entry(by, access.PatientList, audit.Done, e.By, aPatient(p.ID)))
		}
		return entries, nil
	})
	if err != nil {
		return nil, "", fmt.Errorf("patients of %s: %w", by.Organisation, err)
	}
	return lines, next, nil
}

// FindPatient finds one whom the actor may read by their identity number. Errors: *Invalid;
// *access.Refused, whether only others know such a patient or nobody does.
func (d *Directory) FindPatient(ctx context.Context, by access.Actor, nationalID string) (Patient, error) {
	ids, err := d.byNationalID(ctx, nationalID)
	if err != nil {
		return Patient{}, err
	}
	id, err := d.readable(ctx, by, ids)
	if err != nil {
		return Patient{}, err
	}
	if id == "" {
		return Patient{}, d.refuseAll(ctx, by, access.PatientRead, ids)
	}
	return d.Patient(ctx, by, id)
}

// byNationalID are the patients with an identity number, sorted by id.
func (d *Directory) byNationalID(ctx context.Context, nationalID string) ([]access.PersonID, error) {
	var c checker
	number := c.nationalID("nationalId", nationalID)
	c.require(number != "", "nationalId", "must be 11 digits")
	if err := c.fault(); err != nil {
		return nil, err
	}
	ids, err := d.store.PatientsByNationalID(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("find a patient: %w", err)
	}
	slices.Sort(ids)
	return ids, nil
}

// readable is the one of the patients whom the actor may read, the own organisation's before
// another's; empty for none.
func (d *Directory) readable(ctx context.Context, by access.Actor, ids []access.PersonID) (best access.PersonID, err error) {
	if len(ids) == 0 {
		ids = []access.PersonID{""} // nobody, who takes as long to look at
	}
	for _, id := range ids {
		has, err := d.Relations(ctx, by, id)
		if err != nil {
			return "", err
		}
		if !access.Decide(by.Role, access.PatientRead, has).Allowed {
			continue
		}
		if has.Has(access.SameOrganisation) {
			return id, nil
		}
		if best == "" {
			best = id
		}
	}
	return best, nil
}

// refuseAll is a refusal that is recorded with each of the patients, and once by itself, so
// that the record is written whether there are any or not.
func (d *Directory) refuseAll(ctx context.Context, by access.Actor, action access.Action, ids []access.PersonID) error {
	entries := []audit.Entry{d.entry(by, action, audit.Refused, 0, aPatient(""))}
	for _, id := range ids {
		entries = append(entries, d.entry(by, action, audit.Refused, 0, aPatient(id)))
	}
	if err := d.store.Record(ctx, entries); err != nil {
		return fmt.Errorf("record a refusal: %w", err)
	}
	return &access.Refused{Role: by.Role, Action: action}
}

// CreatePatient makes a new one whom the own organisation cares for. Errors:
// *access.Refused; *Invalid; ErrExists where the actor may read a patient with this
// identity number already. One whom only others know does not count, and is not told of:
// then there are two, each with their own organisations.
func (d *Directory) CreatePatient(ctx context.Context, by access.Actor, p Patient) (Patient, error) {
	p.ID, p.Version = access.PersonID(newID()), 0
	own := standing{own: by.Organisation}.to(by.Organisation)
	e, err := d.demand(ctx, by, access.PatientWrite, own, aPatient(p.ID))
	if err != nil {
		return Patient{}, err
	}
	entries := []audit.Entry{e}
	if len(p.Consents) > 0 {
		if e, err = d.demand(ctx, by, access.ConsentWrite, own, aPatient(p.ID)); err != nil {
			return Patient{}, err
		}
		entries = append(entries, e)
	}
	if p, err = p.checked(); err != nil {
		return Patient{}, err
	}
	if err := d.mayCare(ctx, by, p, Patient{}); err != nil {
		return Patient{}, err
	}
	if err := d.notReadableYet(ctx, by, p.NationalID); err != nil {
		return Patient{}, d.unsaved(ctx, err, entries...)
	}
	return d.savePatient(ctx, by, p, Patient{}, entries)
}

func (d *Directory) notReadableYet(ctx context.Context, by access.Actor, nationalID string) error {
	if nationalID == "" {
		return nil
	}
	ids, err := d.byNationalID(ctx, nationalID)
	if err != nil {
		return err
	}
	id, err := d.readable(ctx, by, ids)
	if err == nil && id != "" {
		err = fmt.Errorf("patient with this identity number: %w", ErrExists)
	}
	return err
}

// UpdatePatient changes one. Whom the patient lets see is a right of its own, which the
// patient has too. Errors: *access.Refused, also where they do not exist; *Invalid;
// ErrVersion; ErrExists.
func (d *Directory) UpdatePatient(ctx context.Context, by access.Actor, p Patient) (Patient, error) {
	has, err := d.Relations(ctx, by, p.ID)
	if err != nil {
		return Patient{}, err
	}
	needs := access.PatientWrite
	if !access.Decide(by.Role, needs, has).Allowed {
		needs = access.ConsentWrite // all that others may change
	}
	first, err := d.demand(ctx, by, needs, has, aPatient(p.ID))
	if err != nil {
		return Patient{}, err
	}
	before, err := d.store.Patient(ctx, p.ID, nil)
	if err != nil {
		return Patient{}, fmt.Errorf("patient %s: %w", p.ID, err)
	}
	if p.Version != before.Version {
		return Patient{}, d.unsaved(ctx, fmt.Errorf("save patient %s: %w", p.ID, ErrVersion), first)
	}
	p.HPR = before.HPR // patients have none
	if p, err = p.checked(); err != nil {
		return Patient{}, err
	}
	entries, err := d.demandChanges(ctx, by, has, p, before)
	if err != nil {
		return Patient{}, err
	}
	if len(entries) == 0 {
		return before, nil
	}
	if err := d.mayCare(ctx, by, p, before); err != nil {
		return Patient{}, err
	}
	return d.savePatient(ctx, by, p, before, entries)
}

// demandChanges demands the right to each sort of change.
func (d *Directory) demandChanges(ctx context.Context, by access.Actor, has access.Relations, p, before Patient) (entries []audit.Entry, err error) {
	for _, change := range []struct {
		is    bool
		needs access.Action
	}{
		{!p.sameBut(before), access.PatientWrite},
		{!slices.Equal(p.Consents, before.Consents), access.ConsentWrite},
	} {
		if !change.is {
			continue
		}
		e, err := d.demand(ctx, by, change.needs, has, aPatient(p.ID))
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// mayCare checks who cares for the patient: an organisation takes part with those that it
// has an agreement with, and ends only its own part.
func (d *Directory) mayCare(ctx context.Context, by access.Actor, p, before Patient) error {
	s, err := d.standing(ctx, by)
	if err != nil {
		return err
	}
	var c checker
	c.require(before.ID != "" || slices.Contains(p.CaredForBy, by.Organisation), "caredForBy", "must have your own organisation")
	for _, o := range p.CaredForBy {
		c.require(o == by.Organisation || slices.Contains(before.CaredForBy, o) || slices.Contains(s.partners, o),
			"caredForBy", "must be organisations that yours has an agreement in force with")
	}
	for _, o := range before.CaredForBy {
		c.require(o == by.Organisation || slices.Contains(p.CaredForBy, o), "caredForBy", "must keep the others: each ends its own part")
	}
	if err := c.fault(); err != nil {
		return err
	}
	var named []access.OrganisationID
	for _, k := range p.Consents {
		if k.Organisation != "" && !slices.Contains(named, k.Organisation) {
			named = append(named, k.Organisation)
		}
	}
	if len(named) == 0 {
		return nil
	}
	found, err := d.store.Organisations(ctx, named)
	if err != nil {
		return fmt.Errorf("organisations: %w", err)
	}
	if len(found) < len(named) {
		return &Invalid{Field: "consents", Rule: "must be to organisations that exist"}
	}
	return nil
}

func (d *Directory) savePatient(ctx context.Context, by access.Actor, p, before Patient, entries []audit.Entry) (Patient, error) {
	for i := range p.Relatives {
		r := &p.Relatives[i]
		if r.ID == "" {
			r.ID = access.PersonID(newID())
		} else if !before.hasRelative(r.ID) {
			return Patient{}, &Invalid{Field: element("relatives", i) + "id", Rule: "must be empty, or one that is there"}
		}
	}
	if err := d.store.SavePatient(ctx, p, by.Organisation, entries, nil); err != nil {
		return Patient{}, d.unsaved(ctx, fmt.Errorf("save patient %s: %w", p.ID, err), entries...)
	}
	p.Version++
	return p, nil
}

// ErasePatient makes everything of a patient unreadable, for good, also in backups. Errors:
// *access.Refused, also where they do not exist; *Invalid while another organisation cares
// for them, which then ends its own part first; ErrVersion.
func (d *Directory) ErasePatient(ctx context.Context, by access.Actor, id access.PersonID, version int64) error {
	has, err := d.Relations(ctx, by, id)
	if err != nil {
		return err
	}
	e, err := d.demand(ctx, by, access.PatientErase, has, aPatient(id))
	if err != nil {
		return err
	}
	p, err := d.store.Patient(ctx, id, nil)
	if err != nil {
		return fmt.Errorf("patient %s: %w", id, err)
	}
	if !slices.Equal(p.CaredForBy, []access.OrganisationID{by.Organisation}) {
		return &Invalid{Field: "caredForBy", Rule: "must be your own organisation alone: the others end their part first"}
	}
	if err := d.store.ErasePatient(ctx, id, version, d.now(), []audit.Entry{e}, nil); err != nil {
		return d.unsaved(ctx, fmt.Errorf("erase patient %s: %w", id, err), e)
	}
	return nil
}
