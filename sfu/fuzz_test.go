package sfu

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pion/sdp/v3"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

// offerOf is a real browser's.
func offerOf(t testing.TB, browser string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "offers", browser+".sdp"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n", "\r\n")
}

// offers are those of real browsers and of broken ones.
func offers(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/offers/*.sdp")
	if err != nil || len(names) == 0 {
		t.Fatalf("no offers in testdata: %v", err)
	}
	var out []string
	for _, n := range names {
		out = append(out, offerOf(t, strings.TrimSuffix(filepath.Base(n), ".sdp")))
	}
	return out
}

func FuzzOffer(f *testing.F) {
	for _, o := range offers(f) {
		f.Add(o)
	}
	f.Add("")
	f.Add("v=0\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		prefer, _ := codecs(nil)
		o, err := parseOffer(text, prefer)
		if err != nil {
			return
		}
		answer := o.answer(answerConfig{ufrag: "u", pwd: "p", fingerprint: "00"})
		var s sdp.SessionDescription
		if err := s.UnmarshalString(answer); err != nil {
			t.Fatalf("our answer can't be read: %v\n%s", err, answer)
		}
		if len(s.MediaDescriptions) != len(o.lines) {
			t.Fatalf("%d lines answered with %d", len(o.lines), len(s.MediaDescriptions)) // RFC 3264 §6
		}
	})
}

// FuzzMedia feeds a participant whose handshake is done with whatever a page could encrypt.
func FuzzMedia(f *testing.F) {
	f.Add([]byte{0x80, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7, 0x10, 0, 0, 0})
	f.Add([]byte{0x90, 97, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 0xbe, 0xde, 0, 1, 0x10, '1', 0, 0, 0, 1})
	f.Add([]byte{0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 7})
	f.Add([]byte{0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 7, 0, 1, 0xff, 0xff})
	f.Add([]byte{0x80, 200, 0, 6, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	srv, err := Listen(Config{Readers: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(srv.closeSockets)
	offer := offers(f)[0]
	f.Fuzz(func(t *testing.T, data []byte) {
		room := srv.NewRoom("fuzz")
		o, err := parseOffer(offer, srv.prefer)
		if err != nil {
			t.Fatal(err)
		}
		a := newParticipant(room, JoinConfig{ID: "a", Admitted: true}, o)
		b := newParticipant(room, JoinConfig{ID: "b", Admitted: true}, o)
		room.members["a"], room.members["b"] = a, b
		room.order = []ParticipantID{"a", "b"}
		out := srv.outbox()
		defer srv.flush(out)
		room.assign(out)
		for _, dt := range b.tracks {
			dt.start(out)
		}
		for len(data) > 0 { // pieces, each a length and so many bytes
			n := min(int(data[0]), len(data)-1)
			piece := data[1 : 1+n]
			data = data[1+n:]
			out.now += 5_000_000
			if len(piece) > 1 && piece[1] >= 192 && piece[1] <= 223 {
				a.rtcp(piece, out)
				b.rtcp(piece, out)
			} else {
				a.rtp(piece, out)
			}
			a.allocate(out, forward.Time(out.now))
			b.allocate(out, forward.Time(out.now))
			a.requestLost(out)
			a.sendReports(out)
			b.sendReports(out)
		}
		if len(a.streams) > 2*7 { // of each layer that the offer names, and what repairs it
			t.Fatalf("%d streams are remembered of one page", len(a.streams))
		}
		room.members = map[ParticipantID]*Participant{}
		room.Close()
	})
}

func FuzzCheck(f *testing.F) {
	srv, err := Listen(Config{Readers: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(srv.closeSockets)
	f.Add([]byte{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	f.Fuzz(func(t *testing.T, data []byte) {
		if srv.answerCheck(data, srv.UDPAddr()) != nil {
			t.Fatal("a check without a password of ours was answered")
		}
	})
}
