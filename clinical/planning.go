package clinical

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/audit"
)

// Plans are a patient's versions, the latest first: a draft, if there is one, then those that were approved.
// Errors: *access.Refused.
func (s *Service) Plans(ctx context.Context, by access.Actor, patient access.PersonID) ([]Plan, error) {
	opened, err := s.demandItem(ctx, by, access.PlanRead, patient, SharePlan, planObject(patient))
	if err != nil {
		return nil, err
	}
	if err := s.recordPlan(ctx, by, access.PlanRead, opened.By, patient); err != nil {
		return nil, err
	}
	all, err := s.cfg.Plans.Plans(ctx, patient)
	if err != nil {
		return nil, fmt.Errorf("plans of %s: %w", patient, err)
	}
	return all, nil
}

// recordPlan has it on record that someone reads the plan, once for as long as they go on.
func (s *Service) recordPlan(ctx context.Context, by access.Actor, action access.Action, opened access.Relations, patient access.PersonID) error {
	if by.Person == patient {
		return nil
	}
	now := s.cfg.Now()
	fresh := s.looks.Fresh([]audit.Entry{s.entry(by, action, audit.Done, opened, patient, planObject(patient))}, now)
	if len(fresh) == 0 {
		return nil
	}
	if err := s.cfg.Store.Record(ctx, fresh); err != nil {
		return fmt.Errorf("record a read: %w", err)
	}
	s.looks.Recorded(fresh, now)
	return nil
}

func planObject(patient access.PersonID) string { return "patient/" + string(patient) + "/plan" }

// EditPlan changes a field of the draft, and begins one where the latest version is approved. A text that
// rests on an earlier revision is kept beside the field. Errors: *access.Refused, *Invalid.
func (s *Service) EditPlan(ctx context.Context, by access.Actor, patient access.PersonID, e PlanEdit) (Plan, error) {
	return s.changePlan(ctx, by, access.PlanWrite, patient, true, func(p *Plan, who Performer, now time.Time) error {
		return p.edit(e, who, now)
	})
}

// SettleBeside puts a text away that waits beside a field: it has been taken in, or is not wanted.
// Errors: *access.Refused, *Invalid, ErrNotFound.
func (s *Service) SettleBeside(ctx context.Context, by access.Actor, patient access.PersonID, field PlanField, id string) (Plan, error) {
	return s.changePlan(ctx, by, access.PlanWrite, patient, false, func(p *Plan, _ Performer, _ time.Time) error {
		text := p.Fields[field]
		i := slices.IndexFunc(text.Beside, func(b PlanBeside) bool { return b.ID == id })
		if i < 0 {
			return ErrNotFound
		}
		text.Beside = slices.Delete(slices.Clone(text.Beside), i, i+1)
		p.Fields[field] = text
		return nil
	})
}

// SetPlanLimits says what the draft's colours mean in numbers; version is the draft's revision that
// they rest on. Errors: *access.Refused, *Invalid, ErrVersion.
func (s *Service) SetPlanLimits(ctx context.Context, by access.Actor, patient access.PersonID, revision int64, kinds []KindLimits) (Plan, error) {
	if err := (Limits{Kinds: kinds}).check(s.kinds); err != nil {
		return Plan{}, err
	}
	return s.changePlan(ctx, by, access.LimitWrite, patient, true, func(p *Plan, who Performer, _ time.Time) error {
		if p.Revision != revision { // 0 of one that begins with them
			return ErrVersion
		}
		p.Limits = kinds
		for i := range p.Parties {
			p.Parties[i].Approved = nil
		}
		p.joins(who)
		return nil
	})
}

// ApprovePlan says that one's party agrees with the draft as it stands in a revision. When all parties have,
// it is the plan, and its limits are the patient's. Errors: *access.Refused, *Invalid; ErrVersion where the
// draft has another text now.
func (s *Service) ApprovePlan(ctx context.Context, by access.Actor, patient access.PersonID, version, revision int64) (Plan, error) {
	return s.changePlan(ctx, by, access.PlanApprove, patient, false, func(p *Plan, who Performer, now time.Time) error {
		if p.Version != version || p.Revision != revision {
			return ErrVersion
		}
		whole, err := p.approve(who, now)
		if whole {
			p.State = PlanActive
		}
		return err
	})
}

// mostTries is how often a change is tried anew that came at the same time as another's.
const mostTries = 8

// changePlan carries out a change of the latest draft; begins says that it may begin one.
func (s *Service) changePlan(ctx context.Context, by access.Actor, action access.Action, patient access.PersonID, begins bool, change func(*Plan, Performer, time.Time) error) (Plan, error) {
	opened, err := s.demandItem(ctx, by, action, patient, SharePlan, planObject(patient))
	if err != nil {
		return Plan{}, err
	}
	who, err := s.performer(ctx, by)
	if err != nil {
		return Plan{}, err
	}
	for try := 1; ; try++ {
		all, err := s.cfg.Plans.Plans(ctx, patient)
		if err != nil {
			return Plan{}, fmt.Errorf("plans of %s: %w", patient, err)
		}
		now := s.cfg.Now().Truncate(time.Millisecond)
		draft, there := latestPlan(all)
		switch {
		case there && draft.State == PlanDraft:
		case begins:
			draft = draftOf(all, patient, who, now)
		default:
			return Plan{}, ErrNotFound
		}
		if err := change(&draft, who, now); err != nil {
			return Plan{}, err
		}
		var limits *Limits
		if draft.State == PlanActive {
			if limits, err = s.planLimits(ctx, draft, who, now); err != nil {
				return Plan{}, err
			}
		}
		// A text that grows word by word is one change to whoever reads the record.
		entries := []audit.Entry{s.entry(by, action, audit.Done, opened.By, patient, fmt.Sprintf("%s/%d", planObject(patient), draft.Version))}
		if action == access.PlanWrite {
			entries = s.looks.Fresh(entries, now)
		}
		kept, err := s.cfg.Plans.SavePlan(ctx, draft, limits, entries)
		if errors.Is(err, ErrVersion) && try < mostTries {
			continue // another was quicker: what is asked for is looked at beside what stands there now
		}
		if err != nil {
			return Plan{}, fmt.Errorf("plan of %s: %w", patient, err)
		}
		if action == access.PlanWrite {
			s.looks.Recorded(entries, now)
		}
		s.cfg.Changed(patient, Event{Plan: kept.Version, Limits: limits != nil})
		return kept, nil
	}
}

// planLimits are the patient's when a plan has been approved.
func (s *Service) planLimits(ctx context.Context, p Plan, by Performer, now time.Time) (*Limits, error) {
	before, err := s.cfg.Store.Limits(ctx, p.Patient)
	if err != nil {
		return nil, fmt.Errorf("limits of %s: %w", p.Patient, err)
	}
	return &Limits{Version: before.Version, Kinds: p.Limits, PlanVersion: p.Version, ScaleTwo: before.ScaleTwo, Set: now, By: p.answersForLimits(by)}, nil
}
