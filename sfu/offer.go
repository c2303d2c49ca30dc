package sfu

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

// maxLines bounds the media lines of an offer: 3 that send, and 7 sounds and 14 pictures of the others.
const maxLines = 3 + 3*(MaxParticipants-1)

// Header extensions that we take part in.
const (
	extMID       = "urn:ietf:params:rtp-hdrext:sdes:mid"                                       // RFC 9143
	extRID       = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"                             // RFC 8852
	extRepaired  = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"                    // RFC 8852
	extLevel     = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"                               // RFC 6464
	extSendTime  = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"                // draft-alvestrand-rmcat-remb
	extTransport = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01" // transport-wide sequence number
)

// offer is what we understood of a page's SDP offer.
type offer struct {
	ufrag, pwd  string
	fingerprint []byte // SHA-256 of the page's DTLS certificate
	lines       []line
}

// line is one media line of the offer, in the offer's order.
type line struct {
	mid    string
	kind   string // "audio" or "video"
	refuse string // of a line that is refused: protocol and formats, as offered
	sends  bool   // the browser sends on it
	used   bool   // false: refused with port 0
	source Source // of a line that sends
	codecs []codec
	exts   map[string]uint8 // URI → id
	rids   []string         // simulcast layers that the browser sends, lowest first
	ssrcs  []uint32         // declared by the browser
}

// codec is one payload type of a line, with its repair payload type.
type codec struct {
	kind     forward.Codec
	name     string // as in a=rtpmap, with clock rate and channels
	pt       uint8
	rtx      uint8 // payload type of its RTX (RFC 4588); 0: none
	fmtp     string
	feedback []string // as in a=rtcp-fb, of the payload type or of all
	clock    uint32
}

func (l *line) ext(uri string) uint8 { return l.exts[uri] }

// codecOf finds the payload type's codec; repair says that it is its RTX.
func (l *line) codecOf(pt uint8) (c *codec, repair bool) {
	for i := range l.codecs {
		switch c := &l.codecs[i]; {
		case c.carries(pt, false):
			return c, false
		case c.carries(pt, true):
			return c, true
		}
	}
	return nil, false
}

// carries says whether packets of the payload type are the codec's, or repair is what they are.
func (c *codec) carries(pt uint8, repair bool) bool {
	if repair {
		return c.rtx != 0 && pt == c.rtx
	}
	return pt == c.pt
}

func (l *line) codec(kind forward.Codec) *codec {
	for i := range l.codecs {
		if l.codecs[i].kind == kind {
			return &l.codecs[i]
		}
	}
	return nil
}

// parseOffer reads an offer (RFC 8829) and keeps the codecs and extensions that we carry.
// Its errors wrap ErrOffer and name the line and the rule.
func parseOffer(text string, prefer []forward.Codec) (*offer, error) {
	var s sdp.SessionDescription
	if err := s.UnmarshalString(text); err != nil {
		return nil, fmt.Errorf("%w: not SDP: %w", ErrOffer, err)
	}
	if len(s.MediaDescriptions) == 0 {
		return nil, fmt.Errorf("%w: it has no media line", ErrOffer)
	}
	if len(s.MediaDescriptions) > maxLines {
		return nil, fmt.Errorf("%w: it has %d media lines, at most %d are taken", ErrOffer, len(s.MediaDescriptions), maxLines)
	}
	o := &offer{}
	bundle := bundled(&s)
	seen := map[string]bool{}
	var audio, video int // lines that send, so far
	for i, m := range s.MediaDescriptions {
		l, err := parseLine(m, prefer)
		if err != nil {
			return nil, fmt.Errorf("%w: media line %d: %w", ErrOffer, i, err)
		}
		if seen[l.mid] {
			return nil, fmt.Errorf("%w: media line %d: mid %q stands twice", ErrOffer, i, l.mid)
		}
		seen[l.mid] = true
		if !slices.Contains(bundle, l.mid) {
			return nil, fmt.Errorf("%w: media line %d: mid %q is not in a=group:BUNDLE", ErrOffer, i, l.mid)
		}
		if l.sends && l.used {
			switch {
			case l.kind == "audio" && audio == 0:
				l.source, audio = Microphone, audio+1
			case l.kind == "video" && video < 2:
				l.source, video = Camera+Source(video), video+1 // video is 0 or 1
			default:
				return nil, fmt.Errorf("%w: media line %d: one microphone and two pictures can be sent", ErrOffer, i)
			}
		}
		o.lines = append(o.lines, l)
	}
	return o, o.parseSecurity(&s)
}

