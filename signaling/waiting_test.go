package signaling_test

import (
	"errors"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

func TestAClinicianGoesStraightIn(t *testing.T) {
	play(t, func(s *stage) {
		p := s.join(tuva)
		w := p.welcome
		equal(t, "presence", w.Presence, protocol.Here)
		equal(t, "self", w.Self, "tuva")
		equal(t, "answer", w.Answer, "answer to offer of tuva")
		equal(t, "consultation", w.Consultation.Phone, consultation.Phone)
		equal(t, "may", w.May, clinician)
		equal(t, "resume window", w.ResumeWindow, int64(60_000))
		equal(t, "people", ids(w.Room.Participants), []string{"tuva"})
		if !s.media.of(t, "tuva").isAdmitted() {
			t.Error("the media of a clinician waits")
		}
		p.hearsNothing()
	})
}

func TestASeatAdmittedBeforehandGoesStraightIn(t *testing.T) {
	play(t, func(s *stage) {
		seat := olav
		seat.Admitted = true
		equal(t, "presence", s.join(seat).welcome.Presence, protocol.Here)
	})
}

func TestAPatientWaitsAndSeesOnlyWhoIsThere(t *testing.T) {
	play(t, func(s *stage) {
		nurse := s.join(mari)
		nurse.say(protocol.Hand{Raised: true})
		nurse.say(protocol.Beside{People: []protocol.Companion{{Name: "Siv Lund", Role: "student"}}})
		nurse.say(protocol.Chat{ID: "1", Text: "Er alle klare?"})
		nurse.forgets()
		relative := s.join(ragna)

		patient := s.join(olav)
		w := patient.welcome
		equal(t, "presence", w.Presence, protocol.Waiting)
		equal(t, "people", ids(w.Room.Participants), []string{"mari", "olav"})
		equal(t, "the nurse as seen from the waiting room", person(t, w.Room.Participants, "mari"), protocol.Participant{
			ID: "mari", Name: "Mari Bjørk", Role: protocol.RoleNurse, Title: "Sjukepleiar", Organisation: "Fjordvik kommune",
			Beside: []protocol.Companion{}, Presence: protocol.Here, Since: nurse.welcome.Now,
		})
		equal(t, "own companions", person(t, w.Room.Participants, "olav").Beside, olav.Beside)
		equal(t, "chat", w.Room.Chat, []protocol.ChatMessage{})
		if s.media.of(t, "olav").isAdmitted() {
			t.Error("the media of someone who waits flows")
		}

		// What happens in the call, and to others who wait, stays unknown to who waits.
		nurse.say(protocol.Chat{ID: "2", Text: "Olav er komen."})
		nurse.say(protocol.Hand{Raised: false})
		nurse.say(protocol.Media{Media: protocol.MediaState{Microphone: true, Second: protocol.SecondCamera}})
		nurse.say(protocol.Lock{Locked: true})
		relative.say(protocol.Beside{People: nil})
		patient.hearsNothing()
		equal(t, "told of oneself", hears[protocol.Updated](relative).Participant.ID, "ragna")
		relative.hearsNothing()

		// Who is there does not.
		doctor := s.join(tuva)
		equal(t, "joined", hears[protocol.Joined](patient).Participant.ID, "tuva")
		doctor.say(protocol.Leave{})
		equal(t, "left", hears[protocol.Left](patient), protocol.Left{Participant: "tuva", Reason: protocol.LeftByThemselves})
		patient.hearsNothing()
	})
}

func TestOnlyThoseWhoAdmitSeeWhoWaits(t *testing.T) {
	play(t, func(s *stage) {
		doctor := s.join(tuva)
		seat := mari
		seat.May = []protocol.Permission{protocol.MayChat, protocol.MayMute, protocol.MayRemove, protocol.MayLock, protocol.MayEnd}
		nurse := s.join(seat)
		doctor.forgets()

		patient := s.join(olav)
		knocks := hears[protocol.Joined](doctor).Participant
		equal(t, "presence", knocks.Presence, protocol.Waiting)
		equal(t, "how they identified", knocks.Identified, protocol.IdentifiedByLink)
		equal(t, "beside", knocks.Beside, olav.Beside)
		nurse.hearsNothing()

		doctor.say(protocol.Admit{Participant: "olav"})
		equal(t, "admitted by", hears[protocol.Admitted](patient).By, "Tuva Ask")
		equal(t, "told to the one who knew", hears[protocol.Updated](doctor).Participant.Presence, protocol.Here)
		joined := hears[protocol.Joined](nurse).Participant
		equal(t, "told to the one who did not", joined.Presence, protocol.Here)
		equal(t, "how they identified is for those who admit", joined.Identified, protocol.IdentifiedUntold)
		if !s.media.of(t, "olav").isAdmitted() {
			t.Error("the media of the admitted waits")
		}
	})
}

func TestTheAdmittedSeeTheWholeCall(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse := s.join(tuva), s.join(mari)
		nurse.say(protocol.Chat{ID: "1", Text: "Er alle klare?"})
		nurse.say(protocol.Media{Media: protocol.MediaState{Microphone: true, Camera: true, Second: protocol.SecondCamera}})
		doctor.say(protocol.Watch{Picture: &protocol.Picture{Participant: "mari", Source: protocol.Second}})
		hears[protocol.Updated](doctor)
		patient := s.join(olav)
		patient.forgets()

		nurse.say(protocol.Admit{Participant: "olav"})
		room := hears[protocol.Admitted](patient).Room
		patient.hearsNothing() // all of it is in that one message
		equal(t, "people", len(room.Participants), 3)
		equal(t, "watched", *person(t, room.Participants, "tuva").Watching, protocol.Picture{Participant: "mari", Source: protocol.Second})
		equal(t, "second picture", person(t, room.Participants, "mari").Media.Second, protocol.SecondCamera)
		equal(t, "self", person(t, room.Participants, "olav").Presence, protocol.Here)
		equal(t, "chat", room.Chat[0].Text, "Er alle klare?")
	})
}

