package store

import (
	"context"
	"fmt"
	"time"

	"github.com/samkonsult/samkonsult/internal/audit"
	"github.com/samkonsult/samkonsult/internal/notify"
	"github.com/samkonsult/samkonsult/scheduling"
)

// Readiness is what people have said of how ready they are, by appointment and participant.
func (s *Appointments) Readiness(ctx context.Context, of []scheduling.AppointmentID) (map[scheduling.AppointmentID]map[scheduling.ParticipantID]scheduling.Readiness, error) {
	out := map[scheduling.AppointmentID]map[scheduling.ParticipantID]scheduling.Readiness{}
	ids := make([]string, len(of))
	for i, id := range of {
		ids[i] = string(id)
	}
	type row struct {
		appointment scheduling.AppointmentID
		participant scheduling.ParticipantID
		scheduling.Readiness
	}
	err := s.db.read(ctx, func(t *tx) error {
		among, argument := t.oneOf("appointment", "$1", ids)
		rows, err := all(t, func(s scanner) (r row, err error) {
			var at, minutes, opened int64
			err = s.Scan(&r.appointment, &r.participant, &r.State, &at, &minutes, &r.Test, &opened)
			r.At, r.Opened, r.Late = momentOrNone(at), momentOrNone(opened), time.Duration(minutes)*time.Minute
			return r, err
		}, "SELECT appointment, participant, state, at, minutes, test, opened_at FROM readiness WHERE "+among, argument)
		if err != nil {
			return err
		}
		clear(out)
		for _, r := range rows {
			if out[r.appointment] == nil {
				out[r.appointment] = map[scheduling.ParticipantID]scheduling.Readiness{}
			}
			out[r.appointment][r.participant] = r.Readiness
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("readiness: %w", err)
	}
	return out, nil
}

// SaveReadiness keeps what someone has said last.
func (s *Appointments) SaveReadiness(ctx context.Context, of scheduling.AppointmentID, p scheduling.ParticipantID, r scheduling.Readiness, entries []audit.Entry, out []notify.Message) error {
	err := s.db.change(ctx, entries, out, func(t *tx) error {
		_, err := t.exec(`INSERT INTO readiness (appointment, participant, state, at, minutes, test, opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (appointment, participant) DO UPDATE SET state = $3, at = $4, minutes = $5, test = $6`,
			string(of), string(p), string(r.State), msOrNone(r.At), int64(r.Late/time.Minute), r.Test, msOrNone(r.Opened))
		return err
	})
	if err != nil {
		return fmt.Errorf("save readiness in %s: %w", of, err)
	}
	return nil
}

// SaveOpened keeps when someone's link was first opened. What they say at the same moment is not
// written over by it.
func (s *Appointments) SaveOpened(ctx context.Context, of scheduling.AppointmentID, p scheduling.ParticipantID, at time.Time) error {
	err := s.db.change(ctx, nil, nil, func(t *tx) error {
		_, err := t.exec(`INSERT INTO readiness (appointment, participant, state, at, minutes, test, opened_at) VALUES ($1, $2, '', 0, 0, '', $3)
			ON CONFLICT (appointment, participant) DO UPDATE SET opened_at = $3 WHERE readiness.opened_at = 0`, string(of), string(p), at.UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("save that a link to %s was opened: %w", of, err)
	}
	return nil
}

// forgetReadiness forgets what was said in these seats.
func (t *tx) forgetReadiness(of scheduling.AppointmentID, seats []scheduling.ParticipantID) error {
	if len(seats) == 0 {
		return nil
	}
	among, argument := t.oneOf("participant", "$2", texts(seats))
	_, err := t.exec("DELETE FROM readiness WHERE appointment = $1 AND "+among, string(of), argument)
	return err
}
