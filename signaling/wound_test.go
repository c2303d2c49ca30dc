package signaling_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// photos are the ids of what a page is told of next.
func photos(p *page) (out []string) {
	for _, f := range hears[protocol.Photographed](p).Photos {
		out = append(out, f.ID)
	}
	return out
}

func TestAPhotoIsToldToThoseInTheCallWhoMaySeeWoundsAndToNobodyElse(t *testing.T) {
	measured(t, func(s *stage, w *ward) {
		daughter := ragna // sees what is measured, and no wound
		daughter.Admitted = true
		doctor, nurse, relative := s.join(with(tuva, protocol.MaySeeWounds)), s.join(with(mari, protocol.MaySeeWounds)), s.join(daughter)
		waiting := s.join(with(olav, protocol.MaySeeWounds))
		all := []*page{doctor, nurse, relative, waiting}
		for _, p := range all {
			p.forgets()
		}
		s.server.Happened("p-olav", signaling.LiveEvent{Photos: []string{"f1", "f2"}})
		equal(t, "the specialist", photos(doctor), []string{"f1", "f2"})
		equal(t, "the nurse", photos(nurse), []string{"f1", "f2"})
		s.server.Happened("p-olav", signaling.LiveEvent{Wounds: true})
		hears[protocol.Wounded](doctor)
		hears[protocol.Wounded](nurse)
		for _, p := range all {
			p.hearsNothing()
		}
		// Where it can't be known what is new, wounds are read anew, and nothing else.
		w.set(func(w *ward) { w.fail = errors.New("the database is away") })
		s.server.Happened("p-olav", signaling.LiveEvent{Photos: []string{"f3"}})
		hears[protocol.Wounded](doctor)
		doctor.hearsNothing()
		relative.hearsNothing()
		w.set(func(w *ward) { w.fail = nil })
		var many []string
		for i := range 101 {
			many = append(many, fmt.Sprint("f", i))
		}
		s.server.Happened("p-olav", signaling.LiveEvent{Photos: many})
		hears[protocol.Wounded](doctor)
		doctor.hearsNothing()
	})
}
