package loadtest

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/loadtest/client"
	"github.com/samkonsult/samkonsult/sfu/forward"
)

func newEncoder(shape layerShape) *encoder {
	return &encoder{shape: shape, rnd: rand.New(rand.NewPCG(1, 2)), pictureID: 0x7ffe}
}

func TestPicturesAreVP8AsAForwarderReadsIt(t *testing.T) {
	for _, shape := range append([]layerShape{single}, layers...) {
		e := newEncoder(shape)
		id := uint16(0x7ffe)
		for n := range 10 {
			asked := n == 5
			f := e.next(asked)
			if want := n == 0 || asked; f.keyframe != want {
				t.Fatalf("picture %d: keyframe %v", n, f.keyframe)
			}
			for i := range f.packets {
				b := make([]byte, f.size)
				for k := range b {
					b[k] = byte(k) // what stood in the scratch before
				}
				f.put(b, i)
				var d forward.VP8Descriptor
				if err := forward.ParseVP8(b, &d); err != nil {
					t.Fatal(err)
				}
				if d.PictureID != id {
					t.Errorf("picture %d: id %d, want %d: they count through 15 bits", n, d.PictureID, id)
				}
				if start := forward.FrameStart(forward.VP8, b); start != (i == 0) {
					t.Errorf("picture %d, packet %d: start %v", n, i, start)
				}
				if key := forward.Keyframe(forward.VP8, b); key != (f.keyframe && i == 0) {
					t.Errorf("picture %d, packet %d: keyframe %v", n, i, key)
				}
				if f.keyframe && i == 0 {
					w, h := binary.LittleEndian.Uint16(b[10:]), binary.LittleEndian.Uint16(b[12:])
					if w != shape.width || h != shape.height {
						t.Errorf("keyframe says %d×%d, want %d×%d", w, h, shape.width, shape.height)
					}
				}
				if len(b) > maxVideoPayload {
					t.Errorf("payload of %d bytes", len(b))
				}
			}
			id = (id + 1) & 0x7fff
		}
	}
}

func TestACameraSendsAsMuchAsItSays(t *testing.T) {
	for _, tc := range []struct {
		shape           layerShape
		low, high       float64 // Mbit/s of payload at 30 pictures a second
		fewest, longest int     // packets of a picture that is no keyframe
	}{
		{single, 1.1, 1.3, 3, 5},
		{layers[0], 0.1, 0.2, 1, 1},
		{layers[1], 0.4, 0.6, 1, 3},
		{layers[2], 1.3, 1.7, 4, 6},
	} {
		e := newEncoder(tc.shape)
		e.next(true)
		var bytes int
		for range 3000 {
			f := e.next(false)
			bytes += f.packets * f.size
			if f.packets < tc.fewest || f.packets > tc.longest {
				t.Errorf("%d packets in a picture", f.packets)
			}
		}
		if rate := float64(bytes) * 8 / 100 / 1e6; rate < tc.low || rate > tc.high {
			t.Errorf("%d×%d: %.2f Mbit/s, want %.1f to %.1f", tc.shape.width, tc.shape.height, rate, tc.low, tc.high)
		}
	}
}

func TestAStampIsReadFromTheEndOfAPayload(t *testing.T) {
	want := stamp{member: 7, track: 3, counter: 1 << 31, sent: 123456789012345}
	b := make([]byte, 100)
	want.put(b)
	if got, ok := readStamp(append([]byte{1, 2, 3}, b...)); !ok || got != want {
		t.Errorf("got %+v, %v", got, ok)
	}
	for _, b := range [][]byte{nil, make([]byte, 23), make([]byte, 100)} {
		if _, ok := readStamp(b); ok {
			t.Errorf("a stamp was found in %d bytes without one", len(b))
		}
	}
}

func TestMembersBeatsAreSpreadOverTheInterval(t *testing.T) {
	p := newPacer(func() forward.Time { return 0 }, &window{})
	const members = 60
	p.commands = make(chan func(), members)
	for i := range members {
		m := newMember(uint32(i), i/seats, i%seats, nil, &client.Stream{}, []*client.Stream{{}})
		done := make(chan struct{})
		go func() { // ends when the command has run
			p.add(m)
			close(done)
		}()
		(<-p.commands)()
		<-done
	}
	var due []forward.Time
	for _, b := range p.beats {
		if b.video {
			due = append(due, b.due)
		}
	}
	slices.Sort(due)
	if len(due) != members {
		t.Fatalf("%d pictures due, want %d", len(due), members)
	}
	// Evenly would be 556 µs apart. Nobody may stand alone for long, or in a crowd.
	for i := 1; i < len(due); i++ {
		if gap := time.Duration(due[i] - due[i-1]); gap > 2*time.Millisecond {
			t.Errorf("nothing for %s", gap)
		}
		if i >= 6 && due[i]-due[i-6] < forward.Time(time.Millisecond) {
			t.Errorf("7 pictures within %s", time.Duration(due[i]-due[i-6]))
		}
	}
	m := p.beats[0].m
	done := make(chan struct{})
	go func() { // ends when the command has run
		p.remove(m)
		close(done)
	}()
	(<-p.commands)()
	<-done
	for _, b := range p.beats {
		if b.m == m {
			t.Error("a member that was removed still has a beat")
		}
	}
	if len(p.beats) != 2*(members-1) {
		t.Errorf("%d beats left", len(p.beats))
	}
}