// parseSecurity reads ICE credentials and the certificate's fingerprint, which BUNDLE
// lets stand in the session part or in the first line (RFC 9143 §7.1.3).
func (o *offer) parseSecurity(s *sdp.SessionDescription) error {
	get := func(key string) string {
		if v, ok := s.MediaDescriptions[0].Attribute(key); ok {
			return v
		}
		v, _ := s.Attribute(key)
		return v
	}
	// RFC 8839 §5.4: 4–256 and 22–256 characters.
	o.ufrag, o.pwd = get("ice-ufrag"), get("ice-pwd")
	if n := len(o.ufrag); n < 4 || n > 256 {
		return fmt.Errorf("%w: a=ice-ufrag has 4 to 256 characters", ErrOffer)
	}
	if n := len(o.pwd); n < 22 || n > 256 {
		return fmt.Errorf("%w: a=ice-pwd has 22 to 256 characters", ErrOffer)
	}
	if setup := get("setup"); setup != "actpass" && setup != "active" {
		return fmt.Errorf("%w: a=setup is actpass or active", ErrOffer)
	}
	algorithm, value, _ := strings.Cut(get("fingerprint"), " ")
	sum, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(value), ":", ""))
	if !strings.EqualFold(algorithm, "sha-256") || err != nil || len(sum) != 32 {
		return fmt.Errorf("%w: a=fingerprint is a sha-256 of 32 bytes in hex (RFC 8122)", ErrOffer)
	}
	o.fingerprint = sum
	return nil
}

func bundled(s *sdp.SessionDescription) []string {
	for _, a := range s.Attributes {
		if rest, ok := strings.CutPrefix(a.Value, "BUNDLE "); ok && a.Key == "group" {
			return strings.Fields(rest)
		}
	}
	return nil
}

func parseLine(m *sdp.MediaDescription, prefer []forward.Codec) (line, error) {
	l := line{
		kind: m.MediaName.Media, exts: map[string]uint8{},
		refuse: strings.Join(m.MediaName.Protos, "/") + " " + strings.Join(m.MediaName.Formats, " "),
	}
	var ok bool
	if l.mid, ok = m.Attribute("mid"); !ok || l.mid == "" || len(l.mid) > 16 {
		return l, fmt.Errorf("a=mid has 1 to 16 characters")
	}
	if l.kind != "audio" && l.kind != "video" {
		return l, nil // data channels and the like: refused with port 0
	}
	_, sendonly := m.Attribute("sendonly")
	_, recvonly := m.Attribute("recvonly")
	if sendonly == recvonly {
		return l, fmt.Errorf("mid %s: a line is either sendonly or recvonly", l.mid)
	}
	if _, mux := m.Attribute("rtcp-mux"); !mux {
		return l, fmt.Errorf("mid %s: a=rtcp-mux is needed", l.mid)
	}
	l.sends = sendonly
	all := map[uint8]*codec{}
	var common []string // feedback of all payload types
	for _, a := range m.Attributes {
		if rest, ok := strings.CutPrefix(a.Value, "* "); ok && a.Key == "rtcp-fb" {
			common = append(common, rest) // RFC 4585 §4.2
			continue
		}
		if err := l.attribute(a, all); err != nil {
			return l, fmt.Errorf("mid %s: %w", l.mid, err)
		}
	}
	l.pick(m.MediaName.Formats, all, prefer)
	for i := range l.codecs {
		l.codecs[i].feedback = append(l.codecs[i].feedback, common...)
	}
	l.used = len(l.codecs) > 0
	return l, nil
}

