package demo

import (
	"context"
	"fmt"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
)

// own is a patient's own plan.
type own struct {
	of      cared
	by      []member // those who write it with the patient, and approve it
	fields  map[clinical.PlanField]string
	waiting clinical.PlanEdit // has been written since, and nobody has approved it yet; none where its text is empty
}

var ownPlans = []own{
	{
		of: olav, by: []member{mari, tuva},
		fields: map[clinical.PlanField]string{
			clinical.PlanMatters: "Å gå til postkassa sjølv, og å kome meg på sjøen til sommaren.",
			clinical.PlanGreen:   "Bandasje kvar tredje dag. Blodsukker før frukost. Ein tur ut kvar dag.",
			clinical.PlanYellow:  "Meir væske, lukt eller smerte, eller blodtrykk over 145/85: ring heimetenesta same dag, 12 34 56 79.",
			clinical.PlanRed:     "Feber over 38,5, raud strek oppover leggen, eller blodsukker over 15: ring legevakta på 116 117.",
		},
		waiting: clinical.PlanEdit{Field: clinical.PlanGreen, Base: 1, Text: "Bandasje kvar tredje dag. Blodsukker før frukost og før kvelds. Ein tur ut kvar dag."},
	},
	{
		of: lonn, by: []member{bo, osp},
		fields: map[clinical.PlanField]string{
			clinical.PlanMatters: "Å vere på jobb tre dagar i veka, og å følgje dottera mi på trening.",
			clinical.PlanGreen:   "Søv meir enn seks timar. Tek medisinen kvar morgon. Går tur med naboen tysdag og torsdag.",
			clinical.PlanYellow:  "Søv dårleg tre netter på rad, eller lèt vere å ta telefonen: ring Bo i kommunen, 12 34 56 79, same dag.",
			clinical.PlanRed:     "Tankar om ikkje å leve: ring legevakta på 116 117, eller 113 når det hastar. Mor kan kome med ein gong.",
		},
	},
}

// addPlans has two patients' plans written and approved, by all who are to approve them.
func (s *seeding) addPlans(ctx context.Context) error {
	if s.Clinical == nil {
		return nil
	}
	for _, o := range ownPlans {
		if err := s.writePlan(ctx, o); err != nil {
			return fmt.Errorf("the plan of %s: %w", o.of.name, err)
		}
	}
	return nil
}

func (s *seeding) writePlan(ctx context.Context, o own) error {
	patient := s.people[o.of.name]
	there, err := s.Clinical.Plans(ctx, s.actor(o.by[0]), patient)
	if err != nil || len(there) > 0 {
		return err
	}
	var p clinical.Plan
	for _, field := range clinical.PlanFields() {
		if p, err = s.Clinical.EditPlan(ctx, s.actor(o.by[0]), patient, clinical.PlanEdit{Field: field, Text: o.fields[field]}); err != nil {
			return err
		}
	}
	limits, err := s.Clinical.Limits(ctx, s.actor(o.by[0]), patient)
	if err != nil {
		return err
	}
	if p, err = s.Clinical.SetPlanLimits(ctx, s.actor(o.by[1]), patient, p.Revision, limits.Kinds); err != nil {
		return err
	}
	for _, by := range []access.Actor{s.actor(o.by[0]), s.actor(o.by[1]), {Person: patient, Role: access.Patient}} {
		if p, err = s.Clinical.ApprovePlan(ctx, by, patient, p.Version, p.Revision); err != nil {
			return err
		}
	}
	if o.waiting.Text == "" {
		return nil
	}
	_, err = s.Clinical.EditPlan(ctx, s.actor(o.by[0]), patient, o.waiting)
	return err
}
