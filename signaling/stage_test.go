package signaling_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samkonsult/samkonsult/signaling"
	"github.com/samkonsult/samkonsult/signaling/cluster"
	"github.com/samkonsult/samkonsult/signaling/protocol"
)

// Most tests here run the whole service, from the websocket on, in a bubble of
// testing/synctest: connections are pipes, time stands still until everyone waits, and a
// goroutine that is left behind fails the test. Only the media is played by a stand-in.

// stage is a service and the people who may come to it.
type stage struct {
	t         *testing.T
	server    *signaling.Server
	journal   *journal
	directory *cluster.Memory
	media     *studio
	listener  *pipes
	url       string
	goDown    context.CancelFunc // what a signal to the process does
	down      chan struct{}      // closed when Run has returned
	log       *bytes.Buffer      // everything that was logged, down to the last detail

	mu      sync.Mutex
	tickets map[string]signaling.Seat
	issued  int
	refuse  error // what Redeem returns, if not nil
}

// play runs a test in a bubble, on a stage that is taken down after it.
func play(t *testing.T, test func(s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, signaling.Config{})
		defer s.takeDown() // also when the test has failed: or the bubble would be stuck
		test(s)
	})
}

func newStage(t *testing.T, cfg signaling.Config) *stage {
	t.Helper()
	s := &stage{
		t: t, journal: &journal{Journal: signaling.NewMemoryJournal()}, directory: cluster.NewMemory(),
		media: newStudio(), listener: newPipes(), url: "ws://call.example/api/v1/call",
		down: make(chan struct{}), tickets: make(map[string]signaling.Seat), log: new(bytes.Buffer),
	}
	cfg.Log = slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})) // locks
	cfg.Admission, cfg.Journal = s, s.journal
	if cfg.Directory == nil {
		cfg.Directory = s.directory
	}
	if cfg.Media == nil {
		cfg.Media = s.media
	}
	server, err := signaling.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.server = server
	ctx, goDown := context.WithCancel(context.Background())
	s.goDown = goDown
	go func() { // ends with goDown; takeDown waits for it
		defer close(s.down)
		if err := server.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	}()
	web := &http.Server{Handler: server}
	go web.Serve(s.listener) // ends when the listener closes
	t.Cleanup(func() { web.Close() })
	synctest.Wait()
	return s
}

func (s *stage) takeDown() {
	s.goDown()
	<-s.down
	s.listener.Close()
	if n := s.server.Counts(); n != (signaling.Counts{}) {
		s.t.Errorf("after the end: %+v", n)
	}
	s.media.check(s.t)
	s.checkLog()
}

// checkLog fails if the log holds more than ids: a name, a companion, what was written, a
// ticket, a token, an offer. Every test's log is looked through.
func (s *stage) checkLog() {
	s.t.Helper()
	for _, secret := range []string{
		"Tuva", "Mari", "Olav", "Ragna", "Inga", "Siv Lund", "Per Eik", "kone", "Overlege", "Dotter", "Fjord",
		"Hei", "Er alle klare", "ticket-", "offer of", "new offer", "c1.tuva.", "c1.olav.", "+47",
	} {
		if line, found := lineWith(s.log.String(), secret); found {
			s.t.Errorf("the log holds %q: %s", secret, line)
		}
	}
	if !strings.Contains(s.log.String(), "closing") {
		s.t.Error("nothing was logged")
	}
}

func lineWith(text, part string) (string, bool) {
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			return line, true
		}
	}
	return "", false
}

// Redeem is the stage's Admission.
func (s *stage) Redeem(_ context.Context, ticket string) (signaling.Seat, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse != nil {
		return signaling.Seat{}, s.refuse
	}
	seat, ok := s.tickets[ticket]
	if !ok {
		return signaling.Seat{}, fmt.Errorf("redeem: %w", signaling.ErrTicket)
	}
	delete(s.tickets, ticket)
	return seat, nil
}

func (s *stage) ticket(seat signaling.Seat) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.issued++
	ticket := fmt.Sprintf("ticket-%d", s.issued)
	s.tickets[ticket] = seat
	return ticket
}

