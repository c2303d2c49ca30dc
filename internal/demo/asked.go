package demo

import (
	"context"

	"github.com/samkonsult/samkonsult/clinical"
)

// addAsked asks two patients for something before they are met next: one to measure at home, one
// for PHQ-9, of which a year of scores is there. Each is asked once: what has been answered is not asked for
// again by another start.
func (s *seeding) addAsked(ctx context.Context) error {
	if s.Clinical != nil {
		by, patient := s.actor(mari), s.people[olav.name]
		there, err := s.Clinical.AskedOf(ctx, by, patient)
		if err != nil {
			return err
		}
		if len(there) == 0 {
			if _, err := s.Clinical.AskValues(ctx, by, patient, clinical.NewAsked{Kinds: []clinical.KindID{clinical.Weight, clinical.BloodPressure}}); err != nil {
				return err
			}
		}
	}
	if s.Questions == nil {
		return nil
	}
	by, patient := s.actor(osp), s.people[lonn.name]
	there, err := s.Questions.Forms(ctx, by, patient)
	if err != nil || len(there) > 0 {
		return err
	}
	_, err = s.Questions.Ask(ctx, by, patient, clinical.NewForm{Questionnaire: "phq-9"})
	return err
}
