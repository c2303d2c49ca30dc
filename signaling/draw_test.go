package signaling_test

import (
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// round is a call about a wound: two who treat and the patient see it, and a relative does not.
func round(s *stage) (doctor, nurse, patient, relative *page) {
	doctor, nurse = s.join(with(tuva, protocol.MaySeeWounds)), s.join(with(mari, protocol.MaySeeWounds))
	p, r := with(olav, protocol.MaySeeWounds), ragna
	p.Admitted, r.Admitted = true, true
	patient, relative = s.join(p), s.join(r)
	for _, p := range []*page{doctor, nurse, patient, relative} {
		p.forgets()
	}
	return doctor, nurse, patient, relative
}

var nursesCamera = protocol.Surface{Participant: "mari", Source: string(protocol.Camera)}

func piece(on protocol.Surface) protocol.Draw {
	return protocol.Draw{Surface: on, Stroke: "s1", Shape: "arrow", Colour: "blue", Points: []float64{0.25, 0.5, 0.75, 0.5}}
}

func drawnBy(who string, m protocol.Draw) protocol.Drawn {
	return protocol.Drawn{Participant: who, Surface: m.Surface, Stroke: m.Stroke, Shape: m.Shape, Colour: m.Colour, Points: m.Points, Done: m.Done, Gone: m.Gone}
}

func TestAStrokeIsSeenByAllInTheCallWhileItIsDrawn(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient, relative := round(s)
		draw := piece(nursesCamera)
		doctor.say(draw)
		for _, p := range []*page{nurse, patient, relative} {
			equal(t, p.name, hears[protocol.Drawn](p), drawnBy("tuva", draw))
		}
		doctor.hearsNothing()
		doctor.say(protocol.Draw{Surface: nursesCamera, Shape: "line", Colour: "blue", Points: []float64{}, Gone: true})
		equal(t, "taken away", hears[protocol.Drawn](relative).Gone, true)
		doctor.say(piece(protocol.Surface{Participant: "mari", Source: string(protocol.Second)}))
		doctor.refused(protocol.CodeNotFound, "surface.source")
		doctor.say(piece(protocol.Surface{Participant: "nobody", Source: string(protocol.Camera)}))
		doctor.refused(protocol.CodeNotFound, "surface.participant")
	})
}

func TestAStrokeOnAPhotoIsSeenByThoseWhoMaySeeWoundsAndNobodyElse(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient, relative := round(s)
		draw := piece(protocol.Surface{Photo: "f1"})
		doctor.say(draw)
		equal(t, "the nurse", hears[protocol.Drawn](nurse), drawnBy("tuva", draw))
		equal(t, "the patient", hears[protocol.Drawn](patient), drawnBy("tuva", draw))
		relative.hearsNothing()
		gp := tuva // may draw, and sees no wounds
		gp.Participant, gp.Person, gp.Role = "per", "p-per", protocol.RoleGP
		other := s.join(gp)
		other.say(draw)
		if e := hears[protocol.Error](other); e.Code != protocol.CodeForbidden || e.Field != "surface.photo" {
			t.Errorf("got %+v, want forbidden", e)
		}
		other.say(protocol.Show{Photo: "f1"})
		if e := hears[protocol.Error](other); e.Code != protocol.CodeForbidden || e.Field != "photo" {
			t.Errorf("got %+v, want forbidden", e)
		}
	})
}

func TestDrawingTakesNothingFromAllElse(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, _, _ := round(s)
		time.Sleep(5 * time.Second) // what joining has taken is given back
		for range 60 {
			doctor.say(piece(nursesCamera))
		}
		for range 60 {
			hears[protocol.Drawn](nurse)
		}
		doctor.say(piece(nursesCamera)) // one too many
		if e := hears[protocol.Error](doctor); e.Code != protocol.CodeRate || e.Re != "draw" || e.Fatal {
			t.Errorf("got %+v, want rate", e)
		}
		for range 60 {
			doctor.say(protocol.Ping{N: 1})
			hears[protocol.Pong](doctor)
		}
		time.Sleep(50 * time.Millisecond)
		doctor.say(piece(nursesCamera)) // and the stroke goes on
		hears[protocol.Drawn](nurse)
	})
}

func TestAPictureIsStoppedForAllAndLetGoByWhoTreatsOrWhoseItIs(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient, relative := round(s)
		all := []*page{doctor, nurse, patient, relative}
		doctor.say(protocol.Freeze{Participant: "olav", Source: protocol.Camera, Frozen: true})
		for _, p := range all {
			equal(t, p.name, hears[protocol.Frozen](p), protocol.Frozen{By: "tuva", Participant: "olav", Source: protocol.Camera, Frozen: true})
		}
		relative.say(protocol.Freeze{Participant: "olav", Source: protocol.Camera})
		if e := hears[protocol.Error](relative); e.Code != protocol.CodeForbidden {
			t.Errorf("got %+v, want forbidden", e)
		}
		patient.say(protocol.Freeze{Participant: "olav", Source: protocol.Camera, Frozen: true})
		if e := hears[protocol.Error](patient); e.Code != protocol.CodeForbidden {
			t.Errorf("got %+v, want forbidden", e)
		}
		patient.say(protocol.Freeze{Participant: "olav", Source: protocol.Camera})
		for _, p := range all {
			equal(t, p.name, hears[protocol.Frozen](p), protocol.Frozen{By: "olav", Participant: "olav", Source: protocol.Camera})
		}
		doctor.say(protocol.Freeze{Participant: "mari", Source: protocol.Second, Frozen: true})
		doctor.refused(protocol.CodeNotFound, "source")
	})
}

func TestAPhotoIsShownToThoseWhoMaySeeItAndToWhoComesIn(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient, relative := round(s)
		nurse.say(protocol.Show{Photo: "f1"})
		nurse.say(protocol.Show{Photo: "f2"})
		for _, p := range []*page{doctor, nurse, patient} {
			equal(t, p.name, hears[protocol.Shown](p), protocol.Shown{Participant: "mari", Photo: "f1"})
			equal(t, p.name, hears[protocol.Shown](p), protocol.Shown{Participant: "mari", Photo: "f2"})
		}
		relative.hearsNothing()
		gp := with(tuva, protocol.MaySeeWounds)
		gp.Participant, gp.Person, gp.Role = "per", "p-per", protocol.RoleGP
		equal(t, "who comes in", hears[protocol.Shown](s.join(gp)), protocol.Shown{Participant: "mari", Photo: "f2"})
		doctor.say(protocol.Show{})
		equal(t, "none any more", hears[protocol.Shown](nurse), protocol.Shown{Participant: "tuva"})
		hears[protocol.Shown](doctor)
		doctor.forgets()
		doctor.say(protocol.Show{})
		doctor.hearsNothing()
		gp.Participant, gp.Person = "kari", "p-kari"
		for _, m := range s.join(gp).all("shown") {
			t.Errorf("who comes in later is told %+v", m)
		}
	})
}

func TestWhichWoundAStillIsAskedOfIsToldToWhoMaySeeIt(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, _, _ := round(s)
		other := mari // measures, and sees no wounds
		other.Participant, other.Person = "lars", "p-lars"
		blind := s.join(other)
		doctor.say(protocol.Ask{What: protocol.AskStill, Wound: "w1"})
		equal(t, "the nurse", hears[protocol.Asked](nurse), protocol.Asked{Participant: "tuva", Name: "Tuva Ask", What: protocol.AskStill, Wound: "w1"})
		equal(t, "who may not see it", hears[protocol.Asked](blind), protocol.Asked{Participant: "tuva", Name: "Tuva Ask", What: protocol.AskStill})
	})
}
