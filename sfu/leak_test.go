package sfu_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/sfu/sfutest"
)

// The leak test's joins and leaves, so many at a time.
const joinsAndLeaves, atATime = 1000, 10

// TestAThousandJoinsAndLeavesLeaveNothingBehind comes by every way there is to leave: closed by
// the server, by the page, before connecting, replaced by a reload, and with the whole room.
func TestAThousandJoinsAndLeavesLeaveNothingBehind(t *testing.T) {
	srv := startServer(t, sfu.Config{Readers: 1})
	round := func(n int) {
		// A test of its own, since a test holds on to the pages that it is to close at its end.
		t.Run("", func(t *testing.T) {
			room := srv.NewRoom(fmt.Sprint(n))
			var wg sync.WaitGroup
			for i := range atATime {
				wg.Go(func() { visit(t, room, i) })
			}
			wg.Wait()
			room.Close()
		})
	}
	for n := range 5 { // what is made once and kept is made here
		round(n)
	}
	before := resources(t)
	for n := range joinsAndLeaves / atATime {
		round(n)
	}
	settled(t, before)
	if st := srv.Stats(); st.Rooms != 0 || st.Participants != 0 {
		t.Errorf("%d rooms and %d participants are left", st.Rooms, st.Participants)
	}
}

func visit(t *testing.T, room *sfu.Room, way int) {
	page := sfutest.NewPage(t, sfutest.PageConfig{Others: 1})
	defer page.Close()
	cfg := sfu.JoinConfig{ID: sfu.ParticipantID(fmt.Sprint(way)), Offer: page.Offer(), Admitted: way%2 == 0}
	p, answer, err := room.Join(t.Context(), cfg)
	if err != nil {
		t.Error(err)
		return
	}
	if way%4 == 3 {
		p.Close() // before connecting
		return
	}
	page.Answer(answer)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	page.Connected(ctx)
	cam := &sfutest.Camera{Width: 320, Height: 180}
	for _, pkt := range cam.Frame(true) {
		page.Film(0, pkt)
	}
	switch way % 4 {
	case 0:
		p.Close()
	case 1:
		page.Close()
	case 2: // the room's end takes it along
	}
}

// usage is what a leak would make grow.
type usage struct {
	goroutines, files int
	heap              uint64
}

func resources(t *testing.T) usage {
	t.Helper()
	runtime.GC()
	runtime.GC() // pools are emptied by the second one
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return usage{runtime.NumGoroutine(), len(files), m.HeapAlloc}
}

// settled waits until the usage is back where it was: engines on the page's side end in
// their own time.
func settled(t *testing.T, before usage) {
	t.Helper()
	var now usage
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		now = resources(t)
		if now.goroutines <= before.goroutines+2 && now.files <= before.files && now.heap < before.heap+8<<20 {
			t.Logf("goroutines %d → %d, files %d → %d, heap %d → %d KiB", before.goroutines, now.goroutines,
				before.files, now.files, before.heap>>10, now.heap>>10)
			return
		}
		runtime.Gosched()
	}
	buf := make([]byte, 1<<20)
	t.Errorf("goroutines %d → %d, files %d → %d, heap %d → %d KiB\n%s", before.goroutines, now.goroutines,
		before.files, now.files, before.heap>>10, now.heap>>10, buf[:runtime.Stack(buf, true)])
}
