package demo

import (
	"context"
	"slices"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Redeem implements signaling.Admission. A ticket is used up whether or not it was in time.
func (w *World) Redeem(_ context.Context, ticket string) (signaling.Seat, error) {
	s, ok := w.take(ticket)
	if !ok {
		return signaling.Seat{}, signaling.ErrTicket
	}
	p := s.person
	return signaling.Seat{
		Consultation: s.in.Consultation,
		Participant:  s.id,
		Name:         p.name,
		Role:         p.role,
		Title:        p.title,
		Organisation: p.org.name,
		Identified:   protocol.IdentifiedByDemo,
		Beside:       slices.Clone(p.beside),
		AdmitsItself: admitsItself(p.role),
		Admitted:     s.admitted,
		May:          permissions(p.role),
	}, nil
}
