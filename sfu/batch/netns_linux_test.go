package batch_test

import (
	"bytes"
	"errors"
	"net/netip"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/samkonsult/samkonsult/sfu/batch"
)

// ownNetwork moves the test into a network namespace of its own, whose loopback has the
// given MTU. It needs root. The thread is never unlocked, so that it ends with the test's
// goroutine and takes the namespace with it.
func ownNetwork(t *testing.T, mtu uint32) {
	t.Helper()
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Fatalf("network namespaces are needed for this test: %v", err)
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(fd) }()
	ifr, err := unix.NewIfreq("lo")
	if err != nil {
		t.Fatal(err)
	}
	ifr.SetUint32(mtu)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFMTU, ifr); err != nil {
		t.Fatal(err)
	}
	ifr.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, ifr); err != nil {
		t.Fatal(err)
	}
}

func TestDatagramsLongerThanTheWaysMTUGoOutUnsegmented(t *testing.T) {
	ownNetwork(t, 1000)
	from, to := listen(t, "127.0.0.1:0", batch.Config{}), listen(t, "127.0.0.1:0", batch.Config{})
	w := from.NewWriter()
	var want [][]byte
	for i, n := range []int{1200, 1200, 700, 900, 900} { // a run beyond the MTU, and one within it
		queue(w, uint32(i), n, to.LocalAddr())
		b := make([]byte, n)
		numbered(b, uint32(i), n)
		want = append(want, b)
	}
	mustFlush(t, w, len(want))
	for i, d := range collect(t, to.NewReader(), len(want)) {
		if !bytes.Equal(d.Data, want[i]) {
			t.Errorf("datagram %d differs: %d bytes, want %d", i, len(d.Data), len(want[i]))
		}
	}
	if st := from.Stats(); st.Refused != 1 || st.Dropped != 0 {
		t.Errorf("stats %+v, want one refused run and nothing lost", st)
	}
}

func TestWhatDoesNotFitTheKernelsBufferIsDroppedAndCounted(t *testing.T) {
	ownNetwork(t, 65536)
	// Datagrams to a neighbour that never answers ARP stay in the sender's buffer.
	for _, args := range []string{
		"link add here type veth peer name there",
		"addr add 203.0.113.1/24 dev here",
		"link set here up",
		"link set there up",
	} {
		if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
			t.Fatalf("ip %s: %v: %s", args, err, out)
		}
	}
	from := listen(t, "0.0.0.0:0", batch.Config{WriteBuffer: 1}) // the kernel's least, some KiB
	w := from.NewWriter()
	for i := range 100 {
		queue(w, uint32(i), 1000, netip.MustParseAddrPort("203.0.113.2:9"))
	}
	sent, err := w.Flush()
	if dropped := from.Stats().Dropped; dropped == 0 || sent+int(dropped) != 100 || !errors.Is(err, unix.EAGAIN) {
		t.Errorf("sent %d, dropped %d, %v; want both to be 100 and to be told why", sent, dropped, err)
	}
}
