package signaling_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// samples holds a message of every type that is good in itself, for a call in which mari
// and ragna are and olav waits.
var samples = []protocol.ClientMessage{
	protocol.Hello{Version: protocol.Version, Ticket: "t", Offer: "o"},
	protocol.Ping{N: 1},
	protocol.Leave{},
	protocol.Media{Media: on},
	protocol.Media{Media: protocol.MediaState{Second: protocol.SecondCamera}},
	protocol.Beside{},
	protocol.Hand{Raised: true},
	protocol.Point{Target: &protocol.Target{Kind: "weight"}},
	protocol.Sample{Kind: "oxygen-saturation", Values: []float64{95}},
	protocol.Ask{What: protocol.AskStill},
	protocol.Hold{Part: "green"},
	protocol.Draw{Surface: protocol.Surface{Participant: "mari", Source: string(protocol.Camera)}, Stroke: "s1", Shape: "line", Colour: "blue", Points: []float64{0.5, 0.5}},
	protocol.Freeze{Participant: "mari", Source: protocol.Camera, Frozen: true},
	protocol.Show{},
	protocol.Chat{ID: "1", Text: "Hei"},
	protocol.Watch{},
	protocol.Want{},
	protocol.Admit{Participant: "olav"},
	protocol.Refuse{Participant: "olav"},
	protocol.Confirm{Participant: "ragna"},
	protocol.Mute{Participant: "ragna"},
	protocol.Remove{Participant: "ragna"},
	protocol.Lock{Locked: true},
	protocol.End{},
}

// needed is the whole of who may do what, written down apart from the code that decides it.
func needed(m protocol.ClientMessage) (inCall bool, p protocol.Permission) {
	switch m := m.(type) {
	case protocol.Ping, protocol.Leave, protocol.Beside:
		return false, ""
	case protocol.Media:
		if m.Media.Second != protocol.SecondNone {
			return false, protocol.MaySecond
		}
		return false, ""
	case protocol.Hand, protocol.Watch, protocol.Want:
		return true, ""
	case protocol.Point:
		return true, protocol.MaySee
	case protocol.Sample:
		return true, protocol.MayMeasure
	case protocol.Ask:
		return true, protocol.MayAsk
	case protocol.Hold:
		return true, protocol.MayWritePlan
	case protocol.Draw, protocol.Freeze, protocol.Show:
		return true, protocol.MayDraw
	case protocol.Chat:
		return true, protocol.MayChat
	case protocol.Admit, protocol.Refuse:
		return true, protocol.MayAdmit
	case protocol.Confirm:
		return true, protocol.MayConfirm
	case protocol.Mute:
		return true, protocol.MayMute
	case protocol.Remove:
		return true, protocol.MayRemove
	case protocol.Lock:
		return true, protocol.MayLock
	case protocol.End:
		return true, protocol.MayEnd
	}
	panic("no rule for " + m.Type())
}

func TestEveryMessageIsInTheSamples(t *testing.T) {
	for _, m := range protocol.ClientMessages() {
		if !slices.ContainsFunc(samples, func(s protocol.ClientMessage) bool { return s.Type() == m.Type() }) {
			t.Errorf("%s has no sample", m.Type())
		}
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	sets := [][]protocol.Permission{nil, clinician}
	for _, p := range clinician {
		without := slices.DeleteFunc(slices.Clone(clinician), func(q protocol.Permission) bool { return p == q })
		sets = append(sets, []protocol.Permission{p}, without)
	}
	for _, msg := range samples {
		if msg.Type() == "hello" {
			continue // a test of its own
		}
		for _, may := range sets {
			for _, presence := range []protocol.Presence{protocol.Here, protocol.Waiting} {
				inCall, p := needed(msg)
				allowed := (p == "" || slices.Contains(may, p)) && (!inCall || presence == protocol.Here)
				t.Run(fmt.Sprintf("%s/%v/%s", msg.Type(), may, presence), func(t *testing.T) {
					play(t, func(s *stage) { tries(t, s, msg, may, presence, allowed) })
				})
			}
		}
	}
}

// tries lets Tuva, with these permissions and from there, say it, and looks at what she
// and the others are told.
func tries(t *testing.T, s *stage, msg protocol.ClientMessage, may []protocol.Permission, presence protocol.Presence, allowed bool) {
	relative := ragna
	relative.Admitted = true
	nurse, daughter := s.join(mari), s.join(relative)
	patient := s.join(olav)
	seat := tuva
	seat.May, seat.AdmitsItself = may, presence == protocol.Here
	doctor := s.join(seat)
	equal(t, "presence", doctor.welcome.Presence, presence)
	s.media.of(t, "tuva").shows("mari", "ragna")
	others := []*page{nurse, daughter, patient}
	for _, p := range append(others, doctor) {
		p.forgets()
	}
	doctor.say(msg)
	synctest.Wait()
	if allowed {
		doctor.mu.Lock()
		defer doctor.mu.Unlock()
		for _, m := range doctor.inbox {
			if m.Type() == "error" {
				t.Errorf("refused: %+v", m)
			}
		}
		return
	}
	e := hears[protocol.Error](doctor)
	if e.Code != protocol.CodeForbidden || e.Re != msg.Type() || e.Fatal {
		t.Errorf("got %+v, want forbidden", e)
	}
	doctor.hearsNothing()
	doctor.isOpen()
	for _, p := range others {
		p.hearsNothing()
		p.isOpen()
	}
}
