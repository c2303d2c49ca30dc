package sfutest

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// PageConfig says what a page offers. The zero value is a page for a call of three.
type PageConfig struct {
	Others    int      // lines for so many others; 0 means 2
	Simulcast []string // rids of the camera, smallest first; empty: one layer
	Relay     *Relay   // between page and server; nil: none
	TCP       bool     // use the answer's TCP candidate only
}

// Page is a headless participant.
type Page struct {
	t   testing.TB
	cfg PageConfig
	pc  *webrtc.PeerConnection

	Microphone *webrtc.TrackLocalStaticRTP
	Camera     []*webrtc.TrackLocalStaticRTP // one per layer, smallest first
	Second     *webrtc.TrackLocalStaticRTP
	senders    []*webrtc.RTPSender

	mu        sync.Mutex
	cond      *sync.Cond
	lines     map[string]*Received // by mid
	keyframes map[uint32]int       // PLIs and FIRs, by SSRC
	nacked    int                  // packets that the server asked for again
	closed    bool                 // no more readers are started
	wg        sync.WaitGroup
}

// Received is what came on one receiving line.
type Received struct {
	SSRC  uint32
	Video []Seen
	Audio []*rtp.Packet
}

// NewPage makes a page; Offer and Answer connect it.
func NewPage(t testing.TB, cfg PageConfig) *Page {
	t.Helper()
	if cfg.Others == 0 {
		cfg.Others = 2
	}
	p := &Page{t: t, cfg: cfg, lines: map[string]*Received{}, keyframes: map[uint32]int{}}
	p.cond = sync.NewCond(&p.mu)
	me := &webrtc.MediaEngine{}
	p.register(me)
	se := webrtc.SettingEngine{}
	se.SetIncludeLoopbackCandidate(true)
	se.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled) // no name is asked for here, and its sockets are slow to close
	se.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	se.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeTCP4})
	if cfg.Relay != nil {
		se.SetICETimeouts(5*time.Second, 25*time.Second, 100*time.Millisecond) // notices soon where it has moved to
	}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(me), webrtc.WithSettingEngine(se), webrtc.WithInterceptorRegistry(&interceptor.Registry{}))
	pc, err := api.NewPeerConnection(webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle})
	if err != nil {
		t.Fatal(err)
	}
	p.pc = pc
	t.Cleanup(p.Close)
	p.addLines()
	pc.OnTrack(func(track *webrtc.TrackRemote, rcv *webrtc.RTPReceiver) {
		mid := ""
		for _, tr := range pc.GetTransceivers() {
			if tr.Receiver() == rcv {
				mid = tr.Mid()
			}
		}
		p.run(func() { p.read(mid, track) }) // ends when the PeerConnection closes
	})
	return p
}

func (p *Page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *Page) register(me *webrtc.MediaEngine) {
	p.must(me.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1"},
		PayloadType:        111,
	}, webrtc.RTPCodecTypeAudio))
	fb := []webrtc.RTCPFeedback{{Type: "goog-remb"}, {Type: "transport-cc"}, {Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"}}
	p.must(me.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000, RTCPFeedback: fb}, PayloadType: 96,
	}, webrtc.RTPCodecTypeVideo))
	p.must(me.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: "apt=96"}, PayloadType: 97,
	}, webrtc.RTPCodecTypeVideo))
	for _, uri := range []string{
		"urn:ietf:params:rtp-hdrext:sdes:mid", "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
		"urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
		"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
	} {
		p.must(me.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, webrtc.RTPCodecTypeVideo))
	}
	for _, uri := range []string{"urn:ietf:params:rtp-hdrext:sdes:mid", "urn:ietf:params:rtp-hdrext:ssrc-audio-level"} {
		p.must(me.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, webrtc.RTPCodecTypeAudio))
	}
}

