package main

import (
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/access"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// said is one message to try, and what the table of access asks of it.
type said struct {
	message protocol.ClientMessage
	action  access.Action // zero: open to all who are in the call
	waiting bool          // also to who waits to be let in
	treats  bool          // only to who treats
}

// messagesWanted names every message of the protocol's registry. What would change the call
// for the others names somebody who is not there: the right is asked first.
var messagesWanted = map[string][]said{
	"hello": nil, // opens the connection, with a ticket that is good once
	"ping":  {{message: protocol.Ping{N: 1}, waiting: true}},
	"media": {
		{message: protocol.Media{Media: protocol.MediaState{Microphone: true}}, waiting: true},
		{message: protocol.Media{Media: protocol.MediaState{Microphone: true, Second: protocol.SecondCamera}}, action: access.CallSecond, waiting: true},
	},
	"beside":  {{message: protocol.Beside{}, waiting: true}},
	"hand":    {{message: protocol.Hand{Raised: true}}},
	"watch":   {{message: protocol.Watch{}}},
	"want":    {{message: protocol.Want{}}},
	"point":   {{message: protocol.Point{}, action: access.ObservationRead}},
	"sample":  {{message: protocol.Sample{Kind: "heart-rate", Values: []float64{70}}, action: access.ObservationWrite}},
	"ask":     {{message: protocol.Ask{What: protocol.AskLight}, action: access.ObservationRead, treats: true}},
	"hold":    {{message: protocol.Hold{}, action: access.PlanWrite}},
	"draw":    {{message: protocol.Draw{Surface: protocol.Surface{Photo: "none"}, Stroke: "s", Shape: "line", Colour: "blue"}, action: access.WoundRead, treats: true}},
	"freeze":  {{message: protocol.Freeze{Participant: "p-nobody", Source: protocol.Camera, Frozen: true}, treats: true}},
	"show":    {{message: protocol.Show{Photo: "none"}, action: access.WoundRead, treats: true}},
	"chat":    {{message: protocol.Chat{ID: "1", Text: "Hei"}, action: access.CallChat}},
	"admit":   {{message: protocol.Admit{Participant: "p-nobody"}, action: access.CallAdmit}},
	"refuse":  {{message: protocol.Refuse{Participant: "p-nobody"}, action: access.CallAdmit}},
	"confirm": {{message: protocol.Confirm{Participant: "p-nobody"}, action: access.CallConfirm}},
	"mute":    {{message: protocol.Mute{Participant: "p-nobody"}, action: access.CallMute}},
	"remove":  {{message: protocol.Remove{Participant: "p-nobody"}, action: access.CallRemove}},
	"lock":    {{message: protocol.Lock{}, action: access.CallLock}},
	"leave":   nil, // below: it ends one's own part
	"end":     nil, // below: it ends everyone's
}

// refused sends messages, and returns the types of those that were forbidden: what comes
// before the answer to a ping that follows them. There is one ping for all, for who writes
// too fast is refused for that.
func (c *caller) refused(t *testing.T, messages []said) map[string]bool {
	t.Helper()
	for _, s := range messages {
		c.say(t, s.message)
	}
	const last = 1000 // beyond the numbers that the client pings with by itself
	c.say(t, protocol.Ping{N: last})
	forbidden := map[string]bool{}
	timeout := time.After(20 * time.Second)
	for {
		select {
		case got := <-c.messages:
			switch got := got.(type) {
			case protocol.Error:
				if got.Code == protocol.CodeForbidden {
					forbidden[got.Re+got.Field] = true
				} else if got.Code == protocol.CodeRate {
					t.Fatalf("%s: %s", got.Re, got.Rule)
				}
			case protocol.Pong:
				if got.N == last {
					return forbidden
				}
			}
		case <-timeout:
			t.Fatal("no answer")
		}
	}
}

// name is the message's in what refused returns.
func (s said) name() string {
	if s.action == access.CallSecond {
		return "mediamedia.second"
	}
	return s.message.Type()
}

func TestEveryMessageIsOpenToWhomTheTableGivesItAndToNobodyElse(t *testing.T) {
	for _, m := range protocol.ClientMessages() {
		if _, named := messagesWanted[m.Type()]; !named {
			t.Errorf("%s is in the protocol, and the test doesn't say to whom it is open", m.Type())
		}
	}
	if len(messagesWanted) != len(protocol.ClientMessages()) {
		t.Errorf("the test names %d messages, and the protocol has %d", len(messagesWanted), len(protocol.ClientMessages()))
	}
	links := startApp(t, nil).Links()
	tryAll := func(role access.Role, c *caller, inCall bool) {
		t.Helper()
		var all []said
		for _, some := range messagesWanted {
			all = append(all, some...)
		}
		if !inCall || role != access.Specialist {
			all = append(all, said{message: protocol.End{}, action: access.CallEnd})
		}
		refused := c.refused(t, all)
		for _, s := range all {
			has := access.Participant
			if role == access.Patient {
				has |= access.Self
			}
			may := (inCall || s.waiting) && (s.action == 0 || access.Decide(role, s.action, has).Allowed) && (!s.treats || role.Clinician())
			if refused[s.name()] == may {
				t.Errorf("%s, in the call %t: %s refused %t, and the table gives it %t", role, inCall, s.name(), refused[s.name()], may)
			}
		}
	}
	nurse := join(t, links.Nurse)
	callers := map[access.Role]*caller{access.Nurse: nurse}
	for role, link := range map[access.Role]string{
		access.Specialist: links.Specialist, access.GP: links.GP, access.Patient: links.Patient, access.Relative: links.Relative,
	} {
		c := join(t, link)
		callers[role] = c
		if c.Welcome().Presence == protocol.Here {
			continue
		}
		tryAll(role, c, false)
		nurse.say(t, protocol.Admit{Participant: c.Self()})
		until(t, c, anyOf[protocol.Admitted])
	}
	for role, c := range callers {
		tryAll(role, c, true)
	}
	callers[access.Patient].say(t, protocol.Leave{})
	until(t, nurse, func(m protocol.Left) bool { return m.Participant == callers[access.Patient].Self() })
	callers[access.Specialist].say(t, protocol.End{})
	until(t, nurse, anyOf[protocol.Ended])
}