func TestTheAdmittedNeedNotWaitAgain(t *testing.T) {
	play(t, func(s *stage) {
		nurse, patient := s.join(mari), s.join(olav)
		nurse.say(protocol.Admit{Participant: "olav"})
		hears[protocol.Admitted](patient)
		patient.say(protocol.Leave{})
		patient.closedWith(protocol.CloseLeft)
		equal(t, "presence", s.join(olav).welcome.Presence, protocol.Here)
	})
}

func TestTwoWhoAdmitAtOnceBothAreObeyed(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := s.join(tuva), s.join(mari), s.join(olav)
		doctor.forgets()
		doctor.say(protocol.Admit{Participant: "olav"})
		nurse.say(protocol.Admit{Participant: "olav"})
		hears[protocol.Admitted](patient)
		patient.hearsNothing()
		hears[protocol.Updated](doctor)
		doctor.hearsNothing()
	})
}

func TestWhoComesInWhileAnothersMediaEndsIsLetInTheNextTime(t *testing.T) {
	play(t, func(s *stage) {
		nurse, patient := s.join(mari), s.join(olav)
		nurse.forgets()
		media := s.media.of(t, "olav")
		media.with(func() { media.noRoom = true })
		nurse.say(protocol.Admit{Participant: "olav"})
		nurse.refused(protocol.CodeFull, "")
		nurse.isOpen()
		patient.hearsNothing()
		media.with(func() { media.noRoom = false })
		nurse.say(protocol.Admit{Participant: "olav"})
		hears[protocol.Admitted](patient)
		equal(t, "presence", hears[protocol.Updated](nurse).Participant.Presence, protocol.Here)
	})
}

func TestTheRefusedIsToldByWhomAndMayKnockAgain(t *testing.T) {
	play(t, func(s *stage) {
		nurse, patient := s.join(mari), s.join(olav)
		nurse.forgets()
		nurse.say(protocol.Refuse{Participant: "olav"})
		equal(t, "ended", hears[protocol.Ended](patient), protocol.Ended{Reason: protocol.EndedRefused, By: "Mari Bjørk"})
		patient.closedWith(protocol.CloseDenied)
		equal(t, "left", hears[protocol.Left](nurse).Reason, protocol.LeftRefused)

		again := s.dial("olav")
		again.sayHello(patient.resume())
		again.refused(protocol.CodeResume, "resume")
		again.closedWith(protocol.CloseDenied)
		equal(t, "presence", s.join(olav).welcome.Presence, protocol.Waiting)
	})
}