// addLines adds the lines in the order of the product's page: microphone, camera, second
// picture, then those of the others.
func (p *Page) addLines() {
	opus := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}
	vp8 := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}
	sendonly := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}
	recvonly := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}
	track := func(c webrtc.RTPCodecCapability, id string, opts ...func(*webrtc.TrackLocalStaticRTP)) *webrtc.TrackLocalStaticRTP {
		tr, err := webrtc.NewTrackLocalStaticRTP(c, id, "page", opts...)
		p.must(err)
		return tr
	}
	add := func(tr webrtc.TrackLocal) *webrtc.RTPSender {
		tc, err := p.pc.AddTransceiverFromTrack(tr, sendonly)
		p.must(err)
		p.senders = append(p.senders, tc.Sender())
		return tc.Sender()
	}
	p.Microphone = track(opus, "microphone")
	add(p.Microphone)
	if len(p.cfg.Simulcast) == 0 {
		p.Camera = append(p.Camera, track(vp8, "camera"))
		add(p.Camera[0])
	} else {
		for _, rid := range p.cfg.Simulcast {
			p.Camera = append(p.Camera, track(vp8, "camera", webrtc.WithRTPStreamID(rid)))
		}
		sender := add(p.Camera[0])
		for _, tr := range p.Camera[1:] {
			p.must(sender.AddEncoding(tr))
		}
	}
	p.Second = track(vp8, "second")
	add(p.Second)
	for range p.cfg.Others {
		_, err := p.pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, recvonly)
		p.must(err)
	}
	for range p.cfg.Others + 1 {
		_, err := p.pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, recvonly)
		p.must(err)
	}
}

// Offer is the page's one offer.
func (p *Page) Offer() string {
	p.t.Helper()
	offer, err := p.pc.CreateOffer(nil)
	p.must(err)
	p.must(p.pc.SetLocalDescription(offer))
	return p.pc.LocalDescription().SDP
}

var candidateLine = regexp.MustCompile(`(?m)^a=candidate:\d+ 1 (udp|tcp) .*\r\n`)

// Answer sets the server's answer, by way of the relay if there is one.
func (p *Page) Answer(sdp string) {
	p.t.Helper()
	sdp = candidateLine.ReplaceAllStringFunc(sdp, func(l string) string {
		f := strings.Fields(l)
		switch {
		case p.cfg.TCP != (f[2] == "tcp"):
			return ""
		case p.cfg.Relay != nil:
			f[4], f[5] = "127.0.0.1", fmt.Sprint(p.cfg.Relay.Port())
		}
		return strings.Join(f, " ") + "\r\n"
	})
	p.must(p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp}))
	for _, s := range p.senders {
		p.run(func() { p.readFeedback(s) }) // ends when the PeerConnection closes
		for _, e := range s.GetParameters().Encodings {
			if rid := e.RID; rid != "" && rid != p.cfg.Simulcast[0] {
				p.run(func() { p.readLayerFeedback(s, rid) }) // ends when the PeerConnection closes
			}
		}
	}
}

// Connected waits until ICE and DTLS are up.
func (p *Page) Connected(ctx context.Context) {
	p.t.Helper()
	up := make(chan struct{}, 1)
	p.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			select {
			case up <- struct{}{}:
			default:
			}
		}
	})
	if p.pc.ConnectionState() == webrtc.PeerConnectionStateConnected {
		return
	}
	select {
	case <-up:
	case <-ctx.Done():
		p.t.Fatalf("page did not connect: %v, ice %v", p.pc.ConnectionState(), p.pc.ICEConnectionState())
	}
}

// Close closes the page as a browser does and waits for its readers.
func (p *Page) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.pc.Close()
	p.wg.Wait()
}

// run starts a reader, unless the page is closed already: tracks come whenever they come.
func (p *Page) run(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.wg.Go(f)
	}
}

// SSRC is what a sending layer has been given; layer counts from the smallest.
func (p *Page) SSRC(sender, layer int) uint32 {
	return uint32(p.senders[sender].GetParameters().Encodings[layer].SSRC)
}

