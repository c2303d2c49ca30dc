package loadtest

import (
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// sleeper sleeps shorter than a millisecond. The runtime's own timers are rounded up to
// whole milliseconds while nothing else runs, which would send everyone's packets in bursts.
type sleeper struct {
	f           *os.File
	raw         syscall.RawConn
	spec        unix.ItimerSpec
	set         func(fd uintptr) // made once
	err         error            // of set
	expirations [8]byte
}

func newSleeper() (*sleeper, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("timerfd: %w", err)
	}
	s := &sleeper{f: os.NewFile(uintptr(fd), "timerfd")}
	if s.raw, err = s.f.SyscallConn(); err != nil {
		s.close()
		return nil, fmt.Errorf("timerfd: %w", err)
	}
	s.set = func(fd uintptr) { s.err = unix.TimerfdSettime(int(fd), 0, &s.spec, nil) }
	return s, nil
}

func (s *sleeper) sleep(d time.Duration) error {
	s.spec.Value = unix.NsecToTimespec(max(d.Nanoseconds(), 1))
	err := s.raw.Control(s.set)
	if err == nil {
		err = s.err
	}
	if err == nil {
		_, err = s.f.Read(s.expirations[:]) // parks in the runtime's poller
	}
	if err != nil {
		return fmt.Errorf("timerfd: %w", err)
	}
	return nil
}

func (s *sleeper) close() { _ = s.f.Close() }