func TestARemovedPersonIsOutAndHasToBeLetInAgain(t *testing.T) {
	for _, seat := range []struct {
		name string
		may  func(s *stage) *page
	}{
		{"let in by someone", func(s *stage) *page { return s.join(olav) }},
		{"admitted beforehand", func(s *stage) *page { early := olav; early.Admitted = true; return s.join(early) }},
	} {
		t.Run(seat.name, func(t *testing.T) {
			play(t, func(s *stage) {
				nurse := s.join(mari)
				patient := seat.may(s)
				nurse.say(protocol.Admit{Participant: "olav"})
				nurse.forgets()
				media := s.media.of(t, "olav")
				nurse.say(protocol.Remove{Participant: "olav"})
				equal(t, "ended", hears[protocol.Ended](patient), protocol.Ended{Reason: protocol.EndedRemoved, By: "Mari Bjørk"})
				patient.closedWith(protocol.CloseDenied)
				equal(t, "left", hears[protocol.Left](nurse), protocol.Left{Participant: "olav", Reason: protocol.LeftRemoved})
				if !media.isClosed() {
					t.Error("the media of the removed goes on")
				}
				early := olav
				early.Admitted = true
				equal(t, "presence of the one who comes again", s.join(early).welcome.Presence, protocol.Waiting)
			})
		})
	}
}

func TestAClinicianWhoWaitsSeesNoMoreThanOthersWhoWait(t *testing.T) {
	play(t, func(s *stage) {
		nurse, doctor := s.join(mari), s.join(tuva)
		nurse.say(protocol.Remove{Participant: "tuva"})
		doctor.closedWith(protocol.CloseDenied)
		s.join(olav)
		doctor = s.join(tuva)
		equal(t, "presence", doctor.welcome.Presence, protocol.Waiting)
		equal(t, "people", ids(doctor.welcome.Room.Participants), []string{"mari", "tuva"})
		s.join(ragna)
		doctor.hearsNothing()
		nurse.forgets()
	})
}

func TestWhySomeoneIsGoneIsNotToldInTheWaitingRoom(t *testing.T) {
	play(t, func(s *stage) {
		nurse, doctor := s.join(mari), s.join(tuva)
		patient := s.join(olav)
		nurse.say(protocol.Remove{Participant: "tuva"})
		doctor.closedWith(protocol.CloseDenied)
		equal(t, "left", hears[protocol.Left](patient), protocol.Left{Participant: "tuva", Reason: protocol.LeftByThemselves})
		equal(t, "in the call", hears[protocol.Left](nurse).Reason, protocol.LeftRemoved)
	})
}

func TestTwoWhoRemoveEachOtherDoNotBothGo(t *testing.T) {
	play(t, func(s *stage) {
		nurse, doctor := s.join(mari), s.join(tuva)
		nurse.forgets()
		s.journal.set(nil, time.Second)
		nurse.say(protocol.Remove{Participant: "tuva"})
		doctor.say(protocol.Remove{Participant: "mari"})
		doctor.refused(protocol.CodeForbidden, "")
		time.Sleep(time.Second)
		doctor.closedWith(protocol.CloseDenied)
		equal(t, "left", hears[protocol.Left](nurse).Participant, "tuva")
		nurse.hearsNothing()
		nurse.isOpen()
	})
}

func TestWhoIsNotRemovedAfterAllHasTheirSayAgain(t *testing.T) {
	play(t, func(s *stage) {
		nurse, doctor := s.join(mari), s.join(tuva)
		s.journal.set(errors.New("disk full"), 0)
		nurse.say(protocol.Remove{Participant: "tuva"})
		nurse.refused(protocol.CodeInternal, "")
		doctor.isOpen()
		doctor.forgets()
		doctor.say(protocol.Hand{Raised: true})
		equal(t, "hand", hears[protocol.Updated](doctor).Participant.Hand, true)
	})
}
