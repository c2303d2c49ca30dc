package signaling_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// olavToRecognise is Olav by a link whose policy asks for someone who knows him.
func olavToRecognise(session string) seat {
	s := olav
	s.Recognise, s.Session = true, session
	return s
}

// knows is what a page's welcome says of how a participant has shown who they are.
func (p *page) knows(id string) (how protocol.Identified, by string, unconfirmed bool) {
	p.s.t.Helper()
	of := person(p.s.t, p.welcome.Room.Participants, id)
	if of.Confirmed != nil {
		by = of.Confirmed.By
	}
	return of.Identified, by, of.Unconfirmed
}

func TestWhoIsToBeRecognisedIsUnconfirmedUntilSomeoneWhoSeesThemSaysSo(t *testing.T) {
	play(t, func(s *stage) {
		nurse, patient := s.join(mari), s.join(olavToRecognise("s1"))
		knocks := hears[protocol.Joined](nurse).Participant
		equal(t, "knocks by", knocks.Identified, protocol.IdentifiedByLink)
		equal(t, "unconfirmed", knocks.Unconfirmed, true)

		nurse.say(protocol.Confirm{Participant: "olav"})
		nurse.refused(protocol.CodeNotFound, "participant") // he waits, and nobody sees him
		nurse.say(protocol.Admit{Participant: "olav"})
		equal(t, "unconfirmed when let in", hears[protocol.Updated](nurse).Participant.Unconfirmed, true)
		nurse.say(protocol.Confirm{Participant: "olav"})
		nurse.refused(protocol.CodeNotFound, "participant") // his picture has not come yet

		s.media.of(t, "mari").shows("olav")
		patient.forgets()
		nurse.say(protocol.Confirm{Participant: "olav"})
		told := hears[protocol.Updated](nurse).Participant
		equal(t, "identified", told.Identified, protocol.IdentifiedRecognised)
		equal(t, "unconfirmed", told.Unconfirmed, false)
		equal(t, "by whom and when", *told.Confirmed, protocol.Confirmation{By: "Mari Bjørk", At: time.Now().UnixMilli()})
		equal(t, "told to himself", hears[protocol.Updated](patient).Participant.Identified, protocol.IdentifiedRecognised)

		nurse.say(protocol.Confirm{Participant: "olav"})
		nurse.hearsNothing() // again changes nothing
	})
}

func TestWhoAPersonIsIsToldToThoseWhoAdmitOrConfirmAndToNobodyElse(t *testing.T) {
	play(t, func(s *stage) {
		gp := mari
		gp.Participant, gp.Name, gp.May = "per", "Per Eik", []protocol.Permission{protocol.MayConfirm}
		daughter := ragna
		daughter.Admitted = true
		s.join(mari)
		doctor, relative := s.join(gp), s.join(daughter)
		patient := olavToRecognise("s1")
		patient.Admitted = true
		s.join(patient)
		hears[protocol.Joined](doctor) // the daughter
		joined := hears[protocol.Joined](doctor).Participant
		equal(t, "to who may confirm", []any{joined.ID, joined.Unconfirmed}, []any{"olav", true})
		joined = hears[protocol.Joined](relative).Participant
		equal(t, "to others", []any{joined.ID, joined.Identified, joined.Unconfirmed}, []any{"olav", protocol.IdentifiedUntold, false})
		s.media.of(t, "per").shows("olav")
		doctor.say(protocol.Confirm{Participant: "olav"})
		equal(t, "confirmed", hears[protocol.Updated](doctor).Participant.Confirmed.By, "Per Eik")
		relative.hearsNothing()
	})
}

func TestNobodyIsRecognisedWithoutAPicture(t *testing.T) {
	for why, happens := range map[string]func(s *stage, patient *page){
		"the camera is off":       func(_ *stage, patient *page) { patient.say(protocol.Media{}) },
		"nothing comes from them": func(s *stage, _ *page) { s.media.of(s.t, "olav").tell(sfu.Disconnected{}) },
		"only sound reaches the page": func(s *stage, _ *page) {
			s.media.of(s.t, "mari").tell(sfu.QualityChanged{Quality: sfu.QualityAudioOnly})
		},
		"it is on no line": func(s *stage, _ *page) { s.media.of(s.t, "mari").shows("tuva") },
	} {
		t.Run(why, func(t *testing.T) {
			play(t, func(s *stage) {
				nurse := s.join(mari)
				seat := olavToRecognise("s1")
				seat.Admitted = true
				patient := s.join(seat)
				s.media.of(t, "mari").shows("olav")
				happens(s, patient)
				synctest.Wait()
				nurse.say(protocol.Confirm{Participant: "olav"})
				nurse.refused(protocol.CodeNotFound, "participant")
				if state, err := s.journal.Open(t.Context(), "c1"); err != nil || len(state.Confirmed) > 0 {
					t.Errorf("kept: %+v, %v", state.Confirmed, err)
				}
			})
		})
	}
}

func TestNobodyRecognisesThemselves(t *testing.T) {
	play(t, func(s *stage) {
		nurse := s.join(mari)
		s.media.of(t, "mari").shows("mari")
		nurse.say(protocol.Confirm{Participant: "mari"})
		nurse.refused(protocol.CodeInvalid, "participant")
	})
}

func TestWhatTheJournalDidNotTakeIsNotSaidToBeConfirmed(t *testing.T) {
	play(t, func(s *stage) {
		nurse := s.join(mari)
		seat := olavToRecognise("s1")
		seat.Admitted = true
		s.join(seat)
		nurse.forgets()
		s.media.of(t, "mari").shows("olav")
		s.journal.set(errors.New("disk full"), 0)
		nurse.say(protocol.Confirm{Participant: "olav"})
		nurse.refused(protocol.CodeInternal, "")
	})
}

func TestWhoWasRecognisedIsSoAfterARestartAndInNoOtherSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := newStage(t, signaling.Config{})
		nurse := before.join(mari)
		seat := olavToRecognise("s1")
		seat.Admitted = true
		before.join(seat)
		before.media.of(t, "mari").shows("olav")
		nurse.say(protocol.Confirm{Participant: "olav"})
		before.takeDown()

		s := newStage(t, signaling.Config{})
		defer s.takeDown()
		s.journal.Journal = before.journal.Journal
		back := s.join(seat)
		nurse = s.join(mari)
		how, by, unconfirmed := nurse.knows("olav")
		equal(t, "after a restart", []any{how, by, unconfirmed}, []any{protocol.IdentifiedRecognised, "Mari Bjørk", false})

		elsewhere := olavToRecognise("s2") // the same link, opened by whoever has it
		elsewhere.Admitted = true
		s.join(elsewhere)
		back.closedWith(protocol.CloseReplaced)
		told := hears[protocol.Updated](nurse).Participant
		equal(t, "in another session", []any{told.Identified, told.Confirmed == nil, told.Unconfirmed}, []any{protocol.IdentifiedByLink, true, true})
	})
}
