package client

import (
	"encoding/binary"
	"sync"
	"time"

	"github.com/pion/srtp/v3"

	"github.com/samkonsult/samkonsult/sfu/forward"
)

const (
	// repairDepth is how many packets of a stream can be sent again: a second of a camera.
	repairDepth = 128
	// repairGap is the least time between two repairs of one packet: requests are repeated
	// before the first repair can have come.
	repairGap = forward.Time(30 * time.Millisecond)
)

// repairs remembers a stream's last packets and sends them again in a stream beside it (RFC 4588).
// The sending goroutine remembers; the wire's Run repairs.
type repairs struct {
	header header // of the repair stream, with MID and repaired RID while the stream is not known

	mu      sync.Mutex
	packets [repairDepth]sentPacket // by sequence number
	arena   []byte                  // repairDepth payloads

	// Run's goroutine's.
	sequence uint16
	scratch  []byte
}

type sentPacket struct {
	sequence  uint16
	marker    bool
	n         int // bytes of payload; 0: nothing here
	timestamp uint32
	repaired  forward.Time
}

func newRepairs(cfg StreamConfig) *repairs {
	cfg.SSRC, cfg.PayloadType = cfg.RepairSSRC, cfg.RepairPayloadType
	cfg.Extensions.RID, cfg.Extensions.AudioLevel = cfg.Extensions.Repaired, 0
	return &repairs{
		header: cfg.header(true), arena: make([]byte, repairDepth*maxPayload),
		scratch: make([]byte, 0, 1500),
	}
}

// remember keeps a packet that is about to be sent.
func (r *repairs) remember(sequence uint16, timestamp uint32, marker bool, payload []byte) {
	i := int(sequence % repairDepth)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.packets[i] = sentPacket{sequence: sequence, marker: marker, timestamp: timestamp, n: len(payload)}
	copy(r.arena[i*maxPayload:], payload)
}

// again makes the repair of a packet, unsealed; nil if it is forgotten or was repaired just now.
func (r *repairs) again(sequence uint16, now forward.Time) []byte {
	i := int(sequence % repairDepth)
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &r.packets[i]
	if p.n == 0 || p.sequence != sequence || p.repaired != 0 && now-p.repaired < repairGap {
		return nil
	}
	p.repaired = now
	b := append(r.scratch[:0], r.header.bytes...)
	if p.marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], r.sequence)
	binary.BigEndian.PutUint32(b[4:], p.timestamp)
	r.sequence++
	b = binary.BigEndian.AppendUint16(b, sequence) // RFC 4588 §4: the original's number, then its payload
	return append(b, r.arena[i*maxPayload:i*maxPayload+p.n]...)
}

// repair answers a request for packets of a stream. It is in Run.
func (w *Wire) repair(out *srtp.Context, s *Stream, sequences []uint16, now forward.Time) {
	to := w.remote.Load()
	if s.repairs == nil || to == nil {
		return
	}
	for _, seq := range sequences {
		plain := s.repairs.again(seq, now)
		if plain == nil {
			continue
		}
		sealed, err := out.EncryptRTP(nil, plain, nil)
		if err == nil && w.cfg.Socket.WriteTo(sealed, *to) == nil {
			w.counts.resent.Add(1)
		}
	}
}
