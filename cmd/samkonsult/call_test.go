package main

import (
	"context"
	"crypto/tls"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/internal/httpapi"
	"github.com/samkonsult/samkonsult/loadtest/client"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// caller is a participant without a screen who has come through a link.
type caller struct {
	*client.Client
	messages chan protocol.ServerMessage
	heard    chan string // MIDs on which media comes
}

// join opens a link and connects.
func join(t *testing.T, link string) *caller {
	t.Helper()
	v, answer, problem := visit(t, link)
	if answer.Opened == nil {
		t.Fatalf("%+v", problem)
	}
	c := &caller{messages: make(chan protocol.ServerMessage, 1000), heard: make(chan string, 1)}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var err error
	c.Client, err = client.Dial(ctx, client.Config{
		URL: v.base, Ticket: v.ticket(answer.Opened.Consultation.ID), Media: protocol.MediaState{Microphone: true},
		TLS:       &tls.Config{InsecureSkipVerify: true},
		OnMessage: func(m protocol.ServerMessage) { c.messages <- m },
		OnRTP: func(r *client.Received) {
			select {
			case c.heard <- r.Line.MID:
			default: // one is enough
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// until waits for a message that is so.
func until[M protocol.ServerMessage](t *testing.T, c *caller, is func(M) bool) M {
	t.Helper()
	timeout := time.After(20 * time.Second)
	for {
		select {
		case m := <-c.messages:
			if m, ok := m.(M); ok && is(m) {
				return m
			}
		case <-timeout:
			var none M
			t.Fatalf("no such %T came", none)
		}
	}
}

func anyOf[M protocol.ServerMessage](M) bool { return true }

// say sends a message.
func (c *caller) say(t *testing.T, m protocol.ClientMessage) {
	t.Helper()
	if err := c.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

// speak sends sound, 50 packets a second, until the test ends.
func (c *caller) speak(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { // ends with the test
		defer close(done)
		pace := time.NewTicker(20 * time.Millisecond)
		defer pace.Stop()
		for ticks := uint32(0); ; ticks += 960 { // 20 ms at 48 kHz
			select {
			case <-ctx.Done():
				return
			case <-pace.C:
				mic := c.Microphone()
				n := copy(mic.Next(), "opus would stand here")
				if mic.Queue(n, ticks, false, 30) != nil || c.Flush() != nil {
					return
				}
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
}

func TestThreeComeThroughTheirLinksIntoOneCallAndItEnds(t *testing.T) {
	for _, tlsMode := range []string{tlsOff, tlsSelfSigned} {
		t.Run("tls "+tlsMode, func(t *testing.T) {
			app := startApp(t, func(c *Config) { c.TLS = tlsMode })
			links := app.Links()
			coordinator, _, _ := visit(t, links.Coordinator)
			today := func() httpapi.DayVisit {
				day := coordinator.day()
				return day[slices.IndexFunc(day, func(v httpapi.DayVisit) bool { return v.ID == links.Consultation })]
			}
			if v := today(); v.ID != links.Consultation || v.State != httpapi.VisitOpen || v.Here != 0 {
				t.Errorf("before anyone has come: %+v", v)
			}

			nurse, patient := join(t, links.Nurse), join(t, links.Patient)
			if p := nurse.Welcome().Presence; p != protocol.Here {
				t.Errorf("the nurse is %s", p)
			}
			if w := patient.Welcome(); w.Presence != protocol.Waiting || w.Consultation.Phone == "" {
				t.Errorf("the patient's welcome: %+v", w)
			}
			waiting := until(t, nurse, func(m protocol.Joined) bool { return m.Participant.Presence == protocol.Waiting })
			if waiting.Participant.Name != "Olav Eik" || waiting.Participant.Identified != protocol.IdentifiedByLink || len(waiting.Participant.Beside) != 1 {
				t.Errorf("who waits: %+v", waiting.Participant)
			}
			nurse.say(t, protocol.Admit{Participant: waiting.Participant.ID})
			if m := until(t, patient, anyOf[protocol.Admitted]); m.By != "Mari Bjørk" {
				t.Errorf("let in by %q", m.By)
			}

			specialist := join(t, links.Specialist)
			specialist.speak(t)
			for name, c := range map[string]*caller{"nurse": nurse, "patient": patient} {
				select {
				case mid := <-c.heard:
					of := ""
					for _, l := range c.Lines() {
						if l.MID == mid {
							of = l.Participant
						}
					}
					if of != specialist.Self() {
						t.Errorf("the %s hears %q on line %s, not the specialist", name, of, mid)
					}
				case <-time.After(20 * time.Second):
					t.Fatalf("the %s hears nothing", name)
				}
			}
			if v := today(); v.State != httpapi.VisitRunning || v.Here != 3 {
				t.Errorf("with three in it: %+v", v)
			}

			specialist.say(t, protocol.End{})
			for _, c := range []*caller{nurse, patient} {
				if m := until(t, c, anyOf[protocol.Ended]); m.Reason != protocol.EndedForAll || m.By != "Tuva Ask" {
					t.Errorf("%+v", m)
				}
			}
			if _, problem := open(t, links.Patient); problem.Code != httpapi.ProblemConsultationEnded || problem.Phone == "" {
				t.Errorf("the link afterwards: %+v", problem)
			}
			if v := today(); v.State != httpapi.VisitEnded {
				t.Errorf("afterwards: %+v", v)
			}
		})
	}
}

func TestPagesAreToldWhenTheServiceGoesDown(t *testing.T) {
	app := startApp(t, nil)
	nurse := join(t, app.Links().Nurse)
	if err := app.stop(); err != nil {
		t.Error(err)
	}
	if m := until(t, nurse, anyOf[protocol.Closing]); m.RetryAfter <= 0 {
		t.Errorf("%+v", m)
	}
}
