package sfu

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/samkonsult/samkonsult/sfu/forward"
)

// outgoing is what the answer promises of a line that the browser receives.
type outgoing struct {
	ssrc, repair uint32 // repair: of RTX (RFC 4588); 0 without
	stream       string // msid's stream: sound and camera of one person share it, so that lips match
}

// answerConfig is what an answer says about our own end.
type answerConfig struct {
	ufrag, pwd  string
	fingerprint string       // sha-256, upper-case hex with colons
	addrs       []netip.Addr // candidate addresses, best first
	udp, tcp    uint16       // ports; tcp 0: no ICE-TCP
	out         map[string]outgoing
}

// answer writes the one answer to an offer (RFC 8829, RFC 9429 §5.3): ICE-lite, DTLS
// server, every line of the offer in its order. We write it ourselves because a
// forwarding unit answers line by line: congestion feedback per transport where the page
// sends, REMB where it receives, and the payload types of the offer everywhere.
func (o *offer) answer(c answerConfig) string {
	var b strings.Builder
	p := func(format string, a ...any) { fmt.Fprintf(&b, format+"\r\n", a...) }
	p("v=0")
	p("o=- 1 1 IN IP4 127.0.0.1")
	p("s=-")
	p("t=0 0")
	var mids []string
	for _, l := range o.lines {
		if l.used {
			mids = append(mids, l.mid)
		}
	}
	p("a=group:BUNDLE %s", strings.Join(mids, " "))
	p("a=ice-lite") // RFC 8839 §5.3
	first := true
	for i := range o.lines {
		l := &o.lines[i]
		if !l.used {
			p("m=%s 0 %s", l.kind, l.refuse) // RFC 3264 §6: port 0 refuses the line
			p("c=IN IP4 0.0.0.0")
			p("a=mid:%s", l.mid)
			p("a=inactive")
			continue
		}
		l.write(p, c, first)
		first = false
	}
	return b.String()
}

func (l *line) write(p func(string, ...any), c answerConfig, first bool) {
	var pts []string
	for _, k := range l.codecs {
		pts = append(pts, strconv.Itoa(int(k.pt)))
		if k.rtx != 0 {
			pts = append(pts, strconv.Itoa(int(k.rtx)))
		}
	}
	p("m=%s 9 UDP/TLS/RTP/SAVPF %s", l.kind, strings.Join(pts, " "))
	p("c=IN IP4 0.0.0.0")
	p("a=mid:%s", l.mid)
	p("a=rtcp-mux")
	p("a=rtcp-rsize")
	p("a=setup:passive")
	p("a=ice-ufrag:%s", c.ufrag)
	p("a=ice-pwd:%s", c.pwd)
	p("a=fingerprint:sha-256 %s", c.fingerprint)
	if first {
		for i, s := range candidates(c) {
			p("a=candidate:%d %s", i+1, s)
		}
		p("a=end-of-candidates")
	}
	uris := make([]string, 0, len(l.exts))
	for uri := range l.exts {
		uris = append(uris, uri)
	}
	slices.SortFunc(uris, func(a, b string) int { return int(l.exts[a]) - int(l.exts[b]) })
	for _, uri := range uris {
		p("a=extmap:%d %s", l.exts[uri], uri)
	}
	for i := range l.codecs {
		l.codecs[i].write(p, l.sends, l.ext(extTransport) != 0)
	}
	if l.sends {
		p("a=recvonly")
		for _, rid := range l.rids {
			p("a=rid:%s recv", rid)
		}
		if len(l.rids) > 0 {
			p("a=simulcast:recv %s", strings.Join(l.rids, ";")) // RFC 8853
		}
		return
	}
	p("a=sendonly")
	out := c.out[l.mid]
	p("a=msid:%s %s-%s", out.stream, out.stream, l.mid)
	if out.repair != 0 {
		p("a=ssrc-group:FID %d %d", out.ssrc, out.repair)
	}
	p("a=ssrc:%d cname:samkonsult", out.ssrc)
	if out.repair != 0 {
		p("a=ssrc:%d cname:samkonsult", out.repair)
	}
}

func (k *codec) write(p func(string, ...any), sends, transport bool) {
	p("a=rtpmap:%d %s", k.pt, k.name)
	fmtp := k.fmtp
	if k.kind == forward.Opus {
		// RFC 7587 §6.1: what we would like to be sent: error correction, and nothing in silence.
		fmtp = "minptime=10;useinbandfec=1;usedtx=1"
	}
	if fmtp != "" {
		p("a=fmtp:%d %s", k.pt, fmtp)
	}
	for _, fb := range k.feedback { // RFC 4585 §4.2: of what was offered, what we take part in
		ours := false
		switch fb {
		case "transport-cc":
			ours = sends && transport
		case "goog-remb":
			ours = !sends
		case "ccm fir", "nack", "nack pli":
			ours = k.clock == 90000
		}
		if ours {
			p("a=rtcp-fb:%d %s", k.pt, fb)
		}
	}
	if k.rtx != 0 {
		p("a=rtpmap:%d rtx/90000", k.rtx)
		p("a=fmtp:%d apt=%d", k.rtx, k.pt)
	}
}

// candidates lists where we are, UDP first (RFC 8839 §5.1, RFC 6544 §4.2 for TCP).
func candidates(c answerConfig) []string {
	var out []string
	for i, a := range c.addrs {
		// RFC 8445 §5.1.2.1 with type preference 126 for host; TCP below all UDP.
		out = append(out, fmt.Sprintf("1 udp %d %s %d typ host", 126<<24|(65535-i)<<8|255, a, c.udp))
	}
	if c.tcp != 0 {
		for i, a := range c.addrs {
			out = append(out, fmt.Sprintf("1 tcp %d %s %d typ host tcptype passive", 90<<24|(32767-i)<<8|255, a, c.tcp))
		}
	}
	return out
}
