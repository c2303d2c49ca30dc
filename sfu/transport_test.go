package sfu

import (
	"io"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samkonsult/samkonsult/sfu/forward"
)

// listener is a sink that notes the states it is told.
type listener struct{ told []transportState }

func (l *listener) rtp([]byte, *outbox)  {}
func (l *listener) rtcp([]byte, *outbox) {}
func (l *listener) settle()              {}
func (l *listener) transportState(s transportState) {
	runtime.Gosched() // whoever could come in between does
	l.told = append(l.told, s)
}

func TestNothingIsToldOfATransportAfterItFailed(t *testing.T) {
	srv, _ := still(t)
	for range 300 {
		l := &listener{}
		tr := newTransport(srv, nil, l)
		var wg sync.WaitGroup
		for _, s := range []transportState{transportConnected, transportDisconnected, transportFailed, transportConnected} {
			wg.Go(func() { tr.setState(s) })
		}
		wg.Wait()
		if last := l.told[len(l.told)-1]; last != transportFailed {
			t.Fatalf("told last: %d of %v", last, l.told)
		}
	}
}

func TestThePathFollowsMediaOnlyWhenTheOldOneIsQuiet(t *testing.T) {
	srv, _ := still(t)
	tr := newTransport(srv, nil, &listener{})
	a, b := netip.MustParseAddrPort("192.0.2.1:1"), netip.MustParseAddrPort("192.0.2.1:2")
	tr.follow(b, nil, 1)
	if tr.path.Load() != nil {
		t.Error("media alone made a path")
	}
	tr.nominate(a, nil, 1)
	tr.follow(b, nil, pathQuiet)
	if !tr.path.Load().is(a, nil) {
		t.Error("a packet that was overtaken moved the path")
	}
	tr.follow(a, nil, pathQuiet)
	tr.follow(b, nil, 2*pathQuiet)
	if !tr.path.Load().is(a, nil) {
		t.Error("the path moved away from where packets come")
	}
	tr.follow(b, nil, 2*pathQuiet+1)
	if !tr.path.Load().is(b, nil) {
		t.Error("the path stays where nothing comes from any more")
	}
	tr.nominate(a, nil, 2*pathQuiet+2)
	if !tr.path.Load().is(a, nil) {
		t.Error("a nomination waits")
	}
	tcp := newTCPConn(nilConn{})
	tr.nominate(a, tcp, 2*pathQuiet+3)
	if !tr.path.Load().is(a, tcp) {
		t.Error("the same address over TCP is taken for the one over UDP")
	}
	tr.follow(b, nil, 3*pathQuiet+4)
	if !tr.path.Load().is(b, nil) {
		t.Error("media over UDP does not move the path away from a connection that is silent")
	}
}

// frames reads n frames, each by its first byte.
func frames(t *testing.T, c io.Reader, n int) (firsts []byte) {
	t.Helper()
	for range n {
		var head [2]byte
		if _, err := io.ReadFull(c, head[:]); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, int(head[0])<<8|int(head[1]))
		if _, err := io.ReadFull(c, b); err != nil {
			t.Fatal(err)
		}
		firsts = append(firsts, b[0])
	}
	return firsts
}

func TestBehindASlowTCPReaderOldPicturesGoAndSoundStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{start: time.Now()}
		ours, page := net.Pipe()
		tc := newTCPConn(ours)
		done := make(chan struct{})
		go func() { tc.write(s); close(done) }() // ends with tc
		packet := func(mark byte) []byte { return append([]byte{mark}, make([]byte, 1100)...) }
		tc.queue(packet('f'), picture, s.now())
		synctest.Wait() // it is being written, to a page that does not read
		const sounds = 200
		for i := range 2000 {
			tc.queue(packet('o'), picture, s.now())
			if i < sounds {
				tc.queue(packet('s'), urgent, s.now())
			}
		}
		if n := len(tc.waiting[picture]); n != tcpQueueLen {
			t.Errorf("%d pictures wait", n)
		}
		time.Sleep(time.Duration(pictureAge) + time.Millisecond)
		for range 3 {
			tc.queue(packet('n'), picture, s.now())
		}
		got := map[byte]int{}
		order := frames(t, page, 1+sounds+3)
		for _, b := range order {
			got[b]++
		}
		if got['f'] != 1 || got['s'] != sounds || got['o'] != 0 || got['n'] != 3 {
			t.Errorf("came: %d first, %d sounds, %d old pictures, %d new ones", got['f'], got['s'], got['o'], got['n'])
		}
		if order[len(order)-1] != 'n' || order[1] != 's' {
			t.Error("sound does not go first")
		}
		if !tc.takeDropped() || tc.takeDropped() {
			t.Error("pictures that were dropped are to be told once")
		}
		tc.close()
		<-done
	})
}

func TestAFullTCPQueueLosesItsOldestAndKeepsTheConnection(t *testing.T) {
	tc := newTCPConn(nilConn{})
	for i := range 3 * tcpQueueLen {
		tc.queue([]byte{byte(i >> 8), byte(i)}, urgent, 1)
	}
	if len(tc.waiting[urgent]) != tcpQueueLen || tc.isClosed() {
		t.Fatalf("%d wait, closed %v", len(tc.waiting[urgent]), tc.isClosed())
	}
	if first := tc.waiting[urgent][0].data; int(first[2])<<8|int(first[3]) != 2*tcpQueueLen {
		t.Error("what is oldest is not what goes")
	}
	if tc.takeDropped() {
		t.Error("sound that is lost asks for a picture")
	}
}

// nilConn is a connection that nothing is read from or written to.
type nilConn struct{ net.Conn }

func (nilConn) RemoteAddr() net.Addr { return &net.TCPAddr{} }

func TestPayloadTypeZeroIsPCMUAndNoRepair(t *testing.T) {
	prefer, _ := codecs(nil)
	o, err := parseOffer(offers(t)[0], prefer)
	if err != nil {
		t.Fatal(err)
	}
	if c, repair := o.lines[0].codecOf(0); c == nil || repair || c.kind != forward.PCMU {
		t.Errorf("payload type 0 is %v, repair %v", c, repair)
	}
}
