package sfu

import (
	"slices"
	"strings"
	"testing"

	"github.com/pion/sdp/v3"
)

// exchange is the answer to an offer, and both read line by line.
func exchange(t *testing.T, offer string) (offered, answered *sdp.SessionDescription) {
	t.Helper()
	prefer, _ := codecs(nil)
	o, err := parseOffer(offer, prefer)
	if err != nil {
		t.Fatal(err)
	}
	offered, answered = &sdp.SessionDescription{}, &sdp.SessionDescription{}
	if err := offered.UnmarshalString(offer); err != nil {
		t.Fatal(err)
	}
	if err := answered.UnmarshalString(o.answer(answerConfig{ufrag: "u", pwd: "p", fingerprint: "00"})); err != nil {
		t.Fatal(err)
	}
	return offered, answered
}

func values(m *sdp.MediaDescription, key string) []string {
	var out []string
	for _, a := range m.Attributes {
		if a.Key == key {
			out = append(out, a.Value)
		}
	}
	return out
}

// TestAnAnswerPromisesNothingThatWasNotOffered goes by the rules of RFC 3264 §6, RFC 4585
// §4.2 and RFC 8285 §6, for the offers of real browsers.
func TestAnAnswerPromisesNothingThatWasNotOffered(t *testing.T) {
	for _, browser := range []string{"chromium", "firefox"} {
		offered, answered := exchange(t, offerOf(t, browser))
		if len(offered.MediaDescriptions) != len(answered.MediaDescriptions) {
			t.Fatalf("%s: %d lines answered with %d", browser, len(offered.MediaDescriptions), len(answered.MediaDescriptions))
		}
		for i, a := range answered.MediaDescriptions {
			o := offered.MediaDescriptions[i]
			if a.MediaName.Media != o.MediaName.Media || !slices.Equal(a.MediaName.Protos, o.MediaName.Protos) {
				t.Errorf("%s line %d: %s answers %s", browser, i, a.MediaName.String(), o.MediaName.String())
			}
			for _, f := range a.MediaName.Formats {
				if !slices.Contains(o.MediaName.Formats, f) {
					t.Errorf("%s line %d: format %s was not offered", browser, i, f)
				}
			}
			for _, fb := range values(a, "rtcp-fb") {
				if !slices.Contains(values(o, "rtcp-fb"), fb) {
					t.Errorf("%s line %d: feedback %q was not offered", browser, i, fb)
				}
			}
			for _, e := range values(a, "extmap") {
				id, uri, _ := strings.Cut(e, " ")
				if !slices.ContainsFunc(values(o, "extmap"), func(v string) bool {
					was, rest, _ := strings.Cut(v, " ")
					was, _, _ = strings.Cut(was, "/")
					return was == id && rest == uri
				}) {
					t.Errorf("%s line %d: extension %q was not offered", browser, i, e)
				}
			}
		}
	}
}

func TestFeedbackOfAllPayloadTypesIsTakenAsOfEach(t *testing.T) {
	offer := offerOf(t, "firefox")
	var lines []string
	for l := range strings.SplitSeq(offer, "\r\n") {
		if strings.HasPrefix(l, "a=rtcp-fb:120 ") {
			l = strings.Replace(l, ":120 ", ":* ", 1)
		} else if strings.HasPrefix(l, "a=rtcp-fb:") {
			continue
		}
		lines = append(lines, l)
	}
	_, answered := exchange(t, strings.Join(lines, "\r\n"))
	fb := values(answered.MediaDescriptions[1], "rtcp-fb")
	if !slices.Contains(fb, "120 nack pli") || !slices.Contains(fb, "120 transport-cc") {
		t.Errorf("the camera's line is answered with %v", fb)
	}
}

func TestALineOfDataIsRefusedInItsOwnTerms(t *testing.T) {
	offer := offerOf(t, "chromium")
	offer = strings.Replace(offer, "a=group:BUNDLE ", "a=group:BUNDLE data ", 1) +
		"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:data\r\na=sctp-port:5000\r\n"
	_, answered := exchange(t, offer)
	last := answered.MediaDescriptions[len(answered.MediaDescriptions)-1].MediaName
	if last.String() != "application 0 UDP/DTLS/SCTP webrtc-datachannel" {
		t.Errorf("answered with m=%s", last.String())
	}
}
