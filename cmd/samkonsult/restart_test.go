package main

import (
	"testing"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

func TestARestartForgetsNothingOfACall(t *testing.T) {
	data := t.TempDir()
	again := func(c *Config) { c.Data = data }
	first := startApp(t, again)
	nurse, patient := join(t, first.Links().Nurse), join(t, first.Links().Patient)
	waits := until(t, nurse, func(m protocol.Joined) bool { return m.Participant.Presence == protocol.Waiting }).Participant
	nurse.say(t, protocol.Admit{Participant: waits.ID})
	until(t, patient, anyOf[protocol.Admitted])
	nurse.say(t, protocol.Chat{ID: "m1", Text: "Eg hentar lampa no."})
	until(t, nurse, anyOf[protocol.Chatted]) // acknowledged
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}

	second := startApp(t, again)
	token := func(link string) string { return link[len(link)-22:] }
	if token(second.Links().Patient) != token(first.Links().Patient) {
		t.Fatal("the links of the day that goes on are others")
	}
	w := join(t, second.Links().Patient).Welcome()
	if w.Presence != protocol.Here {
		t.Errorf("who was let in is %s", w.Presence)
	}
	if len(w.Room.Chat) != 1 || w.Room.Chat[0].Text != "Eg hentar lampa no." {
		t.Errorf("the chat is %+v", w.Room.Chat)
	}
}
