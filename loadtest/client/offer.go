package client

import (
	"fmt"
	"strings"

	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Payload types and header extension ids of our offers: Chromium's.
const (
	ptOpus, ptVP8, ptRTX = 111, 96, 97

	idLevel, idSendTime, idTransport, idMID, idRID, idRepaired = 1, 2, 3, 4, 10, 11
)

// Header extensions by their URIs.
const (
	uriLevel     = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
	uriSendTime  = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
	uriTransport = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
	uriMID       = "urn:ietf:params:rtp-hdrext:sdes:mid"
	uriRID       = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
	uriRepaired  = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
)

// rids are the camera's simulcast layers, smallest first.
var rids = []string{"q", "h", "f"}

// mids of the lines that send. Those that receive are numbered from midReceive on.
const (
	midMicrophone, midCamera, midSecond = "0", "1", "2"
	midReceive                          = 3
)

// offer is what goes into our SDP.
type offer struct {
	ufrag, pwd, fingerprint string
	others                  int // participants that can be received
	simulcast               bool
	ssrcs                   map[protocol.Source]uint32 // of what is sent in one layer
	repairs                 map[protocol.Source]uint32 // SSRCs of what is sent again
}

// videoLines is how many pictures can be received: everyone's camera and second picture.
func (o *offer) videoLines() int { return 2 * o.others }

// sdp writes the one offer of the call (RFC 8829): every line it will ever need, in the
// order microphone, camera, second picture, sounds of the others, pictures of the others.
// It has no candidates: the service is ICE-lite and learns our address from our checks.
func (o *offer) sdp() string {
	var b strings.Builder
	p := func(format string, a ...any) { fmt.Fprintf(&b, format+"\r\n", a...) }
	lines := midReceive + o.others + o.videoLines()
	p("v=0")
	p("o=- 1 1 IN IP4 127.0.0.1")
	p("s=-")
	p("t=0 0")
	var mids strings.Builder
	for i := range lines {
		fmt.Fprintf(&mids, " %d", i)
	}
	p("a=group:BUNDLE%s", mids.String())
	p("a=ice-options:trickle ice2")
	for i := range lines {
		video := i == 1 || i == 2 || i >= midReceive+o.others
		o.line(p, i, video)
	}
	return b.String()
}

func (o *offer) line(p func(string, ...any), i int, video bool) {
	if video {
		p("m=video 9 UDP/TLS/RTP/SAVPF %d %d", ptVP8, ptRTX)
	} else {
		p("m=audio 9 UDP/TLS/RTP/SAVPF %d", ptOpus)
	}
	p("c=IN IP4 0.0.0.0")
	p("a=mid:%d", i)
	p("a=ice-ufrag:%s", o.ufrag)
	p("a=ice-pwd:%s", o.pwd)
	p("a=fingerprint:sha-256 %s", o.fingerprint)
	p("a=setup:actpass")
	p("a=rtcp-mux")
	p("a=rtcp-rsize")
	p("a=extmap:%d %s", idSendTime, uriSendTime)
	p("a=extmap:%d %s", idTransport, uriTransport)
	p("a=extmap:%d %s", idMID, uriMID)
	if video {
		p("a=extmap:%d %s", idRID, uriRID)
		p("a=extmap:%d %s", idRepaired, uriRepaired)
		p("a=rtpmap:%d VP8/90000", ptVP8)
		for _, feedback := range []string{"goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"} {
			p("a=rtcp-fb:%d %s", ptVP8, feedback)
		}
		p("a=rtpmap:%d rtx/90000", ptRTX)
		p("a=fmtp:%d apt=%d", ptRTX, ptVP8)
	} else {
		p("a=extmap:%d %s", idLevel, uriLevel)
		p("a=rtpmap:%d opus/48000/2", ptOpus)
		p("a=rtcp-fb:%d transport-cc", ptOpus)
		p("a=fmtp:%d minptime=10;useinbandfec=1", ptOpus)
	}
	source, sends := map[int]protocol.Source{0: protocol.Microphone, 1: protocol.Camera, 2: protocol.Second}[i]
	switch {
	case !sends:
		p("a=recvonly")
	case source == protocol.Camera && o.simulcast:
		p("a=sendonly")
		p("a=msid:- %s", source)
		for _, rid := range rids {
			p("a=rid:%s send", rid) // RFC 8851
		}
		p("a=simulcast:send %s", strings.Join(rids, ";")) // RFC 8853
	default:
		p("a=sendonly")
		p("a=msid:- %s", source)
		if repair := o.repairs[source]; repair != 0 {
			p("a=ssrc-group:FID %d %d", o.ssrcs[source], repair) // RFC 5576 §4.2, RFC 4588
			p("a=ssrc:%d cname:samkonsult-client", repair)
		}
		p("a=ssrc:%d cname:samkonsult-client", o.ssrcs[source])
	}
}
