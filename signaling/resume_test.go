package signaling_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

func TestALostWebsocketIsTakenUpAgainWhileTheMediaGoesOn(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		media := s.media.of(t, "olav")
		media.tell(sfu.SendChanged{Source: sfu.Camera, RIDs: []string{"q"}, Codec: "VP8"})
		patient.lose()
		time.Sleep(unnoticed)
		equal(t, "the others see", hears[protocol.Updated](doctor).Participant.Presence, protocol.Away)
		media.tell(sfu.SendChanged{Source: sfu.Camera, RIDs: []string{"q", "h"}, Codec: "VP8"})
		media.with(func() { media.lines = []sfu.Line{{MID: "3", Participant: "tuva", Source: sfu.Microphone}} })
		doctor.say(protocol.Chat{ID: "1", Text: "Olav?"})
		doctor.forgets()
		time.Sleep(59*time.Second - unnoticed)

		back := s.dial("olav")
		back.hello(patient.resume())
		w := back.welcome
		equal(t, "presence", w.Presence, protocol.Here)
		equal(t, "no new answer", w.Answer, "")
		equal(t, "lines", w.Room.Lines, []protocol.Line{{MID: "3", Participant: "tuva", Source: protocol.Microphone}})
		equal(t, "chat", w.Room.Chat[0].Text, "Olav?")
		equal(t, "send", hears[protocol.Send](back).RIDs, []string{"q", "h"})
		back.hearsNothing()
		equal(t, "the others see", hears[protocol.Updated](doctor).Participant.Presence, protocol.Here)
		if media.isClosed() || s.media.of(t, "olav") != media {
			t.Error("the media did not go on")
		}
		if w.Epoch <= patient.welcome.Epoch || w.ResumeToken == patient.welcome.ResumeToken {
			t.Errorf("epoch %d after %d, or the same token", w.Epoch, patient.welcome.Epoch)
		}
	})
}

func TestAReloadedPageGetsItsPlaceWithNewMedia(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		old := s.media.of(t, "olav")
		patient.lose()
		doctor.forgets()
		reloaded := s.dial("olav")
		h := patient.resume()
		h.Offer, h.Media = "new offer", protocol.MediaState{Camera: true}
		reloaded.hello(h)
		equal(t, "presence", reloaded.welcome.Presence, protocol.Here)
		equal(t, "answer", reloaded.welcome.Answer, "answer to new offer")
		equal(t, "since", person(t, reloaded.welcome.Room.Participants, "olav").Since, patient.welcome.Now)
		now := s.media.of(t, "olav")
		if now == old || !now.isAdmitted() || !old.isClosed() {
			t.Error("the new media does not take the place of the old")
		}
		equal(t, "let through", now.sends(), [3]bool{false, true, false})
		u := hears[protocol.Updated](doctor).Participant
		equal(t, "the others see", u.Media, protocol.MediaState{Camera: true})
		doctor.hearsNothing() // the tile neither went nor came
	})
}

func TestAReloadInTheWaitingRoomGoesOnWaiting(t *testing.T) {
	play(t, func(s *stage) {
		nurse, patient := s.join(mari), s.join(olav)
		patient.lose()
		nurse.forgets()
		back := s.dial("olav")
		h := patient.resume()
		h.Offer = "new offer"
		back.hello(h)
		equal(t, "presence", back.welcome.Presence, protocol.Waiting)
		if s.media.of(t, "olav").isAdmitted() {
			t.Error("a reload let the patient in")
		}
		nurse.hearsNothing() // has waited all the time
		nurse.say(protocol.Admit{Participant: "olav"})
		hears[protocol.Admitted](back)
	})
}

func TestWhoComesBackAtOnceHasNotBeenAway(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		doctor.forgets()
		patient.lose()
		time.Sleep(unnoticed - time.Millisecond)
		back := s.dial("olav")
		back.hello(patient.resume())
		time.Sleep(unnoticed)
		doctor.hearsNothing()
	})
}

