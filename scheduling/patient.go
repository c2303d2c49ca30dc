package scheduling

import (
	"context"
	"errors"
	"fmt"

	"github.com/samkonsult/samkonsult/internal/access"
)

// PatientOf is whom the consultation is about that someone's link is for; empty for who has
// come by an account, has no seat there, and where it is about nobody. The id opens nothing:
// what they may see of the patient is asked of access.
func (s *Service) PatientOf(ctx context.Context, by access.Actor) (access.PersonID, error) {
	if !byLink(by) {
		return "", nil
	}
	a, has, err := s.find(ctx, by, AppointmentID(by.Consultation))
	if err != nil || !has.Has(access.Participant) {
		return "", err
	}
	return a.Patient(), nil
}

// About is whom a consultation is about, whoever asks: it is for those who decide what of the
// patient is open to somebody. Empty where it is about nobody, or not there.
func (s *Service) About(ctx context.Context, id AppointmentID) (access.PersonID, error) {
	a, err := s.cfg.Store.Appointment(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("appointment %s: %w", id, err)
	}
	return a.Patient(), nil
}
