package sfu_test

import (
	"errors"
	"net"
	"slices"
	"testing"

	"github.com/pion/rtcp"
	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/sfu/sfutest"
)

func TestNothingIsForwardedEitherWayInTheWaitingRoom(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	patient := c.join("patient", 3, false, sfutest.PageConfig{})
	filming(t, nurse, specialist, patient)
	specialist.sees(nurse) // media flows among those who are in
	if lines := patient.p.Lines(); len(lines) != 0 {
		t.Errorf("the one who waits has lines: %v", lines)
	}
	for _, l := range nurse.p.Lines() {
		if l.Participant == "patient" {
			t.Errorf("the one who waits is on a line of the nurse")
		}
	}
	patient.page.Look(func(v sfutest.View) {
		for _, mid := range []string{"3", "4", "5", "6", "7"} {
			if r := v.Line(mid); len(r.Video)+len(r.Audio) > 0 {
				t.Errorf("media reached the waiting room on line %s", mid)
			}
		}
	})
	admit(t, patient)
	patient.sees(nurse)
	nurse.sees(patient)
}

func TestTheFirstPictureOfANewcomerComesFromTheCache(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	patient := c.join("patient", 3, false, sfutest.PageConfig{})
	nurse.frame(0, true)
	nurse.frame(0, false)
	nurse.frame(0, false)
	mid := specialist.lineOf(nurse, sfu.Camera)
	specialist.page.Until("three pictures", func(v sfutest.View) bool { return whole(v.Line(mid).Video) == 3 })
	// From here the camera sends nothing: what the patient sees can only be the cache's.
	admit(t, patient)
	mid = patient.lineOf(nurse, sfu.Camera)
	patient.page.Until("the cached group of pictures", func(v sfutest.View) bool {
		seen := v.Line(mid).Video
		return whole(seen) == 3 && seen[0].Keyframe
	})
	nurse.frame(0, false)
	patient.page.Until("the live picture after them", func(v sfutest.View) bool { return whole(v.Line(mid).Video) == 4 })
	patient.page.Look(func(v sfutest.View) { continuous(t, v.Line(mid).Video) })
}

// whole counts the frames of which all packets have come.
func whole(seen []sfutest.Seen) int {
	parts := map[uint32]int{}
	n := 0
	for _, s := range seen {
		if parts[s.Frame]++; parts[s.Frame] == 3 {
			n++
		}
	}
	return n
}

// continuous fails unless the line is what one sender without a restart would have sent.
func continuous(t *testing.T, seen []sfutest.Seen) {
	t.Helper()
	seen = slices.Clone(seen)
	slices.SortFunc(seen, func(a, b sfutest.Seen) int { return int(int16(a.Sequence - b.Sequence)) })
	for i, s := range seen[1:] {
		was := seen[i]
		if s.Sequence != was.Sequence+1 {
			t.Errorf("sequence number %d follows %d", s.Sequence, was.Sequence)
		}
		if d := int32(s.Timestamp - was.Timestamp); d < 0 || d > 10*90000 {
			t.Errorf("timestamp %d follows %d", s.Timestamp, was.Timestamp)
		}
		if want := was.PictureID; s.Start {
			want = (want + 1) & 0x7fff
			if s.PictureID != want {
				t.Errorf("picture id %d follows %d", s.PictureID, was.PictureID)
			}
		} else if s.PictureID != want {
			t.Errorf("picture id changes from %d to %d within a frame", want, s.PictureID)
		}
	}
}

func TestLayersSwitchOnKeyframesAndTheLineStaysContinuous(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{Simulcast: []string{"q", "h", "f"}})
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	mid := specialist.lineOf(nurse, sfu.Camera)
	filming(t, nurse)
	keyOf := func(width int) func(v sfutest.View) bool {
		return func(v sfutest.View) bool {
			seen := v.Line(mid).Video
			return slices.ContainsFunc(seen[max(0, len(seen)-30):], func(s sfutest.Seen) bool { return s.Keyframe && widthOf(s) == width })
		}
	}
	for _, step := range []struct{ wish, layer int }{{320, 320}, {1280, 1280}, {320, 320}, {640, 640}} {
		wish := sfu.Wish{MID: mid, Visible: true, Width: step.wish, Height: step.wish * 9 / 16, Chosen: true}
		if err := specialist.p.Want([]sfu.Wish{wish}); err != nil {
			t.Fatal(err)
		}
		specialist.page.Until("the layer of the wished size", keyOf(step.layer))
	}
	specialist.page.Look(func(v sfutest.View) { continuous(t, v.Line(mid).Video) })
}

