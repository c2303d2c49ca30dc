package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/internal/identity"
	"github.com/samkonsult/samkonsult/scheduling"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/cluster"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// measure sets up what is measured of patients.
func (h *house) measure(nodes cluster.Events, log *slog.Logger) (err error) {
	kept := h.db.Clinical()
	h.clinical, err = clinical.NewService(clinical.Config{
		Store: kept, Plans: kept, Asked: kept, Wounds: kept, Seated: h.seated, Zone: h.zone, Relations: h.directory, Names: h.names, Born: h.directory.Born,
		About: func(ctx context.Context, consultation string) (access.PersonID, error) {
			return h.schedule.About(ctx, scheduling.AppointmentID(consultation))
		},
		Shares: h.shares, Changed: publish(nodes, log),
	})
	return err
}

// shares is what an organisation sees by its agreements with those who care for the patient.
func (h *house) shares(ctx context.Context, own access.OrganisationID, patient access.PersonID) (clinical.Shares, error) {
	kinds, err := h.directory.Shares(ctx, own, patient)
	if err != nil {
		return clinical.Shares{}, err
	}
	agreed := func(s identity.Share) bool { return slices.Contains(kinds, s) }
	return clinical.Shares{
		Measurements: agreed(identity.ShareMeasurements), Questionnaires: agreed(identity.ShareQuestionnaires),
		Plan: agreed(identity.SharePlan), Wounds: agreed(identity.ShareWounds),
	}, nil
}

// What the nodes tell one another about patients.
const (
	// measured: values are new, or were corrected. The event's items are their ids.
	measured cluster.Kind = "measured"
	// limited: limits are others, or more is new than is told one by one.
	limited cluster.Kind = "limited"
	// planned: the patient's own plan is another. The event's item is its version.
	planned cluster.Kind = "planned"
	// wounded: photos of wounds are new or were changed. The event's items are their ids; none: more than
	// is told one by one, or wounds and assessments.
	wounded cluster.Kind = "wounded"
)

// publishTime is how long a change waits for Redis to take the news of it. It is kept by then,
// and where Redis does not take it, all nodes look anew.
const publishTime = 2 * time.Second

// publish tells all nodes, this one first, what has changed of a patient.
func publish(nodes cluster.Events, log *slog.Logger) func(access.PersonID, clinical.Event) {
	return func(patient access.PersonID, e clinical.Event) {
		ctx, cancel := context.WithTimeout(context.Background(), publishTime)
		defer cancel()
		say := func(kind cluster.Kind, items cluster.Items) {
			if err := nodes.Publish(ctx, cluster.Event{Kind: kind, Patient: string(patient), Items: items}); err != nil {
				log.Warn("other nodes may not have been told", "kind", kind, "patient", patient, "error", err)
			}
		}
		switch {
		case e.Limits || len(e.Observations) > cluster.MaxItems:
			say(limited, "")
		case len(e.Observations) > 0:
			say(measured, cluster.ItemsOf(e.Observations))
		}
		switch {
		case e.Wounds || len(e.Photos) > cluster.MaxItems:
			say(wounded, "")
		case len(e.Photos) > 0:
			say(wounded, cluster.ItemsOf(e.Photos))
		}
		if e.Plan != 0 {
			say(planned, cluster.Items(strconv.FormatInt(e.Plan, 10)))
		}
	}
}

// news tells this node's calls what all nodes say has changed of patients, until ctx ends.
func (a *App) news(ctx context.Context) error {
	relay(a.nodes.Subscribe(ctx), a.calls.Happened)
	return nil
}

// unknownPlan stands for a version that is not known: pages read the plan anew at each.
const unknownPlan = 1

