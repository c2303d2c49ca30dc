package sfu_test

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"github.com/pion/rtp"
	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/sfu/sfutest"
)

// more waits until m has seen n packets more of other's camera than it has now.
func (m *member) more(other *member, n int) {
	m.t.Helper()
	mid := m.lineOf(other, sfu.Camera)
	before := -1
	m.page.Until(fmt.Sprintf("%d packets more", n), func(v sfutest.View) bool {
		seen := len(v.Line(mid).Video)
		if before < 0 {
			before = seen
		}
		return seen >= before+n
	})
}

func TestAPageWhoseAddressChangesIsFollowed(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	relay := sfutest.NewRelay(t, net.UDPAddrFromAddrPort(c.srv.UDPAddr()))
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{Relay: relay})
	filming(t, nurse, specialist)
	specialist.sees(nurse)
	nurse.sees(specialist)
	for range 2 {
		relay.Move()
		specialist.more(nurse, 60)
		nurse.more(specialist, 60)
	}
	specialist.mu.Lock()
	defer specialist.mu.Unlock()
	if slices.ContainsFunc(specialist.events, func(ev sfu.Event) bool { _, lost := ev.(sfu.Disconnected); return lost }) {
		t.Error("a change of address was told as a loss of connection")
	}
}

func TestAServerWithIPv6OnlyCarriesACall(t *testing.T) {
	probe, err := net.ListenUDP("udp6", &net.UDPAddr{IP: net.IPv6loopback})
	if err != nil {
		t.Skip("this machine has no IPv6: ", err)
	}
	probe.Close()
	c := &call{t: t, srv: startServer(t, sfu.Config{UDP: netip.MustParseAddrPort("[::1]:0")}), parts: map[sfu.ParticipantID]*member{}}
	c.room = c.srv.NewRoom("r")
	from := func() sfutest.PageConfig { // the pages' engine makes no candidate of ::1
		return sfutest.PageConfig{Relay: sfutest.NewRelay(t, net.UDPAddrFromAddrPort(c.srv.UDPAddr()))}
	}
	nurse := c.join("nurse", 2, true, from())
	specialist := c.join("specialist", 1, true, from())
	filming(t, nurse, specialist)
	specialist.sees(nurse)
	nurse.sees(specialist)
}

func TestAPageReloadsWhileTheOthersFilm(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	patient := c.join("patient", 3, true, sfutest.PageConfig{})
	filming(t, nurse, specialist, patient)
	specialist.sees(nurse)
	lines := specialist.p.Lines()
	for mark := uint32(21); mark < 24; mark++ {
		again := c.join("nurse", mark, true, sfutest.PageConfig{}) // the old page goes on filming, to nobody
		filming(t, again)
		for _, other := range []*member{specialist, patient} {
			other.sees(again)
			again.sees(other)
			again.hears(other)
			other.hears(again)
		}
	}
	specialist.more(patient, 30)
	if now := specialist.p.Lines(); !slices.Equal(now, lines) {
		t.Errorf("lines were %v and are %v", lines, now)
	}
}

// hears waits until sound of other has come on its line.
func (m *member) hears(other *member) {
	m.t.Helper()
	mid := m.lineOf(other, sfu.Microphone)
	m.page.Until(string(m.id)+" hears "+string(other.id), func(v sfutest.View) bool {
		return slices.ContainsFunc(v.Line(mid).Audio, func(pkt *rtp.Packet) bool {
			return len(pkt.Payload) == 2 && pkt.Payload[1] == byte(other.mark)
		})
	})
}

func TestEightInARoomSeeAndHearEachOther(t *testing.T) {
	c := newCall(t)
	var all []*member
	for i := range sfu.MaxParticipants {
		all = append(all, c.join(sfu.ParticipantID('a'+rune(i)), uint32(i+1), true, sfutest.PageConfig{Others: 7}))
	}
	for _, m := range all {
		m.every = 50 // one packet in 50 ms of each: 8 × 7 × 80 a second go out
	}
	filming(t, all...)
	for _, m := range all {
		for _, other := range all {
			if m != other {
				m.sees(other)
				m.hears(other)
			}
		}
	}
}

func TestAPageWithFewerLinesThanOthersSeesWhomItCanAndTheNextWhenOneLeaves(t *testing.T) {
	c := newCall(t)
	small := c.join("small", 1, true, sfutest.PageConfig{Others: 1})
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	patient := c.join("patient", 3, true, sfutest.PageConfig{})
	filming(t, small, nurse, patient)
	small.sees(nurse)
	nurse.sees(small)
	patient.sees(small)
	if slices.ContainsFunc(small.p.Lines(), func(l sfu.Line) bool { return l.Participant == "patient" }) {
		t.Error("a page with lines for one other has lines for two")
	}
	nurse.p.Close()
	small.sees(patient)
}

func TestTwoJoinsOfOnePersonAtOnceLeaveOneConnection(t *testing.T) {
	srv := startServer(t, sfu.Config{})
	room := srv.NewRoom("r")
	page := sfutest.NewPage(t, sfutest.PageConfig{})
	offer := page.Offer()
	for range 20 {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, _, err := room.Join(t.Context(), sfu.JoinConfig{ID: "nurse", Offer: offer, Admitted: true}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := srv.Stats().Participants; n != 1 {
			t.Fatalf("%d connections of one person", n)
		}
	}
}

func TestNothingIsSentToAPageThatHasGone(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	nurse.frame(0, true)
	specialist.sees(nurse)
	specialist.page.Close() // the tab; the call keeps the seat for one who comes back
	specialist.until("that the page has gone", func(ev sfu.Event) bool { _, ok := ev.(sfu.Failed); return ok })
	if n := c.srv.Stats().Participants; n != 1 {
		t.Errorf("%d transports answer checks, of one page that is there", n)
	}
	before := c.srv.Stats()
	for range 20 {
		nurse.frame(0, false)
	}
	c.join("patient", 3, false, sfutest.PageConfig{}) // waits outside, and came after the frames: they are through
	if after := c.srv.Stats(); after.PacketsIn == before.PacketsIn || after.PacketsOut != before.PacketsOut {
		t.Errorf("%d packets came and %d went out", after.PacketsIn-before.PacketsIn, after.PacketsOut-before.PacketsOut)
	}
}

func TestWhoComesInIsToldWhoSpeaks(t *testing.T) {
	c := newCall(t)
	nurse := c.join("nurse", 2, true, sfutest.PageConfig{})
	filming(t, nurse)
	speaks := func(ev sfu.Event) bool {
		s, ok := ev.(sfu.Speaking)
		return ok && slices.Equal(s.Participants, []sfu.ParticipantID{"nurse"})
	}
	nurse.until("that she speaks", speaks)
	specialist := c.join("specialist", 1, true, sfutest.PageConfig{})
	specialist.until("that the nurse speaks, as she has for long", speaks)
}
