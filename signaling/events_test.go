package signaling_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/cluster"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

func TestWhoSpeaksIsTold(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		waiting := s.join(ragna)
		for _, p := range []*page{doctor, nurse, patient} {
			p.forgets()
			s.media.of(t, p.name).tell(sfu.Speaking{Participants: []sfu.ParticipantID{"mari", "ragna", "tuva"}})
		}
		s.media.of(t, "ragna").tell(sfu.Speaking{Participants: []sfu.ParticipantID{"mari"}})
		for _, p := range []*page{doctor, nurse, patient} {
			equal(t, p.name, hears[protocol.Speaking](p).Participants, []string{"mari", "tuva"}) // who waits does not speak
		}
		waiting.hearsNothing()
		equal(t, "to who comes in", s.join(tuva).welcome.Room.Speaking, []string{"mari", "tuva"})
		nurse.say(protocol.Leave{})
		equal(t, "when one has left", s.join(tuva).welcome.Room.Speaking, []string{"tuva"})
	})
}

func TestLinesAreToldWhenTheyChangeAndNotInTheWaitingRoom(t *testing.T) {
	play(t, func(s *stage) {
		nurse, patient := s.join(mari), s.join(olav)
		nurse.forgets()
		media := s.media.of(t, "olav")
		lines := []sfu.Line{{MID: "3", Participant: "mari", Source: sfu.Microphone}, {MID: "10", Participant: "mari", Source: sfu.Second}}
		media.with(func() { media.lines = lines })
		media.tell(sfu.LinesChanged{Lines: lines})
		patient.hearsNothing()

		nurse.say(protocol.Admit{Participant: "olav"})
		want := []protocol.Line{{MID: "3", Participant: "mari", Source: protocol.Microphone}, {MID: "10", Participant: "mari", Source: protocol.Second}}
		equal(t, "on being let in", hears[protocol.Admitted](patient).Room.Lines, want)
		media.tell(sfu.LinesChanged{Lines: lines})
		patient.hearsNothing() // known
		media.tell(sfu.LinesChanged{Lines: lines[:1]})
		equal(t, "changed", hears[protocol.Lines](patient).Lines, want[:1])
		nurse.forgets()
	})
}

func TestWhatTheMediaSaysBeforeTheWelcomeComesAfterIt(t *testing.T) {
	play(t, func(s *stage) {
		s.media.early = sfu.SendChanged{Source: sfu.Camera, RIDs: []string{"q"}, Codec: "VP8"}
		p := s.dial("tuva")
		p.sayHello(protocol.Hello{Ticket: s.ticket(tuva), Offer: "o", Media: on})
		p.mu.Lock()
		first := p.inbox[0].Type()
		p.mu.Unlock()
		equal(t, "first", first, "welcome")
		equal(t, "send", hears[protocol.Send](p), protocol.Send{Source: protocol.Camera, RIDs: []string{"q"}, Codec: "VP8"})
	})
}

func TestMediaThatWasReplacedIsNotListenedTo(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		old := s.media.of(t, "olav")
		patient.lose()
		back := s.dial("olav")
		h := patient.resume()
		h.Offer = "new offer"
		back.hello(h)
		doctor.forgets()
		old.tell(sfu.Failed{})
		old.tell(sfu.QualityChanged{Quality: sfu.QualityPoor})
		old.tell(sfu.LinesChanged{Lines: []sfu.Line{{MID: "3", Participant: "tuva"}}})
		back.hearsNothing()
		back.isOpen()
		doctor.hearsNothing()
	})
}

func TestQualityIsToldAtMostOnceASecond(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, _ := inCall(s)
		waiting := s.join(ragna)
		doctor.forgets()
		nurse.forgets()
		media := s.media.of(t, "olav")
		quality := func(p *page) protocol.Quality { return hears[protocol.Updated](p).Participant.Quality }

		media.tell(sfu.QualityChanged{Quality: sfu.QualityPoor})
		equal(t, "at first", quality(doctor), protocol.QualityPoor)
		for _, q := range []sfu.Quality{sfu.QualityGood, sfu.QualityPoor, sfu.QualityAudioOnly} {
			media.tell(sfu.QualityChanged{Quality: q})
			doctor.hearsNothing()
		}
		time.Sleep(time.Second)
		equal(t, "a second later", quality(doctor), protocol.QualityAudioOnly)
		doctor.hearsNothing()

		media.tell(sfu.QualityChanged{Quality: sfu.QualityGood})
		media.tell(sfu.QualityChanged{Quality: sfu.QualityAudioOnly})
		time.Sleep(2 * time.Second)
		doctor.hearsNothing() // it is as it was

		media.tell(sfu.Disconnected{})
		equal(t, "when nothing comes", quality(doctor), protocol.QualityLost)
		time.Sleep(time.Second)
		media.tell(sfu.Connected{})
		equal(t, "when it comes again", quality(doctor), protocol.QualityUnknown)
		waiting.hearsNothing()
		nurse.forgets()
	})
}

