package signaling_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// ward plays the clinical side: a value is named by its id, and everyone may see but those
// whose right was taken back. It can be slow, and fail.
type ward struct {
	mu      sync.Mutex
	refused map[string]bool // by person
	slow    time.Duration
	fail    error
	asked   int // how often See was
}

func (w *ward) set(change func(*ward)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change(w)
}

func (w *ward) See(ctx context.Context, seat signaling.Seat, e signaling.LiveEvent) ([]protocol.ServerMessage, error) {
	w.mu.Lock()
	w.asked++
	slow, fail, refused := w.slow, w.fail, w.refused[seat.Person]
	w.mu.Unlock()
	select {
	case <-time.After(slow):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if fail != nil || refused {
		return nil, fail
	}
	var out []protocol.ServerMessage
	if len(e.Measurements) > 0 {
		var m protocol.Measured
		for _, id := range e.Measurements {
			m.Measurements = append(m.Measurements, protocol.Measurement{ID: id, Kind: "weight", Values: []float64{70}})
		}
		out = append(out, m)
	}
	if e.Limits {
		out = append(out, protocol.Limited{Version: 7})
	}
	if e.Plan != 0 {
		out = append(out, protocol.Planned{Version: e.Plan})
	}
	if len(e.Photos) > 0 {
		var p protocol.Photographed
		for _, id := range e.Photos {
			p.Photos = append(p.Photos, protocol.Photo{ID: id})
		}
		out = append(out, p)
	}
	if e.Wounds {
		out = append(out, protocol.Wounded{})
	}
	return out, nil
}

// measured plays a test on a stage with a ward.
func measured(t *testing.T, test func(s *stage, w *ward)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &ward{refused: map[string]bool{}}
		s := newStage(t, signaling.Config{Live: w})
		defer s.takeDown()
		test(s, w)
	})
}

func values(ids ...string) signaling.LiveEvent { return signaling.LiveEvent{Measurements: ids} }

// sees takes all values out of what a page has got, in order.
func (p *page) sees() []string {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []string{}
	p.inbox = slices.DeleteFunc(p.inbox, func(m protocol.ServerMessage) bool {
		told, ok := m.(protocol.Measured)
		for _, v := range told.Measurements {
			out = append(out, v.ID)
		}
		return ok
	})
	return out
}

// with is a seat with more permissions.
func with(s signaling.Seat, more ...protocol.Permission) signaling.Seat {
	s.May = append(slices.Clone(s.May), more...)
	return s
}

func TestAValueIsToldToThoseInTheCallWhoMaySeeAndToNobodyElse(t *testing.T) {
	measured(t, func(s *stage, _ *ward) {
		daughter := ragna
		daughter.Admitted = true
		doctor, nurse, relative := s.join(tuva), s.join(mari), s.join(daughter)
		patient := s.join(with(olav, protocol.MaySee)) // waits
		elsewhere := mari
		elsewhere.Consultation.ID, elsewhere.Participant, elsewhere.Patient = "c2", "mari2", "p-kari"
		other := s.join(elsewhere)
		all := []*page{doctor, nurse, relative, patient, other}
		for _, p := range all {
			p.forgets()
		}
		s.server.Happened("p-olav", values("bp1"))
		equal(t, "the specialist", doctor.sees(), []string{"bp1"})
		equal(t, "the nurse", nurse.sees(), []string{"bp1"})
		for _, p := range all {
			p.hearsNothing()
		}
		s.server.Happened("p-nobody", values("bp2"))
		s.server.Happened("p-olav", signaling.LiveEvent{Limits: true})
		equal(t, "other limits", hears[protocol.Limited](doctor).Version, int64(7))
		hears[protocol.Limited](nurse)

		nurse.say(protocol.Admit{Participant: "olav"})
		hears[protocol.Admitted](patient)
		for _, p := range all {
			p.forgets()
		}
		s.server.Happened("p-olav", values("bp3"))
		equal(t, "the patient, let in", patient.sees(), []string{"bp3"})
		relative.hearsNothing()
		other.hearsNothing()
	})
}

func TestARightThatIsTakenBackInTheCallCountsAtOnce(t *testing.T) {
	measured(t, func(s *stage, w *ward) {
		doctor, nurse := s.join(tuva), s.join(mari)
		s.server.Happened("p-olav", values("bp1"))
		equal(t, "before", nurse.sees(), []string{"bp1"})
		w.set(func(w *ward) { w.refused["p-mari"] = true })
		s.server.Happened("p-olav", values("bp2"))
		equal(t, "after", nurse.sees(), []string{})
		equal(t, "the other", doctor.sees(), []string{"bp1", "bp2"})
	})
}