// Film sends a packet of the camera on a layer, with the names (RFC 8852) by which the
// server tells layers apart: pion leaves writing them to its user.
func (p *Page) Film(layer int, pkt *rtp.Packet) error {
	tr := p.Camera[layer]
	if rid := tr.RID(); rid != "" {
		pkt.SetExtension(p.extension(1, "urn:ietf:params:rtp-hdrext:sdes:mid"), []byte("1"))
		pkt.SetExtension(p.extension(1, "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"), []byte(rid))
	}
	return tr.WriteRTP(pkt)
}

func (p *Page) extension(sender int, uri string) uint8 {
	for _, e := range p.senders[sender].GetParameters().HeaderExtensions {
		if e.URI == uri {
			return uint8(e.ID)
		}
	}
	return 0
}

// LevelID is the header extension id of the microphone's level (RFC 6464).
func (p *Page) LevelID() uint8 {
	return p.extension(0, "urn:ietf:params:rtp-hdrext:ssrc-audio-level")
}

func (p *Page) read(mid string, track *webrtc.TrackRemote) {
	for {
		pkt, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		p.mu.Lock()
		r := p.lines[mid]
		if r == nil {
			r = &Received{SSRC: uint32(track.SSRC())}
			p.lines[mid] = r
		}
		if track.Kind() == webrtc.RTPCodecTypeVideo {
			if len(pkt.Payload) > 0 {
				r.Video = append(r.Video, Look(pkt))
			}
		} else {
			r.Audio = append(r.Audio, pkt)
		}
		p.cond.Broadcast()
		p.mu.Unlock()
	}
}

func (p *Page) readFeedback(s *webrtc.RTPSender) {
	for {
		pkts, _, err := s.ReadRTCP()
		if err != nil {
			return
		}
		p.feedback(pkts)
	}
}

func (p *Page) readLayerFeedback(s *webrtc.RTPSender, rid string) {
	for {
		pkts, _, err := s.ReadSimulcastRTCP(rid)
		if err != nil {
			return
		}
		p.feedback(pkts)
	}
}

func (p *Page) feedback(pkts []rtcp.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, pkt := range pkts {
		switch f := pkt.(type) {
		case *rtcp.PictureLossIndication:
			p.keyframes[f.MediaSSRC]++
		case *rtcp.TransportLayerNack:
			for i := range f.Nacks {
				p.nacked += len(f.Nacks[i].PacketList())
			}
		}
	}
	p.cond.Broadcast()
}

// WriteRTCP sends feedback as the page.
func (p *Page) WriteRTCP(pkts ...rtcp.Packet) {
	p.t.Helper()
	p.must(p.pc.WriteRTCP(pkts))
}

// Until waits until ok says so of what the page has seen, and fails with what after 10 s.
func (p *Page) Until(what string, ok func(v View) bool) {
	p.t.Helper()
	late := time.AfterFunc(10*time.Second, func() { p.mu.Lock(); p.cond.Broadcast(); p.mu.Unlock() })
	defer late.Stop()
	deadline := time.Now().Add(10 * time.Second)
	p.mu.Lock()
	defer p.mu.Unlock()
	for !ok(View{p}) {
		if time.Now().After(deadline) {
			p.t.Errorf("waited in vain for: %s", what)
			for mid, r := range p.lines {
				p.t.Logf("line %s: %d video packets, %d sound packets", mid, len(r.Video), len(r.Audio))
			}
			p.t.FailNow()
		}
		p.cond.Wait()
	}
}

// Look gives what the page has seen, at rest, to f.
func (p *Page) Look(f func(v View)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(View{p})
}

// View is what a page has seen. It is good within the function it was given to.
type View struct{ p *Page }

// Line is what came on the line with the given mid.
func (v View) Line(mid string) Received {
	if r := v.p.lines[mid]; r != nil {
		return *r
	}
	return Received{}
}

// SSRC is that of the line with the given mid; 0 before its first packet.
func (v View) SSRC(mid string) uint32 { return v.Line(mid).SSRC }

// KeyframeRequests counts those for a sending SSRC.
func (v View) KeyframeRequests(ssrc uint32) int { return v.p.keyframes[ssrc] }

// Nacked counts the packets that the server asked for again.
func (v View) Nacked() int { return v.p.nacked }
