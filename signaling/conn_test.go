package signaling_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

func TestWhatIsNotAHelloEndsTheConnection(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		code protocol.Code
	}{
		"garbage":           {`{"type":`, protocol.CodeMalformed},
		"out of order":      {`{"type":"ping","n":1}`, protocol.CodeOutOfOrder},
		"a field is missed": {`{"type":"hello","version":1}`, protocol.CodeInvalid},
		"another version":   {`{"type":"hello","version":9}`, protocol.CodeVersion},
		"too large":         {`{"type":"hello","offer":"` + strings.Repeat("x", protocol.MaxHello) + `"}`, protocol.CodeTooLarge},
		"of the server":     {`{"type":"welcome"}`, protocol.CodeUnknownType},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
				p := s.dial("stranger")
				p.sayText(c.text)
				e := hears[protocol.Error](p)
				if e.Code != c.code || !e.Fatal || e.Rule == "" {
					t.Errorf("got %+v, want %s", e, c.code)
				}
				p.closedWith(protocol.CloseProtocol)
			})
		})
	}
}

func TestATicketIsGoodOnce(t *testing.T) {
	play(t, func(s *stage) {
		ticket := s.ticket(tuva)
		first := s.dial("tuva")
		first.hello(protocol.Hello{Ticket: ticket, Offer: "o", Media: on})
		for _, no := range []string{ticket, "never-issued"} {
			p := s.dial("stranger")
			p.sayHello(protocol.Hello{Ticket: no, Offer: "o", Media: on})
			p.refused(protocol.CodeTicket, "ticket")
			p.closedWith(protocol.CloseDenied)
		}
		first.isOpen()
		first.hearsNothing()
	})
}

func TestABadOfferIsRefusedAndLeavesNothingBehind(t *testing.T) {
	play(t, func(s *stage) {
		doctor := s.join(tuva)
		p := s.dial("mari")
		p.sayHello(protocol.Hello{Ticket: s.ticket(mari), Offer: "bad offer", Media: on})
		if e := p.refused(protocol.CodeOffer, "offer"); !strings.Contains(e.Rule, "no media lines") {
			t.Errorf("the rule %q does not say why", e.Rule)
		}
		p.closedWith(protocol.CloseProtocol)
		doctor.hearsNothing()
	})
}

func TestASecondPictureInTheHelloNeedsThePermission(t *testing.T) {
	play(t, func(s *stage) {
		p := s.dial("olav")
		p.sayHello(protocol.Hello{Ticket: s.ticket(olav), Offer: "o", Media: protocol.MediaState{Second: protocol.SecondScreen}})
		p.refused(protocol.CodeForbidden, "media.second")
		p.closedWith(protocol.CloseProtocol)
	})
}

func TestWhatIsOursIsInternalOutside(t *testing.T) {
	play(t, func(s *stage) {
		s.refuse = errors.New("database at 10.0.0.7 is down")
		p := s.dial("tuva")
		p.sayHello(protocol.Hello{Ticket: "t", Offer: "o", Media: on})
		if e := p.refused(protocol.CodeInternal, ""); strings.Contains(e.Rule, "10.0.0.7") {
			t.Errorf("the page is told %q", e.Rule)
		}
		p.closedWith(protocol.CloseInternal)

		s.refuse = nil
		nameless := tuva
		nameless.Name = ""
		p = s.dial("tuva")
		p.sayHello(protocol.Hello{Ticket: s.ticket(nameless), Offer: "o", Media: on})
		p.refused(protocol.CodeInternal, "")
	})
}

func TestABadMessageChangesNothingAndTheCallGoesOn(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		patient.sayText(`{"type":"hand","raised":"yes"}`)
		if e := patient.refused(protocol.CodeInvalid, "raised"); e.Fatal || e.Re != "hand" {
			t.Errorf("got %+v", e)
		}
		patient.isOpen()
		doctor.hearsNothing()
	})
}

func TestWhatCanNotBeReadEndsTheConnectionAndKeepsThePlace(t *testing.T) {
	for name, c := range map[string]struct {
		kind int
		data string
		code protocol.Code
	}{
		"garbage":      {websocket.TextMessage, "\x00\xff", protocol.CodeMalformed},
		"unknown type": {websocket.TextMessage, `{"type":"dance"}`, protocol.CodeUnknownType},
		"binary":       {websocket.BinaryMessage, `{"type":"ping","n":1}`, protocol.CodeMalformed},
		"hello twice":  {websocket.TextMessage, `{"type":"hello","version":1,"ticket":"t","offer":"o","media":{"microphone":true,"camera":true,"second":""}}`, protocol.CodeOutOfOrder},
		"too large":    {websocket.TextMessage, `{"type":"chat","id":"1","text":"` + strings.Repeat("x", protocol.MaxMessage) + `"}`, protocol.CodeTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
				doctor, _, patient := inCall(s)
				if err := patient.ws.WriteMessage(c.kind, []byte(c.data)); err != nil {
					t.Fatal(err)
				}
				e := hears[protocol.Error](patient)
				if e.Code != c.code || !e.Fatal {
					t.Errorf("got %+v, want %s", e, c.code)
				}
				patient.closedWith(protocol.CloseProtocol)
				time.Sleep(unnoticed)
				equal(t, "the others see", hears[protocol.Updated](doctor).Participant.Presence, protocol.Away)
				doctor.hearsNothing()
				s.dial("olav").hello(patient.resume())
			})
		})
	}
}

