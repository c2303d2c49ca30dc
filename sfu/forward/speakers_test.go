package forward

import (
	"slices"
	"testing"
)

// talk gives levels every 20 ms from one time to another.
func talk(s *Speakers[string], id string, level uint8, voice bool, from, to Time) {
	for at := from; at < to; at += 20 * ms {
		s.Level(id, level, voice, at)
	}
}

func TestOneSpeaksAfterTheAttackAndUntilTheHold(t *testing.T) {
	s := NewSpeakers[string](SpeakersConfig{})
	want := func(at Time, want ...string) {
		t.Helper()
		if got := s.Active(at, nil); !slices.Equal(got, want) {
			t.Errorf("at %d ms: %v, want %v", at/ms, got, want)
		}
	}
	want(0)
	talk(s, "nurse", 30, true, 0, 200*ms)
	want(199 * ms) // a door, a cough
	talk(s, "nurse", 30, true, 200*ms, 400*ms)
	want(400*ms, "nurse")
	talk(s, "nurse", 127, false, 400*ms, 1100*ms)
	want(1100*ms, "nurse") // a pause for breath
	talk(s, "nurse", 30, true, 1100*ms, 1120*ms)
	want(1900*ms, "nurse")
	want(1901 * ms)
	talk(s, "nurse", 30, true, 2000*ms, 2100*ms)
	want(2100 * ms) // the attack begins anew
	s.Remove("nurse")
	s.Remove("nurse")
	talk(s, "nurse", 30, true, 2100*ms, 2220*ms)
	want(2220 * ms)
}

func TestNoiseIsNotSpeech(t *testing.T) {
	s := NewSpeakers[string](SpeakersConfig{})
	talk(s, "quiet voice", 58, true, 0, second)
	talk(s, "ventilator", 58, false, 0, second)
	talk(s, "digital silence", 127, true, 0, second)
	for at := Time(0); at < second; at += 300 * ms { // steps far apart
		s.Level("hammer", 10, false, at)
	}
	if got := s.Active(second, nil); !slices.Equal(got, []string{"quiet voice"}) {
		t.Errorf("%v speak", got)
	}
}

func TestTheLoudestComesFirstAndTheOrderIsSteady(t *testing.T) {
	s := NewSpeakers[string](SpeakersConfig{})
	talk(s, "patient", 40, true, 0, second)
	talk(s, "nurse", 25, true, 0, second)
	talk(s, "specialist", 27, true, 0, second)
	order := []string{"nurse", "specialist", "patient"}
	if got := s.Active(second, nil); !slices.Equal(got, order) && !slices.Equal(got, []string{"specialist", "nurse", "patient"}) {
		t.Fatalf("%v", got)
	} else {
		order = got
	}
	// 2 dB to and fro change nothing.
	for i := range Time(10) {
		at := second + i*100*ms
		talk(s, "nurse", 25+uint8(i%2)*4, true, at, at+100*ms)
		talk(s, "specialist", 27, true, at, at+100*ms)
		talk(s, "patient", 40, true, at, at+100*ms)
		if got := s.Active(at+100*ms, nil); !slices.Equal(got, order) {
			t.Fatalf("%v after %v", got, order)
		}
	}
	talk(s, "patient", 10, true, 2*second, 2200*ms)
	if got := s.Active(2200*ms, nil); got[0] != "patient" {
		t.Errorf("%v, and the patient is loudest", got)
	}
	out := make([]string, 0, 8)
	if n := testing.AllocsPerRun(100, func() {
		s.Level("patient", 10, true, 2200*ms)
		out = s.Active(2200*ms, out[:0])
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