func TestWhoseMediaGoesWithTheConnectionIsAwayAtOnce(t *testing.T) {
	for why, media := range map[string]func(p *studioPart){
		"before": func(p *studioPart) { p.tell(sfu.Disconnected{}) },
		"failed": func(p *studioPart) { p.with(func() { p.failed = true }) },
	} {
		t.Run(why, func(t *testing.T) {
			play(t, func(s *stage) {
				doctor, _, patient := inCall(s)
				media(s.media.of(t, "olav"))
				doctor.forgets()
				patient.lose()
				equal(t, "the others see", hears[protocol.Updated](doctor).Participant.Presence, protocol.Away)
			})
		})
	}
	t.Run("after", func(t *testing.T) {
		play(t, func(s *stage) {
			doctor, _, patient := inCall(s)
			doctor.forgets()
			patient.lose()
			doctor.hearsNothing()
			s.media.of(t, "olav").tell(sfu.Disconnected{})
			equal(t, "the others see", hears[protocol.Updated](doctor).Participant.Presence, protocol.Away)
		})
	})
}

func TestWhoIsAdmittedWhileTheirConnectionIsLostComesBackIntoTheCall(t *testing.T) {
	play(t, func(s *stage) {
		nurse, patient := s.join(mari), s.join(olav)
		patient.lose()
		time.Sleep(unnoticed)
		nurse.forgets()
		nurse.say(protocol.Admit{Participant: "olav"})
		equal(t, "the nurse sees", hears[protocol.Updated](nurse).Participant.Presence, protocol.Away)
		back := s.dial("olav")
		back.hello(patient.resume())
		equal(t, "presence", back.welcome.Presence, protocol.Here)
		if !s.media.of(t, "olav").isAdmitted() {
			t.Error("the media still waits")
		}
	})
}

func TestAfterTheResumeWindowThePlaceIsGone(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		patient.lose()
		doctor.forgets()
		time.Sleep(60 * time.Second)
		equal(t, "left", hears[protocol.Left](doctor), protocol.Left{Participant: "olav", Reason: protocol.LeftLost})
		if !s.media.of(t, "olav").isClosed() {
			t.Error("the media goes on")
		}
		late := s.dial("olav")
		late.sayHello(patient.resume())
		late.refused(protocol.CodeResume, "resume")
		late.closedWith(protocol.CloseDenied)
		equal(t, "by the link", s.join(olav).welcome.Presence, protocol.Here)
	})
}

func TestResumeNeedsAnOfferWhenTheMediaIsGone(t *testing.T) {
	play(t, func(s *stage) {
		_, _, patient := inCall(s)
		patient.lose()
		s.media.of(t, "olav").fails()

		back := s.dial("olav")
		back.sayHello(patient.resume())
		back.refused(protocol.CodeOfferRequired, "offer")
		back.closedWith(protocol.CloseProtocol)

		back = s.dial("olav")
		h := patient.resume() // the same token: nothing was used up
		h.Offer = "new offer"
		back.hello(h)
		equal(t, "presence", back.welcome.Presence, protocol.Here)
	})
}

func TestAPageWhoseMediaFailsIsToldToComeWithAnOffer(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		s.media.of(t, "olav").fails()
		patient.refused(protocol.CodeOfferRequired, "offer")
		patient.closedWith(protocol.CloseProtocol)
		u := hears[protocol.Updated](doctor).Participant
		equal(t, "the others see", u.Quality, protocol.QualityLost)

		back := s.dial("olav")
		h := patient.resume()
		h.Offer = "new offer"
		back.hello(h)
		equal(t, "presence", back.welcome.Presence, protocol.Here)
	})
}

func TestResumeWithABadOfferCostsNothing(t *testing.T) {
	play(t, func(s *stage) {
		_, _, patient := inCall(s)
		patient.lose()
		back := s.dial("olav")
		h := patient.resume()
		h.Offer = "bad offer"
		back.sayHello(h)
		back.refused(protocol.CodeOffer, "offer")
		back.closedWith(protocol.CloseProtocol)
		s.dial("olav").hello(patient.resume())
	})
}

func TestTheNewerConnectionWins(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, phone := inCall(s)
		old := s.media.of(t, "olav")
		tablet := s.join(olav)
		equal(t, "phone", hears[protocol.Ended](phone), protocol.Ended{Reason: protocol.EndedReplaced})
		phone.closedWith(protocol.CloseReplaced)
		equal(t, "tablet", tablet.welcome.Presence, protocol.Here)
		if !old.isClosed() {
			t.Error("the old media goes on")
		}
		doctor.hearsNothing() // one person, one tile, all the time

		again := s.dial("olav") // the phone is not to take it back by itself
		again.sayHello(phone.resume())
		again.refused(protocol.CodeResume, "resume")
		tablet.isOpen()
	})
}

func TestAResumeTakesOverFromAConnectionThatIsNotYetKnownToBeDead(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		back := s.dial("olav")
		back.hello(patient.resume())
		hears[protocol.Ended](patient)
		patient.closedWith(protocol.CloseReplaced)
		doctor.hearsNothing()
		back.say(protocol.Ping{N: 1})
		hears[protocol.Pong](back)
	})
}