func TestTooManyMessagesAreRefusedAndThenTheConnectionEnds(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		for range 60 {
			patient.say(protocol.Ping{N: 1})
		}
		patient.forgets()
		patient.say(protocol.Ping{N: 2})
		if e := patient.refused(protocol.CodeRate, ""); e.Fatal {
			t.Error("the first one too many ends the connection")
		}
		patient.hearsNothing()
		time.Sleep(time.Second) // 20 more may come
		patient.say(protocol.Ping{N: 3})
		equal(t, "after a while", hears[protocol.Pong](patient).N, int64(3))

		for range 19 + 21 {
			patient.say(protocol.Ping{N: 4})
		}
		<-patient.closed
		patient.closedWith(protocol.CloseSlow)
		time.Sleep(unnoticed)
		equal(t, "the others see", hears[protocol.Updated](doctor).Participant.Presence, protocol.Away)
		doctor.hearsNothing()
	})
}

func TestTooMuchChatIsRefusedAndTheRestGoesOn(t *testing.T) {
	play(t, func(s *stage) {
		p := s.join(tuva)
		for i := range 10 {
			p.say(protocol.Chat{ID: fmt.Sprint(i), Text: "Hei"})
			hears[protocol.Chatted](p)
		}
		p.say(protocol.Chat{ID: "10", Text: "Hei"})
		if e := p.refused(protocol.CodeRate, ""); e.Re != "chat" || e.Fatal {
			t.Errorf("got %+v", e)
		}
		p.say(protocol.Ping{N: 1})
		hears[protocol.Pong](p)
		time.Sleep(time.Second)
		p.say(protocol.Chat{ID: "10", Text: "Hei"})
		hears[protocol.Chatted](p)
	})
}

func TestAPageThatDoesNotReadIsToldSoAndClosed(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		goOn := patient.pauses()
		for i := range 130 { // one lets the page pause, one is being written, 256 wait
			nurse.say(protocol.Hand{Raised: i%2 == 0})
			doctor.say(protocol.Hand{Raised: i%2 == 0})
			time.Sleep(time.Second / 20)
		}
		nurse.hearsAll(260) // nobody else is held up
		doctor.hearsAll(260)
		goOn()
		e := hears[protocol.Error](patient)
		equal(t, "code", e.Code, protocol.CodeSlow)
		patient.closedWith(protocol.CloseSlow)
		s.dial("olav").hello(patient.resume())
	})
}

func TestASlowPageThatDoesNotEvenReadWhyIsLetGoSoon(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		goOn := patient.pauses()
		for i := range 130 {
			nurse.say(protocol.Hand{Raised: i%2 == 0})
			doctor.say(protocol.Hand{Raised: i%2 == 0})
			time.Sleep(time.Second / 20)
		}
		nurse.forgets()
		time.Sleep(2 * time.Second) // the write that is stuck had some seconds left
		time.Sleep(unnoticed)
		equal(t, "the others see", hears[protocol.Updated](nurse).Participant.Presence, protocol.Away)
		goOn()
		<-patient.closed
	})
}

func TestAPageThatNeverReadsAgainIsLetGo(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		goOn := patient.pauses()
		nurse.say(protocol.Hand{Raised: true})
		nurse.say(protocol.Hand{Raised: false})
		doctor.forgets()
		time.Sleep(16 * time.Second)
		time.Sleep(unnoticed)
		equal(t, "the others see", hears[protocol.Updated](doctor).Participant.Presence, protocol.Away)
		goOn()
		<-patient.closed
	})
}

func TestAConnectionThatIsDeadIsNoticedInFifteenSeconds(t *testing.T) {
	play(t, func(s *stage) {
		doctor, _, patient := inCall(s)
		patient.mu.Lock()
		patient.deaf = true
		patient.mu.Unlock()
		time.Sleep(14 * time.Second)
		doctor.hearsNothing()
		time.Sleep(time.Second)
		time.Sleep(unnoticed)
		equal(t, "the others see", hears[protocol.Updated](doctor).Participant.Presence, protocol.Away)
	})
}

func TestAQuietPageStays(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, _ := inCall(s)
		time.Sleep(time.Hour) // its browser answers pings
		nurse.isOpen()
		doctor.hearsNothing()
	})
}

