package batch_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"testing"

	"github.com/samkonsult/samkonsult/sfu/batch"
)

var loopback4 = netip.MustParseAddrPort("127.0.0.1:0")

func listen(t testing.TB, addr string, cfg batch.Config) *batch.Socket {
	t.Helper()
	s, err := batch.Listen(netip.MustParseAddrPort(addr), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// numbered is a datagram of n ≥ 4 bytes that says which it is, all the way through.
func numbered(b []byte, i uint32, n int) {
	binary.BigEndian.PutUint32(b, i)
	for k := 4; k < n; k++ {
		b[k] = byte(int(i) + k)
	}
}

func queue(w *batch.Writer, i uint32, n int, to netip.AddrPort) {
	numbered(w.Next(), i, n)
	w.Queue(n, to)
}

// collect reads until count datagrams have come and returns copies.
func collect(t testing.TB, r *batch.Reader, count int) []batch.Datagram {
	t.Helper()
	var got []batch.Datagram
	for len(got) < count {
		batched, err := r.Read()
		if err != nil {
			t.Fatalf("after %d of %d datagrams: %v", len(got), count, err)
		}
		for _, d := range batched {
			got = append(got, batch.Datagram{From: d.From, Data: bytes.Clone(d.Data)})
		}
	}
	return got
}

func mustFlush(t testing.TB, w *batch.Writer, want int) {
	t.Helper()
	if sent, err := w.Flush(); sent != want || err != nil {
		t.Fatalf("flush sent %d, %v; want %d", sent, err, want)
	}
}

func TestEachReceiverGetsItsDatagramsInOrder(t *testing.T) {
	for _, tc := range []struct {
		name       string
		addr       string
		cfg        batch.Config
		overMapped bool
	}{
		{name: "IPv4", addr: "127.0.0.1:0"},
		{name: "IPv4 unsegmented", addr: "127.0.0.1:0", cfg: batch.Config{Unsegmented: true}},
		{name: "IPv4 with coalesced reads", addr: "127.0.0.1:0", cfg: batch.Config{GRO: true, Batch: 8}},
		{name: "IPv6", addr: "[::1]:0"},
		{name: "IPv6 with coalesced reads", addr: "[::1]:0", cfg: batch.Config{GRO: true}},
		{name: "IPv4 on a socket of both families", addr: "[::]:0", overMapped: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			from := listen(t, tc.addr, batch.Config{Unsegmented: tc.cfg.Unsegmented})
			const receivers, each = 5, 200
			sockets := make([]*batch.Socket, receivers)
			addrs := make([]netip.AddrPort, receivers)
			for i := range sockets {
				sockets[i] = listen(t, tc.addr, tc.cfg)
				addrs[i] = sockets[i].LocalAddr()
				if tc.overMapped {
					addrs[i] = netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), addrs[i].Port())
				}
			}
			wantFrom := from.LocalAddr()
			if tc.overMapped {
				wantFrom = netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), wantFrom.Port())
			}

			// Runs of equal size as video frames make them, shorter ends, single small ones,
			// receivers mixed: what the queue sees when several rooms speak at once.
			rnd := rand.New(rand.NewPCG(1, 2))
			var sizes [receivers][]int
			w := from.NewWriter()
			total := 0
			for done := 0; done < receivers; {
				i := rnd.IntN(receivers)
				if len(sizes[i]) >= each {
					continue
				}
				size := 4 + rnd.IntN(1400)
				for range 1 + rnd.IntN(6) {
					sizes[i] = append(sizes[i], size)
					queue(w, uint32(len(sizes[i])), size, addrs[i])
					total++
				}
				if rnd.IntN(2) == 0 {
					short := 4 + rnd.IntN(size)
					sizes[i] = append(sizes[i], short)
					queue(w, uint32(len(sizes[i])), short, addrs[i])
					total++
				}
				if len(sizes[i]) >= each {
					done++
				}
			}
			mustFlush(t, w, total)
			if n := w.Pending(); n != 0 {
				t.Errorf("%d pending after a flush", n)
			}
			for i, s := range sockets {
				for k, d := range collect(t, s.NewReader(), len(sizes[i])) {
					want := make([]byte, sizes[i][k])
					numbered(want, uint32(k+1), len(want))
					if !bytes.Equal(d.Data, want) {
						t.Fatalf("receiver %d: datagram %d has %d bytes and number %d, want %d bytes and %d",
							i, k, len(d.Data), binary.BigEndian.Uint32(d.Data), len(want), k+1)
					}
					if d.From != wantFrom {
						t.Fatalf("from %v, want %v", d.From, wantFrom)
					}
				}
			}
			if st := from.Stats(); st.Dropped != 0 || st.Refused != 0 {
				t.Errorf("stats %+v", st)
			}
		})
	}
}

