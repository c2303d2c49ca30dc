package signaling_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// inCall brings Tuva, Mari and Olav into the call, and lets them forget how it went.
func inCall(s *stage) (doctor, nurse, patient *page) {
	s.t.Helper()
	doctor, nurse, patient = s.join(tuva), s.join(mari), s.join(olav)
	nurse.say(protocol.Admit{Participant: "olav"})
	hears[protocol.Admitted](patient)
	for _, p := range []*page{doctor, nurse, patient} {
		p.forgets()
	}
	return doctor, nurse, patient
}

func TestAPingIsAnswered(t *testing.T) {
	play(t, func(s *stage) {
		p := s.join(tuva)
		p.say(protocol.Ping{N: 7, Received: 4000})
		equal(t, "pong", hears[protocol.Pong](p), protocol.Pong{N: 7})
	})
}

func TestWhatAPageSendsIsLetThroughAndTold(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		equal(t, "from the hello", s.media.of(t, "mari").sends(), [3]bool{true, true, false})
		sends := protocol.MediaState{Camera: true, Second: protocol.SecondScreen}
		nurse.say(protocol.Media{Media: sends})
		for _, p := range []*page{doctor, nurse, patient} {
			equal(t, p.name, hears[protocol.Updated](p).Participant.Media, sends)
			p.hearsNothing()
		}
		equal(t, "let through", s.media.of(t, "mari").sends(), [3]bool{false, true, true})
	})
}

func TestHandAndCompanionsAreTold(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		patient.say(protocol.Hand{Raised: true})
		equal(t, "hand", hears[protocol.Updated](doctor).Participant.Hand, true)
		patient.say(protocol.Hand{Raised: true}) // no change, no news
		doctor.hearsNothing()
		people := []protocol.Companion{{Name: "Per Eik", Role: "son"}}
		patient.say(protocol.Beside{People: people})
		equal(t, "beside", hears[protocol.Updated](doctor).Participant.Beside, people)
	})
}

func TestTheMutedAreToldByWhomAndCanSpeakAgain(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		doctor.say(protocol.Mute{Participant: "olav"})
		equal(t, "muted by", hears[protocol.Muted](patient).By, "Tuva Ask")
		equal(t, "shown", hears[protocol.Updated](nurse).Participant.Media, protocol.MediaState{Camera: true})
		equal(t, "let through", s.media.of(t, "olav").sends(), [3]bool{false, true, false})
		nurse.hearsNothing()

		patient.say(protocol.Media{Media: on})
		equal(t, "shown", hears[protocol.Updated](nurse).Participant.Media, on)
		equal(t, "let through", s.media.of(t, "olav").sends(), [3]bool{true, true, false})
	})
}

func TestNobodyMutesOrRemovesThemselvesOrWhoIsNotInTheCall(t *testing.T) {
	play(t, func(s *stage) {
		doctor := s.join(tuva)
		s.join(olav)
		doctor.forgets()
		doctor.say(protocol.Mute{Participant: "tuva"})
		doctor.refused(protocol.CodeInvalid, "participant")
		doctor.say(protocol.Remove{Participant: "tuva"})
		doctor.refused(protocol.CodeInvalid, "participant")
		for _, who := range []string{"olav", "nobody"} {
			doctor.say(protocol.Mute{Participant: who})
			doctor.refused(protocol.CodeNotFound, "participant")
			doctor.say(protocol.Remove{Participant: who})
			doctor.refused(protocol.CodeNotFound, "participant")
		}
		doctor.say(protocol.Admit{Participant: "nobody"})
		doctor.refused(protocol.CodeNotFound, "participant")
		doctor.say(protocol.Refuse{Participant: "tuva"})
		doctor.refused(protocol.CodeNotFound, "participant")
		doctor.hearsNothing()
	})
}

