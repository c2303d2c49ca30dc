package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/cluster"
	"github.com/samkonsult/samkonsult/signaling/cluster/redistest"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// measuring is a page that enters values for the patient of the call.
type measuring struct {
	*visitor
	patient, consultation string
}

// opensPanel opens a link whose page is shown what is measured.
func opensPanel(t *testing.T, link string) measuring {
	t.Helper()
	v, answer, problem := visit(t, link)
	if answer.Opened == nil || answer.Opened.Patient == "" {
		t.Fatalf("no panel: %+v, %+v", answer.Opened, problem)
	}
	return measuring{v, answer.Opened.Patient, answer.Opened.Consultation.ID}
}

// enters has a value kept.
func (m measuring) enters(key, kind string, values ...float64) httpapi.KeptMeasurement {
	m.t.Helper()
	body := httpapi.NewMeasurements{Consultation: m.consultation, Items: []httpapi.NewMeasurement{{
		Key: key, Kind: kind, Values: values, MeasuredAt: time.Now().UnixMilli(), Method: "manual",
	}}}
	var kept httpapi.KeptMeasurements
	if problem := m.ask(http.MethodPost, "/api/v1/patients/"+m.patient+"/measurements", body, &kept); problem.Code != "" {
		m.t.Fatalf("%s is not kept: %+v", key, problem)
	}
	return kept.Items[0]
}