func (l *line) attribute(a sdp.Attribute, all map[uint8]*codec) error {
	key, rest, _ := strings.Cut(a.Value, " ")
	switch a.Key {
	case "rtpmap", "fmtp", "rtcp-fb":
		pt, err := strconv.ParseUint(key, 10, 7)
		if err != nil {
			return fmt.Errorf("a=%s: payload type %q is not 0–127", a.Key, key)
		}
		c := all[uint8(pt)]
		if c == nil {
			c = &codec{pt: uint8(pt)}
			all[uint8(pt)] = c
		}
		switch a.Key {
		case "rtpmap":
			c.name = rest
		case "fmtp":
			c.fmtp = rest
		case "rtcp-fb":
			c.feedback = append(c.feedback, rest)
		}
	case "extmap":
		id, _, _ := strings.Cut(key, "/")
		n, err := strconv.ParseUint(id, 10, 8)
		uri, _, _ := strings.Cut(rest, " ")
		// RFC 8285 §4.2: one-byte headers know 1–14; others are left out, not refused.
		if err == nil && n >= 1 && n <= 14 && wantsExt(l, uri) {
			l.exts[uri] = uint8(n)
		}
	case "rid":
		// RFC 8851: "q send", with restrictions after it that we leave to the page.
		if dir, _, _ := strings.Cut(rest, " "); l.sends && dir == "send" && len(key) <= 8 && len(l.rids) < 3 {
			l.rids = append(l.rids, key)
		}
	case "ssrc":
		n, err := strconv.ParseUint(key, 10, 32)
		if err != nil {
			return fmt.Errorf("a=ssrc: %q is not an SSRC", key)
		}
		if !slices.Contains(l.ssrcs, uint32(n)) && len(l.ssrcs) < 8 {
			l.ssrcs = append(l.ssrcs, uint32(n))
		}
	}
	return nil
}

// wantsExt says which header extensions are of use on a line: what names and measures a
// stream where the page sends, and what its REMB needs where it receives. The page's own
// rotation of pictures stays with the page: without that extension it turns them itself.
func wantsExt(l *line, uri string) bool {
	switch uri {
	case extMID, extTransport:
		return l.sends
	case extRID, extRepaired:
		return l.sends && l.kind == "video"
	case extLevel:
		return l.sends && l.kind == "audio"
	case extSendTime:
		return !l.sends
	}
	return false
}

// pick keeps the codecs that we forward, in our order of preference, each with its RTX.
func (l *line) pick(formats []string, all map[uint8]*codec, prefer []forward.Codec) {
	rtx := map[uint8]uint8{}
	for pt, c := range all {
		if !strings.HasPrefix(strings.ToLower(c.name), "rtx/") {
			continue
		}
		for p := range strings.SplitSeq(c.fmtp, ";") {
			if v, ok := strings.CutPrefix(strings.TrimSpace(p), "apt="); ok {
				if n, err := strconv.ParseUint(v, 10, 7); err == nil {
					rtx[uint8(n)] = pt
				}
			}
		}
	}
	for _, f := range formats {
		pt, err := strconv.ParseUint(f, 10, 7)
		if err != nil {
			continue
		}
		c := all[uint8(pt)]
		if c == nil {
			c = &codec{pt: uint8(pt)}
		}
		if !c.identify(l.kind) || l.codec(c.kind) != nil {
			continue
		}
		c.rtx = rtx[c.pt]
		l.codecs = append(l.codecs, *c)
	}
	slices.SortStableFunc(l.codecs, func(a, b codec) int {
		return slices.Index(prefer, a.kind) - slices.Index(prefer, b.kind)
	})
}

// identify says whether the codec is one that we forward, and which.
func (c *codec) identify(kind string) bool {
	name, rate, _ := strings.Cut(strings.ToLower(c.name), "/")
	c.clock = 90000
	switch {
	case kind == "audio":
		c.clock = 8000
		switch {
		case name == "opus" && rate == "48000/2":
			c.kind, c.clock = forward.Opus, 48000
		case name == "pcmu" || c.name == "" && c.pt == 0: // RFC 3551 §6: static payload types need no rtpmap
			c.kind, c.name = forward.PCMU, "PCMU/8000"
		case name == "pcma" || c.name == "" && c.pt == 8:
			c.kind, c.name = forward.PCMA, "PCMA/8000"
		default:
			return false
		}
	case name == "vp8":
		c.kind = forward.VP8
	case name == "vp9" && fmtpValue(c.fmtp, "profile-id", "0") == "0":
		c.kind = forward.VP9
	case name == "av1":
		c.kind = forward.AV1
	case name == "h264":
		// RFC 6184 §8.1: constrained baseline with fragmentation is what all that speak H264 share.
		level := strings.ToLower(fmtpValue(c.fmtp, "profile-level-id", "42000a"))
		if fmtpValue(c.fmtp, "packetization-mode", "0") != "1" || !strings.HasPrefix(level, "42e0") {
			return false
		}
		c.kind = forward.H264
	default:
		return false
	}
	return true
}

func fmtpValue(fmtp, key, otherwise string) string {
	for p := range strings.SplitSeq(fmtp, ";") {
		if k, v, ok := strings.Cut(strings.TrimSpace(p), "="); ok && strings.EqualFold(k, key) {
			return v
		}
	}
	return otherwise
}