func TestTheLargePictureIsToldAndGoesWithItsPicture(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		second := &protocol.Picture{Participant: "mari", Source: protocol.Second}
		doctor.say(protocol.Watch{Picture: second})
		doctor.refused(protocol.CodeNotFound, "picture.source") // it is not sent yet
		doctor.say(protocol.Watch{Picture: &protocol.Picture{Participant: "ragna", Source: protocol.Camera}})
		doctor.refused(protocol.CodeNotFound, "picture.participant")

		nurse.say(protocol.Media{Media: protocol.MediaState{Second: protocol.SecondCamera}})
		patient.forgets()
		doctor.say(protocol.Watch{Picture: second})
		equal(t, "watched", hears[protocol.Updated](patient).Participant.Watching, second)
		nurse.say(protocol.Media{Media: on})
		var none *protocol.Picture
		equal(t, "watched when it stopped", hears[protocol.Updated](patient).Participant.Watching, none)

		doctor.say(protocol.Watch{Picture: &protocol.Picture{Participant: "mari", Source: protocol.Camera}})
		patient.forgets()
		nurse.say(protocol.Leave{})
		hears[protocol.Left](patient)
		equal(t, "watched when its sender left", hears[protocol.Updated](patient).Participant.Watching, none)
	})
}

func TestWishesReachTheMedia(t *testing.T) {
	play(t, func(s *stage) {
		p := s.join(tuva)
		p.say(protocol.Want{Lines: []protocol.LineWish{{MID: "10", Visible: true, Width: 1280, Height: 720, Chosen: true}}})
		p.hearsNothing()
		equal(t, "wishes", s.media.of(t, "tuva").wishes, []sfu.Wish{{MID: "10", Visible: true, Width: 1280, Height: 720, Chosen: true}})
		p.say(protocol.Want{Lines: []protocol.LineWish{{MID: "99"}}})
		p.refused(protocol.CodeNotFound, "lines")
	})
}

func TestChatIsToldToAllWhenItIsKept(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		s.journal.set(nil, time.Second)
		patient.say(protocol.Chat{ID: "a", Text: "Hei"})
		doctor.hearsNothing()
		patient.hearsNothing() // the acknowledgement waits for the journal
		nurse.say(protocol.Ping{N: 1})
		hears[protocol.Pong](nurse) // and nobody waits with it

		time.Sleep(time.Second)
		want := protocol.ChatMessage{ID: "a", From: "olav", Name: "Olav Eik", Text: "Hei", At: patient.welcome.Now}
		for _, p := range []*page{doctor, nurse, patient} {
			equal(t, p.name, hears[protocol.Chatted](p).Message, want)
		}

		patient.say(protocol.Chat{ID: "a", Text: "Hei"}) // it had lost the answer
		equal(t, "said again", hears[protocol.Chatted](patient).Message, want)
		doctor.hearsNothing()

		nurse.say(protocol.Chat{ID: "a", Text: "Hei, Olav"}) // another's id is another message
		time.Sleep(time.Second)
		equal(t, "another's", hears[protocol.Chatted](doctor).Message.Text, "Hei, Olav")
	})
}

func TestChatThatIsNotKeptIsNotTold(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		s.journal.set(errors.New("disk full"), 0)
		patient.say(protocol.Chat{ID: "a", Text: "Hei"})
		patient.refused(protocol.CodeInternal, "")
		patient.closedWith(protocol.CloseInternal)
		time.Sleep(unnoticed)
		equal(t, "the others see", hears[protocol.Updated](doctor).Participant.Presence, protocol.Away)
		doctor.hearsNothing()

		s.journal.set(nil, 0)
		again := s.dial("olav")
		again.hello(patient.resume())
		again.say(protocol.Chat{ID: "a", Text: "Hei"})
		equal(t, "once more", hears[protocol.Chatted](again).Message.Text, "Hei")
	})
}

func TestAJournalThatHangsHoldsUpNobodyElseAndNotForEver(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		s.journal.set(nil, time.Hour)
		patient.say(protocol.Chat{ID: "a", Text: "Hei"})
		doctor.say(protocol.Hand{Raised: true})
		equal(t, "hand", hears[protocol.Updated](doctor).Participant.Hand, true)
		time.Sleep(5 * time.Second)
		patient.refused(protocol.CodeInternal, "")
	})
}