func TestTwoHellosAtOnceAreSeatedOneAfterTheOther(t *testing.T) {
	play(t, func(s *stage) {
		doctor := s.join(tuva)
		release := s.media.hold(joining)
		first, second := s.dial("olav"), s.dial("olav")
		first.sayHello(protocol.Hello{Ticket: s.ticket(olavAdmitted()), Offer: "first", Media: on})
		second.sayHello(protocol.Hello{Ticket: s.ticket(olavAdmitted()), Offer: "second", Media: on})
		doctor.say(protocol.Ping{N: 1})
		hears[protocol.Pong](doctor) // the call does not wait with them
		release()
		hears[protocol.Ended](first)
		first.closedWith(protocol.CloseReplaced)
		equal(t, "answer", hears[protocol.Welcome](second).Answer, "answer to second")
		hears[protocol.Joined](doctor)
		doctor.hearsNothing()
		if s.media.of(t, "olav").isClosed() {
			t.Error("the media of the one who is in was closed")
		}
	})
}

func TestAWelcomeThatWasLostOnTheWayCanBeAskedForAgain(t *testing.T) {
	play(t, func(s *stage) {
		_, _, patient := inCall(s)
		patient.lose()
		h := patient.resume()
		for range 3 { // each time the connection dies before the page has read its welcome
			unlucky := s.dial("olav")
			unlucky.hello(h)
			unlucky.lose()
		}
		lucky := s.dial("olav")
		lucky.hello(h)
		lucky.say(protocol.Ping{N: 1}) // now the server knows that the welcome has come
		lucky.lose()
		again := s.dial("olav")
		again.sayHello(h)
		again.refused(protocol.CodeResume, "resume")
		s.dial("olav").hello(lucky.resume())
	})
}

func TestAHelloThatWasLongOnItsWayDoesNotEndANewerOne(t *testing.T) {
	play(t, func(s *stage) {
		_, _, patient := inCall(s)
		patient.lose()
		back := s.dial("olav")
		back.hello(patient.resume())
		stale := s.dial("olav") // sent before back's, and given up by the page
		stale.hello(patient.resume())
		synctest.Wait()
		back.hearsNothing()
		back.closedWith(protocol.CloseSlow) // may resume, as it was not replaced
		again := s.dial("olav")
		again.hello(back.resume())
		again.say(protocol.Ping{N: 1})

		stale = s.dial("olav") // and once the page has spoken, never
		stale.sayHello(patient.resume())
		stale.refused(protocol.CodeResume, "resume")
		again.isOpen()
	})
}

func TestWrongTokensAreRefusedAlike(t *testing.T) {
	play(t, func(s *stage) {
		p := s.join(tuva)
		good := p.welcome.ResumeToken
		wrong := []protocol.Resume{
			{Token: good, Epoch: p.welcome.Epoch + 1},
			{Token: good[:len(good)-1] + "!", Epoch: p.welcome.Epoch},
			{Token: "c1.tuva.secret", Epoch: p.welcome.Epoch},
			{Token: "c1.nobody.secret", Epoch: p.welcome.Epoch},
			{Token: "c9.tuva.secret", Epoch: p.welcome.Epoch},
			{Token: "secret", Epoch: 1},
			{Token: "..", Epoch: 1},
		}
		wrong[1].Token = good[:len(good)-1] + "~"
		for _, r := range wrong {
			stranger := s.dial("stranger")
			stranger.sayHello(protocol.Hello{Resume: &r, Offer: "o", Media: on})
			stranger.refused(protocol.CodeResume, "resume")
			stranger.closedWith(protocol.CloseDenied)
		}
		p.isOpen()
		p.hearsNothing()
	})
}

func TestNothingComesBeforeTheWelcome(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, _ := inCall(s)
		nurse.say(protocol.Media{Media: protocol.MediaState{Second: protocol.SecondCamera}})
		doctor.say(protocol.Watch{Picture: &protocol.Picture{Participant: "mari", Source: protocol.Second}})
		nurse.lose()
		doctor.forgets()
		back := s.dial("mari") // without the second picture, which changes what the doctor watches
		back.sayHello(nurse.resume())
		back.mu.Lock()
		first := back.inbox[0].Type()
		back.mu.Unlock()
		equal(t, "first", first, "welcome")
		var none *protocol.Picture
		equal(t, "watched, in the welcome", person(t, hears[protocol.Welcome](back).Room.Participants, "tuva").Watching, none)
		back.hearsNothing()
		equal(t, "the doctor hears", hears[protocol.Updated](doctor).Participant.ID, "tuva")
		equal(t, "and then", hears[protocol.Updated](doctor).Participant.Presence, protocol.Here)
		doctor.hearsNothing()
	})
}

