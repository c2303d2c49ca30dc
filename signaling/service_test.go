package signaling_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/sfu/sfutest"
	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/cluster"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// The tests in this file run the real service: package sfu behind real websockets, and
// pages with pion's PeerConnection, all on loopback.

// service is signaling and sfu as cmd/samkonsult puts them together.
type service struct {
	t       *testing.T
	tickets *stage // its Admission
	url     string
}

func newService(t *testing.T) *service {
	t.Helper()
	media, err := sfu.Listen(sfu.Config{})
	if err != nil {
		t.Fatal(err)
	}
	tickets := &stage{t: t, tickets: make(map[string]signaling.Seat)}
	server, err := signaling.New(signaling.Config{
		Admission: tickets, Media: signaling.Forward(media),
		Directory: cluster.NewMemory(), Journal: signaling.NewMemoryJournal(),
	})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	callsCtx, endCalls := context.WithCancel(context.Background())
	mediaCtx, endMedia := context.WithCancel(context.Background())
	var calls, forwarding sync.WaitGroup
	calls.Go(func() { _ = server.Run(callsCtx) })     // ends with endCalls
	forwarding.Go(func() { _ = media.Run(mediaCtx) }) // ends with endMedia
	t.Cleanup(func() {
		endCalls()
		calls.Wait()
		if n := server.Counts(); n != (signaling.Counts{}) {
			t.Errorf("after the end: %+v", n)
		}
		endMedia()
		forwarding.Wait()
		web.Close()
	})
	waitUntilServed(t, web.URL)
	return &service{t: t, tickets: tickets, url: "ws" + strings.TrimPrefix(web.URL, "http")}
}

// caller is a person with a page: a websocket and a PeerConnection.
type caller struct {
	s       *service
	seat    signaling.Seat
	ws      *websocket.Conn
	media   *sfutest.Page
	camera  *sfutest.Camera
	welcome protocol.Welcome
	lines   []protocol.Line // the latest that the page was told
}

// comes opens a page for a seat, and a websocket with a hello on it.
func (s *service) comes(seat signaling.Seat, mark uint32) *caller {
	s.t.Helper()
	c := &caller{s: s, seat: seat}
	c.newMedia(mark)
	c.hello(protocol.Hello{Ticket: s.tickets.ticket(seat), Offer: c.media.Offer(), Media: on})
	return c
}

// newMedia is a fresh PeerConnection, whose camera's picture shows the mark.
func (c *caller) newMedia(mark uint32) {
	c.s.t.Helper()
	c.media = sfutest.NewPage(c.s.t, sfutest.PageConfig{})
	c.camera = &sfutest.Camera{Mark: mark, Width: 640, Height: 360}
}

func (c *caller) hello(h protocol.Hello) {
	c.s.t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(c.s.url, nil)
	if err != nil {
		c.s.t.Fatal(err)
	}
	c.s.t.Cleanup(func() { ws.Close() })
	c.ws = ws
	h.Version = protocol.Version
	c.say(h)
	c.welcome = told[protocol.Welcome](c)
	c.lines = c.welcome.Room.Lines
	if h.Offer != "" {
		c.media.Answer(c.welcome.Answer)
		ctx, cancel := context.WithTimeout(c.s.t.Context(), 10*time.Second)
		defer cancel()
		c.media.Connected(ctx)
	}
}

func (c *caller) say(m protocol.ClientMessage) {
	c.s.t.Helper()
	data, err := protocol.Encode(m)
	if err != nil {
		c.s.t.Fatal(err)
	}
	if err := c.ws.WriteMessage(websocket.TextMessage, data); err != nil {
		c.s.t.Fatalf("%s: %v", c.seat.Participant, err)
	}
}

// told reads until a message of its type comes, and notes lines on the way.
func told[M protocol.ServerMessage](c *caller) M {
	c.s.t.Helper()
	var want M
	return toldThat(c, want.Type(), func(M) bool { return true })
}

func toldThat[M protocol.ServerMessage](c *caller, what string, ok func(M) bool) M {
	c.s.t.Helper()
	_ = c.ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			c.s.t.Fatalf("%s was never told: %s (%v)", c.seat.Participant, what, err)
		}
		msg, err := protocol.DecodeServer(data)
		if err != nil {
			c.s.t.Fatal(err)
		}
		if l, is := msg.(protocol.Lines); is {
			c.lines = l.Lines
		}
		if m, is := msg.(M); is && ok(m) {
			return m
		}
	}
}