// widthOf reads the size that a Camera wrote into a keyframe.
func widthOf(s sfutest.Seen) int {
	b := s.RawPayload[5:]
	return int(b[6]) | int(b[7])<<8
}

func TestUnusedLayersAreSwitchedOffAtThePublisher(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{Simulcast: []string{"q", "h", "f"}})
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	mid := specialist.lineOf(nurse, sfu.Camera)
	filming(t, nurse)
	told := func(ok func(rids []string) bool) func(sfu.Event) bool {
		return func(ev sfu.Event) bool {
			s, is := ev.(sfu.SendChanged)
			return is && s.Source == sfu.Camera && s.Codec == "VP8" && ok(s.RIDs)
		}
	}
	// Until a smaller one is wished, the picture is as large as there is.
	nurse.until("that the largest layer is of use", told(func(rids []string) bool { return slices.Contains(rids, "f") }))
	nurse.forget()
	if err := specialist.p.Want([]sfu.Wish{{MID: mid, Visible: true, Width: 200, Height: 112}}); err != nil {
		t.Fatal(err)
	}
	nurse.until("that only the smallest layer is of use", told(func(rids []string) bool { return slices.Equal(rids, []string{"q"}) }))
}

func TestAPictureThatNobodySeesIsNotSent(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	patient := c.join("patient", 3, true, sfutest.PageConfig{})
	if err := specialist.p.Want([]sfu.Wish{{MID: specialist.lineOf(nurse, sfu.Camera)}}); err != nil {
		t.Fatal(err)
	}
	filming(t, nurse, patient)
	patient.sees(nurse)
	specialist.sees(patient)
	mid := specialist.lineOf(nurse, sfu.Camera)
	var before int
	specialist.page.Look(func(v sfutest.View) { before = len(v.Line(mid).Video) })
	seenOf := func(v sfutest.View) int { return len(v.Line(specialist.lineOf(patient, sfu.Camera)).Video) }
	var at int
	specialist.page.Look(func(v sfutest.View) { at = seenOf(v) })
	specialist.page.Until("more of the patient", func(v sfutest.View) bool { return seenOf(v) > at+60 })
	specialist.page.Look(func(v sfutest.View) {
		if n := len(v.Line(mid).Video); n > before {
			t.Errorf("%d packets came on a line that is not shown", n-before)
		}
	})
}

func TestASecondPictureHasALineOnlyWhileItIsOn(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	onLine := func(ev sfu.Event) bool {
		l, ok := ev.(sfu.LinesChanged)
		return ok && slices.ContainsFunc(l.Lines, func(l sfu.Line) bool { return l.Source == sfu.Second && l.Participant == "nurse" })
	}
	nurse.p.Publish(sfu.Second, true)
	specialist.until("where the second picture is", onLine)
	mid := specialist.lineOf(nurse, sfu.Second)
	wound := &sfutest.Camera{Mark: 77, Width: 1280, Height: 720}
	send := func(keyframe bool) {
		for _, pkt := range wound.Frame(keyframe) {
			if err := nurse.page.Second.WriteRTP(pkt); err != nil {
				t.Fatal(err)
			}
		}
	}
	send(true)
	specialist.page.Until("the wound", func(v sfutest.View) bool {
		return slices.ContainsFunc(v.Line(mid).Video, func(s sfutest.Seen) bool { return s.Mark == 77 })
	})
	nurse.p.Publish(sfu.Second, false)
	if lines := specialist.p.Lines(); slices.ContainsFunc(lines, func(l sfu.Line) bool { return l.Source == sfu.Second }) {
		t.Errorf("a second picture that is off has a line: %v", lines)
	}
}

