package dbtest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// Server is a PostgreSQL of one test's own, which the test may kill.
type Server struct{ cluster *cluster }

// NewServer starts a server with an empty database. It ends with the test.
func NewServer(t testing.TB) *Server {
	t.Helper()
	c, err := startCluster()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(c.alive.Close(), c.keeper.Wait()); err != nil {
			t.Errorf("end PostgreSQL: %v", err)
		}
	})
	return &Server{c}
}

// URL is the address of the server's database.
func (s *Server) URL() string { return s.cluster.url("postgres") }

// Disconnect ends all others' connections, and returns when whatever they were committing is
// committed or is not.
func (s *Server) Disconnect() error {
	return s.cluster.exec(`SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
		WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`) // within so many ms
}

// Kill kills all of the server's processes with SIGKILL, the first of them first, and
// returns when they are gone.
func (s *Server) Kill() error {
	data := filepath.Join(s.cluster.dir, "data")
	text, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return fmt.Errorf("kill PostgreSQL: %w", err)
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	pid, err := strconv.Atoi(string(first))
	if err != nil {
		return fmt.Errorf("kill PostgreSQL: postmaster.pid: %w", err)
	}
	for pids := []int{pid}; len(pids) > 0; pids = processesIn(data) {
		for _, pid := range pids {
			if err := kill(pid); err != nil {
				return fmt.Errorf("kill PostgreSQL: process %d: %w", pid, err)
			}
		}
	}
	return nil
}

// Start starts a server that was killed, and returns when it has recovered and answers.
func (s *Server) Start() error {
	// What the killed one has left would be taken for a running server where nobody has
	// collected its exit, or where another process has its number by now.
	cmd := exec.Command("sh", "-c", starter+"rm -f data/postmaster.pid .s.PGSQL.*.lock; start", "sh", s.cluster.dir)
	cmd.SysProcAttr = s.cluster.as
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("start PostgreSQL again: %w: %s", err, out)
	}
	return nil
}

// processesIn lists the processes that work in a folder, as each of a server's does in its own.
func processesIn(dir string) (pids []int) {
	places, _ := filepath.Glob("/proc/[0-9]*/cwd") // the pattern is right, and that is all it checks
	for _, place := range places {
		// One that cannot be read is another's, or has ended.
		if at, err := os.Readlink(place); err == nil && at == dir {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(place)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// kill returns when the process is gone; one that was gone before is no error.
func kill(pid int) error {
	process, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	if err != nil {
		return err
	}
	defer unix.Close(process)
	if err := unix.PidfdSendSignal(process, unix.SIGKILL, nil, 0); err != nil && !errors.Is(err, unix.ESRCH) {
		return err
	}
	for {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(process), Events: unix.POLLIN}}, -1)
		if !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
