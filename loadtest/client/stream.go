package client

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"

	"github.com/samkonsult/samkonsult/sfu/forward"
)

// Extensions are the ids of header extensions as negotiated; 0 means not.
type Extensions struct {
	MID, RID, Repaired, AudioLevel, Transport uint8
}

// StreamConfig is one RTP stream that is sent.
type StreamConfig struct {
	SSRC        uint32
	PayloadType uint8
	ClockRate   uint32 // of the timestamps, Hz
	MID, RID    string // sent with the packets until the far end reports on the stream
	Extensions  Extensions

	// RepairSSRC and RepairPayloadType are of the stream in which lost packets are sent again
	// when they are asked for (RFC 4588); 0: they are not.
	RepairSSRC        uint32
	RepairPayloadType uint8
}

// Stream is one RTP stream that is sent: the microphone, the second picture, or a layer of
// the camera. It belongs to the wire's sending goroutine, except where said.
type Stream struct {
	cfg     StreamConfig
	w       *Wire
	named   header // with MID and RID
	bare    header
	chosen  *header  // for the packet in the making
	repairs *repairs // nil: lost packets are not sent again
	buf     []byte

	sequence        uint16
	timestamp       uint32 // of tick 0
	packets, octets uint32
	last            uint32       // ticks of the last packet
	stamped         forward.Time // when it was queued

	known    atomic.Bool // the far end has reported on it
	keyframe atomic.Bool // the far end has asked for one
	idle     atomic.Bool // the far end has no use for it
}

// header is an RTP header ready but for what changes with each packet.
type header struct {
	bytes     []byte
	transport int // where the transport-wide number stands; 0: nowhere
	level     int // where the audio level stands; 0: nowhere
}

// AddStream makes a stream. All are made before Connect.
func (w *Wire) AddStream(cfg StreamConfig) (*Stream, error) {
	if cfg.SSRC == 0 || cfg.ClockRate == 0 || cfg.PayloadType > 127 {
		return nil, fmt.Errorf("client: a stream needs an SSRC, a clock rate and a payload type, not %+v", cfg)
	}
	s := &Stream{cfg: cfg, w: w, sequence: uint16(rand.Uint32()), timestamp: rand.Uint32()}
	s.named, s.bare = cfg.header(true), cfg.header(false)
	if cfg.RepairSSRC != 0 && cfg.RepairPayloadType != 0 {
		s.repairs = newRepairs(cfg)
	}
	w.streams = append(w.streams, s)
	return s, nil
}

func (cfg *StreamConfig) header(names bool) header {
	h := header{bytes: make([]byte, 16, 80)}
	h.bytes[0], h.bytes[1] = 0x90, cfg.PayloadType // version 2, with extensions (RFC 3550 §5.1)
	binary.BigEndian.PutUint32(h.bytes[8:], cfg.SSRC)
	binary.BigEndian.PutUint16(h.bytes[12:], 0xBEDE) // RFC 8285 §4.2: one-byte headers
	add := func(id uint8, value ...byte) (at int) {
		if id == 0 || id > 14 || len(value) == 0 || len(value) > 16 {
			return 0
		}
		h.bytes = append(h.bytes, id<<4|uint8(len(value)-1))
		at = len(h.bytes)
		h.bytes = append(h.bytes, value...)
		return at
	}
	h.transport = add(cfg.Extensions.Transport, 0, 0)
	h.level = add(cfg.Extensions.AudioLevel, 127)
	if names {
		add(cfg.Extensions.MID, []byte(cfg.MID)...)
		add(cfg.Extensions.RID, []byte(cfg.RID)...)
	}
	for len(h.bytes)%4 != 0 {
		h.bytes = append(h.bytes, 0)
	}
	if len(h.bytes) == 16 { // nothing negotiated
		h.bytes = h.bytes[:12]
		h.bytes[0] = 0x80
		return h
	}
	binary.BigEndian.PutUint16(h.bytes[14:], uint16(len(h.bytes)-16)/4)
	return h
}

// SSRC names the stream.
func (s *Stream) SSRC() uint32 { return s.cfg.SSRC }

