package signaling_test

import (
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// writers are three who may write the plan together, one who only reads it, and one who does neither.
func writers(s *stage) (doctor, nurse, patient, reader, other *page) {
	writes := []protocol.Permission{protocol.MayReadPlan, protocol.MayWritePlan}
	doctor, nurse = s.join(with(tuva, writes...)), s.join(with(mari, writes...))
	p := with(olav, writes...)
	p.Admitted = true
	patient = s.join(p)
	r := with(ragna, protocol.MayReadPlan)
	r.Admitted = true
	reader = s.join(r)
	o := ragna
	o.Admitted, o.Participant, o.Person = true, "marek", "p-marek"
	other = s.join(o)
	for _, p := range []*page{doctor, nurse, patient, reader, other} {
		p.forgets()
	}
	return doctor, nurse, patient, reader, other
}

func TestAPartOfThePlanIsHeldByWhoWritesInIt(t *testing.T) {
	measured(t, func(s *stage, _ *ward) {
		doctor, nurse, patient, reader, other := writers(s)
		nurse.say(protocol.Hold{Part: "green"})
		held := protocol.Held{Participant: "mari", Part: "green"}
		for _, p := range []*page{doctor, patient, reader} {
			equal(t, "who writes", hears[protocol.Held](p), held)
		}
		other.hearsNothing()
		doctor.say(protocol.Hold{Part: "green"})
		equal(t, "the same part", hears[protocol.Error](doctor).Field, "part")
		doctor.say(protocol.Hold{Part: "red"})
		equal(t, "another part", hears[protocol.Held](nurse), protocol.Held{Participant: "tuva", Part: "red"})

		// Said again it is nothing new, and holds on.
		for range 4 {
			time.Sleep(protocol.HoldSilence / 2)
			nurse.say(protocol.Hold{Part: "green"})
		}
		patient.say(protocol.Hold{Part: "green"})
		equal(t, "while it is said again", hears[protocol.Error](patient).Field, "part")
		time.Sleep(protocol.HoldSilence)
		patient.say(protocol.Hold{Part: "green"})
		equal(t, "who was silent", hears[protocol.Held](nurse), protocol.Held{Participant: "mari"})
		equal(t, "who took it over", hears[protocol.Held](nurse), protocol.Held{Participant: "olav", Part: "green"})

		patient.say(protocol.Hold{})
		nurse.forgets()
		nurse.say(protocol.Hold{Part: "green"})
		nurse.hearsNothing()
	})
}

func TestWhoComesInSeesWhereOthersWriteAndWhoLeavesHoldsNothing(t *testing.T) {
	measured(t, func(s *stage, _ *ward) {
		doctor, nurse, _, _, _ := writers(s)
		nurse.say(protocol.Hold{Part: "yellow"})
		hears[protocol.Held](doctor)
		gp := with(tuva, protocol.MayReadPlan, protocol.MayWritePlan)
		gp.Participant, gp.Person, gp.Role = "per", "p-per", protocol.RoleGP
		late := s.join(gp)
		equal(t, "who comes in", hears[protocol.Held](late), protocol.Held{Participant: "mari", Part: "yellow"})
		nurse.say(protocol.Leave{})
		hears[protocol.Left](late)
		late.say(protocol.Hold{Part: "yellow"})
		equal(t, "what was left", hears[protocol.Held](doctor), protocol.Held{Participant: "per", Part: "yellow"})
	})
}

func TestAChangeOfThePlanIsToldToThoseWhoMayReadIt(t *testing.T) {
	measured(t, func(s *stage, _ *ward) {
		doctor, _, _, reader, other := writers(s)
		s.server.Happened("p-olav", signaling.LiveEvent{Plan: 3})
		equal(t, "the specialist", hears[protocol.Planned](doctor).Version, int64(3))
		equal(t, "a reader", hears[protocol.Planned](reader).Version, int64(3))
		other.hearsNothing()
	})
}
