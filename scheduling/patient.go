package scheduling

import (
	"context"

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
