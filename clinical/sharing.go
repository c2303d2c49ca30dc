package clinical

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// Sharing is what a patient has decided about who sees what, beyond what the access table gives: a
// right that it takes from nobody's table is narrowed here by item and party. Versions count from 1.
type Sharing struct {
	Version int64
	Rules   []ShareRule // what differs from what is usual
	Set     time.Time
	By      Performer
}

// ShareRule says of an item whether a party sees it.
type ShareRule struct {
	Item  ShareItem
	Party ShareParty
	Shown bool
}

// ShareItem is something of a patient's: a kind ("glucose"), all kinds of a category ("survey"), the own
// plan, or wounds and their photos. What is said of a kind goes before what is said of its category.
type ShareItem string

// Items that are no kinds.
const (
	SharePlan   ShareItem = "plan"
	ShareWounds ShareItem = "wounds"
)

// ShareParty is who is meant: all relatives ("relatives"), or an organisation by its id.
type ShareParty string

// ShareRelatives are all relatives whom the patient lets see something.
const ShareRelatives ShareParty = "relatives"

// surveyed is the category of what a patient has answered about themselves.
const surveyed = "survey"

// mostRules bounds the rules of a patient.
const mostRules = 100

// SharingStore keeps what patients have decided.
type SharingStore interface {
	// Sharing returns the latest version, or version 0.
	Sharing(ctx context.Context, patient access.PersonID) (Sharing, error)
	// SaveSharing keeps a version after s.Version. Errors: ErrVersion.
	SaveSharing(ctx context.Context, patient access.PersonID, s Sharing, entries []audit.Entry) (Sharing, error)
}

// check says what is wrong with the rules.
func (s Sharing) check(kinds Kinds) error {
	if len(s.Rules) > mostRules {
		return &Invalid{"rules", fmt.Sprintf("must be at most %d", mostRules)}
	}
	categories := map[string]bool{}
	for _, k := range kinds.All() {
		categories[k.Category] = true
	}
	for i, r := range s.Rules {
		field := func(name string) string { return fmt.Sprintf("rules[%d].%s", i, name) }
		_, kind := kinds.Kind(KindID(r.Item))
		if !kind && !categories[string(r.Item)] && r.Item != SharePlan && r.Item != ShareWounds {
			return &Invalid{field("item"), "must be a kind, a category of kinds, plan or wounds"}
		}
		if r.Party == "" || len(r.Party) > 64 {
			return &Invalid{field("party"), "must be relatives, or the id of an organisation"}
		}
		if slices.ContainsFunc(s.Rules[:i], func(o ShareRule) bool { return o.Item == r.Item && o.Party == r.Party }) {
			return &Invalid{field("item"), "is said twice of the same party"}
		}
	}
	return nil
}

// rule is what is said of an item to a party.
func (s Sharing) rule(item ShareItem, party ShareParty) (shown, said bool) {
	i := slices.IndexFunc(s.Rules, func(r ShareRule) bool { return r.Item == item && r.Party == party })
	return i >= 0 && s.Rules[i].Shown, i >= 0
}

// Shares is what organisations have agreed that both sides see.
type Shares struct {
	Measurements, Questionnaires, Plan, Wounds bool
}

func allShares() Shares {
	return Shares{Measurements: true, Questionnaires: true, Plan: true, Wounds: true}
}

// eyes are a reader's: what of a patient's they see.
type eyes struct {
	all     bool // nothing is kept from them
	agreed  Shares
	party   ShareParty
	sharing Sharing
	kinds   Kinds
}

// eyesOf finds what a reader sees. Patients see their own, and so does who has opened the record in
// an emergency, which is on record as that. A machine is of the organisation that it serves.
func (s *Service) eyesOf(ctx context.Context, by access.Actor, has access.Relations, patient access.PersonID) (eyes, error) {
	e := eyes{kinds: s.kinds, agreed: allShares()}
	var err error
	switch {
	case by.Person == patient && by.Role == access.Patient, has&access.Emergency != 0:
		e.all = true
		return e, nil
	case by.Role == access.Relative:
		e.party = ShareRelatives
	default:
		e.party = ShareParty(by.Organisation)
		if has&access.SameOrganisation == 0 {
			if e.agreed, err = s.cfg.Shares(ctx, by.Organisation, patient); err != nil {
				return eyes{}, err
			}
		}
	}
	if e.sharing, err = s.cfg.Store.Sharing(ctx, patient); err != nil {
		return eyes{}, fmt.Errorf("sharing of %s: %w", patient, err)
	}
	return e, nil
}