func TestAPageThatComesBackTakesItsLinesOverAgain(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	nurse.frame(0, true)
	specialist.sees(nurse)
	before := specialist.p.Lines()
	again := c.join("nurse", 22, true, sfutest.PageConfig{}) // the reloaded page
	if now := specialist.p.Lines(); !slices.Equal(now, before) {
		t.Errorf("lines were %v and are %v", before, now)
	}
	if nurse.p.Alive() {
		t.Error("the old connection lives on")
	}
	filming(t, again)
	specialist.sees(again)
	mid := specialist.lineOf(again, sfu.Camera)
	specialist.page.Look(func(v sfutest.View) { continuous(t, v.Line(mid).Video) })
	nurse.p.Close() // late, by whom the old one belonged to: the new one stays
	if now := specialist.p.Lines(); !slices.Equal(now, before) {
		t.Errorf("closing the old connection moved lines: %v", now)
	}
}

func TestWhatIsLostOnTheWayToAPageIsSentAgainOutOfTheCache(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	relay := sfutest.NewRelay(t, net.UDPAddrFromAddrPort(c.srv.UDPAddr()))
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{Relay: relay})
	mid := specialist.lineOf(nurse, sfu.Camera)
	n := 0
	relay.Down(func(pkt []byte) int {
		if sfutest.Media(pkt) {
			if n++; n == 5 { // the middle of the second frame
				return 0
			}
		}
		return 1
	})
	nurse.frame(0, true)
	nurse.frame(0, false)
	nurse.frame(0, false)
	var gap uint16
	var ssrc uint32
	specialist.page.Until("all but one packet", func(v sfutest.View) bool { return len(v.Line(mid).Video) == 8 })
	specialist.page.Look(func(v sfutest.View) {
		seen := v.Line(mid).Video
		for i := 1; i < len(seen); i++ {
			if seen[i].Sequence == seen[i-1].Sequence+2 {
				gap = seen[i].Sequence - 1
			}
		}
		ssrc = v.SSRC(mid)
	})
	specialist.page.WriteRTCP(&rtcp.TransportLayerNack{MediaSSRC: ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers([]uint16{gap})})
	specialist.page.Until("the lost packet", func(v sfutest.View) bool {
		if len(v.Line(mid).Video) < 12 {
			nurse.frame(0, false) // pion hands repaired packets out only behind ordinary ones
		}
		return slices.ContainsFunc(v.Line(mid).Video, func(s sfutest.Seen) bool { return s.Sequence == gap })
	})
	specialist.page.Look(func(v sfutest.View) {
		if whole(v.Line(mid).Video) < 3 {
			t.Error("the packet that was sent again is not the one that was lost")
		}
		continuous(t, v.Line(mid).Video)
	})
}

func TestWhatIsLostOnTheWayFromAPageIsAskedForAgain(t *testing.T) {
	c := newCall(t)
	relay := sfutest.NewRelay(t, net.UDPAddrFromAddrPort(c.srv.UDPAddr()))
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{Relay: relay})
	n := 0
	relay.Up(func(pkt []byte) int {
		if sfutest.Media(pkt) {
			if n++; n == 5 {
				return 0
			}
		}
		return 1
	})
	nurse.frame(0, true)
	nurse.frame(0, false)
	nurse.frame(0, false)
	nurse.page.Until("a request for the lost packet", func(v sfutest.View) bool { return v.Nacked() > 0 })
}

func TestKeyframeRequestsAreThrottled(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	nurse.frame(0, true)
	specialist.sees(nurse)
	var ssrc uint32
	mid := specialist.lineOf(nurse, sfu.Camera)
	specialist.page.Look(func(v sfutest.View) { ssrc = v.SSRC(mid) })
	before := c.srv.Stats().KeyframeRequests
	for range 50 {
		specialist.page.WriteRTCP(&rtcp.PictureLossIndication{MediaSSRC: ssrc})
	}
	nurse.page.Until("a keyframe request", func(v sfutest.View) bool { return v.KeyframeRequests(nurse.page.SSRC(1, 0)) > 0 })
	if n := c.srv.Stats().KeyframeRequests - before; n > 10 {
		t.Errorf("50 requests of a page became %d", n)
	}
}