func TestAHelloHasToComeInTime(t *testing.T) {
	play(t, func(s *stage) {
		p := s.dial("stranger")
		time.Sleep(9 * time.Second)
		p.isOpen()
		time.Sleep(time.Second)
		p.refused(protocol.CodeOutOfOrder, "")
		p.closedWith(protocol.CloseProtocol)
	})
}

func TestWhenTheServerGoesDownEveryPageIsToldWhenToComeBack(t *testing.T) {
	play(t, func(s *stage) {
		doctor, nurse, patient := inCall(s)
		waiting, silent := s.join(ragna), s.dial("silent")
		doctor.forgets()
		nurse.forgets()
		s.goDown()
		for _, p := range []*page{doctor, nurse, patient, waiting, silent} {
			after := hears[protocol.Closing](p).RetryAfter
			if after < 1000 || after >= 2000 {
				t.Errorf("%s: come back after %d ms, want 1–2 s", p.name, after)
			}
			p.hearsNothing() // nobody is shown as gone
			p.closedWith(protocol.CloseGoing)
		}
		<-s.down
		d := websocket.Dialer{NetDialContext: s.listener.dial}
		if _, res, err := d.Dial(s.url, nil); err == nil || res.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("a page that comes after that gets %v, %v", res, err)
		}
	})
}

func TestTheServerGoesDownWhateverItsPagesDo(t *testing.T) {
	play(t, func(s *stage) {
		_, _, patient := inCall(s)
		goOn := patient.pauses() // never answers the close frame
		release := s.media.hold(joining)
		late := s.dial("ragna")
		late.sayHello(protocol.Hello{Ticket: s.ticket(ragna), Offer: "o", Media: on})
		s.journal.set(nil, time.Hour)
		patient.say(protocol.Chat{ID: "1", Text: "Hei"})
		began := time.Now()
		s.goDown()
		<-s.down
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("took %v", took)
		}
		release()
		goOn()
	})
}

func TestAThousandPagesComeAndGoAndNothingIsLeft(t *testing.T) {
	play(t, func(s *stage) {
		for i := range 250 {
			consultation := consultation
			consultation.ID = fmt.Sprintf("c%d", i%10)
			as := func(seat signaling.Seat) signaling.Seat { seat.Consultation = consultation; return seat }
			doctor, nurse, patient := s.join(as(tuva)), s.join(as(mari)), s.join(as(olav))
			nurse.say(protocol.Admit{Participant: "olav"})
			patient.lose()
			again := s.dial("olav")
			again.hello(patient.resume())
			again.say(protocol.Leave{})
			doctor.lose()
			nurse.say(protocol.Leave{})
			again.closedWith(protocol.CloseLeft)
			nurse.closedWith(protocol.CloseLeft)
			if i%10 == 9 {
				time.Sleep(3 * time.Minute)
				synctest.Wait()
				equal(t, "what lives", s.server.Counts(), signaling.Counts{})
			}
		}
	})
}

func TestPagesOfOtherSitesAreRefused(t *testing.T) {
	s, err := signaling.New(signaling.Config{
		Admission: &stage{}, Media: newStudio(), Directory: directory{}, Journal: signaling.NewMemoryJournal(),
		PublicURL: "https://video.example.no",
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := contextWithStop(t)
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Run(ctx) }() // ends with stop
	web := httptest.NewServer(s)
	defer func() { stop(); <-done; web.Close() }()
	waitUntilServed(t, web.URL)

	for origin, want := range map[string]bool{
		"":                                true, // no browser
		web.URL:                           true,
		"https://video.example.no":        true,
		"http://video.example.no":         false,
		"https://video.example.no.evil.x": false,
		"https://evil.example":            false,
		"null":                            false,
	} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		ws, res, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(web.URL, "http"), header)
		if err == nil {
			ws.Close()
		}
		if got := err == nil; got != want {
			t.Errorf("origin %q: let in %v (%v)", origin, got, res.Status)
		}
	}
}

func TestAConfigThatCanNotWorkIsRefused(t *testing.T) {
	good := signaling.Config{Admission: &stage{}, Media: newStudio(), Directory: directory{}, Journal: signaling.NewMemoryJournal()}
	if _, err := signaling.New(good); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*signaling.Config){
		"no admission":    func(c *signaling.Config) { c.Admission = nil },
		"no media":        func(c *signaling.Config) { c.Media = nil },
		"no directory":    func(c *signaling.Config) { c.Directory = nil },
		"no journal":      func(c *signaling.Config) { c.Journal = nil },
		"no host":         func(c *signaling.Config) { c.PublicURL = "video.example.no" },
		"not http":        func(c *signaling.Config) { c.PublicURL = "ftp://video.example.no" },
		"no time at all":  func(c *signaling.Config) { c.ResumeWindow = -time.Second },
		"time before now": func(c *signaling.Config) { c.Silence = -1 },
	} {
		cfg := good
		spoil(&cfg)
		if _, err := signaling.New(cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
