package demo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/samkonsult/samkonsult/clinical"
)

// story is what has been measured of a patient in the last year, made up out of the date alone: a
// day's values are the same whenever the demo is started, and each has a key of its own, so that
// a later start adds only what is new.
type story struct {
	of     cared
	by     member // who measures and sets the limits
	limits []clinical.KindLimits
	lines  []line
}

// line is one kind's course.
type line struct {
	kind   clinical.KindID
	every  int // days between values
	hour   int // about when on the day
	method clinical.Method
	device clinical.Device
	site   string
	// at is what is measured so many days ago; wave is a number of the day's own around 0, mostly within ±1.
	at func(ago int, wave float64) []float64
}

// addHistory tells the stories of two patients: one with a wound and diabetes, who began with more medicine
// in the autumn, and one who came home from hospital after a depression.
func (s *seeding) addHistory(ctx context.Context) error {
	if s.Clinical == nil {
		return nil
	}
	for _, t := range []story{s.woundStory(), s.homecomingStory()} {
		if err := s.tell(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.of.name, err)
		}
	}
	return nil
}

func (s *seeding) tell(ctx context.Context, t story) error {
	patient, by := s.people[t.of.name], s.actor(t.by)
	limits, err := s.Clinical.Limits(ctx, by, patient)
	if err != nil {
		return err
	}
	if limits.Version == 0 {
		if _, err := s.Clinical.SetLimits(ctx, by, patient, clinical.Limits{Kinds: t.limits}); err != nil {
			return err
		}
	}
	const year = 365
	var values []clinical.New
	for n, l := range t.lines {
		for ago := year; ago >= 0; ago-- {
			day := s.midnight(-ago)
			number := int(day.Unix() / (24 * 60 * 60))
			if number%l.every != 0 {
				continue
			}
			random := rand.New(rand.NewPCG(uint64(number), uint64(n)))
			at := day.Add(time.Duration(l.hour)*time.Hour + time.Duration(random.IntN(50))*time.Minute)
			if at.After(s.now) {
				continue
			}
			values = append(values, clinical.New{
				Key: fmt.Sprintf("demo-%s-%s", l.kind, day.Format(time.DateOnly)), Kind: l.kind, Values: l.at(ago, random.NormFloat64()/2),
				Measured: at, Method: l.method, Device: l.device, Site: l.site,
			})
		}
	}
	for len(values) > 0 {
		n := min(len(values), clinical.MaxAtOnce)
		results, err := s.Clinical.Add(ctx, by, patient, "", values[:n])
		if err != nil {
			return err
		}
		for _, r := range results {
			if r.Fault != nil {
				return fmt.Errorf("%s: %w", r.Key, r.Fault)
			}
		}
		values = values[n:]
	}
	return nil
}

func round(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(v*scale) / scale
}

// between is from a to b, as far as ago has come from until down to since days ago; outside of it a or b.
func between(ago, until, since int, a, b float64) float64 {
	part := float64(until-ago) / float64(until-since)
	return a + (b-a)*min(max(part, 0), 1)
}

func within(low, high float64) clinical.Range { return clinical.Range{Low: &low, High: &high} }
func atMost(high float64) clinical.Range      { return clinical.Range{High: &high} }
func atLeast(low float64) clinical.Range      { return clinical.Range{Low: &low} }

var (
	cuff        = clinical.Device{Name: "Blodtrykksmålar", Model: "A&D UA-651BLE"}
	oximeter    = clinical.Device{Name: "Pulsoksymeter", Model: "Nonin 3230"}
	glucometer  = clinical.Device{Name: "Blodsukkerapparat", Model: "Contour Next One"}
	thermometer = clinical.Device{Name: "Øyretermometer", Model: "A&D UT-201BLE"}
	scales      = clinical.Device{Name: "Vekt", Model: "A&D UC-352BLE"}
)

