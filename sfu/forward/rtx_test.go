package forward

import (
	"bytes"
	"testing"
)

func TestUnwrapRTXBringsBackTheLostPacket(t *testing.T) {
	lost := wire{
		seq: 4711, ts: 90000, ssrc: 1, pt: 96, marker: true,
		profile: oneByteProfile, ext: []byte{0x10, 7, 0, 0}, payload: []byte("picture"),
	}
	carrier := lost
	carrier.seq, carrier.ssrc, carrier.pt = 9, 2, 97
	carrier.payload = append([]byte{4711 >> 8, 4711 & 0xff}, lost.payload...)
	for _, padding := range []int{0, 5} {
		carrier.padding = padding
		got, err := UnwrapRTX(carrier.parse(t), 1, 96)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, lost.bytes()) {
			t.Errorf("padding %d: unwrapped\n%x, lost\n%x", padding, got, lost.bytes())
		}
	}
}

func TestUnwrapRTXRefusesProbes(t *testing.T) {
	for _, w := range []wire{{padding: 200}, {payload: []byte{1}}, {}} {
		if _, err := UnwrapRTX(w.parse(t), 1, 96); err != ErrPacket {
			t.Errorf("%d bytes of payload: %v", len(w.payload), err)
		}
	}
}

func FuzzUnwrapRTX(f *testing.F) {
	f.Add(wire{payload: []byte{1, 2, 3}, profile: oneByteProfile, ext: []byte{0x10, 7, 0, 0}, padding: 4}.bytes())
	f.Add(wire{payload: []byte{1, 2}, csrc: 15}.bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Packet
		if Parse(b, &p) != nil {
			return
		}
		before, header := bytes.Clone(p.Payload), p.HeaderLen
		marker, ts := p.Marker, p.Timestamp
		raw, err := UnwrapRTX(&p, 0xabcdef01, 200)
		if err != nil {
			return
		}
		var q Packet
		if err := Parse(raw, &q); err != nil {
			t.Fatalf("unwrapped packet: %v", err)
		}
		if q.HeaderLen != header || q.SSRC != 0xabcdef01 || q.PayloadType != 200&0x7f || q.Marker != marker ||
			q.Timestamp != ts || q.Sequence != uint16(before[0])<<8|uint16(before[1]) || !bytes.Equal(q.Payload, before[2:]) {
			t.Fatalf("unwrapped %+v", q)
		}
	})
}
