package oneport

import (
	"encoding/binary"
	"testing"
)

// stun is a binding request's header with the cookie.
func stun() []byte {
	b := make([]byte, 20)
	binary.BigEndian.PutUint16(b, 0x0001)
	binary.BigEndian.PutUint32(b[4:], magicCookie)
	return b
}

// framed puts a message into an RFC 4571 frame.
func framed(msg []byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(msg))), msg...)
}

func TestFirstBytesTellTheKind(t *testing.T) {
	allocate := stun()
	allocate[1] = 0x03
	for _, tt := range []struct {
		name  string
		bytes []byte
		want  Kind
	}{
		{"nothing yet", nil, Undecided},
		{"a TLS handshake", []byte{0x16, 0x03, 0x01}, TLS},
		{"GET", []byte("GET / HTTP/1.1\r\n"), HTTP},
		{"one letter", []byte("P"), HTTP},
		{"a framed binding request", framed(stun()), ICE},
		{"a frame longer than 255 bytes", framed(append(stun(), make([]byte, 300)...)), ICE},
		{"half of a framed request", framed(stun())[:9], Undecided},
		{"a binding request as TURN sends it", stun(), TURN},
		{"a TURN allocation", allocate, TURN},
		{"half of a TURN allocation", allocate[:9], Undecided},
		{"a frame too short for STUN", append([]byte{0, 8}, stun()[:8]...), Foreign},
		{"a frame with media in it", framed(append([]byte{0x80, 0x60}, make([]byte, 30)...)), Foreign},
		{"SSH", []byte("ssh"), Foreign},
		{"SMB", []byte{0xFF, 'S', 'M', 'B'}, Foreign},
		{"zeros", make([]byte, 10), Foreign},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Sniff(tt.bytes); got != tt.want {
				t.Errorf("Sniff(% x) = %d, want %d", tt.bytes, got, tt.want)
			}
		})
	}
}

// FuzzSniff: ten bytes always decide, and a decision stands when more bytes come.
func FuzzSniff(f *testing.F) {
	for _, seed := range [][]byte{nil, {0x16}, []byte("GET / HTTP/1.1"), stun(), framed(stun()), {0xFF}, make([]byte, 12)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		decided := Undecided
		for n := 0; n <= len(b); n++ {
			got := Sniff(b[:n])
			if decided != Undecided && got != decided {
				t.Fatalf("% x: kind %d after %d bytes, and %d before", b, got, n, decided)
			}
			decided = got
		}
		if len(b) >= sniffLength && decided == Undecided {
			t.Fatalf("% x: not decided", b)
		}
	})
}