// see says whether a kind is for the reader. Where nothing is said of it, what the patient has answered
// about themselves is not for relatives, and all else is for whoever the access table lets read.
func (e eyes) see(kind KindID) bool {
	k, ok := e.kinds.Kind(kind)
	if !ok || e.all {
		return ok
	}
	agreed := e.agreed.Measurements
	if k.Category == surveyed {
		agreed = e.agreed.Questionnaires
	}
	if !agreed {
		return false
	}
	for _, item := range []ShareItem{ShareItem(kind), ShareItem(k.Category)} {
		if shown, said := e.sharing.rule(item, e.party); said {
			return shown
		}
	}
	return e.party != ShareRelatives || k.Category != surveyed
}

// seeItem says whether the own plan, or wounds, are for the reader.
func (e eyes) seeItem(item ShareItem) bool {
	if e.all {
		return true
	}
	agreed := e.agreed.Plan
	if item == ShareWounds {
		agreed = e.agreed.Wounds
	}
	shown, said := e.sharing.rule(item, e.party)
	return agreed && (shown || !said)
}

// demandItem is demand, and refuses whom the patient keeps the item from; object is what the refusal is about.
func (s *Service) demandItem(ctx context.Context, by access.Actor, action access.Action, patient access.PersonID, item ShareItem, object string) (opening, error) {
	opened, err := s.demand(ctx, by, action, patient)
	if err != nil {
		return opening{}, err
	}
	eyes, err := s.eyesOf(ctx, by, opened.has, patient)
	if err != nil {
		return opening{}, err
	}
	if eyes.seeItem(item) {
		return opened, nil
	}
	e := s.entry(by, action, audit.Refused, 0, patient, object)
	if err := s.cfg.Store.Record(ctx, []audit.Entry{e}); err != nil {
		return opening{}, fmt.Errorf("record a refusal: %w", err)
	}
	return opening{}, &access.Refused{Role: by.Role, Action: action}
}

// ShowsAnswers says whether what a patient has answered about themselves is for a reader.
func (s *Service) ShowsAnswers(ctx context.Context, by access.Actor, has access.Relations, patient access.PersonID) (bool, error) {
	e, err := s.eyesOf(ctx, by, has, patient)
	if err != nil || e.all {
		return e.all, err
	}
	shown, said := e.sharing.rule(ShareItem(surveyed), e.party)
	return e.agreed.Questionnaires && (shown || !said), nil
}

// hides says whether something is kept from the reader that is usually seen: who treats is to
// know that there may be more than is shown.
func (e eyes) hides() bool {
	return !e.all && slices.ContainsFunc(e.sharing.Rules, func(r ShareRule) bool { return r.Party == e.party && !r.Shown })
}

// limitsFor are limits without those of kinds that are not for the reader.
func (e eyes) limitsFor(l Limits) Limits {
	l.Kinds = slices.DeleteFunc(slices.Clone(l.Kinds), func(k KindLimits) bool { return !e.see(k.Kind) })
	return l
}

// Sharing is what a patient has decided. Errors: *access.Refused.
func (s *Service) Sharing(ctx context.Context, by access.Actor, patient access.PersonID) (Sharing, error) {
	opened, err := s.demand(ctx, by, access.SharingRead, patient)
	if err != nil {
		return Sharing{}, err
	}
	kept, err := s.cfg.Store.Sharing(ctx, patient)
	if err != nil {
		return Sharing{}, fmt.Errorf("sharing of %s: %w", patient, err)
	}
	e := s.entry(by, access.SharingRead, audit.Done, opened.By, patient, sharingObject(patient))
	if err := s.cfg.Store.Record(ctx, []audit.Entry{e}); err != nil {
		return Sharing{}, fmt.Errorf("record a look: %w", err)
	}
	return kept, nil
}

// SetSharing replaces what was decided; version is the one that it rests on. Who treats writes down
// what the patient has said to them. Errors: *access.Refused, *Invalid, ErrVersion.
func (s *Service) SetSharing(ctx context.Context, by access.Actor, patient access.PersonID, version int64, rules []ShareRule) (Sharing, error) {
	opened, err := s.demand(ctx, by, access.SharingWrite, patient)
	if err != nil {
		return Sharing{}, err
	}
	next := Sharing{Version: version, Rules: rules, Set: s.cfg.Now().Truncate(time.Millisecond)}
	if err := next.check(s.kinds); err != nil {
		return Sharing{}, err
	}
	if next.By, err = s.performer(ctx, by); err != nil {
		return Sharing{}, err
	}
	e := s.entry(by, access.SharingWrite, audit.Done, opened.By, patient, sharingObject(patient))
	kept, err := s.cfg.Store.SaveSharing(ctx, patient, next, []audit.Entry{e})
	if err != nil {
		return Sharing{}, fmt.Errorf("sharing of %s: %w", patient, err)
	}
	// Pages read anew what they show, each by its own right.
	s.cfg.Changed(patient, Event{Limits: true})
	return kept, nil
}

func sharingObject(patient access.PersonID) string { return "patient/" + string(patient) + "/sharing" }