func TestALeftSeatCanNotBeResumed(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		patient.say(protocol.Leave{})
		equal(t, "ended", hears[protocol.Ended](patient).Reason, protocol.EndedLeft)
		patient.closedWith(protocol.CloseLeft)
		equal(t, "left", hears[protocol.Left](doctor).Reason, protocol.LeftByThemselves)
		back := s.dial("olav")
		back.sayHello(patient.resume())
		back.refused(protocol.CodeResume, "resume")
	})
}

func TestWhoIsRemovedWhileComingInIsOut(t *testing.T) {
	for name, hello := range map[string]func(s *stage, p *page) protocol.Hello{
		"by resume": func(_ *stage, p *page) protocol.Hello { h := p.resume(); h.Offer = "new offer"; return h },
		"by ticket": func(s *stage, _ *page) protocol.Hello {
			return protocol.Hello{Ticket: s.ticket(olav), Offer: "new offer", Media: on}
		},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
				doctor, _, patient := inCall(s)
				patient.lose()
				release := s.media.hold(joining)
				back := s.dial("olav")
				back.sayHello(hello(s, patient))
				doctor.say(protocol.Remove{Participant: "olav"})
				release()
				e := hears[protocol.Error](back)
				if !e.Fatal {
					t.Errorf("got %+v", e)
				}
				<-back.closed
				synctest.Wait()
				if !s.media.of(t, "olav").isClosed() {
					t.Error("the media of the removed flows")
				}
			})
		})
	}
}

func TestWhoIsAdmittedWhileReloadingIsIn(t *testing.T) {
	play(t, func(s *stage) {
		nurse, patient := s.join(mari), s.join(olav)
		patient.lose()
		release := s.media.hold(joining)
		back := s.dial("olav")
		h := patient.resume()
		h.Offer = "new offer"
		back.sayHello(h)
		nurse.say(protocol.Admit{Participant: "olav"})
		release()
		equal(t, "presence", hears[protocol.Welcome](back).Presence, protocol.Here)
		if !s.media.of(t, "olav").isAdmitted() {
			t.Error("the media waits for ever")
		}
	})
}

func TestWhoGoesAwayWhileTheOfferIsAnsweredIsAway(t *testing.T) {
	play(t, func(s *stage) {
		doctor := s.join(tuva)
		release := s.media.hold(joining)
		p := s.dial("mari")
		p.sayHello(protocol.Hello{Ticket: s.ticket(mari), Offer: "o", Media: on})
		p.lose()
		release()
		hears[protocol.Joined](doctor)
		time.Sleep(unnoticed)
		equal(t, "presence", hears[protocol.Updated](doctor).Participant.Presence, protocol.Away)
		time.Sleep(time.Minute)
		equal(t, "left", hears[protocol.Left](doctor).Reason, protocol.LeftLost)
	})
}

func TestTheDirectoryKnowsWhoIsWhere(t *testing.T) {
	play(t, func(s *stage) {
		present := func() map[string]protocol.Presence {
			synctest.Wait()
			people, err := s.directory.Present(t.Context(), "c1")
			if err != nil {
				t.Fatal(err)
			}
			return people
		}
		nurse, patient := s.join(mari), s.join(olav)
		equal(t, "waiting", present(), map[string]protocol.Presence{"mari": protocol.Here, "olav": protocol.Waiting})
		nurse.say(protocol.Admit{Participant: "olav"})
		equal(t, "in the call", present(), map[string]protocol.Presence{"mari": protocol.Here, "olav": protocol.Here})
		patient.lose()
		equal(t, "just lost", present(), map[string]protocol.Presence{"mari": protocol.Here, "olav": protocol.Here})
		time.Sleep(unnoticed)
		equal(t, "lost", present(), map[string]protocol.Presence{"mari": protocol.Here, "olav": protocol.Away})
		nurse.say(protocol.Leave{})
		equal(t, "one left", present(), map[string]protocol.Presence{"olav": protocol.Away})
		time.Sleep(2 * time.Minute)
		equal(t, "after all", present(), map[string]protocol.Presence{})
	})
}