func TestOneReceiversTroubleLeavesTheOthersDatagramsAlone(t *testing.T) {
	from := listen(t, "127.0.0.1:0", batch.Config{})
	a, b := listen(t, "127.0.0.1:0", batch.Config{}), listen(t, "127.0.0.1:0", batch.Config{})
	w := from.NewWriter()
	queue(w, 1, 100, a.LocalAddr())
	queue(w, 2, 100, netip.MustParseAddrPort("[::1]:9"))     // not of this socket's family
	queue(w, 3, 100, netip.MustParseAddrPort("127.0.0.1:0")) // EINVAL, first as a run, then each alone
	queue(w, 4, 100, netip.AddrPort{})
	queue(w, 5, 100, b.LocalAddr())
	queue(w, 6, 100, netip.MustParseAddrPort("127.0.0.1:0"))
	sent, err := w.Flush()
	if sent != 2 || err == nil {
		t.Errorf("flush sent %d, %v; want 2 and the error", sent, err)
	}
	collect(t, a.NewReader(), 1)
	collect(t, b.NewReader(), 1)
	if st := from.Stats(); st.Dropped != 4 {
		t.Errorf("%d counted as dropped, want 4", st.Dropped)
	}
	if sent, err := w.Flush(); sent != 0 || err != nil {
		t.Errorf("an empty flush told of %d, %v", sent, err)
	}
}

func TestAFullQueueFlushesByItselfAndIsToldOfAtTheNextFlush(t *testing.T) {
	from, to := listen(t, "127.0.0.1:0", batch.Config{}), listen(t, "127.0.0.1:0", batch.Config{})
	w := from.NewWriter()
	for i := range 130 {
		queue(w, uint32(i), 50, to.LocalAddr())
	}
	if n := w.Pending(); n != 2 {
		t.Errorf("%d pending, want 2", n)
	}
	mustFlush(t, w, 130)
	collect(t, to.NewReader(), 130)
}

func TestNextGivesRoomBeyondTheMTUAndTheSameBytesUntilTheyAreQueued(t *testing.T) {
	s := listen(t, "127.0.0.1:0", batch.Config{MTU: 1200})
	w := s.NewWriter()
	b := w.Next()
	if len(b) != 1264 || cap(b) != 1264 {
		t.Errorf("len %d, cap %d", len(b), cap(b))
	}
	if &w.Next()[0] != &b[0] {
		t.Error("Next moved on without a Queue")
	}
	w.Queue(10, s.LocalAddr())
	if &w.Next()[0] == &b[0] {
		t.Error("Next gave bytes that are still queued")
	}
}

func TestARunLongerThanAnIPDatagramGoesOutAsSeveral(t *testing.T) {
	from := listen(t, "127.0.0.1:0", batch.Config{MTU: 40000})
	to := listen(t, "127.0.0.1:0", batch.Config{MTU: 40000})
	w := from.NewWriter()
	for i := range 3 {
		queue(w, uint32(i), 30000, to.LocalAddr())
	}
	mustFlush(t, w, 3)
	for i, d := range collect(t, to.NewReader(), 3) {
		if len(d.Data) != 30000 || binary.BigEndian.Uint32(d.Data) != uint32(i) {
			t.Errorf("datagram %d: %d bytes, number %d", i, len(d.Data), binary.BigEndian.Uint32(d.Data))
		}
	}
}

func TestEmptyDatagramsPass(t *testing.T) {
	from, to := listen(t, "127.0.0.1:0", batch.Config{}), listen(t, "127.0.0.1:0", batch.Config{})
	w := from.NewWriter()
	for range 3 {
		w.Queue(0, to.LocalAddr())
	}
	queue(w, 7, 10, to.LocalAddr())
	mustFlush(t, w, 4)
	var sizes []int
	for _, d := range collect(t, to.NewReader(), 4) {
		sizes = append(sizes, len(d.Data))
	}
	if fmt.Sprint(sizes) != "[0 0 0 10]" {
		t.Errorf("sizes %v", sizes)
	}
}

func TestDatagramsBeyondTheMTUAreThrownAwayAndCounted(t *testing.T) {
	for _, gro := range []bool{false, true} {
		from := listen(t, "127.0.0.1:0", batch.Config{})
		to := listen(t, "127.0.0.1:0", batch.Config{MTU: 1000, GRO: gro})
		for _, n := range []int{1000, 1001, 4} {
			if err := from.WriteTo(make([]byte, n), to.LocalAddr()); err != nil {
				t.Fatal(err)
			}
		}
		got := collect(t, to.NewReader(), 2)
		if len(got[0].Data) != 1000 || len(got[1].Data) != 4 {
			t.Errorf("got %d and %d bytes", len(got[0].Data), len(got[1].Data))
		}
		if st := to.Stats(); st.Truncated != 1 {
			t.Errorf("GRO %v: %d counted as truncated", gro, st.Truncated)
		}
	}
}

