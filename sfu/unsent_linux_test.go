package sfu

import (
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// covered is a connection inside another, as the one port for all hands it over.
type covered struct{ net.Conn }

func (c covered) NetConn() net.Conn { return c.Conn }

func TestTheKernelHoldsLittleOfWhatASlowPageHasNotTaken(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	d := net.Dialer{Control: func(_, _ string, raw syscall.RawConn) error { // before connecting, so that its window is small
		return raw.Control(func(fd uintptr) { unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, 4096) })
	}}
	page, err := d.Dial("tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	ours, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	limitUnsent(covered{ours})
	ours.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
	taken := 0
	for {
		n, err := ours.Write(make([]byte, 1200))
		if taken += n; err != nil {
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatal(err)
			}
			break
		}
	}
	if taken > 8*maxUnsent {
		t.Errorf("the kernel took %d bytes for a page that reads nothing", taken)
	}
	t.Logf("the kernel took %d bytes", taken)
}
