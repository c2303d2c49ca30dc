package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

type (
	panelInput struct {
		ID access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		// For are kinds that are wanted beside those that matter anyway: what a template asks for.
		For []string `query:"for" maxItems:"20" doc:"kinds that are wanted in any case"`
	}
	newMeasurementsInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body NewMeasurements
	}
	correctInput struct {
		ID          access.PersonID        `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Measurement clinical.ObservationID `path:"measurement" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body        CorrectMeasurement
	}
	trendInput struct {
		ID     access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Kind   clinical.KindID `path:"kind" maxLength:"40"`
		From   int64           `query:"from" required:"true" doc:"ms since 1970, UTC"`
		Until  int64           `query:"until" required:"true" doc:"ms since 1970, UTC"`
		Points int             `query:"points" default:"600" minimum:"10" maximum:"5000" doc:"at most so many"`
	}
	valuesInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Kind clinical.KindID `path:"kind" maxLength:"40"`
		Page
	}
	setLimitsInput struct {
		ID   access.PersonID `path:"id" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"an id"`
		Body PatientLimits
	}
)

// registerMeasurements adds what is measured of a patient.
func (h *Handler) registerMeasurements(api huma.API) {
	register(h, api, operation{
		ID: "listKinds", Method: http.MethodGet, Path: "/kinds", Needs: signedIn, Summary: "What can be measured",
	}, func(context.Context, caller, *struct{}) (*holding[MeasuredKinds], error) {
		return &holding[MeasuredKinds]{MeasuredKinds{Items: each(h.cfg.Clinical.Kinds().All(), measuredKind)}}, nil
	})
	register(h, api, operation{
		ID: "readPanel", Method: http.MethodGet, Path: "/patients/{id}/measurements", Needs: signedIn, Action: access.ObservationRead,
		Summary: "What stands next to the video: the latest of each kind that matters for the patient; one look is recorded",
	}, func(ctx context.Context, c caller, in *panelInput) (*holding[MeasurementPanel], error) {
		p, err := h.cfg.Clinical.Panel(ctx, c.Actor, in.ID, each(in.For, func(k string) clinical.KindID { return clinical.KindID(k) }))
		if err != nil {
			return nil, err
		}
		return &holding[MeasurementPanel]{panel(p, h.cfg.Now())}, nil
	})
	register(h, api, operation{
		ID: "addMeasurements", Method: http.MethodPost, Path: "/patients/{id}/measurements", Needs: signedIn, Action: access.ObservationWrite,
		Body: 512 << 10, Summary: "Values to be kept, each for itself: one that breaks a rule keeps no other back; a key that is known is kept once",
	}, func(ctx context.Context, c caller, in *newMeasurementsInput) (*holding[KeptMeasurements], error) {
		kept, err := h.cfg.Clinical.Add(ctx, c.Actor, in.ID, in.Body.Consultation, each(in.Body.Items, newMeasurement))
		if err != nil {
			return nil, err
		}
		return &holding[KeptMeasurements]{KeptMeasurements{Items: each(kept, keptMeasurement)}}, nil
	})
	register(h, api, operation{
		ID: "correctMeasurement", Method: http.MethodPut, Path: "/patients/{id}/measurements/{measurement}", Needs: signedIn, Action: access.ObservationWrite,
		IfMatch: true, Summary: "Correct a value, or mark it as wrong; what it was stays beside",
	}, func(ctx context.Context, c caller, in *correctInput) (*versioned[protocol.Measurement], error) {
		s, err := h.cfg.Clinical.Correct(ctx, c.Actor, in.ID, in.Measurement, c.IfMatch, clinical.Edit{
			Wrong: in.Body.Wrong, Values: in.Body.Values, Reason: in.Body.Reason,
		})
		return atVersion(s.Version, Measurement(s)), err
	})
	register(h, api, operation{
		ID: "readTrend", Method: http.MethodGet, Path: "/patients/{id}/measurements/{kind}/trend", Needs: signedIn, Action: access.ObservationRead,
		Summary: "A kind's values over a time, thinned, with the patient's limits",
	}, func(ctx context.Context, c caller, in *trendInput) (*holding[Trend], error) {
		t, err := h.cfg.Clinical.Trend(ctx, c.Actor, in.ID, in.Kind, time.UnixMilli(in.From).UTC(), time.UnixMilli(in.Until).UTC(), in.Points)
		if err != nil {
			return nil, err
		}
		return &holding[Trend]{trend(t)}, nil
	})
	register(h, api, operation{
		ID: "listMeasurements", Method: http.MethodGet, Path: "/patients/{id}/measurements/{kind}/values", Needs: signedIn, Action: access.ObservationRead,
		Summary: "A kind's values with all that is known of each, the newest first, wrong ones too",
	}, func(ctx context.Context, c caller, in *valuesInput) (*holding[Measurements], error) {
		q := clinical.Query{Kind: in.Kind, Most: in.Limit}
		after, err := in.parts(2)
		if err != nil {
			return nil, err
		}
		if after != nil {
			at, err := strconv.ParseInt(after[0], 10, 64)
			if err != nil {
				return nil, invalid("cursor", "must be next of the page before")
			}
			q.Before, q.BeforeID = time.UnixMilli(at).UTC(), clinical.ObservationID(after[1])
		}
		found, err := h.cfg.Clinical.Values(ctx, c.Actor, in.ID, q)
		if err != nil {
			return nil, err
		}
		out := Measurements{Items: each(found, Measurement)}
		if len(found) == in.Limit {
			last := found[len(found)-1]
			out.Next = cursor(strconv.FormatInt(last.Measured.UnixMilli(), 10), string(last.ID))
		}
		return &holding[Measurements]{out}, nil
	})
	register(h, api, operation{
		ID: "readLimits", Method: http.MethodGet, Path: "/patients/{id}/limits", Needs: signedIn, Action: access.ObservationRead,
		Summary: "The limits by which a patient's values are green, yellow or red",
	}, func(ctx context.Context, c caller, in *patientInput) (*versioned[PatientLimits], error) {
		l, err := h.cfg.Clinical.Limits(ctx, c.Actor, in.ID)
		return atVersion(l.Version, limitsBody(l)), err
	})
	register(h, api, operation{
		ID: "setLimits", Method: http.MethodPut, Path: "/patients/{id}/limits", Needs: signedIn, Action: access.LimitWrite, IfMatch: true, MayBeNew: true,
		Summary: "Give a patient other limits; those before stay",
	}, func(ctx context.Context, c caller, in *setLimitsInput) (*versioned[PatientLimits], error) {
		l := limits(in.Body)
		l.Version = c.IfMatch
		l, err := h.cfg.Clinical.SetLimits(ctx, c.Actor, in.ID, l)
		return atVersion(l.Version, limitsBody(l)), err
	})
}

