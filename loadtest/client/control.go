package client

import (
	"time"

	"github.com/pion/rtcp"

	"github.com/samkonsult/samkonsult/sfu/forward"
)

// reportInterval is how often reports go out; libwebrtc's for pictures (RFC 4585 §3.5 allows it).
const reportInterval = forward.Time(time.Second)

// retryAfter is how long a lost packet that was asked for may take before it is asked for again.
const retryAfter = 100 * time.Millisecond

// Line is one stream that is received: another participant's sound or picture. All but its
// exported fields belongs to the wire's Run.
type Line struct {
	MID        string
	Video      bool
	SSRC       uint32
	RepairSSRC uint32          // of retransmissions (RFC 4588); 0: none
	Repairs    map[uint8]uint8 // payload type of a retransmission → of what it repairs
	receiver   *forward.Receiver
}

// NewLine makes a line whose timestamps tick at clockRate Hz.
func NewLine(mid string, video bool, ssrc, repair uint32, clockRate uint32) *Line {
	return &Line{
		MID: mid, Video: video, SSRC: ssrc, RepairSSRC: repair, Repairs: map[uint8]uint8{},
		receiver: forward.NewReceiver(clockRate),
	}
}

func (l *Line) originalOf(repair uint8) uint8 { return l.Repairs[repair] }

// afterBatch does what is due from time to time. There is no timer for it: media, or at
// least the service's own RTCP, comes often enough.
func (w *Wire) afterBatch(k *keyed, now forward.Time) {
	if w.cfg.NACK {
		w.askAgain(k, now)
	}
	if now < w.next {
		return
	}
	if w.next = now + reportInterval; len(w.streams) == 0 {
		return
	}
	report := &rtcp.ReceiverReport{SSRC: w.streams[0].cfg.SSRC}
	var ssrcs []uint32
	for ssrc, l := range k.lines {
		if ssrc != l.SSRC {
			continue
		}
		r, ok := l.receiver.Report(now)
		if !ok {
			continue
		}
		ssrcs = append(ssrcs, ssrc)
		if len(report.Reports) < 31 { // RFC 3550 §6.4.1: the count has five bits
			report.Reports = append(report.Reports, rtcp.ReceptionReport{
				SSRC: ssrc, FractionLost: r.FractionLost, TotalLost: r.TotalLost & 0xffffff,
				LastSequenceNumber: r.HighestSequence, Jitter: r.Jitter, LastSenderReport: r.LastSR, Delay: r.DelaySinceSR,
			})
		}
	}
	pkts := []rtcp.Packet{report, rtcp.NewCNAMESourceDescription(report.SSRC, "samkonsult-client")}
	if w.cfg.Bandwidth > 0 && len(ssrcs) > 0 {
		// draft-alvestrand-rmcat-remb, as browsers send it beside their reports.
		pkts = append(pkts, &rtcp.ReceiverEstimatedMaximumBitrate{
			SenderSSRC: report.SSRC, Bitrate: float32(w.cfg.Bandwidth), SSRCs: ssrcs,
		})
	}
	w.sendRTCP(pkts)
}

func (w *Wire) askAgain(k *keyed, now forward.Time) {
	for ssrc, l := range k.lines {
		if ssrc != l.SSRC || !l.Video || len(w.streams) == 0 {
			continue
		}
		if w.missing = l.receiver.Missing(now, retryAfter, w.missing[:0]); len(w.missing) > 0 {
			w.sendRTCP([]rtcp.Packet{&rtcp.TransportLayerNack{
				SenderSSRC: w.streams[0].cfg.SSRC, MediaSSRC: ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(w.missing),
			}})
		}
	}
}

// RequestKeyframe asks for a picture that can be decoded without any other (RFC 4585 §6.3.1).
// Safe from any goroutine.
func (w *Wire) RequestKeyframe(l *Line) {
	if len(w.streams) > 0 {
		w.sendRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{SenderSSRC: w.streams[0].cfg.SSRC, MediaSSRC: l.SSRC}})
	}
}

// control handles a compound RTCP packet. Only what is acted on is unmarshalled: a service
// sends much feedback, and a generator must stay lighter than what it measures.
func (w *Wire) control(k *keyed, raw []byte, at forward.Time) {
	var h rtcp.Header
	for len(raw) >= 4 && h.Unmarshal(raw) == nil {
		size := 4 * (int(h.Length) + 1)
		if size > len(raw) {
			return
		}
		w.controlPacket(k, h, raw[:size], at)
		raw = raw[size:]
	}
}

func (w *Wire) controlPacket(k *keyed, h rtcp.Header, raw []byte, at forward.Time) {
	switch {
	case h.Type == rtcp.TypeSenderReport:
		var sr rtcp.SenderReport
		if sr.Unmarshal(raw) != nil {
			return
		}
		if l := k.lines[sr.SSRC]; l != nil && l.SSRC == sr.SSRC {
			l.receiver.SenderReport(forward.NTP(sr.NTPTime), sr.RTPTime, at)
		}
		w.reportedOn(sr.Reports)
	case h.Type == rtcp.TypeReceiverReport:
		var rr rtcp.ReceiverReport
		if rr.Unmarshal(raw) == nil {
			w.reportedOn(rr.Reports)
		}
	case h.Type == rtcp.TypePayloadSpecificFeedback && h.Count == rtcp.FormatPLI:
		var pli rtcp.PictureLossIndication
		if pli.Unmarshal(raw) == nil {
			w.keyframeWanted(pli.MediaSSRC)
		}
	case h.Type == rtcp.TypePayloadSpecificFeedback && h.Count == rtcp.FormatFIR:
		var fir rtcp.FullIntraRequest
		if fir.Unmarshal(raw) == nil {
			for _, e := range fir.FIR {
				w.keyframeWanted(e.SSRC)
			}
		}
	case h.Type == rtcp.TypeTransportSpecificFeedback && h.Count == rtcp.FormatTLN:
		var nack rtcp.TransportLayerNack
		if nack.Unmarshal(raw) == nil {
			s := w.streamOf(nack.MediaSSRC)
			for _, p := range nack.Nacks {
				w.counts.nacked.Add(uint64(len(p.PacketList())))
				if s != nil {
					w.repair(k.repair, s, p.PacketList(), at)
				}
			}
		}
	}
}

func (w *Wire) reportedOn(reports []rtcp.ReceptionReport) {
	for _, r := range reports {
		if s := w.streamOf(r.SSRC); s != nil {
			s.known.Store(true)
		}
	}
}

func (w *Wire) keyframeWanted(ssrc uint32) {
	if s := w.streamOf(ssrc); s != nil {
		w.counts.keyframes.Add(1)
		s.keyframe.Store(true)
	}
}

func (w *Wire) streamOf(ssrc uint32) *Stream {
	for _, s := range w.streams {
		if s.cfg.SSRC == ssrc {
			return s
		}
	}
	return nil
}