func TestALongChatIsShownFromItsEnd(t *testing.T) {
	play(t, func(s *stage) {
		p := s.join(tuva)
		for i := range 210 {
			p.say(protocol.Chat{ID: fmt.Sprint(i), Text: fmt.Sprint(i)})
			equal(t, "kept", hears[protocol.Chatted](p).Message.ID, fmt.Sprint(i))
			time.Sleep(time.Second)
		}
		chat := s.join(mari).welcome.Room.Chat
		equal(t, "shown", len(chat), 200)
		equal(t, "the last", chat[199].Text, "209")
		p.say(protocol.Chat{ID: "0", Text: "0"}) // not shown any more, and still known
		equal(t, "said again", hears[protocol.Chatted](p).Message.At, p.welcome.Now)
		equal(t, "and not added", len(s.join(olavAdmitted()).welcome.Room.Chat), 200)
	})
}

func TestAChatOfTheLongestMessagesFitsOneWelcome(t *testing.T) {
	play(t, func(s *stage) {
		p := s.join(tuva)
		for i := range 200 {
			p.say(protocol.Chat{ID: fmt.Sprint(i), Text: strings.Repeat("😀", protocol.MaxChatText)})
			hears[protocol.Chatted](p)
			time.Sleep(time.Second)
		}
		equal(t, "shown", len(s.join(mari).welcome.Room.Chat), 200)
	})
}

func TestALockStopsNewcomersOnly(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		doctor.say(protocol.Lock{Locked: true})
		for _, p := range []*page{doctor, nurse, patient} {
			equal(t, p.name, hears[protocol.Locked](p), protocol.Locked{Locked: true, By: "Tuva Ask"})
		}
		newcomer := s.dial("ragna")
		newcomer.sayHello(protocol.Hello{Ticket: s.ticket(ragna), Offer: "o", Media: on})
		newcomer.refused(protocol.CodeLocked, "")
		newcomer.closedWith(protocol.CloseDenied)
		doctor.hearsNothing()

		patient.say(protocol.Leave{})
		patient.closedWith(protocol.CloseLeft)
		back := s.join(olav)
		equal(t, "one who was admitted", back.welcome.Presence, protocol.Here)
		equal(t, "sees the lock", back.welcome.Room.Locked, true)
		back.lose()
		s.dial("olav").hello(back.resume())
		nurse.say(protocol.Leave{})
		nurse.closedWith(protocol.CloseLeft)
		equal(t, "one who needs nobody to let them in", s.join(mari).welcome.Presence, protocol.Here)

		doctor.say(protocol.Lock{Locked: false})
		equal(t, "after it was opened", s.join(ragna).welcome.Presence, protocol.Waiting)
	})
}

func TestWhoWaitsWhenItIsLockedGoesOnWaiting(t *testing.T) {
	play(t, func(s *stage) {
		doctor, patient := s.join(tuva), s.join(olav)
		doctor.say(protocol.Lock{Locked: true})
		hears[protocol.Locked](doctor)
		patient.lose()
		reloaded := s.join(olav) // the link opened anew
		equal(t, "presence", reloaded.welcome.Presence, protocol.Waiting)
		doctor.say(protocol.Admit{Participant: "olav"})
		hears[protocol.Admitted](reloaded)
	})
}

func TestTheEndIsForAllAndForGood(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		waiting := s.join(ragna)
		doctor.say(protocol.End{})
		for _, p := range []*page{doctor, nurse, patient, waiting} {
			equal(t, p.name, hears[protocol.Ended](p), protocol.Ended{Reason: protocol.EndedForAll, By: "Tuva Ask"})
			p.closedWith(protocol.CloseLeft)
		}
		synctest.Wait()
		if !s.media.of(t, "olav").isClosed() {
			t.Error("the media goes on after the end")
		}
		equal(t, "what lives", s.server.Counts(), signaling.Counts{}) // nobody can resume: nothing is kept for it
		late := s.dial("mari")
		late.sayHello(protocol.Hello{Ticket: s.ticket(mari), Offer: "o", Media: on})
		late.refused(protocol.CodeEnded, "")
		late.closedWith(protocol.CloseLeft)
	})
}