func measuredKind(k clinical.Kind) MeasuredKind {
	loinc := ""
	if len(k.LOINC) > 0 {
		loinc = k.LOINC[0]
	}
	return MeasuredKind{
		ID: string(k.ID), LOINC: loinc, Words: measuredWords(k.Words), Category: k.Category, From: k.From,
		Components: each(k.Components, func(c clinical.Component) MeasuredComponent {
			return MeasuredComponent{
				ID: c.ID, Words: measuredWords(c.Words), Unit: c.Unit, Least: c.Least, Most: c.Most, Decimals: c.Decimals,
				Options: each(c.Options, measuredWords),
			}
		}),
	}
}

func measuredWords(w map[string]string) MeasuredWords {
	return MeasuredWords{NN: w["nn"], NB: w["nb"], EN: w["en"]}
}

// Measurement is an observation as a reader is shown it, in the API and in the call.
func Measurement(s clinical.Seen) protocol.Measurement {
	device := s.Device.Name
	if device == "" {
		device = s.Device.Model
	}
	out := protocol.Measurement{
		ID: string(s.ID), Version: s.Version, Kind: string(s.Kind), Values: s.Values, Status: string(s.Status),
		MeasuredAt: ms(s.Measured), ReceivedAt: ms(s.Received), Method: string(s.Method), Device: device,
		By: s.Performer.Name, Role: s.Performer.Role.String(), Site: s.Site, Position: s.Position, Note: s.Note,
		Zone: protocol.Zone{Colour: string(s.Zone.Colour), Crossed: each(s.Zone.Crossed, func(c clinical.Crossing) protocol.Crossing {
			return protocol.Crossing{Component: c.Component, Side: string(c.Side), Limit: c.Limit, By: c.By, Days: c.Days}
		})},
	}
	if c := s.Correction; c != nil {
		out.Corrected = &protocol.Corrected{By: c.By.Name, Role: c.By.Role.String(), At: ms(c.At), Reason: c.Reason}
	}
	return out
}

