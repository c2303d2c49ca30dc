package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/clinical/clinicaltest"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/cluster"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// measure sets up what is measured of patients.
func (h *house) measure(nodes cluster.Events, log *slog.Logger) (err error) {
	h.clinical, err = clinical.NewService(clinical.Config{
		Store: clinicaltest.NewMemory(), Relations: h.directory, Names: h.names, Born: h.directory.Born,
		About: func(ctx context.Context, consultation string) (access.PersonID, error) {
			return h.schedule.About(ctx, scheduling.AppointmentID(consultation))
		},
		Changed: publish(nodes, log),
	})
	return err
}

// What the nodes tell one another about patients.
const (
	// measured: values are new, or were corrected. The event's items are their ids.
	measured cluster.Kind = "measured"
	// limited: limits are others, or more is new than is told one by one.
	limited cluster.Kind = "limited"
)

// publishTime is how long a change waits for Redis to take the news of it. It is kept by then,
// and where Redis does not take it, all nodes look anew.
const publishTime = 2 * time.Second

// publish tells all nodes, this one first, what has changed of a patient.
func publish(nodes cluster.Events, log *slog.Logger) func(access.PersonID, clinical.Event) {
	return func(patient access.PersonID, e clinical.Event) {
		out := cluster.Event{Kind: measured, Patient: string(patient), Items: cluster.ItemsOf(e.Observations)}
		if e.Limits || len(e.Observations) > cluster.MaxItems {
			out.Kind, out.Items = limited, ""
		}
		ctx, cancel := context.WithTimeout(context.Background(), publishTime)
		defer cancel()
		if err := nodes.Publish(ctx, out); err != nil {
			log.Warn("other nodes may not have been told", "kind", out.Kind, "patient", patient, "error", err)
		}
	}
}

// news tells this node's calls what all nodes say has changed of patients, until ctx ends.
func (a *App) news(ctx context.Context) error {
	relay(a.nodes.Subscribe(ctx), a.calls.Happened)
	return nil
}

// relay hands events on until there are no more.
func relay(events <-chan cluster.Event, happened func(patient string, e signaling.LiveEvent)) {
	for e := range events {
		switch e.Kind {
		case measured:
			happened(e.Patient, signaling.LiveEvent{Measurements: e.Items.IDs()})
		case limited:
			happened(e.Patient, signaling.LiveEvent{Limits: true})
		case cluster.Resync: // nobody knows what was missed, or of whom
			happened("", signaling.LiveEvent{Limits: true})
		}
	}
}

// live is signaling's Live: what a seat may see of a patient, as clinical shows it.
type live struct {
	clinical interface {
		See(ctx context.Context, by access.Actor, patient access.PersonID, e clinical.Event) (clinical.Sight, bool, error)
	}
}

// See implements signaling.Live.
func (l live) See(ctx context.Context, seat signaling.Seat, e signaling.LiveEvent) ([]protocol.ServerMessage, error) {
	role, err := access.ParseRole(string(seat.Role))
	if err != nil {
		return nil, err
	}
	asked := clinical.Event{Limits: e.Limits}
	for _, id := range e.Measurements {
		asked.Observations = append(asked.Observations, clinical.ObservationID(id))
	}
	sight, ok, err := l.clinical.See(ctx, reader(seat, role), access.PersonID(seat.Patient), asked)
	if err != nil || !ok {
		return nil, err
	}
	var out []protocol.ServerMessage
	if len(sight.Values) > 0 {
		told := protocol.Measured{Measurements: make([]protocol.Measurement, len(sight.Values))}
		for i, v := range sight.Values {
			told.Measurements[i] = httpapi.Measurement(v)
		}
		out = append(out, told)
	}
	if e.Limits {
		out = append(out, protocol.Limited{Version: sight.Limits})
	}
	return out, nil
}
