package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

func anAgreement(id string) subject { return subject{kind: "agreement", id: id} }

// toAgreement is how one stands to an agreement: a party's own, or the host's to look after.
func (s standing) toAgreement(a Agreement) access.Relations {
	return s.toMembers([]access.OrganisationID{a.A, a.B})
}

// AgreementView is an agreement with what is worked out about it.
type AgreementView struct {
	Agreement
	Checklist []Check
	InForce   bool // today
}

// Agreement returns one. Errors: *access.Refused, also where it does not exist.
func (d *Directory) Agreement(ctx context.Context, by access.Actor, id string) (AgreementView, error) {
	s, err := d.standing(ctx, by)
	if err != nil {
		return AgreementView{}, err
	}
	a, err := known(d.store.Agreement(ctx, id))
	if err != nil {
		return AgreementView{}, fmt.Errorf("agreement %s: %w", id, err)
	}
	if _, err := d.demand(ctx, by, access.OrganisationRead, s.toAgreement(a), anAgreement(id)); err != nil {
		return AgreementView{}, err
	}
	if a, err = existing(a, a.ID); err != nil {
		return AgreementView{}, err
	}
	return d.view(ctx, a)
}

// Agreements lists those that one may see, the oldest first.
func (d *Directory) Agreements(ctx context.Context, by access.Actor, page Page) ([]AgreementView, string, error) {
	s, err := d.standing(ctx, by)
	if err != nil {
		return nil, "", err
	}
	if _, err := d.demand(ctx, by, access.OrganisationRead, s.to(by.Organisation), anAgreement("")); err != nil {
		return nil, "", err
	}
	var of []access.OrganisationID // nil: all
	if !access.Decide(by.Role, access.OrganisationRead, s.toMembers(nil)).Allowed {
		of = []access.OrganisationID{by.Organisation}
	}
	all, err := d.store.Agreements(ctx, of)
	if err != nil {
		return nil, "", fmt.Errorf("agreements: %w", err)
	}
	part, next, err := cut(page, all, func(a Agreement) string { return a.ID })
	if err != nil {
		return nil, "", err
	}
	views := make([]AgreementView, len(part))
	for i, a := range part {
		if views[i], err = d.view(ctx, a); err != nil {
			return nil, "", err
		}
	}
	return views, next, nil
}

// view works out the checklist from what is stored.
func (d *Directory) view(ctx context.Context, a Agreement) (AgreementView, error) {
	today := d.today()
	var sides [2]party
	for i, id := range []access.OrganisationID{a.A, a.B} {
		var err error
		if sides[i].organisation, err = d.store.Organisation(ctx, id); err != nil {
			return AgreementView{}, fmt.Errorf("organisation %s: %w", id, err)
		}
		if sides[i].roles, err = d.store.RolesIn(ctx, id, today); err != nil {
			return AgreementView{}, fmt.Errorf("roles in %s: %w", id, err)
		}
	}
	list := a.checklist(sides[0], sides[1], today)
	return AgreementView{
		Agreement: a, Checklist: list,
		InForce: slices.Contains(list, Check{CheckInForce, true}),
	}, nil
}

// AgreementBetween is the agreement of two organisations that is in force on a day. ErrNotFound: there is none.
func (d *Directory) AgreementBetween(ctx context.Context, a, b access.OrganisationID, on Day) (Agreement, error) {
	inForce, err := d.store.InForce(ctx, []access.OrganisationID{a}, on)
	if err != nil {
		return Agreement{}, fmt.Errorf("agreements of %s: %w", a, err)
	}
	i := slices.IndexFunc(inForce, func(x Agreement) bool { return x.Between(a, b) })
	if i < 0 {
		return Agreement{}, ErrNotFound
	}
	return inForce[i], nil
}

// PolicyFor is what holds on a day for a consultation of these organisations: the strictest
// of what each two have agreed. Two that have no agreement count as WithoutAgreement.
func (d *Directory) PolicyFor(ctx context.Context, on Day, organisations ...access.OrganisationID) (Policy, error) {
	slices.Sort(organisations)
	organisations = slices.Compact(organisations)
	if len(organisations) < 2 {
		return WithoutAgreement(), nil
	}
	inForce, err := d.store.InForce(ctx, organisations, on)
	if err != nil {
		return Policy{}, fmt.Errorf("agreements: %w", err)
	}
	var strictest *Policy
	for i, x := range organisations {
		for _, y := range organisations[i+1:] {
			p := WithoutAgreement()
			if at := slices.IndexFunc(inForce, func(a Agreement) bool { return a.Between(x, y) }); at >= 0 {
				p = inForce[at].Policy
			}
			if strictest != nil {
				p = strictest.strictest(p)
			}
			strictest = &p
		}
	}
	return *strictest, nil
}