func TestCloseEndsReadersAndWriters(t *testing.T) {
	s := listen(t, "127.0.0.1:0", batch.Config{})
	done := make(chan error)
	go func() { // ends by Close
		_, err := s.NewReader().Read()
		done <- err
	}()
	w := s.NewWriter()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; !errors.Is(err, net.ErrClosed) {
		t.Errorf("the reader ended with %v", err)
	}
	queue(w, 1, 10, s.LocalAddr())
	if sent, err := w.Flush(); sent != 0 || !errors.Is(err, net.ErrClosed) {
		t.Errorf("flush after close: %d, %v", sent, err)
	}
	if err := s.WriteTo([]byte("x"), s.LocalAddr()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write after close: %v", err)
	}
}

func TestAReaderLivesThroughReceiversThatAreGone(t *testing.T) {
	s := listen(t, "127.0.0.1:0", batch.Config{})
	gone, err := batch.Listen(loopback4, batch.Config{})
	if err != nil {
		t.Fatal(err)
	}
	addr := gone.LocalAddr()
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	w := s.NewWriter()
	for i := range 10 { // each is answered by an ICMP port unreachable
		queue(w, uint32(i), 10, addr)
		if _, err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	queue(w, 11, 10, s.LocalAddr())
	mustFlush(t, w, 1)
	if got := collect(t, s.NewReader(), 1); binary.BigEndian.Uint32(got[0].Data) != 11 {
		t.Errorf("got %v", got[0].Data)
	}
}

func TestAWholeBatchIsReadByOneCall(t *testing.T) {
	from, to := listen(t, "127.0.0.1:0", batch.Config{}), listen(t, "127.0.0.1:0", batch.Config{Batch: 16})
	w := from.NewWriter()
	for i := range 20 {
		queue(w, uint32(i), 100, to.LocalAddr())
	}
	mustFlush(t, w, 20) // loopback: all of them are in the receiver's buffer now
	r := to.NewReader()
	for _, want := range []int{16, 4} {
		got, err := r.Read()
		if err != nil || len(got) != want {
			t.Fatalf("read %d, %v; want %d", len(got), err, want)
		}
	}
}

func TestSocketsShareAPortAndKeepEachSenderOnOneOfThem(t *testing.T) {
	a := listen(t, "127.0.0.1:0", batch.Config{ReusePort: true})
	b := listen(t, a.LocalAddr().String(), batch.Config{ReusePort: true})

	const senders, each = 16, 10
	var mu sync.Mutex
	on := map[netip.AddrPort]map[*batch.Socket]int{}
	seen := 0
	var wg sync.WaitGroup
	for _, s := range []*batch.Socket{a, b} {
		wg.Go(func() { // ends when the last datagram has come and closed both
			r := s.NewReader()
			for {
				got, err := r.Read()
				if err != nil {
					return
				}
				mu.Lock()
				for _, d := range got {
					if on[d.From] == nil {
						on[d.From] = map[*batch.Socket]int{}
					}
					on[d.From][s]++
					seen++
				}
				all := seen == senders*each
				mu.Unlock()
				if all {
					_ = a.Close()
					_ = b.Close()
				}
			}
		})
	}
	for range senders {
		w := listen(t, "127.0.0.1:0", batch.Config{}).NewWriter()
		for i := range each {
			queue(w, uint32(i), 20, a.LocalAddr())
		}
		mustFlush(t, w, each)
	}
	wg.Wait()
	for from, sockets := range on {
		if len(sockets) != 1 {
			t.Errorf("%v was read on %d sockets", from, len(sockets))
		}
	}
	if len(on) != senders {
		t.Errorf("%d senders seen, want %d", len(on), senders)
	}
}

func TestListenRefusesWhatCanNotBe(t *testing.T) {
	for _, cfg := range []batch.Config{{Batch: -1}, {MTU: -1}, {MTU: 70000}, {ReadBuffer: -1}, {WriteBuffer: -1}} {
		if s, err := batch.Listen(loopback4, cfg); err == nil {
			_ = s.Close()
			t.Errorf("%+v was accepted", cfg)
		}
	}
	taken := listen(t, "127.0.0.1:0", batch.Config{})
	if s, err := batch.Listen(taken.LocalAddr(), batch.Config{}); err == nil {
		_ = s.Close()
		t.Error("a port that is taken was accepted")
	}
}
