package loadtest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// startTimeout is how long a service may take until its links file is there.
const startTimeout = 30 * time.Second

// linksFile is what we read of the file that `samkonsult serve --demo --links FILE` writes.
type linksFile struct {
	Base          string         `json:"base"`
	Nurse         string         `json:"nurse"`
	Patient       string         `json:"patient"`
	Consultations []consultation `json:"consultations"`
}

// consultation is one to call in, with tickets of seats that are admitted beforehand: three
// for its three seats, and then again three for coming back.
type consultation struct {
	ID      string   `json:"id"`
	Tickets []string `json:"tickets"`
}

func readLinks(file string) (linksFile, error) {
	var l linksFile
	raw, err := os.ReadFile(file)
	if err != nil {
		return l, err
	}
	if err := json.Unmarshal(raw, &l); err != nil {
		return l, fmt.Errorf("%s: %w", file, err)
	}
	return l, nil
}

// service is the one that is measured.
type service struct {
	url   string
	pid   int    // 0: not known, its CPU and memory are not told
	admin string // base URL; empty: not known, its goroutines are not told
	links linksFile
	stop  func() error
}

// attach takes a service that runs.
func attach(cfg *Config) (*service, error) {
	l, err := readLinks(cfg.Links)
	if err != nil {
		return nil, fmt.Errorf("links: %w", err)
	}
	s := &service{url: cfg.URL, links: l, pid: cfg.PID, admin: cfg.Admin, stop: func() error { return nil }}
	if s.url == "" {
		s.url = l.Base
	}
	return s, s.check(cfg.Rooms)
}

func (s *service) check(rooms int) error {
	if len(s.links.Consultations) < rooms {
		return fmt.Errorf("links: %d consultations for %d rooms: start the service with --demo-consultations %d",
			len(s.links.Consultations), rooms, rooms)
	}
	for _, c := range s.links.Consultations[:rooms] {
		if len(c.Tickets) < seats {
			return fmt.Errorf("links: consultation %s has %d tickets, %d are needed", c.ID, len(c.Tickets), seats)
		}
	}
	return nil
}

// start starts a service of our own, on ports that are free.
func start(ctx context.Context, cfg *Config, rooms int) (_ *service, err error) {
	dir, err := os.MkdirTemp("", "samkonsult-loadtest-")
	if err != nil {
		return nil, err
	}
	admin, err := freePort()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	links := filepath.Join(dir, "links.json")
	// Its log would be part of what is measured; what it says of errors is kept.
	var stderr tail
	// The binary is the one that the caller names
	cmd := exec.Command(cfg.Serve, "serve", "--demo", "--demo-consultations", strconv.Itoa(rooms), "--links", links,
		"--addr", "127.0.0.1:0", "--udp", "127.0.0.1:0", "--admin", admin, "--data", filepath.Join(dir, "data"), "--log-level", "warn")
	cmd.Stdout, cmd.Stderr = io.Discard, &stderr
	if err := begin(cmd, cfg.Pin); err != nil {
		return nil, errors.Join(fmt.Errorf("start the service: %w", err), os.RemoveAll(dir))
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }() // ends when the service does; stop waits for it
	s := &service{pid: cmd.Process.Pid, admin: "http://" + admin}
	s.stop = func() error {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(15 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
		return os.RemoveAll(dir)
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			ended <- err
			return nil, errors.Join(fmt.Errorf("the service ended: %w: %s", err, stderr.String()), s.stop())
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("the service wrote no links: %w: %s", ctx.Err(), stderr.String()), s.stop())
		case <-tick.C:
		}
		if l, err := readLinks(links); err == nil && l.Base != "" && s.goroutines(ctx) > 0 {
			s.url, s.links = l.Base, l
			if err := s.check(rooms); err != nil {
				return nil, errors.Join(err, s.stop())
			}
			return s, nil
		}
	}
}

// begin starts a process, on core 0 if pinned.
func begin(cmd *exec.Cmd, pin bool) error {
	if !pin {
		return cmd.Start()
	}
	return startPinned(forwarderCore, cmd.Start)
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// goroutines asks the service how many it has; 0: it does not tell.
func (s *service) goroutines(ctx context.Context) float64 {
	if s.admin == "" {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(s.admin, "/")+"/metrics", nil)
	if err != nil {
		return 0
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	return metric(resp.Body, "go_goroutines")
}

// metric finds one value without labels in Prometheus' text format.
func metric(r io.Reader, name string) float64 {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			v, _ := strconv.ParseFloat(strings.TrimSpace(rest), 64)
			return v
		}
	}
	return 0
}

// tail keeps the last of what a process says. It is written by exec's goroutine.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if n := len(t.buf); n > 4096 {
		t.buf = append(t.buf[:0], t.buf[n-4096:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}

func cores() int { return runtime.NumCPU() }