// lineOf waits until the page is told on which line another's camera is.
func (c *caller) lineOf(other *caller) string {
	c.s.t.Helper()
	find := func(lines []protocol.Line) string {
		for _, l := range lines {
			if l.Participant == other.seat.Participant && l.Source == protocol.Camera {
				return l.MID
			}
		}
		return ""
	}
	if find(c.lines) == "" {
		toldThat(c, "the line of "+other.seat.Participant, func(l protocol.Lines) bool { return find(l.Lines) != "" })
	}
	return find(c.lines)
}

// sees waits until the other's picture, as it is from now on, has come on their line.
func (c *caller) sees(other *caller) {
	c.s.t.Helper()
	mid := c.lineOf(other)
	before := c.frames(mid)
	c.media.Until(c.seat.Participant+" sees "+other.seat.Participant, func(v sfutest.View) bool {
		seen := v.Line(mid).Video
		return slices.ContainsFunc(seen[min(before, len(seen)):], func(p sfutest.Seen) bool { return p.Mark == other.camera.Mark })
	})
}

// frames counts the packets that have come on a line.
func (c *caller) frames(mid string) (n int) {
	c.media.Look(func(v sfutest.View) { n = len(v.Line(mid).Video) })
	return n
}

// films sends pictures until the test ends or the page is closed, keyframes when asked.
func (c *caller) films() {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	media, camera := c.media, c.camera
	wg.Go(func() { // ends with stop, before the page is closed
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for n, answered := 0, 0; ; n++ {
			asked := 0
			media.Look(func(v sfutest.View) { asked = v.KeyframeRequests(media.SSRC(1, 0)) })
			for _, pkt := range camera.Frame(n == 0 || asked > answered) {
				if media.Film(0, pkt) != nil {
					return
				}
			}
			answered = asked
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	})
	c.s.t.Cleanup(func() { close(stop); wg.Wait() })
}

func TestAPatientIsLetInAndAllSeeEachOther(t *testing.T) {
	s := newService(t)
	doctor, nurse, patient := s.comes(tuva, 1), s.comes(mari, 2), s.comes(olav, 3)
	for _, c := range []*caller{doctor, nurse, patient} {
		c.films()
	}
	doctor.sees(nurse)
	nurse.sees(doctor)

	// In the waiting room the transport is up and nothing is forwarded.
	if patient.welcome.Presence != protocol.Waiting || len(patient.lines) > 0 {
		t.Errorf("the patient is %s with lines %v", patient.welcome.Presence, patient.lines)
	}
	doctor.say(protocol.Watch{Picture: &protocol.Picture{Participant: "mari", Source: protocol.Camera}})
	toldThat(nurse, "what the doctor watches", func(u protocol.Updated) bool { return u.Participant.Watching != nil })
	patient.media.Look(func(v sfutest.View) {
		for _, mid := range []string{"3", "4", "5", "6", "7"} {
			if l := v.Line(mid); len(l.Video)+len(l.Audio) > 0 {
				t.Errorf("something came on line %s in the waiting room", mid)
			}
		}
	})

	nurse.say(protocol.Admit{Participant: "olav"})
	admitted := told[protocol.Admitted](patient)
	patient.lines = admitted.Room.Lines
	for _, c := range []*caller{doctor, nurse, patient} {
		for _, other := range []*caller{doctor, nurse, patient} {
			if c != other {
				c.sees(other)
			}
		}
	}

	// One leaves, and their lines go.
	nurse.say(protocol.Leave{})
	equal(t, "left", told[protocol.Left](patient).Participant, "mari")
	gone := func(lines []protocol.Line) bool {
		return !slices.ContainsFunc(lines, func(l protocol.Line) bool { return l.Participant == "mari" })
	}
	if !gone(patient.lines) {
		toldThat(patient, "lines without mari", func(l protocol.Lines) bool { return gone(l.Lines) })
	}
	patient.sees(doctor)
}

func TestPicturesGoOnWhileTheWebsocketIsLostAndAfterAResume(t *testing.T) {
	s := newService(t)
	nurse, patient := s.comes(mari, 2), s.comes(olavAdmitted(), 3)
	nurse.films()
	patient.films()
	nurse.sees(patient)
	patient.sees(nurse)

	patient.ws.NetConn().Close()
	toldThat(nurse, "that the patient is away", func(u protocol.Updated) bool { return u.Participant.Presence == protocol.Away })
	nurse.sees(patient)
	patient.sees(nurse)

	patient.hello(protocol.Hello{Resume: &protocol.Resume{Token: patient.welcome.ResumeToken, Epoch: patient.welcome.Epoch}, Media: on})
	equal(t, "answer", patient.welcome.Answer, "")
	toldThat(nurse, "that the patient is back", func(u protocol.Updated) bool { return u.Participant.Presence == protocol.Here })
	nurse.sees(patient)
	patient.sees(nurse)
}

func TestSomeoneIsRecognisedByWhoeverGetsTheirPicture(t *testing.T) {
	s := newService(t)
	seat := olavAdmitted()
	seat.Recognise = true
	nurse, patient := s.comes(mari, 2), s.comes(seat, 3)
	patient.films()
	nurse.sees(patient)
	nurse.say(protocol.Confirm{Participant: "olav"})
	toldThat(nurse, "that the patient is recognised", func(u protocol.Updated) bool {
		return u.Participant.Identified == protocol.IdentifiedRecognised && u.Participant.Confirmed.By == mari.Name
	})
}

func TestAReloadedPageIsSeenOnTheSameLine(t *testing.T) {
	s := newService(t)
	nurse, patient := s.comes(mari, 2), s.comes(olavAdmitted(), 3)
	nurse.films()
	patient.films()
	nurse.sees(patient)
	line := nurse.lineOf(patient)

	old := patient.media
	patient.ws.Close()
	old.Close()
	patient.newMedia(33)
	patient.hello(protocol.Hello{
		Resume: &protocol.Resume{Token: patient.welcome.ResumeToken, Epoch: patient.welcome.Epoch},
		Offer:  patient.media.Offer(), Media: on,
	})
	patient.films()
	nurse.sees(patient)
	patient.sees(nurse)
	equal(t, "line", nurse.lineOf(patient), line)
}

func TestMediaThatDiesIsAskedForAnew(t *testing.T) {
	s := newService(t)
	patient := s.comes(olavAdmitted(), 3)
	patient.ws.Close()
	s.comes(mari, 2) // and the service goes on
	patient.media.Close()

	// The page is back before or after the service has noticed; both times it gets in.
	patient.newMedia(34)
	patient.hello(protocol.Hello{
		Resume: &protocol.Resume{Token: patient.welcome.ResumeToken, Epoch: patient.welcome.Epoch},
		Offer:  patient.media.Offer(), Media: on,
	})
	equal(t, "presence", patient.welcome.Presence, protocol.Here)
}

func TestBrokenSDPIsRefusedAndTheOthersGoOn(t *testing.T) {
	s := newService(t)
	nurse, patient := s.comes(mari, 2), s.comes(olavAdmitted(), 3)
	nurse.films()
	patient.films()
	for _, sdp := range []string{"v=0", "\x00", strings.Repeat("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", 4000), "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"} {
		ws, _, err := websocket.DefaultDialer.Dial(s.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		c := &caller{s: s, seat: tuva, ws: ws}
		c.say(protocol.Hello{Version: protocol.Version, Ticket: s.tickets.ticket(tuva), Offer: sdp, Media: on})
		e := told[protocol.Error](c)
		if e.Code != protocol.CodeOffer || e.Field != "offer" || !e.Fatal {
			t.Errorf("offer %.20q: %+v", sdp, e)
		}
		_ = ws.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, _, err := ws.ReadMessage(); !websocket.IsCloseError(err, protocol.CloseProtocol) {
			t.Errorf("offer %.20q: ended with %v", sdp, err)
		}
		ws.Close()
	}
	nurse.sees(patient)
	patient.sees(nurse)
}

func TestAWishForALineThatIsNotThereIsRefused(t *testing.T) {
	s := newService(t)
	nurse := s.comes(mari, 2)
	nurse.say(protocol.Want{Lines: []protocol.LineWish{{MID: "0", Visible: true}}}) // the microphone
	e := told[protocol.Error](nurse)
	equal(t, "code", e.Code, protocol.CodeNotFound)
	equal(t, "field", e.Field, "lines")
}