// Next is where the next packet's payload is to be written, at most 1,200 bytes. It is valid
// until Queue.
func (s *Stream) Next() []byte {
	s.chosen = &s.named
	if s.known.Load() {
		s.chosen = &s.bare
	}
	s.buf = s.w.writer.Next()
	n := len(s.chosen.bytes)
	return s.buf[n : n+maxPayload]
}

// Queue encrypts and queues a packet with the first n bytes of the last Next as its payload.
// ticks is its time in the stream's clock from any start; level its loudness (RFC 6464:
// 0 the loudest, 127 silence), of use for sound only. Nothing is sent before Wire.Flush.
func (s *Stream) Queue(n int, ticks uint32, marker bool, level uint8) error {
	w := s.w
	to := w.remote.Load()
	if to == nil || w.out == nil || s.chosen == nil {
		return fmt.Errorf("client: packet for stream %d before Connect or Next", s.cfg.SSRC)
	}
	b, h := s.buf, s.chosen
	copy(b, h.bytes)
	if marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], s.sequence)
	binary.BigEndian.PutUint32(b[4:], s.timestamp+ticks)
	if h.transport != 0 {
		binary.BigEndian.PutUint16(b[h.transport:], w.transport)
		w.transport++
	}
	if h.level != 0 {
		b[h.level] = level & 0x7f
		if level < 60 {
			b[h.level] |= 0x80 // RFC 6464 §3: holds speech, in our opinion
		}
	}
	if s.repairs != nil {
		s.repairs.remember(s.sequence, s.timestamp+ticks, marker, b[len(h.bytes):len(h.bytes)+n])
	}
	sealed, err := w.out.EncryptRTP(b, b[:len(h.bytes)+n], &w.outHeader)
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	w.writer.Queue(len(sealed), *to)
	s.sequence++
	s.packets++
	s.octets += uint32(n)
	s.last, s.stamped = ticks, w.cfg.Now()
	s.chosen = nil
	return nil
}

// TakeKeyframeRequest says whether a keyframe was asked for since the last call. Safe from
// any goroutine.
func (s *Stream) TakeKeyframeRequest() bool { return s.keyframe.Swap(false) }

// Wanted says whether the far end has any use for the stream; it has until it says otherwise.
// Safe from any goroutine.
func (s *Stream) Wanted() bool { return !s.idle.Load() }

// Flush sends what the wire's streams have queued, and every second their sender reports.
func (w *Wire) Flush() error {
	sent, err := w.flushQueue()
	now := w.cfg.Now()
	if sent > 0 && now-w.reported > reportInterval {
		w.reported = now
		w.sendRTCP(w.senderReports(now))
	}
	return err
}

func (w *Wire) flushQueue() (sent int, err error) {
	pending := w.writer.Pending()
	sent, err = w.writer.Flush()
	w.counts.sent.Add(uint64(sent))
	if sent < pending {
		w.counts.unsent.Add(uint64(pending - sent))
	}
	return sent, err
}

// senderReports tell when, on the wall clock, each stream's timestamps were (RFC 3550 §6.4.1).
func (w *Wire) senderReports(now forward.Time) []rtcp.Packet {
	wall := forward.ToNTP(time.Now().UnixNano())
	var pkts []rtcp.Packet
	for _, s := range w.streams {
		if s.packets == 0 {
			continue
		}
		since := uint64(now - s.stamped)
		pkts = append(pkts, &rtcp.SenderReport{
			SSRC:        s.cfg.SSRC,
			NTPTime:     uint64(wall),
			RTPTime:     s.timestamp + s.last + uint32(since*uint64(s.cfg.ClockRate)/1e9),
			PacketCount: s.packets,
			OctetCount:  s.octets,
		})
	}
	if len(pkts) > 0 {
		// RFC 3550 §6.1: a compound packet has a CNAME.
		pkts = append(pkts, rtcp.NewCNAMESourceDescription(w.streams[0].cfg.SSRC, "samkonsult-client"))
	}
	return pkts
}