func TestAValueThatTheNurseEntersIsBesideThePictureOfAllWhoMaySee(t *testing.T) {
	app := startApp(t, nil)
	links := app.Links()
	nurse, specialist, patient := join(t, links.Nurse), join(t, links.Specialist), join(t, links.Patient)
	nurse.say(t, protocol.Admit{Participant: patient.Self()})
	until(t, patient, anyOf[protocol.Admitted])
	waiting := join(t, links.Relative)

	entry := opensPanel(t, links.Nurse)
	kept := entry.enters("k1", "blood-pressure", 148, 86)
	if kept.Measurement == nil || kept.Measurement.By != "Mari Bjørk" || kept.Known {
		t.Fatalf("kept: %+v", kept)
	}
	for name, c := range map[string]*caller{"nurse": nurse, "specialist": specialist, "patient": patient} {
		m := until(t, c, anyOf[protocol.Measured])
		if len(m.Measurements) != 1 || !reflect.DeepEqual(m.Measurements[0], *kept.Measurement) {
			t.Errorf("the %s is told %+v, want %+v", name, m, kept.Measurement)
		}
	}
	var panel httpapi.MeasurementPanel
	if problem := entry.ask(http.MethodGet, "/api/v1/patients/"+entry.patient+"/measurements", nil, &panel); problem.Code != "" {
		t.Fatalf("%+v", problem)
	}
	if !panel.MayMeasure || len(panel.Rows) == 0 || panel.Rows[0].Latest == nil || panel.Rows[0].Latest.ID != kept.Measurement.ID {
		t.Errorf("the panel: %+v", panel)
	}

	// Five a second come one by one, in order, to all.
	var want []string
	for i := range 10 {
		want = append(want, entry.enters(fmt.Sprint("w", i), "weight", 70+float64(i)).Measurement.ID)
	}
	for name, c := range map[string]*caller{"nurse": nurse, "specialist": specialist, "patient": patient} {
		var got []string
		for len(got) < len(want) {
			for _, v := range until(t, c, anyOf[protocol.Measured]).Measurements {
				got = append(got, v.ID)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("to the %s come %v, want %v", name, got, want)
		}
	}

	// Other limits, which the specialist sets.
	doctor := opensPanel(t, links.Specialist)
	high := 145.0
	var before httpapi.PatientLimits
	if problem := doctor.ask(http.MethodGet, "/api/v1/patients/"+doctor.patient+"/limits", nil, &before); problem.Code != "" {
		t.Fatalf("%+v", problem)
	}
	if problem := doctor.put("/api/v1/patients/"+doctor.patient+"/limits", int(before.Version), map[string]any{"scaleTwo": false, "kinds": []httpapi.KindLimits{{
		Kind: "blood-pressure", Limits: []httpapi.KindLimit{{GreenHigh: &high}, {}},
	}}}); problem.Code != "" {
		t.Fatalf("limits: %+v", problem)
	}
	if m := until(t, nurse, anyOf[protocol.Limited]); m.Version != before.Version+1 {
		t.Errorf("limits: %+v", m)
	}
	entry.enters("k2", "blood-pressure", 150, 80)
	zone := until(t, specialist, anyOf[protocol.Measured]).Measurements[0].Zone
	if zone.Colour != "yellow" || len(zone.Crossed) != 1 || zone.Crossed[0].Limit != 145 {
		t.Errorf("the zone: %+v", zone)
	}

	// The specialist asks, and points; who waits has been told nothing of all this.
	specialist.say(t, protocol.Ask{What: protocol.AskMeasurement, Kind: "temperature"})
	if m := until(t, nurse, anyOf[protocol.Asked]); m.Name != "Tuva Ask" {
		t.Errorf("asked: %+v", m)
	}
	specialist.say(t, protocol.Point{Target: &protocol.Target{Kind: "blood-pressure", Measurement: kept.Measurement.ID}})
	if m := until(t, patient, anyOf[protocol.Pointed]); m.Target == nil || m.Target.Measurement != kept.Measurement.ID {
		t.Errorf("pointed: %+v", m)
	}
	waiting.say(t, protocol.Ping{N: 7})
	for {
		m := <-waiting.messages
		if m.Type() == "pong" {
			break
		}
		if m.Type() == "measured" || m.Type() == "limited" || m.Type() == "pointed" {
			t.Errorf("who waits is told %+v", m)
		}
	}
}

func TestWhatChangesOnOneNodeReachesTheCallsOfAnother(t *testing.T) {
	type heard struct {
		patient string
		e       signaling.LiveEvent
	}
	server := redistest.Start(t)
	node := func() (*cluster.Redis, <-chan heard) {
		r, err := cluster.NewRedis(cluster.RedisConfig{URL: server.URL(), Retry: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		out := make(chan heard, 1000)
		events := r.Subscribe(ctx)
		done := make(chan struct{}, 2)
		go func() {
			relay(events, func(p string, e signaling.LiveEvent) { out <- heard{p, e} })
			done <- struct{}{}
		}() // ends with ctx
		go func() { _ = r.Run(ctx); done <- struct{}{} }() // ends with ctx
		t.Cleanup(func() { cancel(); <-done; <-done })
		eventually(t, "Redis is there", r.Up)
		return r, out
	}
	a, _ := node()
	_, calls := node()
	next := func() heard {
		t.Helper()
		select {
		case h := <-calls:
			return h
		case <-time.After(20 * time.Second):
			t.Fatal("nothing is heard")
		}
		return heard{}
	}
	anew := heard{"", signaling.LiveEvent{Limits: true, Plan: unknownPlan, Wounds: true}}
	for len(calls) > 0 { // of the beginning: nobody knows what was before
		if h := next(); !reflect.DeepEqual(h, anew) {
			t.Fatalf("heard %+v", h)
		}
	}
	changed := publish(a, slog.New(slog.DiscardHandler))
	changed("olav", clinical.Event{Observations: []clinical.ObservationID{"v2", "v1"}})
	if h := next(); !reflect.DeepEqual(h, heard{"olav", signaling.LiveEvent{Measurements: []string{"v2", "v1"}}}) {
		t.Errorf("heard %+v", h)
	}
	changed("olav", clinical.Event{Plan: 4})
	if h := next(); !reflect.DeepEqual(h, heard{"olav", signaling.LiveEvent{Plan: 4}}) {
		t.Errorf("a plan: heard %+v", h)
	}
	changed("olav", clinical.Event{Photos: []clinical.PhotoID{"f1", "f2"}})
	if h := next(); !reflect.DeepEqual(h, heard{"olav", signaling.LiveEvent{Photos: []string{"f1", "f2"}}}) {
		t.Errorf("photos: heard %+v", h)
	}
	for name, e := range map[string]clinical.Event{
		"a wound": {Wounds: true}, "a camera's whole roll": {Photos: make([]clinical.PhotoID, cluster.MaxItems+1)},
	} {
		changed("olav", e)
		if h := next(); !reflect.DeepEqual(h, heard{"olav", signaling.LiveEvent{Wounds: true}}) {
			t.Errorf("%s: heard %+v", name, h)
		}
	}
	for name, e := range map[string]clinical.Event{
		"limits": {Limits: true}, "a month of values": {Observations: make([]clinical.ObservationID, cluster.MaxItems+1)},
	} {
		changed("olav", e)
		if h := next(); !reflect.DeepEqual(h, heard{"olav", signaling.LiveEvent{Limits: true}}) {
			t.Errorf("%s: heard %+v", name, h)
		}
	}
	// What is lost while Redis is away is not lost for good: pages read anew.
	server.Kill()
	changed("olav", clinical.Event{Observations: []clinical.ObservationID{"v3"}})
	server.Restart()
	if h := next(); !reflect.DeepEqual(h, anew) {
		t.Errorf("heard %+v", h)
	}
}

func TestASeatReadsAsItsPageDoes(t *testing.T) {
	seat := signaling.Seat{Consultation: protocol.Consultation{ID: "c1"}, Person: "tuva", ActsFor: "hospital", Session: "s1", ByLink: true}
	want := access.Actor{Person: "tuva", Role: access.Specialist, Organisation: "hospital", Session: "s1", Consultation: "c1"}
	if got := reader(seat, access.Specialist); got != want {
		t.Errorf("by link: %+v", got)
	}
	seat.ByLink, want.Consultation = false, ""
	if got := reader(seat, access.Specialist); got != want {
		t.Errorf("by account: %+v", got)
	}
	if _, err := (live{}).See(t.Context(), signaling.Seat{Role: "nobody"}, signaling.LiveEvent{}); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("in a role that there is not: %v", err)
	}
}