// relay hands events on until there are no more.
func relay(events <-chan cluster.Event, happened func(patient string, e signaling.LiveEvent)) {
	for e := range events {
		switch e.Kind {
		case measured:
			happened(e.Patient, signaling.LiveEvent{Measurements: e.Items.IDs()})
		case limited:
			happened(e.Patient, signaling.LiveEvent{Limits: true})
		case planned:
			version, err := strconv.ParseInt(string(e.Items), 10, 64)
			if err != nil { // another node's mistake: the plan is read anew all the same
				version = unknownPlan
			}
			happened(e.Patient, signaling.LiveEvent{Plan: version})
		case wounded:
			photos := e.Items.IDs()
			happened(e.Patient, signaling.LiveEvent{Photos: photos, Wounds: len(photos) == 0})
		case cluster.Resync: // nobody knows what was missed, or of whom
			happened("", signaling.LiveEvent{Limits: true, Plan: unknownPlan, Wounds: true})
		}
	}
}

// live is signaling's Live: what a seat may see of a patient, as clinical shows it.
type live struct {
	clinical interface {
		See(ctx context.Context, by access.Actor, patient access.PersonID, e clinical.Event) (clinical.Sight, bool, error)
		May(ctx context.Context, by access.Actor, patient access.PersonID) (clinical.Rights, error)
		SeeWounds(ctx context.Context, by access.Actor, patient access.PersonID, ids []clinical.PhotoID) ([]clinical.Photo, bool, error)
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
	var out []protocol.ServerMessage
	if e.Plan != 0 && slices.Contains(seat.May, protocol.MayReadPlan) {
		may, err := l.clinical.May(ctx, reader(seat, role), access.PersonID(seat.Patient))
		if err != nil {
			return nil, err
		}
		if may.ReadPlan {
			out = append(out, protocol.Planned{Version: e.Plan})
		}
	}
	if (len(e.Photos) > 0 || e.Wounds) && slices.Contains(seat.May, protocol.MaySeeWounds) {
		told, err := l.seeWounds(ctx, reader(seat, role), access.PersonID(seat.Patient), e)
		if err != nil {
			return nil, err
		}
		out = append(out, told...)
	}
	if len(e.Measurements) == 0 && !e.Limits {
		return out, nil
	}
	sight, ok, err := l.clinical.See(ctx, reader(seat, role), access.PersonID(seat.Patient), asked)
	if err != nil {
		return nil, err
	}
	if !ok {
		return out, nil
	}
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

// mostDrawn is how many numbers there may be in what is drawn on the photos that a page is told of at once.
// Of more, it reads them anew: messages that wait for a page are to fit in what may wait.
const mostDrawn = 10_000

// seeWounds is what a reader may be told of wounds. Photos come with what they are now.
func (l live) seeWounds(ctx context.Context, by access.Actor, patient access.PersonID, e signaling.LiveEvent) ([]protocol.ServerMessage, error) {
	ids := make([]clinical.PhotoID, len(e.Photos))
	for i, id := range e.Photos {
		ids[i] = clinical.PhotoID(id)
	}
	photos, ok, err := l.clinical.SeeWounds(ctx, by, patient, ids)
	if err != nil || !ok {
		return nil, err
	}
	told := protocol.Photographed{Photos: make([]protocol.Photo, len(photos))}
	drawn := 0
	for i, p := range photos {
		told.Photos[i] = httpapi.Photo(p)
		for _, d := range p.Drawings {
			drawn += len(d.Points)
		}
	}
	if e.Wounds || drawn > mostDrawn {
		return []protocol.ServerMessage{protocol.Wounded{}}, nil
	}
	if len(told.Photos) == 0 {
		return nil, nil
	}
	return []protocol.ServerMessage{told}, nil
}

// seated is who has a seat in a consultation; empty: nobody has that one.
func (h *house) seated(ctx context.Context, consultation, participant string) (access.PersonID, error) {
	a, err := h.db.Appointments().Appointment(ctx, scheduling.AppointmentID(consultation))
	if errors.Is(err, scheduling.ErrNotFound) {
		return "", nil
	}
	for _, p := range a.Participants {
		if string(p.ID) == participant {
			return p.Person, err
		}
	}
	return "", err
}