// RetentionDays is how long organisations that have met keep what they share, after that: the shortest that two of
// them have agreed. ok is false where no two have an agreement: they share nothing.
func (d *Directory) RetentionDays(ctx context.Context, organisations []access.OrganisationID) (days int, ok bool, err error) {
	inForce, err := d.store.InForce(ctx, organisations, d.today())
	if err != nil {
		return 0, false, fmt.Errorf("agreements: %w", err)
	}
	for _, a := range inForce {
		if slices.Contains(organisations, a.A) && slices.Contains(organisations, a.B) && (!ok || a.Policy.RetentionDays < days) {
			days, ok = a.Policy.RetentionDays, true
		}
	}
	return days, ok, nil
}

// CreateAgreement makes a new one. Errors: *access.Refused, *Invalid, as for UpdateAgreement.
func (d *Directory) CreateAgreement(ctx context.Context, by access.Actor, a Agreement) (AgreementView, error) {
	a.ID, a.Version = newID(), 0
	return d.saveAgreement(ctx, by, a, Agreement{From: a.From, Until: a.Until})
}

// UpdateAgreement changes one; its parties stay. One party alone may give more of its own
// and take less, and make the policy stricter; what gives it more, or loosens the policy,
// the other party's administrator writes, or the host's. Errors: *access.Refused, also where
// it does not exist; *Invalid; ErrVersion.
func (d *Directory) UpdateAgreement(ctx context.Context, by access.Actor, a Agreement) (AgreementView, error) {
	before, err := known(d.store.Agreement(ctx, a.ID))
	if err != nil {
		return AgreementView{}, fmt.Errorf("agreement %s: %w", a.ID, err)
	}
	return d.saveAgreement(ctx, by, a, before)
}

func (d *Directory) saveAgreement(ctx context.Context, by access.Actor, a, before Agreement) (AgreementView, error) {
	s, err := d.standing(ctx, by)
	if err != nil {
		return AgreementView{}, err
	}
	rightOver := before // who may change it is decided by what it is, not by what is sent
	if a.Version == 0 {
		rightOver = a
	}
	about := anAgreement(a.ID)
	e, err := d.demand(ctx, by, access.AgreementWrite, s.toAgreement(rightOver), about)
	if err != nil {
		return AgreementView{}, err
	}
	if a.Version != 0 {
		if before, err = existing(before, before.ID); err != nil {
			return AgreementView{}, err
		}
		if a.Version != before.Version { // first: what differs below may be another's change
			return AgreementView{}, d.unsaved(ctx, fmt.Errorf("save agreement %s: %w", a.ID, ErrVersion), e)
		}
		if a.A != before.A || a.B != before.B {
			return AgreementView{}, &Invalid{Field: "a", Rule: "stays as it is, and so does b: end this agreement and make another"}
		}
	}
	if a, err = a.checked(); err != nil {
		return AgreementView{}, err
	}
	if !access.Decide(by.Role, access.AgreementWrite, s.toMembers(nil)).Allowed {
		if field := a.widened(before, by.Organisation); field != "" {
			if err := d.store.Record(ctx, []audit.Entry{d.entry(by, access.AgreementWrite, audit.Refused, 0, about)}); err != nil {
				return AgreementView{}, fmt.Errorf("record a refusal: %w", err)
			}
			return AgreementView{}, &Invalid{Field: field, Rule: "is given by the other party's administrator, or by the host's"}
		}
	}
	if err := d.partiesExist(ctx, a); err != nil {
		return AgreementView{}, err
	}
	if err := d.store.SaveAgreement(ctx, a, []audit.Entry{e}, nil); err != nil {
		err = d.unsaved(ctx, fmt.Errorf("save agreement %s: %w", a.ID, err), e)
		if errors.Is(err, ErrExists) {
			return AgreementView{}, &Invalid{Field: "from", Rule: "must not be in the time of another agreement of the two"}
		}
		return AgreementView{}, err
	}
	a.Version++
	return d.view(ctx, a)
}

func (d *Directory) partiesExist(ctx context.Context, a Agreement) error {
	found, err := d.store.Organisations(ctx, []access.OrganisationID{a.A, a.B})
	if err != nil {
		return fmt.Errorf("parties: %w", err)
	}
	for field, id := range map[string]access.OrganisationID{"a": a.A, "b": a.B} {
		if !slices.ContainsFunc(found, func(o Organisation) bool { return o.ID == id }) {
			return &Invalid{Field: field, Rule: "must be an organisation that exists"}
		}
	}
	return nil
}
