// Package journaltest is what every signaling.Journal must pass, wherever it keeps its entries.
package journaltest

import (
	"reflect"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Run runs the suite. open makes an empty journal.
func Run(t *testing.T, open func(t *testing.T) signaling.Journal) {
	for name, test := range map[string]func(*testing.T, signaling.Journal){
		"a journal gives back what was recorded": aJournalGivesBackWhatWasRecorded,
		"an opened state is the callers own":     anOpenedStateIsTheCallersOwn,
		"epochs only rise":                       epochsOnlyRise,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}

func record(t *testing.T, j signaling.Journal, consultation string, entries ...signaling.Entry) {
	t.Helper()
	for _, e := range entries {
		if err := j.Record(t.Context(), consultation, e); err != nil {
			t.Fatal(err)
		}
	}
}

func opened(t *testing.T, j signaling.Journal, consultation string) signaling.State {
	t.Helper()
	s, err := j.Open(t.Context(), consultation)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func aJournalGivesBackWhatWasRecorded(t *testing.T, j signaling.Journal) {
	at := time.UnixMilli(1_795_343_400_000).UTC()
	first := protocol.ChatMessage{ID: "a", From: "olav", Name: "Olav Eik", Text: "Hei", At: 1}
	others := protocol.ChatMessage{ID: "a", From: "mari", Name: "Mari Bjørk", Text: "Hei, Olav", At: 2}
	record(t, j, "c1",
		signaling.SeatAdmitted{Participant: "olav", By: "mari", At: at},
		signaling.SeatAdmitted{Participant: "ragna", By: "mari", At: at},
		signaling.SeatRemoved{Participant: "ragna", By: "tuva", At: at},
		signaling.ChatWritten{Message: first},
		signaling.ChatWritten{Message: others},
		signaling.ChatWritten{Message: first}, // written twice after a fault: kept once
		signaling.LockSet{Locked: true, By: "mari", At: at},
		signaling.IdentityConfirmed{Participant: "olav", Session: "s1", By: "mari", Name: "Mari Bjørk", At: at},
		signaling.IdentityConfirmed{Participant: "olav", Session: "s2", By: "tuva", Name: "Tuva Ask", At: at},
	)
	got := opened(t, j, "c1")
	equal(t, "state", got, signaling.State{
		Admitted: map[string]bool{"olav": true, "ragna": false}, Locked: true,
		Confirmed: map[string]signaling.IdentityConfirmed{
			"olav": {Participant: "olav", Session: "s2", By: "tuva", Name: "Tuva Ask", At: at}, // the latest
		},
		Chat: []protocol.ChatMessage{first, others},
	})
	record(t, j, "c1",
		signaling.LockSet{Locked: false, By: "mari", At: at},
		signaling.SeatAdmitted{Participant: "ragna", By: "mari", At: at},
		signaling.CallEnded{By: "tuva", At: at},
	)
	got = opened(t, j, "c1")
	equal(t, "locked", got.Locked, false)
	equal(t, "admitted again", got.Admitted["ragna"], true)
	equal(t, "ended", got.Ended, true)
	other := opened(t, j, "c2")
	if other.Locked || other.Ended || len(other.Admitted)+len(other.Chat) > 0 {
		t.Errorf("another consultation has %+v", other)
	}
}

func anOpenedStateIsTheCallersOwn(t *testing.T, j signaling.Journal) {
	record(t, j, "c1", signaling.SeatAdmitted{Participant: "olav", At: time.UnixMilli(1_795_343_400_000)}, signaling.ChatWritten{Message: protocol.ChatMessage{ID: "a", Text: "Hei"}})
	mine := opened(t, j, "c1")
	mine.Admitted["olav"] = false
	mine.Chat[0].Text = "changed"
	again := opened(t, j, "c1")
	equal(t, "admitted", again.Admitted["olav"], true)
	equal(t, "chat", again.Chat[0].Text, "Hei")
}

func epochsOnlyRise(t *testing.T, j signaling.Journal) {
	last := map[string]int64{}
	for range 3 {
		for _, consultation := range []string{"c1", "c2"} {
			e, err := j.Epoch(t.Context(), consultation)
			if err != nil {
				t.Fatal(err)
			}
			if e < 1 || e <= last[consultation] {
				t.Errorf("%s: epoch %d after %d", consultation, e, last[consultation])
			}
			last[consultation] = e
		}
	}
}
