package sfu

import (
	"os"
	"testing"

	"github.com/samkonsult/samkonsult/sfu/forward"
)

// page is a participant with a recorded offer of a real browser; nothing of it runs.
func page(t *testing.T, room *Room, id ParticipantID, file string) *Participant {
	t.Helper()
	text, err := os.ReadFile("testdata/offers/" + file)
	if err != nil {
		t.Fatal(err)
	}
	o, err := parseOffer(string(text), room.srv.prefer)
	if err != nil {
		t.Fatal(err)
	}
	return newParticipant(room, JoinConfig{ID: id, Admitted: true}, o)
}

func TestACodecIsSentOnlyWhereEveryonePresentDecodesIt(t *testing.T) {
	for _, tc := range []struct {
		why    string
		prefer []string
		others []string // offers of those present beside a Chromium that sends
		want   forward.Codec
	}{
		{"VP8 unless something else is preferred", nil, []string{"chromium.sdp"}, forward.VP8},
		{"H264 is preferred, and everyone has it", []string{"H264", "VP8"}, []string{"chromium.sdp"}, forward.H264},
		{"Firefox on Linux has no H264", []string{"H264", "VP8"}, []string{"chromium.sdp", "firefox.sdp"}, forward.VP8},
		{"VP9 is preferred, and both engines have it", []string{"VP9", "VP8"}, []string{"firefox.sdp"}, forward.VP9},
	} {
		t.Run(tc.why, func(t *testing.T) {
			srv, err := Listen(Config{Readers: 1, Codecs: tc.prefer})
			if err != nil {
				t.Fatal(err)
			}
			defer srv.closeSockets()
			room := srv.NewRoom("r")
			sender := page(t, room, "sender", "chromium.sdp")
			members := []*Participant{sender}
			for i, file := range tc.others {
				members = append(members, page(t, room, ParticipantID(rune('a'+i)), file))
			}
			if got := sender.commonCodec(sender.pubs[Camera], members); got != tc.want {
				t.Errorf("%v is sent, and not %v", got, tc.want)
			}
		})
	}
}
