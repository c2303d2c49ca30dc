package httpapi

import (
	"net/http/httptest"
	"testing"
	"time"
)

// slowReader is an answer whose deadline can be moved.
type slowReader struct {
	*httptest.ResponseRecorder
	deadlines []time.Time
}

func (s *slowReader) SetWriteDeadline(t time.Time) error {
	s.deadlines = append(s.deadlines, t)
	return nil
}

func TestEachWriteOfALongAnswerHasATimeOfItsOwn(t *testing.T) {
	s := &slowReader{ResponseRecorder: httptest.NewRecorder()}
	w := rolling{s}
	before := time.Now()
	for _, line := range []string{"a\n", "b\n"} {
		if _, err := w.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if s.Body.String() != "a\nb\n" || len(s.deadlines) != 2 {
		t.Fatalf("%q, deadlines %v", s.Body, s.deadlines)
	}
	for _, d := range s.deadlines {
		if d.Before(before.Add(eachWrite)) {
			t.Errorf("%v is less than a minute ahead", d)
		}
	}
}
