package scheduling

import (
	"context"

	"github.com/samkonsult/samkonsult/internal/access"
)

// BookingsWhere are those of Bookings that a query narrows down to, so that no more patients are
// told that somebody has read of them than have been read of. q's organisation is the reader's.
func (s *Service) BookingsWhere(ctx context.Context, by access.Actor, q Query) ([]Detail, error) {
	if !q.Until.After(q.From) || q.Until.Sub(q.From) > maxSearch {
		return nil, &Invalid{"days", "must be 1–366"}
	}
	if len(q.States) == 0 {
		q.States = everyState
	}
	list, err := s.mine(ctx, by, q)
	if err != nil {
		return nil, err
	}
	return s.details(ctx, by, list)
}