func TestValuesComeInOrderAndOnceHoweverSlowTheStoreIs(t *testing.T) {
	measured(t, func(s *stage, w *ward) {
		doctor, nurse := s.join(tuva), s.join(mari)
		w.set(func(w *ward) { w.slow = time.Second })
		var want []string
		for i := range 40 {
			id := fmt.Sprint("v", i)
			want = append(want, id)
			s.server.Happened("p-olav", values(id))
			synctest.Wait()
		}
		s.server.Happened("p-olav", values("v39")) // corrected at once: told as it is then
		time.Sleep(10 * time.Second)
		equal(t, "the specialist", doctor.sees(), want)
		equal(t, "the nurse", nurse.sees(), want)
		w.set(func(w *ward) {
			if w.asked > 2*2 {
				t.Errorf("the store was asked %d times: what comes meanwhile is asked for together", w.asked)
			}
		})
	})
}

func TestWhereItCantBeKnownWhatIsNewPagesReadAnew(t *testing.T) {
	measured(t, func(s *stage, w *ward) {
		doctor, patient := s.join(tuva), s.join(olav)
		w.set(func(w *ward) { w.fail = errors.New("the database is away") })
		s.server.Happened("p-olav", values("bp1"))
		equal(t, "a store that fails", hears[protocol.Limited](doctor), protocol.Limited{})
		w.set(func(w *ward) { w.fail = nil; w.slow = time.Hour })
		s.server.Happened("p-olav", values("bp2"))
		time.Sleep(10 * time.Second)
		equal(t, "a store that does not answer", hears[protocol.Limited](doctor), protocol.Limited{})
		w.set(func(w *ward) { w.slow = 0 })
		var many []string
		for i := range 101 {
			many = append(many, fmt.Sprint("v", i))
		}
		s.server.Happened("p-olav", values(many...))
		equal(t, "a month of values", hears[protocol.Limited](doctor), protocol.Limited{Version: 7})
		s.server.Happened("", signaling.LiveEvent{Limits: true})
		equal(t, "events were missed", hears[protocol.Limited](doctor), protocol.Limited{Version: 7})
		patient.forgets()
		equal(t, "one by one", doctor.sees(), []string{})
	})
}

func TestWhoLeavesWhileTheAnswerIsOnItsWayIsNotTold(t *testing.T) {
	measured(t, func(s *stage, w *ward) {
		doctor, nurse := s.join(tuva), s.join(mari)
		w.set(func(w *ward) { w.slow = time.Second })
		s.server.Happened("p-olav", values("bp1"))
		synctest.Wait()
		doctor.say(protocol.Remove{Participant: "mari"})
		hears[protocol.Ended](nurse)
		time.Sleep(2 * time.Second)
		equal(t, "who was put out", nurse.sees(), []string{})
		equal(t, "who did it", doctor.sees(), []string{"bp1"})
	})
}

func TestWhatOnePointsAtIsShownToThoseWhoMaySee(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		target := &protocol.Target{Kind: "weight", Measurement: "w1"}
		for _, p := range []*page{doctor, nurse, patient} {
			p.forgets()
		}
		doctor.say(protocol.Point{Target: target})
		equal(t, "to the nurse", hears[protocol.Pointed](nurse), protocol.Pointed{Participant: "tuva", Target: target})
		doctor.hearsNothing()
		patient.hearsNothing()

		colleague := tuva
		colleague.Participant, colleague.Name = "per", "Per Eik"
		late := s.join(colleague)
		equal(t, "to who comes in", hears[protocol.Pointed](late), protocol.Pointed{Participant: "tuva", Target: target})

		nurse.lose()
		back := s.dial("mari")
		back.hello(nurse.resume())
		equal(t, "to who resumes", hears[protocol.Pointed](back), protocol.Pointed{Participant: "tuva", Target: target})

		doctor.say(protocol.Point{})
		equal(t, "nothing any more", hears[protocol.Pointed](back), protocol.Pointed{Participant: "tuva"})
		doctor.say(protocol.Point{Target: target})
		back.forgets()

		// A page that is loaded anew points at nothing; one that only lost its connection still does.
		doctor.lose()
		again := s.dial("tuva")
		again.hello(doctor.resume())
		time.Sleep(time.Second)
		back.mu.Lock()
		for _, m := range back.inbox {
			if m.Type() == "pointed" {
				t.Errorf("the nurse hears %+v", m)
			}
		}
		back.mu.Unlock()
		anew := s.dial("tuva")
		h := again.resume()
		h.Offer = "new offer"
		anew.hello(h)
		equal(t, "a page that is new", hears[protocol.Pointed](back), protocol.Pointed{Participant: "tuva"})

		anew.say(protocol.Point{Target: target})
		anew.say(protocol.Leave{})
		equal(t, "while they are there", hears[protocol.Pointed](back).Target, target)
		back.forgets()
		third := colleague
		third.Participant = "gp"
		page := s.join(third)
		page.mu.Lock()
		for _, m := range page.inbox {
			if m.Type() == "pointed" {
				t.Errorf("who has left points at %+v", m)
			}
		}
		page.mu.Unlock()
	})
}

func TestWhoIsLetInSeesWhatIsPointedAt(t *testing.T) {
	play(t, func(s *stage) {
		doctor, patient := s.join(tuva), s.join(with(olav, protocol.MaySee))
		target := &protocol.Target{Kind: "weight"}
		doctor.say(protocol.Point{Target: target})
		patient.forgets()
		doctor.say(protocol.Admit{Participant: "olav"})
		equal(t, "let in", hears[protocol.Pointed](patient).Target, target)
	})
}

