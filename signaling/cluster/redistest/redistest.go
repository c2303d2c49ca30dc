// Package redistest gives tests a Redis of their own, started from the system's binary,
// which they may stop, kill and start again, and a line to it that they may cut. It is a
// package because the cluster's tests and the whole service's need the same.
package redistest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Server is a Redis that keeps nothing on disk: one that starts again is empty.
type Server struct {
	t    testing.TB
	dir  string
	port int
	more []string

	pid int // 0: it doesn't run
	// stdin of its keeper: when it closes, because the test or its whole process has ended in
	// whatever way, the keeper kills the server.
	alive  io.Closer
	keeper *exec.Cmd
	read   chan struct{} // closed when what it says has been read to its end
}

// keeper runs a server for as long as its standard input is open, and ends when that has
// ended. A server that is stopped (SIGSTOP) is killed, too.
const keeper = `
exec 3<&0
redis-server "$@" &
pid=$!
echo "pid $pid"
(cat <&3 >/dev/null; kill -9 $pid) >/dev/null 2>&1 &
wait $pid
`

// Start starts a server on a free port of loopback, with more arguments if need be. It ends
// with the test. A missing redis-server is a failure: .ci/install brings it.
func Start(t testing.TB, more ...string) *Server {
	t.Helper()
	s := &Server{t: t, dir: t.TempDir(), more: more}
	t.Cleanup(s.Kill)
	var err error
	for range 20 {
		// Below the ports that the kernel gives away by itself: it must still be free when a
		// server that was killed starts again, with clients knocking meanwhile.
		s.port = 20_000 + rand.N(12_000)
		if err = s.start(); err == nil {
			return s
		}
	}
	t.Fatal(err)
	return nil
}

// URL is the server's address.
func (s *Server) URL() string { return "redis://" + s.addr() }

func (s *Server) addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// Restart starts a server that was killed, on the port that it had; it is empty.
func (s *Server) Restart() {
	s.t.Helper()
	if err := s.start(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *Server) start() error {
	args := append([]string{"-c", keeper, "sh", "--port", strconv.Itoa(s.port), "--bind", "127.0.0.1",
		"--save", "", "--appendonly", "no", "--dir", s.dir, "--daemonize", "no", "--logfile", ""}, s.more...)
	cmd := exec.Command("sh", args...)
	// A group of its own: an interrupt from the terminal must not reach it before the tests
	// are done with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	alive, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	said, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start Redis: %w", err)
	}
	lines := bufio.NewScanner(said)
	pid, ready := 0, false
	var all strings.Builder
	for !ready && lines.Scan() {
		line := lines.Text()
		if after, ok := strings.CutPrefix(line, "pid "); ok {
			pid, _ = strconv.Atoi(after)
		}
		ready = strings.Contains(line, "Ready to accept connections")
		fmt.Fprintln(&all, line)
	}
	if !ready {
		return fmt.Errorf("start Redis: %w: %s", errors.Join(lines.Err(), alive.Close(), cmd.Wait()), all.String())
	}
	s.pid, s.alive, s.keeper, s.read = pid, alive, cmd, make(chan struct{})
	go func() { // ends with the server; Kill waits for it
		defer close(s.read)
		for lines.Scan() {
		}
	}()
	return nil
}

// Kill kills the server with SIGKILL, and returns when it is gone.
func (s *Server) Kill() {
	if s.pid == 0 {
		return
	}
	s.pid = 0
	_ = s.alive.Close()
	<-s.read
	_ = s.keeper.Wait() // what a killed one returns tells nothing
}

// Stop has the server do nothing (SIGSTOP) until Continue: connections stay open, and no
// answer comes.
func (s *Server) Stop() { s.signal(syscall.SIGSTOP) }

// Continue has the server go on.
func (s *Server) Continue() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(which syscall.Signal) {
	s.t.Helper()
	if err := syscall.Kill(s.pid, which); err != nil {
		s.t.Fatalf("%v to Redis: %v", which, err)
	}
}