func TestWhoSpeaksIsTold(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	filming(t, nurse) // her packets carry the level of someone who speaks
	specialist.until("that the nurse speaks", func(ev sfu.Event) bool {
		s, ok := ev.(sfu.Speaking)
		return ok && slices.Equal(s.Participants, []sfu.ParticipantID{"nurse"})
	})
	nurse.p.Publish(sfu.Microphone, false)
	specialist.until("that nobody speaks", func(ev sfu.Event) bool {
		s, ok := ev.(sfu.Speaking)
		return ok && len(s.Participants) == 0
	})
}

// admit lets someone in.
func admit(t *testing.T, who *member) {
	t.Helper()
	if err := who.p.Admit(); err != nil {
		t.Fatal(err)
	}
}

func TestARoomHoldsEightAndNotNine(t *testing.T) {
	srv := startServer(t, sfu.Config{})
	room := srv.NewRoom("r")
	var last *sfu.Participant
	for i := range sfu.MaxParticipants {
		page := sfutest.NewPage(t, sfutest.PageConfig{Others: 7})
		var err error
		if last, _, err = room.Join(t.Context(), sfu.JoinConfig{ID: sfu.ParticipantID(rune('a' + i)), Offer: page.Offer(), Admitted: true}); err != nil {
			t.Fatal(err)
		}
	}
	offer := sfutest.NewPage(t, sfutest.PageConfig{}).Offer()
	if _, _, err := room.Join(t.Context(), sfu.JoinConfig{ID: "z", Offer: offer, Admitted: true}); !errors.Is(err, sfu.ErrRoomFull) {
		t.Errorf("the ninth was answered with %v", err)
	}
	waiting, _, err := room.Join(t.Context(), sfu.JoinConfig{ID: "z", Offer: offer})
	if err != nil {
		t.Fatal(err)
	}
	if err := waiting.Admit(); !errors.Is(err, sfu.ErrRoomFull) {
		t.Errorf("the ninth was let in: %v", err)
	}
	last.Close()
	if err := waiting.Admit(); err != nil {
		t.Errorf("when one has gone: %v", err)
	}
	if err := waiting.Admit(); err != nil {
		t.Errorf("again: %v", err)
	}
}

func TestAWishForALineThatIsNoneChangesNothing(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	for _, mid := range []string{"", "99", "0", "3"} { // unknown, sending, sound
		if err := nurse.p.Want([]sfu.Wish{{MID: mid}}); !errors.Is(err, sfu.ErrNoLine) {
			t.Errorf("mid %q: %v", mid, err)
		}
	}
}

func TestGarbageOnTheMediaPortDisturbsNobody(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	conn, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(c.srv.UDPAddr()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for i := range 3000 {
		b := make([]byte, i%1700)
		for j := range b {
			b[j] = byte(i * (j + 7))
		}
		if len(b) > 0 {
			b[0] = []byte{0, 1, 22, 23, 63, 128, 144, 191, 255}[i%9]
		}
		conn.Write(b) // the kernel may drop what is too much: that is no concern here
	}
	filming(t, nurse)
	specialist.sees(nurse)
}

func TestABrokenOfferIsRefusedWithItsRule(t *testing.T) {
	srv := startServer(t, sfu.Config{})
	room := srv.NewRoom("r")
	for _, offer := range []string{"", "v=0", "hello", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"} {
		if _, _, err := room.Join(t.Context(), sfu.JoinConfig{ID: "a", Offer: offer}); !errors.Is(err, sfu.ErrOffer) {
			t.Errorf("%q: %v", offer, err)
		}
	}
	if n := srv.Stats().Participants; n != 0 {
		t.Errorf("%d participants are left of refused offers", n)
	}
}