func TestAMessageOfAnUnknownKindFromTheMediaIsLeftAlone(t *testing.T) {
	play(t, func(s *stage) {
		p := s.join(tuva)
		media := s.media.of(t, "tuva")
		media.tell(sfu.QualityChanged{Quality: 99})
		media.tell(sfu.SendChanged{Source: 99})
		media.tell(nil)
		p.hearsNothing()
	})
}

func TestAJournalThatCanNotBeReadKeepsPagesOutAndThenNot(t *testing.T) {
	play(t, func(s *stage) {
		s.journal.setOpen(errors.New("disk failed"))
		for range 2 {
			p := s.dial("tuva")
			p.sayHello(protocol.Hello{Ticket: s.ticket(tuva), Offer: "o", Media: on})
			p.refused(protocol.CodeInternal, "")
			p.closedWith(protocol.CloseInternal)
		}
		equal(t, "what lives", s.server.Counts(), signaling.Counts{})
		s.journal.setOpen(nil)
		doctor := s.join(tuva)

		s.journal.setOpen(errors.New("disk failed")) // now it gives no epochs
		p := s.dial("mari")
		p.sayHello(protocol.Hello{Ticket: s.ticket(mari), Offer: "o", Media: on})
		p.refused(protocol.CodeInternal, "")
		doctor.hearsNothing()
		doctor.isOpen()
	})
}

func TestAConsultationThatLivesElsewhereIsNotOpenedHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, signaling.Config{Directory: taken{cluster.NewMemory()}})
		defer s.takeDown()
		p := s.dial("tuva")
		p.sayHello(protocol.Hello{Ticket: s.ticket(tuva), Offer: "o", Media: on})
		p.refused(protocol.CodeInternal, "")
		equal(t, "rooms", len(s.media.rooms), 0)
	})
}

func TestASlowDirectoryIsToldOnlyTheLatestAndHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &slowDirectory{Memory: cluster.NewMemory()}
		s := newStage(t, signaling.Config{Directory: d})
		defer s.takeDown()
		doctor, patient := s.join(tuva), s.join(olavAdmitted())
		for range 10 {
			patient.lose()
			back := s.dial("olav")
			back.hello(patient.resume())
			back.say(protocol.Ping{N: 1})
			patient = back
		}
		doctor.say(protocol.Ping{N: 1})
		hears[protocol.Pong](doctor)
		time.Sleep(10 * time.Second)
		people, err := d.Present(t.Context(), "c1")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "present", people, map[string]protocol.Presence{"tuva": protocol.Here, "olav": protocol.Here})
		equal(t, "told", d.told.Load(), int64(2)) // Tuva, and of Olav what was true at last
	})
}

func TestWhoComesWhileACallIsPutAwayComesIntoANewOne(t *testing.T) {
	play(t, func(s *stage) {
		p := s.join(tuva)
		p.say(protocol.Leave{})
		p.closedWith(protocol.CloseLeft)
		release := s.media.hold(closing) // the room takes its time to close
		time.Sleep(61 * time.Second)
		again := s.dial("tuva")
		again.sayHello(protocol.Hello{Ticket: s.ticket(tuva), Offer: "o", Media: on})
		again.hearsNothing()
		stranger := s.dial("tuva")
		stranger.sayHello(p.resume())
		stranger.refused(protocol.CodeResume, "resume")
		release()
		equal(t, "presence", hears[protocol.Welcome](again).Presence, protocol.Here)
		equal(t, "rooms", len(s.media.rooms), 2)
	})
}

func TestWhoLeavesBeforeTheJournalHasItIsNeitherLetInNorRemoved(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		relative := s.join(ragna)
		s.journal.set(nil, time.Second)
		doctor.say(protocol.Admit{Participant: "ragna"})
		nurse.say(protocol.Remove{Participant: "olav"})
		doctor.forgets()
		patient.say(protocol.Leave{})
		relative.say(protocol.Leave{})
		hears[protocol.Left](doctor)
		hears[protocol.Left](doctor)
		time.Sleep(2 * time.Second)
		doctor.hearsNothing()
		equal(t, "the admitted", s.join(ragna).welcome.Presence, protocol.Here)
		equal(t, "the removed", s.join(olav).welcome.Presence, protocol.Waiting)
	})
}

func TestToMuteTheMutedChangesNothing(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		patient.say(protocol.Media{Media: protocol.MediaState{Camera: true}})
		patient.forgets()
		doctor.forgets()
		doctor.say(protocol.Mute{Participant: "olav"})
		patient.hearsNothing()
		doctor.hearsNothing()
	})
}

// taken is a directory in which everything lives elsewhere.
type taken struct{ *cluster.Memory }

func (taken) Claim(context.Context, string) error {
	return fmt.Errorf("node b: %w", signaling.ErrElsewhere)
}

// slowDirectory takes a second for each presence.
type slowDirectory struct {
	*cluster.Memory
	told atomic.Int64
}

func (d *slowDirectory) SetPresence(ctx context.Context, consultation, participant string, p protocol.Presence) error {
	time.Sleep(time.Second)
	d.told.Add(1)
	return d.Memory.SetPresence(ctx, consultation, participant, p)
}