func TestTheCallIsAsItWasWhenAllHadLeft(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		patient.say(protocol.Chat{ID: "a", Text: "Hei"})
		nurse.say(protocol.Lock{Locked: true})
		hears[protocol.Locked](nurse)
		for _, p := range []*page{doctor, nurse, patient} {
			p.say(protocol.Leave{})
			p.closedWith(protocol.CloseLeft)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		equal(t, "in memory", s.server.Counts().Consultations, 0)

		back := s.join(olav)
		equal(t, "presence", back.welcome.Presence, protocol.Here)
		equal(t, "chat", back.welcome.Room.Chat[0].Text, "Hei")
		equal(t, "lock", back.welcome.Room.Locked, true)
		if back.welcome.Epoch <= patient.welcome.Epoch {
			t.Errorf("epoch %d after %d", back.welcome.Epoch, patient.welcome.Epoch)
		}
		back.say(protocol.Chat{ID: "a", Text: "Hei"})
		equal(t, "known from before", hears[protocol.Chatted](back).Message.At, patient.welcome.Now)
	})
}

func TestEightAreInTheCallAndNoMore(t *testing.T) {
	play(t, func(s *stage) {
		doctor := s.join(tuva)
		for i := range 7 {
			seat := mari
			seat.Participant = fmt.Sprintf("nurse-%d", i)
			s.join(seat)
		}
		ninth := s.dial("mari")
		ninth.sayHello(protocol.Hello{Ticket: s.ticket(mari), Offer: "o", Media: on})
		ninth.refused(protocol.CodeFull, "")
		ninth.closedWith(protocol.CloseDenied)

		patient := s.join(olav) // may wait
		doctor.forgets()
		doctor.say(protocol.Admit{Participant: "olav"})
		if e := doctor.refused(protocol.CodeFull, ""); e.Fatal {
			t.Error("the doctor is put out because the call is full")
		}
		patient.hearsNothing()
		s.join(tuva) // who is in it comes again
	})
}

func TestTwoWhoAdmitAtOnceDoNotMakeNine(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse := s.join(tuva), s.join(mari)
		for i := range 5 {
			seat := mari
			seat.Participant = fmt.Sprintf("nurse-%d", i)
			s.join(seat)
		}
		patient, relative := s.join(olav), s.join(ragna)
		s.journal.set(nil, time.Second)
		doctor.say(protocol.Admit{Participant: "olav"})
		nurse.say(protocol.Admit{Participant: "ragna"})
		time.Sleep(2 * time.Second)
		hears[protocol.Admitted](patient)
		equal(t, "the relative sees", hears[protocol.Joined](relative).Participant.ID, "olav")
		relative.hearsNothing()
		patient.say(protocol.Leave{})
		hears[protocol.Left](nurse)
		relative.forgets()
		nurse.say(protocol.Admit{Participant: "ragna"}) // now there is room
		time.Sleep(time.Second)
		hears[protocol.Admitted](relative)
	})
}

func TestConsultationsKnowNothingOfOneAnother(t *testing.T) {
	play(t, func(s *stage) {
		doctor := s.join(tuva)
		other := mari
		other.Consultation.ID = "c2"
		nurse := s.join(other)
		equal(t, "people", ids(nurse.welcome.Room.Participants), []string{"mari"})
		nurse.say(protocol.Chat{ID: "1", Text: "Hei"})
		nurse.say(protocol.Admit{Participant: "tuva"})
		nurse.refused(protocol.CodeNotFound, "participant")
		doctor.hearsNothing()
	})
}

func olavAdmitted() (s seat) {
	s = olav
	s.Admitted = true
	return s
}
