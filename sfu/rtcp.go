package sfu

import (
	"time"

	"github.com/pion/rtcp"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

// markerGap is the longest silence of ours on a transport: a page that hears nothing for
// much longer knows that its network is gone, whoever is muted.
const markerGap = int64(240 * time.Millisecond)

// senderClock relates a page's NTP clock to ours by the quickest sender report so far, so
// that sound and picture keep the same distance however unevenly reports travel.
type senderClock struct {
	known  bool
	offset time.Duration // ours minus the page's
}

func (c *senderClock) report(theirs, ours forward.NTP) {
	if d := ours.Sub(theirs); !c.known || d < c.offset || d-c.offset > time.Second {
		c.known, c.offset = true, d // a jump of over a second is a clock that was set
	}
}

// delayMeter notices when round trips have grown: packets wait in a queue on their way.
type delayMeter struct {
	base time.Duration // the shortest, drifting up slowly
	long int           // samples in a row that were much longer
	far  int           // samples in a row that were longer by more than any computer is busy
}

// delayOnly is the least that a longer way alone, with nothing lost on it, makes us believe:
// a page's computer that is busy for a moment looks the same, and a small picture stays.
const delayOnly = forward.Bitrate(400_000)

func (m *delayMeter) sample(rtt time.Duration) {
	if m.base == 0 || rtt < m.base {
		m.base = rtt
	} else {
		m.base += (rtt - m.base) / 64
	}
	if rtt > m.base+m.base/2+100*time.Millisecond {
		m.long++
	} else {
		m.long = 0
	}
	if rtt > m.base+600*time.Millisecond {
		m.far++
	} else {
		m.far = 0
	}
}

func (m *delayMeter) grown() bool  { return m.long >= 2 }
func (m *delayMeter) severe() bool { return m.far >= 3 }

// ntp is the server's clock as wall time.
func (s *Server) ntp(now int64) forward.NTP {
	return forward.ToNTP(s.start.UnixNano() + now)
}

// rtcp takes a decrypted compound packet from the transport.
func (p *Participant) rtcp(raw []byte, o *outbox) {
	pkts, err := rtcp.Unmarshal(raw)
	if err != nil {
		p.room.srv.counters.broken.Add(1)
		return
	}
	for _, pkt := range pkts {
		switch r := pkt.(type) {
		case *rtcp.SenderReport:
			p.senderReport(r, o)
			p.receptionReports(r.Reports, o)
		case *rtcp.ReceiverReport:
			p.receptionReports(r.Reports, o)
		case *rtcp.TransportLayerNack:
			p.nack(r, o)
		case *rtcp.PictureLossIndication:
			p.keyframeFor(r.MediaSSRC, o)
		case *rtcp.FullIntraRequest:
			for _, e := range r.FIR { // RFC 5104 §4.3.1: the entries name the sources
				p.keyframeFor(e.SSRC, o)
			}
		case *rtcp.ReceiverEstimatedMaximumBitrate:
			p.ctlMu.Lock()
			// A receiver's estimate follows what it is sent: left alone it falls with every layer
			// that is switched off and takes half a minute to come back. So it is believed when
			// packets are lost or their way has grown longer, and not on a page that is only busy.
			if lossy := p.loss.downEwma > 0.02; r.Bitrate > 0 && (p.delay.grown() || lossy) {
				b := forward.Bitrate(r.Bitrate)
				if !lossy && !p.delay.severe() {
					b = max(b, delayOnly)
				}
				p.estimate.REMB(b, forward.Time(o.now))
			}
			p.ctlMu.Unlock()
		}
	}
}

func (p *Participant) senderReport(r *rtcp.SenderReport, o *outbox) {
	p.inMu.Lock()
	s := p.streams[r.SSRC]
	p.inMu.Unlock()
	if s == nil || s.repair {
		return
	}
	p.ctlMu.Lock()
	p.clock.report(forward.NTP(r.NTPTime), p.room.srv.ntp(o.now))
	p.ctlMu.Unlock()
	s.layer.mu.Lock()
	defer s.layer.mu.Unlock()
	if s.layer.recv != nil {
		s.layer.recv.SenderReport(forward.NTP(r.NTPTime), r.RTPTime, forward.Time(o.now))
	}
}

func (p *Participant) receptionReports(reports []rtcp.ReceptionReport, o *outbox) {
	var worst uint8
	var rtt time.Duration
	known := false
	for _, r := range reports {
		dt := p.track(r.SSRC)
		if dt == nil {
			continue
		}
		known = true
		worst = max(worst, r.FractionLost)
		if d, ok := forward.RoundTrip(p.room.srv.ntp(o.now), r.LastSenderReport, r.Delay); ok {
			rtt = max(rtt, d)
		}
	}
	if !known {
		return
	}
	p.ctlMu.Lock()
	defer p.ctlMu.Unlock()
	p.estimate.Loss(worst, forward.Time(o.now))
	p.loss.down(worst)
	if rtt > 0 {
		if p.rtt == 0 {
			p.rtt = rtt
		}
		p.rtt = (7*p.rtt + rtt) / 8
		p.delay.sample(rtt)
	}
}

// track is the line with the given SSRC, its own or its repair stream's.
func (p *Participant) track(ssrc uint32) *downTrack {
	for _, dt := range p.tracks {
		if dt.ssrc == ssrc || dt.repair == ssrc && ssrc != 0 {
			return dt
		}
	}
	return nil
}

func (p *Participant) nack(r *rtcp.TransportLayerNack, o *outbox) {
	dt := p.track(r.MediaSSRC)
	if dt == nil {
		return
	}
	var seqs []uint16
	for i := range r.Nacks {
		seqs = append(seqs, r.Nacks[i].PacketList()...)
		if len(seqs) > 256 {
			break // more than a page can have missed since it last asked
		}
	}
	p.ctlMu.Lock()
	gap := p.rtt / 2 // sooner than that no answer of ours can have been missed
	most := p.resends.left(p.estimate.Bitrate(forward.Time(o.now)), o.now)
	p.ctlMu.Unlock()
	sent := dt.resend(seqs, gap, most, o)
	p.ctlMu.Lock()
	p.resends.use(sent)
	p.ctlMu.Unlock()
}

// allowance is how many bytes may be sent again: no more than the way to the page carries, and
// a quarter of a second's worth at once. A page that asks for everything over and over is
// answered no further, and one that is in trouble is not drowned in repairs.
type allowance struct {
	bytes int
	at    int64
}

func (a *allowance) left(rate forward.Bitrate, now int64) int {
	const burst = int64(250 * time.Millisecond)
	since := min(now-a.at, burst)
	if a.at == 0 {
		since = burst
	}
	worth := func(d int64) int { return int(int64(rate/8) * d / int64(time.Second)) }
	a.bytes, a.at = min(a.bytes+worth(since), worth(burst)), now
	return a.bytes
}

func (a *allowance) use(bytes int) { a.bytes -= bytes }

func (p *Participant) keyframeFor(ssrc uint32, o *outbox) {
	dt := p.track(ssrc)
	if dt == nil {
		return
	}
	dt.mu.Lock()
	pub, index := dt.on, dt.layer
	dt.mu.Unlock()
	if pub != nil && index >= 0 && index < len(pub.layers) && p.admitted.Load() {
		pub.layers[index].wantKeyframe(o)
	}
}

// requestLost asks the page for packets that have not come (RFC 4585 §6.2.1).
func (p *Participant) requestLost(o *outbox) {
	p.ctlMu.Lock()
	rtt := p.rtt
	p.ctlMu.Unlock()
	if rtt == 0 {
		rtt = 100 * time.Millisecond
	}
	for _, pub := range p.pubs {
		if pub == nil || !pub.video {
			continue
		}
		for _, l := range pub.layers {
			ssrc, missing := l.lost(o.now, rtt)
			if len(missing) == 0 {
				continue
			}
			p.room.srv.counters.nacks.Add(uint64(len(missing)))
			p.t.sendRTCP(o, []rtcp.Packet{&rtcp.TransportLayerNack{
				SenderSSRC: p.ssrc, MediaSSRC: ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(missing),
			}})
		}
	}
	if path := p.t.path.Load(); path != nil && path.tcp != nil && path.tcp.takeDropped() {
		for _, dt := range p.tracks {
			if dt.urgency == picture {
				p.keyframeFor(dt.ssrc, o)
			}
		}
	}
}

func (p *Participant) refreshKeyframes(o *outbox, anyWaiting bool) {
	for _, pub := range p.pubs {
		if pub != nil && pub.video && pub.on.Load() {
			for _, l := range pub.layers {
				l.refresh(o, anyWaiting)
			}
		}
	}
}

// sendTransportFeedback tells the page when its packets came, from which it learns how much
// it can send (draft-holmer-rmcat-transport-wide-cc-extensions-01).
func (p *Participant) sendTransportFeedback(o *outbox) {
	p.inMu.Lock()
	var pkts []rtcp.Packet
	if p.arrived {
		pkts, p.arrived = p.twcc.BuildFeedbackPacket(), false
	}
	p.inMu.Unlock()
	p.t.sendRTCP(o, pkts)
}

// marker breaks our silence on the transport.
func (p *Participant) marker(o *outbox) {
	if o.now-p.t.sent.Load() > markerGap {
		p.t.sendRTCP(o, []rtcp.Packet{&rtcp.ReceiverReport{SSRC: p.ssrc}})
	}
}

// sendReports sends what RFC 3550 §6.4 wants: what we received, and what we sent.
func (p *Participant) sendReports(o *outbox) {
	rr := &rtcp.ReceiverReport{SSRC: p.ssrc}
	var worst uint8
	for _, pub := range p.pubs {
		if pub == nil {
			continue
		}
		for _, l := range pub.layers {
			l.mu.Lock()
			if l.key != 0 && l.live(o.now) {
				if r, ok := l.recv.Report(forward.Time(o.now)); ok {
					worst = max(worst, r.FractionLost)
					rr.Reports = append(rr.Reports, rtcp.ReceptionReport{
						SSRC: l.ssrc, FractionLost: r.FractionLost, TotalLost: r.TotalLost & 0xffffff,
						LastSequenceNumber: r.HighestSequence, Jitter: r.Jitter,
						LastSenderReport: r.LastSR, Delay: r.DelaySinceSR,
					})
				}
			}
			l.mu.Unlock()
		}
	}
	p.ctlMu.Lock()
	p.loss.up(worst)
	p.ctlMu.Unlock()
	pkts := []rtcp.Packet{rr}
	for _, dt := range p.tracks {
		if sr := dt.senderReport(o.now); sr != nil {
			pkts = append(pkts, sr)
		}
		if len(pkts) >= 24 { // 28 bytes each: stay in one datagram
			break
		}
	}
	p.t.sendRTCP(o, pkts)
}

func (dt *downTrack) senderReport(now int64) *rtcp.SenderReport {
	dt.mu.Lock()
	pub, index, key := dt.on, dt.layer, dt.rw.Current()
	dt.mu.Unlock()
	if pub == nil || key == 0 {
		return nil
	}
	if !pub.video {
		index = 0
	}
	if index < 0 || index >= len(pub.layers) {
		return nil
	}
	from := pub.owner
	from.ctlMu.Lock()
	clock := from.clock
	from.ctlMu.Unlock()
	l := pub.layers[index]
	ours := from.room.srv.ntp(now)
	l.mu.Lock()
	if l.key != key || !clock.known {
		l.mu.Unlock()
		return nil
	}
	ts, ok := l.recv.TimestampAt(forward.ToNTP(ours.UnixNano() - int64(clock.offset)))
	l.mu.Unlock()
	if !ok {
		return nil
	}
	dt.mu.Lock()
	defer dt.mu.Unlock()
	out, ok := dt.rw.Timestamp(ts)
	if !ok || dt.rw.Current() != key {
		return nil
	}
	packets, octets := dt.rw.Sent()
	return &rtcp.SenderReport{SSRC: dt.ssrc, NTPTime: uint64(ours), RTPTime: out, PacketCount: packets, OctetCount: octets}
}