// woundStory: the pressure rises over the summer until the dose is raised in early autumn; the blood sugar
// climbs in the last weeks; the weight goes slowly down; the wound heals.
func (s *seeding) woundStory() story {
	return story{of: olav, by: mari,
		limits: []clinical.KindLimits{
			{Kind: clinical.BloodPressure, Limits: []clinical.Limit{
				{Green: within(110, 145), Yellow: within(95, 170)}, {Green: within(65, 85), Yellow: within(50, 100)}}},
			{Kind: clinical.Glucose, Limits: []clinical.Limit{{Green: within(4.5, 10), Yellow: within(3.9, 15)}}},
			{Kind: clinical.Weight, Limits: []clinical.Limit{{Green: within(65, 82)}}, Fall: clinical.Change{Days: 30, Yellow: 1.5, Red: 4}},
			{Kind: clinical.HeartRate, Limits: []clinical.Limit{{Green: within(50, 100), Yellow: within(40, 130)}}},
			{Kind: clinical.OxygenSaturation, Limits: []clinical.Limit{{Green: atLeast(92), Yellow: atLeast(88)}}},
			{Kind: clinical.RespiratoryRate, Limits: []clinical.Limit{{Green: within(10, 22), Yellow: within(8, 28)}}},
			{Kind: clinical.Temperature, Limits: []clinical.Limit{{Green: within(35.5, 37.9), Yellow: within(35, 38.5)}}},
		},
		lines: []line{
			{clinical.BloodPressure, 3, 9, clinical.ByDevice, cuff, "venstre arm", func(ago int, wave float64) []float64 {
				systolic := between(ago, 300, 60, 132, 150) + between(ago, 60, 30, 0, -16) + between(ago, 20, 0, 0, 8) + 5*wave
				return []float64{math.Round(systolic), math.Round(systolic*0.55 + 4 + 2*wave)}
			}},
			{clinical.HeartRate, 3, 9, clinical.ByDevice, cuff, "", func(ago int, wave float64) []float64 {
				return []float64{math.Round(between(ago, 90, 0, 78, 88) + 5*wave)}
			}},
			{clinical.Glucose, 2, 7, clinical.ByDevice, glucometer, "", func(ago int, wave float64) []float64 {
				return []float64{round(between(ago, 28, 0, 8.4, 12.6)+1.3*wave, 1)}
			}},
			{clinical.Weight, 7, 8, clinical.ByDevice, scales, "", func(ago int, wave float64) []float64 {
				return []float64{round(between(ago, 200, 30, 75.2, 73)+between(ago, 30, 0, 0, -1.8)+0.3*wave, 1)}
			}},
			{clinical.OxygenSaturation, 3, 9, clinical.ByDevice, oximeter, "finger", func(_ int, wave float64) []float64 {
				return []float64{min(math.Round(95.3+wave), 99)}
			}},
			{clinical.RespiratoryRate, 3, 9, clinical.ByHand, clinical.Device{}, "", func(_ int, wave float64) []float64 {
				return []float64{math.Round(17 + 1.5*wave)}
			}},
			{clinical.Temperature, 3, 9, clinical.ByDevice, thermometer, "øyre", func(ago int, wave float64) []float64 {
				return []float64{round(between(ago, 10, 0, 36.8, 37.3)+0.2*wave, 1)}
			}},
			{clinical.OxygenGiven, 3, 9, clinical.ByHand, clinical.Device{}, "", func(int, float64) []float64 { return []float64{0} }},
			{clinical.Consciousness, 3, 9, clinical.ByHand, clinical.Device{}, "", func(int, float64) []float64 { return []float64{0} }},
			{"pain", 3, 9, clinical.ByHand, clinical.Device{}, "", func(ago int, wave float64) []float64 {
				return []float64{min(max(math.Round(between(ago, 120, 0, 5, 3)+wave), 0), 10)}
			}},
		},
	}
}

// homecomingStory: deeply low in spring, in hospital until June, slowly better since, with a setback in October.
func (s *seeding) homecomingStory() story {
	low := func(ago int) float64 { // 0 is well, 1 as low as it was
		return between(ago, 330, 250, 0.55, 0.85) + between(ago, 180, 70, 0, -0.55) + between(ago, 65, 50, 0, 0.2) + between(ago, 45, 10, 0, -0.2)
	}
	return story{of: lonn, by: bo,
		limits: []clinical.KindLimits{
			{Kind: clinical.PHQ9, Limits: []clinical.Limit{{Green: atMost(9), Yellow: atMost(14)}}, Rise: clinical.Change{Days: 45, Yellow: 5}},
			{Kind: clinical.GAD7, Limits: []clinical.Limit{{Green: atMost(9), Yellow: atMost(14)}}},
			{Kind: clinical.WHO5, Limits: []clinical.Limit{{Green: atLeast(52), Yellow: atLeast(28)}}},
			{Kind: clinical.Weight, Limits: []clinical.Limit{{Green: within(70, 95)}}, Rise: clinical.Change{Days: 30, Yellow: 4}},
			{Kind: clinical.BloodPressure, Limits: []clinical.Limit{
				{Green: within(100, 140), Yellow: within(90, 165)}, {Green: within(60, 90), Yellow: within(50, 105)}}},
		},
		lines: []line{
			{clinical.PHQ9, 14, 10, clinical.Calculated, clinical.Device{}, "", func(ago int, wave float64) []float64 {
				return []float64{min(max(math.Round(24*low(ago)+1.5*wave), 0), 27)}
			}},
			{clinical.GAD7, 14, 10, clinical.Calculated, clinical.Device{}, "", func(ago int, wave float64) []float64 {
				return []float64{min(max(math.Round(17*low(ago)+1.5*wave), 0), 21)}
			}},
			{clinical.WHO5, 14, 10, clinical.Calculated, clinical.Device{}, "", func(ago int, wave float64) []float64 {
				return []float64{4 * min(max(math.Round(21-20*low(ago)+wave), 0), 25)}
			}},
			{clinical.Weight, 14, 9, clinical.ByHand, clinical.Device{}, "", func(ago int, wave float64) []float64 {
				return []float64{round(between(ago, 250, 60, 79, 85.5)+0.5*wave, 1)}
			}},
			{clinical.BloodPressure, 28, 9, clinical.ByDevice, cuff, "venstre arm", func(_ int, wave float64) []float64 {
				return []float64{math.Round(124 + 6*wave), math.Round(78 + 4*wave)}
			}},
			{clinical.HeartRate, 28, 9, clinical.ByDevice, cuff, "", func(_ int, wave float64) []float64 {
				return []float64{math.Round(68 + 5*wave)}
			}},
		},
	}
}