// The cast of most tests: a nurse and a specialist who let themselves and others in, a
// patient and a relative who wait, all in consultation c1.
var (
	consultation = protocol.Consultation{ID: "c1", Organisation: "Fjord sjukehus", Phone: "+47 57 00 00 00"}
	clinician    = []protocol.Permission{
		protocol.MayAdmit, protocol.MayMute, protocol.MayRemove, protocol.MayLock,
		protocol.MayEnd, protocol.MaySecond, protocol.MayChat, protocol.MayConfirm,
		protocol.MaySee, protocol.MayMeasure, protocol.MayAsk, protocol.MayDraw,
	}
	tuva = signaling.Seat{
		Consultation: consultation, Participant: "tuva", Name: "Tuva Ask", Role: protocol.RoleSpecialist, Title: "Overlege",
		Organisation: "Fjord sjukehus", Identified: protocol.IdentifiedByPassword, AdmitsItself: true, May: clinician,
		Patient: "p-olav", Person: "p-tuva",
	}
	mari = signaling.Seat{
		Consultation: consultation, Participant: "mari", Name: "Mari Bjørk", Role: protocol.RoleNurse, Title: "Sjukepleiar",
		Organisation: "Fjordvik kommune", Identified: protocol.IdentifiedByPassword, AdmitsItself: true, May: clinician,
		Patient: "p-olav", Person: "p-mari",
	}
	olav = signaling.Seat{
		Consultation: consultation, Participant: "olav", Name: "Olav Eik", Role: protocol.RolePatient, Title: "Pasient",
		Identified: protocol.IdentifiedByLink, Beside: []protocol.Companion{{Name: "Inga Eik", Role: "kone"}},
		May: []protocol.Permission{protocol.MayChat}, Patient: "p-olav", Person: "p-olav",
	}
	ragna = signaling.Seat{
		Consultation: consultation, Participant: "ragna", Name: "Ragna Eik", Role: protocol.RoleRelative, Title: "Dotter",
		Identified: protocol.IdentifiedByLink, May: []protocol.Permission{protocol.MayChat}, Patient: "p-olav", Person: "p-ragna",
	}
)

var on = protocol.MediaState{Microphone: true, Camera: true}

// person finds someone in a list.
func person(t *testing.T, people []protocol.Participant, id string) protocol.Participant {
	t.Helper()
	for _, p := range people {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("%s is not among %+v", id, people)
	return protocol.Participant{}
}

func ids(people []protocol.Participant) []string {
	out := []string{}
	for _, p := range people {
		out = append(out, p.ID)
	}
	return out
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// journal is a memory journal that can fail and can be slow.
type journal struct {
	signaling.Journal

	mu       sync.Mutex
	fail     error // of Record
	failOpen error // of Open and Epoch
	slow     time.Duration
}

func (j *journal) setOpen(fail error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.failOpen = fail
}

func (j *journal) openFails() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.failOpen
}

func (j *journal) Open(ctx context.Context, consultation string) (signaling.State, error) {
	if err := j.openFails(); err != nil {
		return signaling.State{}, err
	}
	return j.Journal.Open(ctx, consultation)
}

func (j *journal) Epoch(ctx context.Context, consultation string) (int64, error) {
	if err := j.openFails(); err != nil {
		return 0, err
	}
	return j.Journal.Epoch(ctx, consultation)
}

func (j *journal) set(fail error, slow time.Duration) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fail, j.slow = fail, slow
}

func (j *journal) Record(ctx context.Context, consultation string, e signaling.Entry) error {
	j.mu.Lock()
	fail, slow := j.fail, j.slow
	j.mu.Unlock()
	select {
	case <-time.After(slow):
	case <-ctx.Done():
		return ctx.Err()
	}
	if fail != nil {
		return fail
	}
	return j.Journal.Record(ctx, consultation, e)
}

type seat = signaling.Seat

type directory struct{ signaling.Directory }

func contextWithStop(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

// waitUntilServed returns when Run has begun: before that every request is answered by 503.
func waitUntilServed(t *testing.T, url string) {
	t.Helper()
	for {
		res, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusServiceUnavailable {
			return
		}
	}
}