func panel(p clinical.Panel, now time.Time) MeasurementPanel {
	out := MeasurementPanel{Limits: limitsBody(p.Limits), MayMeasure: p.MayWrite, MaySetLimits: p.MaySetLimits, Hidden: p.Hidden, Now: now.UnixMilli()}
	out.Rows = each(p.Rows, func(r clinical.Row) MeasurementRow {
		of, _ := p.Limits.Of(r.Kind)
		row := MeasurementRow{Kind: string(r.Kind), Recent: each(r.Recent, func(q clinical.Point) TrendPoint { return trendPoint(q, of) })}
		if r.Latest != nil {
			m := Measurement(*r.Latest)
			row.Latest = &m
		}
		if r.Before != nil {
			before := trendPoint(*r.Before, of)
			row.Before = &before
		}
		return row
	})
	if n := p.NEWS2; n != nil {
		out.NEWS2 = &NEWS2{
			Total: n.Total, Risk: string(n.Risk), Scale: n.Scale, From: ms(n.From), Until: ms(n.Until),
			Missing: each(n.Missing, func(k clinical.KindID) string { return string(k) }),
			Parts: each(n.Parts, func(p clinical.NEWS2Part) NEWS2Part {
				return NEWS2Part{Kind: string(p.Kind), Points: p.Points, Values: p.Values, At: ms(p.Measured)}
			}),
		}
	}
	return out
}

func trendPoint(p clinical.Point, of clinical.KindLimits) TrendPoint {
	return TrendPoint{At: ms(p.At), Values: p.Values, Colour: string(of.Colour(p.Values))}
}

func trend(t clinical.Trend) Trend {
	set := limitsBody(t.Set)
	set.Kinds = []KindLimits{}
	out := Trend{
		Kind: string(t.Kind), From: ms(t.From), Until: ms(t.Until), Total: t.Total, Out: t.Out, Set: set, First: ms(t.First),
		Points: each(t.Points, func(p clinical.Point) TrendPoint { return trendPoint(p, t.Limits) }),
		Week:   each(t.Week.Values, same), Mean: each(t.Mean.Values, same),
	}
	if t.Limits.Kind != "" {
		limits := kindLimitsBody(t.Limits)
		out.Limits = &limits
	}
	return out
}

func newMeasurement(m NewMeasurement) clinical.New {
	return clinical.New{
		Key: m.Key, Kind: clinical.KindID(m.Kind), Values: m.Values, Measured: time.UnixMilli(m.MeasuredAt).UTC(), Method: clinical.Method(m.Method),
		Device: clinical.Device{Name: m.DeviceName, Model: m.Model, ID: m.DeviceID}, Site: m.Site, Position: m.Position, Note: m.Note,
	}
}

func keptMeasurement(r clinical.Result) KeptMeasurement {
	if r.Fault != nil {
		return KeptMeasurement{Key: r.Key, Field: r.Fault.Field, Rule: r.Fault.Rule}
	}
	m := Measurement(r.Seen)
	return KeptMeasurement{Key: r.Key, Measurement: &m, Known: r.Known}
}

func limitsBody(l clinical.Limits) PatientLimits {
	return PatientLimits{
		Version: l.Version, Kinds: each(l.Kinds, kindLimitsBody), PlanVersion: l.PlanVersion, ScaleTwo: l.ScaleTwo != nil,
		SetAt: ms(l.Set), SetBy: l.By.Name, SetRole: roleOrNone(l.By.Role),
	}
}

func roleOrNone(r access.Role) string {
	if r == 0 {
		return ""
	}
	return r.String()
}

func kindLimitsBody(k clinical.KindLimits) KindLimits {
	return KindLimits{
		Kind: string(k.Kind),
		Limits: each(k.Limits, func(l clinical.Limit) KindLimit {
			return KindLimit{GreenLow: l.Green.Low, GreenHigh: l.Green.High, YellowLow: l.Yellow.Low, YellowHigh: l.Yellow.High}
		}),
		Rise: ChangeLimit(k.Rise), Fall: ChangeLimit(k.Fall),
	}
}

func limits(b PatientLimits) clinical.Limits {
	out := clinical.Limits{Kinds: each(b.Kinds, func(k KindLimits) clinical.KindLimits {
		return clinical.KindLimits{
			Kind: clinical.KindID(k.Kind),
			Limits: each(k.Limits, func(l KindLimit) clinical.Limit {
				return clinical.Limit{
					Green:  clinical.Range{Low: l.GreenLow, High: l.GreenHigh},
					Yellow: clinical.Range{Low: l.YellowLow, High: l.YellowHigh},
				}
			}),
			Rise: clinical.Change(k.Rise), Fall: clinical.Change(k.Fall),
		}
	})}
	if b.ScaleTwo {
		out.ScaleTwo = &clinical.Decision{} // whose it is, and when, is the service's to say
	}
	return out
}
