package client

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/pion/ice/v4"
	"github.com/pion/sdp/v3"
)

// answer is what we need of the service's SDP.
type answer struct {
	ufrag, pwd  string
	fingerprint []byte // SHA-256
	active      bool   // the service opens DTLS, not we
	candidates  []ice.Candidate
	lines       []answered
}

// answered is one media line of the answer.
type answered struct {
	mid          string
	video, used  bool
	exts         map[string]uint8
	pt, rtx      uint8 // the payload type of our codec and of its retransmissions
	ssrc, repair uint32
}

func parseAnswer(text string) (*answer, error) {
	var s sdp.SessionDescription
	if err := s.UnmarshalString(text); err != nil {
		return nil, fmt.Errorf("answer: %w", err)
	}
	a := &answer{}
	attribute := func(m *sdp.MediaDescription, key string) string {
		if v, ok := m.Attribute(key); ok {
			return v
		}
		v, _ := s.Attribute(key) // RFC 8859: may stand in either place
		return v
	}
	for _, m := range s.MediaDescriptions {
		l := parseAnswered(m)
		a.lines = append(a.lines, l)
		if !l.used {
			continue
		}
		if a.ufrag == "" {
			a.ufrag, a.pwd = attribute(m, "ice-ufrag"), attribute(m, "ice-pwd")
			a.active = attribute(m, "setup") == "active"
			algorithm, value, _ := strings.Cut(attribute(m, "fingerprint"), " ")
			sum, err := hex.DecodeString(strings.ReplaceAll(value, ":", ""))
			if !strings.EqualFold(algorithm, "sha-256") || err != nil || len(sum) != 32 {
				return nil, errors.New("answer: no sha-256 fingerprint (RFC 8122)")
			}
			a.fingerprint = sum
		}
		for _, at := range m.Attributes {
			if at.Key != "candidate" {
				continue
			}
			// TCP and what we don't understand is left to clients that can use it.
			if c, err := ice.UnmarshalCandidate(at.Value); err == nil && c.NetworkType().IsUDP() {
				a.candidates = append(a.candidates, c)
			}
		}
	}
	switch {
	case a.ufrag == "" || a.pwd == "":
		return nil, errors.New("answer: no ICE credentials")
	case len(a.candidates) == 0:
		return nil, errors.New("answer: no UDP candidate")
	}
	return a, nil
}

func parseAnswered(m *sdp.MediaDescription) answered {
	l := answered{video: m.MediaName.Media == "video", used: m.MediaName.Port.Value != 0, exts: map[string]uint8{}}
	l.mid, _ = m.Attribute("mid")
	number := func(s string) uint32 {
		n, _ := strconv.ParseUint(s, 10, 32)
		return uint32(n)
	}
	for _, at := range m.Attributes {
		key, rest, _ := strings.Cut(at.Value, " ")
		switch at.Key {
		case "extmap":
			id, _, _ := strings.Cut(key, "/")
			l.exts[rest] = uint8(number(id))
		case "rtpmap":
			codec, _, _ := strings.Cut(strings.ToLower(rest), "/")
			switch {
			case codec == "opus" || codec == "vp8":
				l.pt = uint8(number(key))
			case codec == "rtx":
				l.rtx = uint8(number(key))
			}
		case "ssrc":
			if l.ssrc == 0 {
				l.ssrc = number(key)
			}
		case "ssrc-group":
			if f := strings.Fields(rest); key == "FID" && len(f) == 2 {
				l.ssrc, l.repair = number(f[0]), number(f[1])
			}
		}
	}
	return l
}

func (a *answer) line(mid string) *answered {
	for i := range a.lines {
		if a.lines[i].mid == mid && a.lines[i].used {
			return &a.lines[i]
		}
	}
	return nil
}

// received makes the lines on which the service sends.
func (a *answer) received() []*Line {
	var lines []*Line
	for i := range a.lines {
		l := &a.lines[i]
		if !l.used || l.ssrc == 0 {
			continue
		}
		rate := uint32(48000)
		if l.video {
			rate = 90000
		}
		r := NewLine(l.mid, l.video, l.ssrc, l.repair, rate)
		if l.rtx != 0 {
			r.Repairs[l.rtx] = l.pt
		}
		lines = append(lines, r)
	}
	return lines
}
