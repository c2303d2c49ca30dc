package loadtest

import (
	"encoding/binary"

	"github.com/samkonsult/samkonsult/sfu/forward"
)

// stamp stands in the last bytes of every payload that we send. At the end, because a
// forwarder may lengthen or shorten what is in front (VP8's payload descriptor).
type stamp struct {
	member  uint32 // who sent it
	track   uint8  // which of their streams: 0 is sound, then the camera's layers
	counter uint32 // of the stream's packets, from 1
	sent    forward.Time
}

const (
	stampLen   = 24
	stampMagic = 0x73616d6b // nothing that an encoder would end with often
)

func (s stamp) put(b []byte) {
	b = b[len(b)-stampLen:]
	binary.BigEndian.PutUint32(b, stampMagic)
	binary.BigEndian.PutUint32(b[4:], s.member)
	binary.BigEndian.PutUint32(b[8:], uint32(s.track))
	binary.BigEndian.PutUint32(b[12:], s.counter)
	binary.BigEndian.PutUint64(b[16:], uint64(s.sent))
}

func readStamp(payload []byte) (s stamp, ok bool) {
	if len(payload) < stampLen {
		return s, false
	}
	b := payload[len(payload)-stampLen:]
	if binary.BigEndian.Uint32(b) != stampMagic || binary.BigEndian.Uint32(b[8:]) > 255 {
		return s, false
	}
	return stamp{
		member:  binary.BigEndian.Uint32(b[4:]),
		track:   uint8(binary.BigEndian.Uint32(b[8:])),
		counter: binary.BigEndian.Uint32(b[12:]),
		sent:    forward.Time(binary.BigEndian.Uint64(b[16:])),
	}, true
}