func TestACurveRunsAndTakesNothingFromAllElse(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		for _, p := range []*page{doctor, nurse, patient} {
			p.forgets()
		}
		time.Sleep(5 * time.Second) // what letting people in has taken is given back
		sample := protocol.Sample{Kind: "oxygen-saturation", Values: []float64{95}, At: 1795343460000}
		for range 20 {
			nurse.say(sample)
		}
		for range 20 {
			equal(t, "to the specialist", hears[protocol.Sampled](doctor), protocol.Sampled{Participant: "mari", Kind: sample.Kind, Values: sample.Values, At: sample.At})
		}
		patient.hearsNothing()
		nurse.hearsNothing()
		nurse.say(sample) // one too many
		if e := hears[protocol.Error](nurse); e.Code != protocol.CodeRate || e.Re != "sample" || e.Fatal {
			t.Errorf("got %+v, want rate", e)
		}
		for range 60 { // as many as a page may say of all else
			nurse.say(protocol.Ping{N: 1})
			hears[protocol.Pong](nurse)
		}
		nurse.say(protocol.Ping{N: 2})
		if e := hears[protocol.Error](nurse); e.Code != protocol.CodeRate || e.Re != "" {
			t.Errorf("got %+v, want rate", e)
		}
		time.Sleep(250 * time.Millisecond)
		nurse.say(sample) // and the curve goes on
		hears[protocol.Sampled](doctor)
		doctor.hearsNothing()
		// A sample that is none counts as any other message.
		nurse.sayText(`{"type":"sample","kind":"","values":[95],"at":0}`)
		nurse.refused(protocol.CodeInvalid, "kind")
	})
}

func TestWhatIsAskedForReachesWhoMayMeasure(t *testing.T) {
	play(t, func(s *stage) {
		doctor := s.join(tuva)
		doctor.say(protocol.Ask{What: protocol.AskStill})
		doctor.refused(protocol.CodeNotFound, "") // nobody hears it
		nurse, patient := s.join(mari), s.join(olav)
		doctor.say(protocol.Admit{Participant: "olav"})
		for _, p := range []*page{doctor, nurse, patient} {
			p.forgets()
		}
		doctor.say(protocol.Ask{What: protocol.AskMeasurement, Kind: "temperature"})
		equal(t, "to the nurse", hears[protocol.Asked](nurse), protocol.Asked{Participant: "tuva", Name: "Tuva Ask", What: protocol.AskMeasurement, Kind: "temperature"})
		doctor.hearsNothing()
		patient.hearsNothing()
	})
}

// TestEightKeepUpWithFiveValuesASecond has a full call in which each page sends a curve, draws and
// one of them five values a second, for a minute, over a store that takes 20 ms an answer.
func TestEightKeepUpWithFiveValuesASecond(t *testing.T) {
	measured(t, func(s *stage, w *ward) {
		w.set(func(w *ward) { w.slow = 20 * time.Millisecond })
		var pages []*page
		for i := range 8 {
			seat := with(tuva, protocol.MaySeeWounds)
			seat.Participant = fmt.Sprint("p", i)
			pages = append(pages, s.join(seat))
		}
		for _, p := range pages {
			p.forgets()
		}
		piece := protocol.Draw{Surface: protocol.Surface{Photo: "f1"}, Stroke: "s1", Shape: "line", Colour: "blue", Points: make([]float64, 20)}
		var want []string
		for i := range 300 {
			id := fmt.Sprint("v", i)
			want = append(want, id)
			s.server.Happened("p-olav", values(id))
			if i%5 == 0 {
				for _, p := range pages {
					p.say(protocol.Sample{Kind: "oxygen-saturation", Values: []float64{95}})
					p.say(protocol.Point{Target: &protocol.Target{Kind: "weight", At: int64(i + 1)}})
				}
			}
			for _, p := range pages { // each draws ten pieces of a stroke a second
				for range 2 {
					p.say(piece)
				}
			}
			time.Sleep(200 * time.Millisecond)
			for _, p := range pages { // each value is there before the next
				if got := len(p.all("measured")); got != i+1 {
					t.Fatalf("%s has %d values when %d were measured", p.name, got, i+1)
				}
			}
		}
		for _, p := range pages {
			equal(t, p.name, p.sees(), want)
			if curve, pointed := len(p.all("sampled")), len(p.all("pointed")); curve != 60*7 || pointed != 60*7 {
				t.Errorf("%s: %d points of curves and %d pointed at, want %d", p.name, curve, pointed, 60*7)
			}
			if drawn := len(p.all("drawn")); drawn != 600*7 {
				t.Errorf("%s: %d pieces of strokes, want %d", p.name, drawn, 600*7)
			}
			p.isOpen()
		}
	})
}

// all is what a page has got of one type.
func (p *page) all(kind string) (out []protocol.ServerMessage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.inbox {
		if m.Type() == kind {
			out = append(out, m)
		}
	}
	return out
}
